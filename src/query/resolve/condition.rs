//! Conditions and what rows are sorted by.

use super::{Work, params};
use crate::{
    diagnostic::{Diagnostic, Level},
    query::{
        ast::{self, Column, Comparator, Figure, Literal},
        plan::{self, Condition, Operand},
    },
};

/// What an answer has that a condition can speak of.
#[allow(clippy::struct_excessive_bools, reason = "four facts that do not depend on each other")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Whether it has figures at all.
    figures: bool,
    /// A numerator and a denominator.
    parts: bool,
    /// New divided by old.
    ratio: bool,
    /// Whether it is about single columns of table 3.
    columns: bool,
    /// What its `value` is.
    value: Scale,
}

/// What a number that is compared with a figure can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// A count, or money: never a percentage.
    Count,
    /// A part of a whole: hardly ever above 1.
    Part,
    /// Neither is sure.
    Any,
}

impl Scale {
    pub(super) fn of(term: &plan::Term) -> Self {
        let counts = |member: &plan::Member| !matches!(member.measure.formula, plan::Formula::Ratio(..));
        // A quotient by `let` may be of anything.
        let built_in = |member: &plan::Member| !counts(member) && member.measure.version.is_some();
        match term.kind {
            _ if term.statistic == Some(plan::Statistic::Count) => Self::Count,
            plan::TermKind::Share => Self::Part,
            plan::TermKind::Value if term.members.iter().all(counts) => Self::Count,
            plan::TermKind::Value if term.members.iter().all(built_in) => Self::Part,
            _ => Self::Any,
        }
    }
}

impl Frame {
    /// What these terms show; where one could not be read nothing is missed, for the mistake is named already.
    pub(super) fn of(terms: &[plan::Term], all: bool, columns: bool) -> Self {
        Self {
            figures: !all || !terms.is_empty(),
            parts: !all || terms.iter().any(plan::Term::has_parts),
            ratio: !all || terms.iter().any(plan::Term::has_ratio),
            columns,
            value: if all { terms.first().map_or(Scale::Any, Scale::of) } else { Scale::Any },
        }
    }

    /// What a column of the answer can be compared with.
    fn scale(self, column: Column) -> Scale {
        match column {
            Column::Value => self.value,
            Column::Numerator | Column::Denominator | Column::Reports => Scale::Count,
            Column::Coverage => Scale::Part,
            Column::Ratio | Column::Dim(_) => Scale::Any,
        }
    }
}

impl Work<'_> {
    /// A condition; its canonical form is written into `printed`.
    pub(super) fn condition(
        &mut self,
        condition: &ast::Condition,
        printed: &mut ast::Condition,
        frame: Frame,
    ) -> Option<Condition> {
        match (condition, printed) {
            (ast::Condition::And(all), ast::Condition::And(printed)) => {
                self.conditions(all, printed, frame).map(Condition::And)
            }
            (ast::Condition::Or(any), ast::Condition::Or(printed)) => {
                self.conditions(any, printed, frame).map(Condition::Or)
            }
            (ast::Condition::Compare(one), ast::Condition::Compare(printed)) => {
                if let ast::Operand::Column(column) = &one.left
                    && matches!(column.value, Column::Dim(_))
                {
                    self.error(Diagnostic::error("GK0221", column.span));
                    return None;
                }
                let left = self.operand(&one.left, &mut printed.left, frame);
                let right = self.literal(&one.right);
                let scale = match (&left, &one.left) {
                    (Some(Operand::Term(term)), _) => Scale::of(term),
                    (_, ast::Operand::Column(column)) => frame.scale(column.value),
                    _ => Scale::Any,
                };
                self.mind_the_scale(scale, &one.right);
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

    /// A percentage of a count means nothing; a share above 1 was meant as a percentage.
    pub(super) fn mind_the_scale(&mut self, scale: Scale, literal: &Literal) {
        let (figure, span) = match literal {
            Literal::Number(figure) => (Some(figure.value), figure.span),
            Literal::Param(name) => (self.context.params.get(&name.value).and_then(params::number), name.span),
            Literal::Text(_) => return,
        };
        let Some(figure) = figure else { return };
        let number = crate::query::print::figure(&figure);
        let above_one = !figure.percent && figure.mantissa > 10_i128.pow(figure.scale);
        if scale == Scale::Count && figure.percent {
            self.error(Diagnostic::error("GK0233", span).with("number", number));
        } else if scale == Scale::Part && above_one {
            let mut warning = Diagnostic::error("GK0234", span).with("number", number.clone());
            if matches!(literal, Literal::Number(_)) {
                warning = warning.fix(format!("{number}%"));
            }
            warning.level = Level::Warning;
            self.warnings.push(warning);
        }
    }

    fn conditions(
        &mut self,
        conditions: &[ast::Condition],
        printed: &mut [ast::Condition],
        frame: Frame,
    ) -> Option<Vec<Condition>> {
        let found: Vec<Condition> = conditions
            .iter()
            .zip(printed)
            .filter_map(|(condition, printed)| self.condition(condition, printed, frame))
            .collect();
        (found.len() == conditions.len()).then_some(found)
    }

    /// What is compared or sorted by: a measure of its own, or a column of the answer.
    pub(super) fn operand(
        &mut self,
        operand: &ast::Operand,
        printed: &mut ast::Operand,
        frame: Frame,
    ) -> Option<Operand> {
        let column = match (operand, printed) {
            (ast::Operand::Term(term), ast::Operand::Term(printed)) => {
                return self.term(term, printed, frame.columns).map(Operand::Term);
            }
            (ast::Operand::Column(column), _) => column,
            (ast::Operand::Term(_), ast::Operand::Column(_)) => return None,
        };
        let (found, there) = match column.value {
            Column::Value => (Operand::Value(0), frame.figures),
            Column::Numerator => (Operand::Numerator, frame.parts),
            Column::Denominator => (Operand::Denominator, frame.parts),
            Column::Ratio => (Operand::Ratio, frame.ratio),
            Column::Reports => (Operand::Used, frame.figures),
            Column::Coverage => (Operand::Coverage, frame.figures),
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
