//! Administrative divisions (行政区划) by code and name, with their history and changes.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::place_words::{How, PlaceWords};

/// The tier of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionLevel {
    /// 省级
    Province,
    /// 地级
    Prefecture,
    /// 县级
    County,
}

/// One code and name during the years it was valid.
#[derive(Clone, Debug)]
pub struct Division {
    /// Six digits.
    pub code: &'static str,
    /// 万柏林区
    pub name: &'static str,
    /// The tier.
    pub level: DivisionLevel,
    /// Code of the division above; nothing for provinces.
    pub parent: Option<&'static str>,
    /// 山西省太原市万柏林区
    pub full_name: &'static str,
    /// First year end at which code and name were valid.
    pub first_year: u16,
    /// Last such year end; nothing while it still is.
    pub last_year: Option<u16>,
    /// The code under which its series runs.
    pub lineage: &'static str,
    /// Codes that followed it.
    pub successors: Vec<&'static str>,
}

/// A change of a county-level division, from `division_changes.csv`.
#[derive(Clone, Debug)]
pub struct Change {
    /// The first year end at which it shows.
    pub year: u16,
    /// What happened.
    pub kind: String,
    /// Before.
    pub old_code: String,
    /// After.
    pub new_code: String,
    /// Whether a series must not be joined across it.
    pub series_break: bool,
    /// Number of the approval.
    pub document: String,
}

/// Every division that was valid at a year end from 2018 on.
#[derive(Debug)]
pub struct Places {
    /// In order of codes, then first years.
    divisions: Vec<Division>,
    words: PlaceWords,
    /// Series with the number of a row, in order.
    by_lineage: Vec<(&'static str, usize)>,
    /// The last characters of names.
    endings: Vec<char>,
    /// Names from the province down, by row.
    paths: OnceLock<Vec<OnceLock<Box<str>>>>,
    /// Changes with their years.
    pub changes: Vec<Change>,
}

impl Places {
    /// Every row of the history, in code order.
    #[must_use]
    pub fn all(&self) -> &[Division] {
        &self.divisions
    }

    /// The newest row of a code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Division> {
        self.newest(code).map(|(_, row)| row)
    }

    fn newest(&self, code: &str) -> Option<(usize, &Division)> {
        let at = self.divisions.partition_point(|row| row.code <= code).checked_sub(1)?;
        self.divisions.get(at).filter(|row| row.code == code).map(|row| (at, row))
    }

    /// Every row that bears this bare name (万柏林区), in code order.
    pub fn by_name(&self, name: &str) -> impl Iterator<Item = &Division> {
        let named = self.words.get(name).filter(|(_, how)| *how == How::Name);
        named.filter_map(|(at, _)| self.divisions.get(at))
    }

    /// Every row of a series, in code order.
    pub(super) fn by_lineage<'a>(&'a self, lineage: &'a str) -> impl Iterator<Item = &'a Division> {
        let first = self.by_lineage.partition_point(|(known, _)| *known < lineage);
        let series = self.by_lineage.iter().skip(first).take_while(move |(known, _)| *known == lineage);
        series.filter_map(|&(_, at)| self.divisions.get(at))
    }

    /// Rows by every word for them.
    pub(super) fn words(&self) -> &PlaceWords {
        &self.words
    }

    /// The last characters of names.
    pub(super) fn endings(&self) -> &[char] {
        &self.endings
    }

    /// Codes of the divisions above, nearest first.
    #[must_use]
    pub fn ancestors(&self, code: &str) -> Vec<&Division> {
        let mut above = Vec::new();
        let mut next = self.by_code(code).and_then(|row| row.parent);
        while let Some(row) = next.and_then(|code| self.by_code(code)) {
            above.push(row);
            next = row.parent;
        }
        above
    }

    /// Names from the province down: 山西省/太原市/万柏林区.
    #[must_use]
    pub fn path(&self, code: &str) -> Option<String> {
        self.named(code).map(|(_, path)| path.to_owned())
    }

    /// The name of the newest row of a code, and the names from the province down, which are put together once.
    pub(crate) fn named(&self, code: &str) -> Option<(&'static str, &str)> {
        let (at, row) = self.newest(code)?;
        let paths = self.paths.get_or_init(|| self.divisions.iter().map(|_| OnceLock::new()).collect());
        let path = paths.get(at)?.get_or_init(|| {
            let mut names: Vec<&str> = self.ancestors(code).iter().map(|row| row.name).collect();
            names.reverse();
            names.push(row.name);
            names.join("/").into()
        });
        Some((row.name, path))
    }
}

/// The embedded divisions.
///
/// # Panics
/// When an embedded file is not what this version expects, which a test rules out.
#[must_use]
pub fn places() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        parse(include_str!("data/divisions_history.csv"), include_str!("data/division_changes.csv"))
            .expect("the embedded divisions are valid")
    })
}

fn parse(history: &'static str, changes: &str) -> Result<Places, String> {
    let mut divisions = Vec::with_capacity(5_000);
    for line in history.lines().skip(1) {
        divisions.push(division(line)?);
    }
    divisions.sort_by_key(|row| (row.code, row.first_year));
    let changes = rows(changes)
        .map(|row| {
            let row = row?;
            let [year, kind, old_code, _old, new_code, _new, series_break, document, _by, _note] = fields(&row)?;
            Ok(Change {
                // One row gives two years (2025/26): the break counts from the first.
                year: year.split('/').next().unwrap_or(year).parse().map_err(|_| format!("year in {row:?}"))?,
                kind: kind.to_owned(),
                old_code: old_code.to_owned(),
                new_code: new_code.to_owned(),
                series_break: series_break == "yes",
                document: document.to_owned(),
            })
        })
        .collect::<Result<_, String>>()?;
    let mut by_lineage: Vec<_> = divisions.iter().map(|row| row.lineage).zip(0..).collect();
    by_lineage.sort_unstable();
    let mut endings: Vec<char> = Vec::new();
    for last in divisions.iter().filter_map(|row| row.name.chars().next_back()) {
        // There are a dozen of them.
        if !endings.contains(&last) {
            endings.push(last);
        }
    }
    let words = PlaceWords::embedded().ok_or("no index of words")?;
    Ok(Places { divisions, words, by_lineage, endings, paths: OnceLock::new(), changes })
}

/// A line of the history. No field of it is quoted, and thousands are read before a question can be answered: they are
/// cut where they stand.
fn division(line: &'static str) -> Result<Division, String> {
    let mut fields = [""; 10];
    let mut commas = memchr::memchr_iter(b',', line.as_bytes());
    let mut start = 0;
    for field in &mut fields {
        let end = commas.next().unwrap_or(line.len());
        *field = line.get(start..end).ok_or_else(|| format!("too few fields in {line}"))?;
        start = end + 1;
    }
    if commas.next().is_some() || memchr::memchr(b'"', line.as_bytes()).is_some() {
        return Err(format!("too many fields in {line}"));
    }
    let [code, name, level, parent, full_name, first, last, lineage, successors, _kind] = fields;
    let year = |text: &str| text.parse().map_err(|_| format!("{text} is no year in {line}"));
    Ok(Division {
        code,
        name,
        level: match level {
            "province" => DivisionLevel::Province,
            "prefecture" => DivisionLevel::Prefecture,
            "county" => DivisionLevel::County,
            other => return Err(format!("unknown level {other}")),
        },
        parent: (!parent.is_empty()).then_some(parent),
        full_name,
        first_year: year(first)?,
        last_year: (!last.is_empty()).then(|| year(last)).transpose()?,
        lineage,
        successors: successors.split_whitespace().collect(),
    })
}

fn rows(text: &str) -> impl Iterator<Item = Result<csv::StringRecord, String>> {
    csv::Reader::from_reader(text.as_bytes()).into_records().map(|row| row.map_err(|error| error.to_string()))
}

fn fields<const N: usize>(row: &csv::StringRecord) -> Result<[&str; N], String> {
    row.iter().collect::<Vec<_>>().try_into().map_err(|fields: Vec<&str>| format!("{} fields in {row:?}", fields.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_is_there() {
        let now = |level| places().all().iter().filter(|row| row.level == level && row.last_year.is_none()).count();
        assert_eq!(now(DivisionLevel::Province), 34);
        assert_eq!(now(DivisionLevel::Prefecture), 333);
        assert_eq!(now(DivisionLevel::County), 2_846);
        assert_eq!(places().changes.len(), 93);
    }

    #[test]
    fn paths_and_shared_names() {
        assert_eq!(places().path("140109").as_deref(), Some("山西省/太原市/万柏林区"));
        assert_eq!(places().by_name("鼓楼区").map(|row| &row.code).collect::<std::collections::BTreeSet<_>>().len(), 4);
    }

    #[test]
    fn the_current_list_is_the_open_part_of_the_history() {
        for row in rows(include_str!("data/divisions.csv")) {
            let row = row.unwrap();
            let [code, name, ..]: [&str; 5] = fields(&row).unwrap();
            assert_eq!(places().by_code(code).map(|row| row.name), Some(name), "{row:?}");
        }
    }
}
