//! `contributions`: which bodies move a total or a change, the largest first.

use std::collections::BTreeMap;

use super::{
    super::{
        Answer, Field, Number, Title,
        fraction::Fraction,
        plan::{Ask, Dimension, Plan, Stage, Term, TermKind},
    },
    Context,
    gather::{Gathered, gather},
    labels, notes, ready, refuse,
    rows::{Row, fields, rows},
    setup::Setup,
    stages,
    whose::Names,
};
use crate::{error::Result, model::State, store::View};

/// The rows of a question taken apart by body: what each adds to its row's total, and that as a part of the total.
/// A change is taken apart into differences; a share into what stands above the line. The condition and the stages
/// before choose the rows that are taken apart, the stages behind choose among the parts.
///
/// # Errors
/// As for the figures themselves, and for what is no sum of what bodies add (`GK0232`).
pub(crate) fn contributions(plan: &Plan, ask: &Ask, view: &View, context: &Context) -> Result<Answer> {
    if !ask.adds_up() {
        return Err(refuse("GK0232", &[]));
    }
    let at = plan.stages.iter().position(|stage| matches!(stage, Stage::Contributions)).unwrap_or(plan.stages.len());
    let (before, after) = plan.stages.split_at(at);
    let whole = Plan { stages: before.to_vec(), ..plan.clone() };
    let (by, terms) = ready(&whole, ask)?;
    let setup = Setup::new(&whole, ask, by, &terms, view)?;
    let mut gathered = gather(&setup, view, context)?;
    let mut chosen = rows(&setup, &mut gathered);
    stages::on_rows(&setup, &mut chosen);
    if setup.by.contains(&Dimension::Body) {
        return Ok(answer(&setup, &gathered, split(&setup, chosen, None), after, view));
    }
    let chosen: Vec<Vec<u64>> = chosen.into_iter().map(|row| row.order).collect();
    let apart = Plan { stages: Vec::new(), by: [&plan.by[..], &[Dimension::Body]].concat(), ..plan.clone() };
    let ask = Ask { filter: None, ..ask.clone() };
    let (by, terms) = ready(&apart, &ask)?;
    let setup = Setup::new(&apart, &ask, by, &terms, view)?;
    let mut gathered = gather(&setup, view, context)?;
    let found = rows(&setup, &mut gathered);
    Ok(answer(&setup, &gathered, split(&setup, found, Some(chosen)), after, view))
}

/// What one body adds to a row.
struct Share {
    /// The number of the row that it is a part of.
    group: usize,
    row: Row,
    part: Option<Fraction>,
}

/// The parts of the rows that are `chosen`, or of all, the largest of each row first.
fn split(setup: &Setup, rows: Vec<Row>, chosen: Option<Vec<Vec<u64>>>) -> Vec<Share> {
    let body = setup.by.iter().position(|&dimension| dimension == Dimension::Body);
    let place = |row: &Row| setup.ground.selection.get(row.at.spot).map_or(0, |subject| subject.place);
    let only = chosen.is_some();
    let mut groups: BTreeMap<Vec<u64>, usize> =
        chosen.into_iter().flatten().enumerate().map(|(at, key)| (key, at)).collect();
    let mut found: Vec<Share> = Vec::new();
    for row in rows {
        let steps = row.order.iter().enumerate().filter(|&(at, _)| Some(at) != body).map(|(_, &step)| step);
        let key: Vec<u64> = steps.chain(setup.plan.whose.apart.then(|| u64::from(place(&row)))).collect();
        let next = groups.len();
        let group = if only { groups.get(&key).copied() } else { Some(*groups.entry(key).or_insert(next)) };
        let Some(group) = group else { continue };
        let part = part(&row, setup.terms.all.first().copied());
        found.push(Share { group, row, part });
    }
    let size = |part: Option<Fraction>| part.map(|part| part.max(Fraction::ZERO.minus(part)));
    found.sort_by(|a, b| {
        let larger = size(b.part).cmp(&size(a.part));
        a.group.cmp(&b.group).then(larger).then_with(|| a.row.order.cmp(&b.row.order))
    });
    found
}

fn answer(setup: &Setup, gathered: &Gathered, mut found: Vec<Share>, after: &[Stage], view: &View) -> Answer {
    let mut totals: BTreeMap<usize, Fraction> = BTreeMap::new();
    for share in &found {
        let total = totals.entry(share.group).or_insert(Fraction::ZERO);
        *total = total.plus(share.part.unwrap_or(Fraction::ZERO));
    }
    for stage in after {
        let (count, largest) = match stage {
            Stage::Top(count) => (*count, true),
            Stage::Bottom(count) => (*count, false),
            _ => continue,
        };
        found.retain(|share| share.part.is_some());
        found.sort_by(|a, b| {
            let order = a.part.cmp(&b.part);
            let order = if largest { order.reverse() } else { order };
            order.then(a.group.cmp(&b.group)).then_with(|| a.row.order.cmp(&b.row.order))
        });
        found.truncate(count);
    }
    let (dimensions, mut names) = (setup.dimension_ids(), Names::default());
    let rows = found
        .iter()
        .map(|Share { group, row, part }| {
            let mut shown: Vec<Field> =
                fields(setup, row, view, &mut names).into_iter().take(dimensions.len()).collect();
            let total = totals.get(group).copied().unwrap_or(Fraction::ZERO);
            shown.push(Field::Number(part.map(|part| number(row, part))));
            shown.push(Field::Number(part.and_then(|part| ratio(part, total))));
            shown.push(Field::State(
                row.terms.first().and_then(|shown| shown.state).filter(|_| part.is_none()).unwrap_or(State::Value),
            ));
            shown
        })
        .collect();
    let term = setup.terms.all.first();
    let unit = term.and_then(|term| labels::part_units(term).0.or_else(|| labels::unit(term)));
    let mut columns: Vec<Title> = super::list::titles(&dimensions.iter().map(String::as_str).collect::<Vec<_>>());
    columns.extend(super::list::titles(&["contribution", "part", "state"]));
    let count = columns.len();
    if let Some(title) = columns.get_mut(count - 3) {
        title.unit = unit;
    }
    if let Some(title) = columns.get_mut(count - 2) {
        title.unit = Some("%".to_owned());
    }
    Answer {
        measures: setup.shown().iter().map(|term| labels::definition(term)).collect(),
        notes: notes::notes(setup, gathered),
        columns,
        rows,
        dimensions,
        missing: setup.ground.missing(setup.plan, view),
        ..Answer::default()
    }
}

/// What a body adds: its value, what stands above the line, or the difference to the year before.
fn part(row: &Row, term: Option<&Term>) -> Option<Fraction> {
    let shown = row.terms.first()?;
    let numerator = || shown.numerator.and_then(Fraction::of);
    match term?.kind {
        TermKind::Change => Some(numerator()?.minus(Fraction::of(shown.denominator?)?)),
        _ if shown.numerator.is_some() => numerator(),
        _ => shown.first(),
    }
}

/// The contribution in the smallest exact form: a count stays a count.
fn number(row: &Row, part: Fraction) -> Number {
    let shown = row.terms.first();
    let one = shown.and_then(|shown| shown.numerator.or(shown.value));
    match one {
        Some(Number::Count(_)) if part.denominator() == 1 => Number::Count(part.numerator()),
        Some(Number::Money(_)) => {
            let units = part.times(Fraction::whole(i128::from(crate::model::Amount::PER_WAN)));
            if units.denominator() == 1 { Number::Money(units.numerator()) } else { part.number() }
        }
        _ => part.number(),
    }
}

fn ratio(part: Fraction, total: Fraction) -> Option<Number> {
    // Counts stay as they are, so that the base can be read off.
    if part.denominator() == 1 && total.denominator() == 1 && total.numerator() > 0 {
        return Some(Number::Ratio { numerator: part.numerator(), denominator: total.numerator() });
    }
    Some(part.times(Fraction::new(total.denominator(), total.numerator())?).number())
}
