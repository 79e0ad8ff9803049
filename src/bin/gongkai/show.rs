//! Answers on their way out: in the form asked for, with what belongs to them on standard error.

use std::time::{Duration, Instant};

use gongkai::{
    Database, Error, ErrorKind,
    query::{Answer, Question},
    render::{
        about,
        answer::{self, View},
        chart, csv, html, json,
        listing::{Form, Listing},
        markdown,
    },
};

use crate::{
    draw,
    exit::Done,
    output::{Format, Output},
    session::Session,
};

/// Writes one answer. What a table says under its rows goes to standard error where the form holds rows only.
pub fn answer(answer: &Answer, elapsed: Option<Duration>, output: &mut Output, session: &Session) -> Done<()> {
    output.next()?;
    if output.format.binds() {
        output.bind(answer);
        return Ok(());
    }
    output.mark()?;
    output.text(&text(answer, elapsed, output.format, view(session))?)?;
    belongs(answer, output, session)
}

/// Asks a question and writes its answer; rows as they are found, where the form allows it. What comes back has no
/// rows that were written before.
pub fn asked(
    question: &Question,
    database: &Database,
    timed: bool,
    output: &mut Output,
    session: &Session,
) -> Done<Answer> {
    let start = Instant::now();
    let form = match output.format {
        Format::Table => Form::Table(view(session)),
        Format::Csv => Form::Csv,
        Format::Jsonl => Form::Jsonl,
        _ => {
            let found = database.answer_citing(question, output.cites())?;
            answer(&found, timed.then(|| start.elapsed()), output, session)?;
            return Ok(found);
        }
    };
    let (mut listing, mut trouble) = (Listing::new(form), None);
    let found = database.answer_in_pieces(question, output.cites(), &mut |piece| {
        let first = listing.written() == 0;
        let text = listing.piece(piece)?;
        output.piece(&text, first).map_err(|fail| {
            trouble = Some(fail);
            Error::new(ErrorKind::Interrupted, "error.interrupted")
        })
    });
    if let Some(fail) = trouble {
        return Err(fail);
    }
    let written = listing.written();
    let rest = found.inspect_err(|_| {
        if written > 0 {
            draw::note(session, &session.say("answer.stopped", &[("rows", &written.to_string())]));
        }
    })?;
    let whole = listing.whole(&rest);
    if written == 0 {
        answer(&whole, timed.then(|| start.elapsed()), output, session)?;
        return Ok(rest);
    }
    output.text(&listing.end(&rest)?)?;
    belongs(&whole, output, session)?;
    Ok(rest)
}

/// What stands on standard error or beside the file, where the form holds rows only.
fn belongs(answer: &Answer, output: &mut Output, session: &Session) -> Done<()> {
    if !matches!(output.format, Format::Csv | Format::Jsonl) {
        return Ok(());
    }
    aside(answer, session);
    describe(answer, output)
}

/// Writes what belongs to a file of rows beside it, as CSV on the Web wants it: `shares.csv-metadata.json`.
fn describe(answer: &Answer, output: &mut Output) -> Done<()> {
    let Some(file) = output.file() else { return Ok(()) };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = file.with_file_name(format!("{name}-metadata.json"));
    let text = serde_json::to_string_pretty(&about::csvw(answer, &name)).map_err(std::io::Error::from)?;
    output.beside(beside, text + "\n");
    Ok(())
}

/// One answer as text in the form asked for.
pub fn text(answer: &Answer, elapsed: Option<Duration>, format: Format, view: View) -> Done<String> {
    let lang = view.lang;
    Ok(match format {
        Format::Table if answer.chart => picture(answer, view),
        // A workbook or a database is bytes, for a file; a screen has the table.
        Format::Table | Format::Xlsx | Format::Sqlite => answer::text(answer, view),
        Format::Csv => csv::text(answer),
        Format::Json => {
            let object = json::object(answer, elapsed.map(milliseconds), lang);
            serde_json::to_string_pretty(&object).map_err(std::io::Error::from)? + "\n"
        }
        Format::Jsonl => json::lines(answer)?,
        Format::Md => markdown::text(answer, lang),
        Format::Html if answer.chart => html::page(answer, Some(&chart::figure(answer, lang)), lang),
        Format::Html => html::page(answer, None, lang),
        Format::Svg => chart::svg(answer, lang),
    })
}

/// The question, its picture of characters, and what belongs to it.
fn picture(answer: &Answer, view: View) -> String {
    let mut text = answer::read_as(answer, view.lang) + "\n" + &chart::terminal(answer, view);
    for note in answer.notes.iter().map(|note| answer::note(note, view.lang)) {
        text.push_str(&(note + "\n"));
    }
    text
}

/// How an answer is laid out for this terminal.
pub fn view(session: &Session) -> View {
    let width = if session.terminal { session.width } else { usize::MAX };
    View { lang: session.lang, width, rows: usize::MAX, prompt: false }
}

/// What a table says around its rows, on standard error.
pub fn aside(answer: &Answer, session: &Session) {
    if !answer.query.en.is_empty() {
        draw::note(session, &answer::read_as(answer, session.lang));
    }
    for line in answer::below(answer, view(session)) {
        draw::note(session, &line);
    }
}

/// Milliseconds with a tenth, as the JSON contract shows them.
pub fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 10_000.0).round() / 10.0
}
