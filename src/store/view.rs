//! What a query reads: the reports of one revision of the store, never a half of one.

mod bulk;
mod origins;

use std::{
    any::Any,
    collections::BTreeMap,
    fmt,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{
    archive,
    block::{Block, Mark, Totals},
    bodies::{Ranks, Words},
    column::{Chunk, Fresh, PLACES, build, column, province, slot_of},
    entry::Entry,
    history::Verdict,
    layers::{Layers, place},
    of_report,
    record::form_of,
    snapshot::Bodies,
};
use crate::{
    error::{Error, ErrorKind, Result},
    messages::Said,
    model::{Body, BodyId, Origin, Reading, Report, ReportKey, Scope, Slot, Templates, Year},
};

/// All that is kept of a report.
#[derive(Clone, Debug)]
pub enum Whole {
    /// The report as it was read.
    Report(Box<Report>),
    /// The file of an imported cube, which gave figures only: they are in the columns.
    Figures(Origin),
}

/// What is known of a report without its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The form of each table.
    pub templates: Templates,
    /// Whose figures.
    pub scope: Scope,
}

/// An immutable view of all current reports, cheap to clone. Bodies are numbered in path order, so that a province,
/// a city or a county is one contiguous range of numbers.
///
/// Columns are read and checked when they are asked for. Where one is damaged the view answers with nothing and
/// remembers it: see [`View::health`].
#[derive(Clone, Default)]
pub struct View(Arc<Inner>);

#[derive(Default)]
struct Inner {
    revision: u64,
    chunks: Vec<Arc<Chunk>>,
    /// Number of the first body of each chunk, and one past the last of all.
    starts: Vec<usize>,
    years: Vec<Year>,
    reports: usize,
    source: Source,
    verdicts: Vec<Verdict>,
    bodies: OnceLock<Vec<Body>>,
    /// What a snapshot has ready of the bodies.
    ready: Option<Arc<Bodies>>,
    ranks: OnceLock<Ranks>,
    words: OnceLock<Words>,
    recent: Mutex<Recent>,
    kept: OnceLock<Box<dyn Any + Send + Sync>>,
    trouble: Mutex<Option<Said>>,
}

/// Where whole reports come from.
#[derive(Default)]
enum Source {
    #[default]
    Nothing,
    Memory(BTreeMap<ReportKey, Report>),
    Archive(PathBuf),
}

/// The columns decoded last, for those who ask cell by cell.
#[derive(Default)]
struct Recent {
    blocks: Vec<(usize, u32, u16, Arc<Block>)>,
    turn: usize,
    /// The imported block asked for last, by its place, and its origin.
    imported: Option<(i64, Origin)>,
}

const RECENT: usize = 96;

impl View {
    /// A view over reports in memory; the last of two for the same body and year wins.
    #[must_use]
    pub fn of(revision: u64, reports: impl IntoIterator<Item = Report>) -> Self {
        let reports: BTreeMap<ReportKey, Report> = reports.into_iter().map(|report| (report.key(), report)).collect();
        let built = build(reports.values().map(|report| Fresh::of(report, 0)));
        let chunks = built.map(|chunks| chunks.into_iter().map(Arc::new).collect());
        let made = chunks.and_then(|chunks| {
            Self::make(Inner { revision, chunks, source: Source::Memory(reports), ..Inner::default() })
        });
        made.unwrap_or_else(|error| {
            let view = Self::default();
            view.note(&error);
            view
        })
    }

    /// A view over layers whose reports are in an archive.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the list of a chunk's columns cannot be read.
    pub(super) fn over(revision: u64, layers: &Layers, archive: PathBuf) -> Result<Self> {
        let (chunks, verdicts) = (layers.folded()?, layers.verdicts()?);
        Self::make(Inner {
            revision,
            chunks,
            verdicts,
            source: Source::Archive(archive),
            ready: layers.ready(),
            ..Inner::default()
        })
    }

    fn make(mut inner: Inner) -> Result<Self> {
        let mut starts = vec![0];
        let mut years = Vec::new();
        let mut reports = 0;
        for chunk in &inner.chunks {
            starts.push(starts.last().copied().unwrap_or(0) + chunk.len);
            for (year, count) in chunk.reports()? {
                reports += usize::try_from(count).unwrap_or(0);
                years.push(year);
            }
        }
        years.sort_unstable();
        years.dedup();
        (inner.starts, inner.years, inner.reports) = (starts, years, reports);
        Ok(Self(Arc::new(inner)))
    }

    /// The revision of the store this view shows.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.0.revision
    }

    /// Every body with a report, in path order; its index is its number.
    ///
    /// Prefer [`View::find`], [`View::range`] and [`View::body`], which read only what they need.
    #[must_use]
    pub fn bodies(&self) -> &[Body] {
        if let Some(bodies) = self.0.bodies.get() {
            return bodies;
        }
        let mut all = Vec::new();
        for chunk in &self.0.chunks {
            match chunk.bodies() {
                Ok(bodies) => all.extend_from_slice(bodies),
                Err(error) => {
                    self.note(&error);
                    return &[];
                }
            }
        }
        self.0.bodies.get_or_init(|| all)
    }

    /// The years of which there is any report, in order.
    #[must_use]
    pub fn years(&self) -> Vec<Year> {
        self.0.years.clone()
    }

    /// How many reports there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.reports
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.reports == 0
    }

    /// How many bodies there are.
    #[must_use]
    pub fn body_count(&self) -> usize {
        self.0.starts.last().copied().unwrap_or(0)
    }

    /// The body with this number.
    #[must_use]
    pub fn body(&self, body: usize) -> Option<&Body> {
        let (chunk, at) = self.locate(body)?;
        self.sound(self.0.chunks.get(chunk)?.body(at))?
    }

    /// The number of a body, where it has any report.
    #[must_use]
    pub fn find(&self, id: &BodyId) -> Option<usize> {
        let at = self.lower_bound(id.as_str())?;
        (self.body(at)?.id == *id).then_some(at)
    }

    /// The numbers of all bodies whose path begins so: `14` a province, `1401` a prefecture, `140109`
    /// a county with its own bodies. The empty prefix is every body.
    #[must_use]
    pub fn range(&self, prefix: &str) -> Range<usize> {
        if prefix.is_empty() {
            return 0..self.body_count();
        }
        if prefix.len() == 2 {
            // Chunks never span provinces: no body need be looked at.
            let first = self.0.chunks.partition_point(|chunk| province(&chunk.first) < prefix);
            let after = self.0.chunks.partition_point(|chunk| province(&chunk.first) <= prefix);
            let start = |chunk: usize| self.0.starts.get(chunk).copied().unwrap_or(0);
            return start(first)..start(after);
        }
        let start = self.lower_bound(prefix).unwrap_or(0);
        // No character of a path is above this one, so it ends everything that begins with the prefix.
        let end = self.lower_bound(&format!("{prefix}\u{10ffff}")).unwrap_or(start);
        start..end.max(start)
    }

    /// The forms and scope of a report; nothing where there is no report.
    #[must_use]
    pub fn meta(&self, body: usize, year: Year) -> Option<Meta> {
        let (chunk, at) = self.locate(body)?;
        let forms = self.sound(self.0.chunks.get(chunk)?.forms(year.number()))??;
        let (scope, templates) = form_of(*forms.get(at)?)?;
        Some(Meta { templates, scope })
    }

    /// What a cell said; nothing where there is no report or no such cell in its form.
    #[must_use]
    pub fn reading(&self, body: usize, year: Year, slot: Slot) -> Option<Reading> {
        let (chunk, at) = self.locate(body)?;
        let block = self.recent(chunk, slot, year)?;
        block.marks.get(at)?.reading(*block.units.get(at)?)
    }

    /// The whole report with its provenance.
    #[must_use]
    pub fn report(&self, body: usize, year: Year) -> Option<Report> {
        Some(self.revision_of(body, year)?.1)
    }

    /// The same with the number of the record that it was last stored or corrected by.
    #[must_use]
    pub fn revision_of(&self, body: usize, year: Year) -> Option<(u64, Report)> {
        let key = ReportKey { body: self.body(body)?.id.clone(), year };
        match &self.0.source {
            Source::Nothing => None,
            Source::Memory(reports) => reports.get(&key).map(|report| (self.revision(), report.clone())),
            Source::Archive(folder) => {
                let (_, packed) = self.place_of(body, year)?;
                let read = || {
                    let frame = archive::read(folder, place(packed)?)?;
                    let report = Entry::of(&frame)?
                        .report(&key)?
                        .ok_or_else(|| of_report(ErrorKind::Damaged, "store.report_gone", &key))?;
                    Ok((frame.sequence, report))
                };
                self.sound(read())
            }
        }
    }

    /// The report with its provenance; of an imported one its origin alone, for which no column is decoded. This is
    /// how many reports are read one after another.
    #[must_use]
    pub fn whole(&self, body: usize, year: Year) -> Option<Whole> {
        let Source::Archive(folder) = &self.0.source else {
            return self.report(body, year).map(|report| Whole::Report(Box::new(report)));
        };
        let (_, packed) = self.place_of(body, year)?;
        let recent = || self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, origin)) = recent().imported.as_ref().filter(|(known, _)| *known == packed) {
            return Some(Whole::Figures(origin.clone()));
        }
        let frame = place(packed).and_then(|place| archive::read(folder, place));
        match self.sound(frame.and_then(|frame| Entry::of(&frame)))? {
            Entry::Block(block) => {
                let origin = Origin::from(block.origin);
                recent().imported = Some((packed, origin.clone()));
                Some(Whole::Figures(origin))
            }
            entry => {
                let key = ReportKey { body: self.body(body)?.id.clone(), year };
                self.sound(entry.report(&key))?.map(|report| Whole::Report(Box::new(report)))
            }
        }
    }

    /// Several whole reports of a year, in the order of the bodies: a record that holds many is read once.
    #[must_use]
    pub fn reports(&self, bodies: &[usize], year: Year) -> Vec<Option<Report>> {
        let Source::Archive(folder) = &self.0.source else {
            return bodies.iter().map(|&body| self.report(body, year)).collect();
        };
        let mut records: BTreeMap<i64, Vec<(usize, ReportKey)>> = BTreeMap::new();
        let mut column: (usize, Vec<Option<i64>>) = (usize::MAX, Vec::new());
        for (index, &body) in bodies.iter().enumerate() {
            let (Some((at, offset)), Some(known)) = (self.locate(body), self.body(body)) else { continue };
            if column.0 != at {
                let places =
                    self.0.chunks.get(at).and_then(|chunk| self.sound(chunk.numbers((PLACES, year.number())))?);
                column = (at, places.unwrap_or_default());
            }
            if let Some(packed) = column.1.get(offset).copied().flatten() {
                records.entry(packed).or_default().push((index, ReportKey { body: known.id.clone(), year }));
            }
        }
        let mut found = vec![None; bodies.len()];
        for (packed, wanted) in records {
            let keys: Vec<ReportKey> = wanted.iter().map(|(_, key)| key.clone()).collect();
            let read = || Entry::of(&archive::read(folder, place(packed)?)?)?.reports(&keys);
            for ((index, key), report) in wanted.into_iter().zip(self.sound(read()).unwrap_or_default()) {
                if report.is_none() {
                    let message = format!("the archive has no report of {} {year}", key.body);
                    self.note(&Error::new(ErrorKind::Damaged, message));
                }
                if let Some(place) = found.get_mut(index) {
                    *place = report;
                }
            }
        }
        found
    }

    /// What people decided about findings, oldest first.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        &self.0.verdicts
    }

    /// The folder of the archive and the packed place of a report in it.
    pub(super) fn place_of(&self, body: usize, year: Year) -> Option<(&Path, i64)> {
        let Source::Archive(folder) = &self.0.source else { return None };
        let (chunk, at) = self.locate(body)?;
        Some((folder, self.sound(self.0.chunks.get(chunk)?.number((PLACES, year.number()), at))??))
    }

    /// The bodies that are kept together with this one: what is read of one of them is read of all.
    #[must_use]
    pub fn chunk(&self, body: usize) -> Range<usize> {
        let ends = self.locate(body).and_then(|(at, _)| Some(*self.0.starts.get(at)?..*self.0.starts.get(at + 1)?));
        ends.unwrap_or(body..body)
    }

    /// Every cell of a slot and year that said something, in order of bodies.
    pub fn scan(&self, slot: Slot, year: Year, bodies: Range<usize>) -> impl Iterator<Item = (usize, Reading)> {
        self.blocks(slot, year, bodies).flat_map(|block| block.readings().collect::<Vec<_>>())
    }

    /// The slot and year decoded, in stretches that together cover the range: the fast way to read many.
    pub fn blocks(&self, slot: Slot, year: Year, bodies: Range<usize>) -> impl Iterator<Item = Block> {
        let mut next = bodies.start;
        let end = bodies.end.min(self.body_count());
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let mut block = Block::default();
                next = self.load(slot, year, next..end, &mut block);
                block
            })
        })
    }

    /// Decodes the first stretch of the range into `block`, reusing its memory, and returns where the next begins.
    ///
    /// A stretch never reaches over the end of a chunk, and equal ranges are cut at the same places for every slot
    /// and year: blocks of two columns can be walked side by side.
    pub fn load(&self, slot: Slot, year: Year, bodies: Range<usize>, block: &mut Block) -> usize {
        block.first = bodies.start;
        block.marks.clear();
        block.units.clear();
        let Some((at, offset)) = self.locate(bodies.start) else { return bodies.end };
        let Some(chunk) = self.0.chunks.get(at) else { return bodies.end };
        let length = bodies.len().min(chunk.len - offset);
        let (id, part) = ((column(slot), year.number()), offset..offset + length);
        if self.sound(chunk.decode_part(id, part, &mut block.marks, &mut block.units)).is_none() {
            block.marks.clear();
            block.marks.resize(length, Mark::NoReport);
            block.units.clear();
            block.units.resize(length, 0);
        }
        bodies.start + length
    }

    /// The numbers of the bodies in the range that have a report for the year, in order.
    pub fn present(&self, year: Year, bodies: Range<usize>) -> impl Iterator<Item = usize> {
        self.pieces(bodies).flat_map(move |(at, first, inside)| {
            let forms = self.0.chunks.get(at).and_then(|chunk| self.sound(chunk.forms(year.number()))?);
            let there: Vec<usize> = forms
                .iter()
                .flat_map(|forms| forms.iter().enumerate().take(inside.end).skip(inside.start))
                .filter(|(_, form)| **form != 0)
                .map(|(at, _)| first + at)
                .collect();
            there
        })
    }

    /// Sum and states of a slot over a range; whole chunks, and so whole provinces, cost no decoding.
    #[must_use]
    pub fn totals(&self, slot: Slot, year: Year, bodies: Range<usize>) -> Totals {
        let id = (column(slot), year.number());
        let mut totals = Totals::default();
        let mut block = Block::default();
        for (at, first, inside) in self.pieces(bodies) {
            let Some(chunk) = self.0.chunks.get(at) else { continue };
            let whole = if inside.len() == chunk.len { self.sound(chunk.totals(id)).flatten() } else { None };
            if let Some(whole) = whole {
                totals.add(&whole);
                continue;
            }
            self.load(slot, year, first + inside.start..first + inside.end, &mut block);
            for (&mark, &units) in block.marks.iter().zip(&block.units) {
                totals.count(mark, units);
            }
        }
        totals
    }

    /// Every slot that any report of the year has a cell for, in order.
    #[must_use]
    pub fn slots(&self, year: Year) -> Vec<Slot> {
        let mut slots = Vec::new();
        for chunk in &self.0.chunks {
            let entries = self.sound(chunk.entries()).unwrap_or_default();
            slots.extend(entries.iter().filter(|entry| entry.id.1 == year.number()).filter_map(|e| slot_of(e.id.0)));
        }
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// The bytes that reading a slot and year over a range takes, for those who explain a plan.
    #[must_use]
    pub fn cost(&self, slot: Slot, year: Year, bodies: Range<usize>) -> u64 {
        let id = (column(slot), year.number());
        let of = |at: usize| self.sound(self.0.chunks.get(at)?.entry(id))?.map(|entry| u64::from(entry.length));
        self.pieces(bodies).filter_map(|(at, _, _)| of(at)).sum()
    }

    /// An error when anything read through this view so far was damaged: such cells were answered with
    /// nothing, so whoever computes from a view asks this before showing what came out.
    ///
    /// # Errors
    /// `Damaged`, naming what is.
    pub fn health(&self) -> Result<()> {
        match &*self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(what) => Err(Error::new(ErrorKind::Damaged, what.clone())),
        }
    }

    /// The chunks that a range touches: number of the chunk, its first body, the positions inside.
    fn pieces(&self, bodies: Range<usize>) -> impl Iterator<Item = (usize, usize, Range<usize>)> {
        let chunks = self.0.starts.windows(2).enumerate();
        chunks.filter_map(move |(at, ends)| {
            let &[first, end] = ends else { return None };
            let (from, to) = (bodies.start.max(first), bodies.end.min(end));
            (from < to).then(|| (at, first, from - first..to - first))
        })
    }

    fn locate(&self, body: usize) -> Option<(usize, usize)> {
        let chunk = self.0.starts.partition_point(|&start| start <= body).checked_sub(1)?;
        let first = *self.0.starts.get(chunk)?;
        (chunk < self.0.chunks.len()).then(|| (chunk, body - first))
    }

    /// The number of the first body whose path is not below `path`; the number of bodies when all are.
    fn lower_bound(&self, path: &str) -> Option<usize> {
        let after = self.0.chunks.partition_point(|chunk| chunk.first.as_str() < path);
        let Some(before) = after.checked_sub(1) else { return Some(0) };
        let chunk = self.0.chunks.get(before)?;
        let (mut low, mut high) = (0, chunk.len);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.sound(chunk.body(middle))??.id.as_str() < path {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Some(self.0.starts.get(before)? + low)
    }

    fn recent(&self, chunk: usize, slot: Slot, year: Year) -> Option<Arc<Block>> {
        let id = (column(slot), year.number());
        let wanted = |entry: &&(usize, u32, u16, Arc<Block>)| (entry.0, (entry.1, entry.2)) == (chunk, id);
        let mut recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., block)) = recent.blocks.iter().rev().find(wanted) {
            return Some(block.clone());
        }
        let mut block = Block::default();
        self.sound(self.0.chunks.get(chunk)?.decode(id, &mut block.marks, &mut block.units))?;
        let block = Arc::new(block);
        let entry = (chunk, id.0, id.1, block.clone());
        let turn = recent.turn;
        match recent.blocks.get_mut(turn) {
            Some(place) => *place = entry,
            None => recent.blocks.push(entry),
        }
        recent.turn = (turn + 1) % RECENT;
        Some(block)
    }

    fn note(&self, error: &Error) {
        let mut trouble = self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.get_or_insert_with(|| error.said());
    }

    pub(super) fn sound<T>(&self, result: Result<T>) -> Option<T> {
        result.inspect_err(|error| self.note(error)).ok()
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("revision", &self.0.revision)
            .field("bodies", &self.body_count())
            .field("reports", &self.0.reports)
            .finish_non_exhaustive()
    }
}
