//! `gongkai check`, `missing`, `why`, `show`: verbs of the language as commands of their own.

use crate::{args::VerbArgs, command::query, exit::Done, session::Session};

/// Runs `verb words…` as a query.
pub fn run(verb: &str, args: &VerbArgs, session: &Session) -> Done {
    let mut words = vec![verb.to_owned()];
    words.extend(args.words.iter().cloned());
    query::ask(&words.join(" "), &args.ask, session)
}
