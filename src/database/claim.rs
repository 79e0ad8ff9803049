//! Whether a claim holds of an answer: `assert share of not_held in 万柏林区 2024 == 77.0%`.

use crate::query::{
    Answer, Assertion, Claimed, Field, Number,
    plan::{Comparison, Literal},
};

/// A claim and what became of it.
#[derive(Clone, Debug)]
pub struct Asserted {
    /// The answer that was looked at.
    pub answer: Answer,
    /// Whether the claim holds of every row. An answer without rows or with a row without a value does not hold.
    pub holds: bool,
    /// The first row it does not hold of, from 0.
    pub against: Option<usize>,
    /// What was found there instead: the row's value, or the coverage of all reports expected.
    pub found: Option<Number>,
}

/// Holds an answer against a claim.
pub fn judge(assertion: &Assertion, answer: Answer) -> Asserted {
    let against = match &assertion.claim {
        // Coverage is of all reports expected, whatever the rows are counted by.
        Some(claim) if assertion.coverage => (!holds(claim, coverage(&answer))).then_some(0),
        Some(claim) => answer.rows().position(|row| !holds(claim, row.number("value"))),
        None => answer.rows().position(|row| row.field("status").is_some_and(is_failure)),
    };
    let empty = assertion.claim.is_some() && answer.rows.is_empty();
    let found = match against {
        Some(_) if assertion.coverage => coverage(&answer),
        Some(at) => answer.rows().nth(at).and_then(|row| row.number("value")),
        None => None,
    };
    Asserted { holds: against.is_none() && !empty, against, found, answer }
}

/// The reports there, of all expected.
fn coverage(answer: &Answer) -> Option<Number> {
    let sum = |column: &str| answer.rows().map(|row| whole(row.field(column))).sum::<Option<i128>>();
    match (sum("reports"), sum("expected")) {
        (Some(numerator), Some(denominator)) if denominator > 0 => Some(Number::Ratio { numerator, denominator }),
        _ => None,
    }
}

fn whole(field: Option<&Field>) -> Option<i128> {
    match field? {
        Field::Whole(count) => Some(i128::from(*count)),
        Field::Number(Some(Number::Count(count))) => Some(*count),
        _ => None,
    }
}

fn is_failure(field: &Field) -> bool {
    matches!(field, Field::Text(id) | Field::Item { id, .. } if id == "fail")
}

fn holds(claim: &Claimed, found: Option<Number>) -> bool {
    found.and_then(|found| compare(found, claim.comparison, claim.value, claim.tolerance)).unwrap_or(false)
}

/// Compares exactly, in whole numbers; nothing when the figures are too large to do so.
fn compare(found: Number, how: Comparison, wanted: Literal, tolerance: Option<Literal>) -> Option<bool> {
    let (above, below) = match found {
        Number::Count(count) => (count, 1),
        Number::Money(units) => (units, 1_000_000),
        Number::Ratio { numerator, denominator } => (numerator, denominator),
    };
    let ten = |scale: u8| 10_i128.checked_pow(scale.into());
    // found − wanted, brought to one denominator.
    let scale = ten(wanted.scale)?;
    let distance = above.checked_mul(scale)?.checked_sub(i128::from(wanted.digits).checked_mul(below)?)?;
    let one = below.checked_mul(scale)?;
    let within = match tolerance {
        Some(tolerance) => {
            let room = i128::from(tolerance.digits).checked_mul(one)?;
            distance.abs().checked_mul(ten(tolerance.scale)?)? <= room
        }
        None => distance == 0,
    };
    Some(match how {
        Comparison::Equal => within,
        Comparison::NotEqual => !within,
        Comparison::Less => distance < 0 && !(tolerance.is_some() && within),
        Comparison::LessOrEqual => distance <= 0 || (tolerance.is_some() && within),
        Comparison::Greater => distance > 0 && !(tolerance.is_some() && within),
        Comparison::GreaterOrEqual => distance >= 0 || (tolerance.is_some() && within),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(digits: i64, scale: u8) -> Literal {
        Literal { digits, scale }
    }

    #[test]
    fn shares_are_compared_exactly_or_within_a_tolerance() {
        let share = Number::Ratio { numerator: 769, denominator: 3050 };
        // 769 / 3050 = 25.2131… %
        assert_eq!(compare(share, Comparison::Equal, literal(252, 3), None), Some(false));
        assert_eq!(compare(share, Comparison::Equal, literal(252, 3), Some(literal(5, 4))), Some(true));
        assert_eq!(compare(share, Comparison::GreaterOrEqual, literal(25, 2), None), Some(true));
        assert_eq!(compare(share, Comparison::Less, literal(252, 3), None), Some(false));
        let seed = Number::Ratio { numerator: 77, denominator: 100 };
        assert_eq!(compare(seed, Comparison::Equal, literal(770, 3), None), Some(true));
    }

    #[test]
    fn money_is_compared_in_wan_yuan() {
        assert_eq!(compare(Number::Money(4_068_208_000), Comparison::Equal, literal(4_068_208, 3), None), Some(true));
        assert_eq!(compare(Number::Count(12), Comparison::NotEqual, literal(12, 0), None), Some(false));
    }
}
