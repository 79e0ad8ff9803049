//! `why`: the cells a figure is made of, in order, with the place each was printed at.

use super::{
    super::{
        Answer, Field,
        plan::{Ask, Plan, TermKind},
    },
    Context, labels,
    list::{answer, item, quantity, source, text, titles},
    program::Program,
    ready,
    setup::{At, Setup},
    whose::bit,
};
use crate::{
    error::Result,
    model::{Cell, Report},
    store::{Mark, View},
};

/// A report with the record it was last stored or corrected by.
pub(crate) type Revision = (u64, Report);

/// Every cell behind every figure of a question, report by report: a group that prints no value shows the
/// children that were added up. `role` says where a cell stands: above the line, below it, or in the year before.
///
/// # Errors
/// As for the figures themselves.
pub(crate) fn why(plan: &Plan, ask: &Ask, view: &View, context: &Context) -> Result<Answer> {
    let (by, terms) = ready(plan, ask)?;
    let setup = Setup::new(plan, ask, by, &terms, view)?;
    // The same refusals as for the figure: there is no way back from a sum that is not given.
    super::gather::gather(&setup, view, context)?;
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for subject in setup.ground.selection.iter() {
        context.go_on()?;
        let expected = plan.years.iter().enumerate().filter(|&(at, _)| subject.years & bit(at) != 0);
        for (_, &year) in expected {
            let Some(report) = subject.report(view, year).and_then(|body| view.revision_of(body, year)) else {
                missing.push((subject.place_name(view), year));
                continue;
            };
            let before = year.previous().and_then(|year| {
                let body = subject.earlier(view, year).filter(|_| setup.has_change())?;
                view.revision_of(body, year)
            });
            let place = Field::Place(subject.place_name(view));
            let mut head = |role: &str, report: &Revision, program: &Program| {
                for (factor, cell) in used(program, &setup, &report.1) {
                    rows.push(row(&place, role, factor, report, cell));
                }
            };
            for (number, term) in setup.terms.all.iter().enumerate().take(setup.terms.shown) {
                for member in 0..setup.members(number) {
                    for column in 0..setup.shape.columns {
                        let Some(calc) = setup.calc(number, At { member, column, ..At::default() }) else { continue };
                        let change = term.kind == TermKind::Change;
                        let roles = if change { ["new", "new_base"] } else { ["numerator", "denominator"] };
                        let single = !change && calc.base().is_none();
                        head(if single { "cell" } else { roles[0] }, &report, &calc.above);
                        if let Some(base) = calc.base() {
                            head(roles[1], &report, base);
                        }
                        if let Some(before) = before.as_ref().filter(|_| change) {
                            head("old", before, &calc.above);
                            if let Some(base) = calc.base() {
                                head("old_base", before, base);
                            }
                        }
                    }
                }
            }
        }
    }
    rows.dedup();
    let heads = titles(&HEADS);
    let measures = terms.iter().map(labels::definition).collect();
    Ok(Answer { missing: missing.into(), measures, ..answer(heads, rows) })
}

/// The cells a program reads in one report, those that count, in order.
fn used<'a>(program: &Program, setup: &Setup, report: &'a Report) -> Vec<(i64, &'a Cell)> {
    let cell = |slot: usize| setup.slots.0.get(slot).and_then(|&slot| report.cell(slot));
    let mut mark = |slot: usize| cell(slot).map_or((Mark::NotInTemplate, 0), |cell| Mark::of(cell.reading));
    program.counted(&mut mark).into_iter().filter_map(|(factor, slot)| Some((factor, cell(slot)?))).collect()
}

/// The columns of [`row`].
pub(crate) const HEADS: [&str; 11] =
    ["body", "year", "role", "category", "applicant", "state", "value", "raw", "source", "revision", "reader"];

/// A cell with all that leads back to it.
pub(crate) fn row(place: &Field, role: &str, factor: i64, (revision, report): &Revision, cell: &Cell) -> Vec<Field> {
    let role = if factor < 0 { format!("{role}_less") } else { role.to_owned() };
    vec![
        place.clone(),
        Field::Year(report.year),
        item(&role),
        labels::category_item(cell.slot.category),
        cell.slot.applicant.map_or(Field::None, labels::applicant_item),
        Field::State(cell.reading.state()),
        quantity(cell.reading.value()),
        text(cell.raw.clone()),
        source(report, cell),
        Field::Whole(*revision),
        text(report.origin.reader.clone()),
    ]
}
