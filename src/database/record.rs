//! What people add to a store: judgements of findings and corrections of cells; and what was there before.

use super::{Database, Done};
use crate::{
    check,
    error::{Error, ErrorKind, Result},
    model::{Amount, Decision, Quantity, Reading, ReportKey, Slot},
    query::{self, Answer, Bilingual, Corrected, Field, Judged, Revised, Title},
    schema::{ValueType, catalogue},
    store::{Batch, Correction, Revision, Store, Verdict, View, of_report},
};

impl Database {
    /// Stores a judgement of what a rule finds in a report now.
    pub(super) fn judge(&self, judged: &Judged) -> Result<Done> {
        let store = self.writable()?;
        let key = ReportKey { body: judged.body.clone(), year: judged.year };
        let view = store.view()?;
        if view.find(&key.body).and_then(|body| view.meta(body, key.year)).is_none() {
            return Err(of_report(ErrorKind::Usage, "store.no_report", &key));
        }
        let Some(found) = query::judged(&judged.rule, &key, &view, self.register().as_deref()) else {
            let rule = judged.rule.as_str();
            return Err(of_report(ErrorKind::Usage, "database.nothing_to_judge", &key).with("rule", rule));
        };
        let verdict = Verdict {
            judged: found,
            key,
            rule: judged.rule.clone(),
            verdict: judged.judgement.id().to_owned(),
            by: self.author.clone(),
            note: judged.reason.clone(),
            time: (self.clock)(),
        };
        store.decide(&verdict, (self.clock)())?;
        Ok(Done::Stored)
    }

    /// Stores a corrected cell as a new revision of the report.
    pub(super) fn correct(&self, corrected: &Corrected) -> Result<Done> {
        let key = ReportKey { body: corrected.body.clone(), year: corrected.year };
        let reading = Reading::Value(quantity(corrected.slot, &corrected.value)?);
        let by = Correction { by: self.author.clone(), reason: corrected.because.clone() };
        self.writable()?.correct(&key, &[(corrected.slot, reading)], &by, (self.clock)())?;
        Ok(Done::Stored)
    }

    /// The batches of the store as a list, the newest first: what was stored together, when, and from which file.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a store in memory, another kind when the archive cannot be read.
    pub fn batches(&self) -> Result<Answer> {
        let no_past = || Error::new(ErrorKind::Usage, "database.no_batches");
        let batches = self.store().ok_or_else(no_past)?.batches()?;
        let ids = ["batch", "time", "added", "replaced", "removed", "file", "author", "reason"];
        let titles = ids.map(|id| Title { id: id.to_owned(), label: Bilingual::default(), unit: None });
        let words = |text: Option<String>| text.filter(|text| !text.is_empty()).map_or(Field::None, Field::Text);
        let row = |batch: Batch| {
            let (by, reason) = batch.correction.map_or((None, None), |by| (Some(by.by), Some(by.reason)));
            vec![
                Field::Whole(batch.number),
                Field::Text(moment(batch.time)),
                Field::Whole(batch.added),
                Field::Whole(batch.replaced),
                Field::Whole(batch.removed),
                words(Some(batch.file)),
                words(by),
                words(reason),
            ]
        };
        let rows = batches.into_iter().map(row).collect();
        Ok(Answer { columns: titles.to_vec(), rows, revision: self.view()?.revision(), ..Answer::default() })
    }

    /// Takes batches back: what they added goes, what they replaced or took back returns, as one more batch. Reports
    /// that were changed again since are left alone. Returns how many reports changed.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a number that is no batch or a store in memory, and as [`Database::put`].
    pub fn undo(&self, batches: &[u64]) -> Result<usize> {
        self.writable()?.undo(batches, (self.clock)())
    }

    fn writable(&self) -> Result<&Store> {
        self.store().ok_or_else(|| Error::new(ErrorKind::Usage, "database.memory_written"))
    }
}

fn quantity(slot: Slot, text: &str) -> Result<Quantity> {
    let money = catalogue().get(slot.category).is_some_and(|category| category.value_type == ValueType::Amount);
    let wrong = |key: &'static str| Error::new(ErrorKind::Usage, key).with("text", text);
    if money {
        return text.parse::<Amount>().map(Quantity::Money).map_err(|_| wrong("database.no_amount"));
    }
    text.parse().map(Quantity::Count).map_err(|_| wrong("database.no_count"))
}

/// The judgements of a view, oldest first, as the checks read them.
pub fn verdicts(view: &View) -> Vec<check::Verdict> {
    let read = |verdict: &Verdict| {
        let decision = Decision::from_id(&verdict.verdict)?;
        Some(check::Verdict {
            rule: verdict.rule.clone(),
            body: verdict.key.body.clone(),
            year: verdict.key.year,
            decision,
            reason: verdict.note.clone(),
            author: verdict.by.clone(),
            time: moment(verdict.time),
            figures_hash: verdict.judged.clone(),
        })
    };
    view.verdicts().iter().filter_map(read).collect()
}

/// Every version of a report, oldest first.
pub fn history(view: &View, key: &ReportKey) -> Vec<Revised> {
    let Some(body) = view.find(&key.body) else { return Vec::new() };
    let revised = |revision: Revision| {
        let (author, reason) = revision.correction.map_or((None, None), |by| (Some(by.by), Some(by.reason)));
        Some(Revised {
            revision: revision.sequence,
            time: moment(revision.time),
            author: author.filter(|author| !author.is_empty()),
            reason,
            report: revision.report?,
        })
    };
    view.revisions(body, key.year).into_iter().rev().filter_map(revised).collect()
}

/// The last millisecond of a day written `2025-03-31`, in UTC; nothing where it is no day.
pub fn end_of_day(date: &str) -> Option<u64> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?, parts.next()?);
    let days = days_before(year, month, day.parse().ok()?);
    u64::try_from((days + 1) * DAY - 1).ok()
}

const DAY: i64 = 86_400_000;

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last of a year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// `2025-03-01T08:30:00Z`
fn moment(milliseconds: u64) -> String {
    let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    let (days, seconds) = (milliseconds.div_euclid(DAY), milliseconds.rem_euclid(DAY) / 1_000);
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + carry;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_days_are_of_the_calendar() {
        assert_eq!(moment(0), "1970-01-01T00:00:00Z");
        // 29 February of a leap year; 1,709,164,800 s after 1970 is its first second.
        assert_eq!(moment(1_709_164_800_000), "2024-02-29T00:00:00Z");
        assert_eq!(end_of_day("2024-02-29"), Some(1_709_164_800_000 + 86_400_000 - 1));
        assert_eq!(moment(end_of_day("2025-03-31").unwrap()), "2025-03-31T23:59:59Z");
        assert_eq!(end_of_day("yesterday"), None);
    }
}
