//! Which rows a body belongs to: its province, prefecture, county, tier, itself.

use std::collections::BTreeMap;

use super::{
    super::{
        Bilingual, Field,
        plan::{Dimension, Plan},
    },
    division,
    whose::{Names, Selection, Subject},
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
    /// The group of each subject; likewise, and where there is only one group.
    of: Vec<u32>,
    each: Option<usize>,
    /// Dimensions of place, in the order written.
    dimensions: Vec<Dimension>,
    apart: bool,
}

impl Spots {
    pub(crate) fn new(plan: &Plan, by: &[Dimension], selection: &Selection) -> Self {
        let dimensions: Vec<Dimension> = by.iter().copied().filter(|&dimension| is_place(dimension)).collect();
        // A list grouped by body tells the places apart already.
        let each = dimensions.contains(&Dimension::Body).then_some(selection.subjects.len());
        let apart = plan.whose.apart && each.is_none();
        let mut spots = Self { all: Vec::new(), of: Vec::new(), each, dimensions, apart };
        if each.is_some() {
            return spots;
        }
        let bodies = selection.subjects.len();
        if spots.dimensions.is_empty() && !apart && bodies > 0 {
            spots.all.push(Spot { order: Vec::new(), subject: 0, last: bodies - 1, bodies });
            return spots;
        }
        spots.of.reserve_exact(bodies);
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut key = Vec::new();
        for (number, subject) in selection.subjects.iter().enumerate() {
            spots.key(number, subject, &mut key);
            // Bodies come in path order, so the group is nearly always the last one again.
            let last = spots.of.last().map(|&last| last as usize);
            let last = last.filter(|&last| spots.all.get(last).is_some_and(|spot| spot.order == key));
            let at = last.or_else(|| known.get(&key).copied()).unwrap_or_else(|| {
                let at = spots.all.len();
                spots.all.push(Spot { order: key.clone(), subject: number, last: number, bodies: 0 });
                known.insert(key.clone(), at);
                at
            });
            if let Some(spot) = spots.all.get_mut(at) {
                spot.bodies += 1;
                spot.last = number;
            }
            spots.of.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        spots
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
        if self.each() { subject } else { self.of.get(subject).map_or(0, |&spot| spot as usize) }
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
        Some((known.subject..=known.last).filter(|&subject| self.of(subject) == spot).collect())
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
            return selection.subjects.get(spot).map_or(0, |subject| of_subject(spot, subject, dimension));
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
        let Some(subject) = first.and_then(|first| selection.subjects.get(first)) else { return Field::None };
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
