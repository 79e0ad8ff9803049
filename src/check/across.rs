//! Rules over two years of one body: XY-*, T4-PLAUS.

use serde::Deserialize;

use super::{
    Sheet,
    evaluate::identities_across,
    layout::{At, layout},
    outcome::{Figure, Outcome},
};
use crate::{
    model::{Applicant, BodyId, CellRef, Claim, Quantity, Report, Slot, Status, Year},
    schema::{Change, Rule, catalogue, rule},
};

/// The report of the year before.
#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    /// Its figures.
    pub sheet: &'a Sheet,
    /// Why the two years cannot be held against each other, if so: the document that changed the area.
    pub excuse: Option<&'a str>,
}

/// The change of area that keeps the figures of a body apart from those of the year before, if there was one.
///
/// A merger, a split or a transfer under an unchanged code shows in no name; only the list of changes tells.
#[must_use]
pub fn excuse<'a>(changes: &'a [Change], body: &BodyId, year: Year) -> Option<&'a str> {
    let code = body.division();
    changes
        .iter()
        .find(|change| {
            let named = |codes: &str| codes.split(|c: char| !c.is_ascii_digit()).any(|one| one == code);
            change.series_break && change.year == year.number() && (named(&change.old_code) || named(&change.new_code))
        })
        .map(|change| if change.document.is_empty() { change.kind.as_str() } else { change.document.as_str() })
}

/// Runs every rule over two years. Without a report of the year before none of them speaks.
pub fn years(previous: Option<Previous<'_>>, sheet: &Sheet, year: Year, sink: &mut impl FnMut(Outcome)) {
    let Some(previous) = previous else { return };
    let mut excused = |mut outcome: Outcome| {
        if let Some(excuse) = previous.excuse
            && outcome.status == Status::Fail
        {
            outcome.status = Status::NotApplicable;
            outcome.text = Some(excuse.to_owned());
        }
        sink(outcome);
    };
    identities_across(previous.sheet, sheet, year, &mut excused);
    if let Some(rule) = rule("XY-JUMP") {
        jumps(rule, previous.sheet, sheet, &mut excused);
    }
    if let Some(rule) = rule("XY-CLONE") {
        excused(clone(rule, previous.sheet, sheet));
    }
}

#[derive(Deserialize)]
struct Jump {
    least: i128,
    factor: i128,
    of: Vec<String>,
}

/// XY-JUMP: a figure ten times as large, or a tenth, as the year before.
fn jumps(rule: &'static Rule, previous: &Sheet, sheet: &Sheet, sink: &mut impl FnMut(Outcome)) {
    let Ok(jump) = serde_json::from_value::<Jump>(rule.machine.clone()) else { return };
    for id in &jump.of {
        let Some(at) = catalogue().by_id(id).and_then(|category| layout().of(category.code, Applicant::Total)) else {
            continue;
        };
        let cells = layout().entry(at).map(|entry| vec![entry.slot]).unwrap_or_default();
        let mut outcome = Outcome::new(rule, Status::NotApplicable).about(cells);
        if let (Some(before), Some(now)) = (previous.number(at), sheet.number(at)) {
            let millionths = matches!(now, Quantity::Money(_));
            let unit = if millionths { i128::from(crate::model::Amount::PER_WAN) } else { 1 };
            let (before, now) = (i128::from(before.units()), i128::from(now.units()));
            if before.min(now) >= jump.least * unit {
                let jumps = now > before * jump.factor || now * jump.factor < before;
                outcome.status = if jumps { Status::Fail } else { Status::Pass };
                outcome.printed = Some(Figure { units: now, millionths });
                outcome.computed = Some(Figure { units: before, millionths });
            }
        }
        sink(outcome);
    }
}

/// How much two reports have in common, cell by cell. Zeros do not count: most cells of most reports are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Cells that are not 0 in both and equal.
    pub equal: u32,
    /// Cells that are not 0 in either.
    pub of: u32,
}

impl Likeness {
    /// Whether everything is equal and there is enough of it.
    #[must_use]
    pub fn is_copy(self, least: u32) -> bool {
        self.of >= least && self.equal == self.of
    }
}

/// How much the tables of two reports have in common.
#[must_use]
pub fn likeness(one: &Sheet, other: &Sheet) -> Likeness {
    let mut likeness = Likeness::default();
    for at in 0..layout().slots.len() {
        let Ok(at) = At::try_from(at) else { break };
        let number = |sheet: &Sheet| sheet.number(at).map_or(0, Quantity::units);
        let (one, other) = (number(one), number(other));
        if one != 0 || other != 0 {
            likeness.of += 1;
            likeness.equal += u32::from(one == other);
        }
    }
    likeness
}

/// How much the sentences with figures have in common, once digits are left out of account.
#[must_use]
pub fn wording_likeness(one: &[Claim], other: &[Claim]) -> Likeness {
    let sentences = |claims: &[Claim]| {
        let mut sentences: Vec<String> = claims
            .iter()
            .filter(|claim| !claim.about.starts_with("part.") && !claim.about.starts_with("year."))
            .map(|claim| claim.sentence.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect())
            .collect();
        sentences.sort();
        sentences.dedup();
        sentences
    };
    let (one, other) = (sentences(one), sentences(other));
    let equal = one.iter().filter(|sentence| other.binary_search(sentence).is_ok()).count();
    let of = one.len() + other.len() - equal;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Likeness { equal: number(equal), of: number(of) }
}

/// XY-CLONE: every figure of the year before once more.
fn clone(rule: &'static Rule, previous: &Sheet, sheet: &Sheet) -> Outcome {
    let least =
        rule.machine.get("least").and_then(serde_json::Value::as_u64).and_then(|least| u32::try_from(least).ok());
    let least = least.unwrap_or(u32::MAX);
    let likeness = likeness(previous, sheet);
    if likeness.of < least {
        return Outcome::new(rule, Status::NotApplicable);
    }
    if !likeness.is_copy(least) {
        return Outcome::new(rule, Status::Pass);
    }
    let cells: Vec<CellRef> =
        sheet.cells().filter(|(_, reading)| is_figure(*reading)).map(|(slot, _): (Slot, _)| slot).collect();
    let mut outcome = Outcome::new(rule, Status::Fail).about(cells);
    outcome.printed = Some(Figure::count(likeness.equal.into()));
    outcome.computed = Some(Figure::count(likeness.of.into()));
    outcome
}

fn is_figure(reading: crate::model::Reading) -> bool {
    reading.value().is_some_and(|quantity| quantity.units() != 0)
}

/// How many sentences with figures it takes before their likeness says anything.
const FEWEST_SENTENCES: u32 = 5;

/// A note where nine of ten sentences are those of the year before, but for their figures.
fn copied_wording(previous: &Report, report: &Report) -> Option<Outcome> {
    let likeness = wording_likeness(&previous.claims, &report.claims);
    if likeness.of < FEWEST_SENTENCES || likeness.equal * 10 < likeness.of * 9 {
        return None;
    }
    let mut outcome = Outcome::new(rule("XY-CLONE")?, Status::Pass);
    outcome.text = Some(format!("{}/{}", likeness.equal, likeness.of));
    Some(outcome)
}

/// The outcomes of the rules over two years for two reports of one body.
#[must_use]
pub fn between(previous: &Report, report: &Report, changes: &[Change]) -> Vec<Outcome> {
    let (before, now) = (Sheet::of(previous), Sheet::of(report));
    let mut outcomes = Vec::new();
    if report.year.previous() == Some(previous.year) && report.body.id == previous.body.id {
        let excuse = excuse(changes, &report.body.id, report.year);
        years(Some(Previous { sheet: &before, excuse }), &now, report.year, &mut |outcome| outcomes.push(outcome));
        outcomes.extend(copied_wording(previous, report));
    }
    outcomes
}
