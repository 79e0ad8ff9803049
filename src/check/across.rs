//! Rules over two years of one body: XY-*, T4-PLAUS.

use serde::Deserialize;

use super::{
    Sheet, Wanted,
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
    /// What its prose says; empty where nobody looked.
    pub claims: &'a [Claim],
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

/// Runs the rules over two years, on the figures and what the prose claims. Without a report of the year before none of them speaks.
pub fn years(
    previous: Option<Previous<'_>>,
    sheet: &Sheet,
    claims: &[Claim],
    year: Year,
    wanted: Wanted,
    sink: &mut impl FnMut(Outcome),
) {
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
    identities_across(previous.sheet, sheet, year, wanted, &mut excused);
    let asked = |id: &str| rule(id).filter(|_| wanted.has_id(id));
    if let Some(rule) = asked("XY-JUMP") {
        jumps(rule, previous.sheet, sheet, &mut excused);
    }
    if let Some(rule) = asked("XY-CLONE") {
        excused(clone(rule, previous, sheet, claims));
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

/// How alike two texts are worded, in per cent by their sketches, give or take five; nothing where one has none.
#[must_use]
pub fn wording(one: &[Claim], other: &[Claim]) -> Option<u32> {
    let sketch = |claims: &[Claim]| {
        let says = &claims.iter().find(|claim| claim.about == Claim::WORDING)?.says;
        let digits: Option<Vec<u32>> = says.chars().map(|digit| digit.to_digit(16)).collect();
        Some(digits?.chunks(2).map(<[u32]>::to_vec).collect::<Vec<_>>())
    };
    let (one, other) = (sketch(one)?, sketch(other)?);
    let all = u32::try_from(one.len()).ok().filter(|&all| all > 0 && one.len() == other.len())?;
    let equal = u32::try_from(one.iter().zip(&other).filter(|(one, other)| one == other).count()).ok()?;
    // One byte in 256 is the same by chance. Rounded to the nearest.
    let (above, below) = ((equal * 256).saturating_sub(all), all * 255);
    Some((above * 200 + below) / (below * 2))
}

/// XY-CLONE: every figure of the year before once more. How alike the texts are is told, and judged by nobody.
fn clone(rule: &'static Rule, previous: Previous<'_>, sheet: &Sheet, claims: &[Claim]) -> Outcome {
    let least =
        rule.machine.get("least").and_then(serde_json::Value::as_u64).and_then(|least| u32::try_from(least).ok());
    let least = least.unwrap_or(u32::MAX);
    let likeness = likeness(previous.sheet, sheet);
    let copied = likeness.is_copy(least);
    let wording = wording(previous.claims, claims).map(|percent| format!("wording {percent}%"));
    let status = match (copied, likeness.of < least, &wording) {
        (true, ..) => Status::Fail,
        (false, true, None) => return Outcome::new(rule, Status::NotApplicable),
        (false, ..) => Status::Pass,
    };
    let mut outcome = Outcome::new(rule, status);
    if copied {
        let cells: Vec<CellRef> =
            sheet.cells().filter(|(_, reading)| is_figure(*reading)).map(|(slot, _): (Slot, _)| slot).collect();
        outcome = outcome.about(cells);
    }
    outcome.text = wording;
    outcome.printed = Some(Figure::count(likeness.equal.into()));
    outcome.computed = Some(Figure::count(likeness.of.into()));
    outcome
}

fn is_figure(reading: crate::model::Reading) -> bool {
    reading.value().is_some_and(|quantity| quantity.units() != 0)
}

/// The outcomes of the rules over two years for two reports of one body.
#[must_use]
pub fn between(previous: &Report, report: &Report, changes: &[Change]) -> Vec<Outcome> {
    let (before, now) = (Sheet::of(previous), Sheet::of(report));
    let mut outcomes = Vec::new();
    if report.year.previous() == Some(previous.year) && report.body.id == previous.body.id {
        let excuse = excuse(changes, &report.body.id, report.year);
        let pair = Some(Previous { sheet: &before, claims: &previous.claims, excuse });
        years(pair, &now, &report.claims, report.year, Wanted::ALL, &mut |outcome| outcomes.push(outcome));
    }
    outcomes
}
