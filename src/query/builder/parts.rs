//! Measures, places, conditions and numbers put together without a text.

use super::{here, term};
use crate::query::ast::{
    Column, Comparator, Comparison, Condition, Figure, Literal, Measure, Operand, Place, PlaceHead, Reach, TermKind,
};
use crate::text::Span;

impl Measure {
    /// A measure by name: `not_held`, 不掌握, 三.四.1, `outcome.*`, `new[natural]`, `$kind`.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let (text, members) = text.strip_suffix(".*").map_or((text, false), |group| (group, true));
        let (name, column) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((name, column)) => (name, Some(here(column.trim().to_owned()))),
            None => (text, None),
        };
        Self { name: here(name.trim().to_owned()), members, applicant: column, span: Span::default() }
    }
}

impl Place {
    /// A place by code, name or path: `140109`, `140109/财政局`, `太原市/*`, `$city`.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let (text, reach) = match (text.strip_suffix("/**"), text.strip_suffix("/*")) {
            (Some(text), _) => (text, Reach::Below),
            (None, Some(text)) => (text, Reach::Children),
            (None, None) => (text, Reach::Itself),
        };
        let mut words = text.split('/').map(|word| here(word.trim().to_owned()));
        let first = words.next().unwrap_or_else(|| here(String::new()));
        let code = first.value.trim_start_matches('@');
        let head = if let Some(param) = first.value.strip_prefix('$') {
            PlaceHead::Param(here(param.to_owned()))
        } else if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            PlaceHead::Code(here(code.to_owned()))
        } else {
            PlaceHead::Name(first)
        };
        Self { head, path: words.collect(), reach, span: Span::default() }
    }
}

impl Operand {
    /// A measure of its own, shown or not.
    #[must_use]
    pub fn measure(measure: &str) -> Self {
        Self::Term(term(TermKind::Plain(Measure::named(measure))))
    }

    /// The share of a measure in its natural base.
    #[must_use]
    pub fn share(measure: &str) -> Self {
        Self::Term(term(TermKind::Share { of: Measure::named(measure), out_of: None }))
    }

    /// A column of the answer.
    #[must_use]
    pub fn column(column: Column) -> Self {
        Self::Column(here(column))
    }

    /// `<`
    #[must_use]
    pub fn below(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::Less, value)
    }

    /// `<=`
    #[must_use]
    pub fn at_most(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::AtMost, value)
    }

    /// `>`
    #[must_use]
    pub fn above(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::Greater, value)
    }

    /// `>=`
    #[must_use]
    pub fn at_least(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::AtLeast, value)
    }

    /// Any comparison.
    #[must_use]
    pub fn compare(self, comparator: Comparator, value: impl Into<Literal>) -> Condition {
        let span = Span::default();
        Condition::Compare(Comparison { left: self, comparator, right: value.into(), span })
    }
}

impl Condition {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And(mut all) => {
                all.push(other);
                Self::And(all)
            }
            one => Self::And(vec![one, other]),
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut any) => {
                any.push(other);
                Self::Or(any)
            }
            one => Self::Or(vec![one, other]),
        }
    }
}

impl Literal {
    /// An exact decimal: `digits` / 10^`scale`.
    #[must_use]
    pub fn decimal(digits: i64, scale: u32) -> Self {
        Self::Number(here(Figure { mantissa: digits.into(), scale, percent: false }))
    }

    /// So many per cent.
    #[must_use]
    pub fn percent(digits: i64) -> Self {
        Self::Number(here(Figure { mantissa: digits.into(), scale: 0, percent: true }))
    }

    /// A parameter, given without its sign.
    #[must_use]
    pub fn parameter(name: &str) -> Self {
        Self::Param(here(name.to_owned()))
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::decimal(number, 0)
    }
}
