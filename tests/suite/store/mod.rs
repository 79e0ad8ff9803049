//! The store from outside: what is put is there, whole, once, and after every way of ending.

mod agree;
mod care;
mod crash;
mod cube;
mod damage;
mod faults;
mod format;
mod history;
#[cfg(all(unix, feature = "cli"))]
mod limits;
mod place;
mod power;
mod readers;
mod spine;

use std::{collections::BTreeMap, path::Path};

use gongkai::{
    model::{
        Applicant, Body, BodyKind, CategoryCode, Cell, Origin, Place, Reading, Report, ReportKey, Scope, Slot,
        Template, Templates, Year,
    },
    store::{Holder, Settings, View},
};

/// A moment of the tests: no clock is read.
pub const NOW: u64 = 1_790_000_000_000;

pub fn settings() -> Settings {
    let holder = Holder { program: "suite".to_owned(), pid: std::process::id(), since: "09:00".to_owned() };
    Settings { holder, ..Settings::default() }
}

pub fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

pub fn body(path: &str) -> Body {
    Body { id: path.parse().unwrap(), name: format!("机关{path}"), kind: BodyKind::Government }
}

/// A report whose cells are given by slot and reading; the text of a cell is its plain number.
pub fn report(path: &str, of: u16, cells: &[(Slot, Reading)], sha256: &str) -> Report {
    let mut cells: Vec<Cell> = cells
        .iter()
        .map(|&(slot, reading)| Cell {
            slot,
            reading,
            raw: reading.value().map(|quantity| quantity.to_string()).unwrap_or_default(),
            place: Place { line: 7, column: 3 },
            row: 2,
        })
        .collect();
    cells.sort_by_key(|cell| cell.slot);
    Report {
        body: body(path),
        year: year(of),
        scope: Scope::Aggregate,
        templates: Templates { t2: None, t3: Some(Template::Form2021), t4: None },
        cells,
        claims: Vec::new(),
        findings: Vec::new(),
        published: Some(format!("{}-01-20", of + 1)),
        origin: Origin { file: format!("{path}-{of}.txt"), sha256: sha256.to_owned(), reader: "1".to_owned() },
    }
}

/// The report with a number: body, year and every cell follow from it, so that any wrong cell is seen.
pub fn numbered(number: u32) -> Report {
    let path = match number % 5 {
        0 => format!("{:02}0000", 11 + number % 40),
        1 => format!("{:02}0109", 11 + number % 40),
        other => format!("{:02}0109/机关{}", 11 + number % 40, number / 40 * 10 + other),
    };
    let of = 2019 + u16::try_from(number / 7 % 6).unwrap();
    let cells: Vec<_> = (0..40u16)
        .filter(|row| !(number + u32::from(*row)).is_multiple_of(11))
        .map(|row| {
            let value = i64::from(number) * 1_000 + i64::from(row);
            let reading = match (number + u32::from(row)) % 9 {
                0 => Reading::Blank { proved_zero: false },
                1 => Reading::NotApplicable,
                2 => Reading::Unreadable,
                3 | 4 => Reading::count(0),
                _ => Reading::count(value),
            };
            (slot(300 + row / 7, Applicant::from_code(u8::try_from(row % 7).unwrap() + 1)), reading)
        })
        .collect();
    report(&path, of, &cells, &format!("{number:064x}"))
}

/// What must be in a store after these numbers were put in this order: the last report of each key.
pub fn expected(numbers: impl IntoIterator<Item = u32>) -> BTreeMap<ReportKey, Report> {
    numbers.into_iter().map(numbered).map(|report| (report.key(), report)).collect()
}

/// Compares a view with the reports it must show, cell by cell and with their records, and says what is wrong.
/// An error of the store is no wrong answer: it is returned as one.
pub fn compare(view: &View, expected: &BTreeMap<ReportKey, Report>) -> Result<(), String> {
    let mut wrong = Vec::new();
    for (key, report) in expected {
        let Some(body) = view.find(&key.body) else {
            wrong.push(format!("{} is not there", key.body));
            continue;
        };
        for cell in &report.cells {
            let found = view.reading(body, key.year, cell.slot);
            if found != Some(cell.reading) {
                wrong.push(format!("{} {} {:?}: {found:?}, not {:?}", key.body, key.year, cell.slot, cell.reading));
            }
        }
        if view.report(body, key.year).as_ref() != Some(report) {
            wrong.push(format!("{} {}: another record", key.body, key.year));
        }
    }
    let total: usize = (2019..2025).map(|of| view.present(year(of), 0..view.body_count()).count()).sum();
    if (total, view.len()) != (expected.len(), expected.len()) {
        wrong.push(format!("{total} and {} reports, not {}", view.len(), expected.len()));
    }
    // What was damaged was answered with nothing, and that is told here.
    match view.health() {
        Err(error) => Err(format!("error: {error}")),
        Ok(()) if wrong.is_empty() => Ok(()),
        Ok(()) => Err(format!("WRONG: {}", wrong.join("; "))),
    }
}

/// Numbers that depend on nothing but the seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % (end as u64)).unwrap()
    }
}

/// How often a test goes round: a small number, or what an environment variable says.
pub fn rounds(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub fn slot(category: u16, applicant: Option<Applicant>) -> Slot {
    Slot { category: CategoryCode(category), applicant }
}
