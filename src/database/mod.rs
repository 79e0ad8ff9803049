//! The one place where all rooms meet: reports in, answers out.

mod ask;
mod claim;
mod cube;
mod memory;
mod read;
mod record;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub use ask::{Done, Ground};
pub use claim::Asserted;
pub use read::{read, read_bytes, read_documents};

use self::{ask::Kept, memory::Memory};
use crate::{
    error::{Error, ErrorKind, Result},
    ingest::{Options, Outcome, Reading},
    model::Report,
    query::InterruptHandle,
    schema::Register,
    store::{Holder, Put, Settings, Store, View},
};

/// A store of reports that can be asked questions: in memory, or a folder on disk.
///
/// It can be shared between threads; every call sees whole reports of one revision.
#[derive(Debug)]
pub struct Database {
    backing: Backing,
    clock: fn() -> u64,
    author: String,
    kept: Kept,
    register: Mutex<Option<Arc<Register>>>,
    interrupt: InterruptHandle,
}

#[derive(Debug)]
enum Backing {
    Memory(Memory),
    Store(Box<Store>),
}

/// How a store on disk is opened. The default waits for nobody and asks the system for the time.
#[derive(Clone, Debug)]
pub struct Access {
    /// Who opens it, for whoever finds the store locked.
    pub holder: Holder,
    /// How long to wait for another writer.
    pub wait: Duration,
    /// Who judges findings and corrects cells through it.
    pub author: String,
    /// Milliseconds since 1970: what is written beside every report, and the only clock there is.
    pub clock: fn() -> u64,
}

impl Default for Access {
    fn default() -> Self {
        Self { holder: Holder::default(), wait: Duration::ZERO, author: String::new(), clock: system_time }
    }
}

/// One file after [`Database::ingest`].
#[derive(Clone, Debug)]
pub struct Ingested {
    /// The reading, report or refusal.
    pub reading: Reading,
    /// What storing it did; nothing for a refusal.
    pub put: Option<Put>,
}

impl Ingested {
    /// The report, unless the file was refused.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &self.reading.outcome {
            Outcome::Read(report) => Some(report),
            Outcome::Refused(_) => None,
        }
    }
}

impl Database {
    /// A store that lives as long as this value.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::over(Backing::Memory(Memory::default()), system_time)
    }

    fn over(backing: Backing, clock: fn() -> u64) -> Self {
        Self {
            backing,
            clock,
            author: String::new(),
            kept: Kept::default(),
            register: Mutex::default(),
            interrupt: InterruptHandle::default(),
        }
    }

    /// Takes a register of who should report, beside the divisions: `missing reports` and `show coverage` expect its
    /// bodies, and a government is held against the sum of the bodies below it where the register has them all.
    pub fn set_register(&self, register: Register) {
        *self.register.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(register));
    }

    /// The register that was taken last.
    #[must_use]
    pub fn register(&self) -> Option<Arc<Register>> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a store for reading and writing. It must be there: a mistyped path is an error.
    ///
    /// # Errors
    /// [`ErrorKind::NotAStore`], [`ErrorKind::Locked`] naming the holder, [`ErrorKind::Format`] for a
    /// newer format, [`ErrorKind::Damaged`], [`ErrorKind::Io`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, &Access::default())
    }

    /// As [`Database::open`], saying who opens it and how long to wait.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_with(path: impl AsRef<Path>, access: &Access) -> Result<Self> {
        let store = Store::open(path.as_ref(), &settings(access), (access.clock)())?;
        Ok(Self { author: access.author.clone(), ..Self::over(Backing::Store(Box::new(store)), access.clock) })
    }

    /// Makes a store where there is nothing, and opens it.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when there is something at the path already, [`ErrorKind::Io`].
    pub fn create(path: impl AsRef<Path>, access: &Access) -> Result<Self> {
        let store = Store::create(path.as_ref(), &settings(access), (access.clock)())?;
        Ok(Self { author: access.author.clone(), ..Self::over(Backing::Store(Box::new(store)), access.clock) })
    }

    /// Opens a store for reading: no lock, nothing written, any number of processes, beside a writer too.
    ///
    /// # Errors
    /// As [`Database::open`], but never [`ErrorKind::Locked`].
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self> {
        let store = Store::open_read_only(path.as_ref())?;
        Ok(Self::over(Backing::Store(Box::new(store)), system_time))
    }

    /// The folder of the store; nothing for one in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.store().map(Store::folder)
    }

    /// The store on disk, for what only it can do: backup, verify, statistics.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        match &self.backing {
            Backing::Memory(_) => None,
            Backing::Store(store) => Some(store),
        }
    }

    /// Reads one file, or every entry of an archive, and stores what could be read.
    ///
    /// # Errors
    /// When the file cannot be opened or the store cannot be written. A file that is no report is
    /// not an error: it comes back as a refusal.
    pub fn ingest(&self, path: impl AsRef<Path>, options: &Options) -> Result<Vec<Ingested>> {
        self.ingest_readings(read(path, options)?)
    }

    /// Stores what was read elsewhere, in order, acknowledged together; give a few hundred at a time.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn ingest_readings(&self, readings: Vec<Reading>) -> Result<Vec<Ingested>> {
        let mut done: Vec<Ingested> =
            readings.into_iter().map(|reading| Ingested { reading: read::placed(reading), put: None }).collect();
        let mut from = 0;
        while from < done.len() {
            let to = from + distinct(done.get(from..).unwrap_or_default());
            let group = done.get_mut(from..to).unwrap_or_default();
            let reports: Vec<Report> = group.iter().filter_map(|one| one.report().cloned()).collect();
            let mut puts = self.put_all(&reports)?.into_iter();
            for one in group.iter_mut().filter(|one| one.report().is_some()) {
                one.put = puts.next();
            }
            from = to;
        }
        Ok(done)
    }

    /// Stores a report; durable when it returns.
    ///
    /// # Errors
    /// When the report exceeds a limit, the division of its body is not known, or the store cannot be written: then it is not in the store.
    pub fn put(&self, report: &Report) -> Result<Put> {
        read::must_be_placed(report)?;
        match &self.backing {
            Backing::Memory(memory) => Ok(memory.put(report)),
            Backing::Store(store) => store.put(report, (self.clock)()),
        }
    }

    /// Stores several reports of different bodies or years, acknowledged together: all or none.
    ///
    /// # Errors
    /// As [`Database::put`].
    pub fn put_all(&self, reports: &[Report]) -> Result<Vec<Put>> {
        reports.iter().try_for_each(read::must_be_placed)?;
        match &self.backing {
            Backing::Memory(memory) => Ok(reports.iter().map(|report| memory.put(report)).collect()),
            Backing::Store(store) => store.put_all(reports, (self.clock)()),
        }
    }

    /// The reports as they stand now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn view(&self) -> Result<View> {
        match &self.backing {
            Backing::Memory(memory) => Ok(memory.view()),
            Backing::Store(store) => store.view(),
        }
    }

    /// The reports as they stood at a moment, in milliseconds since 1970; a store in memory has no past.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a store in memory, another kind when the archive cannot be read.
    pub fn as_of(&self, time: u64) -> Result<View> {
        let no_past = || Error::new(ErrorKind::Usage, "reports in memory have no past; as_of needs a store on disk");
        self.store().ok_or_else(no_past)?.as_of(time)
    }

    /// Seals what is fresh, publishes the snapshot that readers use, and releases the lock. Dropping
    /// the value does the same but cannot tell of an error.
    ///
    /// # Errors
    /// When sealing fails. Everything that was acknowledged is safe all the same.
    pub fn close(self) -> Result<()> {
        self.store().map_or(Ok(()), Store::close)
    }
}

/// How many readings from the first on are of different bodies or years: one batch holds no report twice.
fn distinct(readings: &[Ingested]) -> usize {
    let mut seen = BTreeSet::new();
    let repeated = |one: &Ingested| one.report().is_some_and(|report| !seen.insert(report.key()));
    readings.iter().position(repeated).unwrap_or(readings.len())
}

fn settings(access: &Access) -> Settings {
    Settings { holder: access.holder.clone(), wait: access.wait, ..Settings::default() }
}

/// The default clock of [`Access`], the one place of the library that asks the system for the time.
fn system_time() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
