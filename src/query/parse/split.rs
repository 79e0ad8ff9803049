//! Where statements begin and end: at `;`, and at a line end where the statement is complete.

use super::super::{
    ast::Comment,
    lexicon::{WordKind, keyword_of},
    segment::{Token, TokenKind},
};

/// The tokens of one statement, with its comments.
pub(super) struct Piece {
    pub tokens: Vec<Token>,
    pub above: Vec<Comment>,
    pub beside: Option<String>,
}

/// All statements of a text.
#[derive(Default)]
pub(super) struct Pieces {
    pub statements: Vec<Piece>,
    pub closing: Vec<Comment>,
    pub unfinished: bool,
}

pub(super) fn split(tokens: Vec<Token>) -> Pieces {
    let mut pieces = Pieces::default();
    let mut open: Vec<Token> = Vec::new();
    let mut above: Vec<Comment> = Vec::new();
    let mut blank = false;
    let mut same_line = false;
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match token.kind {
            TokenKind::Comment if open.is_empty() => match pieces.statements.last_mut() {
                Some(last) if same_line && last.beside.is_none() => last.beside = Some(token.text),
                _ => {
                    above.push(Comment::Text(token.text));
                    blank = false;
                }
            },
            // A comment inside a statement is kept above it.
            TokenKind::Comment if goes_on(&open, None) => above.push(Comment::Text(token.text)),
            TokenKind::Comment => {
                close(&mut pieces, &mut open, &mut above);
                same_line = true;
                if let Some(last) = pieces.statements.last_mut() {
                    last.beside = Some(token.text);
                }
            }
            TokenKind::Newline => {
                if open.is_empty() {
                    let begun = !(pieces.statements.is_empty() && above.is_empty());
                    if blank && !same_line && begun && above.last() != Some(&Comment::Blank) {
                        above.push(Comment::Blank);
                    }
                    blank = true;
                } else if !goes_on(&open, rest.peek()) {
                    close(&mut pieces, &mut open, &mut above);
                    blank = true;
                }
                same_line = false;
            }
            TokenKind::Semicolon => {
                close(&mut pieces, &mut open, &mut above);
                same_line = true;
                blank = false;
            }
            _ => {
                open.push(token);
                same_line = false;
                blank = false;
            }
        }
    }
    pieces.unfinished = !open.is_empty() && goes_on(&open, None);
    close(&mut pieces, &mut open, &mut above);
    if above.last() == Some(&Comment::Blank) {
        above.pop();
    }
    pieces.closing = above;
    pieces
}

fn close(pieces: &mut Pieces, open: &mut Vec<Token>, above: &mut Vec<Comment>) {
    if !open.is_empty() {
        let (tokens, above) = (std::mem::take(open), std::mem::take(above));
        pieces.statements.push(Piece { tokens, above, beside: None });
    }
}

/// Whether the statement goes on after a line end: its last word wants more, a bracket is open, nothing
/// is asked yet, or the next line begins with a bar.
fn goes_on(open: &[Token], next: Option<&Token>) -> bool {
    let depth = open.iter().fold(0_i32, |depth, token| match () {
        () if token.is("(") || token.is("[") => depth + 1,
        () if token.is(")") || token.is("]") => depth - 1,
        () => depth,
    });
    depth > 0 || open.last().is_some_and(wants_more) || !asks(open) || next.is_some_and(|token| token.is("|"))
}

/// Whether nothing can end with this token.
fn wants_more(token: &Token) -> bool {
    match &token.kind {
        TokenKind::Sign(sign) => {
            matches!(
                *sign,
                "|" | "," | ".." | "/" | "+" | "-" | "*" | "+-" | "<=" | ">=" | "!=" | "==" | "<" | ">" | ":"
            )
        }
        TokenKind::Keyword(word) => match keyword_of(word).map(|keyword| keyword.kind) {
            Some(WordKind::Clause | WordKind::Join) => true,
            Some(WordKind::Measure) => *word == "of" || *word == "out_of",
            Some(WordKind::Verb) => matches!(*word, "check" | "why" | "show"),
            Some(WordKind::Stage) => matches!(*word, "top" | "bottom" | "sort" | "keep" | "flag" | "pivot" | "export"),
            Some(WordKind::Script) => !matches!(*word, "accepted" | "explained" | "wrong" | "place" | "number"),
            _ => false,
        },
        _ => false,
    }
}

/// Whether the tokens hold a verb, so that they can be a statement.
fn asks(open: &[Token]) -> bool {
    let mut place = false;
    // `$kind in 太原市`: a parameter at the very front is what is asked.
    let front = open.first().is_some_and(|token| token.kind == TokenKind::Param);
    front
        || open.iter().any(|token| {
            let after_place_word = std::mem::replace(&mut place, token.is("in") || token.is("/") || token.is("vs"));
            match &token.kind {
                TokenKind::Name(class) => !after_place_word && (class.measure || !class.place),
                TokenKind::Text => !after_place_word,
                TokenKind::Rule => true,
                TokenKind::Keyword(word) => {
                    let kind = keyword_of(word).map(|keyword| keyword.kind);
                    matches!(
                        kind,
                        Some(
                            WordKind::Verb
                                | WordKind::Script
                                | WordKind::Measure
                                | WordKind::Statistic
                                | WordKind::Elsewhere
                        )
                    )
                }
                _ => false,
            }
        })
}
