//! Residents by division and year: an outside table, for the reports have none.

use std::collections::BTreeMap;

use super::division::Code;
use crate::{
    error::{Error, ErrorKind, Result},
    model::Year,
};

/// Residents of divisions at the end of years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Population(BTreeMap<(Code, Year), i64>);

impl Population {
    /// Reads a CSV with the columns `division` (six digits), `year` and `population`, in any order among others.
    ///
    /// # Errors
    /// Names the line that is not a division, a year or a whole number of residents, or says which column is missing.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |key: &'static str| Error::new(ErrorKind::Usage, key);
        let torn = |cause: csv::Error| wrong("population.torn").with("cause", cause);
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let heads = reader.headers().map_err(torn)?.clone();
        let column = |name: &str| {
            heads.iter().position(|head| head == name).ok_or_else(|| wrong("population.no_column").with("name", name))
        };
        let (division, year, population) = (column("division")?, column("year")?, column("population")?);
        let mut table = BTreeMap::new();
        for row in reader.records() {
            let row = row.map_err(torn)?;
            let line = row.position().map_or(0, csv::Position::line);
            let read = || {
                let code = row.get(division).filter(|code| code.len() == 6)?.parse().ok()?;
                let year = Year::new(row.get(year)?.parse().ok()?)?;
                let residents: i64 = row.get(population)?.parse().ok().filter(|&count| count >= 0)?;
                Some(((code, year), residents))
            };
            let (key, residents) = read().ok_or_else(|| wrong("population.no_row").with("line", line))?;
            if table.insert(key, residents).is_some_and(|other| other != residents) {
                return Err(wrong("population.contradiction").with("line", line));
            }
        }
        Ok(Self(table))
    }

    pub(crate) fn of(&self, code: Code, year: Year) -> Option<i64> {
        self.0.get(&(code, year)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_or_refused_by_line() {
        let table = Population::parse("year,division,population\n2024,140109,940000\n").unwrap();
        assert_eq!(table.of(140_109, Year::new(2024).unwrap()), Some(940_000));
        assert_eq!(table.of(140_109, Year::new(2023).unwrap()), None);
        let error = Population::parse("division,year,population\n140109,2024,many\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert!(Population::parse("division,year\n").is_err());
        assert!(Population::parse("division,year,population\n140109,2024,1\n140109,2024,2\n").is_err());
    }
}
