//! Filled cells of a sheet to lines and grids: a sheet is often a whole report with its narrative in wide cells.

use std::collections::BTreeMap;

use calamine::Dimensions;

use crate::{
    ingest::{Block, Grid, GridCell, Line, format::limits},
    text::Place,
};

/// A cell that holds something.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub(super) text: String,
    pub(super) row: u32,
    pub(super) column: u32,
}

/// A filled cell with the region it covers, ends included.
#[derive(Clone, Debug)]
struct Area {
    text: String,
    first: (u32, u32),
    last: (u32, u32),
}

/// Longer text in a row of its own is narrative.
const SENTENCE: usize = 60;

/// Adds the lines and grids of a sheet.
pub(super) fn sheet(filled: Vec<Filled>, merged: &[Dimensions], blocks: &mut Vec<Block>) {
    let regions: BTreeMap<(u32, u32), (u32, u32)> = merged.iter().map(|region| (region.start, region.end)).collect();
    let mut rows: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
    for cell in filled {
        let first = (cell.row, cell.column);
        let last = regions.get(&first).copied().filter(|last| *last >= first).unwrap_or(first);
        rows.entry(cell.row).or_default().push(Area { text: cell.text, first, last });
    }
    let rows: Vec<(u32, Vec<Area>)> = rows
        .into_iter()
        .map(|(row, mut areas)| {
            areas.sort_by_key(|area| area.first.1);
            (row, areas)
        })
        .collect();
    let mut chunk: Vec<Vec<Area>> = Vec::new();
    let mut reaches = 0;
    for (index, (row, areas)) in rows.iter().enumerate() {
        // A row with nothing in it ends a table, unless a tall cell reaches over it.
        if *row > reaches + 1 && !chunk.is_empty() {
            table(std::mem::take(&mut chunk), merged, blocks);
        }
        reaches = areas.iter().map(|area| area.last.0).fold(reaches.max(*row), u32::max);
        let next = rows.get(index + 1).filter(|(next, _)| *next == row + 1).map(|(_, areas)| areas.as_slice());
        match areas.as_slice() {
            [only] if is_line(only, &chunk, next) => {
                table(std::mem::take(&mut chunk), merged, blocks);
                blocks.push(line(only));
            }
            _ => chunk.push(areas.clone()),
        }
    }
    table(chunk, merged, blocks);
}

/// Whether a row of one cell stands between tables, not in one: a sentence, the heading of a part, a title.
fn is_line(cell: &Area, chunk: &[Vec<Area>], next: Option<&[Area]>) -> bool {
    let left = chunk.iter().flatten().map(|area| area.first.1).min().unwrap_or(0);
    let right = chunk.iter().flatten().map(|area| area.last.1).max().unwrap_or(0);
    let opens_part = cell.text.chars().skip(1).take(2).any(|c| c == '、');
    if cell.text.chars().count() > SENTENCE {
        return true;
    }
    let alone = cell.first == cell.last;
    // A heading stands over a header; a row of the form whose figures are blank stands over figures.
    let over_figures = next.is_some_and(|areas| areas.iter().any(|area| area.text.parse::<f64>().is_ok()));
    if opens_part && !over_figures {
        return alone || cell.first.1 <= left && cell.last.1 >= right;
    }
    // The first row of a table may be one cell as wide as the table; a title is not joined with what follows.
    let heads_table = next.is_some_and(|areas| areas.len() > 1) && !alone;
    chunk.is_empty() && !heads_table
}

fn line(area: &Area) -> Block {
    Block::Line(Line { text: area.text.clone(), place: place(area.first) })
}

fn place((row, column): (u32, u32)) -> Place {
    Place { line: row.saturating_add(1), column: column.saturating_add(1) }
}

/// Adds rows that hang together as a grid; what is too wide or too long for one, as lines.
fn table(rows: Vec<Vec<Area>>, merged: &[Dimensions], blocks: &mut Vec<Block>) {
    let bounds = |side: fn(&Area) -> (u32, u32)| rows.iter().flatten().map(side);
    let (Some(top), Some(left)) = (bounds(|a| a.first).map(|p| p.0).min(), bounds(|a| a.first).map(|p| p.1).min())
    else {
        return;
    };
    let bottom = bounds(|a| a.last).map(|p| p.0).max().unwrap_or(top);
    let right = bounds(|a| a.last).map(|p| p.1).max().unwrap_or(left);
    let (height, width) = (size(top, bottom), size(left, right));
    if height > limits::ROWS || width > limits::COLUMNS {
        blocks.extend(rows.iter().flatten().map(line));
        return;
    }
    let mut areas: Vec<Area> = rows.into_iter().flatten().collect();
    let inside =
        |region: &&Dimensions| (top..=bottom).contains(&region.start.0) && (left..=right).contains(&region.start.1);
    let blank = merged.iter().filter(inside).filter(|region| !areas.iter().any(|area| area.first == region.start));
    let blank: Vec<Area> = blank
        .map(|region| Area {
            text: String::new(),
            first: region.start,
            last: (region.end.0.min(bottom), region.end.1.min(right)),
        })
        .collect();
    areas.extend(blank);
    areas.extend(gaps(&areas, (top, left), (bottom, right)));
    areas.sort_by_key(|area| area.first);
    let cells = areas
        .into_iter()
        .map(|area| GridCell {
            text: area.text,
            row: size(top, area.first.0) - 1,
            column: size(left, area.first.1) - 1,
            row_span: size(area.first.0, area.last.0),
            column_span: size(area.first.1, area.last.1),
            place: place(area.first),
        })
        .collect();
    blocks.push(Block::Grid(Grid { cells }));
}

fn size(first: u32, last: u32) -> usize {
    usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX).saturating_add(1)
}

/// The empty cells of a rectangle: in a sheet they exist, and empty is not the same as missing.
fn gaps(areas: &[Area], first: (u32, u32), last: (u32, u32)) -> Vec<Area> {
    let width = size(first.1, last.1);
    let mut covered = vec![false; width * size(first.0, last.0)];
    for area in areas {
        for row in area.first.0..=area.last.0.min(last.0) {
            for column in area.first.1..=area.last.1.min(last.1) {
                let index = (size(first.0, row) - 1) * width + size(first.1, column) - 1;
                if let Some(square) = covered.get_mut(index) {
                    *square = true;
                }
            }
        }
    }
    let mut gaps = Vec::new();
    for row in first.0..=last.0 {
        for column in first.1..=last.1 {
            if covered.get((size(first.0, row) - 1) * width + size(first.1, column) - 1) == Some(&false) {
                gaps.push(Area { text: String::new(), first: (row, column), last: (row, column) });
            }
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, row: u32, column: u32) -> Filled {
        Filled { text: text.to_owned(), row, column }
    }

    #[test]
    fn a_sheet_falls_into_headings_and_tables() {
        let cells = vec![
            filled("某县2024年年度报告", 0, 0),
            filled("信息内容", 2, 0),
            filled("本年制发件数", 2, 1),
            filled("规章", 3, 0),
            filled("0", 3, 2),
            filled("三、收到和处理", 4, 0),
            filled("自然人", 5, 0),
            filled("总计", 5, 1),
        ];
        let merged = [Dimensions::new((2, 1), (2, 2)), Dimensions::new((4, 0), (4, 2))];
        let mut blocks = Vec::new();
        sheet(cells, &merged, &mut blocks);
        let [Block::Line(title), Block::Grid(first), Block::Line(heading), Block::Grid(second)] = blocks.as_slice()
        else {
            panic!("{blocks:?}")
        };
        assert_eq!((title.text.as_str(), heading.text.as_str()), ("某县2024年年度报告", "三、收到和处理"));
        let cells: Vec<_> = first.cells.iter().map(|c| (c.text.as_str(), c.row, c.column, c.column_span)).collect();
        let expected =
            [("信息内容", 0, 0, 1), ("本年制发件数", 0, 1, 2), ("规章", 1, 0, 1), ("", 1, 1, 1), ("0", 1, 2, 1)];
        assert_eq!(cells, expected);
        assert_eq!(second.cells[1].place, Place { line: 6, column: 2 });
    }

    #[test]
    fn two_cells_at_the_ends_of_a_sheet_are_lines() {
        let mut blocks = Vec::new();
        sheet(vec![filled("a", 0, 0), filled("b", 0, 16_383), filled("c", 1_048_575, 3)], &[], &mut blocks);
        assert!(blocks.iter().all(|block| matches!(block, Block::Line(_))));
        assert_eq!(blocks.len(), 3);
    }
}
