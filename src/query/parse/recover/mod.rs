//! A statement with mistakes, read piece by piece: one complaint for each real mistake, none that follows from another.

mod elsewhere;
mod explain;
mod pieces;

use pest::Parser as _;

use elsewhere::{apart, elsewhere, is_case};
use explain::{does_not_fit, explain, missing_operand, not_all_of, unknown_word};
use pieces::{is_kind, pieces, trim_commas, with_object};

use super::{
    Line,
    build::{self, Part},
    grammar::{Grammar, Rule},
    whole,
};
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{Clauses, Query, Spanned, Stage, Verb},
        lexicon::WordKind,
        segment::Token,
    },
    text::Span,
};

/// So many mistakes of one statement are told; who made more has pasted something else.
const MOST: usize = 20;

/// What is wrong in a statement, and what could be read of it all the same.
pub(super) struct Mistakes {
    pub diagnostics: Vec<Diagnostic>,
    pub query: Option<Query>,
}

impl Mistakes {
    pub(super) fn one(diagnostic: Diagnostic) -> Box<Self> {
        Box::new(Self { diagnostics: vec![diagnostic], query: None })
    }
}

/// Reads the pieces of a statement that is wrong somewhere; `stuck` is the token the grammar stopped at.
pub(super) fn recover(tokens: &[Token], stuck: Option<usize>) -> Box<Mistakes> {
    if let Some(script) = script_statement(tokens, stuck) {
        return Mistakes::one(script);
    }
    if let Some(bracket) = unbalanced(tokens) {
        return Mistakes::one(bracket);
    }
    let (foreign, mut own) = apart(tokens);
    with_object(&mut own);
    let tokens = own.as_slice();
    let stuck = stuck.filter(|_| foreign.is_empty());
    let mut found = Found::default();
    for piece in pieces(tokens) {
        if found.diagnostics.len() >= MOST {
            break;
        }
        found.read(piece);
    }
    found.settle();
    let span = whole(tokens);
    if !foreign.is_empty() {
        // A sentence of another language has other gaps too: only words are looked at.
        found.diagnostics.retain(is_about_a_word);
        found.diagnostics.extend(foreign);
    }
    if found.diagnostics.is_empty() {
        found.diagnostics.push(match (found.verb.is_some(), stuck.and_then(|at| tokens.get(at))) {
            (false, _) => Diagnostic::error("GK0111", span),
            (true, Some(token)) => does_not_fit(token),
            (true, None) => Diagnostic::error("GK0101", end_of(span)),
        });
    }
    let query =
        Query { verb: found.verb.unwrap_or(Verb::Ask(Vec::new())), clauses: found.clauses, stages: found.stages, span };
    Box::new(Mistakes { diagnostics: found.diagnostics, query: Some(query) })
}

fn is_about_a_word(mistake: &Diagnostic) -> bool {
    matches!(mistake.code.as_str(), "GK0108" | "GK0109" | "GK0118" | "GK0119" | "GK0120" | "GK0121")
        || is_case(mistake, "stage")
}

#[derive(Default)]
struct Found {
    verb: Option<Verb>,
    clauses: Clauses,
    stages: Vec<Spanned<Stage>>,
    loose: Vec<(Token, Verb)>,
    diagnostics: Vec<Diagnostic>,
}

impl Found {
    /// Decides about lone unknown words: the question, where there is no other, else a word that is not known.
    fn settle(&mut self) {
        for (token, verb) in std::mem::take(&mut self.loose) {
            if self.verb.is_none() {
                self.verb = Some(verb);
            } else {
                self.diagnostics.push(unknown_word(&token));
            }
        }
    }

    fn read(&mut self, piece: &[Token]) {
        // Commas between clauses are allowed and mean nothing.
        let piece = trim_commas(piece);
        let Some(first) = piece.first() else { return };
        let line = Line::of(piece);
        let parsed = Grammar::parse(Rule::piece, &line.text);
        match parsed.map(|mut pairs| pairs.next()) {
            Ok(Some(pair)) => match build::part(pair, &line) {
                // A lone word that nothing is known of asks only where nothing else does.
                Ok(Part::Verb(verb, _)) if piece.len() == 1 && first.is_unknown() => {
                    self.loose.push((first.clone(), verb));
                }
                Ok(Part::Verb(..)) if self.verb.is_some() => {
                    self.diagnostics.push(Diagnostic::error("GK0112", whole(piece)));
                }
                Ok(Part::Verb(verb, clauses)) => {
                    self.verb = Some(verb);
                    self.merge(clauses, piece);
                }
                Ok(Part::Clause(clauses)) => self.merge(clauses, piece),
                Ok(Part::Stage(stage)) => self.stages.push(stage),
                Err(diagnostics) => self.diagnostics.extend(diagnostics),
            },
            Ok(None) => self.diagnostics.push(does_not_fit(first)),
            Err(_) if not_all_of(piece).len() > 1 => self.diagnostics.extend(not_all_of(piece)),
            Err(error) => {
                let stuck = line.token_at(super::furthest(&error));
                let (diagnostic, verb) = explain(piece, stuck);
                // Of two brackets one is enough.
                if !(is_case(&diagnostic, "bracket") && self.diagnostics.iter().any(|other| is_case(other, "bracket")))
                {
                    self.diagnostics.push(diagnostic);
                }
                // What asks, though wrongly, asks: no second complaint that nothing is asked.
                if verb && self.verb.is_none() {
                    self.verb = Some(Verb::Ask(Vec::new()));
                }
            }
        }
    }

    fn merge(&mut self, clauses: Clauses, piece: &[Token]) {
        let mut twice: Option<&str> = None;
        macro_rules! take {
            ($($field:ident: $word:literal),*) => {$(
                if clauses.$field.is_some() {
                    if self.clauses.$field.is_some() {
                        twice = Some($word);
                    } else {
                        self.clauses.$field = clauses.$field;
                    }
                }
            )*};
        }
        take!(by: "by", places: "in", at: "at", years: "year", applicants: "for", condition: "where", as_of: "as_of",
            comparable: "comparable", complete: "complete", blank_as_zero: "blank_as_zero");
        if let Some(clause) = twice {
            self.diagnostics.push(Diagnostic::error("GK0110", whole(piece)).with("clause", clause));
        }
    }
}

fn end_of(span: Span) -> Span {
    Span::new(span.end, span.end)
}

/// The mistake in a statement that begins with a word of scripts.
fn script_statement(tokens: &[Token], stuck: Option<usize>) -> Option<Diagnostic> {
    let first = tokens.first()?;
    let script = is_kind(first, WordKind::Script) && !first.is("assert");
    if !script {
        return None;
    }
    let at = stuck.and_then(|at| tokens.get(at));
    if let Some(file) = at.filter(|_| first.is("include")) {
        return Some(elsewhere(file, "file"));
    }
    // What is stored has a form of its own, and no part of it can be left out.
    let code = if first.is("verdict") {
        "GK0122"
    } else if first.is("correct") {
        "GK0123"
    } else {
        return Some(at.map_or_else(|| missing_operand(tokens), does_not_fit));
    };
    let span = at.map_or_else(|| tokens.last().map_or(Span::default(), |last| end_of(last.span)), |token| token.span);
    let word = at.map_or("", |token| token.text.as_str());
    Some(Diagnostic::error(code, span).with("word", word))
}

/// A bracket without its partner.
fn unbalanced(tokens: &[Token]) -> Option<Diagnostic> {
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        if token.is("(") || token.is("[") {
            open.push(token);
        } else if token.is(")") || token.is("]") {
            let partner = if token.is(")") { "(" } else { "[" };
            match open.pop() {
                Some(before) if before.is(partner) => {}
                _ => return Some(Diagnostic::error("GK0114", token.span).with("bracket", token.text.clone())),
            }
        }
    }
    open.pop().map(|token| Diagnostic::error("GK0114", token.span).with("bracket", token.text.clone()))
}
