//! What travels with an answer wherever it goes: the question, the definitions, the notes, what is missing, and
//! what its columns and states are called; every text in both languages.

use std::collections::BTreeSet;

use super::{
    answer,
    data::{Column, Data},
    words,
};
use crate::{
    messages::Lang,
    model::State,
    query::{Answer, Bilingual, Field},
};

/// One thing to know of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// `query`, `measure.unit`, `note.GK0301`, `state.blank` …
    pub name: String,
    /// What it is; the same on both sides where it is no sentence.
    pub text: Bilingual,
}

impl Fact {
    fn new(name: impl Into<String>, text: Bilingual) -> Self {
        Self { name: name.into(), text }
    }

    fn plain(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(name, Bilingual { en: text.clone(), zh: text })
    }
}

/// Everything that belongs to an answer beside its rows.
#[must_use]
pub fn all(answer: &Answer) -> Vec<Fact> {
    let mut facts = vec![Fact::new("query", answer.query.clone())];
    facts.extend(measures(answer));
    facts.extend(notes(answer).into_iter().map(|note| Fact { name: format!("note.{}", note.name), ..note }));
    facts.extend(
        answer
            .missing
            .iter()
            .map(|(place, year)| Fact::plain("missing", format!("{} {} {year}", place.code, place.path))),
    );
    facts.extend(Data::of(answer).columns.into_iter().map(column));
    let states: BTreeSet<State> = answer.rows.iter().flatten().filter_map(state).collect();
    facts.extend(states.into_iter().map(|state| Fact::new(format!("state.{}", state.id()), label(state))));
    facts.extend(rests_on(answer));
    facts.extend(
        sources(answer).into_iter().map(|(file, sha256)| Fact::plain("source", format!("{file} sha256:{sha256}"))),
    );
    facts.push(Fact::plain("store.revision", answer.revision.to_string()));
    facts
}

/// How the measures are defined, the second as `measure_2`.
#[must_use]
pub fn measures(answer: &Answer) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (at, measure) in answer.measures.iter().enumerate() {
        let name = if at == 0 { "measure".to_owned() } else { format!("measure_{}", at + 1) };
        facts.push(Fact::new(name.clone(), measure.text.clone()));
        let mut put = |part: &str, text: Option<&String>| {
            facts.extend(text.map(|text| Fact::plain(format!("{name}.{part}"), text)));
        };
        put("kind", Some(&measure.kind));
        put("numerator", Some(&measure.numerator));
        put("denominator", measure.denominator.as_ref());
        put("unit", measure.unit.as_ref());
        put("pooling", measure.pooling.as_ref());
        put("version", measure.version.map(|version| version.to_string()).as_ref());
    }
    facts
}

/// The notes by their codes.
#[must_use]
pub fn notes(answer: &Answer) -> Vec<Fact> {
    let both = |note| Bilingual { en: self::answer::note(note, Lang::En), zh: self::answer::note(note, Lang::Zh) };
    answer.notes.iter().map(|note| Fact::new(note.code.clone(), both(note))).collect()
}

/// What a state is called.
#[must_use]
pub fn label(state: State) -> Bilingual {
    Bilingual { en: words::state(Lang::En, state), zh: words::state(Lang::Zh, state) }
}

/// How many reports and files the answer rests on, the one SHA-256 for all of them, and how to see more.
#[must_use]
pub fn rests_on(answer: &Answer) -> Vec<Fact> {
    let Some(sources) = &answer.sources else { return Vec::new() };
    let mut facts = vec![Fact::plain("sources.reports", sources.reports.to_string())];
    facts.extend(sources.files.map(|files| Fact::plain("sources.files", files.to_string())));
    facts.extend(sources.sha256.as_ref().map(|sha256| Fact::plain("sources.sha256", sha256)));
    if sources.listed.is_empty() {
        let line = |lang| self::answer::sources(sources, lang);
        facts.push(Fact::new("sources.note", Bilingual { en: line(Lang::En), zh: line(Lang::Zh) }));
    }
    facts
}

/// The files of the answer with their SHA-256: those it rests on where that is known, else those its rows name.
#[must_use]
pub fn sources(answer: &Answer) -> BTreeSet<(&str, &str)> {
    match &answer.sources {
        Some(sources) => sources.listed.iter().map(|one| (one.file.as_str(), one.sha256.as_str())).collect(),
        None => answer.rows.iter().flatten().filter_map(source).collect(),
    }
}

fn column(column: Column) -> Fact {
    Fact::new(format!("column.{}", column.id), column.label)
}

fn state(field: &Field) -> Option<State> {
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
pub fn csvw(answer: &Answer, file: &str) -> serde_json::Value {
    let column = |column: Column| {
        serde_json::json!({
            "name": column.id,
            "titles": column.label,
            "dc:unit": column.unit,
            "dc:type": column.kind.id(),
        })
    };
    let mut about = serde_json::Map::new();
    for fact in all(answer) {
        let entry = about.entry(fact.name).or_insert_with(|| serde_json::json!([]));
        if let Some(list) = entry.as_array_mut() {
            list.push(serde_json::json!(fact.text));
        }
    }
    serde_json::json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "dc:title": answer.query,
        "tableSchema": {"columns": Data::of(answer).columns.into_iter().map(column).collect::<Vec<_>>()},
        "notes": about,
    })
}
