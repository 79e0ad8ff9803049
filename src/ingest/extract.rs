//! From drafts to the cells of a report: readings, raw text and places; blanks that a total proves to be 0.

use std::collections::BTreeMap;

use super::{
    align::{Aligned, Draft},
    flow::Flow,
    number::Said,
};
use crate::{
    model::{Applicant, CategoryCode, Cell, Finding, Quantity, Reading, Severity, Slot, Status, Table, Template},
    schema::catalogue,
};

/// Turns the drafts of a table into cells.
pub(crate) fn cells(flow: &Flow, aligned: &mut Aligned) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::with_capacity(aligned.drafts.len());
    for draft in &aligned.drafts {
        let (reading, turned) = reading(draft);
        let raw = if draft.said == Said::Empty { "" } else { flow.raw(draft.start, draft.end) };
        let place = flow.place(draft.start);
        let cell = Cell { slot: draft.slot, reading, raw: raw.to_owned(), place, row: draft.row };
        if turned {
            aligned.findings.push(told("R-UNIT", Severity::Info, &cell));
        } else if reading == Reading::Unreadable
            && !aligned.findings.iter().any(|finding| finding.cells.contains(&draft.slot))
        {
            aligned.findings.push(told("R-UNREADABLE", Severity::Warning, &cell));
        }
        cells.push(cell);
    }
    cells.sort_by_key(|cell| cell.slot);
    if let Some(form) = aligned.form {
        prove_zeros(&mut cells, form);
    }
    cells
}

fn told(rule: &str, severity: Severity, cell: &Cell) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        status: Status::Unassessable,
        applicant: cell.slot.applicant,
        printed: Some(cell.raw.clone()),
        computed: cell.reading.value().map(|value| value.to_string()),
        cells: vec![cell.slot],
        text: None,
        place: Some(cell.place),
    }
}

fn reading(draft: &Draft) -> (Reading, bool) {
    match &draft.said {
        Said::Empty => (Reading::Blank { proved_zero: false }, false),
        Said::NotApplicable => (Reading::NotApplicable, false),
        Said::Garbled => (Reading::Unreadable, false),
        Said::Number(number) => catalogue()
            .get(draft.slot.category)
            .map_or((Reading::Unreadable, false), |cell| number.reading(cell.value_type)),
    }
}

/// A total and what adds up to it.
struct Sum {
    total: Slot,
    parts: Vec<Slot>,
}

/// Marks blanks as proved to be 0: the printed parts of a printed total leave nothing for them.
/// What is proved in one sum may complete another, so this goes on until nothing changes.
fn prove_zeros(cells: &mut [Cell], form: Template) {
    let blank = |cell: &Cell| matches!(cell.reading, Reading::Blank { proved_zero: false });
    if !cells.iter().any(blank) {
        return;
    }
    let sums = sums(cells, form);
    let at: BTreeMap<Slot, usize> = cells.iter().enumerate().map(|(at, cell)| (cell.slot, at)).collect();
    loop {
        let mut changed = false;
        for sum in &sums {
            let known =
                |slot: &Slot, cells: &[Cell]| match at.get(slot).and_then(|&at| cells.get(at)).map(|cell| cell.reading)
                {
                    Some(Reading::Value(Quantity::Count(count))) => Some(count),
                    Some(Reading::Blank { proved_zero: true }) => Some(0),
                    _ => None,
                };
            let Some(total) = known(&sum.total, cells) else { continue };
            let mut rest = total;
            let mut open: Vec<usize> = Vec::new();
            let mut certain = true;
            for part in &sum.parts {
                match (known(part, cells), at.get(part)) {
                    (Some(count), _) => rest -= count,
                    (None, Some(&place)) if cells.get(place).is_some_and(blank) => open.push(place),
                    _ => certain = false,
                }
            }
            if certain && rest == 0 && !open.is_empty() {
                for place in open {
                    if let Some(cell) = cells.get_mut(place) {
                        cell.reading = Reading::Blank { proved_zero: true };
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// Every sum of a table: along its rows, down its columns, and within the blocks of table 4.
fn sums(cells: &[Cell], form: Template) -> Vec<Sum> {
    let catalogue = catalogue();
    let mut sums = Vec::new();
    let mut rows: Vec<CategoryCode> =
        cells.iter().filter(|cell| cell.slot.applicant.is_some()).map(|cell| cell.slot.category).collect();
    rows.dedup();
    for row in rows {
        let parts = Applicant::PARTS.into_iter().map(|applicant| Slot::of(row, applicant)).collect();
        sums.push(Sum { total: Slot::of(row, Applicant::Total), parts });
    }
    let third = cells.iter().any(|cell| cell.slot.applicant.is_some());
    for rollup in catalogue.rollups.iter().filter(|rollup| rollup.printed && rollup.templates.contains(&form)) {
        let table = catalogue.get(rollup.target).and_then(|target| target.table);
        let parts: Vec<CategoryCode> = rollup.parts.iter().flat_map(|&part| leaves(part, form)).collect();
        match table {
            Some(Table::T3) if third => {
                for applicant in Applicant::ALL {
                    let parts = parts.iter().map(|&code| Slot::of(code, applicant)).collect();
                    sums.push(Sum { total: Slot::of(rollup.target, applicant), parts });
                }
            }
            Some(Table::T4) if !third => {
                let parts = parts.into_iter().map(Slot::plain).collect();
                sums.push(Sum { total: Slot::plain(rollup.target), parts });
            }
            _ => {}
        }
    }
    sums
}

fn leaves(code: CategoryCode, form: Template) -> Vec<CategoryCode> {
    match catalogue().get(code) {
        Some(row) if row.printed_in(form) => vec![code],
        Some(row) => row.children.iter().flat_map(|&child| leaves(child, form)).collect(),
        None => Vec::new(),
    }
}
