//! English words that are several words: `share of`, `disclosure rate`.

use std::{collections::HashMap, sync::OnceLock};

use crate::{
    query::lexicon::{Columns, columns, keywords},
    schema::names,
};

/// By first letter, what each form of several words means: every Latin word may be the first of one.
type Phrases = HashMap<char, Vec<(&'static str, &'static str)>>;

/// The longest keyword of several words at the start of a text, and its length.
pub(super) fn keyword(text: &str) -> Option<(&'static str, usize)> {
    static KEYWORDS: OnceLock<Phrases> = OnceLock::new();
    let forms = || keywords().iter().flat_map(|keyword| keyword.en.iter().map(move |form| (*form, keyword.word)));
    longest(KEYWORDS.get_or_init(|| phrases(forms().filter(|(form, _)| form.contains(' ')))), text)
}

/// The longest name of a measure of several words at the start of a text, and its length.
pub(super) fn measure(text: &str) -> Option<(&'static str, usize)> {
    static MEASURES: OnceLock<Phrases> = OnceLock::new();
    let forms = || names().phrases().iter().map(|name| (name.as_str(), name.as_str()));
    longest(MEASURES.get_or_init(|| phrases(forms())), text)
}

/// The longest word for columns of table 3 of several words at the start of a text, and its length.
pub(super) fn column(text: &str) -> Option<(&'static str, usize)> {
    static COLUMNS: OnceLock<Phrases> = OnceLock::new();
    let forms = || columns().iter().flat_map(Columns::forms).map(|form| (form, form));
    longest(COLUMNS.get_or_init(|| phrases(forms().filter(|(form, _)| form.contains(' ')))), text)
}

fn phrases(forms: impl Iterator<Item = (&'static str, &'static str)>) -> Phrases {
    let mut phrases = Phrases::new();
    for (form, meaning) in forms {
        let letter = form.chars().next().map(|letter| letter.to_ascii_lowercase());
        phrases.entry(letter.unwrap_or_default()).or_default().push((form, meaning));
    }
    phrases
}

fn longest(phrases: &Phrases, text: &str) -> Option<(&'static str, usize)> {
    let letter = text.chars().next()?.to_ascii_lowercase();
    let found = phrases.get(&letter)?.iter().filter_map(|(form, meaning)| Some((*meaning, spaced(text, form)?)));
    found.max_by_key(|(_, len)| *len)
}

/// The length of `form` at the start of `text`, with any blanks between its words and none of its letters cut.
fn spaced(text: &str, form: &str) -> Option<usize> {
    let mut rest = text;
    for (at, word) in form.split(' ').enumerate() {
        if at > 0 {
            let trimmed = rest.trim_start_matches([' ', '\t']);
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        let head = rest.get(..word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = rest.get(word.len()..)?;
        if rest.starts_with(|character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.')) {
            return None;
        }
    }
    Some(text.len() - rest.len())
}
