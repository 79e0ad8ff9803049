//! `gongkai test FILE.gk`: holds a script's asserts against reports given inline or beside it.

use std::path::Path;

use gongkai::{
    Database,
    ingest::{Options, Outcome},
    render::report,
    text::Source,
};

use crate::{
    args::TestArgs,
    command::run::{open, params},
    draw,
    exit::{Done, Exit, Fail},
    input,
    output::{Format, Output},
    script::{self, Manner, inline},
    session::Session,
    store,
};

/// Tests every script, says which of them hold, and ends with 1 when any does not.
pub fn run(args: &TestArgs, session: &Session) -> Done {
    let mut exit = Exit::Ok;
    let mut output = Output::open(&args.output, session, Format::Table)?;
    for file in input::files(&args.files)? {
        if args.files.iter().any(|named| named.is_dir()) && file.extension().is_none_or(|ending| ending != "gk") {
            continue;
        }
        let (source, path) = open(&file)?;
        let database = reports(&source, &file, args, session)?;
        input::population(args.population.as_deref(), &database, session)?;
        let mut words = params(&args.param)?;
        let manner = Manner { keep_going: true, show: false, timed: false };
        let outcome = script::run(source, path, &database, &mut words, &mut output, manner, session)?;
        let (held, all) = (outcome.held.to_string(), (outcome.held + outcome.broken).to_string());
        let key = if outcome.exit == Exit::Ok { "test.holds" } else { "test.breaks" };
        let name = file.display().to_string();
        output.text(&(session.say(key, &[("file", &name), ("held", &held), ("all", &all)]) + "\n"))?;
        if exit == Exit::Ok {
            exit = outcome.exit;
        }
    }
    output.close()?;
    Ok(exit)
}

/// The reports a script is held against: its own, those of `--from`, or the store.
fn reports(source: &Source, file: &Path, args: &TestArgs, session: &Session) -> Done<Database> {
    let own = inline::reports(source, file).map_err(|complaint| {
        draw::diagnostics(session, &[*complaint], source);
        Fail::Quiet(Exit::Usage)
    })?;
    if own.is_empty() {
        return store::to_ask(&args.from, session);
    }
    let database = store::to_ask_only(&args.from, session)?;
    for report in own {
        let readings = match report {
            inline::Report::File(path) => input::read(&path, &Options::default())?,
            inline::Report::Text(name, text) => gongkai::read_bytes(&name, text.as_bytes(), &Options::default()),
        };
        for ingested in database.ingest_readings(readings)? {
            if let Outcome::Refused(refusal) = &ingested.reading.outcome {
                let reason = report::reason(&refusal.code, &refusal.args, session.lang);
                let words = [("file", ingested.reading.file.as_str()), ("reason", reason.as_str())];
                draw::note(session, &session.say("query.refused", &words));
            }
        }
    }
    Ok(database)
}
