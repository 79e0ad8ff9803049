//! A view for those who read very many reports: chunk by chunk, without names.

use std::{
    any::Any,
    ops::{Range, RangeInclusive},
    sync::Arc,
};

use super::{Meta, View};
use crate::{
    model::{Slot, Year},
    store::{
        block::Totals,
        column::{Chunk, Initials, Rank, column},
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

    /// What is known of a chunk's bodies without their names, in order.
    #[must_use]
    pub fn ranks(&self, chunk: usize) -> &[Rank] {
        self.0.chunks.get(chunk).and_then(|chunk| self.sound(chunk.ranks())).map_or(&[], |ranks| &ranks.all)
    }

    /// What the names of all bodies that are not governments begin with, segments of paths among them.
    #[must_use]
    pub fn initials(&self) -> Initials {
        let mut all = Initials::default();
        let chunks = self.0.chunks.iter().filter_map(|chunk| self.sound(chunk.ranks()));
        chunks.for_each(|ranks| all.join(&ranks.initials));
        all
    }

    /// The names of all governments, as their reports have them.
    pub fn governments(&self) -> impl Iterator<Item = &str> {
        let chunks = self.0.chunks.iter().filter_map(|chunk| self.sound(chunk.ranks()));
        chunks.flat_map(|ranks| ranks.governments.iter().map(String::as_str))
    }

    /// Calls `found` with number, path and name of every body, in path order; nothing is kept.
    pub fn names(&self, mut found: impl FnMut(usize, &str, &str)) {
        let mut number = 0;
        for chunk in &self.0.chunks {
            let each = |path: &str, name: &str| {
                found(number, path, name);
                number += 1;
            };
            self.sound(chunk.names(each));
        }
    }

    /// What is known of a body without its name.
    #[must_use]
    pub fn rank(&self, body: usize) -> Option<Rank> {
        let (chunk, at) = self.locate(body)?;
        self.ranks(chunk).get(at).copied()
    }

    /// The numbers of the bodies whose division code lies in a range, found without their names.
    #[must_use]
    pub fn coded(&self, codes: RangeInclusive<u32>) -> Range<usize> {
        let code = |chunk: &Chunk| chunk.first.get(..6).and_then(|code| code.parse().ok()).unwrap_or(0);
        let before = |wanted: &dyn Fn(u32) -> bool| {
            let Some(chunk) = self.0.chunks.partition_point(|chunk| wanted(code(chunk))).checked_sub(1) else {
                return 0;
            };
            self.chunk_bodies(chunk).start + self.ranks(chunk).partition_point(|rank| wanted(rank.code))
        };
        before(&|code| code < *codes.start())..before(&|code| code <= *codes.end())
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

    /// Something made from this view and kept as long as it is; made when it is first asked for. There is one such
    /// thing a view, and all clones of the view share it.
    #[must_use]
    pub fn kept<T: Any + Send + Sync + Default>(&self) -> Option<&T> {
        self.0.kept.get_or_init(|| Box::<T>::default()).downcast_ref()
    }
}
