//! Which rows a body belongs to: its province, prefecture, county, tier, itself.

use std::collections::BTreeMap;

use super::{
    super::{
        Bilingual, Field,
        plan::{Dimension, Plan},
    },
    division,
    selection::Selection,
    whose::{Names, Subject},
};
use crate::store::View;

/// One group of bodies.
#[derive(Debug)]
struct Spot {
    /// One ordinal a dimension of place, in the order of [`Spots::dimensions`]; for apart places one more, last.
    order: Vec<u64>,
    /// The first body of the group; names are made from it when a row is shown.
    subject: usize,
    last: usize,
    /// How many bodies.
    bodies: usize,
}

/// The groups of a selection, and which each body is in.
#[derive(Debug)]
pub(crate) struct Spots {
    /// Nothing where each body is a group of its own: then groups are numbered as bodies are.
    all: Vec<Spot>,
    /// From which subject on which group holds; likewise.
    of: Vec<(usize, usize)>,
    each: Option<usize>,
    /// Dimensions of place, in the order written.
    dimensions: Vec<Dimension>,
    apart: bool,
}

impl Spots {
    pub(crate) fn new(plan: &Plan, by: &[Dimension], selection: &Selection) -> Self {
        let dimensions: Vec<Dimension> = by.iter().copied().filter(|&dimension| is_place(dimension)).collect();
        // A list grouped by body tells the places apart already.
        let each = dimensions.contains(&Dimension::Body).then_some(selection.len());
        let apart = plan.whose.apart && each.is_none();
        let mut spots = Self { all: Vec::new(), of: Vec::new(), each, dimensions, apart };
        if each.is_some() {
            return spots;
        }
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut key = Vec::new();
        for piece in selection.pieces(spots.by_level()) {
            let (first, last) = (piece.subjects.start, piece.subjects.end - 1);
            spots.key(first, &piece.subject, &mut key);
            // Bodies come in path order, so the group is nearly always the last one again.
            let before = spots.of.last().map(|&(_, last)| last);
            let again = before.filter(|&last| spots.all.get(last).is_some_and(|spot| spot.order == key));
            let at = again.or_else(|| known.get(&key).copied()).unwrap_or_else(|| {
                let at = spots.all.len();
                spots.all.push(Spot { order: key.clone(), subject: first, last, bodies: 0 });
                known.insert(key.clone(), at);
                at
            });
            if let Some(spot) = spots.all.get_mut(at) {
                spot.bodies += piece.subjects.len();
                spot.last = last;
            }
            if before != Some(at) {
                spots.of.push((first, at));
            }
        }
        spots.of.shrink_to_fit();
        spots
    }

    /// Whether bodies of one division can be in several groups.
    pub(crate) fn by_level(&self) -> bool {
        !self.each() && self.dimensions.contains(&Dimension::Level)
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.each.unwrap_or(self.all.len())
    }

    /// Whether each body is a group of its own.
    pub(crate) fn each(&self) -> bool {
        self.each.is_some()
    }

    /// The group of a subject.
    #[inline]
    pub(crate) fn of(&self, subject: usize) -> usize {
        if self.each() {
            return subject;
        }
        let after = self.of.partition_point(|&(first, _)| first <= subject);
        after.checked_sub(1).and_then(|at| self.of.get(at)).map_or(0, |&(_, spot)| spot)
    }

    /// Whether a group has one body only.
    #[inline]
    pub(crate) fn is_lone(&self, spot: usize) -> bool {
        self.each() || self.all.get(spot).is_some_and(|spot| spot.bodies == 1)
    }

    /// The subjects of a group; nothing where there are more than `most`.
    pub(crate) fn subjects(&self, spot: usize, most: usize) -> Option<Vec<usize>> {
        if self.each() {
            return Some(vec![spot]);
        }
        let known = self.all.get(spot).filter(|spot| spot.bodies <= most)?;
        let begin = self.of.partition_point(|&(first, _)| first < known.subject);
        let ends = self.of.iter().skip(begin + 1).map(|&(first, _)| first).chain([known.last + 1]);
        let stretches = self.of.iter().skip(begin).zip(ends).take_while(|((first, _), _)| *first <= known.last);
        Some(stretches.filter(|((_, of), _)| *of == spot).flat_map(|(&(first, _), end)| first..end).collect())
    }

    fn key(&self, number: usize, subject: &Subject, key: &mut Vec<u64>) {
        key.clear();
        key.extend(self.dimensions.iter().map(|&dimension| of_subject(number, subject, dimension)));
        if self.apart {
            key.push(u64::from(subject.place));
        }
    }

    /// The ordinal of a group in one dimension of place.
    pub(crate) fn ordinal(&self, spot: usize, dimension: Dimension, selection: &Selection) -> u64 {
        if self.each() {
            return selection.get(spot).map_or(0, |subject| of_subject(spot, &subject, dimension));
        }
        let at = self.dimensions.iter().position(|&known| known == dimension);
        at.and_then(|at| self.all.get(spot)?.order.get(at)).copied().unwrap_or_default()
    }

    /// The place of the list a group belongs to, where places are kept apart.
    pub(crate) fn apart(&self, spot: usize) -> Option<u64> {
        let order = || self.all.get(spot)?.order.last().copied();
        self.apart.then(|| order().unwrap_or_default())
    }

    /// Whether each place of the list has rows of its own.
    pub(crate) fn is_apart(&self) -> bool {
        self.apart
    }

    /// What a group is called in one dimension of place.
    pub(crate) fn field(
        &self,
        spot: usize,
        dimension: Dimension,
        selection: &Selection,
        view: &View,
        names: &mut Names,
    ) -> Field {
        let first = if self.each() { Some(spot) } else { self.all.get(spot).map(|spot| spot.subject) };
        let Some(subject) = first.and_then(|first| selection.get(first)) else { return Field::None };
        let mut place = |code| Field::Place(names.of(&division::text(code), None));
        match dimension {
            Dimension::Province => place(division::province(subject.code)),
            Dimension::City => place(division::city(subject.code)),
            Dimension::County if !subject.is_government() => place(subject.code),
            Dimension::Level => Field::Item { id: subject.level.id().to_owned(), label: Bilingual::default() },
            _ => Field::Place(subject.named(view, names)),
        }
    }
}

/// Whether a dimension is one of place.
pub(crate) fn is_place(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Province | Dimension::City | Dimension::County | Dimension::Body | Dimension::Level)
}

/// The ordinal of a subject, alone in its group, in one dimension of place.
fn of_subject(number: usize, subject: &Subject, dimension: Dimension) -> u64 {
    match dimension {
        Dimension::Province => u64::from(division::province(subject.code)),
        Dimension::City => u64::from(division::city(subject.code)),
        Dimension::County => u64::from(subject.code),
        Dimension::Level => subject.level as u64,
        _ => u64::try_from(number).unwrap_or(u64::MAX),
    }
}
