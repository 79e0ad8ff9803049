//! Rows of a cube gathered column by column until there are enough for a chunk.

use std::collections::BTreeMap;

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

/// Columns that are taken out of the rows together: a line of the processor's cache holds as many cells.
const TILE: usize = 16;

/// A cell of a row in 32 bits: a number below these codes, or what else stands there.
const ABSENT: u32 = u32::MAX;
const BLANK: u32 = u32::MAX - 1;
const NOT_APPLICABLE: u32 = u32::MAX - 2;
const UNREADABLE: u32 = u32::MAX - 3;
/// A number that needs more than 32 bits, or is negative: it stands beside.
const WIDE: u32 = u32::MAX - 4;

/// Rows waiting to become chunks.
#[derive(Debug, Default)]
pub struct Batch {
    bodies: Vec<Body>,
    rows: Vec<Row>,
    /// Each column's slot, and whether it holds money.
    columns: Vec<(Slot, bool)>,
    /// The cells of all rows, one row after the other; what a row lacks at its end is absent.
    cells: Vec<u32>,
    /// Numbers that need more, by where they stand among the cells.
    wide: BTreeMap<usize, i64>,
}

#[derive(Debug)]
struct Row {
    /// Number of the body.
    body: usize,
    year: Year,
    /// Line of the file.
    line: u64,
    /// Where its cells begin.
    start: usize,
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
        self.rows.last().is_some_and(|row| row.year == year && self.path(row.body) == Some(path))
    }

    fn path(&self, body: usize) -> Option<&str> {
        self.bodies.get(body).map(|body| body.id.as_str())
    }

    /// Whether the last body has this path: then it need not be looked up again.
    pub fn ends_with(&self, path: &str) -> bool {
        self.bodies.last().is_some_and(|body| body.id.as_str() == path)
    }

    /// Begins a row; `body` is nothing for the body of the row before. Says no where the batch has such a row already.
    pub fn begin(&mut self, body: Option<Body>, year: Year, line: u64) -> bool {
        self.bodies.extend(body);
        let Some(body) = self.bodies.len().checked_sub(1) else { return false };
        let mut of_body = self.rows.iter().rev().take_while(|row| row.body == body);
        if of_body.any(|row| row.year == year) {
            return false;
        }
        self.rows.push(Row { body, year, line, start: self.cells.len() });
        true
    }

    /// An empty batch with these columns.
    pub fn with(columns: &[(Slot, bool)]) -> Self {
        let cells = Vec::with_capacity(ROWS * columns.len());
        Self { columns: columns.to_vec(), cells, ..Self::default() }
    }

    /// The number of a slot's column, which is made if need be.
    pub fn column(&mut self, slot: Slot, money: bool) -> usize {
        self.columns.iter().position(|&(known, _)| known == slot).unwrap_or_else(|| {
            self.columns.push((slot, money));
            self.columns.len() - 1
        })
    }

    /// Sets a cell of the last row, by the number of its column.
    pub fn set(&mut self, column: usize, mark: Mark, units: i64) {
        let Some(at) = self.rows.last().map(|row| row.start + column) else { return };
        if self.cells.len() <= at {
            self.cells.resize(at + 1, ABSENT);
        }
        let code = self.code(at, mark, units);
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = code;
        }
    }

    /// Sets all cells of the last row, in order of columns.
    pub fn set_all(&mut self, cells: &[(Mark, i64)]) {
        for &(mark, units) in cells {
            let code = self.code(self.cells.len(), mark, units);
            self.cells.push(code);
        }
    }

    fn code(&mut self, at: usize, mark: Mark, units: i64) -> u32 {
        match (mark, u32::try_from(units)) {
            (Mark::Count | Mark::Money, Ok(code)) if code < WIDE => code,
            (Mark::Count | Mark::Money, _) => {
                self.wide.insert(at, units);
                WIDE
            }
            (Mark::Blank | Mark::ProvedBlank, _) => BLANK,
            (Mark::NotApplicable, _) => NOT_APPLICABLE,
            (Mark::Unreadable, _) => UNREADABLE,
            (Mark::NoReport | Mark::NotInTemplate, _) => ABSENT,
        }
    }

    fn cell(&self, at: usize, code: u32, money: bool) -> (Mark, i64) {
        let number = if money { Mark::Money } else { Mark::Count };
        match code {
            small if small < WIDE => (number, small.into()),
            ABSENT => (Mark::NotInTemplate, 0),
            BLANK => (Mark::Blank, 0),
            NOT_APPLICABLE => (Mark::NotApplicable, 0),
            UNREADABLE => (Mark::Unreadable, 0),
            _ => (number, self.wide.get(&at).copied().unwrap_or(0)),
        }
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
        for (at, row) in self.rows.iter().enumerate() {
            let rank = ranks.get(row.body).copied().unwrap_or(0);
            if let Some(old) = by_row.insert((rank, row.year), at) {
                doubled.extend(self.rows.get(old).map(|row| row.line));
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
        let mut columns: Vec<(Slot, bool, usize)> =
            self.columns.iter().zip(0..).map(|(&(slot, money), at)| (slot, money, at)).collect();
        columns.sort_by_key(|&(slot, ..)| slot);
        let lines: Vec<(usize, &[u32])> = rows.iter().map(|&row| self.cells_of(row)).collect();
        for together in columns.chunks(TILE) {
            let tile = tile(&lines, together);
            for (nth, &(slot, money, at)) in together.iter().enumerate() {
                marks.clear();
                units.clear();
                let mut printed = None;
                let cells = tile.chunks(together.len()).zip(&lines).zip(&forms).zip(&mut hashes);
                for (((row, &(start, _)), form), hash) in cells {
                    let Some((_, templates)) = form else {
                        marks.push(Mark::NoReport);
                        units.push(0);
                        continue;
                    };
                    let (mut mark, number) = self.cell(start + at, row.get(nth).copied().unwrap_or(ABSENT), money);
                    if mark == Mark::Blank {
                        let known = printed.filter(|(of, _)| of == templates).map(|(_, printed)| printed);
                        let is = known.unwrap_or_else(|| (names.printed)(slot, *templates));
                        printed = Some((*templates, is));
                        if !is {
                            mark = Mark::NotInTemplate;
                        }
                    }
                    if mark != Mark::NotInTemplate {
                        hash.add(column(slot), mark, number);
                    }
                    marks.push(mark);
                    units.push(number);
                }
                put_columns(out, year.number(), [(column(slot), &marks[..], &units[..])]);
            }
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
            row.and_then(|row| i64::try_from(row.line).ok()).unwrap_or(0)
        });
        own(PLACES, &|_| 0);
    }

    /// Where a row's cells begin, and the cells; nothing is absent in every column.
    fn cells_of(&self, row: Option<usize>) -> (usize, &[u32]) {
        let Some((at, row)) = row.and_then(|at| Some((at, self.rows.get(at)?))) else { return (0, &[]) };
        let end = self.rows.get(at + 1).map_or(self.cells.len(), |next| next.start);
        (row.start, self.cells.get(row.start..end).unwrap_or_default())
    }
}

/// Some columns of rows, row by row, in a piece of memory that the processor's cache holds: taken out of the rows one by
/// one, every cell would be fetched from afar.
fn tile(rows: &[(usize, &[u32])], columns: &[(Slot, bool, usize)]) -> Vec<u32> {
    let mut tile = Vec::with_capacity(rows.len() * columns.len());
    for (_, cells) in rows {
        tile.extend(columns.iter().map(|&(.., column)| cells.get(column).copied().unwrap_or(ABSENT)));
    }
    tile
}
