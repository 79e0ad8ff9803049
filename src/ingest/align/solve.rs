//! The sums down the columns of table 3, used to choose between the ways a digit run can be cut.

use std::collections::BTreeMap;

use super::columns::{Columns, Seven, WIDTH};
use crate::{
    model::{CategoryCode, Table, Template},
    schema::catalogue,
};

/// Rows of the form whose sum, with signs, is 0 in every column.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// Added.
    plus: Vec<CategoryCode>,
    /// Taken off.
    minus: Vec<CategoryCode>,
}

/// The identities between printed rows: all results together, and what came in against what went out.
pub(super) fn identities(form: Template) -> Vec<Identity> {
    let catalogue = catalogue();
    let mut found = Vec::new();
    for rollup in catalogue.rollups.iter().filter(|rollup| rollup.printed && rollup.templates.contains(&form)) {
        if catalogue.get(rollup.target).is_none_or(|target| target.table != Some(Table::T3)) {
            continue;
        }
        let plus = rollup.parts.iter().flat_map(|&part| printed(part, form)).collect();
        found.push(Identity { plus, minus: vec![rollup.target] });
    }
    found.push(Identity { plus: catalogue.balance.0.clone(), minus: catalogue.balance.1.clone() });
    found
}

/// The printed rows that make up a row: itself, or those below a heading.
fn printed(code: CategoryCode, form: Template) -> Vec<CategoryCode> {
    let catalogue = catalogue();
    match catalogue.get(code) {
        Some(row) if row.printed_in(form) => vec![code],
        Some(row) => row.children.iter().flat_map(|&child| printed(child, form)).collect(),
        None => Vec::new(),
    }
}

impl Identity {
    /// Its rows with their signs.
    pub fn rows(&self) -> impl Iterator<Item = (CategoryCode, i64)> + '_ {
        self.plus.iter().map(|&code| (code, 1)).chain(self.minus.iter().map(|&code| (code, -1)))
    }

    /// Whether it holds; nothing when a row is missing or unreadable.
    pub fn holds(&self, value: impl Fn(CategoryCode, usize) -> Option<i64>) -> Option<bool> {
        for column in 0..WIDTH {
            if !self.holds_in(column, &value)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether it holds in one column.
    pub fn holds_in(&self, column: usize, value: impl Fn(CategoryCode, usize) -> Option<i64>) -> Option<bool> {
        let mut sum = 0;
        for (code, sign) in self.rows() {
            sum += sign * value(code, column)?;
        }
        Some(sum == 0)
    }
}

/// Most combinations tried.
const MOST: usize = 4_096;

/// Settles rows with several ways by the sums down the columns; what stays open becomes unsure.
pub(super) fn settle(rows: &mut BTreeMap<CategoryCode, Columns>, form: Template) {
    let open: Vec<CategoryCode> =
        rows.iter().filter(|(_, columns)| matches!(columns, Columns::OneOf(_))).map(|(&code, _)| code).collect();
    if open.is_empty() {
        return;
    }
    let ways = |code: CategoryCode| match rows.get(&code) {
        Some(Columns::OneOf(ways)) => ways.as_slice(),
        _ => &[],
    };
    let combinations = open.iter().try_fold(1_usize, |product, &code| product.checked_mul(ways(code).len()));
    let mut fitting: Vec<Vec<usize>> = Vec::new();
    if combinations.is_some_and(|count| count <= MOST) {
        let identities = identities(form);
        let mut choice = vec![0; open.len()];
        loop {
            let chosen = |code: CategoryCode| -> Option<&Seven> {
                match rows.get(&code)? {
                    Columns::Known(row) => Some(row),
                    Columns::OneOf(ways) => {
                        let at = open.iter().position(|&other| other == code)?;
                        ways.get(*choice.get(at)?)
                    }
                    Columns::Unsure => None,
                }
            };
            let value = |code, column| chosen(code).and_then(|row| row.get(column)).and_then(super::Entry::count);
            let verdicts: Vec<Option<bool>> = identities.iter().map(|identity| identity.holds(value)).collect();
            if !verdicts.contains(&Some(false)) && verdicts.contains(&Some(true)) {
                fitting.push(choice.clone());
            }
            if !advance(&mut choice, |at| open.get(at).map_or(0, |&code| ways(code).len())) {
                break;
            }
        }
    }
    let settled: Vec<Columns> = open
        .iter()
        .enumerate()
        .map(|(at, &code)| {
            let mut choices: Vec<usize> = fitting.iter().filter_map(|choice| choice.get(at).copied()).collect();
            choices.dedup();
            match choices.as_slice() {
                [only] => ways(code).get(*only).cloned().map_or(Columns::Unsure, Columns::Known),
                _ => Columns::Unsure,
            }
        })
        .collect();
    for (code, columns) in open.into_iter().zip(settled) {
        rows.insert(code, columns);
    }
}

/// The next combination; false after the last.
fn advance(choice: &mut [usize], size: impl Fn(usize) -> usize) -> bool {
    for (at, digit) in choice.iter_mut().enumerate() {
        *digit += 1;
        if *digit < size(at) {
            return true;
        }
        *digit = 0;
    }
    false
}
