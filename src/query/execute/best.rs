//! `top` and `bottom` before rows are made: of a chunk's reports only those that can be among the best become rows.

use std::{
    cmp::Ordering,
    sync::{Mutex, PoisonError},
};

use super::{
    super::plan::{Dimension, Stage},
    figures::Figures,
    setup::Setup,
};

/// How many rows are wanted, and the value that so many are known to reach.
#[derive(Debug)]
pub(crate) struct Best {
    count: usize,
    largest: bool,
    /// Whether bodies are in the order of rows, which is what decides between equal values.
    ordered: bool,
    bar: Mutex<Option<Value>>,
}

/// A fraction with a positive denominator.
#[derive(Clone, Copy, Debug)]
struct Value {
    above: i64,
    below: i64,
}

impl Value {
    fn of(figures: &Figures, at: usize) -> Option<Self> {
        let above = *figures.above.get(at)?;
        match figures.below.as_ref().map_or(Some(1), |below| below.get(at).copied())? {
            0 => None,
            below if below < 0 => Some(Self { above: above.checked_neg()?, below: below.checked_neg()? }),
            below => Some(Self { above, below }),
        }
    }

    fn cmp(self, other: Self) -> Ordering {
        let product = |a, b| i128::from(a) * i128::from(b);
        product(self.above, other.below).cmp(&product(other.above, self.below))
    }
}

impl Best {
    /// What a statement wants, where it chooses the best of all rows before anything else makes some fewer.
    pub(crate) fn of(setup: &Setup) -> Option<Self> {
        let (count, largest) = setup.plan.stages.iter().find_map(|stage| match stage {
            Stage::Top(count) => Some(Some((*count, true))),
            Stage::Bottom(count) => Some(Some((*count, false))),
            Stage::Keep(_) | Stage::Contributions => Some(None),
            _ => None,
        })??;
        let ordered = !setup.by.contains(&Dimension::Level);
        (count > 0).then(|| Self { count, largest, ordered, bar: Mutex::new(None) })
    }

    /// Leaves of reports, by the places of their bodies, those that can be among the best.
    pub(crate) fn choose(&self, figures: &Figures, places: impl Iterator<Item = usize>) -> Vec<usize> {
        let better = |a: Value, b: Value| if self.largest { b.cmp(a) } else { a.cmp(b) };
        let order = |a: &(Value, usize), b: &(Value, usize)| {
            better(a.0, b.0).then_with(|| if self.ordered { a.1.cmp(&b.1) } else { Ordering::Equal })
        };
        let bar = || self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let known = *bar();
        let valued = places.filter_map(|at| Some((Value::of(figures, at)?, at)));
        let mut chosen: Vec<_> = valued.filter(|one| known.is_none_or(|bar| better(one.0, bar).is_le())).collect();
        if chosen.len() > self.count {
            let (_, &mut last, _) = chosen.select_nth_unstable_by(self.count - 1, order);
            chosen.retain(|one| order(one, &last).is_le());
            let mut bar = bar();
            if bar.is_none_or(|bar| better(last.0, bar).is_lt()) {
                *bar = Some(last.0);
            }
        }
        chosen.into_iter().map(|(_, at)| at).collect()
    }
}
