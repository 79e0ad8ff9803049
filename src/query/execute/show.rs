//! `show`: what is in the store and what the language knows.

use super::{
    super::{
        Answer, Bilingual, Field,
        plan::{Place, Plan, Thing},
    },
    Context, division, labels,
    list::{answer, cell_name, item, maybe, quantity, source, text, titles, whole},
    missing,
    whose::{Subject, bit, named, select},
};
use crate::{
    error::Result,
    model::{BodyId, BodyKind, Cell, Report, Scope, Table, Template, Year},
    schema::{Comparability, Meaning, catalogue, names, places, rules},
    store::View,
};

/// Carries out a `show`.
pub(crate) fn show(plan: &Plan, thing: Thing, view: &View, context: &Context) -> Result<Answer> {
    Ok(match thing {
        Thing::Report => reports(plan, view, context)?,
        Thing::Cells => cells(plan, view, context)?,
        Thing::Bodies => bodies(plan, view),
        Thing::Categories => categories(),
        Thing::Years => years(view),
        Thing::Rules => all_rules(),
        Thing::Coverage => missing::coverage(plan, view, context)?,
        Thing::Places => divisions(plan),
    })
}

/// A report that is there: its body, its year, its number in the view.
pub(crate) type There = (Subject, Year, usize);

/// The reports of a statement that are there, with what is missing.
pub(crate) fn found(plan: &Plan, view: &View) -> (Vec<There>, Vec<(Subject, Year)>) {
    let selection = select(plan, view, false);
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for subject in selection.iter() {
        for (at, &year) in plan.years.iter().enumerate() {
            match subject.report(view, year) {
                Some(body) => there.push((subject.clone(), year, body)),
                None if subject.years & bit(at) != 0 => missing.push((subject.clone(), year)),
                None => {}
            }
        }
    }
    (there, missing)
}

fn cells(plan: &Plan, view: &View, context: &Context) -> Result<Answer> {
    let (there, missing) = found(plan, view);
    let several = there.len() > 1;
    let mut heads = titles(&["category", "applicant", "state", "value", "raw", "source"]);
    if several {
        heads.splice(0..0, titles(&["body", "year"]));
    }
    let mut rows = Vec::new();
    for (subject, year, body) in there {
        context.go_on()?;
        let Some(report) = view.report(body, year) else { continue };
        for cell in &report.cells {
            let mut row = Vec::with_capacity(heads.len());
            if several {
                row.extend([Field::Place(subject.place_name(view)), Field::Year(year)]);
            }
            row.push(labels::category_item(cell.slot.category));
            row.push(cell.slot.applicant.map_or(Field::None, labels::applicant_item));
            row.extend([Field::State(cell.reading.state()), quantity(cell.reading.value())]);
            row.extend([text(cell.raw.clone()), source(&report, cell)]);
            rows.push(row);
        }
    }
    let missing = missing.into_iter().map(|(subject, year)| (subject.place_name(view), year)).collect();
    Ok(Answer { missing, ..answer(heads, rows) })
}

fn reports(plan: &Plan, view: &View, context: &Context) -> Result<Answer> {
    let (there, missing) = found(plan, view);
    let heads = titles(&[
        "body",
        "year",
        "scope",
        "t2",
        "t3",
        "t4",
        "cells",
        "findings",
        "published",
        "file",
        "sha256",
        "reader",
    ]);
    let mut rows = Vec::with_capacity(there.len());
    for (subject, year, body) in there {
        context.go_on()?;
        let Some(report) = view.report(body, year) else { continue };
        let form = |table| report.templates.of(table).map_or(Field::None, |form: Template| item(form.id()));
        rows.push(vec![
            Field::Place(subject.place_name(view)),
            Field::Year(year),
            item(scope_id(report.scope)),
            form(Table::T2),
            form(Table::T3),
            form(Table::T4),
            whole(report.cells.len()),
            whole(report.findings.len()),
            maybe(report.published.clone()),
            text(report.origin.file.clone()),
            text(report.origin.sha256.clone()),
            text(report.origin.reader.clone()),
        ]);
    }
    let missing = missing.into_iter().map(|(subject, year)| (subject.place_name(view), year)).collect();
    Ok(Answer { missing, ..answer(heads, rows) })
}

fn bodies(plan: &Plan, view: &View) -> Answer {
    let selection = select(plan, view, false);
    // Without a place: every body of the store, not only those of the cover.
    let everything = plan.whose.places.is_empty() && plan.whose.level.is_none();
    let mut numbers: Vec<usize> = if everything {
        (0..view.body_count()).collect()
    } else {
        selection.iter().flat_map(|subject| subject.body().into_iter().chain(subject.others().to_vec())).collect()
    };
    numbers.sort_unstable();
    numbers.dedup();
    let heads = titles(&["body", "kind", "level", "reports", "first_year", "last_year"]);
    let rows = numbers
        .into_iter()
        .filter_map(|number| {
            let body = view.body(number)?;
            let years: Vec<Year> =
                plan.years.iter().copied().filter(|&year| view.meta(number, year).is_some()).collect();
            let year = |year: Option<&Year>| year.map_or(Field::None, |&year| Field::Year(year));
            Some(vec![
                Field::Place(named(body.id.as_str(), Some(&body.name))),
                item(kind_id(body.kind)),
                item(division::level(body).id()),
                whole(years.len()),
                year(years.iter().min()),
                year(years.iter().max()),
            ])
        })
        .collect();
    answer(heads, rows)
}

fn years(view: &View) -> Answer {
    let rows = view
        .years()
        .into_iter()
        .map(|year| {
            let mut scopes = [0_usize; 3];
            let mut all = 0;
            for body in view.present(year, 0..view.body_count()) {
                all += 1;
                let at = match view.meta(body, year).map(|meta| meta.scope) {
                    Some(Scope::Aggregate) => 0,
                    Some(Scope::Own) => 1,
                    Some(Scope::Unknown) | None => 2,
                };
                if let Some(count) = scopes.get_mut(at) {
                    *count += 1;
                }
            }
            [Field::Year(year), whole(all)].into_iter().chain(scopes.map(whole)).collect()
        })
        .collect();
    answer(titles(&["year", "reports", "aggregate", "own", "unknown"]), rows)
}

fn categories() -> Answer {
    let rows = names()
        .all()
        .iter()
        .map(|named| {
            let label = labels::measure(&named.id);
            let (table, unit, forms, grade, formula) = match named.meaning {
                Meaning::Category(code) => {
                    let known = catalogue().get(code);
                    let forms = [Template::Form2019, Template::Form2021].into_iter().filter(|&form| {
                        known.is_some_and(|known| match form {
                            Template::Form2019 => known.label_2019.is_some(),
                            Template::Form2021 => known.label_2021.is_some(),
                        })
                    });
                    (
                        known.and_then(|known| known.table),
                        known.and_then(|known| known.unit.clone()),
                        forms.map(Template::id).collect::<Vec<_>>().join(", "),
                        known.and_then(|known| known.comparability).map(grade_id),
                        catalogue().rollups.iter().find(|sum| sum.target == code).map(|sum| {
                            let ids = sum.parts.iter().filter_map(|&part| catalogue().get(part));
                            ids.map(|part| part.id.as_str()).collect::<Vec<_>>().join(" + ")
                        }),
                    )
                }
                Meaning::Virtual(at) => {
                    let formula = catalogue().virtuals.get(at).map(|sum| {
                        let id = |code| catalogue().get(code).map_or("", |known| known.id.as_str());
                        let plus = sum.plus.iter().map(|&code| id(code)).collect::<Vec<_>>().join(" + ");
                        sum.minus.iter().fold(plus, |text, &code| format!("{text} - {}", id(code)))
                    });
                    (None, None, String::new(), None, formula)
                }
                Meaning::Indicator(at) => {
                    let formula = names().indicators.get(at).map(indicator);
                    (None, None, String::new(), None, formula)
                }
            };
            vec![
                Field::Item { id: named.id.clone(), label },
                maybe(named.number.clone()),
                Field::Label(Bilingual { en: named.en.clone(), zh: named.zh.clone() }),
                table.map_or(Field::None, |table| item(super::list::table_id(table))),
                maybe(unit),
                text(forms),
                maybe(grade),
                maybe(
                    named
                        .base
                        .as_ref()
                        .map(|base| operand(base.id.as_str(), base.applicant.map(crate::model::Applicant::id))),
                ),
                maybe(formula),
            ]
        })
        .collect();
    answer(titles(&["category", "number", "name", "table", "unit", "forms", "grade", "base", "formula"]), rows)
}

fn operand(id: &str, applicant: Option<&str>) -> String {
    applicant.map_or_else(|| id.to_owned(), |applicant| format!("{id}[{applicant}]"))
}

/// A derived indicator's formula with the version of its definition.
fn indicator(one: &crate::schema::Indicator) -> String {
    let sum = |parts: &[(i64, crate::schema::Operand)]| {
        let mut written = String::new();
        for (factor, part) in parts {
            let sign = match (written.is_empty(), *factor < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            written.push_str(sign);
            written.push_str(&operand(&part.id, part.applicant.map(crate::model::Applicant::id)));
        }
        written
    };
    let above = sum(&one.numerator);
    let formula = match (one.per_residents, one.denominator.is_empty()) {
        (Some(per), _) => format!("({above}) * {per} / population"),
        (None, true) => above,
        (None, false) => format!("({above}) / ({})", sum(&one.denominator)),
    };
    format!("{formula}; version {}", one.version)
}

fn grade_id(grade: Comparability) -> String {
    match grade {
        Comparability::Same => "same",
        Comparability::SameAsSum => "same (as a sum)",
        Comparability::Near => "near",
        Comparability::Only2021 => "2021 only",
        Comparability::Only2019 => "2019 only",
    }
    .to_owned()
}

fn all_rules() -> Answer {
    let rows = rules()
        .iter()
        .map(|rule| {
            vec![
                item(&rule.id),
                text(rule.group.clone()),
                text(rule.formula.clone()),
                item(severity_id(rule.severity)),
                text(rule.source.clone()),
            ]
        })
        .collect();
    answer(titles(&["rule", "group", "formula", "severity", "basis"]), rows)
}

/// The divisions below the places asked for, or all provinces.
fn divisions(plan: &Plan) -> Answer {
    let wanted = |code: &str| {
        let Ok(id) = BodyId::government(code) else { return false };
        let code = division::code(&id);
        let level = plan.whose.level.is_none_or(|level| division::tier(code) == level);
        level
            && if plan.whose.places.is_empty() {
                plan.whose.level.is_some() || division::parent(code).is_none()
            } else {
                plan.whose.places.iter().any(|place| match place {
                    Place::Body(id) if plan.whose.level.is_none() => {
                        let head = division::code(id);
                        code == head || division::parent(code) == Some(head)
                    }
                    Place::Children(id) => division::parent(code) == Some(division::code(id)),
                    Place::Body(id) | Place::Below(id) => {
                        let head = division::code(id);
                        code != head && division::under(head).contains(&code)
                    }
                })
            }
    };
    let rows = places()
        .all()
        .iter()
        .filter(|row| wanted(row.code))
        .map(|row| {
            let year = |year: u16| Year::new(year).map_or(Field::None, Field::Year);
            vec![
                Field::Place(super::super::PlaceName {
                    code: row.code.to_owned(),
                    name: row.name.to_owned(),
                    path: row.full_name.to_owned(),
                }),
                item(division::tier(row.code.parse().unwrap_or_default()).id()),
                year(row.first_year),
                row.last_year.map_or(Field::None, year),
                text(row.lineage),
                text(row.successors.join(" ")),
            ]
        })
        .collect();
    answer(titles(&["place", "level", "first_year", "last_year", "lineage", "successors"]), rows)
}

pub(crate) fn scope_id(scope: Scope) -> &'static str {
    match scope {
        Scope::Aggregate => "aggregate",
        Scope::Own => "own",
        Scope::Unknown => "unknown",
    }
}

fn kind_id(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::Government => "government",
        BodyKind::Office => "office",
        BodyKind::Department => "department",
        BodyKind::Subdistrict => "subdistrict",
        BodyKind::Town => "town",
        BodyKind::Zone => "zone",
        BodyKind::Vertical => "vertical",
        BodyKind::Ministry => "ministry",
        BodyKind::Organisation => "organisation",
    }
}

pub(crate) fn severity_id(severity: crate::model::Severity) -> &'static str {
    match severity {
        crate::model::Severity::Error => "error",
        crate::model::Severity::Warning => "warning",
        crate::model::Severity::Info => "info",
    }
}

/// The cells of two versions of a report that differ.
pub(crate) fn differences(old: &Report, new: &Report) -> Vec<(super::super::CellName, Option<String>, Option<String>)> {
    let mut slots: Vec<_> = old.cells.iter().chain(&new.cells).map(|cell| cell.slot).collect();
    slots.sort_unstable();
    slots.dedup();
    // What a cell says is told by its reading; where only the printed text differs (`0`, `00`), by the text.
    let text = |cell: &Cell, by_reading: bool| match cell.reading.value() {
        Some(value) if by_reading => value.to_string(),
        _ => cell.raw.clone(),
    };
    slots
        .into_iter()
        .filter_map(|slot| {
            let (before, after) = (old.cell(slot), new.cell(slot));
            let readings = (before.map(|cell| cell.reading), after.map(|cell| cell.reading));
            let raws = (before.map(|cell| &cell.raw), after.map(|cell| &cell.raw));
            let by_reading = readings.0 != readings.1;
            let said = |cell: Option<&Cell>| cell.map(|cell| text(cell, by_reading));
            (by_reading || raws.0 != raws.1).then(|| (cell_name(slot), said(before), said(after)))
        })
        .collect()
}
