//! Figures of another year beside the report's own: 2023年 | 2024年, 上年 | 本年 | 同比.
//!
//! What the head of a column or the first cell of a row gives to another year is set aside before a table is
//! aligned, so that it is never taken for the report's. Cells that know their coordinates go by them; elsewhere the
//! values of a row are counted against the heads.

mod grid;
mod stream;
mod words;

use super::{
    align::noticed,
    flow::{Flow, Gap, Spot},
    grid::{Item, Piece},
    number::Said,
};
use crate::model::{Finding, Severity, Table, Year};

/// A table without what is not the report's.
#[derive(Debug)]
pub(crate) struct Own {
    /// What is left to be read.
    pub items: Vec<Item>,
    /// What was set aside, if anything.
    pub finding: Option<Finding>,
    /// Every figure stands under the head of another year: nothing was set aside, and nothing is certain.
    pub contradicted: bool,
}

/// Where a table begins whose rows are headed by nothing but years: at the first of those heads.
pub(crate) fn start(flow: &Flow, start: usize, year: Option<Year>) -> usize {
    /// No head is longer.
    const LONGEST: usize = 12;
    let mut first = start;
    loop {
        let mut before = (1..=LONGEST).filter_map(|length| first.checked_sub(length));
        let Some(head) = before.find(|&at| flow.gap(at) >= Gap::Space) else { return first };
        if flow.gap(first) < Gap::Space || words::side(&flow.plain(head, first), year).is_none() {
            return first;
        }
        first = head;
    }
}

/// What happens to an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Fate {
    /// It is read as it stands.
    #[default]
    Kept,
    /// It belongs to another year or to a comparison.
    Aside,
    /// A head that has done its work.
    Spent,
    /// It is read in the row of its label, which begins higher up.
    Raised(usize),
    /// Nobody can tell which year it belongs to.
    Doubtful,
}

/// Sets aside what the heads of a table give to another year than the report's.
pub(crate) fn own(flow: &Flow, items: Vec<Item>, table: Table, year: Option<Year>) -> Own {
    let mut fates = vec![Fate::default(); items.len()];
    let mut heads: Vec<(usize, usize)> = grid::judge(flow, &items, table, year, &mut fates);
    heads.extend(stream::judge(flow, &items, table, year, &mut fates));
    let Some(&(start, end)) = heads.first() else { return Own { items, finding: None, contradicted: false } };
    let is_figure = |item: &Item| matches!(item, Item::Value(piece) if matches!(piece.said, Said::Number(_)));
    let figures =
        |wanted: bool| items.iter().zip(&fates).any(|(item, fate)| is_figure(item) && (*fate == Fate::Aside) == wanted);
    if !figures(true) && !fates.contains(&Fate::Doubtful) {
        return Own { items, finding: None, contradicted: false };
    }
    let contradicted =
        !items.iter().zip(&fates).any(|(item, fate)| is_figure(item) && !matches!(fate, Fate::Aside | Fate::Spent));
    let rule = if contradicted { "R-OTHER-YEAR" } else { "R-BESIDE" };
    let mut finding = noticed(flow, rule, Vec::new(), start, end);
    let mut words: Vec<String> = Vec::new();
    for (start, end) in heads {
        let raw = flow.raw(start, end).to_owned();
        if !words.contains(&raw) {
            words.push(raw);
        }
    }
    (finding.printed, finding.text) = (None, Some(words.join(" · ")));
    if !contradicted {
        finding.severity = Severity::Info;
        let kept = items.into_iter().zip(fates).filter_map(|(item, fate)| settle(item, &fate)).collect();
        return Own { items: kept, finding: Some(finding), contradicted };
    }
    // The figures stay; a year among them is none.
    let is_year = |item: &Item, fate: &Fate| *fate == Fate::Spent && !matches!(item, Item::Label(_));
    let kept = items.into_iter().zip(fates).filter(|(item, fate)| !is_year(item, fate));
    Own { items: kept.map(|(item, _)| item).collect(), finding: Some(finding), contradicted }
}

fn settle(item: Item, fate: &Fate) -> Option<Item> {
    match (fate, item) {
        (Fate::Aside | Fate::Spent, _) => None,
        (Fate::Raised(row), Item::Value(piece)) => {
            let spot = piece.spot.map(|spot| Spot { row: *row, ..spot });
            Some(Item::Value(Piece { spot, ..piece }))
        }
        (Fate::Doubtful, Item::Value(piece)) => Some(Item::Value(Piece { said: Said::Garbled, ..piece })),
        (_, item) => Some(item),
    }
}
