//! Paragraphs and tables of Word to lines and grids, by the same rules as for pages.

use super::parse::{Cell, Content, Row};
use crate::{
    ingest::{
        Block, Grid, GridCell, Line,
        format::{limits, spans::ARTICLE},
    },
    text::Place,
};

/// Lines and grids in reading order.
pub(super) fn blocks(content: Vec<Content>) -> Vec<Block> {
    let mut blocks = Vec::new();
    flow(content, &mut blocks);
    blocks
}

fn flow(content: Vec<Content>, blocks: &mut Vec<Block>) {
    for piece in content {
        match piece {
            Content::Paragraph(text, number) => {
                for line in text.split('\n') {
                    blocks.push(Block::Line(Line { text: line.trim_end().to_owned(), place: place(number) }));
                }
            }
            Content::Table(rows) => table(rows, blocks),
        }
    }
}

/// Rows of the form as grids, rows that lay out the page as flowing text.
fn table(rows: Vec<Row>, blocks: &mut Vec<Block>) {
    let single = rows.iter().map(|row| row.cells.len()).sum::<usize>() == 1;
    let mut pending = Vec::new();
    for row in rows {
        if single || row.cells.iter().any(is_layout) {
            flush(std::mem::take(&mut pending), blocks);
            row.cells.into_iter().for_each(|cell| flow(cell.content, blocks));
        } else {
            pending.push(row);
        }
    }
    flush(pending, blocks);
}

fn flush(rows: Vec<Row>, blocks: &mut Vec<Block>) {
    match grid(&rows) {
        Some(grid) if grid.cells.is_empty() => {}
        Some(grid) => blocks.push(Block::Grid(grid)),
        None => rows.into_iter().flat_map(|row| row.cells).for_each(|cell| flow(cell.content, blocks)),
    }
}

/// Coordinates of the cells; `None` for a table larger than any report needs.
fn grid(rows: &[Row]) -> Option<Grid> {
    if rows.len() > limits::ROWS {
        return None;
    }
    let mut cells: Vec<GridCell> = Vec::new();
    // For each column, the cell above that a cell below may go on with.
    let mut above: Vec<Option<usize>> = vec![None; limits::COLUMNS];
    for (number, row) in rows.iter().enumerate() {
        let mut column = row.skip;
        let mut left: Option<usize> = None;
        for cell in &row.cells {
            let span = cell.span.clamp(1, limits::SPAN);
            if column + span > limits::COLUMNS {
                return None;
            }
            if let (true, Some(left)) = (cell.beside, left.and_then(|left| cells.get_mut(left))) {
                left.column_span += span;
            } else {
                let upper = above.get(column).copied().flatten().filter(|_| cell.below);
                let index = match upper.and_then(|upper| Some((upper, cells.get_mut(upper)?))) {
                    Some((upper, found)) if found.column == column => {
                        found.row_span = number + 1 - found.row;
                        upper
                    }
                    _ => {
                        cells.push(GridCell {
                            text: text(&cell.content),
                            row: number,
                            column,
                            row_span: 1,
                            column_span: span,
                            place: place(cell.paragraph),
                        });
                        cells.len() - 1
                    }
                };
                above.iter_mut().skip(column).take(span).for_each(|above| *above = Some(index));
                left = Some(index);
            }
            column += span;
        }
    }
    Some(Grid { cells })
}

/// The text of a cell, `\n` between its lines.
fn text(content: &[Content]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for piece in content {
        match piece {
            Content::Paragraph(text, _) => {
                lines.extend(text.split('\n').map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()));
            }
            Content::Table(rows) => {
                lines.extend(rows.iter().flat_map(|row| &row.cells).map(|cell| self::text(&cell.content)));
            }
        }
    }
    lines.join("\n")
}

/// A cell with a table of several cells in it, or with an article.
fn is_layout(cell: &Cell) -> bool {
    let holds_table = cell.content.iter().any(|piece| match piece {
        Content::Table(rows) => {
            rows.iter().map(|row| row.cells.len()).sum::<usize>() > 1
                || rows.iter().flat_map(|row| &row.cells).any(is_layout)
        }
        Content::Paragraph(..) => false,
    });
    holds_table || text(&cell.content).chars().count() >= ARTICLE
}

fn place(paragraph: u32) -> Place {
    Place { line: paragraph, column: 1 }
}
