//! What a run was told by its options and its surroundings: language, colour, store, terminal.

use std::{env, ffi::OsString, io::IsTerminal, path::PathBuf};

use gongkai::messages::{self, Lang};

use crate::args::{Color, Global, LangChoice};

/// The surroundings of one run, read once at the start.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of the surroundings, not a mode")]
pub struct Session {
    /// Language of messages, headings and help.
    pub lang: Lang,
    /// Whether standard output takes colour.
    pub color_out: bool,
    /// Whether standard error takes colour.
    pub color_err: bool,
    /// -1 with `-q`, 0, or the number of `-v`.
    pub verbosity: i8,
    /// The store asked for.
    pub store: PathBuf,
    /// Whether the store was named, or is the default.
    pub store_named: bool,
    /// Who should report beside the divisions.
    pub register: Option<PathBuf>,
    /// How long to wait for a locked store, in seconds.
    pub wait: Option<u64>,
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// Whether long output goes through a pager.
    pub pager: bool,
    /// Whether failures are written as JSON, because the results are.
    pub json_errors: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Lines of the terminal.
    pub height: usize,
}

impl Session {
    /// Reads the options every command takes, and the environment.
    pub fn new(global: &Global, json_errors: bool) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !no_color,
        };
        let (height, width) = size();
        let named = global.db.clone().or_else(|| env::var_os("GONGKAI_DB").map(PathBuf::from));
        Self {
            lang: language(global.lang),
            color_out: color(terminal),
            color_err: color(std::io::stderr().is_terminal()),
            verbosity: if global.quiet { -1 } else { i8::try_from(global.verbose).unwrap_or(i8::MAX) },
            store_named: named.is_some(),
            store: named.unwrap_or_else(|| PathBuf::from("gongkai.db")),
            register: global.register.clone().or_else(|| env::var_os("GONGKAI_REGISTER").map(PathBuf::from)),
            wait: global.wait,
            terminal,
            pager: true,
            json_errors,
            width,
            height,
        }
    }

    /// A sentence of the catalogue in the language of this run.
    pub fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        messages::text(self.lang, key, args.iter().copied())
    }
}

/// The language asked for on the command line before it is parsed, so that help and errors speak it too.
pub fn language_of(args: &[OsString]) -> Lang {
    let mut words = args.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(|value| value.to_owned().into()),
            None => None,
        };
        match value.as_deref() {
            Some("zh") => return Lang::Zh,
            Some("en") => return Lang::En,
            _ => {}
        }
    }
    language(LangChoice::Auto)
}

fn language(choice: LangChoice) -> Lang {
    match choice {
        LangChoice::Zh => Lang::Zh,
        LangChoice::En => Lang::En,
        LangChoice::Auto => {
            let named =
                ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
            if named.is_some_and(|locale| locale.to_lowercase().starts_with("zh")) { Lang::Zh } else { Lang::En }
        }
    }
}

/// Lines and columns: `LINES` and `COLUMNS` where they are set, else what the terminal says, else 24 × 80.
fn size() -> (usize, usize) {
    let given = |name: &str| env::var(name).ok().and_then(|value| value.parse::<usize>().ok()).filter(|&n| n > 0);
    let (height, width) = console::Term::stdout().size_checked().map_or((24, 80), |(h, w)| (h.into(), w.into()));
    (given("LINES").unwrap_or(height), given("COLUMNS").unwrap_or(width).max(20))
}
