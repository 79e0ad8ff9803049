//! Folding: the many ways of writing one text, made one, with the way back to the text as it stood.
//!
//! Folds width and compatibility forms, radicals that only look like characters, Traditional script,
//! blanks and quotes; drops what is invisible and the pinyin glosses that some sites print after a
//! character (`規(guī)章`). Circled and raised digits stay: `12①` must not become 121.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use pinyin::ToPinyinMulti;
use unicode_normalization::char::decompose_compatible;

use super::Span;

/// A folded text that knows where each of its bytes came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded<'t> {
    /// The text itself where nothing had to be folded, which is so of nearly every line.
    text: Cow<'t, str>,
    shifts: Vec<Shift>,
}

/// From `folded` on, offsets run along `original`; a `fixed` one stands still, because one character
/// was replaced by another of a different length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shift {
    folded: usize,
    original: usize,
    fixed: bool,
}

impl Folded<'_> {
    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte offset in the original text of a byte offset in the folded text.
    #[must_use]
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.shifts.partition_point(|shift| shift.folded <= offset);
        match after.checked_sub(1).and_then(|at| self.shifts.get(at)) {
            Some(shift) if shift.fixed => shift.original,
            Some(shift) => shift.original + (offset - shift.folded),
            None => offset,
        }
    }

    /// The span in the original text of a span in the folded text.
    #[must_use]
    pub fn span(&self, folded: Span) -> Span {
        Span::new(self.origin(folded.start), self.origin(folded.end))
    }

    fn mark(&mut self, original: usize, fixed: bool) {
        let folded = self.text.len();
        if let Some(last) = self.shifts.last()
            && !last.fixed
            && !fixed
            && last.original + (folded - last.folded) == original
        {
            return;
        }
        if self.shifts.is_empty() && !fixed && folded == original {
            return;
        }
        self.shifts.push(Shift { folded, original, fixed });
    }

    fn copy(&mut self, text: &str, from: usize, to: usize) {
        if let Some(run) = text.get(from..to).filter(|run| !run.is_empty()) {
            self.mark(from, false);
            self.text.to_mut().push_str(run);
        }
    }

    fn push(&mut self, original: usize, taken: usize, replacement: &str) {
        // Offsets run along only where characters stand at the same bytes: ℉ is as long as °F, and one character.
        /// Bytes of a Han character in the basic plane: words become words of as many.
        const HAN: usize = 3;
        let count = replacement.chars().count();
        let alike = taken == replacement.len() && (count == 1 || taken == count * HAN);
        self.mark(original, !alike);
        self.text.to_mut().push_str(replacement);
    }
}

/// Folds a text.
#[must_use]
pub fn fold(text: &str) -> Folded<'_> {
    let whole = || Folded { text: Cow::Borrowed(text), shifts: Vec::new() };
    if text.is_ascii() {
        return whole();
    }
    let mut folded = Folded::default();
    let tables = tables();
    let plane = plane(text.len());
    let mut buffer = [0; 4];
    // What needs no folding is copied in one piece, from `plain` up to the next character that does; `next` is
    // where the first character stands that is not dealt with yet.
    let (mut plain, mut next) = (0, 0);
    for (at, character) in text.char_indices() {
        if at < next {
            continue;
        }
        next = at + character.len_utf8();
        match tables.alone(plane, character) {
            Some(same) if same == character => continue,
            Some(other) => {
                folded.copy(text, plain, at);
                folded.push(at, next - at, other.encode_utf8(&mut buffer));
            }
            None => {
                let rest = text.get(at..).unwrap_or_default();
                let before = || {
                    let run = text.get(plain..at).and_then(|run| run.chars().next_back());
                    run.or_else(|| folded.text.chars().next_back())
                };
                let gloss = if matches!(character, '(' | '（') { gloss(rest, before) } else { None };
                let fold = if gloss.is_some() { Fold::Nothing } else { tables.fold(character) };
                if matches!(fold, Fold::Same) {
                    continue;
                }
                folded.copy(text, plain, at);
                next = at + gloss.unwrap_or(next - at);
                match fold {
                    Fold::Same | Fold::Nothing => {}
                    Fold::To(other) => folded.push(at, next - at, other.encode_utf8(&mut buffer)),
                    Fold::Word => match tables.words.iter().find(|(word, _)| rest.starts_with(word)) {
                        Some((word, replacement)) => {
                            next = at + word.len();
                            folded.push(at, word.len(), replacement);
                        }
                        None => folded.push(at, next - at, tables.han(character).encode_utf8(&mut buffer)),
                    },
                    Fold::Compatible => folded.push(at, next - at, &tables.compatible(character)),
                }
            }
        }
        plain = next;
    }
    if plain == 0 {
        return whole();
    }
    folded.copy(text, plain, text.len());
    folded.mark(text.len(), false);
    folded
}

/// The length in bytes of a pinyin gloss in brackets at the start of `rest`, if there is one.
fn gloss(rest: &str, before: impl Fn() -> Option<char>) -> Option<usize> {
    let open = rest.chars().next()?.len_utf8();
    let inner = rest.get(open..)?;
    let letters = inner.chars().take_while(|&letter| is_pinyin_letter(letter)).take(7).map(char::len_utf8);
    let (count, end) = letters.fold((0, 0), |(count, end), length| (count + 1, end + length));
    if !(1..=6).contains(&count) || !inner.get(end..)?.starts_with([')', '）']) {
        return None;
    }
    let syllable = inner.get(..end)?;
    let before = before().filter(|&character| is_han(character))?;
    // Without a tone mark it could be any word (…微信(app)): only a reading of the character counts.
    let toned = !syllable.is_ascii();
    let read = || before.to_pinyin_multi().is_some_and(|all| all.into_iter().any(|one| one.plain() == syllable));
    (toned || read())
        .then(|| open + end + inner.get(end..).and_then(|tail| tail.chars().next()).map_or(0, char::len_utf8))
}

fn is_pinyin_letter(letter: char) -> bool {
    letter.is_ascii_lowercase() || "āáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜêńňǹḿɡɑ".contains(letter)
}

/// Whether it is a unified Han character of the basic plane.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

enum Fold {
    Same,
    To(char),
    /// A word may begin here that is folded as a whole.
    Word,
    Compatible,
    Nothing,
}

struct Tables {
    /// Simplified form of U+3400..U+9FFF by offset; `\0` where it is its own.
    han: Vec<char>,
    radicals: HashMap<char, char>,
    words: Vec<(&'static str, &'static str)>,
}

/// Stands in [`plane`] where more than the character decides.
const ASK: char = '\0';
const FIRST_HAN: u32 = 0x3400;
const LAST_HAN: u32 = 0x9fff;

impl Tables {
    /// What the character becomes, if it alone decides; out of the plane where there is one.
    fn alone(&self, plane: Option<&[char]>, character: char) -> Option<char> {
        let to = match plane {
            Some(plane) => plane.get(usize::try_from(u32::from(character)).unwrap_or(usize::MAX)).copied(),
            None => Some(self.single(character)),
        };
        to.map_or(Some(character), |to| (to != ASK).then_some(to))
    }

    fn compatible(&self, character: char) -> String {
        let mut plain = String::new();
        decompose_compatible(character, |part| plain.push(self.han(part)));
        plain
    }

    /// What one character becomes, or [`ASK`].
    fn single(&self, character: char) -> char {
        match self.fold(character) {
            _ if matches!(character, '(' | '（') => ASK,
            Fold::Same => character,
            Fold::To(other) => other,
            Fold::Compatible => {
                let plain = self.compatible(character);
                let mut parts = plain.chars();
                parts.next().filter(|_| parts.next().is_none()).unwrap_or(ASK)
            }
            Fold::Word | Fold::Nothing => ASK,
        }
    }

    fn fold(&self, character: char) -> Fold {
        match character {
            '\u{3400}'..='\u{9fff}' => match self.han.get((u32::from(character) - FIRST_HAN) as usize) {
                Some('\0') | None => Fold::Same,
                Some(_) if self.words.iter().any(|(word, _)| word.starts_with(character)) => Fold::Word,
                Some(&other) => Fold::To(other),
            },
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Fold::To(' '),
            '\u{85}' | '\u{2028}' | '\u{2029}' => Fold::To('\n'),
            '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' => Fold::Nothing,
            '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' | '〝' | '〞' => Fold::To('"'),
            '‘' | '’' | '‚' | '‛' => Fold::To('\''),
            '−' | '‐' | '‑' => Fold::To('-'),
            '\u{2e80}'..='\u{2fdf}' => self.radicals.get(&character).map_or(Fold::Same, |&other| Fold::To(other)),
            '\u{2100}'..='\u{214f}'
            | '\u{2160}'..='\u{2188}'
            | '\u{2474}'..='\u{249b}'
            | '\u{3200}'..='\u{33ff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ffee}' => Fold::Compatible,
            _ => Fold::Same,
        }
    }

    fn han(&self, character: char) -> char {
        let at = u32::from(character).checked_sub(FIRST_HAN).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.han.get(at)).copied().filter(|&other| other != '\0').unwrap_or(character)
    }
}

/// What each character of the basic plane becomes by itself, [`ASK`] where more than the character decides. A short text
/// asks for each of its characters instead: making this takes longer than any question.
fn plane(length: usize) -> Option<&'static [char]> {
    static PLANE: OnceLock<Vec<char>> = OnceLock::new();
    const SHORT: usize = 1_024;
    if length < SHORT {
        return PLANE.get().map(Vec::as_slice);
    }
    let tables = tables();
    let single = |code| char::from_u32(code).map_or(ASK, |character| tables.single(character));
    Some(PLANE.get_or_init(|| (0..=0xffff).map(single).collect()))
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut han = vec!['\0'; (LAST_HAN - FIRST_HAN + 1) as usize];
        let mut radicals = HashMap::new();
        let mut words = Vec::new();
        let mut set =
            |from: char, to: char| match u32::from(from).checked_sub(FIRST_HAN).and_then(|at| han.get_mut(at as usize))
            {
                Some(place) => *place = to,
                None => drop(radicals.insert(from, to)),
            };
        for (simplified, others) in include_str!("data/script.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
        {
            for other in others.split(' ') {
                let mut characters = other.chars();
                match (characters.next(), characters.next(), simplified.chars().next()) {
                    (Some(from), None, Some(to)) => set(from, to),
                    (Some(_), Some(_), _) => words.push((other, simplified)),
                    _ => {}
                }
            }
        }
        // A word may begin with a character that is folded to itself (等於).
        for first in words.iter().filter_map(|(word, _): &(&str, &str)| word.chars().next()) {
            if let Some(place) = u32::from(first).checked_sub(FIRST_HAN).and_then(|at| han.get_mut(at as usize))
                && *place == '\0'
            {
                *place = first;
            }
        }
        Tables { han, radicals, words }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        fold(text).text().to_owned()
    }

    #[test]
    fn width_and_compatibility() {
        assert_eq!(plain("（一）予以公开：１２．５　万元"), "(一)予以公开:12.5 万元");
        assert_eq!(plain("㈠ ⒈ “三安全一稳定”"), "(一) 1. \"三安全一稳定\"");
        assert_eq!(plain("12① 5²"), "12① 5²");
        assert_eq!(plain("a\u{200b}b\u{feff}c\u{a0}d"), "abc d");
    }

    #[test]
    fn radicals_and_traditional_script() {
        assert_eq!(plain("⼯作⼀个⼈⾏⾼⻓"), "工作一个人行高长");
        assert_eq!(plain("複議後起訴"), "复议后起诉");
        assert_eq!(plain("屬于國家秘密，等於"), "属于国家秘密,等于");
        assert_eq!(plain("政府資訊公開 規範性檔案 檔案局"), "政府信息公开 规范性文件 档案局");
        // Simplified texts use these themselves.
        assert_eq!(plain("乾县 於潜镇 著"), "乾县 於潜镇 著");
    }

    #[test]
    fn glosses_go_and_brackets_stay() {
        assert_eq!(plain("規(guī)章 數(shù)量 無(wú)依申請(qǐng)"), "规章 数量 无依申请");
        assert_eq!(plain("總(zong)計"), "总计");
        assert_eq!(plain("微信(app)，新增(a)项，规章(件)"), "微信(app),新增(a)项,规章(件)");
    }

    #[test]
    fn one_character_that_becomes_two_of_its_length_is_not_cut() {
        let folded = fold("℉a");
        assert_eq!(folded.text(), "°Fa");
        let origins: Vec<usize> = [0, 2, 3, 4].map(|offset| folded.origin(offset)).to_vec();
        assert_eq!(origins, [0, 0, 3, 4]);
    }

    #[test]
    fn offsets_lead_back() {
        let text = "規(guī)章｜１２｜㈠部分";
        let folded = fold(text);
        assert_eq!(folded.text(), "规章|12|(一)部分");
        for (part, original) in [("规", "規"), ("章", "章"), ("12", "１２"), ("(一)", "㈠"), ("部分", "部分")]
        {
            let at = folded.text().find(part).unwrap();
            let span = folded.span(Span::new(at, at + part.len()));
            assert!(text.get(span.start..span.end).unwrap().starts_with(original), "{part} {span:?}");
            assert_eq!(span.start, text.find(original).unwrap(), "{part}");
        }
        assert_eq!(folded.origin(folded.text().len()), text.len());
    }

    #[test]
    fn plain_text_is_left_alone() {
        let text = "规章 | 0 | 12\n行政许可 | 3 |";
        let folded = fold(text);
        assert_eq!(folded.text(), text);
        assert!(folded.shifts.is_empty());
        assert_eq!(folded.origin(7), 7);
    }

    proptest::proptest! {
        #[test]
        fn every_character_leads_back_to_one(text in "[規章（）()a-eī１２㈠⼯“ \u{200b}\u{a0}資訊等於0-9一]{0,40}") {
            let folded = fold(&text);
            let mut before = 0;
            for (at, _) in folded.text().char_indices() {
                let origin = folded.origin(at);
                proptest::prop_assert!(text.is_char_boundary(origin) && origin >= before && origin < text.len());
                before = origin;
            }
            proptest::prop_assert_eq!(folded.origin(folded.text().len()), text.len());
        }
    }
}
