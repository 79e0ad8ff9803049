//! The one place that turns values into bytes and back with bincode.
//!
//! A value is `version (1 byte) · CRC-32 of version and payload (4, big-endian) · payload`, the payload
//! being bincode 1.3 with variable-length integers. The checksum is ours because half of all single-bit
//! flips of a bincode record decode into another valid record.

use bincode::Options;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Largest value of a key, in bytes.
pub const VALUE: u64 = 1 << 20;
/// Largest frame of the archive before compression, in bytes.
pub const FRAME: u64 = 64 << 20;

const HEAD: usize = 5;

/// Encodes a value under its version.
///
/// # Errors
/// `Limit` when it is larger than `limit`.
pub fn encode<T: Serialize>(version: u8, value: &T, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![version, 0, 0, 0, 0];
    options(limit)
        .serialize_into(&mut bytes, value)
        .map_err(|cause| Error::new(ErrorKind::Limit, "store.value_large").with("most", limit).because(cause))?;
    let sum = checksum(version, bytes.get(HEAD..).unwrap_or_default()).to_be_bytes();
    bytes.iter_mut().skip(1).zip(sum).for_each(|(byte, part)| *byte = part);
    Ok(bytes)
}

/// Checks the bytes of a value and returns its version and payload.
///
/// # Errors
/// `Damaged` when the checksum does not match.
pub fn open(bytes: &[u8]) -> Result<(u8, &[u8])> {
    let Some((&[version, a, b, c, d], payload)) = bytes.split_first_chunk::<HEAD>() else {
        return Err(Error::new(ErrorKind::Damaged, "store.value_cut"));
    };
    if checksum(version, payload) != u32::from_be_bytes([a, b, c, d]) {
        return Err(Error::new(ErrorKind::Damaged, "store.value_sum"));
    }
    Ok((version, payload))
}

/// Reads a payload that [`open`] has checked.
///
/// # Errors
/// `Damaged` when it is not a `T`, has bytes left over, or is larger than `limit`.
pub fn parse<'a, T: Deserialize<'a>>(payload: &'a [u8], limit: u64) -> Result<T> {
    options(limit)
        .deserialize(payload)
        .map_err(|cause| Error::new(ErrorKind::Damaged, "store.value_shape").because(cause))
}

/// Decodes a value that exists in one version only.
///
/// # Errors
/// `Damaged` for a wrong checksum or payload, `Format` for an unknown version.
pub fn decode<'a, T: Deserialize<'a>>(version: u8, bytes: &'a [u8], limit: u64) -> Result<T> {
    let (found, payload) = open(bytes)?;
    if found != version {
        return Err(unknown(found));
    }
    parse(payload, limit)
}

/// The error for a version this program does not know.
#[must_use]
pub fn unknown(version: u8) -> Error {
    Error::new(ErrorKind::Format, "store.value_version").with("version", version)
}

/// A payload under its version, its checksum made right.
#[cfg(any(test, feature = "fuzzing"))]
pub fn sealed(version: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![version];
    bytes.extend_from_slice(&checksum(version, payload).to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

fn options(limit: u64) -> impl Options {
    bincode::DefaultOptions::new().with_varint_encoding().with_limit(limit).reject_trailing_bytes()
}

fn checksum(version: u8, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&[version]);
    hasher.update(payload);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Value = (String, Vec<(u16, i64)>, Option<u32>);

    proptest! {
        #[test]
        fn values_come_back(value in any::<Value>()) {
            let bytes = encode(3, &value, VALUE).unwrap();
            prop_assert_eq!(decode::<Value>(3, &bytes, VALUE).unwrap(), value);
        }

        #[test]
        fn any_flipped_bit_is_seen(value in any::<Value>(), at in any::<proptest::sample::Index>(), bit in 0u8..8) {
            let mut bytes = encode(1, &value, VALUE).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(decode::<Value>(1, &bytes, VALUE).is_err());
        }

        #[test]
        fn hostile_payloads_are_errors_or_values(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = parse::<Vec<String>>(&bytes, VALUE);
        }
    }

    #[test]
    fn trailing_bytes_unknown_versions_and_giants_are_refused() {
        let mut long = encode(1, &7u32, VALUE).unwrap();
        assert!(decode::<u32>(2, &long, VALUE).is_err_and(|error| error.kind() == ErrorKind::Format));
        long.push(0);
        assert!(decode::<u32>(1, &long, VALUE).is_err());
        assert!(parse::<u32>(&[1, 2], VALUE).is_err());
        assert!(encode(1, &vec![0u8; 100], 50).is_err_and(|error| error.kind() == ErrorKind::Limit));
    }

    #[test]
    fn the_bytes_of_version_1_never_change() {
        let bytes = encode(1, &(300u16, -1i64, "区"), VALUE).unwrap();
        assert_eq!(bytes.get(5..).unwrap(), [0xfb, 0x2c, 0x01, 0x01, 0x03, 0xe5, 0x8c, 0xba]);
    }
}
