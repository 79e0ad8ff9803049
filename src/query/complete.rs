//! Help while typing: what may come next, how known words are coloured, whether a statement is finished.

use super::{
    answer::Bilingual,
    lexicon::{Keyword, Lexicon, WordKind, columns, keyword_of, keywords},
    parse::parse,
    segment::{Token, TokenKind, segment},
};
use crate::{
    model::BodyId,
    schema::{Lookup, Meaning, Named, body_path, catalogue, names, pinyin_begins, places, rules_of},
    store::View,
    text::{Source, Span, is_han},
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
    let partial = tokens.pop_if(|token| touches(token));
    let start = partial.as_ref().map_or(before.len(), |token| token.span.start);
    let typed = before.get(start..).unwrap_or_default();
    let finder = Finder { typed, lexicon, view, tokens: &tokens, found: Vec::new() };
    Completion { start, candidates: finder.run(), file: false }
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

struct Finder<'a> {
    typed: &'a str,
    lexicon: &'a Lexicon,
    view: &'a View,
    tokens: &'a [Token],
    found: Vec<Candidate>,
}

impl Finder<'_> {
    fn run(mut self) -> Vec<Candidate> {
        match self.wanted() {
            Wanted::Kind(kind) => self.keywords(|keyword| keyword.kind == kind),
            Wanted::Tiers => self.keywords(|keyword| {
                keyword.kind == WordKind::Tier || matches!(keyword.word, "province" | "city" | "county")
            }),
            Wanted::Things => self.keywords(|keyword| {
                keyword.kind == WordKind::Thing || matches!(keyword.word, "body" | "category" | "year" | "rule")
            }),
            Wanted::Rules => {
                self.keywords(|keyword| keyword.kind == WordKind::Rules || keyword.word == "all");
                self.rules();
            }
            Wanted::Grounded => {
                self.measures();
                self.rules();
            }
            Wanted::Applicants => self.applicants(),
            Wanted::Measures => self.measures(),
            Wanted::Figures => {
                self.measures();
                self.keywords(|keyword| keyword.kind == WordKind::Column);
            }
            Wanted::Places => self.places(None),
            Wanted::Below(head) => self.places(head.as_ref()),
            Wanted::Anything => self.anything(),
            Wanted::Nothing => {}
        }
        self.found.truncate(MOST_CANDIDATES);
        self.found
    }

    /// What the words before the cursor ask for.
    fn wanted(&self) -> Wanted {
        let Some(last) = self.tokens.last() else { return Wanted::Anything };
        // After a comma the list goes on that it stands in.
        let last = if last.is(",") { self.list_head().unwrap_or(last) } else { last };
        match &last.kind {
            TokenKind::Sign("|") => Wanted::Kind(WordKind::Stage),
            TokenKind::Sign("/") => Wanted::Below(self.head()),
            TokenKind::Sign("[") => Wanted::Applicants,
            TokenKind::Keyword(word) => match *word {
                "by" | "pivot" => Wanted::Kind(WordKind::Dimension),
                "in" | "vs" => Wanted::Places,
                "at" => Wanted::Tiers,
                "show" => Wanted::Things,
                "check" | "verdict" => Wanted::Rules,
                "for" => Wanted::Applicants,
                "where" | "and" | "or" | "keep" | "flag" | "sort" => Wanted::Figures,
                "share" | "change" if self.after_measure() => Wanted::Anything,
                "share" | "change" | "of" | "out_of" | "correct" => Wanted::Measures,
                "why" => Wanted::Grounded,
                "top" | "bottom" | "as_of" | "let" | "param" | "gongkai" => Wanted::Nothing,
                word => match keyword_of(word).map(|keyword| keyword.kind) {
                    Some(WordKind::Statistic) if !self.after_measure() => Wanted::Measures,
                    _ => Wanted::Anything,
                },
            },
            _ => Wanted::Anything,
        }
    }

    /// Whether a measure stands before the last word: 不掌握占比 is complete, `share of` is not.
    fn after_measure(&self) -> bool {
        let before = self.tokens.len().checked_sub(2).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| matches!(token.kind, TokenKind::Name(class) if class.measure) || token.is("share"))
    }

    /// The keyword that the list before the cursor belongs to.
    fn list_head(&self) -> Option<&Token> {
        self.tokens
            .iter()
            .rev()
            .find(|token| matches!(token.keyword(), Some("by" | "in" | "vs" | "check" | "for" | "share" | "change")))
    }

    /// The body whose name ends before the slash at the cursor.
    fn head(&self) -> Option<BodyId> {
        let from = self
            .tokens
            .iter()
            .rposition(|token| !matches!(token.kind, TokenKind::Name(_) | TokenKind::Code | TokenKind::Sign("/")))
            .map_or(0, |at| at + 1);
        let words: Vec<&str> = self
            .tokens
            .get(from..)
            .unwrap_or_default()
            .iter()
            .filter(|token| !token.is("/"))
            .map(|token| token.text.as_str())
            .collect();
        let path = words.join("/");
        match places().find(&path, Lookup::default()).as_slice() {
            [row] => BodyId::government(&row.code).ok(),
            _ => self
                .lexicon
                .bodies(words.last().copied().unwrap_or_default())
                .first()
                .and_then(|&at| self.view.body(at))
                .map(|body| body.id.clone()),
        }
    }

    fn anything(&mut self) {
        let kinds = |token: &Token| token.keyword().and_then(keyword_of).map(|keyword| keyword.kind);
        let asks = self.tokens.iter().any(|token| {
            matches!(token.kind, TokenKind::Name(class) if class.measure)
                || matches!(kinds(token), Some(WordKind::Verb | WordKind::Measure | WordKind::Statistic))
        });
        if !asks {
            self.keywords(|keyword| {
                matches!(keyword.kind, WordKind::Verb | WordKind::Statistic)
                    || matches!(
                        keyword.word,
                        "share" | "change" | "let" | "param" | "assert" | "include" | "verdict" | "correct"
                    )
            });
        }
        let used: Vec<&str> = self.tokens.iter().filter_map(Token::keyword).collect();
        self.keywords(|keyword| {
            matches!(keyword.kind, WordKind::Clause | WordKind::Option) && !used.contains(&keyword.word)
        });
        let han = self.typed.chars().next().is_some_and(is_han);
        if !self.typed.is_empty() || !asks {
            if !asks {
                self.measures();
            }
            if asks && han {
                self.keywords(|keyword| matches!(keyword.word, "share" | "change"));
            }
            // A Chinese place needs no `in`; pinyin of places would drown the clause words.
            if han {
                self.places(None);
            }
        }
        if asks && self.typed.is_empty() {
            self.offer("|", &[], Bilingual { en: "a stage".to_owned(), zh: String::new() });
        }
    }

    fn keywords(&mut self, wanted: impl Fn(&Keyword) -> bool) {
        let han = self.typed.chars().any(is_han);
        for keyword in keywords().iter().filter(|keyword| wanted(keyword)) {
            let (en, zh) =
                (keyword.en.first().copied().unwrap_or_default(), keyword.zh.first().copied().unwrap_or_default());
            let label = Bilingual { en: en.to_owned(), zh: zh.to_owned() };
            if han {
                for form in &keyword.zh {
                    self.offer(form, &[], label.clone());
                }
            } else {
                self.offer(en, &keyword.en, label);
            }
        }
    }

    fn applicants(&mut self) {
        let han = self.typed.chars().any(is_han);
        for columns in columns() {
            let zh = columns.words.first().copied().unwrap_or(columns.id);
            let label = Bilingual { en: columns.id.to_owned(), zh: zh.to_owned() };
            self.offer(if han { zh } else { columns.id }, &[zh], label);
        }
    }

    fn rules(&mut self) {
        for rule in rules_of("all") {
            let label = Bilingual { en: rule.title.clone(), zh: rule.title.clone() };
            self.offer(&rule.id, &[], label);
        }
    }

    fn measures(&mut self) {
        let han = self.typed.chars().any(is_han);
        for named in names().all() {
            let label = label(named);
            let text = if han { &named.zh } else { &named.en };
            let more = [named.id.as_str(), named.zh.as_str(), named.number.as_deref().unwrap_or_default()];
            self.offer(text, &more, label);
        }
    }

    /// Divisions and bodies, all of them or those below one.
    fn places(&mut self, head: Option<&BodyId>) {
        if self.typed.is_empty() && head.is_none() {
            // Nothing typed yet: what the store has at the top.
            let first: Vec<BodyId> =
                self.view.bodies().iter().take(MOST_CANDIDATES).map(|body| body.id.clone()).collect();
            for id in first {
                self.body(&id, None);
            }
            return;
        }
        let inside =
            |code: &str| head.is_none_or(|head| places().ancestors(code).iter().any(|row| row.code == head.division()));
        let rows: Vec<BodyId> = if self.typed.is_empty() {
            let children = |code: Option<&str>| head.map(BodyId::division) == code;
            let rows = places().all().iter().filter(|row| row.last_year.is_none() && children(row.parent.as_deref()));
            rows.filter_map(|row| BodyId::government(&row.code).ok()).collect()
        } else {
            let rows = places().complete(self.typed).into_iter().filter(|row| inside(&row.code));
            rows.take(MOST_CANDIDATES).filter_map(|row| BodyId::government(&row.code).ok()).collect()
        };
        for id in rows {
            self.body(&id, head);
        }
        let numbers: Vec<usize> = match head {
            Some(head) => self.bodies_below(head),
            None if self.typed.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                self.lexicon.bodies_by_sound(self.typed, MOST_CANDIDATES)
            }
            None => self.lexicon.bodies_beginning(self.typed, MOST_CANDIDATES),
        };
        for number in numbers {
            if let Some(body) = self.view.body(number) {
                let id = body.id.clone();
                self.body(&id, head);
            }
        }
    }

    /// Bodies under one whose last part begins with what was typed, in characters or by sound.
    fn bodies_below(&self, head: &BodyId) -> Vec<usize> {
        let prefix = format!("{head}/");
        let begins = |last: &str| last.starts_with(self.typed) || pinyin_begins(last, self.typed);
        self.view
            .range(head.as_str())
            .filter(|&number| {
                self.view.body(number).is_some_and(|body| {
                    body.id.as_str().starts_with(&prefix) && body.id.segments().last().is_some_and(begins)
                })
            })
            .take(MOST_CANDIDATES)
            .collect()
    }

    fn body(&mut self, id: &BodyId, head: Option<&BodyId>) {
        if self.found.len() >= MOST_CANDIDATES {
            return;
        }
        let path = body_path(id);
        let own = self.view.find(id).and_then(|at| self.view.body(at)).map(|body| body.name.clone());
        let name = match head {
            // Below a head the last part is enough.
            Some(_) => path.rsplit('/').next().unwrap_or(&path).to_owned(),
            None if id.is_government() => {
                let name = places().by_code(id.division()).map_or_else(|| path.clone(), |row| row.name.clone());
                let alone = places().find(&name, Lookup::default()).len() == 1;
                if alone { name } else { path.split_once('/').map_or(path.clone(), |(_, rest)| rest.to_owned()) }
            }
            None => own.filter(|name| self.lexicon.bodies(name).len() == 1).unwrap_or_else(|| path.clone()),
        };
        let label = Bilingual { en: format!("{id} {path}"), zh: format!("{id} {path}") };
        if !self.found.iter().any(|candidate| candidate.text == name) {
            self.found.push(Candidate { text: name, label });
        }
    }

    /// Offers a word when what was typed begins it, or begins one of its other names, in letters or by sound.
    fn offer(&mut self, text: &str, others: &[&str], label: Bilingual) {
        let typed = self.typed;
        let lower = typed.to_ascii_lowercase();
        let begins = |word: &str| word.starts_with(typed) || (typed.is_ascii() && word.starts_with(&lower));
        // Latin letters may be the pinyin of a Chinese name; one letter is too little to say so.
        let sounds = |word: &str| lower.len() > 1 && pinyin_begins(word, &lower);
        let fits = typed.is_empty() || begins(text) || others.iter().any(|word| begins(word) || sounds(word));
        if fits && !text.is_empty() && !self.found.iter().any(|candidate| candidate.text == text) {
            self.found.push(Candidate { text: text.to_owned(), label });
        }
    }
}

/// What is expected at the cursor.
enum Wanted {
    Kind(WordKind),
    Tiers,
    Things,
    Rules,
    Applicants,
    Measures,
    /// What stands on cells: measures, and the results of rules.
    Grounded,
    Figures,
    Places,
    Below(Option<BodyId>),
    Anything,
    Nothing,
}

/// Both labels of a measure, with its number in the form.
fn label(named: &Named) -> Bilingual {
    let number = named.number.as_ref().map_or_else(String::new, |number| format!(" · {number}"));
    match named.meaning {
        Meaning::Category(code) => {
            let category = catalogue().get(code);
            Bilingual {
                en: category.map_or("", |category| category.label_en.as_str()).to_owned() + &number,
                zh: named.zh.clone() + &number,
            }
        }
        Meaning::Virtual(at) => {
            let sum = catalogue().virtuals.get(at);
            Bilingual { en: sum.map_or("", |sum| sum.label_en.as_str()).to_owned(), zh: named.zh.clone() }
        }
        Meaning::Indicator(at) => {
            let indicator = names().indicators.get(at);
            Bilingual {
                en: indicator.map_or("", |indicator| indicator.label_en.as_str()).to_owned(),
                zh: named.zh.clone(),
            }
        }
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
            ("check T3-B", "T3-BAL"),
            ("why T3-B", "T3-BAL"),
            ("why not_h", "not_held"),
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
