//! The rules over every report: how long, how much memory, how many results.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    time::Instant,
};

use gongkai::{
    Database,
    query::{Answer, Field},
};

use crate::Outcome;

/// Every rule within a report that needs no text, and those over two years.
const QUESTIONS: [&str; 6] = [
    "check T3-BAL | failed",
    "check identities | failed",
    "check identities by rule",
    "check identities by rule, year",
    "check carry_over, stock by rule",
    "check S-INT, S-BLANK, S-TMPL, T2-REG, L-FEE by rule",
];

/// Asks each question once, in a fresh process's cold state for the first.
pub fn check(store: &Path) -> Outcome {
    let db = Database::open_read_only(store)?;
    for text in QUESTIONS {
        let start = Instant::now();
        let answer = db.query(text)?;
        let seconds = start.elapsed().as_secs_f64();
        writeln!(
            io::stdout(),
            "{{\"question\": \"{text}\", \"seconds\": {seconds:.3}, \"rows\": {}, \"results\": {}, \"failed\": {}, \"peak_mb\": {}}}",
            answer.rows.len(),
            results(&answer),
            answer.failed.unwrap_or(0),
            peak()
        )?;
    }
    Ok(())
}

/// How many results the counts of an answer add up to.
fn results(answer: &Answer) -> u64 {
    let counts = answer.rows.iter().flatten();
    counts.map(|field| if let Field::Whole(count) = field { *count } else { 0 }).sum()
}

/// The most memory this process ever had, where the system tells.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
