//! Exact numbers: whole counts and decimal amounts of money. Never a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Money in millionths of 万元 (hundredths of a yuan): 万元 with six decimals, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// How many units make one 万元.
    pub const PER_WAN: i64 = 1_000_000;
    /// How many units make one 元.
    pub const PER_YUAN: i64 = 100;
}

/// A number read from a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quantity {
    /// A whole number of 件 or 项; negative only where the form asks for a change.
    Count(i64),
    /// An amount of money.
    Money(Amount),
}

impl Quantity {
    /// The number of smallest units: the count itself, or millionths of 万元.
    #[must_use]
    pub fn units(self) -> i64 {
        match self {
            Self::Count(count) => count,
            Self::Money(amount) => amount.0,
        }
    }
}

impl fmt::Display for Amount {
    /// 万元 without trailing zeros: `803`, `4068.208`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if part == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

impl FromStr for Amount {
    type Err = String;

    /// Reads 万元 as plain decimal digits with at most six decimals.
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text} is not an amount of ten thousand yuan with at most six decimals");
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if part.len() > 6 || !plain(whole) || !plain(part) {
            return Err(refuse());
        }
        let units: i64 = format!("{whole}{part:0<6}").parse().map_err(|_| refuse())?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Money(amount) => amount.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for text in ["803", "4068.208", "59237.2449", "4166.241619", "0", "-0.5"] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
        }
        assert_eq!("803.00".parse::<Amount>().unwrap().to_string(), "803");
        for text in ["", ".", "1.", ".5", "1.1234567", "1e3", "99999999999999999999"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }
}
