//! Generated questions over generated stores, answered twice: by the executor, on each of its ways, and by plain loops
//! over all cells written from the language's definition. Same rows, same states, same coverage, same refusals.

mod ask;
mod generate;
mod slow;

use gongkai::{
    model::{BodyKind, Quantity, Reading, Report, State, Year},
    query::{
        Answer, Context, Field, Number, Only, Population, execute,
        plan::{Dimension, Place, Plan, Stage, Whose},
    },
    store::{Settings, Store, View},
};

use self::{
    generate::Random,
    slow::{Outcome, Residents, Row},
};
use crate::store::{NOW, settings};

/// How many stores, with as many questions each; more by `GONGKAI_CASES`, others by `GONGKAI_FIRST`.
fn cases() -> std::ops::Range<u64> {
    let number = |name, otherwise| std::env::var(name).ok().and_then(|count| count.parse().ok()).unwrap_or(otherwise);
    let first: u64 = number("GONGKAI_FIRST", 0);
    first..first + number("GONGKAI_CASES", 12)
}

const WAYS: [Only; 5] = [Only::Shortest, Only::Rows, Only::Sums, Only::Reports, Only::Cells];

/// A table as a person would attach it.
fn attached(residents: &Residents) -> Population {
    let rows: String = residents.iter().map(|(code, year, count)| format!("{code},{year},{count}\n")).collect();
    Population::parse(&format!("division,year,population\n{rows}")).unwrap()
}

/// The reports as a store on disk gives them back: part sealed, part fresh.
fn stored(reports: &[Report], random: &mut Random) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { seal_after: 1 + random.below(40), ..settings() };
    let store = Store::create(&folder.path().join("db"), &settings, NOW).unwrap();
    for some in reports.chunks(1 + random.below(30)) {
        store.put_all(some, NOW).unwrap();
    }
    (folder, store)
}

#[test]
fn the_executor_agrees_with_plain_loops() {
    let mut refused = 0;
    let mut values = 0;
    let mut wrong: Vec<String> = Vec::new();
    let cases = cases();
    let few = cases.end - cases.start < 4;
    for seed in cases {
        let mut random = Random::new(seed);
        let reports = random.store();
        let residents = random.residents();
        let population = attached(&residents);
        let known = random.chance(90);
        let on_disk = (seed % 4 == 0).then(|| stored(&reports, &mut random));
        let view = on_disk.as_ref().map_or_else(|| View::of(1, reports.clone()), |(_, store)| store.view().unwrap());
        for question in 0..40 {
            let plan = random.plan(&reports);
            let expected = slow::answer(&plan, &reports, known.then_some(&residents));
            let what = format!("store {seed}, question {question}: {plan:?}");
            match &expected {
                Outcome::Refused(_) => refused += 1,
                Outcome::Rows { rows, .. } => values += rows.len(),
            }
            for only in WAYS {
                let context = Context { population: known.then_some(&population), only, ..Context::default() };
                if let Some(differs) = differs(&expected, &plan, &view, &context) {
                    wrong.push(format!("{only:?}: {differs}\n{what}"));
                    break;
                }
            }
        }
    }
    wrong.truncate(8);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // A generator that asks nothing proves nothing.
    assert!(few || (refused > 5 && values > 400), "{refused} refusals, {values} rows");
}

/// A chunk ends at 8,192 bodies.
#[test]
fn several_chunks_of_one_province_are_one_answer() {
    let mut random = Random::new(7);
    let reports = random.offices(8_500);
    let view = View::of(1, reports.clone());
    let below = Place::Below("140109".parse().unwrap());
    let mut asked = 0;
    while asked < 4 {
        let mut plan = random.plan(&reports);
        let change = format!("{plan:?}").contains("Change");
        let pivots = plan.stages.iter().any(|stage| matches!(stage, Stage::Pivot(_) | Stage::Contributions));
        if change || pivots || plan.by.contains(&Dimension::Template) {
            continue;
        }
        plan.whose = Whose { places: vec![below.clone()], apart: false, level: None };
        plan.years = [2023, 2024].into_iter().filter_map(Year::new).collect();
        let residents = Residents::new();
        let population = attached(&residents);
        let expected = slow::answer(&plan, &reports, Some(&residents));
        for only in WAYS {
            let context = Context { population: Some(&population), only, ..Context::default() };
            assert_eq!(differs(&expected, &plan, &view, &context), None, "{only:?}, {plan:?}");
        }
        asked += 1;
    }
}

/// Where all cells are numbers the columns are added up, and only what can be among the best becomes a row. Most
/// numbers are equal to many others.
#[test]
fn the_best_of_several_chunks_are_the_best_of_all() {
    let mut random = Random::new(11);
    let mut reports = random.offices(8_500);
    for report in &mut reports {
        if report.body.id.as_str().ends_with(['1', '4', '5']) {
            report.body.kind = BodyKind::Town;
        }
        for cell in &mut report.cells {
            let many = if random.chance(2) { 70_000 } else { 4 };
            cell.reading = Reading::Value(Quantity::Count(i64::try_from(random.below(many)).unwrap()));
        }
    }
    let view = View::of(1, reports.clone());
    let mut rows = 0;
    for _ in 0..8 {
        let plan = random.best();
        let expected = slow::answer(&plan, &reports, None);
        if let Outcome::Rows { rows: shown, .. } = &expected {
            rows += shown.len();
        }
        for only in [Only::Shortest, Only::Rows] {
            let context = Context { only, ..Context::default() };
            assert_eq!(differs(&expected, &plan, &view, &context), None, "{only:?}, {plan:?}");
        }
    }
    assert!(rows > 20, "{rows} rows");
}

/// What differs, if anything.
fn differs(expected: &Outcome, plan: &Plan, view: &View, context: &Context) -> Option<String> {
    match (expected, execute(plan, view, context)) {
        (Outcome::Refused(code), Err(error)) => {
            let found = error.diagnostics()[0].code.clone();
            (found != *code).then(|| format!("{found} instead of {code}"))
        }
        (Outcome::Rows { rows, states, missing }, Ok(answer)) => {
            let shown = shown(&answer);
            if shown != *rows {
                let first = shown.iter().zip(rows).find(|(found, wanted)| found != wanted);
                return Some(format!("{} rows instead of {}, {first:?}", shown.len(), rows.len()));
            }
            let mut named: Vec<String> =
                answer.missing.iter().map(|(place, year)| format!("{} {year}", place.code)).collect();
            named.sort();
            if named != *missing {
                return Some(format!("missing {named:?} instead of {missing:?}"));
            }
            let found = answer.details.iter().map(|detail| {
                let each = detail.states.iter();
                each.flat_map(|&(state, count)| vec![state; usize::try_from(count).unwrap()]).collect()
            });
            let found: Vec<Vec<State>> = found.collect();
            states.as_ref().filter(|states| **states != found).map(|states| format!("{found:?} instead of {states:?}"))
        }
        (Outcome::Refused(code), Ok(answer)) => Some(format!("{:?} instead of {code}", shown(&answer))),
        (Outcome::Rows { rows, .. }, Err(error)) => Some(format!("{error} instead of {rows:?}")),
    }
}

/// The rows of an answer, numbers in lowest terms; of the flags those that say something of the figures.
fn shown(answer: &Answer) -> Vec<Row> {
    answer.rows.iter().map(|row| row.iter().flat_map(field).collect()).collect()
}

fn field(field: &Field) -> Vec<String> {
    vec![match field {
        Field::Flags(flags) => {
            return ["small_n", "flagged"]
                .into_iter()
                .filter(|name| flags.iter().any(|flag| flag == name))
                .map(str::to_owned)
                .collect();
        }
        Field::Year(year) => year.to_string(),
        Field::Place(place) => place.code.clone(),
        Field::Item { id, .. } => id.clone(),
        Field::Whole(count) => count.to_string(),
        Field::State(state) => state.id().to_owned(),
        Field::Number(None) => "-".to_owned(),
        Field::Number(Some(Number::Count(count))) => format!("{count}"),
        Field::Number(Some(Number::Money(units))) => slow::fraction((*units, 1_000_000)),
        Field::Number(Some(Number::Ratio { numerator, denominator })) => slow::fraction((*numerator, *denominator)),
        other => format!("{other:?}"),
    }]
}
