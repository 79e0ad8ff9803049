//! Generated questions over generated stores, answered twice: by the executor, and by plain loops over all
//! cells written from the language's definition. Same rows, same states, same coverage, same refusals.

mod generate;
mod slow;

use gongkai::{
    query::{Answer, Context, Field, Number, execute, plan::Stage},
    store::View,
};

use self::{
    generate::Random,
    slow::{Outcome, Row},
};

/// How many stores, with as many questions each; more by `GONGKAI_CASES`.
fn cases() -> u64 {
    std::env::var("GONGKAI_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(12)
}

#[test]
fn the_executor_agrees_with_plain_loops() {
    let mut refused = 0;
    let mut values = 0;
    for seed in 0..cases() {
        let mut random = Random::new(seed);
        let reports = random.store();
        let view = View::of(1, reports.clone());
        for question in 0..40 {
            let plan = random.plan(&reports);
            let expected = slow::answer(&plan, &reports);
            let got = execute(&plan, &view, &Context::default());
            let what = || format!("store {seed}, question {question}: {plan:?}");
            match (expected, got) {
                (Outcome::Refused(code), Err(error)) => {
                    assert_eq!(error.diagnostics()[0].code, code, "{}", what());
                    refused += 1;
                }
                (Outcome::Rows { rows, missing }, Ok(answer)) => {
                    let ranked = plan.stages.iter().any(|stage| matches!(stage, Stage::Top(_) | Stage::Bottom(_)));
                    assert_eq!(shown(&answer), rows, "{}", what());
                    let mut named: Vec<String> =
                        answer.missing.iter().map(|(place, year)| format!("{} {year}", place.code)).collect();
                    named.sort();
                    assert_eq!(named, missing, "{}", what());
                    values += usize::from(!ranked) + rows.len();
                }
                (Outcome::Refused(code), Ok(answer)) => panic!("{code} expected, got {:?}\n{}", shown(&answer), what()),
                (Outcome::Rows { rows, .. }, Err(error)) => panic!("{error} instead of {rows:?}\n{}", what()),
            }
        }
    }
    // A generator that asks nothing proves nothing.
    assert!(refused > 5 && values > 400, "{refused} refusals, {values} rows");
}

/// The rows of an answer without flags, numbers in lowest terms.
fn shown(answer: &Answer) -> Vec<Row> {
    answer
        .rows
        .iter()
        .map(|row| row.iter().filter(|field| !matches!(field, Field::Flags(_))).map(field).collect())
        .collect()
}

fn field(field: &Field) -> String {
    match field {
        Field::Year(year) => year.to_string(),
        Field::Place(place) => place.code.clone(),
        Field::Item { id, .. } => id.clone(),
        Field::Whole(count) => count.to_string(),
        Field::State(state) => state.id().to_owned(),
        Field::Number(None) => "-".to_owned(),
        Field::Number(Some(Number::Count(count))) => format!("{count}"),
        Field::Number(Some(Number::Money(units))) => slow::fraction(*units, 1_000_000),
        Field::Number(Some(Number::Ratio { numerator, denominator })) => slow::fraction(*numerator, *denominator),
        other => format!("{other:?}"),
    }
}
