//! A file that is written beside its place and put there when it is whole: what was there before stays until then.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use gongkai::{Error, Result};

/// A file on its way. Dropped before [`Draft::finish`], it leaves nothing behind and nothing changed.
pub struct Draft {
    named: PathBuf,
    place: PathBuf,
    /// Nothing where the place is a pipe or a device, which is written into as it is.
    beside: Option<PathBuf>,
}

impl Draft {
    /// Begins a file that is to stand at `path`.
    pub fn at(path: &Path) -> Result<(Self, File)> {
        // A link stays a link: what it leads to is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let there = fs::metadata(&place).ok();
        let beside = there.as_ref().is_none_or(fs::Metadata::is_file).then(|| beside(&place));
        let made = match &beside {
            Some(beside) => File::create_new(beside),
            None => File::create(&place),
        };
        let file = made.map_err(|cause| Error::from(cause).at(path))?;
        if let (Some(there), Some(_)) = (there, &beside) {
            file.set_permissions(there.permissions()).map_err(|cause| Error::from(cause).at(path))?;
        }
        Ok((Self { named: path.to_owned(), place, beside }, file))
    }

    /// Writes a whole file.
    pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
        let (draft, mut file) = Self::at(path)?;
        std::io::Write::write_all(&mut file, bytes).map_err(|cause| Error::from(cause).at(path))?;
        draft.finish()
    }

    /// The file as the caller named it.
    pub fn named(&self) -> &Path {
        &self.named
    }

    /// Where the bytes go until then.
    pub fn path(&self) -> &Path {
        self.beside.as_deref().unwrap_or(&self.place)
    }

    /// Whether it is a file that others can stand beside, and no pipe.
    pub fn is_file(&self) -> bool {
        self.beside.is_some()
    }

    /// Puts the file in its place, durably.
    pub fn finish(mut self) -> Result<()> {
        let Some(beside) = &self.beside else { return Ok(()) };
        let put = File::open(beside).and_then(|file| file.sync_all()).and_then(|()| fs::rename(beside, &self.place));
        put.map_err(|cause| Error::from(cause).at(&self.named))?;
        self.beside = None;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            // Nothing to be done about a file that cannot be removed either.
            let _ = fs::remove_file(beside);
        }
    }
}

/// A name in the same folder that no other draft has.
fn beside(place: &Path) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    place.with_file_name(format!(".gongkai-{}-{next}.part", std::process::id()))
}
