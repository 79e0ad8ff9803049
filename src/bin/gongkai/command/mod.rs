//! The subcommands, one file each, and the way from the command line to them.

mod read;

use std::ffi::OsString;

use clap::FromArgMatches;

use crate::{
    args::{Cli, Command},
    draw,
    exit::{Done, Exit},
    help,
    session::{self, Session},
};

/// Runs the command line and says how it ended.
pub fn run(args: impl Iterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.collect();
    let lang = session::language_of(args.get(1..).unwrap_or_default());
    let parsed = help::parser(lang).try_get_matches_from(&args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return draw::usage(&error, lang),
    };
    let session = Session::new(&cli.global);
    let done = match &cli.command {
        Some(command) => dispatch(command, &session),
        None => Ok(draw::usage(
            &help::parser(lang).error(clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, ""),
            lang,
        )),
    };
    match done {
        Ok(exit) => exit,
        Err(fail) => {
            draw::fail(&session, &fail);
            fail.exit()
        }
    }
}

fn dispatch(command: &Command, session: &Session) -> Done {
    match command {
        Command::Read(args) => read::run(args, session),
    }
}
