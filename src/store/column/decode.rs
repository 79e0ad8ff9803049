//! Cells out of a segment: all of them, or those of some bodies.

use std::ops::Range;

use super::{
    bits,
    segment::{BITMAP, DENSE, GAPS, Head, cut, open},
};
use crate::{
    error::{Error, ErrorKind, Result},
    store::{block::Mark, bytes::Reader},
};

/// Decodes a column into `marks` and `units`, one of each per body. Bodies without a report get the default mark:
/// the presence column must be laid over them.
///
/// # Errors
/// `Damaged` when the segment is not what it says.
#[cfg(any(test, feature = "fuzzing"))]
pub fn decode(id: (u32, u16), bytes: &[u8], marks: &mut Vec<Mark>, units: &mut Vec<i64>) -> Result<Head> {
    let bodies = open(id, bytes)?.0.bodies;
    decode_part(id, bytes, 0..bodies, marks, units)
}

/// Decodes the cells of some bodies only: one cell of a long column costs little more than its checksum.
///
/// # Errors
/// `Damaged` when the segment is not what it says, or has not as many bodies.
pub fn decode_part(
    id: (u32, u16),
    bytes: &[u8],
    part: Range<usize>,
    marks: &mut Vec<Mark>,
    units: &mut Vec<i64>,
) -> Result<Head> {
    let (head, cells) = open(id, bytes)?;
    if part.start > part.end || part.end > head.bodies {
        return Err(cut());
    }
    marks.clear();
    units.clear();
    let mut reader = Reader(cells);
    match head.layout {
        DENSE => {
            let packed = reader.bytes(bits::packed_size(head.bodies, head.width))?;
            marks.resize(part.len(), head.kind);
            bits::unpack(packed, head.width, part.start, part.len(), units);
            if head.base != 0 {
                for number in units.iter_mut() {
                    *number = number.wrapping_add(head.base);
                }
            }
        }
        BITMAP => bitmap(&head, &mut reader, &part, marks, units)?,
        GAPS => gaps(&head, &mut reader, &part, marks, units)?,
        _ => return Err(cut()),
    }
    exceptions(&head, &mut reader, &part, marks, units)?;
    if reader.0.is_empty() { Ok(head) } else { Err(cut()) }
}

/// A column of numbers below 256 as bytes; 0 for a cell that is no number.
///
/// # Errors
/// `Damaged` when the segment is not what it says, or has a larger number.
pub fn bytes(id: (u32, u16), bytes: &[u8]) -> Result<Vec<u8>> {
    let (head, cells) = open(id, bytes)?;
    if (head.layout, head.width, head.base, head.exceptions) == (DENSE, 8, 0, 0) {
        return if cells.len() == head.bodies { Ok(cells.to_vec()) } else { Err(cut()) };
    }
    let (mut marks, mut units) = (Vec::new(), Vec::new());
    decode_part(id, bytes, 0..head.bodies, &mut marks, &mut units)?;
    let byte = |(mark, &number): (&Mark, &i64)| if mark.is_value() { u8::try_from(number) } else { Ok(0) };
    let all = marks.iter().zip(&units).map(byte).collect::<std::result::Result<_, _>>();
    all.map_err(|cause| Error::new(ErrorKind::Damaged, "store.no_form").because(cause))
}

fn bitmap(
    head: &Head,
    reader: &mut Reader<'_>,
    part: &Range<usize>,
    marks: &mut Vec<Mark>,
    units: &mut Vec<i64>,
) -> Result<()> {
    let map = reader.bytes(head.bodies.div_ceil(8))?;
    let packed = reader.bytes(bits::packed_size(head.packed, head.width))?;
    let before = ones(map, part.start);
    let mut numbers = Vec::new();
    bits::unpack(packed, head.width, before, ones(map, part.end) - before, &mut numbers);
    if ones(map, map.len() * 8) != head.packed || ones(map, head.bodies) != head.packed {
        return Err(cut());
    }
    marks.resize(part.len(), head.default);
    units.resize(part.len(), 0);
    let mut numbers = numbers.into_iter();
    let bytes = part.start / 8..part.end.div_ceil(8);
    for (byte, &bits) in map.iter().enumerate().take(bytes.end).skip(bytes.start) {
        let mut left = bits;
        while left != 0 {
            let at = byte * 8 + left.trailing_zeros() as usize;
            left &= left - 1;
            if part.contains(&at) {
                set(head, marks, units, at - part.start, numbers.next().ok_or_else(cut)?)?;
            }
        }
    }
    Ok(())
}

/// How many of the first `end` bits are set.
fn ones(map: &[u8], end: usize) -> usize {
    let (whole, rest) = map.split_at_checked(end / 8).unwrap_or((map, &[]));
    let (eights, few) = whole.as_chunks::<8>();
    let many: usize = eights.iter().map(|eight| u64::from_be_bytes(*eight).count_ones() as usize).sum();
    let few: usize = few.iter().map(|byte| byte.count_ones() as usize).sum();
    let last = rest.first().map_or(0, |byte| (byte & !(u8::MAX << (end % 8))).count_ones() as usize);
    many + few + last
}

fn gaps(
    head: &Head,
    reader: &mut Reader<'_>,
    part: &Range<usize>,
    marks: &mut Vec<Mark>,
    units: &mut Vec<i64>,
) -> Result<()> {
    let (mut at, mut before, mut inside) = (0usize, 0, Vec::new());
    for _ in 0..head.packed {
        reader.step(&mut at)?;
        if at >= head.bodies {
            return Err(cut());
        }
        if part.contains(&at) {
            inside.push(at - part.start);
        } else if at < part.start {
            before += 1;
        }
    }
    let packed = reader.bytes(bits::packed_size(head.packed, head.width))?;
    let mut numbers = Vec::new();
    bits::unpack(packed, head.width, before, inside.len(), &mut numbers);
    marks.resize(part.len(), head.default);
    units.resize(part.len(), 0);
    inside.into_iter().zip(numbers).try_for_each(|(at, number)| set(head, marks, units, at, number))
}

fn set(head: &Head, marks: &mut [Mark], units: &mut [i64], at: usize, number: i64) -> Result<()> {
    *marks.get_mut(at).ok_or_else(cut)? = head.kind;
    *units.get_mut(at).ok_or_else(cut)? = number.wrapping_add(head.base);
    Ok(())
}

fn exceptions(
    head: &Head,
    reader: &mut Reader<'_>,
    part: &Range<usize>,
    marks: &mut [Mark],
    units: &mut [i64],
) -> Result<()> {
    let mut at = 0usize;
    for _ in 0..head.exceptions {
        reader.step(&mut at)?;
        let [code] = reader.take()?;
        let mark = Mark::from_code(code).ok_or_else(cut)?;
        let value = if mark.is_value() { bits::unzigzag(reader.varint()?) } else { 0 };
        if at >= head.bodies {
            return Err(cut());
        }
        if part.contains(&at) {
            *marks.get_mut(at - part.start).ok_or_else(cut)? = mark;
            *units.get_mut(at - part.start).ok_or_else(cut)? = value;
        }
    }
    Ok(())
}

impl Reader<'_> {
    /// Goes on to the place after the next gap.
    pub(super) fn step(&mut self, at: &mut usize) -> Result<usize> {
        *at = usize::try_from(self.varint()?).ok().and_then(|gap| at.checked_add(gap)).ok_or_else(cut)?;
        Ok(*at)
    }
}

/// As [`decode`], over bytes whose version and checksum are made right first; returns the bodies.
#[cfg(any(test, feature = "fuzzing"))]
pub fn decode_sealed(id: (u32, u16), body: &[u8], marks: &mut Vec<Mark>, units: &mut Vec<i64>) -> Result<usize> {
    use super::segment::{VERSION, checksum};
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(body);
    let sum = checksum(id, &bytes);
    bytes.extend_from_slice(&sum.to_be_bytes());
    decode(id, &bytes, marks, units).map(|head| head.bodies)
}
