//! Titles of reports: body and year in any order, over one line or several, and what is no report's title.

use std::{collections::BTreeSet, ops::Range};

use super::{
    patterns::{pattern, words},
    prose::{Prose, TextLine, first_characters, last_characters},
};
use crate::text::Place;

/// What a page is, going by its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Genre {
    Report,
    /// Tells others to write reports.
    Notice,
    /// Explains a report.
    Interpretation,
    /// Counts half a year or a quarter.
    PartOfYear,
}

/// A title or a sentence that names a report.
#[derive(Clone, Debug)]
pub(super) struct Title {
    /// The words that should name the body, without year and ornament; often empty.
    pub body: String,
    /// Years in it.
    pub years: BTreeSet<u16>,
    pub genre: Genre,
    /// Whether the words of the body are those of a sentence and may begin with something else.
    pub in_sentence: bool,
    /// As it stands.
    pub text: String,
    pub place: Place,
}

/// The titles before part one, and the one in the container's metadata after them; where the page holds the tables more
/// than once, also those between them, for they may be another body's.
pub(super) fn titles(prose: &Prose, metadata: &[(String, String)], repeated: Range<usize>) -> Vec<Title> {
    let mut titles = in_lines(prose.head());
    titles.extend(in_lines(prose.in_units(repeated)));
    let contained = metadata.iter().filter(|(name, _)| name.eq_ignore_ascii_case("title"));
    for (_, value) in contained {
        let folded = crate::text::fold(value);
        let squeezed: String = folded.text().chars().filter(|character| !character.is_whitespace()).collect();
        // The site's name stands before or after: …门户网站-2024年政府信息公开工作年度报告_太原市
        let pieces = squeezed.split(['-', '_', '|', '>', '—', '–']);
        titles.extend(pieces.filter_map(|piece| parse(piece, Place::default())).take(1));
    }
    titles.retain(|title| !title.body.is_empty() || !title.years.is_empty() || title.genre != Genre::Report);
    titles
}

/// The titles in some lines.
fn in_lines(lines: &[TextLine]) -> Vec<Title> {
    let mut titles = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (title, taken) = title_at(lines, at);
        if let Some(mut title) = title {
            if title.body.is_empty()
                && let Some(above) = at.checked_sub(1).and_then(|above| lines.get(above))
                && above.squeezed.chars().count() <= 40
                && is_name_line(above)
            {
                above.squeezed.clone_into(&mut title.body);
            }
            if title.years.is_empty() {
                let beside = [at.checked_sub(1), Some(at + taken)].into_iter().flatten();
                title.years.extend(beside.filter_map(|at| year_line(lines.get(at)?)));
            }
            title.place = line.place;
            titles.push(title);
        }
        at += taken;
    }
    titles
}

/// The year of a line that is nothing else.
fn year_line(line: &TextLine) -> Option<u16> {
    // Most lines are longer.
    let line = Some(line.squeezed).filter(|line| line.len() <= 16)?;
    let found = pattern("year_line").captures(line)?;
    found.name("inside").or(found.name("plain"))?.as_str().parse().ok()
}

/// A line that may be nothing but a name: no mark, no digit.
fn is_name_line(line: &TextLine) -> bool {
    line.squeezed.chars().all(|character| crate::text::is_han(character) || matches!(character, '(' | ')' | '·'))
}

/// The title that begins with a line, and how many lines it takes.
fn title_at(head: &[TextLine], at: usize) -> (Option<Title>, usize) {
    let Some(line) = head.get(at) else { return (None, 1) };
    let piece = last_piece(line.squeezed);
    if let Some(mut title) = parse(piece, line.place) {
        // 关于做好2025年政府信息公开工作年度报告 ⏎ 编制和发布工作的通知
        if let Some(next) = head.get(at + 1)
            && next.squeezed.chars().count() <= 30
            && pattern("notice").is_match(next.squeezed)
        {
            title.genre = Genre::Notice;
        }
        return (Some(title), 1);
    }
    // A title broken over lines; breadcrumbs, labels and rows of cells are no part of one.
    let whole = |line: &str| line.chars().count() <= 40 && !line.contains(['>', '|', ':', '。', ',']);
    let mut joined = piece.to_owned();
    if !whole(line.squeezed) {
        return (None, 1);
    }
    for taken in 2..=3 {
        let Some(next) = head.get(at + taken - 1).filter(|next| whole(next.squeezed)) else { break };
        if joined.chars().count() > 60 || parse(last_piece(next.squeezed), next.place).is_some() {
            break;
        }
        joined.push_str(next.squeezed);
        if let Some(title) = parse(&joined, line.place) {
            return (Some(title), taken);
        }
    }
    (None, 1)
}

/// The last piece of a breadcrumb or of a row of cells, and what follows a label.
fn last_piece(line: &str) -> &str {
    let crumb = line.rsplit(['>', '|', '»', '›']).find(|piece| !piece.is_empty()).unwrap_or(line);
    match crumb.split_once(':') {
        Some((label, value)) if words("title_labels").any(|known| label.ends_with(known)) => value,
        _ => crumb,
    }
}

/// A title in a text without blanks, if the text is one.
pub(super) fn parse(text: &str, place: Place) -> Option<Title> {
    // Few lines have the word that every title has; most of the time went into asking the others.
    if !words("title_word").any(|word| text.contains(word)) || text.chars().count() > 120 {
        return None;
    }
    let found = pattern("title").find(text)?;
    let (before, after) = (text.get(..found.start())?, text.get(found.end()..)?);
    // A path of folders or an address is no title.
    if before.chars().count() > 80 || before.contains('/') || pattern("sentence").is_match(before) {
        return None;
    }
    let mut years = years_in(before);
    if years.is_empty() {
        years = years_in(first_characters(after, 8));
    }
    let body = body_words(before, found.as_str());
    Some(Title { body, years, genre: genre(before, after), in_sentence: false, text: text.to_owned(), place })
}

fn genre(before: &str, after: &str) -> Genre {
    let close = first_characters(after, 16);
    if pattern("half_year").is_match(before) || pattern("half_year").is_match(close) {
        Genre::PartOfYear
    } else if !pattern("issued").is_match(before)
        && (pattern("notice_ask").is_match(before) || pattern("notice").is_match(first_characters(after, 40)))
    {
        Genre::Notice
    } else if pattern("interpretation").is_match(close)
        || pattern("interpretation").is_match(first_characters(before, 8))
    {
        Genre::Interpretation
    } else {
        Genre::Report
    }
}

/// Sentences that name the report: 现公布鹤山市…局2021年政府信息公开工作年度报告.
pub(super) fn mentions(prose: &Prose) -> Vec<Title> {
    let mut found = Vec::new();
    for title in pattern("title").find_iter(&prose.run).take(20) {
        let Some(before) = prose.run.get(..title.start()) else { continue };
        let before = last_characters(before, 90);
        // Titles of other documents: 《…办公厅关于编制公布2021年政府信息公开工作年度报告有关事项的通知》
        let clause = before.rsplit(['。', ';', ',', ':', '!', '?', '】']).next().unwrap_or(before);
        if pattern("other_document").is_match(clause) {
            continue;
        }
        let mut years = years_in(last_characters(clause, 7));
        if years.is_empty() {
            // 公布2020年开平市农业农村局政府信息公开工作年度报告
            years = pattern("year").find_iter(clause).last().map(|year| years_in(year.as_str())).unwrap_or_default();
        }
        if years.is_empty() {
            continue;
        }
        let place = prose.place(title.start()).unwrap_or_default();
        found.push(Title {
            body: body_words(clause, title.as_str()),
            years,
            genre: Genre::Report,
            in_sentence: true,
            text: format!("{clause}{}", title.as_str()),
            place,
        });
    }
    found
}

/// Years in a text, in figures or in Chinese numerals.
pub(super) fn years_in(text: &str) -> BTreeSet<u16> {
    let figures = pattern("year").captures_iter(text).filter_map(|found| found.name("year")?.as_str().parse().ok());
    let numerals = || words("numerals").flat_map(str::chars);
    let han = pattern("year_han").find_iter(text).filter_map(|found| {
        found.as_str().chars().take(4).try_fold(0_u16, |year, character| {
            // Five forms of zero stand first, one to nine follow.
            let digit = numerals().position(|known| known == character)?.saturating_sub(4);
            Some(year * 10 + u16::try_from(digit).ok()?)
        })
    });
    figures.chain(han).collect()
}

/// What is left of a title when year, brackets and ornament are gone.
fn body_words(before: &str, title: &str) -> String {
    let without_year = pattern("year_han").replace_all(before, "");
    let without_year = pattern("year").replace_all(&without_year, "");
    // (本级) is part of the name, other brackets explain it.
    let own = words("own_words").fold(without_year.into_owned(), |text, word| text.replace(&format!("({word})"), word));
    let mut body = without_brackets(&own);
    // 关于印发《太原市…
    if let Some((_, quoted)) = body.rsplit_once('《') {
        body = quoted.to_owned();
    }
    loop {
        let shorter = words("trail").find_map(|word| body.strip_suffix(word).or_else(|| body.strip_prefix(word)));
        let shorter = shorter.or_else(|| words("lead").find_map(|word| body.strip_prefix(word)));
        let Some(shorter) = shorter.map(str::to_owned) else { break };
        body = shorter;
    }
    // 太原市人民|政府信息公开年度报告
    if let Some((people, government)) = words("government_cut").next().and_then(|pair| pair.split_once('|'))
        && body.ends_with(people)
        && title.starts_with(government)
    {
        body.push_str(government);
    }
    body
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    // A bracket that is never closed is left out alone.
    if depth > 0 { text.replace('(', "") } else { kept }
}
