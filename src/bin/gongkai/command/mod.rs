//! The subcommands, one file each, and the way from the command line to them.

mod care;
mod completions;
mod debug;
pub mod explain;
mod export;
mod fmt;
mod import;
pub mod ingest;
mod man;
mod query;
mod read;
mod repl;
mod report;
mod run;
mod test;
mod undo;
mod verb;

use std::{ffi::OsString, io::IsTerminal};

use clap::{ArgMatches, FromArgMatches};

use crate::{
    apart,
    args::{Cli, Command, ReplArgs},
    draw,
    exit::{Done, Exit},
    help, interrupt,
    session::{self, Session},
};

/// Runs the command line and says how it ended.
pub fn run(args: impl Iterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.collect();
    if let [_, first, name] = args.as_slice()
        && first == apart::UNPACK
    {
        return apart::child(&name.to_string_lossy());
    }
    let lang = session::language_of(args.get(1..).unwrap_or_default());
    let parsed = help::parser(lang)
        .try_get_matches_from(&args)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, wants_json(&matches))));
    let (cli, json) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return draw::usage(&error, lang),
    };
    let session = Session::new(&cli.global, json);
    interrupt::listen();
    let done = match &cli.command {
        Some(command) => dispatch(command, &session),
        None if std::io::stdin().is_terminal() && session.terminal => repl::run(&ReplArgs::default(), &session),
        None => Ok(no_command(lang)),
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
        Command::Ingest(args) => ingest::run(args, session),
        Command::Read(args) => read::run(args, session),
        Command::Query(args) => query::run(args, session),
        Command::Check(args) => verb::run("check", args, session),
        Command::Missing(args) => verb::run("missing", args, session),
        Command::Why(args) => verb::run("why", args, session),
        Command::Show(args) => verb::run("show", args, session),
        Command::Import(args) => import::run(args, session),
        Command::Export(args) => export::run(args, session),
        Command::Report(args) => report::run(args, session),
        Command::Debug(args) => debug::run(args, session),
        Command::Run(args) => run::run(args, session),
        Command::Fmt(args) => fmt::run(args, session),
        Command::Test(args) => test::run(args, session),
        Command::Repl(args) => repl::run(args, session),
        Command::Snapshot => care::snapshot(session),
        Command::Verify(args) => care::verify(args, session),
        Command::Stats(args) => care::stats(args, session),
        Command::Compact => care::compact(session),
        Command::Undo(args) => undo::run(args, session),
        Command::Backup(args) => care::backup(args, session),
        Command::Restore(args) => care::restore(args, session),
        Command::Explain(args) => explain::run(args, session),
        Command::Completions(args) => completions::run(args, session),
        Command::Man => man::run(session),
    }
}

/// Whether the results of a command were asked for as JSON, so that its failures are JSON too.
fn wants_json(matches: &ArgMatches) -> bool {
    matches.subcommand().is_some_and(|(_, matches)| {
        let flag = matches.try_get_one::<bool>("json").ok().flatten().is_some_and(|&json| json);
        let format = matches.try_get_one::<String>("format").ok().flatten();
        flag || format.is_some_and(|format| format == "json" || format == "jsonl")
    })
}

/// Nothing to do and nobody at a terminal: the help, as an error.
fn no_command(lang: gongkai::messages::Lang) -> Exit {
    draw::line(&help::parser(lang).render_help().to_string());
    Exit::Usage
}
