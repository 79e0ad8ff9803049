//! The twelve questions in both languages, read and resolved with so many bodies in the store.

use std::{
    io::{self, Write},
    time::Instant,
};

use gongkai::{
    model::{Body, BodyKind, Origin, Report, Scope, Templates, Year},
    query::{Lexicon, Session, understand},
    schema::places,
    store::View,
    text::Source,
};

use crate::Outcome;

/// The questions of the language's page, English and Chinese.
const TWELVE: &str = include_str!("twelve.txt");

/// Reads and resolves every question until a fifth of a second is over, and prints the median, the best and the first
/// time. The first question of all makes what a process makes once (the words of the language, the index of bodies of
/// this store in memory, which a store on disk has ready), so it is asked before and told apart.
pub fn parse_all(bodies: &str) -> Outcome {
    let view = store(bodies.parse()?);
    let start = Instant::now();
    let lexicon = Lexicon::of(&view);
    let made = start.elapsed().as_secs_f64() * 1e3;
    let start = Instant::now();
    for line in TWELVE.lines().take(1) {
        let _ = understand(&Source::new("query", line), &lexicon, &view, &mut Session::default());
    }
    let indexed = start.elapsed().as_secs_f64() * 1e3;
    writeln!(
        io::stdout(),
        "{{\"bodies\": {}, \"lexicon_ms\": {made:.1}, \"words_and_index_in_memory_ms\": {indexed:.1}}}",
        view.body_count()
    )?;
    let mut worst = 0.0_f64;
    for (number, line) in TWELVE.lines().filter(|line| !line.is_empty()).enumerate() {
        let source = Source::new("query", line);
        let mut times = Vec::new();
        let start = Instant::now();
        while times.is_empty() || start.elapsed().as_millis() < 200 {
            let start = Instant::now();
            let steps = understand(&source, &lexicon, &view, &mut Session::default());
            times.push(start.elapsed().as_secs_f64() * 1e6);
            steps.map_err(|mistakes| format!("{line}: {mistakes:?}"))?;
        }
        let first = times.first().copied().unwrap_or_default();
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        worst = worst.max(median);
        let best = times.first().copied().unwrap_or_default();
        writeln!(
            io::stdout(),
            "{{\"question\": {}, \"us\": {median:.1}, \"best_us\": {best:.1}, \"first_us\": {first:.1}, \"text\": \"{line}\"}}",
            number / 2 + 1
        )?;
    }
    writeln!(io::stdout(), "{{\"worst_us\": {worst:.1}}}")?;
    Ok(())
}

/// Governments and offices below them, of the year 2024.
fn store(bodies: usize) -> View {
    let mut codes: Vec<&str> =
        places().all().iter().filter(|row| row.last_year.is_none()).map(|row| row.code).collect();
    codes.dedup();
    let each = bodies.div_ceil(codes.len());
    let reports = codes.iter().flat_map(|code| {
        (0..each).filter_map(move |number| {
            let path = if number == 0 { (*code).to_owned() } else { format!("{code}/机关{number:03}") };
            let kind = if number == 0 { BodyKind::Government } else { BodyKind::Department };
            Some(Report {
                body: Body { id: path.parse().ok()?, name: path.clone(), kind },
                year: Year::new(2020 + u16::try_from((number + 4) % 5).ok()?)?,
                scope: if number == 0 { Scope::Aggregate } else { Scope::Own },
                templates: Templates { t2: None, t3: None, t4: None },
                cells: Vec::new(),
                claims: Vec::new(),
                findings: Vec::new(),
                published: None,
                origin: Origin { file: String::new(), sha256: String::new(), reader: "bench".to_owned() },
            })
        })
    });
    View::of(1, reports.take(bodies))
}
