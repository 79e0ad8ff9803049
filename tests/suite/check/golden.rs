//! Golden cases of the rules: `tests/golden/check/RULE.txt`, one file a rule, several cases in a file.
//!
//! A case begins with `=== what it shows`, then the figures as printed, then after `---` what the rule
//! says in both languages. `UPDATE_GOLDEN=1` writes what it says now: read the difference, with a pencil.
//!
//! ```text
//! === 10 + 1 = 11, the total prints 0
//! review: 10 1 0 0 0
//! ---
//! fail 0 11 | review.total review.upheld review.corrected review.other review.pending
//!   reconsideration: the total prints 0, the four results add up to 11
//!   行政复议：总计填0，四种结果相加为11
//! ```

use std::{fmt::Write as _, fs, path::Path};

use gongkai::{
    check::{Case, Previous, Sheet, Subject, Whole, rows},
    messages::Lang,
    model::{BodyId, BodyKind, Claim, Finding, Report, Scope, Status, Table, Template, Year},
    render::words,
    schema::{rule, rules},
    text::Place,
};

use super::fixture;

#[test]
fn every_rule_says_what_its_golden_file_says() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    assert!(!(update && std::env::var_os("CI").is_some()), "UPDATE_GOLDEN is for people, not for CI");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/check");
    let mut wrong = Vec::new();
    for rule in rules() {
        let path = folder.join(format!("{}.txt", rule.id));
        let expected = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no golden file for {}", rule.id));
        let printed = play(&rule.id, &expected);
        if update {
            fs::write(&path, &printed).unwrap();
        } else if printed != expected {
            wrong.push(format!("{}:\n--- expected\n{expected}\n--- printed\n{printed}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_file_is_of_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/check");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(rule(path.file_stem().unwrap().to_str().unwrap()).is_some(), "{}", path.display());
    }
}

/// The file with what the rule says now.
fn play(rule: &str, file: &str) -> String {
    let mut printed = String::new();
    for case in file.split_inclusive('\n').collect::<Vec<_>>().chunk_by(|_, next| !next.starts_with("=== ")) {
        let case = case.concat();
        let figures = case.split("---\n").next().unwrap_or_default();
        printed.push_str(figures);
        if figures.starts_with("=== ") {
            printed.push_str("---\n");
            printed.push_str(&say(rule, figures));
        }
    }
    printed
}

/// What the rule says of the figures.
fn say(id: &str, figures: &str) -> String {
    let setting = Setting::read(figures);
    let now = Sheet::of(&setting.report);
    let before = setting.before.as_ref().map(Sheet::of);
    let below: Vec<(&BodyId, Sheet)> = setting.below.iter().map(|(body, report)| (body, Sheet::of(report))).collect();
    let parts: Vec<(&BodyId, &Sheet)> = below.iter().map(|(body, sheet)| (*body, sheet)).collect();
    let whole = Whole { sheet: &now, scope: setting.report.scope, complete: setting.complete };
    let case = Case {
        subject: Subject::of(&setting.report),
        sheet: &now,
        report: Some(&setting.report),
        previous: before.as_ref().map(|sheet| Previous {
            sheet,
            claims: setting.before.as_ref().map_or(&[][..], |report| &report.claims),
            excuse: setting.excuse.as_deref(),
        }),
        below: (!parts.is_empty()).then_some((whole, &parts)),
    };
    let mut said = String::new();
    let (mut passes, mut silent) = (0, 0);
    for row in rows(&case, &[rule(id).unwrap()]) {
        match (row.status, &row.text) {
            (Status::Pass, None) => passes += 1,
            (Status::NotApplicable, None) => silent += 1,
            _ => told(&row, &mut said),
        }
    }
    for (count, word) in [(passes, "pass"), (silent, "not_applicable")] {
        if count > 0 {
            writeln!(said, "{count} {word}").unwrap();
        }
    }
    said
}

fn told(row: &Finding, said: &mut String) {
    let dash = |figure: &Option<String>| figure.clone().unwrap_or_else(|| "-".to_owned());
    let cells: Vec<String> = row.cells.iter().map(|&cell| words::slot(cell)).collect();
    let status = row.status.id();
    let line = format!("{status} {} {} | {}", dash(&row.printed), dash(&row.computed), cells.join(" "));
    writeln!(said, "{}", line.trim_end()).unwrap();
    writeln!(said, "  {}", words::finding(Lang::En, row)).unwrap();
    writeln!(said, "  {}", words::finding(Lang::Zh, row)).unwrap();
}

/// What a case sets out.
struct Setting {
    report: Report,
    before: Option<Report>,
    below: Vec<(BodyId, Report)>,
    complete: bool,
    excuse: Option<String>,
}

impl Setting {
    fn read(figures: &str) -> Self {
        let mut sections: Vec<(&str, String)> = vec![("", String::new())];
        for line in figures.lines().skip(1) {
            match line.strip_prefix("-- ") {
                Some(name) => sections.push((name, String::new())),
                None => writeln!(sections.last_mut().unwrap().1, "{line}").unwrap(),
            }
        }
        let mut setting =
            Self { report: one(&sections[0].1), before: None, below: Vec::new(), complete: true, excuse: None };
        for (name, text) in &sections[1..] {
            if *name == "incomplete" {
                setting.complete = false;
            } else if *name == "year before" {
                setting.before = Some(one(text));
            } else if let Some(document) = name.strip_prefix("excused ") {
                setting.excuse = Some(document.to_owned());
            } else {
                setting.below.push((name.parse().unwrap(), one(text)));
            }
        }
        setting
    }
}

/// One report: rows of figures, and lines `KEY = VALUE` for what is not 万柏林区 2024 in the 2021 form.
fn one(text: &str) -> Report {
    let (keys, figures): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.contains(" = "));
    let key = |name: &str| {
        keys.iter().filter_map(|line| line.split_once(" = ")).find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let template = if key("form") == Some("2019") { Template::Form2019 } else { Template::Form2021 };
    let mut report = fixture::report(template, &figures.join("\n"));
    for line in keys {
        let (key, value) = line.split_once(" = ").unwrap();
        match key {
            "form" => {}
            "form of table 2" => report.templates.t2 = Some(Template::Form2019),
            "without" => report = fixture::without(report, if value == "t4" { Table::T4 } else { Table::T2 }),
            "body" => report.body.id = value.parse().unwrap(),
            "kind" => report.body.kind = kind(value),
            "year" => report.year = value.parse().ok().and_then(Year::new).unwrap(),
            "scope" => report.scope = if value == "own" { Scope::Own } else { Scope::Aggregate },
            "published" => report.published = (value != "-").then(|| value.to_owned()),
            _ => match key.strip_prefix("raw ") {
                Some(cell) => {
                    let slot = fixture::slot(cell);
                    report.cells.iter_mut().find(|cell| cell.slot == slot).unwrap().raw = value.to_owned();
                }
                None => {
                    let (says, sentence) = value.split_once(' ').unwrap_or((value, ""));
                    report.claims.push(Claim {
                        about: key.to_owned(),
                        says: says.to_owned(),
                        sentence: sentence.to_owned(),
                        place: Place { line: 1, column: 1 },
                    });
                }
            },
        }
    }
    report
}

fn kind(name: &str) -> BodyKind {
    match name {
        "department" => BodyKind::Department,
        "office" => BodyKind::Office,
        "town" => BodyKind::Town,
        "ministry" => BodyKind::Ministry,
        _ => BodyKind::Government,
    }
}
