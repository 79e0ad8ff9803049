//! What comes back: one table for every verb, with everything needed to cite it.

use serde::{Deserialize, Serialize};

use super::Missing;
use crate::model::{Amount, State, Year};

/// The same text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// 中文
    pub zh: String,
}

/// A number of an answer, exact until it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Number {
    /// A count.
    Count(i128),
    /// Money in millionths of 万元; a sum may be wider than one [`Amount`].
    Money(i128),
    /// A fraction of the column's unit, not reduced: 77 of 100.
    Ratio {
        /// Above the line.
        numerator: i128,
        /// Below the line, never 0.
        denominator: i128,
    },
}

impl From<Amount> for Number {
    fn from(amount: Amount) -> Self {
        Self::Money(i128::from(amount.0))
    }
}

/// A body or division in a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlaceName {
    /// Division code or body path.
    pub code: String,
    /// 万柏林区
    pub name: String,
    /// 山西省/太原市/万柏林区
    pub path: String,
}

/// One field of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// A name, an id, a sentence without language.
    Text(String),
    /// A label in both languages.
    Label(Bilingual),
    /// A year.
    Year(Year),
    /// A place or body.
    Place(PlaceName),
    /// A number, or nothing where the state column says why.
    Number(Option<Number>),
    /// The state of the value.
    State(State),
    /// Marks such as `small_n`, `break_near`.
    Flags(Vec<String>),
    /// Something of a closed list, by id and label: a category, an applicant, a level, a form, a rule.
    Item {
        /// `outcome.granted`, `natural`, `county`, `2021`, `T3-BAL`: what JSON and CSV print.
        id: String,
        /// What a person reads; empty where `messages` has it under the column and id.
        label: Bilingual,
    },
    /// A whole number that counts things around the figures: rows, lines, reports.
    Whole(u64),
    /// Where a cell stands.
    Source(Source),
    /// Cells, as a check lists them.
    Cells(Vec<CellName>),
    /// Nothing: JSON's `null`.
    None,
}

/// Where a cell was printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file as the caller named it.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// `t2`, `t3` or `t4`.
    pub table: Option<String>,
    /// Row of the table, from 1; nothing where the layout has none.
    pub row: Option<u32>,
    /// Line in the file's text, from 1; nothing where the format has no lines.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
}

/// A cell by the ids of its category and column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CellName {
    /// Category id.
    pub category: String,
    /// Applicant id; nothing outside table 3.
    pub applicant: Option<String>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// The id in JSON and CSV: `year`, `value`, `numerator`.
    pub id: String,
    /// The words a person reads; empty where `messages` has them under `column.ID`.
    pub label: Bilingual,
    /// The unit of a number: `%` prints a ratio times 100, anything else prints it as a decimal.
    pub unit: Option<String>,
}

/// How a measure of the answer is defined, so that it can be cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// `share`, `sum`, `change`.
    pub kind: String,
    /// Id of what is counted.
    pub numerator: String,
    /// Id of the base, for shares.
    pub denominator: Option<String>,
    /// 件, 万元 …
    pub unit: Option<String>,
    /// `pooled`, `mean`, `median`.
    pub pooling: Option<String>,
    /// The version of a built-in definition; nothing for cells, groups and measures by `let`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u16>,
    /// The definition in words.
    pub text: Bilingual,
}

/// How many reports an answer rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Reports whose figures were used.
    pub used: u64,
    /// Reports that should be there.
    pub expected: u64,
}

/// Something the reader of the answer should know. The code names the sentence in `messages/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// Stable code.
    pub code: String,
    /// Values for the sentence, as (name, value).
    pub args: Vec<(String, String)>,
}

/// The files an answer rests on: of every report that was looked at for it (来源文件).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// How many reports.
    pub reports: u64,
    /// How many different files; nothing where the reports were too many to look up the file of each.
    pub files: Option<u64>,
    /// One SHA-256 for all files, in hexadecimal: over their SHA-256 in hexadecimal, sorted, each once and ended by a
    /// line feed, as `sort -u | sha256sum` computes it. Nothing where `files` is nothing.
    pub sha256: Option<String>,
    /// The files, sorted by SHA-256; empty where they are more than [`Sources::LISTED`].
    pub listed: Vec<SourceFile>,
}

impl Sources {
    /// Up to so many files are listed.
    pub const LISTED: usize = 1_000;
}

/// A file that reports were read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceFile {
    /// SHA-256 of its bytes, in hexadecimal; empty where the report came from no file.
    pub sha256: String,
    /// The file as the caller named it; one of its names where the same bytes were read under several.
    pub file: String,
}

/// The result of one statement (结果).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The canonical text in both languages.
    pub query: Bilingual,
    /// The measures asked for; empty for verbs that measure nothing.
    pub measures: Vec<Definition>,
    /// Heads of the columns.
    pub columns: Vec<Title>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Field>>,
    /// How many rows came before these, where rows are taken as they are found
    /// ([`crate::Database::query_in_pieces`]); else 0.
    #[serde(default)]
    pub earlier: usize,
    /// What to know of it.
    pub notes: Vec<Note>,
    /// Reports that were asked for and are not there, as (body, year).
    pub missing: Missing,
    /// The revision of the store.
    pub revision: u64,
    /// What lies behind each row, in row order; empty for verbs that measure nothing.
    pub details: Vec<Detail>,
    /// Dimensions, as column ids: the columns that say what a row is about.
    pub dimensions: Vec<String>,
    /// Whether a picture was asked for (`| chart`).
    pub chart: bool,
    /// The file the answer goes to (`| export FILE`).
    pub export: Option<String>,
    /// How many of the rows failed a check or an assert; nothing where none was asked.
    pub failed: Option<u64>,
    /// The files it rests on; nothing where nobody asked for them, or no report was looked at.
    pub sources: Option<Sources>,
}

/// What lies behind one row beside its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Cells or reports in each state that is not `value`, those there are.
    pub states: Vec<(State, u64)>,
    /// How many of the blanks a printed total proves to be 0.
    pub proved_zero: u64,
    /// The statement that leads to the row's cells: `why outcome.unavailable.not_held in @140109 2024`.
    pub why: Option<String>,
}

impl Answer {
    /// The statement that leads to the cells behind a row, counted from 0; nothing where there is none.
    #[must_use]
    pub fn why(&self, row: usize) -> Option<&str> {
        self.details.get(row)?.why.as_deref()
    }
}
