//! Help while typing: what may come next, how known words are coloured, whether a statement is finished.

mod finder;

use self::finder::Finder;
use super::{
    answer::Bilingual,
    lexicon::{Lexicon, WordKind, keyword_of},
    parse::parse,
    segment::{Token, TokenKind, segment},
};
use crate::{
    schema::rules_of,
    store::View,
    text::{Source, Span},
};

/// The most candidates that are offered at once.
pub const MOST_CANDIDATES: usize = 60;

/// A word that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What to put in.
    pub text: String,
    /// What it is, for the list.
    pub label: Bilingual,
}

/// What may stand at the cursor, and which part of the text it replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte at which the replaced part begins; it ends at the cursor.
    pub start: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// Whether a file name stands here, which whoever has files completes.
    pub file: bool,
}

/// How a stretch of a text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Paint {
    /// A word of the language.
    Keyword,
    /// A known measure.
    Measure,
    /// A known place or body.
    Place,
    /// A column of table 3, a rule, a parameter.
    Name,
    /// A number, a year, a day, a code.
    Number,
    /// A quoted text or a file.
    Text,
    /// A comment.
    Comment,
    /// A word that nothing is known of.
    Unknown,
}

/// The coloured stretches of a text, in order.
#[must_use]
pub fn highlight(text: &str, lexicon: &Lexicon) -> Vec<(Span, Paint)> {
    let tokens = segment(text, lexicon).tokens;
    let mut defined = false;
    let mut painted = Vec::new();
    for token in &tokens {
        let naming = std::mem::replace(&mut defined, token.is("let") || token.is("param"));
        let paint = match &token.kind {
            TokenKind::Keyword(word) if elsewhere(word) => Paint::Unknown,
            TokenKind::Keyword(_) => Paint::Keyword,
            TokenKind::Name(class) if class.measure => Paint::Measure,
            TokenKind::Name(class) if class.place => Paint::Place,
            TokenKind::Name(class) if class.applicant || naming => Paint::Name,
            TokenKind::Name(_) => Paint::Unknown,
            TokenKind::Rule | TokenKind::Param => Paint::Name,
            TokenKind::Number | TokenKind::Date | TokenKind::Code => Paint::Number,
            TokenKind::Text | TokenKind::File => Paint::Text,
            TokenKind::Comment => Paint::Comment,
            TokenKind::Sign(".*") if text.get(token.span.start..token.span.end).is_some_and(|typed| typed != ".*") => {
                Paint::Keyword
            }
            TokenKind::Sign(_) | TokenKind::Newline | TokenKind::Semicolon => continue,
        };
        painted.push((token.span, paint));
    }
    painted
}

/// Whether a keyword is one of other languages, which this one refuses.
fn elsewhere(word: &str) -> bool {
    keyword_of(word).is_some_and(|keyword| keyword.kind == WordKind::Elsewhere)
}

/// Whether the text stops in the middle of a statement, so that a line end continues it.
#[must_use]
pub fn unfinished(text: &str, lexicon: &Lexicon) -> bool {
    parse(&Source::new("prompt", text), lexicon).unfinished
}

/// What may stand at a place of the text, by what stands before it.
#[must_use]
pub fn complete(text: &str, cursor: usize, lexicon: &Lexicon, view: &View) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    let mut tokens = segment(before, lexicon).tokens;
    let last_break = tokens.iter().rposition(|token| token.kind == TokenKind::Semicolon);
    if let Some(at) = last_break {
        tokens.drain(..=at);
    }
    tokens.retain(|token| !matches!(token.kind, TokenKind::Newline | TokenKind::Comment));
    let touches = |token: &Token| {
        token.span.end == before.len()
            && matches!(token.kind, TokenKind::Name(_) | TokenKind::Keyword(_) | TokenKind::Rule | TokenKind::Code)
    };
    if wants_file(&tokens, before) {
        return Completion { start: before.len(), file: true, ..Completion::default() };
    }
    let start = match half_a_rule(&tokens, before) {
        Some(start) => {
            tokens.retain(|token| token.span.start < start);
            start
        }
        None => tokens.pop_if(|token| touches(token)).map_or(before.len(), |token| token.span.start),
    };
    let typed = before.get(start..).unwrap_or_default();
    Completion { start, candidates: Finder::new(typed, lexicon, view, &tokens).run(), file: false }
}

/// Where a rule begins of which the text has `T3-` so far, which is no rule yet.
fn half_a_rule(tokens: &[Token], before: &str) -> Option<usize> {
    let [.., word, dash] = tokens else { return None };
    let touch = dash.is("-") && word.span.end == dash.span.start && dash.span.end == before.len();
    let typed = before.get(word.span.start..).filter(|_| touch)?.to_ascii_uppercase();
    rules_of("all").iter().any(|rule| rule.id.starts_with(&typed)).then_some(word.span.start)
}

/// Whether the text stops in or before the file of `export` and `include`.
fn wants_file(tokens: &[Token], before: &str) -> bool {
    let takes = |token: &Token| token.is("export") || token.is("include");
    match tokens {
        [.., last] if takes(last) => last.span.end < before.len(),
        [.., word, last] if takes(word) => last.span.end == before.len() || before.ends_with(['"', '\'']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(text: &str) -> Vec<String> {
        let view = View::default();
        complete(text, text.len(), &Lexicon::of(&view), &view).candidates.into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn by_position() {
        for (text, first) in [
            ("share of not_", "not_held"),
            ("share of bzw", "not_held"),
            ("share of 不掌", "不掌握"),
            ("share of 三.四.1", "不掌握"),
            ("share of not_held b", "by"),
            ("share of not_held by ye", "year"),
            ("万柏林区2024年不掌握占比按年", "年份"),
            ("share of not_held by year, cou", "county"),
            ("share of not_held in tyswbl", "万柏林区"),
            ("share of not_held in 万柏", "万柏林区"),
            ("share of not_held in 太原市/万", "万柏林区"),
            ("share of not_held in 鼓楼", "南京市/鼓楼区"),
            ("share of not_held | to", "top"),
            ("share of not_held | 排", "排序"),
            ("check ide", "identities"),
            ("check T3-", "T3-BAL"),
            ("check T3-B", "T3-BAL"),
            ("show cel", "cells"),
            ("new for nat", "natural"),
            ("new[自然", "自然人"),
            ("new at cou", "county"),
            ("new where review.clo", "review.closed"),
            ("new; sh", "share of"),
        ] {
            let found = candidates(text);
            assert_eq!(found.first().map(String::as_str), Some(first), "{text}: {found:?}");
        }
    }

    #[test]
    fn nothing_typed_yet() {
        assert!(candidates("share of not_held by ").contains(&"applicant".to_owned()));
        assert!(candidates("share of not_held | ").contains(&"contributions".to_owned()));
        assert!(candidates("").contains(&"check".to_owned()));
        assert!(candidates("share of not_held 2024 ").contains(&"by".to_owned()));
        assert!(candidates("new in 太原市/").contains(&"万柏林区".to_owned()));
        assert!(candidates("new | top ").is_empty());
    }

    #[test]
    fn the_replaced_part_begins_where_the_word_does() {
        let text = "万柏林区２０２４年不掌";
        let view = View::default();
        let completion = complete(text, text.len(), &Lexicon::of(&view), &view);
        assert_eq!(text.get(completion.start..).unwrap(), "不掌");
    }

    #[test]
    fn a_file_is_for_whoever_has_files() {
        let view = View::default();
        let file = |text: &str| complete(text, text.len(), &Lexicon::of(&view), &view).file;
        for text in ["new | export ", "new | export sha", "new | 导出 份额.c", "include \"sha", "new | export \"my sh"]
        {
            assert!(file(text), "{text}");
        }
        for text in ["new | expo", "new | export a.csv ", "new in ", "new | top 3 | "] {
            assert!(!file(text), "{text}");
        }
    }

    #[test]
    fn colours() {
        let text = "share of not_hold in 万柏林区 2024 # 注";
        let painted = highlight(text, &Lexicon::default());
        let shown: Vec<(&str, Paint)> =
            painted.iter().map(|(span, paint)| (text.get(span.start..span.end).unwrap(), *paint)).collect();
        assert_eq!(
            shown,
            [
                ("share of", Paint::Keyword),
                ("not_hold", Paint::Unknown),
                ("in", Paint::Keyword),
                ("万柏林区", Paint::Place),
                ("2024", Paint::Number),
                ("# 注", Paint::Comment),
            ]
        );
    }
}
