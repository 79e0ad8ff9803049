//! Readers of the containers of office programs, and archives of files.

use super::{
    Document, Refusal,
    archive::Archive,
    docx, guarded, limits, one, refuse, sheet,
    sniff::{self, Package},
};
use crate::error::quietly;

/// A zip container: one document, or an archive of files with one result each.
pub(super) fn container(name: &str, bytes: &[u8]) -> Vec<(String, Result<Document, Refusal>)> {
    let opened = quietly(|| {
        let mut archive = Archive::open(bytes)?;
        let names = archive.names();
        Ok((archive, names))
    });
    let (mut archive, names) = match opened.unwrap_or_else(|| Err(refuse::damaged("zip"))) {
        Ok(opened) => opened,
        Err(refusal) => return vec![(name.to_owned(), Err(refusal))],
    };
    if sniff::package(&names).is_some() {
        return vec![(name.to_owned(), zipped(bytes))];
    }
    let mut room = limits::ARCHIVE_BYTES;
    let mut results = Vec::new();
    for (index, entry) in names.into_iter().filter(|(_, entry)| !is_litter(entry)) {
        let read = quietly(|| archive.read(index, room)).unwrap_or_else(|| Err(refuse::damaged("zip")));
        let result = read.and_then(|bytes| {
            room = room.saturating_sub(bytes.len());
            one(&bytes)
        });
        results.push((format!("{name}!{entry}"), result));
    }
    if results.is_empty() {
        results.push((name.to_owned(), Err(refuse::empty_archive())));
    }
    results
}

/// What desktop programs leave in archives beside the files.
fn is_litter(entry: &str) -> bool {
    let file = entry.rsplit(['/', '\\']).next().unwrap_or(entry);
    entry.starts_with("__MACOSX/") || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// A zip container that must be one document.
pub(super) fn zipped(bytes: &[u8]) -> Result<Document, Refusal> {
    let names = quietly(|| Archive::open(bytes).map(|mut archive| archive.names()));
    match sniff::package(&names.unwrap_or_else(|| Err(refuse::damaged("zip")))?) {
        Some(Package::Word) => guarded("Word", || docx::read(bytes)),
        Some(Package::Excel) => guarded("Excel", || sheet::read_xlsx(bytes)),
        Some(Package::Unsupported(format)) => Err(refuse::unsupported(format)),
        None => Err(refuse::nested_archive()),
    }
}

/// An Excel file from before 2007.
pub(super) fn old_excel(bytes: &[u8]) -> Result<Document, Refusal> {
    guarded("Excel", || sheet::read_xls(bytes))
}
