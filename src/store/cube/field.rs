//! What the fields of a cube say.

use crate::{
    messages::Said,
    model::{Amount, Slot, Year},
    store::block::Mark,
};

/// What a row says, or why it is refused.
pub type Parsed<T> = Result<T, Said>;

/// A cell that is not 0: number of its column, what stands there, and the number.
pub type Cell = (usize, Mark, i64);

/// The most digits of a number: anything longer is no count of anything.
const DIGITS: usize = 15;

/// Eight cells of 0. Two cells of three are such.
const ZEROS: &[u8; 16] = b"0,0,0,0,0,0,0,0,";

/// Body and year of a row.
pub fn key<'a>(body: Option<&'a [u8]>, year: Option<&[u8]>) -> Parsed<(&'a str, Year)> {
    let body = std::str::from_utf8(body.unwrap_or_default()).map_err(|_| Said::new("import.not_utf8"))?;
    let year = String::from_utf8_lossy(year.unwrap_or_default());
    let year = year.trim();
    let number = year.parse().ok().and_then(Year::new).ok_or_else(|| Said::new("import.no_year").with("year", year))?;
    Ok((body.trim(), number))
}

/// What a field says; nothing where it is neither a state nor a number.
pub fn value(field: &[u8], money: bool) -> Option<(Mark, i64)> {
    let field = field.trim_ascii();
    match field {
        b"" => return Some((Mark::Blank, 0)),
        b"NA" => return Some((Mark::NotApplicable, 0)),
        b"?" => return Some((Mark::Unreadable, 0)),
        _ => {}
    }
    if money {
        let amount: Amount = std::str::from_utf8(field).ok()?.parse().ok()?;
        return Some((Mark::Money, amount.0));
    }
    let (negative, digits) = field.strip_prefix(b"-").map_or((false, field), |rest| (true, rest));
    if digits.is_empty() || digits.len() > DIGITS {
        return None;
    }
    let mut number = 0i64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some((Mark::Count, if negative { -number } else { number }))
}

/// The refusal of a field that says nothing.
pub fn no_number(field: &[u8]) -> Said {
    Said::new("import.no_number").with("text", String::from_utf8_lossy(field.trim_ascii()))
}

/// Body and year of a row of a wide cube of `count` fields; its cells go into `cells`.
pub fn wide<'a>(
    count: usize,
    mut fields: impl Iterator<Item = &'a [u8]>,
    slots: &[(Slot, bool)],
    cells: &mut Vec<Cell>,
) -> Parsed<(&'a str, Year)> {
    if count != slots.len() + 2 {
        return Err(Said::new("import.fields").with("count", count).with("wanted", slots.len() + 2));
    }
    let key = key(fields.next(), fields.next())?;
    cells.clear();
    for ((field, &(_, money)), column) in fields.zip(slots).zip(0..) {
        let (mark, units) = value(field, money).ok_or_else(|| no_number(field))?;
        put(cells, column, mark, units);
    }
    Ok(key)
}

fn put(cells: &mut Vec<Cell>, column: usize, mark: Mark, units: i64) {
    if !(mark.is_value() && units == 0) {
        cells.push((column, mark, units));
    }
}

/// Body and year of a line without quotes; its cells go into `cells`.
pub fn line<'a>(line: &'a [u8], slots: &[(Slot, bool)], cells: &mut Vec<Cell>) -> Parsed<(&'a str, Year)> {
    if let Some(key) = plain(line, slots, cells) {
        return Ok(key);
    }
    // Something is not as it should be: the general way says what.
    let fields = || line.split(|&byte| byte == b',');
    wide(fields().count(), fields(), slots, cells)
}

/// The same where nothing is wrong with the line, many cells at a time.
fn plain<'a>(line: &'a [u8], slots: &[(Slot, bool)], cells: &mut Vec<Cell>) -> Option<(&'a str, Year)> {
    let mut parts = line.splitn(3, |&byte| byte == b',');
    let key = key(parts.next(), Some(parts.next()?)).ok()?;
    let (mut text, mut column) = (parts.next()?, 0);
    cells.clear();
    loop {
        while let Some(rest) = text.strip_prefix(ZEROS) {
            (text, column) = (rest, column + 8);
        }
        let &(_, money) = slots.get(column)?;
        text = match text {
            [b'0', b',', rest @ ..] => rest,
            [b',', rest @ ..] => {
                cells.push((column, Mark::Blank, 0));
                rest
            }
            [digit @ b'1'..=b'9', b',', rest @ ..] if !money => {
                cells.push((column, Mark::Count, i64::from(digit - b'0')));
                rest
            }
            _ => {
                let end = text.iter().position(|&byte| byte == b',');
                let (field, rest) = end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, &[]));
                let (mark, units) = value(field, money)?;
                put(cells, column, mark, units);
                match rest.split_first() {
                    Some((_, rest)) => rest,
                    None => return (column + 1 == slots.len()).then_some(key),
                }
            }
        };
        column += 1;
    }
}
