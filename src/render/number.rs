//! Numbers as they are printed: exact integers in, decimal digits out, no float on the way.

use serde_json::Value;

use crate::{
    model::{Amount, Quantity},
    query::Number,
};

/// Largest count that a JSON reader with doubles keeps exactly: 2⁵³.
const EXACT: i128 = 1 << 53;

/// `numerator / denominator` with `digits` decimals, rounded half to even; nothing for a base of 0.
///
/// ```
/// # use gongkai::render::number::decimal;
/// assert_eq!(decimal(1, 8, 2).as_deref(), Some("0.12"));
/// assert_eq!(decimal(3, 8, 2).as_deref(), Some("0.38"));
/// ```
#[must_use]
pub fn decimal(numerator: i128, denominator: i128, digits: u32) -> Option<String> {
    let scale = 10_i128.checked_pow(digits)?;
    let negative = (numerator < 0) != (denominator < 0);
    let (above, below) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let scaled = above.checked_mul(scale.unsigned_abs())?;
    let (floor, rest) = (scaled.checked_div(below)?, scaled.checked_rem(below)?);
    let up = match rest.checked_mul(2)?.cmp(&below) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    let units = floor.checked_add(u128::from(up))?;
    let (whole, part) = (units / scale.unsigned_abs(), units % scale.unsigned_abs());
    let sign = if negative && units != 0 { "-" } else { "" };
    let width = usize::try_from(digits).ok()?;
    Some(if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0width$}") })
}

/// A ratio as a percentage with one decimal, rounded half to even: `77.0%`.
#[must_use]
pub fn percent(numerator: i128, denominator: i128) -> Option<String> {
    Some(decimal(numerator.checked_mul(100)?, denominator, 1)? + "%")
}

/// Money in 万元 without trailing zeros, as printed in the reports: `803`, `4068.208`.
#[must_use]
pub fn money(units: i128) -> String {
    let per = i128::from(Amount::PER_WAN).unsigned_abs();
    let (whole, part) = (units.unsigned_abs() / per, units.unsigned_abs() % per);
    let sign = if units < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{part:06}").trim_end_matches('0'))
}

/// A number of an answer for a person: `%` for a ratio whose unit says so, a decimal otherwise.
#[must_use]
pub fn shown(number: Number, unit: Option<&str>) -> String {
    match number {
        Number::Count(count) => count.to_string(),
        Number::Money(units) => money(units),
        Number::Ratio { numerator, denominator } => {
            let text =
                if unit == Some("%") { percent(numerator, denominator) } else { decimal(numerator, denominator, 2) };
            text.unwrap_or_else(|| format!("{numerator}/{denominator}"))
        }
    }
}

/// A number of an answer for CSV: plain digits, a ratio as a decimal with twelve places at most.
#[must_use]
pub fn plain(number: Number) -> String {
    match number {
        Number::Ratio { numerator, denominator } => {
            let text = decimal(numerator, denominator, 12).unwrap_or_else(|| format!("{numerator}/{denominator}"));
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
        other => shown(other, None),
    }
}

/// A number of an answer for JSON: a count as a number, a decimal that binary cannot hold as a string.
///
/// A ratio is the nearest double: its numerator and denominator stand beside it, exact.
#[must_use]
pub fn json(number: Number) -> Value {
    match number {
        Number::Count(count) => whole(count),
        Number::Money(units) => money_json(units),
        Number::Ratio { numerator, denominator } => ratio(numerator, denominator),
    }
}

/// A cell's number for JSON, by the same rule as [`json`].
#[must_use]
pub fn quantity(quantity: Quantity) -> Value {
    match quantity {
        Quantity::Count(count) => whole(i128::from(count)),
        Quantity::Money(amount) => money_json(i128::from(amount.0)),
    }
}

fn whole(count: i128) -> Value {
    match i64::try_from(count) {
        Ok(small) if count.abs() <= EXACT => Value::from(small),
        _ => Value::String(count.to_string()),
    }
}

fn money_json(units: i128) -> Value {
    let per = i128::from(Amount::PER_WAN);
    if units % per == 0 {
        return whole(units / per);
    }
    // Millionths are k/2⁶·5⁶: binary holds them exactly when the fives cancel.
    if units % 15_625 == 0
        && units.abs() <= EXACT
        && let Ok(number) = money(units).parse::<f64>()
    {
        return Value::from(number);
    }
    Value::String(money(units))
}

fn ratio(numerator: i128, denominator: i128) -> Value {
    // Seventeen digits decide every double; the text is exact, the parser rounds to nearest.
    let magnitude = numerator.unsigned_abs().checked_div(denominator.unsigned_abs()).unwrap_or(0);
    let digits = if magnitude == 0 { 20 } else { 17 };
    let text = decimal(numerator, denominator, digits).or_else(|| decimal(numerator, denominator, 6));
    text.and_then(|text| text.parse::<f64>().ok()).map_or(Value::Null, Value::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Number, decimal, json, money, percent, plain, shown};

    #[test]
    fn percentages_round_half_to_even() {
        assert_eq!(percent(77, 100).as_deref(), Some("77.0%"));
        assert_eq!(percent(1, 3).as_deref(), Some("33.3%"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.7%"));
        // 1/8 = 12.5 %, 1/16 = 6.25 % → 6.2, 3/16 = 18.75 % → 18.8
        assert_eq!(percent(1, 8).as_deref(), Some("12.5%"));
        assert_eq!(percent(1, 16).as_deref(), Some("6.2%"));
        assert_eq!(percent(3, 16).as_deref(), Some("18.8%"));
        assert_eq!(percent(-1, 16).as_deref(), Some("-6.2%"));
        assert_eq!(percent(-1, 10_000).as_deref(), Some("0.0%"));
        assert_eq!(percent(1, 0), None);
        assert_eq!(decimal(7, 2, 0).as_deref(), Some("4"));
    }

    #[test]
    fn money_keeps_every_digit() {
        assert_eq!(money(803_000_000), "803");
        assert_eq!(money(4_068_208_000), "4068.208");
        assert_eq!(money(-500_000), "-0.5");
        assert_eq!(json(Number::Money(803_000_000)), json!(803));
        assert_eq!(json(Number::Money(500_000)), json!(0.5));
        assert_eq!(json(Number::Money(4_068_208_000)), json!("4068.208"));
    }

    #[test]
    fn json_numbers() {
        assert_eq!(json(Number::Ratio { numerator: 77, denominator: 100 }), json!(0.77));
        assert_eq!(json(Number::Ratio { numerator: 1, denominator: 3 }), json!(1.0 / 3.0));
        assert_eq!(json(Number::Count(64_142)), json!(64_142));
        assert_eq!(json(Number::Count(1 << 60)), json!("1152921504606846976"));
    }

    #[test]
    fn units_decide_how_a_ratio_is_shown() {
        let ratio = Number::Ratio { numerator: 5, denominator: 2 };
        assert_eq!(shown(ratio, Some("%")), "250.0%");
        // Requests per residents, money per request: a quotient of unlike things is no percentage.
        assert_eq!(shown(ratio, None), "2.50");
        assert_eq!(shown(ratio, Some("件")), "2.50");
        assert_eq!(plain(ratio), "2.5");
        assert_eq!(plain(Number::Count(100)), "100");
    }
}
