//! The one place where all rooms meet: reports in, answers out.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    check,
    error::{Error, ErrorKind, Result},
    ingest::{self, Options, Outcome, Reading},
    model::{Report, ReportKey},
    query::Answer,
    store::View,
};

/// A store of reports that can be asked questions: in memory, or a folder on disk.
///
/// It can be shared between threads; every call sees the reports of one revision.
#[derive(Debug)]
pub struct Database {
    place: Option<PathBuf>,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    reports: Vec<Report>,
    view: Option<Arc<View>>,
}

/// What storing a report did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Put {
    /// There was no report of this body and year.
    Added,
    /// The same text was there already; nothing was written.
    Unchanged,
    /// Another text took the place of an earlier one, which is kept as a revision.
    Replaced,
}

/// One file after [`Database::ingest`].
#[derive(Clone, Debug)]
pub struct Ingested {
    /// The reading, report or refusal.
    pub reading: Reading,
    /// What storing it did; nothing for a refusal.
    pub put: Option<Put>,
}

impl Database {
    /// A store that lives as long as this value.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { place: None, memory: Mutex::default() }
    }

    /// The folder of the store; nothing for one in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.place.as_deref()
    }

    /// Reads one file, or every entry of an archive, and stores what could be read.
    ///
    /// # Errors
    /// When the file cannot be opened or the store cannot be written. A file that is no report is
    /// not an error: it comes back as a refusal.
    pub fn ingest(&self, path: impl AsRef<Path>, options: &Options) -> Result<Vec<Ingested>> {
        self.ingest_readings(read(path, options)?)
    }

    /// Stores what was read elsewhere, reading by reading.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn ingest_readings(&self, readings: Vec<Reading>) -> Result<Vec<Ingested>> {
        readings
            .into_iter()
            .map(|reading| {
                let put = match &reading.outcome {
                    Outcome::Read(report) => Some(self.put(report)?),
                    Outcome::Refused(_) => None,
                };
                Ok(Ingested { reading, put })
            })
            .collect()
    }

    /// Stores a report; durable when it returns.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put(&self, report: &Report) -> Result<Put> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let key: ReportKey = report.key();
        let put = match memory.reports.iter().position(|other| other.key() == key) {
            Some(at) if memory.reports.get(at).is_some_and(|other| other.origin.sha256 == report.origin.sha256) => {
                return Ok(Put::Unchanged);
            }
            Some(at) => {
                memory.reports.splice(at..=at, [report.clone()]);
                Put::Replaced
            }
            None => {
                memory.reports.push(report.clone());
                Put::Added
            }
        };
        memory.view = None;
        Ok(put)
    }

    /// The reports as they stand now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn view(&self) -> Result<Arc<View>> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = &memory.view {
            return Ok(Arc::clone(view));
        }
        let revision = u64::try_from(memory.reports.len()).unwrap_or(u64::MAX);
        let view = Arc::new(View::of(revision, memory.reports.iter().cloned()));
        memory.view = Some(Arc::clone(&view));
        Ok(view)
    }

    /// Answers one statement, in English, Chinese or a mix.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] with diagnostics when the text is not a statement that can be answered,
    /// another kind when the store cannot be read.
    pub fn query(&self, text: &str) -> Result<Answer> {
        let mut answers = self.query_all(text)?;
        match (answers.pop(), answers.is_empty()) {
            (Some(answer), true) => Ok(answer),
            _ => Err(Error::new(ErrorKind::Usage, "query takes one statement; query_all takes several")),
        }
    }

    /// Answers statements separated by `;` or line ends, in order; stops at the first that fails.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn query_all(&self, text: &str) -> Result<Vec<Answer>> {
        let _ = text;
        Err(Error::query(Vec::new()))
    }
}

/// Reads a file without storing it and checks what was read: what [`Database::ingest`] would store.
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
