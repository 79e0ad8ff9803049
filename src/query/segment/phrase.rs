//! English words that are several words: `share of`, `disclosure rate`.

use crate::{query::lexicon::keywords, schema::names};

/// The longest keyword of several words at the start of a text, and its length.
pub(super) fn keyword(text: &str) -> Option<(&'static str, usize)> {
    let forms = keywords().iter().flat_map(|keyword| keyword.en.iter().map(move |form| (keyword.word, *form)));
    let spaced_forms = forms.filter(|(_, form)| form.contains(' '));
    spaced_forms.filter_map(|(word, form)| Some((word, spaced(text, form)?))).max_by_key(|(_, len)| *len)
}

/// The longest name of a measure of several words at the start of a text, and its length.
pub(super) fn measure(text: &str) -> Option<(&'static str, usize)> {
    let phrases = names().phrases().iter();
    phrases.filter_map(|name| Some((name.as_str(), spaced(text, name)?))).max_by_key(|(_, len)| *len)
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
