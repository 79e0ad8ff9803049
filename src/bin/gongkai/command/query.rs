//! `gongkai query 'Q'`: runs a query and prints the answer; `--from` asks files instead of a store.

use std::time::Instant;

use gongkai::{ErrorKind, text::Source};

use crate::{
    args::{AskArgs, QueryArgs},
    exit::{Done, Exit, Fail},
    input,
    output::{Format, Output},
    session::Session,
    show, store,
};

/// Runs the statements given, or those of standard input for `-`.
pub fn run(args: &QueryArgs, session: &Session) -> Done {
    let mut from = args.ask.from.clone();
    // `--from *.txt 'Q'`: the shell hands over several files, the last word is the query.
    let mut words = args.query.as_slice();
    while let [first, rest @ ..] = words {
        if from.is_empty() || rest.is_empty() || !std::path::Path::new(first).exists() {
            break;
        }
        from.push(first.into());
        words = rest;
    }
    let text = match words {
        [only] if only == "-" => String::from_utf8_lossy(&input::stdin()?).into_owned(),
        words => words.join(" "),
    };
    ask(&text, &AskArgs { from, ..args.ask.clone() }, session)
}

/// Runs the statements of a text and prints their answers.
pub fn ask(text: &str, args: &AskArgs, session: &Session) -> Done {
    let database = store::to_ask(&args.from, session)?;
    let start = Instant::now();
    let answers = database.query_all(text).map_err(|error| {
        let source = (error.kind() == ErrorKind::Query).then(|| Box::new(Source::new("query", text)));
        Fail::Library(error, source)
    })?;
    let elapsed = start.elapsed();
    let mut output = Output::open(&args.output, session, Format::Csv)?;
    let mut exit = Exit::Ok;
    for answer in &answers {
        show::answer(answer, elapsed, &mut output, session)?;
        if answer.failed.is_some_and(|failed| failed > 0) {
            exit = Exit::Failed;
        }
    }
    output.close()?;
    Ok(exit)
}
