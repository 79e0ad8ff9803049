//! Prose against tables: N-*.

use super::{Outcome, Sheet};
use crate::model::{Finding, Report};

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
pub(super) fn outcomes(_report: &Report, _sheet: &Sheet) -> Vec<Outcome> {
    Vec::new()
}
