//! The file layer of everything a store writes itself (sled writes its own files).
//!
//! A seam with two sides: [`Files`] is the operating system; tests put a layer in between that
//! records every call for power-loss images or lets the k-th call fail.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// What a store does to files beside reading them.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Writes all bytes at an offset. A write at the beginning creates the file if need be; further on it must be there:
    /// a file that somebody took away is not begun anew in its middle.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes the contents of a file durable.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Cuts a file.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn cut(&self, path: &Path, length: u64) -> io::Result<()>;
    /// Renames, replacing what is there.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Creates a folder with those above it.
    ///
    /// # Errors
    /// When the operating system refuses.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
}

/// The operating system's files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files;

impl Disk for Files {
    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create(offset == 0).truncate(false).open(path)?;
        write_at(&file, offset, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Windows has no such call; its file system orders names by itself.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.set_len(length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }
}

/// Reads exactly `buffer.len()` bytes at an offset, without moving a shared position.
///
/// # Errors
/// When the file ends before, or the operating system refuses.
pub fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
    }
    #[cfg(not(unix))]
    {
        use io::{Read, Seek};
        let mut file = file.try_clone()?;
        file.seek(io::SeekFrom::Start(offset))?;
        file.read_exact(buffer)
    }
}

fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
    }
    #[cfg(not(unix))]
    {
        use io::{Seek, Write};
        let mut file = file.try_clone()?;
        file.seek(io::SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }
}
