//! `check`: the rules over every report of a statement, one row a rule and result, or counted by the dimensions asked for.

mod below;
mod checker;
mod counts;
mod desk;
mod screen;
mod why;

pub(crate) use why::why;

pub(super) use self::{below::constituents, checker::Needs};

use self::{
    checker::Checker,
    counts::{Counts, Groups},
};
use std::ops::Range;

use super::{
    super::{
        Answer, Detail, Field, Missing,
        plan::{Options, Place, Plan, Stage, Verb, Whose},
    },
    Context, Take,
    crew::crew,
    list::{answer, cell_name, item, maybe, titles},
    selection::Selection,
    show::severity_id,
    whose::select,
};
use crate::{
    check,
    error::Result,
    model::{Finding, ReportKey, Templates},
    schema::{Register, Rule, rule},
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

/// So many rows and the rest of their stretch have a statement that leads to their cells.
const HANDLES: usize = 2_000;

/// Carries out a `check` of the rules with these ids.
///
/// Results that are listed are handed over stretch by stretch, in the order of bodies, then years.
pub(crate) fn check(plan: &Plan, ids: &[String], view: &View, context: &Context, take: &mut Take) -> Result<Answer> {
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
    let (mut failures, mut earlier, mut counts, mut missing) = (0, 0, Counts::default(), Vec::new());
    run(&checker, plan, |part| {
        failures += part.failures;
        counts.add(part.counts);
        missing.extend(part.missing);
        if part.found.is_empty() {
            return Ok(());
        }
        // What a damaged column left out must not pass for a result.
        view.health()?;
        // A longer list has no statement for each row: nobody looks rows up in it by number.
        let details = if earlier < HANDLES { handles(plan, &selection, view, &part.found) } else { Vec::new() };
        earlier += part.found.len();
        take(Answer { revision: view.revision(), details, ..listed(plan, &selection, view, &part.found) })
    })?;
    let mut answer = if want == Want::Counts {
        checker.groups.answer(counts, &selection, view)
    } else {
        Answer { earlier, ..listed(plan, &selection, view, &[]) }
    };
    answer.failed = Some(failures);
    answer.missing = missing_in_order(plan, selection, view, missing);
    Ok(answer)
}

/// The reports that are not there, in order of years, then bodies; named when they are looked at.
fn missing_in_order(plan: &Plan, selection: Selection, view: &View, mut missing: Vec<(usize, usize)>) -> Missing {
    missing.sort_unstable_by_key(|&(subject, year)| (year, subject));
    let (view, years) = (view.clone(), plan.years.clone());
    Missing::later(missing.len(), move |most| {
        let name =
            |&(subject, year): &(usize, usize)| Some((selection.get(subject)?.place_name(&view), *years.get(year)?));
        missing.iter().take(most).filter_map(name).collect()
    })
}

/// The fingerprint of what a rule finds wrong in a report as it is now: what a judgement of it is about. Nothing where
/// the rule finds nothing wrong.
#[must_use]
pub fn judged(id: &str, key: &ReportKey, view: &View, register: Option<&Register>) -> Option<String> {
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
    let (context, selection) = (Context { register, ..Context::default() }, select(&plan, view, false));
    let groups = Groups::new(&plan, &selection, false);
    let mut findings: Vec<Finding> = Vec::new();
    // Nobody watches one report, so nothing stops it.
    let _ = run(&Checker::new(&wanted, Want::Failures, groups, &selection, view, &context), &plan, |part| {
        findings.extend(part.found.into_iter().map(|found| found.finding));
        Ok(())
    });
    (!findings.is_empty()).then(|| check::figures_hash(id, &findings))
}

/// Every stretch, in order.
fn run(checker: &Checker, plan: &Plan, take: impl FnMut(Part) -> Result<()>) -> Result<()> {
    let stretches = stretches(checker.selection, checker.view, checker.most_at_once());
    crew(&stretches, || checker.bench(), |bench, subjects| checker.run(bench, &plan.years, subjects), take)
}

/// The subjects cut where one chunk ends and another begins, and not longer than `most`.
fn stretches(selection: &Selection, view: &View, most: usize) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut chunk = 0..0;
    for (number, subject) in selection.range(0..selection.len()) {
        let elsewhere = subject.body().filter(|body| !chunk.contains(body));
        if let Some(body) = elsewhere {
            chunk = view.chunk(body);
        }
        match stretches.last_mut() {
            Some(last) if elsewhere.is_none() && last.len() < most => last.end = number + 1,
            _ => stretches.push(number..number + 1),
        }
    }
    stretches
}

/// The statements that lead to the cells of results, where they lead to no other result of the rule.
fn handles(plan: &Plan, selection: &Selection, view: &View, found: &[Found]) -> Vec<Detail> {
    let alike = |a: &Found, b: &Found| (a.subject, a.year, &a.finding.rule) == (b.subject, b.year, &b.finding.rule);
    let mut details = Vec::with_capacity(found.len());
    for same in found.chunk_by(alike) {
        let shown: Vec<&Found> = why::worth_knowing(same).collect();
        details.extend(same.iter().map(|one| {
            let leads = shown.iter().any(|shown| std::ptr::eq(*shown, one)) && why::has_grounds(&one.finding);
            let statement = || {
                let subject = selection.get(one.subject)?.id(view);
                Some(format!("why {} in @{subject} {}", one.finding.rule, plan.years.get(one.year)?))
            };
            Detail { why: leads.then(statement).flatten(), ..Detail::default() }
        }));
    }
    details
}

fn listed(plan: &Plan, selection: &Selection, view: &View, found: &[Found]) -> Answer {
    let rows = found
        .iter()
        .filter_map(|found| {
            let finding = &found.finding;
            Some(vec![
                Field::Place(selection.get(found.subject)?.place_name(view)),
                Field::Year(*plan.years.get(found.year)?),
                item(&finding.rule),
                item(finding.status.id()),
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
