//! Whose report is checked: what rules ask beside the figures.

use crate::{
    model::{BodyId, BodyKind, Report, Scope, Year},
    schema::{DivisionLevel, places},
};

/// A report without its cells.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Who reports.
    pub body: &'a BodyId,
    /// What kind of body.
    pub kind: BodyKind,
    /// The year described.
    pub year: Year,
    /// Whole area or one body.
    pub scope: Scope,
    /// Publication date, `2025-01-26`.
    pub published: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// The subject of a report.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        Self {
            body: &report.body.id,
            kind: report.body.kind,
            year: report.year,
            scope: report.scope,
            published: report.published.as_deref(),
        }
    }

    /// Whether it may issue rules (规章), or reports for a body that may; nothing where the code is unknown.
    pub(super) fn may_make_rules(&self) -> Option<bool> {
        if self.kind == BodyKind::Ministry || self.body.division() == CENTRE {
            return Some(true);
        }
        let level = places().by_code(self.body.division())?.level;
        let government = matches!(self.kind, BodyKind::Government | BodyKind::Office);
        Some(government && matches!(level, DivisionLevel::Province | DivisionLevel::Prefecture))
    }
}

/// The synthetic code of the centre (DOMAIN section 8).
const CENTRE: &str = "000000";
