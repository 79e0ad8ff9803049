//! Sealing: what was put becomes columns of the keyed layer, then a published snapshot.
//!
//! Chunks are never changed in place. New ones get new numbers, one small record then names the chunks that count,
//! and only afterwards the old ones go: a seal can be cut off anywhere and done again.

use std::{collections::BTreeMap, path::Path, sync::Arc, thread};

use serde::{Deserialize, Serialize};

use super::{
    archive::Place,
    backend::{Backend, Change, Tree, everything},
    bundle::{self, Gathered},
    codec::{self, VALUE},
    column::{Chunk, Entry, Segment},
    entry::VerdictV1,
    key,
    layers::{Layers, fingerprint},
    open::Writer,
    snapshot::{self, TableV1},
};
use crate::error::{Error, ErrorKind, Result};

/// Name of the record that says which chunks count.
const SEALED: &[u8] = b"sealed";
/// Name of the record that says which frame the inbox has come to.
const APPLIED: &[u8] = b"applied";
/// Names of the verdicts begin so.
const VERDICT: &[u8] = b"verdict/";
/// Keys written at once.
const BATCH: usize = 256;

/// What the keyed layer holds, version 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Last record of the archive in the columns.
    pub sequence: u64,
    file: u32,
    offset: u32,
    /// Time of that record.
    pub time: u64,
    /// Reports.
    pub reports: u64,
    /// Fingerprint of the reports.
    pub hash: u64,
    /// Numbers of the chunks that count, in path order.
    chunks: Vec<u32>,
    /// Highest number ever given to a chunk.
    last: u32,
    /// How many verdicts there are.
    verdicts: u32,
}

impl Sealed {
    /// The record in the keyed layer, where there is one.
    ///
    /// # Errors
    /// `Damaged` when it is not whole.
    pub fn read(backend: &dyn Backend) -> Result<Option<Self>> {
        backend.get(Tree::Meta, SEALED)?.map(|bytes| codec::decode(1, &bytes, VALUE)).transpose()
    }

    /// Place and sequence of the first frame after it.
    pub fn end(&self) -> (Place, u64) {
        (Place { file: self.file.max(1), offset: self.offset }, self.sequence + 1)
    }

    /// The sealed chunks: from the snapshot where it shows the same record, else from the keyed layer.
    ///
    /// # Errors
    /// `Damaged` when the columns are not those that were sealed.
    pub fn layers(&self, backend: &dyn Backend, folder: &Path, store: [u8; 16]) -> Result<Layers> {
        if let Ok(snapshot) = snapshot::open(folder) {
            let (table, chunks) = (&snapshot.table, &snapshot.chunks);
            let same = table.store == store && table.sequence == self.sequence;
            if same && chunks.iter().map(|chunk| chunk.id).eq(self.chunks.iter().copied()) && self.fits(chunks).is_ok()
            {
                return Ok(snapshot.layers());
            }
        }
        self.load(backend)
    }

    /// The sealed chunks from the keyed layer, every segment checked.
    ///
    /// # Errors
    /// `Damaged` when the columns are not those that were sealed.
    pub fn load(&self, backend: &dyn Backend) -> Result<Layers> {
        let mut found: BTreeMap<u32, Gathered> = self.chunks.iter().map(|&id| (id, Gathered::default())).collect();
        for pair in backend.scan(Tree::Columns, everything()) {
            let (key, value) = pair?;
            let piece = key::read_piece(&key)?;
            // What a seal that was cut off left behind may lack anything.
            if let Some(gathered) = found.get_mut(&piece.chunk) {
                gathered.add(piece, value)?;
            }
        }
        let mut chunks = Vec::with_capacity(self.chunks.len());
        for &id in &self.chunks {
            let segments = found.remove(&id).unwrap_or_default().segments()?;
            chunks.push(Arc::new(Chunk::in_memory(id, segments)?));
        }
        self.fits(&chunks)?;
        let mut verdicts = Vec::new();
        for number in 0..self.verdicts {
            let bytes = backend.get(Tree::Meta, &verdict_key(number))?;
            let bytes = bytes.ok_or_else(|| Error::new(ErrorKind::Damaged, "store.verdict_missing"))?;
            verdicts.push(codec::decode(1, &bytes, VALUE)?);
        }
        Ok(Layers { chunks, verdicts, ..Layers::default() })
    }

    /// What a snapshot of it says about itself, but for the chunks.
    fn table(&self, store: [u8; 16], verdicts: Vec<VerdictV1>) -> TableV1 {
        TableV1 {
            store,
            sequence: self.sequence,
            file: self.file,
            offset: self.offset,
            time: self.time,
            reports: self.reports,
            hash: self.hash,
            chunks: Vec::new(),
            verdicts,
        }
    }

    fn fits(&self, chunks: &[Arc<Chunk>]) -> Result<()> {
        if fingerprint(chunks)? == (self.reports, self.hash) {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::Damaged, "store.columns_other"))
        }
    }

    /// Removes what an interrupted seal left behind.
    ///
    /// # Errors
    /// `Io` or `Damaged` when the keyed layer cannot be read or written.
    pub fn sweep(&self, backend: &dyn Backend) -> Result<()> {
        let mut dead = Vec::new();
        for pair in backend.scan(Tree::Columns, everything()) {
            let (key, _) = pair?;
            if !self.chunks.contains(&key::read_piece(&key)?.chunk) {
                dead.push((key, None));
            }
        }
        write(backend, Tree::Columns, dead)
    }
}

impl Writer {
    /// Turns everything put so far into columns, makes it durable and publishes a snapshot of it.
    ///
    /// # Errors
    /// `Io` when the operating system refuses; the store then stays as it was, and the next seal does it again.
    pub fn seal(&mut self) -> Result<()> {
        let mut chunks = self.layers.folded()?;
        // A number is never given twice, not even after the keyed layer was begun anew.
        let mut last = chunks.iter().map(|chunk| chunk.id).max().unwrap_or(0).max(self.sealed.last);
        for chunk in chunks.iter_mut().filter(|chunk| chunk.id == 0) {
            last += 1;
            // A chunk may be shared with a view that shows it already; its columns are shared with the copy.
            if let Some(own) = Arc::get_mut(chunk) {
                own.id = last;
            } else {
                *chunk = Arc::new(Chunk::in_memory(last, segments_of(chunk)?)?);
            }
        }
        let (reports, hash) = fingerprint(&chunks)?;
        let end = self.archive.end();
        let sealed = Sealed {
            sequence: self.archive.sequence(),
            file: end.file,
            offset: end.offset,
            time: self.archive.time(),
            reports,
            hash,
            chunks: chunks.iter().map(|chunk| chunk.id).collect(),
            last,
            verdicts: u32::try_from(self.layers.verdicts.len()).unwrap_or(u32::MAX),
        };
        // Both wait for the disk, and neither for the other.
        let drafted = thread::scope(|scope| {
            let table = sealed.table(self.manifest.store, self.layers.verdicts.clone());
            let draft = || snapshot::draft(&self.settings.disk, &self.folder, table, &chunks);
            let draft = scope.spawn(draft);
            let kept = self.keep(&sealed, &chunks);
            let drafted = draft.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Io, "store.thread")));
            kept.map(|()| drafted)
        })?;

        let old = std::mem::replace(&mut self.sealed, sealed);
        self.layers.chunks = chunks;
        self.layers.bodies = None;
        self.layers.fresh.clear();
        self.manifest.sealed = self.sealed.sequence;
        (self.manifest.reports, self.manifest.hash) = (reports, hash);
        self.note_progress(false, true)?;
        drafted?;
        self.publish()?;
        self.clear(&old)?;
        (self.behind, self.changed) = (false, false);
        Ok(())
    }

    /// Brings chunks that are not sealed yet into the keyed layer, and with them what says that they count.
    fn keep(&self, sealed: &Sealed, chunks: &[Arc<Chunk>]) -> Result<()> {
        let backend = self.backend()?;
        put_chunks(backend, chunks.iter().filter(|chunk| !self.sealed.chunks.contains(&chunk.id)))?;
        let verdicts = self.layers.verdicts.iter().zip(0..).skip(usize::try_from(self.sealed.verdicts).unwrap_or(0));
        let verdicts = verdicts.map(|(verdict, at)| Ok((verdict_key(at), Some(codec::encode(1, verdict, VALUE)?))));
        write(backend, Tree::Meta, verdicts.collect::<Result<_>>()?)?;
        write(backend, Tree::Meta, vec![(SEALED.to_vec(), Some(codec::encode(1, sealed, VALUE)?))])?;
        backend.flush()
    }

    /// Publishes the draft of the sealed columns and reads them from there on, so that they need no memory.
    ///
    /// # Errors
    /// `Io` when the operating system refuses; readers then go on with the old snapshot and the archive.
    fn publish(&mut self) -> Result<()> {
        snapshot::publish(&self.settings.disk, &self.folder)?;
        let snapshot = snapshot::open(&self.folder)?;
        if snapshot.table.sequence == self.sealed.sequence {
            (self.layers.chunks, self.layers.bodies) = (snapshot.chunks, snapshot.bodies);
        }
        self.view = None;
        Ok(())
    }

    /// Removes sealed readings from the inbox, and chunks that no longer count.
    fn clear(&self, old: &Sealed) -> Result<()> {
        let backend = self.backend()?;
        for tree in [Tree::Inbox, Tree::Reports] {
            let dead = backend.scan(tree, everything()).map(|pair| Ok((pair?.0, None)));
            write(backend, tree, dead.collect::<Result<_>>()?)?;
        }
        if old.chunks.iter().any(|id| !self.sealed.chunks.contains(id)) {
            self.sealed.sweep(backend)?;
        }
        self.applied()
    }

    /// Brings the inbox to what the archive says, after an open or a failed write.
    ///
    /// # Errors
    /// `Io` when the operating system refuses.
    pub fn catch_up(&mut self) -> Result<()> {
        let backend = self.backend()?;
        let applied = backend.get(Tree::Meta, APPLIED)?;
        let applied = applied.map(|bytes| codec::decode::<u64>(1, &bytes, VALUE)).transpose()?;
        // After a crash the inbox may lack what its own record says it has: then it is filled again.
        if self.manifest.clean && applied == Some(self.archive.sequence()) {
            return Ok(());
        }
        if self.layers.fresh.len() > self.settings.seal_after || self.layers.chunks.iter().any(|chunk| chunk.id == 0) {
            return self.seal();
        }
        for tree in [Tree::Inbox, Tree::Reports] {
            let dead = backend.scan(tree, everything()).map(|pair| Ok((pair?.0, None)));
            write(backend, tree, dead.collect::<Result<_>>()?)?;
        }
        for (key, fresh) in &self.layers.fresh {
            super::inbox::put(backend, key, fresh, None)?;
        }
        self.applied()
    }

    /// Notes in the keyed layer which frame the inbox has come to.
    ///
    /// # Errors
    /// `Io` when the operating system refuses.
    pub fn applied(&self) -> Result<()> {
        let value = codec::encode(1, &self.archive.sequence(), VALUE)?;
        self.backend()?.put_batch(Tree::Meta, vec![(APPLIED.to_vec(), Some(value))])
    }
}

fn segments_of(chunk: &Chunk) -> Result<Vec<Segment>> {
    chunk.entries()?.iter().map(|entry: &Entry| Ok((entry.id, chunk.read(entry)?))).collect()
}

/// Writes chunks in the order of keys, which takes the engine less room and time.
fn put_chunks<'a>(backend: &dyn Backend, chunks: impl Iterator<Item = &'a Arc<Chunk>>) -> Result<()> {
    let mut chunks: Vec<_> = chunks.collect();
    chunks.sort_by_key(|chunk| chunk.id);
    for chunk in chunks {
        let bundles = bundle::pack(chunk)?.into_iter().zip(0..);
        let changes = bundles.map(|(bundle, number)| (key::bundle(chunk.id, number).to_vec(), Some(bundle)));
        write(backend, Tree::Columns, changes.collect())?;
    }
    Ok(())
}

fn verdict_key(number: u32) -> Vec<u8> {
    let mut key = VERDICT.to_vec();
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// Writes changes in batches, in key order as they come.
fn write(backend: &dyn Backend, tree: Tree, changes: Vec<Change>) -> Result<()> {
    let mut changes = changes.into_iter().peekable();
    while changes.peek().is_some() {
        backend.put_batch(tree, changes.by_ref().take(BATCH).collect())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{backend::Memory, block::Mark, column::Fresh, column::build};

    fn chunk(id: u32) -> Arc<Chunk> {
        let body = crate::model::Body {
            id: "110101".parse().unwrap(),
            name: String::new(),
            kind: crate::model::BodyKind::Government,
        };
        let cells = vec![(300, Mark::Count, 5), (301, Mark::Blank, 0), (302, Mark::Count, 70_000)];
        let fresh = Fresh { body, year: 2024, form: 1, place: 40, hash: 9, cells };
        let mut chunk = build([fresh]).unwrap().remove(0);
        chunk.id = id;
        Arc::new(chunk)
    }

    fn sealed(chunks: &[Arc<Chunk>]) -> Sealed {
        let (reports, hash) = fingerprint(chunks).unwrap();
        Sealed { reports, hash, chunks: chunks.iter().map(|chunk| chunk.id).collect(), ..Sealed::default() }
    }

    #[test]
    fn columns_of_format_1_are_read() {
        let (backend, chunk) = (Memory::default(), chunk(4));
        let segments = segments_of(&chunk).unwrap();
        let keyed = segments.iter().map(|(id, bytes)| (key::segment(id.0, id.1, 4).to_vec(), Some(bytes.to_vec())));
        backend.put_batch(Tree::Columns, keyed.collect()).unwrap();
        let found = sealed(&[chunk]).load(&backend).unwrap();
        assert_eq!(segments_of(&found.chunks[0]).unwrap(), segments);
    }

    #[test]
    fn what_a_seal_left_behind_is_not_read_and_is_swept() {
        let (backend, chunk) = (Memory::default(), chunk(4));
        put_chunks(&backend, [&chunk].into_iter()).unwrap();
        let debris =
            vec![(key::bundle(5, 3).to_vec(), Some(vec![1])), (key::segment(7, 2024, 6).to_vec(), Some(vec![2]))];
        backend.put_batch(Tree::Columns, debris).unwrap();
        let sealed = sealed(&[chunk]);
        assert_eq!(sealed.load(&backend).unwrap().chunks.len(), 1);
        sealed.sweep(&backend).unwrap();
        assert_eq!(backend.len(Tree::Columns).unwrap(), 1);
    }
}
