//! What follows the bars.

use super::Work;
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{self, Query, Spanned},
        plan::{Dimension, Stage},
    },
};

impl Work<'_> {
    /// The stages in order, or nothing when one of them is wrong.
    pub(super) fn stages(&mut self, query: &Query, canonical: &mut Query, by: &[Dimension]) -> Option<Vec<Stage>> {
        let columns = query.clauses.applicants.is_some() || by.contains(&Dimension::Applicant);
        let terms: &[ast::Term] = match &query.verb {
            ast::Verb::Ask(terms) => terms,
            _ => &[],
        };
        let found: Vec<Stage> = query
            .stages
            .iter()
            .zip(&mut canonical.stages)
            .filter_map(|(stage, printed)| self.stage(stage, printed, query, terms, columns, by))
            .collect();
        (found.len() == query.stages.len()).then_some(found)
    }

    fn stage(
        &mut self,
        stage: &Spanned<ast::Stage>,
        printed: &mut Spanned<ast::Stage>,
        query: &Query,
        terms: &[ast::Term],
        columns: bool,
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
                Stage::Sort { by: self.operand(key, printed, terms, columns)?, descending: *descending }
            }
            (ast::Stage::Keep(condition), ast::Stage::Keep(printed)) => {
                Stage::Keep(self.condition(condition, printed, terms, columns)?)
            }
            (ast::Stage::Flag(condition), ast::Stage::Flag(printed)) => {
                Stage::Flag(self.condition(condition, printed, terms, columns)?)
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
