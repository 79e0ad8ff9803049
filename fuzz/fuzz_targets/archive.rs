//! Any bytes as a file of the archive: walked over, and whole frames picked out of damage.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

/// One folder for the whole run; give it a place in memory with TMPDIR.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fuzz_target!(|bytes: &[u8]| gongkai::store::fuzzing::frames(FOLDER.path(), bytes));
