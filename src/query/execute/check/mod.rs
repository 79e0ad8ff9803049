//! `check`: the rules over every report of a statement, one row a rule and result, or counted by the dimensions asked for.

mod below;
mod checker;
mod counts;
mod desk;
mod screen;

pub(super) use self::{below::constituents, checker::Needs};

use self::{
    checker::{Checker, Task},
    counts::{Counts, Groups},
};
use super::{
    super::{
        Answer, Field,
        plan::{Options, Place, Plan, Stage, Verb, Whose},
    },
    Context,
    crew::crew,
    list::{answer, cell_name, item, maybe, titles},
    show::severity_id,
    whose::{Selection, select},
};
use crate::{
    check,
    error::Result,
    model::{Finding, ReportKey, Status, Templates},
    schema::{Rule, rule},
    store::View,
};

/// One result with what it is about.
#[derive(Debug)]
struct Found {
    subject: usize,
    year: usize,
    finding: Finding,
    verdict: Option<String>,
}

/// A report to be checked.
#[derive(Clone, Copy, Debug)]
struct Member {
    /// Its subject.
    number: usize,
    /// The number of its body in the view.
    body: usize,
    templates: Templates,
    /// Body and forms of the report of the year before, where a rule asks for it.
    before: Option<(usize, Templates)>,
}

/// What is wanted of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    /// Every one.
    Rows,
    /// Those that failed.
    Failures,
    /// How many.
    Counts,
}

/// What a stretch gave.
#[derive(Debug, Default)]
struct Part {
    found: Vec<Found>,
    counts: Counts,
    failures: u64,
    /// Subject and year of reports that are not there.
    missing: Vec<(usize, usize)>,
}

/// Carries out a `check` of the rules with these ids.
pub(crate) fn check(plan: &Plan, ids: &[String], view: &View, context: &Context) -> Result<Answer> {
    let failed_only = plan.stages.contains(&Stage::Failed);
    let want = match (plan.by.is_empty(), failed_only) {
        (false, _) => Want::Counts,
        (true, true) => Want::Failures,
        (true, false) => Want::Rows,
    };
    let wanted: Vec<&Rule> = ids.iter().filter_map(|id| rule(id)).collect();
    let selection = select(plan, view, false);
    let groups = Groups::new(plan, &selection, failed_only);
    let checker = Checker::new(&wanted, want, groups, &selection, view, context);
    let parts = run(&checker, plan)?;
    let failures = parts.iter().map(|part| part.failures).sum();
    let (mut found, mut counts, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        found.extend(part.found);
        counts.push(part.counts);
        missing.extend(part.missing);
    }
    let mut answer = if want == Want::Counts {
        checker.groups.answer(counts.into_iter(), &selection, view)
    } else {
        found.sort_by_key(|found| (found.subject, found.year));
        listed(plan, &selection, view, &found)
    };
    answer.failed = Some(failures);
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
    let (context, selection) = (Context::default(), select(&plan, view, false));
    let groups = Groups::new(&plan, &selection, false);
    // Nobody watches one report, so nothing stops it.
    let parts = run(&Checker::new(&wanted, Want::Failures, groups, &selection, view, &context), &plan);
    let parts = parts.unwrap_or_default().into_iter().flat_map(|part| part.found);
    let findings: Vec<Finding> = parts.map(|found| found.finding).collect();
    check::figures_hash(id, &findings)
}

/// Every stretch of every year, in that order.
fn run(checker: &Checker, plan: &Plan) -> Result<Vec<Part>> {
    let stretches = stretches(checker.selection, checker.view);
    let tasks: Vec<Task> = (0..)
        .zip(&plan.years)
        .flat_map(|(at, &year)| stretches.iter().map(move |subjects| Task { at, year, subjects: subjects.clone() }))
        .collect();
    crew(&tasks, || checker.bench(), |bench, task| checker.run(bench, task))
}

/// The subjects cut where one chunk ends and another begins.
fn stretches(selection: &Selection, view: &View) -> Vec<std::ops::Range<usize>> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    let mut chunk = 0..0;
    for (number, subject) in selection.subjects.iter().enumerate() {
        let elsewhere = subject.body().filter(|body| !chunk.contains(body));
        if let Some(body) = elsewhere {
            chunk = view.chunk(body);
        }
        match stretches.last_mut() {
            Some(last) if elsewhere.is_none() => last.end = number + 1,
            _ => stretches.push(number..number + 1),
        }
    }
    stretches
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

pub(crate) fn status_id(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::PassIfBlankIsZero => "pass_if_blank_is_zero",
        Status::Unassessable => "unassessable",
        Status::NotApplicable => "not_applicable",
    }
}
