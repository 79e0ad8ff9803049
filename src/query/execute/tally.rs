//! What is gathered for one row and one measure, and what comes out of it.

use super::{
    super::{
        Number,
        fraction::Fraction,
        plan::{Statistic, TermKind},
    },
    calc::{Calc, Pair},
};
use crate::model::State;

/// States in the order in which they speak for a row that has no value.
const SPOKEN: [State; 9] = [
    State::Unreadable,
    State::Blank,
    State::NotApplicable,
    State::NoPopulation,
    State::NotComparable,
    State::NewFromZero,
    State::Undefined,
    State::NotInTemplate,
    State::NoReport,
];

/// Forms met, and marks, as bits.
pub(crate) mod mark {
    /// A report in the form of 2019 was used.
    pub(crate) const FORM_2019: u8 = 1;
    /// A report in the form of 2021 was used.
    pub(crate) const FORM_2021: u8 = 2;
    /// The territory under the code changed that year.
    pub(crate) const TERRITORY: u8 = 4;
    /// There is no population figure.
    pub(crate) const NO_POPULATION: u8 = 8;
    /// A government's report that speaks of itself alone was used.
    pub(crate) const OWN: u8 = 16;
}

/// Sums and counts of one row and one measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) expected: u32,
    pub(crate) used: u32,
    pub(crate) proved: u32,
    pub(crate) marks: u8,
    states: [u32; SPOKEN.len()],
    new: (i128, i128),
    old: (i128, i128),
    /// The value of each report, for statistics.
    values: Vec<Fraction>,
}

/// What a row says of one measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) state: Option<State>,
    pub(crate) value: Option<Number>,
    /// For quartiles the two that follow.
    pub(crate) more: Vec<Number>,
    pub(crate) numerator: Option<Number>,
    pub(crate) denominator: Option<Number>,
    pub(crate) used: u32,
    pub(crate) expected: u32,
}

impl Shown {
    pub(crate) fn first(&self) -> Option<Fraction> {
        self.value.and_then(Fraction::of)
    }
}

impl Tally {
    /// Reports that are expected and give no figure.
    pub(crate) fn miss(&mut self, state: State, count: u32) {
        self.expected += count;
        self.state(state, count);
    }

    fn state(&mut self, state: State, more: u32) {
        if let Some(at) = SPOKEN.iter().position(|&spoken| spoken == state)
            && let Some(count) = self.states.get_mut(at)
        {
            *count += more;
        }
    }

    /// So many reports that are alike, with the sums of their figures. Returns whether these are numbers.
    pub(crate) fn add_alike(&mut self, sums: Pair, count: u32) -> bool {
        self.expected += count;
        self.proved += if sums.proved { count } else { 0 };
        if sums.state != State::Value {
            self.state(sums.state, count);
            return false;
        }
        self.used += count;
        self.new = (self.new.0 + sums.above, self.new.1 + sums.below);
        true
    }

    /// A report with its figures; the second are those of the year before, for a change.
    pub(crate) fn add(&mut self, calc: &Calc, statistic: bool, new: Pair, old: Option<Pair>) {
        self.expected += 1;
        self.proved += u32::from(new.proved);
        if new.state != State::Value {
            return self.state(new.state, 1);
        }
        if old.is_some_and(|old| old.state != State::Value) {
            return self.state(State::NotComparable, 1);
        }
        if statistic {
            let value = match old {
                None => calc.value(new.above, new.below).ok_or(State::Undefined),
                Some(old) => change(calc, (new.above, new.below), (old.above, old.below)),
            };
            match value {
                Ok(value) => self.values.push(value),
                Err(state) => return self.state(state, 1),
            }
        }
        self.used += 1;
        self.new = (self.new.0 + new.above, self.new.1 + new.below);
        if let Some(old) = old {
            self.old = (self.old.0 + old.above, self.old.1 + old.below);
        }
    }

    /// Counts of every state that is not a value, those there are.
    pub(crate) fn states(&self) -> impl Iterator<Item = (State, u64)> {
        SPOKEN
            .into_iter()
            .zip(self.states)
            .filter(|&(_, count)| count > 0)
            .map(|(state, count)| (state, u64::from(count)))
    }

    /// The row's figure.
    pub(crate) fn shown(&self, calc: &Calc, kind: TermKind, statistic: Option<Statistic>) -> Shown {
        let mut shown = Shown { used: self.used, expected: self.expected, ..Shown::default() };
        let outcome = if let Some(statistic) = statistic {
            self.statistic(calc, kind, statistic)
        } else if self.used == 0 {
            Err(self.speaks())
        } else {
            self.pooled(calc, kind, &mut shown).map(|value| (value, Vec::new()))
        };
        match outcome {
            Ok((value, more)) => (shown.state, shown.value, shown.more) = (Some(State::Value), Some(value), more),
            Err(state) => shown.state = Some(state),
        }
        shown
    }

    fn pooled(&self, calc: &Calc, kind: TermKind, shown: &mut Shown) -> Result<Number, State> {
        if kind == TermKind::Change {
            let number = |(above, below): (i128, i128)| {
                if calc.has_base() {
                    calc.value(above, below).map(Fraction::number)
                } else {
                    Some(calc.above_number(above))
                }
            };
            shown.numerator = number(self.new);
            shown.denominator = number(self.old);
            return change(calc, self.new, self.old).map(Fraction::number);
        }
        if !calc.has_base() {
            return Ok(calc.above_number(self.new.0));
        }
        shown.numerator = Some(calc.above_number(self.new.0));
        shown.denominator = Some(calc.below_number(self.new.1));
        calc.raw(self.new.0, self.new.1).ok_or(State::Undefined)
    }

    fn statistic(&self, calc: &Calc, kind: TermKind, statistic: Statistic) -> Result<(Number, Vec<Number>), State> {
        if statistic == Statistic::Count {
            return Ok((Number::Count(i128::try_from(self.values.len()).unwrap_or(i128::MAX)), Vec::new()));
        }
        let mut values = self.values.clone();
        values.sort();
        let whole = kind != TermKind::Change && !calc.has_base();
        let number = |value: Fraction| if whole { calc.whole(value) } else { value.number() };
        let at = |percent| percentile(&values, percent).map(number);
        let found = match statistic {
            Statistic::Mean => mean(&values).map(number),
            Statistic::Min => values.first().copied().map(number),
            Statistic::Max => values.last().copied().map(number),
            Statistic::Median => at(50),
            Statistic::Percentile(percent) => at(percent),
            Statistic::Quartiles => at(25),
            Statistic::Count => None,
        };
        let more =
            if statistic == Statistic::Quartiles { [50, 75].into_iter().filter_map(at).collect() } else { Vec::new() };
        found.map(|value| (value, more)).ok_or_else(|| self.speaks())
    }

    /// The state of a row without a value: the first that any of its reports is in.
    fn speaks(&self) -> State {
        self.states().next().map_or(State::NoReport, |(state, _)| state)
    }
}

/// The value of one report, where it has one.
pub(crate) fn single(calc: &Calc, new: Pair, old: Option<Pair>) -> Option<Fraction> {
    if new.state != State::Value || old.is_some_and(|old| old.state != State::Value) {
        return None;
    }
    match old {
        None => calc.value(new.above, new.below),
        Some(old) => change(calc, (new.above, new.below), (old.above, old.below)).ok(),
    }
}

/// (new − old) / old, of sums or of ratios.
fn change(calc: &Calc, new: (i128, i128), old: (i128, i128)) -> Result<Fraction, State> {
    let (Some(new), Some(old)) = (calc.value(new.0, new.1), calc.value(old.0, old.1)) else {
        return Err(State::Undefined);
    };
    let Some(upside_down) = Fraction::new(old.denominator(), old.numerator()) else {
        return Err(if new == Fraction::ZERO { State::Undefined } else { State::NewFromZero });
    };
    Ok(new.minus(old).times(upside_down))
}

fn mean(values: &[Fraction]) -> Option<Fraction> {
    let sum = values.iter().fold(Fraction::ZERO, |sum, &value| sum.plus(value));
    Fraction::new(1, i128::try_from(values.len()).ok()?).map(|part| sum.times(part))
}

/// Linear between the two nearest ranks: of n sorted values the one at (n − 1) · p / 100, counted from 0.
fn percentile(sorted: &[Fraction], percent: u8) -> Option<Fraction> {
    let position = sorted.len().checked_sub(1)? * usize::from(percent);
    let low = *sorted.get(position / 100)?;
    let part = Fraction::new(i128::try_from(position % 100).ok()?, 100)?;
    let high = sorted.get(position / 100 + 1).copied().unwrap_or(low);
    Some(low.plus(high.minus(low).times(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn percentiles_lie_between_ranks() {
        let values = [1, 2, 3, 4].map(Fraction::whole);
        assert_eq!(percentile(&values, 25), Some(of(7, 4)));
        assert_eq!(percentile(&values, 50), Some(of(5, 2)));
        assert_eq!(percentile(&values, 75), Some(of(13, 4)));
        assert_eq!(percentile(&values, 10), Some(of(13, 10)));
        assert_eq!(percentile(&[Fraction::whole(7)], 90), Some(Fraction::whole(7)));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn means_are_exact() {
        assert_eq!(mean(&[of(1, 3), of(1, 2), of(1, 6)]), Some(of(1, 3)));
        assert_eq!(mean(&[]), None);
    }
}
