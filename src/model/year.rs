//! The year a report describes, which is not the year it was published.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A report year (年度), from 2008, the first year of the Regulations, to 2100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Year(u16);

impl Year {
    /// The first year a report can describe: Order 492 came into force in 2008.
    pub const FIRST: Self = Self(2008);
    /// The last year this version accepts.
    pub const LAST: Self = Self(2100);

    /// The year, or nothing when no report can describe it.
    #[must_use]
    pub fn new(year: u16) -> Option<Self> {
        (Self::FIRST.0..=Self::LAST.0).contains(&year).then_some(Self(year))
    }

    /// The number, such as 2024.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// The year after, if it is still one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }

    /// The year before, if it is still one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::new(self.0 - 1)
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u16> for Year {
    type Error = String;

    fn try_from(year: u16) -> Result<Self, String> {
        Self::new(year).ok_or_else(|| format!("{year} is not a report year"))
    }
}

impl From<Year> for u16 {
    fn from(year: Year) -> Self {
        year.0
    }
}
