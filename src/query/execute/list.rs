//! Small helpers for answers that list things.

use super::super::{Answer, Bilingual, CellName, Field, Number, Source, Title};
use crate::{
    model::{Cell, Quantity, Report, Slot, Table},
    schema::catalogue,
};

/// Columns whose heads are in `messages`.
pub(crate) fn titles(ids: &[&str]) -> Vec<Title> {
    ids.iter().map(|id| Title { id: (*id).to_owned(), label: Bilingual::default(), unit: None }).collect()
}

pub(crate) fn text(text: impl Into<String>) -> Field {
    Field::Text(text.into())
}

/// A text, or nothing.
pub(crate) fn maybe(text: Option<String>) -> Field {
    text.map_or(Field::None, Field::Text)
}

/// A word of a closed list whose label is in `messages`.
pub(crate) fn item(id: &str) -> Field {
    Field::Item { id: id.to_owned(), label: Bilingual::default() }
}

pub(crate) fn whole(count: usize) -> Field {
    Field::Whole(u64::try_from(count).unwrap_or(u64::MAX))
}

/// The number of a reading, where there is one.
pub(crate) fn quantity(value: Option<Quantity>) -> Field {
    Field::Number(value.map(|value| match value {
        Quantity::Count(count) => Number::Count(i128::from(count)),
        Quantity::Money(amount) => Number::from(amount),
    }))
}

/// Where a cell of a report was printed.
pub(crate) fn source(report: &Report, cell: &Cell) -> Field {
    let known = |number: u32| (number > 0).then_some(number);
    let table = catalogue().get(cell.slot.category).and_then(|category| category.table);
    Field::Source(Source {
        file: report.origin.file.clone(),
        sha256: report.origin.sha256.clone(),
        table: table.map(|table| table_id(table).to_owned()),
        row: known(cell.row),
        line: known(cell.place.line),
        column: known(cell.place.column),
    })
}

/// A slot by its ids.
pub(crate) fn cell_name(slot: Slot) -> CellName {
    CellName {
        category: catalogue().get(slot.category).map_or_else(|| slot.category.0.to_string(), |known| known.id.clone()),
        applicant: slot.applicant.map(|applicant| applicant.id().to_owned()),
    }
}

/// The id of a table.
pub(crate) fn table_id(table: Table) -> &'static str {
    match table {
        Table::T2 => "t2",
        Table::T3 => "t3",
        Table::T4 => "t4",
    }
}

/// An answer of rows under heads.
pub(crate) fn answer(columns: Vec<Title>, rows: Vec<Vec<Field>>) -> Answer {
    Answer { columns, rows, ..Answer::default() }
}
