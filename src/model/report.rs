//! A report of one body for one year, as it was read.

use serde::{Deserialize, Serialize};

use super::{Body, BodyId, Finding, Reading, Slot, Year};
use crate::text::Place;

/// Which report: one body, one year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReportKey {
    /// Who reports.
    pub body: BodyId,
    /// The year described.
    pub year: Year,
}

/// Whose figures a report gives (汇总 or 本机关).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole area of a government.
    Aggregate,
    /// One body alone.
    Own,
    /// The text does not say.
    Unknown,
}

/// The printed form of a table, told by its words and never by the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Template {
    /// 国办公开办函〔2019〕60号
    #[serde(rename = "2019")]
    Form2019,
    /// 国办公开办函〔2021〕30号
    #[serde(rename = "2021")]
    Form2021,
}

impl Template {
    /// `2019` or `2021`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Form2019 => "2019",
            Self::Form2021 => "2021",
        }
    }
}

/// One of the three statutory tables, named by the part of the report it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Proactive disclosure.
    T2,
    /// Requests received and handled.
    T3,
    /// Reconsideration and litigation.
    T4,
}

/// The form of each table; nothing where the report has no such table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Templates {
    /// Table 2.
    pub t2: Option<Template>,
    /// Table 3.
    pub t3: Option<Template>,
    /// Table 4.
    pub t4: Option<Template>,
}

impl Templates {
    /// The form of one table.
    #[must_use]
    pub fn of(&self, table: Table) -> Option<Template> {
        match table {
            Table::T2 => self.t2,
            Table::T3 => self.t3,
            Table::T4 => self.t4,
        }
    }
}

/// Where a report came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file as the caller named it.
    pub file: String,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Version of the reader that read it.
    pub reader: String,
}

/// One cell of a table with what it said and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What the cell is for.
    pub slot: Slot,
    /// What it said.
    pub reading: Reading,
    /// The text exactly as printed; empty for a blank.
    pub raw: String,
    /// Line and column in the file's text.
    pub place: Place,
    /// Row of the table in the file, from 1; 0 where the layout has no rows.
    pub row: u32,
}

/// A figure the prose gives, kept for comparison with the tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What the sentence speaks of: a category id, a virtual id, or an id of `check/narrative`.
    pub about: String,
    /// The number as a plain decimal.
    pub says: String,
    /// The clause it stands in.
    pub sentence: String,
    /// Where.
    pub place: Place,
}

/// The annual report of one body for one year (年度报告).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Who reports.
    pub body: Body,
    /// The year described.
    pub year: Year,
    /// Whole area or one body.
    pub scope: Scope,
    /// The form of each table.
    pub templates: Templates,
    /// Every cell of the tables found, in catalogue order: slots of the form and of no other form.
    pub cells: Vec<Cell>,
    /// Figures of the prose.
    pub claims: Vec<Claim>,
    /// What was noticed while reading and checking.
    pub findings: Vec<Finding>,
    /// Publication date as printed, `2025-01-26`.
    pub published: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// What one cell of one report said (数据点).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Whose report, of which year.
    pub key: ReportKey,
    /// Which cell.
    pub slot: Slot,
    /// What it said.
    pub reading: Reading,
}

impl Claim {
    /// What the sketch of a text is about. It follows from the file and is no figure that anybody reads.
    pub const WORDING: &'static str = "wording";
}

impl Report {
    /// Body and year.
    #[must_use]
    pub fn key(&self) -> ReportKey {
        ReportKey { body: self.body.id.clone(), year: self.year }
    }

    /// The cell of a slot, where the report prints one.
    #[must_use]
    pub fn cell(&self, slot: Slot) -> Option<&Cell> {
        self.cells.binary_search_by_key(&slot, |cell| cell.slot).ok().and_then(|at| self.cells.get(at))
    }
}
