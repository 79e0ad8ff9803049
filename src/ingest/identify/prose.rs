//! The lines of a document as identification reads them: folded, with and without blanks.

use std::ops::Range;

use super::patterns::pattern;
use crate::{
    ingest::flow::{Flow, Unit},
    text::{self, Place},
};

/// A line or the text of a cell.
#[derive(Debug)]
pub(super) struct TextLine<'f> {
    /// Folded and trimmed.
    pub text: &'f str,
    /// The same without any blank and without marks of headings and lists at its beginning.
    pub squeezed: &'f str,
    /// Where it stands.
    pub place: Place,
    /// Which unit of the stream it is.
    unit: usize,
    /// Where it begins in [`Prose::run`].
    start: usize,
}

/// The lines that hold Chinese text, in reading order.
#[derive(Debug, Default)]
pub(super) struct Prose<'f> {
    /// The lines.
    pub lines: Vec<TextLine<'f>>,
    /// All squeezed lines one after the other, so that sentences broken over lines are whole.
    pub run: String,
    /// Index of the line with which part one begins; the number of lines where there is none.
    pub first_part: usize,
}

impl<'f> Prose<'f> {
    /// The lines and cells of a document as they come.
    pub(super) fn of(flow: &'f Flow) -> Self {
        let mut prose = Self::default();
        flow.units.iter().enumerate().for_each(|(at, unit)| prose.push(at, flow, unit));
        let first = pattern("first_part");
        prose.first_part =
            prose.lines.iter().position(|line| first.is_match(line.squeezed)).unwrap_or(prose.lines.len());
        prose
    }

    fn push(&mut self, at: usize, flow: &'f Flow, unit: &'f Unit) {
        let bare = flow.bare(unit);
        // Cells with a number or a dash say nothing of who and when; a date does.
        if !bare.chars().any(text::is_han) && bare.bytes().filter(u8::is_ascii_digit).count() < 8 {
            return;
        }
        let text = flow.folded(unit).trim_matches(|character: char| character.is_whitespace() || character == '|');
        let marks = ['#', '*', '>', '|', '-', '•', '·', '■', '◆'];
        let squeezed = bare.trim_end_matches('|').trim_start_matches(marks);
        if squeezed.is_empty() {
            return;
        }
        let start = self.run.len();
        self.run.push_str(squeezed);
        self.lines.push(TextLine { text, squeezed, place: unit.place, unit: at, start });
    }

    /// Lines before part one, at most the first eighty.
    pub(super) fn head(&self) -> &[TextLine<'f>] {
        self.lines.get(..self.first_part.min(80)).unwrap_or(&self.lines)
    }

    /// Lines behind the head that are among these units of the stream.
    pub(super) fn in_units(&self, units: Range<usize>) -> &[TextLine<'f>] {
        let at = |unit: usize| self.lines.partition_point(|line| line.unit < unit);
        self.lines.get(at(units.start).max(self.head().len())..at(units.end)).unwrap_or_default()
    }

    /// The last twelve lines.
    pub(super) fn tail(&self) -> &[TextLine<'f>] {
        self.lines.get(self.lines.len().saturating_sub(12)..).unwrap_or_default()
    }

    /// The lines that hold a mark of ASCII, found in one look at all of them.
    pub(super) fn lines_with(&self, mark: u8) -> impl Iterator<Item = &TextLine<'f>> {
        let mut behind = 0;
        memchr::memchr_iter(mark, self.run.as_bytes()).filter_map(move |at| {
            let line = self.lines.partition_point(|line| line.start <= at);
            let fresh = line > std::mem::replace(&mut behind, line);
            fresh.then(|| self.lines.get(line.checked_sub(1)?)).flatten()
        })
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
