//! Reads a folder of reports into a store on disk, and says what was refused and what does not add up.
//!
//! `cargo run --example ingest_folder -- [FOLDER] [STORE]`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to its reader")]

use std::{env, fs, path::PathBuf};

use gongkai::{
    Access, Database,
    ingest::{Options, Outcome},
    model::Status,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let folder = args.next().unwrap_or_else(|| "examples/data".into());
    let store = args.next().unwrap_or_else(|| env::temp_dir().join(format!("gongkai-example-{}", std::process::id())));

    let database = if store.exists() { Database::open(&store)? } else { Database::create(&store, &Access::default())? };
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    for file in files {
        for ingested in database.ingest(&file, &Options::default())? {
            match &ingested.reading.outcome {
                Outcome::Read(report) => {
                    let failed = report.findings.iter().filter(|finding| finding.status == Status::Fail).count();
                    println!("{} {}: {:?}, {failed} failed", report.body.name, report.year, ingested.put);
                }
                Outcome::Refused(refusal) => println!("{}: refused, {}", ingested.reading.file, refusal.code),
            }
        }
    }
    database.close()?;
    Ok(())
}
