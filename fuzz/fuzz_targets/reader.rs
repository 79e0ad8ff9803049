//! The whole reader: whatever the bytes are, an answer, and never a report without cells.
#![no_main]

use gongkai::ingest::{Options, Outcome, read_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for reading in read_bytes("fuzz", bytes, &Options::default()) {
        if let Outcome::Read(report) = reading.outcome {
            assert!(!report.cells.is_empty());
        }
    }
});
