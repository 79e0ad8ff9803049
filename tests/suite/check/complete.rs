//! The complete reports beside the project, against their hand-checked truth: every contradiction that is
//! there is found, and none that is not.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gongkai::{
    ingest::{Options, Outcome},
    model::{Finding, Report, Severity, Status},
};
use serde_json::Value;

/// What a name in the truth files counts.
const NAMES: [(&str, &str); 3] = [("suits", "N-LEGAL"), ("granted_and_partial", "N-OUT"), ("unable", "N-OUT")];

#[test]
fn every_contradiction_is_found_and_no_other() {
    let Some(folder) = reports() else { return };
    let (mut files, mut expected_failures) = (0, 0);
    for truth_file in listed(&folder.join("complete"), "json") {
        let truth: Value =
            serde_json::from_str(fs::read_to_string(&truth_file).unwrap().trim_start_matches('\u{feff}')).unwrap();
        for name in truth["files"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let path = folder.join("complete").join(name);
            if !path.exists() || name.ends_with(".js.txt") {
                continue;
            }
            let Some(report) = read(&path, &truth) else {
                eprintln!("{name}: not read, not compared");
                continue;
            };
            files += 1;
            let failed: Vec<&Finding> =
                report.findings.iter().filter(|finding| finding.status == Status::Fail).collect();
            let mismatches = truth["narrative_mismatches"].as_array().unwrap();
            for mismatch in mismatches {
                let rule = NAMES.iter().find(|(name, _)| mismatch["narrative"] == *name).unwrap().1;
                let (says, tables) = (mismatch["says"].to_string(), mismatch["tables_say"].to_string());
                let found = failed.iter().any(|finding| {
                    finding.rule == rule
                        && finding.printed.as_deref() == Some(&says)
                        && finding.computed.as_deref() == Some(&tables)
                });
                assert!(found, "{name}: {mismatch} not found in {failed:#?}");
            }
            assert_eq!(truth["identity_violations"], Value::Array(Vec::new()), "{name}: say here how it shows");
            let others: Vec<_> = failed.iter().filter(|finding| is_ours(finding)).collect();
            assert_eq!(others.len(), mismatches.len(), "{name}: {others:#?}");
            expected_failures += mismatches.len();
        }
    }
    eprintln!("{files} files, {expected_failures} contradictions");
    assert!(files >= 8, "only {files} files were read");
}

/// Findings of the rules, not notes of the reader.
fn is_ours(finding: &Finding) -> bool {
    gongkai::schema::rule(&finding.rule).is_some()
}

#[test]
fn scope_is_a_note_and_not_a_contradiction() {
    let Some(folder) = reports() else { return };
    // 洪泽区 2024: the office says 17, the table of the district 95.
    let path = folder.join("complete/淮安市洪泽区-2024.layout.txt");
    let Some(report) = path.exists().then(|| read(&path, &Value::Null)).flatten() else { return };
    let note = report.findings.iter().find(|finding| finding.rule == "N-SCOPE").unwrap();
    assert_eq!((note.severity, note.status), (Severity::Info, Status::NotApplicable));
    assert_eq!((note.printed.as_deref(), note.computed.as_deref()), (Some("17"), Some("95")));
    assert!(note.text.as_deref().unwrap().contains("17件"));
}

fn read(path: &Path, truth: &Value) -> Option<Report> {
    let options = |given: bool| Options {
        body: given.then(|| truth["body"].as_str().map(str::to_owned)).flatten(),
        year: given
            .then(|| truth["year"].as_u64().and_then(|year| u16::try_from(year).ok()))
            .flatten()
            .and_then(gongkai::model::Year::new),
        ..Options::default()
    };
    [false, true].into_iter().find_map(|given| {
        gongkai::read(path, &options(given)).unwrap().into_iter().find_map(|reading| match reading.outcome {
            Outcome::Read(report) => Some(*report),
            Outcome::Refused(_) => None,
        })
    })
}

fn reports() -> Option<PathBuf> {
    let folder = std::env::var_os("GONGKAI_REPORTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no reports at {}", folder.display());
    None
}

fn listed(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|other| other == extension))
        .collect();
    found.sort();
    found
}
