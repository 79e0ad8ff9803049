//! The sums down the columns of table 3, used to choose between the ways a digit run can be cut.

use std::{collections::BTreeMap, sync::OnceLock};

use super::{
    super::{grid::Piece, number::Said},
    Entry,
    columns::{Columns, Seven, WIDTH},
    split,
};
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
pub(super) fn identities(form: Template) -> &'static [Identity] {
    static IDENTITIES: OnceLock<[Vec<Identity>; 2]> = OnceLock::new();
    let [form2019, form2021] = IDENTITIES.get_or_init(|| [Template::Form2019, Template::Form2021].map(identities_of));
    match form {
        Template::Form2019 => form2019,
        Template::Form2021 => form2021,
    }
}

fn identities_of(form: Template) -> Vec<Identity> {
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

    /// Whether it holds in one column; nothing when a row is missing or unreadable.
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
    let mut tried: Vec<(Vec<usize>, Vec<Option<bool>>)> = Vec::new();
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
            let value = |code, column| chosen(code).and_then(|row| row.get(column)).and_then(Entry::count);
            let verdicts = identities
                .iter()
                .flat_map(|identity| (0..WIDTH).map(move |column| (identity, column)))
                .map(|(identity, column)| identity.holds_in(column, value))
                .collect();
            tried.push((choice.clone(), verdicts));
            if !advance(&mut choice, |at| open.get(at).map_or(0, |&code| ways(code).len())) {
                break;
            }
        }
    }
    // A sum that no way makes hold is one that the report itself breaks: it tells nothing.
    let count = tried.first().map_or(0, |(_, verdicts)| verdicts.len());
    let holds = |verdicts: &[Option<bool>], at: usize| verdicts.get(at).copied().flatten() == Some(true);
    let telling: Vec<usize> = (0..count).filter(|&at| tried.iter().any(|(_, verdicts)| holds(verdicts, at))).collect();
    let fitting: Vec<&Vec<usize>> = tried
        .iter()
        .filter(|(_, verdicts)| telling.iter().all(|&at| holds(verdicts, at)))
        .map(|(choice, _)| choice)
        .collect();
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

/// Cuts the one row whose own sum does not hold by the sums down the columns: six parts that the
/// other rows prove, and what is left of the run as its total.
pub(super) fn complete(
    rows: &mut BTreeMap<CategoryCode, Columns>,
    runs: &BTreeMap<CategoryCode, Piece>,
    form: Template,
) {
    let unsure: Vec<CategoryCode> =
        rows.iter().filter(|(_, columns)| matches!(columns, Columns::Unsure)).map(|(&code, _)| code).collect();
    let [code] = unsure.as_slice() else { return };
    let Some(piece) = runs.get(code) else { return };
    let Said::Number(number) = &piece.said else { return };
    for identity in identities(form) {
        let Some((_, own)) = identity.rows().find(|(other, _)| other == code) else { continue };
        let part = |column: usize| {
            let mut sum = 0;
            for (other, sign) in identity.rows().filter(|(other, _)| other != code) {
                let Some(Columns::Known(row)) = rows.get(&other) else { return None };
                sum += sign * row.get(column)?.count()?;
            }
            let value = -own * sum;
            (value >= 0).then(|| value.to_string())
        };
        let Some(parts) = (0..WIDTH - 1).map(part).collect::<Option<Vec<String>>>() else { continue };
        let Some(total) = number.digits.strip_prefix(&parts.concat()).filter(|total| !total.is_empty()) else {
            continue;
        };
        if total.len() > 1 && total.starts_with('0') {
            continue;
        }
        let mut from = 0;
        let mut row = Seven::new();
        for digits in parts.iter().map(String::as_str).chain([total]) {
            let slice = split::Slice { token: 0, from, digits: digits.to_owned() };
            row.push(Entry::slice(piece, &slice));
            from += digits.len();
        }
        rows.insert(*code, Columns::Known(row));
        return;
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
