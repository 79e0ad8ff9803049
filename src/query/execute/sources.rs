//! The files behind an answer: of every report that was looked at for it, each file once.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    super::{
        SourceFile, Sources,
        plan::{Plan, TermKind, Thing, Verb},
    },
    Context, check,
    crew::crew,
    ground::Ground,
    ready,
    selection::Selection,
    whose::{Subject, bit, select},
};
use crate::{
    error::Result,
    model::Year,
    schema::{Rule, rule},
    store::View,
};

/// So many reports are looked up by one task.
const TOGETHER: usize = 4_096;

/// The files by their SHA-256, those without one by their names.
type Files = BTreeMap<Key, String>;
type Key = (String, Option<String>);

/// The files of all reports that a plan looks at; nothing for a plan that looks at none. Of more than `most` reports
/// only the number is told: the archive holds what file a report came from, and each is a read.
pub(crate) fn sources(plan: &Plan, most: u64, view: &View, context: &Context) -> Result<Option<Sources>> {
    if matches!(plan.verb, Verb::Missing) || matches!(plan.verb, Verb::Show(thing) if !is_of_reports(thing)) {
        return Ok(None);
    }
    if let Some(reports) = many(plan, most, view)? {
        return Ok(Some(Sources { reports, ..Sources::default() }));
    }
    let reports = reports(plan, view, context)?;
    let count = reports.values().map(Vec::len).sum::<usize>() as u64;
    let mut sources = Sources { reports: count, ..Sources::default() };
    if count > most {
        return Ok(Some(sources));
    }
    let tasks: Vec<(Year, Vec<usize>)> = reports
        .into_iter()
        .flat_map(|(year, bodies)| bodies.chunks(TOGETHER).map(|some| (year, some.to_vec())).collect::<Vec<_>>())
        .collect();
    let mut files = Files::new();
    crew(
        &tasks,
        || (),
        |(), (year, bodies)| {
            let mut files = Files::new();
            for origin in view.origins(bodies, *year, || context.go_on())? {
                let nameless = origin.sha256.is_empty().then(|| origin.file.clone());
                put(&mut files, (origin.sha256, nameless), origin.file);
            }
            Ok(files)
        },
        |found| {
            for (key, file) in found {
                put(&mut files, key, file);
            }
            Ok(())
        },
    )?;
    let mut digest = Sha256::new();
    for (sha256, _) in files.keys().filter(|(sha256, _)| !sha256.is_empty()) {
        digest.update(sha256);
        digest.update("\n");
    }
    sources.files = Some(files.len() as u64);
    sources.sha256 = Some(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
    if files.len() <= Sources::LISTED {
        sources.listed = files.into_iter().map(|((sha256, _), file)| SourceFile { sha256, file }).collect();
    }
    Ok(Some(sources))
}

/// Of several names of a file the first counts, in whatever order they come.
fn put(files: &mut Files, key: Key, file: String) {
    let name = files.entry(key).or_insert_with(|| file.clone());
    if file < *name {
        *name = file;
    }
}

fn is_of_reports(thing: Thing) -> bool {
    matches!(thing, Thing::Report | Thing::Cells)
}

/// How many reports a question looks at, where they are more than `most`: counting them needs no list of them.
fn many(plan: &Plan, most: u64, view: &View) -> Result<Option<u64>> {
    let (Verb::Ask(ask) | Verb::Why(ask)) = &plan.verb else { return Ok(None) };
    // What it looks at of the year before is known only when it is looked for.
    if ask.terms.iter().any(|term| term.kind == TermKind::Change) {
        return Ok(None);
    }
    let ground = Ground::of(plan, &ready(plan, ask)?.0, view);
    Ok(ground.reports(view).filter(|&count| count > most))
}

/// The reports a plan looks at, as numbers of bodies by year, each once.
fn reports(plan: &Plan, view: &View, context: &Context) -> Result<BTreeMap<Year, Vec<usize>>> {
    let mut found: BTreeMap<Year, Vec<usize>> = BTreeMap::new();
    match &plan.verb {
        Verb::Ask(ask) | Verb::Why(ask) => {
            let ground = Ground::of(plan, &ready(plan, ask)?.0, view);
            let changes = ask.terms.iter().any(|term| term.kind == TermKind::Change);
            each(&ground.selection, plan, view, context, true, |subject, body, year| {
                found.entry(year).or_default().push(body);
                if let Some(before) = year.previous().filter(|_| changes) {
                    found.entry(before).or_default().extend(subject.earlier(view, before));
                }
            })?;
        }
        verb => {
            let rules: Vec<&Rule> = match verb {
                Verb::Check(ids) => ids.iter().filter_map(|id| rule(id)).collect(),
                _ => Vec::new(),
            };
            let needs = check::Needs::of(&rules);
            each(&select(plan, view, false), plan, view, context, false, |subject, body, year| {
                found.entry(year).or_default().push(body);
                if let Some(before) = year.previous().filter(|_| needs.years) {
                    found.entry(before).or_default().extend(subject.report(view, before));
                }
                if let Some(whole) = view.body(body).filter(|_| needs.levels) {
                    let parts = check::constituents(&whole.id, year, view, context.register);
                    found.entry(year).or_default().extend(parts.into_iter().filter_map(|part| view.find(part)));
                }
            })?;
        }
    }
    for bodies in found.values_mut() {
        bodies.sort_unstable();
        bodies.dedup();
    }
    Ok(found)
}

/// Calls `there` with every report of a selection; `expected` leaves out those of years in which a body is not counted.
fn each(
    selection: &Selection,
    plan: &Plan,
    view: &View,
    context: &Context,
    expected: bool,
    mut there: impl FnMut(&Subject, usize, Year),
) -> Result<()> {
    for (at, &year) in plan.years.iter().enumerate() {
        for (number, subject) in selection.range(0..selection.len()) {
            if number % 1024 == 0 {
                context.go_on()?;
            }
            let counts = !expected || subject.years & bit(at) != 0;
            if let Some(body) = subject.report(view, year).filter(|_| counts) {
                there(&subject, body, year);
            }
        }
    }
    Ok(())
}
