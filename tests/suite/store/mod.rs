//! The store from outside: what is put is there, whole, once, and after every way of ending.

mod agree;
mod spine;

use gongkai::{
    model::{
        Applicant, Body, BodyKind, CategoryCode, Cell, Origin, Place, Reading, Report, Scope, Slot, Template,
        Templates, Year,
    },
    store::{Holder, Settings},
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

pub fn slot(category: u16, applicant: Option<Applicant>) -> Slot {
    Slot { category: CategoryCode(category), applicant }
}
