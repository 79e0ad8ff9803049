//! Rules over a government and the bodies below it, in one year: XL-SUM, XL-GE.

use super::{
    Sheet,
    layout::{At, layout},
    outcome::{Figure, Outcome},
};
use crate::{
    model::{BodyId, BodyKind, Scope, Slot, Status, Table},
    schema::{Rule, ValueType, catalogue, places, rule},
};

/// What must be known before a government may be held against the bodies below it.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// The government's figures.
    pub sheet: &'a Sheet,
    /// Whether its report sums the area; only then do the rules speak.
    pub scope: Scope,
    /// Whether every body that should be in the sum has a report.
    pub complete: bool,
}

/// The bodies whose reports add up to a government's, each figure once: its own offices, departments,
/// towns and zones, and the aggregate report of every government directly below. Organs of vertical
/// systems report to their system, and what lies below another body of the list is in it already.
#[must_use]
pub fn constituents<'a>(government: &BodyId, bodies: &[(&'a BodyId, BodyKind)]) -> Vec<&'a BodyId> {
    let below = |body: &BodyId| {
        if body.division() == government.division() {
            return !body.is_government();
        }
        body.is_government()
            && places().by_code(body.division()).and_then(|place| place.parent) == Some(government.division())
    };
    let mut found: Vec<&BodyId> = bodies
        .iter()
        .filter(|(body, kind)| *kind != BodyKind::Vertical && below(body))
        .map(|(body, _)| *body)
        .collect();
    found.sort_unstable();
    found.dedup();
    let all = found.clone();
    found.retain(|body| {
        !all.iter().any(|other| {
            body.as_str().strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/'))
                && !other.is_government()
        })
    });
    found
}

/// Runs both rules over a government and its disjoint constituents (see [`constituents`]).
pub fn levels(whole: Whole<'_>, parts: &[(&BodyId, &Sheet)], sink: &mut impl FnMut(Outcome)) {
    let (Some(sum), Some(at_least)) = (rule("XL-SUM"), rule("XL-GE")) else { return };
    if whole.scope != Scope::Aggregate || parts.is_empty() {
        sink(Outcome::new(sum, Status::NotApplicable));
        sink(Outcome::new(at_least, Status::NotApplicable));
        return;
    }
    let additive: Vec<At> =
        (0..layout().slots.len()).filter_map(|at| At::try_from(at).ok()).filter(|&at| additive(at)).collect();
    if whole.complete {
        for &at in &additive {
            sink(sums_to(sum, whole.sheet, parts, at));
        }
    } else {
        sink(Outcome::new(sum, Status::NotApplicable));
    }
    for &at in &additive {
        sink(not_below(at_least, whole.sheet, parts, at));
    }
}

/// Whether the figures of several bodies may be added: all of tables 3 and 4, and of table 2 what is counted in a year.
fn additive(at: At) -> bool {
    let Some(entry) = layout().entry(at) else { return false };
    let Some(category) = catalogue().get(entry.slot.category) else { return false };
    match entry.table {
        Table::T3 | Table::T4 => entry.parts.is_empty(),
        Table::T2 => ["decisions", "issued", "repealed", "in_force", "fees.amount"]
            .iter()
            .any(|ending| category.id.ends_with(ending)),
    }
}

/// XL-SUM for one cell.
fn sums_to(rule: &'static Rule, whole: &Sheet, parts: &[(&BodyId, &Sheet)], at: At) -> Outcome {
    let printed = whole.value(at);
    let mut sum = super::sheet::Sum::default();
    for (_, part) in parts {
        sum.add(part.value(at), false);
    }
    let mut both = printed;
    both.add(sum, false);
    let holds = printed.units == sum.units;
    let status = if printed.foreign > 0 {
        Status::NotApplicable
    } else if both.foreign > 0 || both.unreadable > 0 || both.absent > 0 {
        Status::Unassessable
    } else if both.missing > 0 {
        if holds { Status::PassIfBlankIsZero } else { Status::Unassessable }
    } else if holds {
        Status::Pass
    } else {
        Status::Fail
    };
    figures(Outcome::new(rule, status), at, printed.units, sum.units)
}

/// XL-GE for one cell: the whole is at least the sum of the parts that are there, whichever are missing.
fn not_below(rule: &'static Rule, whole: &Sheet, parts: &[(&BodyId, &Sheet)], at: At) -> Outcome {
    let Some(printed) = whole.number(at).map(|value| i128::from(value.units())) else {
        let status = if whole.expects(at) { Status::Unassessable } else { Status::NotApplicable };
        return figures_of(Outcome::new(rule, status), at);
    };
    let found = parts.iter().filter_map(|(body, part)| Some((*body, i128::from(part.number(at)?.units()))));
    let (mut sum, mut largest): (i128, Option<(&BodyId, i128)>) = (0, None);
    for (body, units) in found {
        sum += units;
        if largest.is_none_or(|(_, most)| units > most) {
            largest = Some((body, units));
        }
    }
    let Some((body, most)) = largest else { return figures_of(Outcome::new(rule, Status::NotApplicable), at) };
    let mut outcome = figures(Outcome::new(rule, Status::Pass), at, printed, sum);
    if printed < sum {
        outcome.status = Status::Fail;
        // One part alone may be larger than the whole: then it is named.
        if most > printed {
            outcome = figures(outcome, at, printed, most);
            outcome.text = Some(body.to_string());
        }
    }
    outcome
}

fn figures_of(mut outcome: Outcome, at: At) -> Outcome {
    if let Some(entry) = layout().entry(at) {
        outcome.applicant = entry.slot.applicant;
        let slot: Slot = entry.slot;
        outcome = outcome.about(vec![slot]);
    }
    outcome
}

fn figures(outcome: Outcome, at: At, printed: i128, computed: i128) -> Outcome {
    let mut outcome = figures_of(outcome, at);
    let millionths = layout().entry(at).is_some_and(|entry| entry.value_type == ValueType::Amount);
    outcome.printed = Some(Figure { units: printed, millionths });
    outcome.computed = Some(Figure { units: computed, millionths });
    outcome
}
