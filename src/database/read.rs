//! Reading and checking without storing.

use std::path::Path;

use crate::{
    check,
    error::Result,
    ingest::{self, Options, Outcome, Reading},
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

/// A reading with the findings of the rules added to those of the reader.
fn checked(mut reading: Reading) -> Reading {
    if let Outcome::Read(report) = &mut reading.outcome {
        let found = check::findings(report);
        report.findings.extend(found);
    }
    reading
}
