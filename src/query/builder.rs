//! Questions without a string: `Ask::share("not_held").by(Dimension::Year).within("140109")`.

use super::plan::Dimension;
use crate::model::{Applicant, Year};

/// A question put together word by word. Its text is a statement of the language, so that it can be
/// shown, logged and cited, and so that names are looked up in one place only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    terms: Vec<String>,
    by: Vec<Dimension>,
    places: Vec<String>,
    years: Vec<(Year, Year)>,
    applicants: Vec<Applicant>,
    tail: Vec<String>,
}

impl Ask {
    /// A measure: an id, a short name or a label.
    #[must_use]
    pub fn measure(measure: &str) -> Self {
        Self::of(measure.to_owned())
    }

    /// The share of a measure in its natural base.
    #[must_use]
    pub fn share(measure: &str) -> Self {
        Self::of(format!("share of {measure}"))
    }

    /// The share of a measure in another one.
    #[must_use]
    pub fn share_out_of(measure: &str, base: &str) -> Self {
        Self::of(format!("share of {measure} out_of {base}"))
    }

    /// The change of a measure against the year before.
    #[must_use]
    pub fn change(measure: &str) -> Self {
        Self::of(format!("change of {measure}"))
    }

    fn of(term: String) -> Self {
        Self {
            terms: vec![term],
            by: Vec::new(),
            places: Vec::new(),
            years: Vec::new(),
            applicants: Vec::new(),
            tail: Vec::new(),
        }
    }

    /// Another column of the same question.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.terms.extend(other.terms);
        self
    }

    /// Groups by a dimension, after those named before.
    #[must_use]
    pub fn by(mut self, dimension: Dimension) -> Self {
        self.by.push(dimension);
        self
    }

    /// One more place: a division code or body path (`140109`, `140109/财政局`), or a name or path of
    /// names (`太原市/万柏林区`), with `/*` or `/**` for what lies below it.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        let coded = place.len() >= 6 && place.bytes().take(6).all(|byte| byte.is_ascii_digit());
        self.places.push(if coded { format!("@{place}") } else { place.to_owned() });
        self
    }

    /// One year more.
    #[must_use]
    pub fn year(self, year: Year) -> Self {
        self.years(year, year)
    }

    /// The years from the first to the last.
    #[must_use]
    pub fn years(mut self, first: Year, last: Year) -> Self {
        self.years.push((first, last));
        self
    }

    /// One more column of table 3 instead of the printed total.
    #[must_use]
    pub fn of_applicant(mut self, applicant: Applicant) -> Self {
        self.applicants.push(applicant);
        self
    }

    /// A stage, such as `top 10` or `keep value > 30%`.
    #[must_use]
    pub fn stage(mut self, stage: &str) -> Self {
        self.tail.push(stage.to_owned());
        self
    }

    /// The statement, to be given to [`crate::Database::query`].
    #[must_use]
    pub fn build(&self) -> String {
        let mut text = self.terms.join(", ");
        let mut clause = |word: &str, items: Vec<String>| {
            if !items.is_empty() {
                text.push_str(&format!(" {word}{}", items.join(", ")));
            }
        };
        clause("by ", self.by.iter().map(|dimension| dimension.id().to_owned()).collect());
        clause("in ", self.places.clone());
        clause("for ", self.applicants.iter().map(|applicant| applicant.id().to_owned()).collect());
        clause("", self.years.iter().map(|(first, last)| range(*first, *last)).collect());
        for stage in &self.tail {
            text.push_str(&format!(" | {stage}"));
        }
        text
    }
}

fn range(first: Year, last: Year) -> String {
    if first == last { first.to_string() } else { format!("{first}..{last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_statement_a_person_would_type() {
        let year = |number| Year::new(number).unwrap();
        let ask = Ask::share("not_held")
            .by(Dimension::County)
            .within("140100")
            .years(year(2020), year(2024))
            .of_applicant(Applicant::Natural)
            .stage("top 10");
        assert_eq!(ask.build(), "share of not_held by county in @140100 for natural 2020..2024 | top 10");
        let two = Ask::measure("new").and(Ask::change("new")).within("太原市/*").year(year(2024));
        assert_eq!(two.build(), "new, change of new in 太原市/* 2024");
    }
}
