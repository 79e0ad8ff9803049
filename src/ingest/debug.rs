//! The stages of reading as text, for whoever wants to see why a cell was read as it was.

use std::fmt::Write;

use super::{
    document::Document,
    documents,
    flow::{Flow, Gap, Glyph},
    grid::Item,
    number::Said,
    tables,
};
use crate::{
    model::Table,
    schema::catalogue,
    text::{Place, width},
};

const TABLES: [(Table, &str); 3] = [(Table::T2, "t2"), (Table::T3, "t3"), (Table::T4, "t4")];

/// The physical tables of a file: labels, values, empty cells and other text, one a line.
#[must_use]
pub fn grid(name: &str, bytes: &[u8]) -> String {
    each(name, bytes, grid_of)
}

/// The cells of a file as they were aligned: slot, what it says, raw text.
#[must_use]
pub fn align(name: &str, bytes: &[u8]) -> String {
    each(name, bytes, align_of)
}

fn each(name: &str, bytes: &[u8], show: fn(&Document) -> String) -> String {
    let mut text = String::new();
    for (file, document) in documents(name, bytes) {
        let _ = writeln!(text, "# {file}");
        match document {
            Ok(document) => text.push_str(&show(&document)),
            Err(refusal) => {
                let _ = writeln!(text, "{}", refusal.code);
            }
        }
    }
    text
}

fn grid_of(document: &Document) -> String {
    let found = tables::find(document);
    let mut text = String::new();
    for (table, name) in TABLES {
        let items = found.items(table);
        if items.is_empty() {
            continue;
        }
        let _ = writeln!(text, "[{name}]");
        for item in &items {
            line(&mut text, &found.flow, item);
        }
    }
    text
}

fn line(text: &mut String, flow: &Flow, item: &Item) {
    let at = item.start();
    let spot = flow.spot(at).map_or_else(String::new, |spot| format!("r{}c{}", spot.row + 1, spot.column + 1));
    let (kind, words, means) = match item {
        Item::Label(hit) => ("label", flow.plain(hit.start, hit.end), label(hit)),
        Item::Value(piece) => ("value", flow.raw(piece.start, piece.end).to_owned(), said(&piece.said)),
        Item::Text { start, end } => ("text", flow.plain(*start, *end), String::new()),
    };
    let words: String = words.chars().filter(|&ch| ch != Glyph::EMPTY).collect();
    let _ = writeln!(
        text,
        "{:>9} {:<6} {:<6} {kind:<5} {} {means}",
        place(flow.place(at)),
        gap(flow.gap(at)),
        spot,
        width::pad_right(&words, 44)
    );
}

fn place(place: Place) -> String {
    format!("{}:{}", place.line, place.column)
}

fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::Joined => "joined",
        Gap::Space => "space",
        Gap::Cell => "cell",
        Gap::Line => "line",
        Gap::Blank => "blank",
    }
}

fn label(hit: &super::labels::Hit) -> String {
    let code = hit.row3_bare().or(hit.row2()).or(hit.block());
    let id = code.and_then(|code| catalogue().get(code)).map(|category| category.id.clone());
    let column = || hit.head2().or_else(|| hit.applicant().map(crate::model::Applicant::id)).or(hit.result());
    let cut = if hit.cut { " (cut)" } else { "" };
    format!("{}{cut}", id.or_else(|| column().map(str::to_owned)).unwrap_or_default())
}

fn said(said: &Said) -> String {
    match said {
        Said::Number(number) => {
            let sign = number.sign.map(String::from).unwrap_or_default();
            let fraction = number.fraction.as_ref().map(|part| format!(".{part}")).unwrap_or_default();
            format!("{sign}{}{fraction}", number.digits)
        }
        Said::NotApplicable => "n/a".to_owned(),
        Said::Empty => "blank".to_owned(),
        Said::Garbled => "unreadable".to_owned(),
    }
}

fn align_of(document: &Document) -> String {
    let found = tables::find(document);
    let mut text = String::new();
    for (table, aligned) in found.aligned() {
        let name = TABLES.iter().find(|(other, _)| *other == table).map_or("", |(_, name)| name);
        let form = aligned.form.map_or("", crate::model::Template::id);
        let _ = writeln!(text, "[{name} {form}] rows {} filled {}", aligned.labels, aligned.filled);
        for draft in &aligned.drafts {
            let id = catalogue().get(draft.slot.category).map_or("", |category| category.id.as_str());
            let applicant = draft.slot.applicant.map_or("", crate::model::Applicant::id);
            let raw = found.flow.raw(draft.start, draft.end);
            let at = place(found.flow.place(draft.start));
            let _ = writeln!(text, "{at:>9} {id:<40} {applicant:<16} {:<12} {raw}", said(&draft.said));
        }
        for finding in &aligned.findings {
            let printed = finding.printed.as_deref().or(finding.text.as_deref()).unwrap_or_default();
            let _ = writeln!(text, "          {} {} cells {printed}", finding.rule, finding.cells.len());
        }
    }
    text
}
