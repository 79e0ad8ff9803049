//! The rows of table 3 as they stand in the text: a label and what is printed behind it.

use std::collections::BTreeMap;

use super::{
    super::{
        flow::{Flow, Gap, Spot},
        grid::{Item, Piece, fills, letters},
        labels::{Hit, Mark},
        number::Said,
    },
    garbled, numbering,
};
use crate::model::{Applicant, CategoryCode};

/// Some values side by side, and the label they stand behind.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The category of the label; nothing where the values stand apart from theirs.
    pub anchor: Option<CategoryCode>,
    /// The label is one that the form does not have.
    pub unknown: Option<(usize, usize)>,
    /// Values and empty cells.
    pub pieces: Vec<Piece>,
    /// The first glyph of the row.
    pub start: usize,
}

/// What was found in table 3.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Rows with values, or with cells that are empty.
    pub list: Vec<Row>,
    /// Every category whose label stands in the table, in order, with its first glyph.
    pub seen: Vec<(CategoryCode, usize)>,
    /// Per grid: the column of each applicant.
    pub heads: BTreeMap<usize, Vec<(Applicant, usize)>>,
}

/// Gathers the rows of a table.
pub(super) fn rows(flow: &Flow, items: &[Item]) -> Rows {
    let mut gather = Gather { flow, rows: Rows::default(), open: Open::default() };
    let unnumbered = numbering::without_rows(flow, items);
    let mut rest = unnumbered.as_deref().unwrap_or(items);
    while let Some(first) = rest.first() {
        let key = row_key(flow, first);
        let length = rest.iter().take_while(|item| row_key(flow, item) == key).count().max(1);
        let (row, tail) = rest.split_at(length.min(rest.len()));
        match key {
            Some((grid, _)) => gather.grid_row(grid, row),
            None => gather.stream(row),
        }
        rest = tail;
    }
    gather.rows
}

fn row_key(flow: &Flow, item: &Item) -> Option<(usize, usize)> {
    let spot = if let Item::Value(piece) = item { piece.spot } else { flow.spot(item.start()) };
    spot.map(|spot| (spot.grid, spot.row))
}

/// The row being gathered from the stream.
#[derive(Default)]
struct Open {
    anchor: Option<CategoryCode>,
    unknown: Option<(usize, usize)>,
    /// The label that broke off, so that its rest may stand before the values.
    cut: Option<Hit>,
    /// Letters between the label and its values.
    between: usize,
    start: usize,
    pieces: Vec<Piece>,
}

struct Gather<'a, 'd> {
    flow: &'a Flow<'d>,
    rows: Rows,
    open: Open,
}

impl Gather<'_, '_> {
    /// Which row a label heads. Without its number, 总计 and 其他 are heads of columns until the
    /// rows before them have been seen.
    fn category(&self, hit: &Hit, valued: bool) -> Option<CategoryCode> {
        const BEFORE: usize = 3;
        hit.row3().or_else(|| {
            let code = hit.row3_bare()?;
            let late = self.rows.seen.len() >= BEFORE && self.rows.seen.iter().all(|&(seen, _)| seen < code);
            let near = self.rows.seen.last().is_some_and(|&(seen, _)| code.0.saturating_sub(seen.0) <= 4);
            (valued && late && near && self.flow.gap(hit.start) >= Gap::Cell).then_some(code)
        })
    }

    fn stream(&mut self, items: &[Item]) {
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Label(hit) => {
                    let valued = matches!(items.get(at + 1), Some(Item::Value(_)));
                    self.leave_to(hit);
                    self.label(hit, valued);
                }
                Item::Value(piece) => {
                    // Room for a row at once.
                    if self.open.pieces.is_empty() {
                        self.open.pieces.reserve(super::columns::WIDTH);
                    }
                    self.open.pieces.push(piece.clone());
                }
                Item::Text { start, end } => self.text(*start, *end),
            }
        }
        self.close();
        self.open = Open::default();
    }

    /// Empty cells between the start of a line and a label in it stand under headings that span rows: they are none of
    /// the row before.
    fn leave_to(&mut self, hit: &Hit) {
        if self.flow.gap(hit.start) != Gap::Cell {
            return;
        }
        let pieces = &mut self.open.pieces;
        let empty = pieces.iter().rev().take_while(|piece| !piece.is_printed() && piece.spot.is_none());
        let start = empty.clone().position(|piece| piece.gap >= Gap::Line);
        if let Some(of_line) = start.filter(|&at| empty.take(at).all(|piece| piece.gap == Gap::Cell)) {
            pieces.truncate(pieces.len() - of_line - 1);
        }
    }

    fn label(&mut self, hit: &Hit, valued: bool) {
        let category = self.category(hit, valued);
        if category.is_none() && !hit.is(Mark::Group3) && self.open.pieces.is_empty() && self.open.cut.is_some() {
            return;
        }
        self.close();
        if let Some(code) = category {
            self.rows.seen.push((code, hit.start));
        }
        self.open =
            Open { anchor: category, cut: Some(*hit).filter(|hit| hit.cut), start: hit.start, ..Open::default() };
    }

    fn text(&mut self, start: usize, end: usize) {
        /// The rest of a label that was cut, or a word the form does not print.
        const REST: usize = 12;
        /// Fewer letters are no label.
        const LABEL: usize = 4;
        let letters = letters(self.flow, start, end);
        let behind = self.open.pieces.last().is_some_and(Piece::is_printed);
        let open = self.open.anchor.is_some() || !self.open.pieces.is_empty();
        if open && (fills(self.flow, start, end, behind) || letters < LABEL && self.lacks(start, end)) {
            self.open.pieces.push(garbled(self.flow, start, end));
            return;
        }
        if self.open.pieces.is_empty() && self.open.anchor.is_some() {
            let words: String = self.flow.plain(start, end).chars().filter(|ch| ch.is_alphabetic()).collect();
            let before = self.open.between;
            if self.open.cut.is_none_or(|hit| !hit.continues(&words)) {
                self.open.between += letters;
            }
            let continues = self.flow.gap(start) < Gap::Cell || letters < LABEL || self.open.cut.is_some();
            let begins = self.flow.ch(start).is_ascii_digit() && letters < LABEL;
            if before == 0 && has_digit(self.flow, start, end) && (begins || self.flow.gap(start) <= Gap::Cell) {
                self.open.pieces.push(garbled(self.flow, start, end));
            } else if !continues || self.open.between > REST && self.open.cut.is_some() {
                self.open = Open { unknown: Some((start, end)), start, ..Open::default() };
            }
        } else {
            self.close();
            let unknown = (letters >= LABEL).then_some((start, end));
            self.open = Open { unknown, start, ..Open::default() };
        }
    }

    /// Whether a row of values that stand as this word does, alone on a line or in a cell, is not yet whole.
    fn lacks(&self, start: usize, end: usize) -> bool {
        let gap = self.flow.gap(start);
        let alike = self.open.pieces.iter().filter(|piece| piece.gap == gap).count();
        let printed = self.open.pieces.iter().filter(|piece| piece.is_printed()).count();
        gap >= Gap::Cell
            && self.flow.gap(end) >= Gap::Cell
            && (1..super::columns::WIDTH).contains(&alike)
            && (1..super::columns::WIDTH).contains(&printed)
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        if !open.pieces.iter().any(Piece::is_printed) && open.anchor.is_none() {
            return;
        }
        // Marks alone, with no label, say nothing.
        let number = |piece: &Piece| matches!(piece.said, Said::Number(_) | Said::Garbled);
        if open.pieces.is_empty() || open.anchor.is_none() && !open.pieces.iter().any(number) {
            return;
        }
        let start = if open.anchor.is_some() || open.unknown.is_some() {
            open.start
        } else {
            open.pieces.first().map_or(open.start, |piece| piece.start)
        };
        if open.anchor.is_none() && self.rows.list.is_empty() && numbering::of_columns(&open.pieces) {
            return;
        }
        for row in super::columns::cut(open.anchor, open.pieces) {
            let (anchor, pieces) = row;
            self.rows.list.push(Row { anchor, unknown: open.unknown, pieces, start });
        }
    }

    fn grid_row(&mut self, grid: usize, items: &[Item]) {
        let flow = self.flow;
        let hits = || items.iter().filter_map(|item| if let Item::Label(hit) = item { Some(hit) } else { None });
        let applicants = || hits().filter_map(|hit| Some((hit.applicant()?, flow.spot(hit.start)?)));
        let named = applicants().filter(|(applicant, _)| *applicant != Applicant::Total).count();
        if named >= 2 || named >= 1 && hits().all(|hit| hit.row3().is_none()) {
            let heads = self.rows.heads.entry(grid).or_default();
            for (applicant, spot) in applicants() {
                heads.retain(|&(known, _)| known != applicant);
                heads.push((applicant, spot.column));
            }
            return;
        }
        let mut leaf: Option<(CategoryCode, usize, Option<Spot>)> = None;
        for item in items {
            let found = match item {
                Item::Label(hit) => self.category(hit, true).map(|code| (code, hit.start)),
                Item::Text { .. } | Item::Value(_) => None,
            };
            if let Some((code, start)) = found {
                leaf = Some((code, start, flow.spot(start)));
            }
        }
        if let Some((code, start, _)) = leaf {
            self.rows.seen.push((code, start));
        }
        // Columns of labels end where the last label cell ends.
        let labelled = hits().filter_map(|hit| flow.spot(hit.start)).map(|spot| spot.column + spot.columns).max();
        let mut words = items.iter().rev().filter_map(|item| match item {
            Item::Text { start, end } if letters(flow, *start, *end) >= 4 => Some((*start, *end)),
            _ => None,
        });
        let unknown = if leaf.is_none() { words.next() } else { None };
        let edge = match (&leaf, unknown) {
            (Some((.., Some(spot))), _) => spot.column + spot.columns,
            (_, Some((start, _))) => flow.spot(start).map_or(0, |spot| spot.column + spot.columns),
            _ => labelled.unwrap_or(0),
        };
        let mut pieces: Vec<Piece> = Vec::new();
        for item in items {
            let inside = flow.spot(item.start()).is_some_and(|spot| spot.column >= edge);
            match item {
                Item::Value(piece) if inside => pieces.push(piece.clone()),
                Item::Text { start, end } if inside => pieces.push(garbled(flow, *start, *end)),
                _ => {}
            }
        }
        // A page number or a note across the table is no row, nor is a row that numbers the columns.
        let wide = |piece: &Piece| piece.spot.is_some_and(|spot| spot.columns >= super::columns::WIDTH);
        let mut printed = pieces.iter().filter(|piece| piece.is_printed());
        let aside = printed.next().is_some_and(wide) && printed.next().is_none()
            || self.rows.list.is_empty() && numbering::of_columns(&pieces);
        if leaf.is_none() && aside {
            return;
        }
        let start = items.first().map_or(0, Item::start);
        if leaf.is_some() && !pieces.is_empty() || pieces.iter().any(Piece::is_printed) {
            let anchor = leaf.map(|(code, ..)| code);
            self.rows.list.push(Row { anchor, unknown, pieces, start });
        }
    }
}

fn has_digit(flow: &Flow, start: usize, end: usize) -> bool {
    (start..end).any(|at| flow.ch(at).is_ascii_digit())
}
