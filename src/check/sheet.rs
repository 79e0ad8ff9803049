//! The figures of one report, laid out flat, as the rules see them.

use super::layout::{At, form, layout};
use crate::model::{Quantity, Reading, Report, Slot, Templates};

/// The readings of one report in catalogue order. Fill it once and run every rule over it.
#[derive(Clone, Debug)]
pub struct Sheet {
    cells: Vec<Option<Reading>>,
    templates: Templates,
    /// Totals that failed their own sum, with what their parts add up to.
    pub(super) recomputed: Vec<(At, i128)>,
}

/// A sum over cells that may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// Of the cells that have a number.
    pub(super) units: i128,
    /// How many printed nothing, or a mark for "does not apply".
    pub(super) missing: u16,
    /// How many are printed and unreadable.
    pub(super) unreadable: u16,
    /// How many should be there and are not.
    pub(super) absent: u16,
    /// How many this form does not have.
    pub(super) foreign: u16,
}

impl Sum {
    /// Adds another sum, or takes it off.
    pub(super) fn add(&mut self, other: Self, negative: bool) {
        self.units += if negative { -other.units } else { other.units };
        self.missing += other.missing;
        self.unreadable += other.unreadable;
        self.absent += other.absent;
        self.foreign += other.foreign;
    }
}

impl Sheet {
    /// An empty sheet; [`Sheet::fill`] reuses its memory.
    #[must_use]
    pub fn new() -> Self {
        Self { cells: vec![None; layout().slots.len()], templates: Templates::default(), recomputed: Vec::new() }
    }

    /// The sheet of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut sheet = Self::new();
        sheet.clear(report.templates);
        for cell in &report.cells {
            if let Some(place) = layout().at(cell.slot).and_then(|at| sheet.cells.get_mut(usize::from(at))) {
                *place = Some(cell.reading);
            }
        }
        super::evaluate::settle(&mut sheet);
        sheet
    }

    /// Takes the readings of another report.
    pub fn fill(&mut self, templates: Templates, read: impl Fn(Slot) -> Option<Reading>) {
        self.clear(templates);
        for (cell, entry) in self.cells.iter_mut().zip(&layout().slots) {
            if templates.of(entry.table).is_some() {
                *cell = read(entry.slot);
            }
        }
        super::evaluate::settle(self);
    }

    /// The slots of a sheet, in its order.
    #[must_use]
    pub fn slots() -> impl ExactSizeIterator<Item = Slot> {
        layout().slots.iter().map(|entry| entry.slot)
    }

    /// As [`Sheet::fill`], with what is read named by its place in [`Sheet::slots`].
    pub fn fill_in_order(&mut self, templates: Templates, mut read: impl FnMut(usize) -> Option<Reading>) {
        self.clear(templates);
        for (at, (cell, entry)) in self.cells.iter_mut().zip(&layout().slots).enumerate() {
            if templates.of(entry.table).is_some() {
                *cell = read(at);
            }
        }
        super::evaluate::settle(self);
    }

    fn clear(&mut self, templates: Templates) {
        self.templates = templates;
        self.recomputed.clear();
        self.cells.fill(None);
    }

    /// The form of each table.
    #[must_use]
    pub fn templates(&self) -> Templates {
        self.templates
    }

    /// What a cell said; nothing where the report has no such cell.
    #[must_use]
    pub fn reading(&self, slot: Slot) -> Option<Reading> {
        layout().at(slot).and_then(|at| self.cell(at))
    }

    /// Every cell that is there, in catalogue order.
    pub fn cells(&self) -> impl Iterator<Item = (Slot, Reading)> + '_ {
        layout().slots.iter().zip(&self.cells).filter_map(|(entry, cell)| Some((entry.slot, (*cell)?)))
    }

    pub(super) fn cell(&self, at: At) -> Option<Reading> {
        self.cells.get(usize::from(at)).copied().flatten()
    }

    /// The value of a slot: what is printed, else the sum of its parts.
    pub(super) fn value(&self, at: At) -> Sum {
        let printed = self.cell(at);
        let parts = layout().entry(at).map_or(&[][..], |entry| &entry.parts);
        let heading = !matches!(printed, Some(Reading::Value(_) | Reading::Unreadable)) && !parts.is_empty();
        if heading && parts.iter().any(|&part| self.cell(part).is_some()) {
            let mut sum = Sum::default();
            for &part in parts {
                sum.add(self.one(part), false);
            }
            return sum;
        }
        self.one(at)
    }

    /// The value of a slot with a total that failed its own sum replaced by that sum.
    pub(super) fn settled(&self, at: At) -> Sum {
        match self.recomputed.iter().find(|(total, _)| *total == at) {
            Some(&(_, units)) => Sum { units, ..Sum::default() },
            None => self.value(at),
        }
    }

    fn one(&self, at: At) -> Sum {
        let mut sum = Sum::default();
        match self.cell(at) {
            Some(Reading::Value(quantity)) => sum.units = i128::from(quantity.units()),
            Some(Reading::Blank { .. } | Reading::NotApplicable) => sum.missing = 1,
            Some(Reading::Unreadable) => sum.unreadable = 1,
            None if self.expects(at) => sum.absent = 1,
            None => sum.foreign = 1,
        }
        sum
    }

    /// Whether the form that the report uses has this cell.
    pub(super) fn expects(&self, at: At) -> bool {
        layout().entry(at).is_some_and(|entry| {
            let template = self.templates.of(entry.table);
            template.is_some_and(|template| entry.in_form.get(form(template)).copied().unwrap_or(false))
        })
    }

    /// Replaces one reading: what a report would look like with that cell corrected.
    #[must_use]
    pub fn with(&self, slot: Slot, reading: Reading) -> Self {
        let mut sheet = self.clone();
        if let Some(cell) = layout().at(slot).and_then(|at| sheet.cells.get_mut(usize::from(at))) {
            *cell = Some(reading);
        }
        sheet.recomputed.clear();
        super::evaluate::settle(&mut sheet);
        sheet
    }

    /// The number of a cell, where it has one.
    pub(super) fn number(&self, at: At) -> Option<Quantity> {
        self.cell(at).and_then(Reading::value)
    }
}

impl Default for Sheet {
    fn default() -> Self {
        Self::new()
    }
}
