//! Any bytes as a segment of a column.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| gongkai::store::fuzzing::columns(bytes));
