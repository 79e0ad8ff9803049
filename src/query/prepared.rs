//! Questions read once and asked many times: `share of not_held by county in $city $year`.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    ast::{self, Literal, Operand, ParamKind, PlaceHead, Stage, StatementKind, TermKind, Verb, YearWord},
    lexicon::Lexicon,
    parse::{Parsed, parse},
    resolve::{Context, Definitions, Params, fit, resolve},
    session::{Question, Session, question, understand},
};
use crate::{
    diagnostic::Diagnostic,
    error::{Error, ErrorKind, Result},
    model::{Applicant, BodyId, Year},
    store::View,
    text::{Source, Span},
};

/// A question that was read and found sound, with places left open for values.
///
/// It holds no store: it can be kept, shared between threads and asked of any database. Spans of complaints about its
/// values point into [`Prepared::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    text: String,
    query: ast::Query,
    parameters: Vec<Parameter>,
}

/// A place of a prepared question that wants a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name without `$`.
    pub name: String,
    /// What must be given, by the place it stands at.
    pub kind: ParamKind,
    /// Where it stands in the text.
    pub span: Span,
}

/// A value for a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A body by its id.
    Body(BodyId),
    /// Report years from the first to the last.
    Years(Year, Year),
    /// A whole number; where a year stands, that year.
    Whole(i64),
    /// A column of table 3.
    Applicant(Applicant),
    /// What a person would type there: 太原市, `2020..2024`, 95%, `not_held`, 自然人.
    Text(String),
}

impl From<BodyId> for Value {
    fn from(body: BodyId) -> Self {
        Self::Body(body)
    }
}

impl From<Year> for Value {
    fn from(year: Year) -> Self {
        Self::Years(year, year)
    }
}

impl From<RangeInclusive<Year>> for Value {
    fn from(years: RangeInclusive<Year>) -> Self {
        Self::Years(*years.start(), *years.end())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<Applicant> for Value {
    fn from(applicant: Applicant) -> Self {
        Self::Applicant(applicant)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Value {
    /// Whether it can stand for a parameter of the kind at all. A text is looked up, and may turn out not to.
    fn is_of(&self, kind: ParamKind) -> bool {
        match self {
            Self::Body(_) => kind == ParamKind::Place,
            Self::Years(..) => kind == ParamKind::Year,
            Self::Whole(_) => matches!(kind, ParamKind::Year | ParamKind::Number),
            Self::Applicant(_) => kind == ParamKind::Applicant,
            Self::Text(_) => true,
        }
    }

    /// As a person would type it.
    fn written(&self) -> String {
        match self {
            Self::Body(id) => format!("@{id}"),
            Self::Years(first, last) if first == last => first.to_string(),
            Self::Years(first, last) => format!("{first}..{last}"),
            Self::Whole(number) => number.to_string(),
            Self::Applicant(applicant) => applicant.id().to_owned(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl Prepared {
    /// Reads one question and looks up every name in it that is no parameter.
    pub(crate) fn of(text: &str, lexicon: &Lexicon, view: &View) -> Result<Self> {
        let source = Source::new("query", text);
        let (read, complaints) = match Self::read(&source, lexicon) {
            Some(read) => {
                let (definitions, params) = (Definitions::default(), Params::default());
                let context = Context { lexicon, view, definitions: &definitions, params: &params };
                let complaints = resolve(&read.query, &context).err().unwrap_or_default();
                (Some(read), complaints)
            }
            None => (None, understand(&source, lexicon, view, &mut Session::default()).err().unwrap_or_default()),
        };
        // That values are missing is no mistake yet.
        let complaints: Vec<Diagnostic> = complaints.into_iter().filter(|one| one.code != NO_VALUE).collect();
        match read {
            _ if !complaints.is_empty() => Err(Error::query(complaints)),
            Some(read) => Ok(read),
            None => Err(Error::new(ErrorKind::Usage, "database.prepare_one")),
        }
    }

    /// Reads one question without looking anything up; nothing where the text is not one question without mistakes.
    pub(super) fn read(source: &Source, lexicon: &Lexicon) -> Option<Self> {
        let Parsed { mut script, diagnostics, .. } = parse(source, lexicon);
        let statement = script.statements.pop().filter(|_| script.statements.is_empty() && diagnostics.is_empty())?;
        let StatementKind::Query(query) = statement.kind else { return None };
        let parameters = parameters(&query);
        Some(Self { text: source.text().to_owned(), query, parameters })
    }

    /// The question as it was written; a built one as it would be typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values it wants, in the order they stand, one for each name and kind.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The tree of the question.
    pub(super) fn query(&self) -> &ast::Query {
        &self.query
    }

    /// The question with these values.
    pub(crate) fn question(&self, values: &[(&str, Value)], lexicon: &Lexicon, view: &View) -> Result<Question> {
        let mut params = Params::default();
        for (name, value) in values {
            let name = name.trim_start_matches('$');
            if !self.parameters.iter().any(|parameter| parameter.name == name) {
                let known: Vec<String> = self.parameters.iter().map(|known| format!("${}", known.name)).collect();
                let why = format!("the question has no parameter ${name}; it has {}", known.join(", "));
                return Err(Error::new(ErrorKind::Usage, why));
            }
            params.set(name, value.written());
        }
        let context = Context { lexicon, view, definitions: &Definitions::default(), params: &params };
        let mut complaints = Vec::new();
        for Parameter { name, kind, span } in &self.parameters {
            let given = values.iter().rev().find(|(given, _)| given.trim_start_matches('$') == name);
            match given {
                Some((_, value)) if !value.is_of(*kind) => {
                    let wrong = Diagnostic::error("GK0214", *span).with("name", name).with("value", value.written());
                    complaints.push(wrong);
                }
                _ => complaints.extend(fit(*kind, &ast::Name::new(name.clone(), *span), &context)),
            }
        }
        if !complaints.is_empty() {
            return Err(Error::query(complaints));
        }
        resolve(&self.query, &context).map(|resolved| question(resolved, lexicon)).map_err(Error::query)
    }
}

/// A parameter without a value.
const NO_VALUE: &str = "GK0213";

/// What stands open in a question, in the order of the text.
fn parameters(query: &ast::Query) -> Vec<Parameter> {
    let mut found = Found(Vec::new());
    match &query.verb {
        Verb::Ask(terms) => terms.iter().for_each(|term| found.term(term)),
        Verb::Why(term) => found.term(term),
        Verb::Check(_) | Verb::WhyRule(_) | Verb::Missing(_) | Verb::Revisions(_) | Verb::Show(_) => {}
    }
    let clauses = &query.clauses;
    for place in clauses.places.iter().flat_map(|clause| &clause.value.places) {
        if let PlaceHead::Param(name) = &place.head {
            found.push(&name.value, ParamKind::Place, name.span);
        }
    }
    for range in clauses.years.iter().flat_map(|clause| &clause.value) {
        for word in std::iter::once(&range.first).chain(&range.last) {
            if let YearWord::Param(name) = word {
                found.push(&name.value, ParamKind::Year, name.span);
            }
        }
    }
    for name in clauses.applicants.iter().flat_map(|clause| &clause.value) {
        found.name(name, ParamKind::Applicant);
    }
    clauses.condition.iter().for_each(|clause| found.condition(&clause.value));
    for stage in &query.stages {
        match &stage.value {
            Stage::Keep(condition) | Stage::Flag(condition) => found.condition(condition),
            Stage::Sort { key: Operand::Term(term), .. } => found.term(term),
            _ => {}
        }
    }
    let mut found = found.0;
    found.sort_by_key(|parameter| parameter.span.start);
    found
}

struct Found(Vec<Parameter>);

impl Found {
    fn push(&mut self, name: &str, kind: ParamKind, span: Span) {
        if !self.0.iter().any(|known| known.name == name && known.kind == kind) {
            self.0.push(Parameter { name: name.to_owned(), kind, span });
        }
    }

    fn name(&mut self, name: &ast::Name, kind: ParamKind) {
        if let Some(param) = name.value.strip_prefix('$') {
            self.push(param, kind, name.span);
        }
    }

    fn measure(&mut self, measure: &ast::Measure) {
        self.name(&measure.name, ParamKind::Category);
        if let Some(column) = &measure.applicant {
            self.name(column, ParamKind::Applicant);
        }
    }

    fn term(&mut self, term: &ast::Term) {
        match &term.kind {
            TermKind::Share { of, out_of } => std::iter::once(of).chain(out_of).for_each(|one| self.measure(one)),
            TermKind::Change(measure) | TermKind::Plain(measure) => self.measure(measure),
        }
    }

    fn condition(&mut self, condition: &ast::Condition) {
        match condition {
            ast::Condition::And(all) | ast::Condition::Or(all) => all.iter().for_each(|one| self.condition(one)),
            ast::Condition::Compare(comparison) => {
                if let Operand::Term(term) = &comparison.left {
                    self.term(term);
                }
                if let Literal::Param(name) = &comparison.right {
                    self.push(&name.value, ParamKind::Number, name.span);
                }
            }
        }
    }
}
