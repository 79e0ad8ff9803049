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

/// What a person decided about a finding (人工结论). All three judge the finding; none says that the report is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The finding is right, and the figures stay as published (认可).
    Accepted,
    /// The finding is right, and there is a reason for it, which is given (已说明).
    Explained,
    /// The finding is wrong: a false alarm (误报).
    Wrong,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Explained, Self::Wrong];

    /// The word of the language, which is also what the store and JSON keep.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Explained => "explained",
            Self::Wrong => "wrong",
        }
    }

    /// The decision with that word.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.id() == id)
    }
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

impl Status {
    /// The id, as in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::PassIfBlankIsZero => "pass_if_blank_is_zero",
            Self::Unassessable => "unassessable",
            Self::NotApplicable => "not_applicable",
        }
    }
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
