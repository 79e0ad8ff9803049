//! Texts of several statements, and the statements that are no questions.

use serde::{Deserialize, Serialize};

use super::{Clauses, Comparator, Figure, Literal, Measure, Name, Place, Query, Spanned, YearWord};
use crate::{model::Decision, text::Span};

/// A whole text: a script, or what was typed at the prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Statements in order.
    pub statements: Vec<Statement>,
    /// Comments after the last statement, without `#`.
    pub closing: Vec<Comment>,
}

/// A comment, or the blank line that a formatter keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comment {
    /// The text after `#`, trimmed.
    Text(String),
    /// At least one empty line.
    Blank,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
    /// Comments on the lines before it.
    pub above: Vec<Comment>,
    /// The comment at the end of its last line.
    pub beside: Option<String>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// `gongkai 1`: the version of the language.
    Version(Spanned<u32>),
    /// `param city = "太原市"`
    Param(Param),
    /// `include "shared/measures.gk"`
    Include(Name),
    /// `let answered = outcome.total - not_processed`
    Let(Let),
    /// `assert … >= 95%`
    Assert(Assert),
    /// `verdict T3-BAL in 万柏林区 2024 as explained "…"`
    Verdict(Verdict),
    /// `correct not_held in 万柏林区 2024 to 77 because "…"`
    Correct(Correct),
    /// A question.
    Query(Query),
}

/// A parameter of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Name without `$`.
    pub name: Name,
    /// What it must hold, where that is said; else its use decides.
    pub kind: Option<Spanned<ParamKind>>,
    /// The value without `--param`; required when there is none.
    pub default: Option<Literal>,
}

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamKind {
    /// A place or body.
    Place,
    /// A year; where a whole clause of years stands, several: `2020..2024`.
    Year,
    /// A number.
    Number,
    /// A measure: a category, a group, an indicator.
    Category,
    /// A column of table 3.
    Applicant,
}

/// A measure of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Let {
    /// Its name.
    pub name: Name,
    /// Its formula.
    pub formula: Expr,
}

/// A formula over measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A number.
    Number(Spanned<Figure>),
    /// A measure.
    Measure(Measure),
    /// `-x`
    Negative(Box<Expr>, Span),
    /// `a + b`
    Binary(Box<Expr>, Operator, Box<Expr>),
}

impl Expr {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Number(number) => number.span,
            Self::Measure(measure) => measure.span,
            Self::Negative(_, span) => *span,
            Self::Binary(left, _, right) => left.span().join(right.span()),
        }
    }
}

/// An operator of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// A claim that a script stops on when it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assert {
    /// What is looked at.
    pub subject: Subject,
    /// What it is compared with; nothing for `assert check …`, which wants every check to pass.
    pub claim: Option<Claim>,
}

/// What an assert looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `coverage of reports in …`: reports there, of reports expected.
    Coverage(Box<Clauses>),
    /// The value of a question, or the outcome of a check.
    Query(Box<Query>),
}

/// `== 77.0% ± 0.1%`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// How to compare.
    pub comparator: Comparator,
    /// With what.
    pub value: Literal,
    /// How far off it may be.
    pub tolerance: Option<Literal>,
}

/// A person's judgement on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rule judged.
    pub rule: Name,
    /// Whose report.
    pub place: Place,
    /// Of which year.
    pub year: YearWord,
    /// The judgement.
    pub judgement: Spanned<Decision>,
    /// Why.
    pub reason: Name,
}

/// A correction by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correct {
    /// The cell.
    pub cell: Measure,
    /// Whose report.
    pub place: Place,
    /// Of which year.
    pub year: YearWord,
    /// The new value.
    pub value: Literal,
    /// Why.
    pub because: Name,
}
