//! Who a statement is about and in which rows: everything that does not depend on its figures. It is made once a
//! revision and kept beside the view, so that asking again costs nothing.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    super::{
        Missing,
        plan::{Dimension, Options, Plan, Whose},
    },
    runs::{Overlap, Run, runs},
    selection::Selection,
    spots::{Spots, is_place},
    whose::{Names, select},
};
use crate::{model::Year, store::View};

/// The bodies of a statement, their groups, and for each year its runs.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) selection: Selection,
    pub(crate) spots: Spots,
    /// By year of the plan.
    pub(crate) years: Vec<Vec<Run>>,
    /// The first report that would be added to one that contains it.
    pub(crate) overlap: Option<Overlap>,
}

/// What a ground depends on beside the view.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    whose: Whose,
    years: Vec<Year>,
    options: Options,
    places: Vec<Dimension>,
}

/// Grounds of one view, the newest last.
#[derive(Debug, Default)]
struct Grounds(Mutex<Vec<(Key, Arc<Ground>)>>);

/// Together the kept grounds have at most so many parts, of some hundred bytes each; the newest is always kept.
const MOST: usize = 300_000;

impl Ground {
    /// The ground of a plan, grouped by the dimensions of place among `by`.
    pub(crate) fn of(plan: &Plan, by: &[Dimension], view: &View) -> Arc<Self> {
        let places = by.iter().copied().filter(|&dimension| is_place(dimension)).collect();
        // Blanks are a matter of figures, not of bodies.
        let options = Options { blank_as_zero: false, ..plan.options };
        let key = Key { whose: plan.whose.clone(), years: plan.years.clone(), options, places };
        let Some(grounds) = view.kept::<Grounds>() else { return Arc::new(Self::new(plan, by, view)) };
        let kept = || grounds.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ground)) = kept().iter().find(|(known, _)| *known == key) {
            return Arc::clone(ground);
        }
        let made = Arc::new(Self::new(plan, by, view));
        let mut kept = kept();
        kept.push((key, Arc::clone(&made)));
        let size = |kept: &[(Key, Arc<Self>)]| kept.iter().map(|(_, one)| one.weight()).sum::<usize>();
        while kept.len() > 1 && size(&kept) > MOST {
            kept.remove(0);
        }
        made
    }

    fn new(plan: &Plan, by: &[Dimension], view: &View) -> Self {
        let selection = select(plan, view, true);
        let spots = Spots::new(plan, by, &selection);
        let (mut years, mut overlap) = (Vec::new(), None);
        for (at, &year) in plan.years.iter().enumerate() {
            match runs(at, year, &selection, &spots, view) {
                Ok(runs) => years.push(runs),
                Err(found) => {
                    overlap = Some(found);
                    break;
                }
            }
        }
        Self { selection, spots, years, overlap }
    }

    /// How many parts it has.
    fn weight(&self) -> usize {
        self.selection.weight() + self.years.iter().map(Vec::len).sum::<usize>()
    }

    /// The reports that are expected and not there, in order of years, then bodies, each once; named when they are
    /// looked at.
    pub(crate) fn missing(self: &Arc<Self>, plan: &Plan, view: &View) -> Missing {
        // A body of two places that are kept apart is expected in the rows of both, and missing once.
        let repeated = self.repeated(view).unwrap_or_default();
        let count = if repeated.is_empty() {
            self.years.iter().flatten().map(|run| run.absent() as usize).sum()
        } else {
            self.absent(&plan.years, view).filter(|(subject, _)| !repeated.contains(subject)).count()
        };
        let (ground, view, years) = (Arc::clone(self), view.clone(), plan.years.clone());
        Missing::later(count, move |most| {
            let mut names = Names::default();
            let once = ground.absent(&years, &view).filter(|(subject, _)| !repeated.contains(subject));
            let all = once
                .filter_map(|(subject, year)| Some((ground.selection.get(subject)?.named(&view, &mut names), year)));
            all.take(most).collect()
        })
    }

    /// The numbers in the selection of those who have no report, with the year, in order of years.
    fn absent<'a>(&'a self, years: &'a [Year], view: &'a View) -> impl Iterator<Item = (usize, Year)> {
        let runs = years.iter().zip(&self.years).flat_map(|(&year, runs)| runs.iter().map(move |run| (run, year)));
        runs.flat_map(|(run, year)| run.without(year, view).into_iter().map(move |subject| (subject, year)))
    }

    /// How many reports are looked at, each once; nothing where bodies are repeated.
    pub(crate) fn reports(&self, view: &View) -> Option<u64> {
        let each = || self.years.iter().flatten().map(|run| u64::from(run.reports)).sum();
        self.repeated(view).is_none().then(each)
    }

    /// The bodies that an earlier place of the list has already; nothing where places are not kept apart.
    fn repeated(&self, view: &View) -> Option<BTreeSet<usize>> {
        let all = &self.selection;
        all.get(all.len().checked_sub(1)?).filter(|last| last.place > 0)?;
        let mut known = BTreeSet::new();
        Some(all.range(0..all.len()).filter(|(_, subject)| !known.insert(subject.id(view))).map(|(at, _)| at).collect())
    }
}
