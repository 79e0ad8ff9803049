//! `gongkai completions SHELL`: what a shell offers while a command is typed, from the parser itself.

use std::io::Write;

use crate::{
    args::CompletionsArgs,
    exit::{Done, Exit},
    help,
    session::Session,
};

/// Prints the completion script of a shell.
pub fn run(args: &CompletionsArgs, session: &Session) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::parser(session.lang), "gongkai", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Exit::Ok)
}
