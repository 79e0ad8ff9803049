//! One field of an answer: for a person, for CSV, for JSON.

use serde::{Serialize, Serializer};

use super::{number, words};
use crate::{
    messages::Lang,
    query::{Bilingual, CellName, Field, PlaceName, Source, Title},
};

/// The head of a column for a person: its own words, those of the catalogue, or its id.
#[must_use]
pub fn title(title: &Title, lang: Lang) -> String {
    let own = words::side(&title.label, lang);
    if own.is_empty() { words::word_or(lang, "column", split(&title.id).0) } else { own.to_owned() }
}

/// The id of a column without the number of its measure, and that number: `value_2` is `value` and `_2`.
pub(super) fn split(id: &str) -> (&str, &str) {
    let base = id.trim_end_matches(|c: char| c.is_ascii_digit());
    match base.strip_suffix('_') {
        Some(stem) if base.len() < id.len() => (stem, id.get(stem.len()..).unwrap_or_default()),
        _ => (id, ""),
    }
}

/// A field for a person. A number that is not there is empty: the state says why.
#[must_use]
pub fn shown(field: &Field, title: &Title, lang: Lang) -> String {
    match field {
        Field::Text(text) => text.clone(),
        Field::Label(label) => words::side(label, lang).to_owned(),
        Field::Year(year) => year.to_string(),
        Field::Place(place) => place.name.clone(),
        Field::Number(number) => number.map(|number| number::shown(number, title.unit.as_deref())).unwrap_or_default(),
        Field::State(state) => words::state(lang, *state),
        Field::Flags(flags) => {
            let flags: Vec<String> = flags.iter().map(|flag| words::word_or(lang, "flag", flag)).collect();
            flags.join(&words::word(lang, "list.separator"))
        }
        Field::Item { id, label } => item(id, label, title, lang),
        Field::Whole(whole) => whole.to_string(),
        Field::Source(source) => place(source),
        Field::Cells(cells) => words::listed(lang, &cells.iter().map(cell).collect::<Vec<_>>()),
        Field::None => String::new(),
    }
}

/// Whether a person reads the column from the right, as numbers are.
#[must_use]
pub fn is_number(field: &Field) -> bool {
    matches!(field, Field::Number(_) | Field::Whole(_))
}

/// A field for CSV, as the columns of [`csv_titles`] name them.
#[must_use]
pub fn csv(field: &Field) -> Vec<String> {
    match field {
        Field::Text(text) => vec![text.clone()],
        Field::Label(label) => vec![label.en.clone()],
        Field::Year(year) => vec![year.to_string()],
        Field::Place(PlaceName { code, path, .. }) => vec![path.clone(), code.clone()],
        Field::Number(number) => vec![number.map(number::plain).unwrap_or_default()],
        Field::State(state) => vec![state.id().to_owned()],
        Field::Flags(flags) => vec![flags.join(" ")],
        Field::Item { id, .. } => vec![id.clone()],
        Field::Whole(whole) => vec![whole.to_string()],
        Field::Source(source) => {
            let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
            vec![
                source.file.clone(),
                source.sha256.clone(),
                source.table.clone().unwrap_or_default(),
                number(source.row),
                number(source.line),
                number(source.column),
            ]
        }
        Field::Cells(cells) => vec![cells.iter().map(cell).collect::<Vec<_>>().join(" ")],
        Field::None => vec![String::new()],
    }
}

/// The CSV columns a column becomes, decided by the first field that is there.
#[must_use]
pub fn csv_titles(id: &str, field: Option<&Field>) -> Vec<String> {
    match field {
        Some(Field::Place(_)) => vec![id.to_owned(), format!("{id}_code")],
        Some(Field::Source(_)) => {
            ["file", "sha256", "table", "row", "line", "column"].iter().map(|part| format!("{id}_{part}")).collect()
        }
        _ => vec![id.to_owned()],
    }
}

/// A field as JSON writes it.
#[derive(Debug)]
pub struct Json<'a>(pub &'a Field);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Field::Text(text) => serializer.serialize_str(text),
            Field::Label(label) => label.serialize(serializer),
            Field::Year(year) => serializer.serialize_u16(year.number()),
            Field::Place(place) => place.serialize(serializer),
            Field::Number(number) => number.map(number::json).serialize(serializer),
            Field::State(state) => serializer.serialize_str(state.id()),
            Field::Flags(flags) => flags.serialize(serializer),
            Field::Item { id, .. } => serializer.serialize_str(id),
            Field::Whole(whole) => serializer.serialize_u64(*whole),
            Field::Source(source) => source.serialize(serializer),
            Field::Cells(cells) => cells.serialize(serializer),
            Field::None => serializer.serialize_none(),
        }
    }
}

fn item(id: &str, label: &Bilingual, title: &Title, lang: Lang) -> String {
    let own = words::side(label, lang);
    if own.is_empty() { words::word_or(lang, &title.id, id) } else { own.to_owned() }
}

/// `file:line:column`, which editors and terminals open.
fn place(source: &Source) -> String {
    match (source.line, source.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", source.file),
        (Some(line), None) => format!("{}:{line}", source.file),
        _ => source.file.clone(),
    }
}

fn cell(cell: &CellName) -> String {
    match &cell.applicant {
        Some(applicant) => format!("{}[{applicant}]", cell.category),
        None => cell.category.clone(),
    }
}
