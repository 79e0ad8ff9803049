//! What people say of findings, and what a report as a whole looks like.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Outcome;
use crate::model::{BodyId, Decision, Finding, Severity, Status, Year};

/// A decision about one rule in one report (人工结论). It stays when the rules run again, and stops
/// counting when the figures it judged change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The rule.
    pub rule: String,
    /// Whose report.
    pub body: BodyId,
    /// Of which year.
    pub year: Year,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// By whom.
    pub author: String,
    /// When, as the caller's clock gave it.
    pub time: String,
    /// What was judged: see [`figures_hash`].
    pub figures_hash: String,
}

impl Verdict {
    /// Whether it still speaks of the figures as they are now. Where not, the finding is open again.
    #[must_use]
    pub fn holds_for(&self, findings: &[Finding]) -> bool {
        self.figures_hash == figures_hash(&self.rule, findings)
    }
}

/// The verdict that counts for a rule in a report: the newest one, if the figures it judged are still there.
#[must_use]
pub fn standing<'a>(
    verdicts: &'a [Verdict],
    rule: &str,
    body: &BodyId,
    year: Year,
    findings: &[Finding],
) -> Option<&'a Verdict> {
    verdicts
        .iter()
        .rev()
        .find(|verdict| verdict.rule == rule && verdict.body == *body && verdict.year == year)
        .filter(|verdict| verdict.holds_for(findings))
}

/// A fingerprint of what a rule found wrong in a report: the figures and cells of its failures, not the words for
/// them, and the same whether passes were listed too or not.
#[must_use]
pub fn figures_hash(rule: &str, findings: &[Finding]) -> String {
    let mut lines: Vec<String> = findings
        .iter()
        .filter(|finding| finding.rule == rule && finding.status == Status::Fail)
        .map(|finding| {
            format!(
                "{:?} {:?} {:?} {:?} {:?}",
                finding.status, finding.applicant, finding.printed, finding.computed, finding.cells
            )
        })
        .collect();
    lines.sort();
    let mut hash = Sha256::new();
    hash.update(rule);
    for line in lines {
        hash.update("\n");
        hash.update(line);
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How many outcomes a report has of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Held.
    pub pass: u32,
    /// Did not hold, where the figures contradict each other.
    pub errors: u32,
    /// Did not hold, where that is implausible.
    pub warnings: u32,
    /// Did not hold, where that is worth a look.
    pub infos: u32,
    /// Held with blanks as 0.
    pub blank: u32,
    /// Could not be told.
    pub unassessable: u32,
}

impl Tally {
    /// Counts one outcome.
    pub fn add(&mut self, status: Status, severity: Severity) {
        let count = match (status, severity) {
            (Status::Pass, _) => &mut self.pass,
            (Status::Fail, Severity::Error) => &mut self.errors,
            (Status::Fail, Severity::Warning) => &mut self.warnings,
            (Status::Fail, Severity::Info) => &mut self.infos,
            (Status::PassIfBlankIsZero, _) => &mut self.blank,
            (Status::Unassessable, _) => &mut self.unassessable,
            (Status::NotApplicable, _) => return,
        };
        *count += 1;
    }

    /// Counts what findings say.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut tally = Self::default();
        for finding in findings {
            tally.add(finding.status, finding.severity);
        }
        tally
    }

    /// How many rules did not hold.
    #[must_use]
    pub fn failures(self) -> u32 {
        self.errors + self.warnings + self.infos
    }

    /// The key of the one-line verdict in `messages/`; its sentence takes every field by name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self { errors: 1.., .. } => "verdict.contradicts",
            Self { warnings: 1.., .. } => "verdict.implausible",
            Self { infos: 1.., .. } => "verdict.look",
            Self { pass: 0, .. } => "verdict.nothing",
            Self { unassessable: 1.., .. } => "verdict.incomplete",
            Self { blank: 1.., .. } => "verdict.blanks",
            _ => "verdict.holds",
        }
    }

    /// The values of the sentence.
    #[must_use]
    pub fn args(self) -> Vec<(&'static str, String)> {
        [
            ("pass", self.pass),
            ("errors", self.errors),
            ("warnings", self.warnings),
            ("infos", self.infos),
            ("blank", self.blank),
            ("unassessable", self.unassessable),
        ]
        .map(|(name, count)| (name, count.to_string()))
        .to_vec()
    }
}

/// Counts the outcomes of the rules of one report.
#[must_use]
pub fn tally(outcomes: &[Outcome]) -> Tally {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome.status, outcome.severity());
    }
    tally
}
