//! Laying new reports over sealed columns: only chunks that change are made anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use super::{
    build::{is_report, province},
    chunk::{Chunk, DICTIONARY, FORMS, Segment},
    segment::{self, LONGEST},
};
use crate::{error::Result, model::Body, store::block::Mark};

/// The chunks with other chunks laid over them: a report of `above` replaces the whole report of the same body and
/// year below. Chunks that nothing lies over are the same objects afterwards.
///
/// # Errors
/// `Damaged` or `Io` when a chunk that must be read cannot be.
pub fn fold(below: &[Arc<Chunk>], above: Vec<Chunk>) -> Result<Vec<Arc<Chunk>>> {
    let mut chunks = below.to_vec();
    for add in above {
        chunks = lay(chunks, add)?;
    }
    Ok(chunks)
}

fn lay(chunks: Vec<Arc<Chunk>>, add: Chunk) -> Result<Vec<Arc<Chunk>>> {
    let of_province = |chunk: &Arc<Chunk>| province(&chunk.first) == province(&add.first);
    let start = chunks.partition_point(|chunk| province(&chunk.first) < province(&add.first));
    let end = start + chunks.iter().skip(start).take_while(|chunk| of_province(chunk)).count();
    let mut out: Vec<Arc<Chunk>> = chunks.iter().take(start).cloned().collect();
    if start == end && !has_removals(&add)? {
        out.push(Arc::new(add));
    } else if start == end {
        out.extend(merge(None, &add, 0..add.len)?.into_iter().map(Arc::new));
    } else {
        let paths: Vec<&str> = add.bodies()?.iter().map(|body| body.id.as_str()).collect();
        let mut from = 0;
        let mut whole = None;
        for (at, base) in chunks.iter().enumerate().take(end).skip(start) {
            // A chunk owns every path up to the first one of the next chunk.
            let to = match chunks.get(at + 1).filter(|_| at + 1 < end) {
                Some(next) => paths.partition_point(|path| *path < next.first.as_str()),
                None => paths.len(),
            };
            if from == to {
                out.push(base.clone());
            } else if goes_behind(base, &add, from..to)? {
                out.push(base.clone());
                if (from, to) == (0, add.len) && !has_removals(&add)? {
                    whole = Some(out.len());
                    from = to;
                    continue;
                }
                out.extend(merge(None, &add, from..to)?.into_iter().map(Arc::new));
            } else {
                out.extend(merge(Some(base), &add, from..to)?.into_iter().map(Arc::new));
            }
            from = to;
        }
        if let Some(at) = whole {
            out.insert(at, Arc::new(add));
        }
    }
    out.extend(chunks.into_iter().skip(end));
    Ok(out)
}

/// Whether bodies come after all of a chunk and do not fit into it: then it can stay as it is.
fn goes_behind(base: &Chunk, add: &Chunk, part: Range<usize>) -> Result<bool> {
    let last = base.bodies()?.last().map(|body| &body.id);
    let first = add.bodies()?.get(part.start).map(|body| &body.id);
    Ok(base.len + part.len() > LONGEST && last < first)
}

fn has_removals(chunk: &Chunk) -> Result<bool> {
    for year in chunk.years()? {
        if chunk.forms(year.number())?.is_some_and(|forms| forms.iter().any(|&form| form != 0 && !is_report(form))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One body of the result: its position below and above.
#[derive(Clone, Copy)]
struct Row {
    below: Option<usize>,
    above: Option<usize>,
}

fn merge(base: Option<&Chunk>, add: &Chunk, part: Range<usize>) -> Result<Vec<Chunk>> {
    let none: &[Body] = &[];
    let old = base.map_or(Ok(none), Chunk::bodies)?;
    let new = add.bodies()?.get(part.clone()).unwrap_or_default();
    let mut rows = union(old, new, part.start);
    let years: BTreeSet<u16> = [base, Some(add)]
        .into_iter()
        .flatten()
        .map(Chunk::years)
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .map(crate::model::Year::number)
        .collect();

    let mut forms = BTreeMap::new();
    for &year in &years {
        forms.insert(year, forms_of(base, add, year, &rows)?);
    }
    let kept = |at: usize| forms.values().any(|forms| forms.get(at).is_some_and(|&form| form != 0));
    let keep: Vec<bool> = (0..rows.len()).map(kept).collect();
    if keep.contains(&false) {
        let mut flags = keep.iter();
        rows.retain(|_| flags.next().copied().unwrap_or(true));
        for forms in forms.values_mut() {
            let mut flags = keep.iter();
            forms.retain(|_| flags.next().copied().unwrap_or(true));
        }
    }

    let bodies: Vec<Body> = rows.iter().filter_map(|row| body(old, add, *row)).collect();
    let count = rows.len().div_ceil(LONGEST).max(1);
    let size = rows.len().div_ceil(count).max(1);
    let same_bodies = count == 1 && rows.len() == old.len() && rows.iter().all(|row| row.below.is_some());
    let mut parts: Vec<Vec<Segment>> = bodies.chunks(size).map(Chunk::dictionary).collect::<Result<_>>()?;

    for (&year, forms) in &forms {
        let touched =
            add.forms(year)?.is_some_and(|forms| forms.iter().skip(part.start).take(part.len()).any(|&f| f != 0));
        if same_bodies && !touched {
            copy(base, year, &mut parts)?;
        } else {
            columns(base, add, year, &rows, forms, size, &mut parts)?;
        }
    }
    parts.into_iter().map(|segments| Chunk::in_memory(0, segments)).collect()
}

fn body(old: &[Body], add: &Chunk, row: Row) -> Option<Body> {
    let above = row.above.and_then(|at| add.bodies().ok()?.get(at));
    above.or_else(|| row.below.and_then(|at| old.get(at))).cloned()
}

/// Both lists of bodies in one, in path order.
fn union(old: &[Body], new: &[Body], offset: usize) -> Vec<Row> {
    let mut rows = Vec::with_capacity(old.len() + new.len());
    let (mut below, mut above) = (old.iter().enumerate().peekable(), new.iter().zip(offset..).peekable());
    loop {
        let order = match (below.peek(), above.peek()) {
            (None, None) => return rows,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((_, old)), Some((new, _))) => old.id.cmp(&new.id),
        };
        rows.push(Row {
            below: if order.is_le() { below.next().map(|(at, _)| at) } else { None },
            above: if order.is_ge() { above.next().map(|(_, at)| at) } else { None },
        });
    }
}

/// Scope and forms of the result: those above, or below where nothing lies above; 0 where a report was taken back.
fn forms_of(base: Option<&Chunk>, add: &Chunk, year: u16, rows: &[Row]) -> Result<Vec<u8>> {
    let below = base.map_or(Ok(None), |base| base.forms(year))?;
    let above = add.forms(year)?;
    let form =
        |forms: &Option<Arc<[u8]>>, at: Option<usize>| forms.as_ref()?.get(at?).copied().filter(|&form| form != 0);
    let merged = rows.iter().map(|row| form(&above, row.above).or_else(|| form(&below, row.below)).unwrap_or(0));
    Ok(merged.map(|form| if is_report(form) { form } else { 0 }).collect())
}

fn copy(base: Option<&Chunk>, year: u16, parts: &mut [Vec<Segment>]) -> Result<()> {
    let (Some(base), Some(part)) = (base, parts.first_mut()) else { return Ok(()) };
    for entry in base.entries()?.iter().filter(|entry| entry.id.1 == year && entry.id.0 != DICTIONARY) {
        part.push((entry.id, base.read(entry)?));
    }
    Ok(())
}

fn columns(
    base: Option<&Chunk>,
    add: &Chunk,
    year: u16,
    rows: &[Row],
    forms: &[u8],
    size: usize,
    parts: &mut [Vec<Segment>],
) -> Result<()> {
    let mut slots = BTreeSet::new();
    for chunk in [base, Some(add)].into_iter().flatten() {
        let of_year = chunk.entries()?.iter().filter(|entry| entry.id.1 == year && entry.id.0 != DICTIONARY);
        slots.extend(of_year.map(|entry| entry.id.0));
    }
    let from_above = add.forms(year)?;
    let lies_above =
        |row: &Row| from_above.as_ref().zip(row.above).is_some_and(|(f, at)| f.get(at).is_some_and(|&f| f != 0));
    let above_wins: Vec<bool> = rows.iter().map(lies_above).collect();
    let mut low = (Vec::new(), Vec::new());
    let mut high = (Vec::new(), Vec::new());
    let (mut marks, mut units) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for slot in slots {
        let id = (slot, year);
        if let Some(base) = base {
            base.decode(id, &mut low.0, &mut low.1)?;
        }
        add.decode(id, &mut high.0, &mut high.1)?;
        marks.clear();
        units.clear();
        for ((row, &above), &form) in rows.iter().zip(&above_wins).zip(forms) {
            let (column, at) = if above { (&high, row.above) } else { (&low, row.below) };
            let cell = at.and_then(|at| Some((*column.0.get(at)?, *column.1.get(at)?)));
            let cell = cell.filter(|_| form != 0).unwrap_or((Mark::NoReport, 0));
            marks.push(cell.0);
            units.push(if slot == FORMS { i64::from(form) } else { cell.1 });
        }
        let pieces = marks.chunks(size).zip(units.chunks(size));
        for (part, (marks, units)) in parts.iter_mut().zip(pieces) {
            if let Some(bytes) = segment::encode(id, marks, units) {
                part.push((id, Arc::from(bytes)));
            }
        }
    }
    Ok(())
}
