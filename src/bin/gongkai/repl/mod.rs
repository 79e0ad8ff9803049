//! The prompt: statements and `.commands`, with completion, hints and colours on a terminal,
//! line by line from anything else.

mod dot;
mod helper;
mod history;
mod run;
mod state;

use std::io::{BufRead, IsTerminal};

use gongkai::Database;
use rustyline::{CompletionType, Config, Editor, error::ReadlineError, history::FileHistory};

use crate::{
    draw,
    exit::{Done, Exit, Fail},
    session::Session,
};
use helper::Prompt;
use state::State;

/// Opens the prompt on a terminal, and runs what comes in otherwise.
pub fn run(database: Database, session: &Session) -> Done {
    let mut state = State::new(database, session);
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        interactive(&mut state)
    } else {
        piped(&mut state)
    }
}

/// The prompt with rustyline, until Ctrl-D or `.quit`.
fn interactive(state: &mut State) -> Done {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .bracketed_paste(true)
        .auto_add_history(false)
        .max_history_size(10_000)
        .and_then(|builder| builder.history_ignore_dups(true))
        .map_err(trouble)?
        .history_ignore_space(true)
        .build();
    let mut editor: Editor<Prompt, FileHistory> = Editor::with_config(config).map_err(trouble)?;
    editor.set_helper(Some(Prompt::new(state)));
    let history = history::file();
    if let Some(path) = &history {
        // The first session has no file yet.
        let _ = editor.load_history(path);
    }
    draw::note(&state.session, &state.welcome());
    loop {
        if let Some(helper) = editor.helper_mut() {
            helper.follow(state);
        }
        match editor.readline(&state.prompt()) {
            Ok(text) => {
                if text.trim().is_empty() {
                    continue;
                }
                let _ = editor.add_history_entry(text.trim());
                if let Some(path) = &history {
                    let _ = editor.append_history(path);
                }
                state.history.push(text.trim().to_owned());
                if state.enter(&text) == run::Next::Quit {
                    return Ok(Exit::Ok);
                }
            }
            // As in a shell: the line is dropped, the prompt stays.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(Exit::Ok),
            Err(error) => return Err(trouble(error)),
        }
    }
}

/// Statements and commands from a pipe or a file; goes on after an error, and ends with the first error's code.
fn piped(state: &mut State) -> Done {
    let mut pending = String::new();
    let mut lines = std::io::stdin().lock().lines();
    loop {
        let line = lines.next().transpose()?;
        let ended = line.is_none();
        let line = line.unwrap_or_default();
        if pending.is_empty() && line.trim_start().starts_with('.') {
            if state.enter(&line) == run::Next::Quit {
                break;
            }
        } else {
            pending.push_str(&line);
            pending.push('\n');
            let complete = ended || !helper::is_unfinished(&pending, &state.database);
            if complete && !pending.trim().is_empty() && state.enter(&std::mem::take(&mut pending)) == run::Next::Quit {
                break;
            }
            if complete {
                pending.clear();
            }
        }
        if ended {
            break;
        }
    }
    Ok(state.worst)
}

fn trouble(error: ReadlineError) -> Fail {
    match error {
        ReadlineError::Io(cause) => cause.into(),
        other => std::io::Error::other(other).into(),
    }
}
