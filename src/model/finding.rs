//! Something noticed about a report: an identity that fails, a cell that is unsure.

use serde::{Deserialize, Serialize};

use super::{Applicant, Slot};
use crate::text::Place;

/// How much it matters. No severity keeps a report from being stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The figures contradict each other.
    Error,
    /// Implausible, or unsure.
    Warning,
    /// Worth knowing.
    Info,
}

/// What evaluating a rule gave, three-valued and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Holds.
    Pass,
    /// Does not hold.
    Fail,
    /// Holds only when blanks count as 0.
    PassIfBlankIsZero,
    /// A figure that it needs is missing.
    Unassessable,
    /// Does not speak of this report.
    NotApplicable,
}

/// A cell a finding is about.
pub type CellRef = Slot;

/// One thing noticed (问题). Speaks no language: `rule` names its sentences in `messages/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule (`T3-BAL`) or the reader's note (`R-AMBIGUOUS`).
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What came out.
    pub status: Status,
    /// The column or block it speaks of, for rules that hold per applicant.
    pub applicant: Option<Applicant>,
    /// The figure as printed.
    pub printed: Option<String>,
    /// The figure as computed.
    pub computed: Option<String>,
    /// The cells concerned.
    pub cells: Vec<CellRef>,
    /// A line or clause it rests on.
    pub text: Option<String>,
    /// Where that line stands.
    pub place: Option<Place>,
}
