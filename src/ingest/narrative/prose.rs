//! The running text of a report: lines joined as they were before the page broke them, each byte with its place.

use crate::{
    ingest::{Block, Document},
    text::{Place, fold},
};

use super::words;

/// Folded text without blanks, with the way back to the lines it came from.
#[derive(Debug, Default)]
pub(super) struct Prose<'a> {
    text: String,
    /// Where each line begins in `text`.
    lines: Vec<(usize, &'a str, Place)>,
}

impl<'a> Prose<'a> {
    /// The lines of a document up to any length; cells of tables only as far as they tell where prose ends.
    pub(super) fn of(document: &'a Document) -> Self {
        let mut prose = Self::default();
        for block in &document.blocks {
            match block {
                Block::Line(line) => prose.push(&line.text, line.place),
                Block::Grid(grid) => {
                    let head = grid.cells.iter().find(|cell| words::has(&bare(&cell.text), "table", "-"));
                    if let Some(cell) = head {
                        prose.push(&cell.text, cell.place);
                    }
                    prose.text.push('\n');
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
        let Some(&(start, text, place)) = line.and_then(|line| self.lines.get(line)) else { return Place::default() };
        let folded = fold(text);
        let mut kept = start;
        let mut offset = folded.text().len();
        for (index, character) in folded.text().char_indices() {
            if character.is_whitespace() {
                continue;
            }
            if kept >= at {
                offset = index;
                break;
            }
            kept += character.len_utf8();
        }
        let before = text.get(..folded.origin(offset)).map_or(0, |before| before.chars().count());
        Place { line: place.line, column: place.column + u32::try_from(before).unwrap_or(0) }
    }

    fn push(&mut self, line: &'a str, place: Place) {
        let bare = bare(line);
        if bare.is_empty() || is_page_number(&bare) {
            return;
        }
        // Two numbers of two lines are not one number.
        let digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        if digit(self.text.chars().next_back()) && digit(bare.chars().next()) {
            self.text.push('\n');
        }
        self.lines.push((self.text.len(), line, place));
        self.text.push_str(&bare);
    }
}

/// Folded, without blanks.
pub(super) fn bare(text: &str) -> String {
    fold(text).text().chars().filter(|character| !character.is_whitespace()).collect()
}

/// `3`, `-3-`: what stands at the foot of a page.
fn is_page_number(bare: &str) -> bool {
    let inner = bare.trim_matches(|character| matches!(character, '-' | '—' | '–'));
    inner.len() <= 3 && !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Format, Line};

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
        let prose = Prose::of(&document);
        assert_eq!(prose.text(), "全市共收办申请3607件,其中共12\n34件");
        let at = |part: &str| prose.place(prose.text().find(part).unwrap());
        assert_eq!(at("3607"), Place { line: 4, column: 11 });
        assert_eq!(at("收办"), Place { line: 4, column: 6 });
        assert_eq!(at("其中"), Place { line: 6, column: 3 });
    }
}
