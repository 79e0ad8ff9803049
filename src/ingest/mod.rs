//! From the bytes of a published report to facts: `decode → outline → grid → align → extract → identify`.
//!
//! Mess never fails here. A file yields a report with findings, or a refusal that says why.

mod align;
mod beside;
pub mod debug;
mod decode;
mod document;
mod extract;
mod flow;
mod format;
mod grid;
mod identify;
mod labels;
mod narrative;
mod number;
mod outline;
mod tables;

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use document::{Block, Document, Format, Grid, GridCell, Line};
pub use format::{documents, is_container};

use crate::{
    error::{Error, Result},
    model::{Body, Origin, Report, Scope, Year},
    schema::Known,
    text::Place,
};

/// What the caller knows better than the text.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Who reports: a name, a path (`太原市/万柏林区/财政局`) or a body path (`140109/财政局`).
    pub body: Option<String>,
    /// The year described.
    pub year: Option<Year>,
    /// Whole area or one body.
    pub scope: Option<Scope>,
    /// Bodies that the user has named beside the divisions ([`crate::schema::Register`]); their names win.
    pub bodies: Known,
}

/// What reading a file gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A report.
    Read(Box<Report>),
    /// Not a report, or not one that can be read with certainty.
    Refused(Refusal),
}

/// Why a file gave no report. The code names the sentence in `messages/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code, `GK04nn`.
    pub code: String,
    /// Values for the sentence.
    pub args: BTreeMap<String, String>,
    /// Every body or year that came into question.
    pub candidates: Vec<String>,
    /// Where the reason stands, if anywhere.
    pub place: Option<Place>,
}

impl Refusal {
    /// Why a file gave nothing whose reading had to be stopped.
    #[must_use]
    pub fn stopped() -> Self {
        Self { code: "GK0442".to_owned(), args: BTreeMap::new(), candidates: Vec::new(), place: None }
    }

    /// Why a store does not take a report of a body whose division is not known.
    #[must_use]
    pub fn unplaced(body: &Body) -> Self {
        Self {
            code: "GK0441".to_owned(),
            args: BTreeMap::from([("name".to_owned(), body.name.clone())]),
            candidates: Vec::new(),
            place: None,
        }
    }
}

/// One report of a file; an archive holds several.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The file, with `!` and the entry for files inside an archive.
    pub file: String,
    /// What it gave.
    pub outcome: Outcome,
}

/// Most files of text are smaller, and read at once.
const ROOM: usize = 16 * 1024;

/// Reads a file without storing it; an archive gives one reading an entry.
///
/// # Errors
/// When the file cannot be opened. What is in it never fails; one larger than 64 MiB is refused.
pub fn read(path: impl AsRef<Path>, options: &Options) -> Result<Vec<Reading>> {
    let path = path.as_ref();
    // One byte more than is read from a file tells that it is too large; a device never ends.
    let limit = u64::try_from(format::limits::FILE_BYTES + 1).unwrap_or(u64::MAX);
    let mut bytes = Vec::with_capacity(ROOM);
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|cause| Error::from(cause).at(path))?;
    Ok(read_bytes(&path.display().to_string(), &bytes, options))
}

/// Reads bytes that came from somewhere else, such as standard input.
#[must_use]
pub fn read_bytes(name: &str, bytes: &[u8], options: &Options) -> Vec<Reading> {
    read_documents(bytes, documents(name, bytes), options)
}

/// A file that was turned into text and tables, or why it was not; an archive gives several.
pub type Documents = Vec<(String, std::result::Result<Document, Refusal>)>;

/// Reads what [`documents`] made of these bytes, be it in another process.
#[must_use]
pub fn read_documents(bytes: &[u8], documents: Documents, options: &Options) -> Vec<Reading> {
    let alone = documents.len() == 1;
    documents
        .into_iter()
        .map(|(file, document)| {
            let outcome = document.and_then(|document| {
                let sha256 = if alone { digest(&[bytes]) } else { digest(&[bytes, file.as_bytes()]) };
                let origin = Origin { file: file.clone(), sha256, reader: env!("CARGO_PKG_VERSION").to_owned() };
                report(&document, options, origin)
            });
            let outcome = outcome.map_or_else(Outcome::Refused, |report| Outcome::Read(Box::new(report)));
            Reading { file, outcome }
        })
        .collect()
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let digits = hash.finalize();
    let digits = digits.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// One document to one report.
fn report(document: &Document, options: &Options, origin: Origin) -> std::result::Result<Report, Refusal> {
    let mut found = tables::find(document);
    let who = identify::identify(&found.flow, &document.metadata, found.repeated(), options);
    found.year = who.as_ref().ok().map(|who| who.year);
    let tables = found.tables();
    let refuse =
        |code: &str| Refusal { code: code.to_owned(), args: BTreeMap::new(), candidates: Vec::new(), place: None };
    if tables.cells.is_empty() {
        return Err(identify::not_a_report(&found.flow, &document.metadata));
    }
    if tables.rows.1 == 0 {
        return Err(refuse("GK0409"));
    }
    if tables.lossy {
        return Err(refuse("GK0440"));
    }
    let who = who?;
    let mut findings = tables.findings;
    findings.extend(who.findings);
    findings.sort_by_key(|finding| finding.place);
    Ok(Report {
        body: who.body,
        year: who.year,
        scope: who.scope,
        templates: tables.templates,
        cells: tables.cells,
        claims: narrative::claims(&found.flow, who.year),
        findings,
        published: who.published,
        origin,
    })
}
