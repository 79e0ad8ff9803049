//! Rows of a cube gathered until there are enough for a chunk: of each the cells that are not as most are.

use std::collections::BTreeMap;

use super::{
    Imported, Names,
    field::{Cell, Parsed},
};
use crate::{
    messages::Said,
    model::{Body, Slot, Year},
    store::{block::Mark, column::LONGEST},
};

/// Rows after which a batch is full whatever its bodies.
const ROWS: usize = 6 * LONGEST;

/// A cell in 32 bits: a number below these codes, or what else stands there.
const BLANK: u32 = u32::MAX;
const NOT_APPLICABLE: u32 = u32::MAX - 1;
const UNREADABLE: u32 = u32::MAX - 2;
/// A number that needs more than 32 bits, or is negative: it stands beside.
const WIDE: u32 = u32::MAX - 3;

/// How much is gathered so far.
#[derive(Debug, Default)]
pub struct Shape {
    rows: usize,
    bodies: usize,
    /// Path of the last body.
    last: Vec<u8>,
}

impl Shape {
    /// Whether it is enough for a batch, before a row of this body.
    pub fn is_full(&self, path: &[u8]) -> bool {
        let of = |path: &[u8]| path.first_chunk::<2>().copied();
        let elsewhere = of(&self.last) != of(path) && self.rows >= LONGEST / 2;
        self.rows > 0 && self.last != path && (self.bodies >= LONGEST || self.rows >= ROWS || elsewhere)
    }

    /// Counts a row of this body.
    pub fn note(&mut self, path: &[u8]) {
        self.rows += 1;
        if self.last != path || self.bodies == 0 {
            self.bodies += 1;
            path.clone_into(&mut self.last);
        }
    }
}

/// Rows waiting to become chunks.
#[derive(Debug, Default)]
pub struct Batch {
    /// Rows that were left out.
    pub refused: Imported,
    bodies: Vec<Body>,
    /// Each column's slot, and whether it holds money.
    pub(super) columns: Vec<(Slot, bool)>,
    pub(super) years: BTreeMap<Year, Sheet>,
    /// The year of the last row.
    last: Option<Year>,
    /// Whether a row has a 0 where nothing is listed, and not no cell.
    pub(super) filled: bool,
}

/// The rows of a year.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Number of the body and line of the file.
    pub(super) rows: Vec<(usize, u64)>,
    /// By column, the cells that are listed: number of the row, and code.
    cells: Vec<Vec<(u32, u32)>>,
    /// Numbers that need more, by column and row.
    wide: BTreeMap<(usize, u32), i64>,
}

impl Sheet {
    /// Sets a cell of the last row. One that was set before counts no more.
    fn set(&mut self, column: usize, mark: Mark, units: i64) {
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let code = match (mark, u32::try_from(units)) {
            (Mark::Count | Mark::Money, Ok(code)) if code < WIDE => code,
            (Mark::Count | Mark::Money, _) => {
                self.wide.insert((column, row), units);
                WIDE
            }
            (Mark::NotApplicable, _) => NOT_APPLICABLE,
            (Mark::Unreadable, _) => UNREADABLE,
            (Mark::Blank | Mark::ProvedBlank | Mark::NoReport | Mark::NotInTemplate, _) => BLANK,
        };
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, Vec::new);
        }
        let Some(cells) = self.cells.get_mut(column) else { return };
        match cells.last_mut().filter(|(last, _)| *last == row) {
            Some(cell) => cell.1 = code,
            None => cells.push((row, code)),
        }
    }

    /// The cells of a column that are listed, in order of rows; `number` is the mark of its numbers.
    pub(super) fn listed(&self, column: usize, number: Mark) -> impl Iterator<Item = (usize, Mark, i64)> {
        self.cells.get(column).into_iter().flatten().map(move |&(row, code)| {
            let (mark, units) = match code {
                BLANK => (Mark::Blank, 0),
                NOT_APPLICABLE => (Mark::NotApplicable, 0),
                UNREADABLE => (Mark::Unreadable, 0),
                WIDE => (number, self.wide.get(&(column, row)).copied().unwrap_or(0)),
                small => (number, small.into()),
            };
            (row as usize, mark, units)
        })
    }

    /// Removes the rows; their memory is used again.
    fn clear(&mut self) {
        self.rows.clear();
        self.cells.iter_mut().for_each(Vec::clear);
        self.wide.clear();
    }
}

impl Batch {
    /// An empty batch with these columns, whose rows have a 0 where nothing else is set.
    pub fn filled(columns: &[(Slot, bool)]) -> Self {
        Self { columns: columns.to_vec(), filled: true, ..Self::default() }
    }

    /// Makes it one of [`Batch::filled`] without rows; its memory is used again.
    pub fn begin_lines(&mut self, columns: &[(Slot, bool)]) {
        columns.clone_into(&mut self.columns);
        (self.refused, self.last, self.filled) = (Imported::default(), None, true);
        self.bodies.clear();
        self.years.values_mut().for_each(Sheet::clear);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty() && self.refused.refusals == 0
    }

    /// Whether the last row is of this body and year.
    pub fn continues(&self, path: &str, year: Year) -> bool {
        self.last == Some(year) && self.ends_with(path)
    }

    fn ends_with(&self, path: &str) -> bool {
        self.bodies.last().is_some_and(|body| body.id.as_str() == path)
    }

    /// Begins a row, and gives the rows of its year, of which it is the last.
    ///
    /// # Errors
    /// When there is no such body, or it has a row of the year already.
    pub fn begin(&mut self, path: &str, year: Year, line: u64, names: &Names<'_>) -> Parsed<&mut Sheet> {
        if !self.ends_with(path) {
            self.bodies.push((names.body)(path)?);
        }
        let body = self.bodies.len().saturating_sub(1);
        let sheet = self.years.entry(year).or_default();
        if sheet.rows.last().is_some_and(|(last, _)| *last == body) {
            return Err(Said::new("import.earlier_row"));
        }
        sheet.rows.push((body, line));
        self.last = Some(year);
        Ok(sheet)
    }

    /// Adds a whole row, or notes why it is left out.
    pub fn row(&mut self, line: u64, key: Parsed<(&str, Year)>, cells: &[Cell], names: &Names<'_>) {
        match key.and_then(|(path, year)| self.begin(path, year, line, names)) {
            Ok(sheet) => cells.iter().for_each(|&(column, mark, units)| sheet.set(column, mark, units)),
            Err(why) => self.refused.refuse(line, why),
        }
    }

    /// Sets a cell of the last row, by its slot.
    pub fn put(&mut self, slot: Slot, money: bool, mark: Mark, units: i64) {
        let column = self.columns.iter().position(|(known, _)| *known == slot).unwrap_or_else(|| {
            self.columns.push((slot, money));
            self.columns.len() - 1
        });
        if let Some(sheet) = self.last.and_then(|year| self.years.get_mut(&year)) {
            sheet.set(column, mark, units);
        }
    }

    /// Its bodies in path order, each once; and the position among them of every body by its number.
    pub(super) fn ordered(&self) -> (Vec<Body>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.bodies.len()).collect();
        order.sort_by_key(|&at| self.bodies.get(at).map(|body| &body.id));
        let (mut bodies, mut positions) = (Vec::<Body>::new(), vec![0; self.bodies.len()]);
        for at in order {
            let Some(body) = self.bodies.get(at) else { continue };
            if bodies.last().is_none_or(|last| last.id != body.id) {
                bodies.push(body.clone());
            }
            if let Some(position) = positions.get_mut(at) {
                *position = bodies.len() - 1;
            }
        }
        (bodies, positions)
    }
}
