//! Cells of reports in every kind of mess: the golden documents of `tests/golden/ingest`, and the
//! real reports where their folder stands beside the project.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use gongkai::{
    ingest::{self, Options, Outcome, Refusal},
    model::{Cell, Reading, Report, Year},
    schema::catalogue,
};
use serde_json::Value;

fn read(path: &Path, options: &Options) -> Result<Report, Refusal> {
    match ingest::read(path, options).unwrap().pop().unwrap().outcome {
        Outcome::Read(report) => Ok(*report),
        Outcome::Refused(refusal) => Err(refusal),
    }
}

/// `outcome.granted[natural]`, and what the cell says in one word.
fn told(cell: &Cell) -> (String, String) {
    let id = &catalogue().get(cell.slot.category).unwrap().id;
    let name = cell.slot.applicant.map_or_else(|| id.clone(), |applicant| format!("{id}[{}]", applicant.id()));
    let says = match cell.reading {
        Reading::Value(quantity) => quantity.to_string(),
        Reading::Blank { proved_zero: true } => "proved".to_owned(),
        other => other.state().id().to_owned(),
    };
    (name, says)
}

fn lines(path: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| line.split_once('\t').unwrap()).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Every document prints the figures of `figures.tsv`, save what its `.changes` file says: another
/// value or state of a cell, `absent`, `finding RULE`, `form T2 T3 T4` or `refused CODE`.
#[test]
fn golden_documents_give_their_figures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ingest");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let documents = ["txt", "md", "html", "xls", "xlsx"];
    paths.retain(|path| path.extension().is_some_and(|ending| documents.iter().any(|one| ending == *one)));
    paths.sort();
    assert!(paths.len() >= 25, "{} documents", paths.len());
    let mut trouble = Vec::new();
    for path in &paths {
        let mut expected: BTreeMap<String, String> = lines(&folder.join("figures.tsv")).into_iter().collect();
        let mut findings = BTreeSet::new();
        let (mut refused, mut form) = (None, None);
        for (key, value) in lines(&path.with_extension("changes")) {
            match key.as_str() {
                "finding" => drop(findings.insert(value)),
                "refused" => refused = Some(value),
                "form" => form = Some(value),
                _ if value == "absent" => drop(expected.remove(&key)),
                _ => drop(expected.insert(key, value)),
            }
        }
        let name = path.file_name().unwrap().to_string_lossy();
        match read(path, &Options::default()) {
            Err(refusal) if refused.as_ref() == Some(&refusal.code) => {}
            Err(refusal) => trouble.push(format!("{name}: refused {}", refusal.code)),
            Ok(_) if refused.is_some() => trouble.push(format!("{name}: read")),
            Ok(report) => {
                let got: BTreeMap<String, String> = report.cells.iter().map(told).collect();
                for key in expected.keys().chain(got.keys()).collect::<BTreeSet<_>>() {
                    if expected.get(key) != got.get(key) {
                        trouble.push(format!("{name}: {key} {:?}, printed {:?}", got.get(key), expected.get(key)));
                    }
                }
                let seen: BTreeSet<&String> = report.findings.iter().map(|finding| &finding.rule).collect();
                trouble.extend(
                    findings.iter().filter(|rule| !seen.contains(rule)).map(|rule| format!("{name}: no {rule}")),
                );
                let forms = report.templates;
                let forms = [forms.t2, forms.t3, forms.t4].map(|form| form.map_or("-", |form| form.id())).join(" ");
                if form.is_some_and(|form| form != forms) {
                    trouble.push(format!("{name}: forms {forms}"));
                }
            }
        }
    }
    assert!(trouble.is_empty(), "{}", trouble.join("\n"));
}

/// One sheet as Excel wrote it before 2007 and as it writes it now.
#[test]
fn old_and_new_sheets_give_the_same_report() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ingest");
    let [old, new] = ["sheet.xls", "sheet.xlsx"].map(|name| read(&folder.join(name), &Options::default()).unwrap());
    assert_eq!(old.cells.len(), 200);
    assert_ne!(old.origin.sha256, new.origin.sha256);
    assert_eq!(Report { origin: new.origin.clone(), ..old }, new);
}

/// A cell knows where it is printed: the raw text stands at its line and column.
#[test]
fn cells_know_their_place() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ingest/pipes.txt");
    let text = fs::read_to_string(&path).unwrap();
    let report = read(&path, &Options::default()).unwrap();
    assert_eq!(report.cells.len(), 200);
    for cell in &report.cells {
        let line = text.lines().nth(cell.place.line as usize - 1).unwrap();
        let rest: String = line.chars().skip(cell.place.column as usize - 1).collect();
        assert!(rest.starts_with(&cell.raw), "{:?} is not {:?}", rest, cell.raw);
    }
}

fn reports() -> Option<PathBuf> {
    let folder = env::var_os("GONGKAI_REPORTS").map_or_else(|| PathBuf::from("../shared/reports"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no folder of reports at {}", folder.display());
    None
}

/// The eight grounds of refusal, in the order of the form.
pub const REFUSED: [&str; 8] = [
    "state_secret",
    "prohibited_by_law",
    "security_stability",
    "third_party",
    "internal_affairs",
    "process",
    "enforcement_file",
    "administrative_query",
];

/// Rows of the truth files by their number in the form.
fn row(number: &str) -> String {
    let pick = |names: &[&str], at: &str| names[at.parse::<usize>().unwrap() - 1].to_owned();
    match number.split('.').collect::<Vec<_>>().as_slice() {
        ["1"] => "requests.new".to_owned(),
        ["2"] => "requests.carried_in".to_owned(),
        ["4"] => "requests.carried_out".to_owned(),
        ["3", "1"] => "outcome.granted".to_owned(),
        ["3", "2"] => "outcome.partial".to_owned(),
        ["3", "3", at] => format!("outcome.refused.{}", pick(&REFUSED, at)),
        ["3", "4", at] => format!("outcome.unavailable.{}", pick(&["not_held", "needs_creation", "unclear"], at)),
        ["3", "5", at] => {
            let names = ["petition", "repeat", "publication", "excessive", "reconfirm"];
            format!("outcome.not_processed.{}", pick(&names, at))
        }
        ["3", "6"] => "outcome.other".to_owned(),
        ["3", "6", at] => format!("outcome.other.{}", pick(&["no_correction", "fee_unpaid", "residual"], at)),
        ["3", "7"] => "outcome.total".to_owned(),
        _ => panic!("{number}"),
    }
}

/// What a truth file says of tables 3 and 4: cell and printed number, nothing for a blank.
fn truth(file: &Value) -> Vec<(String, Option<String>)> {
    let columns = ["natural", "commercial", "research", "public_interest", "legal_services", "other_org", "total"];
    let number = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let mut cells = Vec::new();
    for (key, values) in file["table3"].as_object().unwrap() {
        for (column, value) in columns.iter().zip(values.as_array().unwrap()) {
            cells.push((format!("{}[{column}]", row(key)), number(value)));
        }
    }
    let blocks =
        [("review", "review"), ("direct_suit", "litigation.direct"), ("suit_after_review", "litigation.after_review")];
    for (key, block) in blocks {
        let results = ["upheld", "corrected", "other", "pending", "total"];
        for (result, value) in results.iter().zip(file["table4"][key].as_array().unwrap()) {
            cells.push((format!("{block}.{result}"), number(value)));
        }
    }
    cells
}

#[test]
fn real_reports_give_no_wrong_number() {
    let Some(folder) = reports().map(|folder| folder.join("complete")) else { return };
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    let (mut right, mut all) = (0_u32, 0_u32);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let year = u16::try_from(file["year"].as_u64().unwrap()).unwrap();
        let options =
            Options { body: file["body"].as_str().map(str::to_owned), year: Year::new(year), ..Options::default() };
        for name in file["files"].as_array().unwrap().iter().filter_map(Value::as_str) {
            let path = folder.join(name);
            if !path.exists() || name.ends_with(".js.txt") {
                continue;
            }
            let report = read(&path, &options).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.code));
            let got: BTreeMap<String, String> = report.cells.iter().map(told).collect();
            for (cell, printed) in truth(&file) {
                all += 1;
                let says = got.get(&cell).map_or("absent", String::as_str);
                match printed {
                    Some(number) if says == number => right += 1,
                    None if says == "blank" || says == "proved" => right += 1,
                    other => assert!(says.parse::<f64>().is_err(), "{name}: {cell} is {says}, printed {other:?}"),
                }
            }
        }
    }
    assert!(right * 1_000 >= all * 995, "{right} of {all}");
}

#[test]
fn pages_that_are_no_reports_are_refused() {
    let Some(folder) = reports().map(|folder| folder.join("partial")) else { return };
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    for row in index.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let path = folder.join(fields[0]);
        if fields.get(4).is_some_and(|reason| !reason.is_empty()) && path.exists() {
            assert!(read(&path, &Options::default()).is_err(), "{}: {}", fields[0], fields[4]);
        }
    }
}
