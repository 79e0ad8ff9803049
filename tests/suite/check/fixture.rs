//! Reports for tests, written as they are printed: seven figures a row, five a block. A dot is a blank.

use gongkai::{
    check::Sheet,
    model::{
        Applicant, Body, BodyId, BodyKind, Cell, Origin, Quantity, Reading, Report, Scope, Slot, Table, Template,
        Templates, Year,
    },
    schema::{ValueType, catalogue},
    text::Place,
};

/// A report of 万柏林区, 2024, with these rows: `outcome.granted: 7 2 0 0 0 0 9`, `review: 10 0 1 1 12`,
/// `proactive.fees.amount: 803`. Cells of the form that are not given print 0.
pub fn report(template: Template, rows: &str) -> Report {
    let mut printed: Vec<(Slot, String)> = Vec::new();
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (id, figures) = row.split_once(':').unwrap();
        let figures: Vec<&str> = figures.split_whitespace().collect();
        let ids: Vec<String> = match figures.len() {
            5 => ["upheld", "corrected", "other", "pending", "total"].map(|column| format!("{id}.{column}")).to_vec(),
            _ => vec![id.to_owned()],
        };
        let slots: Vec<Slot> =
            ids.iter().flat_map(|id| catalogue().by_id(id).unwrap_or_else(|| panic!("{id}")).slots()).collect();
        assert_eq!(slots.len(), figures.len(), "{row}");
        printed.extend(slots.into_iter().zip(figures.into_iter().map(str::to_owned)));
    }
    let mut cells: Vec<Cell> = Vec::new();
    for category in catalogue().all().iter().filter(|category| category.table.is_some()) {
        for slot in category.slots() {
            let given = printed.iter().find(|(other, _)| *other == slot).map(|(_, text)| text.clone());
            let Some(raw) = given.or_else(|| category.printed_in(template).then(|| "0".to_owned())) else { continue };
            let reading = reading(&raw, category.value_type);
            let raw = if raw == "." { String::new() } else { raw };
            cells.push(Cell { slot, reading, raw, place: Place::default(), row: 0 });
        }
    }
    let form = Some(template);
    let code: BodyId = "140109".parse().unwrap();
    Report {
        body: Body { id: code, name: "万柏林区".to_owned(), kind: BodyKind::Government },
        year: Year::new(2024).unwrap(),
        scope: Scope::Aggregate,
        templates: Templates { t2: form, t3: form, t4: form },
        cells,
        claims: Vec::new(),
        findings: Vec::new(),
        published: Some("2025-01-26".to_owned()),
        origin: Origin { file: "test".to_owned(), sha256: String::new(), reader: String::new() },
    }
}

/// The same as a sheet.
pub fn sheet(template: Template, rows: &str) -> Sheet {
    Sheet::of(&report(template, rows))
}

/// The slot that `outcome.granted[natural]` or `review.total` names.
pub fn slot(text: &str) -> Slot {
    let (id, column) = text.split_once('[').unwrap_or((text, ""));
    let code = catalogue().by_id(id).unwrap().code;
    Slot { category: code, applicant: Applicant::from_id(column.trim_end_matches(']')) }
}

/// Which tables the report has, changed.
pub fn without(mut report: Report, table: Table) -> Report {
    match table {
        Table::T2 => report.templates.t2 = None,
        Table::T3 => report.templates.t3 = None,
        Table::T4 => report.templates.t4 = None,
    }
    report.cells.retain(|cell| catalogue().get(cell.slot.category).unwrap().table != Some(table));
    report
}

fn reading(raw: &str, value_type: ValueType) -> Reading {
    match (raw, value_type) {
        (".", _) => Reading::Blank { proved_zero: false },
        ("/", _) => Reading::NotApplicable,
        ("?", _) => Reading::Unreadable,
        (number, ValueType::Amount) => Reading::Value(Quantity::Money(number.parse().unwrap())),
        (number, _) => Reading::count(number.parse().unwrap()),
    }
}
