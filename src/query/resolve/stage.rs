//! What follows the bars.

use super::{Work, condition::Frame};
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{self, Query, Spanned},
        plan::{Dimension, Stage, Verb},
    },
};

impl Work<'_> {
    /// The stages in order, or nothing when one of them is wrong; `verb` is the question's, where it could be read.
    pub(super) fn stages(
        &mut self,
        query: &Query,
        canonical: &mut Query,
        verb: Option<&Verb>,
        by: &[Dimension],
    ) -> Option<Vec<Stage>> {
        let columns = query.clauses.applicants.is_some() || by.contains(&Dimension::Applicant);
        let ask = verb.and_then(|verb| match verb {
            Verb::Ask(ask) => Some(ask),
            _ => None,
        });
        let frame = Frame::of(ask.map_or(&[], |ask| &ask.terms), verb.is_some(), columns);
        let mut found: Vec<Stage> = Vec::new();
        for (stage, printed) in query.stages.iter().zip(&mut canonical.stages) {
            let Some(next) = self.stage(stage, printed, query, frame, by) else { continue };
            if !found.iter().all(|before| next.follows(before)) {
                self.error(Diagnostic::error("GK0225", stage.span).with("stage", word(&stage.value)));
            } else if matches!(next, Stage::Contributions) && ask.is_some_and(|ask| !ask.adds_up()) {
                self.error(Diagnostic::error("GK0232", stage.span));
            } else {
                found.push(next);
            }
        }
        (found.len() == query.stages.len()).then_some(found)
    }

    fn stage(
        &mut self,
        stage: &Spanned<ast::Stage>,
        printed: &mut Spanned<ast::Stage>,
        query: &Query,
        frame: Frame,
        by: &[Dimension],
    ) -> Option<Stage> {
        let asks = matches!(query.verb, ast::Verb::Ask(_));
        let checks = matches!(query.verb, ast::Verb::Check(_));
        let fits = match &stage.value {
            ast::Stage::Failed => checks,
            ast::Stage::Export(_) => true,
            _ => asks,
        };
        if !fits {
            self.error(Diagnostic::error("GK0225", stage.span).with("stage", word(&stage.value)));
            return None;
        }
        Some(match (&stage.value, &mut printed.value) {
            (ast::Stage::Top(count), _) => Stage::Top(usize::try_from(count.value).unwrap_or(usize::MAX)),
            (ast::Stage::Bottom(count), _) => Stage::Bottom(usize::try_from(count.value).unwrap_or(usize::MAX)),
            (ast::Stage::Sort { descending, key }, ast::Stage::Sort { key: printed, .. }) => {
                Stage::Sort { by: self.operand(key, printed, frame)?, descending: *descending }
            }
            (ast::Stage::Keep(condition), ast::Stage::Keep(printed)) => {
                Stage::Keep(self.condition(condition, printed, frame)?)
            }
            (ast::Stage::Flag(condition), ast::Stage::Flag(printed)) => {
                Stage::Flag(self.condition(condition, printed, frame)?)
            }
            (ast::Stage::Failed, _) => Stage::Failed,
            (ast::Stage::Pivot(dim), _) => {
                let dimension = Dimension::from(dim.value);
                if !by.contains(&dimension) {
                    self.error(Diagnostic::error("GK0226", dim.span));
                    return None;
                }
                Stage::Pivot(dimension)
            }
            (ast::Stage::Chart, _) => Stage::Chart,
            (ast::Stage::Contributions, _) => Stage::Contributions,
            (ast::Stage::Export(file), _) => Stage::Export(file.value.clone()),
            (ast::Stage::Sort { .. } | ast::Stage::Keep(_) | ast::Stage::Flag(_), _) => return None,
        })
    }
}

/// The canonical word of a stage.
fn word(stage: &ast::Stage) -> &'static str {
    match stage {
        ast::Stage::Top(_) => "top",
        ast::Stage::Bottom(_) => "bottom",
        ast::Stage::Sort { .. } => "sort",
        ast::Stage::Keep(_) => "keep",
        ast::Stage::Flag(_) => "flag",
        ast::Stage::Failed => "failed",
        ast::Stage::Pivot(_) => "pivot",
        ast::Stage::Chart => "chart",
        ast::Stage::Contributions => "contributions",
        ast::Stage::Export(_) => "export",
    }
}
