//! Body and year of real reports, where their folder stands beside the project.

use std::{env, fs, path::PathBuf};

use gongkai::{
    ingest::{self, Options, Outcome, Refusal},
    messages::{Lang, has},
    model::Report,
    schema::{self, Known, NamedBody},
};

fn reports() -> Option<PathBuf> {
    let folder = env::var_os("GONGKAI_REPORTS").map_or_else(|| PathBuf::from("../shared/reports"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no folder of reports at {}", folder.display());
    None
}

fn read(path: &PathBuf, options: &Options) -> Result<Report, Refusal> {
    let reading = ingest::read(path, options).unwrap().pop().unwrap();
    match reading.outcome {
        Outcome::Read(report) => Ok(*report),
        Outcome::Refused(refusal) => Err(refusal),
    }
}

/// The path of the body that a list names.
fn path_of(name: &str) -> Option<String> {
    match schema::body(name, None, &Known::default()) {
        NamedBody::One(body) | NamedBody::Unplaced(body) => Some(body.id.to_string()),
        _ => None,
    }
}

#[test]
fn complete_reports_are_of_the_body_and_year_of_their_truth() {
    let Some(folder) = reports().map(|folder| folder.join("complete")) else { return };
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut seen = 0;
    for truth in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
        let text = fs::read_to_string(truth).unwrap();
        let truth: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let (body, year) = (truth["body"].as_str().unwrap(), truth["year"].as_u64().unwrap());
        for file in truth["files"].as_array().unwrap() {
            let path = folder.join(file.as_str().unwrap());
            if !path.exists() {
                continue;
            }
            seen += 1;
            match read(&path, &Options::default()) {
                Ok(report) => {
                    assert_eq!(u64::from(report.year.number()), year, "{}", path.display());
                    assert_eq!(Some(report.body.id.to_string()), path_of(body), "{}", path.display());
                }
                Err(refusal) => {
                    // A misprinted or invented name: refused, and read when the caller gives it.
                    assert_eq!(refusal.code, "GK0433", "{}", path.display());
                    let options = Options { body: Some(body.to_owned()), ..Options::default() };
                    let report = read(&path, &options).unwrap();
                    assert_eq!(u64::from(report.year.number()), year, "{}", path.display());
                }
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn cut_pages_are_of_the_body_and_year_of_their_list_or_refused() {
    let Some(folder) = reports().map(|folder| folder.join("partial")) else { return };
    let mut list = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .flexible(true)
        .from_path(folder.join("INDEX.tsv"))
        .unwrap();
    let rows: Vec<_> = list.records().map(Result::unwrap).collect();
    let (mut read_rows, mut wrong) = (0, Vec::new());
    for row in &rows {
        let (file, body, year, negative) = (&row[0], &row[2], &row[3], &row[4]);
        match read(&folder.join(file), &Options::default()) {
            Ok(report) => {
                read_rows += 1;
                // 中南街道(廣州市荔灣區) and (我乡) have no name that could be looked up.
                let right = report.year.to_string() == year
                    && path_of(body).is_none_or(|path| path == report.body.id.to_string())
                    && negative.is_empty();
                if !right {
                    wrong.push(format!("{file}: {} {} for {body} {year} {negative}", report.body.id, report.year));
                }
            }
            Err(refusal) => {
                let given = Options { body: Some("140109".to_owned()), year: None, ..Options::default() };
                if !negative.is_empty() && read(&folder.join(file), &given).is_ok() {
                    wrong.push(format!("{file}: read once the body is given, though {negative} ({})", refusal.code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read_rows > 0);
}

#[test]
fn every_refusal_and_note_of_identification_has_its_sentence() {
    let codes = (401..=409).chain(430..=441).chain(450..=456).map(|number| format!("GK{number:04}"));
    let notes = ["R-BODY", "R-PERIOD", "R-YEAR", "R-YEAR-SOURCE"].map(|rule| format!("finding.{rule}"));
    for key in codes.chain(notes) {
        assert!(has(Lang::En, &key) && has(Lang::Zh, &key), "{key}");
    }
}
