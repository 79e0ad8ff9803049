//! What a query reads: the reports of one revision of the store, never a half of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Body, Reading, Report, ReportKey, Scope, Slot, Templates, Year};

/// What is known of a report without its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The form of each table.
    pub templates: Templates,
    /// Whose figures.
    pub scope: Scope,
}

/// An immutable view of all current reports. Bodies are numbered in path order, so that a province,
/// a city or a county is one contiguous range of numbers.
#[derive(Clone, Debug, Default)]
pub struct View {
    revision: u64,
    bodies: Vec<Body>,
    reports: BTreeMap<ReportKey, Report>,
}

impl View {
    /// A view over reports in memory; the last of two for the same body and year wins.
    #[must_use]
    pub fn of(revision: u64, reports: impl IntoIterator<Item = Report>) -> Self {
        let reports: BTreeMap<ReportKey, Report> = reports.into_iter().map(|report| (report.key(), report)).collect();
        let mut bodies: Vec<Body> = reports.values().map(|report| report.body.clone()).collect();
        bodies.dedup_by(|a, b| a.id == b.id);
        Self { revision, bodies, reports }
    }

    /// The revision of the store this view shows.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Every body with a report, in path order; its index is its number.
    #[must_use]
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }

    /// The years of which there is any report, in order.
    #[must_use]
    pub fn years(&self) -> Vec<Year> {
        self.reports.keys().map(|key| key.year).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// How many reports there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.reports.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    /// The forms and scope of a report; nothing where there is no report.
    #[must_use]
    pub fn meta(&self, body: usize, year: Year) -> Option<Meta> {
        self.at(body, year).map(|report| Meta { templates: report.templates, scope: report.scope })
    }

    /// What a cell said; nothing where there is no report or no such cell in its form.
    #[must_use]
    pub fn reading(&self, body: usize, year: Year, slot: Slot) -> Option<Reading> {
        self.at(body, year)?.cell(slot).map(|cell| cell.reading)
    }

    /// The whole report with its provenance.
    #[must_use]
    pub fn report(&self, body: usize, year: Year) -> Option<Report> {
        self.at(body, year).cloned()
    }

    fn at(&self, body: usize, year: Year) -> Option<&Report> {
        let body = self.bodies.get(body)?.id.clone();
        self.reports.get(&ReportKey { body, year })
    }
}
