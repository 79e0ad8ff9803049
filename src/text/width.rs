//! Display width: how many terminal columns a text takes, and padding by it.

use unicode_width::UnicodeWidthStr;

/// Columns a terminal needs for `text`; a Chinese character takes two.
#[must_use]
pub fn of(text: &str) -> usize {
    text.width()
}

/// `text` followed by spaces up to `columns`.
#[must_use]
pub fn pad_right(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(of(text))))
}

/// Spaces, then `text`, so that it ends at `columns`.
#[must_use]
pub fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(of(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(of("年份"), 4);
        assert_eq!(pad_right("年份", 6), "年份  ");
        assert_eq!(pad_left("77", 4), "  77");
    }
}
