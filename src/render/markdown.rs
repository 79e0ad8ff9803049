//! Answers as Markdown: a table, then what the figures mean.

use std::fmt::Write;

use super::{
    answer::{self, View},
    sheet::{Align, Sheet},
    words,
};
use crate::{messages::Lang, query::Answer};

/// The whole answer as Markdown.
#[must_use]
pub fn text(answer: &Answer, lang: Lang) -> String {
    let sheet = Sheet::of(answer, lang);
    let mut out = String::new();
    if !answer.query.en.is_empty() {
        let _ = writeln!(out, "{} `{}`\n", words::word(lang, "answer.read_as"), answer.query.en);
    }
    if answer.rows.is_empty() {
        out.push_str(&words::word(lang, "answer.no_rows"));
        out.push('\n');
    } else {
        let heads: Vec<String> = sheet.heads.iter().map(|head| head.title.clone()).collect();
        row(&mut out, &heads);
        let rules: Vec<String> =
            sheet.heads.iter().map(|head| if head.align == Align::Right { "---:" } else { "---" }.to_owned()).collect();
        row(&mut out, &rules);
        sheet.rows.iter().for_each(|cells| row(&mut out, cells));
    }
    let view = View { lang, width: usize::MAX, rows: usize::MAX, prompt: false };
    for line in answer::below(answer, view) {
        let _ = writeln!(out, "\n{line}");
    }
    out
}

fn row(out: &mut String, cells: &[String]) {
    out.push('|');
    for cell in cells {
        let _ = write!(out, " {} |", cell.replace('|', "\\|").replace('\n', "<br>"));
    }
    out.push('\n');
}
