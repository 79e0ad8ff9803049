//! What the divisions say of a body: its tier, what lies under it, its series across renames, its breaks.
//!
//! Everything is arithmetic on six-digit codes and a few small sorted tables, built once: a province is
//! `xx0000`, a prefecture `xxxx00`, and whatever lies under one shares its first digits.

use std::{ops::RangeInclusive, sync::OnceLock};

use super::super::plan::Level;
use crate::{
    model::{Body, BodyId, BodyKind, Year},
    schema::{DivisionLevel, places},
    store::Rank,
};

/// A six-digit code as a number, which sorts as the text does.
pub(crate) type Code = u32;

/// The code of a body's division.
pub(crate) fn code(id: &BodyId) -> Code {
    id.division().bytes().fold(0, |code, digit| code * 10 + Code::from(digit - b'0'))
}

/// The code of a division as text.
pub(crate) fn text(code: Code) -> String {
    format!("{code:06}")
}

/// The tier a division's code shows.
pub(crate) fn tier(code: Code) -> Level {
    match code {
        0 => Level::Ministry,
        _ if code.is_multiple_of(10_000) => Level::Province,
        _ if code.is_multiple_of(100) => Level::City,
        _ => Level::County,
    }
}

/// The tier of a body.
pub(crate) fn level(body: &Body) -> Level {
    level_of(Rank { code: code(&body.id), kind: body.kind, government: body.id.is_government() })
}

/// The tier of a body by what is known of it without its name.
pub(crate) fn level_of(rank: Rank) -> Level {
    match rank.kind {
        _ if rank.government => tier(rank.code),
        BodyKind::Government | BodyKind::Subdistrict | BodyKind::Town => Level::Town,
        BodyKind::Zone => Level::Zone,
        BodyKind::Ministry => Level::Ministry,
        BodyKind::Office | BodyKind::Department | BodyKind::Vertical | BodyKind::Organisation => Level::Department,
    }
}

/// The codes of a division and everything under it.
pub(crate) fn under(code: Code) -> RangeInclusive<Code> {
    match tier(code) {
        Level::Province => code..=code + 9_999,
        Level::City => code..=code + 99,
        _ => code..=code,
    }
}

/// What every path under a division begins with.
pub(crate) fn prefix(code: Code) -> String {
    match tier(code) {
        Level::Province => format!("{:02}", code / 10_000),
        Level::City => format!("{:04}", code / 100),
        _ => text(code),
    }
}

/// The province a division lies in.
pub(crate) fn province(code: Code) -> Code {
    code / 10_000 * 10_000
}

/// The prefecture a division lies in; itself where it is above that tier or has none.
pub(crate) fn city(code: Code) -> Code {
    match tier(code) {
        Level::County if known(code / 100 * 100) => code / 100 * 100,
        _ => code,
    }
}

/// The division directly above; nothing for a province or the centre.
pub(crate) fn parent(code: Code) -> Option<Code> {
    match tier(code) {
        Level::County => Some(if known(code / 100 * 100) { code / 100 * 100 } else { province(code) }),
        Level::City => Some(province(code)),
        _ => None,
    }
}

/// One code during the years it was valid.
#[derive(Clone, Copy, Debug)]
struct Row {
    code: Code,
    first: u16,
    last: u16,
}

#[derive(Debug)]
struct Tables {
    /// By code, then first year.
    rows: Vec<Row>,
    /// Old code and the code its series runs under, for one-to-one changes only.
    renamed: Vec<(Code, Code)>,
    /// Code and year end at which its territory was no longer the same.
    breaks: Vec<(Code, u16)>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let number = |text: &str| text.parse::<Code>().unwrap_or_default();
        let mut rows = Vec::new();
        let mut renamed = Vec::new();
        for row in places().all() {
            let code = number(row.code);
            rows.push(Row { code, first: row.first_year, last: row.last_year.unwrap_or(u16::MAX) });
            let lineage = number(row.lineage);
            if lineage != code {
                renamed.push((code, lineage));
            }
            debug_assert!(match row.level {
                DivisionLevel::Province => tier(code) == Level::Province,
                DivisionLevel::Prefecture => tier(code) == Level::City,
                DivisionLevel::County => tier(code) == Level::County,
            });
        }
        let mut breaks: Vec<(Code, u16)> = places()
            .changes
            .iter()
            .filter(|change| change.series_break)
            .flat_map(|change| {
                // A change may name several codes, or none where nothing was there before.
                let codes = [&change.old_code, &change.new_code];
                let each = codes.into_iter().flat_map(|codes| codes.split(|c: char| !c.is_ascii_digit()));
                each.filter_map(|code| code.parse().ok()).map(|code| (code, change.year)).collect::<Vec<_>>()
            })
            .collect();
        rows.sort_by_key(|row| (row.code, row.first));
        renamed.sort_unstable();
        renamed.dedup();
        breaks.sort_unstable();
        breaks.dedup();
        Tables { rows, renamed, breaks }
    })
}

fn rows(code: Code) -> &'static [Row] {
    let all = &tables().rows;
    let start = all.partition_point(|row| row.code < code);
    let end = all.partition_point(|row| row.code <= code);
    all.get(start..end).unwrap_or_default()
}

/// Whether the divisions have this code, in any year.
pub(crate) fn known(code: Code) -> bool {
    !rows(code).is_empty()
}

/// Whether a government of this code was there at the end of a year; one that the divisions do not know always was.
pub(crate) fn valid(code: Code, year: Year) -> bool {
    let rows = rows(code);
    rows.is_empty() || rows.iter().any(|row| (row.first..=row.last).contains(&year.number()))
}

/// Every division inside a range of codes, in code order, each once.
pub(crate) fn divisions(range: RangeInclusive<Code>) -> impl Iterator<Item = Code> {
    let all = &tables().rows;
    let start = all.partition_point(|row| row.code < *range.start());
    let end = all.partition_point(|row| row.code <= *range.end());
    let mut last = None;
    all.get(start..end)
        .unwrap_or_default()
        .iter()
        .map(|row| row.code)
        .filter(move |&code| last.replace(code) != Some(code))
}

/// The code under which a division's series runs: for a renamed one the newer code, else its own.
pub(crate) fn lineage(code: Code) -> Code {
    let renamed = &tables().renamed;
    renamed
        .binary_search_by_key(&code, |&(old, _)| old)
        .ok()
        .and_then(|at| renamed.get(at))
        .map_or(code, |&(_, new)| new)
}

/// Every code of one series, the one it runs under first.
pub(crate) fn series(lineage: Code) -> impl Iterator<Item = Code> {
    let old = tables().renamed.iter().filter(move |&&(_, new)| new == lineage).map(|&(old, _)| old);
    std::iter::once(lineage).chain(old)
}

/// Whether any code of the store's range can have been renamed: lets large selections skip the question.
pub(crate) fn renamed_within(range: RangeInclusive<Code>) -> bool {
    tables().renamed.iter().any(|(old, new)| range.contains(old) || range.contains(new))
}

/// Whether the territory under a code changed between the end of the year before and the end of this year.
pub(crate) fn breaks(code: Code, year: Year) -> bool {
    tables().breaks.binary_search(&(code, year.number())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(number: u16) -> Year {
        Year::new(number).unwrap()
    }

    #[test]
    fn tiers_and_ranges_follow_the_code() {
        assert_eq!(
            [tier(0), tier(140_000), tier(140_100), tier(140_109)],
            [Level::Ministry, Level::Province, Level::City, Level::County]
        );
        assert!(under(140_000).contains(&149_999) && !under(140_000).contains(&150_000));
        assert_eq!((prefix(140_000), prefix(140_100), prefix(140_109)), ("14".into(), "1401".into(), "140109".into()));
    }

    #[test]
    fn counties_without_a_prefecture_hang_on_the_province() {
        // 仙桃市 is governed by 湖北省 itself, 北京市's districts by the municipality.
        assert_eq!((parent(429_004), city(429_004)), (Some(420_000), 429_004));
        assert_eq!((parent(110_101), city(110_101)), (Some(110_000), 110_101));
        assert_eq!((parent(140_109), city(140_109)), (Some(140_100), 140_100));
    }

    #[test]
    fn renames_are_one_series_and_mergers_end_one() {
        // 太谷县 140726 became 太谷区 140703 in 2019; 下城区 was merged away in 2021.
        assert_eq!(lineage(140_726), 140_703);
        assert_eq!(series(140_703).collect::<Vec<_>>(), [140_703, 140_726]);
        assert!(valid(140_726, year(2018)) && !valid(140_726, year(2019)) && valid(140_703, year(2019)));
        assert_eq!(lineage(330_103), 330_103);
        assert!(!valid(330_103, year(2021)));
    }

    #[test]
    fn territory_can_change_under_an_unchanged_code() {
        assert!(breaks(330_105, year(2021)) && !breaks(330_105, year(2022)));
        assert!(!breaks(140_703, year(2019)), "a rename is no break");
        assert!((2018..=2026).all(|number| !breaks(0, year(number))), "the centre has no territory to change");
    }
}
