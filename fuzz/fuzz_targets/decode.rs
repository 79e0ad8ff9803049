//! Any bytes: encodings, damage, and telling formats apart.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    gongkai::ingest::documents("fuzz", bytes);
});
