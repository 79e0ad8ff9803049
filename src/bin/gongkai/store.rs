//! Stores as commands open them: to ask, to write, or in memory over files just read.

use std::{
    env,
    path::PathBuf,
    process,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use gongkai::{
    Access, Database, ErrorKind,
    ingest::{Options, Outcome},
    query,
    render::report,
    store::{Holder, Settings},
    text::Source,
};

use crate::{command::ingest::load::load, draw, exit::Done, input, interrupt, progress::Bar, session::Session};

/// The store, made where there is none yet, to write into.
pub fn to_write(session: &Session) -> Done<Database> {
    let access = access(session);
    let opened = match Database::open_with(&session.store, &access) {
        Err(error) if error.kind() == ErrorKind::NotAStore && !session.store.exists() => {
            Database::create(&session.store, &access)
        }
        opened => opened,
    };
    noted(opened?, session)
}

/// The store that is there, to look after it.
pub fn to_care_for(session: &Session) -> Done<Database> {
    noted(Database::open_with(&session.store, &access(session))?, session)
}

/// The database with its register, whose questions Ctrl-C stops from now on.
fn ready(database: Database, session: &Session) -> Done<Database> {
    interrupt::stops(&database);
    if let Some(path) = &session.register {
        database.set_register(input::register(path, session)?);
    }
    Ok(database)
}

/// The database, after saying what was mended while it was opened.
fn noted(database: Database, session: &Session) -> Done<Database> {
    for note in database.store().map(gongkai::store::Store::notes).unwrap_or_default() {
        draw::note(session, &note.text(session.lang));
    }
    ready(database, session)
}

/// How a store is opened for writing: by whom, and how long to wait for another writer.
fn access(session: &Session) -> Access {
    let author = env::var("GONGKAI_AUTHOR").or_else(|_| env::var("USER")).unwrap_or_default();
    Access { holder: holder(), wait: Duration::from_secs(session.wait.unwrap_or(0)), author, ..Access::default() }
}

/// The same for what the store does without a database.
pub fn settings(session: &Session) -> Settings {
    let access = access(session);
    Settings { holder: access.holder, wait: access.wait, ..Settings::default() }
}

/// This process, for whoever finds the store locked.
pub fn holder() -> Holder {
    Holder { program: "gongkai".to_owned(), pid: process::id(), since: now() }
}

/// Milliseconds since 1970.
pub fn milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The store for a text that may change it: opened for writing only where it does.
pub fn for_texts<'a>(
    from: &[PathBuf],
    texts: impl IntoIterator<Item = &'a Source>,
    session: &Session,
) -> Done<Database> {
    if from.is_empty() && texts.into_iter().any(query::writes) {
        return to_care_for(session);
    }
    to_ask(from, session)
}

/// The database a question goes to: the store, or the files given, read into memory.
pub fn to_ask(from: &[PathBuf], session: &Session) -> Done<Database> {
    if from.is_empty() {
        return ready(Database::open_read_only(&session.store)?, session);
    }
    to_ask_only(from, session)
}

/// The files given and nothing else, read into memory.
pub fn to_ask_only(from: &[PathBuf], session: &Session) -> Done<Database> {
    let database = ready(Database::in_memory(), session)?;
    let files = input::files(from)?;
    let bar = Bar::new(files.len(), session);
    load(&database, &files, &Options::default(), &bar, &mut |ingested, _| {
        if let Outcome::Refused(refusal) = &ingested.reading.outcome {
            let reason = report::reason(&refusal.code, &refusal.args, session.lang);
            let words = [("file", ingested.reading.file.as_str()), ("reason", reason.as_str())];
            bar.say(&session.say("query.refused", &words), session);
        }
        Ok(())
    })?;
    bar.done();
    Ok(database)
}

/// The time of day as a person reads it, for whoever finds the store locked.
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let day = seconds % 86_400;
    format!("{:02}:{:02}:{:02} UTC", day / 3_600, day / 60 % 60, day % 60)
}
