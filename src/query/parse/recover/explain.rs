//! What is wrong in one piece of a statement, and what to type instead.

use super::{
    super::whole,
    elsewhere::{elsewhere, misplaced, names_column, thousands},
    pieces::is_kind,
};
use crate::{
    diagnostic::Diagnostic,
    query::{
        lexicon::{Keyword, WordKind, keyword_of, keywords},
        segment::{Token, TokenKind},
        suggest::{self, Known, divisions},
    },
    schema::{names, places},
    text::Span,
};

/// What is wrong in a piece that the grammar does not take; and whether it was the question.
pub(super) fn explain(piece: &[Token], stuck: usize) -> (Diagnostic, bool) {
    let Some(first) = piece.first() else { return (Diagnostic::error("GK0101", Span::default()), false) };
    let at = piece.get(stuck);
    let next = piece.get(1);
    if first.is("|") {
        return (explain_stage(piece, at, stuck), false);
    }
    let kind = first.keyword().and_then(keyword_of).map(|keyword| keyword.kind);
    let asks = matches!(kind, Some(WordKind::Verb | WordKind::Measure | WordKind::Statistic));
    if kind == Some(WordKind::Script) && piece.len() > 1 {
        return (at.map_or_else(|| missing_operand(piece), does_not_fit), true);
    }
    let diagnostic = match at {
        None => unfit(piece, piece.len()),
        Some(token) if first.is("by") || first.is("pivot") => not_one_of(token, "GK0109", WordKind::Dimension),
        Some(token) if (first.is("at") || first.is("level")) && piece.len() > 1 => not_a_tier(token),
        Some(token) if first.is("check") && wants_item(piece, stuck) => not_one_of(token, "GK0119", WordKind::Rules),
        Some(token) if first.is("show") && wants_item(piece, stuck) => not_one_of(token, "GK0118", WordKind::Thing),
        Some(_) if first.is("as_of") => no_day(piece),
        Some(token) if token.kind == TokenKind::Number && !wants_number(piece, stuck) => {
            let mistake = Diagnostic::error("GK0113", token.span).with("number", token.text.clone());
            // A division by its code wants the mark of one.
            let code = first.is("in") && places().by_code(&token.text).is_some();
            if code { mistake.fix(format!("@{}", token.text)) } else { mistake }
        }
        Some(token) if token.is_unknown() && stuck == 0 => unknown_word(token),
        Some(_) if next.is_none() && kind.is_some() => missing_operand(piece),
        Some(_) => unfit(piece, stuck),
    };
    (diagnostic, asks)
}

/// What stands after `as_of` is no day.
fn no_day(piece: &[Token]) -> Diagnostic {
    let typed = piece.get(1..).unwrap_or_default();
    Diagnostic::error("GK0115", whole(typed))
}

/// Every wrong item of a list of dimensions.
pub(super) fn not_all_of(piece: &[Token]) -> Vec<Diagnostic> {
    let items = if piece.first().is_some_and(|first| first.is("by")) { piece } else { &[] };
    let listed = items.iter().zip(items.iter().skip(1)).filter(|(before, _)| before.is("by") || before.is(","));
    let wrong = listed.map(|(_, item)| item).filter(|item| !is_kind(item, WordKind::Dimension));
    wrong.map(|item| not_one_of(item, "GK0109", WordKind::Dimension)).collect()
}

fn explain_stage(piece: &[Token], at: Option<&Token>, stuck: usize) -> Diagnostic {
    let Some(stage) = piece.get(1) else { return missing_operand(piece) };
    if !is_kind(stage, WordKind::Stage) {
        if stage.is("where") {
            // The same on an answer has a word of its own.
            let keep = keyword_of("keep").map(|keyword| form(keyword, stage));
            return with_fix(no_stage(stage), keep.flatten().into_iter().map(str::to_owned).collect());
        }
        let names = keywords().iter().filter(|keyword| keyword.kind == WordKind::Stage);
        let words =
            suggest::closest(&stage.text, names.flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied()));
        return with_fix(no_stage(stage), words);
    }
    match at {
        None => missing_operand(piece.get(1..).unwrap_or_default()),
        Some(token) if stage.is("pivot") => not_one_of(token, "GK0109", WordKind::Dimension),
        // `top ten`, `top -3`
        Some(_) if piece.len() > 2 && (stage.is("top") || stage.is("bottom")) => {
            missing_operand(std::slice::from_ref(stage))
        }
        Some(_) => unfit(piece, stuck),
    }
}

/// A word where something else belongs, which what stands before it may tell.
fn unfit(piece: &[Token], stuck: usize) -> Diagnostic {
    let at = |back: usize| stuck.checked_sub(back).and_then(|at| piece.get(at));
    // What compares is followed by a number, and figures alone are compared.
    if let (Some(dimension), Some(sign)) = (at(2), at(1))
        && compares(sign)
        && is_kind(dimension, WordKind::Dimension)
    {
        return Diagnostic::error("GK0221", dimension.span);
    }
    let Some(token) = at(0) else { return missing_operand(piece) };
    match at(1) {
        Some(sign) if compares(sign) => missing_operand(std::slice::from_ref(sign)),
        // `where share > 50%`
        Some(word) if compares(token) && is_kind(word, WordKind::Measure) => elsewhere(word, "value"),
        Some(column) if names_column(column) => elsewhere(column, "column"),
        _ if token.is(",") => thousands(piece, stuck).unwrap_or_else(|| does_not_fit(token)),
        _ => does_not_fit(token),
    }
}

/// A word that cannot stand where it stands.
pub(super) fn does_not_fit(token: &Token) -> Diagnostic {
    if token.is_unknown() { unknown_word(token) } else { misplaced(token) }
}

fn compares(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Sign("<" | "<=" | ">" | ">=" | "==" | "!="))
}

/// The last word of the piece wants something after it.
pub(super) fn missing_operand(piece: &[Token]) -> Diagnostic {
    let last = piece.last();
    let span = last.map_or(Span::default(), |token| token.span);
    let word = last.map_or("", |token| token.text.as_str());
    let mistake = Diagnostic::error("GK0107", span).with("word", word);
    match last.and_then(operand) {
        Some(operand) => mistake.fix(format!("{word} {operand}")),
        None => mistake,
    }
}

/// What may stand after a word that takes one of a closed list, in the script it was typed in.
fn operand(token: &Token) -> Option<&'static str> {
    let kind = match token.keyword()? {
        "check" => WordKind::Rules,
        "by" | "pivot" => WordKind::Dimension,
        "show" => WordKind::Thing,
        _ => return None,
    };
    form(keywords().iter().find(|keyword| keyword.kind == kind)?, token)
}

/// A keyword in the script that a token was typed in.
fn form(keyword: &Keyword, like: &Token) -> Option<&'static str> {
    let forms = if like.text.is_ascii() { &keyword.en } else { &keyword.zh };
    forms.first().copied()
}

fn no_stage(token: &Token) -> Diagnostic {
    Diagnostic::error("GK0108", token.span).with("word", token.text.clone())
}

fn not_one_of(token: &Token, code: &str, kind: WordKind) -> Diagnostic {
    let names = keywords().iter().filter(|keyword| keyword.kind == kind);
    let forms = || names.clone().flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied());
    let mut words = suggest::closest(&token.text, forms());
    if words.is_empty() && !token.text.is_ascii() {
        // One character is no likeness, but it may be half of a word.
        words = forms().filter(|form| form.contains(&token.text)).map(str::to_owned).take(suggest::MOST).collect();
    }
    with_fix(Diagnostic::error(code, token.span).with("word", token.text.clone()), words)
}

fn not_a_tier(token: &Token) -> Diagnostic {
    let tiers = ["province", "city", "county", "town", "department", "ministry", "zone"];
    let names = tiers.iter().filter_map(|word| keyword_of(word));
    let words = suggest::closest(&token.text, names.flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied()));
    with_fix(Diagnostic::error("GK0121", token.span).with("word", token.text.clone()), words)
}

/// A word that nothing is known of, where a clause might begin.
pub(super) fn unknown_word(token: &Token) -> Diagnostic {
    let clauses = |keyword: &&Keyword| matches!(keyword.kind, WordKind::Clause | WordKind::Option | WordKind::Verb);
    let clauses = keywords().iter().filter(clauses).flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied());
    let measures = names().all().iter().flat_map(|named| [named.en.as_str(), named.zh.as_str()]);
    let words = suggest::closest(&token.text, clauses.chain(measures).map(Known::from).chain(divisions()));
    with_fix(Diagnostic::error("GK0120", token.span).with("word", token.text.clone()), words)
}

fn with_fix(diagnostic: Diagnostic, words: Vec<String>) -> Diagnostic {
    match words.as_slice() {
        [only] => diagnostic.fix(only.clone()).suggest(words),
        _ => diagnostic.suggest(words),
    }
}

/// Whether the verb or a comma stands before this place, so that another item of its list belongs here.
fn wants_item(piece: &[Token], at: usize) -> bool {
    at == 1 || at.checked_sub(1).and_then(|before| piece.get(before)).is_some_and(|before| before.is(","))
}

/// Whether a number can stand at this place of the piece.
fn wants_number(piece: &[Token], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| piece.get(before)).is_some_and(|before| {
        is_kind(before, WordKind::Stage) || matches!(before.kind, TokenKind::Sign(sign) if sign != ",")
    })
}
