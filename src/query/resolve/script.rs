//! The statements of scripts that are no questions: claims, judgements, corrections.

use super::{Context, Work, condition::Scale};
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{self, Literal},
        plan, print,
        session::{Claimed, Corrected, Judged, cell_of},
    },
    schema::rule,
};

/// What an assert claims of the first figure asked for.
pub(crate) fn claim(
    assert: &ast::Assert,
    verb: &plan::Verb,
    context: &Context<'_>,
) -> Result<Option<Claimed>, Vec<Diagnostic>> {
    let Some(claim) = &assert.claim else { return Ok(None) };
    let mut work = Work::new(context);
    let value = work.literal(&claim.value);
    if let plan::Verb::Ask(ask) = verb {
        work.mind_the_scale(ask.terms.first().map_or(Scale::Any, Scale::of), &claim.value);
    }
    if !work.errors.is_empty() {
        return Err(work.errors);
    }
    let tolerance = claim.tolerance.as_ref().map(|literal| work.literal(literal));
    match (value, tolerance) {
        (Some(value), None) => {
            Ok(Some(Claimed { comparison: super::condition::comparison(claim.comparator), value, tolerance: None }))
        }
        (Some(value), Some(Some(tolerance))) => Ok(Some(Claimed {
            comparison: super::condition::comparison(claim.comparator),
            value,
            tolerance: Some(tolerance),
        })),
        _ => Err(work.errors),
    }
}

/// A judgement on a finding.
pub(crate) fn verdict(verdict: &ast::Verdict, context: &Context<'_>) -> Result<Judged, Vec<Diagnostic>> {
    let mut work = Work::new(context);
    let found = work.rules(std::slice::from_ref(&verdict.rule));
    let body = work.place(&verdict.place);
    let year = work.year(&verdict.year);
    match (found, body, year, rule(&verdict.rule.value)) {
        (Some(_), Some((body, ast::Reach::Itself)), Some(year), Some(rule)) => Ok(Judged {
            rule: rule.id.clone(),
            body,
            year,
            judgement: verdict.judgement.value,
            reason: verdict.reason.value.clone(),
        }),
        _ => Err(work.or_one_report(verdict.place.span)),
    }
}

/// A correction of one cell.
pub(crate) fn correct(correct: &ast::Correct, context: &Context<'_>) -> Result<Corrected, Vec<Diagnostic>> {
    let mut work = Work::new(context);
    let measure = work.measure(&correct.cell);
    let body = work.place(&correct.place);
    let year = work.year(&correct.year);
    let value = match &correct.value {
        Literal::Number(figure) if !figure.value.percent => Some(print::figure(&figure.value)),
        Literal::Param(name) => work.param(name),
        other => {
            work.error(Diagnostic::error("GK0224", other.span()));
            None
        }
    };
    let slot = measure.as_ref().and_then(cell_of);
    if slot.is_none() && work.errors.is_empty() {
        work.error(Diagnostic::error("GK0229", correct.cell.span).with("word", correct.cell.name.value.clone()));
    }
    match (slot, body, year, value) {
        (Some(slot), Some((body, ast::Reach::Itself)), Some(year), Some(value)) => {
            Ok(Corrected { slot, body, year, value, because: correct.because.value.clone() })
        }
        _ => Err(work.or_one_report(correct.place.span)),
    }
}

impl Work<'_> {
    /// The complaints; where there is none, that one report must be named.
    fn or_one_report(self, span: crate::text::Span) -> Vec<Diagnostic> {
        if self.errors.is_empty() { vec![Diagnostic::error("GK0230", span)] } else { self.errors }
    }
}
