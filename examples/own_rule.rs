//! A check of one's own: reports in which most requests came from organisations.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to its reader")]

use gongkai::{Database, Dim, Query, ingest::Options, query::Number};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::in_memory();
    for entry in std::fs::read_dir("examples/data")? {
        database.ingest(entry?.path(), &Options::default())?;
    }
    let ask = Query::measure("new[natural]").and(Query::measure("new")).by(Dim::Body).by(Dim::Year);
    let answer = database.ask(&ask.build()?, &[])?;
    for row in answer.rows() {
        let (Some(place), Some(year)) = (row.place(), row.year()) else { continue };
        let (Some(Number::Count(persons)), Some(Number::Count(all))) = (row.number("value"), row.number("value_2"))
        else {
            continue;
        };
        let verdict = if persons * 2 >= all { "mostly persons" } else { "mostly organisations" };
        println!("{} {year}: {persons} of {all}, {verdict}", place.path);
    }
    Ok(())
}
