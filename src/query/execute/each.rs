//! Rows that are one report each, as `by body` gives them: condition and choice of the best are put to the columns
//! first, and a row is made only of what is left.

use super::{
    super::plan::Dimension,
    Only,
    best::Best,
    calc::Pair,
    crew::crew,
    figures::Sheet,
    gather::{Met, Reader, Reading, Task, Told, alike},
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

/// The rows that meet the condition, year by year; where the best of them are wanted, at least those.
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
    let best = Best::of(setup);
    let work = |reading: &mut Option<Reading<'a>>, &(at, year, runs): &(usize, Year, &[Run])| {
        let terms = setup.terms.all.len();
        let (told, tallies) = (Told::new(terms), vec![Tally::default(); terms]);
        let mut made = Made { reader, best: best.as_ref(), told, rows: Vec::new(), tallies };
        let reading = match reading {
            Some(reading) if reading.at == at => reading,
            other => other.insert(reader.open(at, year)),
        };
        for member in 0..setup.shape.members.max(1) {
            for column in 0..setup.shape.columns {
                let place = At { spot: 0, year: setup.year_step(at), form: 0, member, column };
                made.of_chunk(runs, place, reading)?;
            }
        }
        Ok((made.rows, made.told))
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

/// What was made so far, and what there is to say of it.
struct Made<'m, 'a> {
    reader: &'m Reader<'a>,
    best: Option<&'m Best>,
    told: Told,
    rows: Vec<Row>,
    /// By term, for the row that is being made.
    tallies: Vec<Tally>,
}

impl<'a> Made<'_, 'a> {
    /// The rows of runs that lie in one chunk, or in none.
    fn of_chunk(&mut self, runs: &[Run], place: At, reading: &mut Reading<'a>) -> Result<()> {
        let reader = self.reader;
        let chunk = runs.first().and_then(Run::chunk).filter(|_| reader.context.only == Only::Shortest);
        let sheet = chunk.map(|chunk| Sheet::new(place, chunk, reader));
        for run in runs {
            reader.context.go_on()?;
            let told_at_once = self.tell(run, place, reading);
            let sheet = sheet.as_ref().filter(|_| told_at_once);
            let chosen = sheet.and_then(|sheet| Some((self.chosen(run, sheet, reading)?, sheet)));
            let forms = run.forms(reading.year, reader.view);
            let Some((chosen, sheet)) = chosen else {
                for at in 0..run.len() {
                    self.row(run, at, &forms, place, reading, Reader::figures)?;
                }
                continue;
            };
            let first = sheet.first;
            let all = if chosen.is_empty() { None } else { sheet.all(reader, reading) };
            for at in chosen {
                self.row(run, at, &forms, place, reading, |reader, met, task, reading| {
                    match all.as_ref().and_then(|all| all.get(task.term)) {
                        Some(figures) => (figures.at(met.report - first), None),
                        None => reader.figures(met, task, reading),
                    }
                })?;
            }
        }
        Ok(())
    }

    /// Of a run's bodies, by their places in it, those that can become rows; nothing where the columns cannot say.
    fn chosen(&self, run: &Run, sheet: &Sheet, reading: &mut Reading) -> Option<Vec<usize>> {
        let reader = self.reader;
        let mask = match &reader.setup.ask.filter {
            Some(filter) => Some(mask(filter, run, sheet, reader, reading)?),
            None => None,
        };
        let meets = |at: &usize| mask.as_ref().is_none_or(|mask| mask.get(*at).copied().unwrap_or(false));
        let Some(best) = self.best.filter(|_| run.reports > 0) else {
            return Some((0..run.len()).filter(meets).collect());
        };
        let forms = run.forms(reading.year, reader.view);
        let there = |at: &usize| meets(at) && forms.get(*at).is_some_and(|&form| form != 0);
        let skip = run.bodies().start - sheet.first;
        let figures = sheet.of(0, reader, reading)?;
        let chosen = best.choose(figures, (0..run.len()).filter(there).map(|at| at + skip));
        Some(chosen.into_iter().map(|at| at - skip).collect())
    }

    /// The row of one body of a run, where it meets the condition.
    fn row(
        &mut self,
        run: &Run,
        at: usize,
        forms: &[u8],
        place: At,
        reading: &mut Reading<'a>,
        figures: impl Fn(&Reader<'a>, &Met, Task, &mut Reading<'a>) -> (Pair, Option<Pair>),
    ) -> Result<()> {
        if at.is_multiple_of(1024) {
            self.reader.context.go_on()?;
        }
        let (reader, setup) = (self.reader, self.reader.setup);
        let number = run.subjects().start + at;
        let form = forms.get(at).copied().unwrap_or(0);
        let subject = setup.ground.selection.get(number).filter(|_| form != 0);
        let met = subject.and_then(|it| reader.met(run, (number, it), run.bodies().start + at, form, reading));
        for (term, tally) in self.tallies.iter_mut().enumerate() {
            let task = Task { term, member: place.member.min(setup.members(term) - 1), column: place.column };
            *tally = Tally::default();
            match &met {
                Some(met) => reader.add(met, task, figures(reader, met, task, reading), tally, &mut self.told),
                None => tally.miss(State::NoReport, 1),
            }
        }
        let row = rows::row(setup, At { spot: number, ..place }, |term| self.tallies.get(term));
        self.rows.extend(row.filter(|row| rows::passes(setup, row)));
        Ok(())
    }

    /// Takes down what notes say of all reports of a run, chosen or not; false where each must be met for that.
    fn tell(&mut self, run: &Run, place: At, reading: &mut Reading) -> bool {
        let (reader, setup) = (self.reader, self.reader.setup);
        let meta = Meta::of(run.form);
        let Some(chunk) = run.chunk().filter(|_| run.reports > 0) else { return run.reports == 0 };
        if reader.forms && meta.is_none() {
            return false;
        }
        let mut all = Vec::new();
        for (term, wanted) in setup.terms.all.iter().enumerate() {
            let task = Task { term, member: place.member.min(setup.members(term) - 1), column: place.column };
            let calc = setup.calc(term, place).filter(|calc| calc.residents().is_none() && !wanted.is_by_report());
            let mark = |slot| reading.now.alike(slot, chunk).map(|mark| (mark, 0));
            let Some(pair) = calc.and_then(|calc| alike(calc, reader.fill, &mut { mark })) else { return false };
            let used = pair.state == State::Value;
            let marks = if used { reader.marks_of_run(task, run, meta, reading.year) } else { 0 };
            all.push((term, pair.state, used, marks));
        }
        for (term, state, used, marks) in all {
            self.told.note(term, reading.at, state, used, marks);
        }
        true
    }
}
