//! Whether figures can be true: the identities of the form (勾稽关系), years against each other, levels
//! against each other, prose against tables, dates against the law.
//!
//! The rules are data (`schema/data/rules.json`); this room evaluates them over readings it is given and
//! knows no file and no store. Nothing here changes a figure, and no result keeps a report from being stored.
//!
//! Three ways in:
//!
//! - [`findings`] of one report: what a person should know of it;
//! - [`rows`] of one [`Case`]: every rule asked for, passes included, as `check` lists them;
//! - [`scan`] over a reused [`Sheet`]: the same rules over millions of reports, without memory per rule.
//!
//! ```
//! use gongkai::{check, model::{Reading, Slot, Status, Template, Templates, Year}, schema::catalogue};
//!
//! // 行政复议 as one district printed it: 10, 1, 0, 0, and a total of 0.
//! let printed = |slot: Slot| {
//!     let id = &catalogue().get(slot.category)?.id;
//!     let column = ["upheld", "corrected", "other", "pending", "total"]
//!         .iter()
//!         .position(|column| *id == format!("review.{column}"))?;
//!     [10, 1, 0, 0, 0].get(column).copied().map(Reading::count)
//! };
//! let mut sheet = check::Sheet::new();
//! sheet.fill(Templates { t4: Some(Template::Form2021), ..Templates::default() }, printed);
//! let mut failed = Vec::new();
//! check::scan_sums(&sheet, Year::new(2023).unwrap(), |outcome| {
//!     if outcome.status == Status::Fail {
//!         failed.push((outcome.rule.id.as_str(), outcome.printed.unwrap().units, outcome.computed.unwrap().units));
//!     }
//! });
//! assert_eq!(failed, [("T4-REV", 0, 11)]);
//! ```

mod across;
mod deadline;
mod evaluate;
mod finding;
mod identity;
mod layout;
mod levels;
mod locate;
mod narrative;
mod outcome;
mod plain;
mod sheet;
mod structure;
mod subject;
mod verdict;
mod wanted;

pub use across::{Likeness, Previous, between, excuse, likeness, wording, years};
pub use finding::{Case, cells_before, failures, findings, results, rows};
pub use levels::{Whole, constituents, levels};
pub use locate::{Suspect, locate};
pub use narrative::narrative;
pub use outcome::{Figure, Outcome};
pub use plain::{Line, Plain, is_plain};
pub use sheet::Sheet;
pub use structure::reads_text;
pub use subject::Subject;
pub use verdict::{Tally, Verdict, figures_hash, standing, tally};
pub use wanted::Wanted;

use crate::model::{Report, Year};

/// Every within-report rule on one report, passes included, in the order of the rules within each kind.
#[must_use]
pub fn within(report: &Report) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let sheet = Sheet::of(report);
    scan(&Subject::of(report), &sheet, |outcome| outcomes.push(outcome));
    structure::wording(report, Wanted::ALL, &mut |outcome| outcomes.push(outcome));
    outcomes
}

/// How a report fares as a whole: every rule that needs no other report, counted.
#[must_use]
pub fn summary(report: &Report) -> Tally {
    let mut outcomes = within(report);
    outcomes.extend(narrative::outcomes(report, &Sheet::of(report)));
    tally(&outcomes)
}

/// Every within-report rule that needs no more than readings: the sums, the forms, the deadlines.
pub fn scan(subject: &Subject<'_>, sheet: &Sheet, sink: impl FnMut(Outcome)) {
    scan_wanted(subject, sheet, Wanted::ALL, sink);
}

/// The same for some of the rules.
pub fn scan_wanted(subject: &Subject<'_>, sheet: &Sheet, wanted: Wanted, mut sink: impl FnMut(Outcome)) {
    evaluate::identities_within(sheet, subject.year, wanted, &mut sink);
    structure::structure(subject, sheet, wanted, &mut sink);
    deadline::deadlines(subject, wanted, &mut sink);
}

/// The sums of the tables alone, for those who have readings and no report.
pub fn scan_sums(sheet: &Sheet, year: Year, mut sink: impl FnMut(Outcome)) {
    evaluate::identities_within(sheet, year, Wanted::ALL, &mut sink);
}
