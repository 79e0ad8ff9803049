//! Answers as an SQLite database: their data, typed and exact, and in tables beside it all that belongs to them.
//!
//! | table | holds |
//! |---|---|
//! | `data`, `data_2` … | the rows of the first answer, of the second … |
//! | `about` | the question, the definitions, the revision of the store, how many files the answer rests on |
//! | `columns` | what the columns are: labels, unit, type |
//! | `missing_reasons` | what the states mean that stand where a value would |
//! | `notes` | what to know of the figures |
//! | `missing` | reports that were asked for and are not there |
//! | `sources` | the files the answer rests on or its rows name, with their SHA-256 |
//!
//! Every table but `data` and `missing_reasons` numbers the answers from 1. Counts are INTEGER, money is TEXT (no
//! binary number holds its decimals), a share is REAL with its numerator and base beside it.

use std::path::Path;

use rusqlite::{Connection, ToSql, params, params_from_iter, types::Value as Sql};

use super::{
    about,
    data::{Data, Kind, Value},
    number,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::State,
    query::{Answer, Number},
};

/// Writes answers into a new or empty file.
///
/// # Errors
/// When the file cannot be written.
pub fn write(answers: &[Answer], file: &Path) -> Result<()> {
    let write = || {
        let mut connection = open(file)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(TABLES)?;
        states(&transaction)?;
        for (at, answer) in (1_i64..).zip(answers) {
            let data = Data::of(answer);
            rows(&transaction, &data, &if at == 1 { "data".to_owned() } else { format!("data_{at}") })?;
            describe(&transaction, at, answer, &data)?;
        }
        transaction.commit()
    };
    write().map_err(trouble)
}

/// A database that is thrown away when writing it fails, so that it needs no journal.
pub(crate) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    Ok(connection)
}

pub(crate) fn trouble(cause: rusqlite::Error) -> Error {
    Error::new(ErrorKind::Io, cause.to_string()).because(cause)
}

/// What the states mean, all of them: `missing_reasons` is the key to every `state` column.
pub(crate) fn states(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE missing_reasons (state TEXT PRIMARY KEY, label_en TEXT NOT NULL, label_zh TEXT NOT NULL);",
    )?;
    for state in State::ALL {
        let label = about::label(state);
        connection.execute("INSERT INTO missing_reasons VALUES (?, ?, ?)", params![state.id(), label.en, label.zh])?;
    }
    Ok(())
}

const TABLES: &str = "
CREATE TABLE about (answer INTEGER NOT NULL, name TEXT NOT NULL, en TEXT NOT NULL, zh TEXT NOT NULL);
CREATE TABLE columns (answer INTEGER NOT NULL, id TEXT NOT NULL, label_en TEXT NOT NULL, label_zh TEXT NOT NULL, unit TEXT, type TEXT NOT NULL);
CREATE TABLE notes (answer INTEGER NOT NULL, code TEXT NOT NULL, en TEXT NOT NULL, zh TEXT NOT NULL);
CREATE TABLE missing (answer INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, year INTEGER NOT NULL);
CREATE TABLE sources (answer INTEGER NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL);
";

fn rows(connection: &Connection, data: &Data, table: &str) -> rusqlite::Result<()> {
    let columns: Vec<String> = (0..data.columns.len()).filter_map(|at| declared(data, at)).collect();
    if columns.is_empty() {
        return Ok(());
    }
    connection.execute_batch(&format!("CREATE TABLE {table} ({})", columns.join(", ")))?;
    let places = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO {table} VALUES ({places})"))?;
    for row in &data.rows {
        insert.execute(params_from_iter(row.iter().map(stored)))?;
    }
    Ok(())
}

/// A column with the type that keeps its values as they are; none where every row has its own.
fn declared(data: &Data, at: usize) -> Option<String> {
    let column = data.columns.get(at)?;
    let fits = |value: &Value| matches!(stored(value), Sql::Null | Sql::Integer(_));
    let kind = match column.kind {
        Kind::Whole if data.rows.iter().filter_map(|row| row.get(at)).all(fits) => " INTEGER",
        Kind::Ratio => " REAL",
        Kind::Text | Kind::Decimal => " TEXT",
        Kind::Whole | Kind::Mixed => "",
    };
    Some(format!("\"{}\"{kind}", column.id.replace('"', "\"\"")))
}

fn stored(value: &Value) -> Sql {
    match value {
        Value::Nothing => Sql::Null,
        Value::Text(text) => Sql::Text(text.clone()),
        Value::Number(Number::Count(count)) => {
            i64::try_from(*count).map_or_else(|_| Sql::Text(count.to_string()), Sql::Integer)
        }
        Value::Number(found @ Number::Money(_)) => Sql::Text(number::plain(*found)),
        Value::Number(found @ Number::Ratio { .. }) => {
            number::json(*found).as_f64().map_or_else(|| Sql::Text(number::plain(*found)), Sql::Real)
        }
    }
}

fn describe(connection: &Connection, at: i64, answer: &Answer, data: &Data) -> rusqlite::Result<()> {
    let put = |table: &str, values: &[&dyn ToSql]| {
        let places = vec!["?"; values.len() + 1].join(", ");
        let all: Vec<&dyn ToSql> = std::iter::once(&at as &dyn ToSql).chain(values.iter().copied()).collect();
        connection.execute(&format!("INSERT INTO {table} VALUES ({places})"), all.as_slice()).map(|_| ())
    };
    put("about", &[&"query", &answer.query.en, &answer.query.zh])?;
    for fact in about::measures(answer).into_iter().chain(about::rests_on(answer)) {
        put("about", &[&fact.name, &fact.text.en, &fact.text.zh])?;
    }
    let revision = answer.revision.to_string();
    put("about", &[&"store.revision", &revision, &revision])?;
    for column in &data.columns {
        put("columns", &[&column.id, &column.label.en, &column.label.zh, &column.unit, &column.kind.id()])?;
    }
    for note in about::notes(answer) {
        put("notes", &[&note.name, &note.text.en, &note.text.zh])?;
    }
    for (place, year) in &answer.missing {
        put("missing", &[&place.code, &place.name, &place.path, &year.number()])?;
    }
    for (file, sha256) in about::sources(answer) {
        put("sources", &[&file, &sha256])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{query::Field, render::sample_tests as sample};

    fn written(answers: &[Answer]) -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sqlite");
        write(answers, &file).unwrap();
        (folder, Connection::open(file).unwrap())
    }

    #[test]
    fn values_keep_their_type_and_their_digits() {
        let mut answer = sample::seed();
        let mut second = answer.rows[0].clone();
        // A sum beyond 64 bits, and money whose decimals no binary number holds.
        second[3] = Field::Number(Some(Number::Count(i128::from(i64::MAX) + 1)));
        second[4] = Field::Number(Some(Number::Money(4_068_208_000)));
        answer.rows.push(second);
        let (_folder, connection) = written(&[answer]);
        let row = |at: usize| {
            let sql = format!(
                "SELECT typeof(value), value, typeof(numerator), numerator, typeof(denominator), denominator FROM data WHERE rowid = {at}"
            );
            connection
                .query_row(&sql, [], |row| {
                    Ok((row.get::<_, Sql>(1)?, row.get::<_, String>(2)?, row.get::<_, Sql>(3)?, row.get::<_, Sql>(5)?))
                })
                .unwrap()
        };
        assert_eq!(row(1), (Sql::Real(0.77), "integer".into(), Sql::Integer(77), Sql::Integer(100)));
        assert_eq!(
            row(2),
            (Sql::Real(0.77), "text".into(), Sql::Text("9223372036854775808".into()), Sql::Text("4068.208".into()))
        );
    }

    #[test]
    fn several_answers_are_several_tables_with_their_descriptions() {
        let (_folder, connection) = written(&[sample::seed(), sample::seed()]);
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM data_2"), 1);
        assert_eq!(count("SELECT count(*) FROM columns WHERE answer = 2 AND id = 'value' AND unit = '%'"), 1);
        assert_eq!(count("SELECT count(*) FROM about WHERE name = 'query' AND en LIKE 'share of not_held%'"), 2);
        assert_eq!(count("SELECT count(*) FROM missing_reasons WHERE state = 'n/a' AND label_zh <> ''"), 1);
    }
}
