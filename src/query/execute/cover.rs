//! The cover of a year: the reports that no aggregate report of the same year contains, and bodies expected to have one.

use std::sync::Arc;

use super::division::{self, Code};
use crate::{
    model::{Scope, Year},
    store::{Meta, View},
};

/// Calls `found` with the number of every body whose report of the year is in the cover, and of every body that
/// reported in another year, is missing in this one and is not contained in anybody's report.
///
/// A part is never added to its whole: under a government whose report sums its area nobody is met.
pub(crate) fn cover(view: &View, year: Year, mut found: impl FnMut(usize)) {
    let forms: Vec<Option<Arc<[u8]>>> = (0..view.chunks()).map(|chunk| view.forms(chunk, year)).collect();
    let scopes = scopes();
    // What lies under an aggregate report, or under a government that should have given one, ends at a code.
    let (mut under, mut missing) = (None, None);
    let inside = |end: &mut Option<Code>, code| {
        *end = end.filter(|&end| code <= end);
        end.is_some()
    };
    for (chunk, forms_here) in forms.iter().enumerate() {
        let first = view.chunk_bodies(chunk).start;
        for (at, rank) in view.ranks(chunk).iter().enumerate() {
            if inside(&mut under, rank.code) {
                continue;
            }
            let form = forms_here.as_ref().and_then(|forms| forms.get(at)).copied().unwrap_or(0);
            if let Some(scope) = scopes.get(usize::from(form)).copied().flatten() {
                found(first + at);
                if rank.government && scope != Scope::Own {
                    under = Some(*division::under(rank.code).end());
                }
            } else if !inside(&mut missing, rank.code) {
                let area = division::under(rank.code);
                let end = *area.end();
                let spoken_for = || view.coded(area).any(|body| is_there(view, &forms, body));
                if rank.government && (!division::valid(rank.code, year) || spoken_for()) {
                    continue;
                }
                found(first + at);
                missing = rank.government.then_some(end);
            }
        }
    }
}

/// Whose figures a report gives, by the code of its form; nothing where there is none.
pub(crate) fn scopes() -> [Option<Scope>; 256] {
    std::array::from_fn(|code| Meta::of(u8::try_from(code).unwrap_or(0)).map(|meta| meta.scope))
}

fn is_there(view: &View, forms: &[Option<Arc<[u8]>>], body: usize) -> bool {
    let form = || {
        let chunk = view.chunk_of(body)?;
        forms.get(chunk)?.as_ref()?.get(body - view.chunk_bodies(chunk).start).copied()
    };
    form().is_some_and(|form| Meta::of(form).is_some())
}
