//! Without coordinates: a year before the values of a row gives them to it; a row with as many values as there are
//! heads, or as many times seven, is cut by their order.

use std::{collections::BTreeMap, ops::Range};

use super::{
    super::{
        flow::{Flow, Gap},
        grid::Item,
        labels::{Hit, Mark},
        number::Said,
    },
    Fate,
    words::{Side, side},
};
use crate::model::{Table, Year};

/// A head that is nothing but a year or a comparison.
struct Head {
    item: usize,
    start: usize,
    end: usize,
    side: Side,
}

/// Decides on the items outside grids; gives the heads of what is set aside.
pub(super) fn judge(
    flow: &Flow,
    items: &[Item],
    table: Table,
    year: Option<Year>,
    fates: &mut [Fate],
) -> Vec<(usize, usize)> {
    let heads = heads(flow, items, year);
    if !heads.iter().any(|head| head.side == Side::Other) {
        return Vec::new();
    }
    let runs = runs(flow, items);
    let told = |head: &Head| runs.iter().find(|run| run.start == head.item + 1);
    if heads.iter().all(|head| told(head).is_some()) {
        for head in &heads {
            set(fates, head.item..head.item + 1, &Fate::Spent);
            if head.side == Side::Other {
                set(fates, told(head).cloned().unwrap_or_default(), &Fate::Aside);
            }
        }
    } else if table == Table::T2 {
        sections(flow, items, &heads, fates);
    } else {
        columns(items, &heads, &runs, table, fates);
    }
    heads.iter().filter(|head| head.side == Side::Other).map(|head| (head.start, head.end)).collect()
}

fn set(fates: &mut [Fate], range: Range<usize>, fate: &Fate) {
    fates.get_mut(range).unwrap_or_default().fill(fate.clone());
}

/// The words of each text, parted where blanks part them.
fn heads(flow: &Flow, items: &[Item], year: Option<Year>) -> Vec<Head> {
    let mut heads = Vec::new();
    for (item, found) in items.iter().enumerate() {
        let Item::Text { start, end } = *found else { continue };
        if flow.spot(start).is_some() {
            continue;
        }
        let mut from = start;
        while from < end {
            let to = (from + 1..end).find(|&at| flow.gap(at) >= Gap::Space).unwrap_or(end);
            if let Some(side) = side(&flow.plain(from, to), year) {
                heads.push(Head { item, start: from, end: to, side });
            }
            from = to;
        }
    }
    heads
}

/// Values side by side.
fn runs(flow: &Flow, items: &[Item]) -> Vec<Range<usize>> {
    let is_value = |item: &Item| matches!(item, Item::Value(_)) && flow.spot(item.start()).is_none();
    let mut runs = Vec::new();
    let mut at = 0;
    for run in items.chunk_by(|one, other| is_value(one) == is_value(other)) {
        let range = at..at + run.len();
        at = range.end;
        if run.first().is_some_and(is_value) {
            runs.push(range);
        }
    }
    runs
}

fn printed(items: &[Item], run: &Range<usize>) -> Vec<usize> {
    let is_printed = |at: &usize| matches!(items.get(*at), Some(Item::Value(piece)) if piece.is_printed());
    run.clone().filter(is_printed).collect()
}

/// Keeps of a row what its heads leave to the report; a row of another length is doubtful.
fn cut(items: &[Item], run: &Range<usize>, aside: &[bool], fates: &mut [Fate]) {
    let values = printed(items, run);
    if values.is_empty() {
        return;
    }
    let whole = values.len() == aside.len();
    set(fates, run.clone(), if whole { &Fate::Spent } else { &Fate::Doubtful });
    for (at, aside) in values.into_iter().zip(aside).filter(|_| whole) {
        set(fates, at..at + 1, if *aside { &Fate::Aside } else { &Fate::Kept });
    }
}

/// Tables 3 and 4: the heads stand above all rows.
fn columns(items: &[Item], heads: &[Head], runs: &[Range<usize>], table: Table, fates: &mut [Fate]) {
    let width = if table == Table::T3 { 7 } else { 15 };
    let labelled = |run: &&Range<usize>| {
        let before = run.start.checked_sub(1).and_then(|at| items.get(at));
        table == Table::T4 || matches!(before, Some(Item::Label(hit)) if hit.row3_bare().is_some())
    };
    let rows: Vec<&Range<usize>> = runs.iter().filter(labelled).filter(|run| !printed(items, run).is_empty()).collect();
    let first = rows.first().map_or(0, |run| run.start);
    let sides: Vec<bool> = heads.iter().filter(|head| head.item < first).map(|head| head.side == Side::Other).collect();
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for run in &rows {
        *lengths.entry(printed(items, run).len()).or_default() += 1;
    }
    let Some((&usual, _)) = lengths.iter().max_by_key(|(_, count)| **count) else { return };
    let aside: Vec<bool> = if usual == sides.len() {
        sides
    } else if usual == width * sides.len() {
        sides.into_iter().flat_map(|aside| vec![aside; width]).collect()
    } else {
        return;
    };
    let kept = aside.iter().filter(|aside| !**aside).count();
    if table == Table::T3 && kept == width && !proved(items, &rows, &aside) {
        return;
    }
    for run in rows {
        cut(items, run, &aside, fates);
    }
}

/// Whether the rows of the report's own year add up, all but a few that an office got wrong.
fn proved(items: &[Item], rows: &[&Range<usize>], aside: &[bool]) -> bool {
    let number = |at: usize| match items.get(at) {
        Some(Item::Value(piece)) => match &piece.said {
            Said::Number(number) => number.count(),
            _ => None,
        },
        _ => None,
    };
    let holds = |run: &&&Range<usize>| {
        let values = printed(items, run);
        let own = values.iter().zip(aside).filter(|(_, aside)| !**aside).map(|(&at, _)| number(at));
        let Some(own) = own.collect::<Option<Vec<i64>>>() else { return false };
        values.len() == aside.len()
            && own.split_last().is_some_and(|(total, parts)| parts.iter().sum::<i64>() == *total)
    };
    rows.iter().filter(holds).count() * 4 >= rows.len() * 3
}

/// Table 2: each section has heads of its own.
fn sections(flow: &Flow, items: &[Item], heads: &[Head], fates: &mut [Fate]) {
    let mut section = Section::default();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        match item {
            Item::Label(hit) if hit.is(Mark::Tell(Table::T2)) => section = Section::default(),
            Item::Label(hit) if hit.row2().is_some() => {
                let length = items.iter().skip(at + 1).take_while(|item| matches!(item, Item::Value(_))).count();
                if !std::mem::replace(&mut section.used, true) {
                    section.close(items, fates);
                }
                let aside: Vec<bool> = section.columns.iter().map(|(_, side)| *side == Some(Side::Other)).collect();
                if aside.contains(&true) {
                    cut(items, &(at + 1..at + 1 + length), &aside, fates);
                }
            }
            Item::Label(hit) if hit.head2().is_some() => section.head(at, hit, flow),
            Item::Text { .. } => {
                for head in heads.iter().filter(|head| head.item == at) {
                    section.word(head);
                }
            }
            Item::Label(_) | Item::Value(_) => {}
        }
        at += 1;
    }
}

#[derive(Default)]
struct Section {
    /// The item of each head, and its side where it has one.
    columns: Vec<(usize, Option<Side>)>,
    /// The last word that is a side, and where it ends.
    last: Option<(usize, usize)>,
    prior: bool,
    change: Option<usize>,
    used: bool,
}

impl Section {
    fn fresh(&mut self) {
        if self.used {
            *self = Self::default();
        }
    }

    fn word(&mut self, head: &Head) {
        self.fresh();
        self.columns.push((head.item, Some(head.side)));
        self.last = Some((head.end, self.columns.len()));
    }

    fn head(&mut self, at: usize, hit: &Hit, flow: &Flow) {
        self.fresh();
        self.prior |= hit.head2() == Some("items_prior");
        // 上年处理决定数量: one head of two pieces.
        let joined = self.last == Some((hit.start, self.columns.len())) && flow.gap(hit.start) == Gap::Joined;
        let side = if joined { self.columns.pop().and_then(|(_, side)| side) } else { None };
        if hit.head2() == Some("items_change") && side.is_none() {
            self.change = Some(self.columns.len());
        }
        self.columns.push((at, side));
    }

    /// All heads are known.
    fn close(&mut self, items: &[Item], fates: &mut [Fate]) {
        let sided = self.columns.iter().any(|(_, side)| side.is_some());
        // 增减 is a column of the 2019 form only beside the number it changes.
        if let Some((_, side)) = self.change.filter(|_| sided && !self.prior).and_then(|at| self.columns.get_mut(at)) {
            *side = Some(Side::Other);
        }
        for &(at, side) in &self.columns {
            let label = matches!(items.get(at), Some(Item::Label(_)));
            if side == Some(Side::Other) || side.is_some() && !label {
                set(fates, at..at + 1, &Fate::Spent);
            }
        }
    }
}
