//! `check`: the rules over every report of a statement, one row a rule and result, or counted by the dimensions asked for.

use std::cell::RefCell;

use super::{
    super::{
        Answer, Field,
        plan::{Dimension, Options, Place, Plan, Stage, Verb, Whose},
    },
    Context,
    columns::Columns,
    list::{answer, cell_name, item, maybe, titles},
    rows::ordinal,
    show::severity_id,
    spots::Spots,
    whose::{Selection, Subject, bit, select},
};
use crate::{
    check::{self, Case, Previous, Sheet, Whole},
    error::Result,
    model::{BodyId, Finding, ReportKey, Slot, Status, Year},
    schema::{Rule, RuleScope, catalogue, places, rule},
    store::View,
};

/// One result with what it is about.
struct Found {
    subject: usize,
    year: usize,
    finding: Finding,
    verdict: Option<String>,
}

/// Carries out a `check` of the rules with these ids.
pub(crate) fn check(plan: &Plan, ids: &[String], view: &View, context: &Context) -> Result<Answer> {
    let wanted: Vec<&Rule> = ids.iter().filter_map(|id| rule(id)).collect();
    let failed_only = plan.stages.contains(&Stage::Failed);
    let selection = select(plan, view, false);
    let checker = Checker::new(&wanted, failed_only, view, context);
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for (at, &year) in plan.years.iter().enumerate() {
        checker.year(at, year, &selection, &mut found, &mut missing)?;
    }
    found.sort_by_key(|found| (found.subject, found.year));
    let failures = found.iter().filter(|found| found.finding.status == Status::Fail).count();
    let mut answer = if plan.by.is_empty() {
        listed(plan, &selection, view, &found)
    } else {
        counted(plan, &selection, view, &found, failed_only)
    };
    answer.failed = Some(u64::try_from(failures).unwrap_or(u64::MAX));
    answer.missing = missing
        .into_iter()
        .filter_map(|(subject, year)| Some((selection.subjects.get(subject)?.place_name(view), *plan.years.get(year)?)))
        .collect();
    Ok(answer)
}

/// The fingerprint of what a rule finds in a report as it is now: what a judgement of it is about.
#[must_use]
pub fn judged(id: &str, key: &ReportKey, view: &View) -> String {
    let plan = Plan {
        verb: Verb::Check(vec![id.to_owned()]),
        whose: Whose { places: vec![Place::Body(key.body.clone())], ..Whose::default() },
        years: vec![key.year],
        by: Vec::new(),
        options: Options::default(),
        as_of: None,
        stages: Vec::new(),
    };
    let wanted: Vec<&Rule> = rule(id).into_iter().collect();
    let context = Context::default();
    let mut found = Vec::new();
    let checker = Checker::new(&wanted, false, view, &context);
    // Nobody watches one report, so nothing stops it.
    let _ = checker.year(0, key.year, &select(&plan, view, false), &mut found, &mut Vec::new());
    let findings: Vec<Finding> = found.into_iter().map(|found| found.finding).collect();
    check::figures_hash(id, &findings)
}

struct Checker<'a> {
    wanted: &'a [&'a Rule],
    failed_only: bool,
    needs: Needs,
    slots: Vec<Slot>,
    view: &'a View,
    context: &'a Context<'a>,
}

/// What the rules read beside the cells of one report.
#[derive(Clone, Copy, Debug)]
struct Needs {
    /// Prose, dates, printed text.
    reports: bool,
    /// The year before.
    years: bool,
    /// The bodies below.
    levels: bool,
}

impl<'a> Checker<'a> {
    fn new(wanted: &'a [&'a Rule], failed_only: bool, view: &'a View, context: &'a Context<'a>) -> Self {
        let scope = |scope| wanted.iter().any(|rule| rule.scope == scope);
        let mut slots: Vec<Slot> =
            catalogue().all().iter().flat_map(|category| category.slots().collect::<Vec<_>>()).collect();
        slots.sort_unstable();
        Self {
            wanted,
            failed_only,
            needs: Needs {
                reports: scope(RuleScope::Report) || scope(RuleScope::Narrative) || scope(RuleScope::Cell),
                years: wanted.iter().any(|rule| rule.scope == RuleScope::Years || rule.group == "plausibility"),
                levels: scope(RuleScope::Levels),
            },
            slots,
            view,
            context,
        }
    }

    fn year(
        &self,
        at: usize,
        year: Year,
        selection: &Selection,
        found: &mut Vec<Found>,
        missing: &mut Vec<(usize, usize)>,
    ) -> Result<()> {
        let wanted = |subject: &&Subject| subject.years & bit(at) != 0;
        let bodies = || selection.subjects.iter().filter(wanted).filter_map(|subject| subject.body);
        let range = bodies().min().unwrap_or(0)..bodies().max().map_or(0, |last| last + 1);
        let count = bodies().count();
        let open = |year| RefCell::new(Columns::open(self.view, year, &self.slots, range.clone(), count));
        let now = open(year);
        let before = year.previous().filter(|_| self.needs.years).map(|year| (year, open(year)));
        let (mut sheet, mut old) = (Sheet::new(), Sheet::new());
        for (number, subject) in selection.subjects.iter().enumerate() {
            if !wanted(&subject) {
                continue;
            }
            self.context.go_on()?;
            let Some(body) = subject.report(self.view, year) else {
                missing.push((number, at));
                continue;
            };
            if !self.fill(&mut sheet, body, year, &now) {
                continue;
            }
            let previous = before.as_ref().and_then(|(year, columns)| {
                let body = subject.report(self.view, *year)?;
                self.fill(&mut old, body, *year, columns).then_some(())
            });
            let findings = self.findings(subject, body, year, &sheet, previous.map(|()| &old));
            let standing = |finding: &Finding, all: &[Finding]| {
                let id = &self.view.body(body)?.id;
                let verdict = check::standing(self.context.verdicts, &finding.rule, id, year, all)?;
                serde_json::to_value(verdict.decision).ok()?.as_str().map(str::to_owned)
            };
            let verdicts: Vec<Option<String>> = findings.iter().map(|finding| standing(finding, &findings)).collect();
            found.extend(
                findings
                    .into_iter()
                    .zip(verdicts)
                    .filter(|(finding, _)| !self.failed_only || finding.status == Status::Fail)
                    .map(|(finding, verdict)| Found { subject: number, year: at, finding, verdict }),
            );
        }
        Ok(())
    }

    /// The figures of one report; nothing where it is gone.
    fn fill(&self, sheet: &mut Sheet, body: usize, year: Year, columns: &RefCell<Columns>) -> bool {
        let Some(meta) = self.view.meta(body, year) else { return false };
        sheet.fill(meta.templates, |slot| {
            let at = self.slots.binary_search(&slot).ok()?;
            let (mark, units) = columns.borrow_mut().cell(at, body);
            mark.reading(units)
        });
        true
    }

    fn findings(&self, subject: &Subject, body: usize, year: Year, sheet: &Sheet, old: Option<&Sheet>) -> Vec<Finding> {
        let (Some(known), Some(meta)) = (self.view.body(body), self.view.meta(body, year)) else { return Vec::new() };
        let report = if self.needs.reports { self.view.report(body, year) } else { None };
        let facts = check::Subject {
            body: &known.id,
            kind: known.kind,
            year,
            scope: meta.scope,
            published: report.as_ref().and_then(|report| report.published.as_deref()),
        };
        let excuse = check::excuse(&places().changes, &known.id, year);
        let previous = old.map(|sheet| Previous { sheet, excuse });
        let below = if self.needs.levels { self.below(subject, &known.id, year) } else { Vec::new() };
        let parts: Vec<(&BodyId, &Sheet)> = below.iter().map(|(id, sheet)| (id, sheet)).collect();
        // Which bodies should be in the sum is known only to a register of every department and town.
        let whole = Whole { sheet, scope: meta.scope, complete: false };
        let case = Case {
            subject: facts,
            sheet,
            report: report.as_ref(),
            previous,
            below: self.needs.levels.then_some((whole, parts.as_slice())),
        };
        if self.failed_only && !self.needs.reports && !self.needs.levels {
            // Nearly every report passes: only one that fails something is written out.
            let mut fails = false;
            check::scan(&facts, sheet, |outcome| fails |= outcome.status == Status::Fail);
            if !fails && !self.needs.years {
                return Vec::new();
            }
        }
        check::rows(&case, self.wanted)
    }

    /// The bodies whose figures a government's report should contain.
    fn below(&self, subject: &Subject, id: &BodyId, year: Year) -> Vec<(BodyId, Sheet)> {
        if !subject.is_government() {
            return Vec::new();
        }
        let prefix = super::division::prefix(subject.code);
        let there: Vec<usize> = self.view.present(year, self.view.range(&prefix)).collect();
        let listed: Vec<(&BodyId, crate::model::BodyKind)> =
            there.iter().filter_map(|&body| self.view.body(body)).map(|body| (&body.id, body.kind)).collect();
        check::constituents(id, &listed)
            .into_iter()
            .filter_map(|part| {
                let body = self.view.find(part)?;
                let meta = self.view.meta(body, year)?;
                let mut sheet = Sheet::new();
                sheet.fill(meta.templates, |slot| self.view.reading(body, year, slot));
                Some((part.clone(), sheet))
            })
            .collect()
    }
}

fn listed(plan: &Plan, selection: &Selection, view: &View, found: &[Found]) -> Answer {
    let rows = found
        .iter()
        .filter_map(|found| {
            let finding = &found.finding;
            Some(vec![
                Field::Place(selection.subjects.get(found.subject)?.place_name(view)),
                Field::Year(*plan.years.get(found.year)?),
                item(&finding.rule),
                item(status_id(finding.status)),
                maybe(finding.printed.clone()),
                maybe(finding.computed.clone()),
                Field::Cells(finding.cells.iter().map(|&slot| cell_name(slot)).collect()),
                item(severity_id(finding.severity)),
                found.verdict.as_deref().map_or(Field::None, item),
                maybe(finding.text.clone()),
            ])
        })
        .collect();
    let heads = ["body", "year", "rule", "status", "printed", "computed", "cells", "severity", "verdict", "text"];
    answer(titles(&heads), rows)
}

const STATUSES: [Status; 5] =
    [Status::Pass, Status::Fail, Status::PassIfBlankIsZero, Status::Unassessable, Status::NotApplicable];

/// Results counted by rule, body, year and the divisions above.
fn counted(plan: &Plan, selection: &Selection, view: &View, found: &[Found], failed_only: bool) -> Answer {
    let by: Vec<Dimension> = plan
        .by
        .iter()
        .copied()
        .filter(|dimension| !matches!(dimension, Dimension::Category | Dimension::Applicant | Dimension::Template))
        .collect();
    let spots = Spots::new(plan, &by, selection);
    let mut groups: std::collections::BTreeMap<Vec<u64>, (Vec<Field>, [u64; 5])> = std::collections::BTreeMap::new();
    for one in found {
        let Some(spot) = spots.of.get(one.subject).and_then(|&at| spots.all.get(at)) else { continue };
        let order: Vec<u64> = by
            .iter()
            .map(|&dimension| match dimension {
                Dimension::Year => ordinal(one.year),
                Dimension::Rule => rule_ordinal(&one.finding.rule),
                _ => spots.ordinal(spot, dimension),
            })
            .collect();
        let (_, counts) = groups.entry(order).or_insert_with(|| {
            let fields = by.iter().map(|&dimension| match dimension {
                Dimension::Year => plan.years.get(one.year).map_or(Field::None, |&year| Field::Year(year)),
                Dimension::Rule => item(&one.finding.rule),
                _ => Spots::field(spot, dimension, selection, view),
            });
            (fields.collect(), [0; 5])
        });
        let at = STATUSES.iter().position(|&status| status == one.finding.status);
        if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let mut ids: Vec<&str> = by.iter().map(|dimension| dimension.id()).collect();
    let dimensions = ids.iter().map(|&id| id.to_owned()).collect();
    let shown: &[Status] = if failed_only { &[Status::Fail] } else { &STATUSES };
    ids.extend(shown.iter().map(|&status| status_id(status)));
    let rows = groups
        .into_values()
        .map(|(mut fields, counts)| {
            let counts = STATUSES.iter().zip(counts).filter(|(status, _)| shown.contains(status));
            fields.extend(counts.map(|(_, count)| Field::Whole(count)));
            fields
        })
        .collect();
    Answer { dimensions, ..answer(titles(&ids), rows) }
}

fn rule_ordinal(id: &str) -> u64 {
    let at = crate::schema::rules().iter().position(|rule| rule.id == id);
    at.map_or(u64::MAX, ordinal)
}

pub(crate) fn status_id(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::PassIfBlankIsZero => "pass_if_blank_is_zero",
        Status::Unassessable => "unassessable",
        Status::NotApplicable => "not_applicable",
    }
}
