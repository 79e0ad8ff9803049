//! Questions.

use super::{Name, Spanned};
use crate::text::Span;

/// A question: a verb, clauses, stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What is asked.
    pub verb: Verb,
    /// About what.
    pub clauses: Clauses,
    /// What happens to the answer, in order.
    pub stages: Vec<Spanned<Stage>>,
    /// Where it stands.
    pub span: Span,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Measures.
    Ask(Vec<Term>),
    /// `check identities, carry_over`
    Check(Vec<Name>),
    /// `missing reports`
    Missing(Span),
    /// `why not_held`
    Why(Term),
    /// `why T3-BAL`
    WhyRule(Name),
    /// `revisions`
    Revisions(Span),
    /// `show cells`
    Show(Spanned<Thing>),
}

/// One measure asked for: a statistic over bodies, or the pooled value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// `mean of`: every report weighs alike. Nothing: pooled.
    pub statistic: Option<Spanned<Statistic>>,
    /// What is measured.
    pub kind: TermKind,
    /// Where it stands.
    pub span: Span,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// `share of M out_of B`; without `out_of` the natural base.
    Share {
        /// Above the line.
        of: Measure,
        /// Below the line, where it is said.
        out_of: Option<Measure>,
    },
    /// `change of M`, against the year before.
    Change(Measure),
    /// `M`
    Plain(Measure),
}

/// A measure by name: `not_held`, 不掌握, 三.四.1, `outcome.*`, `new[natural]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The name; `$kind`, with its sign, where a parameter stands for it.
    pub name: Name,
    /// `.*`: the children without the total.
    pub members: bool,
    /// `[natural]`: one column of table 3.
    pub applicant: Option<Name>,
    /// Where it stands.
    pub span: Span,
}

/// A statistic over the reports of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// 均值
    Mean,
    /// 中位数
    Median,
    /// 最小
    Min,
    /// 最大
    Max,
    /// The 10th percentile.
    P10,
    /// The 25th percentile.
    P25,
    /// The 75th percentile.
    P75,
    /// The 90th percentile.
    P90,
    /// 四分位: p25, median and p75.
    Quartiles,
    /// 个数: how many reports have a value.
    Count,
}

/// A dimension that rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dim {
    /// 年份
    Year,
    /// 省份
    Province,
    /// 地市
    City,
    /// 区县
    County,
    /// 机关
    Body,
    /// 层级
    Level,
    /// 类别
    Category,
    /// 申请人
    Applicant,
    /// 格式
    Template,
    /// 规则, for checks only.
    Rule,
}

/// A tier of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// 省份
    Province,
    /// 地市
    City,
    /// 区县
    County,
    /// 乡镇街道
    Town,
    /// 部门
    Department,
    /// 部委
    Ministry,
    /// 功能区
    Zone,
}

/// What `show` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// 报告
    Report,
    /// 单元格
    Cells,
    /// 机关
    Bodies,
    /// 类别
    Categories,
    /// 年份
    Years,
    /// 规则
    Rules,
    /// 覆盖
    Coverage,
    /// 地方
    Places,
}

/// The clauses of a question, each at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// `by year, category`
    pub by: Option<Spanned<Vec<Spanned<Dim>>>>,
    /// `in 太原市/*`
    pub places: Option<Spanned<PlaceList>>,
    /// `at county`
    pub at: Option<Spanned<Tier>>,
    /// `2020..2024`
    pub years: Option<Spanned<Vec<YearRange>>>,
    /// `for natural`; `$who`, with its sign, where a parameter stands for one
    pub applicants: Option<Spanned<Vec<Name>>>,
    /// `where new >= 30`
    pub condition: Option<Spanned<Condition>>,
    /// `as_of 2025-03-31`
    pub as_of: Option<Spanned<Date>>,
    /// Only years and bodies without a break.
    pub comparable: Option<Span>,
    /// Only bodies that report every year asked for.
    pub complete: Option<Span>,
    /// Blank cells count as 0, and the answer says so.
    pub blank_as_zero: Option<Span>,
}

/// The places of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceList {
    /// In the order written.
    pub places: Vec<Place>,
    /// `a vs b`: side by side instead of pooled.
    pub versus: bool,
}

/// A place or body as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first word.
    pub head: PlaceHead,
    /// Words after slashes, or after the first word without any.
    pub path: Vec<Name>,
    /// `/*` or `/**`.
    pub reach: Reach,
    /// Where it stands.
    pub span: Span,
}

/// The first word of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceHead {
    /// A name: 太原市.
    Name(Name),
    /// `@140109`, without the `@`.
    Code(Name),
    /// `$city`, without the `$`.
    Param(Name),
    /// `all`, 全国: no limit.
    All(Span),
}

/// Which reports of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Its own report.
    #[default]
    Itself,
    /// `/*`: those directly below it.
    Children,
    /// `/**`: all below it.
    Below,
}

/// A year as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YearWord {
    /// `2024`
    Number(Spanned<u32>),
    /// `$year`, without the `$`.
    Param(Name),
}

impl YearWord {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Number(number) => number.span,
            Self::Param(name) => name.span,
        }
    }
}

/// One year, or several in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearRange {
    /// The first.
    pub first: YearWord,
    /// The last, when there are several.
    pub last: Option<YearWord>,
}

/// A day, `2025-03-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

/// A condition on the values of a group or a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `new >= 30`
    Compare(Comparison),
    /// All of them.
    And(Vec<Condition>),
    /// Any of them.
    Or(Vec<Condition>),
}

/// `new >= 30`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What is compared.
    pub left: Operand,
    /// How.
    pub comparator: Comparator,
    /// With what.
    pub right: Literal,
    /// Where it stands.
    pub span: Span,
}

/// The left side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A measure of its own: `new`, `share of not_held`.
    Term(Term),
    /// A column of the answer.
    Column(Spanned<Column>),
}

/// A column of the answer that conditions, `sort` and `keep` can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// 值: the (first) value.
    Value,
    /// 分子
    Numerator,
    /// 分母
    Denominator,
    /// 倍数: new / old of a change.
    Ratio,
    /// 报告数: reports used.
    Reports,
    /// 覆盖率: reports used of reports expected.
    Coverage,
    /// A dimension of the answer.
    Dim(Dim),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `==` or `=`
    Equal,
    /// `!=`
    NotEqual,
}

/// What happens to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The N rows with the greatest value.
    Top(Spanned<u32>),
    /// The N rows with the smallest value.
    Bottom(Spanned<u32>),
    /// `sort -value`
    Sort {
        /// `-`: greatest first.
        descending: bool,
        /// What by.
        key: Operand,
    },
    /// Rows that fulfil it stay.
    Keep(Condition),
    /// Rows that fulfil it are marked.
    Flag(Condition),
    /// Failed checks stay.
    Failed,
    /// One column per value of the dimension.
    Pivot(Spanned<Dim>),
    /// A picture.
    Chart,
    /// Which bodies move the value.
    Contributions,
    /// `export top10.xlsx`
    Export(Name),
}

/// A number as written, exactly: `mantissa / 10^scale`, and whether `%` followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Figure {
    /// The digits with their sign.
    pub mantissa: i128,
    /// How many of them stand after the point.
    pub scale: u32,
    /// Whether `%` followed: 77 % is 0.77.
    pub percent: bool,
}

/// A value written out, or a parameter that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A number.
    Number(Spanned<Figure>),
    /// A quoted text.
    Text(Name),
    /// `$year`
    Param(Name),
}

impl Literal {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Number(number) => number.span,
            Self::Text(name) | Self::Param(name) => name.span,
        }
    }
}
