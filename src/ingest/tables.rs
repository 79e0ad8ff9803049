//! The three tables of a document: `outline → grid → align → extract`.

use super::{
    align::{self, Aligned},
    document::Document,
    extract,
    flow::{self, Flow},
    grid,
    labels::{self, Hit},
    outline::{self, Outline},
};
use crate::model::{Cell, Finding, Table, Templates};

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
}

/// Finds labels and tables.
pub(crate) fn find(document: &Document) -> Found<'_> {
    let flow = flow::flow(document);
    let hits = labels::hits(&flow);
    let outline = outline::outline(&flow, &hits);
    Found { flow, hits, outline }
}

impl Found<'_> {
    /// Aligns one table.
    pub fn aligned(&self, table: Table) -> Option<Aligned> {
        let range = match table {
            Table::T2 => self.outline.t2.clone(),
            Table::T3 => self.outline.t3.clone(),
            Table::T4 => self.outline.t4.clone(),
        }?;
        let items = grid::items(&self.flow, &self.hits, range, table);
        let aligned = match table {
            Table::T2 => align::second(&self.flow, &items),
            Table::T3 => align::third(&self.flow, &items),
            Table::T4 => align::fourth(&self.flow, &items),
        };
        (aligned.labels > 0).then_some(aligned)
    }

    /// Reads all three.
    pub fn tables(&self) -> Tables {
        /// Fewer rows say nothing about the rest.
        const ROWS: usize = 6;
        let mut tables = Tables::default();
        for table in [Table::T2, Table::T3, Table::T4] {
            let Some(mut aligned) = self.aligned(table) else { continue };
            match table {
                Table::T2 => tables.templates.t2 = aligned.form,
                Table::T3 => tables.templates.t3 = aligned.form,
                // Table 4 is the same in both forms: it goes with the table before it.
                Table::T4 => {
                    aligned.form = tables.templates.t3.or(tables.templates.t2).or(aligned.form);
                    tables.templates.t4 = aligned.form;
                }
            }
            tables.rows.0 += aligned.labels;
            tables.rows.1 += aligned.filled;
            tables.lossy |=
                !aligned.cells && aligned.labels >= ROWS && aligned.filled > 0 && aligned.filled * 2 < aligned.labels;
            tables.cells.extend(extract::cells(&self.flow, &mut aligned));
            tables.findings.append(&mut aligned.findings);
        }
        tables.cells.sort_by_key(|cell| cell.slot);
        tables
    }
}
