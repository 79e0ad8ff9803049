//! `gongkai query 'Q'`: runs a query and prints the answer; `--from` asks files instead of a store.

use std::{path::Path, rc::Rc};

use gongkai::{
    ErrorKind,
    query::Session as Words,
    text::{Source, Span},
};

use crate::{
    args::{AskArgs, QueryArgs},
    exit::{Done, Fail},
    input,
    output::{Format, Output},
    script::{self, Manner, Outcome, Planned},
    session::Session,
    store,
};

/// Runs the statements given, or those of standard input for `-`.
pub fn run(args: &QueryArgs, session: &Session) -> Done {
    let mut from = args.ask.from.clone();
    // `--from *.txt 'Q'`: the shell hands over several files, the last word is the query.
    let mut words = args.query.as_slice();
    while let [first, rest @ ..] = words {
        if from.is_empty() || rest.is_empty() || !Path::new(first).exists() {
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
    let source = Rc::new(Source::new("query", text));
    let database = store::for_texts(&args.from, [&*source], session)?;
    input::population(args.population.as_deref(), &database, session)?;
    let steps = database.understand(&source, &mut Words::default()).map_err(|error| {
        let query = error.kind() == ErrorKind::Query;
        Fail::Library(error, query.then(|| Box::new(Source::new("query", text))))
    })?;
    let span = Span::new(0, text.len());
    let steps: Vec<Planned> =
        steps.into_iter().map(|step| Planned { step, source: Rc::clone(&source), span }).collect();
    let mut output = Output::open(&args.output, session, Format::Csv)?;
    let mut outcome = Outcome::default();
    let manner = Manner { keep_going: false, show: true, timed: true };
    script::carry_out(&steps, &database, &mut output, manner, session, &mut outcome)?;
    if outcome.stopped {
        output.leave(session)?;
    } else {
        output.close()?;
    }
    Ok(outcome.exit)
}
