//! Runs: consecutive bodies of one chunk that fall in one group in one year, counted. What is asked of every report
//! is asked of a run at once wherever its reports are alike.

use std::ops::Range;

use super::{
    division::{self, Code},
    forms::{Forms, Part},
    selection::Selection,
    spots::Spots,
    whose::{Subject, bit},
};
use crate::{
    model::{Scope, Year},
    store::{Meta, View},
};

/// Bodies one after another, treated alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Numbers in the selection.
    first: u32,
    count: u32,
    /// Number in the view of the first, the others following; nothing where no body is in the view under any path.
    body: Option<u32>,
    /// The chunk they are in; likewise nothing.
    chunk: Option<u32>,
    /// Group of the first; where each body is a group of its own the others follow.
    spot: u32,
    /// How many have a report.
    pub(crate) reports: u32,
    /// The code of the form that all reports have; 0 where they differ.
    pub(crate) form: u8,
    /// Whether a report of a government speaks of itself alone.
    pub(crate) own: bool,
    /// Whether the territory of somebody who reports and is alone in its group changed.
    pub(crate) territory: bool,
}

/// A report that would be added to one that contains it: both by number, and the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overlap {
    pub(crate) whole: usize,
    pub(crate) part: usize,
    pub(crate) year: Year,
}

impl Run {
    pub(crate) fn subjects(&self) -> Range<usize> {
        self.first as usize..(self.first + self.count) as usize
    }

    /// Numbers in the view, as many as there are subjects; empty where nobody is in it.
    pub(crate) fn bodies(&self) -> Range<usize> {
        self.body.map_or(0..0, |body| body as usize..(body + self.count) as usize)
    }

    pub(crate) fn absent(&self) -> u32 {
        self.count - self.reports
    }

    pub(crate) fn len(&self) -> usize {
        self.count as usize
    }

    pub(crate) fn spot(&self) -> usize {
        self.spot as usize
    }

    /// The codes of its reports' forms, in order; 0 for no report.
    pub(crate) fn forms(&self, year: Year, view: &View) -> Vec<u8> {
        let bodies = self.bodies();
        let forms = view.chunk_of(bodies.start).filter(|_| !bodies.is_empty()).and_then(|chunk| {
            let first = view.chunk_bodies(chunk).start;
            Some(view.forms(chunk, year)?.get(bodies.start - first..bodies.end - first)?.to_vec())
        });
        forms.unwrap_or_default()
    }

    /// The numbers in the selection of those who have no report.
    pub(crate) fn without(&self, year: Year, view: &View) -> Vec<usize> {
        if self.absent() == 0 {
            return Vec::new();
        }
        let forms = self.forms(year, view);
        let there = |at: usize| forms.get(at).is_some_and(|&form| Meta::of(form).is_some());
        self.subjects().enumerate().filter(|&(at, _)| !there(at)).map(|(_, subject)| subject).collect()
    }

    pub(crate) fn chunk(&self) -> Option<usize> {
        self.chunk.map(|chunk| chunk as usize)
    }

    /// Whether another run goes on where this one ends, in the same group.
    fn is_before(&self, other: &Self, each: bool) -> bool {
        let spot = if each { self.spot + self.count } else { self.spot };
        let body = self.body.is_some_and(|first| other.body == Some(first + self.count));
        body && (self.first + self.count, self.chunk, spot) == (other.first, other.chunk, other.spot)
    }

    /// More bodies.
    fn take(&mut self, one: &Self) {
        if one.reports > 0 {
            self.form = if self.reports == 0 || self.form == one.form { one.form } else { 0 };
        }
        self.count += one.count;
        self.reports += one.reports;
        self.own |= one.own;
        self.territory |= one.territory;
    }
}

/// Runs of one chunk and one group, with gaps between them: bodies that are not asked about.
#[derive(Clone, Debug)]
pub(crate) struct Group<'a> {
    pub(crate) runs: &'a [Run],
    /// All of them together; its bodies and subjects are those of the first only.
    pub(crate) all: Run,
}

/// The groups of a year's runs; where each body is a group of its own, single runs.
pub(crate) fn groups(runs: &[Run], each: bool) -> impl Iterator<Item = Group<'_>> {
    let together = move |a: &Run, b: &Run| !each && (a.chunk, a.spot) == (b.chunk, b.spot);
    runs.chunk_by(together).filter_map(|runs| {
        let (first, rest) = runs.split_first()?;
        let mut all = first.clone();
        for run in rest {
            all.take(run);
        }
        Some(Group { runs, all })
    })
}

/// The runs of a year, in order of the selection.
///
/// # Errors
/// The first report that would be added to one that contains it.
pub(crate) fn runs(
    at: usize,
    year: Year,
    selection: &Selection,
    spots: &Spots,
    view: &View,
) -> Result<Vec<Run>, Overlap> {
    let mut runs: Vec<Run> = Vec::new();
    let mut forms = Forms::new(view, year);
    let mut aggregates = Aggregates::default();
    for piece in selection.pieces(spots.by_level()).filter(|piece| piece.subject.years & bit(at) != 0) {
        let subject = &piece.subject;
        let mut bodies = piece.plain().or_else(|| subject.report(view, year).map(|body| body..body + 1));
        let mut number = piece.subjects.start;
        while number < piece.subjects.end {
            let part = bodies.as_mut().map(|bodies| {
                let part = forms.first(bodies.clone());
                bodies.start = part.bodies.end;
                part
            });
            let codes = part.as_ref().map_or(&[][..], Part::codes);
            let (reports, form) = forms.count(codes);
            let spot = spots.of(number);
            let lone = spots.is_lone(spot);
            // Whoever reports first speaks for the others: none of them is a government beside one that is.
            let first = codes.iter().position(|&code| forms.scope(code).is_some());
            let scope = first.and_then(|first| forms.scope(*codes.get(first)?));
            if let Some((first, scope)) = first.zip(scope).filter(|_| !lone) {
                let part = number + first;
                aggregates.meet(part, subject, spot, scope).map_err(|whole| Overlap { whole, part, year })?;
            }
            let count = part.as_ref().map_or(1, |part| part.bodies.len());
            let one = Run {
                first: short(number),
                count: short(count),
                body: part.as_ref().map(|part| short(part.bodies.start)),
                chunk: part.as_ref().map(|part| short(part.chunk)),
                spot: short(spot),
                reports,
                form,
                own: scope == Some(Scope::Own) && subject.is_government(),
                territory: reports > 0 && lone && division::breaks(subject.code, year),
            };
            number += count;
            match runs.last_mut().filter(|run| run.is_before(&one, spots.each())) {
                Some(run) => run.take(&one),
                None => runs.push(one),
            }
        }
    }
    runs.shrink_to_fit();
    Ok(runs)
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The aggregate reports of one year whose areas the sweep, in path order, is inside of.
#[derive(Debug, Default)]
struct Aggregates {
    open: Vec<(std::ops::RangeInclusive<Code>, usize, usize)>,
    place: u16,
}

impl Aggregates {
    /// Notes a report; gives the body whose report contains it when both are in one group.
    fn meet(&mut self, number: usize, subject: &Subject, spot: usize, scope: Scope) -> Result<(), usize> {
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
        if scope != Scope::Own && subject.is_government() {
            self.open.push((division::under(subject.code), spot, number));
        }
        Ok(())
    }
}
