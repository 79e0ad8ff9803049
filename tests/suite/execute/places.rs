//! Whose reports a question is about: places, tiers, the cover, series across renames.

use gongkai::{
    model::Scope,
    query::{
        Context, execute,
        plan::{Dimension, Level, Options},
    },
};

use super::fixture::{ask, change, lines, plain, report, report_2019, view};

const NEW: &str = "requests.new";
const YEAR: &[Dimension] = &[Dimension::Year];

fn shanxi() -> gongkai::store::View {
    view([
        report("140000", 2024).set(NEW, 1_000),
        report("140100", 2024).set(NEW, 400),
        report("140100/财政局", 2024).set(NEW, 7),
        report("140105", 2024).set(NEW, 30),
        report("140109", 2024).set(NEW, 100),
        report("140109/财政局", 2024).set(NEW, 5),
        report("140200", 2024).set(NEW, 200),
        report("150000", 2024).set(NEW, 50),
        report("150100", 2023).set(NEW, 9),
    ])
}

fn sum(places: &[&str]) -> Vec<String> {
    lines(&ask(plain(NEW), 2024..=2024).places(places).of(&shanxi()))
}

#[test]
fn a_place_is_exactly_its_own_aggregate() {
    assert_eq!(sum(&["140100"]), ["400 value 1 1"]);
    assert_eq!(sum(&["140109/财政局"]), ["5 value 1 1"]);
    assert_eq!(sum(&["140109/教育局"]), ["- no_report 0 1"]);
}

#[test]
fn children_are_directly_below_and_expected_by_the_divisions() {
    // 太原市 has ten counties; two reported. Its own bureau is no county and is left out, and that is said.
    let answer = ask(plain(NEW), 2024..=2024).places(&["140100/*"]).of(&shanxi());
    assert_eq!(lines(&answer), ["130 value 2 10"]);
    assert_eq!(answer.missing.len(), 8);
    assert!(answer.notes.iter().any(|note| note.code == "own_left_out"));
    assert_eq!(sum(&["140109/*"]), ["5 value 1 1"], "below a district there are only bodies of its own");
    // 山西省 has eleven prefectures.
    assert_eq!(sum(&["140000/*"]), ["600 value 2 11"]);
}

#[test]
fn a_tier_below_a_place() {
    let answer =
        ask(plain(NEW), 2024..=2024).by(&[Dimension::County]).places(&["140100/**"]).at(Level::County).of(&shanxi());
    assert_eq!(answer.rows.len(), 10);
    let there: Vec<_> = lines(&answer).into_iter().filter(|line| !line.contains("no_report")).collect();
    assert_eq!(there, ["小店区 30 value 1 1", "万柏林区 100 value 1 1"]);
    let departments = ask(plain(NEW), 2024..=2024).places(&["140000/**"]).at(Level::Department).of(&shanxi());
    assert_eq!(lines(&departments), ["12 value 2 2"]);
}

#[test]
fn without_a_place_the_cover_and_nothing_twice() {
    // 山西省 covers everything of its own; 内蒙古's prefecture reported another year only.
    assert_eq!(lines(&ask(plain(NEW), 2024..=2024).of(&shanxi())), ["1050 value 2 2"]);
    let by_province = ask(plain(NEW), 2023..=2024).by(&[Dimension::Province, Dimension::Year]).of(&shanxi());
    assert_eq!(
        lines(&by_province),
        [
            "山西省 2023 - no_report 0 1",
            "山西省 2024 1000 value 1 1",
            "内蒙古自治区 2023 9 value 1 1",
            "内蒙古自治区 2024 50 value 1 1",
        ]
    );
    assert!(by_province.notes.iter().any(|note| note.code == "cover_differs"));
    let counties = ask(plain(NEW), 2024..=2024).at(Level::County).of(&shanxi());
    assert!(
        lines(&counties)[0].starts_with("130 value 2 2"),
        "every county of the country is expected: {:?}",
        lines(&counties)
    );
}

#[test]
fn an_own_report_of_a_government_covers_nothing() {
    let view = view([report("140100", 2024).set(NEW, 3).scope(Scope::Own), report("140109", 2024).set(NEW, 100)]);
    let answer = ask(plain(NEW), 2024..=2024).of(&view);
    assert_eq!(lines(&answer), ["103 value 2 2 own_figures"]);
}

#[test]
fn a_part_is_never_added_to_its_whole() {
    for places in [&["140100", "140109"][..], &["140000/**"], &["140109", "140109/财政局"], &["140000", "140000/*"]]
    {
        let asked = ask(plain(NEW), 2024..=2024).places(places);
        let error = execute(&asked.0, &shanxi(), &Context::default()).unwrap_err();
        let diagnostic = &error.diagnostics()[0];
        assert_eq!(diagnostic.code, "GK0301", "{places:?}");
        assert!(diagnostic.args["whole"].starts_with("山西省") && diagnostic.args["part"].len() > 9);
    }
    // Side by side is no sum.
    let apart = ask(plain(NEW), 2024..=2024).places(&["140100", "140109"]).apart().of(&shanxi());
    assert_eq!(lines(&apart), ["太原市 400 value 1 1", "万柏林区 100 value 1 1"]);
    let rows = ask(plain(NEW), 2024..=2024).by(&[Dimension::Body]).places(&["140000/**"]).at(Level::City).of(&shanxi());
    assert_eq!(rows.rows.len(), 11);
}

#[test]
fn renames_are_followed() {
    // 太谷县 140726 became 太谷区 140703 in 2019.
    let view = view([
        report_2019("140726", 2018).set(NEW, 10),
        report_2019("140703", 2019).set(NEW, 15),
        report_2019("140703", 2020).set(NEW, 30),
    ]);
    for code in ["140703", "140726"] {
        let answer = ask(plain(NEW), 2018..=2020).by(YEAR).places(&[code]).of(&view);
        assert_eq!(lines(&answer), ["2018 10 value 1 1", "2019 15 value 1 1", "2020 30 value 1 1"], "{code}");
    }
    let growth = ask(change(NEW), 2019..=2020).by(&[Dimension::Body, Dimension::Year]).places(&["140700/**"]).of(&view);
    let taigu: Vec<_> = lines(&growth).into_iter().filter(|line| line.starts_with("太谷区")).collect();
    assert_eq!(taigu, ["太谷区 2019 1/2 value 15 10 1 1", "太谷区 2020 1/1 value 30 15 1 1"]);
    assert!(!lines(&growth).iter().any(|line| line.starts_with("太谷县")));
}

#[test]
fn a_merger_ends_a_series_and_a_changed_territory_is_marked() {
    // 杭州 2021: 下城区 330103 went into 拱墅区 330105, which kept its code.
    let view = view([
        report_2019("330103", 2020).set(NEW, 40),
        report_2019("330105", 2020).set(NEW, 50),
        report("330105", 2021).set(NEW, 100),
        report("330105", 2022).set(NEW, 110),
    ]);
    let ended = ask(plain(NEW), 2020..=2022).by(YEAR).places(&["330103"]).of(&view);
    assert_eq!(lines(&ended), ["2020 40 value 1 1"]);
    assert_eq!(ended.notes.iter().filter(|note| note.code == "not_valid").count(), 2);
    let marked = ask(plain(NEW), 2020..=2022).by(YEAR).places(&["330105"]).of(&view);
    assert_eq!(lines(&marked), ["2020 50 value 1 1", "2021 100 value 1 1 territory_changed", "2022 110 value 1 1"]);
    assert!(marked.notes.iter().any(|note| note.code == "territory_changed"));
    let growth = ask(change(NEW), 2021..=2022).by(YEAR).places(&["330105"]).of(&view);
    assert_eq!(lines(&growth), ["2021 1/1 value 100 50 1 1 territory_changed", "2022 1/10 value 110 100 1 1"]);
    let comparable = Options { comparable: true, ..Options::default() };
    let none = ask(plain(NEW), 2020..=2022).by(YEAR).places(&["330105"]).options(comparable).of(&view);
    assert_eq!(lines(&none), [""; 0]);
}

#[test]
fn rows_are_grouped_by_the_divisions_above() {
    let by =
        |dimension, places: &[&str]| lines(&ask(plain(NEW), 2024..=2024).by(&[dimension]).places(places).of(&shanxi()));
    assert_eq!(by(Dimension::City, &["140109", "140105", "140200"]), ["太原市 130 value 2 2", "大同市 200 value 1 1"]);
    assert_eq!(
        by(Dimension::Province, &["140100", "140200", "150000"]),
        ["山西省 600 value 2 2", "内蒙古自治区 50 value 1 1"]
    );
    assert_eq!(
        by(Dimension::Level, &["140105", "140200", "150000"]),
        ["province 50 value 1 1", "city 200 value 1 1", "county 30 value 1 1"]
    );
}
