//! What is decided by adding up columns is what the evaluator decides, report by report.

use std::collections::BTreeMap;

use gongkai::{
    model::{Amount, BodyKind, Quantity, Reading, Report, Template, Year},
    query::{
        Answer, Context, Field, execute,
        plan::{Dimension, Options, Place, Plan, Stage, Verb, Whose},
    },
    schema::rules_of,
    store::View,
};

use super::seeded::{Dice, consistent};

/// Forty bodies of one district over six years: most reports hold, some are spoilt in every way there is.
fn store(seed: u64) -> Vec<Report> {
    let mut dice = Dice(seed);
    let mut reports = Vec::new();
    for number in 0..40 {
        for year in 2019..=2024_u16 {
            if dice.roll(12) == 0 {
                continue;
            }
            let form = if year < 2021 { Template::Form2019 } else { Template::Form2021 };
            let mut report = consistent(&mut dice, form);
            report.year = Year::new(year).unwrap();
            report.body.id = format!("140109/机关{number:02}").parse().unwrap();
            report.body.kind = BodyKind::Department;
            match dice.roll(8) {
                0 => spoil(&mut report, &mut dice),
                1 => {
                    spoil(&mut report, &mut dice);
                    spoil(&mut report, &mut dice);
                }
                _ => {}
            }
            reports.push(report);
        }
    }
    reports
}

/// One cell in another state, a heading that prints a figure, a table that is lost or of the other form.
fn spoil(report: &mut Report, dice: &mut Dice) {
    let cells = u64::try_from(report.cells.len()).unwrap();
    let at = usize::try_from(dice.roll(cells)).unwrap();
    let cell = &mut report.cells[at];
    match dice.roll(9) {
        0 => cell.reading = Reading::Blank { proved_zero: dice.roll(2) == 0 },
        1 => cell.reading = Reading::NotApplicable,
        2 => cell.reading = Reading::Unreadable,
        3 => cell.reading = Reading::count(-7),
        4 => cell.reading = Reading::count(i64::MAX - i64::try_from(dice.roll(3)).unwrap()),
        5 => cell.reading = Reading::Value(Quantity::Money(Amount(12_345_678))),
        6 => {
            let heading = super::fixture::slot("outcome.refused[total]");
            let mut printed = report.cells[at].clone();
            (printed.slot, printed.reading) = (heading, Reading::count(i64::try_from(dice.roll(5)).unwrap()));
            report.cells.push(printed);
            report.cells.sort_by_key(|cell| cell.slot);
        }
        7 => match dice.roll(3) {
            0 => report.templates.t2 = None,
            1 => report.templates.t3 = Some(Template::Form2019),
            _ => report.templates.t4 = None,
        },
        _ => {
            report.cells.remove(at);
        }
    }
}

fn ask(view: &View, word: &str, by: &[Dimension], failed: bool) -> Answer {
    let plan = Plan {
        verb: Verb::Check(rules_of(word).iter().map(|rule| rule.id.clone()).collect()),
        whose: Whose { places: vec![Place::Below("140109".parse().unwrap())], ..Whose::default() },
        years: (2019..=2024).filter_map(Year::new).collect(),
        by: by.to_vec(),
        options: Options::default(),
        as_of: None,
        stages: if failed { vec![Stage::Failed] } else { Vec::new() },
    };
    execute(&plan, view, &Context::default()).unwrap()
}

const STATUSES: [&str; 5] = ["pass", "fail", "pass_if_blank_is_zero", "unassessable", "not_applicable"];

/// By body, year and rule how often each status came out, from the list of every result.
fn counted(rows: &Answer) -> Vec<String> {
    let mut counts: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    for row in &rows.rows {
        let Field::Item { id, .. } = &row[3] else { panic!("{row:?}") };
        let status = STATUSES.iter().position(|known| known == id).unwrap();
        counts.entry(format!("{:?} {:?} {:?}", row[0], row[1], row[2])).or_default()[status] += 1;
    }
    counts.into_iter().map(|(key, counts)| format!("{key} {counts:?}")).collect()
}

#[test]
fn columns_decide_what_the_evaluator_decides() {
    let (mut results, mut failures) = (0, 0);
    for seed in 0..6 {
        let view = View::of(1, store(seed));
        for word in ["identities", "carry_over", "stock", "plausibility", "form", "T3-BAL", "all"] {
            // A list of everything takes no short cut.
            let rows = ask(&view, word, &[], false);
            let by = [Dimension::Body, Dimension::Year, Dimension::Rule];
            let counts = ask(&view, word, &by, false);
            let mut told: Vec<String> = counts
                .rows
                .iter()
                .map(|row| {
                    let count = |field: &Field| if let Field::Whole(count) = field { *count } else { panic!() };
                    let counts: Vec<u64> = row[3..].iter().map(count).collect();
                    format!("{:?} {:?} {:?} {counts:?}", row[0], row[1], row[2])
                })
                .collect();
            told.sort();
            assert_eq!(told, counted(&rows), "{word} of store {seed}");
            assert_eq!(counts.failed, rows.failed);

            let fails = |row: &&Vec<Field>| matches!(&row[3], Field::Item { id, .. } if id == "fail");
            let expected: Vec<&Vec<Field>> = rows.rows.iter().filter(fails).collect();
            let failed = ask(&view, word, &[], true);
            assert_eq!(failed.rows.iter().collect::<Vec<_>>(), expected, "{word} of store {seed}");
            assert_eq!(failed.missing, rows.missing);
            results += rows.rows.len();
            failures += expected.len();
        }
    }
    assert!(results > 100_000 && failures > 1_000, "{results} results, {failures} failures: too few to tell");
}
