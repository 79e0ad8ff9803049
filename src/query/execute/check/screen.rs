//! Thousands of reports at once: columns are added up, and reports whose every sum holds need no evaluator.

use std::sync::Arc;

use super::{Member, desk::Desk};
use crate::{
    check::{Plain, Wanted},
    model::{Templates, Year},
};

/// What is known of the reports of one form, and of one form the year before.
type Known = (Templates, Option<Templates>, Option<Arc<Plain>>);

/// Beside this no sum of the cells of a rule comes near the end of a word.
const LARGEST: u32 = 48;

/// For each member of a chunk what its rules come to, where every one of them is sure to hold.
pub(super) fn plain(desk: &mut Desk, wanted: Wanted, year: Year, members: &[Member]) -> Vec<Option<Arc<Plain>>> {
    let mut known: Vec<Known> = Vec::new();
    let mut found = vec![None; members.len()];
    for (place, member) in members.iter().enumerate() {
        let before = match member.before {
            Some((body, _)) if body != member.body => continue,
            before => before.map(|(_, templates)| templates),
        };
        let same = |known: &Known| (known.0, known.1) == (member.templates, before);
        if !known.iter().any(same) {
            let plain = Plain::of(wanted, year, member.templates, before).map(Arc::new);
            known.push((member.templates, before, plain));
        }
        let plain = known.iter().find(|known| same(known)).and_then(|known| known.2.clone());
        if let Some(found) = found.get_mut(place) {
            *found = plain;
        }
    }
    let Some(first) = members.first() else { return found };
    for plain in known.into_iter().filter_map(|known| known.2) {
        let (begin, doubts) = doubts(desk, &plain, first.body, year);
        for (member, found) in members.iter().zip(&mut found) {
            let doubted = || member.body.checked_sub(begin).and_then(|at| doubts.get(at)).is_none_or(|doubt| *doubt);
            if found.as_ref().is_some_and(|found| Arc::ptr_eq(found, &plain)) && doubted() {
                *found = None;
            }
        }
    }
    found
}

/// The year a cell is of.
fn of_year(year: Year, before: bool) -> Option<Year> {
    if before { year.previous() } else { Some(year) }
}

/// The first body of a chunk, and for each of its bodies whether a cell is no plain number or a sum does not hold.
fn doubts(desk: &mut Desk, plain: &Plain, body: usize, year: Year) -> (usize, Vec<bool>) {
    let (mut begin, mut doubts) = (0, Vec::new());
    let mut of = |desk: &mut Desk, cells: &[(crate::model::Slot, bool)], number: bool| {
        for &(slot, before) in cells {
            let Some(year) = of_year(year, before) else { continue };
            let Some(block) = desk.column(slot, body, year) else { continue };
            begin = block.first;
            doubts.resize(block.len(), false);
            for (doubt, (mark, units)) in doubts.iter_mut().zip(block.marks.iter().zip(&block.units)) {
                // A body without a report that year is of another form; whoever asks of it asks elsewhere.
                let sound =
                    if number { mark.is_value() && units.unsigned_abs() >> LARGEST == 0 } else { !mark.is_cell() };
                *doubt |= !sound;
            }
        }
    };
    of(desk, &plain.numbers, true);
    of(desk, &plain.nothing, false);
    let mut sums = vec![0_i64; doubts.len()];
    for line in &plain.lines {
        sums.fill(0);
        for &(at, negative) in &line.terms {
            let Some(&(slot, before)) = plain.numbers.get(at) else { continue };
            let Some(year) = of_year(year, before) else { continue };
            let Some(block) = desk.column(slot, body, year) else { continue };
            // Where a number is large enough to wrap, it is in doubt already.
            if negative {
                sums.iter_mut().zip(&block.units).for_each(|(sum, units)| *sum = sum.wrapping_sub(*units));
            } else {
                sums.iter_mut().zip(&block.units).for_each(|(sum, units)| *sum = sum.wrapping_add(*units));
            }
        }
        let at_most = line.at_most;
        doubts.iter_mut().zip(&sums).for_each(|(doubt, &sum)| *doubt |= if at_most { sum > 0 } else { sum != 0 });
    }
    (begin, doubts)
}
