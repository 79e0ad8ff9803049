//! Prose against tables: N-*. A claim agrees with the tables, or contradicts them, or speaks of something else.

use super::{
    Figure, Outcome, Sheet,
    layout::{At, layout},
    sheet::Sum,
};
use crate::{
    model::{Applicant, BodyKind, CellRef, Claim, Finding, Report, Scope, Slot, Status, Template},
    schema::{Rule, catalogue, rule},
};

/// What the prose says otherwise than the tables.
#[must_use]
pub fn narrative(report: &Report) -> Vec<Finding> {
    let sheet = Sheet::of(report);
    outcomes(report, &sheet)
        .iter()
        .filter(|outcome| !outcome.is_plain())
        .map(|outcome| outcome.finding_in(&sheet))
        .collect()
}

/// Every claim against the tables, passes included.
pub(super) fn outcomes(report: &Report, sheet: &Sheet) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // The claim that shares and parts refer to, and whether it agreed.
    let mut whole: Option<(&Claim, bool)> = None;
    for (at, claim) in report.claims.iter().enumerate() {
        match claim.about.as_str() {
            "percent" => {
                if let Some((part, agreed)) = whole {
                    outcomes.extend(share(report, sheet, part, agreed, claim));
                }
            }
            "part" => {}
            _ => {
                let outcome = compare(report, sheet, claim);
                whole = Some((claim, outcome.as_ref().is_none_or(|outcome| outcome.status == Status::Pass)));
                outcomes.extend(outcome);
                outcomes.extend(parts(claim, report.claims.get(at + 1..).unwrap_or_default()));
            }
        }
    }
    outcomes.extend(fee(report, sheet));
    outcomes
}

/// A value that a claim may mean, with the cells it is read from.
struct Meaning {
    sum: Sum,
    cells: Vec<CellRef>,
}

impl Meaning {
    /// Whether the claim says just this; nothing where cells are missing and it cannot be told.
    fn agrees(&self, says: i128) -> Option<bool> {
        match (self.sum.missing + self.sum.unreadable + self.sum.absent + self.sum.foreign, says - self.sum.units) {
            (_, 0) => Some(true),
            (0, _) => Some(false),
            // What is printed is already more than what is said.
            (_, less) if less < 0 && self.sum.unreadable == 0 => Some(false),
            _ => None,
        }
    }
}

/// One claim against the tables; nothing where it is not about a figure of the tables.
fn compare(report: &Report, sheet: &Sheet, claim: &Claim) -> Option<Outcome> {
    let (about, scoped) =
        claim.about.strip_suffix("@part").map_or((claim.about.as_str(), false), |about| (about, true));
    let rule = rule_for(about)?;
    let says: i128 = claim.says.parse().ok()?;
    let meanings = meanings(sheet, about);
    let first = meanings.first()?;
    let agreed: Vec<Option<bool>> = meanings.iter().map(|meaning| meaning.agrees(says)).collect();
    let mut outcome = Outcome::new(rule, Status::Pass);
    outcome.printed = Some(Figure::count(says));
    if let Some(meaning) =
        meanings.iter().zip(&agreed).find(|(_, agreed)| **agreed == Some(true)).map(|(meaning, _)| meaning)
    {
        // Which of the figures is meant: the cells say it.
        outcome.computed = Some(Figure::count(meaning.sum.units));
        return Some(outcome.about(meaning.cells.clone()));
    }
    outcome.computed = Some(Figure::count(first.sum.units));
    outcome.text = Some(claim.sentence.clone());
    outcome.place = Some(claim.place);
    outcome = outcome.about(first.cells.clone());
    if agreed.contains(&None) {
        outcome.status = Status::Unassessable;
        outcome.computed = None;
    } else if scoped && !speaks_for_itself(report) {
        // The office's own figure beside the table of the whole area: worth knowing, not a contradiction.
        outcome.rule = crate::schema::rule("N-SCOPE").unwrap_or(outcome.rule);
        outcome.status = Status::NotApplicable;
    } else {
        outcome.status = Status::Fail;
    }
    Some(outcome)
}

/// Whether the office a sentence names is the body that reports.
fn speaks_for_itself(report: &Report) -> bool {
    match report.scope {
        Scope::Own => true,
        Scope::Aggregate => false,
        Scope::Unknown => report.body.kind != BodyKind::Government,
    }
}

/// The rule that a claim falls under.
fn rule_for(about: &str) -> Option<&'static Rule> {
    let id = if about.starts_with("received") || about == "requests.new" {
        "N-NEW"
    } else if about == "handled" || about.starts_with("outcome.") || about.starts_with("requests.") {
        "N-OUT"
    } else if about.starts_with("review.") || about.starts_with("litigation.") || about == "legal.total" {
        "N-LEGAL"
    } else {
        return None;
    };
    rule(id)
}

/// What a claim may mean, the likeliest first. Empty where the report has no such table.
fn meanings(sheet: &Sheet, about: &str) -> Vec<Meaning> {
    let (base, column) =
        about.split_once('[').map_or((about, ""), |(base, column)| (base, column.trim_end_matches(']')));
    let sums: Vec<Vec<&str>> = match base {
        "received" => vec![vec!["requests.new"], vec!["requests.new", "requests.carried_in"]],
        "handled" => vec![vec!["outcome.total"], vec!["requests.new", "requests.carried_in"], vec!["requests.new"]],
        "legal.total" => vec![vec!["review.total", "litigation.total"]],
        other => vec![vec![other]],
    };
    sums.iter()
        .filter_map(|ids| meaning(sheet, ids, column))
        .flat_map(|meaning| [Some(meaning.0), meaning.1])
        .flatten()
        .collect()
}

/// The sum of some ids, and the same with totals that fail their own sum recomputed, where that differs.
fn meaning(sheet: &Sheet, ids: &[&str], column: &str) -> Option<(Meaning, Option<Meaning>)> {
    let mut slots: Vec<(Slot, bool)> = Vec::new();
    for id in ids {
        let (plus, minus) = match catalogue().virtuals.iter().find(|other| other.id == *id) {
            Some(sum) => (sum.plus.clone(), sum.minus.clone()),
            None => (vec![catalogue().by_id(id)?.code], Vec::new()),
        };
        for (code, negative) in
            plus.into_iter().map(|code| (code, false)).chain(minus.into_iter().map(|code| (code, true)))
        {
            match column {
                "" => {
                    let at = layout().of(code, Applicant::Total)?;
                    slots.push((layout().entry(at)?.slot, negative));
                }
                "organisations" => {
                    let parts = Applicant::PARTS.iter().filter(|&&part| part != Applicant::Natural);
                    slots.extend(parts.map(|&part| (Slot::of(code, part), negative)));
                }
                one => slots.push((Slot::of(code, Applicant::from_id(one)?), negative)),
            }
        }
    }
    let cells: Vec<CellRef> = slots.iter().map(|(slot, _)| *slot).collect();
    let (mut printed, mut recomputed) = (Sum::default(), Sum::default());
    for (slot, negative) in slots {
        let at = layout().at(slot)?;
        let table = layout().entry(at)?.table;
        sheet.templates().of(table)?;
        printed.add(total(sheet, at), negative);
        let failing = sheet.recomputed.iter().any(|(total, _)| *total == at);
        recomputed.add(if failing { sheet.settled(at) } else { total(sheet, at) }, negative);
    }
    let differs = recomputed.units != printed.units && !sheet.recomputed.is_empty();
    let other = differs.then(|| Meaning { sum: recomputed, cells: cells.clone() });
    Some((Meaning { sum: printed, cells }, other))
}

/// A value as printed; a total that is not printed is what its row adds up to.
fn total(sheet: &Sheet, at: At) -> Sum {
    let value = sheet.value(at);
    let gap = value.missing + value.absent;
    let Some(entry) = layout().entry(at).filter(|entry| gap > 0 && entry.slot.applicant == Some(Applicant::Total))
    else {
        return value;
    };
    let mut row = Sum::default();
    for part in Applicant::PARTS {
        if let Some(at) = layout().at(Slot::of(entry.slot.category, part)) {
            row.add(sheet.value(at), false);
        }
    }
    row
}

/// N-PARTS: parts listed in brackets after a number.
fn parts(claim: &Claim, after: &[Claim]) -> Option<Outcome> {
    let listed: Vec<i128> =
        after.iter().take_while(|claim| claim.about == "part").filter_map(|claim| claim.says.parse().ok()).collect();
    let says: i128 = claim.says.parse().ok()?;
    if listed.len() < 2 {
        return None;
    }
    let sum: i128 = listed.iter().sum();
    let mut outcome = Outcome::new(rule("N-PARTS")?, if sum == says { Status::Pass } else { Status::Fail });
    outcome.printed = Some(Figure::count(says));
    outcome.computed = Some(Figure::count(sum));
    if sum != says {
        outcome.text = Some(claim.sentence.clone());
        outcome.place = Some(claim.place);
    }
    Some(outcome)
}

/// Millionths of a per cent that a printed share may be off: 0.06, for shares rounded to one digit.
const TOLERANCE: i128 = 60_000;

/// N-PCT: the share of the claim before. Prose divides by what was concluded, or by what was received.
fn share(report: &Report, sheet: &Sheet, part: &Claim, agreed: bool, percent: &Claim) -> Option<Outcome> {
    let about = part.about.trim_end_matches("@part");
    let says = millionths(&percent.says)?;
    let units: i128 = part.says.parse().ok()?;
    let bases: &[&str] = if about.starts_with("review.") {
        &["review.total", "review.closed"]
    } else if about.starts_with("litigation.") {
        &["litigation.total", "litigation.closed"]
    } else if about.starts_with("received") || about.starts_with("requests.") {
        &["received"]
    } else {
        &["outcome.total", "received"]
    };
    let mut wholes: Vec<i128> =
        bases.iter().flat_map(|base| meanings(sheet, base)).map(|meaning| meaning.sum.units).collect();
    // The text may divide by its own figure.
    let named = |claim: &&Claim| {
        ["received", "handled", "outcome.total", "requests.new"].contains(&claim.about.trim_end_matches("@part"))
    };
    wholes.extend(report.claims.iter().filter(named).filter_map(|claim| claim.says.parse::<i128>().ok()));
    wholes.retain(|whole| *whole > 0);
    let first = *wholes.first()?;
    let right = |whole: i128| (says * whole - units * 100_000_000).abs() <= TOLERANCE * whole;
    let mut outcome = Outcome::new(rule("N-PCT")?, Status::Pass);
    outcome.printed = Some(Figure { units: says, millionths: true });
    // Two digits are enough to compare by eye.
    let hundredths = (units * 20_000 + first) / (2 * first);
    outcome.computed = Some(Figure { units: hundredths * 10_000, millionths: true });
    if !wholes.iter().any(|&whole| right(whole)) {
        // The share of a figure that is itself wrong says nothing new.
        outcome.status = if agreed { Status::Fail } else { Status::Unassessable };
        outcome.text = Some(percent.sentence.clone());
        outcome.place = Some(percent.place);
    }
    Some(outcome)
}

/// A plain decimal in millionths.
fn millionths(text: &str) -> Option<i128> {
    text.parse::<crate::model::Amount>().ok().map(|amount| amount.0.into())
}

/// N-FEE: reports in the 2021 form say in part six what was charged; they must where requests ended for want of payment.
fn fee(report: &Report, sheet: &Sheet) -> Option<Outcome> {
    let rule = rule("N-FEE")?;
    if sheet.templates().t3 != Some(Template::Form2021) || report.claims.is_empty() {
        return Some(Outcome::new(rule, Status::NotApplicable));
    }
    if report.claims.iter().any(|claim| claim.about.starts_with("processing_fee.")) {
        return Some(Outcome::new(rule, Status::Pass));
    }
    let unpaid =
        catalogue().by_id("outcome.other.fee_unpaid").and_then(|category| layout().of(category.code, Applicant::Total));
    let units = unpaid.and_then(|at| sheet.number(at)).map_or(0, |value| i128::from(value.units()));
    let status = if units > 0 { Status::Fail } else { Status::Unassessable };
    let cells = unpaid.and_then(|at| layout().entry(at)).map(|entry| vec![entry.slot]).unwrap_or_default();
    let mut outcome = Outcome::new(rule, status).about(cells);
    outcome.printed = (units > 0).then(|| Figure::count(units));
    Some(outcome)
}
