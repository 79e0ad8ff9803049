//! The eight questions in the language, each timed warm: understood once, carried out many times.

use std::{
    fmt::Write as _,
    io::{self, Write},
    path::Path,
    time::Instant,
};

use gongkai::{
    Database,
    model::Year,
    query::{Answer, Field, Number, Session, Step},
    text::Source,
};

use crate::{Outcome, names};

/// What is asked, and how the answer is brought to the digest that every engine must give.
struct Asked {
    id: &'static str,
    text: String,
    digest: fn(&Answer) -> String,
}

fn questions() -> Vec<Asked> {
    let asked = |id, text: &str, digest| Asked { id, text: text.to_owned(), digest };
    vec![
        asked("Q1", "new in @140109 2024", values),
        asked("Q2", "share of not_held by year in @140109", shares),
        asked("Q3", "share of not_held by year", shares),
        asked("Q4", "share of not_held by province, year", shares),
        asked("Q5", "share of not_held by body 2024 where outcome.total >= 30 | top 20", bodies_shares),
        asked("Q6", "new by province, year", values),
        asked(
            "Q7",
            "let gap = new + carried_in - outcome.total - carried_out\ngap by body, year where gap < 0 or gap > 0",
            bodies_years,
        ),
        // The rule of the form forgives a balance that is broken only by a total that fails its own sum.
        asked("Q7 check", "check T3-BAL | failed", rows),
        asked("Q8", &every_cell(), sums),
    ]
}

/// Asks every question, or one of them, until half a second is over, and prints the best time, the
/// mean of processor time and a digest of the answer.
pub fn ask(store: &Path, only: Option<&str>) -> Outcome {
    let start = Instant::now();
    let db = Database::open_read_only(store)?;
    let opened = start.elapsed().as_secs_f64() * 1e3;
    writeln!(io::stdout(), "{{\"open_ms\": {opened:.3}}}")?;
    for asked in questions().into_iter().filter(|asked| only.is_none_or(|only| asked.id == only)) {
        let start = Instant::now();
        let step = understand(&db, &asked.text)?;
        let understood = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let mut answer = Some(db.carry_out(&step)?);
        let first = start.elapsed().as_secs_f64() * 1e3;
        let (mut best, mut rounds, before, start) = (first, 0_u32, processor(), Instant::now());
        while start.elapsed().as_millis() < 500 || rounds == 0 {
            let start = Instant::now();
            answer = Some(db.carry_out(&step)?);
            let taken = start.elapsed().as_secs_f64() * 1e3;
            rounds += 1;
            best = best.min(taken);
        }
        let processor = (processor() - before) / f64::from(rounds);
        let digest = digest(&asked, answer)?;
        writeln!(
            io::stdout(),
            "{{\"question\": \"{}\", \"ms\": {best:.4}, \"processor_ms\": {processor:.3}, \"first_ms\": {first:.3}, \"understand_ms\": {understood:.3}, \"answer\": \"{digest}\"}}",
            asked.id
        )?;
    }
    Ok(())
}

/// Milliseconds of processor of all threads so far, in hundredths of a second: what they cost on a machine that has
/// other work. 0 where the system does not tell.
fn processor() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = told.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

/// Asks one question once: the whole process is timed from outside.
pub fn one(store: &Path, id: &str) -> Outcome {
    let db = Database::open_read_only(store)?;
    let asked = questions().into_iter().find(|known| known.id == id).ok_or("no such question")?;
    let done = db.carry_out(&understand(&db, &asked.text)?)?;
    Ok(writeln!(io::stdout(), "{}", digest(&asked, Some(done))?)?)
}

/// The one question of a text, what it sets before it being set.
fn understand(db: &Database, text: &str) -> Outcome<Step> {
    let steps = db.understand(&Source::new("bench", text), &mut Session::default())?;
    Ok(steps.into_iter().find(|step| matches!(step, Step::Query(_))).ok_or("no question")?)
}

fn digest(asked: &Asked, done: Option<gongkai::Done>) -> Outcome<String> {
    match done {
        Some(gongkai::Done::Answer(answer)) => Ok((asked.digest)(&answer)),
        _ => Err("no answer".into()),
    }
}

/// The fields of a column, row by row.
fn column<'a>(answer: &'a Answer, id: &str) -> impl Iterator<Item = Option<&'a Field>> {
    let at = answer.columns.iter().position(|title| title.id == id).unwrap_or(usize::MAX);
    answer.rows.iter().map(move |row| row.get(at))
}

fn whole(field: Option<&Field>) -> Option<i128> {
    match field {
        Some(Field::Number(Some(Number::Count(count)))) => Some(*count),
        Some(Field::Number(Some(Number::Money(units)))) => Some(units / 1_000_000),
        _ => None,
    }
}

fn values(answer: &Answer) -> String {
    column(answer, "value").filter_map(whole).fold(String::new(), |mut text, value| {
        let _ = write!(text, "{value};");
        text
    })
}

/// The path of the body of each row.
fn paths(answer: &Answer) -> impl Iterator<Item = &str> {
    column(answer, "body").map(|field| match field {
        Some(Field::Place(place)) => place.code.as_str(),
        _ => "",
    })
}

fn bodies_shares(answer: &Answer) -> String {
    let parts = column(answer, "numerator").zip(column(answer, "denominator"));
    parts.zip(paths(answer)).fold(String::new(), |mut text, ((above, below), body)| {
        let _ = write!(text, "{body},{}/{};", whole(above).unwrap_or(0), whole(below).unwrap_or(0));
        text
    })
}

fn bodies_years(answer: &Answer) -> String {
    let figures = column(answer, "year").zip(column(answer, "value"));
    paths(answer).zip(figures).fold(String::new(), |mut text, (body, (year, value))| {
        let year = if let Some(Field::Year(year)) = year { year.number() } else { 0 };
        let _ = write!(text, "{body},{year},{};", whole(value).unwrap_or(0));
        text
    })
}

fn shares(answer: &Answer) -> String {
    let parts = column(answer, "numerator").zip(column(answer, "denominator"));
    parts.filter_map(|(above, below)| Some((whole(above)?, whole(below)?))).fold(String::new(), |mut text, parts| {
        let _ = write!(text, "{}/{};", parts.0, parts.1);
        text
    })
}

fn rows(answer: &Answer) -> String {
    answer.rows.len().to_string()
}

/// Every category of either form, by column and year: all 213 columns of the cube.
fn every_cell() -> String {
    let mut ids: Vec<String> = names::slots().into_iter().map(names::category).collect();
    ids.dedup();
    format!("{} by category, applicant, year", ids.join(", "))
}

/// The sum of all cells that the form of a year prints, by year.
fn sums(answer: &Answer) -> String {
    let mut sums = std::collections::BTreeMap::<Year, i128>::new();
    let keys = column(answer, "category").zip(column(answer, "applicant")).zip(column(answer, "year"));
    for (((category, applicant), year), value) in keys.zip(column(answer, "value")) {
        let (Some(Field::Item { id, .. }), Some(Field::Item { id: applicant, .. }), Some(Field::Year(year))) =
            (category, applicant, year)
        else {
            continue;
        };
        // A heading that only one form prints is the sum of its parts in the other, and no cell.
        if let Some(value) = whole(value).filter(|_| names::is_printed(id, applicant, *year)) {
            *sums.entry(*year).or_default() += value;
        }
    }
    sums.values().fold(String::new(), |mut text, sum| {
        let _ = write!(text, "{sum};");
        text
    })
}
