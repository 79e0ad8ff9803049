//! Words and signs of other languages, and those of this one at the wrong place: each case says how it is written here.

use super::pieces::{is_kind, is_year};
use crate::{
    diagnostic::Diagnostic,
    query::{
        lexicon::{WordKind, columns_of, keyword_of},
        segment::{Token, TokenKind},
    },
};

/// A complaint for each kind of word that other languages use, and the tokens without them. One that stands for a
/// word of this language is read as that word: what follows it may be wrong too.
pub(super) fn apart(tokens: &[Token]) -> (Vec<Diagnostic>, Vec<Token>) {
    let mut own: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut foreign: Vec<Diagnostic> = Vec::new();
    let mut after = false;
    let mut stage = false;
    for token in tokens {
        stage &= !token.is("|");
        let case = token.keyword().and_then(|word| word.strip_prefix("elsewhere."));
        // `limit 5`: the number goes with the word.
        let number = after && token.kind == TokenKind::Number && !is_year(token);
        after = case.is_some();
        let Some(case) = case else {
            if !(number || stage) {
                own.push(token.clone());
            }
            continue;
        };
        // After a bar it stands for the whole stage.
        stage |= own.last().is_some_and(|last| last.is("|"));
        own.extend(stands_for(case).map(|kind| Token { kind, ..token.clone() }));
        if !foreign.iter().any(|other| is_case(other, case)) {
            foreign.push(elsewhere(token, case));
        }
    }
    (foreign, own)
}

/// The clause that a word of another language begins, or the comma that it puts.
fn stands_for(case: &str) -> Option<TokenKind> {
    let clause = keyword_of(case).filter(|keyword| keyword.kind == WordKind::Clause);
    clause.map(|keyword| TokenKind::Keyword(keyword.word)).or((case == "list").then_some(TokenKind::Sign(",")))
}

/// What is said in another way here; the case has its own sentence that says how.
pub(super) fn elsewhere(token: &Token, case: &str) -> Diagnostic {
    let mistake = Diagnostic::error("GK0124", token.span).with("word", token.text.clone()).with("case", case);
    // An idle word is only left out.
    if case == "idle" { mistake.fix("") } else { mistake }
}

pub(super) fn is_case(mistake: &Diagnostic, case: &str) -> bool {
    mistake.args.get("case").is_some_and(|own| own == case)
}

/// A word or sign of this language where something else belongs.
pub(super) fn misplaced(token: &Token) -> Diagnostic {
    match case(token) {
        Some(case) => elsewhere(token, case),
        None => Diagnostic::error("GK0101", token.span).with("word", token.text.clone()),
    }
}

fn case(token: &Token) -> Option<&'static str> {
    Some(match token.kind {
        TokenKind::Sign("<" | "<=" | ">" | ">=" | "==" | "!=") => "condition",
        TokenKind::Sign("+" | "-" | "*" | "/") => "formula",
        TokenKind::Sign("(" | ")") => "bracket",
        // `not_held of new`, `refused as share of new`
        _ if token.is("of") || token.is("as") || token.is("out_of") => "formula",
        _ if is_kind(token, WordKind::Stage) => "stage",
        _ if is_kind(token, WordKind::Join) || token.is("vs") => "list",
        _ if is_kind(token, WordKind::Thing) => "show",
        _ if names_column(token) => "column",
        _ => return None,
    })
}

/// Whether it is a word for columns of table 3 and nothing else.
pub(super) fn names_column(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Name(class) if !class.measure && !class.place) && columns_of(&token.text).is_some()
}

/// `1,000`: a number of thousands with commas between them, from the comma on which it stopped.
pub(super) fn thousands(piece: &[Token], comma: usize) -> Option<Diagnostic> {
    let first = piece.get(comma.checked_sub(1)?).filter(|token| token.kind == TokenKind::Number)?;
    let (mut digits, mut span, mut typed) = (first.text.clone(), first.span, first.text.clone());
    let mut rest = piece.get(comma..)?;
    while let [sign, group, more @ ..] = rest
        && sign.is(",")
        && group.kind == TokenKind::Number
        && group.text.len() == 3
    {
        digits.push_str(&group.text);
        typed = format!("{typed},{}", group.text);
        span = span.join(group.span);
        rest = more;
    }
    let several = digits.len() > first.text.len();
    let mistake = || Diagnostic::error("GK0124", span).with("word", typed).with("case", "thousands");
    several.then(|| mistake().fix(digits))
}
