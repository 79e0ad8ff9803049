//! Any payload as a record of the archive: reports, imported blocks, removals, verdicts.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| gongkai::store::fuzzing::values(bytes));
