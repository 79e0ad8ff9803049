//! Stores as commands open them: to ask, to write, or in memory over files just read.

use std::path::PathBuf;

use gongkai::{
    Database, Error, ErrorKind,
    ingest::{Options, Outcome},
    render::report,
};

use crate::{draw, exit::Done, input, session::Session};

/// The store, made where there is none yet, to write into.
pub fn to_write(session: &Session) -> Done<Database> {
    Err(Error::new(ErrorKind::NotAStore, "there is no store here").at(&session.store).into())
}

/// The database a question goes to: the store, or the files given, read into memory.
pub fn to_ask(from: &[PathBuf], session: &Session) -> Done<Database> {
    if from.is_empty() {
        return Err(Error::new(ErrorKind::NotAStore, "there is no store here").at(&session.store).into());
    }
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
