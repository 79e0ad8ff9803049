//! The figures of one year, read slot by slot: in blocks where many bodies are asked, cell by cell where few are.

use std::ops::Range;

use super::runs::{Group, Run};
use crate::{
    model::{Slot, Year},
    store::{Block, Mark, Totals, View},
};

/// The columns of one year that a plan reads, opened as far as they are needed.
pub(crate) struct Columns<'a> {
    view: &'a View,
    year: Year,
    slots: &'a [Slot],
    bodies: Range<usize>,
    /// One block a slot; empty where cells are read one by one.
    blocks: Vec<Block>,
    /// For each slot a chunk, and what all its reports say in it.
    heads: Vec<Option<(usize, Option<Head>)>>,
}

/// What all reports of a chunk say in one column.
#[derive(Clone, Copy, Debug)]
struct Head {
    mark: Mark,
    sum: i64,
    reports: u64,
}

/// A body in so many must be wanted for whole blocks to pay.
const SPARSE: usize = 24;

impl<'a> Columns<'a> {
    /// The columns of a year for `count` bodies within a range of numbers.
    pub(crate) fn open(view: &'a View, year: Year, slots: &'a [Slot], bodies: Range<usize>, count: usize) -> Self {
        let dense = count > 1 && bodies.len() / count < SPARSE;
        let blocks = if dense { slots.iter().map(|_| Block::default()).collect() } else { Vec::new() };
        let heads = vec![None; blocks.len()];
        Self { view, year, slots, bodies, blocks, heads }
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

    /// The numbers of a run's bodies in a column; 0 where there is none.
    pub(crate) fn units(&mut self, slot: usize, run: &Run) -> Option<&[i64]> {
        let bodies = run.bodies();
        self.cell(slot, bodies.start);
        let block = self.blocks.get(slot)?;
        let start = bodies.start.checked_sub(block.first)?;
        block.units.get(start..start + bodies.len())
    }

    /// What all reports of a group say in a column, with the sum of their numbers; nothing where they differ, or where
    /// cells are read one by one. Where a group has every report of its chunk, the head answers and nothing is decoded.
    pub(crate) fn sum(&mut self, slot: usize, group: &Group) -> Option<(Mark, i64)> {
        let head = self.head(slot, group.all.chunk()?)?;
        if !head.mark.is_value() || head.reports == u64::from(group.all.reports) {
            return Some((head.mark, head.sum));
        }
        let mut sum = 0_i64;
        for run in group.runs.iter().filter(|run| run.reports > 0) {
            sum = self.units(slot, run)?.iter().try_fold(sum, |sum, &units| sum.checked_add(units))?;
        }
        Some((head.mark, sum))
    }

    fn head(&mut self, slot: usize, chunk: usize) -> Option<Head> {
        let place = self.heads.get_mut(slot)?;
        if let Some((known, head)) = place
            && *known == chunk
        {
            return *head;
        }
        let head = self.slots.get(slot).and_then(|&slot| alike(&self.view.head(chunk, slot, self.year)?));
        *place = Some((chunk, head));
        head
    }

    /// What all reports of a chunk say in a column; nothing where they differ, or where cells are read one by one.
    pub(crate) fn alike(&mut self, slot: usize, chunk: usize) -> Option<Mark> {
        self.head(slot, chunk).map(|head| head.mark)
    }

    /// For every body of a chunk the sum of columns with their factors, which says nothing of bodies without a report;
    /// nothing where that has no room.
    pub(crate) fn add(&self, parts: &[(i64, usize)], chunk: usize) -> Option<Vec<i64>> {
        const COLUMNS: usize = 256;
        const FACTOR: u64 = 1 << 8;
        if parts.len() > COLUMNS || parts.iter().any(|(factor, _)| factor.unsigned_abs() > FACTOR) {
            return None;
        }
        let mut sums = vec![0; self.view.chunk_bodies(chunk).len()];
        for &(factor, slot) in parts {
            self.view.add(chunk, *self.slots.get(slot)?, self.year, factor, &mut sums)?;
        }
        Some(sums)
    }
}

/// The head of a column whose reports all say the same; nothing where they differ.
fn alike(totals: &Totals) -> Option<Head> {
    let states = [
        (totals.values, Mark::Count),
        (totals.not_in_template(), Mark::NotInTemplate),
        (totals.blank, Mark::Blank),
        (totals.proved, Mark::ProvedBlank),
        (totals.not_applicable, Mark::NotApplicable),
        (totals.unreadable, Mark::Unreadable),
    ];
    let (_, mark) = states.into_iter().find(|&(count, _)| totals.reports > 0 && count == totals.reports)?;
    Some(Head { mark, sum: i64::try_from(totals.sum).ok()?, reports: totals.reports })
}
