//! What rustyline asks while a statement is typed: completion, hints, colours, and whether it is finished.

use std::{borrow::Cow, sync::Arc};

use gongkai::{
    Database, Ground,
    messages::Lang,
    query::{self, Paint},
    render::words,
};
use rustyline::{
    Context, Helper,
    completion::{Completer, FilenameCompleter, Pair},
    highlight::{CmdKind, Highlighter},
    hint::Hinter,
    history::SearchDirection,
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::{dot, state::State};

/// The helper of one prompt.
#[derive(Helper)]
pub struct Prompt {
    /// The words of the store; nothing when it cannot be read, which the next question says.
    ground: Option<Arc<Ground>>,
    lang: Lang,
    color: bool,
    files: FilenameCompleter,
}

/// Past entries looked at for a hint.
const HINTS: usize = 1_000;

impl Prompt {
    /// A helper for the prompt's store.
    pub fn new(state: &State) -> Self {
        let mut helper = Self { ground: None, lang: Lang::En, color: false, files: FilenameCompleter::new() };
        helper.follow(state);
        helper
    }

    /// Takes over what a command may have changed.
    pub fn follow(&mut self, state: &State) {
        let ground = state.database.ground().ok();
        let same = |new: &Arc<Ground>| self.ground.as_ref().is_some_and(|old| Arc::ptr_eq(old, new));
        if let Some(new) = ground.as_ref().filter(|new| !same(new)).cloned() {
            std::thread::spawn(move || new.lexicon.warm());
        }
        self.ground = ground;
        self.lang = state.session.lang;
        self.color = state.session.color_out;
    }

    /// Names of the prompt's own commands, and what they take.
    fn dot(&self, line: &str, pos: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..pos).unwrap_or(line);
        let Some((name, rest)) = typed.split_once(' ') else {
            let names = dot::NAMES.iter().filter(|name| name.starts_with(typed));
            return Ok((0, names.map(|name| pair(name, name)).collect()));
        };
        let choices: &[&str] = match name {
            ".mode" => &["table", "csv", "json", "jsonl", "md", "html"],
            ".lang" => &["zh", "en"],
            ".timer" | ".pager" => &["on", "off"],
            ".open" | ".read" | ".save" | ".edit" => return self.files.complete(line, pos, context),
            ".help" => return Ok(self.word(typed, name.len() + 1)),
            _ => &[],
        };
        let choices = choices.iter().filter(|word| word.starts_with(rest));
        Ok((name.len() + 1, choices.map(|word| pair(word, word)).collect()))
    }

    /// Measures for `.help`, from the byte where its word begins.
    fn word(&self, typed: &str, from: usize) -> (usize, Vec<Pair>) {
        const ASK: &str = "share of ";
        let text = format!("{ASK}{}", typed.get(from..).unwrap_or_default());
        let (start, pairs) = self.statement(&text, text.len());
        (from + start.saturating_sub(ASK.len()), pairs)
    }

    /// Words of the language and of the store that may stand at the cursor.
    fn statement(&self, line: &str, pos: usize) -> (usize, Vec<Pair>) {
        let Some(ground) = &self.ground else { return (pos, Vec::new()) };
        let completion = query::complete(line, pos, &ground.lexicon, &ground.view);
        let pairs = completion.candidates.iter().map(|candidate| {
            let label = words::side(&candidate.label, self.lang);
            let display = if label.is_empty() || label == candidate.text {
                candidate.text.clone()
            } else {
                format!("{}  {label}", candidate.text)
            };
            pair(&display, &candidate.text)
        });
        (completion.start, pairs.collect())
    }
}

impl Completer for Prompt {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if line.starts_with('.') {
            return self.dot(line, pos, context);
        }
        let file =
            self.ground.as_ref().is_some_and(|ground| query::complete(line, pos, &ground.lexicon, &ground.view).file);
        if file { self.files.complete(line, pos, context) } else { Ok(self.statement(line, pos)) }
    }
}

impl Hinter for Prompt {
    type Hint = String;

    /// The newest entry that begins like this line, else the rest of the first word that may stand here.
    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<String> {
        if line.trim().is_empty() || pos < line.len() || line.contains('\n') {
            return None;
        }
        let history = context.history();
        let past = (0..history.len()).rev().take(HINTS).find_map(|at| {
            let entry = history.get(at, SearchDirection::Reverse).ok().flatten()?.entry;
            let rest = entry.strip_prefix(line)?;
            (!rest.is_empty() && !rest.contains('\n')).then(|| rest.to_owned())
        });
        past.or_else(|| {
            let (start, pairs) = if line.starts_with('.') { return None } else { self.statement(line, pos) };
            let typed = line.get(start..pos).filter(|typed| !typed.is_empty())?;
            let rest = pairs.first()?.replacement.strip_prefix(typed)?;
            (!rest.is_empty()).then(|| rest.to_owned())
        })
    }
}

impl Highlighter for Prompt {
    fn highlight<'l>(&self, line: &'l str, pos: usize) -> Cow<'l, str> {
        let Some(ground) = self.ground.as_ref().filter(|_| self.color && !line.starts_with('.')) else {
            return Cow::Borrowed(line);
        };
        let mut out = String::with_capacity(line.len() * 2);
        let mut done = 0;
        for (span, paint) in query::highlight(line, &ground.lexicon) {
            let (Some(before), Some(word)) = (line.get(done..span.start), line.get(span.start..span.end)) else {
                continue;
            };
            out.push_str(before);
            done = span.end;
            // The word being typed is not yet wrong.
            let typing = paint == Paint::Unknown && span.end == pos && pos == line.len();
            match style(paint).filter(|_| !typing) {
                Some(style) => {
                    out.extend(["\x1b[", style, "m", word, "\x1b[0m"]);
                }
                None => out.push_str(word),
            }
        }
        out.push_str(line.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

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
        let goes_on = !text.trim_start().starts_with('.')
            && self.ground.as_ref().is_some_and(|ground| query::unfinished(text, &ground.lexicon));
        Ok(if goes_on { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Whether a statement goes on in the next line.
pub fn is_unfinished(text: &str, database: &Database) -> bool {
    database.ground().is_ok_and(|ground| query::unfinished(text, &ground.lexicon))
}

/// The style of a stretch, as a terminal takes it.
fn style(paint: Paint) -> Option<&'static str> {
    match paint {
        Paint::Keyword => Some("1;34"),
        Paint::Measure => Some("32"),
        Paint::Place => Some("36"),
        Paint::Name => Some("35"),
        Paint::Number => Some("33"),
        Paint::Text => None,
        Paint::Comment => Some("90"),
        Paint::Unknown => Some("4;31"),
    }
}

fn pair(display: &str, replacement: &str) -> Pair {
    Pair { display: display.to_owned(), replacement: replacement.to_owned() }
}
