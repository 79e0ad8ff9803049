//! The evaluator: any identity over any sheet, exact and three-valued.

use super::{
    Sheet,
    finding::slot_id,
    identity::{Identity, Relation, Term, identities},
    layout::layout,
    outcome::{Cells, Outcome},
    sheet::Sum,
    wanted::Wanted,
};
use crate::model::{Status, Year};

/// Runs the identities of the tables that speak of one year alone, in the order of the rules.
pub(super) fn identities_within(sheet: &Sheet, year: Year, wanted: Wanted, sink: &mut impl FnMut(Outcome)) {
    for identity in identities().iter().filter(|identity| !identity.over_years && wanted.has(identity.number)) {
        sink(outcome(identity, sheet, None, year));
    }
}

/// Runs the identities that look back at the year before, in the order of the rules.
pub(super) fn identities_across(
    previous: &Sheet,
    sheet: &Sheet,
    year: Year,
    wanted: Wanted,
    sink: &mut impl FnMut(Outcome),
) {
    for identity in identities().iter().filter(|identity| identity.over_years && wanted.has(identity.number)) {
        sink(outcome(identity, sheet, Some(previous), year));
    }
}

/// Finds the totals that fail their own sum, so that the rules that depend on them can be judged on that sum.
pub(super) fn settle(sheet: &mut Sheet) {
    // Headings come before the totals they are added into: T3-SUB stands first.
    for headings in [true, false] {
        for identity in identities().iter().filter(|identity| identity.printed_only == headings) {
            let Some(total) = identity.total else { continue };
            let as_printed = judge(identity, sheet, None, false);
            if as_printed.status == Status::Fail {
                let settled = judge(identity, sheet, None, true);
                if settled.status == Status::Fail {
                    sheet.recomputed.push((total, settled.right));
                }
            }
        }
    }
}

/// One identity on one sheet: as printed, and where that fails, on the recomputed totals.
pub(super) fn outcome(identity: &'static Identity, sheet: &Sheet, previous: Option<&Sheet>, year: Year) -> Outcome {
    let mut found = Outcome::new(identity.rule, Status::NotApplicable);
    found.applicant = identity.applicant;
    found.cells = Cells::Of(identity);
    if identity.before.is_some_and(|before| year.number() >= before) {
        return found;
    }
    let as_printed = judge(identity, sheet, previous, false);
    found.status = as_printed.status;
    if as_printed.status == Status::NotApplicable {
        return found;
    }
    let recomputed = !sheet.recomputed.is_empty() || previous.is_some_and(|previous| !previous.recomputed.is_empty());
    if as_printed.status == Status::Fail && recomputed && (identity.depends_on_totals() || identity.total.is_some()) {
        let own = identity.total.is_some_and(|total| sheet.recomputed.iter().any(|(at, _)| *at == total));
        let settled = judge(identity, sheet, previous, true);
        if settled.status == Status::Pass && !own {
            found.status = Status::Pass;
            found.cascade = true;
            found.text = Some(replaced(identity, sheet, previous));
            return found.figures(settled.left, settled.right);
        }
    }
    if as_printed.status == Status::Unassessable {
        return found;
    }
    found.figures(as_printed.left, as_printed.right)
}

/// The totals that were replaced, in the ids of the rules: `previous:review.total: 0 -> 11`.
fn replaced(identity: &Identity, sheet: &Sheet, previous: Option<&Sheet>) -> String {
    let mut texts = Vec::new();
    for term in identity.terms() {
        let Some(report) = (if term.previous { previous } else { Some(sheet) }) else { continue };
        let total = report.recomputed.iter().find(|(at, _)| *at == term.at);
        if let (Some((_, computed)), Some(entry)) = (total, layout().entry(term.at)) {
            let year = if term.previous { "previous:" } else { "" };
            texts.push(format!("{year}{}: {} -> {computed}", slot_id(entry.slot), report.value(term.at).units));
        }
    }
    texts.join("; ")
}

/// The two sides of an identity and how they stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) status: Status,
    pub(super) left: i128,
    pub(super) right: i128,
}

/// Judges an identity on the figures as printed, or with recomputed totals in place of failing ones.
pub(super) fn judge(identity: &Identity, sheet: &Sheet, previous: Option<&Sheet>, settled: bool) -> Judged {
    let missing_heading = identity.printed_only && identity.left.iter().any(|&term| lacks(term, identity, sheet));
    if missing_heading {
        return Judged { status: Status::NotApplicable, left: 0, right: 0 };
    }
    let side = |terms: &[Term]| {
        let mut sum = Sum::default();
        for term in terms {
            let report = if term.previous { previous } else { Some(sheet) };
            let value = match report {
                Some(report) if settled => report.settled(term.at),
                Some(report) => report.value(term.at),
                None => Sum { absent: 1, ..Sum::default() },
            };
            sum.add(value, term.negative);
        }
        sum
    };
    let (left, right) = (side(&identity.left), side(&identity.right));
    Judged { status: status(identity.relation, left, right), left: left.units, right: right.units }
}

/// Whether a rule that wants a printed cell finds none. A subtotal that is printed blank is not filled in.
fn lacks(term: Term, identity: &Identity, sheet: &Sheet) -> bool {
    match identity.total {
        Some(_) => sheet.number(term.at).is_none(),
        None => sheet.cell(term.at).is_none(),
    }
}

fn status(relation: Relation, left: Sum, right: Sum) -> Status {
    let mut both = left;
    both.add(right, false);
    let holds = match relation {
        Relation::Eq => left.units == right.units,
        Relation::Le => left.units <= right.units,
    };
    if both.foreign > 0 {
        Status::NotApplicable
    } else if both.unreadable > 0 || both.absent > 0 {
        Status::Unassessable
    } else if both.missing > 0 {
        if holds { Status::PassIfBlankIsZero } else { Status::Unassessable }
    } else if holds {
        Status::Pass
    } else {
        Status::Fail
    }
}
