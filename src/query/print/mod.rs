//! The canonical text of a question or script, in English or Chinese. Reading it back gives the same tree.

mod script;
mod words;

pub(crate) use words::dim_word;
use words::{comparator, statistic_word, thing_english, thing_word, tier_word};

use super::{
    ast::{
        Clauses, Column, Comment, Condition, Date, Figure, Literal, Measure, Name, Operand, Place, PlaceHead, Query,
        Reach, Script, Stage, StatementKind, Term, TermKind, Verb, YearRange, YearWord,
    },
    lexicon::{Lexicon, columns_of, keyword_of},
    segment::{TokenKind, segment},
};
use crate::schema::{Named, names};

/// The language a text is printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// English
    En,
    /// 中文
    Zh,
}

/// The canonical text of a question. A name that the lexicon would read as something else is put in quotes.
#[must_use]
pub fn print(query: &Query, tongue: Tongue, lexicon: &Lexicon) -> String {
    let mut printer = Printer { tongue, lexicon, out: Vec::new() };
    printer.query(query);
    printer.out.join(" ")
}

/// The canonical text of a script: one statement a line, comments kept.
#[must_use]
pub fn print_script(script: &Script, tongue: Tongue, lexicon: &Lexicon) -> String {
    let mut text = String::new();
    for statement in &script.statements {
        comments(&statement.above, &mut text);
        text.push_str(&print_statement(&statement.kind, tongue, lexicon));
        if let Some(comment) = &statement.beside {
            text.push_str("  # ");
            text.push_str(comment);
        }
        text.push('\n');
    }
    comments(&script.closing, &mut text);
    text
}

fn comments(comments: &[Comment], text: &mut String) {
    for comment in comments {
        if let Comment::Text(comment) = comment {
            text.push_str(if comment.is_empty() { "#" } else { "# " });
            text.push_str(comment);
        }
        text.push('\n');
    }
}

/// The canonical text of one statement.
#[must_use]
pub fn print_statement(statement: &StatementKind, tongue: Tongue, lexicon: &Lexicon) -> String {
    let mut printer = Printer { tongue, lexicon, out: Vec::new() };
    match statement {
        StatementKind::Version(number) => {
            printer.key("gongkai");
            printer.put(number.value.to_string());
        }
        StatementKind::Param(param) => printer.param(param),
        StatementKind::Include(file) => {
            printer.key("include");
            printer.put(quoted(&file.value));
        }
        StatementKind::Let(definition) => {
            printer.key("let");
            printer.put(definition.name.value.clone());
            printer.put("=");
            let formula = printer.expr(&definition.formula, 0);
            printer.put(formula);
        }
        StatementKind::Assert(assert) => printer.assert(assert),
        StatementKind::Verdict(verdict) => printer.verdict(verdict),
        StatementKind::Correct(correct) => printer.correct(correct),
        StatementKind::Query(query) => printer.query(query),
    }
    printer.out.join(" ")
}

/// A number as written.
pub(crate) fn figure(figure: &Figure) -> String {
    let digits = figure.mantissa.unsigned_abs().to_string();
    let scale = figure.scale as usize;
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = digits.split_at_checked(digits.len() - scale).unwrap_or((&digits, ""));
    let sign = if figure.mantissa < 0 { "-" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}{}", if figure.percent { "%" } else { "" })
}

struct Printer<'a> {
    tongue: Tongue,
    lexicon: &'a Lexicon,
    out: Vec<String>,
}

impl Printer<'_> {
    fn put(&mut self, text: impl Into<String>) {
        self.out.push(text.into());
    }

    /// Joins the text to the last word.
    fn join(&mut self, text: &str) {
        match self.out.last_mut() {
            Some(last) => last.push_str(text),
            None => self.out.push(text.to_owned()),
        }
    }

    /// The form of a keyword in the language of the text.
    fn form(&self, word: &str) -> String {
        let Some(keyword) = keyword_of(word) else { return word.to_owned() };
        let form = match self.tongue {
            Tongue::En => keyword.en.first(),
            Tongue::Zh => keyword.zh.first().or(keyword.en.first()),
        };
        form.map_or_else(|| word.to_owned(), |form| (*form).to_owned())
    }

    fn key(&mut self, word: &str) {
        let form = self.form(word);
        self.put(form);
    }

    /// `, ` between the items of a list.
    fn comma(&self) -> &'static str {
        match self.tongue {
            Tongue::En => ",",
            Tongue::Zh => "、",
        }
    }

    fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                let comma = self.comma();
                self.join(comma);
            }
            print(self, item);
        }
    }

    // ----- questions -----

    fn query(&mut self, query: &Query) {
        match &query.verb {
            Verb::Ask(terms) => self.list(terms, Self::term),
            Verb::Check(rules) => {
                self.key("check");
                self.list(rules, |printer, rule| printer.key(&rule.value));
            }
            Verb::Missing(_) => self.key("missing"),
            Verb::Why(term) => {
                self.key("why");
                self.term(term);
            }
            Verb::WhyRule(rule) => {
                self.key("why");
                self.key(&rule.value);
            }
            Verb::Revisions(_) => self.key("revisions"),
            Verb::Show(thing) => {
                self.key("show");
                let word = thing_word(thing.value);
                let form = match self.tongue {
                    Tongue::En => thing_english(thing.value).to_owned(),
                    Tongue::Zh => self.form(word),
                };
                self.put(form);
            }
        }
        self.clauses(&query.clauses);
        for stage in &query.stages {
            self.put("|");
            self.stage(&stage.value);
        }
    }

    fn term(&mut self, term: &Term) {
        if let Some(statistic) = &term.statistic {
            self.key(statistic_word(statistic.value));
            if self.tongue == Tongue::En {
                self.put("of");
            }
        }
        match &term.kind {
            TermKind::Share { of, out_of } => {
                self.word_with("share", of);
                if let Some(base) = out_of {
                    self.key("out_of");
                    let measure = self.measure(base);
                    self.put(measure);
                }
            }
            TermKind::Change(measure) => self.word_with("change", measure),
            TermKind::Plain(measure) => {
                let measure = self.measure(measure);
                self.put(measure);
            }
        }
    }

    /// A measure with the word for what is computed of it: 不掌握占比. A parameter stands behind the word in both
    /// languages, since at the front of a question it would be a year.
    fn word_with(&mut self, word: &str, measure: &Measure) {
        let text = self.measure(measure);
        if self.tongue == Tongue::Zh && !measure.name.value.starts_with('$') {
            let text = text + &self.form(word);
            self.put(text);
        } else {
            self.key(word);
            self.put(text);
        }
    }

    fn measure(&self, measure: &Measure) -> String {
        let known: Vec<&Named> = names().find(&measure.name.value).collect();
        let mut text = match known.as_slice() {
            [named] => match self.tongue {
                Tongue::En => named.en.clone(),
                Tongue::Zh => named.zh.clone(),
            },
            // A measure by `let`, or a word that is not known: as written.
            _ => self.name(&measure.name),
        };
        if let Some(applicant) = &measure.applicant {
            text.push('[');
            text.push_str(&self.applicant(applicant));
            text.push(']');
        }
        if measure.members {
            match self.tongue {
                Tongue::Zh if known.len() == 1 && measure.applicant.is_none() => text.push_str(&self.form_of_members()),
                _ => text.push_str(".*"),
            }
        }
        text
    }

    /// A name as written, in quotes where it would not be read as that name: 前 is a stage before a number.
    fn name(&self, name: &Name) -> String {
        let name = name.value.as_str();
        if name.starts_with('$') {
            return name.to_owned();
        }
        // What is printed right behind a name; in Chinese 占比 and 同比 follow without a blank.
        let mut behind = vec![String::new(), " 1".to_owned()];
        if self.tongue == Tongue::Zh {
            behind.extend([self.form("share"), self.form("change")]);
        }
        let alone = |after: &str| {
            let segments = segment(&format!("{name}{after}"), self.lexicon);
            let first = segments.tokens.first();
            segments.diagnostics.is_empty()
                && first.is_some_and(|token| matches!(token.kind, TokenKind::Name(_)) && token.text == name)
        };
        if behind.iter().all(|after| alone(after)) { name.to_owned() } else { quoted(name) }
    }

    fn form_of_members(&self) -> String {
        self.form("members")
    }

    fn applicant(&self, name: &Name) -> String {
        let Some(columns) = columns_of(&name.value) else { return self.name(name) };
        let form = match self.tongue {
            Tongue::En => None,
            Tongue::Zh => columns.words.first(),
        };
        (*form.unwrap_or(&columns.id)).to_owned()
    }

    fn clauses(&mut self, clauses: &Clauses) {
        if let Some(by) = &clauses.by {
            self.key("by");
            self.list(&by.value, |printer, dim| printer.key(dim_word(dim.value)));
        }
        if let Some(places) = &clauses.places {
            self.key("in");
            for (at, place) in places.value.places.iter().enumerate() {
                match (at, places.value.versus) {
                    (0, _) => {}
                    (_, true) => self.key("vs"),
                    (_, false) => {
                        let comma = self.comma();
                        self.join(comma);
                    }
                }
                let place = self.place(place);
                self.put(place);
            }
        }
        if let Some(tier) = &clauses.at {
            self.key("at");
            self.key(tier_word(tier.value));
        }
        if let Some(years) = &clauses.years {
            self.list(&years.value, |printer, range| {
                let text = year_range(range);
                printer.put(text);
            });
        }
        if let Some(applicants) = &clauses.applicants {
            self.key("for");
            self.list(&applicants.value, |printer, name| {
                let text = printer.applicant(name);
                printer.put(text);
            });
        }
        if let Some(condition) = &clauses.condition {
            self.key("where");
            self.condition(&condition.value, 0);
        }
        if let Some(date) = &clauses.as_of {
            self.key("as_of");
            self.put(day(date.value));
        }
        for (option, word) in [
            (clauses.comparable, "comparable"),
            (clauses.complete, "complete"),
            (clauses.blank_as_zero, "blank_as_zero"),
        ] {
            if option.is_some() {
                self.key(word);
            }
        }
    }

    fn place(&self, place: &Place) -> String {
        let mut text = match &place.head {
            PlaceHead::Name(name) => self.name(name),
            PlaceHead::Code(code) => format!("@{}", code.value),
            PlaceHead::Param(name) => format!("${}", name.value),
            PlaceHead::All(_) => self.form("all"),
        };
        for name in &place.path {
            text.push('/');
            text.push_str(&self.name(name));
        }
        text.push_str(match place.reach {
            Reach::Itself => "",
            Reach::Children => "/*",
            Reach::Below => "/**",
        });
        text
    }

    /// `depth` says what surrounds the condition: 0 nothing, 1 an `or`, 2 an `and`.
    fn condition(&mut self, condition: &Condition, depth: u8) {
        match condition {
            Condition::Compare(one) => {
                self.operand(&one.left);
                self.put(comparator(one.comparator));
                let text = literal(&one.right);
                self.put(text);
            }
            Condition::Or(any) => self.joined(any, "or", 1, depth),
            Condition::And(all) => self.joined(all, "and", 2, depth),
        }
    }

    fn joined(&mut self, conditions: &[Condition], word: &str, own: u8, depth: u8) {
        let bracket = depth >= own;
        let from = self.out.len();
        for (at, condition) in conditions.iter().enumerate() {
            if at > 0 {
                self.key(word);
            }
            self.condition(condition, own);
        }
        if bracket {
            self.join(")");
            if let Some(first) = self.out.get_mut(from) {
                first.insert(0, '(');
            }
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Term(term) => self.term(term),
            Operand::Column(column) => self.key(match column.value {
                Column::Value => "value",
                Column::Numerator => "numerator",
                Column::Denominator => "denominator",
                Column::Ratio => "ratio",
                Column::Reports => "report",
                Column::Coverage => "coverage",
                Column::Dim(dim) => dim_word(dim),
            }),
        }
    }

    fn stage(&mut self, stage: &Stage) {
        match stage {
            Stage::Top(count) => self.counted("top", count.value),
            Stage::Bottom(count) => self.counted("bottom", count.value),
            Stage::Sort { descending, key } => {
                self.key("sort");
                let from = self.out.len();
                self.operand(key);
                if let Some(first) = self.out.get_mut(from).filter(|_| *descending) {
                    first.insert(0, '-');
                }
            }
            Stage::Keep(condition) => {
                self.key("keep");
                self.condition(condition, 0);
            }
            Stage::Flag(condition) => {
                self.key("flag");
                self.condition(condition, 0);
            }
            Stage::Failed => self.key("failed"),
            Stage::Pivot(dim) => {
                self.key("pivot");
                self.key(dim_word(dim.value));
            }
            Stage::Chart => self.key("chart"),
            Stage::Contributions => self.key("contributions"),
            Stage::Export(file) => {
                self.key("export");
                self.put(quoted(&file.value));
            }
        }
    }

    fn counted(&mut self, word: &str, count: u32) {
        self.key(word);
        match self.tongue {
            Tongue::En => self.put(count.to_string()),
            Tongue::Zh => self.join(&count.to_string()),
        }
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Number(number) => figure(&number.value),
        Literal::Text(text) => quoted(&text.value),
        Literal::Param(name) => format!("${}", name.value),
    }
}

/// A text in quotes; one that holds double quotes takes single ones.
fn quoted(text: &str) -> String {
    if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") }
}

fn year_word(word: &YearWord) -> String {
    match word {
        // A year has four digits, whatever was meant by it: fewer would be read as a bare number.
        YearWord::Number(number) => format!("{:04}", number.value),
        YearWord::Param(name) => format!("${}", name.value),
    }
}

fn year_range(range: &YearRange) -> String {
    match &range.last {
        Some(last) => format!("{}..{}", year_word(&range.first), year_word(last)),
        None => year_word(&range.first),
    }
}

fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
