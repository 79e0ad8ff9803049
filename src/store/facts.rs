//! Every cell of a view, one after another.

use super::View;
use crate::model::{Fact, ReportKey};

impl View {
    /// Every cell that the reports print, by year, then slot, then body. The iterator keeps the view it walks over.
    ///
    /// A cell that a report's form does not have, and a report that is not there, yield nothing: what is missing is
    /// told by [`View::meta`].
    pub fn facts(&self) -> impl Iterator<Item = Fact> + use<> {
        let view = self.clone();
        let columns = view.years().into_iter().flat_map(move |year| {
            let slots = view.slots(year).into_iter();
            slots.map(move |slot| (year, slot)).collect::<Vec<_>>()
        });
        let view = self.clone();
        columns.flat_map(move |(year, slot)| {
            let fact = |(number, reading)| {
                let key = ReportKey { body: view.body(number)?.id.clone(), year };
                Some(Fact { key, slot, reading })
            };
            view.scan(slot, year, 0..view.body_count()).filter_map(fact).collect::<Vec<_>>()
        })
    }
}
