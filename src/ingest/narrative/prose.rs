//! The running text of a report: lines joined as they were before the page broke them, each byte with its place.

use crate::{
    ingest::flow::{Flow, Unit},
    text::Place,
};

use super::words;

/// Folded text without blanks, with the way back to the lines it came from.
#[derive(Debug)]
pub(super) struct Prose<'f> {
    flow: &'f Flow<'f>,
    text: String,
    /// Where each line begins in `text`.
    lines: Vec<(usize, &'f Unit<'f>)>,
}

impl<'f> Prose<'f> {
    /// The lines of a document up to any length; cells of tables only as far as they tell where prose ends.
    pub(super) fn of(flow: &'f Flow<'f>) -> Self {
        let mut prose =
            Self { flow, text: String::with_capacity(flow.bare_length()), lines: Vec::with_capacity(flow.units.len()) };
        let grid = |unit: &Unit| unit.spot.map(|spot| spot.grid);
        for block in flow.units.chunk_by(|unit, next| grid(unit) == grid(next)) {
            if block.first().is_some_and(|unit| unit.spot.is_some()) {
                let head = block.iter().find(|cell| words::begins_table(flow.bare(cell)));
                if let Some(cell) = head {
                    prose.push(cell, flow.bare(cell));
                }
                prose.text.push('\n');
            } else {
                for line in block {
                    prose.push(line, flow.bare(line));
                }
            }
        }
        prose
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of the text stands in the file.
    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|(start, ..)| *start <= at).checked_sub(1);
        let Some(&(start, unit)) = line.and_then(|line| self.lines.get(line)) else { return Place::default() };
        let folded = self.flow.folded(unit);
        if folded.len() == self.flow.bare(unit).len() {
            return self.flow.place_of(unit, (at - start).min(folded.len()));
        }
        let mut kept = start;
        let mut offset = folded.len();
        for (index, character) in folded.char_indices() {
            if character.is_whitespace() {
                continue;
            }
            if kept >= at {
                offset = index;
                break;
            }
            kept += character.len_utf8();
        }
        self.flow.place_of(unit, offset)
    }

    fn push(&mut self, unit: &'f Unit<'f>, bare: &str) {
        if bare.is_empty() || is_page_number(bare) {
            return;
        }
        // Two numbers of two lines are not one number.
        let digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        if digit(self.text.chars().next_back()) && digit(bare.chars().next()) {
            self.text.push('\n');
        }
        self.lines.push((self.text.len(), unit));
        self.text.push_str(bare);
    }
}

/// `3`, `-3-`: what stands at the foot of a page.
fn is_page_number(bare: &str) -> bool {
    let inner = bare.trim_matches(|character| matches!(character, '-' | '—' | '–'));
    inner.len() <= 3 && !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Block, Document, Format, Line, flow::flow};

    #[test]
    fn lines_join_and_keep_their_places() {
        let line = |text: &str, line| Block::Line(Line { text: text.to_owned(), place: Place { line, column: 1 } });
        let document = Document {
            format: Format::Pdf,
            metadata: Vec::new(),
            blocks: vec![
                line("  全市共收 办申请３607", 4),
                line("- 3 -", 5),
                line("件，其中", 6),
                line("共12", 7),
                line("34件", 8),
            ],
        };
        let flow = flow(&document);
        let prose = Prose::of(&flow);
        assert_eq!(prose.text(), "全市共收办申请3607件,其中共12\n34件");
        let at = |part: &str| prose.place(prose.text().find(part).unwrap());
        assert_eq!(at("3607"), Place { line: 4, column: 11 });
        assert_eq!(at("收办"), Place { line: 4, column: 6 });
        assert_eq!(at("其中"), Place { line: 6, column: 3 });
    }
}
