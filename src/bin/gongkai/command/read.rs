//! `gongkai read FILE…`: parses without storing and shows what was understood.

use gongkai::{ingest::Outcome, render::report};

use crate::{
    args::ReadArgs,
    exit::{Done, Exit},
    input,
    output::{Format, Output},
    session::Session,
};

/// Reads every file and prints one object a reading; exit 4 when any was refused.
pub fn run(args: &ReadArgs, session: &Session) -> Done {
    let options = input::options(&args.reading);
    let mut output = Output::open(&args.output, session, Format::Json)?;
    let mut exit = Exit::Ok;
    for path in input::files(&args.files)? {
        for reading in input::read(&path, &options)? {
            let object = match &reading.outcome {
                Outcome::Read(report) => report::read(&reading.file, report, session.lang),
                Outcome::Refused(refusal) => {
                    exit = Exit::Refused;
                    report::refused(&reading.file, &refusal.code, &refusal.args, &refusal.candidates, session.lang)
                }
            };
            output.json(&object)?;
        }
    }
    output.close()?;
    Ok(exit)
}
