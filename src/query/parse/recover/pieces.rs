//! A statement that is wrong somewhere, cut into pieces that can be read one by one.

use crate::query::{
    lexicon::{WordKind, keyword_of},
    segment::{Token, TokenKind},
};

/// Moves a verb to what it is about, where clauses stand between the two.
pub(super) fn with_object(tokens: &mut [Token]) {
    let verb = |token: &Token| token.is("check") || token.is("show") || token.is("why");
    let Some(at) = tokens.iter().position(verb) else { return };
    let Some((verb, rest)) = tokens.get(at..).and_then(<[Token]>::split_first) else { return };
    let rest = rest.split(|token| token.is("|")).next().unwrap_or_default();
    // Behind a clause word stands what belongs to the clause.
    let free = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| rest.get(before));
        !before.is_some_and(|before| takes_place(before) || is_kind(before, WordKind::Clause))
    };
    let first = |fits: &dyn Fn(&Token) -> bool| rest.iter().enumerate().position(|(at, token)| free(at) && fits(token));
    let between = first(&|token| is_object(verb, token)).or_else(|| first(&Token::is_unknown));
    if let Some(moved) = between.and_then(|between| tokens.get_mut(at..=at + between)) {
        moved.rotate_left(1);
    }
}

/// Whether what a verb is about can begin with this token.
fn is_object(verb: &Token, token: &Token) -> bool {
    if verb.is("show") {
        return is_kind(token, WordKind::Thing);
    }
    token.kind == TokenKind::Rule
        || if verb.is("check") {
            is_kind(token, WordKind::Rules)
        } else {
            names_measure(token) || is_kind(token, WordKind::Measure) || is_kind(token, WordKind::Statistic)
        }
}

/// The tokens cut before every word that begins a clause, a stage or a question.
pub(super) fn pieces(tokens: &[Token]) -> Vec<&[Token]> {
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
            let joined = [",", "..", "in", "to", "as_of"].iter().any(|word| before.is(word));
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

pub(super) fn is_kind(token: &Token, kind: WordKind) -> bool {
    token.keyword().and_then(keyword_of).is_some_and(|keyword| keyword.kind == kind)
}

pub(super) fn is_year(token: &Token) -> bool {
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

pub(super) fn trim_commas(piece: &[Token]) -> &[Token] {
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
