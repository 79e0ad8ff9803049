//! What is gathered for a row, and what it shows.

use gongkai::{
    model::State,
    query::plan::{Comparison, Condition, Operand, Statistic, Term, TermKind},
};

use super::{
    figures::Member2,
    ratio::{Ratio, add, fraction, minus, order, reduce, times},
};

#[derive(Default, Clone)]
pub struct Gathered {
    pub expected: usize,
    pub used: usize,
    pub states: Vec<State>,
    pub new: Ratio,
    pub old: Ratio,
    pub values: Vec<Ratio>,
}

#[derive(Clone)]
pub struct Shown {
    pub state: State,
    pub values: Vec<Option<Ratio>>,
    /// Numerator and denominator, or new and old: as numbers and as they are written.
    pub parts: Option<[Option<(Ratio, String)>; 2]>,
    pub used: usize,
    pub expected: usize,
    pub states: Vec<State>,
    pub small: bool,
}

/// (new − old) / old.
pub fn change(member: &Member2, new: Ratio, old: Ratio) -> Result<Ratio, State> {
    let (Some(new), Some(old)) = (member.value(new), member.value(old)) else { return Err(State::Undefined) };
    match (new.0, old.0) {
        (0, 0) => Err(State::Undefined),
        (_, 0) => Err(State::NewFromZero),
        _ => Ok(times(minus(new, old), reduce(old.1, old.0))),
    }
}

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

fn statistic(which: Statistic, mut values: Vec<Ratio>) -> Option<Vec<Ratio>> {
    values.sort_by(|a, b| order(*a, *b));
    let count = i128::try_from(values.len()).unwrap();
    if which == Statistic::Count {
        return Some(vec![(count, 1)]);
    }
    let last = values.len().checked_sub(1)?;
    let at = |percent: usize| {
        let low = values[last * percent / 100];
        let high = values[(last * percent / 100 + 1).min(last)];
        let between = i128::try_from(last * percent % 100).unwrap();
        add(low, times(minus(high, low), (between, 100)))
    };
    Some(match which {
        Statistic::Mean => vec![times(values.iter().fold((0, 1), |total, &value| add(total, value)), (1, count))],
        Statistic::Median => vec![at(50)],
        Statistic::Min => vec![values[0]],
        Statistic::Max => vec![values[last]],
        Statistic::Percentile(percent) => vec![at(usize::from(percent))],
        Statistic::Quartiles => vec![at(25), at(50), at(75)],
        Statistic::Count => unreachable!(),
    })
}

pub fn shown(row: &Gathered, term: &Term, member: &Member2) -> Shown {
    let speaks = || SPOKEN.into_iter().find(|state| row.states.contains(state)).unwrap_or(State::NoReport);
    let mut parts = None;
    let outcome: Result<Vec<Ratio>, State> = match (term.statistic, row.used, term.kind) {
        (Some(which), ..) => statistic(which, row.values.clone()).ok_or_else(speaks),
        (None, 0, _) => Err(speaks()),
        (None, _, TermKind::Change) => {
            let part = |sums| member.value(sums).map(|value| (value, fraction(value)));
            parts = Some([part(row.new), part(row.old)]);
            change(member, row.new, row.old).map(|value| vec![value])
        }
        (None, ..) => {
            if member.divided() {
                let (above, below) = member.written(row.new);
                let number = |text: &str| {
                    let (n, d) = text.split_once('/').unwrap_or((text, "1"));
                    (n.parse().unwrap(), d.parse().unwrap())
                };
                parts = Some([Some((number(&above), above)), Some((number(&below), below))]);
            }
            member.value(row.new).map(|value| vec![value]).ok_or(State::Undefined)
        }
    };
    let width = if term.statistic == Some(Statistic::Quartiles) { 3 } else { 1 };
    let small = outcome.is_ok() && term.statistic.is_none() && term.kind != TermKind::Change && member.small(row.new);
    let (state, values) = match outcome {
        Ok(values) => (State::Value, values.into_iter().map(Some).collect()),
        Err(state) => (state, vec![None; width]),
    };
    let mut states = row.states.clone();
    states.sort();
    Shown { state, values, parts, used: row.used, expected: row.expected, states, small }
}

pub fn compares(left: Option<Ratio>, comparison: Comparison, right: Ratio) -> bool {
    left.is_some_and(|left| {
        let order = order(left, right);
        match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
        }
    })
}

/// Whether a condition holds, given what its operands are worth.
pub fn holds(condition: &Condition, worth: &dyn Fn(&Operand) -> Option<Ratio>) -> bool {
    match condition {
        Condition::And(parts) => parts.iter().all(|part| holds(part, worth)),
        Condition::Or(parts) => parts.iter().any(|part| holds(part, worth)),
        Condition::Compare(operand, comparison, literal) => {
            let right = (i128::from(literal.digits), 10_i128.pow(u32::from(literal.scale)));
            compares(worth(operand), *comparison, right)
        }
    }
}

/// The operands of a condition.
pub fn operands(condition: &Condition) -> Vec<&Operand> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().flat_map(operands).collect(),
        Condition::Compare(operand, ..) => vec![operand],
    }
}
