//! Whether a head speaks of the report's year, of another, or of a comparison. The words are data.

use std::sync::OnceLock;

use super::super::labels::words;
use crate::model::Year;

/// Whose figures stand under a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The report's.
    Own,
    /// Those of another year, or a comparison.
    Other,
}

struct Words {
    own: Vec<&'static str>,
    before: Vec<&'static str>,
    change: Vec<&'static str>,
    tail: Vec<&'static str>,
}

fn vocabulary() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let of = |wanted: &str| {
            let mine = words().filter(|(kind, id, _)| *kind == "side" && *id == wanted);
            let mut list: Vec<&str> = mine.map(|(.., word)| word).collect();
            list.sort_by_key(|word| std::cmp::Reverse(word.len()));
            list
        };
        Words { own: of("own"), before: of("before"), change: of("change"), tail: of("tail") }
    })
}

/// What a head says that consists of nothing but a year, 上年 or 同比; nothing for any other words.
pub(super) fn side(text: &str, year: Option<Year>) -> Option<Side> {
    const LONGEST: usize = 12;
    let bare: String = text.chars().filter(|ch| ch.is_alphanumeric()).collect();
    if bare.is_empty() || bare.chars().count() > LONGEST {
        return None;
    }
    let known = vocabulary();
    let digits = bare.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 {
        let (number, rest) = bare.split_at_checked(digits)?;
        let printed = number.parse().ok().and_then(Year::new)?;
        let own = year?;
        return is_tail(rest).then_some(if printed == own { Side::Own } else { Side::Other });
    }
    if known.change.iter().any(|word| bare.contains(word)) {
        return Some(Side::Other);
    }
    let begins = |list: &[&str]| list.iter().any(|word| bare.strip_prefix(word).is_some_and(is_tail));
    if begins(&known.before) {
        return Some(Side::Other);
    }
    begins(&known.own).then_some(Side::Own)
}

/// Whether these words add nothing: 年度, 数量, 合计.
fn is_tail(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        match vocabulary().tail.iter().find_map(|word| rest.strip_prefix(word)) {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_years_and_comparisons_tell() {
        let year = Year::new(2024);
        for (text, told) in [
            ("2024年", Some(Side::Own)),
            ("（2023年度）", Some(Side::Other)),
            ("2023", Some(Side::Other)),
            ("上年数", Some(Side::Other)),
            ("本年", Some(Side::Own)),
            ("同比增长（%）", Some(Side::Other)),
            ("指2019年事项数", None),
            ("2023年度申请情况统计表", None),
            ("含上年结转", None),
            ("信息内容", None),
            ("12", None),
        ] {
            assert_eq!(side(text, year), told, "{text}");
        }
        assert_eq!(side("2023年", None), None);
    }
}
