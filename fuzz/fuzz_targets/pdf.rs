//! Any bytes after the header of a PDF.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    gongkai::ingest::documents("fuzz", &[b"%PDF-1.4\n".as_slice(), bytes].concat());
});
