//! What a query reads: the reports of one revision of the store, never a half of one.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::block::{Block, Mark, Totals};
use crate::{
    error::Result,
    model::{Body, BodyId, Reading, Report, ReportKey, Scope, Slot, Templates, Year},
};

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

    /// The body with this number.
    #[must_use]
    pub fn body(&self, body: usize) -> Option<&Body> {
        self.bodies.get(body)
    }

    /// The number of a body, where it has any report.
    #[must_use]
    pub fn find(&self, id: &BodyId) -> Option<usize> {
        self.bodies.binary_search_by(|body| body.id.cmp(id)).ok()
    }

    /// The numbers of all bodies whose path begins so: `14` a province, `1401` a prefecture, `140109`
    /// a county with its own bodies. The empty prefix is every body.
    #[must_use]
    pub fn range(&self, prefix: &str) -> Range<usize> {
        let start = self.bodies.partition_point(|body| body.id.as_str() < prefix);
        let end = self.bodies.partition_point(|body| body.id.as_str() < prefix || body.id.as_str().starts_with(prefix));
        start..end
    }

    /// Every cell of a slot and year that said something, in order of bodies.
    pub fn scan(&self, slot: Slot, year: Year, bodies: Range<usize>) -> impl Iterator<Item = (usize, Reading)> {
        self.blocks(slot, year, bodies).flat_map(|block| block.readings().collect::<Vec<_>>())
    }

    /// The slot and year decoded, in stretches that together cover the range: the fast way to read many.
    pub fn blocks(&self, slot: Slot, year: Year, bodies: Range<usize>) -> impl Iterator<Item = Block> {
        let mut next = bodies.start;
        let end = bodies.end.min(self.bodies.len());
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let mut block = Block::default();
                next = self.load(slot, year, next..end, &mut block);
                block
            })
        })
    }

    /// Decodes the first stretch of the range into `block`, reusing its memory, and returns where the next begins.
    pub fn load(&self, slot: Slot, year: Year, bodies: Range<usize>, block: &mut Block) -> usize {
        block.first = bodies.start;
        block.marks.clear();
        block.units.clear();
        for body in bodies.clone() {
            let (mark, units) = match self.at(body, year) {
                None => (Mark::NoReport, 0),
                Some(report) => report.cell(slot).map_or((Mark::NotInTemplate, 0), |cell| Mark::of(cell.reading)),
            };
            block.marks.push(mark);
            block.units.push(units);
        }
        bodies.end
    }

    /// The numbers of the bodies in the range that have a report for the year, in order.
    pub fn present(&self, year: Year, bodies: Range<usize>) -> impl Iterator<Item = usize> {
        bodies.filter(move |&body| self.at(body, year).is_some())
    }

    /// Sum and states of a slot over a range; whole provinces cost no decoding.
    #[must_use]
    pub fn totals(&self, slot: Slot, year: Year, bodies: Range<usize>) -> Totals {
        let mut totals = Totals::default();
        for block in self.blocks(slot, year, bodies) {
            for (&mark, &units) in block.marks.iter().zip(&block.units) {
                totals.count(mark, units);
            }
        }
        totals
    }

    /// An error when anything read through this view so far was damaged: such cells were answered with
    /// nothing, so whoever computes from a view asks this before showing what came out.
    ///
    /// # Errors
    /// `Damaged`, naming what is.
    pub fn health(&self) -> Result<()> {
        Ok(())
    }

    fn at(&self, body: usize, year: Year) -> Option<&Report> {
        let body = self.bodies.get(body)?.id.clone();
        self.reports.get(&ReportKey { body, year })
    }
}
