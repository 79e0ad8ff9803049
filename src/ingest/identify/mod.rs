//! Whose report it is and of which year, and why a page is none (INGEST sections 7 and 8).
//!
//! Order of trust: the caller, the title, the period sentence, a caption, the date of publication,
//! the signature. What contradicts itself is refused with the candidates; nothing is taken from the
//! address or the file's name.

mod genre;
mod patterns;
mod prose;
mod published;
mod refuse;
mod scope;
#[cfg(test)]
mod tests;
mod title;
mod who;
mod year;

use std::ops::Range;

use super::{Options, Refusal, flow::Flow};
use crate::{
    model::{Body, Finding, Scope, Severity, Status, Year},
    text::Place,
};

/// Whose report it is, of which year, and of what scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Who reports. [`crate::model::BodyId::is_placed`] says whether a store may take it.
    pub body: Body,
    /// The year described.
    pub year: Year,
    /// Whole area or one body.
    pub scope: Scope,
    /// `2025-01-26`
    pub published: Option<String>,
    /// How it was found, where that was not by caller or title.
    pub findings: Vec<Finding>,
}

/// Identifies a document in which statutory tables were found; `repeated` are the units of the stream between the first
/// of them and the last that is the same table again.
pub(crate) fn identify(
    flow: &Flow,
    metadata: &[(String, String)],
    repeated: Range<usize>,
    options: &Options,
) -> Result<Identity, Refusal> {
    let prose = prose::Prose::of(flow);
    let titles = title::titles(&prose, metadata, repeated);
    if let Some(refusal) = genre::by_title(&titles) {
        return Err(refusal);
    }
    let mentions = title::mentions(&prose);
    let published = published::published(&prose);
    let (year, mut findings) = year::year(&prose, &titles, &mentions, published.as_deref(), options)?;
    let (body, notes) = who::who(&prose, &titles, &mentions, year, options)?;
    findings.extend(notes);
    let scope = options.scope.unwrap_or_else(|| scope::scope(&body, &prose, &titles));
    let published = published.filter(|date| published::fits(date, year));
    Ok(Identity { body, year, scope, published, findings })
}

/// Why a document without statutory tables is no report, as far as its text tells; `GK0401` where it does not.
pub(crate) fn not_a_report(flow: &Flow, metadata: &[(String, String)]) -> Refusal {
    let prose = prose::Prose::of(flow);
    let titles = title::titles(&prose, metadata, 0..0);
    genre::without_tables(&prose, &titles, &title::mentions(&prose))
}

/// A note on how body or year was found, with the text it rests on.
fn finding(rule: &str, severity: Severity, text: &str, place: Place) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        status: Status::Pass,
        applicant: None,
        printed: None,
        computed: None,
        cells: Vec::new(),
        text: Some(text.chars().take(80).collect()),
        place: (place != Place::default()).then_some(place),
    }
}
