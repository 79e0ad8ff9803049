//! From tokens to the tree of words: one statement at a time, and every real mistake in one pass.

mod build;
mod recover;
mod split;

use pest::Parser as _;

use super::{
    ast::{Query, Script, Statement, StatementKind},
    lexicon::Lexicon,
    segment::{Token, TokenKind, segment},
};
use crate::{
    diagnostic::Diagnostic,
    text::{Source, Span},
};

/// The grammar; its rules never leave this module.
mod grammar {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/gongkai.pest"]
    pub(super) struct Grammar;
}

use grammar::{Grammar, Rule};

/// The longest statement, in bytes as typed.
pub const LONGEST_STATEMENT: usize = 64 * 1024;
/// The longest text of several statements, in bytes.
pub const LONGEST_TEXT: usize = 4 * 1024 * 1024;
/// How deep brackets may nest.
pub const DEEPEST: usize = 64;

/// What came out of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The statements without mistakes, in order.
    pub script: Script,
    /// Every mistake, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What could be read of questions with mistakes: enough to look up their names, not to answer.
    pub broken: Vec<Query>,
    /// Whether the text stops in the middle of a statement (after `|`, `,` or a clause word).
    pub unfinished: bool,
}

/// Reads a text of any number of statements.
#[must_use]
pub fn parse(source: &Source, lexicon: &Lexicon) -> Parsed {
    let text = source.text();
    if text.len() > LONGEST_TEXT {
        let limit = LONGEST_TEXT.to_string();
        let span = Span::new(0, text.chars().next().map_or(0, char::len_utf8));
        let diagnostics = vec![Diagnostic::error("GK0106", span).with("limit", limit)];
        return Parsed { diagnostics, ..Parsed::default() };
    }
    let mut segments = segment(text, lexicon);
    if let Some(defined) = with_definitions(&segments.tokens, lexicon) {
        segments = segment(text, &defined);
    }
    let pieces = split::split(segments.tokens);
    let mut parsed = Parsed { diagnostics: segments.diagnostics, unfinished: pieces.unfinished, ..Parsed::default() };
    parsed.script.closing = pieces.closing;
    let mut known: Vec<Span> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
    known.sort_unstable_by_key(|span| (span.start, span.end));
    for piece in pieces.statements {
        match statement(&piece.tokens) {
            Ok(kind) => {
                let span = whole(&piece.tokens);
                parsed.script.statements.push(Statement { kind, span, above: piece.above, beside: piece.beside });
            }
            Err(mistakes) => {
                // What the pre-lexer has complained about is not said twice.
                let lexical = within(&known, whole(&piece.tokens));
                let fresh = mistakes.diagnostics.into_iter().filter(|found| {
                    within(lexical, found.span).is_empty() && (lexical.is_empty() || found.code != "GK0101")
                });
                parsed.diagnostics.extend(fresh);
                parsed.broken.extend(mistakes.query);
            }
        }
    }
    parsed.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    parsed
}

/// The spans, in order and apart from each other, that share something with one.
fn within(spans: &[Span], one: Span) -> &[Span] {
    let from = spans.partition_point(|span| span.end <= one.start);
    let to = spans.partition_point(|span| span.start < one.end);
    spans.get(from..to).unwrap_or_default()
}

/// Whether a text changes what is stored: it judges a finding or corrects a cell.
#[must_use]
pub fn writes(source: &Source) -> bool {
    let changes = |kind: &StatementKind| matches!(kind, StatementKind::Verdict(_) | StatementKind::Correct(_));
    // Names of bodies are unknown here, and need not be known to tell a verb.
    parse(source, &Lexicon::default()).script.statements.iter().any(|statement| changes(&statement.kind))
}

/// The lexicon with the measures that the text defines, if it defines any.
fn with_definitions(tokens: &[Token], lexicon: &Lexicon) -> Option<Lexicon> {
    let mut extended: Option<Lexicon> = None;
    for pair in tokens.windows(2) {
        if let [first, second] = pair
            && first.is("let")
            && matches!(second.kind, TokenKind::Name(_))
        {
            extended.get_or_insert_with(|| lexicon.clone()).define(&second.text);
        }
    }
    extended
}

/// One statement, or its mistakes.
fn statement(tokens: &[Token]) -> Result<StatementKind, Box<recover::Mistakes>> {
    limits(tokens).map_err(recover::Mistakes::one)?;
    let line = Line::of(tokens);
    match Grammar::parse(Rule::statement, &line.text) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => build::statement(pair, &line)
                .map_err(|diagnostics| Box::new(recover::Mistakes { diagnostics, query: None })),
            None => Err(recover::recover(tokens, None)),
        },
        Err(error) => Err(recover::recover(tokens, Some(line.token_at(furthest(&error))))),
    }
}

/// Refuses what is too long or too deep before the grammar sees it.
#[allow(clippy::result_large_err, reason = "once per statement")]
fn limits(tokens: &[Token]) -> Result<(), Diagnostic> {
    let span = whole(tokens);
    if span.end - span.start > LONGEST_STATEMENT {
        let first = tokens.first().map_or(span, |token| token.span);
        return Err(Diagnostic::error("GK0106", first).with("limit", LONGEST_STATEMENT.to_string()));
    }
    let (mut depth, mut minuses) = (0_usize, 0_usize);
    for token in tokens {
        minuses = if token.is("-") { minuses + 1 } else { 0 };
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
        }
        if depth + minuses > DEEPEST {
            return Err(Diagnostic::error("GK0105", token.span).with("limit", DEEPEST.to_string()));
        }
    }
    Ok(())
}

/// The span from the first token to the last.
fn whole(tokens: &[Token]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.join(last.span),
        _ => Span::default(),
    }
}

fn furthest(error: &pest::error::Error<Rule>) -> usize {
    match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    }
}

/// Tokens as the line the grammar reads, with the way back.
struct Line<'a> {
    text: String,
    starts: Vec<usize>,
    tokens: &'a [Token],
}

impl<'a> Line<'a> {
    fn of(tokens: &'a [Token]) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(tokens.len());
        for token in tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            starts.push(text.len());
            text.push_str(token.canonical());
        }
        Self { text, starts, tokens }
    }

    /// The number of the token at an offset of the line; one past the last at its end.
    fn token_at(&self, offset: usize) -> usize {
        if offset >= self.text.len() {
            return self.tokens.len();
        }
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    fn token(&self, offset: usize) -> Option<&'a Token> {
        self.tokens.get(self.token_at(offset))
    }

    /// Where a stretch of the line stood in the text as typed.
    fn span(&self, start: usize, end: usize) -> Span {
        let first = self.tokens.get(self.token_at(start));
        let last =
            self.tokens.get(self.token_at(end.saturating_sub(1).max(start)).min(self.tokens.len().saturating_sub(1)));
        match (first, last) {
            (Some(first), Some(last)) => first.span.join(last.span),
            (Some(only), None) | (None, Some(only)) => only.span,
            (None, None) => Span::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        let parsed = parse(&Source::new("query", text), &Lexicon::default());
        parsed
            .diagnostics
            .iter()
            .map(|diagnostic| {
                format!("{} {}", diagnostic.code, text.get(diagnostic.span.start..diagnostic.span.end).unwrap())
            })
            .collect()
    }

    #[test]
    fn the_twelve_questions_parse() {
        for (english, chinese) in crate::query::TWELVE {
            assert_eq!(codes(english), [""; 0], "{english}");
            assert_eq!(codes(chinese), [""; 0], "{chinese}");
        }
    }

    #[test]
    fn scripts_parse() {
        let script = "gongkai 1  # 版本\nparam city = \"太原市\"\ninclude \"shared/measures.gk\"\n\nlet answered = outcome.total - not_processed\n\
            assert coverage of reports in $city/* 2024 >= 95%\nassert share of not_held in 万柏林区 2024 == 77.0%\n\
            check identities, carry_over in $city/** 2024 | failed | export failed.csv\n\
            share of not_held by county in $city 2024 |\n  top 10\n  | export top10.xlsx\n# end\n";
        let parsed = parse(&Source::new("script", script), &Lexicon::default());
        assert_eq!(parsed.diagnostics, []);
        assert_eq!(parsed.script.statements.len(), 8);
        assert_eq!(parsed.script.statements[0].beside.as_deref(), Some("版本"));
        assert_eq!(parsed.script.closing, [super::super::ast::Comment::Text("end".to_owned())]);
    }

    #[test]
    fn every_mistake_once() {
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("share of", vec!["GK0107 share of"]),
            ("share of not_held by", vec!["GK0107 by"]),
            ("share of not_held by yaer in 太原市", vec!["GK0109 yaer"]),
            ("share of not_held by yaer in 太原市 | tpo 10", vec!["GK0109 yaer", "GK0108 tpo"]),
            ("share of not_held by year by county", vec!["GK0110 by county"]),
            ("by year in 太原市", vec!["GK0111 by year in 太原市"]),
            ("share of not_held in 太原市 30", vec!["GK0113 30"]),
            ("万柏林区2024年不掌握占比按", vec!["GK0107 按"]),
            ("万柏林区2024年不掌握占比按年纪|前十", vec!["GK0109 年纪", "GK0108 前十"]),
            ("万柏林区2024年不掌握占比 30", vec!["GK0113 30"]),
            ("万柏林区2024年 2023年不掌握占比", vec!["GK0110 2023年"]),
            ("show report | export \"a", vec!["GK0103 \"a"]),
            ("share of not_held where new >= in 太原市", vec!["GK0107 >="]),
            ("share of not_held at conty in 太原市", vec!["GK0121 conty"]),
            ("check identitis in 太原市", vec!["GK0119 identitis"]),
            ("show cels in 太原市", vec!["GK0118 cels"]),
            ("share of not_held as_of 2024-02-30", vec!["GK0115 2024-02-30"]),
            ("share of not_held where (new >= 30", vec!["GK0114 ("]),
            ("share of not_held & new", vec!["GK0102 &"]),
            ("gongkai 2", vec!["GK0117 2"]),
            ("不掌握占比 | ", vec!["GK0107 |"]),
        ] {
            let found = codes(text);
            if found != expected {
                wrong.push(format!("{text}: {found:?}, not {expected:?}"));
            }
        }
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn limits_hold() {
        let deep = format!("not_held where {}new > 1{}", "(".repeat(65), ")".repeat(65));
        assert_eq!(codes(&deep), ["GK0105 ("]);
        let fine = format!("not_held where {}new > 1{}", "(".repeat(64), ")".repeat(64));
        assert_eq!(codes(&fine), [""; 0]);
        let long = format!("not_held in {}", "太原市,".repeat(7000));
        assert_eq!(codes(&long), ["GK0106 not_held"]);
        let minus = format!("let x = {}1", "- ".repeat(100));
        assert_eq!(codes(&minus), ["GK0105 -"]);
    }

    #[test]
    fn a_new_name_is_the_same_on_the_next_line() {
        let codes = |text: &str| -> Vec<String> {
            let parsed = parse(&Source::new("query", text), &Lexicon::default());
            parsed.diagnostics.into_iter().map(|mistake| mistake.code).collect()
        };
        assert_eq!(codes("param\n\ncity.new"), codes("param city.new"));
        assert_eq!(codes("let\nanswered = new\nanswered"), [""; 0]);
    }

    #[test]
    fn unfinished_texts() {
        for (text, unfinished) in [
            ("share of not_held by", true),
            ("share of not_held by year", false),
            ("share of not_held |", true),
            ("万柏林区", true),
            ("万柏林区不掌握,", true),
            ("let x = (new", true),
            ("", false),
        ] {
            assert_eq!(parse(&Source::new("query", text), &Lexicon::default()).unfinished, unfinished, "{text}");
        }
    }
}
