//! Batches: what was stored together, and taking it back.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    archive::{self, Kind, Place},
    codec::{self, FRAME},
    column::{Fresh, PREVIOUS},
    entry::{self, Entry, PutV1, RemovalV1},
    history::{Correction, each_frame},
    layers::place,
    of_report,
    open::{Store, Writer, archive_folder},
    record::{BodyV1, ReportV1},
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Body, BodyId, Report, ReportKey, Year},
};

/// Reports that were stored, or taken back, with one acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Number of its first record: what [`Store::undo`] takes.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub time: u64,
    /// Reports that were not there before.
    pub added: u64,
    /// Reports that took the place of another revision.
    pub replaced: u64,
    /// Reports that were taken back.
    pub removed: u64,
    /// The file of its first report; empty where all were taken back.
    pub file: String,
    /// Who changed it and why, where a person did.
    pub correction: Option<Correction>,
}

/// What a batch did to one report.
struct Came {
    body: Body,
    /// Packed place of what was there before the batch; 0 for nothing.
    before: i64,
    /// Packed place of what the batch left.
    left: i64,
    /// Whether it left nothing.
    gone: bool,
}

impl Store {
    /// Every batch, the newest first.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the archive cannot be read.
    pub fn batches(&self) -> Result<Vec<Batch>> {
        let (mut batches, mut removals): (Vec<Batch>, BTreeSet<i64>) = Default::default();
        each_frame(self.folder(), |frame| {
            let entry = Entry::of(&frame)?;
            let Some(number) = entry.batch() else { return Ok(()) };
            if batches.last().is_none_or(|last| last.number != number) {
                batches.push(Batch {
                    number,
                    time: frame.time,
                    added: 0,
                    replaced: 0,
                    removed: 0,
                    file: String::new(),
                    correction: None,
                });
            }
            let Some(batch) = batches.last_mut() else { return Ok(()) };
            match &entry {
                Entry::Put(put) => {
                    batch.name(&put.report.origin.file);
                    batch.correction = put.correction.as_ref().map(Correction::from);
                }
                Entry::Block(block) => batch.name(&block.origin.file),
                Entry::Removal(_) | Entry::Verdict(_) => {}
            }
            let removal = matches!(entry, Entry::Removal(_));
            if removal {
                removals.insert(frame.place.packed());
            }
            for (.., previous) in entry.changed()? {
                // What comes after a report was taken back is new again.
                let nothing = previous == 0 || removals.contains(&previous);
                match (removal, nothing) {
                    (true, _) => batch.removed += 1,
                    (false, true) => batch.added += 1,
                    (false, false) => batch.replaced += 1,
                }
            }
            Ok(())
        })?;
        batches.reverse();
        Ok(batches)
    }

    /// Takes batches back, as one more batch: every report that they added goes, every one that they replaced or took
    /// back returns. Reports that were changed again since are left alone. Returns how many changed.
    ///
    /// # Errors
    /// `Usage` when one of them is no batch, and as [`Store::put`]; nothing has changed then.
    pub fn undo(&self, batches: &[u64], now: u64) -> Result<usize> {
        self.write(|writer| writer.undo(batches, now))
    }
}

impl Batch {
    fn name(&mut self, file: &str) {
        if self.file.is_empty() {
            file.clone_into(&mut self.file);
        }
    }
}

impl Writer {
    fn undo(&mut self, batches: &[u64], now: u64) -> Result<usize> {
        let came = self.came_with(batches)?;
        let first = self.archive.sequence() + 1;
        let (mut frames, mut fresh) = (Vec::new(), Vec::new());
        let mut returning: BTreeMap<i64, Vec<(ReportKey, i64)>> = BTreeMap::new();
        for ((year, id), came) in came {
            if came.before != 0 {
                returning.entry(came.before).or_default().push((ReportKey { body: id, year }, came.left));
                continue;
            }
            let record = BodyV1::from(&came.body);
            let removal = RemovalV1 { previous: came.left, batch: first, body: record, year: year.number() };
            frames.push((Kind::Removal, codec::encode(1, &removal, FRAME)?));
            fresh.push((ReportKey { body: id, year }, Fresh::removal(came.body, year.number(), 0)));
        }
        for (before, keys) in returning {
            // A record may hold thousands of them: it is read once.
            let entry = Entry::of(&archive::read(&archive_folder(&self.folder), place(before)?)?)?;
            let wanted: Vec<ReportKey> = keys.iter().map(|(key, _)| key.clone()).collect();
            for (report, (key, left)) in entry.reports(&wanted)?.into_iter().zip(keys) {
                let report: Report =
                    report.ok_or_else(|| of_report(ErrorKind::Damaged, "store.report_elsewhere", &key))?;
                let put = PutV1 { previous: left, batch: first, correction: None, report: ReportV1::from(&report) };
                frames.push((Kind::Report, codec::encode(1, &put, FRAME)?));
                fresh.push((key, Fresh::of(&report, 0)));
            }
        }
        let count = frames.len();
        self.commit(&frames, fresh, now)?;
        Ok(count)
    }

    /// What the batches did, by year and in path order; only where nothing else has changed the report since.
    fn came_with(&self, batches: &[u64]) -> Result<BTreeMap<(Year, BodyId), Came>> {
        let mut found: BTreeMap<(Year, BodyId), Came> = BTreeMap::new();
        let mut unknown: BTreeSet<u64> = batches.iter().copied().collect();
        let mut removals: BTreeSet<i64> = BTreeSet::new();
        each_frame(&self.folder, |frame| {
            let entry = Entry::of(&frame)?;
            let Some(batch) = entry.batch() else { return Ok(()) };
            unknown.remove(&batch);
            let named = batches.contains(&batch);
            let (left, gone) = (frame.place.packed(), matches!(entry, Entry::Removal(_)));
            if gone {
                removals.insert(left);
            }
            for (body, year, before) in entry.changed()? {
                let before = if removals.contains(&before) { 0 } else { before };
                let earlier = found.remove(&(year, body.id.clone()));
                if named {
                    // One after another they go back to what was before the first.
                    let before = earlier.map_or(before, |came| came.before);
                    found.insert((year, body.id.clone()), Came { body, before, left, gone });
                }
            }
            Ok(())
        })?;
        match unknown.first() {
            // What came and went again is as it was.
            None => Ok(found.into_iter().filter(|(_, came)| !came.gone || came.before != 0).collect()),
            Some(batch) => Err(Error::new(ErrorKind::Usage, "store.no_batch").with("batch", batch)),
        }
    }
}

impl Entry {
    /// Every report it changed: whose, of which year, and the packed place of what was there before; 0 for nothing.
    fn changed(self) -> Result<Vec<(Body, Year, i64)>> {
        match self {
            Self::Put(put) => {
                let key = entry::key(&put.report.body.path, put.report.year)?;
                Ok(vec![(Body::try_from(put.report.body)?, key.year, put.previous)])
            }
            Self::Removal(removal) => {
                let key = entry::key(&removal.body.path, removal.year)?;
                Ok(vec![(Body::try_from(removal.body)?, key.year, removal.previous)])
            }
            Self::Block(block) => {
                let chunk = block.chunk(Place::default())?;
                let mut changed = Vec::new();
                for year in chunk.years()? {
                    let forms = chunk.forms(year.number())?;
                    let previous = chunk.numbers((PREVIOUS, year.number()))?.unwrap_or_default();
                    let there = chunk.bodies()?.iter().zip(forms.iter().flat_map(|forms| forms.iter())).enumerate();
                    changed.extend(
                        there.filter(|(_, (_, form))| **form != 0).map(|(at, (body, _))| {
                            (body.clone(), year, previous.get(at).copied().flatten().unwrap_or(0))
                        }),
                    );
                }
                Ok(changed)
            }
            Self::Verdict(_) => Ok(Vec::new()),
        }
    }
}
