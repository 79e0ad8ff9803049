//! Fractions of whole numbers.

/// A fraction in lowest terms; whole numbers without a line.
pub fn fraction((numerator, denominator): Ratio) -> String {
    let (n, d) = reduce(numerator, denominator);
    if d == 1 { n.to_string() } else { format!("{n}/{d}") }
}

pub fn reduce(n: i128, d: i128) -> Ratio {
    let (mut a, mut b) = (n.unsigned_abs(), d.unsigned_abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let by = i128::try_from(a.max(1)).unwrap() * if d < 0 { -1 } else { 1 };
    (n / by, d / by)
}

pub type Ratio = (i128, i128);

pub fn add(a: Ratio, b: Ratio) -> Ratio {
    reduce(a.0 * b.1 + b.0 * a.1, a.1 * b.1)
}

pub fn times(a: Ratio, b: Ratio) -> Ratio {
    reduce(a.0 * b.0, a.1 * b.1)
}

pub fn minus(a: Ratio, b: Ratio) -> Ratio {
    add(a, (-b.0, b.1))
}

pub fn order(a: Ratio, b: Ratio) -> std::cmp::Ordering {
    (a.0 * b.1).cmp(&(b.0 * a.1))
}
