//! A statement made ready: its terms, its axes, its bodies and the groups these fall into.

use std::sync::Arc;

use super::{
    super::plan::{Ask, Condition, Dimension, Plan, Term, TermKind},
    calc::Calc,
    condition::Terms,
    grade::{Grade, grade, tables},
    ground::Ground,
    program::Slots,
    refuse,
};
use crate::{
    error::Result,
    model::{Applicant, Table, Template},
    store::View,
};

/// A term made ready: one calculation per member and column.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) calcs: Vec<Vec<Calc>>,
    pub(crate) grades: Vec<Grade>,
    /// Tables of the members; the first is the one whose form `by template` means.
    pub(crate) tables: Vec<Table>,
}

/// Everything about a statement that its reports do not change.
#[derive(Debug)]
pub(crate) struct Setup<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) ask: &'a Ask,
    pub(crate) by: Vec<Dimension>,
    pub(crate) terms: Terms<'a>,
    pub(crate) ready: Vec<Ready>,
    /// What each step of the applicant axis is taken from.
    pub(crate) columns: Vec<Vec<Applicant>>,
    pub(crate) ground: Arc<Ground>,
    pub(crate) slots: Slots,
    pub(crate) shape: Shape,
}

/// How many steps each axis has; 1 for one that is not asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) years: usize,
    pub(crate) forms: usize,
    pub(crate) members: usize,
    pub(crate) columns: usize,
}

/// One row by its steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) spot: usize,
    pub(crate) year: usize,
    pub(crate) form: usize,
    pub(crate) member: usize,
    pub(crate) column: usize,
}

/// The forms of `by template`, in order; the last stands for reports whose table was not found.
pub(crate) const FORMS: [Option<Template>; 3] = [Some(Template::Form2019), Some(Template::Form2021), None];

impl<'a> Setup<'a> {
    /// Makes a statement ready; `terms` are the shown ones, made normal.
    ///
    /// # Errors
    /// When its columns of table 3 would count something twice.
    pub(crate) fn new(
        plan: &'a Plan,
        ask: &'a Ask,
        by: Vec<Dimension>,
        terms: &'a [Term],
        view: &View,
    ) -> Result<Self> {
        let terms = Terms::of(terms, ask.filter.as_ref(), plan);
        let columns = columns(ask, &by)?;
        let mut slots = Slots::default();
        let ready: Vec<Ready> = terms.all.iter().map(|term| Ready::new(term, &columns, &mut slots)).collect();
        let ground = Ground::of(plan, &by, view);
        let shape = Shape {
            years: if by.contains(&Dimension::Year) { plan.years.len() } else { 1 },
            forms: if by.contains(&Dimension::Template) { FORMS.len() } else { 1 },
            members: ready.iter().take(terms.shown).map(|ready| ready.calcs.len()).max().unwrap_or(1),
            columns: columns.len(),
        };
        Ok(Self { plan, ask, by, terms, ready, columns, ground, slots, shape })
    }

    /// How many tallies a term has.
    pub(crate) fn tallies(&self, term: usize) -> usize {
        let Shape { years, forms, columns, .. } = self.shape;
        self.ground.spots.len() * years * forms * self.members(term) * columns
    }

    pub(crate) fn members(&self, term: usize) -> usize {
        self.ready.get(term).map_or(1, |ready| ready.calcs.len().max(1))
    }

    /// The tally of a row; a term with one member has the same for every member of another.
    #[inline]
    pub(crate) fn index(&self, term: usize, at: At) -> usize {
        let Shape { years, forms, columns, .. } = self.shape;
        let members = self.members(term);
        let member = at.member.min(members - 1);
        (((at.spot * years + at.year) * forms + at.form) * members + member) * columns + at.column
    }

    #[inline]
    pub(crate) fn calc(&self, term: usize, at: At) -> Option<&Calc> {
        let ready = self.ready.get(term)?;
        ready.calcs.get(at.member.min(ready.calcs.len().saturating_sub(1)))?.get(at.column)
    }

    pub(crate) fn grade(&self, term: usize, member: usize) -> Grade {
        let grades = self.ready.get(term).map_or(&[][..], |ready| &ready.grades);
        grades.get(member.min(grades.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    /// The step of a year of the plan on the year axis.
    pub(crate) fn year_step(&self, year: usize) -> usize {
        if self.by.contains(&Dimension::Year) { year } else { 0 }
    }

    /// Ids of the columns that say what a row is about.
    pub(crate) fn dimension_ids(&self) -> Vec<String> {
        let by = self.by.iter().map(|dimension| dimension.id().to_owned());
        by.chain(self.ground.spots.is_apart().then(|| "place".to_owned())).collect()
    }

    pub(crate) fn has_change(&self) -> bool {
        self.terms.all.iter().any(|term| term.kind == TermKind::Change)
    }

    /// The terms that are shown.
    pub(crate) fn shown(&self) -> &[&'a Term] {
        self.terms.all.get(..self.terms.shown).unwrap_or_default()
    }

    /// The conditions that choose the reports a statistic is taken over; none where no statistic is shown.
    pub(crate) fn of_reports(&self) -> impl Iterator<Item = &'a Condition> {
        let statistic = self.shown().iter().any(|term| term.statistic.is_some());
        let filter = self.ask.filter.as_ref().filter(|_| statistic);
        filter.into_iter().flat_map(Condition::all).filter(|condition| condition.is_of_reports())
    }

    /// The conditions that choose rows. Where only statistics are shown, those of reports have done their work.
    pub(crate) fn of_rows(&self) -> impl Iterator<Item = &'a Condition> {
        let pooled = self.shown().iter().any(|term| term.statistic.is_none());
        let all = self.ask.filter.iter().flat_map(Condition::all);
        all.filter(move |condition| pooled || !condition.is_of_reports())
    }

    /// Every row there can be, in the order of its steps.
    pub(crate) fn rows(&self) -> impl Iterator<Item = At> + '_ {
        let Shape { years, forms, members, columns } = self.shape;
        (0..self.ground.spots.len()).flat_map(move |spot| {
            (0..years).flat_map(move |year| {
                (0..forms).flat_map(move |form| {
                    (0..members)
                        .flat_map(move |member| (0..columns).map(move |column| At { spot, year, form, member, column }))
                })
            })
        })
    }
}

impl Ready {
    fn new(term: &Term, columns: &[Vec<Applicant>], slots: &mut Slots) -> Self {
        let calc = |member, columns: &Vec<Applicant>, slots: &mut Slots| Calc::new(term.kind, member, columns, slots);
        let calcs = term
            .members
            .iter()
            .map(|member| columns.iter().map(|columns| calc(member, columns, slots)).collect())
            .collect();
        let mut found: Vec<Table> = Vec::new();
        for table in term.members.iter().flat_map(|member| tables(term.kind, member)) {
            if !found.contains(&table) {
                found.push(table);
            }
        }
        let grades = term.members.iter().map(|member| grade(term.kind, member)).collect();
        Self { calcs, grades, tables: found }
    }
}

/// The steps of the applicant axis. The printed total is never added to the parts it sums.
fn columns(ask: &Ask, by: &[Dimension]) -> Result<Vec<Vec<Applicant>>> {
    let mut named = ask.applicants.clone();
    named.sort_unstable();
    named.dedup();
    if by.contains(&Dimension::Applicant) {
        let all = if named.is_empty() { Applicant::ALL.to_vec() } else { named };
        return Ok(all.into_iter().map(|applicant| vec![applicant]).collect());
    }
    match named.as_slice() {
        [] => Ok(vec![vec![Applicant::Total]]),
        [_, _, ..] if named.contains(&Applicant::Total) => Err(refuse("GK0302", &[])),
        _ => Ok(vec![named]),
    }
}
