//! `why RULE`: the cells a result rests on, with the place each was printed at, and the sentence it speaks of.

use std::ops::Range;

use super::{
    super::{
        super::{Answer, Field, Source, plan::Plan},
        Context, Take,
        list::{answer, item, text, titles},
        whose::{named, select},
        why::{HEADS, Revision, row},
    },
    Found, Want,
    below::Below,
    checker::Checker,
    counts::Groups,
    missing_in_order, run,
};
use crate::{
    check,
    error::Result,
    model::{Finding, Status, Year},
    schema::{Rule, RuleScope, rule},
    store::View,
    text::Place,
};

/// Where the columns of a result stand among those of a cell.
const RESULT: Range<usize> = 2..2;

/// Carries out a `why` of the rule with this id: of each report what fails, and where nothing fails, whatever the
/// rule says. `role` tells a cell of the report from one of the year before, one of a body below, and from words.
pub(crate) fn why(plan: &Plan, id: &str, view: &View, context: &Context, take: &mut Take) -> Result<Answer> {
    let wanted: Vec<&Rule> = rule(id).into_iter().collect();
    let selection = select(plan, view, false);
    let groups = Groups::new(plan, &selection, false);
    let checker = Checker::new(&wanted, Want::Rows, groups, &selection, view, context);
    let mut heads = HEADS.to_vec();
    heads.splice(RESULT, ["rule", "status"]);
    let (mut earlier, mut missing) = (0, Vec::new());
    run(&checker, plan, |part| {
        missing.extend(part.missing);
        let mut rows = Vec::new();
        for found in part.found.chunk_by(|a, b| (a.subject, a.year) == (b.subject, b.year)) {
            context.go_on()?;
            let Some(report) = found.first().and_then(|found| Reported::of(found, plan, &checker)) else { continue };
            for found in worth_knowing(found) {
                report.rows(&found.finding, &checker, &mut rows);
            }
        }
        view.health()?;
        earlier += rows.len();
        if rows.is_empty() {
            Ok(())
        } else {
            take(Answer { revision: view.revision(), ..answer(titles(&heads), rows) })
        }
    })?;
    Ok(Answer {
        earlier,
        missing: missing_in_order(plan, selection, view, missing),
        ..answer(titles(&heads), Vec::new())
    })
}

/// What fails of the results of one rule in one report; where nothing fails, what there is.
pub(super) fn worth_knowing(found: &[Found]) -> impl Iterator<Item = &Found> {
    let fails = found.iter().any(|found| found.finding.status == Status::Fail);
    found.iter().filter(move |found| !fails || found.finding.status == Status::Fail)
}

/// Whether there is anything to show for a result.
pub(super) fn has_grounds(finding: &Finding) -> bool {
    !finding.cells.is_empty() || finding.text.is_some()
}

/// The reports that a result rests on, opened.
struct Reported {
    place: Field,
    year: Year,
    body: usize,
    report: Revision,
    before: Option<Revision>,
}

impl Reported {
    fn of(found: &Found, plan: &Plan, checker: &Checker) -> Option<Self> {
        let (view, subject) = (checker.view, checker.selection.get(found.subject)?);
        let year = *plan.years.get(found.year)?;
        let body = subject.report(view, year)?;
        let before = year.previous().and_then(|year| view.revision_of(subject.report(view, year)?, year));
        let place = Field::Place(subject.place_name(view));
        Some(Self { place, year, body, report: view.revision_of(body, year)?, before })
    }

    fn rows(&self, finding: &Finding, checker: &Checker, rows: &mut Vec<Vec<Field>>) {
        let result = [item(&finding.rule), item(finding.status.id())];
        let mut add = |mut row: Vec<Field>| {
            row.splice(RESULT, result.clone());
            rows.push(row);
        };
        let mut cells = |role: &str, place: &Field, revision: &Revision, slots: &[crate::model::Slot]| {
            for cell in slots.iter().filter_map(|&slot| revision.1.cell(slot)) {
                add(row(place, role, 1, revision, cell));
            }
        };
        cells("cell", &self.place, &self.report, &finding.cells);
        if let Some(before) = &self.before {
            cells("old", &self.place, before, &check::cells_before(finding));
        }
        if rule(&finding.rule).is_some_and(|rule| rule.scope == RuleScope::Levels) {
            for (place, revision) in self.parts(checker) {
                cells("part", &place, &revision, &finding.cells);
            }
        }
        if let Some(said) = &finding.text {
            add(self.said(said, finding.place));
        }
    }

    /// The reports of the bodies below.
    fn parts(&self, checker: &Checker) -> Vec<(Field, Revision)> {
        let view = checker.view;
        let Some(government) = view.body(self.body) else { return Vec::new() };
        let register = checker.context.register;
        let below = Below::of(&government.id, self.year, &mut super::desk::Desk::new(view), view, register);
        let part = |id: &crate::model::BodyId| {
            let body = view.find(id)?;
            let name = view.body(body).map(|body| body.name.as_str());
            Some((Field::Place(named(id.as_str(), name)), view.revision_of(body, self.year)?))
        };
        below.parts.iter().filter_map(|(id, _)| part(id)).collect()
    }

    /// A sentence of the report, or without a place what is to be said of the result.
    fn said(&self, said: &str, place: Option<Place>) -> Vec<Field> {
        let (revision, report) = &self.report;
        let source = place.map_or(Field::None, |place| {
            Field::Source(Source {
                file: report.origin.file.clone(),
                sha256: report.origin.sha256.clone(),
                line: Some(place.line).filter(|&line| line > 0),
                column: Some(place.column).filter(|&column| column > 0),
                ..Source::default()
            })
        });
        vec![
            self.place.clone(),
            Field::Year(self.year),
            item(if place.is_some() { "sentence" } else { "remark" }),
            Field::None,
            Field::None,
            Field::None,
            Field::Number(None),
            text(said),
            source,
            Field::Whole(*revision),
            text(report.origin.reader.clone()),
        ]
    }
}
