//! Failures and findings drawn for a person, on standard error.

mod diagnostic;
mod trouble;
mod usage;

use std::io::Write;

use gongkai::{Diagnostic, messages, text::Source};

pub use usage::usage;

use crate::{exit::Fail, session::Session};

/// So many complaints about one text are drawn, the rest counted.
const MOST: usize = 20;

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

/// Draws complaints about a text, each under the words it is about.
pub fn diagnostics(session: &Session, found: &[Diagnostic], source: &Source) {
    for complaint in found.iter().take(MOST) {
        line(&diagnostic::drawn(complaint, source, session));
    }
    if let Some(more) = found.len().checked_sub(MOST).filter(|&more| more > 0) {
        line(&session.say("draw.more", &[("count", &more.to_string())]));
    }
}

/// Says why a command stopped, and what to do next where that is known.
pub fn fail(session: &Session, fail: &Fail) {
    if session.json_errors {
        if let Some(object) = trouble::json(session, fail) {
            line(&object.to_string());
        }
        return;
    }
    match fail {
        Fail::Quiet(_) | Fail::ClosedPipe => {}
        Fail::Said { key, args, .. } => {
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            said(session, key, &args);
        }
        Fail::Library(error, Some(source)) if !error.diagnostics().is_empty() => {
            diagnostics(session, error.diagnostics(), source);
        }
        Fail::Library(error, _) => trouble::say(session, error),
    }
}

/// A sentence of the catalogue as an error, with its help.
fn said(session: &Session, key: &str, args: &[(&str, &str)]) {
    line(&format!("{} {}", styled(session, "1;31", &session.say("draw.error", &[])), session.say(key, args)));
    let help = format!("{key}.help");
    if messages::has(session.lang, &help) {
        hint(session, &session.say(&help, args));
    }
}

/// A line that says what to do.
pub fn hint(session: &Session, text: &str) {
    line(&format!("{} {text}", styled(session, "1;36", &session.say("draw.help", &[]))));
}

/// Text in a style of the terminal, where standard error takes colour.
fn styled(session: &Session, style: &str, text: &str) -> String {
    if session.color_err { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
}
