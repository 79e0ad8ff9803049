//! From items to cells: which value belongs to which slot of the form.

mod columns;
mod fourth;
mod narrow;
mod numbering;
mod rows;
mod second;
mod solve;
mod split;
mod third;

use super::{
    flow::{Flow, Gap},
    grid::{Item, Piece},
    number::{Number, Said},
};
use crate::model::{CategoryCode, Finding, Severity, Slot, Status, Template};

pub(crate) use {fourth::fourth, second::second, third::third};

/// One cell of the form as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// What the cell is for.
    pub slot: Slot,
    /// What it says; [`Said::Garbled`] where it cannot be told.
    pub said: Said,
    /// First glyph of its text.
    pub start: usize,
    /// One past the last glyph.
    pub end: usize,
    /// Row of the grid, from 1; 0 without a grid.
    pub row: u32,
}

/// What a table gave.
#[derive(Debug, Default)]
pub(crate) struct Aligned {
    /// The form of the table.
    pub form: Option<Template>,
    /// Its own words tell the form.
    pub told: bool,
    /// Its cells.
    pub drafts: Vec<Draft>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Rows (blocks in table 4) that were recognised.
    pub labels: usize,
    /// Those among them behind which something is printed.
    pub filled: usize,
    /// The layout has cells, so that an empty one can be told from a lost one.
    pub cells: bool,
    /// The last label, where nothing stands behind it and the form goes on: its row, and where.
    pub open_end: Option<(CategoryCode, usize)>,
    /// Table 3 of a text that runs together: every row has its seven values and the sums hold.
    pub whole: bool,
}

/// What the whole document tells about a single table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// Labels and digits run together without anything between them.
    pub glued: bool,
    /// Cells of grids stand at their true coordinates even where others are missing (sheets, ruled
    /// pages); elsewhere a missing cell moves the ones behind it.
    pub absolute: bool,
    /// In a text that runs together: no value is missing, as far as table 3 can tell.
    pub whole: bool,
    /// The form of table 3, where its words tell it.
    pub form: Option<Template>,
}

/// Counts the labels whose value is joined to them, and those where something stands between.
pub(crate) fn joins(items: &[Item]) -> (usize, usize) {
    let mut counts = (0, 0);
    for pair in items.windows(2) {
        if let [Item::Label(_), Item::Value(piece)] = pair
            && matches!(piece.said, Said::Number(_))
        {
            if piece.gap == Gap::Joined { counts.0 += 1 } else { counts.1 += 1 }
        }
    }
    counts
}

/// A cell's content with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub said: Said,
    pub start: usize,
    pub end: usize,
}

impl Entry {
    fn of(piece: &Piece) -> Self {
        Self { said: piece.said.clone(), start: piece.start, end: piece.end }
    }

    fn empty(at: usize) -> Self {
        Self { said: Said::Empty, start: at, end: at }
    }

    /// Part of a digit run.
    fn slice(piece: &Piece, slice: &split::Slice) -> Self {
        let start = piece.start + slice.from;
        Self { said: Said::Number(Number::plain(&slice.digits)), start, end: start + slice.digits.len() }
    }

    /// Digits run together, cut where `ways`, which gives every way of cutting the runs, allows one only.
    fn cut(printed: &[&Piece], ways: impl FnOnce(&[&str]) -> Option<Vec<Vec<split::Slice>>>) -> Option<Vec<Self>> {
        let runs: Vec<&str> = printed
            .iter()
            .map(|piece| match &piece.said {
                Said::Number(number) if number.is_run() => Some(number.digits.as_str()),
                _ => None,
            })
            .collect::<Option<_>>()?;
        match ways(&runs)?.as_slice() {
            [way] => way.iter().map(|slice| Some(Self::slice(printed.get(slice.token)?, slice))).collect(),
            _ => None,
        }
    }

    /// One value too many: the row without one that makes it whole, if no other row could be meant. Two values with no
    /// edge of a cell between them may be a figure that fell apart (1 5 for 15).
    fn one_too_many(printed: &[&Piece], width: usize, whole: impl Fn(&[Self]) -> bool) -> Option<Vec<Self>> {
        if printed.len() != width + 1 {
            return None;
        }
        let values = |row: &[Self]| row.iter().map(Self::printed).collect::<Vec<_>>();
        let mut ways: Vec<Vec<Self>> = Vec::new();
        for skip in 0..printed.len() {
            let row: Vec<Self> =
                printed.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, piece)| Self::of(piece)).collect();
            if whole(&row) && ways.iter().all(|way| values(way) != values(&row)) {
                ways.push(row);
            }
        }
        let joined = (1..printed.len()).any(|at| Self::joined(printed, at).is_some_and(|row| whole(&row)));
        ways.pop().filter(|_| ways.is_empty() && !joined)
    }

    /// The row in which a value and the one before it are one figure.
    fn joined(printed: &[&Piece], at: usize) -> Option<Vec<Self>> {
        let (before, piece) = (printed.get(at - 1)?, printed.get(at).filter(|piece| piece.gap < Gap::Cell)?);
        let (Said::Number(first), Said::Number(second)) = (&before.said, &piece.said) else { return None };
        let said = Said::Number(Number::plain(&[first.digits.as_str(), second.digits.as_str()].concat()));
        let mut row: Vec<Self> = printed.iter().map(|piece| Self::of(piece)).collect();
        row.remove(at);
        *row.get_mut(at - 1)? = Self { said, start: before.start, end: piece.end };
        Some(row)
    }

    /// The count it stands for in a sum: nothing printed adds nothing.
    fn count(&self) -> Option<i64> {
        match &self.said {
            Said::Number(number) => number.count(),
            Said::Empty | Said::NotApplicable => Some(0),
            Said::Garbled => None,
        }
    }

    /// The number printed, if it is one.
    fn printed(&self) -> Option<i64> {
        match &self.said {
            Said::Number(number) => number.count(),
            _ => None,
        }
    }
}

/// Something that is printed where a value should stand and is none.
fn garbled(flow: &Flow, start: usize, end: usize) -> Piece {
    Piece { start, end, said: Said::Garbled, gap: flow.gap(start), spot: flow.spot(start) }
}

/// A finding of the reader about some cells.
pub(crate) fn noticed(flow: &Flow, rule: &str, cells: Vec<Slot>, start: usize, end: usize) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity: Severity::Warning,
        status: Status::Unassessable,
        applicant: None,
        printed: Some(flow.raw(start, end).to_owned()).filter(|raw| !raw.is_empty()),
        computed: None,
        cells,
        text: None,
        place: Some(flow.place(start)),
    }
}

/// The row of a grid, from 1; 0 where there is none.
fn row_number(piece: &Piece) -> u32 {
    piece.spot.map_or(0, |spot| u32::try_from(spot.row + 1).unwrap_or(u32::MAX))
}
