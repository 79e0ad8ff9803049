//! Reading and checking without storing.

use std::path::Path;

use crate::{
    check,
    error::{Error, ErrorKind, Result},
    ingest::{self, Documents, Options, Outcome, Reading, Refusal},
    model::Report,
};

/// Reads a file without storing it and checks what was read: what [`super::Database::ingest`] would store.
///
/// # Errors
/// When the file cannot be opened.
pub fn read(path: impl AsRef<Path>, options: &Options) -> Result<Vec<Reading>> {
    Ok(ingest::read(path, options)?.into_iter().map(checked).collect())
}

/// As [`read`], for bytes that came from somewhere else.
#[must_use]
pub fn read_bytes(name: &str, bytes: &[u8], options: &Options) -> Vec<Reading> {
    ingest::read_bytes(name, bytes, options).into_iter().map(checked).collect()
}

/// As [`read_bytes`], for bytes that were turned into text and tables already.
#[must_use]
pub fn read_documents(bytes: &[u8], documents: Documents, options: &Options) -> Vec<Reading> {
    ingest::read_documents(bytes, documents, options).into_iter().map(checked).collect()
}

/// A reading with the findings of the rules added to those of the reader.
fn checked(mut reading: Reading) -> Reading {
    if let Outcome::Read(report) = &mut reading.outcome {
        let found = check::findings(report);
        report.findings.extend(found);
    }
    reading
}

/// A reading of a body whose division is not known becomes a refusal: it can be read, not stored.
pub(super) fn placed(mut reading: Reading) -> Reading {
    if let Outcome::Read(report) = &reading.outcome
        && !report.body.id.is_placed()
    {
        reading.outcome = Outcome::Refused(Refusal::unplaced(&report.body));
    }
    reading
}

/// The same for a report that comes from elsewhere.
pub(super) fn must_be_placed(report: &Report) -> Result<()> {
    if report.body.id.is_placed() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("{}: no division is known for {}", report.body.id, report.body.name)))
}
