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
    // A distance is never less than the difference of the lengths.
    let allowed = (length.max(other) / 3).max(1);
    let mut best: Option<usize> = None;
    let mut offer = |score: usize| best = Some(best.map_or(score, |other| other.min(score)));
    if length.abs_diff(other) <= allowed {
        let distance = strsim::osa_distance(word, candidate);
        // One character of one is no likeness.
        if distance <= allowed && distance < length.min(other) {
            offer(distance * 10);
        }
        if sound.is_some_and(|sound| self::sound(candidate).as_deref() == Some(sound)) {
            offer(5);
        }
    }
    if length >= 2 && other >= 2 && (candidate.contains(word) || word.contains(candidate)) {
        offer(30 + length.abs_diff(other));
    }
    best
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
    use super::*;

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
