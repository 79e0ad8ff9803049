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
            places().all().iter().filter(|row| row.last_year.is_none()).map(|row| row.code.as_str()).collect();
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
            for year in YEARS {
                if dice.below(50) > 0 {
                    write!(out, "{path},{year}")?;
                    layout.row(year, scale, &mut dice, &mut out)?;
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

/// Where the rows of the balance stand among the slots.
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

    fn row(&self, year: u16, scale: u64, dice: &mut Dice, out: &mut impl Write) -> Outcome {
        let Some(template) = Year::new(year).map(names::template) else { return Ok(()) };
        let mut cells = vec![0u64; self.slots.len()];
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
        let copied = self.slots.iter().enumerate().filter(|(_, slot)| slot.applicant == Some(Applicant::Total));
        let rows: Vec<(usize, Slot)> = copied.map(|(at, &slot)| (at, slot)).collect();
        for (at, slot) in rows {
            let natural = self.slots.binary_search(&Slot { applicant: Some(Applicant::Natural), ..slot });
            let value = natural.ok().and_then(|natural| cells.get(natural).copied()).unwrap_or(0);
            if let Some(cell) = cells.get_mut(at) {
                *cell = value;
            }
        }
        // One report in two hundred has a slip: its total is one too high.
        let total = sum + u64::from(dice.below(200) == 0);
        for id in ["outcome.total", "requests.new"] {
            for applicant in [Applicant::Natural, Applicant::Total] {
                let slot = catalogue().by_id(id).map(|category| Slot::of(category.code, applicant));
                let value = if id == "requests.new" { sum } else { total };
                if let Some(cell) = slot.and_then(|slot| cells.get_mut(self.slots.binary_search(&slot).ok()?)) {
                    *cell = value;
                }
            }
        }
        for (&cell, &slot) in cells.iter().zip(self.slots) {
            if names::printed(slot, template) { write!(out, ",{cell}")? } else { write!(out, ",")? }
        }
        Ok(writeln!(out)?)
    }
}
