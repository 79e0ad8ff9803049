//! `gongkai debug grid|align FILE`, `debug plan 'Q'`: every stage of both paths, printed.

use std::path::Path;

use gongkai::{ErrorKind, ingest, query::Session as Words, text::Source};

use crate::{
    args::{DebugArgs, Stage},
    exit::{Done, Exit, Fail},
    input, pager,
    session::Session,
    store,
};

/// Prints what a stage makes of a file or a query.
pub fn run(args: &DebugArgs, session: &Session) -> Done {
    let text = match args.stage {
        Stage::Grid => ingest::debug::grid(&args.what, &bytes(&args.what)?),
        Stage::Align => ingest::debug::align(&args.what, &bytes(&args.what)?),
        Stage::Plan => plan(&args.what, session)?,
    };
    pager::show(&(text.trim_end().to_owned() + "\n"), session)?;
    Ok(Exit::Ok)
}

fn bytes(file: &str) -> Done<Vec<u8>> {
    if file == "-" {
        return input::stdin();
    }
    input::whole(Path::new(file))
}

/// The plans of the statements, as the executor takes them.
fn plan(text: &str, session: &Session) -> Done<String> {
    let database = store::to_ask(&[], session).or_else(|fail| match fail {
        Fail::Library(error, _) if error.kind() == ErrorKind::NotAStore && !session.store_named => {
            Ok(gongkai::Database::in_memory())
        }
        other => Err(other),
    })?;
    let steps = database
        .understand(&Source::new("query", text), &mut Words::default())
        .map_err(|error| Fail::Library(error, Some(Box::new(Source::new("query", text)))))?;
    Ok(steps.iter().map(|step| format!("{step:#?}")).collect::<Vec<_>>().join("\n"))
}
