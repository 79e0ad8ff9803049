//! From outcomes to findings: what is listed, what is worth telling, which cell comes first.

use super::{
    Outcome, Previous, Sheet, Subject, Suspect, Wanted, Whole, across, identity::identities, levels, locate, narrative,
    scan_wanted, structure,
};
use crate::{
    model::{BodyId, CellRef, Finding, Report, Slot, Status},
    schema::{Rule, RuleScope, catalogue, rule, rules},
};

/// All that a check of one report may look at. What is not given keeps the rules that need it silent.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Whose report.
    pub subject: Subject<'a>,
    /// Its figures.
    pub sheet: &'a Sheet,
    /// The report itself, for the rules over printed text and prose.
    pub report: Option<&'a Report>,
    /// The report of the year before.
    pub previous: Option<Previous<'a>>,
    /// The bodies below, for a government.
    pub below: Option<(Whole<'a>, &'a [(&'a BodyId, &'a Sheet)])>,
}

/// What a person should know of a report: everything but plain passes and rules that do not speak of it.
///
/// Failures come one by one, with the suspected cell first. Results that only hang on missing cells come
/// once a rule, with those cells.
#[must_use]
pub fn findings(report: &Report) -> Vec<Finding> {
    let sheet = Sheet::of(report);
    let mut outcomes = super::within(report);
    let suspects = suspects(&outcomes, &sheet);
    outcomes.retain(|outcome| !outcome.is_plain() && !is_silent(outcome));
    outcomes.extend(narrative::outcomes(report, &sheet).into_iter().filter(|outcome| !outcome.is_plain()));
    let mut found: Vec<Finding> = Vec::new();
    for outcome in in_rule_order(outcomes) {
        let finding = told(&outcome, &sheet, &suspects);
        let weak = matches!(finding.status, Status::PassIfBlankIsZero | Status::Unassessable);
        match found.iter_mut().find(|other| weak && other.rule == finding.rule && other.status == finding.status) {
            Some(other) => merge(other, finding),
            None => found.push(finding),
        }
    }
    found
}

/// Every result of the rules asked for, passes included: what `check` lists for one report.
///
/// A rule that does not speak of the report gives one row that says so.
#[must_use]
pub fn rows(case: &Case<'_>, wanted: &[&Rule]) -> Vec<Finding> {
    let outcomes = listed(outcomes(case, wanted));
    let suspects = suspects(&outcomes, case.sheet);
    let row = |outcome: &Outcome| {
        let row = told(outcome, case.sheet, &suspects);
        if is_silence(outcome) { Finding { cells: Vec::new(), applicant: None, ..row } } else { row }
    };
    outcomes.iter().map(row).collect()
}

/// The failures among [`rows`].
#[must_use]
pub fn failures(case: &Case<'_>, wanted: &[&Rule]) -> Vec<Finding> {
    let mut outcomes = outcomes(case, wanted);
    outcomes.retain(|outcome| outcome.status == Status::Fail);
    let suspects = suspects(&outcomes, case.sheet);
    in_rule_order(outcomes).iter().map(|outcome| told(outcome, case.sheet, &suspects)).collect()
}

/// The rule and status of each of [`rows`], for those who only count.
pub fn results(case: &Case<'_>, wanted: &[&Rule]) -> impl Iterator<Item = (&'static Rule, Status)> + use<> {
    listed(outcomes(case, wanted)).into_iter().map(|outcome| (outcome.rule, outcome.status))
}

/// The cells of the report of the year before that a finding rests on, where its rule looks at two years.
#[must_use]
pub fn cells_before(finding: &Finding) -> Vec<CellRef> {
    if !rule(&finding.rule).is_some_and(|rule| rule.scope == RuleScope::Years) {
        return Vec::new();
    }
    let over_years = identities().iter().filter(|identity| {
        let same = identity.over_years && identity.rule.id == finding.rule && identity.applicant == finding.applicant;
        same && identity.slots().any(|slot| finding.cells.contains(&slot))
    });
    let earlier = over_years.flat_map(super::identity::Identity::slots_before);
    let found: Vec<CellRef> = earlier.collect();
    // A rule that is no sum holds each cell against itself.
    if found.is_empty() { finding.cells.clone() } else { found }
}

/// Outcomes in the order of the file; of a rule that is silent on some rows or columns only the others, and where it
/// is silent on all, one.
fn listed(outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let mut listed: Vec<Outcome> = Vec::new();
    for outcome in in_rule_order(outcomes) {
        let same = listed.last().filter(|last| last.rule.id == outcome.rule.id);
        if same.is_some() && is_silence(&outcome) {
            continue;
        }
        if same.is_some_and(is_silence) {
            listed.pop();
        }
        listed.push(outcome);
    }
    listed
}

/// The suspected cells, looked for only where a sum fails.
fn suspects(outcomes: &[Outcome], sheet: &Sheet) -> Vec<Suspect> {
    let fails = outcomes.iter().any(|outcome| outcome.status == Status::Fail && outcome.rule.group == "identities");
    if fails { locate(sheet) } else { Vec::new() }
}

/// Runs the wanted rules and keeps their outcomes; a rule that said nothing does not speak of the report.
fn outcomes(case: &Case<'_>, rules: &[&Rule]) -> Vec<Outcome> {
    let wanted = Wanted::of(rules);
    let want_scope = |scope: RuleScope| wanted.rules().any(|rule| rule.scope == scope);
    let mut outcomes = Vec::new();
    scan_wanted(&case.subject, case.sheet, wanted, |outcome| outcomes.push(outcome));
    if let Some(report) = case.report {
        structure::wording(report, wanted, &mut |outcome| outcomes.push(outcome));
        if want_scope(RuleScope::Narrative) {
            outcomes.extend(narrative::outcomes(report, case.sheet));
        }
    }
    let claims = case.report.map_or(&[][..], |report| &report.claims);
    across::years(case.previous, case.sheet, claims, case.subject.year, wanted, &mut |outcome| outcomes.push(outcome));
    if let Some((whole, parts)) = case.below
        && want_scope(RuleScope::Levels)
    {
        levels(whole, parts, &mut |outcome| outcomes.push(outcome));
    }
    outcomes.retain(|outcome| wanted.has_id(&outcome.rule.id));
    for rule in wanted.rules() {
        if !outcomes.iter().any(|outcome| outcome.rule.id == rule.id) {
            outcomes.push(Outcome::new(rule, Status::NotApplicable));
        }
    }
    outcomes
}

/// Outcomes in the order of the file, those of one rule in the order they came.
fn in_rule_order(mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let place = |id: &str| rules().iter().position(|rule| rule.id == id);
    outcomes.sort_by_key(|outcome| place(&outcome.rule.id));
    outcomes
}

/// A page without a date is no news.
fn is_silent(outcome: &Outcome) -> bool {
    outcome.rule.group == "deadlines" && outcome.status == Status::Unassessable
}

fn is_silence(outcome: &Outcome) -> bool {
    outcome.status == Status::NotApplicable && outcome.text.is_none()
}

/// A finding with the suspected cells first, and in its text what would mend them.
fn told(outcome: &Outcome, sheet: &Sheet, suspects: &[Suspect]) -> Finding {
    let mut finding = outcome.finding_in(sheet);
    // A suspicion rests on the sums of the tables and says nothing of other rules.
    if finding.status == Status::Fail && outcome.rule.group == "identities" && finding.text.is_none() {
        let concerned: Vec<&Suspect> =
            suspects.iter().filter(|suspect| finding.cells.contains(&suspect.slot)).collect();
        if !concerned.is_empty() {
            let suspected: Vec<CellRef> = concerned.iter().map(|suspect| suspect.slot).collect();
            finding.cells.retain(|slot| !suspected.contains(slot));
            finding.cells.splice(0..0, suspected);
            finding.text = Some(concerned.iter().map(|suspect| mend(suspect)).collect::<Vec<_>>().join("; "));
        }
    }
    finding
}

/// `outcome.granted[natural]: 21 -> 12`, in ids, which are the same in every language.
fn mend(suspect: &Suspect) -> String {
    format!("{}: {} -> {}", slot_id(suspect.slot), suspect.printed, suspect.corrected)
}

/// `outcome.granted[natural]`, `review.total`.
pub(super) fn slot_id(slot: Slot) -> String {
    let id = catalogue().get(slot.category).map_or("?", |category| category.id.as_str());
    slot.applicant.map_or_else(|| id.to_owned(), |applicant| format!("{id}[{}]", applicant.id()))
}

fn merge(into: &mut Finding, other: Finding) {
    for slot in other.cells {
        if !into.cells.contains(&slot) {
            into.cells.push(slot);
        }
    }
    into.cells.sort_unstable();
    (into.applicant, into.printed, into.computed) = (None, None, None);
}
