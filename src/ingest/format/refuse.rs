//! Refusals of this room: the file could not be turned into text and tables. Sentences stand in `messages/`.

use std::collections::BTreeMap;

use super::limits;
use crate::ingest::Refusal;

fn refusal(code: &str, args: &[(&str, String)]) -> Refusal {
    Refusal {
        code: code.to_owned(),
        args: args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<BTreeMap<_, _>>(),
        candidates: Vec::new(),
        place: None,
    }
}

/// There is nothing in the file.
pub(crate) fn empty() -> Refusal {
    refusal("GK0410", &[])
}

/// The text is in an encoding that is not read.
pub(crate) fn unknown_encoding(guess: &str) -> Refusal {
    refusal("GK0411", &[("encoding", guess.to_owned())])
}

/// Characters were lost before the file came here.
pub(crate) fn lossy(count: usize) -> Refusal {
    refusal("GK0412", &[("count", count.to_string())])
}

/// The text was read in the wrong encoding before it came here.
pub(crate) fn mojibake() -> Refusal {
    refusal("GK0413", &[])
}

/// The file is a picture.
pub(crate) fn picture(format: &str) -> Refusal {
    refusal("GK0414", &[("format", format.to_owned())])
}

/// A PDF without a text layer.
#[cfg(feature = "pdf")]
pub(crate) fn scanned(pages: usize) -> Refusal {
    refusal("GK0415", &[("pages", pages.to_string())])
}

/// The file needs a password.
pub(crate) fn encrypted() -> Refusal {
    refusal("GK0416", &[])
}

/// The file, or what it unpacks to, is larger than the limit.
pub(crate) fn too_large() -> Refusal {
    refusal("GK0417", &[("limit", (limits::FILE_BYTES >> 20).to_string())])
}

/// Markup is nested deeper than any page needs.
pub(crate) fn too_deep(limit: usize) -> Refusal {
    refusal("GK0418", &[("limit", limit.to_string())])
}

/// The content is of a format that is not read.
pub(crate) fn unsupported(format: &str) -> Refusal {
    refusal("GK0419", &[("format", format.to_owned())])
}

/// A Word file of before 2007.
pub(crate) fn old_word() -> Refusal {
    refusal("GK0420", &[])
}

/// The container is damaged.
#[cfg(any(feature = "pdf", feature = "office"))]
pub(crate) fn damaged(format: &str) -> Refusal {
    refusal("GK0421", &[("format", format.to_owned())])
}

/// The format is known, but this build leaves it out.
#[cfg(not(all(feature = "pdf", feature = "office")))]
pub(crate) fn not_built(format: &str, feature: &str) -> Refusal {
    refusal("GK0422", &[("format", format.to_owned()), ("feature", feature.to_owned())])
}

/// An archive inside an archive.
#[cfg(feature = "office")]
pub(crate) fn nested_archive() -> Refusal {
    refusal("GK0423", &[])
}

/// An archive with no file in it.
#[cfg(feature = "office")]
pub(crate) fn empty_archive() -> Refusal {
    refusal("GK0424", &[])
}

/// A library this program uses to read the format failed on it.
pub(crate) fn unreadable(format: &str) -> Refusal {
    refusal("GK0425", &[("format", format.to_owned())])
}

/// A text of more lines than any report has.
pub(crate) fn too_many_lines() -> Refusal {
    refusal("GK0426", &[("limit", limits::LINES.to_string())])
}

/// A page of more elements, or a tag of more attributes, than any page needs.
pub(crate) fn too_many_elements(limit: usize) -> Refusal {
    refusal("GK0427", &[("limit", limit.to_string())])
}

/// An archive of more entries than are read at once.
#[cfg(feature = "office")]
pub(crate) fn too_many_entries() -> Refusal {
    refusal("GK0428", &[("limit", limits::ENTRIES.to_string())])
}

/// A spreadsheet of more cells than any report has.
#[cfg(feature = "office")]
pub(crate) fn too_many_cells() -> Refusal {
    refusal("GK0429", &[("limit", limits::CELLS.to_string())])
}
