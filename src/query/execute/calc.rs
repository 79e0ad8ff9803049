//! A measure of one report: a number, or a number over its base.

use super::{
    super::{
        Number,
        fraction::Fraction,
        plan::{Formula, Member, Sum, TermKind},
    },
    program::{Figure, Fill, Program, Slots},
};
use crate::{
    model::{Amount, Applicant, State},
    schema::{ValueType, catalogue},
    store::Mark,
};

/// A member of a term made ready for one column of table 3.
#[derive(Clone, Debug)]
pub(crate) struct Calc {
    pub(crate) above: Program,
    pub(crate) below: Base,
    money: (bool, bool),
}

/// What the number is divided by.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    None,
    Sum(Program),
    Residents(u32),
}

/// Number and base of one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) state: State,
    pub(crate) above: i128,
    /// 1 where there is no base.
    pub(crate) below: i128,
    pub(crate) proved: bool,
    pub(crate) no_population: bool,
}

impl Pair {
    pub(crate) fn none(state: State) -> Self {
        Self { state, above: 0, below: 0, proved: false, no_population: false }
    }
}

impl Calc {
    pub(crate) fn new(kind: TermKind, member: &Member, columns: &[Applicant], slots: &mut Slots) -> Self {
        let (above, below) = parts(kind, member);
        let money = (is_money(above), matches!(below, Some(Ok(sum)) if is_money(sum)));
        let below = match below {
            None => Base::None,
            Some(Ok(sum)) => Base::Sum(Program::new(sum, columns, slots)),
            Some(Err(residents)) => Base::Residents(residents),
        };
        Self { above: Program::new(above, columns, slots), below, money }
    }

    pub(crate) fn has_base(&self) -> bool {
        !matches!(self.below, Base::None)
    }

    /// The figures of one report.
    #[inline]
    pub(crate) fn run(
        &self,
        fill: Fill,
        cell: &mut impl FnMut(usize) -> (Mark, i64),
        residents: impl FnOnce() -> Option<i64>,
    ) -> Pair {
        let filled = Fill { proved: true, ..fill };
        let (above, below, no_population) = match &self.below {
            Base::None => (self.above.run(fill, cell), Figure::value(1), false),
            Base::Sum(base) => {
                let above = self.above.run(filled, cell);
                (above, if above.is_value() { base.run(filled, cell) } else { Figure::value(0) }, false)
            }
            Base::Residents(_) => {
                let count = residents().filter(|&count| count > 0);
                let below = count.map_or(Figure::none(State::NoPopulation), |count| Figure::value(i128::from(count)));
                (self.above.run(filled, cell), below, count.is_none())
            }
        };
        let state = if above.is_value() { below.state } else { above.state };
        Pair { state, above: above.units, below: below.units, proved: above.proved || below.proved, no_population }
    }

    /// What a quotient of smallest units is multiplied with and divided by to be one of its units.
    pub(crate) fn scale(&self) -> (i128, i128) {
        let wan = i128::from(Amount::PER_WAN);
        match (&self.below, self.money) {
            (Base::Residents(per), _) => (i128::from(*per), 1),
            (_, (true, false)) => (1, wan),
            (_, (false, true)) => (wan, 1),
            _ => (1, 1),
        }
    }

    /// Per how many residents, where that is what it is divided by.
    pub(crate) fn residents(&self) -> Option<u32> {
        match self.below {
            Base::Residents(per) => Some(per),
            Base::None | Base::Sum(_) => None,
        }
    }

    /// The value as a number of an answer, not reduced; nothing where the base is 0.
    pub(crate) fn raw(&self, above: i128, below: i128) -> Option<Number> {
        let (up, down) = self.scale();
        let (numerator, denominator) = (above.checked_mul(up)?, below.checked_mul(down)?);
        match denominator {
            0 => None,
            denominator if denominator < 0 => Some(Number::Ratio { numerator: -numerator, denominator: -denominator }),
            denominator => Some(Number::Ratio { numerator, denominator }),
        }
    }

    /// The value as a fraction of its unit; nothing where the base is 0.
    pub(crate) fn value(&self, above: i128, below: i128) -> Option<Fraction> {
        if self.has_base() {
            self.raw(above, below).and_then(Fraction::of)
        } else {
            Fraction::of(self.above_number(above))
        }
    }

    pub(crate) fn above_number(&self, units: i128) -> Number {
        if self.money.0 { Number::Money(units) } else { Number::Count(units) }
    }

    pub(crate) fn below_number(&self, units: i128) -> Number {
        if self.money.1 { Number::Money(units) } else { Number::Count(units) }
    }

    /// A statistic of plain figures as a count or money again where it is a whole number of their smallest units.
    pub(crate) fn whole(&self, value: Fraction) -> Number {
        let wan = i128::from(Amount::PER_WAN);
        match (self.money.0, value.denominator()) {
            (false, 1) => Number::Count(value.numerator()),
            (true, denominator) if wan % denominator == 0 => {
                value.numerator().checked_mul(wan / denominator).map_or(value.number(), Number::Money)
            }
            _ => value.number(),
        }
    }

    /// The sum below the line, where there is one.
    pub(crate) fn base(&self) -> Option<&Program> {
        match &self.below {
            Base::Sum(base) => Some(base),
            Base::None | Base::Residents(_) => None,
        }
    }
}

/// What stands above and below the line of a member; residents as an error, for they are no sum of cells.
pub(crate) fn parts(kind: TermKind, member: &Member) -> (&Sum, Option<Result<&Sum, u32>>) {
    let above = match &member.measure.formula {
        Formula::Sum(sum) | Formula::Ratio(sum, _) | Formula::PerResidents(sum, _) => sum,
    };
    let below = match (&member.measure.formula, kind, &member.base) {
        (Formula::Sum(_), TermKind::Share, Some(base)) => match &base.formula {
            Formula::Sum(sum) | Formula::Ratio(sum, _) | Formula::PerResidents(sum, _) => Some(Ok(sum)),
        },
        (Formula::Sum(_), ..) => None,
        (Formula::Ratio(_, base), ..) => Some(Ok(base)),
        (Formula::PerResidents(_, residents), ..) => Some(Err(*residents)),
    };
    (above, below)
}

/// Whether a sum is money; counts and money are never added.
pub(crate) fn is_money(sum: &Sum) -> bool {
    sum.0.iter().any(|part| catalogue().get(part.category).is_some_and(|known| known.value_type == ValueType::Amount))
}
