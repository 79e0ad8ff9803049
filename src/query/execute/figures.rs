//! What a measure gives for every report of a chunk, added up straight from the columns.

use std::cell::OnceCell;

use super::{
    calc::{Calc, Pair},
    columns::Columns,
    gather::{Reader, Reading, alike},
    program::{Fill, Program},
    setup::At,
};
use crate::model::State;

/// The figures of a chunk's reports, which are all in one state.
#[derive(Debug)]
pub(crate) struct Figures {
    /// What is the same for all.
    alike: Pair,
    /// By body of the chunk; without meaning where there is no report, and empty where there are no values.
    pub(crate) above: Vec<i64>,
    /// Likewise; nothing where there is no base.
    pub(crate) below: Option<Vec<i64>>,
}

impl Figures {
    /// Nothing where reports differ in their states, or where it is not only printed numbers that are added.
    fn of(calc: &Calc, chunk: usize, fill: Fill, columns: &mut Columns) -> Option<Self> {
        if fill.blanks || calc.residents().is_some() {
            return None;
        }
        let alike = alike(calc, fill, &mut |slot| columns.alike(slot, chunk).map(|mark| (mark, 0)))?;
        if alike.state != State::Value {
            return Some(Self { alike, above: Vec::new(), below: None });
        }
        if alike.proved {
            return None;
        }
        let mut sums = |program: &Program| {
            let parts =
                program.counted(&mut |slot| columns.alike(slot, chunk).map_or_else(Default::default, |mark| (mark, 0)));
            columns.add(&parts, chunk)
        };
        let above = sums(&calc.above)?;
        let below = calc.base().map(|base| sums(base).ok_or(())).transpose().ok()?;
        Some(Self { alike, above, below })
    }

    /// Whether all reports give numbers.
    pub(crate) fn are_values(&self) -> bool {
        self.alike.state == State::Value
    }

    /// The figures of a report, by the place of its body in the chunk.
    pub(crate) fn at(&self, at: usize) -> Pair {
        let wide = |sums: &Vec<i64>, plain| sums.get(at).map_or(plain, |&sum| i128::from(sum));
        let below = self.below.as_ref().map_or(self.alike.below, |below| wide(below, 0));
        Pair { above: wide(&self.above, 0), below, ..self.alike }
    }
}

/// The figures of one chunk in every measure of a row, each added up when it is first asked for.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) place: At,
    chunk: usize,
    /// Number of the chunk's first body.
    pub(crate) first: usize,
    /// By term.
    known: Vec<OnceCell<Option<Figures>>>,
}

impl Sheet {
    pub(crate) fn new(place: At, chunk: usize, reader: &Reader) -> Self {
        let known = reader.setup.terms.all.iter().map(|_| OnceCell::new()).collect();
        Self { place, chunk, first: reader.view.chunk_bodies(chunk).start, known }
    }

    /// The figures of a term; nothing where reports must be met one by one for them.
    pub(crate) fn of(&self, term: usize, reader: &Reader, reading: &mut Reading) -> Option<&Figures> {
        let (chunk, place) = (self.chunk, self.place);
        let of = || {
            let calc = reader.setup.calc(term, place)?;
            let by_report = reader.setup.terms.all.get(term)?.is_by_report();
            if by_report { None } else { Figures::of(calc, chunk, reader.fill, &mut reading.now) }
        };
        self.known.get(term)?.get_or_init(of).as_ref()
    }

    /// The figures of every term; nothing where one has none.
    pub(crate) fn all(&self, reader: &Reader, reading: &mut Reading) -> Option<Vec<&Figures>> {
        (0..self.known.len()).map(|term| self.of(term, reader, reading)).collect()
    }
}
