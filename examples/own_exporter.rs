//! An exporter of one's own: an answer as a definition list in plain text.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to its reader")]

use gongkai::{Database, ingest::Options, messages::Lang, render::field};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::in_memory();
    for entry in std::fs::read_dir("examples/data")? {
        database.ingest(entry?.path(), &Options::default())?;
    }
    let answer = database.query("share of not_held by body")?;
    println!("{}", answer.query.en);
    for row in &answer.rows {
        for (title, value) in answer.columns.iter().zip(row) {
            println!("  {}: {}", field::title(title, Lang::En), field::shown(value, title, Lang::En));
        }
        println!();
    }
    Ok(())
}
