//! PDF with a text layer: characters and ruling lines come from the file, everything else is worked out here.
//!
//! Table finders of PDF libraries give wrong numbers on these reports, so none is used: cells are what the printed
//! lines enclose, and a character belongs to the cell it stands in.

mod nesting;
mod page;
mod ruled;
mod rules;
mod seam;
mod source;
mod writing;

use crate::{
    error::quietly,
    ingest::{
        Document, Format, Refusal,
        format::{limits, refuse},
    },
};

/// Fewer characters than this in a whole file are stamps on scanned pages.
const TEXT_LAYER: usize = 40;

/// A PDF as lines and tables, parsed on a thread whose stack bears the deepest nesting let through.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    nesting::check(bytes)?;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(nesting::STACK);
        let work = || quietly(|| parse(bytes));
        let spawned = thread.spawn_scoped(scope, work).ok().and_then(|thread| thread.join().ok().flatten());
        spawned.unwrap_or_else(|| Err(refuse::unreadable("PDF")))
    })
}

/// Its lines are numbered as a person would count them down the pages.
fn parse(bytes: &[u8]) -> Result<Document, Refusal> {
    let sheets = source::sheets(bytes)?;
    let characters = sheets.iter().flat_map(|sheet| &sheet.glyphs).filter(|glyph| !glyph.c.is_whitespace());
    let (mut all, mut unknown) = (0usize, 0usize);
    for glyph in characters {
        all += 1;
        unknown += usize::from(matches!(glyph.c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\0'..='\u{1F}'));
    }
    if all < TEXT_LAYER {
        return Err(refuse::scanned(sheets.len()));
    }
    if unknown * 10 > all {
        return Err(refuse::lossy(unknown));
    }
    if all > limits::NODES {
        return Err(refuse::too_many_elements(limits::NODES));
    }
    let pages = page::without_running_lines(sheets.iter().map(page::blocks).collect());
    Ok(Document { format: Format::Pdf, metadata: Vec::new(), blocks: seam::document(pages) })
}

#[cfg(test)]
mod tests;
