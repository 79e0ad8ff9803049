//! Statements of scripts that are no questions.

// A pair is a handle; every function here consumes the pair it reads.
#![allow(clippy::needless_pass_by_value)]

use pest::iterators::Pair;

use super::{super::grammar::Rule, Builder, Built, last, of, only, unexpected, words::comparator_of};
use crate::{
    diagnostic::Diagnostic,
    model::Decision,
    query::ast::{
        Assert, Claim, Clauses, Correct, Expr, Let, Operator, Param, ParamKind, Spanned, StatementKind, Subject,
        Verdict,
    },
};

impl Builder<'_> {
    pub(super) fn version(&self, pair: Pair<'_, Rule>) -> Built<StatementKind> {
        let number = self.count(&last(pair))?;
        match number.value {
            1 => Ok(StatementKind::Version(number)),
            other => Err(vec![Diagnostic::error("GK0117", number.span).with("version", other.to_string())]),
        }
    }

    pub(super) fn param(&self, pair: Pair<'_, Rule>) -> Built<Param> {
        let mut param = Param { name: Spanned::new(String::new(), self.span(&pair)), kind: None, default: None };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::new_name => param.name = self.name(inner),
                Rule::param_kind => {
                    let kind = match only(inner.clone()).as_rule() {
                        Rule::kw_place => ParamKind::Place,
                        Rule::kw_year => ParamKind::Year,
                        Rule::kw_category => ParamKind::Category,
                        Rule::kw_applicant => ParamKind::Applicant,
                        _ => ParamKind::Number,
                    };
                    param.kind = Some(Spanned::new(kind, self.span(&inner)));
                }
                Rule::literal => param.default = Some(self.literal(inner)?),
                _ => {}
            }
        }
        Ok(param)
    }

    pub(super) fn definition(&self, pair: Pair<'_, Rule>) -> Built<Let> {
        let span = self.span(&pair);
        let name = of(pair.clone(), Rule::new_name).next().map(|name| self.name(name));
        let formula = of(pair, Rule::sum).next().map(|sum| self.sum(sum)).transpose()?;
        match (name, formula) {
            (Some(name), Some(formula)) => Ok(Let { name, formula }),
            _ => Err(unexpected(span)),
        }
    }

    pub(super) fn sum(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        self.chain(pair, Rule::product, Self::product)
    }

    pub(super) fn product(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        self.chain(pair, Rule::factor, Self::factor)
    }

    /// Operands joined by operators, from the left.
    pub(super) fn chain(
        &self,
        pair: Pair<'_, Rule>,
        part: Rule,
        build: impl Fn(&Self, Pair<'_, Rule>) -> Built<Expr>,
    ) -> Built<Expr> {
        let span = self.span(&pair);
        let mut left: Option<Expr> = None;
        let mut operator = Operator::Add;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::plus => operator = Operator::Add,
                Rule::minus => operator = Operator::Subtract,
                Rule::times => operator = Operator::Multiply,
                Rule::slash => operator = Operator::Divide,
                rule if rule == part => {
                    let right = build(self, inner)?;
                    left = Some(match left {
                        Some(left) => Expr::Binary(Box::new(left), operator, Box::new(right)),
                        None => right,
                    });
                }
                _ => {}
            }
        }
        left.ok_or_else(|| unexpected(span))
    }

    pub(super) fn factor(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::factor => return Ok(Expr::Negative(Box::new(self.factor(inner)?), span)),
                Rule::sum => return self.sum(inner),
                Rule::number => return Ok(Expr::Number(Spanned::new(self.figure(&inner, false)?, span))),
                Rule::measure => return Ok(Expr::Measure(self.measure(inner))),
                _ => {}
            }
        }
        Err(unexpected(span))
    }

    pub(super) fn assert(&self, pair: Pair<'_, Rule>) -> Built<Assert> {
        let span = self.span(&pair);
        let mut subject = None;
        let mut claim = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::coverage_of => {
                    let mut clauses = Clauses::default();
                    for clause in of(inner, Rule::clause) {
                        self.clause(clause, &mut clauses)?;
                    }
                    subject = Some(Subject::Coverage(Box::new(clauses)));
                }
                Rule::query => subject = Some(Subject::Query(Box::new(self.query(inner)?))),
                Rule::claim => claim = Some(self.claim(inner)?),
                _ => {}
            }
        }
        match subject {
            Some(subject) => Ok(Assert { subject, claim }),
            None => Err(unexpected(span)),
        }
    }

    pub(super) fn claim(&self, pair: Pair<'_, Rule>) -> Built<Claim> {
        let span = self.span(&pair);
        let comparator = of(pair.clone(), Rule::comparator).next().map(|pair| comparator_of(only(pair).as_rule()));
        let mut literals = of(pair, Rule::literal).map(|literal| self.literal(literal));
        let (value, tolerance) = (literals.next().transpose()?, literals.next().transpose()?);
        match (comparator, value) {
            (Some(comparator), Some(value)) => Ok(Claim { comparator, value, tolerance }),
            _ => Err(unexpected(span)),
        }
    }

    pub(super) fn verdict(&self, pair: Pair<'_, Rule>) -> Built<Verdict> {
        let span = self.span(&pair);
        let find = |rule| of(pair.clone(), rule).next();
        match (find(Rule::rule_id), find(Rule::place), find(Rule::year_word), find(Rule::judgement), find(Rule::text)) {
            (Some(rule), Some(place), Some(year), Some(judgement), Some(reason)) => {
                let at = self.span(&judgement);
                let kind = match only(judgement).as_rule() {
                    Rule::kw_accepted => Decision::Accepted,
                    Rule::kw_explained => Decision::Explained,
                    _ => Decision::Wrong,
                };
                Ok(Verdict {
                    rule: self.name(rule),
                    place: self.place(place),
                    year: self.year_word(year)?,
                    judgement: Spanned::new(kind, at),
                    reason: self.name(reason),
                })
            }
            _ => Err(unexpected(span)),
        }
    }

    pub(super) fn correct(&self, pair: Pair<'_, Rule>) -> Built<Correct> {
        let span = self.span(&pair);
        let find = |rule| of(pair.clone(), rule).next();
        match (find(Rule::measure), find(Rule::place), find(Rule::year_word), find(Rule::literal), find(Rule::text)) {
            (Some(cell), Some(place), Some(year), Some(value), Some(because)) => Ok(Correct {
                cell: self.measure(cell),
                place: self.place(place),
                year: self.year_word(year)?,
                value: self.literal(value)?,
                because: self.name(because),
            }),
            _ => Err(unexpected(span)),
        }
    }
}
