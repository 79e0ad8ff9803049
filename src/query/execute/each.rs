//! Rows that are one report each, as `by body` gives them: the condition is put to the columns first, and a row is made
//! only of what meets it.

use super::{
    super::plan::Dimension,
    Only,
    crew::crew,
    gather::{Reader, Reading, Task, Told, alike},
    mask::mask,
    rows::{self, Row},
    runs::Run,
    setup::{At, Setup},
    tally::Tally,
};
use crate::{
    error::Result,
    model::{State, Year},
    store::Meta,
};

/// Whether every row is one report: one body, one year, one form, and no statistic, which takes reports together.
pub(crate) fn fits(setup: &Setup) -> bool {
    setup.ground.spots.each()
        && setup.shape.forms == 1
        && (setup.by.contains(&Dimension::Year) || setup.plan.years.len() == 1)
        && setup.terms.all.iter().all(|term| term.statistic.is_none())
}

/// So many reports are worth another thread.
const MANY: usize = 4_000;

/// The rows that meet the condition, year by year.
///
/// # Errors
/// `Interrupted`.
pub(crate) fn rows<'a>(reader: &Reader<'a>, told: &mut Told) -> Result<Vec<Row>> {
    let setup = reader.setup;
    let years = setup.plan.years.iter().enumerate();
    // What lies in one chunk is read together.
    let together = |a: &Run, b: &Run| a.chunk() == b.chunk();
    let tasks: Vec<(usize, Year, &[Run])> =
        years.flat_map(|(at, &year)| reader.runs(at).chunk_by(together).map(move |runs| (at, year, runs))).collect();
    let work = |reading: &mut Option<Reading<'a>>, &(at, year, runs): &(usize, Year, &[Run])| {
        let (mut rows, mut told) = (Vec::new(), Told::new(setup.terms.all.len()));
        let reading = match reading {
            Some(reading) if reading.at == at => reading,
            other => other.insert(reader.open(at, year)),
        };
        for run in runs {
            for member in 0..setup.shape.members.max(1) {
                for column in 0..setup.shape.columns {
                    reader.context.go_on()?;
                    let place = At { spot: 0, year: setup.year_step(at), form: 0, member, column };
                    of_run(run, place, reader, reading, &mut told, &mut rows)?;
                }
            }
        }
        Ok((rows, told))
    };
    let mut all = Vec::new();
    let mut take = |(mut rows, more): (Vec<Row>, Told)| {
        all.append(&mut rows);
        told.join(&more);
        Ok(())
    };
    if tasks.iter().flat_map(|(.., runs)| *runs).map(Run::len).sum::<usize>() > MANY {
        crew(&tasks, || None, work, take)?;
    } else {
        let mut reading = None;
        tasks.iter().try_for_each(|task| take(work(&mut reading, task)?))?;
    }
    Ok(all)
}

fn of_run(
    run: &Run,
    place: At,
    reader: &Reader,
    reading: &mut Reading,
    told: &mut Told,
    rows: &mut Vec<Row>,
) -> Result<()> {
    let setup = reader.setup;
    let told_at_once = tell(run, place, reader, reading, told);
    let filter = setup.ask.filter.as_ref();
    let chosen = filter
        .filter(|_| told_at_once && reader.context.only == Only::Shortest)
        .and_then(|filter| mask(filter, run, place, reader, reading));
    let forms = run.forms(reading.year, reader.view);
    for (at, number) in run.subjects().enumerate() {
        if at % 1024 == 0 {
            reader.context.go_on()?;
        }
        if chosen.as_ref().is_some_and(|chosen| !chosen.get(at).copied().unwrap_or(false)) {
            continue;
        }
        let form = forms.get(at).copied().unwrap_or(0);
        let met = reader.met(run, number, run.bodies().start + at, form, reading);
        let tallies: Vec<Tally> = (0..setup.terms.all.len())
            .map(|term| {
                let task = Task { term, member: place.member.min(setup.members(term) - 1), column: place.column };
                let mut tally = Tally::default();
                match &met {
                    Some(met) => reader.add(met, task, reading, &mut tally, told),
                    None => tally.miss(State::NoReport, 1),
                }
                tally
            })
            .collect();
        let row = rows::row(setup, At { spot: number, ..place }, &tallies.iter().collect::<Vec<_>>());
        rows.extend(row.filter(|row| rows::passes(setup, row)));
    }
    Ok(())
}

/// Takes down what notes say of all reports of a run, chosen or not; false where each must be met for that.
fn tell(run: &Run, place: At, reader: &Reader, reading: &mut Reading, told: &mut Told) -> bool {
    let setup = reader.setup;
    let meta = Meta::of(run.form);
    if run.reports == 0 || (reader.forms && meta.is_none()) {
        return run.reports == 0;
    }
    let mut all = Vec::new();
    for (term, wanted) in setup.terms.all.iter().enumerate() {
        let task = Task { term, member: place.member.min(setup.members(term) - 1), column: place.column };
        let calc = setup.calc(term, place).filter(|calc| calc.residents().is_none() && !wanted.is_by_report());
        let mark = |slot| reading.now.alike(slot, run).map(|mark| (mark, 0));
        let Some(pair) = calc.and_then(|calc| alike(calc, reader.fill, &mut { mark })) else { return false };
        let used = pair.state == State::Value;
        let marks = if used { reader.marks_of_run(task, run, meta, reading.year) } else { 0 };
        all.push((term, pair.state, used, marks));
    }
    for (term, state, used, marks) in all {
        told.note(term, reading.at, state, used, marks);
    }
    true
}
