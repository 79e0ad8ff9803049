//! A net of lines to a table: cells are what the lines enclose, merged ones too.

use super::{
    rules::{Rule, positions},
    source::Glyph,
    writing,
};
use crate::ingest::format::limits;

/// A cell by the lines around it; rows count down the page from 0.
#[derive(Clone, Debug)]
pub(super) struct Box {
    pub(super) text: String,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) row: usize,
    pub(super) row_span: usize,
}

/// A table of one page.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
    pub(super) top: f32,
    pub(super) rows: usize,
    /// In row order, then from left to right.
    pub(super) boxes: Vec<Box>,
}

/// The table a net encloses, taking its characters out of `glyphs`; `None` if it is no table or a huge one.
pub(super) fn table(net: &[Rule], glyphs: &mut Vec<Glyph>) -> Option<Table> {
    let xs = positions(net, true);
    let mut ys = positions(net, false);
    ys.reverse();
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns > limits::COLUMNS || rows > limits::ROWS || columns * rows < 2 {
        return None;
    }
    let (left, right) = (*xs.first()?, *xs.last()?);
    let (top, bottom) = (*ys.first()?, *ys.last()?);
    let shape = Shape { net, xs: &xs, ys: &ys, columns, rows };
    let mut inside = vec![Vec::new(); columns * rows];
    let mut squares: Vec<Option<usize>> = glyphs.iter().map(|glyph| shape.square(middle(glyph))).collect();
    let mut crossing = Vec::new();
    for (before, after) in writing::figure_neighbours(glyphs) {
        match (squares.get(before).copied().flatten(), squares.get(after).copied().flatten()) {
            // A number too wide for the last column runs out of the table; its digits stay together.
            (Some(square), None) => squares.get_mut(after).into_iter().for_each(|next| *next = Some(square)),
            (None, Some(square)) => squares.get_mut(before).into_iter().for_each(|last| *last = Some(square)),
            // Inside the table nothing tells one wide number from two that touch.
            (Some(left), Some(right)) if shape.are_parted(left, right) => crossing.push((before, left, right)),
            _ => {}
        }
    }
    for (before, left, right) in crossing {
        if let Some(glyph) = glyphs.get(before) {
            for square in [left, right] {
                let doubt = Glyph { c: char::REPLACEMENT_CHARACTER, x: glyph.x + glyph.width, width: 0.1, ..*glyph };
                inside.get_mut(square).into_iter().for_each(|found: &mut Vec<Glyph>| found.push(doubt));
            }
        }
    }
    let mut at = squares.iter();
    glyphs.retain(|glyph| {
        let square = at.next().copied().flatten();
        if let Some(found) = square.and_then(|square| inside.get_mut(square)) {
            found.push(*glyph);
        }
        square.is_none()
    });
    let mut boxes = Vec::new();
    for area in shape.areas() {
        let mut own = Vec::new();
        for row in area.row..area.row + area.row_span {
            for column in area.column..area.column + area.column_span {
                if let Some(found) = inside.get_mut(row * columns + column) {
                    own.append(found);
                }
            }
        }
        boxes.push(Box {
            text: writing::cell(own),
            left: *xs.get(area.column)?,
            right: *xs.get(area.column + area.column_span)?,
            row: area.row,
            row_span: area.row_span,
        });
    }
    Some(Table { left, right, bottom, top, rows, boxes })
}

fn middle(glyph: &Glyph) -> (f32, f32) {
    (glyph.x + glyph.width / 2.0, glyph.y + glyph.size * 0.35)
}

/// A rectangle of squares.
struct Area {
    row: usize,
    column: usize,
    row_span: usize,
    column_span: usize,
}

/// The squares between neighbouring lines, and which lines part them.
struct Shape<'net> {
    net: &'net [Rule],
    xs: &'net [f32],
    /// From the top down.
    ys: &'net [f32],
    columns: usize,
    rows: usize,
}

impl Shape<'_> {
    /// The square a point is in.
    fn square(&self, (x, y): (f32, f32)) -> Option<usize> {
        let column = self.xs.windows(2).position(|pair| matches!(pair, [a, b] if (*a..*b).contains(&x)))?;
        let row = self.ys.windows(2).position(|pair| matches!(pair, [a, b] if *b <= y && y < *a))?;
        Some(row * self.columns + column)
    }

    fn middle(lines: &[f32], index: usize) -> f32 {
        lines.get(index).zip(lines.get(index + 1)).map_or(0.0, |(a, b)| (a + b) / 2.0)
    }

    /// Whether a line parts a square from the one right of it.
    fn wall_right(&self, row: usize, column: usize) -> bool {
        let (at, middle) = (self.xs.get(column + 1).copied().unwrap_or(0.0), Self::middle(self.ys, row));
        self.net.iter().any(|rule| rule.upright && rule.passes(at, middle))
    }

    /// Whether a line parts a square from the one below it.
    fn wall_below(&self, row: usize, column: usize) -> bool {
        let (at, middle) = (self.ys.get(row + 1).copied().unwrap_or(0.0), Self::middle(self.xs, column));
        self.net.iter().any(|rule| !rule.upright && rule.passes(at, middle))
    }

    /// Whether a line stands between two squares of one row.
    fn are_parted(&self, left: usize, right: usize) -> bool {
        let (row, first, last) = (left / self.columns, left % self.columns, right % self.columns);
        row == right / self.columns && (first..last).any(|column| self.wall_right(row, column))
    }

    /// Squares joined where no line parts them, each joined area being a rectangle.
    ///
    /// An area grows right while there is no wall, then down while its whole width has none and no square is taken.
    fn areas(&self) -> Vec<Area> {
        let mut taken = vec![false; self.columns * self.rows];
        let mut areas = Vec::new();
        for row in 0..self.rows {
            for column in 0..self.columns {
                if taken.get(row * self.columns + column).copied().unwrap_or(true) {
                    continue;
                }
                let free = |row: usize, column: usize| taken.get(row * self.columns + column) == Some(&false);
                let mut column_span = 1;
                while column + column_span < self.columns
                    && !self.wall_right(row, column + column_span - 1)
                    && free(row, column + column_span)
                {
                    column_span += 1;
                }
                let span = column..column + column_span;
                let mut row_span = 1;
                while row + row_span < self.rows
                    && span.clone().all(|c| free(row + row_span, c) && !self.wall_below(row + row_span - 1, c))
                    && span.clone().skip(1).all(|c| !self.wall_right(row + row_span, c - 1))
                {
                    row_span += 1;
                }
                for row in row..row + row_span {
                    for column in span.clone() {
                        if let Some(square) = taken.get_mut(row * self.columns + column) {
                            *square = true;
                        }
                    }
                }
                areas.push(Area { row, column, row_span, column_span });
            }
        }
        areas
    }
}
