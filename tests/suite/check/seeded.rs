//! The seeded-error experiment: consistent figures, one or two cells changed, and the question whether the
//! findings name just these cells.
//!
//! CI runs 600 cases; `GONGKAI_SEEDED=20000` runs as many as it says. The generator is a counter through a
//! hash, so that every run sees the same cases.

use gongkai::{
    check::{Sheet, findings, locate},
    model::{Applicant, CategoryCode, Reading, Report, Slot, Status, Table, Template},
    schema::catalogue,
};
use proptest::prelude::*;

use super::fixture;

/// A small deterministic generator (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

/// A report whose table 3 is consistent: leaves by chance, mostly 0 as in life, sums by addition.
pub fn consistent(dice: &mut Dice, template: Template) -> Report {
    let mut report = fixture::report(template, "");
    let leaves: Vec<CategoryCode> = catalogue()
        .printed(Table::T3, template)
        .filter(|category| category.id.starts_with("outcome.") && category.id != "outcome.total")
        .map(|category| category.code)
        .collect();
    let code = |id: &str| catalogue().by_id(id).unwrap().code;
    let (new, carried_in) = (code("requests.new"), code("requests.carried_in"));
    let (total, carried_out) = (code("outcome.total"), code("requests.carried_out"));
    let mut sums = std::collections::BTreeMap::<CategoryCode, i64>::new();
    for applicant in Applicant::PARTS {
        let largest = if applicant == Applicant::Natural { 400 } else { 12 };
        let mut concluded = 0;
        for &leaf in &leaves {
            let count = if dice.roll(3) == 0 { i64::try_from(dice.roll(largest)).unwrap() } else { 0 };
            put(&mut report, Slot::of(leaf, applicant), count);
            *sums.entry(leaf).or_default() += count;
            concluded += count;
        }
        let out = i64::try_from(dice.roll(9)).unwrap();
        let carried = i64::try_from(dice.roll(9)).unwrap().min(concluded + out);
        for (row, count) in
            [(total, concluded), (carried_out, out), (carried_in, carried), (new, concluded + out - carried)]
        {
            put(&mut report, Slot::of(row, applicant), count);
            *sums.entry(row).or_default() += count;
        }
    }
    for (row, sum) in sums {
        put(&mut report, Slot::of(row, Applicant::Total), sum);
    }
    report
}

fn put(report: &mut Report, slot: Slot, count: i64) {
    let cell = report.cells.iter_mut().find(|cell| cell.slot == slot).unwrap();
    cell.reading = Reading::count(count);
    cell.raw = count.to_string();
}

fn count(report: &Report, slot: Slot) -> i64 {
    report.cell(slot).unwrap().reading.value().unwrap().units()
}

/// A wrong number as people and scanners make them: a digit lost, doubled, swapped or changed, or another number.
fn misprint(dice: &mut Dice, right: i64) -> i64 {
    let digits = right.to_string();
    let wrong = match dice.roll(5) {
        0 => digits.get(1..).and_then(|rest| rest.parse().ok()).unwrap_or(0),
        1 => format!("{digits}{}", dice.roll(10)).parse().unwrap(),
        2 => digits.chars().rev().collect::<String>().parse().unwrap(),
        3 => right + i64::try_from(dice.roll(9)).unwrap() + 1,
        _ => i64::try_from(dice.roll(100)).unwrap(),
    };
    if wrong == right { right + 1 } else { wrong }
}

/// One case: the report with errors, and where they are with their excess.
fn case(seed: u64) -> (Report, Vec<(Slot, i64)>) {
    let mut dice = Dice(seed);
    let template = *dice.one(&[Template::Form2019, Template::Form2021, Template::Form2021]);
    let mut report = consistent(&mut dice, template);
    let slots: Vec<Slot> = report.cells.iter().map(|cell| cell.slot).filter(|slot| slot.applicant.is_some()).collect();
    let mut errors: Vec<(Slot, i64)> = Vec::new();
    for _ in 0..=dice.roll(2) {
        let slot = *dice.one(&slots);
        if errors.iter().all(|(other, _)| *other != slot) {
            let right = count(&report, slot);
            let wrong = misprint(&mut dice, right);
            put(&mut report, slot, wrong);
            errors.push((slot, wrong - right));
        }
    }
    (report, errors)
}

/// Whether the figures determine the errors: one error always does; two do unless they are equally large,
/// for then the other two corners of their rectangle explain the sums as well.
fn determined(errors: &[(Slot, i64)]) -> bool {
    match errors {
        [(_, one), (_, other)] => one.abs() != other.abs(),
        _ => true,
    }
}

#[test]
fn findings_name_the_wrong_cells() {
    let cases: u64 = std::env::var("GONGKAI_SEEDED").ok().and_then(|cases| cases.parse().ok()).unwrap_or(600);
    let (mut asked, mut named, mut caught) = (0_u64, 0_u64, 0_u64);
    for seed in 0..cases {
        let (report, errors) = case(seed);
        let failed: Vec<_> = findings(&report).into_iter().filter(|finding| finding.status == Status::Fail).collect();
        caught += u64::from(!failed.is_empty());
        if !determined(&errors) {
            continue;
        }
        asked += 1;
        // Every wrong cell stands first in a finding that says what it suspects, and no right cell does.
        let suspected: Vec<Slot> = failed
            .iter()
            .filter_map(|finding| finding.text.as_deref().map(|text| (finding, text.matches(" -> ").count())))
            .flat_map(|(finding, count)| finding.cells.iter().take(count).copied())
            .collect();
        let all = errors.iter().all(|(slot, _)| suspected.contains(slot));
        let only = suspected.iter().all(|slot| errors.iter().any(|(wrong, _)| wrong == slot));
        named += u64::from(all && only);
    }
    eprintln!("{cases} cases: {caught} caught, {asked} determined, {named} named");
    assert!(named * 100 >= asked * 95, "{named} of {asked} named");
    assert!(caught * 100 >= cases * 99, "{caught} of {cases} caught");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Consistent figures give no failure, and no cell is suspected.
    #[test]
    fn consistent_figures_hold(seed in any::<u64>(), new_form in any::<bool>()) {
        let template = if new_form { Template::Form2021 } else { Template::Form2019 };
        let report = consistent(&mut Dice(seed), template);
        prop_assert_eq!(findings(&report), []);
        prop_assert_eq!(locate(&Sheet::of(&report)), []);
    }

    /// One error, whatever its size, is found at its cell with the value that was there before.
    #[test]
    fn one_error_is_mended(seed in any::<u64>(), at in any::<prop::sample::Index>(), wrong in 0_i64..5_000) {
        let report = consistent(&mut Dice(seed), Template::Form2021);
        let slots: Vec<Slot> = report.cells.iter().map(|cell| cell.slot).filter(|slot| slot.applicant.is_some()).collect();
        let slot = slots[at.index(slots.len())];
        let right = count(&report, slot);
        prop_assume!(wrong != right);
        let mut broken = report;
        put(&mut broken, slot, wrong);
        let suspects = locate(&Sheet::of(&broken));
        prop_assert_eq!(suspects.len(), 1);
        prop_assert_eq!((suspects[0].slot, suspects[0].corrected), (slot, i128::from(right)));
    }

    /// Blanking cells never turns a holding report into a failing one.
    #[test]
    fn blanks_never_fail(seed in any::<u64>(), holes in prop::collection::vec(any::<prop::sample::Index>(), 1..40)) {
        let mut report = consistent(&mut Dice(seed), Template::Form2021);
        let cells = report.cells.len();
        for hole in holes {
            let cell = &mut report.cells[hole.index(cells)];
            cell.reading = Reading::Blank { proved_zero: false };
            cell.raw.clear();
        }
        prop_assert!(findings(&report).iter().all(|finding| finding.status != Status::Fail));
    }

    /// What a sheet over an accessor says is what a sheet of the report says.
    #[test]
    fn an_accessor_is_as_good_as_a_report(seed in any::<u64>()) {
        let (report, _) = case(seed);
        let mut sheet = Sheet::new();
        sheet.fill(report.templates, |slot| report.cell(slot).map(|cell| cell.reading));
        prop_assert_eq!(locate(&sheet), locate(&Sheet::of(&report)));
        prop_assert_eq!(sheet.cells().collect::<Vec<_>>(), Sheet::of(&report).cells().collect::<Vec<_>>());
    }
}
