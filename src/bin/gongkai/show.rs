//! Answers on their way out: in the form asked for, with what belongs to them on standard error.

use std::time::Duration;

use gongkai::{
    query::Answer,
    render::{
        about,
        answer::{self, View},
        chart, csv, html, json, markdown,
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
    let mark = if output.bom && output.format == Format::Csv { csv::BOM } else { "" };
    let text = text(answer, elapsed, output.format, view(session))?;
    output.text(&format!("{mark}{text}"))?;
    if matches!(output.format, Format::Csv | Format::Jsonl) {
        aside(answer, session);
    }
    if matches!(output.format, Format::Csv | Format::Jsonl) {
        describe(answer, output)?;
    }
    Ok(())
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
        Format::Jsonl => {
            let mut lines = String::new();
            for row in json::rows(answer) {
                lines.push_str(&serde_json::to_string(&row).map_err(std::io::Error::from)?);
                lines.push('\n');
            }
            lines
        }
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
