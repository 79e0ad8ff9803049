//! The subjects of a statement, which may be hundreds of thousands: those that follow each other in the view, and have
//! no more to say of themselves than their ranks do, are kept as one stretch.

use std::ops::Range;

use super::{
    division::{self, Code},
    whose::{Subject, Years},
};
use crate::{
    model::Year,
    store::{Rank, View},
};

/// The bodies of a statement, in path order (place by place where places are kept apart).
#[derive(Debug, Default)]
pub(crate) struct Selection {
    stretches: Vec<Stretch>,
    len: usize,
    /// Where ranks are read, when a stretch first has more than its first.
    view: View,
    /// Own reports left out of a set of governments.
    pub(crate) own_left_out: usize,
    /// Bodies left out because they do not report every year.
    pub(crate) incomplete: usize,
    /// Bodies left out because their territory changed within the years.
    pub(crate) broken: usize,
    /// Whether the years rest on different bodies, which only the cover can do.
    pub(crate) cover_differs: bool,
    /// Bodies named in the query whose division was not there in some of the years.
    pub(crate) not_valid: Vec<(String, Year)>,
}

/// Subjects one after another, here and in the view.
#[derive(Debug)]
struct Stretch {
    /// Number of the first.
    first: usize,
    count: usize,
    /// The first; the others differ from it by number and rank alone.
    subject: Subject,
}

/// Subjects one after another that differ by number and level alone: a government, or others of one division.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Their numbers.
    pub(crate) subjects: Range<usize>,
    /// The first.
    pub(crate) subject: Subject,
}

impl Piece {
    /// Their numbers in the view, where those say who stands for them whatever the year.
    pub(crate) fn plain(&self) -> Option<Range<usize>> {
        self.subject.plain().map(|first| first..first + self.subjects.len())
    }
}

impl Selection {
    pub(crate) fn new(view: &View) -> Self {
        Self { view: view.clone(), ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How many pieces of memory it takes, of some hundred bytes each.
    pub(crate) fn weight(&self) -> usize {
        self.stretches.len()
    }

    /// A subject by its number.
    pub(crate) fn get(&self, number: usize) -> Option<Subject> {
        let after = self.stretches.partition_point(|stretch| stretch.first <= number);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        match number - stretch.first {
            0 => Some(stretch.subject.clone()),
            more if more < stretch.count => {
                let body = stretch.subject.body()? + more;
                Some(stretch.subject.of_rank(body, self.view.ranks().get(body)?))
            }
            _ => None,
        }
    }

    /// All subjects, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Subject> {
        self.range(0..self.len).map(|(_, subject)| subject)
    }

    /// The subjects with these numbers, in order.
    pub(crate) fn range(&self, numbers: Range<usize>) -> impl Iterator<Item = (usize, Subject)> {
        let before = self.stretches.partition_point(|stretch| stretch.first <= numbers.start).saturating_sub(1);
        let stretches = self.stretches.iter().skip(before).take_while(move |stretch| stretch.first < numbers.end);
        stretches.flat_map(move |stretch| {
            let (from, to) = (numbers.start.max(stretch.first), numbers.end.min(stretch.first + stretch.count));
            let begin = (from == stretch.first && from < to).then(|| stretch.subject.clone());
            let rest = stretch.subject.body().map_or(0..0, |body| {
                let of = |number: usize| body + (number - stretch.first);
                of(from.max(stretch.first + 1))..of(to.max(stretch.first + 1))
            });
            // Ranks are not read for the sake of nobody.
            let rest = Some(rest).filter(|rest| !rest.is_empty());
            let others = rest.into_iter().flat_map(|rest| rest.clone().zip(self.view.ranks().each(rest)));
            (from..to).zip(begin.into_iter().chain(others.map(|(body, rank)| stretch.subject.of_rank(body, rank))))
        })
    }

    /// All subjects in pieces, in order; cut where the level changes too where levels matter.
    pub(crate) fn pieces(&self, levels: bool) -> Box<dyn Iterator<Item = Piece> + '_> {
        let divided = self.stretches.iter().flat_map(|stretch| self.divided(stretch));
        if levels { Box::new(divided.flat_map(|piece| self.by_level(piece))) } else { Box::new(divided) }
    }

    fn divided<'a>(&'a self, stretch: &'a Stretch) -> impl Iterator<Item = Piece> + 'a {
        let several = stretch.subject.body().filter(|_| stretch.count > 1);
        let single = several.is_none().then(|| {
            let subjects = stretch.first..stretch.first + stretch.count;
            Piece { subjects, subject: stretch.subject.clone() }
        });
        let divided = several.map(|first| {
            self.view.ranks().divisions(first..first + stretch.count).flat_map(move |division| {
                let Range { start, end } = division.bodies.clone();
                let cut = start + usize::from(division.government);
                let piece = move |part: Range<usize>| {
                    let rank = self.view.ranks().inside(&division, part.start)?;
                    let number = |body: usize| stretch.first + (body - first);
                    let subject = stretch.subject.of_rank(part.start, rank);
                    Some(Piece { subjects: number(part.start)..number(part.end), subject })
                };
                [start..cut, cut..end].into_iter().filter(|part| !part.is_empty()).filter_map(piece)
            })
        });
        single.into_iter().chain(divided.into_iter().flatten())
    }

    fn by_level(&self, piece: Piece) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (number, subject) in self.range(piece.subjects) {
            match pieces.last_mut().filter(|last| last.subject.level == subject.level) {
                Some(last) => last.subjects.end = number + 1,
                None => pieces.push(Piece { subjects: number..number + 1, subject }),
            }
        }
        pieces
    }

    /// Adds bodies of the view that follow each other.
    pub(crate) fn add(&mut self, bodies: Range<usize>, years: Years) {
        let Some(rank) = self.view.ranks().get(bodies.start).filter(|_| !bodies.is_empty()) else { return };
        let mut subject = Subject::new(rank.code, Some(bodies.start), division::level_of(rank));
        subject.years = years;
        self.append(subject, bodies.len());
    }

    /// Adds a subject.
    pub(crate) fn push(&mut self, subject: Subject) {
        self.append(subject, 1);
    }

    fn append(&mut self, subject: Subject, count: usize) {
        let as_ranked = |body: usize, rank: Rank| {
            (rank.code, division::level_of(rank)) == (subject.code, subject.level) && subject.plain() == Some(body)
        };
        let follows = |last: &&mut Stretch| {
            let next = last.subject.plain().map(|first| first + last.count);
            let alike = (last.subject.years, last.subject.place) == (subject.years, subject.place);
            alike && next.is_some_and(|body| self.view.ranks().get(body).is_some_and(|rank| as_ranked(body, rank)))
        };
        match self.stretches.last_mut().filter(follows) {
            Some(last) => last.count += count,
            None => self.stretches.push(Stretch { first: self.len, count, subject }),
        }
        self.len += count;
    }

    /// Changes the list of subjects.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Vec<Subject>)) {
        let mut subjects: Vec<Subject> = self.iter().collect();
        change(&mut subjects);
        self.fill(subjects);
    }

    /// Puts other subjects in the place of all there are.
    pub(crate) fn fill(&mut self, subjects: Vec<Subject>) {
        self.stretches.clear();
        self.len = 0;
        for subject in subjects {
            self.push(subject);
        }
        self.stretches.shrink_to_fit();
    }

    /// Whether anybody bears a code for which this holds.
    pub(crate) fn any_code(&self, holds: impl Fn(Code) -> bool) -> bool {
        self.pieces(false).any(|piece| holds(piece.subject.code))
    }

    /// Whether everybody is expected in all of these years.
    pub(crate) fn always(&self, years: Years) -> bool {
        self.stretches.iter().all(|stretch| stretch.subject.years == years)
    }
}
