//! `why`, `check`, `missing`, `show`, `revisions` and `contributions`.

use gongkai::{
    ErrorKind,
    model::ReportKey,
    query::{
        Answer, Context, Field, InterruptHandle, Plan, Revised, execute,
        plan::{Ask, Dimension, Stage, Thing, Verb},
    },
    schema::rules_of,
    store::View,
};

use super::fixture::{BLANK, PROVED, ask, lines, plain, report, share, view, year};

const NEW: &str = "requests.new";
const HELD: &str = "outcome.unavailable.not_held";
const TOTAL: &str = "outcome.total";

fn with(verb: Verb, plan: Plan) -> Plan {
    Plan { verb, ..plan }
}

fn run(plan: &Plan, view: &View) -> Answer {
    execute(plan, view, &Context::default()).unwrap()
}

fn why(plan: Plan) -> Plan {
    let Verb::Ask(Ask { terms, applicants, filter }) = plan.verb.clone() else { panic!() };
    with(Verb::Why(Ask { terms, applicants, filter }), plan)
}

#[test]
fn why_leads_back_to_every_cell() {
    let view = view([
        report("140105", 2024).set(HELD, 7).set("outcome.unavailable.unclear", 2).set(TOTAL, 40),
        report("140106", 2024).set("outcome.unavailable", 11).set(TOTAL, 20),
    ]);
    let plan = ask(share("outcome.unavailable", TOTAL), 2024..=2024).places(&["140105", "140106"]).0;
    let answer = run(&why(plan), &view);
    assert_eq!(
        lines(&answer),
        [
            "小店区 2024 numerator outcome.unavailable.not_held total value 7 7 140105-2024.txt:7:3 1 1",
            "小店区 2024 numerator outcome.unavailable.needs_creation total value 0 0 140105-2024.txt:7:3 1 1",
            "小店区 2024 numerator outcome.unavailable.unclear total value 2 2 140105-2024.txt:7:3 1 1",
            "小店区 2024 denominator outcome.total total value 40 40 140105-2024.txt:7:3 1 1",
            "迎泽区 2024 numerator outcome.unavailable total value 11 11 140106-2024.txt:9:1 1 1",
            "迎泽区 2024 denominator outcome.total total value 20 20 140106-2024.txt:7:3 1 1",
        ]
    );
    let Field::Source(source) = &answer.rows[0][8] else { panic!() };
    assert_eq!((source.sha256.len(), source.table.as_deref(), source.row), (64, Some("t3"), Some(1)));
}

#[test]
fn every_row_has_the_statement_that_leads_to_its_cells() {
    let view = view([report("140105", 2024).set(HELD, 7).set(TOTAL, 40), report("140106", 2024).set(TOTAL, 20)]);
    let why = |asked: super::fixture::Asked| asked.of(&view).details[0].why.clone().unwrap();
    assert_eq!(
        why(ask(share(HELD, TOTAL), 2024..=2024).by(&[Dimension::Year]).places(&["140105"])),
        "why share of outcome.unavailable.not_held out_of outcome.total in @140105 2024"
    );
    assert_eq!(
        why(ask(plain(TOTAL), 2023..=2024).places(&["140105", "140106"])),
        "why outcome.total in @140105, @140106 2023, 2024"
    );
}

#[test]
fn cells_of_a_report_in_catalogue_order() {
    let view = view([report("140109", 2024).set(HELD, 77).reading(NEW, BLANK)]);
    let plan = with(Verb::Show(Thing::Cells), ask(plain(NEW), 2024..=2024).places(&["140109"]).0);
    let answer = run(&plan, &view);
    let ids: Vec<&str> = answer.columns.iter().map(|title| title.id.as_str()).collect();
    assert_eq!(ids, ["category", "applicant", "state", "value", "raw", "source"]);
    // 10 cells of table 2, 175 of table 3 and 15 of table 4.
    assert_eq!(answer.rows.len(), 200);
    assert_eq!(lines(&answer)[0], "proactive.regulations.issued null value 0 0 140109-2024.txt:7:3");
    assert!(lines(&answer).iter().any(|line| line.starts_with("requests.new total blank - ")));
    let codes: Vec<u16> = answer
        .rows
        .iter()
        .map(|row| match &row[0] {
            Field::Item { id, .. } => gongkai::schema::catalogue().by_id(id).unwrap().code.0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(codes.is_sorted());
}

#[test]
fn checks_list_what_holds_and_what_does_not() {
    // 40 concluded, of which 7 not held and nothing else: the column does not add up. In: 30 + 0, out: 40 + 0.
    let view = view([
        report("140105", 2024).set(HELD, 7).set(TOTAL, 40).set(NEW, 30),
        report("140106", 2024),
        report("140107", 2024).set("review.upheld", 1).set("review.total", 2),
    ]);
    let ids = |word: &str| rules_of(word).iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
    let plan = |word: &str| {
        with(Verb::Check(ids(word)), ask(plain(NEW), 2024..=2024).places(&["140100/**"]).stage(Stage::Failed).0)
    };
    let review = run(&plan("T4-REV"), &view);
    assert_eq!(
        lines(&review).iter().map(|line| line.split(" review").next().unwrap().to_owned()).collect::<Vec<_>>(),
        ["杏花岭区 2024 T4-REV fail 2 1"]
    );
    assert_eq!(review.failed, Some(1));
    let columns: Vec<&str> = review.columns.iter().map(|title| title.id.as_str()).collect();
    assert_eq!(columns[..9], ["body", "year", "rule", "status", "printed", "computed", "cells", "severity", "verdict"]);
    // 太原市 itself was not asked for; seven of its ten counties are missing.
    assert_eq!(review.missing.len(), 7);

    let all = run(&plan("identities"), &view);
    let failing: Vec<String> =
        lines(&all).iter().map(|line| line.split(' ').take(4).collect::<Vec<_>>().join(" ")).collect();
    assert!(failing.contains(&"小店区 2024 T3-BAL fail".to_owned()), "{failing:?}");
    assert!(failing.iter().all(|line| !line.starts_with("迎泽区")));

    let mut counted = plan("T4-REV");
    counted.stages.clear();
    counted.by = vec![Dimension::Rule];
    assert_eq!(lines(&run(&counted, &view)), ["T4-REV 2 1 0 0 0"]);
    // One line a report, with what it comes to: 30 in and 40 out, nothing at all, 1 of 2 reconsiderations.
    let mut each = plan("T4-REV");
    each.stages.clear();
    each.by = vec![Dimension::Body];
    assert_eq!(
        lines(&run(&each, &view)),
        ["小店区 1 0 0 0 0 holds", "迎泽区 1 0 0 0 0 holds", "杏花岭区 0 1 0 0 0 contradicts"]
    );
}

#[test]
fn carry_over_is_checked_between_years() {
    let view = view([
        report("140105", 2023).set("requests.carried_out", 4),
        report("140105", 2024).set("requests.carried_in", 5),
        report("140106", 2023).set("requests.carried_out", 4),
        report("140106", 2024).set("requests.carried_in", 4),
    ]);
    let rules = rules_of("carry_over").iter().map(|rule| rule.id.clone()).collect();
    let plan = with(Verb::Check(rules), ask(plain(NEW), 2024..=2024).places(&["140100/**"]).stage(Stage::Failed).0);
    let found = lines(&run(&plan, &view));
    assert!(found[0].starts_with("小店区 2024 XY-CARRY fail 5 4"), "{found:?}");
    assert!(found.iter().all(|line| line.starts_with("小店区")));
}

#[test]
fn missing_reports_are_counted_against_the_divisions() {
    let view = view([report("140000", 2024), report("140100", 2024), report("140105", 2024), report("140106", 2024)]);
    let asked = || with(Verb::Missing, ask(plain(NEW), 2024..=2024).places(&["140000"]).0);
    let mut by_level = asked();
    by_level.by = vec![Dimension::Level];
    // 山西省: 11 prefectures, 117 counties at the end of 2024.
    assert_eq!(lines(&run(&by_level, &view)), ["province 1 1 0 1/1", "city 11 1 10 1/11", "county 117 2 115 2/117"]);
    let listed = run(&asked(), &view);
    assert_eq!(listed.rows.len(), 125);
    assert_eq!(lines(&listed)[0], "杏花岭区 county 2024");
    assert_eq!(listed.missing.len(), 125);
    // A report with nothing but zeros is a report.
    assert!(!lines(&listed).iter().any(|line| line.starts_with("小店区")));
}

#[test]
fn lists_of_what_is_there() {
    let view = view([report("140105", 2024), report("140105", 2023), report("140105/财政局", 2024)]);
    let show =
        |thing, places: &[&str]| run(&with(Verb::Show(thing), ask(plain(NEW), 2023..=2024).places(places).0), &view);
    assert_eq!(lines(&show(Thing::Years, &[])), ["2023 1 1 0 0", "2024 2 1 1 0"]);
    assert_eq!(
        lines(&show(Thing::Bodies, &[])),
        ["小店区 government county 2 2023 2024", "财政局 department department 1 2024 2024"]
    );
    assert_eq!(show(Thing::Rules, &[]).rows.len(), 35);
    let provinces = show(Thing::Places, &[]);
    assert_eq!(provinces.rows.len(), 34);
    let held = show(Thing::Categories, &[]);
    let indicator = lines(&held).into_iter().find(|line| line.starts_with("rate.disclosure ")).unwrap();
    assert!(indicator.ends_with("(outcome.granted + outcome.partial) / (outcome.total); version 1"), "{indicator}");
    let one = show(Thing::Report, &["140105"]);
    assert_eq!(lines(&one).len(), 2);
    assert!(lines(&one)[0].starts_with("小店区 2023 aggregate 2021 2021 2021 200 0 null 140105-2023.txt"));
    let coverage = show(Thing::Coverage, &["140100"]);
    assert_eq!(lines(&coverage)[0], "city 2023 1 0 1 0/1");
    assert_eq!(lines(&coverage)[2], "county 2023 10 1 9 1/10");
}

#[test]
fn revisions_show_what_changed_cell_by_cell() {
    let made = |count| {
        View::of(1, [super::fixture::built(report("140109", 2024).set(HELD, count))]).report(0, year(2024)).unwrap()
    };
    let history = |key: &ReportKey| {
        assert_eq!((key.body.as_str(), key.year.number()), ("140109", 2024));
        Ok([(3, 70), (9, 77)]
            .map(|(revision, count)| Revised {
                revision,
                time: format!("2025-03-0{revision}"),
                author: None,
                reason: None,
                report: made(count),
            })
            .to_vec())
    };
    let view = view([report("140109", 2024).set(HELD, 77)]);
    let plan = with(Verb::Revisions, ask(plain(NEW), 2024..=2024).places(&["140109"]).0);
    let context = Context { history: Some(&history), ..Context::default() };
    let answer = execute(&plan, &view, &context).unwrap();
    assert_eq!(
        lines(&answer),
        ["万柏林区 2024 9 2025-03-09 outcome.unavailable.not_held total 70 77 null null 140109-2024.txt"]
    );
}

#[test]
fn contributions_say_which_bodies_move_a_total() {
    let view = view([
        report("140105", 2024).set(NEW, 30),
        report("140106", 2024).set(NEW, 60),
        report("140107", 2024).set(NEW, 10),
        report("140108", 2024).reading(NEW, PROVED),
    ]);
    let places = ["140105", "140106", "140107", "140108"];
    let answer = ask(plain(NEW), 2024..=2024).places(&places).stage(Stage::Contributions).of(&view);
    assert_eq!(
        lines(&answer),
        ["迎泽区 60 60/100 value", "小店区 30 30/100 value", "杏花岭区 10 10/100 value", "尖草坪区 - - blank"]
    );
}

#[test]
fn every_verb_stops_when_asked_to() {
    let view = view([report("140105", 2024).set(HELD, 7).set(TOTAL, 40)]);
    let handle = InterruptHandle::default();
    let watch = handle.watch();
    let context = Context { watch: Some(&watch), ..Context::default() };
    let asked = || ask(share(HELD, TOTAL), 2024..=2024).places(&["140105"]);
    let plans = [
        asked().0,
        asked().stage(Stage::Contributions).0,
        why(asked().0),
        with(Verb::Check(vec!["T3-BAL".to_owned()]), asked().0),
        with(Verb::Missing, asked().0),
        with(Verb::Show(Thing::Report), asked().0),
        with(Verb::Show(Thing::Cells), asked().0),
        with(Verb::Show(Thing::Coverage), asked().0),
    ];
    assert!(plans.iter().all(|plan| execute(plan, &view, &context).is_ok()));
    handle.interrupt();
    for plan in plans {
        let stopped = execute(&plan, &view, &context).unwrap_err();
        assert_eq!(stopped.kind(), ErrorKind::Interrupted, "{:?}", plan.verb);
    }
}
