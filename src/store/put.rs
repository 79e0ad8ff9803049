//! Putting reports: compared, written to the archive, acknowledged, and only then applied.

use serde::{Deserialize, Serialize};

use super::{
    archive::{self, Kind},
    codec::{self, FRAME},
    column::Fresh,
    entry::{CorrectionV1, Entry, PutV1},
    inbox,
    layers::{Known, place},
    of_report,
    open::{Store, Writer, archive_folder},
    record::ReportV1,
};
use crate::{
    error::{Error, ErrorKind, Result},
    messages::Said,
    model::{CategoryCode, Reading, Report, ReportKey, Slot},
};

/// What putting a report did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Put {
    /// There was none of this body and year.
    Added,
    /// The same file was put before: nothing was written.
    Unchanged,
    /// Another one was there; it is kept as an older revision.
    Replaced,
}

/// Most cells of a report.
pub const MOST_CELLS: usize = 4_096;
/// Longest name of a body, in bytes.
pub const LONGEST_NAME: usize = 1_000;

impl Store {
    /// Puts one report. When this returns it is on the disk for good, whole. `now` is milliseconds since 1970.
    ///
    /// # Errors
    /// `Limit` or `Usage` for a report that cannot be kept, `Io` when it could not be made durable: then it is not
    /// in the store.
    pub fn put(&self, report: &Report, now: u64) -> Result<Put> {
        let done = self.put_all(std::slice::from_ref(report), now)?;
        done.first().copied().ok_or_else(|| Error::new(ErrorKind::Usage, "store.nothing_put"))
    }

    /// Puts several reports as one batch, acknowledged together: much cheaper than one by one.
    ///
    /// # Errors
    /// As [`Store::put`]; either all of them are in the store or none.
    pub fn put_all(&self, reports: &[Report], now: u64) -> Result<Vec<Put>> {
        self.write(|writer| writer.put(reports, None, now))
    }

    /// The readings of one category of a report by its literal key; nothing where there is no such report.
    ///
    /// # Errors
    /// `Damaged` when the value is.
    pub fn get(&self, key: &ReportKey, category: CategoryCode) -> Result<Option<Vec<(Slot, Reading)>>> {
        if let Ok(Some(found)) = self.write(|writer| inbox::get(writer.backend()?, key, category)) {
            return Ok(Some(found));
        }
        let view = self.view()?;
        let Some(body) = view.find(&key.body).filter(|&body| view.meta(body, key.year).is_some()) else {
            view.health()?;
            return Ok(None);
        };
        let slots = view.slots(key.year).into_iter().filter(|slot| slot.category == category);
        let found = slots.filter_map(|slot| Some((slot, view.reading(body, key.year, slot)?))).collect();
        view.health()?;
        Ok(Some(found))
    }
}

impl Writer {
    /// Puts a batch of reports.
    ///
    /// # Errors
    /// As [`Store::put_all`].
    pub fn put(&mut self, reports: &[Report], correction: Option<&CorrectionV1>, now: u64) -> Result<Vec<Put>> {
        let batch = self.archive.sequence() + 1;
        let mut done = Vec::with_capacity(reports.len());
        let mut frames = Vec::new();
        let mut fresh = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for report in reports {
            check(report)?;
            let key = report.key();
            if !seen.insert(key.clone()) {
                return Err(of_report(ErrorKind::Usage, "store.twice", &key));
            }
            let record = ReportV1::from(report);
            let new = Fresh::of(report, 0);
            let known = self.layers.known(&key)?;
            if let Some(known) = known
                && self.same(&key, &record, &new, known, correction.is_none())?
            {
                done.push(Put::Unchanged);
                continue;
            }
            done.push(if known.is_some() { Put::Replaced } else { Put::Added });
            let previous = known.map_or(0, |known| known.place);
            let put = PutV1 { previous, batch, correction: correction.cloned(), report: record };
            frames.push((Kind::Report, codec::encode(1, &put, FRAME)?));
            fresh.push((key, new));
        }
        self.commit(&frames, fresh, now)?;
        Ok(done)
    }

    /// Whether the report that is there is the same. Read from a file it is also the same where people have corrected
    /// what that file said: their corrections stand until another file comes.
    fn same(&self, key: &ReportKey, record: &ReportV1, new: &Fresh, known: Known, read: bool) -> Result<bool> {
        let alike = (known.form, known.hash) == (new.form, new.hash);
        let same = self.was(key, record, known, (alike, read));
        // What differs by its figures can replace what is damaged.
        if alike { same } else { Ok(same.unwrap_or(false)) }
    }

    /// The same, by the archive.
    fn was(&self, key: &ReportKey, record: &ReportV1, known: Known, (alike, read): (bool, bool)) -> Result<bool> {
        let entry = |packed| Entry::of(&archive::read(&archive_folder(&self.folder), place(packed)?)?);
        let (mut old, mut corrected) = (entry(known.place)?, false);
        while let Entry::Put(put) = &old
            && read
            && put.correction.is_some()
            && put.previous != 0
        {
            (old, corrected) = (entry(put.previous)?, true);
        }
        if !alike && !corrected {
            return Ok(false);
        }
        let old = old.report(key)?;
        let old = old.ok_or_else(|| of_report(ErrorKind::Damaged, "store.report_elsewhere", key))?;
        Ok(ReportV1::from(&old).essence()? == record.essence()?)
    }

    /// Writes frames, one per fresh report, and applies them. After the archive has them nothing can fail any more.
    ///
    /// # Errors
    /// When the archive cannot be written; nothing has changed then.
    pub fn commit(&mut self, frames: &[(Kind, Vec<u8>)], fresh: Vec<(ReportKey, Fresh)>, now: u64) -> Result<()> {
        if frames.is_empty() {
            return Ok(());
        }
        let places = self.archive.append(now, frames)?;
        // The manifest may stay behind on the disk; it then vouches for less, which is safe.
        self.behind |= self.note_progress(false, false).is_err();
        (self.changed, self.view) = (true, None);
        for ((key, mut new), place) in fresh.into_iter().zip(places) {
            new.place = place.packed();
            let old = self.layers.fresh.get(&key);
            let put = self.backend().and_then(|backend| inbox::put(backend, &key, &new, old));
            self.behind |= put.is_err();
            self.layers.fresh.insert(key, new);
        }
        self.behind |= self.applied().is_err();
        if self.layers.fresh.len() >= self.settings.seal_after {
            // Acknowledged already: a seal that fails now is tried again later and told of when closing.
            self.behind |= self.seal().is_err();
        }
        Ok(())
    }
}

fn check(report: &Report) -> Result<()> {
    let refuse = |kind, why: Said| Err(of_report(kind, "store.unstorable", &report.key()).with("why", why));
    if report.cells.len() > MOST_CELLS {
        return refuse(ErrorKind::Limit, Said::new("store.most_cells").with("most", MOST_CELLS));
    }
    if report.body.name.len() > LONGEST_NAME {
        return refuse(ErrorKind::Limit, Said::new("store.longest_name").with("most", LONGEST_NAME));
    }
    if !report.cells.is_sorted_by(|a, b| a.slot < b.slot) {
        return refuse(ErrorKind::Usage, Said::new("store.cell_order"));
    }
    Ok(())
}
