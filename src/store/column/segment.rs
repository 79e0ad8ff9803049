//! One column of one year over the bodies of one chunk, in the fewest bytes that fit it.
//!
//! ```text
//! version 1 · layout 1 · width 1 · default 1 · kind 1
//! bodies 2 · packed 2 · exceptions 2 · values 2 · blank 2 · proved 2 · not applicable 2 · unreadable 2
//! base 8 · sum 8
//! positions (bitmap, or gaps, or nothing when dense) · packed numbers · exceptions · CRC-32
//! ```
//!
//! Bodies that are not listed have the default mark (a number 0, or the commonest other state); bodies without a
//! report are told by the presence column. Numbers are stored less `base`, in 0, 4, 8, 16, 32 or 64 bits; what does
//! not fit, and every state other than a number of the column's kind, is an exception: gap, mark, number.

use super::bits;
use crate::{
    error::{Error, ErrorKind, Result},
    store::{
        block::{Mark, Totals},
        bytes::{Reader, put_varint},
        codec,
    },
};

pub(super) const VERSION: u8 = 1;
const HEAD: usize = 37;
/// Most bodies of a chunk.
pub const LONGEST: usize = 8192;

pub(super) const BITMAP: u8 = 0;
pub(super) const GAPS: u8 = 1;
pub(super) const DENSE: u8 = 2;
const WIDTHS: [u8; 6] = [0, 4, 8, 16, 32, 64];

/// A column as the cells that are not as most are: most of most columns are a count of 0, and are only counted.
pub struct Listed<'a> {
    /// Bodies of the chunk.
    pub bodies: usize,
    /// How many of them have a report.
    pub reports: usize,
    /// Whether a body has one.
    pub present: &'a dyn Fn(usize) -> bool,
    /// What reports have that are not listed: a number, which is 0, or no such cell.
    pub fill: Mark,
    /// Position of the body, what its report has, and the number; in order of positions.
    pub cells: &'a [(u16, Mark, i64)],
}

impl Listed<'_> {
    /// The cells of all reports.
    fn all(&self) -> Vec<(u16, Mark, i64)> {
        let mut listed = self.cells.iter().peekable();
        let cell = |at: u16| match listed.next_if(|cell| cell.0 == at) {
            Some(&cell) => cell,
            None => (at, self.fill, 0),
        };
        let reports = (0u16..).take(self.bodies).filter(|&at| (self.present)(at.into()));
        reports.map(cell).collect()
    }
}

/// Encodes a column. `marks` and `units` run over the bodies of a chunk, [`Mark::NoReport`] where there is no report.
/// Returns nothing when no report has such a cell.
#[must_use]
pub fn encode(id: (u32, u16), marks: &[Mark], units: &[i64]) -> Option<Vec<u8>> {
    let (mut zeros, mut cells) = (0, Vec::new());
    for ((&mark, &units), at) in marks.iter().zip(units).zip(0..) {
        if (mark, units) == (Mark::Count, 0) {
            zeros += 1;
        } else if mark != Mark::NoReport {
            cells.push((at, mark, units));
        }
    }
    let present = |at: usize| marks.get(at).is_some_and(|&mark| mark != Mark::NoReport);
    let (bodies, reports) = (marks.len(), zeros + cells.len());
    encode_listed(id, &Listed { bodies, reports, present: &present, fill: Mark::Count, cells: &cells })
}

/// Encodes a column whose cells are listed; as [`encode`].
#[must_use]
pub fn encode_listed(id: (u32, u16), column: &Listed<'_>) -> Option<Vec<u8>> {
    let bodies = u16::try_from(column.bodies).ok()?;
    let (fill, filled) = (column.fill, column.reports.saturating_sub(column.cells.len()));
    let values = if fill.is_value() { filled as u64 } else { 0 };
    let mut totals = Totals { reports: filled as u64, values, ..Totals::default() };
    let mut seen = [0usize; 8];
    let mut of_zero = [0usize; 8];
    let mut ends = [(i64::MAX, i64::MIN); 8];
    let mut note = |mark: Mark, value: i64, times: usize| {
        let at = mark as usize;
        if let (Some(seen), Some(zeros), Some(ends)) = (seen.get_mut(at), of_zero.get_mut(at), ends.get_mut(at)) {
            *seen += times;
            *zeros += if value == 0 { times } else { 0 };
            *ends = (ends.0.min(value), ends.1.max(value));
        }
    };
    for &(_, mark, units) in column.cells {
        totals.count(mark, units);
        note(mark, units, 1);
    }
    if filled > 0 {
        note(fill, 0, filled);
    }
    let sum = i64::try_from(totals.sum).unwrap_or(i64::MAX);
    if totals.reports == totals.not_in_template() {
        return None;
    }
    let number_of = |table: &[usize; 8], mark: Mark| table.get(mark as usize).copied().unwrap_or(0);
    let kind = if number_of(&seen, Mark::Money) > number_of(&seen, Mark::Count) { Mark::Money } else { Mark::Count };
    let states = [Mark::NotInTemplate, Mark::Blank, Mark::ProvedBlank, Mark::NotApplicable, Mark::Unreadable];
    let common = states.into_iter().max_by_key(|&mark| number_of(&seen, mark)).unwrap_or(Mark::NotInTemplate);
    let zeros = number_of(&of_zero, kind);
    let default = if zeros > 0 && zeros >= number_of(&seen, common) { kind } else { common };

    let base = ends.get(kind as usize).map_or(0, |&(least, most)| base(least, most, default != kind));
    let unlisted = |mark: Mark, value: i64| mark == default && (mark != kind || (value == 0 && base == 0));
    let left_out = filled > 0 && unlisted(fill, 0);
    let all = if left_out || filled == 0 { Vec::new() } else { column.all() };
    let others = if all.is_empty() { column.cells } else { &all };
    let width = width(others, kind, default, base);
    let fits = |value: i64| offset(value, base).is_some_and(|value| bits::fits(value, width));
    let mut positions = Vec::new();
    let mut numbers = Vec::new();
    let mut exceptions = Vec::new();
    let mut exception_count: u16 = 0;
    let mut last = 0;
    // Dense columns stand for numbers only: nobody may be left to a default that is none.
    let mut dense_allowed = !left_out || fill == kind;
    for &(at, mark, value) in others {
        let at = usize::from(at);
        if unlisted(mark, value) {
            dense_allowed &= mark == kind;
            continue;
        }
        if mark == kind && fits(value) {
            positions.push(at);
            numbers.push(offset(value, base).unwrap_or_default());
        } else {
            put_varint(&mut exceptions, (at - last) as u64);
            exceptions.push(mark as u8);
            if mark.is_value() {
                put_varint(&mut exceptions, bits::zigzag(value));
            }
            last = at;
            exception_count += 1;
        }
    }
    let (layout, body) = smallest(column.bodies, &positions, &numbers, width, dense_allowed);

    let mut out = Vec::with_capacity(HEAD + body.len() + exceptions.len() + 4);
    out.extend_from_slice(&[VERSION, layout, width, default as u8, kind as u8]);
    let short = |count: u64| u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes();
    out.extend_from_slice(&bodies.to_be_bytes());
    out.extend_from_slice(&short(positions.len() as u64));
    out.extend_from_slice(&exception_count.to_be_bytes());
    for count in [totals.values, totals.blank, totals.proved, totals.not_applicable, totals.unreadable] {
        out.extend_from_slice(&short(count));
    }
    out.extend_from_slice(&base.to_be_bytes());
    // A sum that an i64 cannot hold is marked so; it is then added up from the cells.
    out.extend_from_slice(&sum.to_be_bytes());
    out.extend_from_slice(&body);
    out.extend_from_slice(&exceptions);
    let check = checksum(id, &out);
    out.extend_from_slice(&check.to_be_bytes());
    Some(out)
}

/// The number that all stored numbers are counted from: 0, or the least one where that saves bits (places, hashes).
fn base(least: i64, most: i64, listed: bool) -> i64 {
    let far = least > 255 && most / 2 < least;
    // Without any number the ends are crossed.
    if least <= most && (least < 0 || (far && listed)) { least } else { 0 }
}

fn offset(value: i64, base: i64) -> Option<u64> {
    u64::try_from(i128::from(value) - i128::from(base)).ok()
}

/// The width for which packed numbers and exceptions together are smallest.
fn width(cells: &[(u16, Mark, i64)], kind: Mark, default: Mark, base: i64) -> u8 {
    let mut by_bits = [0usize; 65];
    for &(_, mark, value) in cells {
        if mark == kind && !(default == kind && value == 0 && base == 0) {
            let needed = offset(value, base).map_or(64, |value| 64 - value.leading_zeros() as usize);
            if let Some(count) = by_bits.get_mut(needed) {
                *count += 1;
            }
        }
    }
    let cost = |width: u8| -> usize {
        let width = usize::from(width);
        let costs = by_bits.iter().enumerate();
        costs.map(|(bits, count)| if bits <= width { count * width } else { count * (24 + bits + bits / 7) }).sum()
    };
    WIDTHS.into_iter().min_by_key(|&width| cost(width)).unwrap_or(64)
}

/// Positions and numbers in the smallest of three layouts.
fn smallest(bodies: usize, positions: &[usize], numbers: &[u64], width: u8, dense_allowed: bool) -> (u8, Vec<u8>) {
    let mut gaps = Vec::new();
    let mut last = 0;
    for &at in positions {
        put_varint(&mut gaps, (at - last) as u64);
        last = at;
    }
    let packed = bits::packed_size(numbers.len(), width);
    let bitmap = bodies.div_ceil(8) + packed;
    let listed = gaps.len() + packed;
    let sparse = bitmap.min(listed);
    // A dense column decodes twice as fast, which is worth a twentieth.
    if dense_allowed && bits::packed_size(bodies, width) <= sparse + sparse / 20 {
        let mut all = vec![0; bodies];
        for (&at, &number) in positions.iter().zip(numbers) {
            if let Some(place) = all.get_mut(at) {
                *place = number;
            }
        }
        return (DENSE, bits::pack(&all, width));
    }
    let (layout, mut body) = if bitmap < listed {
        let mut map = vec![0u8; bodies.div_ceil(8)];
        for &at in positions {
            if let Some(byte) = map.get_mut(at / 8) {
                *byte |= 1 << (at % 8);
            }
        }
        (BITMAP, map)
    } else {
        (GAPS, gaps)
    };
    body.extend(bits::pack(numbers, width));
    (layout, body)
}

/// The head of a segment: everything but the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub(super) layout: u8,
    pub(super) width: u8,
    pub(super) default: Mark,
    pub(super) kind: Mark,
    /// Bodies of the chunk.
    pub bodies: usize,
    pub(super) packed: usize,
    pub(super) exceptions: usize,
    pub(super) base: i64,
    /// Counts and sum; `reports` is not known here.
    pub totals: Totals,
    /// Whether the sum is exact.
    pub exact: bool,
}

/// Checks a segment and reads its head; the cells are what follows.
///
/// # Errors
/// `Damaged` when the checksum does not match or the segment belongs to another column.
pub fn open(id: (u32, u16), bytes: &[u8]) -> Result<(Head, &[u8])> {
    let (rest, sum) = bytes.split_last_chunk::<4>().ok_or_else(cut)?;
    if checksum(id, rest) != u32::from_be_bytes(*sum) {
        return Err(Error::new(ErrorKind::Damaged, "store.column_sum"));
    }
    let mut reader = Reader(rest);
    let head = read_head(&mut reader)?;
    Ok((head, reader.0))
}

fn read_head(reader: &mut Reader<'_>) -> Result<Head> {
    let [version, layout, width, default, kind] = reader.take()?;
    if version != VERSION {
        return Err(codec::unknown(version));
    }
    let [bodies, packed, exceptions] = [reader.u16()?, reader.u16()?, reader.u16()?].map(usize::from);
    let mut count = || reader.u16().map(u64::from);
    let [values, blank, proved, not_applicable, unreadable] = [count()?, count()?, count()?, count()?, count()?];
    let base = reader.u64()?.cast_signed();
    let sum = reader.u64()?.cast_signed();
    let mark = |code| Mark::from_code(code).ok_or_else(cut);
    let totals = Totals { reports: 0, values, sum: sum.into(), blank, proved, not_applicable, unreadable };
    if bodies > LONGEST || packed > bodies || !WIDTHS.contains(&width) {
        return Err(cut());
    }
    let (default, kind) = (mark(default)?, mark(kind)?);
    if !kind.is_value() {
        return Err(cut());
    }
    let exact = sum != i64::MAX;
    Ok(Head { layout, width, default, kind, bodies, packed, exceptions, base, totals, exact })
}

pub(super) fn checksum((slot, year): (u32, u16), bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&slot.to_be_bytes());
    hasher.update(&year.to_be_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

pub(super) fn cut() -> Error {
    Error::new(ErrorKind::Damaged, "store.column_head")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::decode::{decode, decode_part},
        *,
    };

    fn value() -> impl Strategy<Value = i64> {
        prop_oneof![8 => 0i64..3, 4 => 0i64..300, 2 => 0i64..100_000, 1 => any::<i64>()]
    }

    fn cells() -> impl Strategy<Value = Vec<(Mark, i64)>> {
        let any_mark = (0u8..8).prop_map(|code| Mark::from_code(code).unwrap());
        let mark = prop_oneof![10 => Just(Mark::Count), 1 => any_mark];
        let common = prop_oneof![Just(Mark::Count), Just(Mark::Blank), Just(Mark::NotInTemplate), Just(Mark::Money)];
        let size = prop_oneof![4 => 1usize..40, 1 => 1000usize..1500];
        (common, size).prop_flat_map(move |(common, size)| {
            let cell = (prop_oneof![3 => Just(common), 1 => mark.clone()], value());
            proptest::collection::vec(cell.prop_map(|(m, v)| (m, if m.is_value() { v } else { 0 })), size)
        })
    }

    proptest! {
        #[test]
        fn columns_come_back(cells in cells(), part in any::<[proptest::sample::Index; 2]>()) {
            let (marks, units): (Vec<_>, Vec<_>) = cells.iter().copied().unzip();
            let mut sums = Totals::default();
            for &(mark, value) in &cells {
                sums.count(mark, value);
            }
            let Some(bytes) = encode((7, 2024), &marks, &units) else {
                prop_assert!(marks.iter().all(|mark| matches!(mark, Mark::NoReport | Mark::NotInTemplate)));
                return Ok(());
            };
            let (mut back, mut numbers) = (Vec::new(), Vec::new());
            let head = decode((7, 2024), &bytes, &mut back, &mut numbers).unwrap();
            for (at, &(mark, value)) in cells.iter().enumerate() {
                if mark != Mark::NoReport {
                    prop_assert_eq!((back[at], numbers[at]), (mark, value));
                }
            }
            let totals = Totals { reports: sums.reports, sum: if head.exact { head.totals.sum } else { sums.sum }, ..head.totals };
            prop_assert_eq!(totals, sums);
            prop_assert!(decode((7, 2023), &bytes, &mut Vec::new(), &mut Vec::new()).is_err());
            let (from, to) = (part[0].index(back.len() + 1), part[1].index(back.len() + 1));
            let part = from.min(to)..from.max(to);
            let (mut some, mut few) = (Vec::new(), Vec::new());
            decode_part((7, 2024), &bytes, part.clone(), &mut some, &mut few).unwrap();
            prop_assert_eq!((&some[..], &few[..]), (&back[part.clone()], &numbers[part]));
        }

        #[test]
        fn flipped_bits_are_seen(cells in cells(), at in any::<proptest::sample::Index>(), bit in 0u8..8) {
            let (marks, units): (Vec<_>, Vec<_>) = cells.iter().copied().unzip();
            if let Some(mut bytes) = encode((7, 2024), &marks, &units) {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
                prop_assert!(decode((7, 2024), &bytes, &mut Vec::new(), &mut Vec::new()).is_err());
            }
        }

        #[test]
        fn forged_segments_are_errors_or_columns(body in proptest::collection::vec(any::<u8>(), 0..80), layout in 0u8..4, width in 0usize..6) {
            let mut bytes = vec![VERSION, layout, WIDTHS[width], 2, 2];
            bytes.extend(body);
            let sum = checksum((1, 2), &bytes);
            bytes.extend(sum.to_be_bytes());
            let _ = decode((1, 2), &bytes, &mut Vec::new(), &mut Vec::new());
        }
    }

    #[test]
    fn the_common_column_is_small() {
        // Two thirds zeros, small counts: the shape of most cells.
        let marks = vec![Mark::Count; LONGEST];
        let units: Vec<i64> = (0..8192).map(|at| if at % 3 == 0 { at % 15 } else { 0 }).collect();
        let bytes = encode((1, 2024), &marks, &units).unwrap();
        assert!(bytes.len() < 8192 / 2 + 100, "{}", bytes.len());
        let zeros = encode((1, 2024), &marks, &vec![0; LONGEST]).unwrap();
        assert!(zeros.len() < 64, "{}", zeros.len());
    }
}
