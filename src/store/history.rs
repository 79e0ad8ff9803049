//! What was there before: revisions, views of the past, corrections, verdicts.

use std::path::Path;

use super::{
    archive::{self, Frame, Kind, Place},
    codec::{self, FRAME},
    column::PREVIOUS,
    entry::{self, BlockV1, CorrectionV1, Entry, VerdictV1},
    layers::{Layers, place},
    manifest::Manifest,
    of_report,
    open::{Store, Writer, archive_folder},
    put::Put,
    view::View,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Reading, Report, ReportKey, Slot},
};

/// One state of a report (更正版本), as the archive keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Number of the record.
    pub sequence: u64,
    /// When it was stored, in milliseconds since 1970.
    pub time: u64,
    /// Number of the first record of the batch it came with: what [`Store::undo`] takes.
    pub batch: u64,
    /// Who changed it and why, where a person did.
    pub correction: Option<Correction>,
    /// The report; nothing where this revision took it back.
    pub report: Option<Report>,
}

/// Who corrected a report and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl From<&CorrectionV1> for Correction {
    fn from(correction: &CorrectionV1) -> Self {
        Self { by: correction.by.clone(), reason: correction.reason.clone() }
    }
}

/// What a person decided about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The report.
    pub key: ReportKey,
    /// The rule of the finding.
    pub rule: String,
    /// Fingerprint of the figures that were judged: where they change, it no longer counts.
    pub judged: String,
    /// The decision, such as `accepted` or `explained`.
    pub verdict: String,
    /// Who decided.
    pub by: String,
    /// Why.
    pub note: String,
    /// When, in milliseconds since 1970.
    pub time: u64,
}

impl Store {
    /// Every revision of a report, the newest first; also of a report that was taken back.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the archive cannot be read.
    pub fn revisions(&self, key: &ReportKey) -> Result<Vec<Revision>> {
        let view = self.view()?;
        let found = view.find(&key.body).map(|body| view.revisions(body, key.year)).unwrap_or_default();
        view.health()?;
        if !found.is_empty() {
            return Ok(found);
        }
        // A report that was taken back is in no column: the archive is walked for it.
        let mut all = Vec::new();
        each_frame(&self.folder, |frame| {
            let entry = Entry::of(&frame)?;
            if entry.names(key)? {
                all.push(revision(&frame, entry, key)?);
            }
            Ok(())
        })?;
        all.reverse();
        Ok(all)
    }

    /// The reports as they were at a moment, in milliseconds since 1970: every record written until then, no other.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the archive cannot be read.
    pub fn as_of(&self, time: u64) -> Result<View> {
        let mut layers = Layers::default();
        let mut last = 0;
        each_frame(&self.folder, |frame| {
            if frame.time > time {
                return Ok(());
            }
            last = frame.sequence;
            layers.apply(&frame)?;
            if layers.fresh.len() > 16_384 { layers.settle() } else { Ok(()) }
        })?;
        View::over(last, &layers, archive_folder(&self.folder))
    }

    /// Changes readings of a report by hand. The printed text stays; the old revision is kept.
    ///
    /// # Errors
    /// `Usage` when there is no such report or it has no such cell, and as [`Store::put`].
    pub fn correct(&self, key: &ReportKey, cells: &[(Slot, Reading)], by: &Correction, now: u64) -> Result<Put> {
        self.write(|writer| {
            let mut report = writer.report(key)?;
            for &(slot, reading) in cells {
                let cell = report.cells.iter_mut().find(|cell| cell.slot == slot);
                let cell = cell.ok_or_else(|| of_report(ErrorKind::Usage, "store.no_cell", key))?;
                cell.reading = reading;
            }
            let correction = CorrectionV1 { by: by.by.clone(), reason: by.reason.clone() };
            let done = writer.put(&[report], Some(&correction), now)?;
            Ok(done.first().copied().unwrap_or(Put::Unchanged))
        })
    }

    /// Stores a decision about a finding.
    ///
    /// # Errors
    /// `Io` when it could not be made durable.
    pub fn decide(&self, verdict: &Verdict, now: u64) -> Result<()> {
        self.write(|writer| {
            let record = VerdictV1::from(verdict);
            writer.commit(&[(Kind::Verdict, codec::encode(1, &record, FRAME)?)], Vec::new(), now)?;
            writer.layers.verdicts.push(record);
            Ok(())
        })
    }
}

impl View {
    /// Every revision of a report, the newest first; for reports in memory the one there is.
    #[must_use]
    pub fn revisions(&self, body: usize, year: crate::model::Year) -> Vec<Revision> {
        let Some(id) = self.body(body).map(|body| body.id.clone()) else { return Vec::new() };
        let key = ReportKey { body: id, year };
        match self.place_of(body, year) {
            Some((folder, packed)) => self.sound(chain(folder, packed, &key)).unwrap_or_default(),
            None => self
                .report(body, year)
                .map(|report| Revision {
                    sequence: self.revision(),
                    time: 0,
                    batch: 0,
                    correction: None,
                    report: Some(report),
                })
                .into_iter()
                .collect(),
        }
    }
}

/// The revisions from a place back through those it replaced.
fn chain(folder: &Path, mut packed: i64, key: &ReportKey) -> Result<Vec<Revision>> {
    let mut revisions: Vec<Revision> = Vec::new();
    while packed != 0 {
        let frame = archive::read(folder, place(packed)?)?;
        let entry = Entry::of(&frame)?;
        packed = entry.previous(key)?;
        let revision = revision(&frame, entry, key)?;
        if revisions.last().is_some_and(|newer| newer.sequence <= revision.sequence) {
            return Err(of_report(ErrorKind::Damaged, "store.circle", key));
        }
        revisions.push(revision);
    }
    Ok(revisions)
}

fn revision(frame: &Frame, entry: Entry, key: &ReportKey) -> Result<Revision> {
    let correction = match &entry {
        Entry::Put(put) => put.correction.as_ref().map(Correction::from),
        _ => None,
    };
    let batch = entry.batch().unwrap_or(frame.sequence);
    Ok(Revision { sequence: frame.sequence, time: frame.time, batch, correction, report: entry.report(key)? })
}

/// Every frame of the archive, in order.
pub(super) fn each_frame(folder: &Path, each: impl FnMut(Frame) -> Result<()>) -> Result<()> {
    let manifest = Manifest::read(folder)?;
    let start = Place { file: 1, offset: 0 };
    let stop = archive::frames(&archive_folder(folder), manifest.store, start, 1, each)?;
    super::open::vouched(&manifest, stop)
}

impl Entry {
    /// Whether it says anything of a report.
    fn names(&self, key: &ReportKey) -> Result<bool> {
        Ok(match self {
            Self::Put(put) => entry::key(&put.report.body.path, put.report.year)? == *key,
            Self::Removal(removal) => entry::key(&removal.body.path, removal.year)? == *key,
            Self::Block(block) => block.clone().chunk(Place::default())?.has(key)?,
            Self::Verdict(_) => false,
        })
    }

    /// The packed place of what it replaced for a report; 0 for nothing.
    fn previous(&self, key: &ReportKey) -> Result<i64> {
        match self {
            Self::Put(put) => Ok(put.previous),
            Self::Removal(removal) => Ok(removal.previous),
            Self::Block(block) => block.previous(key),
            Self::Verdict(_) => Ok(0),
        }
    }
}

impl BlockV1 {
    fn previous(&self, key: &ReportKey) -> Result<i64> {
        let chunk = self.clone().chunk(Place::default())?;
        let Ok(at) = chunk.bodies()?.binary_search_by(|body| body.id.cmp(&key.body)) else { return Ok(0) };
        let places = chunk.numbers((PREVIOUS, key.year.number()))?;
        Ok(places.and_then(|places| places.get(at).copied().flatten()).unwrap_or(0))
    }
}

impl Writer {
    /// The report of a key as it is now.
    fn report(&self, key: &ReportKey) -> Result<Report> {
        let none = || of_report(ErrorKind::Usage, "store.no_report", key);
        let known = self.layers.known(key)?.ok_or_else(none)?;
        let frame = archive::read(&archive_folder(&self.folder), place(known.place)?)?;
        Entry::of(&frame)?.report(key)?.ok_or_else(none)
    }
}

impl From<&Verdict> for VerdictV1 {
    fn from(verdict: &Verdict) -> Self {
        Self {
            path: verdict.key.body.as_str().to_owned(),
            year: verdict.key.year.number(),
            rule: verdict.rule.clone(),
            judged: verdict.judged.clone(),
            verdict: verdict.verdict.clone(),
            by: verdict.by.clone(),
            note: verdict.note.clone(),
            time: verdict.time,
        }
    }
}

impl TryFrom<&VerdictV1> for Verdict {
    type Error = Error;

    fn try_from(verdict: &VerdictV1) -> Result<Self> {
        Ok(Self {
            key: entry::key(&verdict.path, verdict.year)?,
            rule: verdict.rule.clone(),
            judged: verdict.judged.clone(),
            verdict: verdict.verdict.clone(),
            by: verdict.by.clone(),
            note: verdict.note.clone(),
            time: verdict.time,
        })
    }
}
