//! A condition put to the columns of a run: which of its reports meet it, without looking at each.

use std::ops::Range;

use super::{
    super::plan::{Comparison, Condition, Literal, Operand},
    condition::Terms,
    figures::{Figures, Sheet},
    gather::{Reader, Reading},
    runs::Run,
};

/// Which bodies of a run meet a condition, where its measures are sums of cells that all reports of the chunk give;
/// nothing where that cannot be said from the columns. Bodies without a report never do.
pub(crate) fn mask(
    condition: &Condition,
    run: &Run,
    sheet: &Sheet,
    reader: &Reader,
    reading: &mut Reading,
) -> Option<Vec<bool>> {
    let mut chosen = all(condition, run, sheet, reader, reading)?;
    if run.absent() > 0 {
        let forms = run.forms(reading.year, reader.view);
        chosen.iter_mut().zip(forms).for_each(|(chosen, form)| *chosen &= form != 0);
    }
    Some(chosen)
}

/// The same, saying nothing of bodies without a report.
fn all(condition: &Condition, run: &Run, sheet: &Sheet, reader: &Reader, reading: &mut Reading) -> Option<Vec<bool>> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            let every = matches!(condition, Condition::And(_));
            let mut chosen = vec![every; run.len()];
            for part in parts {
                let part = all(part, run, sheet, reader, reading)?;
                for (chosen, part) in chosen.iter_mut().zip(part) {
                    *chosen = if every { *chosen & part } else { *chosen | part };
                }
            }
            Some(chosen)
        }
        Condition::Compare(operand, comparison, literal) => {
            let term = number(operand, &reader.setup.terms)?;
            let scale = reader.setup.calc(term, sheet.place)?.scale();
            let first = sheet.first;
            let figures = sheet.of(term, reader, reading)?;
            if !figures.are_values() || run.reports == 0 {
                return Some(vec![false; run.len()]);
            }
            let bodies = run.bodies();
            compare(figures, bodies.start - first..bodies.end - first, scale, *comparison, *literal)
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
    figures: &Figures,
    part: Range<usize>,
    (up, down): (i128, i128),
    comparison: Comparison,
    literal: Literal,
) -> Option<Vec<bool>> {
    let above = figures.above.get(part.clone())?;
    let literal = literal.value();
    // above · up / (below · down) against p / q, all as whole numbers.
    let (left, right) = (literal.denominator().checked_mul(up)?, literal.numerator().checked_mul(down)?);
    if left.unsigned_abs() > ROOM || right.unsigned_abs() > ROOM {
        return None;
    }
    let holds = |order| comparison.holds(order);
    let Some(below) = &figures.below else {
        return Some(match i64::try_from(right).ok().filter(|_| left == 1) {
            Some(right) => above.iter().map(|above| holds(above.cmp(&right))).collect(),
            None => above.iter().map(|&above| holds((i128::from(above) * left).cmp(&right))).collect(),
        });
    };
    let one = |(&above, &below): (&i64, &i64)| {
        let order = (i128::from(above) * left).cmp(&(i128::from(below) * right));
        match below {
            0 => false,
            below if below < 0 => holds(order.reverse()),
            _ => holds(order),
        }
    };
    Some(above.iter().zip(below.get(part)?).map(one).collect())
}
