//! What to do for a query: ids, codes and exact choices. No names, no words, no text as typed.
//!
//! `resolve` makes a [`Plan`] out of words; [`super::execute`] carries it out over a view of the store.

use serde::{Deserialize, Serialize};

use crate::model::{Applicant, BodyId, CategoryCode, Year};

/// One statement, resolved (计划).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What is wanted.
    pub verb: Verb,
    /// Whose reports.
    pub whose: Whose,
    /// Which report years, in order, each once; every year of the store where the query names none.
    pub years: Vec<Year>,
    /// Grouping, in the order written.
    pub by: Vec<Dimension>,
    /// What the query asked for beside.
    pub options: Options,
    /// The store as it stood on this day (`2025-03-01`).
    pub as_of: Option<String>,
    /// What follows the bars, in order.
    pub stages: Vec<Stage>,
}

/// The verb of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// Figures.
    Ask(Ask),
    /// The cells a figure is made of.
    Why(Ask),
    /// The cells that the results of a rule rest on.
    WhyRule(String),
    /// Rules by id (`T3-BAL`), in file order.
    Check(Vec<String>),
    /// Who should report and did not.
    Missing,
    /// What was corrected.
    Revisions,
    /// A list of what is there.
    Show(Thing),
}

/// What `show` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// The report of one body and year, as a whole.
    Report,
    /// Every cell of the reports, in catalogue order.
    Cells,
    /// Who reports.
    Bodies,
    /// The categories, virtual ids and named measures with their formulas.
    Categories,
    /// The years of the store.
    Years,
    /// The rules.
    Rules,
    /// Reports there of reports expected.
    Coverage,
    /// The divisions.
    Places,
}

/// The figures asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// One column of values each; at least one.
    pub terms: Vec<Term>,
    /// Columns of table 3; empty means the printed total. With `by applicant` and none named: all six parts and the total.
    pub applicants: Vec<Applicant>,
    /// On the values of a group, before ranking. Where a statistic is asked for, measures without one of their own
    /// choose the reports that it is taken over.
    pub filter: Option<Condition>,
}

impl Ask {
    /// Whether the figures are sums of what bodies add: one measure, no statistic of it, and no change of a quotient.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let quotient = |member: &Member| !matches!(member.measure.formula, Formula::Sum(_));
        match self.terms.as_slice() {
            [one] => one.statistic.is_none() && !(one.kind == TermKind::Change && one.members.iter().any(quotient)),
            _ => false,
        }
    }
}

/// A value per group: a sum, a share or a change, or a statistic of these over the reports of the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Over reports, each weighing the same; nothing means pooled.
    pub statistic: Option<Statistic>,
    /// What is computed of each member.
    pub kind: TermKind,
    /// One member, or several for `outcome.*` (one group of rows for each).
    pub members: Vec<Member>,
}

impl Term {
    /// Whether it has a row for each member that another term has one for.
    #[must_use]
    pub fn lists(&self, other: &Self) -> bool {
        self.members.iter().map(|member| &member.measure).eq(other.members.iter().map(|member| &member.measure))
    }

    /// Whether it shows two figures beside its value: what it is divided from, or new and old.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        let based = |member: &Member| self.kind == TermKind::Share && member.base.is_some();
        let divided = |member: &Member| based(member) || !matches!(member.measure.formula, Formula::Sum(_));
        self.statistic.is_none() && (self.kind == TermKind::Change || self.members.iter().any(divided))
    }

    /// Whether it shows an old and a new figure, which can be divided by each other.
    #[must_use]
    pub fn has_ratio(&self) -> bool {
        self.statistic.is_none() && self.kind == TermKind::Change
    }
}

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// The measure itself.
    Value,
    /// The measure divided by its base.
    Share,
    /// Against the year before: (new − old) / old.
    Change,
}

/// A measure, with the base it is divided by in a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What is counted.
    pub measure: Measure,
    /// The base of a share; nothing otherwise.
    pub base: Option<Measure>,
}

/// Something countable per report, by its canonical id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// The id as the canonical text writes it: `outcome.unavailable.not_held`, `rate.disclosure`, or the word of a `let`.
    pub id: String,
    /// How it is computed.
    pub formula: Formula,
    /// Version of a built-in definition; nothing for cells, groups and `let`.
    pub version: Option<u16>,
}

/// How a measure is computed from the cells of one report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Formula {
    /// A sum of cells and group values.
    Sum(Sum),
    /// One sum divided by another; pooled over reports as Σ / Σ.
    Ratio(Sum, Sum),
    /// A sum per so many residents, by the attached population table.
    PerResidents(Sum, u32),
}

/// Cells and group values with signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum(pub Vec<Part>);

/// One cell or group value in a sum. A group stands for the value the report prints, else for the sum of its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The category: cell, total or group.
    pub category: CategoryCode,
    /// A fixed column of table 3; nothing means the column the row is about (or none, in the other tables).
    pub applicant: Option<Applicant>,
    /// 1 or −1, or another whole factor of a `let`.
    pub factor: i64,
}

impl Condition {
    /// The conditions that must all hold.
    pub(crate) fn all(&self) -> &[Self] {
        match self {
            Self::And(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }

    /// Whether it can be asked of a single report: it compares measures only, and no statistic of several.
    pub(crate) fn is_of_reports(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().all(Self::is_of_reports),
            Self::Compare(operand, ..) => matches!(operand, Operand::Term(term) if term.statistic.is_none()),
        }
    }
}

impl Sum {
    /// One cell or group value.
    #[must_use]
    pub fn of(category: CategoryCode) -> Self {
        Self(vec![Part { category, applicant: None, factor: 1 }])
    }
}

/// How several reports become one figure, each report weighing the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Middle value; the mean of the two middle ones.
    Median,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// A percentile, 10, 25, 75 or 90, by linear interpolation between ranks.
    Percentile(u8),
    /// 25th, 50th and 75th percentile: three columns.
    Quartiles,
    /// How many reports have a value.
    Count,
}

/// Whose reports a statement is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// In the order written; empty means the whole store (the cover, or a tier of it).
    pub places: Vec<Place>,
    /// Each place of the list has rows of its own (`vs`); otherwise the list is pooled, unless grouped by body.
    pub apart: bool,
    /// Only bodies of this tier, whether written (`at county`) or implied: `by county in 太原市` is
    /// [`Place::Below`] 太原市 at [`Level::County`].
    pub level: Option<Level>,
}

/// One place of an `in` clause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    /// That body's own report: for a government its aggregate.
    Body(BodyId),
    /// `/*`: the bodies directly below it.
    Children(BodyId),
    /// `/**`: every body below it.
    Below(BodyId),
}

/// The tier of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A department of the State Council, or the centre itself.
    Ministry,
    /// 省级
    Province,
    /// 地级
    City,
    /// 县级
    County,
    /// Towns and subdistricts.
    Town,
    /// Functional zones without a division code.
    Zone,
    /// Departments, offices, vertical organs and organisations.
    Department,
}

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Report year.
    Year,
    /// The province a body lies in.
    Province,
    /// The prefecture a body lies in.
    City,
    /// The county a body lies in.
    County,
    /// The body itself.
    Body,
    /// Its tier.
    Level,
    /// The member of `outcome.*`, or the measure.
    Category,
    /// The column of table 3.
    Applicant,
    /// The printed form.
    Template,
    /// The rule, for checks only.
    Rule,
}

impl Dimension {
    /// The id of its column.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Body => "body",
            Self::Level => "level",
            Self::Category => "category",
            Self::Applicant => "applicant",
            Self::Template => "template",
            Self::Rule => "rule",
        }
    }
}

impl Level {
    /// Its id in answers.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ministry => "ministry",
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Town => "town",
            Self::Zone => "zone",
            Self::Department => "department",
        }
    }
}

/// Options of a statement. Each is printed with the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Only years and bodies without a break.
    pub comparable: bool,
    /// Only bodies that report every year asked for.
    pub complete: bool,
    /// Blank cells count as 0.
    pub blank_as_zero: bool,
}

/// A condition on the figures of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Every one holds.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// A comparison; a figure that is not a value makes it false.
    Compare(Operand, Comparison, Literal),
}

/// The left side of a comparison, or what to sort by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operand {
    /// A figure of the same group, shown or not.
    Term(Term),
    /// The value of the nth term, from 0.
    Value(usize),
    /// New divided by old, of the first change (倍数).
    Ratio,
    /// The numerator of the first share.
    Numerator,
    /// The base of the first share.
    Denominator,
    /// Reports used.
    Used,
    /// Reports used per report expected.
    Coverage,
    /// A dimension, in its own order; only for sorting.
    Dimension(Dimension),
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    /// Whether it holds of two values that stand in this order.
    #[must_use]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
        }
    }
}

/// An exact decimal: `digits` / 10^`scale`; `5%` is 5 and 2. Money is compared in 万元.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Literal {
    /// All digits, with the sign.
    pub digits: i64,
    /// How many of them stand behind the point, at most 12.
    pub scale: u8,
}

/// What happens to the rows after they are computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The N largest values, largest first.
    Top(usize),
    /// The N smallest values, smallest first.
    Bottom(usize),
    /// In this order; rows without a value last.
    Sort {
        /// By what.
        by: Operand,
        /// Largest first.
        descending: bool,
    },
    /// Only rows for which it holds.
    Keep(Condition),
    /// A mark on rows for which it holds.
    Flag(Condition),
    /// Only what failed.
    Failed,
    /// One dimension's values become columns.
    Pivot(Dimension),
    /// A picture, drawn by whoever shows the answer.
    Chart,
    /// Which bodies move a total or a change.
    Contributions,
    /// Into a file, written by whoever runs the statement.
    Export(String),
}

impl Stage {
    /// Whether it can stand behind another: what turned rows into columns, or took them apart, has no rows left that
    /// could be compared.
    #[must_use]
    pub fn follows(&self, before: &Self) -> bool {
        match before {
            Self::Pivot(_) => matches!(self, Self::Chart | Self::Export(_)),
            Self::Contributions => {
                matches!(self, Self::Top(_) | Self::Bottom(_) | Self::Chart | Self::Export(_))
            }
            _ => true,
        }
    }
}
