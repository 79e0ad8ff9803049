//! A wrong command line, said in the reader's language with the words that may have been meant.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use gongkai::messages::{self, Lang};

use super::line;
use crate::exit::Exit;

/// Shows help and version on standard output, and a wrong command line on standard error.
pub fn usage(error: &clap::Error, lang: Lang) -> Exit {
    let key = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that closed the pipe has seen enough.
            let _ = error.print();
            return Exit::Ok;
        }
        ErrorKind::UnknownArgument => "usage.unknown_argument",
        ErrorKind::InvalidSubcommand => "usage.unknown_command",
        ErrorKind::InvalidValue if context(error, ContextKind::InvalidValue).is_empty() => "usage.no_value",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage.bad_value",
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => "usage.no_value",
        ErrorKind::TooManyValues => "usage.too_many",
        ErrorKind::ArgumentConflict => "usage.conflict",
        ErrorKind::MissingRequiredArgument => "usage.missing",
        ErrorKind::InvalidUtf8 => "usage.not_utf8",
        _ => "usage.no_command",
    };
    let say = |key: &str, args: &[(&str, &str)]| messages::text(lang, key, args.iter().copied());
    let argument = context(error, ContextKind::InvalidArg);
    let value = [ContextKind::InvalidValue, ContextKind::InvalidSubcommand]
        .into_iter()
        .map(|kind| context(error, kind))
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    let other = context(error, ContextKind::PriorArg);
    let args = [("argument", argument.as_str()), ("value", value.as_str()), ("other", other.as_str())];
    // The value parser's own words, such as the range of years; of a number that is none it says no more than we do.
    let why = std::error::Error::source(error).filter(|cause| !cause.is::<std::num::ParseIntError>());
    let why = why.map(|cause| format!(" ({cause})")).unwrap_or_default();
    line(&format!("{} {}{why}", say("draw.error", &[]), say(key, &args)));
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near = |kind: &ContextKind| nearest(error, *kind, &format!("{value}{argument}"));
    let meant = kinds.iter().map(near).find(|text| !text.is_empty());
    let known = context(error, ContextKind::ValidValue);
    match meant {
        Some(words) => line(&format!("{} {}", say("draw.help", &[]), say("draw.suggest", &[("words", &words)]))),
        None if !known.is_empty() => {
            line(&format!("{} {}", say("draw.help", &[]), say("usage.known", &[("words", &known)])));
        }
        None => {}
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.split_once(": ").map_or(usage.as_str(), |(_, rest)| rest);
        line(&format!("{} {usage}", say("help.heading.usage", &[])));
    }
    line(&say("usage.more", &[]));
    Exit::Usage
}

/// The words that may have been meant, the likeliest first. What is like only by a letter or two is no help.
fn nearest(error: &clap::Error, kind: ContextKind, typed: &str) -> String {
    let mut words = match error.get(kind) {
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => return context(error, kind),
    };
    let distance = |word: &String| strsim::damerau_levenshtein(word, typed);
    words.sort_by_key(distance);
    let best = words.first().map(distance);
    words.retain(|word| best.is_some_and(|best| distance(word) <= best + 1));
    words.join(", ")
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
