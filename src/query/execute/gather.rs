//! Figures: what the reports of a statement say goes into the tallies of its rows, run by run. Where all reports of a
//! run are alike in every cell a measure reads, the sums of the cells stand for them; else each report is met.

use super::{
    super::plan::{Operand, Term, TermKind},
    Context, Only,
    calc::{Calc, Pair},
    columns::Columns,
    condition::holds,
    division, each,
    grade::Grade,
    program::Fill,
    refuse,
    rows::Row,
    runs::{Group, Overlap, Run, groups},
    setup::{At, FORMS, Setup},
    tally::{self, Tally, mark},
    whose::{Subject, Years, bit},
};
use crate::{
    error::{Error, Result},
    model::{Scope, State, Template, Year},
    query::fraction::Fraction,
    store::{Mark, Meta, View},
};

/// What the reports of a statement gave.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// By term, then row; empty where rows were made report by report.
    tallies: Vec<Vec<Tally>>,
    /// Rows made report by report.
    pub(crate) rows: Option<Vec<Row>>,
    /// What there is to say of all of them.
    pub(crate) told: Told,
}

/// What all reports together give notes reason to say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Years of the plan in which a figure was used.
    pub(crate) used: Years,
    /// By term: years of the plan in which a form had no such cell.
    pub(crate) not_in_template: Vec<Years>,
    /// By term: marks of all rows together.
    pub(crate) marks: Vec<u8>,
}

impl Gathered {
    pub(crate) fn tally(&self, setup: &Setup, term: usize, at: At) -> Option<&Tally> {
        self.tallies.get(term)?.get(setup.index(term, at))
    }
}

impl Told {
    pub(crate) fn new(terms: usize) -> Self {
        Self { used: 0, not_in_template: vec![0; terms], marks: vec![0; terms] }
    }

    /// What both give reason to say.
    pub(crate) fn join(&mut self, other: &Self) {
        self.used |= other.used;
        self.not_in_template.iter_mut().zip(&other.not_in_template).for_each(|(years, more)| *years |= more);
        self.marks.iter_mut().zip(&other.marks).for_each(|(marks, more)| *marks |= more);
    }

    /// Notes a state or marks of one term.
    pub(crate) fn note(&mut self, term: usize, at: usize, state: State, used: bool, marks: u8) {
        if let Some(years) = self.not_in_template.get_mut(term).filter(|_| state == State::NotInTemplate) {
            *years |= bit(at);
        }
        if let Some(all) = self.marks.get_mut(term) {
            *all |= marks;
        }
        if used {
            self.used |= bit(at);
        }
    }
}

/// A body with the reports a year's figures come from.
pub(crate) struct Met {
    pub(crate) subject: Subject,
    pub(crate) spot: usize,
    /// Year of the plan.
    pub(crate) at: usize,
    pub(crate) year: Year,
    pub(crate) report: usize,
    pub(crate) meta: Meta,
    before: Option<(usize, Meta)>,
}

/// The year that is being read: its number in the plan, its columns, and those of the year before for a change.
pub(crate) struct Reading<'a> {
    pub(crate) at: usize,
    pub(crate) year: Year,
    pub(crate) now: Columns<'a>,
    then: Option<Columns<'a>>,
}

/// One measure of one row of a run: the number of its term, and where its tally stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    pub(crate) term: usize,
    pub(crate) member: usize,
    pub(crate) column: usize,
}

impl Task {
    /// Its place on the axes that its measure depends on.
    fn place(self) -> At {
        At { member: self.member, column: self.column, ..At::default() }
    }
}

pub(crate) struct Reader<'a> {
    pub(crate) setup: &'a Setup<'a>,
    pub(crate) view: &'a View,
    pub(crate) context: &'a Context<'a>,
    pub(crate) fill: Fill,
    /// Whether the forms of reports matter to any measure.
    pub(crate) forms: bool,
    filters_reports: bool,
}

/// Reads every figure a statement needs.
///
/// # Errors
/// When a row would add a report to one that contains it.
pub(crate) fn gather(setup: &Setup, view: &View, context: &Context) -> Result<Gathered> {
    if let Some(overlap) = &setup.ground.overlap {
        return Err(refusal(overlap, setup, view));
    }
    let near = setup.ready.iter().any(|ready| ready.grades.contains(&Grade::Near));
    let reader = Reader {
        setup,
        view,
        context,
        fill: Fill { blanks: setup.plan.options.blank_as_zero, proved: false },
        forms: near || setup.shape.forms > 1,
        filters_reports: setup.of_reports().next().is_some(),
    };
    let terms = setup.terms.all.len();
    let mut gathered = Gathered { tallies: Vec::new(), rows: None, told: Told::new(terms) };
    if each::fits(setup) && matches!(context.only, Only::Shortest | Only::Rows) {
        gathered.rows = Some(each::rows(&reader, &mut gathered.told)?);
        return Ok(gathered);
    }
    gathered.tallies = (0..terms).map(|term| vec![Tally::default(); setup.tallies(term)]).collect();
    let tasks = reader.tasks();
    for (at, &year) in setup.plan.years.iter().enumerate() {
        let mut reading = reader.open(at, year);
        for group in groups(reader.runs(at), setup.ground.spots.each()) {
            context.go_on()?;
            gathered.absent(&group, &reader, &reading);
            let left = gathered.sums(&group, &tasks, &reader, &mut reading);
            for run in group.runs.iter().filter(|_| !left.is_empty()) {
                reader.reports(run, &mut reading, |met, reading| gathered.meet(met, &left, &reader, reading))?;
            }
        }
    }
    Ok(gathered)
}

impl Gathered {
    /// Reports that are not there. Without a report there is no form, so `by template` has no row for it.
    fn absent(&mut self, group: &Group, reader: &Reader, reading: &Reading) {
        let (setup, run) = (reader.setup, &group.all);
        if setup.shape.forms > 1 || run.absent() == 0 {
            return;
        }
        let year = setup.year_step(reading.at);
        let spots = if setup.ground.spots.each() {
            run.without(reading.year, reader.view).into_iter().map(|subject| (subject, 1)).collect()
        } else {
            vec![(run.spot(), run.absent())]
        };
        for (spot, count) in spots {
            for term in 0..self.tallies.len() {
                for member in 0..setup.members(term) {
                    for column in 0..setup.shape.columns {
                        let index = setup.index(term, At { spot, year, form: 0, member, column });
                        if let Some(tally) = self.tallies.get_mut(term).and_then(|all| all.get_mut(index)) {
                            tally.miss(State::NoReport, count);
                        }
                    }
                }
            }
        }
    }

    /// Lets sums stand for the reports of a group wherever they can, and gives back the tasks for which they cannot.
    fn sums(&mut self, group: &Group, tasks: &[Task], reader: &Reader, reading: &mut Reading) -> Vec<Task> {
        let run = &group.all;
        if run.reports == 0 {
            return Vec::new();
        }
        if matches!(reader.context.only, Only::Reports | Only::Cells) {
            return tasks.to_vec();
        }
        let setup = reader.setup;
        let pooled = !setup.ground.spots.each() || run.len() == 1;
        let meta = Meta::of(run.form).filter(|_| pooled && !reader.filters_reports);
        let mut left = Vec::new();
        for &task in tasks {
            let wanted = setup.terms.all.get(task.term).filter(|term| !term.is_by_report());
            let place = |form| At {
                spot: run.spot(),
                year: setup.year_step(reading.at),
                form,
                member: task.member,
                column: task.column,
            };
            let form = meta.map(|meta| reader.form(task.term, meta)).or((pooled && !reader.forms).then_some(0));
            let calc = setup.calc(task.term, place(0)).filter(|calc| calc.residents().is_none() && wanted.is_some());
            let Some((calc, form)) = calc.zip(form.filter(|_| !reader.filters_reports)) else {
                left.push(task);
                continue;
            };
            let Some(pair) = alike(calc, reader.fill, &mut |slot| reading.now.sum(slot, group)) else {
                left.push(task);
                continue;
            };
            if pair.state == State::NotInTemplate && setup.plan.options.comparable {
                self.told.note(task.term, reading.at, pair.state, false, 0);
                continue;
            }
            let index = setup.index(task.term, place(form));
            let Some(tally) = self.tallies.get_mut(task.term).and_then(|all| all.get_mut(index)) else { continue };
            let used = tally.add_alike(pair, run.reports);
            let marks = if used { reader.marks_of_run(task, run, meta, reading.year) } else { 0 };
            tally.marks |= marks;
            self.told.note(task.term, reading.at, pair.state, used, marks);
        }
        left
    }

    /// One report.
    fn meet(&mut self, met: &Met, tasks: &[Task], reader: &Reader, reading: &mut Reading) {
        let setup = reader.setup;
        let mut judged: Option<(usize, bool)> = None;
        for &task in tasks {
            let Some(wanted) = setup.terms.all.get(task.term) else { continue };
            if reader.filters_reports && wanted.statistic.is_some() {
                let known = judged.filter(|&(column, _)| column == task.column);
                let (_, passes) = known.unwrap_or_else(|| (task.column, reader.passes(met, task.column, reading)));
                judged = Some((task.column, passes));
                if !passes {
                    continue;
                }
            }
            let form = reader.form(task.term, met.meta);
            let (year, Task { member, column, .. }) = (setup.year_step(met.at), task);
            let place = At { spot: met.spot, year, form, member, column };
            let index = setup.index(task.term, place);
            let Some(tally) = self.tallies.get_mut(task.term).and_then(|all| all.get_mut(index)) else { continue };
            let figures = reader.figures(met, task, reading);
            reader.add(met, task, figures, tally, &mut self.told);
        }
    }
}

/// The figures of a run whose reports are alike in every cell a measure reads; nothing where they are not.
pub(crate) fn alike(calc: &Calc, fill: Fill, sum: &mut impl FnMut(usize) -> Option<(Mark, i64)>) -> Option<Pair> {
    let mut differ = false;
    let mut cell = |slot| {
        // What is computed from a cell that differs is thrown away.
        sum(slot).unwrap_or_else(|| {
            differ = true;
            (Mark::NotInTemplate, 0)
        })
    };
    let pair = calc.run(fill, &mut cell, || None);
    (!differ).then_some(pair)
}

impl<'a> Reader<'a> {
    /// Every measure of every row there can be, those of one column together.
    fn tasks(&self) -> Vec<Task> {
        let setup = self.setup;
        let terms = move |column| {
            (0..setup.terms.all.len())
                .flat_map(move |term| (0..setup.members(term)).map(move |member| Task { term, member, column }))
        };
        (0..setup.shape.columns).flat_map(terms).collect()
    }

    pub(crate) fn runs(&self, at: usize) -> &'a [Run] {
        self.setup.ground.years.get(at).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn open(&self, at: usize, year: Year) -> Reading<'a> {
        let there = || self.runs(at).iter().filter(|run| run.reports > 0).map(Run::bodies);
        let start = there().map(|bodies| bodies.start).min().unwrap_or(0);
        let range = start..there().map(|bodies| bodies.end).max().unwrap_or(start);
        let count = match self.context.only {
            Only::Cells => 0,
            _ => there().map(|bodies| bodies.len()).sum(),
        };
        let open = |year| Columns::open(self.view, year, &self.setup.slots.0, range.clone(), count);
        let previous = year.previous().filter(|_| self.setup.has_change());
        Reading { at, year, now: open(year), then: previous.map(open) }
    }

    /// Calls `found` with every report of a run.
    pub(crate) fn reports<'r>(
        &self,
        run: &Run,
        reading: &mut Reading<'r>,
        mut found: impl FnMut(&Met, &mut Reading<'r>),
    ) -> Result<()> {
        let forms = run.forms(reading.year, self.view);
        let subjects = self.setup.ground.selection.range(run.subjects());
        for (((number, subject), report), form) in subjects.zip(run.bodies()).zip(forms) {
            if number % 1024 == 0 {
                self.context.go_on()?;
            }
            if let Some(met) = self.met(run, (number, subject), report, form, reading) {
                found(&met, reading);
            }
        }
        Ok(())
    }

    /// One report of a run; nothing where the body has none.
    pub(crate) fn met(
        &self,
        run: &Run,
        (number, subject): (usize, Subject),
        report: usize,
        form: u8,
        reading: &Reading,
    ) -> Option<Met> {
        let meta = Meta::of(form)?;
        let each = self.setup.ground.spots.each();
        let spot = if each { number } else { run.spot() };
        let before = reading.then.as_ref().and(reading.year.previous()).and_then(|year| {
            let body = subject.earlier(self.view, year)?;
            Some((body, self.view.meta(body, year)?))
        });
        Some(Met { subject, spot, at: reading.at, year: reading.year, report, meta, before })
    }

    /// Adds the figures of a report to a tally.
    pub(crate) fn add(&self, met: &Met, task: Task, figures: (Pair, Option<Pair>), tally: &mut Tally, told: &mut Told) {
        let setup = self.setup;
        let (Some(wanted), Some(calc)) = (setup.terms.all.get(task.term), setup.calc(task.term, task.place())) else {
            return;
        };
        let (new, old) = figures;
        // `comparable` wants only years without a break.
        if new.state == State::NotInTemplate && setup.plan.options.comparable {
            return told.note(task.term, met.at, new.state, false, 0);
        }
        let before = tally.used;
        tally.add(calc, wanted.statistic.is_some(), new, old);
        let used = tally.used > before;
        let marks = self.marks(task, met, new, used);
        tally.marks |= marks;
        told.note(task.term, met.at, new.state, used, marks);
    }

    /// The step of a report on the form axis.
    fn form(&self, term: usize, meta: Meta) -> usize {
        if self.setup.shape.forms == 1 {
            return 0;
        }
        let template = self.template(term, meta);
        FORMS.iter().position(|&form| form == template).unwrap_or_default()
    }

    fn template(&self, term: usize, meta: Meta) -> Option<Template> {
        let table = self.setup.ready.get(term)?.tables.first()?;
        meta.templates.of(*table)
    }

    /// The figures of a report in one measure, and for a change those of the year before.
    pub(crate) fn figures(&self, met: &Met, task: Task, reading: &mut Reading) -> (Pair, Option<Pair>) {
        let Some(calc) = self.setup.calc(task.term, task.place()) else { return (Pair::none(State::NoReport), None) };
        let residents = |year| move || self.context.population.and_then(|table| table.of(met.subject.code, year));
        let new = calc.run(self.fill, &mut |slot| reading.now.cell(slot, met.report), residents(met.year));
        if !self.is_change(task.term) {
            return (new, None);
        }
        let old = met.before.zip(reading.then.as_mut()).zip(met.year.previous()).map(|(((report, _), then), year)| {
            calc.run(self.fill, &mut |slot| then.cell(slot, report), residents(year))
        });
        (new, Some(old.unwrap_or(Pair::none(State::NoReport))))
    }

    /// Whether a report meets the conditions, for statistics over reports.
    fn passes(&self, met: &Met, column: usize, reading: &mut Reading) -> bool {
        let values: Vec<Option<Fraction>> = (0..self.setup.terms.all.len())
            .map(|term| {
                let task = Task { term, member: 0, column };
                let calc = self.setup.calc(term, task.place())?;
                let (new, old) = self.figures(met, task, reading);
                tally::single(calc, new, old)
            })
            .collect();
        let value = |operand: &Operand| match operand {
            Operand::Term(term) => values.get(self.setup.terms.find(term)?).copied().flatten(),
            _ => None,
        };
        self.setup.of_reports().all(|condition| holds(condition, &value))
    }

    fn marks(&self, task: Task, met: &Met, new: Pair, used: bool) -> u8 {
        let mut marks = if new.no_population { mark::NO_POPULATION } else { 0 };
        if !used {
            return marks;
        }
        marks |= self.form_mark(task, met.meta);
        if let Some((_, before)) = met.before.filter(|_| self.is_change(task.term)) {
            marks |= self.form_mark(task, before);
        }
        if met.meta.scope == Scope::Own && met.subject.is_government() {
            marks |= mark::OWN;
        }
        let lone = self.setup.ground.spots.is_lone(met.spot);
        if lone && self.has_earlier(task.term, met.year) && division::breaks(met.subject.code, met.year) {
            marks |= mark::TERRITORY;
        }
        marks
    }

    /// The marks of a run whose reports were all used; `meta` stands for the forms of all of them.
    pub(crate) fn marks_of_run(&self, task: Task, run: &Run, meta: Option<Meta>, year: Year) -> u8 {
        let mut marks = meta.map_or(0, |meta| self.form_mark(task, meta));
        if run.own {
            marks |= mark::OWN;
        }
        if run.territory && self.has_earlier(task.term, year) {
            marks |= mark::TERRITORY;
        }
        marks
    }

    fn form_mark(&self, task: Task, meta: Meta) -> u8 {
        if !self.forms || self.setup.grade(task.term, task.member) != Grade::Near {
            return 0;
        }
        match self.template(task.term, meta) {
            Some(Template::Form2019) => mark::FORM_2019,
            Some(Template::Form2021) => mark::FORM_2021,
            None => 0,
        }
    }

    /// Whether a figure of the year stands beside one of an earlier year.
    fn has_earlier(&self, term: usize, year: Year) -> bool {
        self.is_change(term) || self.setup.plan.years.iter().any(|&other| other < year)
    }

    fn is_change(&self, term: usize) -> bool {
        self.setup.terms.all.get(term).is_some_and(|term| term.kind == TermKind::Change)
    }
}

impl Term {
    /// Whether reports must be met one by one: each counts for itself, or with its own year before.
    pub(crate) fn is_by_report(&self) -> bool {
        self.statistic.is_some() || self.kind == TermKind::Change
    }
}

/// The refusal to add a report to one that contains it.
fn refusal(overlap: &Overlap, setup: &Setup, view: &View) -> Error {
    let path = |subject| {
        let subject = setup.ground.selection.get(subject);
        subject.map(|subject| subject.place_name(view).path).unwrap_or_default()
    };
    let (whole, part, year) = (path(overlap.whole), path(overlap.part), overlap.year.to_string());
    refuse("GK0301", &[("whole", &whole), ("part", &part), ("year", &year)])
}
