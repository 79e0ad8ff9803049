//! When a report was published, as its page says.

use super::{
    patterns::{pattern, words},
    prose::{Prose, first_characters},
};
use crate::model::Year;

/// The date of publication as `2025-01-26`: after a label, under the title, or in the signature.
pub(super) fn published(prose: &Prose) -> Option<String> {
    let labels = || prose.head().iter().filter(|line| line.squeezed.contains(':'));
    let labelled = words("date_labels").find_map(|label| {
        labels().find_map(|line| {
            let (_, after) = line.squeezed.split_once(label)?;
            date(first_characters(after.strip_prefix(':')?, 12))
        })
    });
    labelled
        .or_else(|| prose.head().iter().find_map(|line| leading(line.squeezed)))
        .or_else(|| prose.tail().iter().rev().find_map(|line| leading(line.squeezed)))
}

/// Whether a date can be the publication of a report on that year.
pub(super) fn fits(date: &str, year: Year) -> bool {
    date.get(..4).and_then(|printed| printed.parse::<u16>().ok()).is_some_and(|printed| printed > year.number())
}

/// A line that is a date and little more.
fn leading(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['(', '[', '【']);
    // Few lines begin with a figure.
    if !line.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let found = pattern("date").find(line).filter(|found| found.start() == 0)?;
    (line.chars().count() <= 32).then(|| date(found.as_str())).flatten()
}

fn date(text: &str) -> Option<String> {
    let found = pattern("date").captures(text)?;
    let number = |name: &str| found.name(name)?.as_str().parse::<u16>().ok();
    let (year, month, day) = (number("year")?, number("month")?, number("day")?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_every_form() {
        for text in ["2025-01-26", "2025/1/26", "2025.01.26", "2025年1月26日"] {
            assert_eq!(date(text).as_deref(), Some("2025-01-26"), "{text}");
        }
        assert_eq!(date("2025-13-26"), None);
        assert_eq!(leading("(2026年1月23日)").as_deref(), Some("2026-01-23"));
        assert_eq!(leading("截至2026年1月23日"), None);
    }
}
