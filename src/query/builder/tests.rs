use super::*;
use crate::query::ast::{Column, Literal};

fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

#[test]
fn the_text_is_the_statement_a_person_would_type() {
    let column = Operand::column;
    for (query, text) in [
        (
            Query::share("not_held")
                .by(Dim::County)
                .within("140100")
                .years(year(2020), year(2024))
                .of_applicant(Applicant::Natural)
                .top(10),
            "share of not_held by county in @140100 2020..2024 for natural | top 10",
        ),
        (
            Query::measure("new").and(Query::change("new")).within("太原市/*").year(year(2024)),
            "new, change of new in 太原市/* 2024",
        ),
        (
            Query::share("outcome.*").by(Dim::Category).within("万柏林区").against("杏花岭区").year(year(2024)),
            "share of outcome.* by category in 万柏林区 vs 杏花岭区 2024",
        ),
        (
            Query::share("review.corrected")
                .over_reports(Statistic::Quartiles)
                .within("山西省/*")
                .when(Operand::measure("review.closed").at_least(5)),
            "quartiles of share of review.corrected in 山西省/* where review.closed >= 5",
        ),
        (
            Query::change("new")
                .by(Dim::City)
                .flag(column(Column::Ratio).above(5).or(column(Column::Ratio).below(Literal::decimal(2, 1)))),
            "change of new by city | flag ratio > 5 or ratio < 0.2",
        ),
        (
            Query::share("$kind").within("$city").years_of("years").keep(
                column(Column::Value)
                    .at_least(Literal::percent(30))
                    .and(column(Column::Denominator).at_least(Literal::parameter("least"))),
            ),
            "share of $kind in $city $years | keep value >= 30% and denominator >= $least",
        ),
        (
            Query::check(["identities", "T3-BAL"]).within("太原市/**").failed().export("failed.csv"),
            "check identities, T3-BAL in 太原市/** | failed | export \"failed.csv\"",
        ),
        (Query::missing().within("山西省").by(Dim::Level), "missing reports by level in 山西省"),
        (Query::why("not_held").within("140109/财政局"), "why not_held in @140109/财政局"),
        (Query::why("T3-BAL").within("140109"), "why T3-BAL in @140109"),
        (
            Query::revisions().at(Tier::County).as_of(Date { year: 2025, month: 3, day: 31 }),
            "revisions at county as_of 2025-03-31",
        ),
        (Query::show(Thing::Bodies), "show bodies"),
        (
            Query::share_out_of("refused.*", "refused").comparable().complete().blank_as_zero().contributions(),
            "share of refused.* out_of refused comparable complete blank_as_zero | contributions",
        ),
        (
            Query::measure("new").by(Dim::Year).by(Dim::Body).sort_descending(column(Column::Value)).pivot(Dim::Year),
            "new by year, body | sort -value | pivot year",
        ),
        (
            Query::measure("new").sort(Operand::share("not_held")).bottom(3).chart(),
            "new | sort share of not_held | bottom 3 | chart",
        ),
    ] {
        assert_eq!(query.build().unwrap().text(), text);
    }
}

#[test]
fn a_name_never_becomes_a_clause() {
    // A name that looks like words of the language is a name in quotes, not words.
    let built = Query::share("not_held | top 1").within("太原市 2024").build().unwrap();
    assert_eq!(built.text(), "share of \"not_held | top 1\" in \"太原市 2024\"");
    assert!(Query::share("both ' and \"").build().is_err());
}

#[test]
fn parameters_have_the_kind_of_their_place() {
    use super::super::ast::ParamKind::{Applicant, Category, Number, Place, Year};
    let built = Query::share("$what[$who]")
        .within("$city/*")
        .years_of("years")
        .when(Operand::measure("new").at_least(Literal::parameter("least")));
    let built = built.build().unwrap();
    let found: Vec<_> = built.parameters().iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(found, [("what", Category), ("who", Applicant), ("city", Place), ("years", Year), ("least", Number)]);
}
