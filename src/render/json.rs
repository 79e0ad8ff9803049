//! Answers as JSON: one object a statement, or one a row.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{answer, field};
use crate::{
    messages::Lang,
    query::{Answer, Bilingual, Definition, Detail, Field, PlaceName, Sources, Title},
};

/// The object of one statement, in the order of the contract.
#[derive(Debug, Serialize)]
pub struct AnswerObject<'a> {
    query: &'a Bilingual,
    measure: Option<&'a Definition>,
    #[serde(skip_serializing_if = "is_single")]
    measures: &'a [Definition],
    columns: Vec<&'a str>,
    rows: Vec<RowObject<'a>>,
    notes: Vec<NoteObject<'a>>,
    missing: Vec<MissingObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<u64>,
    store: StoreObject,
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<&'a Sources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<f64>,
}

/// One row, its fields in column order, then the counts of states behind it.
#[derive(Debug)]
pub struct RowObject<'a> {
    titles: &'a [Title],
    fields: &'a [Field],
    detail: Option<&'a Detail>,
}

#[derive(Debug, Serialize)]
struct NoteObject<'a> {
    code: &'a str,
    message: String,
}

#[derive(Debug, Serialize)]
struct MissingObject<'a> {
    body: &'a PlaceName,
    year: u16,
}

#[derive(Debug, Serialize)]
struct StoreObject {
    revision: u64,
}

fn is_single(measures: &&[Definition]) -> bool {
    measures.len() < 2
}

/// The object of an answer; a script says nothing of the time, so that its output is the same every time.
#[must_use]
pub fn object(answer: &Answer, elapsed_ms: Option<f64>, lang: Lang) -> AnswerObject<'_> {
    AnswerObject {
        query: &answer.query,
        measure: answer.measures.first(),
        measures: &answer.measures,
        columns: answer.columns.iter().map(|title| title.id.as_str()).collect(),
        rows: rows(answer),
        notes: answer
            .notes
            .iter()
            .map(|note| NoteObject { code: &note.code, message: answer::note(note, lang) })
            .collect(),
        missing: answer.missing.iter().map(|(body, year)| MissingObject { body, year: year.number() }).collect(),
        failed: answer.failed,
        store: StoreObject { revision: answer.revision },
        sources: answer.sources.as_ref(),
        elapsed_ms,
    }
}

/// The rows alone, for one object a line.
#[must_use]
pub fn rows(answer: &Answer) -> Vec<RowObject<'_>> {
    answer
        .rows
        .iter()
        .enumerate()
        .map(|(at, fields)| RowObject { titles: &answer.columns, fields, detail: answer.details.get(at) })
        .collect()
}

/// The rows alone, each on a line.
///
/// # Errors
/// None that an answer of this library causes.
pub fn lines(answer: &Answer) -> crate::Result<String> {
    let mut lines = String::new();
    for row in rows(answer) {
        lines.push_str(&serde_json::to_string(&row).map_err(std::io::Error::from)?);
        lines.push('\n');
    }
    Ok(lines)
}

impl Serialize for RowObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (title, field) in self.titles.iter().zip(self.fields) {
            map.serialize_entry(&title.id, &field::Json(field))?;
        }
        if let Some(detail) = self.detail {
            if !detail.states.is_empty() {
                map.serialize_entry("states", &States(detail))?;
            }
            if detail.proved_zero > 0 {
                map.serialize_entry("proved_zero", &detail.proved_zero)?;
            }
        }
        map.end()
    }
}

/// Counts of the states that are not values: `{"blank": 2}`.
struct States<'a>(&'a Detail);

impl Serialize for States<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.states.iter().map(|(state, count)| (state.id(), count)))
    }
}
