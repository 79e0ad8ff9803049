//! Characters to lines of text.

use super::source::Glyph;

/// A line of text with the height it stands at.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) y: f32,
}

/// The lines of a page, from the top down; wide gaps stay visible as blanks.
pub(super) fn lines(glyphs: Vec<Glyph>) -> Vec<Written> {
    rows(glyphs)
        .into_iter()
        .map(|row| Written { y: row.first().map_or(0.0, |g| g.y), text: joined(&row, true) })
        .collect()
}

/// The text of a cell, `\n` between its lines.
pub(super) fn cell(glyphs: Vec<Glyph>) -> String {
    let lines: Vec<String> = rows(glyphs).iter().map(|row| joined(row, false).trim().to_owned()).collect();
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Pairs of digits that stand side by side in one number, from left to right, by their indices.
pub(super) fn figure_neighbours(glyphs: &[Glyph]) -> Vec<(usize, usize)> {
    let mut order: Vec<(usize, &Glyph)> = glyphs.iter().enumerate().filter(|(_, g)| is_figure(g.c)).collect();
    order.sort_by(|(_, a), (_, b)| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let pairs = order.windows(2).filter_map(|pair| match pair {
        [(first, a), (second, b)] => {
            let gap = b.x - (a.x + a.width);
            let joined = (a.y - b.y).abs() < 0.5 && gap.abs() < a.size * 0.15;
            joined.then_some((*first, *second))
        }
        _ => None,
    });
    pairs.collect()
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

/// Characters by line from the top down, each from left to right.
fn rows(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.retain(|glyph| !glyph.c.is_whitespace() && !glyph.c.is_control());
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        // Digits of another font stand a little higher or lower than the characters beside them.
        let same = rows
            .last()
            .and_then(|row| row.first())
            .is_some_and(|first| first.y - glyph.y < first.size.min(glyph.size) * 0.5);
        match rows.last_mut() {
            Some(row) if same => row.push(glyph),
            _ => rows.push(vec![glyph]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    rows
}

/// A line with blanks where there is a gap; with `columns`, as many as the gap is wide.
fn joined(row: &[Glyph], columns: bool) -> String {
    let mut text = String::new();
    let mut before: Option<&Glyph> = None;
    for glyph in row {
        if let Some(before) = before {
            // The same character drawn again a hair aside is how some programs print bold.
            if before.c == glyph.c && (glyph.x - before.x).abs() < before.width * 0.25 {
                continue;
            }
            let unit = before.size.max(glyph.size) * 0.5;
            let mut gap = glyph.x - (before.x + before.width);
            if gap > unit * 0.6 {
                text.push(' ');
                gap -= unit;
                while columns && gap > unit * 0.5 && text.len() < 4096 {
                    text.push(' ');
                    gap -= unit;
                }
            }
        }
        text.push(glyph.c);
        before = Some(glyph);
    }
    text
}
