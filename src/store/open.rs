//! A store on disk: opened, written by one process, read by any number.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sha2::{Digest, Sha256};

use super::{
    archive::{self, Archive, Place, Stop},
    backend::{Backend, Sled, wait_until_released},
    disk::{Disk, Files},
    layers::Layers,
    lock::{Holder, Lock},
    manifest::{FORMAT, Manifest},
    seal::Sealed,
    snapshot,
    view::View,
};
use crate::{
    error::{Error, ErrorKind, Result},
    messages::Said,
};

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who opens it, for whoever finds it locked.
    pub holder: Holder,
    /// How long to wait for another writer.
    pub wait: Duration,
    /// Reports put before they are sealed into columns.
    pub seal_after: usize,
    /// The file layer.
    pub disk: Arc<dyn Disk>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { holder: Holder::default(), wait: Duration::ZERO, seal_after: 2_048, disk: Arc::new(Files) }
    }
}

/// A store. Everything goes through a shared reference; what one thread puts, the next view of any thread shows.
#[derive(Debug)]
pub struct Store {
    pub(super) folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// Readings only; the view was made when the store was opened.
    Reader(View),
    /// The one writer.
    Writer(Box<Writer>),
    /// Closed, or given up after an error while closing.
    Closed,
}

/// What the one writing process holds.
#[derive(Debug)]
pub(super) struct Writer {
    pub folder: PathBuf,
    pub settings: Settings,
    pub manifest: Manifest,
    pub archive: Archive,
    /// Nothing while the keyed layer is being replaced.
    pub backend: Option<Box<dyn Backend>>,
    pub layers: Layers,
    pub sealed: Sealed,
    /// Whether a write to the keyed layer failed: the archive has it, and the next seal or open brings it there.
    pub behind: bool,
    /// Whether anything was written since the last seal.
    pub changed: bool,
    pub view: Option<View>,
    pub notes: Vec<Said>,
    _lock: Lock,
}

impl Store {
    /// Makes a store where there is nothing, and opens it. `now` is milliseconds since 1970.
    ///
    /// # Errors
    /// `Usage` when there is something at the path already, `Io` when the folder cannot be made.
    pub fn create(path: &Path, settings: &Settings, now: u64) -> Result<Self> {
        let empty = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        if path.exists() && !empty {
            return Err(Error::new(ErrorKind::Usage, "store.exists").at(path));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| Error::new(ErrorKind::Usage, "store.no_name").at(path))?;
        let new = parent.join(format!(".{name}.new-{}", settings.holder.pid));
        let store = store_id(path, settings, now);
        let made = make(&settings.disk, &new, store).and_then(|()| {
            settings.disk.rename(&new, path)?;
            settings.disk.sync_folder(parent)?;
            Ok(())
        });
        if let Err(error) = made {
            // What was half made is of no use to anybody.
            let _ = fs::remove_dir_all(&new);
            return Err(if error.path().is_some() { error } else { error.at(path) });
        }
        Self::open(path, settings, now)
    }

    /// Opens a store for reading and writing. A keyed layer that does not match the manifest is made anew from the
    /// archive, and the old one kept as `damaged-…`.
    ///
    /// # Errors
    /// `NotAStore`, `Locked` naming the holder, `Format` for a newer format, `Damaged` when acknowledged records are
    /// missing, `Io` when the operating system refuses.
    pub fn open(path: &Path, settings: &Settings, now: u64) -> Result<Self> {
        Manifest::read(path)?;
        let lock = Lock::take(path, &settings.holder, settings.wait)?;
        let writer = Writer::start(path, settings, lock, now)?;
        Ok(Self { folder: path.to_owned(), state: Mutex::new(State::Writer(Box::new(writer))) })
    }

    /// Opens a store for reading: no lock, nothing written, any number of processes, beside a writer too.
    ///
    /// # Errors
    /// `NotAStore`, `Format` for a newer format, `Damaged` when acknowledged records are missing.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        let view = read(path)?.1;
        Ok(Self { folder: path.to_owned(), state: Mutex::new(State::Reader(view)) })
    }

    /// The reports as they are now; for a store opened read-only, as they were when it was opened.
    ///
    /// # Errors
    /// `Damaged` or `Io` when a column that a fresh report touches cannot be read.
    pub fn view(&self) -> Result<View> {
        match &mut *self.state() {
            State::Reader(view) => Ok(view.clone()),
            State::Writer(writer) => writer.view(),
            State::Closed => Err(closed(&self.folder)),
        }
    }

    /// What was noticed and mended while opening, for a person to read.
    #[must_use]
    pub fn notes(&self) -> Vec<Said> {
        match &*self.state() {
            State::Writer(writer) => writer.notes.clone(),
            State::Reader(_) | State::Closed => Vec::new(),
        }
    }

    /// The folder of the store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Seals what is fresh, publishes the snapshot and releases the lock. Dropping a store does the same, but
    /// cannot tell of an error.
    ///
    /// # Errors
    /// When sealing fails; everything acknowledged is in the archive all the same.
    pub fn close(&self) -> Result<()> {
        let state = std::mem::replace(&mut *self.state(), State::Closed);
        if let State::Writer(mut writer) = state { writer.finish() } else { Ok(()) }
    }

    /// Runs something on the writer.
    pub(super) fn write<T>(&self, run: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        match &mut *self.state() {
            State::Writer(writer) => run(writer),
            State::Reader(_) => Err(Error::new(ErrorKind::Usage, "store.read_only").at(&self.folder)),
            State::Closed => Err(closed(&self.folder)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Everything acknowledged is durable already; the next open seals what this could not.
        let _ = self.close();
    }
}

fn closed(folder: &Path) -> Error {
    Error::new(ErrorKind::Usage, "store.closed").at(folder)
}

fn store_id(path: &Path, settings: &Settings, now: u64) -> [u8; 16] {
    let text = format!("{} {} {} {now}", path.display(), settings.holder.program, settings.holder.pid);
    let mut id = [0; 16];
    id.iter_mut().zip(Sha256::digest(text.as_bytes())).for_each(|(byte, part)| *byte = part);
    id
}

fn make(disk: &Arc<dyn Disk>, folder: &Path, store: [u8; 16]) -> Result<()> {
    let archive = Archive::create(disk.clone(), &archive_folder(folder), store)?;
    let mut manifest = Manifest::new(store);
    manifest.offset = archive.end().offset;
    manifest.create(disk, folder)?;
    disk.sync_folder(folder)?;
    Ok(())
}

/// The folder of the archive.
pub(super) fn archive_folder(folder: &Path) -> PathBuf {
    folder.join("archive")
}

/// The folder of the keyed layer.
pub(super) fn sled_folder(folder: &Path) -> PathBuf {
    folder.join("sled")
}

/// The layers a reader sees: the snapshot and the records after it, or all records where there is no whole snapshot.
pub(super) fn read(folder: &Path) -> Result<(Layers, View)> {
    let manifest = Manifest::read(folder)?;
    let (mut layers, from, next) = match snapshot::open(folder) {
        Ok(snapshot) if snapshot.table.store == manifest.store => {
            let (end, next) = (snapshot.table.end(), snapshot.table.sequence + 1);
            (snapshot.layers(), end, next)
        }
        _ => (Layers::default(), Place { file: 1, offset: 0 }, 1),
    };
    let archive = archive_folder(folder);
    let stop = archive::frames(&archive, manifest.store, from, next, |frame| layers.apply(&frame))?;
    vouched(&manifest, stop).map_err(|error| error.at(&archive))?;
    let view = View::over(stop.next - 1, &layers, archive)?;
    Ok((layers, view))
}

/// Checks that the archive holds what the manifest says was acknowledged.
pub(super) fn vouched(manifest: &Manifest, stop: Stop) -> Result<()> {
    let last = stop.next - 1;
    if last < manifest.sequence {
        let missing = Error::new(ErrorKind::Damaged, "store.records_missing");
        return Err(missing.with("last", last).with("acknowledged", manifest.sequence));
    }
    if stop.more {
        return Err(Error::new(ErrorKind::Damaged, "store.record_damaged").with("record", stop.next));
    }
    Ok(())
}

impl Writer {
    fn start(folder: &Path, settings: &Settings, lock: Lock, now: u64) -> Result<Self> {
        let mut manifest = Manifest::read(folder)?;
        if manifest.format < FORMAT {
            // Said before anything of the new format is written: an older program must not take that for damage.
            manifest.format = FORMAT;
            manifest.write(&settings.disk, folder, true)?;
        }
        let mut notes = Vec::new();
        super::care::settle_compaction(&settings.disk, folder)?;
        let opened = open_backend(folder, &manifest);
        let (backend, sealed, layers) = match opened {
            Ok(found) => found,
            // Nothing says that the keyed layer is damaged: it stays where it is until the place is mended.
            Err(error) if error.is_of_the_place() => return Err(error),
            Err(error) => {
                if manifest.sealed > 0 {
                    notes.push(Said::new("store.keyed_anew").with("why", error.said()));
                }
                (new_backend(folder, now)?, Sealed::default(), Layers::default())
            }
        };
        let mut layers = layers;
        let (from, next) = sealed.end();
        let archive = archive_folder(folder);
        let (mut time, mut count) = (sealed.time, 0);
        let stop = archive::frames(&archive, manifest.store, from, next, |frame| {
            time = frame.time;
            count += 1;
            layers.apply(&frame)?;
            // A long tail is folded as it goes, so that memory stays flat.
            if layers.fresh.len() >= settings.seal_after.max(8_192) { layers.settle() } else { Ok(()) }
        })?;
        vouched(&manifest, stop).map_err(|error| error.at(&archive))?;
        let archive = Archive::resume(settings.disk.clone(), &archive, manifest.store, stop, time)?;
        let mut writer = Self {
            folder: folder.to_owned(),
            settings: settings.clone(),
            manifest,
            archive,
            backend: Some(backend),
            layers,
            sealed,
            behind: false,
            changed: count > 0,
            view: None,
            notes,
            _lock: lock,
        };
        writer.catch_up()?;
        writer.note_progress(false, true)?;
        Ok(writer)
    }

    /// The reports as they are now.
    pub fn view(&mut self) -> Result<View> {
        if let Some(view) = &self.view {
            return Ok(view.clone());
        }
        let view = View::over(self.archive.sequence(), &self.layers, archive_folder(&self.folder))?;
        self.view = Some(view.clone());
        Ok(view)
    }

    fn finish(&mut self) -> Result<()> {
        if self.changed || self.behind {
            self.seal()?;
        }
        self.backend()?.flush()?;
        self.note_progress(true, true)
    }

    pub fn backend(&self) -> Result<&dyn Backend> {
        let gone = || Error::new(ErrorKind::Io, "store.open_again").at(&self.folder);
        self.backend.as_deref().ok_or_else(gone)
    }

    /// Writes into the manifest how far the archive has come.
    pub fn note_progress(&mut self, clean: bool, sync: bool) -> Result<()> {
        let end = self.archive.end();
        self.manifest.sequence = self.archive.sequence();
        (self.manifest.file, self.manifest.offset) = (end.file, end.offset);
        self.manifest.clean = clean;
        self.manifest.write(&self.settings.disk.clone(), &self.folder, sync)
    }
}

type Found = (Box<dyn Backend>, Sealed, Layers);

/// Opens the keyed layer and checks it against the manifest.
fn open_backend(folder: &Path, manifest: &Manifest) -> Result<Found> {
    let path = sled_folder(folder);
    let sled = Sled::open(&path)
        .or_else(|error| if error.is_of_the_place() { Err(error) } else { Sled::open_without_snapshot(&path) })?;
    let backend: Box<dyn Backend> = Box::new(sled);
    let sealed = Sealed::read(&*backend)?.unwrap_or_default();
    if sealed.sequence < manifest.sealed {
        let behind = Error::new(ErrorKind::Damaged, "store.keyed_behind");
        return Err(behind.with("last", sealed.sequence).with("held", manifest.sealed));
    }
    let layers = sealed.layers(&*backend, folder, manifest.store)?;
    if !manifest.clean {
        sealed.sweep(&*backend)?;
    }
    Ok((backend, sealed, layers))
}

/// A new keyed layer in the place of the old one, which is kept under another name.
pub(super) fn new_backend(folder: &Path, now: u64) -> Result<Box<dyn Backend>> {
    let path = sled_folder(folder);
    if path.exists() {
        wait_until_released(&path)?;
        let mut kept = folder.join(format!("damaged-{now}"));
        let mut number = 1;
        while kept.exists() {
            number += 1;
            kept = folder.join(format!("damaged-{now}-{number}"));
        }
        fs::rename(&path, &kept).map_err(|cause| Error::from(cause).at(&path))?;
    }
    Ok(Box::new(Sled::create(&path)?))
}
