//! What a key costs at the prompt: completion, colours and whether the statement is finished, after every character of
//! statements that people type, over the bodies of a store.

use std::{
    io::{self, Write},
    path::Path,
    time::Instant,
};

use gongkai::{Database, query};

use crate::Outcome;

/// Typed character by character: Chinese and English, pinyin, names of places and bodies, what nobody is called.
const TYPED: [&str; 14] = [
    "share of not_held by county in tyswblq 2024 where new >= 30 | top 10",
    "万柏林区2020至2024年不掌握占比按年份",
    "new in szsczj 2024",
    "new in zzzzzz 2024",
    "new in shishijujuju 2024",
    "new in jzj, cxsgajju 2024",
    "new in 太原市/财政局 2024",
    "new in 山西省/太原市/万柏林区/街道 2024",
    "new in 440000/ ",
    "县县县县县市市市市市区区区区区",
    "check identities, carry_over in 广东省/** 2021..2024 | failed",
    "人力资源和社会保障局新收2024年",
    "why not_held in zhongguo 2024",
    "correct new in sheng 2024 to 77 because",
];

/// Prints the slowest keys, then the median and the worst.
pub fn keys(store: &Path) -> Outcome {
    let mut out = io::stdout().lock();
    let database = Database::open_read_only(store)?;
    let start = Instant::now();
    let ground = database.ground()?;
    let ready = start.elapsed();
    let start = Instant::now();
    ground.lexicon.warm();
    writeln!(
        out,
        "{} bodies; ready for the first key after {:.1} ms, warm after {:.0} ms more",
        ground.view.body_count(),
        ready.as_secs_f64() * 1e3,
        start.elapsed().as_secs_f64() * 1e3
    )?;
    let mut times: Vec<(f64, String)> = Vec::new();
    for typed in TYPED {
        for (at, character) in typed.char_indices() {
            let line = typed.get(..at + character.len_utf8()).unwrap_or_default();
            let start = Instant::now();
            let found = query::complete(line, line.len(), &ground.lexicon, &ground.view);
            let painted = query::highlight(line, &ground.lexicon);
            let unfinished = query::unfinished(line, &ground.lexicon);
            let elapsed = start.elapsed().as_secs_f64() * 1e3;
            std::hint::black_box((found, painted, unfinished));
            times.push((elapsed, line.to_owned()));
        }
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (elapsed, line) in times.iter().rev().take(8) {
        writeln!(out, "{elapsed:8.2} ms  {line}")?;
    }
    let median = times.get(times.len() / 2).map_or(0.0, |time| time.0);
    let worst = times.last().map_or(0.0, |time| time.0);
    writeln!(out, "{} keys: median {median:.2} ms, worst {worst:.2} ms", times.len())?;
    Ok(())
}
