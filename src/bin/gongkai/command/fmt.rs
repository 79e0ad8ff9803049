//! `gongkai fmt FILE.gk`: a script in its canonical form, in the language asked for.

use gongkai::{
    Database, Error,
    diagnostic::Level,
    messages::Lang,
    query::{self, Tongue, print_script},
};

use crate::{
    args::FmtArgs,
    command::run::open,
    draw,
    exit::{Done, Exit},
    session::Session,
    store,
};

/// Prints or rewrites every script; with `--check`, only says which are not in that form (exit 1).
pub fn run(args: &FmtArgs, session: &Session) -> Done {
    // The names of the store's bodies are words of the language; without a store the divisions are.
    let database = store::to_ask(&[], session).unwrap_or_else(|_| Database::in_memory());
    let ground = database.ground()?;
    let tongue = if session.lang == Lang::Zh { Tongue::Zh } else { Tongue::En };
    let mut exit = Exit::Ok;
    for file in &args.files {
        let (source, path) = open(file)?;
        let parsed = query::parse(&source, &ground.lexicon);
        draw::diagnostics(session, &parsed.diagnostics, &source);
        if parsed.diagnostics.iter().any(|complaint| complaint.level == Level::Error) {
            exit = Exit::Usage;
            continue;
        }
        let text = print_script(&parsed.script, tongue, &ground.lexicon);
        match path {
            _ if args.check => {
                if text != source.text() {
                    draw::line(&session.say("fmt.differs", &[("file", source.name())]));
                    exit = Exit::Failed;
                }
            }
            Some(path) if args.write => {
                std::fs::write(path, &text).map_err(|cause| Error::from(cause).at(path))?;
            }
            _ => std::io::Write::write_all(&mut std::io::stdout().lock(), text.as_bytes())?,
        }
    }
    Ok(exit)
}
