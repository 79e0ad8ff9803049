//! `gongkai undo`: lists what was stored together; with numbers, takes these batches back, all or none.

use gongkai::{Database, store::Store};

use crate::{
    args::UndoArgs,
    draw,
    exit::{Done, Exit, Fail},
    output::{Format, Output},
    session::Session,
    show, store,
};

/// Lists the batches, or takes some back.
pub fn run(args: &UndoArgs, session: &Session) -> Done {
    if args.batches.is_empty() {
        let answer = Database::open_read_only(&session.store)?.batches()?;
        let mut output = Output::open(&args.output, session, Format::Csv)?;
        show::answer(&answer, None, &mut output, session)?;
        output.close()?;
        return Ok(Exit::Ok);
    }
    let database = store::to_care_for(session)?;
    let known = database.store().map(Store::batches).transpose()?.unwrap_or_default();
    let unknown = args.batches.iter().find(|&&number| known.iter().all(|batch| batch.number != number));
    if let Some(number) = unknown {
        return Err(Fail::usage("undo.no_batch").with("batch", number.to_string()));
    }
    let reports = database.undo(&args.batches)?.to_string();
    database.close()?;
    draw::note(session, &session.say("undo.done", &[("reports", &reports)]));
    Ok(Exit::Ok)
}
