//! From bytes to a [`Document`]: the format is told by the content, never by the name.

#[cfg(feature = "office")]
mod archive;
#[cfg(feature = "office")]
mod docx;
mod html;
pub(super) mod limits;
#[cfg(feature = "office")]
mod office;
#[cfg(feature = "pdf")]
mod pdf;
mod places;
pub(super) mod refuse;
#[cfg(feature = "office")]
mod sheet;
mod sniff;
mod spans;
mod text;

use self::sniff::{Content, Markup};
use super::{Document, Refusal, decode::decode};
use crate::error::quietly;

/// Reads a file into text and tables. An archive gives one result an entry, named `file!entry`.
///
/// Nothing here fails or panics on a stranger's file: what cannot be read is refused with its reason.
#[must_use]
pub fn documents(name: &str, bytes: &[u8]) -> Vec<(String, Result<Document, Refusal>)> {
    if bytes.len() > limits::FILE_BYTES {
        return vec![(name.to_owned(), Err(refuse::too_large()))];
    }
    let content = sniff::content(bytes);
    #[cfg(feature = "office")]
    if content == Content::Zip {
        return office::container(name, bytes);
    }
    vec![(name.to_owned(), of_content(content, bytes))]
}

/// Whether the file is a PDF, of an office program, or an archive: formats that are unpacked by foreign code.
#[must_use]
pub fn is_container(bytes: &[u8]) -> bool {
    matches!(sniff::content(bytes), Content::Pdf | Content::Zip | Content::OldExcel)
}

/// Reads one file that is not an archive of files.
#[cfg(feature = "office")]
fn one(bytes: &[u8]) -> Result<Document, Refusal> {
    of_content(sniff::content(bytes), bytes)
}

fn of_content(content: Content, bytes: &[u8]) -> Result<Document, Refusal> {
    match content {
        Content::Text => guarded("text", || from_text(&decode(bytes)?)),
        Content::Pdf => from_pdf(bytes),
        Content::Zip => zipped(bytes),
        Content::OldExcel => old_excel(bytes),
        Content::Encrypted => Err(refuse::encrypted()),
        Content::Picture(format) => Err(refuse::picture(format)),
        Content::OldWord => Err(refuse::old_word()),
        Content::Unsupported(format) => Err(refuse::unsupported(format)),
    }
}

fn from_text(decoded: &str) -> Result<Document, Refusal> {
    match sniff::markup(decoded) {
        Markup::None => text::read(decoded),
        Markup::Html => html::read(decoded),
        Markup::Mixed => html::read_mixed(decoded),
    }
}

#[cfg(feature = "pdf")]
fn from_pdf(bytes: &[u8]) -> Result<Document, Refusal> {
    guarded("PDF", || pdf::read(bytes))
}

#[cfg(not(feature = "pdf"))]
fn from_pdf(_bytes: &[u8]) -> Result<Document, Refusal> {
    Err(refuse::not_built("PDF", "pdf"))
}

#[cfg(feature = "office")]
use office::{old_excel, zipped};

#[cfg(not(feature = "office"))]
fn zipped(_bytes: &[u8]) -> Result<Document, Refusal> {
    Err(refuse::not_built("zip", "office"))
}

#[cfg(not(feature = "office"))]
fn old_excel(_bytes: &[u8]) -> Result<Document, Refusal> {
    Err(refuse::not_built("Excel", "office"))
}

/// Runs a reader that rests on foreign code; a panic in it refuses the file.
fn guarded(format: &str, read: impl FnOnce() -> Result<Document, Refusal>) -> Result<Document, Refusal> {
    quietly(read).unwrap_or_else(|| Err(refuse::unreadable(format)))
}
