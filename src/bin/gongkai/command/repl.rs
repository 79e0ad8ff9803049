//! `gongkai repl`: the prompt; also what a bare `gongkai` on a terminal opens.

use gongkai::{Database, ErrorKind};

use crate::{
    args::ReplArgs,
    draw,
    exit::{Done, Fail},
    input, repl,
    session::Session,
    store,
};

/// Opens the prompt over the store, or over files read into memory.
pub fn run(args: &ReplArgs, session: &Session) -> Done {
    let database = match store::to_ask(&args.from, session) {
        // A first visit: the prompt opens all the same, says so, and offers help.
        Err(Fail::Library(error, _)) if error.kind() == ErrorKind::NotAStore && !session.store_named => {
            draw::note(session, &session.say("repl.no_store", &[("path", &session.store.display().to_string())]));
            Database::in_memory()
        }
        opened => opened?,
    };
    input::population(args.population.as_deref(), &database, session)?;
    repl::run(database, session)
}
