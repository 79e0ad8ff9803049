use super::{
    page::{Page, Piece},
    ruled::{self, Table},
    rules,
    source::{Glyph, Sheet, Stroke},
};
use crate::ingest::{Block, Grid};

/// Lines of a table by the positions of its columns and rows; `open` are walls left out, as (upright, at, from, to).
fn strokes(xs: &[f32], ys: &[f32], open: &[(bool, f32, f32, f32)]) -> Vec<Stroke> {
    let mut found = Vec::new();
    let is_open = |upright: bool, at: f32, middle: f32| {
        open.iter().any(|&(u, o, from, to)| u == upright && (o - at).abs() < 0.1 && from < middle && middle < to)
    };
    for x in xs {
        for pair in ys.windows(2).filter(|pair| !is_open(true, *x, f32::midpoint(pair[0], pair[1]))) {
            found.push(Stroke { from: (*x, pair[0]), to: (*x, pair[1]) });
        }
    }
    for y in ys {
        for pair in xs.windows(2).filter(|pair| !is_open(false, *y, f32::midpoint(pair[0], pair[1]))) {
            found.push(Stroke { from: (pair[0], *y), to: (pair[1], *y) });
        }
    }
    found
}

fn word(text: &str, x: f32, y: f32) -> Vec<Glyph> {
    text.chars().zip(0u8..).map(|(c, n)| Glyph { c, x: x + 5.0 * f32::from(n), y, width: 5.0, size: 10.0 }).collect()
}

fn cells(table: &Table) -> Vec<(&str, usize, usize)> {
    table.boxes.iter().map(|cell| (cell.text.as_str(), cell.row, cell.row_span)).collect()
}

#[test]
fn merged_cells_are_what_the_lines_enclose() {
    // A head over two columns, and a label beside two rows.
    let open = [(true, 100.0, 60.0, 90.0), (false, 30.0, 0.0, 50.0)];
    let lines = strokes(&[0.0, 50.0, 100.0, 150.0], &[0.0, 30.0, 60.0, 90.0], &open);
    let mut glyphs =
        [word("申请人", 70.0, 70.0), word("三、", 5.0, 30.0), word("12", 60.0, 40.0), word("7", 110.0, 10.0)].concat();
    let nets = rules::nets(&lines);
    assert_eq!(nets.len(), 1);
    let table = ruled::table(&nets[0], &mut glyphs).unwrap();
    assert!(glyphs.is_empty());
    let expected = [("", 0, 1), ("申请人", 0, 1), ("三、", 1, 2), ("12", 1, 1), ("", 1, 1), ("", 2, 1), ("7", 2, 1)];
    assert_eq!(cells(&table), expected);
}

fn sheet(rows: &[[&str; 7]], footer: &str) -> Sheet {
    let xs: Vec<f32> = (0u8..=7).map(|n| f32::from(n) * 40.0).collect();
    let ys: Vec<f32> = (0..=u8::try_from(rows.len()).unwrap()).map(|n| 500.0 - f32::from(n) * 20.0).collect();
    let mut glyphs = word(footer, 140.0, 40.0);
    for (row, y) in rows.iter().zip(&ys) {
        for (text, x) in row.iter().zip(&xs) {
            glyphs.extend(word(text, x + 2.0, y - 15.0));
        }
    }
    Sheet { glyphs, strokes: strokes(&xs, &ys, &[]), extent: (40.0, 510.0) }
}

fn grids(sheets: &[Sheet]) -> Vec<Grid> {
    let pages: Vec<Page> = super::page::without_running_lines(sheets.iter().map(super::page::blocks).collect());
    assert!(pages.iter().all(|page| page.pieces.iter().all(|piece| matches!(piece, Piece::Table(_)))), "footers go");
    let blocks = super::seam::document(pages);
    blocks.into_iter().filter_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None }).collect()
}

fn row(grid: &Grid, row: usize) -> Vec<&str> {
    grid.cells.iter().filter(|cell| cell.row == row).map(|cell| cell.text.as_str()).collect()
}

#[test]
fn a_table_goes_on_over_the_page_without_its_repeated_header() {
    let head = ["类别", "自然人", "企业", "科研", "公益", "法律", "总计"];
    let first = sheet(&[head, ["1.申请", "5", "0", "0", "0", "0", "5"]], "-1-");
    let second = sheet(&[head, ["2.结转", "7", "0", "0", "0", "0", "7"]], "-2-");
    let grids = grids(&[first, second]);
    assert_eq!(grids.len(), 1);
    assert_eq!(row(&grids[0], 2), ["2.结转", "7", "0", "0", "0", "0", "7"]);
    assert_eq!(grids[0].cells.len(), 21);
}

#[test]
fn a_row_cut_by_the_page_is_one_row_again() {
    let first = sheet(&[["1.申请", "5", "0", "0", "0", "0", "5"], ["5.要求", "", "", "", "", "", ""]], "1 / 2");
    let second = sheet(&[["确认", "7", "0", "0", "0", "0", "7"], ["6.其他", "1", "0", "0", "0", "0", "1"]], "2 / 2");
    let grids = grids(&[first, second]);
    assert_eq!(row(&grids[0], 1), ["5.要求\n确认", "7", "0", "0", "0", "0", "7"]);
    assert_eq!(row(&grids[0], 2), ["6.其他", "1", "0", "0", "0", "0", "1"]);
}

#[test]
fn a_blank_row_before_the_break_stays_a_row() {
    let first = sheet(&[["1.申请", "", "", "", "", "", ""], ["2.重复", "", "", "", "", "", ""]], "1");
    let second = sheet(&[["3.公开", "7", "0", "0", "0", "0", "7"]], "2");
    let grids = grids(&[first, second]);
    assert_eq!(row(&grids[0], 1), ["2.重复", "", "", "", "", "", ""]);
    assert_eq!(row(&grids[0], 2), ["3.公开", "7", "0", "0", "0", "0", "7"]);
}

#[test]
fn a_number_over_a_line_is_never_cut_in_two() {
    let lines = strokes(&[0.0, 40.0, 80.0], &[0.0, 20.0], &[]);
    let table = |glyphs: &mut Vec<Glyph>| ruled::table(&rules::nets(&lines)[0], glyphs).unwrap();
    // Out of the last column: the digits stay together.
    let mut out = [word("7", 10.0, 5.0), word("15414", 60.0, 5.0)].concat();
    assert_eq!(cells(&table(&mut out)), [("7", 0, 1), ("15414", 0, 1)]);
    assert!(out.is_empty());
    // Over the line between two columns: neither cell is a number.
    let found = table(&mut word("15414", 25.0, 5.0));
    assert!(found.boxes.iter().all(|cell| cell.text.contains('\u{FFFD}')), "{found:?}");
}
