//! `revisions`: what was corrected, cell by cell, version by version.

use super::{
    super::{Answer, Field, plan::Plan},
    Context,
    list::{answer, maybe, text, titles},
    show::{differences, found},
};
use crate::{
    error::Result,
    model::{BodyId, Report, ReportKey},
    store::View,
};

/// One version of a report as the store keeps it.
#[derive(Clone, Debug)]
pub struct Revised {
    /// The revision of the store that brought it.
    pub revision: u64,
    /// When, as `2025-03-01T08:30:00Z`.
    pub time: String,
    /// Who, for a correction by hand.
    pub author: Option<String>,
    /// Why, for a correction by hand.
    pub reason: Option<String>,
    /// The report as it then was.
    pub report: Report,
}

/// The cells that differ between one version of a report and the next.
///
/// # Errors
/// When an earlier version cannot be read.
pub(crate) fn revisions(plan: &Plan, view: &View, context: &Context) -> Result<Answer> {
    let heads = titles(&[
        "body",
        "year",
        "revision",
        "time",
        "category",
        "applicant",
        "before",
        "after",
        "author",
        "reason",
        "file",
    ]);
    let mut rows = Vec::new();
    let Some(history) = context.history else { return Ok(answer(heads, rows)) };
    for (subject, year, body) in found(plan, view).0 {
        context.go_on()?;
        let Some(id) = view.body(body).map(|body| body.id.clone()) else { continue };
        let versions = history(&key(id, year))?;
        for pair in versions.windows(2) {
            let [old, new] = pair else { continue };
            for (cell, before, after) in differences(&old.report, &new.report) {
                rows.push(vec![
                    Field::Place(subject.place_name(view)),
                    Field::Year(year),
                    Field::Whole(new.revision),
                    text(new.time.clone()),
                    text(cell.category),
                    maybe(cell.applicant),
                    maybe(before),
                    maybe(after),
                    maybe(new.author.clone()),
                    maybe(new.reason.clone()),
                    text(new.report.origin.file.clone()),
                ]);
            }
        }
    }
    Ok(answer(heads, rows))
}

fn key(body: BodyId, year: crate::model::Year) -> ReportKey {
    ReportKey { body, year }
}
