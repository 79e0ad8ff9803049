//! A table 3 with fewer columns than the form: totals only, or the columns that an office filled.

use std::collections::BTreeMap;

use super::{
    super::{
        flow::{Flow, Gap},
        grid::{Item, Piece, letters},
        labels::{Hit, Mark},
        number::Said,
    },
    Draft, Entry,
    columns::WIDTH,
    row_number, solve,
    third::Placed,
};
use crate::model::{Applicant, CategoryCode, Slot, Template};

/// The columns that a table prints.
pub(super) struct Narrow {
    /// From left to right; nothing where a column is the sum of others and no cell of the form.
    columns: Vec<Option<Applicant>>,
    /// The sums along the rows or down the columns hold.
    pub proved: bool,
}

/// The heads above the first row.
fn heads(items: &[Item]) -> impl Iterator<Item = (&Hit, Applicant)> {
    let above = items.iter().take_while(|item| !matches!(item, Item::Label(hit) if hit.row3().is_some()));
    let hits = above.filter_map(|item| if let Item::Label(hit) = item { Some(hit) } else { None });
    hits.filter_map(|hit| Some((hit, hit.applicant()?)))
}

/// Whether words stand among the heads that name no column: one that is lost or misprinted.
fn unnamed(flow: &Flow, items: &[Item]) -> bool {
    const LEAST: usize = 2;
    let mut bounds = heads(items).map(|(hit, _)| hit.start);
    let Some(first) = bounds.next() else { return false };
    let last = bounds.last().unwrap_or(first);
    items.iter().any(|item| match *item {
        Item::Text { start, end } => (first..last).contains(&start) && letters(flow, start, end) >= LEAST,
        _ => false,
    })
}

/// The columns that the heads name, each once, in the order of the form.
pub(super) fn named(items: &[Item]) -> Vec<Applicant> {
    let found: Vec<Applicant> = heads(items).map(|(_, applicant)| applicant).collect();
    Applicant::ALL.into_iter().filter(|applicant| found.contains(applicant)).collect()
}

/// The columns of a table in which no row has seven values and all have equally many.
pub(super) fn narrow(flow: &Flow, items: &[Item], rows: &Placed, form: Template) -> Option<Narrow> {
    /// Fewer rows say nothing about a table.
    const LEAST: usize = 6;
    // Most tables have all columns, which one row shows.
    let mut lengths = rows.values().map(|row| row.iter().filter(|piece| piece.is_printed()).count());
    if lengths.find(|&length| length > 0).is_none_or(|length| length >= WIDTH) {
        return None;
    }
    let values: BTreeMap<CategoryCode, Vec<i64>> =
        rows.iter().map(|(&code, row)| Some((code, counts(row)?))).collect::<Option<_>>()?;
    let mut filled = values.values().filter(|row| !row.is_empty());
    let width = filled.next()?.len();
    if width >= WIDTH
        || filled.any(|row| row.len() != width)
        || values.values().filter(|row| !row.is_empty()).count() < LEAST
    {
        return None;
    }
    let columns = columns(flow, items, width)?;
    let totals = width > 1 && columns.last() == Some(&Some(Applicant::Total));
    let sum = |row: &Vec<i64>| row.split_last().map(|(total, parts)| (parts.iter().sum::<i64>(), *total));
    let along = totals
        && values.values().filter_map(sum).all(|(parts, total)| parts == total)
        && values.values().filter_map(sum).any(|(_, total)| total > 0);
    // Between figures a cell without one is a column; behind them it may fill up a span, if the sum ends before it.
    let empty = || rows.values().map(|row| empty(row));
    if empty().any(|(inside, _)| inside) || !along && empty().any(|(_, behind)| behind) {
        return None;
    }
    let value = |code: CategoryCode, column: usize| values.get(&code).map(|row| row.get(column).copied().unwrap_or(0));
    let down = || {
        solve::identities(form).iter().all(|identity| (0..width).all(|at| identity.holds_in(at, value) == Some(true)))
    };
    let proved = along || down();
    // Outside a grid the order of the heads is only that of their words.
    let grid = rows.values().flat_map(|row| row.iter()).all(|piece| piece.spot.is_some());
    (proved || grid || width == 1).then_some(Narrow { columns, proved })
}

/// Whether empty cells stand between the figures of a row, and behind them.
fn empty(row: &[Piece]) -> (bool, bool) {
    let bounds = row.iter().position(Piece::is_printed).zip(row.iter().rposition(Piece::is_printed));
    bounds.map_or((false, false), |(first, last)| {
        let inside = row.get(first..last).unwrap_or_default().iter().any(|piece| !piece.is_printed());
        (inside, last + 1 < row.len())
    })
}

/// The values of a row, if they are plain numbers that do not run together.
fn counts(row: &[Piece]) -> Option<Vec<i64>> {
    const RUN: usize = 7;
    let printed = row.iter().filter(|piece| piece.is_printed());
    printed
        .map(|piece| match &piece.said {
            Said::Number(number) if piece.gap > Gap::Joined && number.digits.len() < RUN => {
                number.count().filter(|_| number.digits == "0" || !number.digits.starts_with('0'))
            }
            _ => None,
        })
        .collect()
}

/// Which columns so many values of a row are.
fn columns(flow: &Flow, items: &[Item], width: usize) -> Option<Vec<Option<Applicant>>> {
    let found: Vec<(&Hit, Applicant)> = heads(items).collect();
    let named = named(items);
    if found.len() != named.len() || unnamed(flow, items) {
        return None;
    }
    if named.iter().all(|&applicant| applicant == Applicant::Total) {
        return (width == 1).then(|| vec![Some(Applicant::Total)]);
    }
    let others = items.iter().any(|item| matches!(item, Item::Label(hit) if hit.is(Mark::Others)));
    if named == [Applicant::Natural, Applicant::Total] && (others || width == 3) {
        // What stands between is all that are not natural persons.
        return (width == 3).then(|| vec![Some(Applicant::Natural), None, Some(Applicant::Total)]);
    }
    let column = |applicant: Applicant| {
        let (hit, _) = found.iter().find(|&&(_, other)| other == applicant)?;
        Some(flow.spot(hit.start).map_or(0, |spot| spot.column))
    };
    let order: Vec<usize> = named.iter().map(|&applicant| column(applicant)).collect::<Option<_>>()?;
    let parts = found.iter().map(|&(_, applicant)| applicant).filter(|&applicant| applicant != Applicant::Total);
    let in_order = parts.is_sorted_by_key(|applicant| named.iter().position(|&other| other == applicant));
    (named.len() == width && order.is_sorted() && in_order).then(|| named.into_iter().map(Some).collect())
}

impl Narrow {
    /// The cells of a row; what is not printed is blank in the columns that the table has.
    pub fn drafts(&self, code: CategoryCode, row: &[Piece], at: usize) -> Vec<Draft> {
        let printed: Vec<&Piece> = row.iter().filter(|piece| piece.is_printed()).collect();
        let cells = self.columns.iter().enumerate().filter_map(|(column, applicant)| Some((column, (*applicant)?)));
        cells
            .map(|(column, applicant)| {
                let piece = printed.get(column);
                let Entry { said, start, end } = piece.map_or_else(|| Entry::empty(at), |piece| Entry::of(piece));
                let row = piece.map_or(0, |piece| row_number(piece));
                Draft { slot: Slot::of(code, applicant), said, start, end, row }
            })
            .collect()
    }
}
