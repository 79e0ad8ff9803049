//! What follows the bars: order, choice, marks, and turning a dimension into columns.

use std::collections::BTreeMap;

use super::{
    super::{
        Answer, Bilingual, Field, Title,
        plan::{Dimension, Operand, Stage},
    },
    condition::{holds, in_row},
    rows::Row,
    setup::Setup,
};

/// Orders, chooses and marks rows. Rows without a value come last and are never among the top.
pub(crate) fn on_rows(setup: &Setup, rows: &mut Vec<Row>) {
    for stage in &setup.plan.stages {
        match stage {
            Stage::Top(count) => ranked(rows, *count, true),
            Stage::Bottom(count) => ranked(rows, *count, false),
            Stage::Sort { by, descending } => sort(setup, rows, by, *descending),
            Stage::Keep(condition) => {
                rows.retain(|row| holds(condition, &|operand| in_row(row, setup, operand)));
            }
            Stage::Flag(condition) => {
                for row in rows.iter_mut() {
                    if holds(condition, &|operand| in_row(row, setup, operand)) {
                        row.flags.push("flagged".to_owned());
                    }
                }
            }
            Stage::Failed | Stage::Pivot(_) | Stage::Chart | Stage::Contributions | Stage::Export(_) => {}
        }
    }
}

fn ranked(rows: &mut Vec<Row>, count: usize, largest: bool) {
    rows.retain(|row| row.terms.first().and_then(super::tally::Shown::first).is_some());
    let order = |a: &Row, b: &Row| {
        let value = |row: &Row| row.terms.first().and_then(super::tally::Shown::first);
        let order = value(a).cmp(&value(b));
        (if largest { order.reverse() } else { order }).then_with(|| a.order.cmp(&b.order))
    };
    // Those that are not among them need no order.
    if let Some(last) = count.checked_sub(1).filter(|last| *last < rows.len()) {
        rows.select_nth_unstable_by(last, order);
    }
    rows.truncate(count);
    rows.sort_by(order);
}

fn sort(setup: &Setup, rows: &mut [Row], by: &Operand, descending: bool) {
    rows.sort_by(|a, b| {
        let value = |row: &Row| in_row(row, setup, by);
        let order = match (value(a), value(b)) {
            (Some(a), Some(b)) if descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        order.then_with(|| a.order.cmp(&b.order))
    });
}

/// Turns dimensions of the finished table into columns. `orders` are the ordinals of its rows, one a dimension.
pub(crate) fn pivots(stages: &[Stage], answer: &mut Answer, orders: &[Vec<u64>]) {
    if let Some(dimension) = stages.iter().find_map(|stage| match stage {
        Stage::Pivot(dimension) => Some(*dimension),
        _ => None,
    }) {
        pivot(answer, dimension, orders);
    }
}

/// Stages that speak of the finished table: a picture, a file.
pub(crate) fn on_answer(stages: &[Stage], answer: &mut Answer) {
    for stage in stages {
        match stage {
            Stage::Chart => answer.chart = true,
            Stage::Export(file) => answer.export = Some(file.clone()),
            _ => {}
        }
    }
}

/// What stays of a row, and the values and states of each step, by its ordinal.
type Turned = (Vec<Field>, BTreeMap<u64, Vec<Field>>);

/// One column of values and one of states for each step of the dimension, in its own order; coverage and marks stay in
/// the long form.
fn pivot(answer: &mut Answer, dimension: Dimension, orders: &[Vec<u64>]) {
    let at = |id: &str| answer.columns.iter().position(|title| title.id == id);
    let (Some(turned), Some(ordinal)) =
        (at(dimension.id()), answer.dimensions.iter().position(|id| id == dimension.id()))
    else {
        return;
    };
    let kept: Vec<usize> = (0..answer.columns.len())
        .filter(|&column| {
            column != turned && answer.columns.get(column).is_some_and(|title| answer.dimensions.contains(&title.id))
        })
        .collect();
    let numbers: Vec<(usize, usize)> = answer
        .columns
        .iter()
        .enumerate()
        .filter(|(_, title)| ["value", "p25", "median", "p75"].iter().any(|name| is_numbered(&title.id, name)))
        .filter_map(|(column, title)| {
            let suffix = title.id.split_once('_').map_or(String::new(), |(_, number)| format!("_{number}"));
            Some((column, at(&format!("state{suffix}"))?))
        })
        .collect();
    let mut steps: BTreeMap<u64, Field> = BTreeMap::new();
    let mut rows: Vec<Turned> = Vec::new();
    let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
    for (row, order) in answer.rows.iter().zip(orders) {
        let (Some(step), Some(&at)) = (row.get(turned), order.get(ordinal)) else { continue };
        steps.entry(at).or_insert_with(|| step.clone());
        let values = numbers
            .iter()
            .flat_map(|&(value, state)| [row.get(value).cloned(), row.get(state).cloned()])
            .flatten()
            .collect();
        let mut key = order.clone();
        key.remove(ordinal);
        let place = *known.entry(key).or_insert_with(|| {
            rows.push((kept.iter().filter_map(|&column| row.get(column).cloned()).collect(), BTreeMap::new()));
            rows.len() - 1
        });
        if let Some((_, cells)) = rows.get_mut(place) {
            cells.insert(at, values);
        }
    }
    let mut columns: Vec<Title> = kept.iter().filter_map(|&column| answer.columns.get(column).cloned()).collect();
    for step in steps.values() {
        for &(value, _) in &numbers {
            let Some(title) = answer.columns.get(value) else { continue };
            let id = key(step);
            let id = if numbers.len() == 1 { id } else { format!("{id}.{}", title.id) };
            let label = label(step);
            columns.push(Title { id: id.clone(), label, unit: title.unit.clone() });
            columns.push(Title { id: format!("{id}.state"), label: Bilingual::default(), unit: None });
        }
    }
    answer.dimensions.retain(|id| id != dimension.id());
    answer.rows = rows
        .into_iter()
        .map(|(mut head, mut cells)| {
            for step in steps.keys() {
                match cells.remove(step) {
                    Some(values) => head.extend(values),
                    None => head.extend(numbers.iter().flat_map(|_| [Field::Number(None), Field::None])),
                }
            }
            head
        })
        .collect();
    answer.columns = columns;
    answer.details.clear();
}

fn is_numbered(id: &str, name: &str) -> bool {
    id == name
        || id.strip_prefix(name).and_then(|rest| rest.strip_prefix('_')).is_some_and(|rest| rest.parse::<u16>().is_ok())
}

/// What a step of a dimension is called in the id of its column.
fn key(field: &Field) -> String {
    match field {
        Field::Year(year) => year.to_string(),
        Field::Place(place) => place.code.clone(),
        Field::Item { id, .. } => id.clone(),
        Field::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn label(field: &Field) -> Bilingual {
    let plain = |text: &str| Bilingual { en: text.to_owned(), zh: text.to_owned() };
    match field {
        Field::Item { label, .. } if !label.en.is_empty() => label.clone(),
        Field::Place(place) => plain(&place.name),
        other => plain(&key(other)),
    }
}
