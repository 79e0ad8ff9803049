//! A pager for text that is longer than the screen.

use std::{
    env,
    io::Write,
    process::{Command, Stdio},
};

use crate::{exit::Done, interrupt, session::Session};

/// Shows the text: through `$PAGER` (or `less`) when it is longer than the terminal, else as it is.
pub fn show(text: &str, session: &Session) -> Done<()> {
    if session.terminal && session.pager && text.lines().count() >= session.height && paged(text) {
        return Ok(());
    }
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}

/// Whether a pager took the text. One that cannot be started is no reason to lose it.
fn paged(text: &str) -> bool {
    let pager = env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty()).unwrap_or_else(|| "less".to_owned());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    // Short texts stay on the screen, colours and Chinese are shown, long lines are not folded.
    if env::var_os("LESS").is_none() {
        command.env("LESS", "FRSX");
    }
    if env::var_os("LESSCHARSET").is_none() {
        command.env("LESSCHARSET", "utf-8");
    }
    interrupt::lend(|| fed(&mut command, text))
}

/// Starts the program and hands it the text; whether it ran to its end.
fn fed(command: &mut Command, text: &str) -> bool {
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Leaving the pager early closes the pipe, which is no error.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok_and(|status| status.success() || status.code().is_some())
}
