//! Looking at every byte of a store: what is damaged, and what is lost by it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    archive::{self, Place},
    backend::{Backend, Sled},
    block::Mark,
    column::{Chunk, DICTIONARY, HASHES, PLACES},
    entry::Entry,
    layers::{Layers, fingerprint},
    lock::{Holder, Lock},
    manifest::Manifest,
    open::{Settings, Store, archive_folder, new_backend, sled_folder},
    seal::Sealed,
    snapshot::{self, Snapshot},
};
use crate::{
    error::{Error, ErrorKind, Result},
    messages::Said,
    model::ReportKey,
};

/// A part of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The small file that says what must be there.
    Manifest,
    /// The system of record.
    Archive,
    /// The keyed layer.
    Keyed,
    /// The file that readers use.
    Snapshot,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where.
    pub part: Part,
    /// The file or folder.
    pub path: PathBuf,
    /// What, in a sentence.
    pub what: Said,
    /// Reports that cannot be read back from the archive because of it.
    pub lost: Vec<ReportKey>,
}

/// What a look at every byte gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Records of the archive that are whole.
    pub records: u64,
    /// Reports there are.
    pub reports: u64,
    /// What is damaged; empty for a sound store.
    pub damage: Vec<Damage>,
}

impl Store {
    /// Reads every byte of a store, checks every checksum, and compares the keyed layer and the snapshot with what
    /// the archive adds up to. Nothing is written, but the keyed layer's engine writes when it is opened, so the
    /// store must not have a writer; without the right to write, the keyed layer is left out.
    ///
    /// # Errors
    /// `NotAStore`, `Locked`, or `Io`; damage is no error here but what is reported.
    pub fn verify(path: &Path, holder: &Holder) -> Result<Verification> {
        let mut found = Verification::default();
        let manifest = match Manifest::read(path) {
            Ok(manifest) => manifest,
            Err(error) if error.kind() == ErrorKind::Damaged => {
                found.note(Part::Manifest, &Manifest::path(path), &error);
                return Ok(found);
            }
            Err(error) => return Err(error),
        };
        let lock = match Lock::take(path, holder, std::time::Duration::ZERO) {
            Err(error) if error.kind() == ErrorKind::Locked => return Err(error),
            other => other.ok(),
        };
        let walked = found.archive(path, &manifest);
        found.snapshot(path, &manifest, walked.as_ref());
        if lock.is_some() {
            found.keyed(path, &manifest, walked.as_ref());
        }
        Ok(found)
    }

    /// Makes the keyed layer and the snapshot anew from the archive. The old keyed layer is kept as `damaged-…`.
    ///
    /// Where records of the archive itself are damaged, the store is made anew from all that are whole, in the same
    /// order, and the old one is kept beside it as `NAME.damaged-…`; this needs `accept_loss`. Returns what was lost.
    ///
    /// # Errors
    /// `Damaged` when records are lost and that was not accepted, and as [`Store::open`].
    pub fn repair(path: &Path, settings: &Settings, accept_loss: bool, now: u64) -> Result<Vec<Damage>> {
        let before = Self::verify(path, &settings.holder)?;
        let lost: Vec<Damage> =
            before.damage.into_iter().filter(|damage| matches!(damage.part, Part::Archive | Part::Manifest)).collect();
        if let Some(first) = lost.first() {
            if !accept_loss {
                let lossy = Error::new(ErrorKind::Damaged, "store.repair_loses").with("what", first.what.clone());
                return Err(lossy.at(&first.path));
            }
            super::salvage::salvage(path, settings, now)?;
            return Ok(lost);
        }
        {
            let _lock = Lock::take(path, &settings.holder, settings.wait)?;
            drop(new_backend(path, now)?);
            let snapshot = snapshot::path(path);
            if snapshot.exists() {
                settings.disk.remove(&snapshot).map_err(|cause| Error::from(cause).at(snapshot))?;
            }
        }
        Self::open(path, settings, now)?.close()?;
        Ok(Vec::new())
    }
}

impl Verification {
    /// Whether nothing is damaged.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }

    fn note(&mut self, part: Part, path: &Path, error: &Error) {
        let path = error.path().unwrap_or(path).to_owned();
        self.damage.push(Damage { part, path, what: error.said(), lost: Vec::new() });
    }

    /// What the archive adds up to: the store itself, the measure of the other parts.
    fn archive(&mut self, path: &Path, manifest: &Manifest) -> Option<Layers> {
        let folder = archive_folder(path);
        let mut layers = Layers::default();
        let mut last = Place { file: 1, offset: 0 };
        let walked = archive::frames(&folder, manifest.store, last, 1, |frame| {
            last = frame.place;
            // Understood to the last field, not only as columns need it.
            if let Entry::Put(put) = Entry::of(&frame)? {
                crate::model::Report::try_from(put.report)?;
            }
            layers.apply(&frame)?;
            self.records += 1;
            if layers.fresh.len() > 16_384 { layers.settle() } else { Ok(()) }
        });
        let checked = walked.and_then(|stop| super::open::vouched(manifest, stop)).and_then(|()| layers.settle());
        match checked.and_then(|()| fingerprint(&layers.chunks)) {
            Ok((reports, _)) => {
                self.reports = reports;
                Some(layers)
            }
            Err(error) => {
                self.note(Part::Archive, &folder, &error);
                if let Some(damage) = self.damage.last_mut() {
                    damage.lost = lost(path, manifest);
                }
                None
            }
        }
    }

    fn snapshot(&mut self, path: &Path, manifest: &Manifest, archive: Option<&Layers>) {
        let file = snapshot::path(path);
        if !file.exists() {
            return;
        }
        let checked = snapshot::open(path).and_then(|Snapshot { table, chunks, bodies }| {
            if table.store != manifest.store {
                return Err(Error::new(ErrorKind::Damaged, "store.snapshot_foreign"));
            }
            read_all(&chunks)?;
            if let Some(bodies) = bodies {
                bodies.fits(&chunks)?;
            }
            if fingerprint(&chunks)? != (table.reports, table.hash) {
                return Err(Error::new(ErrorKind::Damaged, "store.snapshot_sum"));
            }
            // A snapshot may be older than the archive; only one of the same moment can be compared.
            if let Some(archive) = archive.filter(|_| table.sequence == manifest.sequence) {
                same(&archive.chunks, &chunks)?;
            }
            Ok(())
        });
        if let Err(error) = checked {
            self.note(Part::Snapshot, &file, &error);
        }
    }

    fn keyed(&mut self, path: &Path, manifest: &Manifest, archive: Option<&Layers>) {
        let folder = sled_folder(path);
        if manifest.sealed == 0 && !folder.exists() {
            return;
        }
        let checked = Sled::open(&folder).and_then(|sled| {
            let backend: &dyn Backend = &sled;
            let sealed = Sealed::read(backend)?.unwrap_or_default();
            if sealed.sequence < manifest.sealed {
                return Err(Error::new(ErrorKind::Damaged, "store.keyed_old"));
            }
            let layers = sealed.load(backend)?;
            super::inbox::check(backend)?;
            read_all(&layers.chunks)?;
            match archive {
                Some(archive) if sealed.sequence == manifest.sequence => same(&archive.chunks, &layers.chunks),
                _ => Ok(()),
            }
        });
        if let Err(error) = checked {
            self.note(Part::Keyed, &folder, &error);
        }
    }
}

/// Reads every segment of every chunk.
fn read_all(chunks: &[Arc<Chunk>]) -> Result<()> {
    let (mut marks, mut units) = (Vec::new(), Vec::new());
    for chunk in chunks {
        chunk.bodies()?;
        for entry in chunk.entries()?.iter().filter(|entry| entry.id.0 != DICTIONARY) {
            chunk.decode(entry.id, &mut marks, &mut units)?;
        }
    }
    Ok(())
}

/// Whether two lists of chunks say the same of every report, however they are cut.
fn same(a: &[Arc<Chunk>], b: &[Arc<Chunk>]) -> Result<()> {
    let differ = || Error::new(ErrorKind::Damaged, "store.layer_differs");
    if fingerprint(a)? != fingerprint(b)? || rows(a)? != rows(b)? {
        return Err(differ());
    }
    Ok(())
}

/// A number for every (slot, year) that depends on every cell and body, and not on the cut into chunks.
fn rows(chunks: &[Arc<Chunk>]) -> Result<std::collections::BTreeMap<(u32, u16), u64>> {
    let mut sums = std::collections::BTreeMap::new();
    let (mut marks, mut units) = (Vec::new(), Vec::new());
    for chunk in chunks {
        let bodies: Vec<u64> =
            chunk.bodies()?.iter().map(|body| u64::from(crc32fast::hash(body.id.as_str().as_bytes()))).collect();
        for entry in chunk.entries()?.iter().filter(|entry| !matches!(entry.id.0, DICTIONARY | PLACES | HASHES)) {
            chunk.decode(entry.id, &mut marks, &mut units)?;
            let sum = sums.entry(entry.id).or_insert(0u64);
            for ((&mark, &units), &body) in marks.iter().zip(&units).zip(&bodies) {
                if !matches!(mark, Mark::NoReport | Mark::NotInTemplate) {
                    let cell = (units.cast_unsigned() ^ (body << 24)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    *sum = sum.wrapping_add((cell ^ (mark as u64)).wrapping_mul(0xff51_afd7_ed55_8ccd));
                }
            }
        }
    }
    sums.retain(|_, sum| *sum != 0);
    Ok(sums)
}

/// Reports whose record cannot be read, as far as the snapshot remembers where they stand.
fn lost(path: &Path, manifest: &Manifest) -> Vec<ReportKey> {
    let Ok(Snapshot { table, chunks, .. }) = snapshot::open(path) else { return Vec::new() };
    if table.store != manifest.store {
        return Vec::new();
    }
    let mut bad: BTreeSet<i64> = BTreeSet::new();
    let mut good: BTreeSet<i64> = BTreeSet::new();
    let mut lost = Vec::new();
    for chunk in &chunks {
        for year in chunk.years().unwrap_or_default() {
            let places = chunk.numbers((PLACES, year.number())).ok().flatten().unwrap_or_default();
            let Ok(bodies) = chunk.bodies() else { continue };
            for (body, packed) in bodies.iter().zip(places) {
                let Some(packed) = packed else { continue };
                if !good.contains(&packed) && !bad.contains(&packed) {
                    let read =
                        Place::unpack(packed).is_some_and(|place| archive::read(&archive_folder(path), place).is_ok());
                    if read {
                        good.insert(packed)
                    } else {
                        bad.insert(packed)
                    };
                }
                if bad.contains(&packed) {
                    lost.push(ReportKey { body: body.id.clone(), year });
                }
            }
        }
    }
    lost.sort_unstable();
    lost
}
