//! The published snapshot: one derived file that readers use instead of the keyed layer, without a lock.
//!
//! ```text
//! magic 8 · per chunk: segments, then a directory (38 bytes an entry, CRC-32) · ranks and words of all bodies · table ·
//! table offset 8 · table length 4 · magic 8
//! ```

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Serialize};

use super::{
    archive::Place,
    bodies::{self, Ranks, Words},
    bytes::Reader,
    codec::{self, FRAME},
    column::{Chunk, ColumnId, Entry, Segments},
    disk::{self, Disk},
    layers::Layers,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::Year,
};

const MAGIC: [u8; 8] = *b"\x89GKsnap1";
const END: [u8; 8] = *b"GKsnapE1";
const ENTRY: usize = 38;
const TAIL: u64 = 20;

/// What a snapshot says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableV1 {
    /// Random name of the store.
    pub store: [u8; 16],
    /// Last record of the archive that is in it.
    pub sequence: u64,
    /// File of the archive in which that record ends.
    pub file: u32,
    /// Where it ends.
    pub offset: u32,
    /// Time of that record.
    pub time: u64,
    /// Reports.
    pub reports: u64,
    /// Fingerprint of the reports.
    pub hash: u64,
    /// Chunks in path order.
    pub chunks: Vec<ChunkV1>,
    /// Verdicts so far, oldest first.
    pub verdicts: Vec<super::entry::VerdictV1>,
}

/// Where a chunk stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkV1 {
    id: u32,
    first: String,
    bodies: u16,
    directory: u64,
    entries: u32,
    /// Reports by year.
    reports: Vec<(u16, u16)>,
}

/// A table with what is known of all bodies; the first version has the chunks only.
#[derive(Serialize, Deserialize)]
struct TableV2 {
    first: TableV1,
    bodies: BodiesV1,
}

/// Where what is known of all bodies stands: ranks, words and numbers of words, one after another.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct BodiesV1 {
    /// Fingerprint of the dictionaries that it follows from.
    of: [u8; 32],
    offset: u64,
    lengths: [u32; 3],
    checks: [u32; 3],
}

impl TableV1 {
    /// The place in the archive after its last record.
    #[must_use]
    pub fn end(&self) -> Place {
        Place { file: self.file, offset: self.offset }
    }
}

/// The path of the snapshot in a store's folder.
#[must_use]
pub fn path(folder: &Path) -> PathBuf {
    folder.join("snapshot")
}

fn drafted(folder: &Path) -> PathBuf {
    folder.join("snapshot.new")
}

/// Writes a snapshot beside the one that is there, and makes it durable. `table` gives everything but the chunks.
///
/// # Errors
/// When a chunk cannot be read or the operating system refuses.
pub fn draft(disk: &Arc<dyn Disk>, folder: &Path, mut table: TableV1, chunks: &[Arc<Chunk>]) -> Result<()> {
    let new = drafted(folder);
    let at = |cause| Error::from(cause).at(&new);
    if new.exists() {
        disk.remove(&new).map_err(at)?;
    }
    let mut out = Writer { disk, path: &new, offset: 0, buffer: MAGIC.to_vec() };
    table.chunks.clear();
    for chunk in chunks {
        let mut directory = Vec::new();
        let mut entries = 0;
        for entry in chunk.entries()? {
            let bytes = chunk.read(entry)?;
            put_entry(&mut directory, entry, out.position());
            out.put(&bytes)?;
            entries += 1;
        }
        let sum = crc32fast::hash(&directory).to_be_bytes();
        let place = out.position();
        out.put(&directory)?;
        out.put(&sum)?;
        let bodies = u16::try_from(chunk.len).unwrap_or(u16::MAX);
        let reports = chunk.reports()?.into_iter();
        let reports = reports.map(|(year, count)| (year.number(), u16::try_from(count).unwrap_or(u16::MAX))).collect();
        let first = chunk.first.clone();
        table.chunks.push(ChunkV1 { id: chunk.id, first, bodies, directory: place, entries, reports });
    }
    let bodies = put_bodies(&mut out, folder, chunks)?;
    let bytes = codec::encode(2, &TableV2 { first: table, bodies }, FRAME)?;
    let place = out.position();
    out.put(&bytes)?;
    out.put(&place.to_be_bytes())?;
    out.put(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes())?;
    out.put(&END)?;
    out.flush()?;
    disk.sync(&new).map_err(at)
}

/// Puts what was drafted in the place of the old snapshot in one step. Readers of the old one keep it.
///
/// # Errors
/// When the operating system refuses; the old snapshot is then still in place.
pub fn publish(disk: &Arc<dyn Disk>, folder: &Path) -> Result<()> {
    let new = drafted(folder);
    disk.rename(&new, &path(folder)).map_err(|cause| Error::from(cause).at(&new))?;
    disk.sync_folder(folder).map_err(|cause| Error::from(cause).at(folder))
}

/// Writes what is known of all bodies; what the old snapshot says of the same bodies is taken over.
fn put_bodies(out: &mut Writer, folder: &Path, chunks: &[Arc<Chunk>]) -> Result<BodiesV1> {
    let of = bodies::fingerprint(chunks)?;
    let old = open(folder).ok().and_then(|old| old.bodies).filter(|old| old.place.of == of);
    let parts = match old.and_then(|old| old.parts().ok()) {
        Some(parts) => parts,
        None => parts(chunks)?,
    };
    let offset = out.position();
    for part in &parts {
        out.put(part)?;
    }
    let lengths = parts.each_ref().map(|part| u32::try_from(part.len()).unwrap_or(u32::MAX));
    Ok(BodiesV1 { of, offset, lengths, checks: parts.each_ref().map(|part| crc32fast::hash(part)) })
}

/// The bytes of ranks, words and numbers of words.
fn parts(chunks: &[Arc<Chunk>]) -> Result<[Vec<u8>; 3]> {
    let words = bodies::words(chunks)?;
    let (words, numbers) = words.bytes();
    Ok([bodies::write_ranks(&bodies::ranks(chunks)?)?, words.to_vec(), numbers.to_vec()])
}

/// The bytes of a snapshot with these pieces, its checksums made right.
#[cfg(any(test, feature = "fuzzing"))]
pub fn sealed(segments: &[u8], directory: &[u8], table: &[u8]) -> Vec<u8> {
    let mut bytes = [&MAGIC, segments, directory, &crc32fast::hash(directory).to_be_bytes()].concat();
    let place = bytes.len() as u64;
    let table = codec::sealed(1, table);
    bytes.extend_from_slice(&table);
    bytes.extend_from_slice(&place.to_be_bytes());
    bytes.extend_from_slice(&u32::try_from(table.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(&END);
    bytes
}

struct Writer<'a> {
    disk: &'a Arc<dyn Disk>,
    path: &'a Path,
    offset: u64,
    buffer: Vec<u8>,
}

impl Writer<'_> {
    fn position(&self) -> u64 {
        self.offset + self.buffer.len() as u64
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() > 1 << 20 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        self.disk.write(self.path, self.offset, &self.buffer).map_err(|cause| Error::from(cause).at(self.path))?;
        self.offset += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

fn put_entry(out: &mut Vec<u8>, entry: &Entry, offset: u64) {
    out.extend_from_slice(&entry.id.0.to_be_bytes());
    out.extend_from_slice(&entry.id.1.to_be_bytes());
    // Offsets have 40 bits, lengths 24: a segment is at most some 100 KiB.
    let place = (offset << 24) | u64::from(entry.length);
    out.extend_from_slice(&place.to_be_bytes());
    out.extend_from_slice(&entry.check.to_be_bytes());
    for count in entry.counts {
        out.extend_from_slice(&count.to_be_bytes());
    }
    // An inexact sum is marked as in the segment itself.
    out.extend_from_slice(&entry.sum.unwrap_or(i64::MAX).to_be_bytes());
    out.extend_from_slice(&[0, 0]);
}

fn entry(bytes: &[u8]) -> Result<Entry> {
    let mut bytes = Reader(bytes);
    let id = (bytes.u32()?, bytes.u16()?);
    let (place, check) = (bytes.u64()?, bytes.u32()?);
    let mut count = || bytes.u16();
    let counts = [count()?, count()?, count()?, count()?, count()?];
    let sum = bytes.u64()?.cast_signed();
    Ok(Entry {
        id,
        offset: place >> 24,
        length: u32::try_from(place & 0xff_ffff).unwrap_or(0),
        check,
        counts,
        sum: Some(sum).filter(|&sum| sum != i64::MAX),
    })
}

/// An open snapshot.
#[derive(Debug)]
pub struct Snapshot {
    /// What it says about itself.
    pub table: TableV1,
    /// Its chunks, in path order.
    pub chunks: Vec<Arc<Chunk>>,
    /// What it has ready of all bodies; nothing in one written before there was such a thing.
    pub bodies: Option<Arc<Bodies>>,
}

impl Snapshot {
    /// The layers that it is the ground of.
    #[must_use]
    pub fn layers(self) -> Layers {
        let Self { table, chunks, bodies } = self;
        Layers { chunks, bodies, verdicts: table.verdicts, ..Layers::default() }
    }
}

/// Opens the published snapshot.
///
/// # Errors
/// `Io` when there is none, `Damaged` when it is not whole, `Format` when it is of a newer version.
pub fn open(folder: &Path) -> Result<Snapshot> {
    let path = path(folder);
    let file = File::open(&path).map_err(|cause| Error::from(cause).at(&path))?;
    let (table, place) = read_table(&file).map_err(|error| error.at(&path))?;
    let file = Arc::new(file);
    let chunk = |chunk: &ChunkV1| {
        let segments = InFile {
            file: file.clone(),
            path: path.clone(),
            directory: chunk.directory,
            count: chunk.entries,
            raw: OnceLock::new(),
            entries: OnceLock::new(),
        };
        let reports = chunk.reports.iter().filter_map(|&(year, count)| Some((Year::new(year)?, count.into())));
        let whole = Chunk::new(chunk.id, chunk.first.clone(), usize::from(chunk.bodies), Box::new(segments));
        Arc::new(whole.with_reports(reports.collect()))
    };
    let chunks = table.chunks.iter().map(chunk).collect();
    let bodies = place.map(|place| Arc::new(Bodies { file: file.clone(), path: path.clone(), place }));
    Ok(Snapshot { table, chunks, bodies })
}

fn read_table(file: &File) -> Result<(TableV1, Option<BodiesV1>)> {
    let damaged = || Error::new(ErrorKind::Damaged, "store.snapshot_cut");
    let length = file.metadata()?.len();
    let tail_at = length.checked_sub(TAIL).ok_or_else(damaged)?;
    let mut magic = [0; 8];
    read(file, 0, &mut magic)?;
    let mut tail = [0; 20];
    read(file, tail_at, &mut tail)?;
    let mut tail = Reader(&tail);
    let (place, size, end) = (tail.u64()?, tail.u32()?, tail.take()?);
    if magic != MAGIC || end != END || place.checked_add(size.into()) != Some(tail_at) {
        return Err(damaged());
    }
    let mut bytes = vec![0; usize::try_from(size).map_err(|_| damaged())?];
    read(file, place, &mut bytes)?;
    match codec::open(&bytes)? {
        (1, payload) => Ok((codec::parse(payload, FRAME)?, None)),
        (2, payload) => {
            let TableV2 { first, bodies } = codec::parse(payload, FRAME)?;
            Ok((first, Some(bodies)))
        }
        (version, _) => Err(codec::unknown(version)),
    }
}

/// What a snapshot has ready of all bodies.
#[derive(Debug)]
pub struct Bodies {
    file: Arc<File>,
    path: PathBuf,
    place: BodiesV1,
}

impl Bodies {
    /// What is known of them without their names, in path order.
    ///
    /// # Errors
    /// `Damaged` when it is not what was written.
    pub fn ranks(&self) -> Result<Ranks> {
        self.part(0).and_then(|bytes| bodies::read_ranks(&bytes)).map_err(|error| error.at(&self.path))
    }

    /// Who bears which word.
    ///
    /// # Errors
    /// `Damaged` when it is not what was written.
    pub fn words(&self) -> Result<Words> {
        Words::read(self.part(1)?, self.part(2)?).map_err(|error| error.at(&self.path))
    }

    /// Whether it is what follows from these chunks.
    ///
    /// # Errors
    /// `Damaged` when it is not.
    pub fn fits(&self, chunks: &[Arc<Chunk>]) -> Result<()> {
        let same = self.parts()? == parts(chunks)? && self.place.of == bodies::fingerprint(chunks)?;
        if same { Ok(()) } else { Err(Error::new(ErrorKind::Damaged, "store.words_cut").at(&self.path)) }
    }

    fn parts(&self) -> Result<[Vec<u8>; 3]> {
        Ok([self.part(0)?, self.part(1)?, self.part(2)?])
    }

    fn part(&self, which: usize) -> Result<Vec<u8>> {
        let damaged = || Error::new(ErrorKind::Damaged, "store.words_cut").at(&self.path);
        let before: u64 = self.place.lengths.iter().take(which).map(|&length| u64::from(length)).sum();
        let length = self.place.lengths.get(which).copied().ok_or_else(damaged)?;
        let start = self.place.offset.checked_add(before).ok_or_else(damaged)?;
        let there = self.file.metadata()?.len();
        if start.checked_add(length.into()).is_none_or(|end| end > there) {
            return Err(damaged());
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| damaged())?];
        read(&self.file, start, &mut bytes).map_err(|error| error.at(&self.path))?;
        if Some(&crc32fast::hash(&bytes)) == self.place.checks.get(which) { Ok(bytes) } else { Err(damaged()) }
    }
}

/// The segments of a chunk inside a snapshot.
#[derive(Debug)]
struct InFile {
    file: Arc<File>,
    path: PathBuf,
    directory: u64,
    count: u32,
    /// The directory as it is written.
    raw: OnceLock<Vec<u8>>,
    entries: OnceLock<Vec<Entry>>,
}

impl InFile {
    /// The directory as it is written, without its checksum.
    fn raw(&self) -> Result<&[u8]> {
        if let Some(raw) = self.raw.get() {
            return Ok(raw);
        }
        let raw = self.load().map_err(|error| error.at(&self.path))?;
        Ok(self.raw.get_or_init(|| raw))
    }

    fn load(&self) -> Result<Vec<u8>> {
        let damaged = || Error::new(ErrorKind::Damaged, "store.snapshot_directory");
        let size = u64::from(self.count) * ENTRY as u64 + 4;
        let end = self.directory.checked_add(size);
        if end.is_none_or(|end| end > self.file.metadata().map_or(0, |meta| meta.len())) {
            return Err(damaged());
        }
        let mut bytes = vec![0; usize::try_from(size).map_err(|_| damaged())?];
        read(&self.file, self.directory, &mut bytes)?;
        let (entries, sum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
        if crc32fast::hash(entries) != u32::from_be_bytes(*sum) {
            return Err(damaged());
        }
        bytes.truncate(bytes.len() - 4);
        Ok(bytes)
    }
}

impl Segments for InFile {
    fn entries(&self) -> Result<&[Entry]> {
        if let Some(entries) = self.entries.get() {
            return Ok(entries);
        }
        let all = self.raw()?.as_chunks::<ENTRY>().0;
        let entries =
            all.iter().map(|bytes| entry(bytes)).collect::<Result<_>>().map_err(|error| error.at(&self.path))?;
        Ok(self.entries.get_or_init(|| entries))
    }

    /// Of a directory of thousands of entries a question needs few: they are looked up where they lie.
    fn entry(&self, id: ColumnId) -> Result<Option<Entry>> {
        let all = self.raw()?.as_chunks::<ENTRY>().0;
        let key = |bytes: &[u8; ENTRY]| bytes.first_chunk().map_or(0, |&eight| u64::from_be_bytes(eight) >> 16);
        let at = all.binary_search_by_key(&(u64::from(id.0) << 16 | u64::from(id.1)), key);
        at.ok().and_then(|at| all.get(at)).map(|bytes| entry(bytes)).transpose().map_err(|error| error.at(&self.path))
    }

    fn read(&self, entry: &Entry) -> Result<Arc<[u8]>> {
        let mut bytes = vec![0; usize::try_from(entry.length).unwrap_or(0)];
        read(&self.file, entry.offset, &mut bytes).map_err(|error| error.at(&self.path))?;
        Ok(Arc::from(bytes))
    }
}

fn read(file: &File, offset: u64, buffer: &mut [u8]) -> Result<()> {
    disk::read_at(file, offset, buffer).map_err(|cause| match cause.kind() {
        io::ErrorKind::UnexpectedEof => Error::new(ErrorKind::Damaged, "store.snapshot_short").because(cause),
        _ => cause.into(),
    })
}
