//! Administrative divisions (行政区划) by code and name, with their history and changes.

use std::{collections::HashMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use super::find::{Forms, endings, forms};

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
    pub code: String,
    /// 万柏林区
    pub name: String,
    /// The tier.
    pub level: DivisionLevel,
    /// Code of the division above; nothing for provinces.
    pub parent: Option<String>,
    /// 山西省太原市万柏林区
    pub full_name: String,
    /// First year end at which code and name were valid.
    pub first_year: u16,
    /// Last such year end; nothing while it still is.
    pub last_year: Option<u16>,
    /// The code under which its series runs.
    pub lineage: String,
    /// Codes that followed it.
    pub successors: Vec<String>,
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
    divisions: Vec<Division>,
    by_code: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    pub(super) by_lineage: HashMap<String, Vec<usize>>,
    pub(super) forms: Forms,
    pub(super) endings: Vec<char>,
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
        self.by_code.get(code)?.iter().filter_map(|&at| self.divisions.get(at)).max_by_key(|row| row.first_year)
    }

    /// Every row that bears this bare name (万柏林区), in code order.
    pub fn by_name(&self, name: &str) -> impl Iterator<Item = &Division> {
        self.by_name.get(name).into_iter().flatten().filter_map(|&at| self.divisions.get(at))
    }

    /// Codes of the divisions above, nearest first.
    #[must_use]
    pub fn ancestors(&self, code: &str) -> Vec<&Division> {
        let mut above = Vec::new();
        let mut next = self.by_code(code).and_then(|row| row.parent.as_deref());
        while let Some(row) = next.and_then(|code| self.by_code(code)) {
            above.push(row);
            next = row.parent.as_deref();
        }
        above
    }

    /// Names from the province down: 山西省/太原市/万柏林区.
    #[must_use]
    pub fn path(&self, code: &str) -> Option<String> {
        let mut names: Vec<&str> = self.ancestors(code).iter().map(|row| row.name.as_str()).collect();
        names.reverse();
        names.push(&self.by_code(code)?.name);
        Some(names.join("/"))
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

fn parse(history: &str, changes: &str) -> Result<Places, String> {
    let mut divisions = Vec::new();
    for row in rows(history) {
        let row = row?;
        let [code, name, level, parent, full_name, first, last, lineage, successors, _kind] = fields(&row)?;
        let level = match level {
            "province" => DivisionLevel::Province,
            "prefecture" => DivisionLevel::Prefecture,
            "county" => DivisionLevel::County,
            other => return Err(format!("unknown level {other}")),
        };
        divisions.push(Division {
            code: code.to_owned(),
            name: name.to_owned(),
            level,
            parent: (!parent.is_empty()).then(|| parent.to_owned()),
            full_name: full_name.to_owned(),
            first_year: first.parse().map_err(|_| format!("first year in {row:?}"))?,
            last_year: (!last.is_empty())
                .then(|| last.parse())
                .transpose()
                .map_err(|_| format!("last year in {row:?}"))?,
            lineage: lineage.to_owned(),
            successors: successors.split_whitespace().map(str::to_owned).collect(),
        });
    }
    divisions.sort_by(|a, b| (&a.code, a.first_year).cmp(&(&b.code, b.first_year)));
    let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_lineage: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, row) in divisions.iter().enumerate() {
        by_code.entry(row.code.clone()).or_default().push(at);
        by_name.entry(row.name.clone()).or_default().push(at);
        by_lineage.entry(row.lineage.clone()).or_default().push(at);
    }
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
    Ok(Places {
        forms: forms(&divisions),
        endings: endings(&divisions),
        divisions,
        by_code,
        by_name,
        by_lineage,
        changes,
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
            assert_eq!(places().by_code(code).map(|row| row.name.as_str()), Some(name), "{row:?}");
        }
    }
}
