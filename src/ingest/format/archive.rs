//! Zip containers, read within limits; nothing is ever written to disk, so entry names are only names.

use std::io::{Cursor, Read};

use encoding_rs::GB18030;
use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::{limits, refuse};
use crate::ingest::Refusal;

/// A zip file in memory.
pub(super) struct Archive<'bytes> {
    zip: ZipArchive<Cursor<&'bytes [u8]>>,
}

impl<'bytes> Archive<'bytes> {
    /// Opens the container.
    pub(super) fn open(bytes: &'bytes [u8]) -> Result<Self, Refusal> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| refuse::damaged("zip"))?;
        if zip.len() > limits::ENTRIES { Err(refuse::too_many_entries()) } else { Ok(Self { zip }) }
    }

    /// The names of the files in it, in order.
    pub(super) fn names(&mut self) -> Vec<(usize, String)> {
        (0..self.zip.len())
            .filter_map(|index| {
                let entry = self.zip.by_index_raw(index).ok()?;
                entry.is_file().then(|| (index, name(&entry)))
            })
            .collect()
    }

    /// The content of an entry, at most `room` bytes of it.
    pub(super) fn read(&mut self, index: usize, room: usize) -> Result<Vec<u8>, Refusal> {
        let mut entry = match self.zip.by_index(index) {
            Ok(entry) => entry,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => return Err(refuse::encrypted()),
            Err(ZipError::UnsupportedArchive(_)) => return Err(refuse::unsupported("zip")),
            Err(_) => return Err(refuse::damaged("zip")),
        };
        let packed = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX);
        // What an entry says of its own size is not believed: it is unpacked up to the limit and no further.
        let limit = room.min(limits::FILE_BYTES).min(packed.saturating_mul(limits::RATIO).max(limits::SMALL_ENTRY));
        let mut bytes = Vec::new();
        let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        entry.by_ref().take(cap).read_to_end(&mut bytes).map_err(|_| refuse::damaged("zip"))?;
        if bytes.len() > limit { Err(refuse::too_large()) } else { Ok(bytes) }
    }

    /// Unpacks everything once within limits, so that a reader which unpacks by itself can be trusted with the file.
    pub(super) fn check(&mut self) -> Result<(), Refusal> {
        let mut room = limits::FILE_BYTES * 2;
        for index in 0..self.zip.len() {
            room = room.checked_sub(self.read(index, room)?.len()).ok_or_else(refuse::too_large)?;
        }
        Ok(())
    }
}

/// The name of an entry, in GB18030 where it is not UTF-8, without control characters.
fn name(entry: &ZipFile<'_, impl Read>) -> String {
    let raw = entry.name_raw();
    let name = std::str::from_utf8(raw).map_or_else(|_| GB18030.decode(raw).0.into_owned(), str::to_owned);
    name.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
