//! Keys as bytes that sort like what they stand for: (body path, year, category). Built here and nowhere else.
//!
//! A path holds no control character, so a NUL ends it without escapes and sorts before `/`: a
//! government comes first, then its own bodies, then the next code. Numbers are big-endian.
//! A province, prefecture or county is therefore one contiguous range of keys.

use super::bytes::Reader;
use crate::{
    error::{Error, ErrorKind, Result},
    model::{BodyId, CategoryCode, ReportKey, Year},
};

const END: u8 = 0;

/// The key of a report: path, NUL, year.
#[must_use]
pub fn report(key: &ReportKey) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(key.body.as_str().len() + 3);
    bytes.extend_from_slice(key.body.as_str().as_bytes());
    bytes.push(END);
    bytes.extend_from_slice(&key.year.number().to_be_bytes());
    bytes
}

/// The key of one category of a report: path, NUL, year, category.
#[must_use]
pub fn category(key: &ReportKey, category: CategoryCode) -> Vec<u8> {
    let mut bytes = report(key);
    bytes.extend_from_slice(&category.0.to_be_bytes());
    bytes
}

/// The key of one bundle of a chunk's columns: chunk, number of the bundle.
#[must_use]
pub fn bundle(chunk: u32, number: u32) -> [u8; 8] {
    ((u64::from(chunk) << 32) | u64::from(number)).to_be_bytes()
}

/// The key of one segment of a chunk as format 1 wrote it: slot, year, chunk.
#[cfg(any(test, feature = "fuzzing"))]
#[must_use]
pub fn segment(slot: u32, year: u16, chunk: u32) -> [u8; 10] {
    let mut bytes = [0; 10];
    let parts = slot.to_be_bytes().into_iter().chain(year.to_be_bytes()).chain(chunk.to_be_bytes());
    bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
    bytes
}

/// Reads the key of a report back.
///
/// # Errors
/// `Damaged` when the bytes are not such a key.
pub fn read_report(bytes: &[u8]) -> Result<ReportKey> {
    match split(bytes)? {
        (key, []) => Ok(key),
        _ => Err(bad()),
    }
}

/// Reads the key of a category back.
///
/// # Errors
/// `Damaged` when the bytes are not such a key.
pub fn read_category(bytes: &[u8]) -> Result<(ReportKey, CategoryCode)> {
    match split(bytes)? {
        (key, &[high, low]) => Ok((key, CategoryCode(u16::from_be_bytes([high, low])))),
        _ => Err(bad()),
    }
}

/// What stands under a key of the columns: something of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Number of the chunk.
    pub chunk: u32,
    /// Which part of it.
    pub part: Part,
}

/// A part of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The bundle of this number.
    Bundle(u32),
    /// One segment, by slot and year: format 1.
    Segment(u32, u16),
}

/// Reads a key of the columns back; format 1 had longer ones.
///
/// # Errors
/// `Damaged` when the bytes are not such a key.
pub fn read_piece(bytes: &[u8]) -> Result<Piece> {
    let mut reader = Reader(bytes);
    let piece = match bytes.len() {
        8 => Piece { chunk: reader.u32()?, part: Part::Bundle(reader.u32()?) },
        10 => {
            let part = Part::Segment(reader.u32()?, reader.u16()?);
            Piece { chunk: reader.u32()?, part }
        }
        _ => return Err(bad()),
    };
    Ok(piece)
}

fn split(bytes: &[u8]) -> Result<(ReportKey, &[u8])> {
    let end = bytes.iter().position(|&byte| byte == END).ok_or_else(bad)?;
    let (path, rest) = bytes.split_at_checked(end).ok_or_else(bad)?;
    let Some((&[_, high, low], rest)) = rest.split_first_chunk::<3>() else { return Err(bad()) };
    let path = std::str::from_utf8(path).map_err(|_| bad())?;
    let body: BodyId = path.parse().map_err(|_| bad())?;
    let year = Year::new(u16::from_be_bytes([high, low])).ok_or_else(bad)?;
    Ok((ReportKey { body, year }, rest))
}

fn bad() -> Error {
    Error::new(ErrorKind::Damaged, "store.key")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> impl Strategy<Value = (ReportKey, u16)> {
        let segment = "[0-9A-Za-z财政局街道 .·-]{0,6}[A-Za-z财政局]";
        (0u32..1_000_000, proptest::collection::vec(segment, 0..3), 2008u16..=2100, any::<u16>()).prop_map(
            |(code, segments, year, category)| {
                let path = std::iter::once(format!("{code:06}")).chain(segments).collect::<Vec<_>>().join("/");
                (ReportKey { body: path.parse().unwrap(), year: Year::new(year).unwrap() }, category)
            },
        )
    }

    proptest! {
        #[test]
        fn keys_come_back((key, code) in keys()) {
            prop_assert_eq!(&read_report(&report(&key)).unwrap(), &key);
            prop_assert_eq!(read_category(&category(&key, CategoryCode(code))).unwrap(), (key, CategoryCode(code)));
        }

        #[test]
        fn bytes_sort_like_what_they_stand_for(a in keys(), b in keys()) {
            let bytes = |(key, code): &(ReportKey, u16)| category(key, CategoryCode(*code));
            prop_assert_eq!(bytes(&a).cmp(&bytes(&b)), a.cmp(&b));
            prop_assert_eq!(report(&a.0).cmp(&report(&b.0)), a.0.cmp(&b.0));
        }

        #[test]
        fn any_bytes_are_a_key_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(key) = read_report(&bytes) {
                prop_assert_eq!(report(&key), bytes);
            }
        }

        #[test]
        fn bundles_sort_by_chunk_and_number(a in any::<(u32, u32)>(), b in any::<(u32, u32)>()) {
            prop_assert_eq!(bundle(a.0, a.1).cmp(&bundle(b.0, b.1)), a.cmp(&b));
            prop_assert_eq!(read_piece(&bundle(a.0, a.1)).unwrap(), Piece { chunk: a.0, part: Part::Bundle(a.1) });
        }

        #[test]
        fn segments_of_format_1_are_read((slot, year, chunk) in any::<(u32, u16, u32)>()) {
            let key = segment(slot, year, chunk);
            prop_assert_eq!(read_piece(&key).unwrap(), Piece { chunk, part: Part::Segment(slot, year) });
        }
    }
}
