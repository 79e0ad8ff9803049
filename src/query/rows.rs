//! Rows of an answer with names and types, for programs.

use super::{Answer, Field, Number, PlaceName, plan::Dimension};
use crate::model::{State, Year};

/// One row of an [`Answer`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    answer: &'a Answer,
    fields: &'a [Field],
}

impl Answer {
    /// How many rows there are, with those that came earlier.
    #[must_use]
    pub fn count(&self) -> usize {
        self.earlier + self.rows.len()
    }

    /// The rows, in the answer's order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|fields| Row { answer: self, fields })
    }
}

impl<'a> Row<'a> {
    /// The field of the column with this id; nothing where the answer has no such column.
    #[must_use]
    pub fn field(&self, column: &str) -> Option<&'a Field> {
        let at = self.answer.columns.iter().position(|title| title.id == column)?;
        self.fields.get(at)
    }

    /// The value; nothing where [`Row::state`] says why.
    #[must_use]
    pub fn value(&self) -> Option<Number> {
        self.number("value")
    }

    /// What is above the line of a share.
    #[must_use]
    pub fn numerator(&self) -> Option<Number> {
        self.number("numerator")
    }

    /// What is below the line of a share.
    #[must_use]
    pub fn denominator(&self) -> Option<Number> {
        self.number("denominator")
    }

    /// A number by the id of its column.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<Number> {
        match self.field(column)? {
            Field::Number(number) => *number,
            _ => None,
        }
    }

    /// The state of the value.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        match self.field("state")? {
            Field::State(state) => Some(*state),
            _ => None,
        }
    }

    /// The field of a dimension the answer is grouped by.
    #[must_use]
    pub fn dim(&self, dimension: impl Into<Dimension>) -> Option<&'a Field> {
        self.field(dimension.into().id())
    }

    /// The year of the row, where it has one.
    #[must_use]
    pub fn year(&self) -> Option<Year> {
        match self.field("year")? {
            Field::Year(year) => Some(*year),
            _ => None,
        }
    }

    /// The place or body of the row, where it has one.
    #[must_use]
    pub fn place(&self) -> Option<&'a PlaceName> {
        self.fields.iter().find_map(|field| match field {
            Field::Place(place) => Some(place),
            _ => None,
        })
    }

    /// Marks of the row, such as `small_n`.
    pub fn flags(&self) -> impl Iterator<Item = &'a str> {
        let flags = match self.field("flags") {
            Some(Field::Flags(flags)) => flags.as_slice(),
            _ => &[],
        };
        flags.iter().map(String::as_str)
    }
}
