//! The eight questions over a view, each timed warm.

use std::{
    fmt::Write as _,
    io::{self, Write},
    path::Path,
    time::Instant,
};

use gongkai::{
    model::{Slot, Year},
    schema::places,
    store::{Block, Store, View},
};

use crate::{Outcome, names};

const QUESTIONS: [(&str, fn(&View) -> String); 8] = [
    ("Q1", one_cell),
    ("Q2", one_body),
    ("Q3", national),
    ("Q4", provinces),
    ("Q5", top),
    ("Q6", growth),
    ("Q7", balance),
    ("Q8", everything),
];

/// Asks every question until half a second is over, and prints the best time and a digest of the answer.
pub fn ask(store: &Path) -> Outcome {
    let start = Instant::now();
    let view = Store::open_read_only(store)?.view()?;
    let opened = start.elapsed().as_secs_f64() * 1e3;
    writeln!(io::stdout(), "{{\"open_ms\": {opened:.3}}}")?;
    for (id, question) in QUESTIONS {
        let (mut best, mut answer) = (f64::MAX, String::new());
        let start = Instant::now();
        while start.elapsed().as_millis() < 500 || answer.is_empty() {
            let start = Instant::now();
            answer = question(&view);
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
        }
        view.health()?;
        writeln!(io::stdout(), "{{\"question\": \"{id}\", \"ms\": {best:.4}, \"answer\": \"{answer}\"}}")?;
    }
    Ok(())
}

/// Asks one question once: the whole process is timed from outside.
pub fn one(store: &Path, id: &str) -> Outcome {
    let view = Store::open_read_only(store)?.view()?;
    let question = QUESTIONS.iter().find(|(known, _)| *known == id).ok_or("no such question")?;
    writeln!(io::stdout(), "{}", question.1(&view))?;
    Ok(view.health()?)
}

fn slot(id: &str) -> Slot {
    names::total(id)
}

fn year(number: u16) -> Year {
    Year::new(number).unwrap_or(Year::FIRST)
}

fn all(view: &View) -> std::ops::Range<usize> {
    0..view.body_count()
}

fn one_cell(view: &View) -> String {
    let body = "140109".parse().ok().and_then(|id| view.find(&id)).unwrap_or(0);
    let reading = view.reading(body, year(2024), slot("requests.new"));
    reading.and_then(|reading| reading.value()).map_or_else(String::new, |value| value.units().to_string())
}

fn one_body(view: &View) -> String {
    let body = "140109".parse().ok().and_then(|id| view.find(&id)).unwrap_or(0);
    shares(view, body..body + 1)
}

fn national(view: &View) -> String {
    shares(view, all(view))
}

fn provinces(view: &View) -> String {
    let mut provinces: Vec<&str> = places().all().iter().filter_map(|row| row.code.get(..2)).collect();
    provinces.dedup();
    provinces.iter().map(|province| shares(view, view.range(province))).collect::<Vec<_>>().join(" ")
}

/// Numerator and denominator of the share by year, over reports that give both.
fn shares(view: &View, bodies: std::ops::Range<usize>) -> String {
    let (part, whole) = (slot("outcome.unavailable.not_held"), slot("outcome.total"));
    let mut text = String::new();
    for year in view.years() {
        let (above, below) = (view.totals(part, year, bodies.clone()), view.totals(whole, year, bodies.clone()));
        let (above, below) = if above.all_values() && below.all_values() {
            (above.sum, below.sum)
        } else {
            pairs(view, part, whole, year, bodies.clone())
        };
        let _ = write!(text, "{above}/{below};");
    }
    text
}

fn pairs(view: &View, part: Slot, whole: Slot, year: Year, bodies: std::ops::Range<usize>) -> (i128, i128) {
    let (mut a, mut b) = (Block::default(), Block::default());
    let (mut above, mut below) = (0i128, 0i128);
    let mut next = bodies.start;
    while next < bodies.end {
        let from = next;
        next = view.load(part, year, from..bodies.end, &mut a);
        view.load(whole, year, from..bodies.end, &mut b);
        for at in 0..a.len() {
            if let (Some(x), Some(y)) =
                (a.reading(from + at).and_then(|r| r.value()), b.reading(from + at).and_then(|r| r.value()))
            {
                above += i128::from(x.units());
                below += i128::from(y.units());
            }
        }
    }
    (above, below)
}

fn top(view: &View) -> String {
    let (part, whole) = (slot("outcome.unavailable.not_held"), slot("outcome.total"));
    let (mut a, mut b) = (Block::default(), Block::default());
    let mut rows: Vec<(i64, i64, usize)> = Vec::new();
    let mut next = 0;
    while next < view.body_count() {
        let from = next;
        next = view.load(part, year(2024), from..view.body_count(), &mut a);
        view.load(whole, year(2024), from..view.body_count(), &mut b);
        for (at, ((x, y), (&m, &n))) in a.marks.iter().zip(&b.marks).zip(a.units.iter().zip(&b.units)).enumerate() {
            if n >= 30 && x.is_value() && y.is_value() {
                rows.push((m, n, from + at));
            }
        }
    }
    let order = |a: &(i64, i64, usize), b: &(i64, i64, usize)| {
        (i128::from(b.0) * i128::from(a.1)).cmp(&(i128::from(a.0) * i128::from(b.1))).then(a.2.cmp(&b.2))
    };
    if rows.len() > 20 {
        rows.select_nth_unstable_by(19, order);
        rows.truncate(20);
    }
    rows.sort_by(order);
    rows.iter().map(|(m, n, _)| format!("{m}/{n}")).collect::<Vec<_>>().join(" ")
}

fn growth(view: &View) -> String {
    let mut provinces: Vec<&str> = places().all().iter().filter_map(|row| row.code.get(..2)).collect();
    provinces.dedup();
    let mut text = String::new();
    for province in provinces {
        let bodies = view.range(province);
        for year in view.years() {
            let _ = write!(text, "{};", view.totals(slot("requests.new"), year, bodies.clone()).sum);
        }
    }
    text
}

/// New and carried in against the total and carried out, per report; how many do not balance.
fn balance(view: &View) -> String {
    let sides = [("requests.new", 1), ("requests.carried_in", 1), ("outcome.total", -1), ("requests.carried_out", -1)];
    let mut blocks: Vec<Block> = sides.iter().map(|_| Block::default()).collect();
    let mut wrong = 0u64;
    let mut sums: Vec<i64> = Vec::new();
    let mut known: Vec<bool> = Vec::new();
    for year in view.years() {
        let mut next = 0;
        while next < view.body_count() {
            let from = next;
            for (block, (id, _)) in blocks.iter_mut().zip(sides) {
                next = view.load(slot(id), year, from..view.body_count(), block);
            }
            sums.clear();
            sums.resize(next - from, 0);
            known.clear();
            known.resize(next - from, true);
            for (block, (_, sign)) in blocks.iter().zip(sides) {
                for ((sum, known), (mark, &units)) in
                    sums.iter_mut().zip(&mut known).zip(block.marks.iter().zip(&block.units))
                {
                    *sum += sign * units;
                    *known &= mark.is_value();
                }
            }
            wrong += sums.iter().zip(&known).filter(|(sum, known)| **known && **sum != 0).count() as u64;
        }
    }
    wrong.to_string()
}

fn everything(view: &View) -> String {
    let mut text = String::new();
    for year in view.years() {
        let slots = view.slots(year);
        let sum: i128 =
            slots.iter().map(|&slot| view.totals(slot, year, all(view))).filter(|t| t.values > 0).map(|t| t.sum).sum();
        let _ = write!(text, "{sum};");
    }
    text
}
