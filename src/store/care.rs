//! Keeping a store in shape: where its bytes are, making it small again, one file to carry away and back.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{
    archive,
    disk::Disk,
    history::each_frame,
    manifest::Manifest,
    open::{Settings, Store, archive_folder, sled_folder},
    seal::Sealed,
};
use crate::error::{Error, ErrorKind, Result};

/// Where the bytes of a store are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Reports.
    pub reports: u64,
    /// Bodies.
    pub bodies: u64,
    /// Records of the archive.
    pub records: u64,
    /// Bytes of the archive.
    pub archive: u64,
    /// Bytes of the keyed layer.
    pub keyed: u64,
    /// Bytes of the snapshot.
    pub snapshot: u64,
    /// Bytes of everything else: the manifest, the lock, damaged layers kept.
    pub rest: u64,
}

impl Store {
    /// Counts reports and bytes. Takes no lock.
    ///
    /// # Errors
    /// As [`Store::open_read_only`].
    pub fn stats(path: &Path) -> Result<Stats> {
        let view = Self::open_read_only(path)?.view()?;
        let manifest = Manifest::read(path)?;
        let (archive, keyed) = (size(&archive_folder(path))?, size(&sled_folder(path))?);
        let snapshot = size(&super::snapshot::path(path))?;
        Ok(Stats {
            reports: view.len() as u64,
            bodies: view.body_count() as u64,
            records: manifest.sequence,
            archive,
            keyed,
            snapshot,
            rest: size(path)?.saturating_sub(archive + keyed + snapshot),
        })
    }

    /// Writes the keyed layer anew, which frees what replaced reports left behind, and publishes a snapshot.
    ///
    /// # Errors
    /// `Io` when the operating system refuses. Cut off, the next open goes on with the old keyed layer.
    pub fn compact(&self) -> Result<()> {
        self.write(|writer| {
            writer.seal()?;
            let current = sled_folder(&writer.folder);
            let (old, dead) = (writer.folder.join(OLD), writer.folder.join(DEAD));
            let disk = writer.settings.disk.clone();
            let rename = |from: &Path, to: &Path| disk.rename(from, to).map_err(|cause| Error::from(cause).at(from));
            writer.backend = None;
            super::backend::wait_until_released(&current)?;
            rename(&current, &old)?;
            writer.backend = Some(Box::new(super::backend::Sled::create(&current)?));
            writer.sealed = Sealed::default();
            writer.seal()?;
            // Under this name it is of no use any more, whatever of it is still there.
            rename(&old, &dead)?;
            fs::remove_dir_all(&dead).map_err(|cause| Error::from(cause).at(dead))
        })
    }

    /// Publishes what is there for readers, without closing.
    ///
    /// # Errors
    /// `Io` when the operating system refuses.
    pub fn publish(&self) -> Result<()> {
        self.write(super::open::Writer::seal)
    }

    /// Writes everything a store is into one file with its SHA-256 at the end, while others read and write it, and
    /// returns that hash. The file must not exist.
    ///
    /// # Errors
    /// `Usage` when the file exists, `Damaged` when a record is, `Io` when the operating system refuses.
    pub fn backup(path: &Path, to: &Path) -> Result<String> {
        let manifest = Manifest::read(path)?;
        // Every record is read before it is carried away: a backup of damaged bytes is none.
        let mut last = 0;
        each_frame(path, |frame| {
            last = frame.sequence;
            Ok(())
        })?;
        let file = File::create_new(to).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => Error::new(ErrorKind::Usage, "store.exists").at(to),
            _ => Error::from(cause).at(to),
        })?;
        let written = write_backup(path, &manifest, last, file);
        if written.is_err() {
            let _ = fs::remove_file(to);
        }
        written.map_err(|error| if error.path().is_some() { error } else { error.at(to) })
    }

    /// Makes a store from a backup, at a path where there is nothing, and opens it.
    ///
    /// # Errors
    /// `Damaged` when the file is not a whole backup, and as [`Store::create`].
    pub fn restore(from: &Path, path: &Path, settings: &Settings, now: u64) -> Result<Self> {
        if path.exists() {
            return Err(Error::new(ErrorKind::Usage, "store.exists").at(path));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let new = parent.join(format!(".{name}.new-{}", settings.holder.pid));
        let made = read_backup(from, &new, settings).and_then(|()| {
            settings.disk.rename(&new, path)?;
            settings.disk.sync_folder(parent)?;
            Ok(())
        });
        if let Err(error) = made {
            let _ = fs::remove_dir_all(&new);
            return Err(if error.path().is_some() { error } else { error.at(from) });
        }
        Self::open(path, settings, now)
    }
}

/// The old keyed layer while the new one is being written.
const OLD: &str = "compacting";
/// The old keyed layer when the new one is whole.
const DEAD: &str = "compacted";

/// Puts things back that a compaction which was cut off has moved.
///
/// # Errors
/// `Io` when the operating system refuses.
pub(super) fn settle_compaction(disk: &Arc<dyn Disk>, folder: &Path) -> Result<()> {
    let (current, old, dead) = (sled_folder(folder), folder.join(OLD), folder.join(DEAD));
    let remove = |path: &Path| {
        if path.exists() { fs::remove_dir_all(path).map_err(|cause| Error::from(cause).at(path)) } else { Ok(()) }
    };
    if old.exists() {
        remove(&current)?;
        disk.rename(&old, &current).map_err(|cause| Error::from(cause).at(&old))?;
    }
    remove(&dead)
}

const MAGIC: [u8; 8] = *b"\x89GKback1";
const STEP: usize = 1 << 20;

/// `magic · store 16 · sequence 8 · files 4 · per file: length 8, bytes · SHA-256 32`
fn write_backup(path: &Path, manifest: &Manifest, sequence: u64, file: File) -> Result<String> {
    let mut out = Hashing { file, hasher: Sha256::new() };
    let end = archive::end_of(&archive_folder(path), manifest.store, sequence)?;
    out.put(&MAGIC)?;
    out.put(&manifest.store)?;
    out.put(&sequence.to_be_bytes())?;
    out.put(&end.file.to_be_bytes())?;
    let mut buffer = vec![0; STEP];
    for number in 1..=end.file {
        let from = archive::path(&archive_folder(path), number);
        let mut file = File::open(&from).map_err(|cause| Error::from(cause).at(&from))?;
        let mut left = if number == end.file { u64::from(end.offset) } else { file.metadata()?.len() };
        out.put(&left.to_be_bytes())?;
        while left > 0 {
            let step = usize::try_from(left.min(STEP as u64)).unwrap_or(STEP);
            let piece = buffer.get_mut(..step).unwrap_or_default();
            file.read_exact(piece).map_err(|cause| Error::from(cause).at(&from))?;
            out.put(piece)?;
            left -= step as u64;
        }
    }
    let hash = out.hasher.finalize();
    out.file.write_all(&hash)?;
    out.file.sync_all()?;
    Ok(hash.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

struct Hashing {
    file: File,
    hasher: Sha256,
}

impl Hashing {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.hasher.update(bytes);
        Ok(self.file.write_all(bytes)?)
    }
}

fn read_backup(from: &Path, new: &Path, settings: &Settings) -> Result<()> {
    let damaged = || Error::new(ErrorKind::Damaged, "store.backup_cut");
    let mut file = File::open(from)?;
    let length = file.metadata()?.len();
    check_hash(&mut file, length)?;
    file.seek(SeekFrom::Start(0))?;
    let mut head = [0; 36];
    file.read_exact(&mut head).map_err(|_| damaged())?;
    let [m0, m1, m2, m3, m4, m5, m6, m7, rest @ ..] = head;
    let Some((store, rest)) = rest.split_first_chunk::<16>() else { return Err(damaged()) };
    let Some((sequence, files)) = rest.split_first_chunk::<8>() else { return Err(damaged()) };
    let files = u32::from_be_bytes(files.try_into().map_err(|_| damaged())?);
    if [m0, m1, m2, m3, m4, m5, m6, m7] != MAGIC {
        return Err(damaged());
    }
    let folder = archive_folder(new);
    settings.disk.create_folder(&folder)?;
    let mut offset = 0;
    for number in 1..=files {
        let mut size = [0; 8];
        file.read_exact(&mut size).map_err(|_| damaged())?;
        let size = u64::from_be_bytes(size);
        offset = u32::try_from(size).map_err(|_| damaged())?;
        let to = archive::path(&folder, number);
        copy(&mut file, &to, size, settings)?;
        settings.disk.sync(&to)?;
    }
    settings.disk.sync_folder(&folder)?;
    let mut manifest = Manifest::new(*store);
    manifest.sequence = u64::from_be_bytes(*sequence);
    (manifest.file, manifest.offset) = (files, offset);
    manifest.create(&settings.disk, new)?;
    Ok(settings.disk.sync_folder(new)?)
}

fn copy(file: &mut File, to: &Path, size: u64, settings: &Settings) -> Result<()> {
    let (mut buffer, mut at) = (vec![0; STEP], 0);
    while at < size {
        let step = usize::try_from((size - at).min(STEP as u64)).unwrap_or(STEP);
        let piece = buffer.get_mut(..step).unwrap_or_default();
        file.read_exact(piece)?;
        settings.disk.write(to, at, piece)?;
        at += step as u64;
    }
    Ok(())
}

fn check_hash(file: &mut File, length: u64) -> Result<()> {
    let damaged = || Error::new(ErrorKind::Damaged, "store.backup_sum");
    let mut left = length.checked_sub(32).ok_or_else(damaged)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; STEP]);
    while left > 0 {
        let step = usize::try_from(left.min(STEP as u64)).unwrap_or(STEP);
        let piece = buffer.get_mut(..step).unwrap_or_default();
        file.read_exact(piece)?;
        hasher.update(&*piece);
        left -= step as u64;
    }
    let mut hash = [0; 32];
    file.read_exact(&mut hash)?;
    if hasher.finalize().as_slice() == hash { Ok(()) } else { Err(damaged()) }
}

/// Bytes of a file, or of everything in a folder; 0 where there is nothing.
fn size(path: &Path) -> Result<u64> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(cause) => return Err(Error::from(cause).at(path)),
    };
    if !meta.is_dir() {
        return Ok(meta.len());
    }
    let entries: Vec<PathBuf> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.iter().map(|entry| size(entry)).sum()
}
