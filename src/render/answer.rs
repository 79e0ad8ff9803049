//! An answer as text for a person: how it was read, the table, what the figures mean, what is missing.

use super::{sheet::Sheet, table, words};
use crate::{
    messages::{self, Lang},
    query::{Answer, Definition, Note, Sources},
};

/// How much of an answer is shown, and where.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The language of headings and sentences.
    pub lang: Lang,
    /// Columns of the terminal; `usize::MAX` elsewhere.
    pub width: usize,
    /// Rows shown at most; what is left out is counted under the table.
    pub rows: usize,
    /// Whether `.why N` can be typed next.
    pub prompt: bool,
}

/// At most this many missing reports are named.
const NAMED: usize = 5;

/// The whole answer.
#[must_use]
pub fn text(answer: &Answer, view: View) -> String {
    let mut lines = head(answer, view);
    lines.extend(body(answer, view));
    lines.extend(below(answer, view).iter().flat_map(|line| table::wrapped(line, view.width)));
    lines.push(String::new());
    lines.join("\n")
}

/// The lines above the table.
#[must_use]
pub fn head(answer: &Answer, view: View) -> Vec<String> {
    if answer.query.en.is_empty() { Vec::new() } else { table::wrapped(&read_as(answer, view.lang), view.width) }
}

/// How the statement was understood, in its canonical form.
#[must_use]
pub fn read_as(answer: &Answer, lang: Lang) -> String {
    format!("{} {}", words::word(lang, "answer.read_as"), answer.query.en)
}

/// The table, with a line that counts what is not shown.
#[must_use]
pub fn body(answer: &Answer, view: View) -> Vec<String> {
    let lang = view.lang;
    if answer.count() == 0 {
        return vec![words::word(lang, "answer.no_rows")];
    }
    let mut sheet = Sheet::of(answer, lang);
    sheet.rows.truncate(view.rows);
    let mut lines = table::lines(&sheet, view.width);
    if sheet.rows.len() < answer.rows.len() {
        let (shown, all) = (sheet.rows.len().to_string(), answer.rows.len().to_string());
        lines.push(messages::text(lang, "answer.cut", [("shown", shown.as_str()), ("all", all.as_str())]));
    }
    lines
}

/// The lines under the table: definitions, notes, missing reports.
#[must_use]
pub fn below(answer: &Answer, view: View) -> Vec<String> {
    let lang = view.lang;
    let mut lines: Vec<String> = answer.measures.iter().map(|measure| definition(measure, lang)).collect();
    if view.prompt && !answer.rows.is_empty() {
        let hint = words::word(lang, "answer.why");
        match lines.last_mut() {
            Some(last) => last.push_str(&format!(" · {hint}")),
            // A list of results has no measure to be explained.
            None if answer.why(0).is_some() => lines.push(hint),
            None => {}
        }
    }
    lines.extend(answer.notes.iter().map(|written| note(written, lang)));
    lines.extend(missing(answer, lang));
    if answer.failed == Some(0) {
        lines.push(words::word(lang, "answer.none_failed"));
    } else if let Some(failed) = answer.failed {
        let (failed, all) = (failed.to_string(), answer.count().to_string());
        // Rows that count are not what failed.
        let key = if answer.dimensions.is_empty() { "answer.failed" } else { "answer.failed_in_all" };
        lines.push(messages::text(lang, key, [("failed", failed.as_str()), ("all", all.as_str())]));
    }
    if let Some(found) = &answer.sources {
        lines.push(sources(found, lang));
        if found.listed.len() <= FILES {
            lines.extend(found.listed.iter().map(|one| format!("sha256 {} {}", one.sha256, one.file)));
        }
    }
    lines
}

/// At most this many source files are named.
const FILES: usize = 20;

/// What an answer rests on: how many reports and files, one hash for all, and where more is to be had.
#[must_use]
pub fn sources(sources: &Sources, lang: Lang) -> String {
    let reports = sources.reports.to_string();
    let (Some(files), Some(sha256)) = (sources.files, sources.sha256.as_deref()) else {
        return messages::text(lang, "answer.sources_many", [("reports", reports.as_str())]);
    };
    let (count, most) = (files.to_string(), Sources::LISTED.to_string());
    let args = [("reports", reports.as_str()), ("files", count.as_str()), ("sha256", sha256), ("most", most.as_str())];
    let key = if sources.listed.is_empty() { "answer.sources_unlisted" } else { "answer.sources" };
    messages::text(lang, key, args)
}

/// One measure: its definition, unit and pooling.
#[must_use]
pub fn definition(measure: &Definition, lang: Lang) -> String {
    let mut parts = vec![words::side(&measure.text, lang).to_owned()];
    parts.extend(measure.unit.as_ref().map(|unit| words::word_or(lang, "unit", unit)));
    parts.extend(measure.pooling.as_ref().map(|pooling| words::word_or(lang, "pooling", pooling)));
    let version = measure.version.map(|version| version.to_string());
    parts.extend(version.map(|version| messages::text(lang, "answer.version", [("version", version.as_str())])));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// The sentence of a note.
#[must_use]
pub fn note(note: &Note, lang: Lang) -> String {
    let key = format!("note.{}", note.code);
    let key = if messages::has(lang, &key) { &key } else { &note.code };
    messages::text(lang, key, note.args.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// The reports that are not there: the first five by name, the rest as a number.
#[must_use]
pub fn missing(answer: &Answer, lang: Lang) -> Option<String> {
    if answer.missing.is_empty() {
        return None;
    }
    let named: Vec<String> =
        answer.missing.first_few(NAMED).iter().map(|(place, year)| format!("{} {year}", place.name)).collect();
    let more = answer.missing.len().saturating_sub(NAMED);
    let key = if more == 0 { "answer.missing" } else { "answer.missing_more" };
    let (named, count, more) =
        (named.join(&words::word(lang, "list.separator")), answer.missing.len().to_string(), more.to_string());
    Some(messages::text(lang, key, [("named", named.as_str()), ("count", count.as_str()), ("more", more.as_str())]))
}
