//! Bytes to text: which encoding a file is in, and whether the text in it is whole.
//!
//! The order of trust is: byte-order mark, strict UTF-8, the charset the page declares, then a guess whose only
//! possible result is GB18030 (which holds GB2312 and GBK). Line ends become `\n`, so that places count the same
//! everywhere.

mod damage;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::{Refusal, format::refuse};
use crate::text::count;

/// Where a declaration of the charset is looked for.
const DECLARATION_WINDOW: usize = 4096;

/// Below this many bytes outside ASCII, valid UTF-8 may be chance and a declared charset is believed instead.
const CHANCE_UTF8: usize = 24;

/// Turns bytes into text with `\n` line ends.
///
/// # Errors
/// Refuses empty files, unknown encodings, and text that lost characters on its way here.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if bytes.iter().all(|byte| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n')) {
        return Err(refuse::empty());
    }
    let text = line_ends(to_text(bytes)?);
    if text.trim().is_empty() {
        return Err(refuse::empty());
    }
    damage::check(&text)?;
    Ok(text)
}

/// Whether the bytes are UTF-16, marked as such or not; such text holds bytes that no other text does.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8) || unmarked_utf16(bytes).is_some()
}

fn to_text(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok(whole(encoding, bytes.get(length..).unwrap_or_default()));
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return Ok(whole(encoding, bytes));
    }
    // Checks many bytes at once, which the standard library does not.
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        let outside_ascii = count(bytes, |byte| !byte.is_ascii());
        let doubtful = outside_ascii > 0 && outside_ascii < CHANCE_UTF8;
        if !doubtful || declared_charset(bytes).is_none_or(|encoding| encoding == UTF_8) {
            return Ok(text);
        }
    }
    match declared_charset(bytes) {
        Some(encoding) if encoding == GBK || encoding == GB18030 => Ok(whole(GB18030, bytes)),
        Some(encoding) if encoding == BIG5 => Ok(whole(BIG5, bytes)),
        _ => guessed(bytes),
    }
}

/// Without a usable declaration: UTF-8 with a few broken bytes, or GB18030.
fn guessed(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let lossy = String::from_utf8_lossy(bytes);
    if damage::mostly_whole(&lossy) {
        return Ok(lossy);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Allow);
    let text = whole(GB18030, bytes);
    if guess == GBK || guess == GB18030 || damage::reads_like_chinese(&text) {
        return Ok(text);
    }
    if guess == UTF_8 {
        return Err(refuse::lossy(damage::lost(&lossy)));
    }
    Err(refuse::unknown_encoding(guess.name()))
}

fn whole<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Cow<'b, str> {
    encoding.decode_without_bom_handling(bytes).0
}

/// UTF-16 without a mark: zero bytes where ASCII characters stand, and readable text when taken that way.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(DECLARATION_WINDOW) & !1)?;
    if !sample.contains(&0) {
        return None;
    }
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (high_first, low_first) = (zeros(0), zeros(1));
    // A text file has no zero bytes at all, a UTF-16 one a few on one side: its line ends and digits.
    if high_first + low_first == 0 || high_first.min(low_first) * 20 > high_first.max(low_first) {
        return None;
    }
    let encoding = if high_first > low_first { UTF_16BE } else { UTF_16LE };
    damage::reads_like_text(&whole(encoding, sample)).then_some(encoding)
}

/// `charset=…` of a `<meta>`, or `encoding="…"` of an XML declaration, near the start.
fn declared_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION_WINDOW))?.to_ascii_lowercase();
    [b"charset".as_slice(), b"encoding".as_slice()].iter().find_map(|word| label_after(&head, word))
}

fn label_after(head: &[u8], word: &[u8]) -> Option<&'static Encoding> {
    let at = head.windows(word.len()).position(|window| window == word)?;
    let label: Vec<u8> = head
        .get(at + word.len()..)?
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b' ' | b'=' | b'"' | b'\'' | b':'))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    Encoding::for_label(&label)
}

fn line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "淮安市2024年政府信息公开工作年度报告\n规章 | 1 | 0 | 11 |\n";

    #[test]
    fn every_encoding_gives_the_same_text() {
        let utf16 = |big: bool| -> Vec<u8> {
            TEXT.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.swap_bytes().to_be_bytes() })
                .collect()
        };
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let files = [
            TEXT.as_bytes().to_vec(),
            marked(&[0xEF, 0xBB, 0xBF], TEXT.as_bytes().to_vec()),
            marked(&[0xFF, 0xFE], utf16(false)),
            marked(&[0xFE, 0xFF], utf16(true)),
            utf16(false),
            utf16(true),
            GB18030.encode(TEXT).0.into_owned(),
            TEXT.replace('\n', "\r\n").into_bytes(),
        ];
        for (number, file) in files.iter().enumerate() {
            assert_eq!(decode(file).unwrap(), TEXT, "file {number}");
        }
    }

    #[test]
    fn rare_characters_of_gb18030_survive_without_a_declaration() {
        let text = format!("{TEXT}发布机构：㐱镇人民政府，𠮷村委会\n");
        assert_eq!(decode(&GB18030.encode(&text).0).unwrap(), text);
    }

    #[test]
    fn big5_is_read_only_where_it_is_declared() {
        let page = "<meta charset=\"big5\"><p>政府資訊公開工作年度報告，規章與行政許可</p>";
        let (bytes, _, lost) = BIG5.encode(page);
        assert!(!lost);
        assert_eq!(decode(&bytes).unwrap(), page);
    }

    #[test]
    fn a_stale_declaration_does_not_spoil_utf8() {
        let page = format!("<meta charset=gb2312><p>{TEXT}</p>");
        assert_eq!(decode(page.as_bytes()).unwrap(), page);
    }

    #[test]
    fn text_that_lost_its_characters_is_refused() {
        let question_marks: String = TEXT.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        let read_as_gbk = GBK.decode(TEXT.repeat(3).as_bytes()).0.into_owned();
        let read_as_latin: String = TEXT.bytes().map(char::from).collect();
        let gbk_as_utf8 = String::from_utf8_lossy(&GBK.encode(TEXT).0).into_owned();
        for (text, code) in [
            (question_marks, "GK0412"),
            (read_as_gbk, "GK0413"),
            (read_as_latin, "GK0413"),
            (gbk_as_utf8, "GK0412"),
            ("锟斤拷".repeat(20), "GK0413"),
        ] {
            assert_eq!(decode(text.as_bytes()).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn nothing_is_refused_as_empty() {
        for bytes in [b"".as_slice(), b" \r\n\t", &[0xEF, 0xBB, 0xBF], &[0; 64]] {
            assert_eq!(decode(bytes).unwrap_err().code, "GK0410");
        }
    }
}
