//! A chunk: some consecutive bodies of one province with all their columns.

use std::{
    collections::BTreeMap,
    fmt,
    ops::Range,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use serde::Serialize;

use super::{
    add::add,
    decode::{bytes, decode_part},
    dictionary::entries,
    segment,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Body, ReportKey, Slot, Year},
    store::{
        block::{Mark, Totals},
        codec::{self, FRAME},
        record::{self, BodyV1},
    },
};

/// A column of a chunk: code of the slot (see [`column`]), year.
pub type ColumnId = (u32, u16);

/// A column with its bytes.
pub type Segment = (ColumnId, Arc<[u8]>);

/// Bodies of the chunk, in pieces whose number stands in place of the year.
pub const DICTIONARY: u32 = 0xffff_ff01;
/// Scope and forms of each report (see `record::form_code`): who has a report at all.
pub const FORMS: u32 = 0xffff_ff02;
/// Where each report stands in the archive.
pub const PLACES: u32 = 0xffff_ff03;
/// Hash of each report's contents.
pub const HASHES: u32 = 0xffff_ff04;
/// Line of each report in an imported file.
pub const LINES: u32 = 0xffff_ff05;
/// Place of the revision that an imported report replaces; 0 for none.
pub const PREVIOUS: u32 = 0xffff_ff06;

/// Bodies of one piece of the dictionary.
const PIECE: usize = 1024;

/// The code of a slot's columns.
#[must_use]
pub fn column(slot: Slot) -> u32 {
    (u32::from(slot.category.0) << 8) | u32::from(record::applicant_code(slot.applicant))
}

/// The slot behind a code; nothing for the columns the store keeps for itself.
#[must_use]
pub fn slot_of(code: u32) -> Option<Slot> {
    let [0, high, low, applicant] = code.to_be_bytes() else { return None };
    record::slot(u16::from_be_bytes([high, low]), applicant).ok()
}

/// Where a chunk's segments come from.
pub trait Segments: fmt::Debug + Send + Sync {
    /// What there is, in order of ids.
    ///
    /// # Errors
    /// `Damaged` or `Io` when it cannot be read.
    fn entries(&self) -> Result<&[Entry]>;
    /// The entry of a column.
    ///
    /// # Errors
    /// `Damaged` or `Io` when it cannot be read.
    fn entry(&self, id: ColumnId) -> Result<Option<Entry>> {
        let entries = self.entries()?;
        Ok(entries.binary_search_by_key(&id, |entry| entry.id).ok().and_then(|at| entries.get(at)).copied())
    }
    /// The bytes of an entry.
    ///
    /// # Errors
    /// `Damaged` or `Io` when they cannot be read.
    fn read(&self, entry: &Entry) -> Result<Arc<[u8]>>;
}

/// What is known of a segment without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which column.
    pub id: ColumnId,
    /// Where it stands, as its source counts.
    pub offset: u64,
    /// Its length.
    pub length: u32,
    /// Its last four bytes.
    pub check: u32,
    /// Its counts: values, blank, proved, does not apply, unreadable. A chunk has at most some thousand bodies.
    pub counts: [u16; 5],
    /// Its sum; nothing where it is not exact.
    pub sum: Option<i64>,
}

impl Entry {
    /// The entry of a segment at hand.
    ///
    /// # Errors
    /// `Damaged` when the segment is.
    pub fn of(id: ColumnId, offset: u64, bytes: &[u8]) -> Result<Self> {
        let (counts, sum) = if id.0 == DICTIONARY {
            ([0; 5], Some(0))
        } else {
            let (segment::Head { totals, exact, .. }, _) = segment::open(id, bytes)?;
            let counts = [totals.values, totals.blank, totals.proved, totals.not_applicable, totals.unreadable];
            let counts = counts.map(|count| u16::try_from(count).unwrap_or(u16::MAX));
            (counts, i64::try_from(totals.sum).ok().filter(|_| exact))
        };
        let length = u32::try_from(bytes.len()).map_err(|_| Error::new(ErrorKind::Limit, "store.column_long"))?;
        let check = bytes.last_chunk().copied().map_or(0, u32::from_be_bytes);
        Ok(Self { id, offset, length, check, counts, sum })
    }

    /// How many bodies have a number in it.
    #[must_use]
    pub fn values(&self) -> u64 {
        self.counts.first().copied().map_or(0, u64::from)
    }

    /// What its head says, of so many reports; nothing where its sum is not exact.
    #[must_use]
    pub fn totals(&self, reports: u64) -> Option<Totals> {
        let sum = self.sum?.into();
        let [values, blank, proved, not_applicable, unreadable] = self.counts.map(u64::from);
        Some(Totals { reports, values, sum, blank, proved, not_applicable, unreadable })
    }
}

/// Segments in memory.
#[derive(Debug, Default)]
struct InMemory {
    entries: Vec<Entry>,
    bytes: Vec<Arc<[u8]>>,
}

impl InMemory {
    fn of(segments: impl IntoIterator<Item = Segment>) -> Result<Self> {
        let mut memory = Self::default();
        let mut sorted: Vec<_> = segments.into_iter().collect();
        sorted.sort_by_key(|(id, _)| *id);
        for (column, bytes) in sorted {
            memory.entries.push(Entry::of(column, memory.bytes.len() as u64, &bytes)?);
            memory.bytes.push(bytes);
        }
        Ok(memory)
    }
}

impl Segments for InMemory {
    fn entries(&self) -> Result<&[Entry]> {
        Ok(&self.entries)
    }

    fn read(&self, entry: &Entry) -> Result<Arc<[u8]>> {
        let at = usize::try_from(entry.offset).unwrap_or(usize::MAX);
        self.bytes.get(at).cloned().ok_or_else(|| Error::new(ErrorKind::Damaged, "store.column_missing"))
    }
}

/// Scope and forms of a chunk's reports for one year; 0 where there is none.
pub type Forms = Arc<[u8]>;

/// Who of a chunk has a report in a year.
#[derive(Debug)]
struct Presence {
    forms: Forms,
    /// The places where there is none: few, so that laying them over a column costs little.
    absent: OnceLock<Vec<u16>>,
}

impl Presence {
    fn absent(&self) -> &[u16] {
        let none = || self.forms.iter().zip(0u16..).filter(|(form, _)| **form == 0).map(|(_, at)| at).collect();
        self.absent.get_or_init(none)
    }
}

/// Consecutive bodies of one province with their columns.
#[derive(Debug)]
pub struct Chunk {
    /// Its number in the keyed layer; 0 before it is sealed.
    pub id: u32,
    /// Path of its first body.
    pub first: String,
    /// How many bodies it has.
    pub len: usize,
    segments: Box<dyn Segments>,
    reports: Option<Vec<(Year, u64)>>,
    bodies: OnceLock<Vec<Body>>,
    /// Pieces of the dictionary that were read alone.
    pieces: OnceLock<Vec<OnceLock<Vec<Body>>>>,
    forms: RwLock<BTreeMap<u16, Option<Arc<Presence>>>>,
}

#[derive(Serialize)]
struct PieceV1 {
    piece: u16,
    bodies: Vec<BodyV1>,
}

impl Chunk {
    /// A chunk over segments that live elsewhere.
    #[must_use]
    pub fn new(id: u32, first: String, len: usize, segments: Box<dyn Segments>) -> Self {
        let (bodies, pieces, forms) = (OnceLock::new(), OnceLock::new(), RwLock::new(BTreeMap::new()));
        Self { id, first, len, segments, reports: None, bodies, pieces, forms }
    }

    /// The same chunk with its reports by year, where they are known without reading it.
    #[must_use]
    pub fn with_reports(mut self, reports: Vec<(Year, u64)>) -> Self {
        self.reports = Some(reports);
        self
    }

    /// How many reports it has of each year.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the list cannot be read.
    pub fn reports(&self) -> Result<Vec<(Year, u64)>> {
        if let Some(reports) = &self.reports {
            return Ok(reports.clone());
        }
        let forms = self.segments.entries()?.iter().filter(|entry| entry.id.0 == FORMS);
        Ok(forms.filter_map(|entry| Some((Year::new(entry.id.1)?, entry.values()))).collect())
    }

    /// A chunk whose segments are at hand, its dictionary among them.
    ///
    /// # Errors
    /// `Damaged` when a segment or the dictionary is.
    pub fn in_memory(id: u32, segments: impl IntoIterator<Item = Segment>) -> Result<Self> {
        let mut chunk = Self::new(id, String::new(), 0, Box::new(InMemory::of(segments)?));
        let bodies = chunk.read_bodies()?;
        chunk.len = bodies.len();
        chunk.first = bodies.first().map(|body| body.id.as_str().to_owned()).unwrap_or_default();
        chunk.bodies = OnceLock::from(bodies);
        if chunk.len == 0 || chunk.len > segment::LONGEST {
            return Err(Error::new(ErrorKind::Damaged, "store.chunk_bodies"));
        }
        Ok(chunk)
    }

    /// The same chunk with other columns in the place of one of the store's own.
    ///
    /// # Errors
    /// `Damaged` or `Io` when a segment cannot be read.
    pub fn with_own(mut self, slot: u32, columns: Vec<Segment>) -> Result<Self> {
        let mut segments = columns;
        for entry in self.segments.entries()?.iter().filter(|entry| entry.id.0 != slot) {
            segments.push((entry.id, self.read(entry)?));
        }
        self.segments = Box::new(InMemory::of(segments)?);
        Ok(self)
    }

    /// The segments of a dictionary.
    ///
    /// # Errors
    /// `Limit` when a name is too long to be kept.
    pub fn dictionary(bodies: &[Body]) -> Result<Vec<Segment>> {
        let pieces = bodies.chunks(PIECE).zip(0u16..);
        pieces
            .map(|(bodies, piece)| {
                let value = PieceV1 { piece, bodies: bodies.iter().map(BodyV1::from).collect() };
                let packed = zstd::bulk::compress(&codec::encode(1, &value, FRAME)?, 3)?;
                Ok(((DICTIONARY, piece), Arc::from(packed)))
            })
            .collect()
    }

    /// Its bodies, in path order.
    ///
    /// # Errors
    /// `Damaged` when the dictionary is.
    pub fn bodies(&self) -> Result<&[Body]> {
        if let Some(bodies) = self.bodies.get() {
            return Ok(bodies);
        }
        let bodies = self.read_bodies()?;
        if bodies.len() != self.len || bodies.first().is_none_or(|body| body.id.as_str() != self.first) {
            return Err(Error::new(ErrorKind::Damaged, "store.dictionary_fit"));
        }
        Ok(self.bodies.get_or_init(|| bodies))
    }

    /// One of its bodies, by its place; of the dictionary only the piece that holds it is read.
    ///
    /// # Errors
    /// `Damaged` when the dictionary is.
    pub fn body(&self, at: usize) -> Result<Option<&Body>> {
        if let Some(bodies) = self.bodies.get() {
            return Ok(bodies.get(at));
        }
        let count = self.len.div_ceil(PIECE);
        let pieces = self.pieces.get_or_init(|| (0..count).map(|_| OnceLock::new()).collect());
        let Some(piece) = pieces.get(at / PIECE) else { return Ok(None) };
        let bodies = if let Some(bodies) = piece.get() {
            bodies
        } else {
            let bodies = self.read_piece(at / PIECE)?;
            piece.get_or_init(|| bodies)
        };
        Ok(bodies.get(at % PIECE))
    }

    fn read_piece(&self, piece: usize) -> Result<Vec<Body>> {
        let damaged = || Error::new(ErrorKind::Damaged, "store.dictionary_fit");
        let number = u16::try_from(piece).map_err(|_| damaged())?;
        let entry = self.entry((DICTIONARY, number))?.ok_or_else(damaged)?;
        let bodies = bodies_of(&unpacked(&self.segments.read(&entry)?)?, number)?;
        let first = piece * PIECE;
        let whole = bodies.len() == PIECE.min(self.len - first);
        let begins = first > 0 || bodies.first().is_some_and(|body| body.id.as_str() == self.first);
        if whole && begins { Ok(bodies) } else { Err(damaged()) }
    }

    /// Calls `found` with path, name and code of the kind of every body, in path order; nothing is kept.
    ///
    /// # Errors
    /// `Damaged` when the dictionary is.
    pub fn names(&self, mut found: impl FnMut(&str, &str, u8)) -> Result<()> {
        let mut count = 0;
        self.pieces(|piece, number| {
            entries(piece, number, |path, name, kind| {
                count += 1;
                found(path, name, kind);
            })
        })?;
        self.fits(count)
    }

    fn read_bodies(&self) -> Result<Vec<Body>> {
        let mut bodies = Vec::new();
        self.pieces(|raw, piece| {
            bodies.append(&mut bodies_of(raw, piece)?);
            Ok(())
        })?;
        in_order(bodies)
    }

    /// Every piece of the dictionary, unpacked, with its number.
    fn pieces(&self, mut found: impl FnMut(&[u8], u16) -> Result<()>) -> Result<()> {
        let pieces = self.segments.entries()?.iter().filter(|entry| entry.id.0 == DICTIONARY).zip(0u16..);
        for (entry, piece) in pieces {
            let raw = unpacked(&self.segments.read(entry)?)?;
            if entry.id.1 != piece {
                return Err(Error::new(ErrorKind::Damaged, "store.dictionary_cut"));
            }
            found(&raw, piece)?;
        }
        Ok(())
    }

    /// Every column it has, those of the store itself included.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the list cannot be read.
    pub fn entries(&self) -> Result<&[Entry]> {
        self.segments.entries()
    }

    /// The entry of a column.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the list cannot be read.
    pub fn entry(&self, id: ColumnId) -> Result<Option<Entry>> {
        self.segments.entry(id)
    }

    /// The bytes of a column.
    ///
    /// # Errors
    /// `Damaged` when they are not those that the entry names.
    pub fn read(&self, entry: &Entry) -> Result<Arc<[u8]>> {
        let bytes = self.segments.read(entry)?;
        if bytes.last_chunk().copied().map_or(0, u32::from_be_bytes) != entry.check {
            return Err(Error::new(ErrorKind::Damaged, "store.column_other"));
        }
        Ok(bytes)
    }

    /// The years of which it has any report.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the list cannot be read.
    pub fn years(&self) -> Result<Vec<Year>> {
        let years = self.segments.entries()?.iter().filter(|entry| entry.id.0 == FORMS);
        Ok(years.filter_map(|entry| Year::new(entry.id.1)).collect())
    }

    /// Scope and forms of its reports for a year; nothing when there are none.
    ///
    /// # Errors
    /// `Damaged` when the column is.
    pub fn forms(&self, year: u16) -> Result<Option<Forms>> {
        Ok(self.presence(year)?.map(|presence| presence.forms.clone()))
    }

    fn presence(&self, year: u16) -> Result<Option<Arc<Presence>>> {
        if let Some(forms) = self.forms.read().unwrap_or_else(PoisonError::into_inner).get(&year) {
            return Ok(forms.clone());
        }
        let presence = match self.entry((FORMS, year))? {
            None => None,
            Some(entry) => {
                let forms = bytes(entry.id, &self.read(&entry)?)?;
                self.fits(forms.len())?;
                Some(Arc::new(Presence { forms: forms.into(), absent: OnceLock::new() }))
            }
        };
        self.forms.write().unwrap_or_else(PoisonError::into_inner).insert(year, presence.clone());
        Ok(presence)
    }

    /// One of the store's own columns: numbers, or nothing where there is none.
    ///
    /// # Errors
    /// `Damaged` when the column is.
    pub fn numbers(&self, id: ColumnId) -> Result<Option<Vec<Option<i64>>>> {
        let Some(entry) = self.entry(id)? else { return Ok(None) };
        let (mut marks, mut units) = (Vec::new(), Vec::new());
        self.decode_entry(&entry, 0..self.len, &mut marks, &mut units)?;
        // A dense column has a number for everybody; the forms say who has a report.
        let present = self.forms(id.1)?;
        let there = |at: usize| present.as_ref().is_none_or(|forms| forms.get(at).is_some_and(|&form| form != 0));
        let cells = marks.iter().zip(&units).enumerate();
        Ok(Some(cells.map(|(at, (mark, &number))| (mark.is_value() && there(at)).then_some(number)).collect()))
    }

    /// What one of the store's own columns says of one body; nothing where it has no report or no number.
    ///
    /// # Errors
    /// `Damaged` when the column is.
    pub fn number(&self, id: ColumnId, at: usize) -> Result<Option<i64>> {
        let (mut marks, mut units) = (Vec::new(), Vec::new());
        self.decode_part(id, at..at + 1, &mut marks, &mut units)?;
        Ok(marks.first().filter(|mark| mark.is_value()).and(units.first().copied()))
    }

    /// Decodes a column with its presence laid over it. Returns whether any report has such a cell; if not,
    /// `marks` tells absent reports from absent cells all the same.
    ///
    /// # Errors
    /// `Damaged` when the column is.
    pub fn decode(&self, id: ColumnId, marks: &mut Vec<Mark>, units: &mut Vec<i64>) -> Result<bool> {
        self.decode_part(id, 0..self.len, marks, units)
    }

    /// As [`Chunk::decode`], for some of its bodies.
    ///
    /// # Errors
    /// `Damaged` when the column is.
    pub fn decode_part(
        &self,
        id: ColumnId,
        part: Range<usize>,
        marks: &mut Vec<Mark>,
        units: &mut Vec<i64>,
    ) -> Result<bool> {
        let presence = self.presence(id.1)?;
        let entry = presence.as_ref().map_or(Ok(None), |_| self.entry(id))?;
        if let Some(entry) = entry {
            self.decode_entry(&entry, part.clone(), marks, units)?;
        } else {
            let mark = if presence.is_some() { Mark::NotInTemplate } else { Mark::NoReport };
            marks.clear();
            marks.resize(part.len(), mark);
            units.clear();
            units.resize(part.len(), 0);
        }
        if let Some(presence) = presence {
            let absent = presence.absent();
            let first = absent.partition_point(|&at| usize::from(at) < part.start);
            let absent = absent.iter().skip(first).map(|&at| usize::from(at)).take_while(|at| *at < part.end);
            for at in absent.map(|at| at - part.start) {
                if let (Some(mark), Some(units)) = (marks.get_mut(at), units.get_mut(at)) {
                    (*mark, *units) = (Mark::NoReport, 0);
                }
            }
        }
        Ok(entry.is_some())
    }

    fn decode_entry(
        &self,
        entry: &Entry,
        part: Range<usize>,
        marks: &mut Vec<Mark>,
        units: &mut Vec<i64>,
    ) -> Result<()> {
        let head = decode_part(entry.id, &self.read(entry)?, part, marks, units)?;
        self.fits(head.bodies)
    }

    /// Adds `factor` times the numbers of a column to `sums`, one a body; what stands there for a body without a report
    /// has no meaning. Returns false where the numbers are too large for that.
    ///
    /// # Errors
    /// `Damaged` when the column is.
    pub fn add(&self, id: ColumnId, factor: i64, sums: &mut [i64]) -> Result<bool> {
        self.fits(sums.len())?;
        self.entry(id)?.map_or(Ok(true), |entry| add(id, &self.read(&entry)?, factor, sums))
    }

    /// Counts and sum of a whole column, without decoding it.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the list cannot be read.
    pub fn totals(&self, id: ColumnId) -> Result<Option<Totals>> {
        let reports = self.entry((FORMS, id.1))?.map_or(0, |forms| forms.values());
        Ok(match self.entry(id)? {
            Some(entry) => entry.totals(reports),
            None => Some(Totals { reports, ..Totals::default() }),
        })
    }

    /// Whether it has a report.
    ///
    /// # Errors
    /// `Damaged` when a column is.
    pub fn has(&self, key: &ReportKey) -> Result<bool> {
        let Ok(at) = self.bodies()?.binary_search_by(|body| body.id.cmp(&key.body)) else { return Ok(false) };
        Ok(self.forms(key.year.number())?.and_then(|forms| forms.get(at).copied()).unwrap_or(0) != 0)
    }

    /// Every report it has.
    ///
    /// # Errors
    /// `Damaged` when a column is.
    #[cfg(any(test, feature = "fuzzing"))]
    pub fn keys(&self) -> Result<Vec<ReportKey>> {
        let mut keys = Vec::new();
        for year in self.years()? {
            let forms = self.forms(year.number())?;
            let there = self.bodies()?.iter().zip(forms.iter().flat_map(|forms| forms.iter()));
            keys.extend(
                there.filter(|(_, form)| **form != 0).map(|(body, _)| ReportKey { body: body.id.clone(), year }),
            );
        }
        Ok(keys)
    }

    fn fits(&self, len: usize) -> Result<()> {
        if len == self.len { Ok(()) } else { Err(Error::new(ErrorKind::Damaged, "store.column_bodies")) }
    }
}

/// A piece of a dictionary, unpacked.
fn unpacked(packed: &[u8]) -> Result<Vec<u8>> {
    let raw = zstd::bulk::decompress(packed, PIECE * 4096);
    raw.map_err(|cause| Error::new(ErrorKind::Damaged, "store.dictionary_cut").because(cause))
}

/// The bodies of a piece with this number.
fn bodies_of(raw: &[u8], number: u16) -> Result<Vec<Body>> {
    let mut bodies = Vec::with_capacity(PIECE);
    entries(raw, number, |path, name, kind| bodies.push(record::body(path, name, kind)))?;
    in_order(bodies.into_iter().collect::<Result<_>>()?)
}

fn in_order(bodies: Vec<Body>) -> Result<Vec<Body>> {
    let sorted = bodies.is_sorted_by(|a, b| a.id < b.id);
    if sorted { Ok(bodies) } else { Err(Error::new(ErrorKind::Damaged, "store.dictionary_order")) }
}
