//! Gathered rows as chunks of columns.

use super::{
    Imported, Names,
    gather::{Batch, Sheet},
};
use crate::{
    error::Result,
    messages::Said,
    model::{Body, Slot, Templates, Year},
    store::{
        block::Mark,
        column::{
            self, CellsHash, Chunk, FORMS, HASHES, LINES, LONGEST, Listed, PLACES, Segment, encode_listed, province,
            put_columns,
        },
        record::form_code,
    },
};

/// Bodies of one province that make a chunk, and what is made of it so far.
struct Run<'a> {
    /// Position of the first.
    first: usize,
    bodies: &'a [Body],
    segments: Vec<Segment>,
}

impl Batch {
    /// Its rows as chunks, and the rows left out.
    ///
    /// # Errors
    /// `Limit` when a name is too long to be kept.
    pub fn chunks(&mut self, names: &Names<'_>) -> Result<(Vec<Chunk>, Imported)> {
        let mut refused = std::mem::take(&mut self.refused);
        let (bodies, positions) = self.ordered();
        let mut runs = runs(&bodies)?;
        let mut columns: Vec<(Slot, Mark, usize)> = self.columns.iter().zip(0..).map(column_of).collect();
        columns.sort_unstable();
        for (&year, sheet) in &self.years {
            let mut parts: Vec<Part> = runs.iter().map(|run| Part::new(year, run.bodies.len())).collect();
            let spots = spots(sheet, &runs, &positions, names, &mut parts, &mut refused);
            parts.iter_mut().for_each(Part::begin);
            for &(slot, number, at) in &columns {
                for (row, mark, units) in sheet.listed(at, number) {
                    let spot = spots.get(row).copied().flatten();
                    if let Some((part, at)) = spot.and_then(|(part, at)| Some((parts.get_mut(part)?, at))) {
                        part.listed.push((at, mark, units));
                    }
                }
                let fill = if self.filled { number } else { Mark::NotInTemplate };
                for (part, run) in parts.iter_mut().zip(&mut runs) {
                    run.segments.extend(part.put(slot, fill, names));
                }
            }
            for (part, run) in parts.iter().zip(&mut runs) {
                part.put_own(&mut run.segments);
            }
        }
        let chunks = runs.into_iter().map(|run| Chunk::in_memory(0, run.segments));
        Ok((chunks.collect::<Result<_>>()?, refused))
    }
}

/// A column with the mark of its numbers and its own number.
fn column_of((&(slot, money), at): (&(Slot, bool), usize)) -> (Slot, Mark, usize) {
    (slot, if money { Mark::Money } else { Mark::Count }, at)
}

/// The runs of bodies in path order, each with its dictionary.
fn runs(bodies: &[Body]) -> Result<Vec<Run<'_>>> {
    let provinces = bodies.chunk_by(|a, b| province(a.id.as_str()) == province(b.id.as_str()));
    let mut first = 0;
    let runs = provinces.flat_map(|province| province.chunks(LONGEST)).map(|bodies| {
        let run = Run { first, bodies, segments: Chunk::dictionary(bodies)? };
        first += bodies.len();
        Ok(run)
    });
    runs.collect()
}

/// Where a row goes: number of its run, position of its body in it. Nowhere when it was refused.
type Spot = Option<(usize, u16)>;

/// Where the rows of a year go, their reports being put there. Of several of one body the last one counts.
fn spots(
    sheet: &Sheet,
    runs: &[Run<'_>],
    positions: &[usize],
    names: &Names<'_>,
    parts: &mut [Part],
    refused: &mut Imported,
) -> Vec<Spot> {
    let mut spots: Vec<Spot> = vec![None; sheet.rows.len()];
    for (row, &(body, line)) in sheet.rows.iter().enumerate() {
        let position = positions.get(body).copied().unwrap_or(0);
        let number = runs.partition_point(|run| run.first <= position).saturating_sub(1);
        let (Some(run), Some(part)) = (runs.get(number), parts.get_mut(number)) else { continue };
        let at = position - run.first;
        let (Some(body), Some(place)) = (run.bodies.get(at), part.reports.get_mut(at)) else { continue };
        let (scope, templates) = (names.form)(body, part.year);
        let report = Report { row, line, form: form_code(scope, templates), templates };
        if let Some(earlier) = place.replace(report) {
            refused.refuse(earlier.line, Said::new("import.later_row"));
            if let Some(spot) = spots.get_mut(earlier.row) {
                *spot = None;
            }
        }
        if let Some(spot) = spots.get_mut(row) {
            *spot = u16::try_from(at).ok().map(|at| (number, at));
        }
    }
    spots
}

/// What is known of a report beside its cells.
#[derive(Clone, Copy)]
struct Report {
    row: usize,
    line: u64,
    form: u8,
    templates: Templates,
}

/// The reports of one year of one run.
struct Part {
    year: Year,
    /// By body.
    reports: Vec<Option<Report>>,
    /// How many there are.
    count: usize,
    hashes: Vec<CellsHash>,
    /// Of the column at hand: position of the body, what stands there.
    listed: Vec<(u16, Mark, i64)>,
}

impl Part {
    fn new(year: Year, bodies: usize) -> Self {
        Self { year, reports: vec![None; bodies], count: 0, hashes: Vec::new(), listed: Vec::new() }
    }

    /// Begins with the columns, when all reports are there.
    fn begin(&mut self) {
        self.count = self.reports.iter().flatten().count();
        let form = |report: &Option<Report>| report.map_or(0, |report| report.form);
        self.hashes = self.reports.iter().map(|report| CellsHash::new(form(report))).collect();
    }

    /// The next column in order of slots, whose list is empty afterwards; `fill` stands where nothing is listed.
    fn put(&mut self, slot: Slot, fill: Mark, names: &Names<'_>) -> Option<Segment> {
        let id = (column::column(slot), self.year.number());
        if !self.listed.is_sorted_by_key(|(at, ..)| at) {
            self.listed.sort_by_key(|(at, ..)| *at);
        }
        self.blanks(slot, names);
        self.hash(id.0, fill);
        let present = |at: usize| self.reports.get(at).is_some_and(Option::is_some);
        let (bodies, reports, cells) = (self.reports.len(), self.count, &self.listed[..]);
        let segment = encode_listed(id, &Listed { bodies, reports, present: &present, fill, cells });
        self.listed.clear();
        segment
    }

    /// An empty field is no blank where the form does not print the cell.
    fn blanks(&mut self, slot: Slot, names: &Names<'_>) {
        let mut known: Option<(Templates, bool)> = None;
        for (at, mark, _) in self.listed.iter_mut().filter(|(_, mark, _)| *mark == Mark::Blank) {
            let Some(report) = self.reports.get(usize::from(*at)).copied().flatten() else { continue };
            let printed = known.filter(|(of, _)| *of == report.templates).map(|(_, printed)| printed);
            let printed = printed.unwrap_or_else(|| (names.printed)(slot, report.templates));
            known = Some((report.templates, printed));
            if !printed {
                *mark = Mark::NotInTemplate;
            }
        }
    }

    /// Stirs a column into the hashes: what most cells say everywhere at once, and then put right what is listed.
    fn hash(&mut self, slot: u32, fill: Mark) {
        let right = self.listed.iter().map(|&(at, mark, units)| {
            let mut hash = self.hashes.get(usize::from(at)).copied().unwrap_or(CellsHash::new(0));
            if mark.is_cell() {
                hash.add(slot, mark, units);
            }
            (at, hash)
        });
        let right: Vec<(u16, CellsHash)> = right.collect();
        if fill.is_cell() && right.len() < self.count {
            self.hashes.iter_mut().for_each(|hash| hash.add(slot, fill, 0));
        }
        for (at, hash) in right {
            if let Some(place) = self.hashes.get_mut(usize::from(at)) {
                *place = hash;
            }
        }
    }

    /// The columns that the store keeps for itself.
    fn put_own(&self, segments: &mut Vec<Segment>) {
        if self.count == 0 {
            return;
        }
        let mut own = |slot: u32, number: &dyn Fn(&Report, &CellsHash) -> i64| {
            let cells = self.reports.iter().zip(&self.hashes).map(|(report, hash)| {
                report.as_ref().map_or((Mark::NoReport, 0), |report| (Mark::Count, number(report, hash)))
            });
            let (marks, units): (Vec<_>, Vec<_>) = cells.unzip();
            put_columns(segments, self.year.number(), [(slot, &marks[..], &units[..])]);
        };
        own(FORMS, &|report, _| report.form.into());
        own(HASHES, &|_, hash| hash.finish());
        own(LINES, &|report, _| i64::try_from(report.line).unwrap_or(0));
        own(PLACES, &|_, _| 0);
    }
}
