//! Columns at hand: of each chunk and year, each decoded once, when its first cell is wanted.

use std::ops::Range;

use crate::{
    check::Sheet,
    model::{Slot, Year},
    store::{Block, View},
};

/// What one thread has open. A few chunks, so that memory does not grow with the store.
pub(super) struct Desk<'a> {
    view: &'a View,
    slots: Vec<Slot>,
    /// The one used last comes last.
    pages: Vec<Page>,
}

/// Every column of a chunk and year, empty until it is wanted.
struct Page {
    year: Year,
    bodies: Range<usize>,
    columns: Vec<Block>,
}

/// The chunk of a report, the year before, and where the bodies below it lie.
const OPEN: usize = 4;

impl<'a> Desk<'a> {
    pub(super) fn new(view: &'a View) -> Self {
        Self { view, slots: Sheet::slots().collect(), pages: Vec::new() }
    }

    /// Takes the figures of a report; false where there is none.
    pub(super) fn fill(&mut self, sheet: &mut Sheet, body: usize, year: Year) -> bool {
        let Some(meta) = self.view.meta(body, year) else { return false };
        self.open(body, year);
        sheet.fill_in_order(meta.templates, |at| {
            let block = self.last(at)?;
            let place = body.checked_sub(block.first)?;
            block.marks.get(place)?.reading(*block.units.get(place)?)
        });
        true
    }

    /// The column of a slot in the chunk of a body.
    pub(super) fn column(&mut self, slot: Slot, body: usize, year: Year) -> Option<&Block> {
        let at = self.slots.iter().position(|known| *known == slot)?;
        self.open(body, year);
        self.last(at)
    }

    /// Puts the page of a body on top; the one not used for longest makes room and lends its memory.
    fn open(&mut self, body: usize, year: Year) {
        let wanted = |page: &Page| page.year == year && page.bodies.contains(&body);
        if self.pages.last().is_some_and(wanted) {
            return;
        }
        if let Some(at) = self.pages.iter().position(wanted) {
            let page = self.pages.remove(at);
            self.pages.push(page);
            return;
        }
        let mut columns = if self.pages.len() < OPEN { Vec::new() } else { self.pages.remove(0).columns };
        columns.resize_with(self.slots.len(), Block::default);
        for block in &mut columns {
            block.marks.clear();
        }
        self.pages.push(Page { year, bodies: self.view.chunk(body), columns });
    }

    fn last(&mut self, at: usize) -> Option<&Block> {
        let (page, &slot) = (self.pages.last_mut()?, self.slots.get(at)?);
        let block = page.columns.get_mut(at)?;
        if block.is_empty() {
            self.view.load(slot, page.year, page.bodies.clone(), block);
        }
        Some(block)
    }
}
