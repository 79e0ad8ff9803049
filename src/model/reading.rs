//! What a cell said. Six things that are not the same: a value (0 included), blank, n/a,
//! unreadable, not in this template, no report.

use serde::{Deserialize, Serialize};

use super::Quantity;

/// What one printed cell said (读数).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reading {
    /// A number, 0 included.
    Value(Quantity),
    /// Nothing was printed. `proved_zero` when a printed total proves that it stands for 0.
    Blank {
        /// A printed total leaves only 0 for this cell.
        proved_zero: bool,
    },
    /// A mark that says "does not apply": `/`, `-`, `—`, 无.
    NotApplicable,
    /// Something was printed that cannot be read as a number with certainty; the raw text is kept.
    Unreadable,
}

/// The state of a cell or of an answer, as the JSON contract names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A number.
    Value,
    /// Nothing printed.
    Blank,
    /// `/`, `-`, `—`, 无.
    #[serde(rename = "n/a")]
    NotApplicable,
    /// Printed, but not readable with certainty.
    Unreadable,
    /// The form of that report has no such cell.
    NotInTemplate,
    /// The body has no report for that year.
    NoReport,
    /// 0 of 0: defined by nobody, neither 0 % nor missing.
    Undefined,
    /// A change from 0.
    NewFromZero,
    /// Two years that a gap or a break keeps apart.
    NotComparable,
    /// A measure per residents, of whom the attached table knows nothing there.
    NoPopulation,
}

impl Reading {
    /// A whole number.
    #[must_use]
    pub fn count(count: i64) -> Self {
        Self::Value(Quantity::Count(count))
    }

    /// The state without the number.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Self::Value(_) => State::Value,
            Self::Blank { .. } => State::Blank,
            Self::NotApplicable => State::NotApplicable,
            Self::Unreadable => State::Unreadable,
        }
    }

    /// The number, where there is one.
    #[must_use]
    pub fn value(self) -> Option<Quantity> {
        match self {
            Self::Value(quantity) => Some(quantity),
            _ => None,
        }
    }
}

impl State {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Value,
        Self::Blank,
        Self::NotApplicable,
        Self::Unreadable,
        Self::NotInTemplate,
        Self::NoReport,
        Self::Undefined,
        Self::NewFromZero,
        Self::NotComparable,
        Self::NoPopulation,
    ];

    /// The name in JSON, CSV and tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Blank => "blank",
            Self::NotApplicable => "n/a",
            Self::Unreadable => "unreadable",
            Self::NotInTemplate => "not_in_template",
            Self::NoReport => "no_report",
            Self::Undefined => "undefined",
            Self::NewFromZero => "new_from_zero",
            Self::NotComparable => "not_comparable",
            Self::NoPopulation => "no_population",
        }
    }
}
