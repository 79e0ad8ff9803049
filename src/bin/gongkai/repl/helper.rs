//! What rustyline asks while a statement is typed: completion, hints, colours, and whether it is finished.

use std::{borrow::Cow, sync::Arc};

use gongkai::Database;
use rustyline::{
    Context, Helper,
    completion::{Completer, FilenameCompleter, Pair},
    highlight::{CmdKind, Highlighter},
    hint::Hinter,
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::{dot, state::State};

/// The helper of one prompt.
#[derive(Helper)]
pub struct Prompt {
    database: Arc<Database>,
    color: bool,
    files: FilenameCompleter,
}

impl Prompt {
    /// A helper for the prompt's store.
    pub fn new(state: &State) -> Self {
        Self { database: Arc::clone(&state.database), color: state.session.color_out, files: FilenameCompleter::new() }
    }

    /// Takes over what a command may have changed.
    pub fn follow(&mut self, state: &State) {
        self.database = Arc::clone(&state.database);
    }

    /// Names of the prompt's own commands, and what they take.
    fn dot(&self, line: &str, pos: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..pos).unwrap_or(line);
        let Some((name, rest)) = typed.split_once(' ') else {
            let names = dot::NAMES.iter().filter(|name| name.starts_with(typed));
            return Ok((0, names.map(|name| pair(name, name)).collect()));
        };
        let words: &[&str] = match name {
            ".mode" => &["table", "csv", "json", "jsonl", "md", "html"],
            ".lang" => &["zh", "en"],
            ".timer" | ".pager" => &["on", "off"],
            ".open" | ".read" | ".save" | ".edit" => return self.files.complete(line, pos, context),
            _ => &[],
        };
        let words = words.iter().filter(|word| word.starts_with(rest));
        Ok((name.len() + 1, words.map(|word| pair(word, word)).collect()))
    }
}

impl Completer for Prompt {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if line.starts_with('.') {
            return self.dot(line, pos, context);
        }
        Ok((pos, Vec::new()))
    }
}

impl Hinter for Prompt {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<String> {
        if line.is_empty() || pos < line.len() {
            return None;
        }
        // The newest statement that begins like this one.
        let history = context.history();
        (0..history.len()).rev().find_map(|at| {
            let entry = history.get(at, rustyline::history::SearchDirection::Reverse).ok().flatten()?.entry;
            let rest = entry.strip_prefix(line)?;
            (!rest.is_empty() && !rest.contains('\n')).then(|| rest.to_owned())
        })
    }
}

impl Highlighter for Prompt {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.color { Cow::Owned(format!("\x1b[90m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _line: &str, _pos: usize, _kind: CmdKind) -> bool {
        self.color
    }
}

impl Validator for Prompt {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let unfinished = !text.trim_start().starts_with('.') && is_unfinished(text);
        Ok(if unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Whether a statement goes on in the next line.
pub fn is_unfinished(text: &str) -> bool {
    text.trim_end().ends_with(['|', ',', '，', '、'])
}

fn pair(display: &str, replacement: &str) -> Pair {
    Pair { display: display.to_owned(), replacement: replacement.to_owned() }
}
