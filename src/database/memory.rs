//! Reports that live as long as the program: what `query --from FILES` asks.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    model::{Report, ReportKey},
    store::{Put, View},
};

/// Reports in memory, with the view over them once somebody asked for it.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    reports: BTreeMap<ReportKey, Report>,
    puts: u64,
    view: Option<View>,
}

impl Memory {
    /// Keeps a report, as [`crate::store::Store::put`] would.
    pub fn put(&self, report: &Report) -> Put {
        let mut kept = self.kept();
        let key = report.key();
        let put = match kept.reports.get(&key) {
            Some(other) if other.origin.sha256 == report.origin.sha256 => return Put::Unchanged,
            Some(_) => Put::Replaced,
            None => Put::Added,
        };
        kept.reports.insert(key, report.clone());
        kept.puts += 1;
        kept.view = None;
        put
    }

    /// The reports as they stand now.
    pub fn view(&self) -> View {
        let mut kept = self.kept();
        if let Some(view) = &kept.view {
            return view.clone();
        }
        let view = View::of(kept.puts, kept.reports.values().cloned());
        kept.view = Some(view.clone());
        view
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
