//! A complaint about a text, as plain data: what, where, and what to type instead.
//!
//! A diagnostic speaks no language. Its code names the sentences in `messages/`,
//! its arguments fill them, and drawing is left to whoever shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing was done.
    Error,
    /// It was done, and the reader should know.
    Warning,
}

/// A replacement that would mend the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// With what.
    pub replacement: String,
}

/// One complaint about a query, a script or a report's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code such as `GK0102`, the same in both languages.
    pub code: String,
    /// How bad it is.
    pub level: Level,
    /// Where, in the text as typed.
    pub span: Span,
    /// Values for the sentences of the code (`word`, `year`, …).
    pub args: BTreeMap<String, String>,
    /// At most three words that may have been meant.
    pub suggestions: Vec<String>,
    /// A replacement, where there is one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error with a code at a span.
    #[must_use]
    pub fn error(code: &str, span: Span) -> Self {
        Self {
            code: code.to_owned(),
            level: Level::Error,
            span,
            args: BTreeMap::new(),
            suggestions: Vec::new(),
            fix: None,
        }
    }

    /// Fills the place `{name}` of the code's sentences.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// Offers words that may have been meant; three are kept.
    #[must_use]
    pub fn suggest(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.suggestions.extend(words);
        self.suggestions.truncate(3);
        self
    }

    /// Offers a replacement for the span of the complaint.
    #[must_use]
    pub fn fix(mut self, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span: self.span, replacement: replacement.into() });
        self
    }
}
