//! Excel files, new (`.xlsx`) and old (`.xls`): filled cells with their merged regions, never a dense range.

mod layout;
mod value;

use std::io::Cursor;

use calamine::{Dimensions, Reader, SheetVisible, Xls, XlsError, Xlsx};

use self::layout::Filled;
use super::{archive::Archive, limits, refuse};
use crate::ingest::{Block, Document, Format, Refusal};

/// An `.xlsx` as lines and tables; a place is the row and column of the sheet.
pub(super) fn read_xlsx(bytes: &[u8]) -> Result<Document, Refusal> {
    Archive::open(bytes)?.check()?;
    let damaged = || refuse::damaged("Excel");
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut blocks = Vec::new();
    let mut room = limits::CELLS;
    for sheet in shown(&book) {
        // Charts and macros are sheets without cells.
        let merged = book.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
        let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else { continue };
        let mut filled = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let text = value::text(cell.get_value());
            if !text.is_empty() {
                room = room.checked_sub(1).ok_or_else(refuse::too_many_cells)?;
                let (row, column) = cell.get_position();
                filled.push(Filled { text, row, column });
            }
        }
        layout::sheet(filled, &merged, &mut blocks);
    }
    document(blocks)
}

/// An `.xls`, likewise.
pub(super) fn read_xls(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => refuse::encrypted(),
        _ => refuse::damaged("Excel"),
    })?;
    let mut blocks = Vec::new();
    let mut room = limits::CELLS;
    for sheet in shown(&book) {
        let merged: Vec<Dimensions> = book.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
        let Ok(range) = book.worksheet_range(&sheet) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        let mut filled = Vec::new();
        for (row, column, cell) in range.used_cells() {
            room = room.checked_sub(1).ok_or_else(refuse::too_many_cells)?;
            let text = value::text(cell);
            let at = |offset: u32, index: usize| offset.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            if !text.is_empty() {
                filled.push(Filled { text, row: at(top, row), column: at(left, column) });
            }
        }
        layout::sheet(filled, &merged, &mut blocks);
    }
    document(blocks)
}

/// The names of the sheets a person sees.
fn shown<R: std::io::Read + std::io::Seek, B: Reader<R>>(book: &B) -> Vec<String> {
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    visible.map(|sheet| sheet.name.clone()).collect()
}

fn document(blocks: Vec<Block>) -> Result<Document, Refusal> {
    if blocks.is_empty() {
        return Err(refuse::empty());
    }
    Ok(Document { format: Format::Sheet, metadata: Vec::new(), blocks })
}
