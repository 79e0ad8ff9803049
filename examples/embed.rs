//! gongkai inside a program: a store in memory, one report, one question, typed rows.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to its reader")]

use gongkai::{Database, Dim, Query, ingest::Options, query::Number};

fn main() -> gongkai::Result<()> {
    let database = Database::in_memory();
    for ingested in database.ingest("examples/data/太原市万柏林区-2024.txt", &Options::default())? {
        println!("{}: {:?}", ingested.reading.file, ingested.put);
    }
    let answer = database.ask(&Query::share("not_held").by(Dim::Year).within("140109").build()?, &[])?;
    println!("{}", answer.query.zh);
    for row in answer.rows() {
        let (Some(year), Some(Number::Ratio { numerator, denominator })) = (row.year(), row.value()) else { continue };
        println!("{year}: {numerator} of {denominator}");
    }
    Ok(())
}
