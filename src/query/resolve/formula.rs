//! Formulas of `let`: a sum of measures with whole factors, or one such sum divided by another.

use super::{Context, Work};
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{Expr, Operator},
        plan::{Formula, Part, Sum},
    },
};

/// A formula on its way: a whole number, a sum, or a finished quotient.
enum Value {
    Whole(i64),
    Sum(Sum),
    Done(Formula),
}

/// The formula of an expression.
pub(super) fn formula(expr: &Expr, context: &Context<'_>) -> Result<Formula, Vec<Diagnostic>> {
    let mut work = Work::new(context);
    let value = work.expr(expr);
    match (value, work.errors.is_empty()) {
        (Some(Value::Sum(sum)), true) => Ok(Formula::Sum(sum)),
        (Some(Value::Done(formula)), true) => Ok(formula),
        (_, false) => Err(work.errors),
        (_, true) => Err(vec![too_much(expr)]),
    }
}

impl Work<'_> {
    fn expr(&mut self, expr: &Expr) -> Option<Value> {
        match expr {
            Expr::Number(figure) => {
                let whole = (figure.value.scale == 0 && !figure.value.percent).then_some(figure.value.mantissa);
                let whole = whole.and_then(|number| i64::try_from(number).ok());
                if whole.is_none() {
                    self.error(too_much(expr));
                }
                whole.map(Value::Whole)
            }
            Expr::Measure(measure) => Some(match self.measure(measure)?.formula {
                Formula::Sum(sum) => Value::Sum(sum),
                other => Value::Done(other),
            }),
            Expr::Negative(inner, _) => {
                let value = self.expr(inner)?;
                self.scale(value, -1, expr)
            }
            Expr::Binary(left, operator, right) => {
                // Both sides are read first, so that every unknown name is found.
                let (left, right) = (self.expr(left), self.expr(right));
                self.binary(left?, *operator, right?, expr)
            }
        }
    }

    fn binary(&mut self, left: Value, operator: Operator, right: Value, expr: &Expr) -> Option<Value> {
        match (operator, left, right) {
            (Operator::Add, Value::Sum(mut a), Value::Sum(b)) => {
                a.0.extend(b.0);
                Some(Value::Sum(a))
            }
            (Operator::Subtract, Value::Sum(mut a), right @ Value::Sum(_)) => match self.scale(right, -1, expr)? {
                Value::Sum(b) => {
                    a.0.extend(b.0);
                    Some(Value::Sum(a))
                }
                _ => None,
            },
            (Operator::Multiply, Value::Whole(factor), value) | (Operator::Multiply, value, Value::Whole(factor)) => {
                self.scale(value, factor, expr)
            }
            (Operator::Divide, Value::Sum(a), Value::Sum(b)) => Some(Value::Done(Formula::Ratio(a, b))),
            _ => {
                self.error(too_much(expr));
                None
            }
        }
    }

    fn scale(&mut self, value: Value, factor: i64, expr: &Expr) -> Option<Value> {
        let scaled = match value {
            Value::Whole(number) => number.checked_mul(factor).map(Value::Whole),
            Value::Sum(sum) => sum
                .0
                .into_iter()
                .map(|part| Some(Part { factor: part.factor.checked_mul(factor)?, ..part }))
                .collect::<Option<Vec<_>>>()
                .map(|parts| Value::Sum(Sum(parts))),
            Value::Done(_) => None,
        };
        if scaled.is_none() {
            self.error(too_much(expr));
        }
        scaled
    }
}

fn too_much(expr: &Expr) -> Diagnostic {
    Diagnostic::error("GK0227", expr.span())
}
