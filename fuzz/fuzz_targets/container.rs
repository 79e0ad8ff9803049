//! Any bytes after the signature of a zip container or of an old office file.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    gongkai::ingest::documents("fuzz", &[b"PK\x03\x04".as_slice(), bytes].concat());
    gongkai::ingest::documents("fuzz", &[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), bytes].concat());
});
