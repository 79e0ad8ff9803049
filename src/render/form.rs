//! A report's tables as printed, for a person: every cell with what it said, findings marked in place.

use std::collections::BTreeMap;

use super::{
    report,
    sheet::{Align, Sheet},
    table, words,
};
use crate::{
    messages::{self, Lang},
    model::{Applicant, Cell, Quantity, Reading, Report, Slot, Table, Template},
    schema::{Category, catalogue},
    text::width,
};

/// One of the three tables, laid out as on paper.
#[derive(Clone, Debug)]
pub struct FormTable {
    /// The part of the report it stands in, with its form.
    pub title: String,
    /// Its rows.
    pub sheet: Sheet,
}

/// The whole reading of a report as text: who and when, the tables, the findings.
#[must_use]
pub fn text(report: &Report, lang: Lang, columns: usize) -> String {
    let mut lines: Vec<String> = head(report, lang).iter().flat_map(|line| table::wrapped(line, columns)).collect();
    for form in tables(report, lang) {
        lines.push(String::new());
        lines.extend(table::wrapped(&form.title, columns));
        lines.extend(table::lines(&form.sheet, columns));
    }
    let legend = legend(report, lang);
    if !legend.is_empty() {
        lines.push(String::new());
        lines.extend(table::wrapped(&legend, columns));
    }
    let findings = findings(report, lang);
    if !findings.is_empty() {
        lines.push(String::new());
        lines.extend(findings.iter().flat_map(|line| table::wrapped(line, columns)));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Who reports, for which year, from which file.
#[must_use]
pub fn head(report: &Report, lang: Lang) -> Vec<String> {
    let body = report::body(report);
    let year = report.year.to_string();
    let scope = words::word_or(lang, "scope", words::scope_id(report.scope));
    let mut lines = vec![messages::text(
        lang,
        "form.head",
        [
            ("body", body.path.as_str()),
            ("code", body.code.as_str()),
            ("year", year.as_str()),
            ("scope", scope.as_str()),
        ],
    )];
    if let Some(published) = &report.published {
        lines.push(messages::text(lang, "form.published", [("date", published.as_str())]));
    }
    let origin = &report.origin;
    let short = origin.sha256.get(..12).unwrap_or(&origin.sha256);
    lines.push(messages::text(lang, "form.origin", [("file", origin.file.as_str()), ("sha256", short)]));
    lines
}

/// The tables the report prints.
#[must_use]
pub fn tables(report: &Report, lang: Lang) -> Vec<FormTable> {
    let marks = marks(report);
    [Table::T2, Table::T3, Table::T4]
        .into_iter()
        .filter_map(|kind| {
            let template = report.templates.of(kind)?;
            let form = Form { report, marks: &marks, kind, template, lang };
            let (key, sheet) = match kind {
                Table::T2 => ("form.t2", form.list()),
                Table::T3 => ("form.t3", form.applicants()),
                Table::T4 => ("form.t4", form.results()),
            };
            Some(FormTable { title: messages::text(lang, key, [("form", template.id())]), sheet })
        })
        .collect()
}

/// The findings, numbered as the marks in the cells are.
#[must_use]
pub fn findings(report: &Report, lang: Lang) -> Vec<String> {
    report
        .findings
        .iter()
        .enumerate()
        .map(|(at, finding)| {
            let severity = words::word_or(lang, "severity", words::severity_id(finding.severity));
            let says = words::finding(lang, finding);
            // General sentences begin with the rule themselves.
            let rule = if says.starts_with(&finding.rule) { String::new() } else { format!("{}: ", finding.rule) };
            format!("[{}] {severity} {rule}{says}", at + 1)
        })
        .collect()
}

/// What the signs of empty cells mean, for those that occur.
#[must_use]
pub fn legend(report: &Report, lang: Lang) -> String {
    let any = |wanted: fn(Reading) -> bool| report.cells.iter().any(|cell| wanted(cell.reading));
    let mut parts = Vec::new();
    if any(|reading| reading == Reading::Blank { proved_zero: false }) {
        parts.push(words::word(lang, "form.blank"));
    }
    if any(|reading| reading == Reading::Blank { proved_zero: true }) {
        parts.push(words::word(lang, "form.proved"));
    }
    if any(|reading| reading == Reading::Unreadable) {
        parts.push(words::word(lang, "form.unreadable"));
    }
    parts.join(" · ")
}

/// Numbers of the findings that speak of a cell.
fn marks(report: &Report) -> BTreeMap<Slot, Vec<usize>> {
    let mut marks: BTreeMap<Slot, Vec<usize>> = BTreeMap::new();
    for (at, finding) in report.findings.iter().enumerate() {
        for &cell in &finding.cells {
            marks.entry(cell).or_default().push(at + 1);
        }
    }
    marks
}

/// One table of one report while it is laid out.
struct Form<'a> {
    report: &'a Report,
    marks: &'a BTreeMap<Slot, Vec<usize>>,
    kind: Table,
    template: Template,
    lang: Lang,
}

impl Form<'_> {
    /// Table 2: one line a figure, under the heading it belongs to.
    fn list(&self) -> Sheet {
        let mut sheet = Sheet::default();
        let rows: Vec<&Category> = self.rows().collect();
        let mut last = None;
        let groups = rows.iter().map(|row| {
            let group = row.parent.filter(|parent| last != Some(*parent));
            last = row.parent;
            group.map(|group| words::category(self.lang, group, self.template)).unwrap_or_default()
        });
        sheet.push(words::word(self.lang, "form.item"), Align::Left, groups.collect());
        let labels = rows.iter().map(|row| self.label(row)).collect();
        sheet.push(words::word(self.lang, "column.category"), Align::Left, labels);
        let values = rows.iter().map(|row| self.cell(Slot::plain(row.code))).collect();
        sheet.push(words::word(self.lang, "column.value"), Align::Right, values);
        sheet
    }

    /// Table 3: headings as lines of their own, one column an applicant.
    fn applicants(&self) -> Sheet {
        let mut sheet = Sheet::default();
        let printed: Vec<&Category> = self.rows().collect();
        let shown: Vec<&Category> = catalogue()
            .all()
            .iter()
            .filter(|row| row.table == Some(self.kind) && row.parent.is_some())
            .filter(|row| printed.iter().any(|leaf| leaf.code == row.code || is_below(leaf, row)))
            .collect();
        let labels = shown.iter().map(|row| format!("{}{}", "  ".repeat(depth(row)), self.label(row))).collect();
        sheet.push(words::word(self.lang, "column.category"), Align::Left, labels);
        for applicant in Applicant::ALL {
            let values = shown.iter().map(|row| self.cell(Slot::of(row.code, applicant))).collect();
            sheet.push(words::applicant(self.lang, applicant), Align::Right, values);
        }
        sheet
    }

    /// Table 4: one line a block, one column a result.
    fn results(&self) -> Sheet {
        let mut sheet = Sheet::default();
        let rows: Vec<&Category> = self.rows().collect();
        let mut blocks: Vec<Vec<&Category>> = Vec::new();
        for row in rows {
            match blocks.last_mut() {
                Some(block) if block.first().is_some_and(|first| first.parent == row.parent) => block.push(row),
                _ => blocks.push(vec![row]),
            }
        }
        let parent = |block: &Vec<&Category>| block.first().and_then(|row| row.parent);
        let labels = blocks
            .iter()
            .map(|block| parent(block).map(|code| words::category(self.lang, code, self.template)).unwrap_or_default());
        sheet.push(words::word(self.lang, "form.block"), Align::Left, labels.collect());
        let results = blocks.first().map_or(0, Vec::len);
        for column in 0..results {
            let title = blocks.first().and_then(|block| block.get(column)).map(|row| self.label(row));
            let values = blocks
                .iter()
                .map(|block| block.get(column).map(|row| self.cell(Slot::plain(row.code))).unwrap_or_default());
            sheet.push(title.unwrap_or_default(), Align::Right, values.collect());
        }
        sheet
    }

    fn rows(&self) -> impl Iterator<Item = &'static Category> {
        catalogue().printed(self.kind, self.template)
    }

    /// The label without the heading it stands under.
    fn label(&self, row: &Category) -> String {
        let label = words::category(self.lang, row.code, self.template);
        let heading = row.parent.map(|parent| words::category(self.lang, parent, self.template)).unwrap_or_default();
        match label.strip_prefix(&heading).and_then(|rest| rest.strip_prefix(": ")) {
            Some(rest) => rest.to_owned(),
            None => label,
        }
    }

    fn cell(&self, slot: Slot) -> String {
        let Some(cell) = self.report.cell(slot) else { return String::new() };
        let text = said(cell);
        match self.marks.get(&slot) {
            Some(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                format!("{text} [{}]", numbers.join(","))
            }
            None => text,
        }
    }
}

fn is_below(leaf: &Category, group: &Category) -> bool {
    leaf.parent == Some(group.code)
        || leaf.parent.and_then(|parent| catalogue().get(parent)).is_some_and(|parent| is_below(parent, group))
}

/// Steps below the table's own heading.
fn depth(row: &Category) -> usize {
    let above = |row: &Category| row.parent.and_then(|parent| catalogue().get(parent));
    let mut steps: usize = 0;
    let mut next = above(row);
    while let Some(parent) = next {
        steps += 1;
        next = above(parent);
    }
    steps.saturating_sub(1)
}

/// What a cell said: its number, its mark, or a sign that stands for nothing printed.
fn said(cell: &Cell) -> String {
    match cell.reading {
        Reading::Value(Quantity::Count(count)) => count.to_string(),
        Reading::Value(Quantity::Money(amount)) => amount.to_string(),
        Reading::Blank { proved_zero: false } => "·".to_owned(),
        Reading::Blank { proved_zero: true } => "·0".to_owned(),
        Reading::NotApplicable => cell.raw.trim().to_owned(),
        Reading::Unreadable => format!("?{}", brief(&cell.raw)),
    }
}

/// What is printed in a cell that cannot be read; a whole row of figures stands in its note, and would stand here in
/// every column.
fn brief(raw: &str) -> &str {
    const WIDTH: usize = 12;
    let raw = raw.trim();
    if raw.contains(char::is_whitespace) || width::of(raw) > WIDTH { "" } else { raw }
}
