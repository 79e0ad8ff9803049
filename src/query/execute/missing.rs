//! Who should report and did not: the divisions of a year and the bodies the store knows, against the reports there.

use super::{
    super::{
        Answer, Detail, Field, Number,
        plan::{Dimension, Plan},
    },
    Context,
    list::{answer, item, titles},
    rows,
    selection::Selection,
    spots::Spots,
    whose::{Names, bit, select},
};
use crate::{error::Result, store::View};

/// `missing reports`: by the dimensions asked for, or one row a missing report.
pub(crate) fn missing(plan: &Plan, view: &View, context: &Context) -> Result<Answer> {
    let plan = everyone(plan);
    let selection = expected(&plan, view, context);
    if !plan.by.is_empty() {
        return grouped(&plan, &selection, view, context);
    }
    let mut found = Vec::new();
    for subject in selection.iter() {
        context.go_on()?;
        for (at, &year) in plan.years.iter().enumerate() {
            if subject.years & bit(at) != 0 && subject.report(view, year).is_none() {
                found.push((subject.place_name(view), subject.level, year));
            }
        }
    }
    let rows = found
        .iter()
        .map(|(place, level, year)| vec![Field::Place(place.clone()), item(level.id()), Field::Year(*year)])
        .collect();
    let mut answer = answer(titles(&["body", "level", "year"]), rows);
    answer.missing = found.into_iter().map(|(place, _, year)| (place, year)).collect();
    Ok(answer)
}

/// `show coverage`: by level and year unless asked otherwise.
pub(crate) fn coverage(plan: &Plan, view: &View, context: &Context) -> Result<Answer> {
    let mut plan = everyone(plan);
    if plan.by.is_empty() {
        plan.by = vec![Dimension::Level, Dimension::Year];
    }
    let selection = expected(&plan, view, context);
    grouped(&plan, &selection, view, context)
}

/// Who should report: the divisions, the bodies of the store, those of the register.
fn expected(plan: &Plan, view: &View, context: &Context) -> Selection {
    let mut selection = select(plan, view, false);
    if let Some(register) = context.register {
        selection.expect_registered(plan, view, register);
    }
    selection
}

/// A place stands for itself and everything below it: who should report is a question about an area.
fn everyone(plan: &Plan) -> Plan {
    use super::super::plan::Place;
    let mut plan = plan.clone();
    let mut places = Vec::new();
    for place in plan.whose.places {
        match place {
            Place::Body(id) if plan.whose.level.is_none() => places.extend([Place::Body(id.clone()), Place::Below(id)]),
            other => places.push(other),
        }
    }
    plan.whose.places = places;
    plan
}

fn grouped(plan: &Plan, selection: &Selection, view: &View, context: &Context) -> Result<Answer> {
    let by: Vec<Dimension> = plan
        .by
        .iter()
        .copied()
        .filter(|dimension| {
            !matches!(dimension, Dimension::Category | Dimension::Applicant | Dimension::Template | Dimension::Rule)
        })
        .collect();
    let spots = Spots::new(plan, &by, selection);
    let years = if by.contains(&Dimension::Year) { plan.years.len() } else { 1 };
    let mut counts = vec![(0_u64, 0_u64); spots.len() * years];
    let mut missing = Vec::new();
    for (number, subject) in selection.range(0..selection.len()) {
        context.go_on()?;
        for (at, &year) in plan.years.iter().enumerate() {
            if subject.years & bit(at) == 0 {
                continue;
            }
            let step = if years > 1 || by.contains(&Dimension::Year) { at } else { 0 };
            let index = spots.of(number) * years + step;
            let there = subject.report(view, year).is_some();
            if let Some((expected, found)) = counts.get_mut(index) {
                *expected += 1;
                *found += u64::from(there);
            }
            if !there {
                missing.push((subject.place_name(view), year));
            }
        }
    }
    let mut found: Vec<(Vec<u64>, Vec<Field>)> = Vec::new();
    let mut names = Names::default();
    for number in 0..spots.len() {
        for year in 0..years {
            let Some(&(expected, used)) = counts.get(number * years + year).filter(|(expected, _)| *expected > 0)
            else {
                continue;
            };
            let order = by
                .iter()
                .map(|&dimension| match dimension {
                    Dimension::Year => rows::ordinal(year),
                    _ => spots.ordinal(number, dimension, selection),
                })
                .collect();
            let mut row: Vec<Field> = by
                .iter()
                .map(|&dimension| match dimension {
                    Dimension::Year => plan.years.get(year).map_or(Field::None, |&year| Field::Year(year)),
                    _ => spots.field(number, dimension, selection, view, &mut names),
                })
                .collect();
            let share = Number::Ratio { numerator: i128::from(used), denominator: i128::from(expected) };
            row.extend([
                Field::Whole(expected),
                Field::Whole(used),
                Field::Whole(expected - used),
                Field::Number(Some(share)),
            ]);
            found.push((order, row));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let ids: Vec<&str> = by.iter().map(|dimension| dimension.id()).collect();
    let mut heads = titles(&ids);
    heads.extend(titles(&["expected", "reports", "missing", "coverage"]));
    if let Some(last) = heads.last_mut() {
        last.unit = Some("%".to_owned());
    }
    let details = vec![Detail::default(); found.len()];
    let dimensions = ids.into_iter().map(str::to_owned).collect();
    let rows = found.into_iter().map(|(_, row)| row).collect();
    Ok(Answer { missing: missing.into(), details, dimensions, ..answer(heads, rows) })
}
