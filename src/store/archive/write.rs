//! Appending: bytes, fsync, and only then an acknowledgement.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    frame::{self, FILE_HEAD, Kind, Place},
    read::{self, Stop},
};
use crate::{
    error::{Error, ErrorKind, Result},
    store::disk::Disk,
};

/// A file is closed when it has grown past this.
const FULL: u32 = 64 << 20;

/// The end of the archive, to which one process appends.
#[derive(Debug)]
pub struct Archive {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    store: [u8; 16],
    end: Place,
    next: u64,
    time: u64,
    broken: bool,
}

impl Archive {
    /// Makes the folder with its first, empty file.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn create(disk: Arc<dyn Disk>, folder: &Path, store: [u8; 16]) -> Result<Self> {
        disk.create_folder(folder).map_err(|cause| Error::from(cause).at(folder))?;
        let mut archive = Self {
            disk,
            folder: folder.to_owned(),
            store,
            end: Place { file: 0, offset: 0 },
            next: 1,
            time: 0,
            broken: false,
        };
        archive.begin_file()?;
        Ok(archive)
    }

    /// Goes on where a walk over the frames ended, cutting off a write that never became whole.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn resume(disk: Arc<dyn Disk>, folder: &Path, store: [u8; 16], stop: Stop, time: u64) -> Result<Self> {
        let path = read::path(folder, stop.place.file);
        if stop.torn {
            disk.cut(&path, u64::from(stop.place.offset)).map_err(|cause| Error::from(cause).at(&path))?;
            disk.sync(&path).map_err(|cause| Error::from(cause).at(&path))?;
        }
        Ok(Self { disk, folder: folder.to_owned(), store, end: stop.place, next: stop.next, time, broken: false })
    }

    /// The place where the next frame will stand.
    #[must_use]
    pub fn end(&self) -> Place {
        self.end
    }

    /// The sequence of the last frame; 0 when there is none.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.next - 1
    }

    /// The time of the last frame.
    #[must_use]
    pub fn time(&self) -> u64 {
        self.time
    }

    /// Writes frames and makes them durable, all with one call to the disk. When it returns they are there for good.
    ///
    /// A clock that was set back does not disturb the order: a frame is never earlier than the one before.
    ///
    /// # Errors
    /// When the operating system refuses; the frames are then not acknowledged. A disk that fails to sync is
    /// not trusted again: the store must be opened anew.
    pub fn append(&mut self, now: u64, frames: &[(Kind, Vec<u8>)]) -> Result<Vec<Place>> {
        if self.broken {
            return Err(Error::new(ErrorKind::Io, "store.open_again").at(&self.folder));
        }
        if self.end.offset > FULL {
            self.begin_file()?;
        }
        self.time = self.time.max(now);
        let start = self.end.offset;
        let (mut bytes, mut places) = (Vec::new(), Vec::with_capacity(frames.len()));
        for ((kind, payload), sequence) in frames.iter().zip(self.next..) {
            let offset = u32::try_from(bytes.len()).ok().and_then(|at| start.checked_add(at));
            let offset = offset.ok_or_else(|| Error::new(ErrorKind::Limit, "store.batch_large"))?;
            places.push(Place { file: self.end.file, offset });
            bytes.extend(frame::encode(*kind, sequence, self.time, payload)?);
        }
        let end = u32::try_from(bytes.len()).ok().and_then(|size| start.checked_add(size));
        let end = end.ok_or_else(|| Error::new(ErrorKind::Limit, "store.batch_large"))?;
        self.write(start, &bytes)?;
        self.end.offset = end;
        self.next += frames.len() as u64;
        Ok(places)
    }

    fn write(&mut self, start: u32, bytes: &[u8]) -> Result<()> {
        let path = read::path(&self.folder, self.end.file);
        if let Err(cause) = self.disk.write(&path, u64::from(start), bytes) {
            // A full disk leaves a part behind. Cut away, the store is as before and can go on.
            let undone = self.disk.cut(&path, u64::from(start)).and_then(|()| self.disk.sync(&path));
            self.broken = undone.is_err();
            return Err(Error::from(cause).at(path));
        }
        self.disk.sync(&path).map_err(|cause| {
            self.broken = true;
            Error::from(cause).at(&path)
        })
    }

    fn begin_file(&mut self) -> Result<()> {
        let file = self.end.file + 1;
        let path = read::path(&self.folder, file);
        let at = |cause| Error::from(cause).at(&path);
        self.disk.write(&path, 0, &frame::file_head(self.store, file, self.next)).map_err(at)?;
        self.disk.sync(&path).map_err(at)?;
        self.disk.sync_folder(&self.folder).map_err(at)?;
        self.end = Place { file, offset: u32::try_from(FILE_HEAD).unwrap_or_default() };
        Ok(())
    }
}
