//! A store whose archive is damaged, made anew from every record that is whole.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    archive::{self, Kind},
    codec::{self, FRAME},
    column::Fresh,
    entry::Entry,
    lock::Lock,
    open::{Settings, Store, Writer, archive_folder},
};
use crate::{
    error::{Error, Result},
    model::{Body, Report, ReportKey, Year},
};

/// Puts the whole records of a damaged store into a new one and swaps the two; the old one is kept.
///
/// # Errors
/// `Io` when the new store cannot be written; the old one is then still in its place.
pub fn salvage(path: &Path, settings: &Settings, now: u64) -> Result<()> {
    let lock = Lock::take(path, &settings.holder, settings.wait)?;
    let beside = |what: &str| -> PathBuf {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{what}-{now}"));
        path.with_file_name(name)
    };
    let (new, kept) = (beside("repaired"), beside("damaged"));
    let store = Store::create(&new, settings, now)?;
    for frame in archive::salvage(&archive_folder(path))? {
        // A record that is whole but cannot be understood is lost like a damaged one.
        if let Ok(entry) = Entry::of(&frame) {
            store.write(|writer| writer.again(entry, frame.time))?;
        }
    }
    store.close()?;
    let rename = |from: &Path, to: &Path| fs::rename(from, to).map_err(|cause| Error::from(cause).at(from));
    rename(path, &kept)?;
    rename(&new, path)?;
    drop(lock);
    Ok(())
}

impl Writer {
    /// Writes a record of another archive into this one, with the places of this one.
    fn again(&mut self, entry: Entry, time: u64) -> Result<()> {
        let first = self.archive.sequence() + 1;
        match entry {
            Entry::Put(mut put) => {
                let report = Report::try_from(put.report.clone())?;
                let key = report.key();
                put.previous = self.layers.known(&key)?.map_or(0, |known| known.place);
                put.batch = first;
                let frame = (Kind::Report, codec::encode(1, &put, FRAME)?);
                self.commit(&[frame], vec![(key, Fresh::of(&report, 0))], time)
            }
            Entry::Removal(mut removal) => {
                let body = Body::try_from(removal.body.clone())?;
                let Some(year) = Year::new(removal.year) else { return Ok(()) };
                let key = ReportKey { body: body.id.clone(), year };
                let Some(known) = self.layers.known(&key)? else { return Ok(()) };
                (removal.previous, removal.batch) = (known.place, first);
                let fresh = Fresh::removal(body, removal.year, 0);
                let frame = (Kind::Removal, codec::encode(1, &removal, FRAME)?);
                self.commit(&[frame], vec![(key, fresh)], time)
            }
            Entry::Block(block) => {
                let origin = block.origin.clone();
                let chunk = block.chunk(archive::Place::default())?;
                self.lay(vec![chunk], &origin, time)
            }
            Entry::Verdict(verdict) => {
                self.commit(&[(Kind::Verdict, codec::encode(1, &verdict, FRAME)?)], Vec::new(), time)?;
                self.layers.verdicts.push(verdict);
                Ok(())
            }
        }
    }
}
