//! Statements one after another: what `let` and `param` set is known to those that follow.

use super::{
    Bilingual,
    ast::{self, StatementKind, Subject},
    lexicon::Lexicon,
    parse::{Parsed, parse},
    plan::{self, Formula},
    print::{Tongue, print, print_statement},
    resolve::{
        Context, Definitions, Params, Resolved, declared, resolve, resolve_claim, resolve_correct, resolve_verdict,
    },
};
use crate::{
    diagnostic::{Diagnostic, Level},
    model::{BodyId, Decision, Slot, Year},
    store::View,
    text::{Source, Span},
};

/// What a text has set so far: measures by `let`, values of parameters.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Measures by `let`.
    pub definitions: Definitions,
    /// Values of `$names`; those set here before a `param` statement win over its default.
    pub params: Params,
}

/// One statement, ready to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It set something; nothing is left to do.
    Set,
    /// A script to be read in at this place, as written.
    Include(String),
    /// A question.
    Query(Question),
    /// A claim that must hold.
    Assert(Assertion),
    /// A judgement to be stored.
    Verdict(Judged),
    /// A correction to be stored.
    Correct(Corrected),
}

/// A question with its canonical text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What to do.
    pub plan: plan::Plan,
    /// The question in full, in both languages.
    pub text: Bilingual,
    /// What the asker should know, though it can be answered.
    pub warnings: Vec<Diagnostic>,
    /// Where the text says what is wanted.
    pub wanted: Span,
    /// Where it says whose reports; the whole question where it says nothing.
    pub whose: Span,
}

/// A claim about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The question whose value is claimed; for coverage, `show coverage`.
    pub question: Question,
    /// Whether the claim is about the share of reports that are there.
    pub coverage: bool,
    /// What is claimed; nothing for `assert check …`, which wants every check to pass.
    pub claim: Option<Claimed>,
}

/// `== 0.77`, within a tolerance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// How to compare.
    pub comparison: plan::Comparison,
    /// With what.
    pub value: plan::Literal,
    /// How far off it may be.
    pub tolerance: Option<plan::Literal>,
}

/// A judgement on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The rule.
    pub rule: String,
    /// Whose report.
    pub body: BodyId,
    /// Of which year.
    pub year: Year,
    /// The judgement.
    pub judgement: Decision,
    /// Why.
    pub reason: String,
}

/// A correction of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The cell.
    pub slot: Slot,
    /// Whose report.
    pub body: BodyId,
    /// Of which year.
    pub year: Year,
    /// The new value as a plain decimal.
    pub value: String,
    /// Why.
    pub because: String,
}

impl Session {
    /// Makes one statement ready, and takes up what it sets.
    ///
    /// # Errors
    /// Every name that is unknown or shared, and every part that does not fit.
    pub fn step(&mut self, statement: &StatementKind, lexicon: &Lexicon, view: &View) -> Result<Step, Vec<Diagnostic>> {
        match statement {
            StatementKind::Version(_) => return Ok(Step::Set),
            StatementKind::Include(file) => return Ok(Step::Include(file.value.clone())),
            _ => {}
        }
        let mut definitions = self.definitions.clone();
        let context = Context { lexicon, view, definitions: &self.definitions, params: &self.params };
        let step = match statement {
            StatementKind::Param(param) => {
                let value = declared(param, &context);
                return self.params.take(&param.name.value, value).map(|()| Step::Set);
            }
            StatementKind::Let(definition) => {
                definitions.define(definition, &context)?;
                Step::Set
            }
            StatementKind::Assert(assert) => Step::Assert(assertion(assert, &context)?),
            StatementKind::Verdict(verdict) => Step::Verdict(resolve_verdict(verdict, &context)?),
            StatementKind::Correct(correct) => Step::Correct(resolve_correct(correct, &context)?),
            StatementKind::Query(query) => Step::Query(question(resolve(query, &context)?, lexicon)),
            StatementKind::Version(_) | StatementKind::Include(_) => Step::Set,
        };
        self.definitions = definitions;
        Ok(step)
    }
}

/// Every statement of a text, made ready in order; with the name look-up of what could not be parsed.
///
/// # Errors
/// Every mistake of the text, in its order: of spelling, of grammar, of meaning.
pub fn understand(
    source: &Source,
    lexicon: &Lexicon,
    view: &View,
    session: &mut Session,
) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let Parsed { script, mut diagnostics, broken, .. } = parse(source, lexicon);
    let mut steps = Vec::new();
    for statement in &script.statements {
        match session.step(&statement.kind, lexicon, view) {
            Ok(step) => steps.push(step),
            Err(mistakes) => diagnostics.extend(mistakes),
        }
    }
    for query in &broken {
        let context = Context { lexicon, view, definitions: &session.definitions, params: &session.params };
        // Names of a broken statement are looked up too; what its gaps would cause is not said.
        let mistakes = resolve(query, &context).err().unwrap_or_default();
        diagnostics.extend(mistakes.into_iter().filter(|mistake| is_about_a_name(&mistake.code)));
    }
    if diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) {
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        diagnostics.dedup();
        return Err(diagnostics);
    }
    Ok(steps)
}

fn is_about_a_name(code: &str) -> bool {
    matches!(
        code,
        "GK0120"
            | "GK0201"
            | "GK0202"
            | "GK0203"
            | "GK0204"
            | "GK0205"
            | "GK0211"
            | "GK0213"
            | "GK0215"
            | "GK0216"
            | "GK0222"
    )
}

pub(super) fn question(resolved: Resolved, lexicon: &Lexicon) -> Question {
    let text = |tongue| print(&resolved.canonical, tongue, lexicon);
    let text = Bilingual { en: text(Tongue::En), zh: text(Tongue::Zh) };
    let asked = &resolved.canonical;
    let wanted = match &asked.verb {
        ast::Verb::Ask(terms) => terms.iter().map(|term| term.span).reduce(Span::join).unwrap_or(asked.span),
        _ => asked.span,
    };
    let whose = asked.clauses.places.as_ref().map_or(asked.span, |places| places.span);
    Question { plan: resolved.plan, text, warnings: resolved.warnings, wanted, whose }
}

fn assertion(assert: &ast::Assert, context: &Context<'_>) -> Result<Assertion, Vec<Diagnostic>> {
    let (query, coverage) = match &assert.subject {
        Subject::Query(query) => ((**query).clone(), false),
        Subject::Coverage(clauses) => {
            let span = clauses.places.as_ref().map_or_else(Default::default, |places| places.span);
            let verb = ast::Verb::Show(ast::Spanned::new(ast::Thing::Coverage, span));
            (ast::Query { verb, clauses: (**clauses).clone(), stages: Vec::new(), span }, true)
        }
    };
    let mut question = question(resolve(&query, context)?, context.lexicon);
    let claim = resolve_claim(assert, &question.plan.verb, context)?;
    if claim.is_none() && !matches!(question.plan.verb, plan::Verb::Check(_)) {
        return Err(vec![Diagnostic::error("GK0228", query.span)]);
    }
    let whole = StatementKind::Assert(assert.clone());
    let text = |tongue| print_statement(&whole, tongue, context.lexicon);
    question.text = Bilingual { en: text(Tongue::En), zh: text(Tongue::Zh) };
    Ok(Assertion { question, coverage, claim })
}

/// The one cell that a measure is, if it is one.
pub(crate) fn cell_of(measure: &plan::Measure) -> Option<Slot> {
    use crate::{
        model::{Applicant, Table},
        schema::catalogue,
    };
    let Formula::Sum(sum) = &measure.formula else { return None };
    match sum.0.as_slice() {
        [part] if part.factor == 1 => {
            let category = catalogue().get(part.category)?;
            let applicant = part.applicant.or((category.table == Some(Table::T3)).then_some(Applicant::Total));
            let slot = Slot { category: part.category, applicant };
            category.slots().any(|own| own == slot).then_some(slot)
        }
        _ => None,
    }
}
