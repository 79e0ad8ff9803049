//! Stores as commands open them: to ask, to write, or in memory over files just read.

use std::{
    path::PathBuf,
    process,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use gongkai::{
    Access, Database, ErrorKind,
    ingest::{Options, Outcome},
    render::report,
    store::Holder,
};

use crate::{draw, exit::Done, input, session::Session};

/// The store, made where there is none yet, to write into.
pub fn to_write(session: &Session) -> Done<Database> {
    let access = Access {
        holder: Holder { program: "gongkai".to_owned(), pid: process::id(), since: now() },
        wait: Duration::from_secs(session.wait.unwrap_or(0)),
        ..Access::default()
    };
    let opened = match Database::open_with(&session.store, &access) {
        Err(error) if error.kind() == ErrorKind::NotAStore && !session.store.exists() => {
            Database::create(&session.store, &access)
        }
        opened => opened,
    };
    Ok(opened?)
}

/// The database a question goes to: the store, or the files given, read into memory.
pub fn to_ask(from: &[PathBuf], session: &Session) -> Done<Database> {
    if from.is_empty() {
        return Ok(Database::open_read_only(&session.store)?);
    }
    to_ask_only(from, session)
}

/// The files given and nothing else, read into memory.
pub fn to_ask_only(from: &[PathBuf], session: &Session) -> Done<Database> {
    let database = Database::in_memory();
    for path in input::files(from)? {
        for ingested in database.ingest_readings(input::read(&path, &Options::default())?)? {
            if let Outcome::Refused(refusal) = &ingested.reading.outcome {
                let reason = report::reason(&refusal.code, &refusal.args, session.lang);
                draw::note(
                    session,
                    &session.say("query.refused", &[("file", &ingested.reading.file), ("reason", &reason)]),
                );
            }
        }
    }
    Ok(database)
}

/// The time of day as a person reads it, for whoever finds the store locked.
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let day = seconds % 86_400;
    format!("{:02}:{:02}:{:02} UTC", day / 3_600, day / 60 % 60, day % 60)
}
