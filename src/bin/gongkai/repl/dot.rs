//! The commands of the prompt itself, each after a dot.

use std::{fs, path::Path, path::PathBuf, process::Command, sync::Arc};

use gongkai::{Error, messages::Lang, render::teach};

use super::{run::Next, state::State};
use crate::{
    command::explain,
    draft::Draft,
    draw,
    exit::{Done, Fail},
    input, interrupt,
    output::Format,
    pager, show, store,
};

/// Every command of the prompt, in the order of the help.
pub const NAMES: [&str; 21] = [
    ".help",
    ".why",
    ".last",
    ".chart",
    ".mode",
    ".lang",
    ".timer",
    ".pager",
    ".save",
    ".read",
    ".edit",
    ".history",
    ".open",
    ".population",
    ".schema",
    ".places",
    ".coverage",
    ".register",
    ".batches",
    ".clear",
    ".quit",
];

/// Runs one command, given without its dot.
pub fn run(command: &str, state: &mut State) -> Done<Next> {
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let rest = rest.trim();
    match name {
        "quit" | "exit" | "q" => return Ok(Next::Quit),
        "help" | "h" if rest.is_empty() => pager::show(&(state.session.say("repl.help", &[]) + "\n"), &state.session)?,
        "help" | "h" => help(rest, state)?,
        "mode" => mode(rest, state)?,
        "lang" => lang(rest, state)?,
        "timer" => state.timer = switch(rest, state.timer)?,
        "pager" => state.session.pager = switch(rest, state.session.pager)?,
        "why" => why(rest, state)?,
        "last" => last(state)?,
        "chart" => chart(state)?,
        "save" => save(rest, state)?,
        "read" => read(rest, state)?,
        "edit" => edit(rest, state)?,
        "history" => {
            let lines = state.history.join("\n") + "\n";
            pager::show(&lines, &state.session)?;
        }
        "open" => open(rest, state)?,
        "population" => population(rest, state)?,
        "schema" => state.ask("show categories")?,
        "places" => state.ask("show places")?,
        "coverage" => state.ask("show coverage")?,
        "register" => register(rest, state)?,
        "batches" => {
            let batches = state.database.batches()?;
            pager::show(&show::text(&batches, None, state.format, state.view())?, &state.session)?;
        }
        "clear" => pager::show("\x1b[2J\x1b[H", &state.session)?,
        _ => return Err(unknown(name)),
    }
    Ok(Next::Go)
}

/// What a word means, or what a code says.
fn help(word: &str, state: &State) -> Done<()> {
    let lang = state.session.lang;
    let page = explain::page(word, lang).or_else(|| teach::page(word, lang));
    let page = page.ok_or_else(|| Fail::usage("repl.no_help").with("word", word))?;
    pager::show(&(page + "\n"), &state.session)
}

fn mode(name: &str, state: &mut State) -> Done<()> {
    if name.is_empty() {
        let known: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).collect();
        return pager::show(&(known.join(" ") + "\n"), &state.session);
    }
    state.format = Format::named(name).ok_or_else(|| crate::output::unknown(name))?;
    Ok(())
}

fn lang(name: &str, state: &mut State) -> Done<()> {
    state.session.lang = match name {
        "zh" => Lang::Zh,
        "en" => Lang::En,
        _ => return Err(Fail::usage("repl.lang").with("name", name)),
    };
    Ok(())
}

/// `on`, `off`, or the other one.
fn switch(word: &str, now: bool) -> Done<bool> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        "" => Ok(!now),
        _ => Err(Fail::usage("repl.switch").with("word", word)),
    }
}

/// The cells behind row N of the last answer.
fn why(number: &str, state: &mut State) -> Done<()> {
    let row: usize = match number {
        "" => 1,
        number => number.parse().map_err(|_| Fail::usage("repl.why").with("word", number))?,
    };
    let last = state.last.as_ref().ok_or_else(|| Fail::usage("repl.nothing_asked"))?;
    let rows = last.answer.rows.len();
    let statement = row.checked_sub(1).and_then(|row| last.answer.why(row)).map(str::to_owned);
    let statement = statement
        .ok_or_else(|| Fail::usage("repl.no_row").with("row", row.to_string()).with("rows", rows.to_string()))?;
    let kept = state.last.take();
    let done = state.ask(&statement);
    // `.why 2` speaks of the same answer as `.why 1` did.
    state.last = kept;
    done
}

/// The last answer once more, in the form and language chosen now.
fn last(state: &State) -> Done<()> {
    let last = state.last.as_ref().ok_or_else(|| Fail::usage("repl.nothing_asked"))?;
    pager::show(&show::text(&last.answer, Some(last.elapsed), state.format, state.view())?, &state.session)
}

/// The last answer as a picture of characters.
fn chart(state: &State) -> Done<()> {
    let last = state.last.as_ref().ok_or_else(|| Fail::usage("repl.nothing_asked"))?;
    let text = gongkai::render::chart::terminal(&last.answer, state.view());
    pager::show(&text, &state.session)
}

/// Writes the last answer into a file whose ending picks the format, or its statement into a `.gk` script.
fn save(file: &str, state: &State) -> Done<()> {
    if file.is_empty() {
        return Err(Fail::usage("repl.save"));
    }
    let last = state.last.as_ref().ok_or_else(|| Fail::usage("repl.nothing_asked"))?;
    let path = PathBuf::from(file);
    if path.extension().is_some_and(|ending| ending == "gk") {
        Draft::write(&path, format!("gongkai 1\n{}\n", last.text).as_bytes())?;
    } else {
        crate::output::save(&path, &state.cited(last)?, Some(last.elapsed), &state.session)?;
    }
    draw::note(&state.session, &state.session.say("repl.saved", &[("file", file)]));
    Ok(())
}

/// Runs the statements of a file.
fn read(file: &str, state: &mut State) -> Done<()> {
    if file.is_empty() {
        return Err(Fail::usage("repl.read"));
    }
    let path = Path::new(file);
    let text = input::text(path)?;
    state.ask(&text)
}

/// Opens the last statement, or a file, in `$EDITOR` and runs what comes back.
fn edit(file: &str, state: &mut State) -> Done<()> {
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let editor = editor.ok_or_else(|| Fail::usage("repl.no_editor"))?;
    let scratch = std::env::temp_dir().join(format!("gongkai-{}.gk", std::process::id()));
    let path = if file.is_empty() { scratch.clone() } else { PathBuf::from(file) };
    if file.is_empty() {
        let text = state.history.iter().rev().find(|text| !text.starts_with('.')).cloned().unwrap_or_default();
        fs::write(&path, text + "\n").map_err(|cause| Error::from(cause).at(&path))?;
    }
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = interrupt::lend(|| Command::new(program).args(words).arg(&path).status())
        .map_err(|cause| Error::from(cause).at(program))?;
    let text = input::text(&path);
    if file.is_empty() {
        let _ = fs::remove_file(&scratch);
    }
    let text = text?;
    if !status.success() || text.trim().is_empty() {
        return Ok(());
    }
    draw::note(&state.session, text.trim());
    state.history.push(text.trim().to_owned());
    state.ask(&text)
}

/// Asks another store, or files read into memory, from now on.
fn open(words: &str, state: &mut State) -> Done<()> {
    if words.is_empty() {
        return Err(Fail::usage("repl.open"));
    }
    let path = PathBuf::from(words);
    let database = if path.is_file() {
        store::to_ask(&[path], &state.session)?
    } else {
        state.session.store = path;
        store::to_ask(&[], &state.session)?
    };
    database.share_population(&state.database);
    state.database = Arc::new(database);
    state.last = None;
    draw::note(&state.session, &state.welcome());
    Ok(())
}

/// Takes a register of who should report, for this prompt.
fn register(file: &str, state: &State) -> Done<()> {
    if file.is_empty() {
        return Err(Fail::usage("repl.register"));
    }
    let register = input::register(Path::new(file), &state.session)?;
    let bodies = register.len().to_string();
    state.database.set_register(register);
    draw::note(&state.session, &state.session.say("repl.registered", &[("file", file), ("bodies", &bodies)]));
    Ok(())
}

/// Divides by the residents of a table from now on.
fn population(file: &str, state: &State) -> Done<()> {
    if file.is_empty() {
        return Err(Fail::usage("repl.population"));
    }
    input::population(Some(Path::new(file)), &state.database, &state.session)
}

fn unknown(name: &str) -> Fail {
    let meant = NAMES.iter().find(|known| known.trim_start_matches('.').starts_with(name)).copied();
    match meant {
        Some(meant) if !name.is_empty() => Fail::usage("repl.unknown_meant").with("name", name).with("meant", meant),
        _ => Fail::usage("repl.unknown").with("name", name),
    }
}
