//! The cells of a segment added up where they lie: who adds up columns need not know the state of every cell.

use super::{
    bits,
    segment::{BITMAP, DENSE, GAPS, Head, cut, open},
};
use crate::{
    error::Result,
    store::{block::Mark, bytes::Reader},
};

/// Cells have fewer bits than this. With a factor of 8 bits, 256 columns of them fit into an `i64`.
const BITS: u32 = 40;

/// Adds `factor` times the number of every cell to `sums`, one a body; a cell that is no number adds nothing. What a
/// body without a report is given has no meaning. Returns false where a number has too many bits to be added up
/// blindly: then the sums are of no use.
///
/// # Errors
/// `Damaged` when the segment is not what it says, or has not as many bodies.
pub fn add(id: (u32, u16), bytes: &[u8], factor: i64, sums: &mut [i64]) -> Result<bool> {
    let (head, cells) = open(id, bytes)?;
    if head.bodies != sums.len() {
        return Err(cut());
    }
    if head.width > 32 || is_large(head.base) {
        return Ok(false);
    }
    let mut reader = Reader(cells);
    match (head.layout, head.width) {
        (DENSE, _) => {
            let numbers = numbers(&head, head.bodies, &mut reader)?;
            sums.iter_mut().zip(numbers).for_each(|(sum, number)| more(sum, factor, number));
        }
        (BITMAP, 4 | 8) if head.base == 0 => few_bits(&head, factor, &mut reader, sums)?,
        (BITMAP, _) => {
            let positions = ones(reader.bytes(head.bodies.div_ceil(8))?);
            listed(&head, positions, factor, &mut reader, sums)?;
        }
        (GAPS, _) => {
            let mut at = 0;
            let mut step = || reader.step(&mut at);
            let positions = (0..head.packed).map(|_| step()).collect::<Result<_>>()?;
            listed(&head, positions, factor, &mut reader, sums)?;
        }
        _ => return Err(cut()),
    }
    let fits = exceptions(&head, factor, &mut reader, sums)?;
    if reader.0.is_empty() { Ok(fits) } else { Err(cut()) }
}

/// Only bytes that nobody wrote wrap around.
#[inline]
fn more(sum: &mut i64, factor: i64, number: i64) {
    *sum = sum.wrapping_add(factor.wrapping_mul(number));
}

fn is_large(number: i64) -> bool {
    number.unsigned_abs() >> BITS != 0
}

/// The next `count` numbers.
fn numbers(head: &Head, count: usize, reader: &mut Reader<'_>) -> Result<Vec<i64>> {
    let mut numbers = Vec::new();
    bits::unpack(reader.bytes(bits::packed_size(count, head.width))?, head.width, 0, count, &mut numbers);
    for number in &mut numbers {
        *number += head.base;
    }
    Ok(numbers)
}

/// The places of the bits that are set.
fn ones(map: &[u8]) -> Vec<usize> {
    let set = |(byte, bits): (usize, &u8)| {
        let bits = *bits;
        (0..8).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| byte * 8 + bit)
    };
    map.iter().enumerate().flat_map(set).collect()
}

/// Numbers at these places.
fn listed(head: &Head, places: Vec<usize>, factor: i64, reader: &mut Reader<'_>, sums: &mut [i64]) -> Result<()> {
    if places.len() != head.packed {
        return Err(cut());
    }
    for (at, number) in places.into_iter().zip(numbers(head, head.packed, reader)?) {
        more(sums.get_mut(at).ok_or_else(cut)?, factor, number);
    }
    Ok(())
}

/// A bitmap with numbers of 4 or 8 bits, as most columns are: eight bodies have their numbers within eight bytes, and
/// no branch hangs on who is listed.
fn few_bits(head: &Head, factor: i64, reader: &mut Reader<'_>, sums: &mut [i64]) -> Result<()> {
    let map = reader.bytes(head.bodies.div_ceil(8))?;
    let packed = reader.bytes(bits::packed_size(head.packed, head.width))?;
    let (width, mask) = (u32::from(head.width), (1_u64 << head.width) - 1);
    let mut listed = 0;
    for (eight, &map) in sums.chunks_mut(8).zip(map) {
        let start = listed * usize::from(head.width);
        let mut word = word(packed, start / 8) >> (start % 8);
        for (bit, sum) in eight.iter_mut().enumerate() {
            let there = u64::from(map >> bit & 1);
            more(sum, factor, (word & (mask * there)).cast_signed());
            word >>= width * u32::from(there == 1);
        }
        listed += map.count_ones() as usize;
    }
    if listed == head.packed { Ok(()) } else { Err(cut()) }
}

/// The eight bytes from a place on, the first the lowest; 0 behind the end.
fn word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    let eight = rest.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut eight = [0; 8];
        eight.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        eight
    });
    u64::from_be_bytes(eight).swap_bytes()
}

/// What does not fit the width, and what is no number; false where a number is too large.
fn exceptions(head: &Head, factor: i64, reader: &mut Reader<'_>, sums: &mut [i64]) -> Result<bool> {
    let (mut at, mut fits) = (0, true);
    // In a dense column an exception has a place among the numbers, where 0 stands for it.
    let blind = if head.layout == DENSE { head.base } else { 0 };
    for _ in 0..head.exceptions {
        reader.step(&mut at)?;
        let [code] = reader.take()?;
        let mark = Mark::from_code(code).ok_or_else(cut)?;
        let number = if mark.is_value() { bits::unzigzag(reader.varint()?) } else { 0 };
        fits &= !is_large(number);
        let sum = sums.get_mut(at).ok_or_else(cut)?;
        if fits {
            more(sum, factor, number - blind);
        }
    }
    Ok(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::segment::encode, *};

    fn cells() -> impl Strategy<Value = Vec<(Mark, i64)>> {
        let size = prop_oneof![3 => 1usize..40, 1 => 1000usize..1500];
        let value = prop_oneof![8 => 0i64..3, 4 => 0i64..300, 2 => 0i64..100_000, 1 => -5i64..70_000_000_000];
        let small = prop_oneof![3 => 0i64..20, 1 => Just(0)];
        let far = 5_000_000_000i64..5_000_000_200;
        let value = prop_oneof![2 => value.boxed(), 2 => small.boxed(), 1 => far.boxed()];
        let mark = prop_oneof![30 => Just(Mark::Count), 1 => (1u8..8).prop_map(|code| Mark::from_code(code).unwrap())];
        let sparse = prop_oneof![Just(1u32), Just(2), Just(30)];
        (sparse, size).prop_flat_map(move |(sparse, size)| {
            let cell = (mark.clone(), value.clone(), 0..sparse);
            let cell = cell.prop_map(|(mark, value, lot)| (mark, if mark.is_value() && lot == 0 { value } else { 0 }));
            proptest::collection::vec(cell, size)
        })
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_cells(columns in proptest::collection::vec(cells(), 1..4), factor in -3i64..4) {
            let size = columns.iter().map(Vec::len).min().unwrap_or(0);
            let (mut sums, mut expected) = (vec![0; size], vec![0; size]);
            for column in &columns {
                let column = column.get(..size).unwrap_or_default();
                let (marks, units): (Vec<_>, Vec<_>) = column.iter().copied().unzip();
                for (sum, units) in expected.iter_mut().zip(&units) {
                    *sum += factor * units;
                }
                if let Some(bytes) = encode((7, 2024), &marks, &units) {
                    prop_assert!(add((7, 2024), &bytes, factor, &mut vec![0; size + 1]).is_err());
                    if !add((7, 2024), &bytes, factor, &mut sums).unwrap() {
                        // Some number then needs a width of 64.
                        prop_assert!(units.iter().any(|units| units.unsigned_abs() >> 31 != 0));
                        return Ok(());
                    }
                }
            }
            prop_assert_eq!(sums, expected);
        }

        #[test]
        fn bytes_that_were_not_written_give_no_panic(body in proptest::collection::vec(any::<u8>(), 0..80), layout in 0u8..4, width in 0usize..6) {
            use super::super::segment::{VERSION, checksum};
            let mut bytes = vec![VERSION, layout, [0, 4, 8, 16, 32, 64][width], 2, 2, 0, 9];
            bytes.extend(body);
            let sum = checksum((1, 2), &bytes);
            bytes.extend(sum.to_be_bytes());
            let _ = add((1, 2), &bytes, 255, &mut [0; 9]);
        }
    }

    #[test]
    fn what_has_too_many_bits_is_not_added() {
        let marks = [Mark::Count; 3];
        for large in [1 << 40, i64::MAX, i64::MIN] {
            let bytes = encode((1, 2024), &marks, &[1, large, 2]).unwrap();
            assert!(!add((1, 2024), &bytes, 1, &mut [0; 3]).unwrap(), "{large}");
        }
    }
}
