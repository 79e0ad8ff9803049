//! The lines of a document as identification reads them: folded, with and without blanks.

use super::patterns::pattern;
use crate::{
    ingest::{Block, Document},
    text::{self, Place},
};

/// A line or the text of a cell.
#[derive(Debug)]
pub(super) struct TextLine {
    /// Folded and trimmed.
    pub text: String,
    /// The same without any blank and without marks of headings and lists at its beginning.
    pub squeezed: String,
    /// Where it stands.
    pub place: Place,
    /// Where it begins in [`Prose::run`].
    start: usize,
}

/// The lines that hold Chinese text, in reading order.
#[derive(Debug, Default)]
pub(super) struct Prose {
    /// The lines.
    pub lines: Vec<TextLine>,
    /// All squeezed lines one after the other, so that sentences broken over lines are whole.
    pub run: String,
    /// Index of the line with which part one begins; the number of lines where there is none.
    pub first_part: usize,
}

impl Prose {
    /// Reads the document's lines, then cells, as they come.
    pub(super) fn of(document: &Document) -> Self {
        let mut prose = Self::default();
        for block in &document.blocks {
            match block {
                Block::Line(line) => prose.push(&line.text, line.place),
                Block::Grid(grid) => grid.cells.iter().for_each(|cell| prose.push(&cell.text, cell.place)),
            }
        }
        let first = pattern("first_part");
        prose.first_part =
            prose.lines.iter().position(|line| first.is_match(&line.squeezed)).unwrap_or(prose.lines.len());
        prose
    }

    fn push(&mut self, text: &str, place: Place) {
        // Cells with a number or a dash say nothing of who and when; a date does.
        let says = |character: char| text::is_han(character) || ('\u{2e80}'..'\u{3000}').contains(&character);
        if !text.chars().any(says) && text.chars().filter(char::is_ascii_digit).count() < 8 {
            return;
        }
        let folded = text::fold(text);
        let text =
            folded.text().trim_matches(|character: char| character.is_whitespace() || character == '|').to_owned();
        let squeezed: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        let squeezed = squeezed.trim_start_matches(['#', '*', '>', '|', '-', '•', '·', '■', '◆']).to_owned();
        if squeezed.is_empty() {
            return;
        }
        let start = self.run.len();
        self.run.push_str(&squeezed);
        self.lines.push(TextLine { text, squeezed, place, start });
    }

    /// Lines before part one, at most the first eighty.
    pub(super) fn head(&self) -> &[TextLine] {
        self.lines.get(..self.first_part.min(80)).unwrap_or(&self.lines)
    }

    /// The last twelve lines.
    pub(super) fn tail(&self) -> &[TextLine] {
        self.lines.get(self.lines.len().saturating_sub(12)..).unwrap_or_default()
    }

    /// What stands before an offset of [`Prose::run`] in the same line.
    pub(super) fn line_before(&self, offset: usize) -> &str {
        let after = self.lines.partition_point(|line| line.start <= offset);
        let start = after.checked_sub(1).and_then(|at| self.lines.get(at)).map_or(0, |line| line.start);
        self.run.get(start..offset).unwrap_or_default()
    }

    /// The place of the line that an offset of [`Prose::run`] falls into.
    pub(super) fn place(&self, offset: usize) -> Option<Place> {
        let after = self.lines.partition_point(|line| line.start <= offset);
        self.lines.get(after.checked_sub(1)?).map(|line| line.place)
    }
}

/// The last `count` characters of a text.
pub(super) fn last_characters(text: &str, count: usize) -> &str {
    let at = text.char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(at, _)| at);
    text.get(at..).unwrap_or(text)
}

/// The first `count` characters of a text.
pub(super) fn first_characters(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}
