//! Answers on their way out: in the form asked for, with what belongs to them on standard error.

use std::time::Duration;

use gongkai::{
    query::Answer,
    render::{
        answer::{self, View},
        csv, html, json, markdown,
    },
};

use crate::{
    draw,
    exit::Done,
    output::{Format, Output},
    session::Session,
};

/// Writes one answer. What a table says under its rows goes to standard error where the form holds rows only.
pub fn answer(answer: &Answer, elapsed: Duration, output: &mut Output, session: &Session) -> Done<()> {
    let lang = session.lang;
    match output.format {
        Format::Table => output.text(&answer::text(answer, view(session)))?,
        Format::Csv => {
            let mark = if output.bom { csv::BOM } else { "" };
            output.text(&format!("{mark}{}", csv::text(answer)))?;
            aside(answer, session);
        }
        Format::Json => output.json(&json::object(answer, milliseconds(elapsed), lang))?,
        Format::Jsonl => {
            for row in json::rows(answer) {
                output.json(&row)?;
            }
            aside(answer, session);
        }
        Format::Md => output.text(&markdown::text(answer, lang))?,
        Format::Html => output.text(&html::page(answer, None, lang))?,
    }
    Ok(())
}

/// How an answer is laid out for this terminal.
pub fn view(session: &Session) -> View {
    let width = if session.terminal { session.width } else { usize::MAX };
    View { lang: session.lang, width, rows: usize::MAX, prompt: false }
}

fn aside(answer: &Answer, session: &Session) {
    for line in answer::below(answer, view(session)) {
        draw::note(session, &line);
    }
}

/// Milliseconds with a tenth, as the JSON contract shows them.
fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 10_000.0).round() / 10.0
}
