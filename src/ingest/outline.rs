//! Where the three tables of a report stand in the stream.

use std::ops::Range;

use super::{
    flow::Flow,
    labels::{Hit, Mark},
};
use crate::model::{CategoryCode, Table};

/// The stretch of each table, in glyphs of the stream.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Table 2.
    pub t2: Option<Range<usize>>,
    /// Table 3.
    pub t3: Option<Range<usize>>,
    /// Table 4.
    pub t4: Option<Range<usize>>,
}

/// Finds the tables by their labels: a table is where the words of its form stand together, not
/// where a heading announces it.
///
/// A page can hold the tables more than once: for narrow screens, of the year before, of two bodies.
/// The place with most rows comes first, and it is the one that is read; the others show whether it
/// can be trusted.
pub(crate) fn outlines(flow: &Flow, hits: &[Hit]) -> Vec<Outline> {
    let cores = thirds(flow, hits);
    let start = |core: usize| third_start(hits, core);
    if cores.is_empty() {
        return with_copies(flow, hits, vec![around(flow, hits, None, 0, flow.glyphs.len())]);
    }
    let outlines = cores
        .iter()
        .map(|&core| {
            let before = cores.iter().filter(|&&other| other < core).max();
            let after = cores.iter().filter(|&&other| other > core).map(|&other| start(other)).min();
            let from = before.and_then(|&before| hits.get(before)).map_or(0, |hit| hit.end);
            around(flow, hits, Some(core), from, after.unwrap_or(flow.glyphs.len()))
        })
        .collect();
    with_copies(flow, hits, outlines)
}

/// Adds what stands once more without a table 3 of its own: table 2 or 4 alone.
fn with_copies(flow: &Flow, hits: &[Hit], mut outlines: Vec<Outline>) -> Vec<Outline> {
    const MOST: usize = 4;
    let over = |outlines: &[Outline], found: &Range<usize>| {
        let ranges = outlines.iter().flat_map(|outline| [&outline.t2, &outline.t3, &outline.t4]).flatten();
        ranges.filter(|range| range.start < found.end && found.start < range.end).map(|range| range.end).max()
    };
    let ends =
        |of: fn(&Outline) -> &Option<Range<usize>>| outlines.first().and_then(|first| Some(of(first).as_ref()?.end));
    let (t2, t4) = (ends(|outline| &outline.t2), ends(|outline| &outline.t4));
    for (mut from, second_table) in [(t2, true), (t4, false)] {
        while let Some(start) = from.take().filter(|_| outlines.len() < MOST) {
            let limit = flow.glyphs.len();
            let found = if second_table { second(flow, hits, start, limit) } else { fourth(flow, hits, Some(start)) };
            let Some(found) = found else { break };
            from = Some(over(&outlines, &found).unwrap_or(found.end).max(start + 1));
            if over(&outlines, &found).is_none() {
                let (t2, t4) = if second_table { (Some(found), None) } else { (None, Some(found)) };
                outlines.push(Outline { t2, t3: None, t4 });
            }
        }
    }
    outlines
}

/// The tables that go with one table 3.
fn around(flow: &Flow, hits: &[Hit], core: Option<usize>, from: usize, until: usize) -> Outline {
    let t3 = core.map(|core| third_start(hits, core)..third_end(flow, hits, core).min(until));
    let t4 = fourth(flow, hits, t3.as_ref().map(|t3| t3.end));
    let t4 = t4.map(|t4| if t4.start < until { t4.start..t4.end.min(until) } else { t4 });
    let limit = t3.as_ref().or(t4.as_ref()).map_or(flow.glyphs.len(), |next| next.start);
    // Two tables 3 in one part share the table before them and the table behind.
    Outline { t2: second(flow, hits, from, limit).or_else(|| second(flow, hits, 0, limit)), t3, t4 }
}

/// A heading is numbered or begins a line; in a sentence the same words only announce a part.
fn is_heading(flow: &Flow, hit: &Hit) -> bool {
    hit.ordinal.is_some_and(|ordinal| !ordinal.is_ascii_digit()) || flow.gap(hit.start) >= super::flow::Gap::Cell
}

/// A row of table 3 in the form's own words: prose speaks of 予以公开, but hardly of `（一）予以公开`.
fn official(hit: &Hit) -> Option<CategoryCode> {
    const LONG: usize = 8;
    let numbered = hit
        .marks()
        .iter()
        .any(|&(mark, ordinal)| matches!(mark, Mark::Row3(_)) && ordinal.is_some() && ordinal == hit.ordinal);
    hit.row3().filter(|_| numbered || hit.end - hit.start >= LONG)
}

/// The first row of each table 3, that with most rows first.
fn thirds(flow: &Flow, hits: &[Hit]) -> Vec<usize> {
    const LEAST: usize = 3;
    /// More copies of a table are a page about something else.
    const MOST: usize = 4;
    let Some((count, main)) = densest(flow, hits).filter(|&(count, _)| count >= LEAST) else {
        // One printed page of a flip-book may begin with the last row.
        let row = |hit: &Hit| official(hit).is_some() && flow.ch(hit.end).is_ascii_digit() && is_row(flow, hit.end);
        return hits.iter().position(row).into_iter().collect();
    };
    let mut found = vec![main];
    // What lies before and behind may hold the table again, whole or nearly so.
    let end = third_end(flow, hits, main);
    let behind = hits.iter().position(|hit| hit.start >= end).unwrap_or(hits.len());
    let mut open = vec![0..main, behind..hits.len()];
    while let Some(stretch) = open.pop() {
        let part = hits.get(stretch.clone()).unwrap_or_default();
        let Some((_, at)) = densest(flow, part).filter(|&(other, _)| other * 2 >= count.max(LEAST * 2)) else {
            continue;
        };
        found.push(stretch.start + at);
        if found.len() < MOST {
            open.push(stretch.start..stretch.start + at);
        }
    }
    found
}

/// The first row of the place where most rows of table 3 stand together, and how many.
fn densest(flow: &Flow, hits: &[Hit]) -> Option<(usize, usize)> {
    /// Labels of one table, headings and heads included.
    const WINDOW: usize = 60;
    // Prose may name a row or two; a heading or table 2 stands between it and the table.
    let ends = |hit: &Hit| {
        hit.part().is_some() && is_heading(flow, hit) || hit.head2().is_some() || hit.is(Mark::Tell(Table::T2))
    };
    let mut best: Option<(usize, usize)> = None;
    // The window moves along: a row is counted when it comes in and taken off when it is left behind.
    let mut window = Rows::default();
    let mut next = 0;
    let rows: Vec<Option<CategoryCode>> = hits.iter().map(official).collect();
    for (at, row) in rows.iter().enumerate() {
        while hits.get(next).is_some_and(|hit| next < at + WINDOW && !ends(hit)) {
            if let Some(&Some(code)) = rows.get(next) {
                window.come(code);
            }
            next += 1;
        }
        if let Some(code) = *row {
            if best.is_none_or(|(count, _)| window.different >= count) {
                best = Some((window.different, at));
            }
            if next > at {
                window.go(code);
            }
        }
        next = next.max(at + 1);
    }
    best
}

/// Rows that stand together.
#[derive(Default)]
struct Rows {
    /// How often each stands there.
    counts: Vec<(CategoryCode, usize)>,
    /// How many there are of them.
    different: usize,
}

impl Rows {
    fn come(&mut self, code: CategoryCode) {
        if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == code) {
            self.different += usize::from(*count == 0);
            *count += 1;
        } else {
            self.counts.push((code, 1));
            self.different += 1;
        }
    }

    fn go(&mut self, code: CategoryCode) {
        if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == code) {
            *count = count.saturating_sub(1);
            self.different -= usize::from(*count == 0);
        }
    }
}

/// Seven bare numbers side by side.
fn is_row(flow: &Flow, from: usize) -> bool {
    let mut at = from;
    (0..7).all(|_| match super::number::number(flow, at, flow.glyphs.len()) {
        Some((_, end)) if flow.gap(end) >= super::flow::Gap::Space => {
            at = end;
            true
        }
        _ => false,
    })
}

/// Back from the first row over the table's head, but not over the prose before it.
fn third_start(hits: &[Hit], core: usize) -> usize {
    const HEAD: usize = 24;
    let mut start = hits.get(core).map_or(0, |hit| hit.start);
    for hit in hits.iter().take(core).rev().take(HEAD) {
        if hit.part().is_some()
            || hit.row2().is_some()
            || hit.head2().is_some()
            || hit.is(Mark::Tell(Table::T2))
            || hit.is(Mark::Stub)
        {
            break;
        }
        if hit.is(Mark::Tell(Table::T3)) || hit.applicant().is_some() {
            start = hit.start;
        }
    }
    start
}

fn third_end(flow: &Flow, hits: &[Hit], core: usize) -> usize {
    hits.iter()
        .skip(core)
        .find(|hit| {
            (hit.part().is_some_and(|part| part >= 4) && is_heading(flow, hit))
                || hit.block().is_some()
                || hit.is(Mark::Group4)
        })
        .map_or(flow.glyphs.len(), |hit| hit.start)
}

/// Table 4 begins where its blocks and columns stand together and ends with part five.
fn fourth(flow: &Flow, hits: &[Hit], from: Option<usize>) -> Option<Range<usize>> {
    const WINDOW: usize = 20;
    let heads = |hit: &Hit| hit.result().is_some() && !hit.is(Mark::Result("total"));
    let start = hits.iter().enumerate().filter(|(_, hit)| hit.start >= from.unwrap_or(0)).find_map(|(at, hit)| {
        let opens = hit.block().is_some() || hit.is(Mark::Group4);
        let table = || hits.iter().skip(at).take(WINDOW).filter(|hit| heads(hit) || hit.block().is_some()).count() >= 2;
        let cut = || flow.gap(hit.end) >= super::flow::Gap::Cell || from.is_some();
        (opens && table() && cut()).then_some(hit.start)
    })?;
    let end = hits
        .iter()
        .find(|hit| hit.start > start && hit.part().is_some_and(|part| part >= 5) && is_heading(flow, hit))
        .map_or(flow.glyphs.len(), |hit| hit.start);
    Some(start..end)
}

/// Table 2 stands before table 3; its own words (第二十条第…项) may also occur in a sentence.
fn second(flow: &Flow, hits: &[Hit], from: usize, limit: usize) -> Option<Range<usize>> {
    const WINDOW: usize = 8;
    let belongs = |hit: &Hit| {
        hit.row2().is_some() || hit.head2().is_some() || hit.is(Mark::Tell(Table::T2)) || hit.is(Mark::Stub)
    };
    let opens = |tells: bool| {
        hits.iter().enumerate().filter(|(_, hit)| (from..limit).contains(&hit.start)).find_map(|(at, hit)| {
            let first = if tells { hit.is(Mark::Tell(Table::T2)) } else { hit.head2().is_some() || hit.is(Mark::Stub) };
            let dense = || hits.iter().skip(at + 1).take(WINDOW).filter(|hit| belongs(hit)).count() >= 3;
            (first && dense()).then_some(hit.start)
        })
    };
    let start = opens(true).or_else(|| opens(false))?;
    let end = hits
        .iter()
        .find(|hit| {
            hit.start > start
                && (hit.part().is_some_and(|part| part >= 3) && is_heading(flow, hit) || hit.is(Mark::Tell(Table::T3)))
        })
        .map_or(limit, |hit| hit.start.min(limit));
    Some(start..end)
}
