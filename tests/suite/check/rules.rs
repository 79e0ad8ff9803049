//! Rules on figures whose right result is worked out by hand.

use super::fixture::{report, sheet, slot, without};
use gongkai::check::*;
use gongkai::model::{Applicant, BodyKind, Decision, Finding, Slot, Status, Table, Template};

const FORM: Template = Template::Form2021;

/// 万柏林区 2024: every identity of table 3 and 4 holds.
const WANBAILIN: &str = "
    requests.new: 96 4 0 0 0 0 100
    requests.carried_in: 10 0 0 0 0 0 10
    outcome.granted: 7 2 0 0 0 0 9
    outcome.partial: 10 1 0 0 0 0 11
    outcome.refused.third_party: 1 0 0 0 0 0 1
    outcome.refused.enforcement_file: 1 0 0 0 0 0 1
    outcome.unavailable.not_held: 76 1 0 0 0 0 77
    outcome.other.no_correction: 1 0 0 0 0 0 1
    outcome.total: 96 4 0 0 0 0 100
    requests.carried_out: 10 0 0 0 0 0 10
    review: 10 0 1 1 12
    litigation.direct: 1 0 1 2 4
    litigation.after_review: 7 0 1 0 8
    proactive.normative_documents.issued: 4
    proactive.normative_documents.repealed: 2
    proactive.normative_documents.in_force: 11
    proactive.fees.amount: 803";

fn changed(line: &str) -> String {
    let id = line.split(':').next().unwrap();
    let kept: Vec<&str> = WANBAILIN.lines().filter(|row| !row.trim().starts_with(&format!("{id}:"))).collect();
    format!("{}\n{line}", kept.join("\n"))
}

fn of(findings: &[Finding], rule: &str) -> Vec<(Status, String, String)> {
    let text = |figure: &Option<String>| figure.clone().unwrap_or_default();
    findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| (finding.status, text(&finding.printed), text(&finding.computed)))
        .collect()
}

#[test]
fn a_consistent_report_gives_no_finding() {
    let report = report(FORM, WANBAILIN);
    assert_eq!(findings(&report), []);
    let tally = tally(&within(&report));
    assert_eq!((tally.failures(), tally.blank, tally.unassessable, tally.key()), (0, 0, 0, "verdict.holds"));
}

#[test]
fn totals_printed_as_zero() {
    // 洪泽区 2023: 复议 10 1 0 0, 总计 0; 复议后起诉 5 0 0 0, 总计 0.
    let findings = findings(&report(FORM, "review: 10 1 0 0 0\nlitigation.after_review: 5 0 0 0 0"));
    assert_eq!(of(&findings, "T4-REV"), [(Status::Fail, "0".into(), "11".into())]);
    assert_eq!(of(&findings, "T4-AFT"), [(Status::Fail, "0".into(), "5".into())]);
    // Litigation after reconsideration needs the year before: not judged here.
    assert!(of(&findings, "T4-PLAUS").is_empty());
    // 金湖县 2023: 未经复议 2 0 1 0, 总计 0.
    let findings = gongkai::check::findings(&report(FORM, "litigation.direct: 2 0 1 0 0"));
    assert_eq!(of(&findings, "T4-DIR"), [(Status::Fail, "0".into(), "3".into())]);
}

#[test]
fn a_row_total_printed_as_zero() {
    // 会仪镇 2021: 一: 0 0 0 0 1 0, 总计 0. One request, granted and counted everywhere else.
    let findings = findings(&report(
        FORM,
        "requests.new: 0 0 0 0 1 0 0\noutcome.granted: 0 0 0 0 1 0 1\noutcome.total: 0 0 0 0 1 0 1",
    ));
    let total = slot("requests.new[total]");
    assert_eq!(of(&findings, "T3-ROW"), [(Status::Fail, "0".into(), "1".into())]);
    assert_eq!(of(&findings, "T3-BAL"), [(Status::Fail, "0".into(), "1".into())]);
    for finding in &findings {
        assert_eq!(finding.cells.first(), Some(&total), "{finding:?}");
        assert_eq!(finding.text.as_deref(), Some("requests.new[total]: 0 -> 1"));
    }
}

#[test]
fn a_total_that_its_rows_do_not_give() {
    // 平潭 2020: 三（七） prints 20 … 21, the rows add up to 26 … 27; 一+二 = 三（七）+四 holds as printed.
    let findings = findings(&report(
        FORM,
        "requests.new: 20 0 0 0 0 1 21\noutcome.granted: 26 0 0 0 0 1 27\noutcome.total: 20 0 0 0 0 1 21",
    ));
    assert_eq!(
        of(&findings, "T3-TOTAL"),
        [(Status::Fail, "20".into(), "26".into()), (Status::Fail, "21".into(), "27".into())]
    );
    assert!(of(&findings, "T3-BAL").is_empty() && of(&findings, "T3-ROW").is_empty());
}

#[test]
fn a_crossing_names_the_cell() {
    // 不掌握 / 自然人 prints 67 for 76: its row and its column both miss 9.
    let findings = findings(&report(FORM, &changed("outcome.unavailable.not_held: 67 1 0 0 0 0 77")));
    let failed: Vec<_> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(failed, ["T3-TOTAL", "T3-ROW"]);
    for finding in &findings {
        assert_eq!(finding.cells.first(), Some(&slot("outcome.unavailable.not_held[natural]")));
        assert_eq!(finding.text.as_deref(), Some("outcome.unavailable.not_held[natural]: 67 -> 76"));
    }
}

#[test]
fn two_columns_with_opposite_differences_are_a_shifted_value() {
    // 部分公开: the 1 of 商业企业 stands under 科研机构. Its row still adds up.
    let sheet = sheet(FORM, &changed("outcome.partial: 10 0 1 0 0 0 11"));
    let mut suspects: Vec<Slot> = locate(&sheet).into_iter().map(|suspect| suspect.slot).collect();
    suspects.sort_unstable();
    assert_eq!(suspects, [slot("outcome.partial[commercial]"), slot("outcome.partial[research]")]);
}

#[test]
fn blanks_are_not_zero() {
    // 新收: blanks where zeros belong. The row holds only if they are; the columns as well.
    let rows = changed("requests.new: 96 4 . . . . 100");
    let finding = |rule: &str| {
        let findings = findings(&report(FORM, &rows));
        findings.into_iter().find(|finding| finding.rule == rule).unwrap()
    };
    assert_eq!(finding("T3-ROW").status, Status::PassIfBlankIsZero);
    assert_eq!(finding("T3-ROW").cells.len(), 4);
    assert_eq!(finding("T3-BAL").status, Status::PassIfBlankIsZero);
    assert_eq!((finding("S-BLANK").status, finding("S-BLANK").printed), (Status::PassIfBlankIsZero, Some("4".into())));
    // A blank that would have to be 4 cannot be told.
    let findings = findings(&report(FORM, &changed("requests.new: 96 / 0 0 0 0 100")));
    assert_eq!(of(&findings, "T3-ROW"), [(Status::Unassessable, String::new(), String::new())]);
    assert!(!findings.iter().any(|finding| finding.status == Status::Fail));
}

#[test]
fn what_cannot_be_read_cannot_be_judged() {
    let findings = findings(&report(FORM, &changed("requests.new: 96 ? 0 0 0 0 100")));
    for rule in ["T3-ROW", "T3-BAL", "S-INT"] {
        assert_eq!(of(&findings, rule), [(Status::Unassessable, String::new(), String::new())], "{rule}");
    }
    assert!(!findings.iter().any(|finding| finding.status == Status::Fail));
}

#[test]
fn a_table_that_is_not_there_is_not_wrong() {
    let report = without(report(FORM, WANBAILIN), Table::T4);
    let outcomes = within(&report);
    let status = |id: &str| outcomes.iter().find(|outcome| outcome.rule.id == id).unwrap().status;
    assert_eq!([status("T4-REV"), status("T4-DIR"), status("T4-AFT")], [Status::NotApplicable; 3]);
    assert_eq!(status("S-TMPL"), Status::Unassessable);
    assert_eq!(status("T3-BAL"), Status::Pass);
}

#[test]
fn the_2019_form_has_its_own_cells() {
    let rows = "requests.new: 3 0 0 0 0 0 3\noutcome.granted: 1 0 0 0 0 0 1\noutcome.other: 2 0 0 0 0 0 2
                outcome.total: 3 0 0 0 0 0 3\nproactive.regulations.newly_published: 2";
    let mut report = report(Template::Form2019, rows);
    report.body.kind = BodyKind::Town;
    let findings = findings(&report);
    // T2-PUB: 2 newly published of 0 published. T2-REG: a town makes no rules.
    assert_eq!(of(&findings, "T2-PUB"), [(Status::Fail, "2".into(), "0".into())]);
    assert_eq!(of(&findings, "T2-REG"), [(Status::Fail, "2".into(), "0".into())]);
    assert_eq!(findings.len(), 2);
}

#[test]
fn a_printed_subtotal_is_tested_and_does_not_spoil_the_total() {
    // （三）不予公开 prints 3 in the total column where its rows give 2.
    let findings = findings(&report(FORM, &changed("outcome.refused: 2 0 0 0 0 0 3")));
    assert_eq!(of(&findings, "T3-SUB"), [(Status::Fail, "3".into(), "2".into())]);
    assert_eq!(
        of(&findings, "T3-TOTAL"),
        [(Status::Pass, "100".into(), "100".into())],
        "holds on the recomputed subtotal"
    );
}

#[test]
fn table_two_and_fees() {
    let findings = findings(&report(FORM, &changed("proactive.normative_documents.in_force: 1")));
    // 4 issued, 1 in force, 2 repealed.
    assert_eq!(of(&findings, "T2-LE"), [(Status::Fail, "4".into(), "3".into())]);
    let mut early = report(FORM, &changed("outcome.other.fee_unpaid: 0 0 0 0 0 0 0"));
    early.year = gongkai::model::Year::new(2020).unwrap();
    assert!(of(&gongkai::check::findings(&early), "L-FEE").is_empty());
    let mut early = report(
        FORM,
        "requests.new: 1 0 0 0 0 0 1\noutcome.other.fee_unpaid: 1 0 0 0 0 0 1\noutcome.total: 1 0 0 0 0 0 1",
    );
    assert!(of(&gongkai::check::findings(&early), "L-FEE").is_empty(), "2024 may have them");
    early.year = gongkai::model::Year::new(2020).unwrap();
    assert_eq!(of(&gongkai::check::findings(&early), "L-FEE").len(), 2, "natural persons and the total");
}

#[test]
fn odd_number_forms_and_mixtures_are_notes() {
    let mut report = report(FORM, &changed("outcome.refused.process: 0 0 0 0 0 0 0"));
    let at = report.cells.iter().position(|cell| cell.slot == slot("outcome.refused.process[other_org]")).unwrap();
    report.cells[at].raw = "00".to_owned();
    report.templates.t2 = Some(Template::Form2019);
    let findings = findings(&report);
    let form = findings.iter().find(|finding| finding.rule == "S-FORM").unwrap();
    assert_eq!((form.status, form.text.as_deref()), (Status::Pass, Some("00")));
    assert_eq!(form.cells, [slot("outcome.refused.process[other_org]")]);
    let mixed = findings.iter().find(|finding| finding.rule == "S-TMPL").unwrap();
    assert_eq!((mixed.status, mixed.text.as_deref()), (Status::Pass, Some("2019 / 2021 / 2021")));
}

#[test]
fn deadlines_of_governments_and_departments() {
    let mut report = report(FORM, WANBAILIN);
    let status = |report: &gongkai::model::Report, id: &str| {
        within(report).into_iter().find(|outcome| outcome.rule.id == id).unwrap().status
    };
    for (published, due) in [("2025-03-31", Status::Pass), ("2025-04-01", Status::Fail)] {
        report.published = Some(published.to_owned());
        assert_eq!((status(&report, "D-GOV"), status(&report, "D-DEPT")), (due, Status::NotApplicable));
    }
    report.body.kind = BodyKind::Department;
    assert_eq!((status(&report, "D-GOV"), status(&report, "D-DEPT")), (Status::NotApplicable, Status::Fail));
    report.published = Some("2025-01-31".to_owned());
    assert_eq!(status(&report, "D-DEPT"), Status::Pass);
    report.published = None;
    assert_eq!(status(&report, "D-DEPT"), Status::Unassessable);
    assert_eq!(findings(&report), [], "no date, no news");
    report.body.kind = BodyKind::Town;
    assert_eq!(status(&report, "D-DEPT"), Status::NotApplicable);
}

#[test]
fn the_year_before() {
    let before = report(
        FORM,
        "requests.carried_out: 7 1 0 0 0 0 8\nrequests.new: 7 1 0 0 0 0 8
        proactive.normative_documents.in_force: 9\nreview: 10 1 0 0 0\nproactive.licences.decisions: 550",
    );
    let mut now = report(
        FORM,
        "requests.carried_in: 7 0 0 0 0 0 7\noutcome.total: 7 0 0 0 0 0 7\noutcome.granted: 7 0 0 0 0 0 7
        proactive.normative_documents.issued: 4\nproactive.normative_documents.repealed: 2
        proactive.normative_documents.in_force: 12\nlitigation.after_review: 3 0 0 0 3\nreview: 2 0 0 0 2
        proactive.licences.decisions: 9487",
    );
    let mut before = before;
    before.year = now.year.previous().unwrap();
    let outcomes = between(&before, &now, &[]);
    let figures = |id: &str, status: Status| {
        outcomes
            .iter()
            .filter(|outcome| outcome.rule.id == id && outcome.status == status)
            .map(|outcome| (outcome.printed.unwrap().units, outcome.computed.unwrap().units))
            .collect::<Vec<_>>()
    };
    assert_eq!(figures("XY-CARRY", Status::Fail), [(7, 8)]);
    assert_eq!(figures("XY-CARRY-COL", Status::Fail), [(0, 1)]);
    assert_eq!(figures("XY-CARRY-COL", Status::Pass).len(), 5);
    // 9 + 4 - 2 = 11.
    assert_eq!(figures("XY-STOCK", Status::Fail), [(12, 11)]);
    assert_eq!(figures("XY-JUMP", Status::Fail), [(9487, 550)]);
    // 3 > 2 + 0 as printed; with last year's total recomputed 3 <= 2 + 11.
    assert_eq!(figures("T4-PLAUS", Status::Pass), [(3, 13)]);
    assert!(outcomes.iter().any(|outcome| outcome.rule.id == "T4-PLAUS" && outcome.cascade));
    // Excused where the area changed.
    let change = gongkai::schema::Change {
        year: 2024,
        kind: "territory changed".into(),
        old_code: "140109".into(),
        new_code: "140109".into(),
        series_break: true,
        document: "国函〔2024〕1号".into(),
    };
    let excused = between(&before, &now, std::slice::from_ref(&change));
    assert!(!excused.iter().any(|outcome| outcome.status == Status::Fail));
    assert!(excused.iter().any(|outcome| outcome.text.as_deref() == Some("国函〔2024〕1号")));
    now.year = gongkai::model::Year::new(2022).unwrap();
    assert!(between(&before, &now, &[]).is_empty(), "not the year before");
}

#[test]
fn a_copy_of_last_year() {
    let now = report(FORM, WANBAILIN);
    let mut before = now.clone();
    before.year = now.year.previous().unwrap();
    let clone = |before: &gongkai::model::Report, now: &gongkai::model::Report| {
        between(before, now, &[]).into_iter().find(|outcome| outcome.rule.id == "XY-CLONE").unwrap().status
    };
    assert_eq!(clone(&before, &now), Status::Fail);
    let other = report(FORM, &changed("proactive.fees.amount: 803.5"));
    assert_eq!(clone(&before, &other), Status::Pass);
    let empty = report(FORM, "requests.new: 1 0 0 0 0 0 1");
    let mut same = empty.clone();
    same.year = empty.year.previous().unwrap();
    assert_eq!(clone(&same, &empty), Status::NotApplicable, "two figures prove nothing");
}

#[test]
fn wording_of_last_year_is_told_in_per_cent() {
    // 64 bytes, of which so many are those of the other sketch.
    let sketch = |equal: usize, other: &str| gongkai::model::Claim {
        about: "wording".into(),
        says: "a0".repeat(equal) + &other.repeat(64 - equal),
        sentence: String::new(),
        place: gongkai::text::Place::default(),
    };
    let alike = |equal: usize| wording(&[sketch(64, "")], &[sketch(equal, "1b")]);
    // 48 of 64 are 75 %, of which one byte in 256 is chance: (0.75 - 0.0039) / 0.9961 = 74.9 %.
    assert_eq!([alike(64), alike(48), alike(0)], [Some(100), Some(75), Some(0)]);
    assert_eq!(wording(&[sketch(64, "")], &[]), None);
    let (mut before, mut now) = (report(FORM, WANBAILIN), report(FORM, WANBAILIN));
    before.year = now.year.previous().unwrap();
    (before.claims, now.claims) = (vec![sketch(64, "")], vec![sketch(48, "1b")]);
    let told = between(&before, &now, &[]).into_iter().find(|outcome| outcome.rule.id == "XY-CLONE").unwrap();
    assert_eq!((told.status, told.text.as_deref()), (Status::Fail, Some("wording 75%")));
}

#[test]
fn a_government_and_its_bodies() {
    let government: gongkai::model::BodyId = "140109".parse().unwrap();
    let office = government.below("人民政府办公室").unwrap();
    let town = government.below("街道/千峰街道".split('/').next().unwrap()).unwrap().below("千峰街道").unwrap();
    let tax = government.below("税务局").unwrap();
    let other: gongkai::model::BodyId = "140110".parse().unwrap();
    let bodies = [
        (&government, BodyKind::Government),
        (&office, BodyKind::Office),
        (&town, BodyKind::Subdistrict),
        (&tax, BodyKind::Vertical),
        (&other, BodyKind::Government),
    ];
    assert_eq!(constituents(&government, &bodies), [&office, &town]);
    let city: gongkai::model::BodyId = "140100".parse().unwrap();
    assert_eq!(constituents(&city, &bodies), [&government, &other], "each district once, by its aggregate");

    let whole = sheet(FORM, "requests.new: 5 0 0 0 0 0 5\nreview: 1 0 0 0 1");
    let one = sheet(FORM, "requests.new: 3 0 0 0 0 0 3\nreview: 1 0 0 0 1");
    let two = sheet(FORM, "requests.new: 2 1 0 0 0 0 3");
    let run = |scope, complete| {
        let mut outcomes = Vec::new();
        let parts = [(&office, &one), (&town, &two)];
        levels(Whole { sheet: &whole, scope, complete }, &parts, &mut |outcome| outcomes.push(outcome));
        outcomes
    };
    let failed = |outcomes: &[Outcome], id: &str| {
        outcomes
            .iter()
            .filter(|outcome| outcome.rule.id == id && outcome.status == Status::Fail)
            .map(|outcome| (outcome.applicant, outcome.printed.unwrap().units, outcome.computed.unwrap().units))
            .collect::<Vec<_>>()
    };
    let outcomes = run(gongkai::model::Scope::Aggregate, true);
    // 5 natural persons = 3 + 2, but 0 companies against 1, and 5 in all against 6.
    let (companies, total) = (Some(Applicant::Commercial), Some(Applicant::Total));
    assert_eq!(failed(&outcomes, "XL-SUM"), [(companies, 0, 1), (total, 5, 6)]);
    assert_eq!(failed(&outcomes, "XL-GE"), [(companies, 0, 1), (total, 5, 6)]);
    let outcomes = run(gongkai::model::Scope::Aggregate, false);
    assert!(failed(&outcomes, "XL-SUM").is_empty() && failed(&outcomes, "XL-GE").len() == 2);
    for scope in [gongkai::model::Scope::Own, gongkai::model::Scope::Unknown] {
        assert!(run(scope, true).iter().all(|outcome| outcome.status == Status::NotApplicable));
    }
}

#[test]
fn a_verdict_stands_until_the_figures_change() {
    let broken = report(FORM, "review: 10 1 0 0 0");
    let found = findings(&broken);
    let verdict = Verdict {
        rule: "T4-REV".into(),
        body: broken.body.id.clone(),
        year: broken.year,
        decision: Decision::Explained,
        reason: "the form was filled before the total was known".into(),
        author: "审核员".into(),
        time: "2025-02-01T09:00:00Z".into(),
        figures_hash: figures_hash("T4-REV", &found),
    };
    let verdicts = [verdict];
    let standing = |report: &gongkai::model::Report| {
        gongkai::check::standing(&verdicts, "T4-REV", &report.body.id, report.year, &findings(report)).is_some()
    };
    assert!(standing(&broken));
    // Other cells may change; the judged ones may not.
    assert!(standing(&report(FORM, "review: 10 1 0 0 0\nproactive.fees.amount: 5")));
    assert!(!standing(&report(FORM, "review: 10 2 0 0 0")));
    assert!(!standing(&report(FORM, "review: 10 1 0 0 11")));
}

#[test]
fn rows_list_passes_too() {
    let report = report(FORM, WANBAILIN);
    let sheet = Sheet::of(&report);
    let case =
        Case { subject: Subject::of(&report), sheet: &sheet, report: Some(&report), previous: None, below: None };
    let rows = |word: &str| rows(&case, &gongkai::schema::rules_of(word));
    let balance = rows("T3-BAL");
    assert_eq!(balance.len(), 7);
    assert!(balance.iter().all(|row| row.status == Status::Pass));
    let total = balance.iter().find(|row| row.applicant == Some(Applicant::Total)).unwrap();
    assert_eq!((total.printed.as_deref(), total.computed.as_deref()), (Some("110"), Some("110")));
    // Every rule has at least one row, and a rule without its input says so.
    let all = rows("all");
    for rule in gongkai::schema::rules() {
        assert!(all.iter().any(|row| row.rule == rule.id), "{}", rule.id);
    }
    assert_eq!(rows("carry_over").iter().map(|row| row.status).collect::<Vec<_>>(), [Status::NotApplicable; 2]);
    assert!(all.is_sorted_by_key(|row| gongkai::schema::rules().iter().position(|rule| rule.id == row.rule)));
}
