//! One ingested file as a row: for a person, for CSV, for JSON.

use std::time::Duration;

use gongkai::{
    Ingested, Put,
    ingest::Outcome,
    messages::Lang,
    render::{
        report::{self, BodyObject, FindingObject, TemplateObject},
        sheet::{Align, Sheet},
        table,
    },
};
use serde::Serialize;
use serde_json::json;

use super::load::Counts;
use crate::{
    exit::{Done, Fail},
    output::{Format, Output},
};

/// The row of `ingest --format json`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The file as named, with `!` and the entry inside an archive.
    pub file: String,
    outcome: &'static str,
    body: Option<BodyObject>,
    year: Option<u16>,
    template: Option<TemplateObject>,
    cells: usize,
    findings: Vec<FindingObject>,
    /// Why it was refused.
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
    elapsed_ms: f64,
}

impl Row {
    /// The row of one ingested file.
    pub fn of(ingested: &Ingested, elapsed: Duration, lang: Lang) -> Self {
        let row = Self {
            file: ingested.reading.file.clone(),
            outcome: match ingested.put {
                Some(Put::Added) => "added",
                Some(Put::Unchanged) => "unchanged",
                Some(Put::Replaced) => "replaced",
                _ => "refused",
            },
            body: None,
            year: None,
            template: None,
            cells: 0,
            findings: Vec::new(),
            reason: None,
            code: None,
            candidates: Vec::new(),
            elapsed_ms: (elapsed.as_secs_f64() * 10_000.0).round() / 10.0,
        };
        match &ingested.reading.outcome {
            Outcome::Read(read) => Self {
                body: Some(report::body(read)),
                year: Some(read.year.number()),
                template: Some(report::templates(read)),
                cells: read.cells.len(),
                findings: report::findings(&read.findings, lang),
                ..row
            },
            Outcome::Refused(refusal) => Self {
                reason: Some(report::reason(&refusal.code, &refusal.args, lang)),
                code: Some(refusal.code.clone()),
                candidates: refusal.candidates.clone(),
                ..row
            },
        }
    }

    /// Whether something was noticed about the report.
    pub fn has_findings(&self) -> bool {
        !self.findings.is_empty()
    }

    fn texts(&self) -> Vec<String> {
        let body = self.body.as_ref();
        vec![
            self.file.clone(),
            self.outcome.to_owned(),
            body.map(|body| body.code.clone()).unwrap_or_default(),
            body.map(|body| body.path.clone()).unwrap_or_default(),
            self.year.map(|year| year.to_string()).unwrap_or_default(),
            self.cells.to_string(),
            self.findings.len().to_string(),
            self.reason.clone().unwrap_or_default(),
        ]
    }
}

const TITLES: [&str; 8] = ["file", "outcome", "body", "body_path", "year", "cells", "findings", "reason"];

/// Writes all rows in the form asked for.
pub fn write(mut output: Output, rows: &[Row], counts: &Counts, elapsed: Duration) -> Done<()> {
    match output.format {
        Format::Json => {
            let elapsed_ms = (elapsed.as_secs_f64() * 10_000.0).round() / 10.0;
            output.json(&json!({"rows": rows, "counts": counts, "elapsed_ms": elapsed_ms}))?;
        }
        Format::Jsonl => rows.iter().try_for_each(|row| output.json(row))?,
        Format::Csv => {
            output.csv(&[TITLES.map(str::to_owned).to_vec()])?;
            output.csv(&rows.iter().map(Row::texts).collect::<Vec<_>>())?;
        }
        Format::Table => {
            let mut sheet = Sheet::default();
            let texts: Vec<Vec<String>> = rows.iter().map(Row::texts).collect();
            for (at, title) in TITLES.iter().enumerate() {
                let align = if ["year", "cells", "findings"].contains(title) { Align::Right } else { Align::Left };
                let column = texts.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect();
                sheet.push((*title).to_owned(), align, column);
            }
            output.text(&(table::lines(&sheet, usize::MAX).join("\n") + "\n"))?;
        }
        Format::Md | Format::Html | Format::Svg | Format::Xlsx | Format::Sqlite => {
            return Err(Fail::usage("read.format"));
        }
    }
    output.close()
}
