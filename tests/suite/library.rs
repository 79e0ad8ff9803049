//! The library as an embedding program sees it.

use gongkai::{
    Database, Diagnostic, Dim, Error, ErrorKind, Prepared, Query, Value,
    ingest::Options,
    model::{Applicant, Reading, State, Year},
    query::{InterruptHandle, Number, ParamKind},
    store::View,
};

/// What a program may share between threads. It fails to compile where that is no longer so.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Database>();
    shared::<Prepared>();
    shared::<View>();
    shared::<InterruptHandle>();
    shared::<Error>();
    shared::<Diagnostic>();
    shared::<gongkai::Answer>();
    shared::<gongkai::ingest::Reading>();
};

fn database() -> Database {
    let database = Database::in_memory();
    for name in
        ["太原市万柏林区-2024.txt", "平潭综合实验区-2021.html", "平潭综合实验区-2023.txt", "平潭综合实验区-2024.md"]
    {
        database.ingest(format!("examples/data/{name}"), &Options::default()).unwrap();
    }
    database
}

fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

/// The codes of the complaints with the words they point at.
fn complaints(error: &Error, text: &str) -> Vec<String> {
    let at = |one: &Diagnostic| format!("{} {}", one.code, &text[one.span.start..one.span.end]);
    error.diagnostics().iter().map(at).collect()
}

#[test]
fn a_prepared_question_takes_typed_values() {
    let database = database();
    let question = database.prepare("share of $kind by year in $place $years where new >= $least").unwrap();
    let kinds: Vec<_> = question.parameters().iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("kind", ParamKind::Category),
            ("place", ParamKind::Place),
            ("years", ParamKind::Year),
            ("least", ParamKind::Number)
        ]
    );
    let ask = |place: Value, years: Value, least: i64| {
        let values = [("kind", "not_held".into()), ("place", place), ("years", years), ("least", least.into())];
        let answer = database.ask(&question, &values).unwrap();
        answer
            .rows()
            .map(|row| {
                let Some(Number::Ratio { numerator, denominator }) = row.value() else { return (row.year(), 0, 0) };
                assert!(row.dim(Dim::Year).is_some());
                (row.year(), numerator, denominator)
            })
            .collect::<Vec<_>>()
    };
    // The figures are printed in the reports: 77 of 100; 31 of 81 and 75 of 218.
    let seed = [(Some(year(2024)), 77, 100)];
    assert_eq!(ask("万柏林区".into(), year(2024).into(), 1), seed);
    assert_eq!(ask("140109".parse::<gongkai::model::BodyId>().unwrap().into(), 2024.into(), 1), seed);
    let island = [(Some(year(2023)), 31, 81), (Some(year(2024)), 75, 218)];
    assert_eq!(ask("平潭综合实验区".into(), (year(2023)..=year(2024)).into(), 1), island);
    assert_eq!(ask("平潭综合实验区".into(), "2023至2024".into(), 1), island);
    assert_eq!(ask("平潭综合实验区".into(), "2023..2024".into(), 100), island[1..]);
}

#[test]
fn the_answer_of_a_prepared_question_can_be_cited() {
    let database = database();
    let question = database.prepare("new[$who] in $place $y where new >= $least").unwrap();
    let values =
        [("who", Applicant::Natural.into()), ("place", "万柏林区".into()), ("y", 2024.into()), ("least", 30.into())];
    let answer = database.ask(&question, &values).unwrap();
    assert_eq!(answer.query.en, "new[natural] in 山西省/太原市/万柏林区 2024 where new >= 30");
    let again = database.query(&answer.query.zh).unwrap();
    assert_eq!(again.rows, answer.rows);
}

#[test]
fn a_parameter_may_be_the_whole_measure() {
    let database = database();
    let question = database.prepare("$what by category in $place 2024").unwrap();
    let answer = database.ask(&question, &[("what", "unavailable.*".into()), ("place", "万柏林区".into())]).unwrap();
    assert_eq!(answer.query.en, "unavailable.* by category in 山西省/太原市/万柏林区 2024");
    assert_eq!(answer.rows().next().and_then(|row| row.value()), Some(Number::Count(77)));
}

#[test]
fn a_value_of_another_kind_is_a_complaint_at_its_place() {
    let database = database();
    let question = database.prepare("share of $kind in $place $years").unwrap();
    let wrong = |name: &'static str, value: Value| {
        let mut values = vec![("kind", "not_held".into()), ("place", "万柏林区".into()), ("years", 2024.into())];
        values.push((name, value));
        let error = database.ask(&question, &values).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query);
        complaints(&error, question.text())
    };
    assert_eq!(wrong("place", year(2024).into()), ["GK0214 $place"]);
    assert_eq!(wrong("place", "万柏临区".into()), ["GK0202 $place"]);
    assert_eq!(wrong("place", "鼓楼区".into()), ["GK0204 $place"]);
    assert_eq!(wrong("years", "last year".into()), ["GK0214 $years"]);
    assert_eq!(wrong("years", 24.into()), ["GK0214 $years"]);
    assert_eq!(wrong("years", "2024..2020".into()), ["GK0217 $years"]);
    assert_eq!(wrong("years", "2024 | export x".into()), ["GK0214 $years"]);
    assert_eq!(wrong("kind", Applicant::Natural.into()), ["GK0214 $kind"]);
    assert_eq!(wrong("kind", "not_hold".into()), ["GK0201 $kind"]);
    assert_eq!(wrong("kind", "$kind".into()), ["GK0214 $kind"]);
}

#[test]
fn a_missing_value_and_an_unknown_name_are_told_apart() {
    let database = database();
    let question = database.prepare("share of not_held in $place 2024").unwrap();
    let error = database.ask(&question, &[]).unwrap_err();
    assert_eq!(complaints(&error, question.text()), ["GK0213 $place"]);
    let error = database.ask(&question, &[("plcae", "万柏林区".into())]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("$place"), "{error}");
}

#[test]
fn a_mistake_is_found_when_the_question_is_prepared() {
    let database = database();
    let text = "share of not_hold by yaer in $place";
    let error = database.prepare(text).unwrap_err();
    assert_eq!(complaints(&error, text), ["GK0201 not_hold", "GK0109 yaer"]);
    let text = "share of not_held in $place 2024 where nwe >= $least";
    assert_eq!(complaints(&database.prepare(text).unwrap_err(), text), ["GK0201 nwe"]);
    assert_eq!(database.prepare("new; new").unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(database.prepare("let x = new").unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn a_question_is_built_without_a_text() {
    let database = database();
    let question = Query::share("not_held").by(Dim::Year).within("140109").build().unwrap();
    let answer = database.ask(&question, &[]).unwrap();
    let row = answer.rows().next().unwrap();
    assert_eq!(row.value(), Some(Number::Ratio { numerator: 77, denominator: 100 }));
    assert_eq!(row.state(), Some(State::Value));
    assert_eq!(answer.query.en, database.query(question.text()).unwrap().query.en);
    // A misspelt name is found when it is asked, at the word in the text that was built.
    let wrong = Query::share("not_hold").build().unwrap();
    let error = database.ask(&wrong, &[]).unwrap_err();
    assert_eq!(complaints(&error, wrong.text()), ["GK0201 not_hold"]);
}

#[test]
fn every_cell_is_walked_over() {
    let database = database();
    let view = database.view().unwrap();
    let facts: Vec<_> = view.facts().collect();
    let mut printed = 0;
    for body in 0..view.body_count() {
        for year in view.years() {
            if let Some(report) = view.report(body, year) {
                printed += report.cells.len();
                for cell in &report.cells {
                    let found = facts.iter().filter(|fact| fact.key == report.key() && fact.slot == cell.slot);
                    let found: Vec<Reading> = found.map(|fact| fact.reading).collect();
                    assert_eq!(found, [cell.reading], "{:?} {:?}", report.key(), cell.slot);
                }
            }
        }
    }
    assert_eq!(facts.len(), printed);
    assert!(printed > 600, "{printed} cells");
}

#[test]
fn an_answer_and_a_prepared_value_survive_serde() {
    let database = database();
    let answer = database.query("share of not_held by year in 万柏林区").unwrap();
    let text = serde_json::to_string(&answer).unwrap();
    assert_eq!(serde_json::from_str::<gongkai::Answer>(&text).unwrap(), answer);
    let value: Value = (year(2021)..=year(2024)).into();
    assert_eq!(serde_json::from_str::<Value>(&serde_json::to_string(&value).unwrap()).unwrap(), value);
}

#[test]
fn results_of_a_check_come_in_pieces_and_are_those_of_the_whole() {
    let database = database();
    let whole = database.query("check all").unwrap();
    let mut rows = Vec::new();
    let rest = database
        .query_in_pieces("check all", |piece| {
            assert_eq!((&piece.columns, &piece.query), (&whole.columns, &whole.query));
            rows.extend(piece.rows);
            Ok(())
        })
        .unwrap();
    assert_eq!((rest.earlier, rest.rows.len(), rest.count()), (rows.len(), 0, whole.rows.len()));
    assert_eq!((rows, rest.failed, rest.missing), (whole.rows, whole.failed, whole.missing));
    // What needs the whole comes as the rest.
    for text in ["check all by rule", "new by year in 平潭综合实验区"] {
        let rest = database.query_in_pieces(text, |_| panic!("{text}")).unwrap();
        assert_eq!(rest, database.query(text).unwrap());
    }
    // Whoever takes no more ends the question with an error of its own.
    let enough = |_| Err(Error::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe)));
    assert_eq!(database.query_in_pieces("check all", enough).unwrap_err().kind(), ErrorKind::Io);
}
