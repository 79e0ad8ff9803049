//! Folding: the many ways of writing one text, made one, with the way back to the text as it stood.
//!
//! Folds width and compatibility forms, radicals that only look like characters, Traditional script,
//! blanks and quotes; drops what is invisible and the pinyin glosses that some sites print after a
//! character (`規(guī)章`). Circled and raised digits stay: `12①` must not become 121.

mod tables;

use std::{borrow::Cow, ops::Range};

use pinyin::ToPinyinMulti;

use self::tables::{Fold, Plane, made, plane, tables};
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
        origin(&self.shifts, offset)
    }

    /// The span in the original text of a span in the folded text.
    #[must_use]
    pub fn span(&self, folded: Span) -> Span {
        Span::new(self.origin(folded.start), self.origin(folded.end))
    }
}

fn origin(shifts: &[Shift], offset: usize) -> usize {
    let after = shifts.partition_point(|shift| shift.folded <= offset);
    match after.checked_sub(1).and_then(|at| shifts.get(at)) {
        Some(shift) if shift.fixed => shift.original,
        Some(shift) => shift.original + (offset - shift.folded),
        None => offset,
    }
}

/// The lines and cells of a document, folded one behind the other in one buffer: a page has hundreds of them, and a
/// buffer for each took longer than folding it.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    text: String,
    shifts: Vec<Shift>,
}

/// One text of a [`Sheet`].
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    text: Range<usize>,
    shifts: Range<usize>,
}

impl Sheet {
    /// An empty one with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), shifts: Vec::new() }
    }

    /// Folds a text behind those before.
    pub fn push(&mut self, text: &str) -> Strip {
        let (from, first) = (self.text.len(), self.shifts.len());
        let mut folding = Folding { text: &mut self.text, shifts: &mut self.shifts, from, first };
        if text.is_ascii() || !folding.fold(text, Some(plane())) {
            self.text.push_str(text);
        }
        Strip { text: from..self.text.len(), shifts: first..self.shifts.len() }
    }

    /// The folded text.
    pub fn text(&self, strip: &Strip) -> &str {
        self.text.get(strip.text.clone()).unwrap_or_default()
    }

    /// The byte offset in the original text of a byte offset in its folded text.
    pub fn origin(&self, strip: &Strip, offset: usize) -> usize {
        origin(self.shifts.get(strip.shifts.clone()).unwrap_or_default(), offset)
    }
}

/// Texts of fewer bytes ask for each of their characters: making the plane takes longer than any question.
const SHORT: usize = 1_024;

/// Folds a text.
#[must_use]
pub fn fold(text: &str) -> Folded<'_> {
    let whole = || Folded { text: Cow::Borrowed(text), shifts: Vec::new() };
    if text.is_ascii() {
        return whole();
    }
    let (mut folded, mut shifts) = (String::new(), Vec::new());
    let plane = if text.len() < SHORT { made() } else { Some(plane()) };
    let mut folding = Folding { text: &mut folded, shifts: &mut shifts, from: 0, first: 0 };
    if folding.fold(text, plane) { Folded { text: Cow::Owned(folded), shifts } } else { whole() }
}

/// A text being folded behind others.
struct Folding<'a> {
    text: &'a mut String,
    shifts: &'a mut Vec<Shift>,
    /// Where this text begins.
    from: usize,
    /// Its first shift.
    first: usize,
}

impl Folding<'_> {
    /// Writes the folded text, unless there is nothing to fold in it.
    fn fold(&mut self, text: &str, plane: Option<&Plane>) -> bool {
        let tables = tables();
        let mut buffer = [0; 4];
        // What needs no folding is copied in one piece, from `plain` up to the next character that does; `next` is
        // where the first character stands that is not dealt with yet.
        let (mut plain, mut next) = (0, 0);
        for (at, character) in text.char_indices() {
            if plane.is_some_and(|plane| plane.keeps(character)) || at < next {
                continue;
            }
            next = at + character.len_utf8();
            match tables.alone(plane, character) {
                Some(same) if same == character => continue,
                Some(other) => {
                    self.copy(text, plain, at);
                    self.push(at, next - at, other.encode_utf8(&mut buffer));
                }
                None => {
                    let rest = text.get(at..).unwrap_or_default();
                    let before = || {
                        let run = text.get(plain..at).and_then(|run| run.chars().next_back());
                        run.or_else(|| self.own().chars().next_back())
                    };
                    let gloss = if matches!(character, '(' | '（') { gloss(rest, before) } else { None };
                    let fold = if gloss.is_some() { Fold::Nothing } else { tables.fold(character) };
                    if matches!(fold, Fold::Same) {
                        continue;
                    }
                    self.copy(text, plain, at);
                    next = at + gloss.unwrap_or(next - at);
                    match fold {
                        Fold::Same | Fold::Nothing => {}
                        Fold::To(other) => self.push(at, next - at, other.encode_utf8(&mut buffer)),
                        Fold::Word => match tables.words.iter().find(|(word, _)| rest.starts_with(word)) {
                            Some((word, replacement)) => {
                                next = at + word.len();
                                self.push(at, word.len(), replacement);
                            }
                            None => self.push(at, next - at, tables.han(character).encode_utf8(&mut buffer)),
                        },
                        Fold::Compatible => self.push(at, next - at, &tables.compatible(character)),
                    }
                }
            }
            plain = next;
        }
        if plain > 0 {
            self.copy(text, plain, text.len());
            self.mark(text.len(), false);
        }
        plain > 0
    }

    /// What of this text is folded.
    fn own(&self) -> &str {
        self.text.get(self.from..).unwrap_or_default()
    }

    fn mark(&mut self, original: usize, fixed: bool) {
        let folded = self.text.len() - self.from;
        let before = if self.shifts.len() > self.first { self.shifts.last() } else { None };
        if let Some(last) = before
            && !last.fixed
            && !fixed
            && last.original + (folded - last.folded) == original
        {
            return;
        }
        if before.is_none() && !fixed && folded == original {
            return;
        }
        self.shifts.push(Shift { folded, original, fixed });
    }

    fn copy(&mut self, text: &str, from: usize, to: usize) {
        if let Some(run) = text.get(from..to).filter(|run| !run.is_empty()) {
            self.mark(from, false);
            self.text.push_str(run);
        }
    }

    fn push(&mut self, original: usize, taken: usize, replacement: &str) {
        // Offsets run along only where characters stand at the same bytes: ℉ is as long as °F, and one character.
        /// Bytes of a Han character in the basic plane: words become words of as many.
        const HAN: usize = 3;
        let count = replacement.chars().count();
        let alike = taken == replacement.len() && (count == 1 || taken == count * HAN);
        self.mark(original, !alike);
        self.text.push_str(replacement);
    }
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
    fn what_is_folded_stays_as_it_is() {
        let again = |character: &char| {
            let once = plain(&character.to_string());
            (plain(&once) != once).then(|| format!("{character} {once} {}", plain(&once)))
        };
        assert_eq!(('\0'..='\u{2ffff}').filter_map(|character| again(&character)).collect::<Vec<_>>(), [""; 0]);
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
