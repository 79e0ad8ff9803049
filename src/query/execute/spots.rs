//! Which rows a body belongs to: its province, prefecture, county, tier, itself.

use std::collections::BTreeMap;

use super::{
    super::{
        Bilingual, Field, PlaceName,
        plan::{Dimension, Plan},
    },
    division,
    whose::{Selection, Subject, named},
};
use crate::store::View;

/// One group of bodies.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// One ordinal a dimension of place, in the order of [`Spots::dimensions`]; for apart places one more, last.
    pub(crate) order: Vec<u64>,
    /// The first body of the group; names are made from it when a row is shown.
    subject: usize,
    /// How many bodies.
    pub(crate) bodies: usize,
}

/// The groups of a selection, and which each body is in.
#[derive(Debug)]
pub(crate) struct Spots {
    pub(crate) all: Vec<Spot>,
    /// The group of each subject.
    pub(crate) of: Vec<usize>,
    /// Dimensions of place, in the order written.
    dimensions: Vec<Dimension>,
    apart: bool,
}

impl Spots {
    pub(crate) fn new(plan: &Plan, by: &[Dimension], selection: &Selection) -> Self {
        let dimensions: Vec<Dimension> = by.iter().copied().filter(|&dimension| is_place(dimension)).collect();
        // A list grouped by body tells the places apart already.
        let apart = plan.whose.apart && !dimensions.contains(&Dimension::Body);
        let mut spots = Self { all: Vec::new(), of: Vec::with_capacity(selection.subjects.len()), dimensions, apart };
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut key = Vec::new();
        for (number, subject) in selection.subjects.iter().enumerate() {
            spots.key(number, subject, &mut key);
            // Bodies come in path order, so the group is nearly always the last one again.
            let last = spots.all.last().is_some_and(|spot| spot.order == key).then(|| spots.all.len() - 1);
            let at = last.or_else(|| known.get(&key).copied()).unwrap_or_else(|| {
                let at = spots.all.len();
                spots.all.push(Spot { order: key.clone(), subject: number, bodies: 0 });
                if !spots.dimensions.contains(&Dimension::Body) {
                    known.insert(key.clone(), at);
                }
                at
            });
            if let Some(spot) = spots.all.get_mut(at) {
                spot.bodies += 1;
            }
            spots.of.push(at);
        }
        spots
    }

    fn key(&self, number: usize, subject: &Subject, key: &mut Vec<u64>) {
        key.clear();
        key.extend(self.dimensions.iter().map(|dimension| match dimension {
            Dimension::Province => u64::from(division::province(subject.code)),
            Dimension::City => u64::from(division::city(subject.code)),
            Dimension::County => u64::from(subject.code),
            Dimension::Level => subject.level as u64,
            _ => u64::try_from(number).unwrap_or(u64::MAX),
        }));
        if self.apart {
            key.push(u64::try_from(subject.place).unwrap_or(u64::MAX));
        }
    }

    /// The ordinal of a group in one dimension of place.
    pub(crate) fn ordinal(&self, spot: &Spot, dimension: Dimension) -> u64 {
        let at = self.dimensions.iter().position(|&known| known == dimension);
        at.and_then(|at| spot.order.get(at)).copied().unwrap_or_default()
    }

    /// The place of the list a group belongs to, where places are kept apart.
    pub(crate) fn apart(&self, spot: &Spot) -> Option<u64> {
        self.apart.then(|| spot.order.last().copied().unwrap_or_default())
    }

    /// Whether each place of the list has rows of its own.
    pub(crate) fn is_apart(&self) -> bool {
        self.apart
    }

    /// What a group is called in one dimension of place.
    pub(crate) fn field(spot: &Spot, dimension: Dimension, selection: &Selection, view: &View) -> Field {
        let Some(subject) = selection.subjects.get(spot.subject) else { return Field::None };
        match dimension {
            Dimension::Province => Field::Place(place(division::province(subject.code))),
            Dimension::City => Field::Place(place(division::city(subject.code))),
            Dimension::County if !subject.is_government() => Field::Place(place(subject.code)),
            Dimension::Level => Field::Item { id: subject.level.id().to_owned(), label: Bilingual::default() },
            _ => Field::Place(subject.place_name(view)),
        }
    }
}

/// Whether a dimension is one of place.
pub(crate) fn is_place(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Province | Dimension::City | Dimension::County | Dimension::Body | Dimension::Level)
}

fn place(code: division::Code) -> PlaceName {
    named(&division::text(code), None)
}
