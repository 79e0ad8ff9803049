//! Text tables aligned by display width, for a terminal of any width.
//!
//! Nothing is cut: what does not fit is wrapped inside its column, and where even that does not fit,
//! every row becomes a record of `heading  text` lines.

use super::sheet::{Align, Sheet};
use crate::text::width;

/// Spaces between two columns.
const GAP: usize = 2;

/// A column of words is not wrapped narrower than this.
const NARROWEST: usize = 12;

/// The sheet as lines no wider than `columns`; `usize::MAX` where nothing limits them.
#[must_use]
pub fn lines(sheet: &Sheet, columns: usize) -> Vec<String> {
    Layout::of(sheet, columns).lines(sheet, true)
}

/// Where the columns of a sheet stand: rows that come later are laid out as the first were.
#[derive(Clone, Debug)]
pub struct Layout {
    columns: usize,
    /// Of each column; nothing where every row is a record.
    widths: Option<Vec<usize>>,
}

impl Layout {
    /// As the rows of a sheet need it.
    #[must_use]
    pub fn of(sheet: &Sheet, columns: usize) -> Self {
        let natural: Vec<usize> = (0..sheet.heads.len()).map(|column| natural_width(sheet, column)).collect();
        Self { columns, widths: fit(sheet, natural, columns) }
    }

    /// The rows as lines: the first of all under their headings, those that follow without.
    #[must_use]
    pub fn lines(&self, sheet: &Sheet, first: bool) -> Vec<String> {
        let Some(widths) = &self.widths else { return records(sheet, self.columns, first) };
        let heads: Option<Vec<String>> = first.then(|| sheet.heads.iter().map(|head| head.title.clone()).collect());
        heads.iter().chain(&sheet.rows).flat_map(|row| laid_out(sheet, row, widths)).collect()
    }
}

fn natural_width(sheet: &Sheet, column: usize) -> usize {
    let texts = sheet.rows.iter().filter_map(|row| row.get(column));
    let widest = texts.flat_map(|text| text.lines()).map(width::of).max().unwrap_or(0);
    widest.max(sheet.heads.get(column).map_or(0, |head| width::of(&head.title)))
}

/// Narrows headings over numbers, then columns of words, the widest first, until the line fits;
/// nothing when it cannot.
fn fit(sheet: &Sheet, mut widths: Vec<usize>, columns: usize) -> Option<Vec<usize>> {
    let over = |widths: &[usize]| {
        (widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)).saturating_sub(columns)
    };
    if over(&widths) > 0 {
        for (column, width) in widths.iter_mut().enumerate() {
            if sheet.heads.get(column).is_some_and(|head| head.align == Align::Right) {
                *width = narrow_width(sheet, column);
            }
        }
    }
    loop {
        let over = over(&widths);
        if over == 0 {
            return Some(widths);
        }
        let words = sheet.heads.iter().zip(widths.iter_mut()).filter(|(head, _)| head.align == Align::Left);
        let widest = words.map(|(_, width)| width).max_by_key(|width| **width).filter(|width| **width > NARROWEST)?;
        *widest = widest.saturating_sub(over.min(8)).max(NARROWEST);
    }
}

/// What a column of numbers needs when its heading is wrapped between words.
fn narrow_width(sheet: &Sheet, column: usize) -> usize {
    let texts = sheet.rows.iter().filter_map(|row| row.get(column)).map(|text| width::of(text));
    let title = sheet.heads.get(column).map_or("", |head| head.title.as_str());
    // Chinese has no spaces: six characters a line are still read as one heading.
    let words = title.split_whitespace().map(|word| width::of(word).min(12));
    texts.chain(words).max().unwrap_or(0)
}

fn laid_out(sheet: &Sheet, row: &[String], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(text, &width)| wrapped(text, width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
    (0..height)
        .map(|line| {
            let mut out = String::new();
            for (at, (cell, &columns)) in cells.iter().zip(widths).enumerate() {
                if at > 0 {
                    out.push_str(&" ".repeat(GAP));
                }
                let text = cell.get(line).map_or("", String::as_str);
                let right = sheet.heads.get(at).is_some_and(|head| head.align == Align::Right);
                out.push_str(&if right { width::pad_left(text, columns) } else { width::pad_right(text, columns) });
            }
            out.trim_end().to_owned()
        })
        .collect()
}

/// The text in pieces no wider than `columns`, cut at spaces where there are any. A line that is
/// indented goes on two columns further in; where there is little room, half of the indent goes.
#[must_use]
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    for line in text.lines() {
        let leading = line.chars().take_while(|c| *c == ' ').count();
        let (indent, hang) = match leading {
            0 => (0, 0),
            _ if leading + NARROWEST <= columns => (leading, leading + 2),
            _ => ((leading / 2).min(columns / 4), (leading / 2 + 1).min(columns / 3)),
        };
        let line = line.get(leading - indent..).unwrap_or(line);
        let mut piece = String::new();
        let mut used = 0;
        let mut fresh = true;
        for word in line.split_inclusive([' ', '/', '、', ',', ':']) {
            let needed = width::of(word.trim_end());
            if !fresh && used + needed > columns {
                pieces.push(std::mem::replace(&mut piece, " ".repeat(hang)).trim_end().to_owned());
                (used, fresh) = (hang, true);
            }
            for c in word.chars() {
                let one = width::of(c.encode_utf8(&mut [0; 4]));
                if !fresh && used + one > columns && c != ' ' {
                    pieces.push(std::mem::replace(&mut piece, " ".repeat(hang)).trim_end().to_owned());
                    used = hang;
                }
                piece.push(c);
                used += one;
                fresh = fresh && c == ' ';
            }
        }
        pieces.push(piece.trim_end().to_owned());
    }
    pieces
}

/// One block a row: heading and text on a line, blocks apart by an empty line.
fn records(sheet: &Sheet, columns: usize, first: bool) -> Vec<String> {
    let heading = sheet.heads.iter().map(|head| width::of(&head.title)).max().unwrap_or(0);
    let room = columns.saturating_sub(heading + GAP).max(NARROWEST);
    let mut lines = Vec::new();
    for (at, row) in sheet.rows.iter().enumerate() {
        if at > 0 || !first {
            lines.push(String::new());
        }
        for (head, text) in sheet.heads.iter().zip(row).filter(|(_, text)| !text.is_empty()) {
            for (piece_at, piece) in wrapped(text, room).iter().enumerate() {
                let title = if piece_at == 0 { head.title.as_str() } else { "" };
                lines.push(format!("{}{}{piece}", width::pad_right(title, heading), " ".repeat(GAP)));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::default();
        sheet.push("年份".into(), Align::Left, vec!["2024".into(), "2023".into()]);
        sheet.push("占比".into(), Align::Right, vec!["77.0%".into(), "无报告".into()]);
        sheet.push("出处".into(), Align::Left, vec!["reports/万柏林区 2024.txt:12:3".into(), String::new()]);
        sheet
    }

    #[test]
    fn columns_are_aligned_by_display_width() {
        let lines = lines(&sheet(), usize::MAX);
        assert_eq!(lines[0], "年份    占比  出处");
        assert_eq!(lines[1], "2024   77.0%  reports/万柏林区 2024.txt:12:3");
        assert_eq!(lines[2], "2023  无报告");
    }

    #[test]
    fn what_does_not_fit_is_wrapped_and_never_lost() {
        for columns in [20, 30, 40] {
            let lines = lines(&sheet(), columns);
            assert!(lines.iter().all(|line| width::of(line) <= columns), "{lines:?}");
            let all: String = lines.concat().split_whitespace().collect();
            assert!(all.contains("无报告") && all.contains("77.0%"));
        }
        let pieces = wrapped("本机关不掌握相关政府信息", 8);
        assert_eq!(pieces, ["本机关不", "掌握相关", "政府信息"]);
        // A place in a file is broken before its line, not inside the number.
        assert_eq!(wrapped("2024.txt:9:10", 9), ["2024.txt:", "9:10"]);
        assert_eq!(wrapped("  a bc defghij klm no pq", 14), ["  a bc defghij", "    klm no pq"]);
        assert_eq!(wrapped("    a bc defghij klm no pq", 13), ["  a bc", "   defghij", "   klm no pq"]);
    }
}
