//! The pre-lexer: folds a text, cuts it into tokens, and cuts runs of Han characters into known words.
//!
//! Its tokens are neutral to language: a keyword is its canonical word, a name is a class. So one
//! grammar serves English, Chinese and any mix, and every token still knows where it stood as typed.

mod cut;
mod phrase;
mod scan;

use super::lexicon::{Class, Lexicon, keywords};
use crate::{
    diagnostic::Diagnostic,
    text::{Span, fold},
};

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, by its canonical word.
    Keyword(&'static str),
    /// A sign: `|`, `..`, `>=`, `.*`, `/**`.
    Sign(&'static str),
    /// A number, `%` included.
    Number,
    /// A day.
    Date,
    /// A word that is no keyword: a measure, a place, or unknown.
    Name(Class),
    /// `T3-BAL`: the id of a rule.
    Rule,
    /// `$city`, without the `$`.
    Param,
    /// `@140109`, without the `@`.
    Code,
    /// A quoted text, without the quotes.
    Text,
    /// A file name after `export`.
    File,
    /// The end of a line.
    Newline,
    /// `;` or 。
    Semicolon,
    /// A comment, without `#`.
    Comment,
}

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The word, folded.
    pub text: String,
    /// Where it stood in the text as typed.
    pub span: Span,
}

impl Token {
    /// Whether it is this keyword or sign.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        matches!(&self.kind, TokenKind::Keyword(own) | TokenKind::Sign(own) if *own == word)
    }

    /// The keyword, if it is one.
    #[must_use]
    pub fn keyword(&self) -> Option<&'static str> {
        match self.kind {
            TokenKind::Keyword(word) => Some(word),
            _ => None,
        }
    }

    /// Whether it is a word that nothing is known of.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, TokenKind::Name(class) if !class.known())
    }

    /// How the grammar sees the token.
    pub(crate) fn canonical(&self) -> &str {
        match self.kind {
            TokenKind::Keyword(word) | TokenKind::Sign(word) => word,
            TokenKind::Number | TokenKind::Date => &self.text,
            TokenKind::Name(class) => match (class.measure, class.place) {
                (true, true) => "<either>",
                (true, false) => "<measure>",
                (false, true) => "<place>",
                (false, false) => "<word>",
            },
            TokenKind::Rule => "<rule>",
            TokenKind::Param => "<param>",
            TokenKind::Code => "<code>",
            // No name begins with the sign of a parameter.
            TokenKind::Text if self.text.starts_with('$') => "<$text>",
            TokenKind::Text => "<text>",
            TokenKind::File => "<file>",
            TokenKind::Newline | TokenKind::Semicolon | TokenKind::Comment => "",
        }
    }
}

/// The tokens of a text, with what was wrong in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// The tokens in order.
    pub tokens: Vec<Token>,
    /// Unclosed quotes, characters that mean nothing, ambiguous cuts.
    pub diagnostics: Vec<Diagnostic>,
}

/// Cuts a text into tokens.
#[must_use]
pub fn segment(text: &str, lexicon: &Lexicon) -> Segments {
    let folded = fold(text);
    scan::Scanner::new(&folded, lexicon).run()
}

/// A keyword as a token: some are words for a sign.
fn keyword_token(word: &'static str) -> TokenKind {
    match word {
        "members" => TokenKind::Sign(".*"),
        "through" => TokenKind::Sign(".."),
        "more" => TokenKind::Sign(">"),
        "fewer" => TokenKind::Sign("<"),
        "at_least" => TokenKind::Sign(">="),
        "at_most" => TokenKind::Sign("<="),
        "equals" => TokenKind::Sign("=="),
        word => TokenKind::Keyword(word),
    }
}

/// The canonical word of keyword number `at`.
fn canonical_word(at: u32) -> &'static str {
    keywords().get(at as usize).map_or("", |keyword| keyword.word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canon(text: &str) -> String {
        let segments = segment(text, &Lexicon::default());
        assert_eq!(segments.diagnostics, [], "{text}");
        segments.tokens.iter().map(Token::canonical).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn two_languages_give_the_same_tokens() {
        assert_eq!(canon("万柏林区2024年不掌握占比按年份"), "<place> 2024 <measure> share by year");
        assert_eq!(
            canon("share of not_held by year in 万柏林区 2020..2024"),
            "share <measure> by year in <place> 2020 .. 2024"
        );
        assert_eq!(
            canon("万柏林区２０２０至２０２４年度不掌握占比　按年度"),
            "<place> 2020 .. 2024 <measure> share by year"
        );
        assert_eq!(
            canon("新收同比按地市、年份在山西省2021至2024 | 标记 倍数>5 或 倍数<0.2"),
            "<measure> change by city , year in <place> 2021 .. 2024 | flag ratio > 5 or ratio < 0.2"
        );
        assert_eq!(
            canon("核对结转衔接在山西省/**2021至2024｜仅失败"),
            "check carry_over in <place> /** 2021 .. 2024 | failed"
        );
        assert_eq!(canon("办理结果各项占比 | 前10"), "<measure> .* share | top 10");
        assert_eq!(canon("出处三.四.1在@140109"), "why <measure> in <code>");
        assert_eq!(canon("截至2025年3月31日"), "as_of 2025-03-31");
        assert_eq!(canon("条件 新收≥30"), "where <measure> >= 30");
        assert_eq!(canon("条件 新收不少于30"), "where <measure> >= 30");
        assert_eq!(canon("where new more than 30"), "where <measure> > 30");
        assert_eq!(canon("new at county"), "<measure> at county");
    }

    #[test]
    fn spans_point_into_the_text_as_typed() {
        let text = "万柏林区２０２４年不掌屋占比";
        let segments = segment(text, &Lexicon::default());
        let typed: Vec<&str> =
            segments.tokens.iter().map(|token| text.get(token.span.start..token.span.end).unwrap()).collect();
        assert_eq!(typed, ["万柏林区", "２０２４年", "不掌屋", "占比"]);
    }

    #[test]
    fn signs_and_texts() {
        assert_eq!(canon("outcome.* /* /** .. ..5"), "<measure> .* /* /** .. .. 5");
        assert_eq!(canon("assert x == 77.0% ± 0.1%"), "assert <word> == 77.0% +- 0.1%");
        assert_eq!(canon("show report | export a/b-c.csv"), "show report | export <file>");
        assert_eq!(canon("include “甲.gk” # 注"), "include <text> ");
        assert_eq!(canon("verdict T3-BAL in $city"), "verdict <rule> in <param>");
    }
}
