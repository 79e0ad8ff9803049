//! Writing a cube, so that reading it again gives the same figures.

use std::{io::Write, ops::Range};

use crate::{
    error::{Error, ErrorKind, Result},
    model::{Quantity, Reading, Slot},
    store::{Block, View},
};

/// Writes every cell as `body,year,category,applicant,value`. `name` gives a slot's category and applicant.
///
/// # Errors
/// `Io` when it cannot be written, `Damaged` when a column cannot be read.
pub fn export_long(view: &View, to: impl Write, name: &dyn Fn(Slot) -> (String, String)) -> Result<()> {
    let mut out = csv::Writer::from_writer(to);
    out.write_record(["body", "year", "category", "applicant", "value"]).map_err(unwritten)?;
    for year in view.years() {
        let slots = view.slots(year);
        let names: Vec<(String, String)> = slots.iter().map(|&slot| name(slot)).collect();
        each(view, &slots, year, |path, cells| {
            for ((category, applicant), cell) in names.iter().zip(cells) {
                if let Some(reading) = cell {
                    let value = text(*reading);
                    let row = [path, &year.to_string(), category, applicant, &value];
                    out.write_record(row).map_err(unwritten)?;
                }
            }
            Ok(())
        })?;
    }
    out.flush()?;
    view.health()
}

/// Writes one row per report with a column per slot. `name` gives a slot's column.
///
/// # Errors
/// `Io` when it cannot be written, `Damaged` when a column cannot be read.
pub fn export_wide(view: &View, to: impl Write, name: &dyn Fn(Slot) -> String) -> Result<()> {
    let mut slots: Vec<Slot> = view.years().into_iter().flat_map(|year| view.slots(year)).collect();
    slots.sort_unstable();
    slots.dedup();
    let mut out = csv::Writer::from_writer(to);
    let head = ["body".to_owned(), "year".to_owned()].into_iter().chain(slots.iter().map(|&slot| name(slot)));
    out.write_record(head).map_err(unwritten)?;
    for year in view.years() {
        each(view, &slots, year, |path, cells| {
            out.write_field(path).map_err(unwritten)?;
            out.write_field(year.to_string()).map_err(unwritten)?;
            for cell in cells {
                out.write_field(cell.map(text).unwrap_or_default()).map_err(unwritten)?;
            }
            out.write_record(None::<&[u8]>).map_err(unwritten)
        })?;
    }
    out.flush()?;
    view.health()
}

/// Calls `row` with the path and cells of every report of a year, in order of bodies.
fn each(
    view: &View,
    slots: &[Slot],
    year: crate::model::Year,
    mut row: impl FnMut(&str, &[Option<Reading>]) -> Result<()>,
) -> Result<()> {
    /// Bodies decoded at once: few enough that memory stays flat.
    const STEP: usize = 1_024;
    let mut blocks: Vec<Block> = slots.iter().map(|_| Block::default()).collect();
    let mut cells = Vec::with_capacity(slots.len());
    let mut next = 0;
    while next < view.body_count() {
        let stretch: Range<usize> = next..(next + STEP).min(view.body_count());
        let mut end = stretch.end;
        for (block, &slot) in blocks.iter_mut().zip(slots) {
            end = view.load(slot, year, stretch.clone(), block);
        }
        for body in view.present(year, next..end) {
            cells.clear();
            cells.extend(blocks.iter().map(|block| block.reading(body)));
            if let Some(path) = view.body(body).map(|body| body.id.as_str()) {
                row(path, &cells)?;
            }
        }
        next = end;
    }
    Ok(())
}

fn text(reading: Reading) -> String {
    match reading {
        Reading::Value(Quantity::Count(count)) => count.to_string(),
        Reading::Value(Quantity::Money(amount)) => amount.to_string(),
        Reading::Blank { .. } => String::new(),
        Reading::NotApplicable => "NA".to_owned(),
        Reading::Unreadable => "?".to_owned(),
    }
}

fn unwritten(cause: csv::Error) -> Error {
    Error::new(ErrorKind::Io, "export.unwritten").because(cause)
}
