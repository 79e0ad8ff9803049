//! The synthetic country: real codes, seeded, the same bytes every time.

use std::io::Write;

use gongkai::{
    model::{Applicant, Body, BodyKind, Cell, Origin, Place, Reading, Report, Scope, Slot, Template, Templates, Year},
    schema::{catalogue, places},
};

use crate::{Outcome, names};

const YEARS: [u16; 6] = [2019, 2020, 2021, 2022, 2023, 2024];

/// Numbers that depend on nothing but the seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Mostly small, sometimes very large.
    fn heavy(&mut self, scale: u64) -> u64 {
        let mut value = self.below(scale + 1);
        while self.below(6) == 0 {
            value = value * 3 + self.below(10);
        }
        value.min(1_000_000)
    }
}

/// Writes about so many reports as a wide cube.
pub fn generate(reports: usize, mut out: impl Write) -> Outcome {
    let codes: Vec<&str> = {
        let mut codes: Vec<&str> =
            places().all().iter().filter(|row| row.last_year.is_none()).map(|row| row.code).collect();
        codes.dedup();
        codes
    };
    let bodies = reports.div_ceil(YEARS.len());
    let (each, more) = (bodies / codes.len(), bodies % codes.len());
    let slots = names::slots();
    let mut dice = Dice(20_261_124);
    write!(out, "body,year")?;
    for &slot in &slots {
        write!(out, ",{}", names::name(slot))?;
    }
    writeln!(out)?;
    let layout = Layout::new(&slots);
    for (at, code) in codes.iter().enumerate() {
        for number in 0..each + usize::from(at < more) {
            let path = if number == 0 { (*code).to_owned() } else { format!("{code}/机关{number:03}") };
            let scale = if number == 0 { 40 } else { 4 };
            let mut before = Before::default();
            for year in YEARS {
                let cells = layout.row(year, scale, &mut dice, &mut before)?;
                if dice.below(50) > 0 {
                    write!(out, "{path},{year}")?;
                    layout.write(year, &cells, &mut out)?;
                }
            }
        }
    }
    Ok(out.flush()?)
}

/// A whole report by number, with every cell of the form of 2021.
pub fn report(number: u32) -> Outcome<Report> {
    let template = Template::Form2021;
    let mut dice = Dice(u64::from(number) + 1);
    let slots = names::slots().into_iter().filter(|&slot| names::printed(slot, template));
    let cells: Vec<Cell> = slots
        .zip(1u32..)
        .map(|(slot, row)| {
            let reading = Reading::count(i64::try_from(dice.below(40).saturating_sub(30)).unwrap_or(0));
            let raw = reading.value().map(|value| value.to_string()).unwrap_or_default();
            Cell { slot, reading, raw, place: Place { line: row, column: 3 }, row }
        })
        .collect();
    let path = format!("140109/机关{number:05}");
    Ok(Report {
        body: Body { id: path.parse()?, name: path, kind: BodyKind::Department },
        year: Year::new(2024).ok_or("no year")?,
        scope: Scope::Own,
        templates: Templates { t2: Some(template), t3: Some(template), t4: Some(template) },
        cells,
        claims: Vec::new(),
        findings: Vec::new(),
        published: Some("2025-01-20".to_owned()),
        origin: Origin { file: format!("{number}.txt"), sha256: format!("{number:064x}"), reader: "bench".to_owned() },
    })
}

/// What a body carries from one year into the next: documents in force, matters of the old form.
#[derive(Default)]
struct Before {
    in_force: [u64; 2],
    items: [u64; 5],
}

/// Kinds of documents, whose stock rolls forward.
const DOCUMENTS: [&str; 2] = ["proactive.regulations", "proactive.normative_documents"];
/// What the old form counts matters of.
const MATTERS: [&str; 5] =
    ["proactive.licences", "proactive.other_services", "proactive.penalties", "proactive.coercion", "proactive.fees"];
/// The three kinds of cases: four results and their total.
const CASES: [&str; 3] = ["review", "litigation.direct", "litigation.after_review"];

/// Where the rows stand among the slots.
struct Layout<'a> {
    slots: &'a [Slot],
    outcomes: Vec<usize>,
}

impl<'a> Layout<'a> {
    fn new(slots: &'a [Slot]) -> Self {
        let leaf = |slot: &Slot| {
            let id = catalogue().get(slot.category).map_or("", |category| category.id.as_str());
            id.starts_with("outcome.") && !["outcome.total", "requests.carried_out", "outcome.other"].contains(&id)
        };
        let natural = |slot: &Slot| slot.applicant == Some(Applicant::Natural);
        let outcomes =
            slots.iter().enumerate().filter(|(_, slot)| natural(slot) && leaf(slot)).map(|(at, _)| at).collect();
        Self { slots, outcomes }
    }

    /// The cell of a category, in a column where it has any.
    fn cell<'c>(&self, cells: &'c mut [u64], id: &str, applicant: Option<Applicant>) -> Option<&'c mut u64> {
        let slot = Slot { category: catalogue().by_id(id)?.code, applicant };
        cells.get_mut(self.slots.binary_search(&slot).ok()?)
    }

    fn set(&self, cells: &mut [u64], id: &str, applicant: Option<Applicant>, value: u64) {
        if let Some(cell) = self.cell(cells, id, applicant) {
            *cell = value;
        }
    }

    /// The figures of a report. They hold, but for one report in two hundred, whose total is one too high.
    fn row(&self, year: u16, scale: u64, dice: &mut Dice, before: &mut Before) -> Outcome<Vec<u64>> {
        let mut cells = vec![0u64; self.slots.len()];
        let Some(template) = Year::new(year).map(names::template) else { return Ok(cells) };
        let busy = dice.below(3) > 0;
        if busy {
            let requests = 1 + dice.heavy(scale);
            for _ in 0..requests.min(300) {
                let at = self.outcomes.get(usize::try_from(dice.below(self.outcomes.len() as u64))?);
                if let Some(cell) = at.and_then(|&at| cells.get_mut(at)) {
                    *cell += requests.div_ceil(300);
                }
            }
        }
        let mut sum = 0;
        for (cell, &slot) in cells.iter_mut().zip(self.slots) {
            if !names::printed(slot, template) {
                *cell = 0;
            } else if slot.applicant.is_none() {
                *cell = if dice.below(3) == 0 { dice.heavy(scale) } else { 0 };
            }
            sum += if slot.applicant == Some(Applicant::Natural) { *cell } else { 0 };
        }
        self.documents(&mut cells, before);
        self.cases(&mut cells);
        let copied = self.slots.iter().enumerate().filter(|(_, slot)| slot.applicant == Some(Applicant::Total));
        let rows: Vec<(usize, Slot)> = copied.map(|(at, &slot)| (at, slot)).collect();
        for (at, slot) in rows {
            let natural = self.slots.binary_search(&Slot { applicant: Some(Applicant::Natural), ..slot });
            let value = natural.ok().and_then(|natural| cells.get(natural).copied()).unwrap_or(0);
            if let Some(cell) = cells.get_mut(at) {
                *cell = value;
            }
        }
        let total = sum + u64::from(dice.below(200) == 0);
        for applicant in [Applicant::Natural, Applicant::Total] {
            self.set(&mut cells, "requests.new", Some(applicant), sum);
            self.set(&mut cells, "outcome.total", Some(applicant), total);
        }
        Ok(cells)
    }

    /// Table 2: what is in force rolls forward, what is new is part of what is published, matters roll forward.
    fn documents(&self, cells: &mut [u64], before: &mut Before) {
        let value = |cells: &mut [u64], id: &str| self.cell(cells, id, None).map_or(0, |cell| *cell);
        for (kind, stock) in DOCUMENTS.iter().zip(&mut before.in_force) {
            let id = |column: &str| format!("{kind}.{column}");
            // A body below a city has no power to make regulations, and the country is mostly such.
            if *kind == "proactive.regulations" {
                for column in ["issued", "newly_published"] {
                    self.set(cells, &id(column), None, 0);
                }
            }
            let (issued, published) = (value(cells, &id("issued")), value(cells, &id("newly_published")));
            let repealed = value(cells, &id("repealed")).min(*stock + issued);
            *stock = *stock + issued - repealed;
            self.set(cells, &id("repealed"), None, repealed);
            self.set(cells, &id("in_force"), None, *stock);
            self.set(cells, &id("published_total"), None, published + *stock);
        }
        for (matter, items) in MATTERS.iter().zip(&mut before.items) {
            self.set(cells, &format!("{matter}.items_prior"), None, *items);
            *items += value(cells, &format!("{matter}.items_change"));
        }
    }

    /// Table 4: four results and their total; nobody sues after a reconsideration that was not.
    fn cases(&self, cells: &mut [u64]) {
        let mut most = 0;
        for kind in CASES {
            let mut total = 0;
            for column in ["upheld", "corrected", "other", "pending"] {
                let after = kind == "litigation.after_review";
                if let Some(cell) = self.cell(cells, &format!("{kind}.{column}"), None) {
                    if after {
                        *cell = (*cell).min(most - total);
                    }
                    total += *cell;
                }
            }
            self.set(cells, &format!("{kind}.total"), None, total);
            if kind == "review" {
                most = total;
            }
        }
    }

    fn write(&self, year: u16, cells: &[u64], out: &mut impl Write) -> Outcome {
        let Some(template) = Year::new(year).map(names::template) else { return Ok(()) };
        for (&cell, &slot) in cells.iter().zip(self.slots) {
            if names::printed(slot, template) { write!(out, ",{cell}")? } else { write!(out, ",")? }
        }
        Ok(writeln!(out)?)
    }
}
