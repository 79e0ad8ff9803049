//! Finding Chinese names by what one types on a Latin keyboard: full pinyin, initials, or a mix.
//!
//! Every reading of a character counts: the default one is wrong for 重庆, 长沙, 厦门 or 六安.

use std::{str::Chars, sync::OnceLock};

use ::pinyin::ToPinyinMulti;

use super::places::{Division, Places};

/// Whether what was typed may stand for the beginning of the name: `taiyuan`, `tyswblq`, `taiyswan`.
#[must_use]
pub fn pinyin_begins(name: &str, typed: &str) -> bool {
    if typed.is_empty() || !typed.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return false;
    }
    sounds(name.chars(), typed)
}

/// The readings of a character without tones: `[zhong, chong]`; none for what is not Chinese.
fn readings(character: char) -> Vec<&'static str> {
    let mut all: Vec<&str> = character.to_pinyin_multi().into_iter().flatten().map(::pinyin::Pinyin::plain).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether `typed` is used up by the characters of a name, the last syllable perhaps unfinished.
fn sounds(mut name: Chars<'_>, typed: &str) -> bool {
    if typed.is_empty() {
        return true;
    }
    let readings = name.next().and_then(|character| character.to_pinyin_multi());
    readings.into_iter().flatten().any(|reading| spells(reading.plain(), typed, |rest| sounds(name.clone(), rest)))
}

/// The same for a name whose readings are known.
fn begins(syllables: &[Vec<&str>], typed: &str) -> bool {
    if typed.is_empty() {
        return true;
    }
    let Some((first, others)) = syllables.split_first() else { return false };
    first.iter().any(|reading| spells(reading, typed, |rest| begins(others, rest)))
}

/// Whether `typed` begins with this syllable or its initial and `then` takes the rest, or ends inside the syllable.
fn spells(reading: &str, typed: &str, then: impl Fn(&str) -> bool) -> bool {
    reading.starts_with(typed)
        || typed.strip_prefix(reading).is_some_and(&then)
        || initials(reading).any(|initial| typed.strip_prefix(initial).is_some_and(&then))
}

/// The ways of writing the initial alone: `z` and `zh`.
fn initials(reading: &str) -> impl Iterator<Item = &str> {
    let letter = reading.get(..1);
    let double = reading.get(..2).filter(|start| matches!(*start, "zh" | "ch" | "sh"));
    letter.into_iter().chain(double)
}

/// A present division with the readings of its full name, and where shorter names begin in it.
struct Entry {
    at: usize,
    syllables: Vec<Vec<&'static str>>,
    starts: Vec<usize>,
}

impl Places {
    /// Present divisions whose name may begin with what was typed, in Chinese or pinyin: provinces
    /// first, then prefectures and counties, each in code order.
    #[must_use]
    pub fn complete(&'static self, typed: &str) -> Vec<&'static Division> {
        let typed = typed.trim();
        let latin = typed.to_ascii_lowercase();
        let mut found: Vec<&Division> = Vec::new();
        for entry in index(self) {
            let Some(row) = self.all().get(entry.at) else { continue };
            let hit = if latin.bytes().all(|byte| byte.is_ascii_lowercase()) {
                !latin.is_empty()
                    && entry
                        .starts
                        .iter()
                        .any(|&start| entry.syllables.get(start..).is_some_and(|syllables| begins(syllables, &latin)))
            } else {
                entry.starts.iter().any(|&start| {
                    row.full_name
                        .char_indices()
                        .nth(start)
                        .and_then(|(at, _)| row.full_name.get(at..))
                        .is_some_and(|name| name.starts_with(typed))
                })
            };
            if hit {
                found.push(row);
            }
        }
        found.sort_by_key(|row| row.level);
        found
    }
}

fn index(places: &Places) -> &'static [Entry] {
    static INDEX: OnceLock<Vec<Entry>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let present = places.all().iter().enumerate().filter(|(_, row)| row.last_year.is_none());
        present
            .map(|(at, row)| {
                let length = |code: &str| places.by_code(code).map_or(0, |row| row.name.chars().count());
                // 山西省太原市万柏林区 is also typed from 太原市 or from 万柏林区 on.
                let mut starts = vec![0];
                for upper in places.ancestors(&row.code).iter().rev() {
                    starts.push(starts.last().copied().unwrap_or(0) + length(&upper.code));
                }
                Entry { at, syllables: row.full_name.chars().map(readings).collect(), starts }
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::places::{DivisionLevel, places},
        *,
    };

    fn first(typed: &str) -> Option<&'static str> {
        places().complete(typed).first().map(|row| row.full_name)
    }

    #[test]
    fn initials_and_syllables() {
        for typed in ["tyswblq", "taiyuanshiwanbolin", "taiyuanswbl", "wanbolin", "sxstyswblq", "太原市万柏", "万柏林"]
        {
            assert!(
                places().complete(typed).iter().any(|row| row.code == "140109"),
                "{typed}: {:?}",
                places().complete(typed).len()
            );
        }
        assert_eq!(first("taiyuan"), Some("山西省太原市"));
        assert_eq!(first("taiyu"), Some("山西省太原市"));
        assert!(places().complete("").is_empty());
        assert!(places().complete("xxyyzz").is_empty());
    }

    #[test]
    fn every_reading_counts() {
        for (typed, code) in [
            ("chongqing", "500000"),
            ("changsha", "430100"),
            ("xiamen", "350200"),
            ("luan", "341500"),
            ("bengbu", "340300"),
            ("yueqing", "330382"),
        ] {
            assert!(places().complete(typed).iter().any(|row| row.code == code), "{typed}");
        }
        assert!(pinyin_begins("不掌握", "bzw"));
        assert!(!pinyin_begins("不掌握", "bzx"));
    }

    #[test]
    fn provinces_come_first() {
        let levels: Vec<DivisionLevel> = places().complete("sx").iter().map(|row| row.level).collect();
        assert!(levels.is_sorted() && levels.first() == Some(&DivisionLevel::Province));
    }
}
