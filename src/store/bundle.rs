//! Segments of a chunk under few keys: the engine's cost is per key, and a value of some KiB is what it holds best.
//!
//! ```text
//! version 1 · last 1 · segments 2 · length of the rest uncompressed 4 · CRC-32 4
//! zstd of: per segment slot 4 · year 2 · length 4 · then the segments
//! ```
//!
//! The checksum covers the chunk and the number of the bundle too; the last bundle of a chunk says so, so that none can
//! be missing unseen.

use std::sync::Arc;

use super::{
    bytes::Reader,
    codec,
    column::{Chunk, ColumnId, Segment},
    key::{Part, Piece},
};
use crate::error::{Error, ErrorKind, Result};

const VERSION: u8 = 1;
const HEAD: usize = 12;
/// Bytes of a bundle before they are compressed, unless one segment is longer.
const FULL: usize = 10 << 10;
/// Most bytes of a bundle before they are compressed.
const MOST: usize = 16 << 20;
const LEVEL: i32 = 3;

/// The bundles of a chunk, in order of their numbers.
///
/// # Errors
/// `Damaged` or `Io` when a segment cannot be read, `Limit` when one is too long to be kept.
pub fn pack(chunk: &Chunk) -> Result<Vec<Vec<u8>>> {
    let mut groups: Vec<(usize, Vec<Segment>)> = Vec::new();
    for entry in chunk.entries()? {
        let bytes = chunk.read(entry)?;
        match groups.last_mut().filter(|(size, _)| size + bytes.len() <= FULL) {
            Some((size, group)) => {
                *size += bytes.len();
                group.push((entry.id, bytes));
            }
            None => groups.push((bytes.len(), vec![(entry.id, bytes)])),
        }
    }
    let mut zstd = zstd::bulk::Compressor::new(LEVEL)?;
    let last = groups.len();
    let numbered = groups.iter().zip(1usize..).zip(0u32..);
    numbered.map(|(((_, group), at), number)| one(&mut zstd, (chunk.id, number), at == last, group)).collect()
}

fn one(zstd: &mut zstd::bulk::Compressor<'_>, key: (u32, u32), last: bool, group: &[Segment]) -> Result<Vec<u8>> {
    let long = |_| Error::new(ErrorKind::Limit, "store.bundle_long");
    let mut raw = Vec::with_capacity(FULL);
    for ((slot, year), bytes) in group {
        raw.extend_from_slice(&slot.to_be_bytes());
        raw.extend_from_slice(&year.to_be_bytes());
        raw.extend_from_slice(&u32::try_from(bytes.len()).map_err(long)?.to_be_bytes());
    }
    for (_, bytes) in group {
        raw.extend_from_slice(bytes);
    }
    let mut out = vec![VERSION, u8::from(last)];
    out.extend_from_slice(&u16::try_from(group.len()).map_err(long)?.to_be_bytes());
    out.extend_from_slice(&u32::try_from(raw.len()).map_err(long)?.to_be_bytes());
    let packed = zstd.compress(&raw)?;
    out.extend_from_slice(&checksum(key, &out, &packed).to_be_bytes());
    out.extend_from_slice(&packed);
    Ok(out)
}

/// The segments of a bundle, and whether it is the last of its chunk.
///
/// # Errors
/// `Damaged` when the bytes are not what was written under this chunk and number, `Format` when they are newer.
pub fn open(key: (u32, u32), bytes: &[u8]) -> Result<(Vec<Segment>, bool)> {
    let (head, packed) = bytes.split_at_checked(HEAD).ok_or_else(bad)?;
    let (head, sum) = head.split_last_chunk::<4>().ok_or_else(bad)?;
    if checksum(key, head, packed) != u32::from_be_bytes(*sum) {
        return Err(Error::new(ErrorKind::Damaged, "store.bundle_sum"));
    }
    let mut reader = Reader(head);
    let [version, last] = reader.take()?;
    if version != VERSION {
        return Err(codec::unknown(version));
    }
    let (count, size) = (reader.u16()?, usize::try_from(reader.u32()?).unwrap_or(usize::MAX));
    if last > 1 || size > MOST {
        return Err(bad());
    }
    let raw = zstd::bulk::decompress(packed, size).map_err(|cause| bad().because(cause))?;
    if raw.len() != size {
        return Err(bad());
    }
    let mut reader = Reader(&raw);
    let directory: Vec<(ColumnId, u32)> =
        (0..count).map(|_| Ok(((reader.u32()?, reader.u16()?), reader.u32()?))).collect::<Result<_>>()?;
    let mut segments = Vec::with_capacity(directory.len());
    for (id, length) in directory {
        segments.push((id, Arc::from(reader.bytes(usize::try_from(length).unwrap_or(usize::MAX))?)));
    }
    if reader.0.is_empty() { Ok((segments, last == 1)) } else { Err(bad()) }
}

/// A chunk coming together from what stands under its keys, in the order of keys.
#[derive(Debug, Default)]
pub struct Gathered {
    segments: Vec<Segment>,
    bundles: u32,
    whole: bool,
}

impl Gathered {
    /// Adds what stands under a key.
    ///
    /// # Errors
    /// `Damaged` when it is not what belongs there, or what comes before is missing.
    pub fn add(&mut self, piece: Piece, value: Vec<u8>) -> Result<()> {
        match piece.part {
            // Format 1 had a key for each, and so none to miss.
            Part::Segment(slot, year) => self.segments.push(((slot, year), Arc::from(value))),
            Part::Bundle(number) => {
                if number != self.bundles || self.whole {
                    return Err(missing());
                }
                let (segments, last) = open((piece.chunk, number), &value)?;
                self.segments.extend(segments);
                (self.bundles, self.whole) = (number + 1, last);
            }
        }
        Ok(())
    }

    /// Everything of the chunk.
    ///
    /// # Errors
    /// `Damaged` when a bundle is missing.
    pub fn segments(self) -> Result<Vec<Segment>> {
        if self.whole || self.bundles == 0 { Ok(self.segments) } else { Err(missing()) }
    }
}

/// The bytes of a bundle with this head after the version and this content, its checksum made right.
#[cfg(any(test, feature = "fuzzing"))]
pub fn sealed(key: (u32, u32), last: u8, count: u16, raw: &[u8]) -> Vec<u8> {
    let mut out = vec![VERSION, last];
    out.extend_from_slice(&count.to_be_bytes());
    out.extend_from_slice(&u32::try_from(raw.len()).unwrap_or(u32::MAX).to_be_bytes());
    let packed = zstd::bulk::compress(raw, LEVEL).unwrap_or_default();
    out.extend_from_slice(&checksum(key, &out, &packed).to_be_bytes());
    out.extend_from_slice(&packed);
    out
}

fn checksum((chunk, number): (u32, u32), head: &[u8], packed: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&chunk.to_be_bytes());
    hasher.update(&number.to_be_bytes());
    hasher.update(head);
    hasher.update(packed);
    hasher.finalize()
}

fn bad() -> Error {
    Error::new(ErrorKind::Damaged, "store.bundle_head")
}

fn missing() -> Error {
    Error::new(ErrorKind::Damaged, "store.bundle_missing")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::{Body, BodyKind},
        store::{
            block::Mark,
            column::{FORMS, put_columns},
            key,
        },
    };

    /// A chunk whose columns do not fit into one bundle.
    fn chunk(id: u32, columns: u32, bodies: usize) -> Chunk {
        let body = |at: usize| Body {
            id: format!("110101/机关{at:05}").parse().unwrap(),
            name: String::new(),
            kind: BodyKind::Department,
        };
        let bodies: Vec<Body> = (0..bodies).map(body).collect();
        let mut segments = Chunk::dictionary(&bodies).unwrap();
        let marks = vec![Mark::Count; bodies.len()];
        for slot in (0..columns).chain([FORMS]) {
            let of = |at: usize| i64::try_from(at * 37 % 251).unwrap() + i64::from(slot % 7);
            let units: Vec<i64> = (0..bodies.len()).map(|at| if slot == FORMS { 1 } else { of(at) }).collect();
            put_columns(&mut segments, 2024, [(slot, &marks[..], &units[..])]);
        }
        Chunk::in_memory(id, segments).unwrap()
    }

    fn gather(chunk: u32, bundles: impl IntoIterator<Item = (u32, Vec<u8>)>) -> Result<Vec<Segment>> {
        let mut gathered = Gathered::default();
        for (number, value) in bundles {
            gathered.add(key::read_piece(&key::bundle(chunk, number))?, value)?;
        }
        gathered.segments()
    }

    #[test]
    fn a_chunk_comes_back_from_few_values_of_some_kib() {
        let chunk = chunk(7, 60, 1_500);
        let bundles = pack(&chunk).unwrap();
        assert!((7..40).contains(&bundles.len()), "{}", bundles.len());
        assert!(bundles.iter().all(|bundle| bundle.len() <= FULL + 1_024));
        let back = gather(7, (0..).zip(bundles)).unwrap();
        let entries = chunk.entries().unwrap();
        assert_eq!(back.len(), entries.len());
        for (entry, (id, bytes)) in entries.iter().zip(&back) {
            assert_eq!((entry.id, &chunk.read(entry).unwrap()), (*id, bytes));
        }
    }

    #[test]
    fn a_missing_doubled_or_foreign_bundle_is_seen() {
        let bundles: Vec<(u32, Vec<u8>)> = (0..).zip(pack(&chunk(7, 60, 1_500)).unwrap()).collect();
        for gone in 0..bundles.len() {
            let mut fewer = bundles.clone();
            fewer.remove(gone);
            assert!(gather(7, fewer).is_err(), "without {gone}");
        }
        let mut swapped = bundles.clone();
        (swapped[0].1, swapped[1].1) = (bundles[1].1.clone(), bundles[0].1.clone());
        assert!(gather(7, swapped).is_err());
        assert!(gather(8, bundles).is_err());
    }

    proptest! {
        #[test]
        fn flipped_bits_are_seen(at in any::<proptest::sample::Index>(), bit in 0u8..8) {
            let mut bundle = pack(&chunk(3, 5, 40)).unwrap().remove(0);
            let at = at.index(bundle.len());
            bundle[at] ^= 1 << bit;
            prop_assert!(open((3, 0), &bundle).is_err());
        }

        #[test]
        fn forged_bundles_are_segments_or_errors(
            last in 0u8..3, count in 0u16..5, raw in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            let _ = open((1, 2), &sealed((1, 2), last, count, &raw));
        }
    }
}
