//! What a number cell says: sign, digits, unit, remark; or a mark that stands for "does not apply".

use std::sync::OnceLock;

use compact_str::CompactString;

use super::{
    flow::{Flow, Gap, Glyph},
    labels::words,
};
use crate::{
    model::{Amount, Quantity, Reading},
    schema::ValueType,
};

/// What money is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// 万元
    Wan,
    /// 元
    Yuan,
    /// 件, 项 and the like
    Count,
}

/// A number as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// `+` or `-`, where there is one.
    pub sign: Option<char>,
    /// The whole part, leading zeros included.
    pub digits: CompactString,
    /// The decimals.
    pub fraction: Option<CompactString>,
    /// The unit printed behind it.
    pub unit: Option<Unit>,
}

impl Number {
    /// A bare whole number.
    pub fn plain(digits: &str) -> Self {
        Self { sign: None, digits: digits.into(), fraction: None, unit: None }
    }

    /// The value of a number that is nothing but digits.
    pub fn count(&self) -> Option<i64> {
        /// More digits are no count, and sums of what is left cannot overflow.
        const DIGITS: usize = 15;
        if self.digits.len() > DIGITS {
            return None;
        }
        let whole = self.fraction.as_deref().is_none_or(|fraction| fraction.bytes().all(|byte| byte == b'0'));
        let money = matches!(self.unit, Some(Unit::Wan | Unit::Yuan));
        if !whole || money {
            return None;
        }
        let value: i64 = self.digits.parse().ok()?;
        Some(if self.sign == Some('-') { -value } else { value })
    }

    /// Whether it is one unbroken run of digits without sign, decimals or unit.
    pub fn is_run(&self) -> bool {
        self.sign.is_none() && self.fraction.is_none() && self.unit.is_none()
    }

    /// What it means in a cell of that type; the flag says that 元 were turned into 万元.
    pub fn reading(&self, value_type: ValueType) -> (Reading, bool) {
        let value = match value_type {
            ValueType::None => None,
            ValueType::Count => self.count().filter(|&count| count >= 0).map(Quantity::Count),
            ValueType::SignedCount => self.count().map(Quantity::Count),
            ValueType::Amount => self.amount().map(Quantity::Money),
        };
        (
            value.map_or(Reading::Unreadable, Reading::Value),
            value_type == ValueType::Amount && self.unit == Some(Unit::Yuan),
        )
    }

    fn amount(&self) -> Option<Amount> {
        let fraction = self.fraction.as_deref().unwrap_or("0");
        let (per_unit, decimals) = match self.unit {
            Some(Unit::Yuan) => (Amount::PER_YUAN, 2),
            Some(Unit::Count) => return None,
            Some(Unit::Wan) | None => (Amount::PER_WAN, 6),
        };
        let kept = fraction.trim_end_matches('0');
        if kept.len() > decimals {
            return None;
        }
        let whole: i64 = self.digits.parse().ok()?;
        let part: i64 = format!("{kept:0<decimals$}").parse().ok()?;
        let units = whole.checked_mul(per_unit)?.checked_add(part)?;
        Some(Amount(if self.sign == Some('-') { -units } else { units }))
    }
}

/// What one cell or token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A number.
    Number(Number),
    /// `/`, `-`, 无.
    NotApplicable,
    /// Nothing.
    Empty,
    /// Something else.
    Garbled,
}

struct Words {
    signs: Vec<(char, char)>,
    units: Vec<(Vec<char>, Unit)>,
    absent: Vec<Vec<char>>,
}

fn vocabulary() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut known = Words { signs: vec![('+', '+'), ('-', '-')], units: Vec::new(), absent: Vec::new() };
        for (kind, id, word) in words() {
            let unit = match id {
                "wan" => Unit::Wan,
                "yuan" => Unit::Yuan,
                _ => Unit::Count,
            };
            match kind {
                "sign" => known.signs.extend(word.chars().next().zip(id.chars().next())),
                "unit" => known.units.push((word.chars().collect(), unit)),
                "mark" => known.absent.push(word.chars().collect()),
                _ => {}
            }
        }
        known
    })
}

fn is_dash(ch: char) -> bool {
    matches!(ch, '-' | '–' | '—' | '―' | '─' | '－' | '_')
}

/// A page number such as `-4-` on a line of its own; where it ends.
pub(crate) fn page_number(flow: &Flow, at: usize) -> Option<usize> {
    if !is_dash(flow.ch(at)) || flow.gap(at) < Gap::Line {
        return None;
    }
    let mut end = at + 1;
    while flow.ch(end).is_ascii_digit() && flow.gap(end) < Gap::Cell {
        end += 1;
    }
    let closed = end > at + 1 && is_dash(flow.ch(end)) && flow.gap(end) < Gap::Cell;
    (closed && flow.gap(end + 1) >= Gap::Line).then_some(end + 1)
}

/// A mark that says "does not apply", alone in its cell; where it ends.
pub(crate) fn not_applicable(flow: &Flow, at: usize, limit: usize) -> Option<usize> {
    let alone = |end: usize, least: Gap| flow.gap(at) >= least && (end >= limit || flow.gap(end) >= least);
    let ch = flow.ch(at);
    if ch == '/' || ch == '\\' {
        return alone(at + 1, Gap::Space).then_some(at + 1);
    }
    if is_dash(ch) {
        let mut end = at + 1;
        while end < limit && is_dash(flow.ch(end)) && flow.gap(end) == Gap::Joined {
            end += 1;
        }
        return alone(end, Gap::Space).then_some(end);
    }
    let spelt = |word: &&Vec<char>| word.iter().enumerate().all(|(step, &ch)| flow.ch(at + step) == ch);
    let end = vocabulary().absent.iter().find(spelt).map(|word| at + word.len())?;
    alone(end, Gap::Cell).then_some(end)
}

/// Reads the number that begins at a glyph, not past `limit`; where it ends.
///
/// A figure in a sentence is none: it is joined to other words (第1期, 2020年, 12件，).
pub(crate) fn number(flow: &Flow, at: usize, limit: usize) -> Option<(Number, usize)> {
    let words = vocabulary();
    let mut end = at;
    let joined = |end: usize| end < limit && flow.gap(end) == Gap::Joined;
    let mut sign = None;
    let first = flow.ch(at);
    if !first.is_ascii_digit() {
        let (_, meaning) = words.signs.iter().find(|&&(sign, _)| sign == first)?;
        sign = Some(*meaning);
        end += 1;
        if !joined(end) {
            return None;
        }
    }
    let mut digits = CompactString::default();
    while (end == at || joined(end)) && flow.ch(end).is_ascii_digit() {
        digits.push(flow.ch(end));
        end += 1;
    }
    if digits.is_empty() {
        return None;
    }
    let ahead =
        |end: usize, count: usize| (1..=count).all(|step| joined(end + step) && flow.ch(end + step).is_ascii_digit());
    if digits.len() <= 3 && !digits.starts_with('0') {
        while joined(end) && flow.ch(end) == ',' && ahead(end, 3) && !(ahead(end, 4)) {
            digits.extend((1..=3).map(|step| flow.ch(end + step)));
            end += 4;
        }
    }
    let mut fraction = None;
    if joined(end) && flow.ch(end) == '.' && ahead(end, 1) {
        end += 1;
        let mut decimals = CompactString::default();
        while joined(end) && flow.ch(end).is_ascii_digit() {
            decimals.push(flow.ch(end));
            end += 1;
        }
        fraction = Some(decimals);
    }
    let mut unit = None;
    if end < limit && flow.gap(end) <= Gap::Space {
        let spelt =
            |word: &[char]| word.iter().enumerate().all(|(step, &ch)| end + step < limit && flow.ch(end + step) == ch);
        if let Some((word, known)) = words.units.iter().find(|(word, _)| spelt(word)) {
            unit = Some(*known);
            end += word.len();
        }
    }
    Some((Number { sign, digits, fraction, unit }, remark(flow, end, limit)))
}

/// The unit that the head of a column names in brackets: 采购总金额(万元), （单位：万元）.
pub(crate) fn head_unit(flow: &Flow, at: usize) -> Option<Unit> {
    const LONGEST: usize = 16;
    if flow.ch(at) != '(' {
        return None;
    }
    let inside = (at + 1..at + LONGEST).take_while(|&at| flow.ch(at) != ')');
    let known = |at: usize| {
        let units = vocabulary().units.iter().filter(|(_, unit)| *unit != Unit::Count);
        units
            .filter(|(word, _)| word.iter().enumerate().all(|(step, &ch)| flow.ch(at + step) == ch))
            .map(|(_, unit)| *unit)
            .next()
    };
    inside.into_iter().find_map(known)
}

/// Takes a remark in brackets behind a number: `22（其中修订 16 件）`.
fn remark(flow: &Flow, at: usize, limit: usize) -> usize {
    const LONGEST: usize = 60;
    if at >= limit || flow.ch(at) != '(' || flow.gap(at) > Gap::Space {
        return at;
    }
    let unit = flow.glyph(at).map(Glyph::unit);
    for end in at + 1..limit.min(at + LONGEST) {
        let glyph = flow.glyph(end);
        if glyph.map(Glyph::unit) != unit || flow.ch(end) == Glyph::EMPTY {
            return at;
        }
        if flow.ch(end) == ')' {
            // A numeral in brackets, （七）, begins the next label.
            let numeral = end == at + 2 && super::labels::is_numeral(flow.ch(at + 1));
            return if numeral { at } else { end + 1 };
        }
    }
    at
}
