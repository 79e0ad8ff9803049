//! The words of which names of reporting bodies are made, from `data/body_words.tsv`.

use std::{collections::HashMap, sync::OnceLock};

/// Words by role; each with the form that a path keeps, which is the word itself unless the file says otherwise.
pub(super) struct BodyWords(HashMap<&'static str, Vec<(&'static str, &'static str)>>);

impl BodyWords {
    /// The words of a role in the file's order.
    pub(super) fn of(&self, role: &str) -> impl Iterator<Item = &'static str> {
        self.pairs(role).map(|(word, _)| word)
    }

    /// The words of a role, each with the form to keep.
    pub(super) fn pairs(&self, role: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.get(role).into_iter().flatten().copied()
    }

    /// The one word of a role.
    pub(super) fn word(&self, role: &str) -> &'static str {
        self.of(role).next().unwrap_or_default()
    }

    /// The form to keep of a word.
    pub(super) fn kept(&self, role: &str, word: &str) -> Option<&'static str> {
        self.pairs(role).find(|&(known, _)| known == word).map(|(_, kept)| kept)
    }

    /// What stands before the longest word of a role that ends the text, if anything does.
    pub(super) fn before_ending<'a>(&self, role: &str, text: &'a str) -> Option<(&'a str, &'static str)> {
        let word = self.of(role).filter(|word| text.ends_with(word)).max_by_key(|word| word.len())?;
        text.strip_suffix(word).filter(|before| !before.is_empty()).map(|before| (before, word))
    }

    /// What stands after the longest word of a role that begins the text.
    pub(super) fn after_beginning<'a>(&self, role: &str, text: &'a str) -> Option<(&'static str, &'a str)> {
        let word = self.of(role).filter(|word| text.starts_with(word)).max_by_key(|word| word.len())?;
        text.strip_prefix(word).map(|after| (word, after))
    }
}

/// The embedded words.
pub(super) fn body_words() -> &'static BodyWords {
    static WORDS: OnceLock<BodyWords> = OnceLock::new();
    WORDS.get_or_init(|| {
        let rows = include_str!("data/body_words.tsv").lines().filter(|line| !line.starts_with('#'));
        BodyWords(
            rows.filter_map(|line| line.split_once('\t'))
                .map(|(role, words)| {
                    (role, words.split(' ').map(|word| word.split_once('=').unwrap_or((word, word))).collect())
                })
                .collect(),
        )
    })
}
