//! The bodies whose figures a government's report should contain, and whether they are all there.

use super::{super::division, desk::Desk};
use crate::{
    check::{self, Sheet},
    model::{BodyId, BodyKind, Scope, Year},
    schema::Register,
    store::View,
};

/// The parts of a whole.
#[derive(Debug, Default)]
pub(super) struct Below {
    pub(super) parts: Vec<(BodyId, Sheet)>,
    /// Whether nobody who should be in the sum is missing from it. Only a register can tell.
    pub(super) complete: bool,
}

impl Below {
    /// The parts of a government in one year; of any other body none.
    pub(super) fn of(id: &BodyId, year: Year, desk: &mut Desk, view: &View, register: Option<&Register>) -> Self {
        if !id.is_government() {
            return Self::default();
        }
        let parts: Vec<(BodyId, Sheet)> = constituents(id, year, view, register)
            .into_iter()
            .filter_map(|part| {
                let mut sheet = Sheet::new();
                desk.fill(&mut sheet, view.find(part)?, year).then(|| (part.clone(), sheet))
            })
            .collect();
        let there = |part: &BodyId| parts.iter().any(|(known, _)| known == part);
        let complete = register.is_some_and(|register| {
            let mut own = register
                .entries()
                .filter(|entry| entry.body.kind != BodyKind::Vertical && goes_into(register, &entry.body.id, id))
                .peekable();
            own.peek().is_some()
                && own.all(|entry| there(&entry.body.id))
                && governments(id, year).all(|part| there(&part) && sums_its_area(view, &part, year))
        });
        Self { parts, complete }
    }
}

/// The bodies with a report of the year whose figures are parts of a government's.
pub(in super::super) fn constituents<'a>(
    id: &BodyId,
    year: Year,
    view: &'a View,
    register: Option<&Register>,
) -> Vec<&'a BodyId> {
    if !id.is_government() {
        return Vec::new();
    }
    let prefix = division::prefix(division::code(id));
    let bodies = view.present(year, view.range(&prefix)).filter_map(|body| view.body(body));
    let listed: Vec<(&BodyId, BodyKind)> = bodies
        .filter(|body| body.id.is_government() || register.is_none_or(|register| goes_into(register, &body.id, id)))
        .map(|body| (&body.id, body.kind))
        .collect();
    check::constituents(id, &listed)
}

/// Whether the register says that a body's figures are part of those of a government.
fn goes_into(register: &Register, body: &BodyId, government: &BodyId) -> bool {
    register.parent(body).as_ref() == Some(government)
}

/// The governments directly below that were there at the end of the year.
fn governments(id: &BodyId, year: Year) -> impl Iterator<Item = BodyId> {
    let code = division::code(id);
    division::divisions(division::under(code))
        .filter(move |&below| division::parent(below) == Some(code) && division::valid(below, year))
        .filter_map(|below| division::text(below).parse().ok())
}

fn sums_its_area(view: &View, id: &BodyId, year: Year) -> bool {
    view.find(id).and_then(|body| view.meta(body, year)).is_some_and(|meta| meta.scope != Scope::Own)
}
