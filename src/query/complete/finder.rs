//! What may stand at the cursor: words of the language, measures, places and bodies, by what stands before.

use super::{Candidate, MOST_CANDIDATES};
use crate::{
    model::BodyId,
    query::{
        answer::Bilingual,
        lexicon::{Keyword, Lexicon, WordKind, columns, keyword_of, keywords},
        segment::{Token, TokenKind},
    },
    schema::{Lookup, Meaning, Named, body_path, catalogue, names, pinyin_begins, places, rules_of},
    store::View,
    text::is_han,
};

/// Finds the words that may stand at the cursor.
pub(super) struct Finder<'a> {
    typed: &'a str,
    lexicon: &'a Lexicon,
    view: &'a View,
    tokens: &'a [Token],
    found: Vec<Candidate>,
}

impl<'a> Finder<'a> {
    /// What was typed of the word, and the tokens before it.
    pub(super) fn new(typed: &'a str, lexicon: &'a Lexicon, view: &'a View, tokens: &'a [Token]) -> Self {
        Self { typed, lexicon, view, tokens, found: Vec::new() }
    }

    pub(super) fn run(mut self) -> Vec<Candidate> {
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
            [row] => BodyId::government(row.code).ok(),
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
            let bodies = (0..self.view.body_count().min(MOST_CANDIDATES)).filter_map(|number| self.view.body(number));
            let first: Vec<BodyId> = bodies.map(|body| body.id.clone()).collect();
            for id in first {
                self.body(&id, None);
            }
            return;
        }
        let inside =
            |code: &str| head.is_none_or(|head| places().ancestors(code).iter().any(|row| row.code == head.division()));
        let rows: Vec<BodyId> = if self.typed.is_empty() {
            let children = |code: Option<&str>| head.map(BodyId::division) == code;
            let rows = places().all().iter().filter(|row| row.last_year.is_none() && children(row.parent));
            rows.filter_map(|row| BodyId::government(row.code).ok()).collect()
        } else {
            let rows = places().complete(self.typed).into_iter().filter(|row| inside(row.code));
            rows.take(MOST_CANDIDATES).filter_map(|row| BodyId::government(row.code).ok()).collect()
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
        let name = match head {
            // Below a head the last part is enough.
            Some(_) => path.rsplit('/').next().unwrap_or(&path).to_owned(),
            None if id.is_government() => {
                let name = places().by_code(id.division()).map_or_else(|| path.clone(), |row| row.name.to_owned());
                let alone = places().find(&name, Lookup::default()).len() == 1;
                if alone { name } else { path.split_once('/').map_or(path.clone(), |(_, rest)| rest.to_owned()) }
            }
            None => {
                let own = self.view.find(id).and_then(|at| self.view.body(at)).map(|body| body.name.clone());
                own.filter(|name| self.lexicon.bodies(name).len() == 1).unwrap_or_else(|| path.clone())
            }
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
