//! A statement with mistakes, read piece by piece: one complaint for each real mistake, none that follows from another.

use pest::Parser as _;

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
        lexicon::{Keyword, WordKind, keyword_of, keywords},
        segment::{Token, TokenKind},
        suggest::{self, Known, divisions},
    },
    schema::{names, places},
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
    let (foreign, own) = apart(tokens);
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

/// A complaint for each kind of word that other languages use, and the tokens without them.
fn apart(tokens: &[Token]) -> (Vec<Diagnostic>, Vec<Token>) {
    let mut own = Vec::with_capacity(tokens.len());
    let mut foreign: Vec<Diagnostic> = Vec::new();
    let mut after = false;
    for token in tokens {
        let case = token.keyword().and_then(|word| word.strip_prefix("elsewhere."));
        // `limit 5`: the number goes with the word.
        let number = after && token.kind == TokenKind::Number && !is_year(token);
        after = case.is_some();
        match case {
            None if number => {}
            None => own.push(token.clone()),
            Some(case) if foreign.iter().any(|other| is_case(other, case)) => {}
            Some(case) => foreign.push(elsewhere(token, case)),
        }
    }
    (foreign, own)
}

/// What is said in another way here; the case has its own sentence that says how.
fn elsewhere(token: &Token, case: &str) -> Diagnostic {
    let mistake = Diagnostic::error("GK0124", token.span).with("word", token.text.clone()).with("case", case);
    // An idle word is only left out.
    if case == "idle" { mistake.fix("") } else { mistake }
}

fn is_case(mistake: &Diagnostic, case: &str) -> bool {
    mistake.args.get("case").is_some_and(|own| own == case)
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
                Ok(Part::Verb(verb)) if piece.len() == 1 && first.is_unknown() => {
                    self.loose.push((first.clone(), verb));
                }
                Ok(Part::Verb(_)) if self.verb.is_some() => {
                    self.diagnostics.push(Diagnostic::error("GK0112", whole(piece)));
                }
                Ok(Part::Verb(verb)) => self.verb = Some(verb),
                Ok(Part::Clause(clauses)) => self.merge(clauses, piece),
                Ok(Part::Stage(stage)) => self.stages.push(stage),
                Err(diagnostics) => self.diagnostics.extend(diagnostics),
            },
            Ok(None) => self.diagnostics.push(does_not_fit(first)),
            Err(_) if not_all_of(piece).len() > 1 => self.diagnostics.extend(not_all_of(piece)),
            Err(error) => {
                let stuck = line.token_at(super::furthest(&error));
                let (diagnostic, verb) = explain(piece, stuck);
                self.diagnostics.push(diagnostic);
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

/// The tokens cut before every word that begins a clause, a stage or a question.
fn pieces(tokens: &[Token]) -> Vec<&[Token]> {
    let mut cuts = vec![0];
    let mut open = Open::default();
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 && begins(tokens, at, &open) {
            cuts.push(at);
        }
        open.take(at, token);
    }
    cuts.push(tokens.len());
    cuts.windows(2).filter_map(|pair| tokens.get(*pair.first()?..*pair.get(1)?)).collect()
}

/// What the tokens so far have begun.
#[derive(Default)]
struct Open {
    /// A stage.
    stage: bool,
    /// A condition, by the place of its first word.
    condition: Option<usize>,
}

impl Open {
    fn take(&mut self, at: usize, token: &Token) {
        self.stage |= token.is("|");
        let kind = token.keyword().and_then(keyword_of).map(|keyword| keyword.kind);
        if token.is("where") || token.is("keep") || token.is("flag") {
            self.condition = Some(at);
        } else if matches!(kind, Some(WordKind::Clause | WordKind::Verb)) {
            self.condition = None;
        }
    }

    /// Whether the token at a place still belongs to a condition: everything up to the next clause word does, but
    /// after a finished comparison only `and`, `or` and a bracket go on.
    fn in_condition(&self, tokens: &[Token], at: usize) -> bool {
        let Some(from) = self.condition else { return false };
        let inside = tokens.get(from + 1..at).unwrap_or_default();
        let complete = inside.len() >= 3
            && inside
                .last()
                .is_some_and(|token| matches!(token.kind, TokenKind::Number | TokenKind::Text | TokenKind::Param))
            && inside.iter().rev().nth(1).is_some_and(|token| {
                matches!(token.kind, TokenKind::Sign("<" | "<=" | ">" | ">=" | "==" | "!=" | "-"))
            });
        !complete
    }
}

/// Whether a piece begins at this token.
fn begins(tokens: &[Token], at: usize, open: &Open) -> bool {
    let (Some(token), Some(before)) = (tokens.get(at), tokens.get(at - 1)) else { return false };
    let in_condition = open.in_condition(tokens, at);
    match &token.kind {
        TokenKind::Sign("|") => true,
        _ if open.stage => false,
        TokenKind::Keyword(word) => match keyword_of(word).map(|keyword| keyword.kind) {
            Some(WordKind::Clause) => *word != "vs" && !(*word == "for" && before.is("[")),
            Some(WordKind::Option | WordKind::Verb) => true,
            // 新收占比: the measure before `share` belongs to it; `share of x` begins a question.
            Some(WordKind::Measure) if *word == "share" || *word == "change" => {
                !in_condition && !names_measure(before) && !starts_term(before) && !before.is(",")
            }
            Some(WordKind::Statistic) => {
                !in_condition && !names_measure(before) && !ends_term(before) && !before.is(",")
            }
            Some(WordKind::Place) => !takes_place(before) && !before.is("check") && !before.is(","),
            _ => false,
        },
        TokenKind::Number => {
            let joined = [",", "..", "in", "to"].iter().any(|word| before.is(word));
            !in_condition && is_year(token) && !joined && !is_year_of_list(tokens, at)
        }
        TokenKind::Param => {
            !in_condition && !takes_place(before) && !ends_term(before) && !before.is("..") && !before.is(",")
        }
        TokenKind::Code => !takes_place(before) && !before.is(","),
        TokenKind::Name(class) if class.place && !class.measure => {
            !takes_place(before) && !is_place(before) && !before.is(",") && !before.is("[") && !before.is("for")
        }
        TokenKind::Name(class) if class.measure => {
            // A measure after a complete clause begins the question.
            !in_condition
                && (is_year_token(before) || is_place(before) || ends_clause(before))
                && !before.is(",")
                && !before.is("in")
        }
        TokenKind::Name(_) => !in_condition && ends_clause(before) && !before.is(","),
        _ => false,
    }
}

fn names_measure(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Name(class) if class.measure || !class.place) || token.is(".*") || token.is("]")
}

fn starts_term(token: &Token) -> bool {
    token.is("of") || token.is("why") || token.is("check") || is_kind(token, WordKind::Statistic)
}

fn ends_term(token: &Token) -> bool {
    token.is("share") || token.is("change") || token.is("of") || token.is("why")
}

fn takes_place(token: &Token) -> bool {
    token.is("in") || token.is("vs") || token.is("/")
}

fn is_place(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Name(class) if class.place && !class.measure)
        || matches!(token.kind, TokenKind::Code)
        || token.is("/*")
        || token.is("/**")
        || token.is("all")
}

/// Whether a clause can end with this token, so that an unrelated word after it begins something new.
fn ends_clause(token: &Token) -> bool {
    is_kind(token, WordKind::Dimension)
        || is_kind(token, WordKind::Option)
        || is_kind(token, WordKind::Tier)
        || is_place(token)
        || is_year_token(token)
}

fn is_kind(token: &Token, kind: WordKind) -> bool {
    token.keyword().and_then(keyword_of).is_some_and(|keyword| keyword.kind == kind)
}

fn is_year(token: &Token) -> bool {
    token.text.len() == 4 && token.text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_year_token(token: &Token) -> bool {
    token.kind == TokenKind::Number && is_year(token)
}

/// A year after `top`, `gongkai` and the like is a plain number.
fn is_year_of_list(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| {
        is_kind(before, WordKind::Stage)
            || matches!(before.kind, TokenKind::Sign("<" | "<=" | ">" | ">=" | "==" | "!=" | "+" | "-" | "*"))
    })
}

fn trim_commas(piece: &[Token]) -> &[Token] {
    let mut piece = piece;
    while let [first, rest @ ..] = piece
        && first.is(",")
    {
        piece = rest;
    }
    // A comma at the end stands before the next clause, unless it follows the word that wants more.
    while let [rest @ .., last] = piece
        && last.is(",")
        && rest.len() > 1
    {
        piece = rest;
    }
    piece
}

/// What is wrong in a piece that the grammar does not take; and whether it was the question.
fn explain(piece: &[Token], stuck: usize) -> (Diagnostic, bool) {
    let Some(first) = piece.first() else { return (Diagnostic::error("GK0101", Span::default()), false) };
    let at = piece.get(stuck);
    let next = piece.get(1);
    if first.is("|") {
        return (explain_stage(piece, at), false);
    }
    let kind = first.keyword().and_then(keyword_of).map(|keyword| keyword.kind);
    let asks = matches!(kind, Some(WordKind::Verb | WordKind::Measure | WordKind::Statistic));
    if kind == Some(WordKind::Script) && piece.len() > 1 {
        return (at.map_or_else(|| missing_operand(piece), does_not_fit), true);
    }
    let diagnostic = match at {
        None => missing_operand(piece),
        Some(token) if first.is("by") || first.is("pivot") => not_one_of(token, "GK0109", WordKind::Dimension),
        Some(token) if (first.is("at") || first.is("level")) && piece.len() > 1 => not_a_tier(token),
        Some(token) if first.is("check") => not_one_of(token, "GK0119", WordKind::Rules),
        Some(token) if first.is("show") => not_one_of(token, "GK0118", WordKind::Thing),
        Some(token) if token.kind == TokenKind::Number && !wants_number(piece, stuck) => {
            let mistake = Diagnostic::error("GK0113", token.span).with("number", token.text.clone());
            // A division by its code wants the mark of one.
            let code = first.is("in") && places().by_code(&token.text).is_some();
            if code { mistake.fix(format!("@{}", token.text)) } else { mistake }
        }
        Some(token) if token.is_unknown() && stuck == 0 => unknown_word(token),
        Some(token) if first.is("as_of") => Diagnostic::error("GK0115", token.span).with("date", token.text.clone()),
        Some(_) if next.is_none() && kind.is_some() => missing_operand(piece),
        Some(token) => unfit(piece, token),
    };
    (diagnostic, asks)
}

/// Every wrong item of a list of dimensions.
fn not_all_of(piece: &[Token]) -> Vec<Diagnostic> {
    let items = if piece.first().is_some_and(|first| first.is("by")) { piece } else { &[] };
    let listed = items.iter().zip(items.iter().skip(1)).filter(|(before, _)| before.is("by") || before.is(","));
    let wrong = listed.map(|(_, item)| item).filter(|item| !is_kind(item, WordKind::Dimension));
    wrong.map(|item| not_one_of(item, "GK0109", WordKind::Dimension)).collect()
}

fn explain_stage(piece: &[Token], at: Option<&Token>) -> Diagnostic {
    let Some(stage) = piece.get(1) else { return missing_operand(piece) };
    if !is_kind(stage, WordKind::Stage) {
        let names = keywords().iter().filter(|keyword| keyword.kind == WordKind::Stage);
        let words =
            suggest::closest(&stage.text, names.flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied()));
        return with_fix(Diagnostic::error("GK0108", stage.span).with("word", stage.text.clone()), words);
    }
    match at {
        None => missing_operand(piece.get(1..).unwrap_or_default()),
        Some(token) if stage.is("pivot") => not_one_of(token, "GK0109", WordKind::Dimension),
        // `top ten`, `top -3`
        Some(_) if piece.len() > 2 && (stage.is("top") || stage.is("bottom")) => {
            missing_operand(std::slice::from_ref(stage))
        }
        Some(token) => unfit(piece, token),
    }
}

/// A word where something else belongs: what compares is followed by a number.
fn unfit(piece: &[Token], token: &Token) -> Diagnostic {
    let before = piece.iter().take_while(|other| other.span != token.span).last();
    match before {
        Some(sign) if compares(sign) => missing_operand(std::slice::from_ref(sign)),
        _ => does_not_fit(token),
    }
}

fn compares(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Sign("<" | "<=" | ">" | ">=" | "==" | "!="))
}

/// The last word of the piece wants something after it.
fn missing_operand(piece: &[Token]) -> Diagnostic {
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
    let first = keywords().iter().find(|keyword| keyword.kind == kind)?;
    let forms = if token.text.is_ascii() { &first.en } else { &first.zh };
    forms.first().copied()
}

fn not_one_of(token: &Token, code: &str, kind: WordKind) -> Diagnostic {
    let names = keywords().iter().filter(|keyword| keyword.kind == kind);
    let words = suggest::closest(&token.text, names.flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied()));
    with_fix(Diagnostic::error(code, token.span).with("word", token.text.clone()), words)
}

fn not_a_tier(token: &Token) -> Diagnostic {
    let tiers = ["province", "city", "county", "town", "department", "ministry", "zone"];
    let names = tiers.iter().filter_map(|word| keyword_of(word));
    let words = suggest::closest(&token.text, names.flat_map(|keyword| keyword.en.iter().chain(&keyword.zh).copied()));
    with_fix(Diagnostic::error("GK0121", token.span).with("word", token.text.clone()), words)
}

/// A word that nothing is known of, where a clause might begin.
fn unknown_word(token: &Token) -> Diagnostic {
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

fn does_not_fit(token: &Token) -> Diagnostic {
    match token.kind {
        _ if compares(token) => elsewhere(token, "condition"),
        TokenKind::Sign("+" | "-" | "*" | "/") => elsewhere(token, "formula"),
        _ if is_kind(token, WordKind::Stage) => elsewhere(token, "stage"),
        _ if is_kind(token, WordKind::Join) => elsewhere(token, "list"),
        _ => Diagnostic::error("GK0101", token.span).with("word", token.text.clone()),
    }
}

/// Whether a number can stand at this place of the piece.
fn wants_number(piece: &[Token], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| piece.get(before)).is_some_and(|before| {
        is_kind(before, WordKind::Stage) || matches!(before.kind, TokenKind::Sign(sign) if sign != ",")
    })
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
