//! Statements of scripts that are no questions.

use super::{Printer, Tongue, figure, literal, quoted, words::comparator, year_word};
use crate::query::ast::{Assert, Claim, Correct, Expr, Operator, Param, ParamKind, Subject, Verdict};

impl Printer<'_> {
    pub(super) fn param(&mut self, param: &Param) {
        self.key("param");
        self.put(param.name.value.clone());
        if let Some(kind) = &param.kind {
            self.join(":");
            self.key(match kind.value {
                ParamKind::Place => "place",
                ParamKind::Year => "year",
                ParamKind::Number => "number",
                ParamKind::Category => "category",
                ParamKind::Applicant => "applicant",
            });
        }
        if let Some(default) = &param.default {
            self.put("=");
            self.put(literal(default));
        }
    }

    /// `strength` is that of the operator around: 0 none, 1 a sum, 2 a product, 3 the right of one that does not associate.
    pub(super) fn expr(&self, expr: &Expr, strength: u8) -> String {
        match expr {
            Expr::Number(number) => figure(&number.value),
            Expr::Measure(measure) => self.measure(measure),
            Expr::Negative(inner, _) => format!("- {}", self.expr(inner, 4)),
            Expr::Binary(left, operator, right) => {
                let (sign, own) = match operator {
                    Operator::Add => ("+", 1),
                    Operator::Subtract => ("-", 1),
                    Operator::Multiply => ("*", 2),
                    Operator::Divide => ("/", 2),
                };
                // The left side may be as strong, the right side must be stronger: a - (b - c).
                let text = format!("{} {sign} {}", self.expr(left, own), self.expr(right, own + 1));
                if strength > own { format!("({text})") } else { text }
            }
        }
    }

    pub(super) fn assert(&mut self, assert: &Assert) {
        self.key("assert");
        match &assert.subject {
            Subject::Coverage(clauses) => {
                self.key("coverage");
                if self.tongue == Tongue::En {
                    self.put("of");
                    self.put("reports");
                }
                self.clauses(clauses);
            }
            Subject::Query(query) => self.query(query),
        }
        if let Some(Claim { comparator: how, value, tolerance }) = &assert.claim {
            self.put(comparator(*how));
            self.put(literal(value));
            if let Some(tolerance) = tolerance {
                self.put("+-");
                self.put(literal(tolerance));
            }
        }
    }

    pub(super) fn verdict(&mut self, verdict: &Verdict) {
        self.key("verdict");
        self.put(verdict.rule.value.clone());
        self.key("in");
        let place = self.place(&verdict.place);
        self.put(place);
        self.put(year_word(&verdict.year));
        self.key("as");
        self.key(verdict.judgement.value.id());
        self.put(quoted(&verdict.reason.value));
    }

    pub(super) fn correct(&mut self, correct: &Correct) {
        self.key("correct");
        let cell = self.measure(&correct.cell);
        self.put(cell);
        self.key("in");
        let place = self.place(&correct.place);
        self.put(place);
        self.put(year_word(&correct.year));
        self.key("to");
        self.put(literal(&correct.value));
        self.key("because");
        self.put(quoted(&correct.because.value));
    }
}
