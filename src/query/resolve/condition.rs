//! Conditions and what rows are sorted by.

use super::{Work, params};
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{self, Column, Comparator, Figure, Literal, TermKind},
        plan::{self, Condition, Operand},
    },
};

impl Work<'_> {
    /// A condition; its canonical form is written into `printed`.
    pub(super) fn condition(
        &mut self,
        condition: &ast::Condition,
        printed: &mut ast::Condition,
        terms: &[ast::Term],
        columns: bool,
    ) -> Option<Condition> {
        match (condition, printed) {
            (ast::Condition::And(all), ast::Condition::And(printed)) => {
                self.conditions(all, printed, terms, columns).map(Condition::And)
            }
            (ast::Condition::Or(any), ast::Condition::Or(printed)) => {
                self.conditions(any, printed, terms, columns).map(Condition::Or)
            }
            (ast::Condition::Compare(one), ast::Condition::Compare(printed)) => {
                if let ast::Operand::Column(column) = &one.left
                    && matches!(column.value, Column::Dim(_))
                {
                    self.error(Diagnostic::error("GK0221", column.span));
                    return None;
                }
                let left = self.operand(&one.left, &mut printed.left, terms, columns);
                let right = self.literal(&one.right);
                // The answer can be cited: what was given for a parameter is written out.
                if let Literal::Param(name) = &one.right
                    && let Some(figure) = self.context.params.get(&name.value).and_then(params::number)
                {
                    printed.right = Literal::Number(ast::Spanned::new(figure, name.span));
                }
                Some(Condition::Compare(left?, comparison(one.comparator), right?))
            }
            _ => None,
        }
    }

    fn conditions(
        &mut self,
        conditions: &[ast::Condition],
        printed: &mut [ast::Condition],
        terms: &[ast::Term],
        columns: bool,
    ) -> Option<Vec<Condition>> {
        let found: Vec<Condition> = conditions
            .iter()
            .zip(printed)
            .filter_map(|(condition, printed)| self.condition(condition, printed, terms, columns))
            .collect();
        (found.len() == conditions.len()).then_some(found)
    }

    /// What is compared or sorted by: a measure of its own, or a column of the answer.
    pub(super) fn operand(
        &mut self,
        operand: &ast::Operand,
        printed: &mut ast::Operand,
        terms: &[ast::Term],
        columns: bool,
    ) -> Option<Operand> {
        let column = match (operand, printed) {
            (ast::Operand::Term(term), ast::Operand::Term(printed)) => {
                return self.term(term, printed, columns).map(Operand::Term);
            }
            (ast::Operand::Column(column), _) => column,
            (ast::Operand::Term(_), ast::Operand::Column(_)) => return None,
        };
        let shares = terms.iter().any(|term| matches!(term.kind, TermKind::Share { .. }));
        let changes = terms.iter().any(|term| matches!(term.kind, TermKind::Change(_)));
        let (found, there) = match column.value {
            Column::Value => (Operand::Value(0), !terms.is_empty()),
            Column::Numerator => (Operand::Numerator, shares),
            Column::Denominator => (Operand::Denominator, shares),
            Column::Ratio => (Operand::Ratio, changes),
            Column::Reports => (Operand::Used, !terms.is_empty()),
            Column::Coverage => (Operand::Coverage, !terms.is_empty()),
            Column::Dim(dim) => (Operand::Dimension(dim.into()), true),
        };
        if !there {
            let word = match column.value {
                Column::Ratio => "ratio",
                Column::Numerator => "numerator",
                Column::Denominator => "denominator",
                _ => "value",
            };
            self.error(Diagnostic::error("GK0223", column.span).with("column", word));
            return None;
        }
        Some(found)
    }

    /// A number to compare with.
    pub(super) fn literal(&mut self, literal: &Literal) -> Option<plan::Literal> {
        let (figure, span) = match literal {
            Literal::Number(figure) => (figure.value, figure.span),
            Literal::Text(text) => {
                self.error(Diagnostic::error("GK0224", text.span).with("text", text.value.clone()));
                return None;
            }
            Literal::Param(name) => {
                let value = self.param(name)?;
                let Some(figure) = params::number(&value) else {
                    self.wrong_param(name, &value);
                    return None;
                };
                (figure, name.span)
            }
        };
        let exact = decimal(figure);
        if exact.is_none() {
            self.error(Diagnostic::error("GK0116", span).with("number", crate::query::print::figure(&figure)));
        }
        exact
    }
}

/// The exact decimal of a number as written: 95 % is 0.95.
pub(crate) fn decimal(figure: Figure) -> Option<plan::Literal> {
    let (mut digits, mut scale) = (figure.mantissa, figure.scale + if figure.percent { 2 } else { 0 });
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    let scale = u8::try_from(scale).ok().filter(|scale| *scale <= 12)?;
    Some(plan::Literal { digits: i64::try_from(digits).ok()?, scale })
}

pub(super) fn comparison(comparator: Comparator) -> plan::Comparison {
    match comparator {
        Comparator::Less => plan::Comparison::Less,
        Comparator::AtMost => plan::Comparison::LessOrEqual,
        Comparator::Greater => plan::Comparison::Greater,
        Comparator::AtLeast => plan::Comparison::GreaterOrEqual,
        Comparator::Equal => plan::Comparison::Equal,
        Comparator::NotEqual => plan::Comparison::NotEqual,
    }
}
