//! Any text that is not markup, read as a whole report.
#![no_main]

use gongkai::ingest::{Options, read_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = format!("某县人民政府2024年政府信息公开工作年度报告\n{}", text.replace('<', ""));
    read_bytes("fuzz", lines.as_bytes(), &Options::default());
});
