//! Numbers in few bits: packing by width, variable-length integers.

/// Whether a number fits a width in bits.
pub fn fits(value: u64, width: u8) -> bool {
    width >= 64 || value >> width == 0
}

/// The bytes that `count` numbers of a width take.
pub fn packed_size(count: usize, width: u8) -> usize {
    (count * usize::from(width)).div_ceil(8)
}

/// Packs numbers that fit the width: two a byte at 4 bits (the first in the low half), big-endian above.
pub fn pack(numbers: &[u64], width: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(packed_size(numbers.len(), width));
    match width {
        0 => {}
        4 => {
            for pair in numbers.chunks(2) {
                let [low, high] = [pair.first(), pair.get(1)].map(|n| last_byte(n.copied().unwrap_or(0)) & 0xf);
                out.push(low | (high << 4));
            }
        }
        _ => {
            let skip = 8 - usize::from(width) / 8;
            for number in numbers {
                out.extend_from_slice(number.to_be_bytes().get(skip..).unwrap_or_default());
            }
        }
    }
    out
}

fn last_byte(number: u64) -> u8 {
    let [.., last] = number.to_be_bytes();
    last
}

/// Unpacks `count` numbers of a width, those after the first `skip`, and appends them.
pub fn unpack(bytes: &[u8], width: u8, skip: usize, count: usize, out: &mut Vec<i64>) {
    let start = out.len();
    let bytes = bytes.get(skip * usize::from(width) / 8..).unwrap_or_default();
    match width {
        4 => {
            let halves = bytes.iter().flat_map(|&byte| [i64::from(byte & 0xf), i64::from(byte >> 4)]);
            // An odd number begins in the middle of a byte.
            out.extend(halves.skip(skip % 2).take(count));
        }
        8 => out.extend(bytes.iter().take(count).map(|&byte| i64::from(byte))),
        16 => out.extend(wide(bytes, count).map(|&two: &[u8; 2]| i64::from(u16::from_be_bytes(two)))),
        32 => out.extend(wide(bytes, count).map(|&four: &[u8; 4]| i64::from(u32::from_be_bytes(four)))),
        64 => out.extend(wide(bytes, count).map(|&eight: &[u8; 8]| i64::from_be_bytes(eight))),
        _ => {}
    }
    out.resize(start + count, 0);
}

fn wide<const N: usize>(bytes: &[u8], count: usize) -> impl Iterator<Item = &[u8; N]> {
    bytes.as_chunks().0.iter().take(count)
}

/// Signed numbers as unsigned ones, small ones staying small.
pub fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// The signed number behind a zigzag.
pub fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::bytes::{Reader, put_varint};

    proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec(any::<u64>(), 0..50), width in 0usize..6) {
            let width = [0u8, 4, 8, 16, 32, 64][width];
            let numbers: Vec<u64> = numbers.into_iter().map(|n| if width == 64 { n } else { n & ((1 << width) - 1) }).collect();
            let bytes = pack(&numbers, width);
            prop_assert_eq!(bytes.len(), packed_size(numbers.len(), width));
            let mut back = Vec::new();
            unpack(&bytes, width, 0, numbers.len(), &mut back);
            prop_assert_eq!(back.iter().map(|n| n.cast_unsigned()).collect::<Vec<_>>(), &numbers[..]);
            for skip in 0..numbers.len() {
                let mut part = Vec::new();
                unpack(&bytes, width, skip, 1, &mut part);
                prop_assert_eq!(part, &back[skip..=skip]);
            }
        }

        #[test]
        fn varints_and_zigzag_come_back(value in any::<i64>()) {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, zigzag(value));
            prop_assert_eq!(unzigzag(Reader(&bytes).varint().unwrap()), value);
        }
    }
}
