//! A stretch of one column, decoded: what the cells of consecutive bodies said in one year.

use crate::model::{Amount, Quantity, Reading};

/// What stands in one place of a column. Six of these are not a number, and they are not the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mark {
    /// The body has no report for the year.
    #[default]
    NoReport = 0,
    /// The report's form has no such cell.
    NotInTemplate = 1,
    /// A whole number, in [`Block::units`].
    Count = 2,
    /// Money, in [`Block::units`] as millionths of 万元.
    Money = 3,
    /// Nothing printed.
    Blank = 4,
    /// Nothing printed, and a printed total proves that it stands for 0.
    ProvedBlank = 5,
    /// `/`, `-`, `—`, 无.
    NotApplicable = 6,
    /// Printed, but not readable with certainty.
    Unreadable = 7,
}

impl Mark {
    /// Every mark, in the order of its code.
    pub const ALL: [Self; 8] = [
        Self::NoReport,
        Self::NotInTemplate,
        Self::Count,
        Self::Money,
        Self::Blank,
        Self::ProvedBlank,
        Self::NotApplicable,
        Self::Unreadable,
    ];

    /// The mark and the number of units of a reading; 0 units where there is no number.
    #[must_use]
    pub fn of(reading: Reading) -> (Self, i64) {
        match reading {
            Reading::Value(Quantity::Count(count)) => (Self::Count, count),
            Reading::Value(Quantity::Money(amount)) => (Self::Money, amount.0),
            Reading::Blank { proved_zero: false } => (Self::Blank, 0),
            Reading::Blank { proved_zero: true } => (Self::ProvedBlank, 0),
            Reading::NotApplicable => (Self::NotApplicable, 0),
            Reading::Unreadable => (Self::Unreadable, 0),
        }
    }

    /// The reading; nothing where there is no report or no such cell.
    #[must_use]
    pub fn reading(self, units: i64) -> Option<Reading> {
        Some(match self {
            Self::NoReport | Self::NotInTemplate => return None,
            Self::Count => Reading::Value(Quantity::Count(units)),
            Self::Money => Reading::Value(Quantity::Money(Amount(units))),
            Self::Blank => Reading::Blank { proved_zero: false },
            Self::ProvedBlank => Reading::Blank { proved_zero: true },
            Self::NotApplicable => Reading::NotApplicable,
            Self::Unreadable => Reading::Unreadable,
        })
    }

    /// Whether this is a number.
    #[must_use]
    pub fn is_value(self) -> bool {
        matches!(self, Self::Count | Self::Money)
    }

    /// Whether there is a cell, whatever it says.
    #[must_use]
    pub fn is_cell(self) -> bool {
        !matches!(self, Self::NoReport | Self::NotInTemplate)
    }

    /// The mark with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// Consecutive bodies of one slot and year, decoded. `marks` and `units` have the same length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Number of the first body.
    pub first: usize,
    /// What stands there.
    pub marks: Vec<Mark>,
    /// The numbers; 0 where the mark is not a number.
    pub units: Vec<i64>,
}

impl Block {
    /// How many bodies it covers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether it covers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// What the cell of a body said, by the body's number.
    #[must_use]
    pub fn reading(&self, body: usize) -> Option<Reading> {
        let at = body.checked_sub(self.first)?;
        self.marks.get(at)?.reading(*self.units.get(at)?)
    }

    /// Every cell that said something, with the number of its body.
    pub fn readings(&self) -> impl Iterator<Item = (usize, Reading)> {
        let cells = self.marks.iter().zip(&self.units).enumerate();
        cells.filter_map(|(at, (mark, &units))| Some((self.first + at, mark.reading(units)?)))
    }
}

/// The sum of a stretch of one column with the count of every state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Reports there are.
    pub reports: u64,
    /// Cells with a number.
    pub values: u64,
    /// Sum of those numbers, in units of [`Quantity::units`].
    pub sum: i128,
    /// Cells with nothing printed, proved zeros not among them.
    pub blank: u64,
    /// Blank cells that a total proves to be 0.
    pub proved: u64,
    /// Cells that say "does not apply".
    pub not_applicable: u64,
    /// Cells that cannot be read with certainty.
    pub unreadable: u64,
}

impl Totals {
    /// Reports whose form has no such cell.
    #[must_use]
    pub fn not_in_template(&self) -> u64 {
        self.reports.saturating_sub(self.values + self.blank + self.proved + self.not_applicable + self.unreadable)
    }

    /// Whether every report there is gives a number: then sums need no pairing.
    #[must_use]
    pub fn all_values(&self) -> bool {
        self.reports == self.values
    }

    /// Counts one cell.
    pub fn count(&mut self, mark: Mark, units: i64) {
        self.reports += u64::from(mark != Mark::NoReport);
        match mark {
            Mark::NoReport | Mark::NotInTemplate => {}
            Mark::Count | Mark::Money => {
                self.values += 1;
                self.sum += i128::from(units);
            }
            Mark::Blank => self.blank += 1,
            Mark::ProvedBlank => self.proved += 1,
            Mark::NotApplicable => self.not_applicable += 1,
            Mark::Unreadable => self.unreadable += 1,
        }
    }

    /// Adds the totals of another stretch.
    pub fn add(&mut self, other: &Self) {
        self.reports += other.reports;
        self.values += other.values;
        self.sum += other.sum;
        self.blank += other.blank;
        self.proved += other.proved;
        self.not_applicable += other.not_applicable;
        self.unreadable += other.unreadable;
    }
}
