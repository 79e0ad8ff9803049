//! Stores with every state, form, scope and break.

use gongkai::{
    model::{Amount, Body, BodyKind, Cell, Origin, Quantity, Reading, Report, Scope, Table, Template, Templates, Year},
    schema::{Kind, ValueType, catalogue},
    text::Place as At,
};

use super::slow::Residents;

/// A small generator of numbers (SplitMix64): same seed, same case.
pub struct Random(u64);

/// Governments of every kind of place, with years in which their code was valid: renamed, merged away, directly
/// governed, of a municipality.
pub const GOVERNMENTS: [(&str, u16, u16); 15] = [
    ("110000", 2018, 2024),
    ("110101", 2018, 2024),
    ("140000", 2018, 2024),
    ("140100", 2018, 2024),
    ("140105", 2018, 2024),
    ("140109", 2018, 2024),
    ("140700", 2018, 2024),
    ("140703", 2019, 2024),
    ("140726", 2018, 2018),
    ("330100", 2018, 2024),
    ("330103", 2018, 2020),
    ("330105", 2018, 2024),
    ("420000", 2018, 2024),
    ("429004", 2018, 2024),
    ("140200", 2018, 2024),
];

const OWN: [(&str, BodyKind); 6] = [
    ("000000/财政部", BodyKind::Ministry),
    ("140000/财政厅", BodyKind::Department),
    ("140100/财政局", BodyKind::Department),
    ("140109/财政局", BodyKind::Department),
    ("140109/街道/千峰街道", BodyKind::Subdistrict),
    ("330100/钱江经济开发区", BodyKind::Zone),
];

impl Random {
    pub fn new(seed: u64) -> Self {
        // Mixed once, so that the numbers of one seed are not those of the next, one further on.
        Self(Self(seed).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Some reports of some bodies in some years.
    pub fn store(&mut self) -> Vec<Report> {
        let density = 20 + self.below(70);
        let mut reports = Vec::new();
        for year in 2018..=2024 {
            for (code, first, last) in GOVERNMENTS {
                if (first..=last).contains(&year) && self.chance(density) {
                    reports.push(self.report(code, BodyKind::Government, year));
                }
            }
            for (path, kind) in OWN {
                if self.chance(density / 2) {
                    reports.push(self.report(path, kind, year));
                }
            }
        }
        reports
    }

    /// How many live where, as far as it is known: a renamed division by the name of its year or by today's.
    pub fn residents(&mut self) -> Residents {
        let mut known = Vec::new();
        for (code, first, last) in GOVERNMENTS {
            for year in first.max(2017)..=last {
                if self.chance(70) {
                    known.push((code.to_owned(), year, 1 + i64::try_from(self.below(900_000)).unwrap()));
                }
            }
        }
        known
    }

    fn report(&mut self, path: &str, kind: BodyKind, year: u16) -> Report {
        let government = kind == BodyKind::Government;
        let scope = match self.below(10) {
            0 => Scope::Own,
            1 => Scope::Unknown,
            _ if government => Scope::Aggregate,
            _ => Scope::Own,
        };
        let form = if year < 2021 { Template::Form2019 } else { Template::Form2021 };
        // Hybrids exist: each table may be in the other form, or be missing.
        let table = |random: &mut Self| match random.below(12) {
            0 => None,
            1 => Some(Template::Form2019),
            _ => Some(form),
        };
        let templates = Templates { t2: table(self), t3: table(self), t4: table(self) };
        let mut cells = Vec::new();
        let quiet = self.chance(30);
        for (table, form) in [(Table::T2, templates.t2), (Table::T3, templates.t3), (Table::T4, templates.t4)] {
            let Some(form) = form else { continue };
            for category in catalogue().all().iter().filter(|category| category.table == Some(table)) {
                let subtotal =
                    category.kind == Kind::Group && category.value_type != ValueType::None && self.chance(10);
                if !(category.printed_in(form) || subtotal) {
                    continue;
                }
                for slot in category.slots() {
                    let reading = self.reading(category.value_type, quiet);
                    cells.push(Cell { slot, reading, raw: String::new(), place: At { line: 1, column: 1 }, row: 1 });
                }
            }
        }
        cells.sort_by_key(|cell| cell.slot);
        Report {
            body: Body { id: path.parse().unwrap(), name: path.to_owned(), kind },
            year: Year::new(year).unwrap(),
            scope,
            templates,
            cells,
            claims: Vec::new(),
            findings: Vec::new(),
            published: None,
            origin: Origin { file: path.to_owned(), sha256: String::new(), reader: String::new() },
        }
    }

    /// Reports of so many offices of one district: more than one chunk of a province holds.
    pub fn offices(&mut self, count: usize) -> Vec<Report> {
        let mut reports = Vec::new();
        for number in 0..count {
            for year in [2023, 2024] {
                if self.chance(90) {
                    let mut report = self.report(&format!("140109/机关{number:05}"), BodyKind::Department, year);
                    let kept = ["requests.new", "outcome.total", "outcome.unavailable.not_held"];
                    let kept = kept.map(|id| catalogue().by_id(id).unwrap().code);
                    report.cells.retain(|cell| kept.contains(&cell.slot.category));
                    reports.push(report);
                }
            }
        }
        reports
    }

    fn reading(&mut self, kind: ValueType, quiet: bool) -> Reading {
        match self.below(40) {
            0 => Reading::Blank { proved_zero: false },
            1 => Reading::Blank { proved_zero: true },
            2 => Reading::NotApplicable,
            3 => Reading::Unreadable,
            _ => {
                let count = if quiet || self.chance(30) { 0 } else { i64::try_from(self.below(60)).unwrap() };
                match kind {
                    ValueType::Amount => Reading::Value(Quantity::Money(Amount(count * 123_457))),
                    ValueType::SignedCount => Reading::count(count - 30),
                    _ => Reading::count(count),
                }
            }
        }
    }
}
