//! The `gongkai` command: a thin user of the library.

mod apart;
mod args;
mod command;
mod draft;
mod draw;
mod exit;
mod help;
mod input;
mod interrupt;
mod output;
mod pager;
mod progress;
mod repl;
mod script;
mod session;
mod show;
mod store;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::run(std::env::args_os()).into()
}
