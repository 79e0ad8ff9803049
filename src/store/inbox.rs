//! Fresh readings under their literal keys: (body, year, category) → the readings of its columns.

use serde::{Deserialize, Serialize};

use super::{
    backend::{Backend, Change, Tree, everything},
    block::Mark,
    codec::{self, VALUE},
    column::{Fresh, REMOVED, slot_of},
    key, record,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{CategoryCode, Reading, ReportKey, Slot},
};

/// The readings of one category: code of the applicant, mark, number.
#[derive(Serialize, Deserialize)]
struct ReadingsV1(Vec<(u8, u8, i64)>);

/// What is known of a fresh report: form, place, hash.
#[derive(Serialize, Deserialize)]
struct ReportV1(u8, i64, i64);

/// Puts a report in one batch, or takes it out; the keys of a fresh revision it replaces go with it.
///
/// # Errors
/// `Io` when the engine cannot write.
pub fn put(backend: &dyn Backend, key: &ReportKey, fresh: &Fresh, old: Option<&Fresh>) -> Result<()> {
    let mut changes: Vec<Change> = Vec::new();
    let by_category = |report: &Fresh| {
        let mut categories: Vec<(CategoryCode, ReadingsV1)> = Vec::new();
        for &(code, mark, units) in &report.cells {
            let Some(slot) = slot_of(code) else { continue };
            let reading = (record::applicant_code(slot.applicant), mark as u8, units);
            match categories.last_mut() {
                Some((category, readings)) if *category == slot.category => readings.0.push(reading),
                _ => categories.push((slot.category, ReadingsV1(vec![reading]))),
            }
        }
        categories
    };
    let new = by_category(fresh);
    for (category, _) in old.map(by_category).unwrap_or_default() {
        if new.binary_search_by_key(&category, |(category, _)| *category).is_err() {
            changes.push((key::category(key, category), None));
        }
    }
    for (category, readings) in new {
        changes.push((key::category(key, category), Some(codec::encode(1, &readings, VALUE)?)));
    }
    backend.put_batch(Tree::Inbox, changes)?;
    let report = ReportV1(fresh.form, fresh.place, fresh.hash);
    backend.put_batch(Tree::Reports, vec![(key::report(key), Some(codec::encode(1, &report, VALUE)?))])
}

/// What the keyed layer holds of a report's category: nothing when the report is not in the inbox, else its readings.
///
/// # Errors
/// `Damaged` when a value is.
pub fn get(backend: &dyn Backend, key: &ReportKey, category: CategoryCode) -> Result<Option<Vec<(Slot, Reading)>>> {
    let Some(report) = backend.get(Tree::Reports, &key::report(key))? else { return Ok(None) };
    let ReportV1(form, ..) = codec::decode(1, &report, VALUE)?;
    let bytes = backend.get(Tree::Inbox, &key::category(key, category))?;
    let (Some(bytes), true) = (bytes, form != REMOVED) else { return Ok(Some(Vec::new())) };
    let ReadingsV1(readings) = codec::decode(1, &bytes, VALUE)?;
    let damaged = || Error::new(ErrorKind::Damaged, "store.no_reading");
    let readings = readings.into_iter().map(|(applicant, mark, units)| {
        let reading = Mark::from_code(mark).and_then(|mark| mark.reading(units)).ok_or_else(damaged)?;
        Ok((record::slot(category.0, applicant)?, reading))
    });
    readings.collect::<Result<_>>().map(Some)
}

/// Reads every key and value of the inbox.
///
/// # Errors
/// `Damaged` when one is.
pub fn check(backend: &dyn Backend) -> Result<()> {
    for pair in backend.scan(Tree::Reports, everything()) {
        let (key, value) = pair?;
        key::read_report(&key)?;
        codec::decode::<ReportV1>(1, &value, VALUE)?;
    }
    for pair in backend.scan(Tree::Inbox, everything()) {
        let (key, category) = key::read_category(&pair?.0)?;
        get(backend, &key, category)?;
    }
    Ok(())
}
