//! An answer as a person reads it: columns with headings, states in the place of values that are not there.

use super::{field, words};
use crate::{
    messages::{self, Lang},
    model::State,
    query::{Answer, Bilingual, Field, Title},
};

/// On which side the text of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// One column of a [`Sheet`].
#[derive(Clone, Debug)]
pub struct Head {
    /// Its heading.
    pub title: String,
    /// On which side its text stands.
    pub align: Align,
}

/// Headings and rows of text, ready to be laid out.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The columns.
    pub heads: Vec<Head>,
    /// The rows, each as long as `heads`.
    pub rows: Vec<Vec<String>>,
}

/// The ids that a person reads together with another column.
const STATE: &str = "state";
const VALUE: &str = "value";
const USED: &str = "reports_used";
const EXPECTED: &str = "reports_expected";
const FLAGS: &str = "flags";

impl Sheet {
    /// The answer's table: a state stands where its value would, `1/1` for reports used and expected,
    /// and columns that say nothing in any row are left out.
    #[must_use]
    pub fn of(answer: &Answer, lang: Lang) -> Self {
        let at = |id: &str| answer.columns.iter().position(|title| title.id == id);
        let mut sheet = Self::default();
        for (column, title) in answer.columns.iter().enumerate() {
            // A second measure has the same columns with a number behind: `value_2`, `state_2`.
            let (base, number) = field::split(&title.id);
            let beside = |id: &str| at(&format!("{id}{number}"));
            let expected = beside(EXPECTED).or_else(|| at(EXPECTED));
            let merged = match base {
                STATE => beside(VALUE).is_some(),
                EXPECTED => at(USED).is_some(),
                _ => says_nothing(answer, column, title),
            };
            if merged {
                continue;
            }
            let texts: Vec<String> = answer
                .rows
                .iter()
                .map(|row| match base {
                    VALUE => value(row, column, beside(STATE), title, lang),
                    USED if expected.is_some() => coverage(row, column, expected, title, lang),
                    _ => text(row.get(column), title, lang),
                })
                .collect();
            let heading = match base {
                USED if expected.is_some() => words::word(lang, "column.reports"),
                // Beside what was printed stands the value of a cell, not what the measure gives.
                VALUE if title.label == Bilingual::default() && at("raw").is_none() => {
                    value_heading(answer, title, lang)
                }
                _ => field::title(title, lang),
            };
            sheet.push(heading, align(answer, column), texts);
        }
        if sheet.rows.is_empty() {
            sheet.rows = vec![Vec::new(); answer.rows.len()];
        }
        sheet
    }

    /// Adds a column with its texts.
    pub fn push(&mut self, title: String, align: Align, texts: Vec<String>) {
        self.heads.push(Head { title, align });
        self.rows.resize(texts.len().max(self.rows.len()), Vec::new());
        for (row, text) in self.rows.iter_mut().zip(texts) {
            row.push(text);
        }
    }
}

/// What the one measure of an answer gives: a share, a change, a count.
fn value_heading(answer: &Answer, title: &Title, lang: Lang) -> String {
    let [measure] = answer.measures.as_slice() else { return field::title(title, lang) };
    let key = format!("kind.{}", measure.kind);
    if messages::has(lang, &key) { words::word(lang, &key) } else { field::title(title, lang) }
}

fn text(field: Option<&Field>, title: &Title, lang: Lang) -> String {
    field.map(|field| field::shown(field, title, lang)).unwrap_or_default()
}

/// The value, or the state that says why there is none.
fn value(row: &[Field], column: usize, state: Option<usize>, title: &Title, lang: Lang) -> String {
    match state.and_then(|at| row.get(at)) {
        Some(Field::State(state)) if *state != State::Value => words::state(lang, *state),
        _ => text(row.get(column), title, lang),
    }
}

fn coverage(row: &[Field], used: usize, expected: Option<usize>, title: &Title, lang: Lang) -> String {
    let used = text(row.get(used), title, lang);
    let expected = text(expected.and_then(|at| row.get(at)), title, lang);
    format!("{used}/{expected}")
}

/// Flags nobody carries are no column for a person.
fn says_nothing(answer: &Answer, column: usize, title: &Title) -> bool {
    title.id == FLAGS
        && answer.rows.iter().all(|row| match row.get(column) {
            Some(Field::Flags(flags)) => flags.is_empty(),
            field => field.is_none(),
        })
}

fn align(answer: &Answer, column: usize) -> Align {
    let number = answer.rows.iter().filter_map(|row| row.get(column)).any(field::is_number);
    if number { Align::Right } else { Align::Left }
}
