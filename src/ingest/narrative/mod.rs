//! Figures in the prose: what sentences say was received, answered, disclosed, refused, appealed and charged.
//!
//! Part one is read, part six for fees, and what stands above the tables of the parts between; part five holds
//! plans. A sentence gives a claim only
//! where it is plain what its number counts; whatever speaks of another year, of half a year, of mail and
//! petitions, or of sums over years gives none. The words are data (`data/narrative.tsv`).
//!
//! `about` of a claim is an id of the catalogue, or:
//!
//! - `received`, `received[natural]` …: new requests, or new and carried in; prose does not say which;
//! - `handled`: concluded, or in hand;
//! - `legal.total`: reconsideration and litigation together;
//! - `percent`: of the claim before it; `part`: of the claim before it, all parts are listed;
//! - `…@part`: of an office or of what was filed, not of all that the table counts;
//! - `year.title`, `year.period`: the year a title or a period names; `part.5`: how many characters part five has;
//! - `wording`: a sketch of parts one, five and six, to be held against that of another year.

mod clause;
mod fee;
mod parts;
mod prose;
mod sketch;
mod words;
mod year;
mod zero;

use std::ops::Range;

use super::flow::Flow;
use crate::model::{Claim, Year};

/// The figures that the prose of a report on `year` gives, in reading order.
pub(super) fn claims(flow: &Flow, year: Year) -> Vec<Claim> {
    let prose = prose::Prose::of(flow);
    let text = prose.text();
    let mut words = words::Text::divided(text);
    let (parts, table) = parts::parts(words.whole());
    let end = parts.iter().find(|part| part.number == 2).map_or(table, |part| part.start);
    let start = parts.iter().find(|part| part.number == 1).map_or(0, |part| part.start.min(end));
    // Some bodies write a few sentences above the table of a part.
    let above = parts.iter().filter(|part| (2..=4).contains(&part.number)).map(|part| {
        let body = words.whole().cut(part.body, part.end);
        part.body..part.body + body.first(words::Kind::TableHead).map_or(body.text().len(), |(start, ..)| start)
    });
    let above: Vec<Range<usize>> = above.collect();
    let last = parts.iter().find(|part| part.number == 6).map(|part| part.body..part.end);
    words.read(above.iter().chain(&last).cloned().chain(std::iter::once(0..table)).collect());
    let whole = words.whole();
    let mut found: Vec<Found> = year::years(whole, table);
    clause::claims(whole, start..end, year, &mut found);
    for range in above {
        clause::claims(whole, range, year, &mut found);
    }
    fee::claims(whole, start..end, &mut found);
    if let Some(range) = last {
        fee::claims(whole, range, &mut found);
    }
    for part in &parts {
        let about = format!("part.{}", part.number);
        found.push(Found {
            about,
            says: parts::length(text, *part).to_string(),
            at: part.start,
            clause: part.start..part.body,
        });
    }
    let told = |part: &&parts::Part| matches!(part.number, 1 | 5 | 6);
    if let Some(first) = parts.first()
        && let Some(says) = sketch::sketch(parts.iter().filter(told).filter_map(|part| text.get(part.body..part.end)))
    {
        found.push(Found { about: Claim::WORDING.to_owned(), says, at: first.start, clause: 0..0 });
    }
    found
        .into_iter()
        .map(|found| Claim {
            about: found.about,
            says: found.says,
            sentence: shortened(text.get(found.clause).unwrap_or_default()),
            place: prose.place(found.at),
        })
        .collect()
}

/// A claim by offsets into the running text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    about: String,
    says: String,
    at: usize,
    clause: Range<usize>,
}

/// The longest clause kept, in characters.
const LONGEST: usize = 120;

fn shortened(clause: &str) -> String {
    match clause.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", clause.get(..end).unwrap_or_default()),
        None => clause.to_owned(),
    }
}
