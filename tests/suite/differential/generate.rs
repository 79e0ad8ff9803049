//! Stores with every state, form, scope and break; questions of every kind.

use gongkai::{
    model::{
        Amount, Applicant, Body, BodyKind, Cell, Origin, Quantity, Reading, Report, Scope, Table, Template, Templates,
        Year,
    },
    query::plan::{
        Ask, Comparison, Condition, Dimension, Formula, Level, Literal, Measure, Member, Operand, Options, Part, Place,
        Plan, Stage, Statistic, Sum, Term, TermKind, Verb, Whose,
    },
    schema::{Kind, ValueType, catalogue},
    text::Place as At,
};

/// A small generator of numbers (SplitMix64): same seed, same case.
pub struct Random(u64);

/// Governments of every kind of place, with years in which their code was valid: renamed, merged away, directly
/// governed, of a municipality.
const GOVERNMENTS: [(&str, u16, u16); 15] = [
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

const MEASURES: [&str; 11] = [
    "requests.new",
    "outcome.total",
    "outcome.unavailable.not_held",
    "outcome.unavailable",
    "outcome.other",
    "outcome.other.residual",
    "outcome.refused",
    "review.total",
    "litigation",
    "proactive.regulations.issued",
    "proactive.regulations.in_force",
];

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
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

    /// A question about such a store.
    pub fn plan(&mut self, reports: &[Report]) -> Plan {
        let kind = self.pick(&[TermKind::Value, TermKind::Value, TermKind::Share, TermKind::Share, TermKind::Change]);
        let mut terms = vec![self.term(kind)];
        if self.chance(15) {
            let kind = self.pick(&[TermKind::Value, TermKind::Share]);
            terms.push(self.term(kind));
        }
        let mut by: Vec<Dimension> = Vec::new();
        let dimensions = [
            Dimension::Year,
            Dimension::Year,
            Dimension::Province,
            Dimension::City,
            Dimension::County,
            Dimension::Body,
            Dimension::Level,
            Dimension::Applicant,
            Dimension::Template,
        ];
        for _ in 0..self.below(4) {
            let dimension = self.pick(&dimensions);
            if !by.contains(&dimension) {
                by.push(dimension);
            }
        }
        let first = 2018 + u16::try_from(self.below(7)).unwrap();
        let last = first + u16::try_from(self.below(usize::from(2025 - first))).unwrap();
        let mut years: Vec<Year> = (first..=last).filter_map(Year::new).collect();
        if years.len() > 2 && self.chance(20) {
            years.remove(1);
        }
        let applicants = match self.below(8) {
            0 => vec![Applicant::Natural],
            1 => vec![Applicant::Research, Applicant::Commercial],
            2 => vec![Applicant::Natural, Applicant::Total],
            _ => Vec::new(),
        };
        let filter = self.chance(20).then(|| self.condition());
        let stages = match self.below(6) {
            0 => vec![Stage::Top(1 + self.below(4))],
            1 => vec![Stage::Bottom(1 + self.below(4))],
            _ => Vec::new(),
        };
        Plan {
            verb: Verb::Ask(Ask { terms, applicants, filter }),
            whose: self.whose(reports),
            years,
            by,
            options: Options { comparable: self.chance(10), complete: self.chance(10), blank_as_zero: self.chance(15) },
            as_of: None,
            stages,
        }
    }

    fn term(&mut self, kind: TermKind) -> Term {
        let measure = |random: &mut Self| {
            let id = random.pick(&MEASURES);
            let part =
                |id: &str, factor| Part { category: catalogue().by_id(id).unwrap().code, applicant: None, factor };
            let mut parts = vec![part(id, 1)];
            if random.chance(20) {
                let other = random.pick(&MEASURES);
                parts.push(part(other, if random.chance(50) { -1 } else { 1 }));
            }
            Measure { id: id.to_owned(), formula: Formula::Sum(Sum(parts)), version: None }
        };
        let one = measure(self);
        let base = (kind == TermKind::Share).then(|| measure(self));
        let statistics = [
            Statistic::Mean,
            Statistic::Median,
            Statistic::Min,
            Statistic::Max,
            Statistic::Percentile(25),
            Statistic::Percentile(90),
            Statistic::Quartiles,
            Statistic::Count,
        ];
        let statistic = self.chance(30).then(|| self.pick(&statistics));
        Term { statistic, kind, members: vec![Member { measure: one, base }] }
    }

    fn condition(&mut self) -> Condition {
        let kind = self.pick(&[TermKind::Value, TermKind::Share]);
        let term = Term { statistic: None, ..self.term(kind) };
        let comparison = self.pick(&[Comparison::GreaterOrEqual, Comparison::Less, Comparison::Equal]);
        let literal = match kind {
            TermKind::Share => Literal { digits: 5, scale: 1 },
            _ => Literal { digits: i64::try_from(self.below(40)).unwrap(), scale: 0 },
        };
        Condition::Compare(Operand::Term(term), comparison, literal)
    }

    fn whose(&mut self, reports: &[Report]) -> Whose {
        let government = |random: &mut Self| random.pick(&GOVERNMENTS).0.parse().unwrap();
        let mut places = Vec::new();
        for _ in 0..self.below(3) {
            places.push(match self.below(5) {
                0 => Place::Children(government(self)),
                1 => Place::Below(government(self)),
                2 if !reports.is_empty() => Place::Body(reports[self.below(reports.len())].body.id.clone()),
                _ => Place::Body(government(self)),
            });
        }
        let levels = [Level::Province, Level::City, Level::County, Level::Department, Level::Town];
        // A tier of the whole country has thousands of bodies: now and then is enough.
        let percent = if places.is_empty() { 5 } else { 30 };
        let level = self.chance(percent).then(|| self.pick(&levels));
        Whose { places, apart: false, level }
    }
}
