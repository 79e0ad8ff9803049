//! The twelve questions over real reports, where their folder stands beside the project: both languages ask the same,
//! are answered the same, and the figures are those of the truth files.

use std::{collections::BTreeMap, env, fs, path::PathBuf, sync::OnceLock};

use gongkai::{
    Database, ErrorKind,
    ingest::Options,
    model::State,
    query::{Answer, Field, Number, Row, Session, Step},
    text::Source,
};
use serde_json::Value;

/// Each with the places and years of the folder.
const TWELVE: [(&str, &str); 12] = [
    ("share of not_held by year in 平潭综合实验区 2021..2024", "平潭综合实验区2021至2024年不掌握占比按年份"),
    (
        "share of not_held by county in 江苏省 2024..2025 where new >= 30 | top 10",
        "江苏省2024至2025年不掌握占比按区县 条件 新收>=30 | 前10",
    ),
    ("missing reports in 江苏省 2024 by level", "江苏省2024年缺失报告按层级"),
    ("check identities in 江苏省/** 2024 | failed", "核对勾稽在江苏省/**2024 | 仅失败"),
    ("share of outcome.* by category in 万柏林区 vs 洪泽区 2024", "办理结果各项占比按类别在万柏林区对比洪泽区 2024"),
    (
        "change of new by city, year in 平潭综合实验区 2021..2024 | flag ratio > 2 or ratio < 0.2",
        "新收同比按地市、年份在平潭综合实验区2021至2024 | 标记 倍数>2 或 倍数<0.2",
    ),
    (
        "share of refused.* out_of refused by category, year in 平潭综合实验区 2021..2024",
        "平潭综合实验区2021至2024年不予公开各项占比 除以 不予公开 按类别、年份",
    ),
    (
        "quartiles of share of review.corrected by year in 江苏省/* 2023..2024 where review.closed >= 5",
        "四分位复议纠正占比按年份在江苏省/*2023至2024 条件 复议审结>=5",
    ),
    ("check carry_over in 平潭综合实验区 2021..2024 | failed", "核对结转衔接在平潭综合实验区2021至2024 | 仅失败"),
    ("share of not_held by applicant in 淮安市 2024", "淮安市2024年不掌握占比按申请人"),
    ("why not_held in 万柏林区 2024", "溯源不掌握在万柏林区2024"),
    ("revisions in 淮安市 2024", "修订在淮安市2024"),
];

/// The reports in a store, and the truth of each by name.
struct Ground {
    database: Database,
    truths: BTreeMap<String, Value>,
}

fn ground() -> Option<&'static Ground> {
    static GROUND: OnceLock<Option<Ground>> = OnceLock::new();
    GROUND.get_or_init(load).as_ref()
}

fn load() -> Option<Ground> {
    let folder = env::var_os("GONGKAI_REPORTS").map_or_else(|| PathBuf::from("../shared/reports"), PathBuf::from);
    let folder = folder.join("complete");
    if !folder.is_dir() {
        eprintln!("skipped: no folder of reports at {}", folder.display());
        return None;
    }
    let (database, mut truths) = (Database::in_memory(), BTreeMap::new());
    for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let truth: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let file = truth["files"].as_array().unwrap().iter().map(|file| folder.join(file.as_str().unwrap()));
        let first = file.into_iter().find(|file| file.exists()).unwrap();
        let done = database.ingest(&first, &Options::default()).unwrap();
        if done.iter().all(|one| one.report().is_none()) {
            // The body is not named as the register of divisions names it: the truth says who it is.
            let body = truth["body"].as_str().map(str::to_owned);
            database.ingest(&first, &Options { body, ..Options::default() }).unwrap();
        }
        truths.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), truth);
    }
    Some(Ground { database, truths })
}

impl Ground {
    /// The figure of a row and column (0 to 6, the last the total) of table 3, as the truth file has it.
    fn figure(&self, report: &str, row: &str, column: usize) -> i128 {
        self.truths[report]["table3"][row][column].as_i64().unwrap().into()
    }

    fn total(&self, report: &str, row: &str) -> i128 {
        self.figure(report, row, 6)
    }

    fn ask(&self, number: usize) -> Answer {
        self.database.query(TWELVE[number - 1].0).unwrap()
    }
}

fn count(number: Option<Number>) -> i128 {
    match number {
        Some(Number::Count(count)) => count,
        other => panic!("no count: {other:?}"),
    }
}

/// Above and below the line.
fn pair(row: &Row<'_>) -> (i128, i128) {
    (count(row.numerator()), count(row.denominator()))
}

fn item<'a>(row: &Row<'a>, column: &str) -> &'a str {
    match row.field(column) {
        Some(Field::Item { id, .. }) => id,
        other => panic!("no item: {other:?}"),
    }
}

#[test]
fn both_languages_are_one_question() {
    let Some(ground) = ground() else { return };
    for (en, zh) in TWELVE {
        let plan = |text: &str| {
            let steps = ground.database.understand(&Source::new("query", text), &mut Session::default());
            match steps.unwrap_or_else(|error| panic!("{text}: {:?}", error.diagnostics())).pop() {
                Some(Step::Query(question)) => (question.plan, question.text),
                other => panic!("{text}: {other:?}"),
            }
        };
        assert_eq!(plan(en), plan(zh), "{en}");
        let answered = |text: &str| match ground.database.query(text) {
            Ok(answer) => Ok((answer.rows, answer.notes, answer.missing, answer.failed)),
            Err(error) if error.kind() == ErrorKind::Query => Err(error.diagnostics()[0].code.clone()),
            Err(error) => panic!("{text}: {error}"),
        };
        assert_eq!(answered(en), answered(zh), "{en}");
        assert!(answered(en).is_ok(), "{en}: {:?}", answered(en));
    }
}

#[test]
fn shares_over_years_and_places() {
    let Some(ground) = ground() else { return };
    let years = ground.ask(1);
    for (row, year) in years.rows().zip([2021_u16, 2022, 2023, 2024]) {
        assert_eq!(row.year().unwrap().number(), year);
        if year == 2022 {
            assert_eq!((row.value(), row.state()), (None, Some(State::NoReport)));
            continue;
        }
        let report = format!("平潭综合实验区-{year}");
        assert_eq!(pair(&row), (ground.total(&report, "3.4.1"), ground.total(&report, "3.7")), "{year}");
    }
    assert_eq!(years.rows.len(), 4);

    // 31 of 95 are more than 111 of 718.
    let counties = ground.ask(2);
    let found: Vec<_> = counties.rows().map(|row| (row.place().unwrap().name.clone(), pair(&row))).collect();
    let of = |report: &str| (ground.total(report, "3.4.1"), ground.total(report, "3.7"));
    let expected = [("洪泽区", of("淮安市洪泽区-2024")), ("沭阳县", of("沭阳县-2025"))];
    assert_eq!(found, expected.map(|(name, pair)| (name.to_owned(), pair)));

    let applicants = ground.ask(10);
    let columns = ["natural", "commercial", "research", "public_interest", "legal_services", "other_org", "total"];
    assert_eq!(applicants.rows.len(), columns.len());
    for (at, row) in applicants.rows().enumerate() {
        assert_eq!(item(&row, "applicant"), columns[at]);
        let expected = (ground.figure("淮安市-2024", "3.4.1", at), ground.figure("淮安市-2024", "3.7", at));
        match expected {
            (0, 0) => assert_eq!(row.state(), Some(State::Undefined)),
            expected => assert_eq!(pair(&row), expected, "{}", columns[at]),
        }
    }
}

#[test]
fn shares_by_category() {
    let Some(ground) = ground() else { return };
    let compared = ground.ask(5);
    let mut seen = 0;
    for row in compared.rows() {
        let report = match row.place().unwrap().name.as_str() {
            "万柏林区" => "太原市万柏林区-2024",
            "洪泽区" => "淮安市洪泽区-2024",
            other => panic!("{other}"),
        };
        let line = match item(&row, "category") {
            "outcome.granted" => "3.1",
            "outcome.partial" => "3.2",
            _ => continue,
        };
        assert_eq!(pair(&row), (ground.total(report, line), ground.total(report, "3.7")), "{report} {line}");
        seen += 1;
    }
    assert_eq!(seen, 4);

    let grounds = ground.ask(7);
    let lines = crate::reader::REFUSED;
    let mut seen = 0;
    for row in grounds.rows().filter(|row| row.year().unwrap().number() != 2022) {
        let report = format!("平潭综合实验区-{}", row.year().unwrap());
        let of = |at: usize| ground.total(&report, &format!("3.3.{}", at + 1));
        let id = item(&row, "category");
        let at = lines.iter().position(|line| id == format!("outcome.refused.{line}")).unwrap();
        assert_eq!(pair(&row), (of(at), (0..8).map(of).sum()), "{report} {id}");
        seen += 1;
    }
    assert_eq!(seen, 24);
}

#[test]
fn changes_and_quartiles() {
    let Some(ground) = ground() else { return };
    let (old, new) = (ground.total("平潭综合实验区-2023", "1"), ground.total("平潭综合实验区-2024", "1"));
    let changes = ground.ask(6);
    for row in changes.rows() {
        match row.year().unwrap().number() {
            2024 => {
                // 218 after 81 is more than twice as much.
                assert_eq!(row.value(), Some(Number::Ratio { numerator: new - old, denominator: old }));
                assert!(row.flags().any(|flag| flag == "flagged"), "{:?}", row.field("flags"));
            }
            _ => assert_eq!(row.value(), None, "{:?}", row.year()),
        }
    }
    assert!(changes.rows().any(|row| row.year().is_some_and(|year| year.number() == 2024)));

    // One city reports in each of the two years: each quartile is its share. The order is 维持, 纠正, 其他, 未审结, 总计.
    let quartiles = ground.ask(8);
    for row in quartiles.rows() {
        let report = if row.year().unwrap().number() == 2023 { "宿迁市-2023" } else { "淮安市-2024" };
        let review = |at: usize| i128::from(ground.truths[report]["table4"]["review"][at].as_i64().unwrap());
        let ratios = ["p25", "median", "p75"].map(|column| row.number(column));
        for ratio in ratios {
            let Some(Number::Ratio { numerator, denominator }) = ratio else { panic!("{:?}", quartiles.columns) };
            assert_eq!(numerator * review(4), denominator * review(1), "{report}");
        }
    }
    assert_eq!(quartiles.rows.len(), 2);
}

#[test]
fn checks_sources_and_gaps() {
    let Some(ground) = ground() else { return };
    // The truth files name no identity that these reports break.
    for number in [4, 9] {
        assert_eq!(ground.ask(number).failed.unwrap_or_default(), 0, "{}", TWELVE[number - 1].0);
    }
    let why = ground.ask(11);
    let row = why.rows().next().unwrap();
    assert_eq!(why.rows.len(), 1);
    assert_eq!(count(row.value()), ground.total("太原市万柏林区-2024", "3.4.1"));
    let Some(Field::Source(source)) = row.field("source") else { panic!("{:?}", why.rows) };
    assert!(source.file.ends_with("太原市万柏林区-2024.txt"), "{source:?}");
    assert!(ground.ask(12).rows.is_empty());
    assert!(!ground.ask(3).rows.is_empty());
}
