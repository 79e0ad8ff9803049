//! Answers carried away are opened by other programs: Python's csv, openpyxl and sqlite3 read the same data with the
//! same states. Where python3 or openpyxl is missing the test says so and passes.

use std::{path::Path, process::Command};

use gongkai::{Database, ingest::Options, query::Answer, read_bytes};

/// Runs Python over files in a folder; nothing where it is not there, or lacks a module.
fn python(modules: &str, script: &str, folder: &Path) -> Option<String> {
    let there = Command::new("python3").args(["-c", &format!("import {modules}")]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: python3 with {modules} is not there");
        return None;
    }
    let output = Command::new("python3").args(["-X", "utf8", "-c", script]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The example report with everything a cell can be: numbers, 0, a blank, `/`, unreadable, money with decimals.
fn database() -> Database {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/太原市万柏林区-2024.txt");
    let mut text = std::fs::read_to_string(example).unwrap();
    for (from, to) in [
        ("申请数量 | 96 | 4 | 0 | 0 | 0 | 0 | 100 |", "申请数量 | 96 | 4 |  | 0 | 0 | / | 100 |"),
        ("（一）予以公开 | 7 | 2 |", "（一）予以公开 | 7或8 | 2 |"),
        ("行政事业性收费 | 803 |", "行政事业性收费 | 4068.208 |"),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let database = Database::in_memory();
    let done = database.ingest_readings(read_bytes("carried.txt", text.as_bytes(), &Options::default())).unwrap();
    assert!(done.iter().all(|one| one.report().is_some()), "{:?}", done.first().map(|one| &one.reading.outcome));
    database
}

fn answer(database: &Database, query: &str) -> Answer {
    database.query(query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn write(answer: &Answer, folder: &Path) {
    use gongkai::render::{csv, sqlite, xlsx};
    std::fs::write(folder.join("a.csv"), csv::text(answer)).unwrap();
    std::fs::write(folder.join("a.xlsx"), xlsx::workbook(std::slice::from_ref(answer)).unwrap()).unwrap();
    sqlite::write(std::slice::from_ref(answer), &folder.join("a.sqlite")).unwrap();
}

/// Reads the three files, says where they differ, and prints the rows of the CSV as `a|b|c`. A number is compared as
/// a number: exact for whole numbers and money, to twelve places for a share.
const READ: &str = r#"
import csv, openpyxl, sqlite3
from decimal import Decimal
lines = list(csv.reader(open("a.csv", encoding="utf-8", newline="")))
head, rows = lines[0], lines[1:]
book = openpyxl.load_workbook("a.xlsx")
assert book.sheetnames == ["data", "about"], book.sheetnames
sheet = [list(row) for row in book["data"].iter_rows(values_only=True)]
base = sqlite3.connect("a.sqlite")
assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
found = base.execute("SELECT * FROM data")
names = [column[0] for column in found.description]
stored = [list(row) for row in found]
assert head == sheet[0] == names, (head, sheet[0], names)
assert len(rows) == len(sheet) - 1 == len(stored), (len(rows), len(sheet), len(stored))
kinds = dict(base.execute("SELECT id, type FROM columns"))
def same(text, other, kind):
    if text == "" or other is None:
        return text == "" and other is None
    if isinstance(other, str):
        return text == other
    if isinstance(other, float) and kind in ("ratio", "mixed"):
        return abs(Decimal(text) - Decimal(other)) < Decimal("1e-12")
    return Decimal(text) == Decimal(str(other))
for number, (row, cells, values) in enumerate(zip(rows, sheet[1:], stored)):
    for name, text, cell, value in zip(head, row, cells, values):
        assert same(text, cell, kinds[name]), ("xlsx", number, name, text, cell)
        assert same(text, value, kinds[name]), ("sqlite", number, name, text, value)
        if kinds[name] == "decimal" and value is not None:
            assert isinstance(value, str), ("money is text", value)
states = dict((state, (en, zh)) for state, en, zh in base.execute("SELECT * FROM missing_reasons"))
about = {row[0]: row[1:3] for row in book["about"].iter_rows(values_only=True)}
for name in head:
    if name == "state" or name.startswith("state_") or name.endswith(".state"):
        for row in rows:
            state = row[head.index(name)]
            assert state in states, state
            assert about["state." + state] == states[state], state
query = base.execute("SELECT en, zh FROM about WHERE name = 'query'").fetchone()
assert about["query"] == query, (about["query"], query)
for row in rows:
    print("|".join(row))
"#;

#[test]
fn every_state_is_the_same_in_csv_xlsx_and_sqlite() {
    let database = database();
    let folder = tempfile::tempdir().unwrap();
    write(&answer(&database, "show cells in 万柏林区 2024"), folder.path());
    let Some(read) = python("csv, openpyxl, sqlite3", READ, folder.path()) else { return };
    let line =
        |start: &str| read.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}\n{read}"));
    assert!(line("requests.new|natural|").starts_with("requests.new|natural|value|96|96|"));
    assert!(line("requests.new|research|").starts_with("requests.new|research|blank|||"));
    assert!(line("requests.new|other_org|").starts_with("requests.new|other_org|n/a||/|"));
    assert!(line("outcome.granted|natural|").starts_with("outcome.granted|natural|unreadable||7或8|"));
    assert!(line("proactive.fees.amount|").starts_with("proactive.fees.amount||value|4068.208|"), "{read}");
}

#[test]
fn a_share_a_gap_and_what_is_not_in_the_form_are_the_same_too() {
    let database = database();
    for query in [
        "share of not_held by year in 万柏林区 2022..2024",
        "share of not_held, new, outcome.refused.process by year in 万柏林区 2019..2024",
        "change of new by year in 万柏林区 2022..2024",
        "check T3-BAL in 万柏林区 2024",
        "show bodies",
        "missing in 万柏林区 2022..2024",
        "new by applicant in 万柏林区 2024",
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(&answer(&database, query), folder.path());
        let Some(read) = python("csv, openpyxl, sqlite3", READ, folder.path()) else { return };
        if query.starts_with("share of not_held by") {
            // 77 of 100 in 2024, and no report before.
            assert_eq!(read, "2022||no_report|||0|1|\n2023||no_report|||0|1|\n2024|0.77|value|77|100|1|1|\n");
        }
    }
}

/// The whole store in SQLite holds what the long CSV holds, and what CSV has no place for.
const WHOLE: &str = r#"
import csv, sqlite3
base = sqlite3.connect("all.sqlite")
assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
mark = {"value": None, "blank": "", "n/a": "NA", "unreadable": "?"}
stored = set()
for body, year, category, applicant, state, value in base.execute("SELECT body, year, category, applicant, state, value FROM cells"):
    assert (value is None) == (state != "value"), (body, category, state, value)
    stored.add((body, str(year), category, applicant, str(value) if state == "value" else mark[state]))
lines = list(csv.reader(open("long.csv", encoding="utf-8", newline="")))
assert set(map(tuple, lines[1:])) == stored, set(map(tuple, lines[1:])) ^ stored
assert len(lines) - 1 == len(stored)
one = lambda sql: base.execute(sql).fetchone()
assert one("SELECT count(*) FROM cells LEFT JOIN categories USING (category) WHERE label_en IS NULL") == (0,)
assert one("SELECT count(*) FROM cells LEFT JOIN reports USING (body, year) WHERE file IS NULL") == (0,)
assert one("SELECT count(*) FROM cells LEFT JOIN missing_reasons USING (state) WHERE label_zh IS NULL") == (0,)
assert one("SELECT raw, typeof(value), value FROM cells WHERE category = 'proactive.fees.amount'") == ("4068.208", "text", "4068.208")
assert one("SELECT state, raw FROM cells WHERE category = 'outcome.granted' AND applicant = 'natural'") == ("unreadable", "7或8")
assert one("SELECT path FROM bodies") == ("山西省/太原市/万柏林区",)
print(one("SELECT length(sha256) FROM reports")[0], one("SELECT count(*) > 0 FROM findings WHERE zh <> '' AND en <> ''")[0])
"#;

#[test]
fn the_whole_store_in_sqlite_is_the_whole_store() {
    let database = database();
    let folder = tempfile::tempdir().unwrap();
    database.export_sqlite(&folder.path().join("all.sqlite")).unwrap();
    database.export_long(std::fs::File::create(folder.path().join("long.csv")).unwrap()).unwrap();
    let Some(read) = python("csv, sqlite3", WHOLE, folder.path()) else { return };
    assert_eq!(read.trim(), "64 1");
}
