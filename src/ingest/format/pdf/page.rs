//! One page to tables and lines in reading order, without what is printed on every page.

use super::{
    ruled::{self, Table},
    rules,
    source::Sheet,
    writing::{self, Written},
};

/// A piece of a page.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Line(Written),
    Table(Table),
}

/// The pieces of a page from the top down, and the page's extent.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) pieces: Vec<Piece>,
    extent: (f32, f32),
}

/// Tables and the lines around them.
pub(super) fn blocks(sheet: &Sheet) -> Page {
    let mut glyphs = sheet.glyphs.clone();
    let mut tables: Vec<Table> =
        rules::nets(&sheet.strokes).iter().filter_map(|net| ruled::table(net, &mut glyphs)).collect();
    // A frame with nothing in it is decoration.
    tables.retain(|table| table.boxes.iter().any(|cell| !cell.text.is_empty()));
    let mut pieces: Vec<Piece> = writing::lines(glyphs).into_iter().map(Piece::Line).collect();
    pieces.extend(tables.into_iter().map(Piece::Table));
    pieces.sort_by(|a, b| height(b).total_cmp(&height(a)));
    Page { pieces, extent: sheet.extent }
}

/// Where a piece begins, measured from below.
fn height(piece: &Piece) -> f32 {
    match piece {
        Piece::Line(line) => line.y,
        Piece::Table(table) => table.top,
    }
}

/// How many lines at either end of a page may be a header or a footer.
const MARGIN_LINES: usize = 2;

/// Drops page numbers, and lines that stand at the same height of several pages with only their digits changing.
pub(super) fn without_running_lines(mut pages: Vec<Page>) -> Vec<Page> {
    let masks: Vec<Vec<(String, f32)>> = pages.iter().map(margin_lines).collect();
    for (number, page) in pages.iter_mut().enumerate() {
        let extent = page.extent;
        let count = page.pieces.len();
        let mut index = 0;
        page.pieces.retain(|piece| {
            let at = index;
            index += 1;
            let Piece::Line(line) = piece else { return true };
            let edge = at < MARGIN_LINES || at + MARGIN_LINES >= count;
            if !edge || !in_margin(line.y, extent) {
                return true;
            }
            let mask = masked(&line.text);
            let elsewhere = |other: &[(String, f32)]| {
                other.iter().any(|(text, y)| *text == mask && (y - line.y).abs() < rules::NEAR)
            };
            let running = masks.iter().enumerate().any(|(other, lines)| other != number && elsewhere(lines));
            !(running || is_page_number(&line.text))
        });
    }
    pages
}

fn margin_lines(page: &Page) -> Vec<(String, f32)> {
    let lines = page.pieces.iter().filter_map(|piece| match piece {
        Piece::Line(line) if in_margin(line.y, page.extent) => Some((masked(&line.text), line.y)),
        _ => None,
    });
    lines.collect()
}

/// The upper or lower tenth of what is printed on the page.
fn in_margin(y: f32, (bottom, top): (f32, f32)) -> bool {
    let tenth = (top - bottom) / 10.0;
    y < bottom + tenth || y > top - tenth * 1.2
}

/// The text with every digit the same, without blanks.
fn masked(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_numeric() { '0' } else { c }).collect()
}

/// A number between dashes, slashes or dots, and nothing else.
fn is_page_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let frame = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '－' | '─' | '·' | '/' | '.');
    (1..=6).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || frame(c))
}

#[cfg(test)]
mod tests {
    use super::{is_page_number, masked};

    #[test]
    fn page_numbers_are_told_from_figures_by_their_place_and_frame() {
        for text in ["-3-", "— 12 —", "3 / 6", "7"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["", "--", "2024年", "12.5万元"] {
            assert!(!is_page_number(text), "{text}");
        }
        assert_eq!(masked("第 12 页"), masked("第3 4页"));
    }
}
