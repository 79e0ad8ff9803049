//! What must be there: a small file of two slots, written in turn, so that one of them is always whole.
//!
//! It is the marker that makes a folder a store, and the memory against which everything else is compared.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    codec::{self, VALUE},
    disk::{self, Disk},
};
use crate::error::{Error, ErrorKind, Result};

/// The format this program writes.
pub const FORMAT: u16 = 2;
/// The engine of the keyed layer, with the line whose format it has.
pub const ENGINE: &str = "sled-0.34";

const SLOT: u64 = 4096;
const MAGIC: [u8; 8] = *b"\x89GKmani1";

/// One slot, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Random name of the store.
    pub store: [u8; 16],
    /// Format of the whole store.
    pub format: u16,
    /// Engine of the keyed layer.
    pub engine: String,
    /// Counts the writes of this file; the higher slot is the valid one.
    pub turn: u64,
    /// Records of the archive that were acknowledged, at least.
    pub sequence: u64,
    /// File of the archive that ended with that record.
    pub file: u32,
    /// Where it ended.
    pub offset: u32,
    /// Records that the keyed layer holds durably.
    pub sealed: u64,
    /// Reports then.
    pub reports: u64,
    /// Sum of the hashes of those reports.
    pub hash: u64,
    /// Whether the store was closed in order.
    pub clean: bool,
}

impl Manifest {
    /// The first slot of a new store.
    #[must_use]
    pub fn new(store: [u8; 16]) -> Self {
        Self {
            store,
            format: FORMAT,
            engine: ENGINE.to_owned(),
            turn: 0,
            sequence: 0,
            file: 1,
            offset: 0,
            sealed: 0,
            reports: 0,
            hash: 0,
            clean: true,
        }
    }

    /// The path of the file in a store's folder.
    #[must_use]
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("manifest")
    }

    /// Reads the newer whole slot.
    ///
    /// # Errors
    /// `NotAStore` without the file, `Format` for a newer format or another engine, `Damaged` when no slot is whole.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = Self::path(folder);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(missing(folder));
            }
            Err(cause) => return Err(Error::from(cause).at(path)),
        };
        let slots = [0, SLOT].map(|offset| slot(&file, offset));
        let newest = slots.iter().filter_map(|slot| slot.as_ref().ok()).max_by_key(|slot| slot.turn).cloned();
        let Some(manifest) = newest else {
            let newer = slots.into_iter().filter_map(std::result::Result::err).find(|e| e.kind() == ErrorKind::Format);
            return Err(newer.unwrap_or_else(|| Error::new(ErrorKind::Damaged, "store.manifest")).at(path));
        };
        if manifest.format > FORMAT || manifest.engine != ENGINE {
            let newer = Error::new(ErrorKind::Format, "store.format").with("format", manifest.format);
            let newer = newer.with("engine", manifest.engine).with("known", FORMAT).with("known_engine", ENGINE);
            return Err(newer.at(folder));
        }
        Ok(manifest)
    }

    /// Makes the file, with both of its slots.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn create(&mut self, disk: &Arc<dyn Disk>, folder: &Path) -> Result<()> {
        let path = Self::path(folder);
        disk.write(&path, 0, &[]).map_err(|cause| Error::from(cause).at(path))?;
        self.write(disk, folder, true)?;
        self.write(disk, folder, true)
    }

    /// Writes the next slot; durable at once where `sync` asks for it.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn write(&mut self, disk: &Arc<dyn Disk>, folder: &Path, sync: bool) -> Result<()> {
        // A write that fails may leave its slot torn; the next one must take the same slot and spare the whole one.
        let turn = self.turn + 1;
        let value = codec::encode(1, &Self { turn, ..self.clone() }, VALUE)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(&value);
        let path = Self::path(folder);
        let at = |cause| Error::from(cause).at(&path);
        disk.write(&path, (turn % 2) * SLOT, &bytes).map_err(at)?;
        if sync {
            disk.sync(&path).map_err(at)?;
        }
        self.turn = turn;
        Ok(())
    }
}

fn slot(file: &File, offset: u64) -> Result<Manifest> {
    let mut head = [0; 10];
    disk::read_at(file, offset, &mut head)?;
    let [magic @ .., high, low] = head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if magic != MAGIC || length as u64 > SLOT {
        return Err(Error::new(ErrorKind::Damaged, "store.manifest_slot"));
    }
    let mut bytes = vec![0; length];
    disk::read_at(file, offset + 10, &mut bytes)?;
    codec::decode(1, &bytes, VALUE)
}

fn missing(folder: &Path) -> Error {
    Error::new(ErrorKind::NotAStore, if folder.exists() { "store.foreign" } else { "store.none" }).at(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::disk::Files;

    /// Writes the fixture of a store that a later version made; run by hand (`--ignored`).
    #[test]
    #[ignore = "writes the fixture of a newer format"]
    fn write_the_newer_fixture() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-newer");
        let disk: Arc<dyn Disk> = Arc::new(Files);
        disk.create_folder(&folder).unwrap();
        Manifest { format: 99, ..Manifest::new([7; 16]) }.create(&disk, &folder).unwrap();
    }
}
