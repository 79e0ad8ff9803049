//! From words to a plan: every name becomes an id, every default is written out.
//!
//! A name that nothing is known of, or that several things bear, is a complaint with what may have been
//! meant; all of them are found in one pass.

mod condition;
mod formula;
mod measure;
mod params;
mod place;
mod script;
mod stage;
mod year;

use std::collections::BTreeMap;

pub use params::Params;
pub(crate) use params::{declared, fit};
pub(crate) use script::{claim as resolve_claim, correct as resolve_correct, verdict as resolve_verdict};

use super::{
    ast::{self, Query, Spanned},
    lexicon::{Columns, Lexicon, columns, columns_of},
    plan::{self, Ask, Dimension, Level, Options, Plan, Verb, Whose},
    suggest,
};
use crate::{
    diagnostic::Diagnostic,
    model::{Applicant, Year},
    schema::rules_of,
    store::View,
};

/// What names are looked up in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The words of the store.
    pub lexicon: &'a Lexicon,
    /// The reports.
    pub view: &'a View,
    /// Measures by `let`.
    pub definitions: &'a Definitions,
    /// Values of `$names`.
    pub params: &'a Params,
}

/// Measures that a script defined with `let`, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions(BTreeMap<String, plan::Measure>);

impl Definitions {
    /// The measure of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&plan::Measure> {
        self.0.get(name)
    }

    /// Takes up a `let`.
    ///
    /// # Errors
    /// When its formula names something unknown or is none that can be computed.
    pub fn define(&mut self, definition: &ast::Let, context: &Context<'_>) -> Result<(), Vec<Diagnostic>> {
        let formula = formula::formula(&definition.formula, context)?;
        let id = definition.name.value.clone();
        self.0.insert(id.clone(), plan::Measure { id, formula, version: None });
        Ok(())
    }
}

/// A question, ready to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// What to do.
    pub plan: Plan,
    /// The same question with every name in its canonical form and every default written out.
    pub canonical: Query,
    /// What the asker should know, though it can be answered.
    pub warnings: Vec<Diagnostic>,
}

/// Finds what a question means.
///
/// # Errors
/// Every name that cannot be found or is shared, and every part that does not fit the others.
pub fn resolve(query: &Query, context: &Context<'_>) -> Result<Resolved, Vec<Diagnostic>> {
    let mut work = Work::new(context);
    let (plan, canonical) = work.query(query);
    match (plan, work.errors.is_empty()) {
        (Some(plan), true) => Ok(Resolved { plan, canonical, warnings: work.warnings }),
        _ => Err(work.errors),
    }
}

/// The work on one question: what it is looked up in, and what was wrong so far.
struct Work<'a> {
    context: Context<'a>,
    /// The report years, once they are known.
    asked: Vec<Year>,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl<'a> Work<'a> {
    fn new(context: &Context<'a>) -> Self {
        Self { context: *context, asked: Vec::new(), errors: Vec::new(), warnings: Vec::new() }
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// Whether there were so many mistakes that looking for what was meant, among every name of the store, would
    /// only keep the asker waiting.
    fn is_tired(&self) -> bool {
        self.errors.len() >= 20
    }

    fn query(&mut self, query: &Query) -> (Option<Plan>, Query) {
        let mut canonical = query.clone();
        let by = self.dimensions(query);
        let (places, apart) = self.places(query, &mut canonical);
        let years = self.years(query, &places, &mut canonical);
        self.asked.clone_from(&years);
        let level = query.clauses.at.as_ref().map(|tier| level(tier.value)).or_else(|| implied(query, &by, &places));
        let verb = self.verb(query, &mut canonical, &by);
        let stages = self.stages(query, &mut canonical, verb.as_ref(), &by);
        let as_of = query
            .clauses
            .as_of
            .as_ref()
            .map(|date| format!("{:04}-{:02}-{:02}", date.value.year, date.value.month, date.value.day));
        let plan = match (verb, stages) {
            (Some(verb), Some(stages)) => Some(Plan {
                verb,
                whose: Whose { places, apart, level },
                years,
                by,
                options: Options {
                    comparable: query.clauses.comparable.is_some(),
                    complete: query.clauses.complete.is_some(),
                    blank_as_zero: query.clauses.blank_as_zero.is_some(),
                },
                as_of,
                stages,
            }),
            _ => None,
        };
        if let Some(plan) = &plan {
            self.mind_the_rows(plan, query);
        }
        (plan, canonical)
    }

    /// Measures whose rows are other categories cannot stand side by side.
    fn mind_the_rows(&mut self, plan: &Plan, query: &Query) {
        let (Verb::Ask(ask), ast::Verb::Ask(terms)) = (&plan.verb, &query.verb) else { return };
        let Err(clash) = super::execute::normal(plan, ask) else { return };
        let condition = query.clauses.condition.as_ref().map(|condition| condition.span);
        let stage = || query.stages.first().map(|stage| stage.span);
        let span = clash.and_then(|term| terms.get(term)).map(|term| term.span).or(condition).or_else(stage);
        self.error(Diagnostic::error("GK0231", span.unwrap_or_default()));
    }

    fn dimensions(&mut self, query: &Query) -> Vec<Dimension> {
        let mut by = Vec::new();
        for dim in query.clauses.by.iter().flat_map(|clause| &clause.value) {
            let dimension = Dimension::from(dim.value);
            if by.contains(&dimension) {
                self.error(Diagnostic::error("GK0218", dim.span).with("word", dimension.id()));
            } else if dimension == Dimension::Rule && !matches!(query.verb, ast::Verb::Check(_)) {
                self.error(Diagnostic::error("GK0219", dim.span));
            } else {
                by.push(dimension);
            }
        }
        by
    }

    fn verb(&mut self, query: &Query, canonical: &mut Query, by: &[Dimension]) -> Option<Verb> {
        if !matches!(query.verb, ast::Verb::Ask(_) | ast::Verb::Why(_)) {
            self.only_for_figures(query);
        }
        Some(match (&query.verb, &mut canonical.verb) {
            (ast::Verb::Ask(terms), ast::Verb::Ask(printed)) => {
                Verb::Ask(self.ask(terms, printed, query, &mut canonical.clauses, by)?)
            }
            (ast::Verb::Why(term), ast::Verb::Why(printed)) => {
                let terms = std::slice::from_ref(term);
                let mut one = vec![printed.clone()];
                let ask = self.ask(terms, &mut one, query, &mut canonical.clauses, by)?;
                if let Some(first) = one.pop() {
                    *printed = first;
                }
                Verb::Why(ask)
            }
            (ast::Verb::Check(names), _) => Verb::Check(self.rules(names)?),
            (ast::Verb::WhyRule(name), _) => Verb::WhyRule(self.rules(std::slice::from_ref(name))?.pop()?),
            (ast::Verb::Missing(_), _) => Verb::Missing,
            (ast::Verb::Revisions(_), _) => Verb::Revisions,
            (ast::Verb::Show(thing), _) => Verb::Show(shown(thing.value)),
            (ast::Verb::Ask(_) | ast::Verb::Why(_), _) => return None,
        })
    }

    /// Clauses that speak of figures mean nothing to the other verbs.
    fn only_for_figures(&mut self, query: &Query) {
        let clauses = &query.clauses;
        let misplaced = [
            ("for", clauses.applicants.as_ref().map(|clause| clause.span)),
            ("where", clauses.condition.as_ref().map(|clause| clause.span)),
            ("blank_as_zero", clauses.blank_as_zero),
        ];
        for (clause, span) in misplaced {
            if let Some(span) = span {
                self.error(Diagnostic::error("GK0220", span).with("clause", clause));
            }
        }
    }

    fn ask(
        &mut self,
        terms: &[ast::Term],
        printed: &mut [ast::Term],
        query: &Query,
        clauses: &mut ast::Clauses,
        by: &[Dimension],
    ) -> Option<Ask> {
        let applicants = self.applicants(query, clauses, by);
        let columns = !applicants.is_empty() || by.contains(&Dimension::Applicant);
        let mut resolved = Vec::new();
        for (term, printed) in terms.iter().zip(printed) {
            resolved.extend(self.term(term, printed, columns));
        }
        let filter = match (&query.clauses.condition, &mut clauses.condition) {
            (Some(condition), Some(printed)) => {
                let frame = condition::Frame::of(&resolved, resolved.len() == terms.len(), columns);
                Some(self.condition(&condition.value, &mut printed.value, frame)?)
            }
            _ => None,
        };
        (resolved.len() == terms.len()).then_some(Ask { terms: resolved, applicants, filter })
    }

    fn applicants(&mut self, query: &Query, clauses: &mut ast::Clauses, by: &[Dimension]) -> Vec<Applicant> {
        let mut applicants: Vec<Applicant> = Vec::new();
        let printed = clauses.applicants.iter_mut().flat_map(|clause| &mut clause.value);
        for (name, printed) in query.clauses.applicants.iter().flat_map(|clause| &clause.value).zip(printed) {
            let Some(columns) = self.columns(name) else { continue };
            columns.id.clone_into(&mut printed.value);
            for &applicant in &columns.applicants {
                if !applicants.contains(&applicant) {
                    applicants.push(applicant);
                }
            }
        }
        // In one sum, the printed total would count again what it sums.
        let names = query.clauses.applicants.iter().flat_map(|clause| &clause.value);
        if applicants.len() > 1 && !by.contains(&Dimension::Applicant) {
            for name in names.filter(|name| columns_of(&name.value).is_some_and(is_total)) {
                self.error(Diagnostic::error("GK0302", name.span));
            }
        }
        applicants
    }

    fn columns(&mut self, name: &ast::Name) -> Option<&'static Columns> {
        if let Some(param) = name.value.strip_prefix('$') {
            let value = self.param(&word(param, name))?;
            return self.columns(&word(value.trim_start_matches('$'), name));
        }
        let found = columns_of(&name.value);
        if found.is_none() {
            let near = suggest::closest(&name.value, columns().iter().flat_map(Columns::forms));
            self.error(offer(Diagnostic::error("GK0211", name.span).with("word", name.value.clone()), near));
        }
        found
    }

    fn rules(&mut self, names: &[ast::Name]) -> Option<Vec<String>> {
        let mut ids: Vec<String> = Vec::new();
        let mut unknown = false;
        for name in names {
            let found = rules_of(&name.value);
            if found.is_empty() {
                let known = rules_of("all");
                let near = suggest::closest(&name.value, known.iter().map(|rule| rule.id.as_str()));
                self.error(offer(Diagnostic::error("GK0119", name.span).with("word", name.value.clone()), near));
                unknown = true;
            }
            ids.extend(found.into_iter().map(|rule| rule.id.clone()));
        }
        // File order, each once, whatever order they were named in.
        let ordered = rules_of("all").into_iter().filter(|rule| ids.contains(&rule.id)).map(|rule| rule.id.clone());
        (!unknown).then(|| ordered.collect())
    }
}

fn is_total(columns: &Columns) -> bool {
    columns.applicants == [Applicant::Total]
}

/// A complaint with what may have been meant; the only candidate is also the fix.
fn offer(diagnostic: Diagnostic, words: Vec<String>) -> Diagnostic {
    match words.as_slice() {
        [only] => diagnostic.fix(only.clone()).suggest(words),
        _ => diagnostic.suggest(words),
    }
}

/// The tier that `by county in 太原市` asks for: the counties below, not the city itself.
fn implied(query: &Query, by: &[Dimension], places: &[plan::Place]) -> Option<Level> {
    let wanted = if by.contains(&Dimension::County) {
        Level::County
    } else if by.contains(&Dimension::City) {
        Level::City
    } else {
        return None;
    };
    if !matches!(query.verb, ast::Verb::Ask(_) | ast::Verb::Why(_)) {
        return None;
    }
    let above = |place: &plan::Place| match place {
        plan::Place::Body(id) => id.is_government() && place::tier(id).is_some_and(|tier| tier < wanted),
        _ => false,
    };
    places.iter().all(above).then_some(wanted)
}

impl From<ast::Dim> for Dimension {
    fn from(dim: ast::Dim) -> Self {
        match dim {
            ast::Dim::Year => Self::Year,
            ast::Dim::Province => Self::Province,
            ast::Dim::City => Self::City,
            ast::Dim::County => Self::County,
            ast::Dim::Body => Self::Body,
            ast::Dim::Level => Self::Level,
            ast::Dim::Category => Self::Category,
            ast::Dim::Applicant => Self::Applicant,
            ast::Dim::Template => Self::Template,
            ast::Dim::Rule => Self::Rule,
        }
    }
}

fn level(tier: ast::Tier) -> Level {
    match tier {
        ast::Tier::Province => Level::Province,
        ast::Tier::City => Level::City,
        ast::Tier::County => Level::County,
        ast::Tier::Town => Level::Town,
        ast::Tier::Department => Level::Department,
        ast::Tier::Ministry => Level::Ministry,
        ast::Tier::Zone => Level::Zone,
    }
}

fn shown(thing: ast::Thing) -> plan::Thing {
    match thing {
        ast::Thing::Report => plan::Thing::Report,
        ast::Thing::Cells => plan::Thing::Cells,
        ast::Thing::Bodies => plan::Thing::Bodies,
        ast::Thing::Categories => plan::Thing::Categories,
        ast::Thing::Years => plan::Thing::Years,
        ast::Thing::Rules => plan::Thing::Rules,
        ast::Thing::Coverage => plan::Thing::Coverage,
        ast::Thing::Places => plan::Thing::Places,
    }
}

/// A word at the place of another.
fn word(text: impl Into<String>, like: &ast::Name) -> ast::Name {
    Spanned::new(text.into(), like.span)
}
