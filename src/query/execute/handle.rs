//! The way back from a row: a statement that lists the cells it was made of.

use super::{
    super::plan::{Dimension, Formula, Member, Sum, Term, TermKind},
    rows::Row,
    setup::Setup,
};
use crate::store::View;

/// Longer answers and larger groups have no statement for each row: it would be longer than the answer.
const ROWS: usize = 2_000;
const BODIES: usize = 40;

/// Gives every row the statement that leads to its cells: `why share of … in @140109 2024`.
pub(crate) fn handles(setup: &Setup, rows: &mut [Row], view: &View) {
    if rows.len() > ROWS {
        return;
    }
    for row in rows {
        let Some(subjects) = setup.ground.spots.subjects(row.at.spot, BODIES) else { continue };
        row.detail.why = statement(setup, row, &subjects, view);
    }
}

fn statement(setup: &Setup, row: &Row, subjects: &[usize], view: &View) -> Option<String> {
    let term = setup.terms.all.first().copied()?;
    let member = term.members.get(row.at.member.min(term.members.len().checked_sub(1)?))?;
    let mut text = format!("why {} in ", measure(term, member));
    for (at, &subject) in subjects.iter().enumerate() {
        let separator = if at == 0 { "@" } else { ", @" };
        text.push_str(separator);
        text.push_str(&setup.ground.selection.get(subject)?.id(view));
    }
    let years = if setup.by.contains(&Dimension::Year) {
        vec![setup.plan.years.get(row.at.year)?.to_string()]
    } else {
        setup.plan.years.iter().map(ToString::to_string).collect()
    };
    text.push(' ');
    text.push_str(&years.join(", "));
    let columns = setup.columns.get(row.at.column)?;
    if columns.as_slice() != [crate::model::Applicant::Total] {
        text.push_str(" for ");
        text.push_str(&columns.iter().map(|column| column.id()).collect::<Vec<_>>().join(", "));
    }
    Some(text)
}

fn measure(term: &Term, member: &Member) -> String {
    let id = &member.measure.id;
    match (term.kind, &member.base) {
        (TermKind::Change, _) => format!("change of {id}"),
        (TermKind::Share, Some(base)) => match &base.formula {
            // A base in a column of its own is the natural one and has no word.
            Formula::Sum(Sum(parts)) if parts.iter().any(|part| part.applicant.is_some()) => format!("share of {id}"),
            _ => format!("share of {id} out_of {}", base.id),
        },
        _ => id.clone(),
    }
}
