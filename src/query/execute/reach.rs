//! What a statement reads, told without reading it: for those who want a plan explained.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    super::{
        Definition,
        plan::{Plan, Verb},
    },
    each,
    ground::Ground,
    labels, ready,
    setup::Setup,
};
use crate::{error::Result, model::Slot, store::View};

/// The way the figures of a statement are come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The sums in the heads of chunks where all cells of a column are alike, the cells elsewhere.
    Heads,
    /// Columns, body by body: the condition first, a row only where it holds.
    Bodies,
    /// Columns, report by report: a statistic or a condition looks at each.
    Reports,
    /// Columns, chunk by chunk; only reports in which something does not hold are opened.
    Checks,
    /// Who has a report, and no figure.
    Presence,
    /// The records of the reports themselves.
    Records,
}

impl Way {
    /// `heads`, `bodies`, `reports`, `checks`, `presence` or `records`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Heads => "heads",
            Self::Bodies => "bodies",
            Self::Reports => "reports",
            Self::Checks => "checks",
            Self::Presence => "presence",
            Self::Records => "records",
        }
    }
}

/// How far a statement reaches into the store. To tell it only the forms of reports are looked at, which say who reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reach {
    /// How the figures are come by.
    pub way: Way,
    /// What is computed, with its base.
    pub measures: Vec<Definition>,
    /// Bodies asked about.
    pub bodies: usize,
    /// Reports expected of them, all years together.
    pub expected: u64,
    /// Reports there are.
    pub reports: u64,
    /// Columns: a cell of the form in one year.
    pub columns: usize,
    /// Pieces of columns, each of one chunk of bodies: the keys that are looked up.
    pub keys: usize,
    /// Bytes of those pieces; where their heads do, less is read.
    pub bytes: u64,
}

/// How far a plan reaches into a view.
///
/// # Errors
/// As [`super::execute`], for a plan that would count something twice.
pub fn reach(plan: &Plan, view: &View) -> Result<Reach> {
    let (way, measures, ground, slots) = match &plan.verb {
        Verb::Ask(ask) => {
            let (by, terms) = ready(plan, ask)?;
            let setup = Setup::new(plan, ask, by, &terms, view)?;
            let statistics = setup.terms.all.iter().any(|term| term.statistic.is_some());
            let way = match (each::fits(&setup), statistics) {
                (true, _) => Way::Bodies,
                (false, true) => Way::Reports,
                (false, false) => Way::Heads,
            };
            let measures = terms.iter().map(labels::definition).collect();
            (way, measures, setup.ground.clone(), setup.slots.0.clone())
        }
        verb => {
            let way = match verb {
                Verb::Check(_) | Verb::WhyRule(_) => Way::Checks,
                Verb::Missing => Way::Presence,
                _ => Way::Records,
            };
            (way, Vec::new(), Ground::of(plan, &plan.by, view), Vec::new())
        }
    };
    let runs = || ground.years.iter().flatten();
    let (keys, bytes) = weight(plan, view, &ground, &slots);
    view.health()?;
    Ok(Reach {
        way,
        measures,
        bodies: ground.selection.len(),
        expected: runs().map(|run| run.len() as u64).sum(),
        reports: runs().map(|run| u64::from(run.reports)).sum(),
        columns: slots.len() * plan.years.len(),
        keys,
        bytes,
    })
}

/// Pieces of columns and their bytes; a chunk is counted once a year, however many runs are in it.
fn weight(plan: &Plan, view: &View, ground: &Ground, slots: &[Slot]) -> (usize, u64) {
    let mut weight = (0, 0);
    for (&year, runs) in plan.years.iter().zip(&ground.years) {
        let chunks: BTreeSet<usize> = runs.iter().filter_map(super::runs::Run::chunk).collect();
        for chunk in chunks {
            for &slot in slots {
                let bytes = view.cost(slot, year, view.chunk_bodies(chunk));
                weight.0 += usize::from(bytes > 0);
                weight.1 += bytes;
            }
        }
    }
    weight
}
