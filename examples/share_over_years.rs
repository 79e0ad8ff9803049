//! A share across years, with the years that are missing still visible.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to its reader")]

use gongkai::{
    Database, Dim, Query,
    ingest::Options,
    model::{State, Year},
    query::Number,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::in_memory();
    for entry in std::fs::read_dir("examples/data")? {
        database.ingest(entry?.path(), &Options::default())?;
    }
    let year = |number| Year::new(number).ok_or("not a report year");
    let ask = Query::share("not_held").by(Dim::Year).within("平潭综合实验区").years(year(2021)?, year(2024)?);
    let answer = database.ask(&ask.build()?, &[])?;
    for row in answer.rows() {
        let year = row.year().map_or_else(String::new, |year| year.to_string());
        match (row.value(), row.state()) {
            (Some(Number::Ratio { numerator, denominator }), _) => println!("{year}  {numerator}/{denominator}"),
            (_, Some(State::NoReport)) => println!("{year}  no report"),
            (_, state) => println!("{year}  {state:?}"),
        }
    }
    Ok(())
}
