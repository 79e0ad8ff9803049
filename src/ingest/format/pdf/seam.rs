//! Pages to one document: a table that goes on over a page break becomes one table again.

use super::{
    page::{Page, Piece},
    ruled::{Box, Table},
    rules::NEAR,
};
use crate::{
    ingest::{Block, Grid, GridCell, Line},
    text::Place,
};

/// Columns from which on rows carry figures beside a label of their own, so that a broken row shows.
const WIDE: usize = 6;

/// The blocks of all pages, lines numbered throughout.
pub(super) fn document(pages: Vec<Page>) -> Vec<Block> {
    let mut pieces: Vec<Piece> = Vec::new();
    for page in pages {
        let mut first = true;
        for piece in page.pieces {
            match (pieces.last_mut(), piece) {
                (Some(Piece::Table(above)), Piece::Table(below)) if first && goes_on(above, &below) => {
                    join(above, below);
                }
                (_, piece) => pieces.push(piece),
            }
            first = false;
        }
    }
    let mut blocks = Vec::new();
    let mut line = 0u32;
    for piece in pieces {
        match piece {
            Piece::Line(written) => {
                line += 1;
                blocks.push(Block::Line(Line { text: written.text, place: Place { line, column: 1 } }));
            }
            Piece::Table(table) => blocks.push(Block::Grid(grid(&table, &mut line))),
        }
    }
    blocks
}

fn goes_on(above: &Table, below: &Table) -> bool {
    near(above.left, below.left) && near(above.right, below.right)
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < NEAR * 2.0
}

fn same_sides(a: &Box, b: &Box) -> bool {
    near(a.left, b.left) && near(a.right, b.right)
}

/// Puts the table of the next page under that of the page before.
fn join(above: &mut Table, mut below: Table) {
    let shift = above.left - below.left;
    for cell in &mut below.boxes {
        (cell.left, cell.right) = (cell.left + shift, cell.right + shift);
    }
    let repeated = repeated_header(above, &below);
    drop_rows(&mut below, repeated);
    if below.rows == 0 {
        return;
    }
    if row_is_cut(above, &below) {
        let last = above.rows - 1;
        for lower in below.boxes.iter().filter(|cell| cell.row == 0) {
            let upper =
                above.boxes.iter_mut().find(|upper| upper.row + upper.row_span > last && same_sides(upper, lower));
            if let Some(upper) = upper {
                append(&mut upper.text, &lower.text);
                upper.row_span += lower.row_span - 1;
            }
        }
        // Cells that also cover later rows of the new page went up whole.
        drop_rows(&mut below, 1);
    } else {
        let rows = above.rows;
        let mut upper: Vec<&mut Box> = above.boxes.iter_mut().filter(|cell| cell.row + cell.row_span == rows).collect();
        below.boxes.retain(|lower| {
            let Some(upper) = upper.iter_mut().find(|upper| lower.row == 0 && same_sides(upper, lower)) else {
                return true;
            };
            let joined = is_one_label(upper, lower);
            if joined {
                append(&mut upper.text, &lower.text);
                upper.row_span += lower.row_span;
            }
            !joined
        });
    }
    let rows = above.rows;
    above.boxes.extend(below.boxes.into_iter().map(|mut cell| {
        cell.row += rows;
        cell
    }));
    above.rows += below.rows;
    above.bottom = below.bottom;
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}

/// How many rows at the top of the next page repeat those at the top of the table.
fn repeated_header(above: &Table, below: &Table) -> usize {
    let top = |table: &Table, rows: usize| -> Option<Vec<(String, usize, usize)>> {
        let boxes = table.boxes.iter().filter(|cell| cell.row < rows);
        let closed = boxes.clone().all(|cell| cell.row + cell.row_span <= rows);
        closed.then(|| boxes.map(|cell| (cell.text.clone(), cell.row, cell.row_span)).collect())
    };
    let same = |rows: &usize| match (top(above, *rows), top(below, *rows)) {
        (Some(a), Some(b)) => a == b && a.iter().any(|(text, ..)| !text.is_empty()),
        _ => false,
    };
    (1..=below.rows.min(above.rows)).rev().find(same).unwrap_or(0)
}

fn drop_rows(table: &mut Table, rows: usize) {
    table.boxes.retain(|cell| cell.row >= rows);
    for cell in &mut table.boxes {
        cell.row -= rows;
    }
    table.rows -= rows;
}

/// Whether the break cut through a row of figures: one side has the figures, the other only the rest of the label.
fn row_is_cut(above: &Table, below: &Table) -> bool {
    let last = above.rows.saturating_sub(1);
    let upper: Vec<&Box> = above.boxes.iter().filter(|cell| cell.row == last && cell.row_span == 1).collect();
    let lower: Vec<&Box> = below.boxes.iter().filter(|cell| cell.row == 0 && cell.row_span == 1).collect();
    let figures = |cells: &[&Box]| cells.iter().filter(|cell| is_figure(&cell.text)).count();
    let label = |cells: &[&Box]| {
        cells.iter().find(|cell| !cell.text.is_empty() && !is_figure(&cell.text)).map(|c| c.text.clone())
    };
    let has_upper = |lower: &Box| above.boxes.iter().any(|u| u.row + u.row_span > last && same_sides(u, lower));
    let complete = below.boxes.iter().filter(|cell| cell.row == 0).all(has_upper);
    let paired = complete && lower.len() >= WIDE && upper.len() >= WIDE;
    match (label(&lower), label(&upper)) {
        (Some(rest), Some(_)) if paired && !begins_an_item(&rest) => (figures(&lower) == 0) != (figures(&upper) == 0),
        _ => false,
    }
}

fn is_figure(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))
}

/// Whether two cells over and under the break are one label that covers several rows.
fn is_one_label(upper: &Box, lower: &Box) -> bool {
    if upper.row_span == 1 && lower.row_span == 1 || is_figure(&upper.text) || is_figure(&lower.text) {
        return false;
    }
    lower.text.is_empty() || !begins_an_item(&lower.text)
}

/// A label that begins with a bracket, a number or a short word before a list comma opens an item of its own.
fn begins_an_item(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    first.is_some_and(|c| matches!(c, '（' | '(') || c.is_numeric()) || characters.take(2).any(|c| c == '、')
}

/// Gives every cell its coordinates among all the lines the table has on any page.
fn grid(table: &Table, line: &mut u32) -> Grid {
    let mut xs: Vec<f32> = Vec::new();
    let mut sides: Vec<f32> = table.boxes.iter().flat_map(|cell| [cell.left, cell.right]).collect();
    sides.sort_by(f32::total_cmp);
    for side in sides {
        if xs.last().is_none_or(|last| side - last >= NEAR) {
            xs.push(side);
        }
    }
    let column = |side: f32| xs.iter().rposition(|x| *x <= side + 0.01).unwrap_or(0);
    let mut boxes: Vec<&Box> = table.boxes.iter().collect();
    boxes.sort_by(|a, b| a.row.cmp(&b.row).then(a.left.total_cmp(&b.left)));
    let first = *line + 1;
    let cells = boxes
        .into_iter()
        .map(|cell| {
            let (left, right) = (column(cell.left), column(cell.right));
            let place = Place {
                line: first.saturating_add(u32::try_from(cell.row).unwrap_or(u32::MAX)),
                column: u32::try_from(left + 1).unwrap_or(u32::MAX),
            };
            let column_span = right.saturating_sub(left).max(1);
            let (row, row_span) = (cell.row, cell.row_span);
            GridCell { text: cell.text.clone(), row, column: left, row_span, column_span, place }
        })
        .collect();
    *line = line.saturating_add(u32::try_from(table.rows).unwrap_or(u32::MAX));
    Grid { cells }
}
