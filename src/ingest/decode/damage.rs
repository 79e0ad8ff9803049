//! Text that is no longer what was written: characters lost, or read in the wrong encoding by an earlier program.

use std::sync::OnceLock;

use encoding_rs::{GB18030, UTF_8};

use crate::{
    ingest::{Refusal, format::refuse},
    text::count,
};

/// How much of a text is looked at for signs of a wrong encoding.
const SAMPLE: usize = 4_000;

/// Refuses text that lost characters or was read in the wrong encoding before it came here.
pub(super) fn check(text: &str) -> Result<(), Refusal> {
    let signs = Signs::of(text);
    // First the cause, then its symptom: text read in the wrong encoding often lost characters as well.
    if signs.latin > 12 && signs.latin * 2 > signs.outside_ascii {
        return Err(refuse::mojibake());
    }
    // Few texts look it, and only those are written back to see.
    if signs.looks_read_as_gbk() || (text.contains(FIRST_REPLACED) && text.contains(REPLACEMENT)) {
        let sample: String = text.chars().filter(|c| !c.is_ascii()).take(SAMPLE).collect();
        if is_replacement_mark(&sample) || is_utf8_read_as_gbk(&sample) {
            return Err(refuse::mojibake());
        }
    }
    if signs.replaced > signs.allowed() {
        return Err(refuse::lossy(signs.replaced));
    }
    // Chinese that became "?" leaves runs of them and hardly anything outside ASCII.
    if signs.question_runs > 12 && signs.question_runs > signs.outside_ascii {
        return Err(refuse::lossy(signs.question_runs));
    }
    Ok(())
}

/// Whether a lossy UTF-8 reading lost so little that the file is UTF-8 with a scratch (a cut last character, say).
pub(super) fn mostly_whole(text: &str) -> bool {
    let signs = Signs::of(text);
    signs.outside_ascii > 0 && signs.replaced <= signs.allowed()
}

/// How many characters were replaced by U+FFFD.
pub(super) fn lost(text: &str) -> usize {
    Signs::of(text).replaced
}

/// Whether the Chinese characters are mostly the common ones (level 1 of GB 2312) and nothing was lost.
pub(super) fn reads_like_chinese(text: &str) -> bool {
    let (mut common, mut all) = (0usize, 0usize);
    for c in text.chars().filter(|&c| is_han(c)).take(SAMPLE) {
        all += 1;
        let mut buffer = [0; 4];
        let (bytes, _, _) = GB18030.encode(c.encode_utf8(&mut buffer));
        common += usize::from(matches!(*bytes, [0xB0..=0xD7, 0xA1..=0xFE]));
    }
    all > 0 && common * 10 >= all * 7 && mostly_whole(text)
}

/// Whether these are characters a report could hold: Chinese, ASCII, punctuation of both.
pub(super) fn reads_like_text(text: &str) -> bool {
    let all = text.chars().count();
    let good = text
        .chars()
        .filter(|&c| {
            is_han(c)
                || matches!(c, ' '..='~' | '\n' | '\r' | '\t' | '\u{A0}')
                || matches!(c, '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}')
        })
        .count();
    all > 0 && good * 20 >= all * 19
}

#[derive(Default)]
struct Signs {
    outside_ascii: usize,
    replaced: usize,
    question_runs: usize,
    latin: usize,
    /// Chinese characters in the sample, and those of them that [`leads`] knows.
    han: usize,
    leading: usize,
}

impl Signs {
    /// Counts by bytes, many at once where they decide: nearly all of a text is Chinese characters of the main block,
    /// which are looked at one by one in the sample only.
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut signs = Self { outside_ascii: count(bytes, |byte| byte >= 0xC0), ..Self::default() };
        if bytes.contains(&b'?') {
            signs.question_runs = bytes.windows(2).filter(|pair| *pair == b"??").count();
        }
        if text.contains("\u{FFFD}") {
            signs.replaced = text.matches('\u{FFFD}').count();
        }
        if count(bytes, |byte| matches!(byte, 0xC2..=0xCB)) > 0 {
            let latin = |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{A1}'..='\u{24F}' | '\u{2C6}' | '\u{2DC}');
            signs.latin = text.chars().filter(|&c| latin(c)).count();
        }
        let leads = leads();
        for c in text.chars().filter(|c| !c.is_ascii()).take(SAMPLE) {
            if let '\u{4E00}'..='\u{9FFF}' = c {
                let at = usize::try_from(u32::from(c) - FIRST).unwrap_or(usize::MAX);
                signs.han += 1;
                signs.leading += usize::from(leads.get(at).copied().unwrap_or(true));
            } else if is_han(c) {
                // Characters outside the block are rare: they are taken for leading.
                signs.han += 1;
                signs.leading += 1;
            }
        }
        signs
    }

    /// Whether so many characters hold a byte with which UTF-8 begins a Chinese character that the text may be UTF-8
    /// read as GBK. There two in three do, and three in eight if it is half right; in Chinese read right one in ten
    /// does.
    fn looks_read_as_gbk(&self) -> bool {
        self.leading * 5 > self.han
    }

    /// One character in two hundred may be a scratch; a number it hits is unreadable, not wrong.
    fn allowed(&self) -> usize {
        (self.outside_ascii / 200).max(2).min(self.outside_ascii / 10)
    }
}

/// U+FFFD written as UTF-8 and read as GBK.
const FIRST_REPLACED: &str = "\u{951f}";
const REPLACEMENT: &str = "\u{951f}\u{65a4}\u{62f7}";

/// U+FFFD written as UTF-8 and read as GBK gives 锟斤拷, over and over.
fn is_replacement_mark(sample: &str) -> bool {
    let marks = sample.matches(REPLACEMENT).count();
    marks > 2 && marks * 30 > sample.chars().count()
}

/// The first of the characters that [`leads`] knows.
const FIRST: u32 = 0x4E00;

/// For each character of the main block, whether its bytes in GBK hold a byte with which UTF-8 begins one.
fn leads() -> &'static [bool] {
    static LEADS: OnceLock<Vec<bool>> = OnceLock::new();
    LEADS.get_or_init(|| {
        let block = (FIRST..=0x9FFF).filter_map(char::from_u32);
        block
            .map(|c| {
                let mut buffer = [0; 4];
                GB18030.encode(c.encode_utf8(&mut buffer)).0.iter().any(|byte| matches!(byte, 0xE3..=0xE9))
            })
            .collect()
    })
}

/// Whether writing the text as GBK gives bytes that read as UTF-8: Chinese read right never does.
fn is_utf8_read_as_gbk(sample: &str) -> bool {
    if sample.chars().filter(|&c| is_han(c)).count() < 12 {
        return false;
    }
    let (bytes, _, _) = GB18030.encode(sample);
    let (again, _) = UTF_8.decode_without_bom_handling(&bytes);
    let (mut lost, mut han) = (0usize, 0usize);
    for c in again.chars() {
        lost += usize::from(c == '\u{FFFD}');
        han += usize::from(is_han(c));
    }
    han > lost * 2
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3134F}')
}
