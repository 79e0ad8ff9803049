//! A condition put to the columns of a run: which of its reports meet it, without looking at each.

use super::{
    super::plan::{Comparison, Condition, Literal, Operand},
    calc::Calc,
    condition::Terms,
    gather::{Reader, Reading, alike},
    program::Program,
    runs::Run,
    setup::At,
};
use crate::model::State;

/// Which bodies of a run meet a condition, where its measures are sums of cells that all reports of the run give;
/// nothing where that cannot be said from the columns. Bodies without a report never do.
pub(crate) fn mask(
    condition: &Condition,
    run: &Run,
    place: At,
    reader: &Reader,
    reading: &mut Reading,
) -> Option<Vec<bool>> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            let every = matches!(condition, Condition::And(_));
            let mut chosen = vec![every; run.len()];
            for part in parts {
                let part = mask(part, run, place, reader, reading)?;
                for (chosen, part) in chosen.iter_mut().zip(part) {
                    *chosen = if every { *chosen & part } else { *chosen | part };
                }
            }
            Some(chosen)
        }
        Condition::Compare(operand, comparison, literal) => {
            let term = number(operand, &reader.setup.terms)?;
            let calc = reader.setup.calc(term, place)?;
            let mut chosen = compare(calc, *comparison, *literal, run, reader, reading)?;
            if run.absent() > 0 {
                let forms = run.forms(reading.year, reader.view);
                for (chosen, form) in chosen.iter_mut().zip(forms) {
                    *chosen &= form != 0;
                }
            }
            Some(chosen)
        }
    }
}

fn number(operand: &Operand, terms: &Terms) -> Option<usize> {
    match operand {
        Operand::Term(term) => terms.find(term),
        Operand::Value(at) => Some(*at),
        _ => None,
    }
}

/// Factors up to this leave room for every product with a sum of cells.
const ROOM: u128 = 1 << 64;

fn compare(
    calc: &Calc,
    comparison: Comparison,
    literal: Literal,
    run: &Run,
    reader: &Reader,
    reading: &mut Reading,
) -> Option<Vec<bool>> {
    if run.reports == 0 {
        return Some(vec![false; run.len()]);
    }
    // With blanks that count as 0 it is not only printed numbers that are added.
    if reader.fill.blanks {
        return None;
    }
    let mark = |slot| reading.now.alike(slot, run).map(|mark| (mark, 0));
    let pair = alike(calc, reader.fill, &mut { mark })?;
    if pair.state != State::Value {
        return Some(vec![false; run.len()]);
    }
    if pair.proved {
        return None;
    }
    let above = sums(&calc.above, run, reading)?;
    let literal = literal.value();
    let (up, down) = calc.scale();
    // above · up / (below · down) against p / q, all as whole numbers.
    let (left, right) = (literal.denominator().checked_mul(up)?, literal.numerator().checked_mul(down)?);
    if left.unsigned_abs() > ROOM || right.unsigned_abs() > ROOM {
        return None;
    }
    let holds = |order| comparison.holds(order);
    let Some(base) = calc.base() else {
        return Some(match i64::try_from(right).ok().filter(|_| left == 1) {
            Some(right) => above.iter().map(|above| holds(above.cmp(&right))).collect(),
            None => above.iter().map(|&above| holds((i128::from(above) * left).cmp(&right))).collect(),
        });
    };
    let below = sums(base, run, reading)?;
    let one = |(&above, &below): (&i64, &i64)| {
        let order = (i128::from(above) * left).cmp(&(i128::from(below) * right));
        match below {
            0 => false,
            below if below < 0 => holds(order.reverse()),
            _ => holds(order),
        }
    };
    Some(above.iter().zip(&below).map(one).collect())
}

/// The sum of every body of a run, where all its reports give numbers small enough that nothing can overflow.
fn sums(program: &Program, run: &Run, reading: &mut Reading) -> Option<Vec<i64>> {
    // Cells and factors this small leave room for every product and sum below.
    const CELL: u32 = 40;
    const FACTOR: u64 = 1 << 8;
    let parts =
        program.counted(&mut |slot| reading.now.alike(slot, run).map_or_else(Default::default, |mark| (mark, 0)));
    if parts.len() > 256 {
        return None;
    }
    let mut sums = vec![0_i64; run.len()];
    for (factor, slot) in parts {
        let units = reading.now.units(slot, run)?;
        let bits = units.iter().fold(0, |bits, &units| bits | (units ^ (units >> 63)));
        if factor.unsigned_abs() > FACTOR || i64::BITS - bits.leading_zeros() > CELL {
            return None;
        }
        match factor {
            1 => sums.iter_mut().zip(units).for_each(|(sum, units)| *sum = sum.wrapping_add(*units)),
            -1 => sums.iter_mut().zip(units).for_each(|(sum, units)| *sum = sum.wrapping_sub(*units)),
            _ => {
                sums.iter_mut()
                    .zip(units)
                    .for_each(|(sum, units)| *sum = sum.wrapping_add(factor.wrapping_mul(*units)));
            }
        }
    }
    Some(sums)
}
