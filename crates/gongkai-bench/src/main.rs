//! `gongkai-bench generate REPORTS FILE.csv · load FILE.csv STORE · put STORE REPORTS · ask STORE [QUESTION] · check STORE ·
//! keys STORE · read SECONDS · parse BODIES · dump STORE [write]`

mod ask;
mod check;
mod dump;
mod generate;
mod keys;
mod names;
mod parse;
mod read;
// The reports that tests read are the ones whose reading is timed.
#[allow(dead_code, missing_docs, clippy::little_endian_bytes, clippy::pedantic, clippy::unwrap_used)]
#[path = "../../../tests/suite/render/mod.rs"]
mod render;

use std::{
    env,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    process::ExitCode,
    time::Instant,
};

use gongkai::{
    model::Origin,
    store::{Settings, Store},
};

/// A moment: the bench reads no clock for what it stores.
const NOW: u64 = 1_790_000_000_000;

const USAGE: &str = "generate REPORTS FILE.csv | load FILE.csv STORE | put STORE REPORTS | ask STORE [QUESTION] | check STORE | \
    keys STORE | one STORE Q1 | read SECONDS | parse BODIES | dump STORE [write] | with --features redb: redb-load FILE PATH | redb-dump PATH";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["generate", reports, file] => generate(reports, file),
        ["load", file, store] => load(file, store),
        ["put", store, reports] => put(Path::new(store), reports),
        ["ask", store] => ask::ask(Path::new(store), None),
        ["ask", store, question] => ask::ask(Path::new(store), Some(question)),
        ["check", store] => check::check(Path::new(store)),
        ["keys", store] => keys::keys(Path::new(store)),
        ["read", seconds] => read::read(seconds),
        ["parse", bodies] => parse::parse_all(bodies),
        ["one", store, question] => ask::one(Path::new(store), question),
        ["dump", store] => dump::store(Path::new(store), false),
        ["dump", store, "write"] => dump::store(Path::new(store), true),
        #[cfg(feature = "redb")]
        ["redb-load", file, path] => dump::redb::load(file, path),
        #[cfg(feature = "redb")]
        ["redb-dump", path] => dump::redb::dump(path),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(io::stderr(), "gongkai-bench: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What goes wrong here is only ever shown.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn generate(reports: &str, file: &str) -> Outcome {
    generate::generate(reports.parse()?, BufWriter::with_capacity(1 << 20, File::create(file)?))
}

/// Puts whole reports one by one, each durable before the next, and prints the median.
fn put(store: &Path, reports: &str) -> Outcome {
    let db = Store::create(store, &Settings::default(), NOW)?;
    let mut times = Vec::new();
    for number in 0..reports.parse()? {
        let report = generate::report(number)?;
        let start = Instant::now();
        db.put(&report, NOW)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
    writeln!(io::stdout(), "{{\"median_ms\": {:.3}, \"p99_ms\": {:.3}}}", at(50), at(99))?;
    Ok(db.close()?)
}

fn load(file: &str, store: &str) -> Outcome {
    let start = Instant::now();
    let origin = Origin { file: file.to_owned(), sha256: String::new(), reader: "bench".to_owned() };
    let db = Store::create(Path::new(store), &Settings::default(), NOW)?;
    let done = names::with(|names| db.import(File::open(file)?, names, &origin, NOW))?;
    db.close()?;
    let seconds = start.elapsed().as_secs_f64();
    let stats = Store::stats(Path::new(store))?;
    writeln!(
        io::stdout(),
        "{{\"reports\": {}, \"refused\": {}, \"seconds\": {seconds:.3}, \"archive\": {}, \"keyed\": {}, \"snapshot\": {}}}",
        done.added,
        done.refusals,
        stats.archive,
        stats.keyed,
        stats.snapshot
    )?;
    Ok(())
}
