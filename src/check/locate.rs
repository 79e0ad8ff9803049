//! Which cell is wrong: the smallest correction, of one cell or two, under which every identity holds.
//!
//! Every cell of table 3 stands in a row sum and in one or two column sums. A wrong cell makes just
//! these fail, by the same difference; so one failing row and one failing column point at their
//! crossing, and two failing columns with opposite differences at a value in the wrong column. Both
//! are cases of one search, which accepts an answer only when there is no second one.

use super::{
    Sheet,
    evaluate::judge,
    identity::{Relation, identities},
    layout::{At, layout},
};
use crate::model::{Slot, Status, Table};

/// A cell that is wrong, and what would make the identities hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The cell.
    pub slot: Slot,
    /// What is printed there, in smallest units.
    pub printed: i128,
    /// What would make every identity hold.
    pub corrected: i128,
}

/// An identity as a sum that should be 0.
struct Constraint {
    /// How much is missing to 0.
    residual: i128,
    /// Cells with their sign.
    cells: Vec<(At, i128)>,
}

/// A supposed error: the cell prints so much too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Error {
    at: At,
    excess: i128,
}

/// The one or two cells that explain every failing identity of a table, where only these do.
///
/// Nothing where all identities hold, where no two corrections mend them, or where several do.
#[must_use]
pub fn locate(sheet: &Sheet) -> Vec<Suspect> {
    let mut suspects = Vec::new();
    for table in [Table::T3, Table::T4] {
        let constraints = constraints(sheet, table);
        let mut errors = explain(sheet, &constraints);
        if errors.is_empty() {
            errors = crossings(sheet, &constraints);
        }
        for error in errors {
            if let (Some(entry), Some(value)) = (layout().entry(error.at), sheet.number(error.at)) {
                let printed = i128::from(value.units());
                suspects.push(Suspect { slot: entry.slot, printed, corrected: printed - error.excess });
            }
        }
    }
    suspects
}

/// Every equation of a table whose cells are all there, with headings replaced by their parts.
fn constraints(sheet: &Sheet, table: Table) -> Vec<Constraint> {
    let mut constraints = Vec::new();
    for identity in identities().iter().filter(|identity| identity.relation == Relation::Eq && !identity.over_years) {
        let of_table = identity.left.first().and_then(|term| layout().entry(term.at)).map(|entry| entry.table);
        if of_table != Some(table) || identity.before.is_some() {
            continue;
        }
        let judged = judge(identity, sheet, None, false);
        if !matches!(judged.status, Status::Pass | Status::Fail | Status::PassIfBlankIsZero) {
            continue;
        }
        let mut cells = Vec::new();
        for (terms, sign) in [(&identity.left, 1), (&identity.right, -1)] {
            for term in terms {
                let sign = if term.negative { -sign } else { sign };
                cells.extend(made_of(sheet, term.at).into_iter().map(|at| (at, sign)));
            }
        }
        constraints.push(Constraint { residual: judged.left - judged.right, cells });
    }
    constraints
}

/// The cells with numbers that a value is read or computed from.
fn made_of(sheet: &Sheet, at: At) -> Vec<At> {
    let parts = layout().entry(at).map_or(&[][..], |entry| &entry.parts);
    let cells = if sheet.number(at).is_some() || parts.is_empty() { vec![at] } else { parts.to_vec() };
    cells.into_iter().filter(|&at| sheet.number(at).is_some()).collect()
}

/// The one smallest set of errors that explains all residuals; empty where there is none or more than one.
fn explain(sheet: &Sheet, constraints: &[Constraint]) -> Vec<Error> {
    let residuals: Vec<i128> = constraints.iter().map(|constraint| constraint.residual).collect();
    if residuals.iter().all(|&residual| residual == 0) {
        return Vec::new();
    }
    let mut found = single(sheet, constraints, &residuals).into_iter().map(|error| vec![error]).collect::<Vec<_>>();
    if found.is_empty() {
        found = pairs(sheet, constraints, &residuals);
    }
    match found.as_slice() {
        [only] => only.clone(),
        _ => Vec::new(),
    }
}

/// Where more is wrong than two cells explain: cells whose every identity fails by the same difference,
/// and that no other cell of these identities shares. Each is a failing row and column crossing.
fn crossings(sheet: &Sheet, constraints: &[Constraint]) -> Vec<Error> {
    let mut candidates: Vec<(Error, Vec<usize>)> = Vec::new();
    for entry in 0..layout().slots.len() {
        let Ok(at) = At::try_from(entry) else { break };
        let mut holding = Vec::new();
        let mut excess: Option<i128> = None;
        let mut alike = true;
        for (index, constraint) in constraints.iter().enumerate() {
            let sign: i128 = constraint.cells.iter().filter(|(other, _)| *other == at).map(|(_, sign)| sign).sum();
            if sign != 0 {
                holding.push(index);
                alike &= *excess.get_or_insert(sign * constraint.residual) == sign * constraint.residual;
            }
        }
        // One failing sum alone points at nothing: any of its cells may be wrong.
        if let (true, Some(excess), true) = (alike, excess.filter(|&excess| excess != 0), holding.len() >= 2) {
            let error = Error { at, excess };
            if plausible(sheet, error) {
                candidates.push((error, holding));
            }
        }
    }
    let alone = |holding: &[usize]| {
        candidates.iter().filter(|(_, other)| other.iter().any(|index| holding.contains(index))).count() == 1
    };
    candidates.iter().filter(|(_, holding)| alone(holding)).map(|(error, _)| *error).collect()
}

/// Single errors that explain the residuals.
fn single(sheet: &Sheet, constraints: &[Constraint], residuals: &[i128]) -> Vec<Error> {
    let Some(first) = residuals.iter().position(|&residual| residual != 0) else { return Vec::new() };
    let (Some(constraint), Some(residual)) = (constraints.get(first), residuals.get(first)) else { return Vec::new() };
    constraint
        .cells
        .iter()
        .map(|&(at, sign)| Error { at, excess: sign * residual })
        .filter(|&error| plausible(sheet, error))
        .filter(|&error| after(constraints, residuals, error).iter().all(|&residual| residual == 0))
        .collect()
}

/// Pairs of errors that explain the residuals. Of two cells, each stands in a constraint that the
/// other does not, so the size of an error is the residual of some constraint its cell stands in.
fn pairs(sheet: &Sheet, constraints: &[Constraint], residuals: &[i128]) -> Vec<Vec<Error>> {
    let mut supposed: Vec<Error> = Vec::new();
    for (constraint, &residual) in constraints.iter().zip(residuals).filter(|(_, residual)| **residual != 0) {
        supposed.extend(constraint.cells.iter().map(|&(at, sign)| Error { at, excess: sign * residual }));
    }
    supposed.sort_unstable();
    supposed.dedup();
    let mut found: Vec<Vec<Error>> = Vec::new();
    for error in supposed.into_iter().filter(|&error| plausible(sheet, error)) {
        let rest = after(constraints, residuals, error);
        for other in single(sheet, constraints, &rest) {
            let mut pair = vec![error, other];
            pair.sort_unstable();
            if other.at != error.at && !found.contains(&pair) {
                found.push(pair);
            }
        }
    }
    found
}

/// A corrected count is not negative.
fn plausible(sheet: &Sheet, error: Error) -> bool {
    sheet.number(error.at).is_some_and(|value| i128::from(value.units()) >= error.excess)
}

/// The residuals once the error is taken out.
fn after(constraints: &[Constraint], residuals: &[i128], error: Error) -> Vec<i128> {
    constraints
        .iter()
        .zip(residuals)
        .map(|(constraint, residual)| {
            let sign: i128 = constraint.cells.iter().filter(|(at, _)| *at == error.at).map(|(_, sign)| sign).sum();
            residual - sign * error.excess
        })
        .collect()
}
