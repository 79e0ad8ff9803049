//! From characters to tokens.

use super::{
    Segments, Token, TokenKind, canonical_word,
    cut::{Around, Cut, Piece, cut},
    keyword_token, phrase,
};
use crate::{
    diagnostic::Diagnostic,
    query::lexicon::{Class, Lexicon, WordKind, keywords},
    schema::marks,
    text::{Folded, Span, is_han},
};

/// Signs, longest first, and how the grammar writes them.
const SIGNS: [(&str, &str); 33] = [
    ("/**", "/**"),
    ("...", ".."),
    ("/*", "/*"),
    (".*", ".*"),
    ("..", ".."),
    ("…", ".."),
    ("～", ".."),
    ("~", ".."),
    (">=", ">="),
    ("≥", ">="),
    ("<=", "<="),
    ("≤", "<="),
    ("!=", "!="),
    ("<>", "!="),
    ("≠", "!="),
    ("==", "=="),
    ("=", "=="),
    ("+-", "+-"),
    ("±", "+-"),
    (">", ">"),
    ("<", "<"),
    ("|", "|"),
    (",", ","),
    ("、", ","),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    ("/", "/"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    (":", ":"),
];

/// Signs of arithmetic that are not on a keyboard.
const ODD_SIGNS: [(&str, &str); 4] = [("÷", "/"), ("×", "*"), ("—", "-"), ("–", "-")];

pub(super) struct Scanner<'a> {
    folded: &'a Folded<'a>,
    text: &'a str,
    lexicon: &'a Lexicon,
    at: usize,
    out: Segments,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(folded: &'a Folded<'a>, lexicon: &'a Lexicon) -> Self {
        Self { folded, text: folded.text(), lexicon, at: 0, out: Segments::default() }
    }

    pub(super) fn run(mut self) -> Segments {
        while let Some(character) = self.peek() {
            match character {
                '\n' => self.push(TokenKind::Newline, 1),
                _ if character.is_whitespace() => self.at += character.len_utf8(),
                '#' => self.comment(),
                // A question may end like one.
                ';' | '。' | '?' => self.push(TokenKind::Semicolon, character.len_utf8()),
                '"' | '\'' => self.quoted(character),
                _ if self.wants_file() => self.file(),
                _ if self.wants_new_name() => self.new_name(),
                '0'..='9' => self.number(),
                '@' => self.code(),
                '$' => self.param(),
                _ if character.is_ascii_alphabetic() || character == '_' => self.word(),
                _ if is_run(character) => self.han(),
                _ => self.sign(),
            }
        }
        self.out
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// How many bytes from here on fulfil a condition.
    fn while_(&self, fits: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        rest.find(|character| !fits(character)).unwrap_or(rest.len())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.folded.span(Span::new(start, end))
    }

    fn push(&mut self, kind: TokenKind, len: usize) {
        let text = self.rest().get(..len).unwrap_or_default().to_owned();
        self.push_text(kind, text, len);
    }

    fn push_text(&mut self, kind: TokenKind, text: String, len: usize) {
        let span = self.span(self.at, self.at + len);
        self.out.tokens.push(Token { kind, text, span });
        self.at += len;
    }

    fn last(&self) -> Option<&Token> {
        self.out.tokens.last()
    }

    fn last_is(&self, word: &str) -> bool {
        self.last().is_some_and(|token| token.is(word))
    }

    fn comment(&mut self) {
        let len = self.while_(|character| character != '\n');
        let text = self.rest().get(1..len).unwrap_or_default().trim().to_owned();
        self.push_text(TokenKind::Comment, text, len);
    }

    fn quoted(&mut self, quote: char) {
        let inner = self.rest().get(1..).unwrap_or_default();
        let line = inner.split('\n').next().unwrap_or_default();
        if let Some(end) = line.find(quote) {
            let text = line.get(..end).unwrap_or_default().to_owned();
            self.push_text(TokenKind::Text, text, end + 2);
        } else {
            let len = line.trim_end().len() + 1;
            let span = self.span(self.at, self.at + len);
            self.out.diagnostics.push(Diagnostic::error("GK0103", span).with("quote", quote.to_string()));
            self.push_text(TokenKind::Text, line.trim_end().to_owned(), len);
        }
    }

    /// After `export` stands a file name, whatever it looks like.
    fn wants_file(&self) -> bool {
        self.last_is("export") && !matches!(self.peek(), Some('|' | '$'))
    }

    /// A name with a quote or a blank in it stands in quotes.
    fn file(&mut self) {
        let ends = |character| matches!(character, '|' | ';' | '。' | '#' | '"' | '\'');
        let len = self.while_(|character| !character.is_whitespace() && !ends(character));
        self.push(TokenKind::File, len.max(1));
    }

    /// After `let` and `param`, and be it on another line, stands a name that nobody knows yet.
    fn wants_new_name(&self) -> bool {
        let last = self.out.tokens.iter().rev().find(|token| !matches!(token.kind, TokenKind::Newline));
        last.is_some_and(|token| token.is("let") || token.is("param")) && self.peek().is_some_and(is_name)
    }

    fn new_name(&mut self) {
        let len = self.while_(is_name);
        self.push(TokenKind::Name(Class::default()), len);
    }

    fn number(&mut self) {
        if let Some(len) = self.date() {
            return self.push_date(len);
        }
        if let Some(len) = self.lexicon.mixed_body(self.rest()) {
            let class = Class { place: true, ..Class::default() };
            return self.push(TokenKind::Name(class), len);
        }
        let digits = |from: usize| {
            let rest = self.rest().get(from..).unwrap_or_default();
            rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len())
        };
        let whole = digits(0);
        let mut len = whole;
        if self.rest().get(len..).is_some_and(|rest| rest.starts_with('.')) && digits(len + 1) > 0 {
            len += 1 + digits(len + 1);
        }
        let tail = self.rest().get(len..).unwrap_or_default();
        if tail.starts_with('%') {
            return self.push(TokenKind::Number, len + 1);
        }
        let text = self.rest().get(..len).unwrap_or_default().to_owned();
        // 2024年, 2024年度: the character belongs to the number.
        let suffix = if whole == 4 && len == 4 {
            marks().year.iter().find(|suffix| tail.starts_with(**suffix)).map_or(0, |suffix| suffix.len())
        } else {
            0
        };
        self.push_text(TokenKind::Number, text, len + suffix);
    }

    /// The length of `2025-03-31` or 2025年3月31日 here, and where nothing but a day can stand of `2025/3/31` and
    /// `2025.3.31`.
    fn date(&self) -> Option<usize> {
        let rest = self.rest();
        let digits = |from: usize| {
            let part = rest.get(from..).unwrap_or_default();
            part.find(|character: char| !character.is_ascii_digit()).unwrap_or(part.len())
        };
        let year = digits(0);
        let marks = marks();
        let tail = rest.get(year..)?;
        let (first, second, last) = if let Some(mark) = marks.year.last().filter(|mark| tail.starts_with(**mark)) {
            (*mark, marks.month, Some(marks.day))
        } else {
            let signs: &[&str] = if self.last_is("as_of") { &["-", "/", "."] } else { &["-"] };
            let sign = signs.iter().find(|sign| tail.starts_with(**sign))?;
            (*sign, *sign, None)
        };
        let month_at = year + first.len();
        let month = digits(month_at);
        let day_at = month_at + month + second.len();
        if year != 4 || !(1..=2).contains(&month) || !rest.get(month_at + month..)?.starts_with(second) {
            return None;
        }
        let day = digits(day_at);
        let end = day_at + day;
        if !(1..=2).contains(&day) {
            return None;
        }
        Some(match last {
            Some(mark) if rest.get(end..)?.starts_with(mark) => end + mark.len(),
            _ => end,
        })
    }

    fn push_date(&mut self, len: usize) {
        let typed = self.rest().get(..len).unwrap_or_default();
        let parts: Vec<&str> = typed.split(|character: char| !character.is_ascii_digit()).collect();
        let text = match parts.as_slice() {
            [year, month, day, ..] => format!("{year}-{month:0>2}-{day:0>2}"),
            _ => typed.to_owned(),
        };
        self.push_text(TokenKind::Date, text, len);
    }

    fn code(&mut self) {
        let digits = self
            .rest()
            .get(1..)
            .map_or(0, |rest| rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len()));
        let text = self.rest().get(1..=digits).unwrap_or_default().to_owned();
        self.push_text(TokenKind::Code, text, digits + 1);
    }

    fn param(&mut self) {
        let rest = self.rest().get(1..).unwrap_or_default();
        // A Chinese name runs to the next character that is not Han; an English one to the next that is.
        let han = rest.chars().next().is_some_and(is_han);
        let len = rest
            .find(
                |character: char| {
                    if han { !is_han(character) } else { !(character.is_ascii_alphanumeric() || character == '_') }
                },
            )
            .unwrap_or(rest.len());
        if len == 0 {
            return self.sign();
        }
        let text = rest.get(..len).unwrap_or_default().to_owned();
        self.push_text(TokenKind::Param, text, len + 1);
    }

    /// A word in Latin letters: a keyword of one or more words, an id, the id of a rule.
    fn word(&mut self) {
        if let Some(len) = self.rule() {
            return self.push(TokenKind::Rule, len);
        }
        let keyword = phrase::keyword(self.rest());
        if let Some((name, len)) = phrase::measure(self.rest())
            && keyword.is_none_or(|(_, other)| other < len)
        {
            let class = Class { measure: true, ..Class::default() };
            return self.push_text(TokenKind::Name(class), name.to_owned(), len);
        }
        if let Some((word, len)) = keyword {
            return self.push(keyword_token(word), len);
        }
        if let Some((name, len)) = phrase::column(self.rest()) {
            let class = Class { applicant: true, ..Class::default() };
            return self.push_text(TokenKind::Name(class), name.to_owned(), len);
        }
        let mut len = self.while_(|character| character.is_ascii_alphanumeric() || character == '_');
        while let Some(rest) = self.rest().get(len..) {
            let Some(tail) = rest.strip_prefix('.') else { break };
            let part = tail.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
            let part = part.unwrap_or(tail.len());
            if part == 0 || tail.starts_with(|character: char| character.is_ascii_digit()) {
                break;
            }
            len += 1 + part;
        }
        let typed = self.rest().get(..len).unwrap_or_default();
        let lower = typed.to_ascii_lowercase();
        let class = self.lexicon.class(typed);
        let class = if class.known() { class } else { self.lexicon.class(&lower) };
        match class.keyword {
            Some(at) if !self.is_own_name(typed) => self.push(keyword_token(canonical_word(at)), len),
            _ => self.push_text(TokenKind::Name(Class { keyword: None, ..class }), lower_known(class, typed), len),
        }
    }

    /// A measure that a script defined wins over a keyword of the same spelling.
    fn is_own_name(&self, typed: &str) -> bool {
        self.lexicon.defines(typed)
    }

    /// `T3-BAL`, `XY-CARRY-COL`: capitals and digits, joined by hyphens.
    fn rule(&self) -> Option<usize> {
        let len =
            self.while_(|character| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '-');
        let id = self.rest().get(..len)?;
        (id.contains('-') && !id.ends_with('-') && id.starts_with(|character: char| character.is_ascii_uppercase()))
            .then_some(len)
    }

    /// A run of Han characters: a number in the form, a mixed name, or words to be cut.
    fn han(&mut self) {
        if let Some((year, len)) = spelled_year(self.rest()) {
            return self.push_text(TokenKind::Number, year, len);
        }
        if let Some(len) = self.form_number() {
            let class = Class { measure: true, ..Class::default() };
            let text: String = self.rest().get(..len).unwrap_or_default().chars().map(plain_number).collect();
            return self.push_text(TokenKind::Name(class), text, len);
        }
        let len = self.run_length();
        if let Some(mixed) = self.lexicon.mixed_body(self.rest()).filter(|&mixed| mixed > len) {
            let class = Class { place: true, ..Class::default() };
            return self.push(TokenKind::Name(class), mixed);
        }
        let run = self.rest().get(..len).unwrap_or_default();
        let after = self.rest().get(len..).unwrap_or_default().trim_start_matches(' ');
        let around = Around {
            after_number: self.last().is_some_and(|token| matches!(token.kind, TokenKind::Number | TokenKind::Param)),
            before_number: after.starts_with(|character: char| character.is_ascii_digit() || character == '$'),
            after_bar: self.last_is("|"),
        };
        let pieces = match cut(run, around, self.lexicon) {
            Cut::Clear(pieces) => pieces,
            Cut::Ambiguous(first, second) => {
                let show = |pieces: &[Piece]| {
                    pieces.iter().filter_map(|piece| run.get(piece.start..piece.end)).collect::<Vec<_>>().join(" ")
                };
                let span = self.span(self.at, self.at + len);
                self.out
                    .diagnostics
                    .push(Diagnostic::error("GK0104", span).with("first", show(&first)).with("second", show(&second)));
                first
            }
        };
        for piece in join_unknown(&pieces) {
            let kind = match piece.class.keyword.filter(|_| !(piece.class.measure || piece.class.place)) {
                Some(at) => keyword_token(canonical_word(at)),
                None => TokenKind::Name(piece.class),
            };
            self.push(kind, piece.end - piece.start);
        }
    }

    /// The length of the run of Han characters here, up to a year that is spelled out or a number in the form inside it
    /// (溯源三.四.1).
    fn run_length(&self) -> usize {
        let rest = self.rest();
        let run = rest.char_indices().take_while(|(_, character)| is_run(*character));
        let year = |(at, _): &(usize, char)| rest.get(*at..).and_then(spelled_year).is_some();
        let end = run.take_while(|place| !year(place)).last();
        let len = end.map_or(0, |(at, character)| at + character.len_utf8()).max(1);
        let last = rest.get(..len).and_then(|run| run.char_indices().next_back());
        let mut after = rest.get(len..).unwrap_or_default().chars();
        match last {
            Some((at, numeral))
                if at > 0
                    && marks().numerals.contains(numeral)
                    && matches!(after.next(), Some('.' | '('))
                    && after.next().is_some_and(|next| marks().numerals.contains(next)) =>
            {
                at
            }
            _ => len,
        }
    }

    /// The length of 三.四.1 or 三(四)1 here; a lone 一 counts only where no Han character follows.
    fn form_number(&self) -> Option<usize> {
        let rest = self.rest();
        let mut characters = rest.char_indices().peekable();
        let (_, first) = characters.next()?;
        if !marks().numerals.contains(first) {
            return None;
        }
        let mut end = first.len_utf8();
        let mut parts = 1;
        for (at, character) in characters {
            match character {
                '.' | '(' | ')' => {}
                _ if marks().numerals.contains(character) && parts == 1 && at > end => {
                    parts = 2;
                    end = at + character.len_utf8();
                }
                '1'..='9' if parts == 2 && at > end => {
                    end = at + 1;
                    break;
                }
                _ => break,
            }
        }
        let tail = rest.get(end..).unwrap_or_default();
        let end = if parts == 2 && tail.starts_with(')') { end + 1 } else { end };
        let lone = parts == 1 && tail.starts_with(is_han);
        (!lone).then_some(end)
    }

    fn sign(&mut self) {
        let rest = self.rest();
        let found = SIGNS.iter().chain(&ODD_SIGNS).find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, canonical)) = found {
            self.push(TokenKind::Sign(canonical), sign.len());
        } else {
            let len = self.peek().map_or(1, char::len_utf8);
            let typed = rest.get(..len).unwrap_or_default().to_owned();
            let span = self.span(self.at, self.at + len);
            self.out.diagnostics.push(Diagnostic::error("GK0102", span).with("character", typed));
            self.at += len;
        }
    }
}

/// Fragments of one misspelt word: unknown pieces with nothing but names and dimensions between them are one.
fn join_unknown(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        let unknown_before = joined.iter().rposition(|earlier| !earlier.class.known());
        let joins = !piece.class.known()
            && unknown_before.is_some_and(|from| {
                joined.get(from + 1..).is_some_and(|between| between.iter().all(|piece| is_filler(piece.class)))
            });
        match (joins, unknown_before) {
            (true, Some(from)) => {
                joined.truncate(from + 1);
                if let Some(last) = joined.last_mut() {
                    last.end = piece.end;
                }
            }
            _ => joined.push(*piece),
        }
    }
    joined
}

/// Whether a word is no frame of a sentence and so may be part of a longer one that is misspelt.
fn is_filler(class: Class) -> bool {
    match class.keyword.and_then(|at| keywords().get(at as usize)) {
        Some(keyword) => matches!(
            keyword.kind,
            WordKind::Dimension
                | WordKind::Thing
                | WordKind::Tier
                | WordKind::Column
                | WordKind::Join
                | WordKind::Elsewhere
        ),
        None => !class.place,
    }
}

/// 二〇二四年: a year spelled out in four digits, as a number and with its length.
fn spelled_year(text: &str) -> Option<(String, usize)> {
    let digits: String = text.chars().map_while(digit).take(4).collect();
    let spelled: usize = text.chars().take(4).map(char::len_utf8).sum();
    let tail = text.get(spelled..).filter(|_| digits.len() == 4)?;
    let mark = marks().year.iter().find(|mark| tail.starts_with(**mark))?;
    Some((digits, spelled + mark.len()))
}

/// The digit that a character stands for.
fn digit(character: char) -> Option<char> {
    let value = if marks().zeros.contains(character) {
        Some(0)
    } else {
        marks().numerals.chars().zip(1..).find_map(|(numeral, value)| (numeral == character).then_some(value))
    };
    value.and_then(|value| char::from_digit(value, 10))
}

/// Whether a character belongs to a run of Han characters.
fn is_run(character: char) -> bool {
    is_han(character) || marks().zeros.contains(character)
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || is_han(character)
}

/// Ids are lower case: `Not_Held` is `not_held` where that is known.
fn lower_known(class: Class, typed: &str) -> String {
    if class.known() { typed.to_ascii_lowercase() } else { typed.to_owned() }
}

/// 三(四)1 as 三.四.1: brackets become the points between the parts.
fn plain_number(character: char) -> char {
    if matches!(character, '(' | ')') { '.' } else { character }
}
