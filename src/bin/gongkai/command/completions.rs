//! `gongkai completions SHELL` and `gongkai man`: what a shell and `man` show, from the parser itself.

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

/// Prints the manual page.
pub fn man(session: &Session) -> Done {
    let mut page = Vec::new();
    clap_mangen::Man::new(help::parser(session.lang)).render(&mut page)?;
    std::io::stdout().lock().write_all(&page)?;
    Ok(Exit::Ok)
}
