//! Series across renames: one-to-one changes are one series, mergers and splits end it.

use super::places::{Change, Division, Places};
use crate::model::Year;

impl Division {
    /// Whether code and name were valid at the end of the year.
    #[must_use]
    pub fn valid_at(&self, year: Year) -> bool {
        self.first_year <= year.number() && self.last_year.is_none_or(|last| year.number() <= last)
    }

    /// Whether they were valid at the end of that year, the one before or the one after.
    #[must_use]
    pub fn near(&self, year: Year) -> bool {
        self.first_year <= year.number() + 1 && self.last_year.is_none_or(|last| year.number() <= last + 1)
    }
}

impl Places {
    /// Every row of the series that the code belongs to, oldest first; empty for an unknown code.
    #[must_use]
    pub fn lineage(&self, code: &str) -> Vec<&Division> {
        let Some(row) = self.by_code(code) else { return Vec::new() };
        let mut series: Vec<&Division> = self.by_lineage(row.lineage).collect();
        series.sort_by_key(|row| (row.first_year, row.code));
        series
    }

    /// The row of the code's series that was valid at the end of the year.
    #[must_use]
    pub fn at(&self, code: &str, year: Year) -> Option<&Division> {
        self.lineage(code).into_iter().rev().find(|row| row.valid_at(year))
    }

    /// Changes of the code's territory that a comparison of the first year with the last would cross.
    ///
    /// A change shows from its `year` on, so that 2020 and 2021 are divided by a change of 2021.
    #[must_use]
    pub fn breaks(&self, code: &str, first: Year, last: Year) -> Vec<&Change> {
        let series = self.lineage(code);
        let concerns = |changed: &str| series.iter().any(|row| row.code == changed);
        self.changes
            .iter()
            .filter(|change| change.series_break && first.number() < change.year && change.year <= last.number())
            .filter(|change| concerns(&change.old_code) || concerns(&change.new_code))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::places::places, *};

    fn year(year: u16) -> Year {
        Year::new(year).unwrap()
    }

    #[test]
    fn a_county_that_became_a_district_is_one_series() {
        let series: Vec<_> = places().lineage("140726").into_iter().map(|row| row.code).collect();
        assert_eq!(series, ["140726", "140703"]);
        assert_eq!(places().at("140703", year(2018)).unwrap().name, "太谷县");
        assert_eq!(places().at("140726", year(2019)).unwrap().code, "140703");
        assert!(places().breaks("140703", year(2018), year(2024)).is_empty());
    }

    #[test]
    fn an_unchanged_code_can_hide_a_change_of_territory() {
        // 2021 杭州: 上城区 kept its code and absorbed most of 江干区, which was abolished.
        assert_eq!(places().breaks("330102", year(2020), year(2021)).len(), 2);
        assert!(places().breaks("330102", year(2021), year(2024)).is_empty());
        assert!(places().breaks("330102", year(2018), year(2020)).is_empty());
        assert!(places().breaks("140109", year(2018), year(2024)).is_empty());
    }

    #[test]
    fn a_merged_district_has_no_later_row() {
        assert!(places().at("230702", year(2019)).is_none());
        assert_eq!(places().at("230702", year(2018)).unwrap().name, "伊春区");
    }
}
