//! Lines of text with tables of HTML between them: what converters make of PDF and scans.

use super::{feed, flow};
use crate::ingest::{Block, Document, Format, Line, Refusal, format::places::Places, format::text};

/// Reads lines as lines and tables as tables.
pub(in crate::ingest::format) fn read(page: &str) -> Result<Document, Refusal> {
    let places = Places::new(page);
    let format = if text::is_markdown(page) { Format::Markdown } else { Format::Text };
    let mut document = Document { format, metadata: Vec::new(), blocks: Vec::new() };
    let mut done = 0;
    while let Some((start, end)) = next_table(page, done) {
        add_lines(page, done, start, &places, &mut document.blocks)?;
        let table = page.get(start..end).unwrap_or_default();
        let places = Places::new(page).through(vec![(0, start)]);
        document.blocks.extend(flow::document(&feed::parse(table)?, &places).blocks);
        done = end;
    }
    add_lines(page, done, page.len(), &places, &mut document.blocks)?;
    Ok(document)
}

/// The next table with everything nested in it.
fn next_table(page: &str, from: usize) -> Option<(usize, usize)> {
    let start = find(page, from, "<table")?;
    let (mut depth, mut at) = (1usize, start + 1);
    while depth > 0 {
        let close = find(page, at, "</table").unwrap_or(page.len());
        match find(page, at, "<table").filter(|open| *open < close) {
            Some(open) => {
                depth += 1;
                at = open + 1;
            }
            None if close == page.len() => return Some((start, close)),
            None => {
                depth -= 1;
                at = close + 1;
            }
        }
    }
    let end = find(page, at, ">").map_or(page.len(), |end| end + 1);
    Some((start, end))
}

/// A word in ASCII, in capitals or not.
fn find(page: &str, from: usize, word: &str) -> Option<usize> {
    let bytes = page.as_bytes().get(from..)?;
    bytes.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes())).map(|at| from + at)
}

fn add_lines(
    page: &str,
    start: usize,
    end: usize,
    places: &Places<'_>,
    blocks: &mut Vec<Block>,
) -> Result<(), Refusal> {
    let piece = page.get(start..end).unwrap_or_default();
    if piece.trim().is_empty() {
        return Ok(());
    }
    let first = places.at(start);
    for mut line in text::lines(piece, first.line)? {
        line.text = without_tags(&line.text);
        if line.place.line == first.line {
            line.place = first;
        }
        blocks.push(Block::Line(Line { ..line }));
    }
    Ok(())
}

/// A line without its tags; a break is a blank.
fn without_tags(line: &str) -> String {
    if !line.contains('<') {
        return line.to_owned();
    }
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        match after.split_once('>') {
            Some((tag, after)) if tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') => {
                if tag.get(..2).is_some_and(|name| name.eq_ignore_ascii_case("br")) {
                    text.push(' ');
                }
                rest = after;
            }
            _ => {
                text.push('<');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}
