//! Who has a report in a year and in which form, looked up body by body or stretch by stretch, in order.

use std::{ops::Range, sync::Arc};

use crate::{
    model::{Scope, Year},
    store::{Meta, View},
};

/// The codes of the forms of a year's reports; 0 where there is none.
pub(crate) struct Forms<'a> {
    view: &'a View,
    year: Year,
    scopes: [Option<Scope>; 256],
    /// The chunk looked at last, and its bodies.
    chunk: usize,
    bodies: Range<usize>,
    codes: Option<Arc<[u8]>>,
}

/// Some bodies of one chunk.
pub(crate) struct Part {
    pub(crate) chunk: usize,
    pub(crate) bodies: Range<usize>,
    /// Of the chunk, where it has a report of the year; which of them are those of the bodies.
    all: Option<Arc<[u8]>>,
    inside: Range<usize>,
}

impl Part {
    /// The codes of the forms, body by body; empty where none has a report.
    pub(crate) fn codes(&self) -> &[u8] {
        self.all.as_ref().and_then(|all| all.get(self.inside.clone())).unwrap_or_default()
    }
}

impl<'a> Forms<'a> {
    pub(crate) fn new(view: &'a View, year: Year) -> Self {
        let scopes = std::array::from_fn(|code| Meta::of(u8::try_from(code).unwrap_or(0)).map(|meta| meta.scope));
        Self { view, year, scopes, chunk: usize::MAX, bodies: 0..0, codes: None }
    }

    /// Whose figures a report gives, by the code of its form; nothing where there is none.
    pub(crate) fn scope(&self, code: u8) -> Option<Scope> {
        self.scopes.get(usize::from(code)).copied().flatten()
    }

    /// Whose figures the report of a body gives; nothing where it has none.
    pub(crate) fn scope_of(&mut self, body: usize) -> Option<Scope> {
        self.turn(body);
        let code = self.codes.as_ref().and_then(|codes| codes.get(body.checked_sub(self.bodies.start)?));
        self.scope(code.copied()?)
    }

    /// The first of some bodies that lie in one chunk; the others follow.
    pub(crate) fn first(&mut self, bodies: Range<usize>) -> Part {
        self.turn(bodies.start);
        let start = bodies.start;
        // A body that is in no chunk is alone, so that there is an end.
        let bodies = start..bodies.end.min(self.bodies.end).max(start + 1);
        let from = start.saturating_sub(self.bodies.start);
        Part { chunk: self.chunk, inside: from..from + bodies.len(), bodies, all: self.codes.clone() }
    }

    /// Whether any of some bodies has a report.
    pub(crate) fn any(&mut self, mut bodies: Range<usize>) -> bool {
        while !bodies.is_empty() {
            let first = self.first(bodies.clone());
            bodies.start = first.bodies.end;
            if first.codes().iter().any(|&code| self.scope(code).is_some()) {
                return true;
            }
        }
        false
    }

    /// How many of the codes are those of reports, and the code that all of these have; 0 where they differ.
    pub(crate) fn count(&self, codes: &[u8]) -> (u32, u8) {
        let short = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let first = codes.iter().copied().find(|&code| code != 0).unwrap_or(0);
        // Without a branch and in bytes, which is sixteen of them at once.
        let (mut none, mut other) = (0, 0);
        for some in codes.chunks(usize::from(u8::MAX)) {
            let zeros = some.iter().fold(0_u8, |zeros, &code| zeros.wrapping_add(u8::from(code == 0)));
            none += usize::from(zeros);
            other |= some.iter().fold(0, |other, &code| other | u8::from(code != 0 && code != first));
        }
        if other == 0 && self.scope(first).is_some() {
            return (short(codes.len() - none), first);
        }
        let there: Vec<u8> = codes.iter().copied().filter(|&code| self.scope(code).is_some()).collect();
        let first = there.first().copied().unwrap_or(0);
        (short(there.len()), if there.iter().all(|&code| code == first) { first } else { 0 })
    }

    fn turn(&mut self, body: usize) {
        if !self.bodies.contains(&body) {
            self.chunk = self.view.chunk_of(body).unwrap_or_else(|| self.view.chunks());
            (self.bodies, self.codes) = (self.view.chunk_bodies(self.chunk), self.view.forms(self.chunk, self.year));
        }
    }
}
