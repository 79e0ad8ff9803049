//! Any bytes as keys of the keyed layer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| gongkai::store::fuzzing::keys(bytes));
