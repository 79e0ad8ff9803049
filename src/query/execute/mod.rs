//! Carrying out a plan over the reports of one revision: `select → gather → rows → stages → answer`.
//!
//! Every report that is expected is met once a year; what it says is a number or one of the states that
//! are not, and neither becomes the other. A part is never added to its whole.

mod calc;
mod check;
mod columns;
mod condition;
mod contributions;
mod cover;
mod crew;
mod division;
mod each;
mod gather;
mod grade;
mod ground;
mod handle;
mod labels;
mod list;
mod mask;
mod missing;
mod notes;
mod population;
mod program;
mod reach;
mod registered;
mod revisions;
mod rows;
mod runs;
mod setup;
mod show;
mod sources;
mod spots;
mod stages;
mod tally;
mod whose;
mod why;

pub use check::judged;
pub use population::Population;
pub use reach::{Reach, Way, reach};
pub use revisions::Revised;

use super::{
    Answer, Watch,
    plan::{Ask, Dimension, Plan, Stage, Term, TermKind, Verb},
};
use crate::{
    check::Verdict,
    diagnostic::Diagnostic,
    error::{Error, Result},
    model::ReportKey,
    schema::Register,
    store::View,
    text::Span,
};

/// What a plan may need beside the reports of one revision. What is not given is not there.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// Residents by division and year, for `per_100k`.
    pub population: Option<&'a Population>,
    /// Judgements of people on findings, oldest first.
    pub verdicts: &'a [Verdict],
    /// Who should report beside the divisions.
    pub register: Option<&'a Register>,
    /// Every version of a report, oldest first, for `revisions`.
    pub history: Option<&'a History<'a>>,
    /// Whether the answer says which files it rests on, and up to how many reports are looked up for that.
    pub cite: Option<u64>,
    /// Whether to go on; looked at between bodies.
    pub watch: Option<&'a Watch>,
}

impl Context<'_> {
    /// Goes on, unless somebody stopped the question. Loops over bodies call it: once a body where reports are
    /// opened, once a thousand where only figures are read.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Interrupted`].
    #[inline]
    pub fn go_on(&self) -> Result<()> {
        self.watch.map_or(Ok(()), Watch::go_on)
    }
}

/// Looks up every version of a report.
pub type History<'a> = dyn Fn(&ReportKey) -> Result<Vec<Revised>> + Sync + 'a;

/// Takes a piece of an answer: rows found just now, under the same columns every time.
pub type Take<'a> = dyn FnMut(Answer) -> Result<()> + 'a;

/// More rows than this are no list that anybody keeps in memory.
const MOST: usize = 1_000_000;

/// Carries out a plan. The canonical text of the query is left to whoever has it.
///
/// # Errors
/// A query error when the plan would count something twice (`GK0301` with both names), counts per residents who are
/// not known (`GK0303`) or lists a million rows and more (`GK0304`), another kind when the store cannot be read.
pub fn execute(plan: &Plan, view: &View, context: &Context) -> Result<Answer> {
    let (mut rows, mut details) = (Vec::new(), Vec::new());
    let mut answer = execute_in_pieces(plan, view, context, &mut |piece| {
        rows.extend(piece.rows);
        details.extend(piece.details);
        if rows.len() > MOST { Err(refuse("GK0304", &[("most", &MOST.to_string())])) } else { Ok(()) }
    })?;
    if answer.earlier > 0 {
        rows.append(&mut answer.rows);
        details.append(&mut answer.details);
        answer = Answer { rows, details, earlier: 0, ..answer };
    }
    Ok(answer)
}

/// The same, but rows that are known before the whole is are handed over at once: those of a `check` that lists
/// results, report by report. The answer that comes back holds the rest, which for everything else is all of it.
///
/// # Errors
/// As [`execute`], without `GK0304`, or that of `take`. What was handed over before is right.
pub fn execute_in_pieces(plan: &Plan, view: &View, context: &Context, take: &mut Take) -> Result<Answer> {
    if let Some(id) = population::per_residents(plan).filter(|_| context.population.is_none()) {
        return Err(refuse("GK0303", &[("id", id)]));
    }
    let mut answer = match &plan.verb {
        Verb::Ask(asked) if plan.stages.contains(&Stage::Contributions) => {
            contributions::contributions(plan, asked, view, context)?
        }
        Verb::Ask(asked) => ask(plan, asked, view, context)?,
        Verb::Why(asked) => why::why(plan, asked, view, context)?,
        Verb::Check(rules) => check::check(plan, rules, view, context, take)?,
        Verb::WhyRule(rule) => check::why(plan, rule, view, context, take)?,
        Verb::Missing => missing::missing(plan, view, context)?,
        Verb::Revisions => revisions::revisions(plan, view, context)?,
        Verb::Show(thing) => show::show(plan, *thing, view, context)?,
    };
    if let Some(most) = context.cite {
        answer.sources = sources::sources(plan, most, view, context)?;
    }
    answer.revision = view.revision();
    stages::on_answer(&plan.stages, &mut answer);
    view.health()?;
    Ok(answer)
}

fn ask(plan: &Plan, ask: &Ask, view: &View, context: &Context) -> Result<Answer> {
    let (by, terms) = normal(plan, ask);
    let setup = setup::Setup::new(plan, ask, by, &terms, view)?;
    let mut gathered = gather::gather(&setup, view, context)?;
    let mut rows = rows::rows(&setup, &mut gathered);
    stages::on_rows(&setup, &mut rows);
    handle::handles(&setup, &mut rows, view);
    Ok(Answer {
        measures: terms.iter().map(labels::definition).collect(),
        columns: rows::titles(&setup),
        rows: rows.iter().map(|row| rows::fields(&setup, row, view)).collect(),
        notes: notes::notes(&setup, &gathered),
        missing: setup.ground.missing(plan, view),
        details: rows.into_iter().map(|row| row.detail).collect(),
        dimensions: setup.dimension_ids(),
        ..Answer::default()
    })
}

/// Dimensions and terms with what the query leaves unsaid: `outcome.*` has a row for each member, measures
/// grouped by category are the members of one term, and changes over several years are shown year by year.
fn normal(plan: &Plan, ask: &Ask) -> (Vec<Dimension>, Vec<Term>) {
    let mut by: Vec<Dimension> = Vec::new();
    for &dimension in plan.by.iter().filter(|&&dimension| dimension != Dimension::Rule) {
        if !by.contains(&dimension) {
            by.push(dimension);
        }
    }
    let mut terms = ask.terms.clone();
    if by.contains(&Dimension::Category)
        && let Some((first, rest)) = terms.split_first_mut()
        && rest.iter().all(|term| (term.kind, term.statistic) == (first.kind, first.statistic))
    {
        first.members.extend(rest.iter().flat_map(|term| term.members.clone()));
        terms.truncate(1);
    }
    if terms.iter().any(|term| term.members.len() > 1) && !by.contains(&Dimension::Category) {
        by.push(Dimension::Category);
    }
    let changes = terms.iter().any(|term| term.kind == TermKind::Change);
    if changes && plan.years.len() > 1 && !by.contains(&Dimension::Year) {
        by.push(Dimension::Year);
    }
    (by, terms)
}

/// A query that is understood and cannot be answered.
fn refuse(code: &str, args: &[(&str, &str)]) -> Error {
    let diagnostic =
        args.iter().fold(Diagnostic::error(code, Span::default()), |it, &(name, value)| it.with(name, value));
    Error::query(vec![diagnostic])
}
