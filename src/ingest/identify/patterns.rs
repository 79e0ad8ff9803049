//! Patterns and words of this room, from `data/identify.tsv`.

use std::{collections::HashMap, sync::OnceLock};

use regex::Regex;

/// The line of a name.
fn lines() -> &'static HashMap<&'static str, &'static str> {
    static LINES: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    LINES.get_or_init(|| {
        let rows = include_str!("../data/identify.tsv").lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| line.split_once('\t')).collect()
    })
}

/// The pattern of a name.
///
/// # Panics
/// When the embedded file has no such pattern, which a test rules out.
pub(super) fn pattern(name: &str) -> &'static Regex {
    static PATTERNS: OnceLock<HashMap<&str, OnceLock<Regex>>> = OnceLock::new();
    let patterns = PATTERNS.get_or_init(|| lines().keys().map(|&name| (name, OnceLock::new())).collect());
    patterns.get(name).expect("the embedded patterns are complete").get_or_init(|| {
        Regex::new(lines().get(name).copied().unwrap_or_default()).expect("the embedded patterns are valid")
    })
}

/// The words of a name, best first.
pub(super) fn words(name: &str) -> impl Iterator<Item = &'static str> {
    lines().get(name).copied().unwrap_or_default().split(' ').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_that_is_used_is_there() {
        for name in [
            "caption",
            "contact",
            "date",
            "first_part",
            "half_year",
            "interpretation",
            "notice",
            "notice_ask",
            "old_outline",
            "opening_year",
            "overwritten",
            "part_heading",
            "period",
            "planned",
            "period_damaged",
            "picture",
            "prose_figure",
            "sentence",
            "table_heading",
            "title",
            "year",
            "year_han",
        ] {
            assert!(!pattern(name).as_str().is_empty(), "{name}");
        }
        for name in
            ["date_labels", "publisher_labels", "title_labels", "title_word", "lead", "trail", "own_words", "self"]
        {
            assert!(words(name).count() > 0, "{name}");
        }
    }
}
