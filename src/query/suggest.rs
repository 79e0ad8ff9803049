//! Words that may have been meant: by edit distance, by substring, by sound. At most three.

use std::sync::OnceLock;

use pinyin::ToPinyin;

use crate::schema::{Division, Lookup, pinyin_begins, places};

/// How many words are offered.
pub(crate) const MOST: usize = 3;

/// A word that may be offered, with what is seen of it at a glance: thousands of names are held against every unknown
/// word, and nearly all have hardly a character of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    text: &'a str,
    /// In characters.
    length: usize,
    /// Which characters it has; two may share a bit.
    characters: u64,
}

impl<'a> From<&'a str> for Known<'a> {
    fn from(text: &'a str) -> Self {
        let mut known = Self { text, length: 0, characters: 0 };
        for character in text.chars() {
            known.length += 1;
            known.characters |= 1 << (u32::from(character) % 64);
        }
        known
    }
}

impl Known<'_> {
    /// A distance that the true one is never less than: each character that the other word lacks costs a step.
    fn least_distance(self, other: Self) -> usize {
        let lacking = |one: Self, other: Self| (one.characters & !other.characters).count_ones() as usize;
        lacking(self, other).max(lacking(other, self)).max(self.length.abs_diff(other.length))
    }

    fn contains(self, other: Self) -> bool {
        other.characters & !self.characters == 0 && self.text.contains(other.text)
    }
}

/// The names of the present divisions.
pub(crate) fn divisions<'a>() -> impl Iterator<Item = Known<'a>> {
    static DIVISIONS: OnceLock<Vec<Known<'static>>> = OnceLock::new();
    let present = || places().all().iter().filter(|row| row.last_year.is_none());
    let known: &'a [Known<'a>] = DIVISIONS.get_or_init(|| present().map(|row| row.name.into()).collect());
    known.iter().copied()
}

/// Whether a word may be pinyin: fewer letters are the initials of too much.
pub(crate) fn may_be_pinyin(word: &str) -> bool {
    word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The divisions whose pinyin begins so, by a name that is theirs alone.
pub(crate) fn divisions_by_sound(typed: &str) -> Vec<String> {
    let typed = typed.to_ascii_lowercase();
    let found = if may_be_pinyin(&typed) { places().complete(&typed) } else { Vec::new() };
    let own = |row: &Division| match places().find(row.name, Lookup::default()).as_slice() {
        [_] => Some(row.name.to_owned()),
        _ => places().path(row.code),
    };
    found.into_iter().filter(|row| pinyin_begins(row.name, &typed)).filter_map(own).take(MOST).collect()
}

/// The candidates closest to a word, best first, each once.
pub(crate) fn closest<'a, K: Into<Known<'a>>>(word: &str, candidates: impl IntoIterator<Item = K>) -> Vec<String> {
    let lower = word.to_lowercase();
    let (word, sound) = (Known::from(lower.as_str()), syllables(&lower));
    let mut scored: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let candidate = candidate.into();
        if let Some(score) = score(word, &sound, candidate) {
            scored.push((score, candidate.text));
        }
    }
    scored.sort_unstable();
    let mut words: Vec<String> = Vec::new();
    for (_, candidate) in scored {
        if !words.iter().any(|word| word == candidate) {
            words.push(candidate.to_owned());
        }
        if words.len() == MOST {
            break;
        }
    }
    words
}

/// How far a candidate is from the word; nothing when it is too far to be offered.
fn score(word: Known<'_>, sound: &[&str], candidate: Known<'_>) -> Option<usize> {
    let (length, other) = (word.length, candidate.length);
    let allowed = (length.max(other) / 3).max(1);
    let mut best: Option<usize> = None;
    let mut offer = |score: usize| best = Some(best.map_or(score, |other| other.min(score)));
    if word.least_distance(candidate) <= allowed {
        let distance = strsim::osa_distance(word.text, candidate.text);
        // One character of one is no likeness.
        if distance <= allowed && distance < length.min(other) {
            offer(distance * 10);
        }
    }
    // Every character is one syllable.
    if length == other && sound.len() == length && sounds(candidate.text, sound) {
        offer(5);
    }
    if length >= 2 && other >= 2 && (candidate.contains(word) || word.contains(candidate)) {
        offer(30 + length.abs_diff(other));
    }
    best
}

/// The pinyin of each character without tones; nothing for a word that is not Chinese throughout.
fn syllables(word: &str) -> Vec<&'static str> {
    let syllables: Option<Vec<&str>> = word.to_pinyin().map(|syllable| Some(syllable?.plain())).collect();
    syllables.unwrap_or_default()
}

/// Whether a word is spoken so.
fn sounds(word: &str, sound: &[&str]) -> bool {
    word.to_pinyin().map(|syllable| syllable.map(pinyin::Pinyin::plain)).eq(sound.iter().map(|&own| Some(own)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_least_distance_is_never_above_the_true_one(a in "[a-c太原市区]{0,6}", b in "[a-d太源市县]{0,6}") {
            let least = Known::from(a.as_str()).least_distance(b.as_str().into());
            prop_assert!(least <= strsim::osa_distance(&a, &b), "{} {}", a, b);
        }
    }

    #[test]
    fn by_letter_by_part_and_by_sound() {
        let words = ["不掌握", "不予公开", "新收", "not_held", "granted"];
        assert_eq!(closest("不掌屋", words), ["不掌握"]);
        assert_eq!(closest("步章沃", words), ["不掌握"]);
        assert_eq!(closest("not_hold", words), ["not_held"]);
        assert_eq!(closest("本机关不掌握", words), ["不掌握"]);
        assert!(closest("天气", words).is_empty());
    }
}
