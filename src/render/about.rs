//! What travels with an answer wherever it goes: the question, the definitions, the notes, what is missing, and
//! what its columns and states are called in both languages.

use std::collections::BTreeSet;

use super::{answer, field, words};
use crate::{
    messages::Lang,
    query::{Answer, Field, Title},
};

/// Name and text of everything that belongs to an answer beside its rows.
#[must_use]
pub fn lines(answer: &Answer, lang: Lang) -> Vec<(String, String)> {
    let mut lines =
        vec![("query.en".to_owned(), answer.query.en.clone()), ("query.zh".to_owned(), answer.query.zh.clone())];
    for measure in &answer.measures {
        let mut put = |name: &str, text: Option<&String>| {
            lines.extend(text.map(|text| (format!("measure.{name}"), text.clone())));
        };
        put("en", Some(&measure.text.en));
        put("zh", Some(&measure.text.zh));
        put("kind", Some(&measure.kind));
        put("numerator", Some(&measure.numerator));
        put("denominator", measure.denominator.as_ref());
        put("unit", measure.unit.as_ref());
        put("pooling", measure.pooling.as_ref());
    }
    lines.extend(answer.notes.iter().map(|note| (format!("note.{}", note.code), answer::note(note, lang))));
    lines.extend(
        answer
            .missing
            .iter()
            .map(|(place, year)| ("missing".to_owned(), format!("{} {} {year}", place.code, place.path))),
    );
    for title in &answer.columns {
        lines.push((format!("column.{}", title.id), both(|lang| field::title(title, lang))));
    }
    let states: BTreeSet<_> = answer.rows.iter().flatten().filter_map(state).collect();
    lines.extend(
        states.into_iter().map(|state| (format!("state.{}", state.id()), both(|lang| words::state(lang, state)))),
    );
    let sources: BTreeSet<(&str, &str)> = answer.rows.iter().flatten().filter_map(source).collect();
    lines.extend(sources.into_iter().map(|(file, sha256)| ("source".to_owned(), format!("{file} sha256:{sha256}"))));
    lines.push(("store.revision".to_owned(), answer.revision.to_string()));
    lines
}

/// `English / 中文`
fn both(word: impl Fn(Lang) -> String) -> String {
    format!("{} / {}", word(Lang::En), word(Lang::Zh))
}

fn state(field: &Field) -> Option<crate::model::State> {
    if let Field::State(state) = field { Some(*state) } else { None }
}

fn source(field: &Field) -> Option<(&str, &str)> {
    match field {
        Field::Source(source) if !source.sha256.is_empty() => Some((&source.file, &source.sha256)),
        _ => None,
    }
}

/// The answer's columns as a table description of CSV on the Web, to stand beside a CSV file.
#[must_use]
pub fn csvw(answer: &Answer, file: &str, lang: Lang) -> serde_json::Value {
    let column = |title: &Title| {
        serde_json::json!({
            "name": title.id,
            "titles": {"en": field::title(title, Lang::En), "zh": field::title(title, Lang::Zh)},
            "dc:unit": title.unit,
        })
    };
    let mut about = serde_json::Map::new();
    for (name, text) in lines(answer, lang) {
        let entry = about.entry(name).or_insert_with(|| serde_json::json!([]));
        if let Some(list) = entry.as_array_mut() {
            list.push(text.into());
        }
    }
    serde_json::json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "dc:title": answer.query,
        "tableSchema": {"columns": answer.columns.iter().map(column).collect::<Vec<_>>()},
        "notes": about,
    })
}
