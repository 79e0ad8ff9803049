//! Word files (`.docx`): paragraphs and tables of the main part.

mod layout;
mod parse;

use super::{archive::Archive, limits, refuse};
use crate::ingest::{Document, Format, Refusal};

/// A Word file as lines and tables; the line of a place counts paragraphs.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut archive = Archive::open(bytes)?;
    let names = archive.names();
    let find = |wanted: fn(&str) -> bool| names.iter().find(|(_, name)| wanted(name)).map(|(index, _)| *index);
    let main = find(is_main).ok_or_else(|| refuse::damaged("Word"))?;
    let xml = text(archive.read(main, limits::FILE_BYTES)?)?;
    let content = parse::content(&xml)?;
    let mut metadata = Vec::new();
    if let Some(index) = find(|name| name == "docProps/core.xml") {
        let core = text(archive.read(index, limits::FILE_BYTES)?)?;
        metadata.extend(parse::title(&core).map(|title| ("title".to_owned(), title)));
    }
    Ok(Document { format: Format::Docx, metadata, blocks: layout::blocks(content) })
}

/// The part that holds the text; some programs number it.
pub(super) fn is_main(name: &str) -> bool {
    name.strip_prefix("word/document")
        .and_then(|rest| rest.strip_suffix(".xml"))
        .is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|_| refuse::damaged("Word"))
}

#[cfg(test)]
mod tests;
