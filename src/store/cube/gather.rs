//! Rows of a cube gathered column by column until there are enough for a chunk.

use std::collections::{BTreeMap, BTreeSet};

use super::Names;
use crate::{
    error::Result,
    model::{Body, Slot, Year},
    store::{
        block::Mark,
        column::{CellsHash, Chunk, FORMS, HASHES, LINES, LONGEST, PLACES, Segment, column, province, put_columns},
        record::form_code,
    },
};

/// Rows after which a batch is full whatever its bodies.
const ROWS: usize = 6 * LONGEST;

/// One slot over the rows of a batch. Numbers are kept in 32 bits; the few that need more stand beside.
#[derive(Debug, Default)]
struct Column {
    marks: Vec<u8>,
    units: Vec<u32>,
    wide: BTreeMap<usize, i64>,
}

impl Column {
    fn set(&mut self, row: usize, mark: Mark, units: i64) {
        if self.marks.len() <= row {
            self.marks.resize(row + 1, Mark::NotInTemplate as u8);
            self.units.resize(row + 1, 0);
        }
        let (Some(place), Some(number)) = (self.marks.get_mut(row), self.units.get_mut(row)) else { return };
        *place = mark as u8;
        if let Ok(small) = u32::try_from(units) {
            *number = small;
        } else {
            self.wide.insert(row, units);
        }
    }

    fn cell(&self, row: usize) -> (Mark, i64) {
        let mark = self.marks.get(row).and_then(|&code| Mark::from_code(code)).unwrap_or(Mark::NotInTemplate);
        let wide = if self.wide.is_empty() { None } else { self.wide.get(&row).copied() };
        (mark, wide.unwrap_or_else(|| self.units.get(row).copied().unwrap_or(0).into()))
    }
}

/// Rows waiting to become chunks.
#[derive(Debug, Default)]
pub struct Batch {
    bodies: Vec<Body>,
    /// Number of the body, year, line of the file.
    rows: Vec<(usize, Year, u64)>,
    slots: Vec<Slot>,
    columns: Vec<Column>,
    seen: BTreeSet<(usize, Year)>,
}

impl Batch {
    /// Whether it should be flushed before a row of this body.
    pub fn is_full(&self, path: &str) -> bool {
        let Some(last) = self.bodies.last().map(|body| body.id.as_str()) else { return false };
        let elsewhere = province(last) != province(path) && self.rows.len() >= LONGEST / 2;
        last != path && (self.bodies.len() >= LONGEST || self.rows.len() >= ROWS || elsewhere)
    }

    /// Whether the last row is of this body and year.
    pub fn continues(&self, path: &str, year: Year) -> bool {
        self.rows.last().is_some_and(|&(body, of, _)| of == year && self.path(body) == Some(path))
    }

    fn path(&self, body: usize) -> Option<&str> {
        self.bodies.get(body).map(|body| body.id.as_str())
    }

    /// Whether the last body has this path: then it need not be looked up again.
    pub fn ends_with(&self, path: &str) -> bool {
        self.bodies.last().is_some_and(|body| body.id.as_str() == path)
    }

    /// Begins a row; `body` is nothing for the body of the row before. Nothing comes back where the batch has such a
    /// row already.
    pub fn begin(&mut self, body: Option<Body>, year: Year, line: u64) -> Option<usize> {
        if let Some(body) = body {
            self.bodies.push(body);
        }
        let body = self.bodies.len().checked_sub(1)?;
        if !self.seen.insert((body, year)) {
            return None;
        }
        self.rows.push((body, year, line));
        Some(self.rows.len() - 1)
    }

    /// An empty batch with these columns.
    pub fn with(slots: &[Slot]) -> Self {
        let column =
            |_| Column { marks: Vec::with_capacity(ROWS), units: Vec::with_capacity(ROWS), wide: BTreeMap::new() };
        let columns = slots.iter().map(column).collect();
        Self { slots: slots.to_vec(), columns, ..Self::default() }
    }

    /// The number of a slot's column, which is made if need be.
    pub fn column(&mut self, slot: Slot) -> usize {
        self.slots.iter().position(|&known| known == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.columns.push(Column::default());
            self.slots.len() - 1
        })
    }

    /// Sets a cell of a row, by the number of its column.
    pub fn set(&mut self, row: usize, column: usize, mark: Mark, units: i64) {
        if let Some(column) = self.columns.get_mut(column) {
            column.set(row, mark, units);
        }
    }

    /// Sets all cells of a row, in order of columns.
    pub fn set_all(&mut self, row: usize, cells: &[(Mark, i64)]) {
        for (column, &(mark, units)) in self.columns.iter_mut().zip(cells) {
            column.set(row, mark, units);
        }
    }

    /// The last row.
    pub fn last(&self) -> Option<usize> {
        self.rows.len().checked_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its rows as chunks, and the rows left out because another of the same body and year came later.
    ///
    /// # Errors
    /// `Limit` when a name is too long to be kept.
    pub fn chunks(&self, names: &Names<'_>) -> Result<(Vec<Chunk>, Vec<u64>)> {
        let mut order: Vec<usize> = (0..self.bodies.len()).collect();
        order.sort_by(|&a, &b| self.path(a).cmp(&self.path(b)));
        let mut by_row: BTreeMap<(usize, Year), usize> = BTreeMap::new();
        let mut doubled = Vec::new();
        let mut ranks = vec![0; self.bodies.len()];
        let mut bodies: Vec<&Body> = Vec::new();
        for at in order {
            let Some(body) = self.bodies.get(at) else { continue };
            if bodies.last().is_none_or(|last| last.id != body.id) {
                bodies.push(body);
            }
            if let Some(rank) = ranks.get_mut(at) {
                *rank = bodies.len() - 1;
            }
        }
        for (row, &(body, year, _)) in self.rows.iter().enumerate() {
            let rank = ranks.get(body).copied().unwrap_or(0);
            if let Some(old) = by_row.insert((rank, year), row) {
                doubled.extend(self.rows.get(old).map(|&(_, _, line)| line));
            }
        }
        let mut chunks = Vec::new();
        let mut first = 0;
        for group in bodies.chunk_by(|a, b| province(a.id.as_str()) == province(b.id.as_str())) {
            for part in group.chunks(LONGEST) {
                chunks.push(self.chunk(part, first, &by_row, names)?);
                first += part.len();
            }
        }
        Ok((chunks, doubled))
    }

    fn chunk(
        &self,
        bodies: &[&Body],
        first: usize,
        by_row: &BTreeMap<(usize, Year), usize>,
        names: &Names<'_>,
    ) -> Result<Chunk> {
        let owned: Vec<Body> = bodies.iter().map(|&body| body.clone()).collect();
        let mut segments = Chunk::dictionary(&owned)?;
        let inside = (first, Year::FIRST)..(first + bodies.len(), Year::FIRST);
        let mut years: BTreeMap<Year, Vec<Option<usize>>> = BTreeMap::new();
        for (&(rank, year), &row) in by_row.range(inside) {
            let rows = years.entry(year).or_insert_with(|| vec![None; bodies.len()]);
            if let Some(place) = rows.get_mut(rank - first) {
                *place = Some(row);
            }
        }
        for (year, rows) in years {
            self.year(bodies, year, &rows, names, &mut segments);
        }
        Chunk::in_memory(0, segments)
    }

    fn year(&self, bodies: &[&Body], year: Year, rows: &[Option<usize>], names: &Names<'_>, out: &mut Vec<Segment>) {
        let forms: Vec<_> = bodies.iter().zip(rows).map(|(body, row)| row.map(|_| (names.form)(body, year))).collect();
        let mut hashes: Vec<CellsHash> = forms
            .iter()
            .map(|form| CellsHash::new(form.map_or(0, |(scope, templates)| form_code(scope, templates))))
            .collect();
        let (mut marks, mut units) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        let mut columns: Vec<(Slot, &Column)> = self.slots.iter().copied().zip(&self.columns).collect();
        columns.sort_by_key(|(slot, _)| *slot);
        for (slot, cells) in columns {
            marks.clear();
            units.clear();
            let mut printed = None;
            for ((row, form), hash) in rows.iter().zip(&forms).zip(&mut hashes) {
                let (mut mark, number) = row.map_or((Mark::NoReport, 0), |row| cells.cell(row));
                if let (Mark::Blank, Some((_, templates))) = (mark, form) {
                    let known = printed.filter(|(of, _)| of == templates).map(|(_, printed)| printed);
                    let is = known.unwrap_or_else(|| (names.printed)(slot, *templates));
                    printed = Some((*templates, is));
                    if !is {
                        mark = Mark::NotInTemplate;
                    }
                }
                if !matches!(mark, Mark::NoReport | Mark::NotInTemplate) {
                    hash.add(column(slot), mark, number);
                }
                marks.push(mark);
                units.push(number);
            }
            put_columns(out, year.number(), [(column(slot), &marks[..], &units[..])]);
        }
        let mut own = |slot: u32, number: &dyn Fn(usize) -> i64| {
            let cell =
                |(at, row): (usize, &Option<usize>)| row.map_or((Mark::NoReport, 0), |_| (Mark::Count, number(at)));
            let (marks, units): (Vec<_>, Vec<_>) = rows.iter().enumerate().map(cell).unzip();
            put_columns(out, year.number(), [(slot, &marks[..], &units[..])]);
        };
        let form =
            |at: usize| forms.get(at).copied().flatten().map_or(0, |(scope, templates)| form_code(scope, templates));
        own(FORMS, &|at| form(at).into());
        own(HASHES, &|at| hashes.get(at).map_or(0, |hash| hash.finish()));
        own(LINES, &|at| {
            let row = rows.get(at).copied().flatten().and_then(|row| self.rows.get(row));
            row.and_then(|&(_, _, line)| i64::try_from(line).ok()).unwrap_or(0)
        });
        own(PLACES, &|_| 0);
    }
}
