//! The files an answer rests on travel with it. Hashes here are what `sha256sum` and `sort -u | sha256sum` print.

use gongkai::{
    Access, Database,
    ingest::Options,
    query::{Answer, Sources},
    render::{about, json, markdown},
};

const FIRST: &str = "f47969c5ab04aaebd3af6d0c7f7f8c1b9e25eaf61af7840996215688644b4c21";
const SECOND: &str = "f738aa127049cf32a23b39c1c730d5274f37687a1522b71e30785631ca23c6bb";
const BOTH: &str = "9fd0ecdf1d622f99800bd5cadb41ed41c654b6f95e8e98d3c795d3885117a95f";
const EVERY: &str = "573c02cf213875072334aca8d56d9c2ecd4c12c0069c9a91f460848059e560f0";

fn cited(database: &Database, query: &str) -> Sources {
    let answer = database.query_cited(query, u64::MAX).unwrap_or_else(|error| panic!("{query}: {error}"));
    answer.sources.unwrap_or_else(|| panic!("{query}: no sources"))
}

fn hashes(sources: &Sources) -> Vec<&str> {
    sources.listed.iter().map(|one| one.sha256.as_str()).collect()
}

fn fill(database: &Database) {
    for file in std::fs::read_dir("examples/data").unwrap() {
        database.ingest(file.unwrap().path(), &Options::default()).unwrap();
    }
}

/// In memory, in a store as it was written, and in one that was opened again.
fn everywhere(test: impl Fn(&Database)) {
    let folder = tempfile::tempdir().unwrap();
    let memory = Database::in_memory();
    fill(&memory);
    test(&memory);
    let place = folder.path().join("s.db");
    let stored = Database::create(&place, &Access::default()).unwrap();
    fill(&stored);
    test(&stored);
    stored.close().unwrap();
    test(&Database::open_read_only(&place).unwrap());
}

#[test]
fn a_sum_names_each_file_of_its_reports_once() {
    everywhere(|database| {
        let sources = cited(database, "new in 平潭综合实验区 2023..2024");
        assert_eq!((sources.reports, sources.files), (2, Some(2)));
        assert_eq!(hashes(&sources), [FIRST, SECOND]);
        assert_eq!(sources.sha256.as_deref(), Some(BOTH));
        assert!(sources.listed[0].file.ends_with("平潭综合实验区-2023.txt"), "{}", sources.listed[0].file);
        // The whole store: six reports from six files.
        let all = cited(database, "new by year");
        assert_eq!((all.reports, all.files, all.sha256.as_deref()), (6, Some(6), Some(EVERY)));
        // What a ranking leaves out was looked at for it.
        assert_eq!(cited(database, "new by body, year | top 1").reports, 6);
    });
}

#[test]
fn what_is_compared_with_the_year_before_rests_on_that_year_too() {
    everywhere(|database| {
        for query in [
            "change of new in 平潭综合实验区 2024",
            "check carry_over in 平潭综合实验区 2024",
            "new in 平潭综合实验区 2023..2024",
        ] {
            assert_eq!(hashes(&cited(database, query)), [FIRST, SECOND], "{query}");
        }
        for query in [
            "check identities in 平潭综合实验区 2024",
            "why new in 平潭综合实验区 2024",
            "show cells in 平潭综合实验区 2024",
        ] {
            assert_eq!(hashes(&cited(database, query)), [SECOND], "{query}");
        }
    });
}

#[test]
fn nothing_is_looked_up_unasked_or_beyond_the_limit() {
    everywhere(|database| {
        assert_eq!(database.query("new in 平潭综合实验区 2023..2024").unwrap().sources, None);
        let few = database.query_cited("new in 平潭综合实验区 2023..2024", 1).unwrap().sources.unwrap();
        assert_eq!(few, Sources { reports: 2, ..Sources::default() });
        // These look at no report.
        for query in ["show categories", "missing in 平潭综合实验区 2024"] {
            assert_eq!(database.query_cited(query, u64::MAX).unwrap().sources, None, "{query}");
        }
        // A place without a report has none to look at.
        let none = cited(database, "new in 杏花岭区 2024");
        assert_eq!((none.reports, none.files, none.listed.len()), (0, Some(0), 0));
    });
}

#[test]
fn the_same_bytes_under_two_names_are_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read("examples/data/平潭综合实验区-2023.txt").unwrap();
    let database = Database::in_memory();
    for (name, body) in [("b.txt", "平潭综合实验区"), ("a.txt", "万柏林区")] {
        let file = folder.path().join(name);
        std::fs::write(&file, &text).unwrap();
        let options = Options { body: Some(body.to_owned()), ..Options::default() };
        database.ingest(&file, &options).unwrap();
    }
    let sources = cited(&database, "new by body 2023");
    assert_eq!((sources.reports, sources.files), (2, Some(1)));
    assert_eq!(hashes(&sources), [FIRST]);
    assert!(sources.listed[0].file.ends_with("a.txt"), "{}", sources.listed[0].file);
}

#[test]
fn every_form_carries_them() {
    use gongkai::{
        messages::Lang,
        render::{chart, html},
    };
    let database = Database::in_memory();
    fill(&database);
    let answer: Answer = database.query_cited("new by year in 平潭综合实验区 2023..2024", u64::MAX).unwrap();
    let forms = [
        ("json", serde_json::to_string(&json::object(&answer, None, Lang::En)).unwrap()),
        ("md", markdown::text(&answer, Lang::Zh)),
        ("html", html::page(&answer, None, Lang::Zh)),
        ("svg", chart::svg(&answer, Lang::En)),
        ("csv-metadata", about::csvw(&answer, "a.csv").to_string()),
        ("facts", format!("{:?}", about::all(&answer))),
    ];
    for (form, text) in forms {
        for wanted in [FIRST, SECOND, BOTH] {
            assert!(text.contains(wanted), "{form} lacks {wanted}:\n{text}");
        }
    }
}
