//! The seed answer of the language's contract and a second one with everything that can be missing, by hand.

use serde_json::{Value, json};

use super::{answer, chart, csv, html, json, markdown};
use crate::{
    messages::Lang,
    model::{State, Year},
    query::{Answer, Bilingual, Definition, Detail, Field, Note, Number, PlaceName, Title},
};

fn both(en: &str, zh: &str) -> Bilingual {
    Bilingual { en: en.to_owned(), zh: zh.to_owned() }
}

fn title(id: &str, unit: Option<&str>) -> Title {
    Title { id: id.to_owned(), label: Bilingual::default(), unit: unit.map(str::to_owned) }
}

fn row(year: u16, share: Option<(i128, i128)>, state: State, used: u64, flags: &[&str]) -> Vec<Field> {
    let ratio = share.map(|(numerator, denominator)| Number::Ratio { numerator, denominator });
    vec![
        Field::Year(Year::new(year).unwrap()),
        Field::Number(ratio),
        Field::State(state),
        Field::Number(share.map(|(numerator, _)| Number::Count(numerator))),
        Field::Number(share.map(|(_, denominator)| Number::Count(denominator))),
        Field::Whole(used),
        Field::Whole(1),
        Field::Flags(flags.iter().map(|&flag| flag.to_owned()).collect()),
    ]
}

/// `share of not_held by year in 万柏林区 2024`: 77 of 100.
pub(super) fn seed() -> Answer {
    Answer {
        query: both("share of not_held out_of outcome.total by year in 山西省/太原市/万柏林区 2024", "…"),
        measures: vec![Definition {
            kind: "share".to_owned(),
            numerator: "outcome.unavailable.not_held".to_owned(),
            denominator: Some("outcome.total".to_owned()),
            unit: Some("件".to_owned()),
            pooling: Some("pooled".to_owned()),
            version: None,
            text: both("not held ÷ total handled", "三(四)1 本机关不掌握相关政府信息(总计列) ÷ 三(七)总计"),
        }],
        columns: vec![
            title("year", None),
            title("value", Some("%")),
            title("state", None),
            title("numerator", Some("件")),
            title("denominator", Some("件")),
            title("reports_used", None),
            title("reports_expected", None),
            title("flags", None),
        ],
        rows: vec![row(2024, Some((77, 100)), State::Value, 1, &[])],
        dimensions: vec!["year".to_owned()],
        revision: 1,
        ..Answer::default()
    }
}

/// Four years: a value with a small base, no report, 0 of 0, a value.
fn gaps() -> Answer {
    let mut answer = seed();
    answer.rows = vec![
        row(2021, Some((5, 8)), State::Value, 1, &["small_n"]),
        row(2022, None, State::NoReport, 0, &[]),
        row(2023, None, State::Undefined, 1, &[]),
        row(2024, Some((77, 100)), State::Value, 1, &["break_near"]),
    ];
    let place = PlaceName {
        code: "140109".into(), name: "万柏林区".into(), path: "山西省/太原市/万柏林区".into()
    };
    answer.missing = vec![(place, Year::new(2022).unwrap())].into();
    answer.notes = vec![Note { code: "GK0401".to_owned(), args: Vec::new() }];
    answer.details = vec![Detail { states: vec![(State::Blank, 2)], ..Detail::default() }];
    answer
}

fn view(lang: Lang) -> answer::View {
    answer::View { lang, width: usize::MAX, rows: usize::MAX, prompt: true }
}

#[test]
fn the_seed_is_printed_as_the_contract_shows_it() {
    let text = answer::text(&seed(), view(Lang::Zh));
    assert_eq!(
        text,
        "读作 share of not_held out_of outcome.total by year in 山西省/太原市/万柏林区 2024\n\
         年份   占比  分子  分母  报告\n\
         2024  77.0%    77   100   1/1\n\
         三(四)1 本机关不掌握相关政府信息(总计列) ÷ 三(七)总计 · 件 · 合并占比 · 溯源 .why 1\n"
    );
}

#[test]
fn the_seed_as_json_has_the_fields_of_the_contract() {
    let object = serde_json::to_string(&json::object(&seed(), Some(0.4), Lang::En)).unwrap();
    let row = r#""rows":[{"year":2024,"value":0.77,"state":"value","numerator":77,"denominator":100,"reports_used":1,"reports_expected":1,"flags":[]}]"#;
    assert!(object.contains(row), "{object}");
    let object: Value = serde_json::from_str(&object).unwrap();
    let columns = ["year", "value", "state", "numerator", "denominator", "reports_used", "reports_expected", "flags"];
    assert_eq!(object["columns"], json!(columns));
    assert_eq!(object["measure"]["kind"], "share");
    assert_eq!(object["measure"]["numerator"], "outcome.unavailable.not_held");
    assert_eq!(object["measure"]["denominator"], "outcome.total");
    assert_eq!(object["measure"]["pooling"], "pooled");
    assert_eq!((&object["notes"], &object["missing"]), (&json!([]), &json!([])));
    assert_eq!(object["store"], json!({"revision": 1}));
    assert_eq!(object["elapsed_ms"], 0.4);
}

#[test]
fn what_is_not_a_value_is_never_a_number() {
    let answer = gaps();
    let object: Value =
        serde_json::from_str(&serde_json::to_string(&json::object(&answer, None, Lang::En)).unwrap()).unwrap();
    assert_eq!(object["rows"][1]["value"], Value::Null);
    assert_eq!(object["rows"][1]["state"], "no_report");
    assert_eq!(object["rows"][2]["state"], "undefined");
    assert_eq!(object["rows"][0]["states"], json!({"blank": 2}));
    assert_eq!(object["missing"][0]["year"], 2022);
    let csv = csv::text(&answer);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "year,value,state,numerator,denominator,reports_used,reports_expected,flags");
    assert_eq!(lines[1], "2021,0.625,value,5,8,1,1,small_n");
    assert_eq!(lines[2], "2022,,no_report,,,0,1,");
    let text = answer::text(&answer, view(Lang::En));
    // Right-aligned to the longest text of the column, `undefined (0 requests)`: 22 columns, after a gap of 2.
    assert!(text.contains(&format!("2022{}no report", " ".repeat(2 + 22 - 9))), "{text}");
    assert!(text.contains("missing: 万柏林区 2022 (1)"), "{text}");
}

#[test]
fn rows_that_are_not_shown_are_counted() {
    let text = answer::text(&gaps(), answer::View { rows: 3, ..view(Lang::En) });
    assert!(text.contains("3 of 4 rows shown"), "{text}");
    assert!(!text.contains("77.0%"));
}

#[test]
fn markup_is_escaped() {
    let mut answer = seed();
    answer.query.en = "share of <b>|`".to_owned();
    answer.columns.push(title("raw", None));
    answer.rows[0].push(Field::Text("a|b<script>".to_owned()));
    assert!(markdown::text(&answer, Lang::En).contains("a\\|b<script>"));
    let page = html::page(&answer, None, Lang::En);
    assert!(page.contains("a|b&lt;script&gt;") && !page.contains("<script>"));
}

#[test]
fn a_picture_leaves_gaps_as_gaps() {
    let text = chart::terminal(&gaps(), answer::View { width: 60, ..view(Lang::Zh) });
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("2021  ████"), "{text}");
    assert_eq!(lines[1], "2022  · 无报告");
    assert!(lines[2].starts_with("2023  · 无定义"), "{text}");
    assert!(lines[3].ends_with("77.0% ‖"), "{text}");
    let svg = chart::svg(&gaps(), Lang::Zh);
    // Two points, no line between them: the years between have no value.
    assert_eq!(svg.matches("<circle").count(), 2);
    assert!(!svg.contains("stroke-width=\"2\""), "{svg}");
    assert!(svg.contains("无报告") && !svg.contains("NaN"));
}

/// A second share and a count beside the first.
fn several() -> Answer {
    let mut answer = gaps();
    for (id, unit) in [("value_2", Some("%")), ("state_2", None), ("value_3", Some("件")), ("state_3", None)] {
        answer.columns.push(title(id, unit));
    }
    for row in &mut answer.rows {
        row.push(Field::Number(Some(Number::Ratio { numerator: 1, denominator: 4 })));
        row.push(Field::State(State::Value));
        row.push(Field::Number(Some(Number::Count(9))));
        row.push(Field::State(State::Value));
    }
    answer
}

#[test]
fn a_picture_holds_every_measure_of_its_unit_and_names_the_others() {
    let svg = chart::svg(&several(), Lang::En);
    // The first share has two points, the second, whose mark is a square, one a year and one in the legend.
    assert_eq!((svg.matches("<circle").count(), svg.matches("width=\"8\"").count()), (2 + 1, 4 + 1), "{svg}");
    assert!(svg.contains("not in the picture, since the unit is another: Value"), "{svg}");
}

#[test]
fn the_columns_of_a_second_measure_have_words_too() {
    let mut answer = seed();
    answer.columns[3].id = "numerator_2".to_owned();
    assert!(csv::text(&answer).contains("numerator_2"));
    assert!(html::page(&answer, None, Lang::Zh).contains("分子"));
}
