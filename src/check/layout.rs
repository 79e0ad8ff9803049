//! Where each slot stands in a [`super::Sheet`]: the catalogue flattened once, so that rules run on indices.

use std::sync::OnceLock;

use crate::{
    model::{Applicant, CategoryCode, Slot, Table, Template},
    schema::{Kind, ValueType, catalogue},
};

/// No slot.
const NONE: u16 = u16::MAX;

/// Index of a slot in a sheet.
pub(super) type At = u16;

/// The catalogue as a flat list of slots.
pub(super) struct Layout {
    /// First index of a category, by code.
    first: Vec<At>,
    /// Every slot, in catalogue order.
    pub(super) slots: Vec<Entry>,
}

/// What is known of a slot.
pub(super) struct Entry {
    /// The slot.
    pub(super) slot: Slot,
    /// Its table.
    pub(super) table: Table,
    /// Whether the 2019 and the 2021 form print it.
    pub(super) printed: [bool; 2],
    /// Whether the 2019 and the 2021 form have it, printed or as the sum of its parts.
    pub(super) in_form: [bool; 2],
    /// What a cell holds.
    pub(super) value_type: ValueType,
    /// What adds up to it where it is a heading.
    pub(super) parts: Vec<At>,
}

impl Layout {
    /// The index of a slot of tables 2 to 4.
    pub(super) fn at(&self, slot: Slot) -> Option<At> {
        let first = *self.first.get(usize::from(slot.category.0)).filter(|&&first| first != NONE)?;
        let at = first + slot.applicant.map_or(0, |applicant| At::from(applicant.code()) - 1);
        self.slots.get(usize::from(at)).filter(|entry| entry.slot == slot).map(|_| at)
    }

    /// What is known of the slot at an index.
    pub(super) fn entry(&self, at: At) -> Option<&Entry> {
        self.slots.get(usize::from(at))
    }

    /// The index of a category in a column of table 3, or of its only slot elsewhere.
    pub(super) fn of(&self, category: CategoryCode, applicant: Applicant) -> Option<At> {
        self.at(Slot::of(category, applicant)).or_else(|| self.at(Slot::plain(category)))
    }
}

/// The index of a form in [`Entry::in_form`].
pub(super) fn form(template: Template) -> usize {
    match template {
        Template::Form2019 => 0,
        Template::Form2021 => 1,
    }
}

/// The layout of the embedded catalogue.
pub(super) fn layout() -> &'static Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(build)
}

fn build() -> Layout {
    let catalogue = catalogue();
    let codes = catalogue.all().iter().map(|category| usize::from(category.code.0) + 1).max().unwrap_or(0);
    let mut layout = Layout { first: vec![NONE; codes], slots: Vec::new() };
    for category in catalogue.all() {
        let Some(table) = category.table else { continue };
        let printed = [Template::Form2019, Template::Form2021].map(|template| category.printed_in(template));
        let in_form = printed.map(|printed| {
            printed || matches!(category.kind, Kind::Group | Kind::Mixed) && category.value_type != ValueType::None
        });
        if let Some(first) = layout.first.get_mut(usize::from(category.code.0)) {
            *first = At::try_from(layout.slots.len()).unwrap_or(NONE);
        }
        layout.slots.extend(category.slots().map(|slot| Entry {
            slot,
            table,
            printed,
            in_form,
            value_type: category.value_type,
            parts: Vec::new(),
        }));
    }
    for rollup in catalogue.rollups.iter().filter(|rollup| !rollup.printed) {
        for applicant in Applicant::ALL {
            let parts = rollup.parts.iter().filter_map(|&part| layout.of(part, applicant)).collect();
            if let Some(at) = layout.of(rollup.target, applicant)
                && let Some(entry) = layout.slots.get_mut(usize::from(at))
            {
                entry.parts = parts;
            }
        }
    }
    layout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_its_index() {
        let layout = layout();
        for (at, entry) in layout.slots.iter().enumerate() {
            assert_eq!(layout.at(entry.slot), Some(At::try_from(at).unwrap()));
        }
        let granted = catalogue().by_id("outcome.granted").unwrap().code;
        assert_eq!(layout.at(Slot::plain(granted)), None, "table 3 has no slot without an applicant");
        assert_eq!(layout.at(Slot::plain(CategoryCode(9999))), None);
    }

    #[test]
    fn headings_know_their_parts() {
        let layout = layout();
        let parts = |id| {
            let at = layout.of(catalogue().by_id(id).unwrap().code, Applicant::Total).unwrap();
            layout.entry(at).unwrap().parts.len()
        };
        assert_eq!([parts("outcome.refused"), parts("outcome.unavailable")], [8, 3]);
        assert_eq!([parts("outcome.not_processed"), parts("outcome.other"), parts("outcome.total")], [5, 3, 0]);
    }
}
