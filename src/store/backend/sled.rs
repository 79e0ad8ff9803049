//! sled 0.34.7, with what it lacks: an fsync after its flush, an open that creates nothing, and its panics caught.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{Backend, Change, KeyRange, Pair, Tree};
use crate::error::{Error, ErrorKind, Result, quietly};

/// Memory sled may use for its cache.
const CACHE: u64 = 32 << 20;

/// The trees of a store in one sled database.
pub struct Sled {
    db: sled::Db,
    trees: [sled::Tree; Tree::ALL.len()],
    path: PathBuf,
}

impl Sled {
    /// Makes a new database.
    ///
    /// # Errors
    /// `Usage` when there is something at the path already.
    pub fn create(path: &Path) -> Result<Self> {
        if path.exists() {
            return Err(Error::new(ErrorKind::Usage, "store.exists").at(path));
        }
        Self::start(path)
    }

    /// Opens a database that is there, moving aside what an interrupted start left behind.
    ///
    /// # Errors
    /// `Damaged` when it is not there, not whole, or sled panics over it.
    pub fn open(path: &Path) -> Result<Self> {
        // sled would make an empty database where these are missing: a 0 instead of an error.
        if ["db", "conf"].iter().any(|name| !path.join(name).is_file()) {
            return Err(Error::new(ErrorKind::Damaged, "store.keyed_missing").at(path));
        }
        wait_until_released(path)?;
        set_aside(path, |name| name.starts_with("snap.") && name.ends_with(".generating"))?;
        Self::start(path)
    }

    /// Opens with sled's own snapshot file moved aside, which cures a damaged one.
    ///
    /// # Errors
    /// As [`Sled::open`].
    pub fn open_without_snapshot(path: &Path) -> Result<Self> {
        set_aside(path, |name| name.starts_with("snap."))?;
        Self::open(path)
    }

    fn start(path: &Path) -> Result<Self> {
        let config = sled::Config::new().path(path).cache_capacity(CACHE).flush_every_ms(None);
        let opened = contained(|| -> sled::Result<_> {
            let db = config.open()?;
            let [a, b, c, d] = Tree::ALL.map(|tree| db.open_tree(tree.name()));
            let trees = [a?, b?, c?, d?];
            Ok((db, trees))
        });
        let (db, trees) = opened.map_err(|error| error.at(path))?;
        let sled = Self { db, trees, path: path.to_owned() };
        sled.sync_small_files()?;
        Ok(sled)
    }

    fn tree(&self, tree: Tree) -> &sled::Tree {
        let [inbox, reports, columns, meta] = &self.trees;
        match tree {
            Tree::Inbox => inbox,
            Tree::Reports => reports,
            Tree::Columns => columns,
            Tree::Meta => meta,
        }
    }

    /// Files that sled writes once and never syncs.
    fn sync_small_files(&self) -> Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            if name == "conf" || name.to_string_lossy().starts_with("snap.") {
                sync(&entry.path())?;
            }
        }
        sync_folder(&self.path)
    }
}

impl std::fmt::Debug for Sled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sled").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Backend for Sled {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let found = contained(|| self.tree(tree).get(key))?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn put_batch(&self, tree: Tree, changes: Vec<Change>) -> Result<()> {
        let mut batch = sled::Batch::default();
        for (key, value) in changes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        contained(|| self.tree(tree).apply_batch(batch))
    }

    fn scan(&self, tree: Tree, range: KeyRange) -> Box<dyn Iterator<Item = Result<Pair>> + '_> {
        let mut pairs = self.tree(tree).range::<Vec<u8>, _>(range);
        Box::new(std::iter::from_fn(move || step(|| pairs.next())))
    }

    fn scan_back(&self, tree: Tree, range: KeyRange) -> Box<dyn Iterator<Item = Result<Pair>> + '_> {
        let mut pairs = self.tree(tree).range::<Vec<u8>, _>(range);
        Box::new(std::iter::from_fn(move || step(|| pairs.next_back())))
    }

    /// sled's flush hands its pages to the system without an fsync: that is done here, for every file it uses.
    fn flush(&self) -> Result<()> {
        contained(|| self.db.flush())?;
        let blobs = self.path.join("blobs");
        if blobs.is_dir() {
            for entry in fs::read_dir(&blobs)? {
                sync(&entry?.path())?;
            }
            sync_folder(&blobs)?;
        }
        sync(&self.path.join("db"))?;
        self.sync_small_files()
    }

    fn len(&self, tree: Tree) -> Result<usize> {
        contained(|| Ok(self.tree(tree).len()))
    }
}

fn step(next: impl FnOnce() -> Option<sled::Result<(sled::IVec, sled::IVec)>>) -> Option<Result<Pair>> {
    match contained(|| next().transpose()) {
        Ok(pair) => pair.map(|(key, value)| Ok((key.to_vec(), value.to_vec()))),
        Err(error) => Some(Err(error)),
    }
}

fn sync(path: &Path) -> Result<()> {
    let synced = OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all());
    synced.map_err(|cause| Error::from(cause).at(path))
}

fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(path).and_then(|folder| folder.sync_all()).map_err(|cause| Error::from(cause).at(path))?;
    }
    Ok(())
}

/// Renames files of the folder so that sled no longer sees them; nothing is deleted.
fn set_aside(path: &Path, wanted: impl Fn(&str) -> bool) -> Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if wanted(&name) {
            fs::rename(entry.path(), path.join(format!("aside-{name}")))?;
        }
    }
    Ok(())
}

/// Runs sled and turns a panic over damaged files into an error, without its message on the terminal.
fn contained<T>(run: impl FnOnce() -> sled::Result<T>) -> Result<T> {
    match quietly(run) {
        Some(outcome) => outcome.map_err(translate),
        None => Err(Error::new(ErrorKind::Damaged, "store.keyed_panic")),
    }
}

/// How long a database that was dropped may go on working.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until no sled works on this database. The threads of one that was dropped hold it a little longer, and
/// opening it meanwhile fails as if it were damaged. Who comes here has the lock of the store, so this is soon over.
///
/// # Errors
/// `Locked` when it is still held after ten seconds.
pub fn wait_until_released(path: &Path) -> Result<()> {
    let Ok(file) = File::open(path.join("db")) else { return Ok(()) };
    let start = Instant::now();
    // The lock sled takes is one of the whole file, which this asks for and gives back at once.
    while let Err(TryLockError::WouldBlock) = file.try_lock() {
        if start.elapsed() > PATIENCE {
            return Err(Error::new(ErrorKind::Locked, "store.keyed_busy").at(path));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn translate(cause: sled::Error) -> Error {
    match cause {
        sled::Error::Io(cause) => Error::from(cause),
        sled::Error::Corruption { .. } => Error::new(ErrorKind::Damaged, "store.keyed_sum").because(cause),
        other => Error::new(ErrorKind::Damaged, "store.keyed_unread").because(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_still_held_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("库");
        drop(Sled::create(&path).unwrap());
        let held = File::open(path.join("db")).unwrap();
        held.lock().unwrap();
        let start = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(60));
                held.unlock().unwrap();
            });
            Sled::open(&path).unwrap();
        });
        assert!(start.elapsed() >= Duration::from_millis(60));
    }
}
