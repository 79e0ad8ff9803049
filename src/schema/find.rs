//! From what somebody wrote to the divisions it may mean: code, bare name, any prefixed name, path.

use std::collections::BTreeMap;

use super::{
    place_words::How,
    places::{Division, Places},
};
use crate::{model::Year, text};

/// How a place name is looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lookup {
    /// The year the name was used for: names valid then, the year before or the year after are known
    /// (a report on 2019 written in January 2020 may use either), and the division is the one whose
    /// code was valid at the end of that year. Without a year the newest is meant.
    pub year: Option<Year>,
    /// Whether the name may come without its suffix: 万柏林 for 万柏林区.
    pub short: bool,
}

impl Lookup {
    /// Names as used for a year.
    #[must_use]
    pub fn in_year(year: Year) -> Self {
        Self { year: Some(year), short: false }
    }

    /// Also names without their suffix.
    #[must_use]
    pub fn or_short(self) -> Self {
        Self { short: true, ..self }
    }
}

impl Places {
    /// Every division that `text` may mean, in code order: none, the one, or all that bear the name.
    ///
    /// Understands `140109`, `@140109`, 万柏林区, 太原市万柏林区, 太原万柏林区, 山西省太原市万柏林区 and
    /// the paths `太原市/万柏林区`, `山西省/太原市/万柏林区`; Traditional script and full-width signs too.
    #[must_use]
    pub fn find(&self, text: &str, lookup: Lookup) -> Vec<&Division> {
        let folded = text::fold(text.trim());
        let name: String = folded.text().chars().filter(|character| !character.is_whitespace()).collect();
        self.find_folded(&name, lookup)
    }

    /// The same for a text that is folded and without blanks.
    pub(super) fn find_folded(&self, name: &str, lookup: Lookup) -> Vec<&Division> {
        let name = name.strip_prefix('@').unwrap_or(name);
        // Most texts end like no place at all.
        let last = name.chars().next_back();
        if !lookup.short && !last.is_some_and(|last| last.is_ascii_digit() || self.endings().contains(&last)) {
            return Vec::new();
        }
        if name.len() == 6 && name.bytes().all(|byte| byte.is_ascii_digit()) {
            let row = lookup.year.and_then(|year| self.at(name, year)).or_else(|| self.by_code(name));
            return row.into_iter().collect();
        }
        self.prefer(self.candidates(name, lookup.short), lookup)
    }

    /// Whether the text begins with the name of a division, short forms included.
    #[must_use]
    pub fn begins(&self, text: &str) -> bool {
        self.words().prefixes(text).any(|(_, how)| how.is_bare())
    }

    /// Whether the word is the whole name of a division, alone or after one above it, or with all above it.
    #[must_use]
    pub fn has_name(&self, word: &str) -> bool {
        self.words().get(word).any(|(_, how)| how.is_whole())
    }

    /// The length in bytes of every such name that the text begins with.
    pub(crate) fn prefixes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.words().prefixes(text).filter(|(_, how)| how.is_whole()).map(|(length, _)| length)
    }

    /// Rows with this name or short form and nothing before it, and whether it is the short one.
    fn bearers(&self, name: &str) -> impl Iterator<Item = (&Division, bool)> {
        let bare = self.words().get(name).filter(|(_, how)| how.is_bare());
        bare.filter_map(|(at, how)| Some((self.all().get(at)?, how == How::Short)))
    }

    /// Rows whose name ends the text, with nothing but names of divisions above before it.
    fn candidates(&self, name: &str, short: bool) -> Vec<(&Division, bool)> {
        let mut found = Vec::new();
        for (at, _) in name.char_indices() {
            let Some((before, last)) = name.split_at_checked(at) else { continue };
            let named = self.bearers(last).filter(|&(_, shortened)| short || !shortened);
            found.extend(named.filter(|(row, _)| self.leads_to(before, row)));
        }
        found
    }

    /// Whether the text is made of names of divisions above `row`, from the top down.
    fn leads_to(&self, text: &str, row: &Division) -> bool {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return true;
        }
        let above = self.ancestors(row.code);
        text.char_indices().any(|(at, _)| {
            let Some((before, last)) = text.split_at_checked(at) else { return false };
            self.bearers(last).any(|(named, _)| {
                above.iter().any(|upper| upper.code == named.code || upper.lineage == named.lineage)
                    && self.leads_to(before, named)
            })
        })
    }

    /// One row a series, as of the year asked for; full names before short ones, present before past.
    fn prefer<'a>(&'a self, found: Vec<(&'a Division, bool)>, lookup: Lookup) -> Vec<&'a Division> {
        let rank = |row: &Division, short: bool| match lookup.year {
            Some(year) if row.valid_at(year) => (short, 0),
            Some(year) if row.near(year) => (short, 1),
            None if row.last_year.is_none() => (short, 0),
            _ => (short, 2),
        };
        let Some(best) = found.iter().map(|&(row, short)| rank(row, short)).min() else { return Vec::new() };
        let mut series: BTreeMap<&str, &Division> = BTreeMap::new();
        for (row, _) in found.into_iter().filter(|&(row, short)| rank(row, short) == best) {
            let meant = match lookup.year {
                Some(year) => self.at(row.code, year).unwrap_or(row),
                None => self.lineage(row.code).into_iter().next_back().unwrap_or(row),
            };
            series.insert(row.lineage, meant);
        }
        let mut rows: Vec<&Division> = series.into_values().collect();
        rows.sort_by(|a, b| a.code.cmp(b.code));
        rows.dedup_by(|a, b| a.code == b.code);
        rows
    }
}

/// What names may lose, from `data/place_suffixes.tsv`.
#[cfg(test)]
pub(super) struct Suffixes {
    endings: Vec<&'static str>,
    people: Vec<&'static str>,
    /// Names with a short form of their own, as 神农架林区=神农架.
    own: Vec<(&'static str, &'static str)>,
}

#[cfg(test)]
impl Suffixes {
    pub(super) fn read() -> Self {
        let words = |kind: &'static str| {
            include_str!("data/place_suffixes.tsv")
                .lines()
                .filter_map(move |line| line.strip_prefix(kind)?.strip_prefix('\t'))
                .flat_map(|words| words.split(' '))
        };
        Self {
            endings: words("suffix").collect(),
            people: words("people").collect(),
            own: words("short").filter_map(|pair| pair.split_once('=')).collect(),
        }
    }

    /// The name without its suffix and the peoples it names, if two characters are left.
    pub(super) fn shorten<'a>(&self, name: &'a str) -> Option<&'a str> {
        let kept = |rest: &&str| rest.chars().count() >= 2;
        if let Some((_, short)) = self.own.iter().find(|(full, _)| *full == name) {
            return Some(short);
        }
        let suffix = self.endings.iter().find(|&&suffix| name.strip_suffix(suffix).is_some_and(|rest| kept(&rest)))?;
        let mut short = name.strip_suffix(suffix)?;
        // 自治区, 自治州, 自治县: the peoples stand before it.
        if suffix.chars().count() > 2 {
            while let Some(rest) = self.people.iter().find_map(|people| short.strip_suffix(people).filter(kept)) {
                short = rest;
            }
        }
        Some(short)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::places::places, *};

    fn codes(text: &str, lookup: Lookup) -> Vec<&'static str> {
        places().find(text, lookup).into_iter().map(|row| row.code).collect()
    }

    fn one(text: &str) -> Vec<&'static str> {
        codes(text, Lookup::default())
    }

    fn year(year: u16) -> Lookup {
        Lookup::in_year(Year::new(year).unwrap())
    }

    #[test]
    fn every_way_of_writing_a_place() {
        for text in [
            "140109",
            "@140109",
            "万柏林区",
            "太原市万柏林区",
            "太原万柏林区",
            "山西万柏林区",
            "山西省太原市万柏林区",
            "太原市/万柏林区",
            "太原/万柏林区",
            "山西省/太原市/万柏林区",
            "山西省/万柏林区",
            "萬柏林區",
            "万柏林 区",
        ] {
            assert_eq!(one(text), ["140109"], "{text}");
        }
        for text in ["", "万柏林", "大同市万柏林区", "万柏林区太原市", "上海市万柏林区", "财政局"]
        {
            assert!(one(text).is_empty(), "{text}");
        }
        assert_eq!(codes("万柏林", Lookup::default().or_short()), ["140109"]);
        assert_eq!(codes("太原万柏林", Lookup::default().or_short()), ["140109"]);
        assert_eq!(codes("恩施", Lookup::default().or_short()), ["422800", "422801"]);
        assert_eq!(codes("内蒙古", Lookup::default().or_short()), ["150000"]);
        assert_eq!(codes("新疆", Lookup::default().or_short()), ["650000"]);
    }

    #[test]
    fn shared_names_are_all_offered() {
        assert_eq!(one("鼓楼区"), ["320106", "320302", "350102", "410204"]);
        assert_eq!(one("南京鼓楼区"), ["320106"]);
        assert_eq!(one("朝阳市"), ["211300"]);
        let shared = places()
            .all()
            .iter()
            .filter(|row| row.last_year.is_none() && one(row.name).len() > 1)
            .map(|row| row.name)
            .collect::<std::collections::BTreeSet<_>>();
        assert_eq!(shared.len(), 29);
    }

    #[test]
    fn every_full_name_is_one_place() {
        for row in places().all() {
            let lookup = Lookup { year: row.last_year.and_then(Year::new), short: false };
            let found = codes(row.full_name, lookup);
            assert_eq!(found, [row.code], "{}", row.full_name);
        }
    }

    #[test]
    fn old_names_are_known_and_the_code_is_that_of_the_year() {
        assert_eq!(codes("太谷县", year(2018)), ["140726"]);
        assert_eq!(codes("太谷县", year(2019)), ["140703"]);
        assert_eq!(one("太谷县"), ["140703"]);
        assert_eq!(codes("太谷区", year(2018)), ["140726"]);
        assert_eq!(codes("140726", year(2024)), ["140703"]);
        assert_eq!(one("襄都区"), ["130502"]);
        assert_eq!(codes("邢台市桥东区", year(2019)), ["130502"]);
        assert_eq!(one("伊春市友好区"), ["230719"]);
        assert_eq!(codes("伊春市友好区", year(2018)), ["230704"]);
    }
}
