//! Every row of the language's table of meaning, by hand.
//!
//! | row | here | golden case of the command |
//! |---|---|---|
//! | cell states | `six_states_are_six_things` | `meaning/cell_states` |
//! | sum | `a_sum_is_over_values_and_says_what_it_left_out` | `meaning/sum` |
//! | group ids | `groups_are_printed_or_computed`, `execute::program` | `meaning/group` |
//! | share | `a_share_is_over_reports_that_have_both_figures`, `statistics_weigh_every_report_alike` | `meaning/share` |
//! | 0 / 0 | `nothing_of_nothing_is_undefined` | `meaning/nothing_of_nothing` |
//! | `blank_as_zero` | `a_sum_is_over_values…`, `proved_blanks_serve_as_zero_in_arithmetic_and_stay_blank_alone` | `meaning/blank_as_zero` |
//! | change | `change_is_against_the_year_before`, `change_of_many_…`, `change_of_a_rate_…` | `meaning/change` |
//! | template break | `grades_of_the_join_between_the_forms` | `meaning/template_break` |
//! | `complete` | `complete_keeps_bodies_that_report_every_year` | `meaning/complete` |
//! | `comparable` | `grades_of_the_join_…`, `places::a_merger_ends_a_series_…` | `meaning/comparable` |
//! | rounding | `render::number` | `meaning/rounding` |
//! | money | `money_is_exact` | `meaning/money` |
//! | order | `stages_order_choose_and_mark` | `meaning/order` |
//! | small n | `a_base_under_thirty_is_marked_and_kept` | `meaning/small_n` |
//! | what an answer holds | `several_terms_stand_side_by_side`, `render::*` | `meaning/answer` |
//!
//! Which figures stand in one row, and what conditions and stages make of it: `rows`. All together, over generated
//! stores: `differential`.

use gongkai::{
    model::{Applicant, Reading, State},
    query::{
        Context, Field, Number, Population, execute,
        plan::{
            Comparison::{Greater, GreaterOrEqual, Less},
            Condition, Dimension, Formula, Measure, Operand, Options, Stage, Statistic, TermKind,
        },
    },
};

use super::fixture::{
    BLANK, PROVED, ask, change, compare, lines, measure, of, plain, ratio, report, report_2019, share, shares, sum,
    term, view,
};

const YEAR: &[Dimension] = &[Dimension::Year];
const BODY: &[Dimension] = &[Dimension::Body];
const NEW: &str = "requests.new";
const HELD: &str = "outcome.unavailable.not_held";
const TOTAL: &str = "outcome.total";

#[test]
fn six_states_are_six_things() {
    let view = view([
        report("140105", 2024).set(NEW, 0),
        report("140106", 2024).reading(NEW, BLANK),
        report("140107", 2024).reading(NEW, Reading::NotApplicable),
        report("140108", 2024).reading(NEW, Reading::Unreadable),
        report("140109", 2024).without(NEW),
    ]);
    let answer = ask(plain(NEW), 2024..=2024)
        .by(BODY)
        .places(&["140105", "140106", "140107", "140108", "140109", "140110"])
        .of(&view);
    assert_eq!(
        lines(&answer),
        [
            "小店区 0 value 1 1",
            "迎泽区 - blank 0 1",
            "杏花岭区 - n/a 0 1",
            "尖草坪区 - unreadable 0 1",
            "万柏林区 - not_in_template 0 1",
            "晋源区 - no_report 0 1",
        ]
    );
    assert_eq!(answer.missing.len(), 1);
    assert_eq!((answer.missing[0].0.path.as_str(), answer.missing[0].1.number()), ("山西省/太原市/晋源区", 2024));
}

#[test]
fn a_sum_is_over_values_and_says_what_it_left_out() {
    let view = view([
        report("140105", 2024).set(NEW, 30),
        report("140106", 2024).set(NEW, 12),
        report("140107", 2024).reading(NEW, BLANK),
        report("140108", 2024).reading(NEW, PROVED),
        report("140109", 2024).reading(NEW, Reading::Unreadable),
    ]);
    let places = ["140105", "140106", "140107", "140108", "140109", "140110"];
    let answer = ask(plain(NEW), 2024..=2024).places(&places).of(&view);
    assert_eq!(lines(&answer), ["42 value 2 6 proved_zero"]);
    let detail = &answer.details[0];
    assert_eq!(detail.states, [(State::Blank, 2), (State::Unreadable, 1), (State::NoReport, 1)]);
    assert_eq!(detail.proved_zero, 1);

    let filled = Options { blank_as_zero: true, ..Options::default() };
    let answer = ask(plain(NEW), 2024..=2024).places(&places).options(filled).of(&view);
    assert_eq!(lines(&answer)[0].split(" value ").next(), Some("42"));
    assert_eq!(answer.details[0].states, [(State::Unreadable, 1), (State::NoReport, 1)]);
    assert!(answer.notes.iter().any(|note| note.code == "blank_as_zero"), "the answer is stamped");
}

#[test]
fn a_share_is_over_reports_that_have_both_figures() {
    let view = view([
        report("140105", 2024).set(HELD, 10).set(TOTAL, 40),
        // No numerator, then no base: neither may enter the other's sum.
        report("140106", 2024).reading(HELD, BLANK).set(TOTAL, 1_000),
        report("140107", 2024).set(HELD, 500).reading(TOTAL, Reading::Unreadable),
        report("140108", 2024).set(HELD, 5).set(TOTAL, 10),
    ]);
    let answer = ask(share(HELD, TOTAL), 2024..=2024).places(&["140105", "140106", "140107", "140108"]).of(&view);
    assert_eq!(lines(&answer), ["15/50 value 15 50 2 4"]);
    assert_eq!(answer.measures[0].pooling.as_deref(), Some("pooled"));

    let places = ["140105", "140106", "140107", "140108"];
    let mean = ask(of(Statistic::Mean, share(HELD, TOTAL)), 2024..=2024).places(&places).of(&view);
    // (1/4 + 1/2) / 2
    assert_eq!(lines(&mean), ["3/8 value 2 4"]);
    assert_eq!(mean.measures[0].pooling.as_deref(), Some("mean"));
}

#[test]
fn nothing_of_nothing_is_undefined() {
    let view = view([report("140105", 2024), report("140106", 2024).set(HELD, 1).set(TOTAL, 2)]);
    let both = |places: &[&str]| lines(&ask(share(HELD, TOTAL), 2024..=2024).places(places).of(&view));
    assert_eq!(both(&["140105"]), ["- undefined 0 0 1 1"]);
    assert_eq!(both(&["140105", "140106"]), ["1/2 value 1 2 2 2 small_n"]);
    let mean = ask(of(Statistic::Mean, share(HELD, TOTAL)), 2024..=2024).places(&["140105", "140106"]).of(&view);
    assert_eq!(lines(&mean), ["1/2 value 1 2"], "0/0 weighs nothing in a mean");
    assert_eq!(mean.details[0].states, [(State::Undefined, 1)]);
}

#[test]
fn a_base_under_thirty_is_marked_and_kept() {
    let view =
        view([report("140105", 2024).set(HELD, 7).set(TOTAL, 29), report("140106", 2024).set(HELD, 7).set(TOTAL, 30)]);
    let answer = ask(share(HELD, TOTAL), 2024..=2024).by(BODY).places(&["140105", "140106"]).of(&view);
    assert_eq!(lines(&answer), ["小店区 7/29 value 7 29 1 1 small_n", "迎泽区 7/30 value 7 30 1 1"]);
}

#[test]
fn groups_are_printed_or_computed() {
    let view = view([
        report("140105", 2024).set(HELD, 7).set("outcome.unavailable.unclear", 2),
        report("140106", 2024).set(HELD, 7).set("outcome.unavailable", 11),
        report("140107", 2024).set(HELD, 7).reading("outcome.unavailable.unclear", BLANK),
        report("140108", 2024).set(HELD, 7).reading("outcome.unavailable.unclear", PROVED),
    ]);
    let places = ["140105", "140106", "140107", "140108"];
    let answer = ask(plain("outcome.unavailable"), 2024..=2024).by(BODY).places(&places).of(&view);
    assert_eq!(
        lines(&answer),
        ["小店区 9 value 1 1", "迎泽区 11 value 1 1", "杏花岭区 - blank 0 1", "尖草坪区 7 value 1 1 proved_zero",]
    );
}

#[test]
fn proved_blanks_serve_as_zero_in_arithmetic_and_stay_blank_alone() {
    let view = view([report("140105", 2024).reading(HELD, PROVED).set(TOTAL, 40)]);
    let places = &["140105"];
    assert_eq!(lines(&ask(plain(HELD), 2024..=2024).places(places).of(&view)), ["- blank 0 1 proved_zero"]);
    let answer = ask(share(HELD, TOTAL), 2024..=2024).places(places).of(&view);
    assert_eq!(lines(&answer), ["0/40 value 0 40 1 1 proved_zero"]);
}

#[test]
fn change_is_against_the_year_before() {
    let view = view([
        report("140105", 2020).set(NEW, 50),
        report("140105", 2021).set(NEW, 80),
        report("140105", 2022).set(NEW, 0),
        report("140105", 2023).set(NEW, 0),
        report("140105", 2024).set(NEW, 6),
        report("140106", 2022).set(NEW, 5),
        report("140106", 2024).set(NEW, 6),
    ]);
    let by_year = |place: &str, years| lines(&ask(change(NEW), years).by(YEAR).places(&[place]).of(&view));
    assert_eq!(
        by_year("140105", 2020..=2024),
        [
            "2020 - not_comparable - - 0 1",
            "2021 3/5 value 80 50 1 1",
            "2022 -1/1 value 0 80 1 1",
            "2023 - undefined 0 0 1 1",
            "2024 - new_from_zero 6 0 1 1 new_from_zero",
        ]
    );
    // 2023 is missing: 2024 is across a gap.
    assert_eq!(by_year("140106", 2023..=2024), ["2023 - no_report - - 0 1", "2024 - not_comparable - - 0 1"]);
    assert_eq!(by_year("140105", 2021..=2021), ["2021 3/5 value 80 50 1 1"], "the year before need not be asked for");
}

#[test]
fn change_of_many_is_over_bodies_that_have_both_years() {
    let view = view([
        report("140105", 2023).set(NEW, 10),
        report("140105", 2024).set(NEW, 20),
        // Only one year: would look like growth.
        report("140106", 2024).set(NEW, 500),
    ]);
    let answer = ask(change(NEW), 2024..=2024).places(&["140105", "140106"]).of(&view);
    assert_eq!(lines(&answer), ["1/1 value 20 10 1 2"]);
    assert_eq!(answer.details[0].states, [(State::NotComparable, 1)]);
}

#[test]
fn change_of_a_rate_is_relative() {
    let rate = ratio("rate.not_held", HELD, TOTAL);
    let view = view([
        report("140105", 2023).set(HELD, 10).set(TOTAL, 40),
        report("140105", 2024).set(HELD, 30).set(TOTAL, 40),
    ]);
    let answer = ask(term(TermKind::Change, rate, None), 2024..=2024).places(&["140105"]).of(&view);
    // (3/4 − 1/4) / (1/4)
    assert_eq!(lines(&answer), ["2/1 value 3/4 1/4 1 1"]);
}

#[test]
fn grades_of_the_join_between_the_forms() {
    let rules = "proactive.regulations.issued";
    let in_force = "proactive.regulations.in_force";
    let view = view([
        report_2019("140000", 2020).set(rules, 3).set("outcome.other", 5).set(NEW, 9),
        report("140000", 2021).set(rules, 4).set(in_force, 60).set("outcome.other.residual", 6).set(NEW, 9),
    ]);
    let by_year = |id: &str| ask(plain(id), 2020..=2021).by(YEAR).places(&["140000"]).of(&view);
    let codes = |answer: &gongkai::query::Answer| answer.notes.iter().map(|note| note.code.clone()).collect::<Vec<_>>();

    let same = by_year("review.total");
    assert_eq!((lines(&same).len(), codes(&same)), (2, vec![]));
    let near = by_year(rules);
    assert_eq!(lines(&near), ["2020 3 value 1 1", "2021 4 value 1 1"]);
    assert_eq!(codes(&near), ["template_near"]);
    let none = by_year(in_force);
    assert_eq!(lines(&none), ["2020 - not_in_template 0 1", "2021 60 value 1 1"]);
    assert_eq!(codes(&none), ["template_none"]);
    assert!(none.notes[0].args.contains(&("years".to_owned(), "2020".to_owned())));
    // （六）其他处理 was one row and became three: comparable as a sum, silently.
    let other = by_year("outcome.other");
    assert_eq!(lines(&other), ["2020 5 value 1 1", "2021 6 value 1 1"]);
    assert_eq!(codes(&other), ["legal_fees_2021"]);
    let residual = by_year("outcome.other.residual");
    assert_eq!(lines(&residual)[0], "2020 - not_in_template 0 1");

    let near_change = ask(change(rules), 2021..=2021).places(&["140000"]).of(&view);
    assert_eq!(lines(&near_change), ["1/3 value 4 3 1 1 break_near"]);
    let none_change = ask(change(in_force), 2021..=2021).places(&["140000"]).of(&view);
    assert_eq!(lines(&none_change), ["- not_comparable - - 0 1"]);

    let comparable = Options { comparable: true, ..Options::default() };
    let only = ask(plain(in_force), 2020..=2021).by(YEAR).places(&["140000"]).options(comparable).of(&view);
    assert_eq!(lines(&only), ["2021 60 value 1 1"]);
}

#[test]
fn breaks_in_the_world_are_noted_where_a_series_crosses_them() {
    let all = (2019..=2024).map(|year| report("140109", year).set(NEW, 10).set("review.total", 3));
    let view = view(all);
    let codes = |id: &str, years| {
        let answer = ask(plain(id), years).by(YEAR).places(&["140109"]).of(&view);
        answer.notes.into_iter().map(|note| note.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(NEW, 2019..=2024), ["legal_2019", "legal_fees_2021"]);
    assert_eq!(codes(NEW, 2019..=2019), ["legal_2019"]);
    assert_eq!(codes(NEW, 2021..=2023), [""; 0]);
    assert_eq!(codes("review.total", 2023..=2024), ["legal_review_2024"]);
    assert_eq!(codes("review.total", 2024..=2024), [""; 0]);
    assert_eq!(codes("proactive.licences.decisions", 2019..=2024), [""; 0]);
}

#[test]
fn complete_keeps_bodies_that_report_every_year() {
    let view = view([
        report("140105", 2023).set(NEW, 1),
        report("140105", 2024).set(NEW, 2),
        report("140106", 2024).set(NEW, 100),
    ]);
    let complete = Options { complete: true, ..Options::default() };
    let answer = ask(plain(NEW), 2023..=2024).by(YEAR).places(&["140105", "140106"]).options(complete).of(&view);
    assert_eq!(lines(&answer), ["2023 1 value 1 1", "2024 2 value 1 1"]);
    assert!(answer.missing.is_empty());
    let note = answer.notes.iter().find(|note| note.code == "complete").unwrap();
    assert_eq!(note.args, [("count".to_owned(), "1".to_owned())]);
}

#[test]
fn money_is_exact() {
    let view = view([
        report("140105", 2024).money("proactive.fees.amount", "59237.2449"),
        report("140106", 2024).money("proactive.fees.amount", "4166.241619"),
        report("140107", 2024).money("proactive.fees.amount", "0.1"),
    ]);
    let fees = plain("proactive.fees.amount");
    let places = ["140105", "140106", "140107"];
    let answer = ask(fees.clone(), 2024..=2024).places(&places).of(&view);
    assert_eq!(lines(&answer), ["63403.586519万元 value 3 3"]);
    assert_eq!(answer.columns[0].unit.as_deref(), Some("万元"));
    let largest = ask(of(Statistic::Max, fees.clone()), 2024..=2024).places(&places).of(&view);
    assert_eq!(lines(&largest), ["59237.2449万元 value 3 3"]);
    let mean = ask(of(Statistic::Mean, fees), 2024..=2024).places(&places).of(&view);
    // 63403.586519 / 3 has no end: kept as a fraction of 万元.
    assert_eq!(lines(&mean), ["63403586519/3000000 value 3 3"]);
}

#[test]
fn statistics_weigh_every_report_alike() {
    let counts = [("140105", 1), ("140106", 2), ("140107", 4), ("140108", 10)];
    let view = view(counts.map(|(place, count)| report(place, 2024).set(NEW, count)));
    let places = ["140105", "140106", "140107", "140108"];
    let value = |statistic| lines(&ask(of(statistic, plain(NEW)), 2024..=2024).places(&places).of(&view));
    assert_eq!(value(Statistic::Mean), ["17/4 value 4 4"]);
    assert_eq!(value(Statistic::Median), ["3 value 4 4"]);
    assert_eq!(value(Statistic::Min), ["1 value 4 4"]);
    assert_eq!(value(Statistic::Max), ["10 value 4 4"]);
    assert_eq!(value(Statistic::Count), ["4 value 4 4"]);
    // Ranks 0.75, 1.5 and 2.25 of 1, 2, 4, 10.
    assert_eq!(value(Statistic::Quartiles), ["7/4 3 11/2 value 4 4"]);
    assert_eq!(value(Statistic::Percentile(90)), ["41/5 value 4 4"]);
}

#[test]
fn conditions_choose_groups_before_ranking_and_reports_for_statistics() {
    let rows = [("140105", 30, 90), ("140106", 2, 2), ("140107", 60, 80), ("140108", 10, 40)];
    let view =
        view(rows.map(|(place, held, total)| report(place, 2024).set(HELD, held).set(TOTAL, total).set(NEW, total)));
    let places = ["140105", "140106", "140107", "140108"];
    let enough = compare(Operand::Term(plain(NEW)), GreaterOrEqual, 30);
    let answer = ask(share(HELD, TOTAL), 2024..=2024)
        .by(BODY)
        .places(&places)
        .filter(enough.clone())
        .stage(Stage::Top(2))
        .of(&view);
    assert_eq!(lines(&answer), ["杏花岭区 60/80 value 60 80 1 1", "小店区 30/90 value 30 90 1 1"]);
    let median = ask(of(Statistic::Median, share(HELD, TOTAL)), 2024..=2024).places(&places).filter(enough).of(&view);
    // 1/3, 3/4 and 1/4 of those with at least 30 requests.
    assert_eq!(lines(&median), ["1/3 value 3 3"]);
}

/// So many rows that more than one thread looks at them.
#[test]
fn thousands_of_bodies_are_chosen_in_their_order() {
    let value = |number: u16, year: u16| i64::from((number * 7 + year) % 11);
    let bodies = |county: &'static str| (0..450).map(move |number: u16| (format!("{county}/机关{number:03}"), number));
    let bodies: Vec<(String, u16)> = ["110101", "140105"].into_iter().flat_map(bodies).collect();
    let all = bodies.iter().flat_map(|(body, number)| (2020..2025_u16).map(move |year| (body, *number, year)));
    // One in nine gives no report.
    let there = |number: u16, year: u16| !(number + year).is_multiple_of(9);
    let made = all.clone().filter(|&(_, number, year)| there(number, year));
    let view = view(made.map(|(body, number, year)| report(body, year).only(NEW).set(NEW, value(number, year))));
    let wanted = compare(Operand::Value(0), GreaterOrEqual, 9);
    let answer = ask(plain(NEW), 2020..=2024).by(&[Dimension::Body, Dimension::Year]).filter(wanted).of(&view);
    let expected: Vec<(String, u16, i64)> = all
        .filter(|&(_, number, year)| there(number, year) && value(number, year) >= 9)
        .map(|(body, number, year)| (body.clone(), year, value(number, year)))
        .collect();
    let field = |row: &[Field]| match (&row[0], &row[1], &row[2]) {
        (Field::Place(place), Field::Year(year), Field::Number(Some(Number::Count(count)))) => {
            (place.code.clone(), year.number(), i64::try_from(*count).unwrap())
        }
        other => panic!("{other:?}"),
    };
    assert!(expected.len() > 500);
    assert_eq!(answer.rows.iter().map(|row| field(row)).collect::<Vec<_>>(), expected);
    assert_eq!(answer.missing.len(), 500, "of 4,500 one in nine");
}

#[test]
fn stages_order_choose_and_mark() {
    let rows = [("140105", 5, 10), ("140106", 50, 10), ("140107", 10, 10), ("140108", 1, 10)];
    let mut reports = Vec::new();
    for (place, new, old) in rows {
        reports.push(report(place, 2024).set(NEW, new));
        reports.push(report(place, 2023).set(NEW, old));
    }
    let view = view(reports);
    let places = ["140108", "140107", "140106", "140105"];
    let asked = || ask(change(NEW), 2024..=2024).by(BODY).places(&places);
    let names = |answer: &gongkai::query::Answer| {
        lines(answer).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&asked().of(&view)), ["小店区", "迎泽区", "杏花岭区", "尖草坪区"], "by code unless sorted");
    assert_eq!(names(&asked().stage(Stage::Bottom(2)).of(&view)), ["尖草坪区", "小店区"]);
    let by_value = Stage::Sort { by: Operand::Value(0), descending: true };
    assert_eq!(names(&asked().stage(by_value).of(&view)), ["迎泽区", "杏花岭区", "小店区", "尖草坪区"]);
    // New is more than 4 times or less than 0.2 times old.
    let odd = Condition::Or(vec![
        compare(Operand::Ratio, Greater, 4),
        Condition::Compare(Operand::Ratio, Less, gongkai::query::plan::Literal { digits: 2, scale: 1 }),
    ]);
    let marked = asked().stage(Stage::Flag(odd.clone())).of(&view);
    let flagged: Vec<_> = lines(&marked).into_iter().filter(|line| line.ends_with("flagged")).collect();
    assert_eq!(flagged, ["迎泽区 4/1 value 50 10 1 1 flagged", "尖草坪区 -9/10 value 1 10 1 1 flagged"]);
    assert_eq!(names(&asked().stage(Stage::Keep(odd)).of(&view)), ["迎泽区", "尖草坪区"]);
}

#[test]
fn a_dimension_can_become_columns() {
    let view = view([
        report("140105", 2023).set(NEW, 1),
        report("140105", 2024).set(NEW, 2),
        report("140106", 2024).set(NEW, 3),
    ]);
    let answer = ask(plain(NEW), 2023..=2024)
        .by(&[Dimension::Body, Dimension::Year])
        .places(&["140105", "140106"])
        .stage(Stage::Pivot(Dimension::Year))
        .of(&view);
    let ids: Vec<&str> = answer.columns.iter().map(|title| title.id.as_str()).collect();
    assert_eq!(ids, ["body", "2023", "2023.state", "2024", "2024.state"]);
    assert_eq!(lines(&answer), ["小店区 1 value 2 value", "迎泽区 - no_report 3 value"]);
}

#[test]
fn members_of_a_group_have_rows_of_their_own() {
    let view = view([report("140109", 2024)
        .set("outcome.granted", 15)
        .set("outcome.partial", 5)
        .set(HELD, 77)
        .set("outcome.refused.process", 2)
        .set("outcome.other.residual", 1)
        .set(TOTAL, 100)]);
    let answer = ask(shares("outcome", TOTAL), 2024..=2024).places(&["140109"]).of(&view);
    assert_eq!(
        lines(&answer),
        [
            "outcome.granted 15/100 value 15 100 1 1",
            "outcome.partial 5/100 value 5 100 1 1",
            "outcome.refused 2/100 value 2 100 1 1",
            "outcome.unavailable 77/100 value 77 100 1 1",
            "outcome.not_processed 0/100 value 0 100 1 1",
            "outcome.other 1/100 value 1 100 1 1",
        ]
    );
    assert_eq!(answer.measures[0].numerator, "outcome.*");
}

#[test]
fn applicants_have_columns_and_the_total_is_never_added_to_its_parts() {
    let view = view([report("140109", 2024).row(HELD, [70, 3, 0, 0, 4, 0, 77]).row(TOTAL, [90, 4, 1, 0, 5, 0, 100])]);
    let answer = ask(share(HELD, TOTAL), 2024..=2024).by(&[Dimension::Applicant]).places(&["140109"]).of(&view);
    assert_eq!(
        lines(&answer),
        [
            "natural 70/90 value 70 90 1 1",
            "commercial 3/4 value 3 4 1 1 small_n",
            "research 0/1 value 0 1 1 1 small_n",
            "public_interest - undefined 0 0 1 1",
            "legal_services 4/5 value 4 5 1 1 small_n",
            "other_org - undefined 0 0 1 1",
            "total 77/100 value 77 100 1 1",
        ]
    );
    let two = [Applicant::Natural, Applicant::Commercial];
    let pooled = ask(plain(HELD), 2024..=2024).applicants(&two).places(&["140109"]).of(&view);
    assert_eq!(lines(&pooled), ["73 value 1 1"]);
    let asked = ask(plain(HELD), 2024..=2024).applicants(&[Applicant::Natural, Applicant::Total]);
    let error = execute(&asked.0, &view, &Context::default()).unwrap_err();
    assert_eq!(error.diagnostics()[0].code, "GK0302");
}

#[test]
fn per_residents_needs_a_population_table() {
    let per = Measure { id: "per_100k".into(), formula: Formula::PerResidents(sum(NEW), 100_000), version: Some(1) };
    let view = view([report("140105", 2024).set(NEW, 94), report("140106", 2024).set(NEW, 6)]);
    let asked = ask(term(TermKind::Value, per, None), 2024..=2024).by(BODY).places(&["140105", "140106"]);
    let population = Population::parse("division,year,population\n140105,2024,940000\n").unwrap();
    let answer = execute(&asked.0, &view, &Context { population: Some(&population), ..Context::default() }).unwrap();
    assert_eq!(
        lines(&answer),
        ["小店区 9400000/940000 value 94 940000 1 1", "迎泽区 - no_population - - 0 1 no_population"]
    );
}

#[test]
fn several_terms_stand_side_by_side() {
    let view = view([report("140105", 2024).set(NEW, 94).set("requests.carried_in", 6)]);
    let answer = ask(plain(NEW), 2024..=2024).and(plain("requests.carried_in")).places(&["140105"]).of(&view);
    let ids: Vec<&str> = answer.columns.iter().map(|title| title.id.as_str()).collect();
    assert_eq!(
        ids,
        ["value", "state", "reports_used", "reports_expected", "value_2", "state_2", "reports_used_2", "flags"]
    );
    assert_eq!(lines(&answer), ["94 value 1 1 6 value 1"]);
    assert_eq!(answer.columns[0].label.en, "New requests received this year");
    let in_hand =
        ask(term(TermKind::Value, measure("requests.in_hand"), None), 2024..=2024).places(&["140105"]).of(&view);
    // `requests.in_hand` is a sum of two cells.
    assert_eq!(lines(&in_hand), ["100 value 1 1"]);
}
