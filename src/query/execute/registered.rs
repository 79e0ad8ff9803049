//! Bodies that a register expects, whether the store has met them or not.

use std::collections::BTreeSet;

use super::{
    super::plan::{Place, Plan},
    division,
    selection::Selection,
    whose::{Subject, bit, single},
};
use crate::{
    model::BodyId,
    schema::{Register, RegisterEntry},
    store::View,
};

impl Selection {
    /// Adds the bodies of a register that the plan speaks of; a body is expected in every year, a government in those
    /// in which its division was there.
    pub(crate) fn expect_registered(&mut self, plan: &Plan, view: &View, register: &Register) {
        let asked = |entry: &&RegisterEntry| {
            let places = &plan.whose.places;
            let level = division::level(&entry.body);
            plan.whose.level.is_none_or(|wanted| wanted == level)
                && (places.is_empty() || places.iter().any(|place| within(place, &entry.body.id, register)))
        };
        let mut subjects: Vec<Subject> = self.iter().collect();
        let mut known: BTreeSet<String> = subjects.iter().map(|subject| subject.id(view)).collect();
        let all = (0..plan.years.len()).fold(0, |all, at| all | bit(at));
        for entry in register.entries().filter(asked) {
            let mut subject = single(view, &entry.body.id);
            if !known.insert(subject.id(view)) {
                continue;
            }
            if entry.body.id.is_government() {
                subject.expect(view, &plan.years, true);
            } else {
                (subject.level, subject.years) = (division::level(&entry.body), all);
            }
            subjects.push(subject);
        }
        subjects.sort_by_cached_key(|subject| (subject.place, subject.id(view)));
        self.fill(subjects);
    }
}

fn within(place: &Place, id: &BodyId, register: &Register) -> bool {
    match place {
        Place::Body(one) => id == one,
        Place::Children(head) => register.parent(id).as_ref() == Some(head),
        Place::Below(head) if head.is_government() => {
            id != head && id.as_str().starts_with(&division::prefix(division::code(head)))
        }
        Place::Below(head) => id.as_str().strip_prefix(head.as_str()).is_some_and(|rest| rest.starts_with('/')),
    }
}
