//! `gongkai export`: the whole store as a cube, or a query's result, into a file or a pipe.

use crate::{
    args::ExportArgs,
    command::query,
    exit::{Done, Exit, Fail},
    output::{Format, Output},
    session::Session,
    store,
};

/// Writes the cube of the store, long or wide; with a query, its answer.
pub fn run(args: &ExportArgs, session: &Session) -> Done {
    if !args.query.is_empty() {
        return query::ask(&args.query.join(" "), &args.ask, session);
    }
    let database = store::to_ask(&args.ask.from, session)?;
    let mut output = Output::open(&args.ask.output, session, Format::Csv)?;
    #[cfg(feature = "sqlite")]
    if output.format == Format::Sqlite {
        output.fill(|place| database.export_sqlite(place))?;
        output.close()?;
        return Ok(Exit::Ok);
    }
    // The cube is a table of values for other programs: as text there is one form of it.
    if output.format != Format::Csv && !(output.format == Format::Table && args.ask.output.format.is_none()) {
        return Err(Fail::usage("export.format"));
    }
    if output.bom {
        output.text(gongkai::render::csv::BOM)?;
    }
    if args.wide {
        database.export_wide(&mut output)?;
    } else {
        database.export_long(&mut output)?;
    }
    output.close()?;
    Ok(Exit::Ok)
}
