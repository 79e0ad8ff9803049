//! Trouble with files and stores: a sentence, the cause underneath, and the next step.

use std::error::Error as _;

use gongkai::{Error, ErrorKind};
use serde_json::{Value, json};

use super::diagnostic;
use crate::{exit::Fail, session::Session};

/// Says what the library could not do.
pub fn say(session: &Session, error: &Error) {
    let kind = id(error.kind());
    let path = error.path().map(|path| path.display().to_string()).unwrap_or_default();
    let detail = error.said().text(session.lang);
    // A folder of something else is not an empty place.
    let other = error.kind() == ErrorKind::NotAStore && error.path().is_some_and(std::path::Path::exists);
    let key = if other { "error.other_folder".to_owned() } else { format!("error.{kind}") };
    let args = [("path", path.as_str()), ("detail", detail.as_str())];
    super::said(session, &key, &args);
    if session.verbosity > 0 {
        let mut cause = error.source();
        while let Some(under) = cause {
            super::line(&format!("  {under}"));
            cause = under.source();
        }
    }
}

/// A failure as one JSON object; nothing for one that was told already.
pub fn json(session: &Session, fail: &Fail) -> Option<Value> {
    match fail {
        Fail::Quiet(_) | Fail::ClosedPipe => None,
        Fail::Said { key, args, exit } => {
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let message = session.say(key, &args);
            Some(json!({"error": {"kind": "usage", "message": message, "exit": *exit as u8}}))
        }
        Fail::Library(error, source) => {
            let diagnostics: Vec<Value> = source.as_ref().map_or_else(Vec::new, |source| {
                error.diagnostics().iter().map(|found| diagnostic::json(found, source, session.lang)).collect()
            });
            Some(json!({"error": {
                "kind": id(error.kind()),
                "message": error.said().text(session.lang),
                "path": error.path().map(|path| path.display().to_string()),
                "exit": fail.exit() as u8,
                "diagnostics": diagnostics,
            }}))
        }
    }
}

/// The name of an error kind in keys and JSON.
fn id(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Io => "io",
        ErrorKind::NotAStore => "not_a_store",
        ErrorKind::Locked => "locked",
        ErrorKind::Format => "format",
        ErrorKind::Damaged => "damaged",
        ErrorKind::Limit => "limit",
        ErrorKind::Query => "query",
        ErrorKind::Interrupted => "interrupted",
        _ => "usage",
    }
}

#[cfg(test)]
mod tests {
    use gongkai::messages::{self, Lang};

    use super::*;

    #[test]
    fn every_kind_has_its_sentence() {
        let kinds = [
            ErrorKind::Io,
            ErrorKind::NotAStore,
            ErrorKind::Locked,
            ErrorKind::Format,
            ErrorKind::Damaged,
            ErrorKind::Limit,
            ErrorKind::Query,
            ErrorKind::Interrupted,
            ErrorKind::Usage,
        ];
        for kind in kinds {
            for lang in [Lang::En, Lang::Zh] {
                assert!(messages::has(lang, &format!("error.{}", id(kind))), "{kind:?}");
            }
        }
    }
}
