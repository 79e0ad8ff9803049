//! What follows the bars: order, choice, marks, and turning a dimension into columns.

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
                rows.retain(|row| holds(condition, &|operand| in_row(row, &setup.terms, operand)));
            }
            Stage::Flag(condition) => {
                for row in rows.iter_mut() {
                    if holds(condition, &|operand| in_row(row, &setup.terms, operand)) {
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
    rows.sort_by(|a, b| {
        let value = |row: &Row| row.terms.first().and_then(super::tally::Shown::first);
        let order = value(a).cmp(&value(b));
        (if largest { order.reverse() } else { order }).then_with(|| a.order.cmp(&b.order))
    });
    rows.truncate(count);
}

fn sort(setup: &Setup, rows: &mut [Row], by: &Operand, descending: bool) {
    rows.sort_by(|a, b| {
        let value = |row: &Row| in_row(row, &setup.terms, by);
        let order = match (value(a), value(b)) {
            (Some(a), Some(b)) if descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        order.then_with(|| a.order.cmp(&b.order))
    });
}

/// Stages that work on the finished table: columns out of a dimension, a picture, a file.
pub(crate) fn on_answer(stages: &[Stage], answer: &mut Answer) {
    for stage in stages {
        match stage {
            Stage::Pivot(dimension) => pivot(answer, *dimension),
            Stage::Chart => answer.chart = true,
            Stage::Export(file) => answer.export = Some(file.clone()),
            _ => {}
        }
    }
}

/// What stays of a row, and the values and states of each step.
type Turned = (Vec<Field>, Vec<Option<Vec<Field>>>);

/// One column of values and one of states for each step of the dimension, in the order the steps first appear
/// sorted by their own order; coverage and marks stay in the long form.
fn pivot(answer: &mut Answer, dimension: Dimension) {
    let at = |id: &str| answer.columns.iter().position(|title| title.id == id);
    let Some(turned) = at(dimension.id()) else { return };
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
    let mut steps: Vec<Field> = Vec::new();
    let mut rows: Vec<Turned> = Vec::new();
    for row in &answer.rows {
        let Some(step) = row.get(turned) else { continue };
        let place = steps.iter().position(|known| known == step).unwrap_or_else(|| {
            steps.push(step.clone());
            steps.len() - 1
        });
        let head: Vec<Field> = kept.iter().filter_map(|&column| row.get(column).cloned()).collect();
        let values = numbers
            .iter()
            .flat_map(|&(value, state)| [row.get(value).cloned(), row.get(state).cloned()])
            .flatten()
            .collect();
        let known = rows.iter().position(|(known, _)| *known == head).unwrap_or_else(|| {
            rows.push((head, Vec::new()));
            rows.len() - 1
        });
        if let Some((_, cells)) = rows.get_mut(known) {
            cells.resize(cells.len().max(place + 1), None);
            if let Some(cell) = cells.get_mut(place) {
                *cell = Some(values);
            }
        }
    }
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|&step| steps.get(step).map(key));
    let mut columns: Vec<Title> = kept.iter().filter_map(|&column| answer.columns.get(column).cloned()).collect();
    for step in order.iter().filter_map(|&step| steps.get(step)) {
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
        .map(|(mut head, cells)| {
            for &step in &order {
                match cells.get(step).cloned().flatten() {
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

/// What a step of a dimension is called in the id of its column; also its order.
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
