//! Failures and findings drawn for a person, on standard error.

use std::io::Write;

use gongkai::messages;

use crate::{
    exit::{Exit, Fail},
    session::Session,
};

/// Says a line on standard error, unless `-q`.
pub fn note(session: &Session, text: &str) {
    if session.verbosity >= 0 {
        line(text);
    }
}

/// Says a line on standard error. Where nobody listens, nothing can be done about it.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Says why a command stopped, and what to do next where that is known.
pub fn fail(session: &Session, fail: &Fail) {
    match fail {
        Fail::Quiet(_) | Fail::ClosedPipe => {}
        Fail::Said { key, args, .. } => {
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            error(session, &session.say(key, &args));
            let help = format!("{key}.help");
            if messages::has(session.lang, &help) {
                line(&format!("{} {}", session.say("draw.help", &[]), session.say(&help, &args)));
            }
        }
        Fail::Library(trouble, _) => error(session, &trouble.to_string()),
    }
}

fn error(session: &Session, text: &str) {
    line(&format!("{} {text}", session.say("draw.error", &[])));
}

/// Shows help and version on standard output, and a wrong command line on standard error.
pub fn usage(error: &clap::Error, lang: messages::Lang) -> Exit {
    use clap::error::ErrorKind;
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            Exit::Ok
        }
        _ => {
            let _ = lang;
            let _ = error.print();
            Exit::Usage
        }
    }
}
