//! What follows the bars.

use std::{cmp::Ordering, collections::BTreeMap};

use gongkai::{
    model::{Report, State},
    query::plan::{Dimension, Operand, Stage, TermKind},
};

use super::{
    Line, Outcome, Question, Residents, Row,
    ratio::{Ratio, add, fraction, minus, order, reduce},
    rows::holds,
};

fn by_value(a: Option<Ratio>, b: Option<Ratio>, largest: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if largest => order(b, a),
        (Some(a), Some(b)) => order(a, b),
        // What has no value comes last.
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// Order, choice and marks. Of equals the one that comes first in administrative order comes first.
pub(super) fn choose(question: &Question, lines: &mut Vec<Line>) {
    for stage in &question.stages {
        match stage {
            Stage::Top(count) | Stage::Bottom(count) => {
                let largest = matches!(stage, Stage::Top(_));
                let value = |line: &Line| line.terms[0].values[0];
                lines.retain(|line| value(line).is_some());
                lines.sort_by(|a, b| by_value(value(a), value(b), largest).then(a.order.cmp(&b.order)));
                lines.truncate(*count);
            }
            Stage::Sort { by: Operand::Dimension(dimension), descending } => {
                let at = question.by.iter().position(|known| known == dimension);
                let key = |line: &Line| at.map(|at| line.order[at].clone());
                lines.sort_by(|a, b| {
                    let order = key(a).cmp(&key(b));
                    (if *descending { order.reverse() } else { order }).then(a.order.cmp(&b.order))
                });
            }
            Stage::Sort { by, descending } => {
                let value = |line: &Line| question.worth(line, by);
                lines.sort_by(|a, b| by_value(value(a), value(b), *descending).then(a.order.cmp(&b.order)));
            }
            Stage::Keep(condition) => {
                lines.retain(|line| holds(condition, &|operand| question.worth(line, operand)));
            }
            Stage::Flag(condition) => {
                for line in lines.iter_mut() {
                    line.flagged |= holds(condition, &|operand| question.worth(line, operand));
                }
            }
            _ => {}
        }
    }
}

/// A row with everything in it.
pub(super) fn fields(question: &Question, line: &Line) -> Row {
    let mut fields = line.fields.clone();
    let terms = question.terms.iter().zip(&line.terms).take(question.shown).enumerate();
    for (number, (term, shown)) in terms {
        fields.extend(shown.values.iter().map(|value| value.map_or("-".to_owned(), fraction)));
        fields.push(shown.state.id().to_owned());
        if question.divides(term) {
            let parts = shown.parts.clone().unwrap_or([None, None]);
            fields.extend(parts.map(|part| part.map_or("-".to_owned(), |(_, text)| text)));
        }
        fields.push(shown.used.to_string());
        if number == 0 {
            fields.push(shown.expected.to_string());
        }
    }
    if line.terms[..question.shown].iter().any(|shown| shown.small) {
        fields.push("small_n".to_owned());
    }
    if line.flagged {
        fields.push("flagged".to_owned());
    }
    fields
}

/// One dimension as columns of values and states, in its own order.
pub(super) fn pivot(question: &Question, lines: &[Line], dimension: Dimension) -> Vec<Row> {
    let Some(at) = question.by.iter().position(|&known| known == dimension) else {
        return lines.iter().map(|line| fields(question, line)).collect();
    };
    let mut steps: Vec<&String> = lines.iter().map(|line| &line.order[at]).collect();
    steps.sort();
    steps.dedup();
    let without = |texts: &[String]| {
        let mut texts = texts.to_vec();
        texts.remove(at);
        texts
    };
    let mut heads: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let head = without(&line.order);
        if !heads.contains(&head) {
            heads.push(head);
        }
    }
    heads
        .iter()
        .map(|head| {
            let of = |line: &&Line| without(&line.order) == *head;
            let mut row = without(&lines.iter().find(of).unwrap().fields);
            for step in &steps {
                let cell = lines.iter().filter(of).find(|line| line.order[at] == **step);
                for number in 0..question.shown {
                    let any = &lines[0].terms[number];
                    for value in 0..any.values.len() {
                        row.extend(match cell {
                            Some(line) => {
                                let shown = &line.terms[number];
                                let text = shown.values[value].map_or("-".to_owned(), fraction);
                                [text, shown.state.id().to_owned()]
                            }
                            None => ["-".to_owned(), "None".to_owned()],
                        });
                    }
                }
            }
            row
        })
        .collect()
}

/// The chosen rows taken apart by body.
pub(super) fn contributions(
    whole: &Question,
    chosen: &[Line],
    reports: &[Report],
    residents: &Residents,
    after: &[Stage],
) -> Result<Vec<Row>, Outcome> {
    let body = |question: &Question| question.by.iter().position(|&known| known == Dimension::Body);
    let (question, lines) = match body(whole) {
        Some(_) => (whole.clone(), chosen.to_vec()),
        None => {
            let by = [&whole.plan.by[..], &[Dimension::Body]].concat();
            let question = Question::new(whole.plan, &by, None, &[])?;
            let lines = question.lines(reports, residents)?.0;
            (question, lines)
        }
    };
    let at = body(&question).unwrap();
    // Which row a part belongs to: everything but the body, and the place where places are kept apart.
    let group = |line: &Line| {
        let mut key = line.order.clone();
        let body = key.remove(at);
        if whole.plan.whose.apart {
            key.push(body[..3].to_owned());
        }
        key
    };
    let rank = |line: &Line| match body(whole) {
        Some(_) => chosen.iter().position(|one| group(one) == group(line)),
        None => chosen.iter().position(|one| one.order == group(line)),
    };
    let change = question.terms[0].kind == TermKind::Change;
    let mut parts: Vec<(usize, Option<Ratio>, Line)> = Vec::new();
    for line in lines {
        let Some(rank) = rank(&line) else { continue };
        let shown = &line.terms[0];
        let part = match &shown.parts {
            Some([Some((new, _)), Some((old, _))]) if change => Some(minus(*new, *old)),
            Some([Some((above, _)), _]) if !change => Some(*above),
            Some(_) => None,
            None if shown.used == 0 => None,
            None => shown.values[0],
        };
        parts.push((rank, part, line));
    }
    let mut totals: BTreeMap<usize, Ratio> = BTreeMap::new();
    for (rank, part, _) in &parts {
        let total = totals.entry(*rank).or_insert((0, 1));
        *total = add(*total, part.unwrap_or((0, 1)));
    }
    let size = |part: Option<Ratio>| part.map(|(n, d)| (n.abs(), d));
    parts.sort_by(|a, b| {
        let larger = match (size(a.1), size(b.1)) {
            (Some(a), Some(b)) => order(b, a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        a.0.cmp(&b.0).then(larger).then(a.2.order.cmp(&b.2.order))
    });
    for stage in after {
        let (Stage::Top(count) | Stage::Bottom(count)) = stage else { continue };
        parts.retain(|(_, part, _)| part.is_some());
        parts.sort_by(|a, b| {
            by_value(a.1, b.1, matches!(stage, Stage::Top(_))).then(a.0.cmp(&b.0)).then(a.2.order.cmp(&b.2.order))
        });
        parts.truncate(*count);
    }
    let rows = parts.into_iter().map(|(rank, part, line)| {
        let total = totals[&rank];
        let share = part.filter(|_| total.0 != 0).map(|part| reduce(part.0 * total.1, part.1 * total.0));
        let state = if part.is_some() { State::Value } else { line.terms[0].state };
        let text = |value: Option<Ratio>| value.map_or("-".to_owned(), fraction);
        [&line.fields[..], &[text(part), text(share), state.id().to_owned()]].concat()
    });
    Ok(rows.collect())
}
