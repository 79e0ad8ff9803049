//! Words that may have been meant: by edit distance, by substring, by sound. At most three.

use pinyin::ToPinyin;

/// How many words are offered.
pub(crate) const MOST: usize = 3;

/// The candidates closest to a word, best first, each once.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let lower = word.to_lowercase();
    let sound = sound(&lower);
    let mut scored: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        if let Some(score) = score(&lower, sound.as_deref(), candidate) {
            scored.push((score, candidate));
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
fn score(word: &str, sound: Option<&str>, candidate: &str) -> Option<usize> {
    let (length, other) = (word.chars().count(), candidate.chars().count());
    let allowed = (length.max(other) / 3).max(1);
    let mut best: Option<usize> = None;
    let mut offer = |score: usize| best = Some(best.map_or(score, |other| other.min(score)));
    if least_distance(word, candidate) <= allowed {
        let distance = strsim::osa_distance(word, candidate);
        // One character of one is no likeness.
        if distance <= allowed && distance < length.min(other) {
            offer(distance * 10);
        }
    }
    // Every character is one syllable.
    if length == other && sound.is_some_and(|sound| self::sound(candidate).as_deref() == Some(sound)) {
        offer(5);
    }
    if length >= 2 && other >= 2 && (candidate.contains(word) || word.contains(candidate)) {
        offer(30 + length.abs_diff(other));
    }
    best
}

/// A distance that the true one is never less than, found without the table that the true one takes: thousands of
/// names are compared with every unknown word, and nearly all have hardly a character of it.
fn least_distance(a: &str, b: &str) -> usize {
    let bit = |character: char| 1_u64 << (u32::from(character) % 64);
    let bits = |text: &str| text.chars().fold(0, |bits, character| bits | bit(character));
    // Each character that the other word lacks costs a step of its own.
    let lacking = |text: &str, other: u64| text.chars().filter(|&character| other & bit(character) == 0).count();
    lacking(a, bits(b)).max(lacking(b, bits(a))).max(a.chars().count().abs_diff(b.chars().count()))
}

/// The pinyin of a Chinese word without tones; nothing for other words.
pub(crate) fn sound(word: &str) -> Option<String> {
    let mut sound = String::new();
    for syllable in word.to_pinyin() {
        sound.push_str(syllable?.plain());
        sound.push(' ');
    }
    (!sound.is_empty()).then_some(sound)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_least_distance_is_never_above_the_true_one(a in "[a-c太原市区]{0,6}", b in "[a-d太源市县]{0,6}") {
            prop_assert!(least_distance(&a, &b) <= strsim::osa_distance(&a, &b), "{} {}", a, b);
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
