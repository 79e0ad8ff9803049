//! A sentence that is not said yet: whoever shows it knows the language.

use std::{borrow::Cow, fmt};

use super::{Lang, text};

/// A key of the catalogue and what fills the places of its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    key: Cow<'static, str>,
    places: Vec<(&'static str, Filling)>,
}

/// What stands in a place of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filling {
    /// The same in every language: a path, a number, a name.
    Plain(String),
    /// Another sentence.
    Said(Said),
}

impl Said {
    /// The sentence of a key; where the catalogue has none, the text itself.
    #[must_use]
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), places: Vec::new() }
    }

    /// Fills the place `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, filling: impl Into<Filling>) -> Self {
        self.places.push((name, filling.into()));
        self
    }

    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let filled: Vec<(&str, String)> = self
            .places
            .iter()
            .map(|(name, filling)| match filling {
                Filling::Plain(text) => (*name, text.clone()),
                Filling::Said(said) => (*name, said.text(lang)),
            })
            .collect();
        text(lang, &self.key, filled.iter().map(|(name, value)| (*name, value.as_str())))
    }
}

impl From<&'static str> for Said {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<Said> for Filling {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl<T: fmt::Display> From<T> for Filling {
    fn from(value: T) -> Self {
        Self::Plain(value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_inside_a_sentence_speaks_the_same_language() {
        let said = Said::new("error.at").with("path", "甲").with("what", Said::new("store.closed"));
        assert_eq!(said.text(Lang::En), "甲: this store was closed");
        assert_eq!(said.text(Lang::Zh), "甲:此数据库已关闭");
        assert_eq!(Said::from("no key at all".to_owned()).text(Lang::Zh), "no key at all");
    }
}
