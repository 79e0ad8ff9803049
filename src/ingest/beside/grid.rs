//! By coordinates: a head gives its columns to a year, the first cell of a row gives the row.

use std::ops::Range;

use super::{
    super::{
        flow::{Flow, Glyph, Spot},
        grid::Item,
        labels::Mark,
        number::Said,
    },
    Fate,
    words::{Side, side},
};
use crate::model::{Table, Year};

/// A cell of a grid with what it holds.
struct Cell {
    items: Range<usize>,
    spot: Spot,
    side: Option<Side>,
    /// It heads a row of the form.
    row: bool,
    /// Something else of the form is printed in it.
    labelled: bool,
    /// It holds a number.
    number: bool,
    start: usize,
    end: usize,
}

/// Decides on the items in grids; gives the heads of what is set aside.
pub(super) fn judge(
    flow: &Flow,
    items: &[Item],
    table: Table,
    year: Option<Year>,
    fates: &mut [Fate],
) -> Vec<(usize, usize)> {
    let cells = cells(flow, items, year);
    let mut heads: Vec<(usize, usize)> = Vec::new();
    let mut columns: Vec<(Range<usize>, Side)> = Vec::new();
    let mut labelled: Option<usize> = None;
    let mut grid = None;
    for row in cells.chunk_by(|one, other| (one.spot.grid, one.spot.row) == (other.spot.grid, other.spot.row)) {
        let Some(first) = row.first().map(|cell| cell.spot) else { continue };
        let section = || row.iter().filter_map(|cell| items.get(cell.items.clone())).flatten().any(is_section);
        if grid.replace(first.grid) != Some(first.grid) || table == Table::T2 && section() {
            columns.clear();
            labelled = None;
        }
        let mut set = |cell: &Cell, fate: Fate, which: fn(&Item) -> bool| {
            for at in cell.items.clone() {
                if items.get(at).is_some_and(which)
                    && let Some(known) = fates.get_mut(at)
                {
                    *known = fate.clone();
                }
            }
        };
        if is_head(items, row) {
            let sided = row.iter().any(|cell| cell.side.is_some());
            let prior = row.iter().any(|cell| names(items, cell, "items_prior"));
            for cell in row {
                // 增减 is a column of the 2019 form only beside the number it changes.
                let change = sided && !prior && names(items, cell, "items_change");
                // 上一年项目数量（2019年） is a column of the form.
                let told = cell.side.filter(|_| !names(items, cell, "items_prior")).or(change.then_some(Side::Other));
                if let Some(told) = told {
                    columns.push((cell.spot.column..cell.spot.column + cell.spot.columns, told));
                    set(cell, Fate::Spent, |item| !matches!(item, Item::Label(_)));
                    if told == Side::Other {
                        heads.push((cell.start, cell.end));
                    }
                }
                if side_of(&columns, cell.spot) == Some(Side::Other) {
                    set(cell, Fate::Spent, |_| true);
                }
            }
            continue;
        }
        if row.iter().any(|cell| cell.row) {
            labelled = Some(first.row);
        }
        let values = row.iter().filter(|cell| cell.number && !cell.row).map(|cell| cell.spot.column).min();
        let before = |cell: &&Cell| values.is_some_and(|first| cell.spot.column < first);
        let tag = row.iter().filter(|cell| !cell.labelled && !cell.row && !cell.number).filter(before);
        let tag = tag.filter_map(|cell| Some((cell, cell.side?))).next_back();
        match tag {
            Some((cell, Side::Other)) => {
                heads.push((cell.start, cell.end));
                for cell in row {
                    set(cell, Fate::Aside, |item| !matches!(item, Item::Label(_)));
                }
            }
            Some((tag, Side::Own)) => {
                set(tag, Fate::Spent, |_| true);
                if let Some(label) = labelled.filter(|&label| label != first.row) {
                    for cell in row.iter().filter(|cell| cell.number || cell.side.is_none()) {
                        set(cell, Fate::Raised(label), |item| matches!(item, Item::Value(_)));
                    }
                }
            }
            None => {
                for cell in row.iter().filter(|cell| !cell.row) {
                    if side_of(&columns, cell.spot) == Some(Side::Other) {
                        set(cell, Fate::Aside, |_| true);
                    }
                }
            }
        }
    }
    heads
}

/// The side of the head that stands nearest above a cell and is as narrow as one can be.
fn side_of(columns: &[(Range<usize>, Side)], spot: Spot) -> Option<Side> {
    let above = columns.iter().filter(|(range, _)| range.contains(&spot.column));
    above.min_by_key(|(range, _)| range.len()).map(|&(_, side)| side)
}

fn is_section(item: &Item) -> bool {
    matches!(item, Item::Label(hit) if hit.is(Mark::Tell(Table::T2)))
}

fn names(items: &[Item], cell: &Cell, id: &str) -> bool {
    let mut inside = items.get(cell.items.clone()).unwrap_or_default().iter();
    inside.any(|item| matches!(item, Item::Label(hit) if hit.head2() == Some(id)))
}

/// A row without figures, save years.
fn is_head(items: &[Item], row: &[Cell]) -> bool {
    let years = |cell: &Cell| {
        let mut inside = items.get(cell.items.clone()).unwrap_or_default().iter();
        cell.side.is_some() && inside.all(|item| !matches!(item, Item::Value(piece) if !is_year(&piece.said)))
    };
    row.iter().all(|cell| !cell.row && (!cell.number || years(cell)))
}

fn is_year(said: &Said) -> bool {
    matches!(said, Said::Number(number) if number.is_run() && number.digits.len() == 4)
}

fn cells(flow: &Flow, items: &[Item], year: Option<Year>) -> Vec<Cell> {
    let unit = |item: &Item| flow.glyph(item.start()).map(Glyph::unit);
    let mut cells = Vec::new();
    let mut at = 0;
    for inside in items.chunk_by(|one, other| unit(one) == unit(other)) {
        let range = at..at + inside.len();
        at = range.end;
        let Some(start) = inside.first().map(Item::start) else { continue };
        let Some(spot) = flow.spot(start) else { continue };
        let mine = flow.glyph(start).map(Glyph::unit);
        let length = flow.glyphs.iter().skip(start).take_while(|glyph| Some(glyph.unit()) == mine).count();
        let end = start + length;
        let hits = || inside.iter().filter_map(|item| if let Item::Label(hit) = item { Some(hit) } else { None });
        // Most cells hold nothing but a figure.
        let figure = |item: &Item| matches!(item, Item::Value(piece) if !is_year(&piece.said));
        let words: String = (start..end)
            .filter(|_| !inside.iter().all(figure))
            .filter(|at| !hits().any(|hit| (hit.start..hit.end).contains(at)))
            .map(|at| flow.ch(at))
            .filter(|&ch| ch != Glyph::EMPTY)
            .collect();
        cells.push(Cell {
            items: range,
            spot,
            side: side(&words, year),
            row: hits().any(|hit| hit.row2().is_some() || hit.row3().is_some()),
            labelled: hits().next().is_some(),
            number: inside
                .iter()
                .any(|item| matches!(item, Item::Value(piece) if matches!(piece.said, Said::Number(_)))),
            start,
            end,
        });
    }
    cells
}
