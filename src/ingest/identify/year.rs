//! The year a report describes: caller, title, period sentence, caption, publication, in that order of trust.

use std::collections::BTreeSet;

use super::{
    finding,
    patterns::pattern,
    prose::{Prose, last_characters},
    refuse,
    title::Title,
};
use crate::{
    ingest::{Options, Refusal},
    model::{Finding, Severity, Year},
    text::Place,
};

/// A year with the text that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    year: u16,
    text: String,
    place: Place,
}

/// The year, and what should be known about how it was found.
pub(super) fn year(
    prose: &Prose,
    titles: &[Title],
    mentions: &[Title],
    published: Option<&str>,
    options: &Options,
) -> Result<(Year, Vec<Finding>), Refusal> {
    let said = said(prose, titles, mentions, published);
    if let Some(year) = options.year {
        // The caller wins; what the text says otherwise is told.
        let other = said.first().filter(|(_, said)| said.year != year.number());
        let findings = other.map(|(_, said)| finding("R-YEAR", Severity::Warning, &said.text, said.place));
        return Ok((year, findings.into_iter().collect()));
    }
    let Some((source, first)) = said.first() else { return Err(refuse::plain("GK0435")) };
    // Sources that speak of the period itself must agree; the others only help where those are silent.
    let strong: Vec<&Said> = said
        .iter()
        .filter(|(other, _)| other == source || *other == Source::Period && *source < Source::Period)
        .map(|(_, said)| said)
        .collect();
    let years: BTreeSet<u16> = strong.iter().map(|said| said.year).collect();
    let other = strong.iter().find(|said| said.year != first.year).copied();
    let period = said.iter().find(|(source, _)| *source == Source::Period).map(|(_, said)| said.year);
    if let Some(other) = other
        && (period != Some(first.year) || strong.iter().filter(|said| said.year == first.year).count() < 2)
    {
        let mut refusal = refuse::quoting("GK0436", &first.text, first.place);
        refusal.args.insert("other".to_owned(), other.text.clone());
        return Err(refuse::among(refusal, years.iter().map(u16::to_string)));
    }
    let Some(year) = Year::new(first.year) else { return Err(refuse::quoting("GK0435", &first.text, first.place)) };
    // Other titles on the page (of last year's report, say) do not outweigh title and period together.
    let mut findings: Vec<Finding> =
        other.into_iter().map(|other| finding("R-YEAR", Severity::Warning, &other.text, other.place)).collect();
    match source {
        Source::Title | Source::Period => {}
        Source::Damaged => findings.push(finding("R-PERIOD", Severity::Warning, &first.text, first.place)),
        Source::Mention | Source::Caption => {
            findings.push(finding("R-YEAR-SOURCE", Severity::Info, &first.text, first.place));
        }
        Source::Opening | Source::Published => {
            findings.push(finding("R-YEAR-SOURCE", Severity::Warning, &first.text, first.place));
        }
    }
    findings.extend(contradiction(&said, first));
    Ok((year, findings))
}

/// A weaker source that names another year: told, for a title can be left over from the year before.
///
/// The date of publication is none: reports come out late.
fn contradiction(said: &[(Source, Said)], chosen: &Said) -> Option<Finding> {
    said.iter()
        .filter(|(source, said)| matches!(source, Source::Caption | Source::Opening) && said.year != chosen.year)
        .map(|(_, said)| finding("R-YEAR", Severity::Warning, &said.text, said.place))
        .next()
}

/// Where a year was said, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Title,
    Mention,
    Period,
    Damaged,
    Caption,
    Opening,
    Published,
}

/// Every year that the text gives for the report, best source first.
fn said(prose: &Prose, titles: &[Title], mentions: &[Title], published: Option<&str>) -> Vec<(Source, Said)> {
    let mut said = Vec::new();
    said.extend(titles.iter().flat_map(|title| of_title(Source::Title, title)));
    // A report's own sentence comes first; later ones speak of last year's or next year's report.
    let own = mentions.iter().find(|title| !title.years.is_empty());
    said.extend(own.into_iter().flat_map(|title| of_title(Source::Mention, title)));
    said.extend(periods(prose));
    said.extend(captions(prose));
    said.extend(opening(prose));
    if let Some(before) =
        published.and_then(|date| date.get(..4)?.parse::<u16>().ok()).and_then(|year| year.checked_sub(1))
    {
        let text = published.unwrap_or_default().to_owned();
        said.push((Source::Published, Said { year: before, text, place: Place::default() }));
    }
    said.sort_by_key(|(source, _)| *source);
    said
}

fn of_title(source: Source, title: &Title) -> impl Iterator<Item = (Source, Said)> {
    title.years.iter().map(move |&year| (source, Said { year, text: title.text.clone(), place: title.place }))
}

/// 统计期限自2024年1月1日起至2024年12月31日止, whole or with characters lost.
fn periods(prose: &Prose) -> Vec<(Source, Said)> {
    let read = |name: &str, source: Source| {
        let found = pattern(name).captures_iter(&prose.run).filter_map(move |found| {
            let first: u16 = found.name("first")?.as_str().parse().ok()?;
            let last = found.name("last").map_or(Some(first), |last| last.as_str().parse().ok())?;
            let whole = found.get(0)?;
            let text = last_characters(prose.line_before(whole.start()), 12).to_owned() + whole.as_str();
            let said = Said { year: first, text, place: prose.place(whole.start()).unwrap_or_default() };
            (first == last).then_some((source, said))
        });
        found.collect::<Vec<_>>()
    };
    let whole = read("period", Source::Period);
    if whole.is_empty() { read("period_damaged", Source::Damaged) } else { whole }
}

/// 单位: … 2023年度 over a table.
fn captions(prose: &Prose) -> impl Iterator<Item = (Source, Said)> {
    // Few lines have the colon of a label, and most of the time went into asking the others.
    prose.lines_with(b':').filter_map(|line| {
        let found = pattern("caption").captures(line.squeezed)?;
        let year = found.name("year")?.as_str().parse().ok()?;
        Some((Source::Caption, Said { year, text: line.text.to_owned(), place: line.place }))
    })
}

/// The year with which sentences of part one begin, if they agree on one.
fn opening(prose: &Prose) -> Option<(Source, Said)> {
    let first = if prose.first_part < prose.lines.len() { prose.first_part } else { 0 };
    let part = prose.lines.iter().skip(first).take(40);
    let mut years = BTreeSet::new();
    let mut first = None;
    // Few lines have a year, and most of the time went into asking the others.
    for line in part.filter(|line| line.squeezed.contains("20")) {
        for found in pattern("opening_year").captures_iter(line.squeezed) {
            let Some(year) = found.name("year") else { continue };
            let (before, rest) = line.squeezed.split_at(year.start());
            let Ok(number) = year.as_str().parse::<u16>() else { continue };
            let after = rest.strip_prefix(year.as_str()).unwrap_or(rest);
            if pattern("planned").is_match(after) {
                continue;
            }
            years.insert(number);
            // The sentence itself, for a page can be one line.
            let text = if before.is_empty() { line.text } else { rest };
            first.get_or_insert(Said {
                year: number,
                text: super::prose::first_characters(text, 40).to_owned(),
                place: line.place,
            });
        }
    }
    first.filter(|_| years.len() == 1).map(|said| (Source::Opening, said))
}
