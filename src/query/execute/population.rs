//! Residents by division and year: an outside table, for the reports have none.

use std::collections::BTreeMap;

use super::{
    compared,
    division::{self, Code},
};
use crate::{
    model::Year,
    query::plan::{Formula, Measure, Plan, Verb},
    schema::{BadRow, Known, NamedBody, body, list_rows, places},
};

/// Residents of divisions in years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Population(BTreeMap<(Code, Year), i64>);

impl Population {
    /// Reads a CSV with the columns `division` (six digits, a name or a path), `year` and `population`, in any order
    /// among others.
    ///
    /// # Errors
    /// Every row that is not a known division, a year and a whole number of residents, or contradicts an earlier
    /// one: a table with a wrong row is not taken up in part.
    pub fn parse(text: &str) -> Result<Self, Vec<BadRow>> {
        let mut table = Self::default();
        let bad = list_rows(text, ["division", "year", "population"], 3, "GK0460", |[division, year, population]| {
            table.take(division, year, population).map_err(|(code, text)| (code, text.to_owned()))
        });
        if bad.is_empty() { Ok(table) } else { Err(bad) }
    }

    /// Takes up one row, or says which field is wrong.
    fn take<'a>(&mut self, named: &'a str, year: &'a str, residents: &'a str) -> Result<(), (&'static str, &'a str)> {
        let year = year.parse().ok().and_then(Year::new).ok_or(("GK0462", year))?;
        let code = code(named, year).ok_or(("GK0461", named))?;
        let count: i64 = residents.parse().ok().filter(|&count| count >= 0).ok_or(("GK0463", residents))?;
        match self.0.insert((code, year), count) {
            Some(other) if other != count => Err(("GK0464", named)),
            _ => Ok(()),
        }
    }

    pub(crate) fn of(&self, code: Code, year: Year) -> Option<i64> {
        // A table names a renamed division as it was called in the year, or as it is called now.
        division::series(division::lineage(code)).find_map(|code| self.0.get(&(code, year)).copied())
    }
}

/// The division that a code, a name or a path means.
fn code(named: &str, year: Year) -> Option<Code> {
    if let Some(row) = places().by_code(named) {
        return row.code.parse().ok();
    }
    match body(named, Some(year), &Known::default()) {
        NamedBody::One(body) if body.id.is_government() => Some(division::code(&body.id)),
        _ => None,
    }
}

/// The id of a measure of the plan that counts per residents, if there is one.
pub(super) fn per_residents(plan: &Plan) -> Option<&str> {
    let Verb::Ask(ask) = &plan.verb else { return None };
    let all = ask.terms.iter().chain(compared(plan, ask));
    let mut measures = all.flat_map(|term| &term.members).map(|member| &member.measure);
    let found = measures.find(|Measure { formula, .. }| matches!(formula, Formula::PerResidents(..)));
    found.map(|measure| measure.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_or_refused_by_line() {
        let table = Population::parse("year,division,population\n2024,140109,940000\n2024,太原市,5500000\n").unwrap();
        let year = |number| Year::new(number).unwrap();
        assert_eq!(table.of(140_109, year(2024)), Some(940_000));
        assert_eq!(table.of(140_100, year(2024)), Some(5_500_000));
        assert_eq!(table.of(140_109, year(2023)), None);
        let told = |text: &str| {
            let bad = Population::parse(text).unwrap_err();
            bad.into_iter().map(|row| (row.line, row.code, row.text)).collect::<Vec<_>>()
        };
        let row = |line, code, text: &str| (line, code, text.to_owned());
        assert_eq!(
            told(
                "division,year,population\n140109,2024,many\n999999,2024,1\n鼓楼区,2024,1\n140109,24,1\n140109,2024,-1\n"
            ),
            [
                row(2, "GK0463", "many"),
                row(3, "GK0461", "999999"),
                row(4, "GK0461", "鼓楼区"),
                row(5, "GK0462", "24"),
                row(6, "GK0463", "-1"),
            ]
        );
        let ragged = "division,year,population\n140109,2024,940,000\n140109,2024\n";
        assert_eq!(told(ragged), [row(2, "GK0465", "140109,2024,940,000"), row(3, "GK0465", "140109,2024")]);
        assert_eq!(told("division,year\n"), [row(1, "GK0460", "division,year")]);
        let twice = "division,year,population\n140109,2024,1\n140109,2024,1\n万柏林区,2024,2\n";
        assert_eq!(told(twice), [row(4, "GK0464", "万柏林区")]);
    }
}
