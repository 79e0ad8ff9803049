//! A reading of one file as JSON: the object of `gongkai read FILE --format json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{number, words};
use crate::{
    messages::{self, Lang},
    model::{Cell, Finding, Reading, Report, Scope, Slot, Template},
    schema::{catalogue, places},
    text::Place,
};

/// The report of a file, or why there is none, in the order of the contract.
#[derive(Debug, Serialize)]
pub struct ReadObject {
    file: String,
    outcome: &'static str,
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
    body: Option<BodyObject>,
    year: Option<u16>,
    scope: Option<Scope>,
    template: TemplateObject,
    published: Option<String>,
    cells: Vec<CellObject>,
    findings: Vec<FindingObject>,
}

/// Who reports, as places are written in every JSON answer.
#[derive(Clone, Debug, Serialize)]
pub struct BodyObject {
    /// Division code or body path.
    pub code: String,
    /// The name a person would use.
    pub name: String,
    /// Names from the province down.
    pub path: String,
}

/// The form of each table.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct TemplateObject {
    /// Table 2.
    pub t2: Option<Template>,
    /// Table 3.
    pub t3: Option<Template>,
    /// Table 4.
    pub t4: Option<Template>,
}

#[derive(Debug, Serialize)]
struct CellObject {
    category: String,
    applicant: Option<&'static str>,
    state: &'static str,
    value: Value,
    raw: String,
    proved: bool,
    source: SourceObject,
}

#[derive(Debug, Serialize)]
struct SourceObject {
    line: u32,
    column: u32,
    row: u32,
}

/// One finding of a report or of a file that was ingested.
#[derive(Clone, Debug, Serialize)]
pub struct FindingObject {
    rule: String,
    severity: &'static str,
    status: &'static str,
    message: String,
    applicant: Option<&'static str>,
    printed: Option<String>,
    computed: Option<String>,
    cells: Vec<SlotObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Place>,
}

#[derive(Clone, Debug, Serialize)]
struct SlotObject {
    category: String,
    applicant: Option<&'static str>,
}

/// The object of a file that gave a report.
#[must_use]
pub fn read(file: &str, report: &Report, lang: Lang) -> ReadObject {
    ReadObject {
        file: file.to_owned(),
        outcome: "read",
        reason: None,
        code: None,
        candidates: Vec::new(),
        body: Some(body(report)),
        year: Some(report.year.number()),
        scope: Some(report.scope),
        template: templates(report),
        published: report.published.clone(),
        cells: report.cells.iter().map(cell).collect(),
        findings: findings(&report.findings, lang),
    }
}

/// The object of a file that gave no report, with the reason in the reader's language.
#[must_use]
pub fn refused(
    file: &str,
    code: &str,
    args: &BTreeMap<String, String>,
    candidates: &[String],
    lang: Lang,
) -> ReadObject {
    ReadObject {
        file: file.to_owned(),
        outcome: "refused",
        reason: Some(reason(code, args, lang)),
        code: Some(code.to_owned()),
        candidates: candidates.to_vec(),
        body: None,
        year: None,
        scope: None,
        template: TemplateObject::default(),
        published: None,
        cells: Vec::new(),
        findings: Vec::new(),
    }
}

/// Heads of the lines that [`csv_rows`] gives.
pub const CSV_TITLES: [&str; 11] =
    ["file", "body", "year", "category", "applicant", "state", "value", "raw", "proved", "line", "column"];

/// Every cell of a report as a line of CSV, its state beside its value.
#[must_use]
pub fn csv_rows(file: &str, report: &Report) -> Vec<Vec<String>> {
    report
        .cells
        .iter()
        .map(|printed| {
            let SlotObject { category, applicant } = slot(printed.slot);
            let proved = matches!(printed.reading, Reading::Blank { proved_zero: true });
            vec![
                file.to_owned(),
                report.body.id.to_string(),
                report.year.to_string(),
                category,
                applicant.unwrap_or_default().to_owned(),
                printed.reading.state().id().to_owned(),
                printed.reading.value().map(|value| value.to_string()).unwrap_or_default(),
                printed.raw.clone(),
                proved.to_string(),
                printed.place.line.to_string(),
                printed.place.column.to_string(),
            ]
        })
        .collect()
}

/// The sentence of a refusal.
#[must_use]
pub fn reason(code: &str, args: &BTreeMap<String, String>, lang: Lang) -> String {
    // Names of formats stay as they are, save those that are words.
    let told: BTreeMap<&str, String> = args
        .iter()
        .map(|(name, value)| {
            let key = format!("{name}.{value}");
            (name.as_str(), if messages::has(lang, &key) { words::word(lang, &key) } else { value.clone() })
        })
        .collect();
    messages::text(lang, code, told.iter().map(|(&name, value)| (name, value.as_str())))
}

/// Body with the names above it; the code itself where the divisions do not know it.
#[must_use]
pub fn body(report: &Report) -> BodyObject {
    let id = &report.body.id;
    let mut path = places().path(id.division()).unwrap_or_default();
    for segment in id.segments() {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(segment);
    }
    let path = if path.is_empty() { report.body.name.clone() } else { path };
    BodyObject { code: id.to_string(), name: report.body.name.clone(), path }
}

/// The forms of a report's tables.
#[must_use]
pub fn templates(report: &Report) -> TemplateObject {
    TemplateObject { t2: report.templates.t2, t3: report.templates.t3, t4: report.templates.t4 }
}

/// Findings with their sentences, as JSON shows them.
#[must_use]
pub fn findings(findings: &[Finding], lang: Lang) -> Vec<FindingObject> {
    findings
        .iter()
        .map(|finding| FindingObject {
            rule: finding.rule.clone(),
            severity: words::severity_id(finding.severity),
            status: finding.status.id(),
            message: words::finding(lang, finding),
            applicant: finding.applicant.map(crate::model::Applicant::id),
            printed: finding.printed.clone(),
            computed: finding.computed.clone(),
            cells: finding.cells.iter().map(|&cell| slot(cell)).collect(),
            text: finding.text.clone(),
            source: finding.place,
        })
        .collect()
}

fn cell(cell: &Cell) -> CellObject {
    let SlotObject { category, applicant } = slot(cell.slot);
    CellObject {
        category,
        applicant,
        state: cell.reading.state().id(),
        value: cell.reading.value().map_or(Value::Null, number::quantity),
        raw: cell.raw.clone(),
        proved: matches!(cell.reading, Reading::Blank { proved_zero: true }),
        source: SourceObject { line: cell.place.line, column: cell.place.column, row: cell.row },
    }
}

fn slot(slot: Slot) -> SlotObject {
    SlotObject {
        category: catalogue().get(slot.category).map_or_else(|| slot.category.0.to_string(), |found| found.id.clone()),
        applicant: slot.applicant.map(crate::model::Applicant::id),
    }
}
