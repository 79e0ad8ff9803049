//! `contributions`: which bodies move a total or a change, the largest first.

use super::{
    super::{
        Answer, Field, Number, Title,
        fraction::Fraction,
        plan::{Ask, Dimension, Plan, Stage, Term, TermKind},
    },
    Context,
    gather::gather,
    labels, normal, notes,
    rows::{Row, fields, rows},
    setup::Setup,
};
use crate::{error::Result, model::State, store::View};

/// The rows of a question taken apart by body: what each adds to its row's total, and that as a part of the total.
/// A change is taken apart into differences; a share into what stands above the line.
///
/// # Errors
/// As for the figures themselves.
pub(crate) fn contributions(plan: &Plan, ask: &Ask, view: &View, context: &Context) -> Result<Answer> {
    let mut apart = plan.clone();
    apart.stages.retain(|stage| !matches!(stage, Stage::Contributions));
    if !apart.by.contains(&Dimension::Body) {
        apart.by.push(Dimension::Body);
    }
    let ask = Ask { terms: ask.terms.iter().take(1).map(pooled).collect(), ..ask.clone() };
    let (by, terms) = normal(&apart, &ask);
    let setup = Setup::new(&apart, &ask, by, &terms, view)?;
    let mut gathered = gather(&setup, view, context)?;
    let mut found: Vec<(Vec<u64>, Row, Option<Fraction>)> = rows(&setup, &mut gathered)
        .into_iter()
        .map(|row| {
            let body = setup.by.iter().position(|&dimension| dimension == Dimension::Body);
            let group =
                row.order.iter().enumerate().filter(|&(at, _)| Some(at) != body).map(|(_, &step)| step).collect();
            let part = part(&row, terms.first());
            (group, row, part)
        })
        .collect();
    found.sort_by(|a, b| {
        let size = |part: Option<Fraction>| part.map(|part| part.max(Fraction::ZERO.minus(part)));
        a.0.cmp(&b.0).then_with(|| size(b.2).cmp(&size(a.2))).then_with(|| a.1.order.cmp(&b.1.order))
    });
    let mut totals: std::collections::BTreeMap<Vec<u64>, Fraction> = std::collections::BTreeMap::new();
    for (group, _, part) in &found {
        let total = totals.entry(group.clone()).or_insert(Fraction::ZERO);
        *total = total.plus(part.unwrap_or(Fraction::ZERO));
    }
    let dimensions = setup.dimension_ids();
    let rows = found
        .iter()
        .map(|(group, row, part)| {
            let mut shown: Vec<Field> = fields(&setup, row, view).into_iter().take(dimensions.len()).collect();
            let total = totals.get(group).copied().unwrap_or(Fraction::ZERO);
            shown.push(Field::Number(part.map(|part| number(row, part))));
            shown.push(Field::Number(part.and_then(|part| ratio(part, total))));
            shown.push(Field::State(
                row.terms.first().and_then(|shown| shown.state).filter(|_| part.is_none()).unwrap_or(State::Value),
            ));
            shown
        })
        .collect();
    let unit = terms.first().and_then(|term| labels::part_units(term).0.or_else(|| labels::unit(term)));
    let mut columns: Vec<Title> = super::list::titles(&dimensions.iter().map(String::as_str).collect::<Vec<_>>());
    columns.extend(super::list::titles(&["contribution", "part", "state"]));
    let count = columns.len();
    if let Some(title) = columns.get_mut(count - 3) {
        title.unit = unit;
    }
    if let Some(title) = columns.get_mut(count - 2) {
        title.unit = Some("%".to_owned());
    }
    Ok(Answer {
        measures: terms.iter().map(labels::definition).collect(),
        notes: notes::notes(&setup, &gathered),
        columns,
        rows,
        dimensions,
        ..Answer::default()
    })
}

/// A term without its statistic: contributions add up.
fn pooled(term: &Term) -> Term {
    Term { statistic: None, ..term.clone() }
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
    let one = shown.and_then(|shown| shown.numerator.or(shown.values.first().copied().flatten()));
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
