//! `gongkai read FILE…`: parses without storing and shows what was understood.

use gongkai::{
    check,
    ingest::{Outcome, Reading},
    messages::Lang,
    render::{form, report, table},
};

use crate::{
    args::ReadArgs,
    draw,
    exit::{Done, Exit, Fail},
    input, interrupt,
    output::{Format, Output},
    session::Session,
    show,
};

/// Reads every file and prints one object a reading; exit 4 when any was refused.
pub fn run(args: &ReadArgs, session: &Session) -> Done {
    let options = input::options(&args.reading, session)?;
    let mut output = Output::open(&args.output, session, Format::Csv)?;
    let mut exit = Exit::Ok;
    let mut headed = false;
    for path in input::files(&args.files)? {
        interrupt::go_on()?;
        for reading in input::read(&path, &options)? {
            if matches!(reading.outcome, Outcome::Refused(_)) {
                exit = Exit::Refused;
            }
            match output.format {
                Format::Json | Format::Jsonl => output.json(&object(&reading, session.lang))?,
                Format::Csv => {
                    if !std::mem::replace(&mut headed, true) {
                        output.csv(&[report::CSV_TITLES.map(str::to_owned).to_vec()])?;
                    }
                    output.csv(&rows(&reading))?;
                    aside(&reading, session);
                }
                Format::Md | Format::Html | Format::Svg | Format::Xlsx | Format::Sqlite => {
                    return Err(Fail::usage("read.format"));
                }
                Format::Table => output.text(&page(&reading, session))?,
            }
        }
    }
    output.close()?;
    Ok(exit)
}

fn object(reading: &Reading, lang: Lang) -> report::ReadObject {
    match &reading.outcome {
        Outcome::Read(report) => report::read(&reading.file, report, lang),
        Outcome::Refused(refusal) => {
            report::refused(&reading.file, &refusal.code, &refusal.args, &refusal.candidates, lang)
        }
    }
}

/// The cells of a report, one line each; none for a refusal, which [`aside`] tells.
fn rows(reading: &Reading) -> Vec<Vec<String>> {
    match &reading.outcome {
        Outcome::Read(report) => report::csv_rows(&reading.file, report),
        Outcome::Refused(_) => Vec::new(),
    }
}

/// The tables as printed, or why there are none.
fn page(reading: &Reading, session: &Session) -> String {
    match &reading.outcome {
        Outcome::Read(report) => {
            let tally = check::summary(report);
            let args = tally.args();
            let args: Vec<(&str, &str)> = args.iter().map(|(name, count)| (*name, count.as_str())).collect();
            let verdict = session.say(tally.key(), &args);
            let columns = show::view(session).width;
            let verdict = table::wrapped(&verdict, columns).join("\n");
            format!("{}{verdict}\n", form::text(report, session.lang, columns))
        }
        Outcome::Refused(refusal) => {
            let reason = report::reason(&refusal.code, &refusal.args, session.lang);
            let mut text = session.say("read.refused", &[("file", &reading.file), ("reason", &reason)]);
            if !refusal.candidates.is_empty() {
                let words = refusal.candidates.join(&session.say("list.separator", &[]));
                text.push('\n');
                text.push_str(&session.say("read.candidates", &[("words", &words)]));
            }
            text + "\n"
        }
    }
}

/// What CSV has no place for: refusals and findings, on standard error.
fn aside(reading: &Reading, session: &Session) {
    match &reading.outcome {
        Outcome::Read(report) => {
            for line in form::findings(report, session.lang) {
                draw::note(session, &line);
            }
        }
        Outcome::Refused(_) => draw::note(session, page(reading, session).trim_end()),
    }
}
