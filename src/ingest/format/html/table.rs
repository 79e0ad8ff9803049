//! Tables of a page: which of them hold figures, and which only lay the page out.

use super::{
    element::Role,
    flow::{self, Flow},
    tree::{Id, Kind, Tree},
};
use crate::ingest::{
    Block, Grid,
    format::spans::{self, ARTICLE, Written},
};

/// Writes a table: rows of the form as grids, rows that lay out the page as flowing text.
pub(super) fn write(flow: &mut Flow<'_>, table: Id) {
    captions(flow, table);
    let rows = rows(flow.tree(), table);
    let single = rows.iter().map(Vec::len).sum::<usize>() == 1;
    let mut pending: Vec<Vec<Id>> = Vec::new();
    let mut whole = true;
    for row in rows {
        if single || row.iter().any(|&cell| is_layout(flow.tree(), cell)) {
            write_rows(flow, std::mem::take(&mut pending), false);
            whole = false;
            for cell in row {
                flow.end_line();
                flow.children(cell, false);
                flow.end_line();
            }
        } else {
            pending.push(row);
        }
    }
    write_rows(flow, pending, whole);
}

/// A caption is a line before the table.
fn captions(flow: &mut Flow<'_>, table: Id) {
    let captions: Vec<Id> = flow
        .tree()
        .children(table)
        .filter(|(_, node)| matches!(node.kind, Kind::Element(Role::Block)))
        .map(|(id, _)| id)
        .collect();
    for caption in captions {
        flow.children(caption, false);
        flow.end_line();
    }
}

/// Writes rows as a grid; a single row left over between layout rows, or a table too large, as lines.
fn write_rows(flow: &mut Flow<'_>, rows: Vec<Vec<Id>>, whole: bool) {
    let grid = if whole || rows.len() > 1 { grid(flow, &rows) } else { None };
    match grid {
        Some(grid) => {
            if !grid.cells.is_empty() {
                flow.push(Block::Grid(grid));
            }
        }
        None => {
            for cell in rows.into_iter().flatten() {
                flow.children(cell, false);
                flow.end_line();
            }
        }
    }
}

fn grid(flow: &Flow<'_>, rows: &[Vec<Id>]) -> Option<Grid> {
    spans::resolve(rows.iter().map(|row| row.iter().map(|&cell| written(flow, cell)).collect()).collect())
}

fn written(flow: &Flow<'_>, cell: Id) -> Written {
    let tree = flow.tree();
    let (row_span, column_span) = match tree.node(cell).map(|node| &node.kind) {
        Some(Kind::Element(Role::Cell { row_span, column_span })) => (*row_span, *column_span),
        _ => (1, 1),
    };
    let own = tree.node(cell).map_or(0, |node| node.offset);
    let (text, offset) = flow::text(tree, cell).unwrap_or((String::new(), own));
    Written { text, row_span, column_span, place: flow.place(offset) }
}

/// The cells of a table, row by row.
fn rows(tree: &Tree, table: Id) -> Vec<Vec<Id>> {
    let mut rows = Vec::new();
    for (child, node) in tree.children(table) {
        match node.kind {
            Kind::Element(Role::Section) => rows.extend(
                tree.children(child)
                    .filter(|(_, node)| is(node_role(node), &Role::Row))
                    .map(|(row, _)| cells(tree, row)),
            ),
            Kind::Element(Role::Row) => rows.push(cells(tree, child)),
            _ => {}
        }
    }
    rows
}

fn cells(tree: &Tree, row: Id) -> Vec<Id> {
    tree.children(row)
        .filter(|(_, node)| matches!(node.kind, Kind::Element(Role::Cell { .. })))
        .map(|(cell, _)| cell)
        .collect()
}

fn node_role(node: &super::tree::Node) -> Option<&Role> {
    match &node.kind {
        Kind::Element(role) => Some(role),
        Kind::Text(_) => None,
    }
}

fn is(role: Option<&Role>, wanted: &Role) -> bool {
    role == Some(wanted)
}

/// A cell with a table of several cells in it, or with an article.
fn is_layout(tree: &Tree, cell: Id) -> bool {
    let mut room = ARTICLE;
    holds_table(tree, cell, &mut room) || room == 0
}

/// Looks for a table of more than one cell; takes the characters seen from `room`.
fn holds_table(tree: &Tree, id: Id, room: &mut usize) -> bool {
    tree.children(id).any(|(child, node)| match &node.kind {
        Kind::Text(text) => {
            *room = room.saturating_sub(text.chars().filter(|c| !c.is_whitespace()).count());
            false
        }
        Kind::Element(Role::Hidden) => false,
        Kind::Element(Role::Table) => {
            rows(tree, child).iter().map(Vec::len).sum::<usize>() > 1 || holds_table(tree, child, room)
        }
        Kind::Element(_) => holds_table(tree, child, room),
    })
}
