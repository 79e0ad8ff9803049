//! Characters that numbers, days and headings are written with, and a word for what no form prints, from `data/marks.tsv`.

use std::sync::OnceLock;

/// The characters.
#[derive(Debug)]
pub struct Marks {
    /// Numerals of the form's headings, one to nine.
    pub numerals: &'static str,
    /// Nought, in a year spelled out digit by digit.
    pub zeros: &'static str,
    /// The numeral ten, which begins longer ones.
    pub tens: &'static str,
    /// What may follow the number of a year, longest first.
    pub year: Vec<&'static str>,
    /// What follows the number of a month.
    pub month: &'static str,
    /// What follows the number of a day.
    pub day: &'static str,
    /// What the heading of a whole table ends in.
    pub heading: &'static str,
    /// What a measure per residents is divided by.
    pub residents: &'static str,
}

/// The embedded characters.
#[must_use]
pub fn marks() -> &'static Marks {
    static MARKS: OnceLock<Marks> = OnceLock::new();
    MARKS.get_or_init(|| {
        let of = |name: &str| {
            let line = include_str!("data/marks.tsv").lines().filter_map(|line| line.split_once('\t'));
            line.filter(|(own, _)| *own == name).map(|(_, characters)| characters).next().unwrap_or_default()
        };
        Marks {
            numerals: of("numerals"),
            zeros: of("zeros"),
            tens: of("tens"),
            year: of("year").split('|').collect(),
            month: of("month"),
            day: of("day"),
            heading: of("heading"),
            residents: of("residents"),
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_mark_is_there() {
        let marks = super::marks();
        assert_eq!(marks.numerals.chars().count(), 9);
        assert_eq!(marks.year, ["年度", "年"]);
        assert!(
            [marks.zeros, marks.tens, marks.month, marks.day, marks.heading, marks.residents]
                .iter()
                .all(|mark| !mark.is_empty())
        );
    }
}
