//! Any markup.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    gongkai::ingest::documents("fuzz", format!("<html><body>{text}").as_bytes());
});
