//! The figures of one year, read slot by slot: in blocks where many bodies are asked, cell by cell where few are.

use std::ops::Range;

use crate::{
    model::{Slot, Year},
    store::{Block, Mark, View},
};

/// The columns of one year that a plan reads, opened as far as they are needed.
pub(crate) struct Columns<'a> {
    view: &'a View,
    year: Year,
    slots: &'a [Slot],
    bodies: Range<usize>,
    /// One block a slot; empty where cells are read one by one.
    blocks: Vec<Block>,
}

/// A body in so many must be wanted for whole blocks to pay.
const SPARSE: usize = 24;

impl<'a> Columns<'a> {
    /// The columns of a year for `count` bodies within a range of numbers.
    pub(crate) fn open(view: &'a View, year: Year, slots: &'a [Slot], bodies: Range<usize>, count: usize) -> Self {
        let dense = count > 1 && bodies.len() / count < SPARSE;
        let blocks = if dense { slots.iter().map(|_| Block::default()).collect() } else { Vec::new() };
        Self { view, year, slots, bodies, blocks }
    }

    /// What the cell of a body that has a report said.
    #[inline]
    pub(crate) fn cell(&mut self, slot: usize, body: usize) -> (Mark, i64) {
        let Some(block) = self.blocks.get_mut(slot) else {
            let reading = self.slots.get(slot).and_then(|&slot| self.view.reading(body, self.year, slot));
            return reading.map_or((Mark::NotInTemplate, 0), Mark::of);
        };
        let inside = |block: &Block| {
            let at = body.checked_sub(block.first)?;
            Some((*block.marks.get(at)?, *block.units.get(at)?))
        };
        if let Some(cell) = inside(block) {
            return cell;
        }
        let Some(&key) = self.slots.get(slot) else { return (Mark::NotInTemplate, 0) };
        if !self.bodies.contains(&body) {
            return self.view.reading(body, self.year, key).map_or((Mark::NotInTemplate, 0), Mark::of);
        }
        self.view.load(key, self.year, body..self.bodies.end, block);
        inside(block).unwrap_or((Mark::NotInTemplate, 0))
    }
}
