//! Rows: which figures stand in one, which conditions choose it, and what stages make of it. By hand.

use gongkai::{
    query::{
        Context, execute,
        plan::{
            Comparison::{Greater, GreaterOrEqual},
            Condition, Dimension, Operand, Stage, Statistic, Term, TermKind,
        },
    },
    store::View,
};

use super::fixture::{Asked, ask, change, compare, lines, of, plain, report, share, shares, view};

const NEW: &str = "requests.new";
const HELD: &str = "outcome.unavailable.not_held";
const TOTAL: &str = "outcome.total";

/// Two counties of 太原市 with 2 and 10 requests, two of 大同市 with 1 and 3.
fn two_cities() -> View {
    let counties = [("140105", 2), ("140109", 10), ("140212", 1), ("140213", 3)];
    view(counties.map(|(county, new)| report(county, 2024).set(NEW, new)))
}

fn by_city(term: Term) -> Asked {
    ask(term, 2024..=2024).by(&[Dimension::City]).places(&["140105", "140109", "140212", "140213"])
}

fn code(asked: &Asked, view: &View) -> String {
    execute(&asked.0, view, &Context::default()).unwrap_err().diagnostics()[0].code.to_string()
}

#[test]
fn a_condition_on_a_statistic_or_a_column_chooses_rows() {
    let view = two_cities();
    let mean = || by_city(of(Statistic::Mean, plain(NEW)));
    // Means are 6 and 2; every report counts in them, also the one of 2 requests.
    let on_mean = compare(Operand::Term(of(Statistic::Mean, plain(NEW))), GreaterOrEqual, 3);
    assert_eq!(lines(&mean().filter(on_mean).of(&view)), ["太原市 6 value 2 2"]);
    let on_value = compare(Operand::Value(0), GreaterOrEqual, 3);
    assert_eq!(lines(&mean().filter(on_value).of(&view)), ["太原市 6 value 2 2"]);
    // Medians are 6 and 2 too: the sum of a city whose median is large enough is the sum of all its reports.
    let on_median = compare(Operand::Term(of(Statistic::Median, plain(NEW))), GreaterOrEqual, 3);
    assert_eq!(lines(&by_city(plain(NEW)).filter(on_median).of(&view)), ["太原市 12 value 2 2"]);
}

#[test]
fn a_condition_on_a_measure_chooses_the_reports_of_a_statistic() {
    let view = two_cities();
    let mean = || by_city(of(Statistic::Mean, plain(NEW)));
    let at_least = |number| compare(Operand::Term(plain(NEW)), GreaterOrEqual, number);
    assert_eq!(lines(&mean().filter(at_least(3)).of(&view)), ["太原市 10 value 1 1", "大同市 3 value 1 1"]);
    // Reports of at least 2 requests give means of 6 and 3; of these rows one is left.
    let both = Condition::And(vec![at_least(2), compare(Operand::Value(0), GreaterOrEqual, 6)]);
    assert_eq!(lines(&mean().filter(both).of(&view)), ["太原市 6 value 2 2"]);
}

#[test]
fn ratio_and_numerator_are_those_of_the_first_term_that_has_them() {
    let view = view([
        report("140105", 2023).set(NEW, 10),
        report("140105", 2024).set(NEW, 60).set(HELD, 10).set(TOTAL, 40),
        report("140106", 2024).reading(HELD, super::fixture::BLANK).set(TOTAL, 20).set("outcome.granted", 20),
    ]);
    let two = ask(share(HELD, TOTAL), 2024..=2024).and(change(NEW)).places(&["140105"]).stage(Stage::Flag(compare(
        Operand::Ratio,
        Greater,
        5,
    )));
    // 60 / 10 is 6; the share beside it is a quarter.
    assert_eq!(lines(&two.of(&view)), ["10/40 value 10 40 1 1 5/1 value 60 10 1 flagged"]);
    // The first share has no numerator there, and the second does not stand in for it.
    let first = ask(share(HELD, TOTAL), 2024..=2024)
        .and(share("outcome.granted", TOTAL))
        .places(&["140106"])
        .stage(Stage::Keep(compare(Operand::Numerator, Greater, 5)));
    assert_eq!(lines(&first.of(&view)), [""; 0]);
}

#[test]
fn contributions_take_the_rows_apart_that_are_left() {
    let view = two_cities();
    let apart = || by_city(plain(NEW)).stage(Stage::Top(1)).stage(Stage::Contributions);
    let taiyuan = ["太原市 万柏林区 10 10/12 value", "太原市 小店区 2 2/12 value"];
    assert_eq!(lines(&apart().of(&view)), taiyuan);
    // A condition speaks of the city, which has 12, not of the county that has 2.
    let enough = compare(Operand::Term(plain(NEW)), GreaterOrEqual, 5);
    assert_eq!(lines(&by_city(plain(NEW)).filter(enough).stage(Stage::Contributions).of(&view)), taiyuan);
    let largest = by_city(plain(NEW)).stage(Stage::Contributions).stage(Stage::Top(2)).of(&view);
    assert_eq!(lines(&largest), ["太原市 万柏林区 10 10/12 value", "大同市 平城区 3 3/4 value"]);
    // What is no sum of parts is not taken apart.
    assert_eq!(code(&by_city(of(Statistic::Median, plain(NEW))).stage(Stage::Contributions), &view), "GK0232");
    assert_eq!(code(&by_city(plain(NEW)).and(plain(HELD)).stage(Stage::Contributions), &view), "GK0232");
}

#[test]
fn what_becomes_columns_keeps_the_order_of_the_form() {
    let view = two_cities();
    let asked = ask(shares("outcome", TOTAL), 2024..=2024)
        .by(&[Dimension::Category, Dimension::Year])
        .places(&["140105"])
        .stage(Stage::Pivot(Dimension::Category));
    let answer = asked.of(&view);
    let heads: Vec<&str> =
        answer.columns.iter().map(|title| title.id.as_str()).filter(|id| !id.ends_with(".state")).collect();
    let rows = ["granted", "partial", "refused", "unavailable", "not_processed", "other"];
    assert_eq!(heads[0], "year");
    assert_eq!(heads[1..], rows.map(|row| format!("outcome.{row}")));
}

#[test]
fn a_row_is_about_one_category() {
    let view = view([report("140109", 2024)
        .set("outcome.granted", 15)
        .set("outcome.refused.process", 5)
        .set(HELD, 80)
        .set(TOTAL, 100)
        .set("review.upheld", 4)
        .set("review.total", 4)]);
    let values = || Term { kind: TermKind::Value, ..shares("outcome", TOTAL) };
    let place = |asked: Asked| asked.places(&["140109"]);
    // The same rows, counted and as shares.
    let both = place(ask(values(), 2024..=2024).and(shares("outcome", TOTAL))).of(&view);
    assert_eq!(lines(&both)[0], "outcome.granted 15 value 1 1 15/100 value 15 100 1");
    assert_eq!(lines(&both).len(), 6);
    // Other rows: of one kind they follow each other, of two kinds they have no table in common.
    let review = Term { kind: TermKind::Value, ..shares("review", TOTAL) };
    let rows = lines(&place(ask(values(), 2024..=2024).and(review)).of(&view));
    assert_eq!((rows.len(), rows[0].as_str()), (10, "outcome.granted 15 value 1 1"));
    assert_eq!(rows[6], "review.upheld 4 value 1 1");
    for other in [shares("outcome.refused", TOTAL), share(HELD, TOTAL)] {
        assert_eq!(code(&place(ask(values(), 2024..=2024).and(other)), &view), "GK0231");
    }
}
