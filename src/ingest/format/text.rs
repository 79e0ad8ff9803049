//! Plain text and Markdown: one line, one block.

use super::{limits, refuse};
use crate::{
    ingest::{Block, Document, Format, Line, Refusal},
    text::{Place, count},
};

/// Text as lines, each at column 1 of its line.
pub(super) fn read(text: &str) -> Result<Document, Refusal> {
    let found = lines(text, 1)?;
    let mut blocks = Vec::with_capacity(1 + count(text.as_bytes(), |byte| byte == b'\n'));
    blocks.extend(found.map(Block::Line));
    let marked = |block: &Block| matches!(block, Block::Line(line) if is_marked(&line.text));
    let format = if blocks.iter().any(marked) { Format::Markdown } else { Format::Text };
    Ok(Document { format, metadata: Vec::new(), blocks })
}

/// The lines of a piece of text whose first line has the number `first`.
pub(super) fn lines(text: &str, first: u32) -> Result<impl Iterator<Item = Line>, Refusal> {
    let text = text.trim_end_matches('\n');
    if count(text.as_bytes(), |byte| byte == b'\n') >= limits::LINES {
        return Err(refuse::too_many_lines());
    }
    let line = |(text, line): (&str, u32)| Line { text: text.to_owned(), place: Place { line, column: 1 } };
    Ok(text.split('\n').zip(first..).map(line))
}

/// Whether a text has headings with `#` or the rule row of a pipe table.
pub(super) fn is_markdown(text: &str) -> bool {
    text.lines().any(is_marked)
}

fn is_marked(line: &str) -> bool {
    is_heading(line) || is_rule_row(line)
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    rest.len() < line.len() && line.len() - rest.len() <= 6 && rest.starts_with(' ')
}

fn is_rule_row(line: &str) -> bool {
    line.bytes().all(|c| matches!(c, b'|' | b'-' | b':' | b' ')) && line.contains("---") && line.contains('|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_and_their_text() {
        let document = read("  一、总体情况\n\n规章 | 0 |\n").unwrap();
        assert_eq!(document.format, Format::Text);
        let lines: Vec<_> = document
            .blocks
            .iter()
            .map(|block| match block {
                Block::Line(line) => (line.text.as_str(), line.place.line, line.place.column),
                Block::Grid(_) => panic!("text has no grids"),
            })
            .collect();
        assert_eq!(lines, [("  一、总体情况", 1, 1), ("", 2, 1), ("规章 | 0 |", 3, 1)]);
    }

    #[test]
    fn markdown_is_known_by_headings_or_rule_rows() {
        assert_eq!(read("## 二、主动公开").unwrap().format, Format::Markdown);
        assert_eq!(read("| 规章 | 0 |\n|---|:-:|").unwrap().format, Format::Markdown);
        assert_eq!(read("#2024 | 1\n- | -").unwrap().format, Format::Text);
    }

    #[test]
    fn too_many_lines_are_refused() {
        assert_eq!(read(&"\n1".repeat(limits::LINES + 1)).unwrap_err().code, "GK0426");
    }
}
