//! The cover of a year: the reports that no aggregate report of the same year contains, and bodies expected to have one.

use std::ops::Range;

use super::{
    division::{self, Code},
    forms::Forms,
};
use crate::{
    model::{Scope, Year},
    store::{Division, View},
};

/// Calls `found` with the numbers of all bodies whose report of the year is in the cover, and of all bodies that
/// reported in another year, are missing in this one and are not contained in anybody's report: in order, those that
/// follow each other at once.
///
/// A part is never added to its whole: under a government whose report sums its area nobody is met.
pub(crate) fn cover(view: &View, year: Year, mut found: impl FnMut(Range<usize>)) {
    let mut pending = 0..0;
    each(view, year, |bodies| {
        if bodies.start == pending.end {
            pending.end = bodies.end;
        } else {
            found(std::mem::replace(&mut pending, bodies));
        }
    });
    found(pending);
}

/// The same in pieces, some of them empty.
fn each(view: &View, year: Year, mut found: impl FnMut(Range<usize>)) {
    let ranks = view.ranks();
    let (mut forms, mut elsewhere) = (Forms::new(view, year), Forms::new(view, year));
    // What lies under an aggregate report, or under a government that should have given one, ends at a code.
    let (mut under, mut missing) = (None, None);
    let inside = |end: &mut Option<Code>, code| {
        *end = end.filter(|&end| code <= end);
        end.is_some()
    };
    for Division { code, bodies, government } in ranks.divisions(0..ranks.len()) {
        if inside(&mut under, code) {
            continue;
        }
        let (head, others) =
            (bodies.start..bodies.start + usize::from(government), bodies.start + usize::from(government)..bodies.end);
        let scope = if government { forms.scope_of(head.start) } else { None };
        if let Some(scope) = scope {
            found(head);
            if scope != Scope::Own {
                under = Some(*division::under(code).end());
                continue;
            }
        } else if government && !inside(&mut missing, code) {
            let area = division::under(code);
            let end = *area.end();
            if division::valid(code, year) && !elsewhere.any(ranks.coded(area)) {
                found(head);
                missing = Some(end);
            }
        }
        if inside(&mut missing, code) {
            others.filter(|&body| forms.scope_of(body).is_some()).for_each(|body| found(body..body + 1));
        } else {
            found(others);
        }
    }
}
