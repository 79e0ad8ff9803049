//! The seed and the worked values of real reports.

use gongkai::{
    model::{Applicant, Scope},
    query::plan::Dimension,
};

use super::fixture::{ask, lines, plain, ratio, report, report_2019, share, term, view};
use gongkai::query::plan::TermKind;

/// 万柏林区 2024, as published.
fn wanbolin() -> gongkai::store::View {
    view([report("140109", 2024)
        .row("requests.new", [96, 3, 0, 0, 1, 0, 100])
        .set("outcome.granted", 15)
        .set("outcome.partial", 5)
        .set("outcome.refused.third_party", 2)
        .set("outcome.unavailable.not_held", 77)
        .set("outcome.unavailable.needs_creation", 1)
        .set("outcome.total", 100)
        .set("proactive.licences.decisions", 64_142)
        .money("proactive.fees.amount", "803.00")
        .set("review.upheld", 11)
        .set("review.corrected", 1)
        .set("review.total", 12)
        .set("litigation.direct.upheld", 4)
        .set("litigation.direct.total", 4)
        .set("litigation.after_review.upheld", 6)
        .set("litigation.after_review.pending", 2)
        .set("litigation.after_review.total", 8)])
}

#[test]
fn the_first_question() {
    let answer = ask(share("outcome.unavailable.not_held", "outcome.total"), 2024..=2024)
        .by(&[Dimension::Year])
        .places(&["140109"])
        .of(&wanbolin());
    let columns: Vec<&str> = answer.columns.iter().map(|title| title.id.as_str()).collect();
    assert_eq!(
        columns,
        ["year", "value", "state", "numerator", "denominator", "reports_used", "reports_expected", "flags"]
    );
    assert_eq!(lines(&answer), ["2024 77/100 value 77 100 1 1"]);
    let definition = &answer.measures[0];
    assert_eq!((definition.kind.as_str(), definition.numerator.as_str()), ("share", "outcome.unavailable.not_held"));
    assert_eq!(definition.denominator.as_deref(), Some("outcome.total"));
    assert_eq!((definition.unit.as_deref(), definition.pooling.as_deref()), (Some("件"), Some("pooled")));
    assert!(answer.notes.is_empty() && answer.missing.is_empty());
    assert_eq!(answer.revision, 1);
}

#[test]
fn other_figures_of_the_seed() {
    let view = wanbolin();
    let value = |id: &str| lines(&ask(plain(id), 2024..=2024).places(&["140109"]).of(&view));
    assert_eq!(value("requests.new"), ["100 value 1 1"]);
    assert_eq!(value("proactive.licences.decisions"), ["64142 value 1 1"]);
    assert_eq!(value("review"), ["12 value 1 1"]);
    assert_eq!(value("litigation"), ["12 value 1 1"]);
    assert_eq!(value("proactive.fees.amount"), ["803万元 value 1 1"]);
    let natural = share("requests.new", "requests.new[total]");
    let answer = ask(natural, 2024..=2024).places(&["140109"]).applicants(&[Applicant::Natural]).of(&view);
    assert_eq!(lines(&answer), ["96/100 value 96 100 1 1"]);
}

#[test]
fn derived_indicators_of_real_reports() {
    let disclosed = || ratio("rate.disclosure", "outcome.granted + outcome.partial", "outcome.total");
    let lost = || ratio("rate.litigation_lost", "litigation.corrected", "litigation.closed");
    let refused = || ratio("rate.refusal", "outcome.refused", "outcome.total");
    let view = view([
        // 淮安市 2024: 59.54 % disclosed of 3,050, 5 of 39 lost in court.
        report("320800", 2024)
            .set("outcome.granted", 1_600)
            .set("outcome.partial", 216)
            .set("outcome.refused.process", 178)
            .set("outcome.total", 3_050)
            .set("litigation.direct.upheld", 24)
            .set("litigation.direct.corrected", 3)
            .set("litigation.direct.pending", 4)
            .set("litigation.direct.total", 31)
            .set("litigation.after_review.upheld", 10)
            .set("litigation.after_review.corrected", 2)
            .set("litigation.after_review.pending", 1)
            .set("litigation.after_review.total", 13),
        // 上海市人民政府办公厅 2019: 275 of 805.
        report_2019("310000/人民政府办公厅", 2019)
            .set("outcome.granted", 240)
            .set("outcome.partial", 35)
            .set("outcome.total", 805)
            .scope(Scope::Own),
    ]);
    let of = |measure, place: &str, year: u16| {
        lines(&ask(term(TermKind::Value, measure, None), year..=year).places(&[place]).of(&view))
    };
    assert_eq!(of(disclosed(), "320800", 2024), ["1816/3050 value 1816 3050 1 1"]);
    assert_eq!(of(refused(), "320800", 2024), ["178/3050 value 178 3050 1 1"]);
    assert_eq!(of(lost(), "320800", 2024), ["5/39 value 5 39 1 1"]);
    assert_eq!(of(disclosed(), "310000/人民政府办公厅", 2019), ["275/805 value 275 805 1 1"]);
    assert_eq!(of(lost(), "310000/人民政府办公厅", 2019), ["- undefined 0 0 1 1"]);
}
