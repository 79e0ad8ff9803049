//! Chunks from reports: rows in, columns out.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    chunk::{Chunk, FORMS, HASHES, PLACES, Segment},
    segment::{self, LONGEST, Listed},
};
use crate::{
    error::Result,
    model::{Body, Report, ReportKey},
    store::{
        block::Mark,
        column::column,
        record::{self, form_code},
    },
};

/// The form code that takes a report back.
pub const REMOVED: u8 = u8::MAX;

/// A report as columns need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// Who reports.
    pub body: Body,
    /// The year.
    pub year: u16,
    /// Scope and forms, or [`REMOVED`].
    pub form: u8,
    /// Place in the archive, packed.
    pub place: i64,
    /// Hash of the cells.
    pub hash: i64,
    /// Code of the slot, mark, number; in order of slots.
    pub cells: Vec<(u32, Mark, i64)>,
}

impl Fresh {
    /// What columns need of a report.
    #[must_use]
    pub fn of(report: &Report, place: i64) -> Self {
        let form = form_code(report.scope, report.templates);
        let cells: Vec<_> = report
            .cells
            .iter()
            .map(|cell| {
                let (mark, units) = Mark::of(cell.reading);
                (column(cell.slot), mark, units)
            })
            .collect();
        let mut hash = CellsHash::new(form);
        for &(slot, mark, units) in &cells {
            hash.add(slot, mark, units);
        }
        let hash = hash.finish();
        Self { body: report.body.clone(), year: report.year.number(), form, place, hash, cells }
    }

    /// A report taken back.
    #[must_use]
    pub fn removal(body: Body, year: u16, place: i64) -> Self {
        Self { body, year, form: REMOVED, place, hash: 0, cells: Vec::new() }
    }

    /// Body and year.
    #[must_use]
    pub fn key(&self) -> Option<ReportKey> {
        Some(ReportKey { body: self.body.id.clone(), year: crate::model::Year::new(self.year)? })
    }
}

/// A number of 32 bits for the contents of a report: equal cells give equal numbers. What must be certain compares the
/// cells too.
#[derive(Clone, Copy, Debug)]
pub struct CellsHash(u64);

impl CellsHash {
    /// Begins with scope and forms.
    #[must_use]
    pub fn new(form: u8) -> Self {
        Self(0).stir(form.into())
    }

    /// Adds a cell; cells come in order of slots.
    pub fn add(&mut self, slot: u32, mark: Mark, units: i64) {
        *self = self.stir((u64::from(slot) << 8) | mark as u64).stir(units.cast_unsigned());
    }

    /// The number: 32 bits, since it only spares comparisons and costs every report its bytes.
    #[must_use]
    pub fn finish(self) -> i64 {
        (self.0 >> 32).cast_signed()
    }

    fn stir(self, next: u64) -> Self {
        let mixed = (self.0 ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed ^ (mixed >> 29))
    }
}

/// Chunks of reports; of two for the same body and year the later one counts.
///
/// # Errors
/// `Limit` when a name is too long to be kept.
pub fn build(reports: impl IntoIterator<Item = Fresh>) -> Result<Vec<Chunk>> {
    let mut by_body: BTreeMap<String, (Body, BTreeMap<u16, Fresh>)> = BTreeMap::new();
    for report in reports {
        let path = report.body.id.as_str().to_owned();
        let (body, years) = by_body.entry(path).or_insert_with(|| (report.body.clone(), BTreeMap::new()));
        *body = report.body.clone();
        years.insert(report.year, report);
    }
    let bodies: Vec<_> = by_body.into_values().collect();
    let mut chunks = Vec::new();
    for province in bodies.chunk_by(|(a, _), (b, _)| province(a.id.as_str()) == province(b.id.as_str())) {
        for part in province.chunks(LONGEST) {
            chunks.push(one(part)?);
        }
    }
    Ok(chunks)
}

/// The first two digits of a path.
pub fn province(path: &str) -> &str {
    path.get(..2).unwrap_or(path)
}

fn one(part: &[(Body, BTreeMap<u16, Fresh>)]) -> Result<Chunk> {
    let bodies: Vec<Body> = part.iter().map(|(body, _)| body.clone()).collect();
    let mut segments = Chunk::dictionary(&bodies)?;
    let years: std::collections::BTreeSet<u16> = part.iter().flat_map(|(_, years)| years.keys().copied()).collect();
    for year in years {
        let mut columns: BTreeMap<u32, (Vec<Mark>, Vec<i64>)> = BTreeMap::new();
        let rows: Vec<Option<&Fresh>> = part.iter().map(|(_, years)| years.get(&year)).collect();
        let mut own = |slot: u32, number: &dyn Fn(&Fresh) -> i64| {
            let cells = rows.iter().map(|row| row.map_or((Mark::NoReport, 0), |report| (Mark::Count, number(report))));
            columns.insert(slot, cells.unzip());
        };
        own(FORMS, &|report| report.form.into());
        own(PLACES, &|report| report.place);
        own(HASHES, &|report| report.hash);
        for (at, report) in rows.iter().enumerate() {
            for &(slot, mark, units) in report.iter().flat_map(|report| &report.cells) {
                let (marks, numbers) = columns.entry(slot).or_insert_with(|| {
                    let absent = |row: Option<_>| row.map_or(Mark::NoReport, |_: &Fresh| Mark::NotInTemplate);
                    (rows.iter().copied().map(absent).collect(), vec![0; rows.len()])
                });
                if let (Some(place), Some(number)) = (marks.get_mut(at), numbers.get_mut(at)) {
                    (*place, *number) = (mark, units);
                }
            }
        }
        put_columns(&mut segments, year, columns.iter().map(|(&slot, (marks, units))| (slot, &marks[..], &units[..])));
    }
    Chunk::in_memory(0, segments)
}

/// Encodes a column whose cells are listed; nothing when no report has such a cell.
pub fn encode_listed(id: (u32, u16), column: &Listed<'_>) -> Option<Segment> {
    segment::encode_listed(id, column).map(|bytes| (id, Arc::from(bytes)))
}

/// Encodes columns of a year and appends them.
pub fn put_columns<'a>(
    segments: &mut Vec<Segment>,
    year: u16,
    columns: impl IntoIterator<Item = (u32, &'a [Mark], &'a [i64])>,
) {
    for (slot, marks, units) in columns {
        if let Some(bytes) = segment::encode((slot, year), marks, units) {
            segments.push(((slot, year), Arc::from(bytes)));
        }
    }
}

/// Whether a form code stands for a report that is there.
pub fn is_report(form: u8) -> bool {
    record::form_of(form).is_some()
}
