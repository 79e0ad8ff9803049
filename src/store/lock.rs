//! One writer at a time, and a second one is told who it is. Readers take no lock.

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    thread,
    time::Duration,
};

use crate::error::{Error, ErrorKind, Result};

/// Who opens a store for writing; shown to whoever finds it locked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Name of the program.
    pub program: String,
    /// Number of the process.
    pub pid: u32,
    /// Since when, as a person reads it.
    pub since: String,
}

/// The lock of a store, held until dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a process that is just being started holds a copy of every open file for a moment,
        // and with it the lock.
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock, waiting at most `wait` for another writer to finish.
    ///
    /// # Errors
    /// `Locked` naming the holder; `Io` when the lock file cannot be written (a read-only folder, say).
    pub fn take(folder: &Path, holder: &Holder, wait: Duration) -> Result<Self> {
        const STEP: Duration = Duration::from_millis(20);
        let path = folder.join("lock");
        let at = |cause| Error::from(cause).at(&path);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(at)?;
        let mut left = wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(cause)) => return Err(at(cause)),
                Err(TryLockError::WouldBlock) if left.is_zero() => return Err(refused(folder, &mut file)),
                Err(TryLockError::WouldBlock) => {
                    let step = left.min(STEP);
                    thread::sleep(step);
                    left -= step;
                }
            }
        }
        file.set_len(0).map_err(at)?;
        write!(file, "{holder}").map_err(at)?;
        Ok(Self { file })
    }
}

fn refused(folder: &Path, file: &mut File) -> Error {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
    let locked = |key: &'static str| Error::new(ErrorKind::Locked, key);
    let error = match read.ok().and_then(|_| Holder::read(&text)) {
        None => locked("store.locked"),
        Some(holder) => {
            let key = if holder.since.is_empty() { "store.locked_by" } else { "store.locked_since" };
            locked(key).with("program", holder.program).with("pid", holder.pid).with("since", holder.since)
        }
    };
    error.at(folder)
}

impl Holder {
    /// The holder that a lock file names, as it was written by `Display`.
    fn read(text: &str) -> Option<Self> {
        let (program, rest) = text.strip_suffix(')')?.rsplit_once(" (process ")?;
        let (pid, since) = rest.split_once(", since ").unwrap_or((rest, ""));
        Some(Self { program: program.to_owned(), pid: pid.parse().ok()?, since: since.to_owned() })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (process {}", self.program, self.pid)?;
        if !self.since.is_empty() {
            write!(f, ", since {}", self.since)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_given_back_although_a_copy_of_the_file_is_still_open() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path(), &Holder::default(), Duration::ZERO).unwrap();
        // What a process has that was begun while the lock was held.
        let copy = lock.file.try_clone().unwrap();
        drop(lock);
        Lock::take(folder.path(), &Holder::default(), Duration::ZERO).unwrap();
        drop(copy);
    }

    #[test]
    fn a_holder_is_read_as_it_was_written() {
        for (program, since) in [("gongkai", "09:00:00 UTC"), ("甲 (process 1)", ""), ("", "09:00")] {
            let holder = Holder { program: program.to_owned(), pid: 4_711, since: since.to_owned() };
            assert_eq!(Holder::read(&holder.to_string()), Some(holder));
        }
        assert_eq!(Holder::read("half (process 4"), None);
    }
}
