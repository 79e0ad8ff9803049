//! The whole store as an SQLite database: every cell with its state, every report with its source.
//!
//! | table | a row is |
//! |---|---|
//! | `cells` | a cell that a report prints: its value and state, the text as printed and where |
//! | `reports` | a report: scope, forms, date, file and SHA-256 |
//! | `bodies` | who reports |
//! | `categories`, `applicants` | a row, a column of the form, with its labels |
//! | `findings` | something noticed about a report |
//! | `missing_reasons` | what a state means that stands where a value would |
//! | `about` | the store's revision and the version that wrote this |
//!
//! A report without a row in `cells` for a category has no such cell in its form; a body without a row in `reports` for
//! a year has no report. Counts are INTEGER, money is TEXT, since no binary number holds its decimals.

use std::{collections::BTreeMap, ops::Range, path::Path};

use rusqlite::{Statement, Transaction, params, types::Value as Sql};

use super::{Database, cube};
use crate::{
    error::Result,
    messages::Lang,
    model::{Applicant, Cell, Origin, Place, Quantity, Reading, Report, Slot, Table, Template, Year},
    render::{sqlite, words},
    schema::{Kind, ValueType, body_path, catalogue},
    store::{Block, Meta, View, Whole},
};

const TABLES: &str = "
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE bodies (body TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL);
CREATE TABLE categories (category TEXT PRIMARY KEY, form_table TEXT, parent TEXT, kind TEXT NOT NULL, type TEXT NOT NULL, unit TEXT, label_en TEXT NOT NULL, label_zh_2019 TEXT, label_zh_2021 TEXT);
CREATE TABLE applicants (applicant TEXT PRIMARY KEY, label_en TEXT NOT NULL, label_zh TEXT NOT NULL);
CREATE TABLE reports (body TEXT NOT NULL, year INTEGER NOT NULL, scope TEXT NOT NULL, form_t2 TEXT, form_t3 TEXT, form_t4 TEXT, published TEXT, file TEXT NOT NULL, sha256 TEXT NOT NULL, reader TEXT NOT NULL, PRIMARY KEY (body, year)) WITHOUT ROWID;
CREATE TABLE cells (body TEXT NOT NULL, year INTEGER NOT NULL, category TEXT NOT NULL, applicant TEXT NOT NULL, state TEXT NOT NULL, value, proved_zero INTEGER NOT NULL, raw TEXT, line INTEGER, col INTEGER, table_row INTEGER, PRIMARY KEY (body, year, category, applicant)) WITHOUT ROWID;
CREATE TABLE findings (body TEXT NOT NULL, year INTEGER NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL, status TEXT NOT NULL, applicant TEXT, printed TEXT, computed TEXT, cells TEXT NOT NULL, text TEXT, line INTEGER, col INTEGER, en TEXT NOT NULL, zh TEXT NOT NULL);
";

/// Bodies whose columns are decoded at once: few enough that memory stays flat.
const STEP: usize = 1_024;

impl Database {
    /// Writes everything into a new or empty file as an SQLite database.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub fn export_sqlite(&self, file: &Path) -> Result<()> {
        let view = self.view()?;
        let write = || {
            let mut connection = sqlite::open(file)?;
            let transaction = connection.transaction()?;
            transaction.execute_batch(TABLES)?;
            sqlite::states(&transaction)?;
            form(&transaction)?;
            reports(&transaction, &view)?;
            transaction.commit()
        };
        write().map_err(|cause| sqlite::trouble(cause).at(file))?;
        view.health()
    }
}

/// The rows and columns of the form.
fn form(to: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut insert = to.prepare("INSERT INTO categories VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for row in catalogue().all() {
        let table = row.table.map(|table| match table {
            Table::T2 => "t2",
            Table::T3 => "t3",
            Table::T4 => "t4",
        });
        let kind = match row.kind {
            Kind::Leaf => "cell",
            Kind::Total => "total",
            Kind::Group => "heading",
            Kind::Mixed => "cell or heading",
        };
        let value = match row.value_type {
            ValueType::None => "none",
            ValueType::Count | ValueType::SignedCount => "integer",
            ValueType::Amount => "decimal",
        };
        let parent = row.parent.and_then(|code| catalogue().get(code)).map(|parent| parent.id.as_str());
        insert.execute(params![
            row.id,
            table,
            parent,
            kind,
            value,
            row.unit,
            row.label_en,
            row.label_2019,
            row.label_2021
        ])?;
    }
    let mut insert = to.prepare("INSERT INTO applicants VALUES (?, ?, ?)")?;
    for applicant in Applicant::ALL {
        let (en, zh) = catalogue().applicant(applicant);
        insert.execute(params![applicant.id(), en, zh])?;
    }
    Ok(())
}

/// The statements that every report goes through.
struct Rows<'a> {
    cells: Statement<'a>,
    reports: Statement<'a>,
    findings: Statement<'a>,
    names: BTreeMap<Slot, (String, String)>,
}

fn reports(to: &Transaction<'_>, view: &View) -> rusqlite::Result<()> {
    let mut about = to.prepare("INSERT INTO about VALUES (?, ?)")?;
    about.execute(params!["store.revision", view.revision().to_string()])?;
    about.execute(params!["written_by", concat!("gongkai ", env!("CARGO_PKG_VERSION"))])?;
    let mut insert = to.prepare("INSERT INTO bodies VALUES (?, ?, ?)")?;
    for body in (0..view.body_count()).filter_map(|at| view.body(at)) {
        insert.execute(params![body.id.as_str(), body.name, body_path(&body.id)])?;
    }
    let mut rows = Rows {
        cells: to.prepare("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?,
        reports: to.prepare("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?,
        findings: to.prepare("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?,
        names: BTreeMap::new(),
    };
    for year in view.years() {
        let slots = view.slots(year);
        rows.names = slots.iter().map(|&slot| (slot, cube::parts(slot))).collect();
        let mut next = 0;
        while next < view.body_count() {
            let end = (next + STEP).min(view.body_count());
            rows.stretch(view, year, &slots, next..end)?;
            next = end;
        }
    }
    Ok(())
}

impl Rows<'_> {
    /// The reports of a year of some bodies. Their columns are decoded only where figures came without a report.
    fn stretch(&mut self, view: &View, year: Year, slots: &[Slot], bodies: Range<usize>) -> rusqlite::Result<()> {
        let mut columns: Option<Vec<(Slot, Vec<Block>)>> = None;
        for at in view.present(year, bodies.clone()) {
            let (Some(body), Some(meta), Some(whole)) = (view.body(at), view.meta(at, year), view.whole(at, year))
            else {
                continue; // `View::health` tells of it.
            };
            let path = body.id.as_str();
            match whole {
                Whole::Report(report) => {
                    self.report(path, year, meta, &report.origin, report.published.as_deref())?;
                    for cell in &report.cells {
                        self.cell(path, year, cell.slot, cell.reading, Some(cell))?;
                    }
                    self.findings(path, year, &report)?;
                }
                Whole::Figures(origin) => {
                    self.report(path, year, meta, &origin, None)?;
                    let columns = columns.get_or_insert_with(|| {
                        slots.iter().map(|&slot| (slot, view.blocks(slot, year, bodies.clone()).collect())).collect()
                    });
                    for (slot, blocks) in columns {
                        let block = blocks.iter().rev().find(|block| block.first <= at);
                        if let Some(reading) = block.and_then(|block| block.reading(at)) {
                            self.cell(path, year, *slot, reading, None)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn report(
        &mut self,
        body: &str,
        year: Year,
        meta: Meta,
        origin: &Origin,
        published: Option<&str>,
    ) -> rusqlite::Result<()> {
        let form = |table| meta.templates.of(table).map(Template::id);
        let scope = words::scope_id(meta.scope);
        let (t2, t3, t4) = (form(Table::T2), form(Table::T3), form(Table::T4));
        self.reports
            .execute(params![
                body,
                year.number(),
                scope,
                t2,
                t3,
                t4,
                published,
                origin.file,
                origin.sha256,
                origin.reader
            ])
            .map(|_| ())
    }

    fn cell(
        &mut self,
        body: &str,
        year: Year,
        slot: Slot,
        reading: Reading,
        printed: Option<&Cell>,
    ) -> rusqlite::Result<()> {
        let (category, applicant) = &*self.names.entry(slot).or_insert_with(|| cube::parts(slot));
        let value = match reading.value() {
            None => Sql::Null,
            Some(Quantity::Count(count)) => Sql::Integer(count),
            Some(Quantity::Money(amount)) => Sql::Text(amount.to_string()),
        };
        let place = |number: fn(&Cell) -> u32| printed.map(number).filter(|number| *number > 0);
        self.cells
            .execute(params![
                body,
                year.number(),
                category,
                applicant,
                reading.state().id(),
                value,
                reading == Reading::Blank { proved_zero: true },
                printed.map(|cell| cell.raw.as_str()),
                place(|cell| cell.place.line),
                place(|cell| cell.place.column),
                place(|cell| cell.row),
            ])
            .map(|_| ())
    }

    fn findings(&mut self, body: &str, year: Year, report: &Report) -> rusqlite::Result<()> {
        for finding in &report.findings {
            let cells: Vec<String> = finding.cells.iter().map(|&slot| words::slot(slot)).collect();
            let place: Option<Place> = finding.place;
            self.findings.execute(params![
                body,
                year.number(),
                finding.rule,
                words::severity_id(finding.severity),
                finding.status.id(),
                finding.applicant.map(Applicant::id),
                finding.printed,
                finding.computed,
                cells.join(" "),
                finding.text,
                place.map(|place| place.line),
                place.map(|place| place.column),
                words::finding(Lang::En, finding),
                words::finding(Lang::Zh, finding),
            ])?;
        }
        Ok(())
    }
}
