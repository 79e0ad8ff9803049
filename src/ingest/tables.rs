//! The three tables of a document: `outline → grid → align → extract`.

use std::ops::Range;

use super::{
    align::{self, Aligned, Context, Draft},
    beside::{self, Own},
    document::{Document, Format},
    extract,
    flow::{self, Flow},
    grid::{self, Item},
    labels::{self, Hit},
    number::Said,
    outline::{self, Outline},
};
use crate::{
    model::{Cell, Finding, Reading, Slot, Table, Templates, Year},
    schema::catalogue,
};

/// What the tables gave.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The form of each table found.
    pub templates: Templates,
    /// The cells, in catalogue order.
    pub cells: Vec<Cell>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Rows recognised, and those among them with something printed.
    pub rows: (usize, usize),
    /// Some layout without cells has rows without values beside rows with values.
    pub lossy: bool,
}

/// A document with its labels and tables found.
pub(crate) struct Found<'d> {
    pub flow: Flow<'d>,
    pub hits: Vec<Hit>,
    pub outline: Outline,
    /// The same tables at other places of the page.
    copies: Vec<Outline>,
    absolute: bool,
    /// The year of the report, where it is known: figures of another may stand beside.
    pub year: Option<Year>,
}

/// Finds labels and tables.
pub(crate) fn find(document: &Document) -> Found<'_> {
    let flow = flow::flow(document);
    let hits = labels::hits(&flow);
    let mut copies = outline::outlines(&flow, &hits);
    let outline = if copies.is_empty() { Outline::default() } else { copies.remove(0) };
    let absolute = matches!(document.format, Format::Sheet | Format::Pdf);
    Found { flow, hits, outline, copies, absolute, year: None }
}

impl Found<'_> {
    /// The units of the stream from the first table 3 to the last, where the page holds it more than once.
    pub fn repeated(&self) -> Range<usize> {
        let unit = |outline: &Outline| Some(self.flow.glyph(outline.t3.as_ref()?.start)?.unit());
        let units = || self.copies.iter().chain([&self.outline]).filter_map(unit);
        units().min().zip(units().max()).map_or(0..0, |(first, last)| first..last)
    }

    /// The items of one table.
    pub fn items(&self, table: Table) -> Vec<Item> {
        self.items_in(&self.outline, table).items
    }

    fn items_in(&self, outline: &Outline, table: Table) -> Own {
        let range = match table {
            Table::T2 => outline.t2.clone(),
            Table::T3 => outline.t3.clone().map(|t3| beside::start(&self.flow, t3.start, self.year)..t3.end),
            Table::T4 => outline.t4.clone(),
        };
        let items = range.map(|range| grid::items(&self.flow, &self.hits, range, table)).unwrap_or_default();
        beside::own(&self.flow, items, table, self.year)
    }

    /// Aligns the tables. Table 3 comes first: where a text runs together, its sums tell whether
    /// values are missing, which table 2 cannot tell by itself.
    pub fn aligned(&self) -> Vec<(Table, Aligned)> {
        self.aligned_in(&self.outline)
    }

    fn aligned_in(&self, outline: &Outline) -> Vec<(Table, Aligned)> {
        let own = [Table::T2, Table::T3, Table::T4].map(|table| self.items_in(outline, table));
        let [second, third, fourth] = own.each_ref().map(|own| own.items.as_slice());
        let (joined, apart) =
            own.iter().map(|own| align::joins(&own.items)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let mut context = Context { glued: joined > apart, absolute: self.absolute, ..Context::default() };
        let mut t3 = (!third.is_empty()).then(|| align::third(&self.flow, third, context));
        context.whole = t3.as_ref().is_some_and(|t3| t3.whole);
        context.form = t3.as_ref().filter(|t3| t3.told).and_then(|t3| t3.form);
        let t2 = (!second.is_empty()).then(|| align::second(&self.flow, second, context));
        // Cut off before the rows that differ, table 3 is of the form of the table before it.
        if let (Some(t2), Some(t3)) = (&t2, &mut t3)
            && !t3.told
            && t2.told
        {
            t3.form = t2.form;
        }
        let t4 = (!fourth.is_empty()).then(|| align::fourth(&self.flow, fourth, context));
        let all = [(Table::T2, t2), (Table::T3, t3), (Table::T4, t4)];
        all.into_iter()
            .zip(own)
            .filter_map(|((table, aligned), own)| {
                let mut aligned = aligned.filter(|aligned| aligned.labels > 0)?;
                // Under the head of another year alone, the figures are as doubtful as the head.
                let cells = aligned.drafts.iter().map(|draft| draft.slot).filter(|_| own.contradicted).collect();
                aligned.findings.extend(own.finding.map(|finding| Finding { cells, ..finding }));
                Some((table, aligned))
            })
            .collect()
    }

    /// The text ends within this table.
    fn breaks_off(&self, table: Table) -> bool {
        let end =
            |range: &Option<Range<usize>>| range.as_ref().is_some_and(|range| range.end == self.flow.glyphs.len());
        match table {
            Table::T2 => end(&self.outline.t2),
            Table::T3 => end(&self.outline.t3),
            Table::T4 => false,
        }
    }

    /// Reads all three.
    pub fn tables(&self) -> Tables {
        /// Fewer rows say nothing about the rest.
        const ROWS: usize = 6;
        let mut tables = Tables::default();
        for (table, mut aligned) in self.aligned() {
            match table {
                Table::T2 => tables.templates.t2 = aligned.form,
                Table::T3 => tables.templates.t3 = aligned.form,
                // Table 4 is the same in both forms: it goes with the table before it.
                Table::T4 => {
                    aligned.form = tables.templates.t3.or(tables.templates.t2).or(aligned.form);
                    tables.templates.t4 = aligned.form;
                }
            }
            if self.breaks_off(table) {
                drop_open_end(&self.flow, &mut aligned);
            }
            tables.rows.0 += aligned.labels;
            tables.rows.1 += aligned.filled;
            tables.lossy |=
                !aligned.cells && aligned.labels >= ROWS && aligned.filled > 0 && aligned.filled * 2 < aligned.labels;
            tables.cells.extend(extract::cells(&self.flow, &mut aligned));
            tables.findings.append(&mut aligned.findings);
        }
        tables.cells.sort_by_key(|cell| cell.slot);
        for copy in &self.copies {
            for (_, mut aligned) in self.aligned_in(copy) {
                let cells = extract::cells(&self.flow, &mut aligned);
                tables.findings.extend(doubt(&self.flow, &mut tables.cells, &cells, &aligned));
            }
        }
        tables
    }
}

/// Which of two figures printed for one cell is meant, nobody can tell: such cells are left unreadable.
fn doubt(flow: &Flow, cells: &mut [Cell], copy: &[Cell], aligned: &Aligned) -> Option<Finding> {
    let mut doubtful = Vec::new();
    for other in copy {
        let Some(printed) = other.reading.value() else { continue };
        let Ok(at) = cells.binary_search_by_key(&other.slot, |cell| cell.slot) else { continue };
        let Some(cell) = cells.get_mut(at) else { continue };
        let differs = match cell.reading {
            Reading::Value(value) => value != printed,
            Reading::Blank { .. } | Reading::NotApplicable => printed.units() != 0,
            Reading::Unreadable => false,
        };
        if differs {
            cell.reading = Reading::Unreadable;
            doubtful.push(cell.slot);
        }
    }
    let start = aligned.drafts.iter().map(|draft| draft.start).min()?;
    let end = aligned.drafts.iter().map(|draft| draft.end).max()?;
    (!doubtful.is_empty()).then(|| {
        let mut finding = align::noticed(flow, "R-COPY", doubtful, start, end);
        finding.printed = None;
        finding
    })
}

/// Takes back the blanks of a last row behind whose label the text breaks off.
fn drop_open_end(flow: &Flow, aligned: &mut Aligned) {
    let Some((code, start)) = aligned.open_end else { return };
    let parent = |slot: Slot| catalogue().get(slot.category).and_then(|category| category.parent);
    let mine = |draft: &Draft| {
        draft.slot.category == code || draft.slot.applicant.is_none() && parent(draft.slot) == Some(code)
    };
    if aligned.drafts.iter().filter(|draft| mine(draft)).any(|draft| draft.said != Said::Empty) {
        return;
    }
    aligned.drafts.retain(|draft| !mine(draft));
    let mut finding = align::noticed(flow, "R-CUT", Vec::new(), start, flow.glyphs.len());
    finding.text = finding.printed.take();
    aligned.findings.push(finding);
}
