//! Exact fractions: shares, changes, means and percentiles without a float anywhere.

use std::cmp::Ordering;

use super::Number;
use crate::model::Amount;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    numerator: i128,
    denominator: i128,
}

/// Denominator of what cannot be kept exactly: 24 decimals.
const FINE: i128 = 1_000_000_000_000_000_000_000_000;

impl Fraction {
    pub(crate) const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// The fraction, or nothing for a denominator of 0.
    pub(crate) fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator, denominator).max(1);
        let (numerator, denominator) =
            if divisor == 1 { (numerator, denominator) } else { (numerator / divisor, denominator / divisor) };
        if denominator < 0 {
            return Some(Self { numerator: numerator.checked_neg()?, denominator: denominator.checked_neg()? });
        }
        Some(Self { numerator, denominator })
    }

    pub(crate) fn whole(number: i128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    /// The value of a number of an answer; money in 万元.
    pub(crate) fn of(number: Number) -> Option<Self> {
        match number {
            Number::Count(count) => Some(Self::whole(count)),
            Number::Money(units) => Self::new(units, i128::from(Amount::PER_WAN)),
            Number::Ratio { numerator, denominator } => Self::new(numerator, denominator),
        }
    }

    pub(crate) fn number(self) -> Number {
        Number::Ratio { numerator: self.numerator, denominator: self.denominator }
    }

    pub(crate) fn numerator(self) -> i128 {
        self.numerator
    }

    pub(crate) fn denominator(self) -> i128 {
        self.denominator
    }

    /// The sum; exact, or to 24 decimals where the exact one has no room.
    pub(crate) fn plus(self, other: Self) -> Self {
        let exact = || {
            let left = self.numerator.checked_mul(other.denominator)?;
            let right = other.numerator.checked_mul(self.denominator)?;
            Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
        };
        exact().unwrap_or_else(|| {
            let sum = self.fine().saturating_add(other.fine());
            Self::new(sum, FINE).unwrap_or(Self::ZERO)
        })
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(Self { numerator: other.numerator.saturating_neg(), denominator: other.denominator })
    }

    /// The product; exact, or to 24 decimals where the exact one has no room.
    pub(crate) fn times(self, other: Self) -> Self {
        // Crosswise reduction first keeps the products small.
        let (Some(left), Some(right)) =
            (Self::new(self.numerator, other.denominator), Self::new(other.numerator, self.denominator))
        else {
            return Self::ZERO;
        };
        let exact = || {
            Self::new(left.numerator.checked_mul(right.numerator)?, left.denominator.checked_mul(right.denominator)?)
        };
        exact().unwrap_or_else(|| {
            let wide = 1_000_000_000_000_i128;
            let coarse = |it: Self| it.fine() / wide;
            Self::new(coarse(left).saturating_mul(coarse(right)), FINE).unwrap_or(Self::ZERO)
        })
    }

    /// The value times 10^24, rounded towards zero.
    fn fine(self) -> i128 {
        let (whole, mut rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        let mut fine = whole;
        // Long division, one decimal a step, so that nothing overflows while the value itself fits.
        for _ in 0..24 {
            let Some(next) = rest.checked_mul(10) else { return fine.saturating_mul(10) };
            fine = fine.saturating_mul(10).saturating_add(next / self.denominator);
            rest = next % self.denominator;
        }
        fine
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// Exact whatever the size: crosswise where there is room, else by whole parts, then by the remainders turned
    /// upside down.
    fn cmp(&self, other: &Self) -> Ordering {
        let short = |number: i128| i64::try_from(number).map(i128::from).ok();
        let crosswise = || Some(short(self.numerator)? * short(other.denominator)?);
        if let (Some(left), Some(right)) = (crosswise(), short(other.numerator).zip(short(self.denominator))) {
            return left.cmp(&(right.0 * right.1));
        }
        let (mut left, mut right) = (*self, *other);
        let mut swapped = false;
        loop {
            let whole = |it: Fraction| it.numerator.div_euclid(it.denominator);
            let rest = |it: Fraction| it.numerator.rem_euclid(it.denominator);
            let order = whole(left).cmp(&whole(right)).then_with(|| match (rest(left), rest(right)) {
                (0, 0) => Ordering::Equal,
                (0, _) => Ordering::Less,
                (_, 0) => Ordering::Greater,
                _ => Ordering::Equal,
            });
            let (a, b) = (rest(left), rest(right));
            if order != Ordering::Equal || a == 0 || b == 0 {
                return if swapped { order.reverse() } else { order };
            }
            left = Self { numerator: left.denominator, denominator: a };
            right = Self { numerator: right.denominator, denominator: b };
            swapped = !swapped;
        }
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    // Dividing 128 bits takes ten times as long, and hardly a figure has so many.
    if let (Ok(mut a), Ok(mut b)) = (u64::try_from(a.unsigned_abs()), u64::try_from(b.unsigned_abs())) {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return i128::from(a);
    }
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn order_is_exact() {
        assert!(of(1, 3) < of(34, 100));
        assert!(of(-1, 2) < of(-1, 3));
        assert!(of(-1, 2) < of(0, 1) && of(7, 2) > of(3, 1));
        assert_eq!(of(77, 100).cmp(&of(154, 200)), Ordering::Equal);
        let long = i128::from(i64::MAX);
        assert!(of(long - 2, long) < of(long - 1, long) && of(-long - 1, 1) < of(1 - long, 1));
        assert!(of(long + 2, 3) > of(long + 1, 3) && of(3, long + 3) < of(3, long + 2));
        let huge = i128::MAX;
        assert!(of(huge - 2, huge) < of(huge - 1, huge));
    }

    #[test]
    fn sums_and_products_are_exact_while_there_is_room() {
        assert_eq!(of(1, 3).plus(of(2, 3)), Fraction::whole(1));
        assert_eq!(of(1, 3).minus(of(1, 2)), of(-1, 6));
        assert_eq!(of(2, 3).times(of(3, 4)), of(1, 2));
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(of(5, -10), of(-1, 2));
    }

    #[test]
    fn what_has_no_room_is_kept_to_24_decimals() {
        let (a, b) = (of(1, (1 << 100) + 1), of(1, (1 << 101) + 1));
        let sum = a.plus(b);
        assert!(sum >= Fraction::ZERO && sum < of(1, 1 << 70));
    }
}
