//! Rows of cells with spans, as HTML and Word write them, to cells with coordinates.

use super::limits::{COLUMNS, ROWS, SPAN};
use crate::{
    ingest::{Grid, GridCell},
    text::Place,
};

/// Characters of a cell from which on it is an article, not a cell of the form.
pub(super) const ARTICLE: usize = 600;

/// A cell as written, before its coordinates are known.
pub(super) struct Written {
    /// Text without markup.
    pub(super) text: String,
    /// Rows it says it covers; 0 means to the end of the table, as in HTML.
    pub(super) row_span: usize,
    /// Columns it says it covers.
    pub(super) column_span: usize,
    /// Where it stands.
    pub(super) place: Place,
}

/// Gives every cell its coordinates; `None` where the table is larger than any report needs.
///
/// Spans are clipped to [`SPAN`] and to the rows that exist.
pub(super) fn resolve(rows: Vec<Vec<Written>>) -> Option<Grid> {
    let height = rows.len();
    if height > ROWS {
        return None;
    }
    let mut cells = Vec::new();
    // For each column, the first row that is free again.
    let mut free_from = vec![0usize; COLUMNS];
    for (row, written) in rows.into_iter().enumerate() {
        let mut column = 0;
        for cell in written {
            while free_from.get(column).is_some_and(|&free| free > row) {
                column += 1;
            }
            let column_span = cell.column_span.clamp(1, SPAN).min(COLUMNS.checked_sub(column)?);
            if column_span == 0 {
                return None;
            }
            let rows_left = height - row;
            let row_span = if cell.row_span == 0 { rows_left } else { cell.row_span.min(SPAN).min(rows_left) };
            for free in free_from.iter_mut().skip(column).take(column_span) {
                *free = (*free).max(row + row_span);
            }
            cells.push(GridCell { text: cell.text, row, column, row_span, column_span, place: cell.place });
            column += column_span;
        }
    }
    Some(Grid { cells })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, row_span: usize, column_span: usize) -> Written {
        Written { text: text.to_owned(), row_span, column_span, place: Place::default() }
    }

    fn at(grid: &Grid, text: &str) -> (usize, usize, usize, usize) {
        let found = grid.cells.iter().find(|cell| cell.text == text).unwrap();
        (found.row, found.column, found.row_span, found.column_span)
    }

    #[test]
    fn spans_push_later_cells_aside() {
        let grid = resolve(vec![
            vec![cell("head", 3, 2), cell("申请人", 1, 2)],
            vec![cell("自然人", 1, 1), cell("总计", 1, 1)],
            vec![cell("1", 1, 1), cell("2", 1, 1)],
        ])
        .unwrap();
        assert_eq!(at(&grid, "申请人"), (0, 2, 1, 2));
        assert_eq!(at(&grid, "自然人"), (1, 2, 1, 1));
        assert_eq!(at(&grid, "2"), (2, 3, 1, 1));
    }

    #[test]
    fn absurd_spans_are_clipped() {
        let grid = resolve(vec![vec![cell("a", usize::MAX, 1), cell("b", 0, 1)], vec![cell("c", 1, 1)]]).unwrap();
        assert_eq!(at(&grid, "a"), (0, 0, 2, 1));
        assert_eq!(at(&grid, "b"), (0, 1, 2, 1));
        assert_eq!(at(&grid, "c"), (1, 2, 1, 1));
        assert!(resolve((0..=ROWS).map(|_| vec![cell("x", 1, 1)]).collect()).is_none());
        assert!(resolve(vec![(0..=COLUMNS).map(|_| cell("x", 1, 1)).collect()]).is_none());
        assert_eq!(at(&resolve(vec![vec![cell("wide", 1, usize::MAX)]]).unwrap(), "wide"), (0, 0, 1, COLUMNS));
    }
}
