//! The identities of `rules.json`, compiled once into sums over indices.

use std::sync::OnceLock;

use serde::Deserialize;

use super::layout::{At, layout};
use crate::{
    model::{Applicant, CategoryCode, Slot, Table},
    schema::{Rule, catalogue, rules},
};

/// How the two sides must stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Relation {
    /// Left = right.
    Eq,
    /// Left ≤ right.
    Le,
}

/// One cell of a side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    /// Which.
    pub(super) at: At,
    /// Of the report of the year before.
    pub(super) previous: bool,
    /// Taken off instead of added.
    pub(super) negative: bool,
}

/// One rule for one row, column or block: `left` is what is printed, `right` what it should be.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) rule: &'static Rule,
    /// The place of the rule in the file.
    pub(super) number: usize,
    /// The column it speaks of.
    pub(super) applicant: Option<Applicant>,
    pub(super) left: Vec<Term>,
    pub(super) relation: Relation,
    pub(super) right: Vec<Term>,
    /// The total whose own sum this is.
    pub(super) total: Option<At>,
    /// Only where the left side is a printed cell; a heading's value is otherwise the sum of its parts.
    pub(super) printed_only: bool,
    /// Only for report years before this one.
    pub(super) before: Option<u16>,
    /// Whether any term is of the year before.
    pub(super) over_years: bool,
}

impl Identity {
    /// Every term, left side first.
    pub(super) fn terms(&self) -> impl Iterator<Item = &Term> {
        self.left.iter().chain(&self.right)
    }

    /// The cells of this year's report that it speaks of, left side first.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.terms().filter(|term| !term.previous).filter_map(|term| layout().entry(term.at)).map(|entry| entry.slot)
    }

    /// The cells of the report of the year before that it speaks of.
    pub(super) fn slots_before(&self) -> impl Iterator<Item = Slot> + '_ {
        self.terms().filter(|term| term.previous).filter_map(|term| layout().entry(term.at)).map(|entry| entry.slot)
    }

    /// Whether its rule depends on totals that other rules test: all but the sums themselves.
    pub(super) fn depends_on_totals(&self) -> bool {
        self.total.is_none() && self.rule.scope != crate::schema::RuleScope::CellRow
    }
}

/// Every identity, in the order of the file.
///
/// # Panics
/// When the embedded rules are not what this version expects, which a test rules out.
pub(super) fn identities() -> &'static [Identity] {
    static IDENTITIES: OnceLock<Vec<Identity>> = OnceLock::new();
    IDENTITIES.get_or_init(|| {
        let compiled: Result<Vec<_>, String> = rules().iter().enumerate().map(compile).collect();
        compiled.expect("the embedded rules are valid").into_iter().flatten().collect()
    })
}

/// What `machine` says of a rule that is an identity.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Machine {
    foreach: Option<Each>,
    compare: Vec<Compare>,
    rollups: Vec<String>,
    printed_only: bool,
    before: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Each {
    /// The seven columns of table 3.
    Applicant,
    /// The six that add up.
    Part,
    /// The printed total alone.
    Total,
    /// The rows of table 3.
    Row,
}

#[derive(Debug, Deserialize)]
struct Compare {
    left: Vec<String>,
    op: Relation,
    right: Vec<String>,
}

fn compile((number, rule): (usize, &'static Rule)) -> Result<Vec<Identity>, String> {
    let machine: Machine =
        serde_json::from_value(rule.machine.clone()).map_err(|error| format!("{}: {error}", rule.id))?;
    let mut compares: Vec<(Compare, Option<&str>)> =
        machine.compare.into_iter().map(|compare| (compare, None)).collect();
    for target in &machine.rollups {
        let rollup = catalogue()
            .rollups
            .iter()
            .find(|rollup| catalogue().get(rollup.target).is_some_and(|category| category.id == *target))
            .ok_or_else(|| format!("{}: no rollup {target}", rule.id))?;
        let id = |&code: &CategoryCode| catalogue().get(code).map(|category| category.id.clone());
        let right = rollup.parts.iter().filter_map(id).collect();
        compares.push((Compare { left: vec![target.clone()], op: Relation::Eq, right }, Some(target)));
    }
    let mut compiled = Vec::new();
    for (compare, target) in &compares {
        for (category, applicant) in each(machine.foreach) {
            let side = |terms: &[String]| {
                terms.iter().map(|term| parse(term, category, applicant)).collect::<Result<Vec<_>, _>>()
            };
            let (left, right) = (side(&compare.left)?, side(&compare.right)?);
            compiled.push(Identity {
                rule,
                number,
                applicant,
                total: target.and(left.first()).map(|term| term.at),
                over_years: left.iter().chain(&right).any(|term| term.previous),
                left,
                relation: compare.op,
                right,
                printed_only: machine.printed_only,
                before: machine.before,
            });
        }
    }
    Ok(compiled)
}

/// The rows or columns that a rule runs over.
fn each(foreach: Option<Each>) -> Vec<(Option<CategoryCode>, Option<Applicant>)> {
    match foreach {
        None => vec![(None, None)],
        Some(Each::Applicant) => Applicant::ALL.into_iter().map(|applicant| (None, Some(applicant))).collect(),
        Some(Each::Part) => Applicant::PARTS.into_iter().map(|applicant| (None, Some(applicant))).collect(),
        Some(Each::Total) => vec![(None, Some(Applicant::Total))],
        Some(Each::Row) => catalogue()
            .all()
            .iter()
            .filter(|category| category.table == Some(Table::T3) && category.slots().next().is_some())
            .map(|category| (Some(category.code), None))
            .collect(),
    }
}

/// Reads `id`, `-id`, `previous:id` or, in rules over rows, `[column]`.
fn parse(text: &str, row: Option<CategoryCode>, column: Option<Applicant>) -> Result<Term, String> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (previous, id) = rest.strip_prefix("previous:").map_or((false, rest), |rest| (true, rest));
    let slot = match (id.strip_prefix('[').and_then(|id| id.strip_suffix(']')), row) {
        (Some(column), Some(row)) => Applicant::from_id(column).map(|applicant| Slot::of(row, applicant)),
        _ => catalogue().by_id(id).map(|category| Slot { category: category.code, applicant: column }),
    };
    let at = slot.and_then(|slot| layout().at(slot)).ok_or_else(|| format!("unknown cell {text}"))?;
    Ok(Term { at, previous, negative })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identity_compiles() {
        let count = |id: &str| identities().iter().filter(|identity| identity.rule.id == id).count();
        assert_eq!([count("T3-BAL"), count("T3-TOTAL"), count("T3-SUB")], [7, 7, 28]);
        // 26 cells of the 2021 form, （六） of the 2019 form among them, and three headings some sites fill.
        assert_eq!(count("T3-ROW"), 29);
        assert_eq!([count("T4-REV"), count("T4-DIR"), count("T4-AFT"), count("T4-PLAUS")], [1; 4]);
        assert_eq!([count("T2-LE"), count("T2-PUB"), count("XY-STOCK")], [2; 3]);
        assert_eq!([count("XY-CARRY"), count("XY-CARRY-COL"), count("XY-ITEMS")], [1, 6, 5]);
    }
}
