//! Figures: every expected report is met once a year, and what it says goes into the tallies of its rows.

use super::{
    super::{
        fraction::Fraction,
        plan::{Operand, Term, TermKind},
    },
    Context,
    calc::{Calc, Pair},
    columns::Columns,
    condition::holds,
    division::{self, Code},
    grade::Grade,
    program::Fill,
    refuse,
    setup::{At, FORMS, Setup},
    tally::{self, Tally, mark},
    whose::{Subject, Years, bit},
};
use crate::{
    error::{Error, Result},
    model::{Scope, State, Template, Year},
    store::{Meta, View},
};

/// What the reports of a statement gave.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// By term, then row.
    tallies: Vec<Vec<Tally>>,
    /// Reports expected and not there: subject and year of the plan.
    pub(crate) missing: Vec<(usize, usize)>,
    /// Years of the plan in which a figure was used.
    pub(crate) used: Years,
    /// By term: years of the plan in which a form had no such cell.
    pub(crate) not_in_template: Vec<Years>,
    /// Marks of all rows together.
    pub(crate) marks: u8,
}

impl Gathered {
    pub(crate) fn tally(&self, setup: &Setup, term: usize, at: At) -> Option<&Tally> {
        self.tallies.get(term)?.get(setup.index(term, at))
    }
}

/// A body with the reports a year's figures come from.
struct Met<'a> {
    subject: &'a Subject,
    spot: usize,
    /// Year of the plan.
    at: usize,
    year: Year,
    report: usize,
    meta: Meta,
    before: Option<(usize, Meta)>,
}

struct Reader<'a> {
    setup: &'a Setup<'a>,
    context: &'a Context<'a>,
    fill: Fill,
    /// Whether the forms of reports matter to any measure.
    forms: bool,
    filters_reports: bool,
}

/// Reads every figure a statement needs.
///
/// # Errors
/// When a row would add a report to one that contains it.
pub(crate) fn gather(setup: &Setup, view: &View, context: &Context) -> Result<Gathered> {
    let terms = setup.terms.all.len();
    let mut gathered = Gathered {
        tallies: (0..terms).map(|term| vec![Tally::default(); setup.tallies(term)]).collect(),
        missing: Vec::new(),
        used: 0,
        not_in_template: vec![0; terms],
        marks: 0,
    };
    let near = setup.ready.iter().any(|ready| ready.grades.contains(&Grade::Near));
    let reader = Reader {
        setup,
        context,
        fill: Fill { blanks: setup.plan.options.blank_as_zero, proved: false },
        forms: near || setup.shape.forms > 1,
        filters_reports: setup.ask.filter.is_some() && setup.terms.all.iter().any(|term| term.statistic.is_some()),
    };
    for (at, &year) in setup.plan.years.iter().enumerate() {
        gathered.year(at, year, &reader, view)?;
    }
    Ok(gathered)
}

impl Gathered {
    /// Meets every report expected for one year.
    fn year(&mut self, at: usize, year: Year, reader: &Reader, view: &View) -> Result<()> {
        let setup = reader.setup;
        let wanted = |subject: &&Subject| subject.years & bit(at) != 0;
        let bodies = || setup.selection.subjects.iter().filter(wanted).filter_map(|subject| subject.body);
        let range = bodies().min().unwrap_or(0)..bodies().max().map_or(0, |last| last + 1);
        let count = bodies().count();
        let open = |year| Columns::open(view, year, &setup.slots.0, range.clone(), count);
        let previous = year.previous().filter(|_| setup.has_change());
        let (mut now, mut then) = (open(year), previous.map(open));
        let mut aggregates = Aggregates::default();
        for (number, subject) in setup.selection.subjects.iter().enumerate() {
            if number % 1024 == 0 {
                reader.context.go_on()?;
            }
            if !wanted(&subject) {
                continue;
            }
            let spot = setup.spots.of.get(number).copied().unwrap_or_default();
            let report = |year| {
                let body = subject.report(view, year)?;
                Some((body, view.meta(body, year)?))
            };
            let Some((found, meta)) = report(year) else {
                self.missing.push((number, at));
                self.absent(setup, spot, at);
                continue;
            };
            if setup.spots.all.get(spot).is_some_and(|spot| spot.bodies > 1) {
                aggregates.meet(number, subject, spot, meta).map_err(|whole| {
                    let whole = setup.selection.subjects.get(whole).unwrap_or(subject);
                    overlap(whole, subject, year, view)
                })?;
            }
            let before = previous.and_then(|year| {
                let body = subject.earlier(view, year)?;
                Some((body, view.meta(body, year)?))
            });
            let met = Met { subject, spot, at, year, report: found, meta, before };
            self.meet(&met, reader, &mut now, then.as_mut());
        }
        Ok(())
    }

    /// A report that is not there. Without a report there is no form, so `by template` has no row for it.
    fn absent(&mut self, setup: &Setup, spot: usize, at: usize) {
        if setup.shape.forms > 1 {
            return;
        }
        let year = setup.year_step(at);
        for (term, tallies) in self.tallies.iter_mut().enumerate() {
            for member in 0..setup.members(term) {
                for column in 0..setup.shape.columns {
                    let index = setup.index(term, At { spot, year, form: 0, member, column });
                    if let Some(tally) = tallies.get_mut(index) {
                        tally.miss(State::NoReport);
                    }
                }
            }
        }
    }

    fn meet(&mut self, met: &Met, reader: &Reader, now: &mut Columns, mut then: Option<&mut Columns>) {
        let setup = reader.setup;
        for column in 0..setup.shape.columns {
            let passes = !reader.filters_reports || reader.passes(met, column, now, then.as_deref_mut());
            for (term, wanted) in setup.terms.all.iter().enumerate() {
                let statistic = wanted.statistic.is_some();
                if statistic && !passes {
                    continue;
                }
                let form = reader.form(term, met.meta);
                for member in 0..setup.members(term) {
                    let place = At { spot: met.spot, year: setup.year_step(met.at), form, member, column };
                    let Some(calc) = setup.calc(term, place) else { continue };
                    let (new, old) = reader.figures(wanted, calc, met, now, then.as_deref_mut());
                    if new.state == State::NotInTemplate {
                        if let Some(years) = self.not_in_template.get_mut(term) {
                            *years |= bit(met.at);
                        }
                        // `comparable` wants only years without a break.
                        if setup.plan.options.comparable {
                            continue;
                        }
                    }
                    let Some(tally) = self.tallies.get_mut(term).and_then(|all| all.get_mut(setup.index(term, place)))
                    else {
                        continue;
                    };
                    let used = tally.used;
                    tally.add(calc, statistic, new, old);
                    let marks = reader.marks(term, member, met, new, tally.used > used);
                    tally.marks |= marks;
                    self.marks |= marks;
                    if tally.used > used {
                        self.used |= bit(met.at);
                    }
                }
            }
        }
    }
}

impl Reader<'_> {
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

    /// The figures of a report, and for a change those of the year before.
    #[inline]
    fn figures(
        &self,
        term: &Term,
        calc: &Calc,
        met: &Met,
        now: &mut Columns,
        then: Option<&mut Columns>,
    ) -> (Pair, Option<Pair>) {
        let residents = |year| move || self.context.population.and_then(|table| table.of(met.subject.code, year));
        let new = calc.run(self.fill, &mut |slot| now.cell(slot, met.report), residents(met.year));
        if term.kind != TermKind::Change {
            return (new, None);
        }
        let old = met.before.zip(then).zip(met.year.previous()).map(|(((report, _), then), year)| {
            calc.run(self.fill, &mut |slot| then.cell(slot, report), residents(year))
        });
        (new, Some(old.unwrap_or(Pair::none(State::NoReport))))
    }

    /// Whether a report meets the conditions, for statistics over reports.
    fn passes(&self, met: &Met, column: usize, now: &mut Columns, mut then: Option<&mut Columns>) -> bool {
        let Some(filter) = &self.setup.ask.filter else { return true };
        let values: Vec<Option<Fraction>> = (0..self.setup.terms.all.len())
            .map(|term| {
                let wanted = self.setup.terms.all.get(term)?;
                let calc = self.setup.calc(term, At { column, ..At::default() })?;
                let (new, old) = self.figures(wanted, calc, met, now, then.as_deref_mut());
                tally::single(calc, new, old)
            })
            .collect();
        let one = Some(Fraction::whole(1));
        holds(filter, &|operand| match operand {
            Operand::Term(term) => values.get(self.setup.terms.find(term)?).copied().flatten(),
            Operand::Value(at) => values.get(*at).copied().flatten(),
            Operand::Used | Operand::Coverage => one,
            Operand::Ratio | Operand::Numerator | Operand::Denominator | Operand::Dimension(_) => None,
        })
    }

    fn marks(&self, term: usize, member: usize, met: &Met, new: Pair, used: bool) -> u8 {
        let mut marks = if new.no_population { mark::NO_POPULATION } else { 0 };
        if !used {
            return marks;
        }
        if self.forms && self.setup.grade(term, member) == Grade::Near {
            let bit = |meta| match self.template(term, meta) {
                Some(Template::Form2019) => mark::FORM_2019,
                Some(Template::Form2021) => mark::FORM_2021,
                None => 0,
            };
            marks |= bit(met.meta);
            if let Some((_, before)) = met.before.filter(|_| self.is_change(term)) {
                marks |= bit(before);
            }
        }
        if met.meta.scope == Scope::Own && met.subject.is_government() {
            marks |= mark::OWN;
        }
        let lone = self.setup.spots.all.get(met.spot).is_some_and(|spot| spot.bodies == 1);
        let earlier = || self.setup.plan.years.iter().any(|&year| year < met.year);
        if lone && (self.is_change(term) || earlier()) && division::breaks(met.subject.code, met.year) {
            marks |= mark::TERRITORY;
        }
        marks
    }

    fn is_change(&self, term: usize) -> bool {
        self.setup.terms.all.get(term).is_some_and(|term| term.kind == TermKind::Change)
    }
}

/// The aggregate reports of one year whose areas the sweep, in path order, is inside of.
#[derive(Debug, Default)]
struct Aggregates {
    open: Vec<(std::ops::RangeInclusive<Code>, usize, usize)>,
    place: usize,
}

impl Aggregates {
    /// Notes a report; gives the body whose report contains it when both are in one group.
    fn meet(&mut self, number: usize, subject: &Subject, spot: usize, meta: Meta) -> std::result::Result<(), usize> {
        if subject.place != self.place {
            self.open.clear();
            self.place = subject.place;
        }
        while self.open.last().is_some_and(|(area, ..)| !area.contains(&subject.code)) {
            self.open.pop();
        }
        if let Some(&(.., whole)) = self.open.iter().find(|&&(_, other, _)| other == spot) {
            return Err(whole);
        }
        if meta.scope != Scope::Own && subject.is_government() {
            self.open.push((division::under(subject.code), spot, number));
        }
        Ok(())
    }
}

/// The refusal to add a report to one that contains it.
fn overlap(whole: &Subject, part: &Subject, year: Year, view: &View) -> Error {
    let (whole, part) = (whole.place_name(view), part.place_name(view));
    refuse("GK0301", &[("whole", &whole.path), ("part", &part.path), ("year", &year.to_string())])
}
