//! The bytes of a frame and of a file's head.

use crate::{
    error::{Error, ErrorKind, Result},
    store::bytes::Reader,
};

/// Where a frame stands: number of the file and offset in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the file, from 1.
    pub file: u32,
    /// Offset of the frame's first byte.
    pub offset: u32,
}

impl Place {
    /// Both in one number, as columns keep it.
    #[must_use]
    pub fn packed(self) -> i64 {
        (i64::from(self.file) << 32) | i64::from(self.offset)
    }

    /// The place behind a packed number.
    #[must_use]
    pub fn unpack(packed: i64) -> Option<Self> {
        let file = u32::try_from(packed >> 32).ok()?;
        let offset = u32::try_from(packed & 0xffff_ffff).ok()?;
        Some(Self { file, offset })
    }
}

/// What a frame holds. Codes are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// One report.
    Report = 1,
    /// Many reports of an imported cube, as columns.
    Block = 2,
    /// A report is taken back, as an undone batch asks.
    Removal = 3,
    /// What a person decided about a finding.
    Verdict = 4,
}

impl Kind {
    fn from_code(code: u8) -> Option<Self> {
        [Self::Report, Self::Block, Self::Removal, Self::Verdict].into_iter().find(|&kind| kind as u8 == code)
    }
}

/// A frame read back, its checksum matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Number in the order of writing, from 1 without gaps.
    pub sequence: u64,
    /// When it was written: milliseconds since 1970, never less than the frame before.
    pub time: u64,
    /// What it holds.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// The value with its version and checksum, as `codec` wrote it.
    pub payload: Vec<u8>,
}

/// Bytes before the payload of a frame.
pub const HEAD: usize = 36;
/// Bytes before the first frame of a file.
pub const FILE_HEAD: usize = 40;
/// A frame begins with these.
pub const MAGIC: [u8; 4] = *b"\x89GKf";
/// A file begins with these.
const FILE_MAGIC: [u8; 8] = *b"\x89GKarch1";
/// The largest compressed payload.
pub const LONGEST: usize = 64 << 20;

/// The head of a frame, read and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub kind: Kind,
    pub sequence: u64,
    pub time: u64,
    pub length: usize,
    pub raw_length: usize,
    sum: u32,
}

/// The bytes of a frame: head, then the payload compressed.
pub fn encode(kind: Kind, sequence: u64, time: u64, payload: &[u8]) -> Result<Vec<u8>> {
    let packed = zstd::bulk::compress(payload, 1)?;
    let length = u32::try_from(packed.len()).ok().filter(|_| packed.len() <= LONGEST);
    let raw = u32::try_from(payload.len()).ok().filter(|_| payload.len() <= LONGEST);
    let (Some(length), Some(raw)) = (length, raw) else {
        return Err(Error::new(ErrorKind::Limit, "store.record_large").with("most", LONGEST));
    };
    let mut bytes = Vec::with_capacity(HEAD + packed.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.push(kind as u8);
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(time.to_be_bytes().get(1..).unwrap_or_default());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&raw.to_be_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&packed).to_be_bytes());
    let sum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&sum.to_be_bytes());
    bytes.extend_from_slice(&packed);
    Ok(bytes)
}

/// Reads a head; nothing when it is not one.
pub fn head(bytes: &[u8; HEAD]) -> Option<Head> {
    let (rest, sum) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(rest) != u32::from_be_bytes(*sum) {
        return None;
    }
    read_head(&mut Reader(rest)).ok().flatten()
}

fn read_head(rest: &mut Reader<'_>) -> Result<Option<Head>> {
    let magic: [u8; 4] = rest.take()?;
    let [code] = rest.take()?;
    let sequence = rest.u64()?;
    let mut time = [0; 8];
    time.iter_mut().skip(1).zip(rest.take::<7>()?).for_each(|(byte, part)| *byte = part);
    let [length, raw_length] = [rest.u32()?, rest.u32()?].map(|size| usize::try_from(size).unwrap_or(usize::MAX));
    let sum = rest.u32()?;
    let time = u64::from_be_bytes(time);
    let fits = magic == MAGIC && length <= LONGEST && raw_length <= LONGEST;
    Ok(Kind::from_code(code).filter(|_| fits).map(|kind| Head { kind, sequence, time, length, raw_length, sum }))
}

/// Checks and unpacks what follows a head.
pub fn payload(head: Head, packed: &[u8]) -> Result<Vec<u8>> {
    let damaged = || Error::new(ErrorKind::Damaged, "store.record_sum").with("record", head.sequence);
    if crc32fast::hash(packed) != head.sum {
        return Err(damaged());
    }
    let raw = zstd::bulk::decompress(packed, head.raw_length).map_err(|cause| damaged().because(cause))?;
    if raw.len() == head.raw_length { Ok(raw) } else { Err(damaged()) }
}

/// The head of a file: which store it belongs to, its number and the sequence of its first frame.
pub fn file_head(store: [u8; 16], file: u32, first: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FILE_HEAD);
    bytes.extend_from_slice(&FILE_MAGIC);
    bytes.extend_from_slice(&store);
    bytes.extend_from_slice(&file.to_be_bytes());
    bytes.extend_from_slice(&first.to_be_bytes());
    let sum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&sum.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_flipped_heads_do_not() {
        let bytes = encode(Kind::Report, 7, 1_700_000_000_123, b"payload").unwrap();
        let start: [u8; HEAD] = bytes.get(..HEAD).unwrap().try_into().unwrap();
        let found = head(&start).unwrap();
        assert_eq!((found.kind, found.sequence, found.time), (Kind::Report, 7, 1_700_000_000_123));
        assert_eq!(payload(found, bytes.get(HEAD..).unwrap()).unwrap(), b"payload");
        for at in 0..HEAD {
            for bit in 0..8 {
                let mut flipped = start;
                flipped[at] ^= 1 << bit;
                assert_eq!(head(&flipped), None, "byte {at} bit {bit}");
            }
        }
        assert_eq!(file_head([1; 16], 1, 1).len(), FILE_HEAD);
    }

    #[test]
    fn places_pack() {
        let place = Place { file: 3, offset: u32::MAX };
        assert_eq!(Place::unpack(place.packed()), Some(place));
        assert_eq!(Place::unpack(-1), None);
    }
}
