//! Carrying out a plan over the reports of one revision: `select → gather → rows → stages → answer`.
//!
//! Every report that is expected is met once a year; what it says is a number or one of the states that
//! are not, and neither becomes the other. A part is never added to its whole.

mod best;
mod calc;
mod check;
mod columns;
mod condition;
mod contributions;
mod cover;
mod crew;
mod division;
mod each;
mod figures;
mod forms;
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
mod selection;
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
    /// The only way figures may be come by, for tests.
    #[doc(hidden)]
    pub only: Only,
}

/// A way to come by figures. The executor takes the shortest that a question allows; all give the same answer.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// Whatever is shortest.
    #[default]
    Shortest,
    /// Row by row where each row is one report, without putting conditions to columns first.
    Rows,
    /// Sums of columns where they can stand for their reports, and no rows made report by report.
    Sums,
    /// Report by report, from decoded columns.
    Reports,
    /// Report by report and cell by cell.
    Cells,
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
    let (by, terms) = ready(plan, ask)?;
    let setup = setup::Setup::new(plan, ask, by, &terms, view)?;
    let mut gathered = gather::gather(&setup, view, context)?;
    let mut rows = rows::rows(&setup, &mut gathered);
    stages::on_rows(&setup, &mut rows);
    handle::handles(&setup, &mut rows, view);
    let mut answer = Answer {
        measures: terms.iter().map(labels::definition).collect(),
        columns: rows::titles(&setup),
        rows: rows::all_fields(&setup, &rows, view, context)?,
        notes: notes::notes(&setup, &gathered),
        missing: setup.ground.missing(plan, view),
        dimensions: setup.dimension_ids(),
        ..Answer::default()
    };
    let (orders, details): (Vec<_>, _) = rows.into_iter().map(|row| (row.order, row.detail)).unzip();
    answer.details = details;
    stages::pivots(&plan.stages, &mut answer, &orders);
    Ok(answer)
}

/// A question made ready.
///
/// # Errors
/// When its measures have no rows in common (`GK0231`).
fn ready(plan: &Plan, ask: &Ask) -> Result<(Vec<Dimension>, Vec<Term>)> {
    normal(plan, ask).map_err(|_| refuse("GK0231", &[]))
}

/// Dimensions and terms with what the query leaves unsaid: `outcome.*` has a row for each member, measures
/// grouped by category are the members of one term, and changes over several years are shown year by year.
///
/// # Errors
/// The number of the first term that has no row for each member of the first term, or nothing for one of a condition:
/// in one row there would be the figures of two categories.
pub(crate) fn normal(plan: &Plan, ask: &Ask) -> std::result::Result<(Vec<Dimension>, Vec<Term>), Option<usize>> {
    let mut by: Vec<Dimension> = Vec::new();
    for &dimension in plan.by.iter().filter(|&&dimension| dimension != Dimension::Rule) {
        if !by.contains(&dimension) {
            by.push(dimension);
        }
    }
    let mut terms = ask.terms.clone();
    let families = terms.iter().filter(|term| term.members.len() > 1).count();
    if (by.contains(&Dimension::Category) || families > 1)
        && let Some((first, rest)) = terms.split_first_mut()
        && rest.iter().any(|term| !term.lists(first))
        && rest.iter().all(|term| (term.kind, term.statistic) == (first.kind, first.statistic))
    {
        first.members.extend(rest.iter().flat_map(|term| term.members.clone()));
        terms.truncate(1);
    }
    if terms.iter().any(|term| term.members.len() > 1) && !by.contains(&Dimension::Category) {
        by.push(Dimension::Category);
    }
    if let Some(first) = terms.first().filter(|_| by.contains(&Dimension::Category)) {
        if let Some(other) = terms.iter().position(|term| !term.lists(first)) {
            return Err(Some(other));
        }
        if compared(plan, ask).iter().any(|term| term.members.len() > 1 && !term.lists(first)) {
            return Err(None);
        }
    } else if compared(plan, ask).iter().any(|term| term.members.len() > 1) {
        return Err(None);
    }
    let changes = terms.iter().any(|term| term.kind == TermKind::Change);
    if changes && plan.years.len() > 1 && !by.contains(&Dimension::Year) {
        by.push(Dimension::Year);
    }
    Ok((by, terms))
}

/// The terms that only conditions and stages name.
fn compared<'a>(plan: &'a Plan, ask: &'a Ask) -> Vec<&'a Term> {
    condition::Terms::of(&[], ask.filter.as_ref(), plan).all
}

/// A query that is understood and cannot be answered.
fn refuse(code: &str, args: &[(&str, &str)]) -> Error {
    let diagnostic =
        args.iter().fold(Diagnostic::error(code, Span::default()), |it, &(name, value)| it.with(name, value));
    Error::query(vec![diagnostic])
}
