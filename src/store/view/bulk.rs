//! A view for those who read very many reports: chunk by chunk, without names.

use std::{any::Any, ops::Range, sync::Arc};

use super::{Meta, View};
use crate::{
    error::{Error, ErrorKind},
    model::{Slot, Year},
    store::{
        block::Totals,
        bodies::{self, Rank, Ranks, Words},
        column::column,
        record::form_of,
    },
};

impl Meta {
    /// What the code of a report's form says (see [`View::forms`]); nothing for no report.
    #[must_use]
    pub fn of(code: u8) -> Option<Self> {
        form_of(code).map(|(scope, templates)| Self { templates, scope })
    }
}

impl View {
    /// How many chunks there are: consecutive bodies whose columns lie together. None spans two provinces.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.0.chunks.len()
    }

    /// The numbers of a chunk's bodies.
    #[must_use]
    pub fn chunk_bodies(&self, chunk: usize) -> Range<usize> {
        let at = |chunk: usize| self.0.starts.get(chunk).copied().unwrap_or_else(|| self.body_count());
        at(chunk)..at(chunk + 1)
    }

    /// The chunk of a body.
    #[must_use]
    pub fn chunk_of(&self, body: usize) -> Option<usize> {
        self.locate(body).map(|(chunk, _)| chunk)
    }

    /// What is known of all bodies without their names.
    pub(crate) fn ranks(&self) -> &Ranks {
        let made = || {
            let ranks = match &self.0.ready {
                Some(ready) => ready.ranks(),
                None => bodies::ranks(&self.0.chunks),
            };
            let fits = |ranks: Ranks| {
                let fits = ranks.len() == self.body_count();
                if fits { Ok(ranks) } else { Err(Error::new(ErrorKind::Damaged, "store.dictionary_order")) }
            };
            self.sound(ranks.and_then(fits)).unwrap_or_default()
        };
        self.0.ranks.get_or_init(made)
    }

    /// Which bodies bear a word as their name or as a segment of their path; words of digits alone are left out.
    #[must_use]
    pub fn words(&self) -> &Words {
        self.0.words.get_or_init(|| {
            let words = match &self.0.ready {
                Some(ready) => ready.words(),
                None => bodies::words(&self.0.chunks),
            };
            self.sound(words).unwrap_or_default()
        })
    }

    /// What is known of a body without its name.
    #[must_use]
    pub fn rank(&self, body: usize) -> Option<Rank> {
        self.ranks().get(body)
    }

    /// Scope and forms of a chunk's reports for a year, in the order of its bodies: 0 where there is no report, else
    /// a code for [`Meta::of`]. Nothing where the chunk has no report of the year.
    #[must_use]
    pub fn forms(&self, chunk: usize, year: Year) -> Option<Arc<[u8]>> {
        self.sound(self.0.chunks.get(chunk)?.forms(year.number()))?
    }

    /// Sum and states of a slot and year over a whole chunk, as its head has them; nothing where the head cannot say.
    #[must_use]
    pub fn head(&self, chunk: usize, slot: Slot, year: Year) -> Option<Totals> {
        self.sound(self.0.chunks.get(chunk)?.totals((column(slot), year.number())))?
    }

    /// Adds `factor` times the numbers of a slot and year to `sums`, one for each body of the chunk; what stands there for
    /// a body without a report has no meaning. Nothing where a number has more than 40 bits or a column is damaged:
    /// then the sums are of no use. Up to 256 columns with factors of 8 bits can be added up.
    #[must_use]
    pub fn add(&self, chunk: usize, slot: Slot, year: Year, factor: i64, sums: &mut [i64]) -> Option<()> {
        let added = self.0.chunks.get(chunk)?.add((column(slot), year.number()), factor, sums);
        self.sound(added).filter(|&added| added).map(|_| ())
    }

    /// Something made from this view and kept as long as it is; made when it is first asked for. There is one such
    /// thing a view, and all clones of the view share it.
    #[must_use]
    pub fn kept<T: Any + Send + Sync + Default>(&self) -> Option<&T> {
        self.0.kept.get_or_init(|| Box::<T>::default()).downcast_ref()
    }
}
