//! What a file is, by what is in it.

use crate::{ingest::decode::is_utf16, text::count};

/// Kinds of content told apart by their first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Text in some encoding: plain, Markdown or HTML.
    Text,
    /// PDF.
    Pdf,
    /// A zip container: Word, Excel, or an archive of files.
    Zip,
    /// Excel from before 2007.
    OldExcel,
    /// A document of Microsoft Office under a password.
    Encrypted,
    /// A picture, by the name of its format.
    Picture(&'static str),
    /// A Word file from before 2007.
    OldWord,
    /// Something this program does not read, by name.
    Unsupported(&'static str),
}

/// First bytes that settle it.
const SIGNATURES: &[(&[u8], Content)] = &[
    (b"\x89PNG", Content::Picture("PNG")),
    (b"\xFF\xD8\xFF", Content::Picture("JPEG")),
    (b"GIF8", Content::Picture("GIF")),
    (b"II*\0", Content::Picture("TIFF")),
    (b"MM\0*", Content::Picture("TIFF")),
    (b"BM", Content::Picture("BMP")),
    (b"RIFF", Content::Picture("WebP")),
    (b"{\\rtf", Content::Unsupported("RTF")),
    (b"7z\xBC\xAF\x27\x1C", Content::Unsupported("7z")),
    (b"Rar!", Content::Unsupported("RAR")),
    (b"\x1F\x8B", Content::Unsupported("gzip")),
    (b"BZh", Content::Unsupported("bzip2")),
    (b"\xFD7zXZ", Content::Unsupported("xz")),
    (b"\x28\xB5\x2F\xFD", Content::Unsupported("zstd")),
    (b"\x7FELF", Content::Unsupported("ELF")),
    (b"%!PS", Content::Unsupported("PostScript")),
];

/// What the bytes are.
pub(super) fn content(bytes: &[u8]) -> Content {
    // Mail gateways and old web servers put a few bytes before the header.
    if bytes
        .get(..bytes.len().min(1024))
        .is_some_and(|head| head.split(|&byte| byte == b'%').skip(1).any(|rest| rest.starts_with(b"PDF-")))
    {
        return Content::Pdf;
    }
    if [b"PK\x03\x04", b"PK\x05\x06"].iter().any(|signature| bytes.starts_with(*signature)) {
        return Content::Zip;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return compound(bytes);
    }
    let known = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, content)| *content);
    match known {
        // Two letters are also how a text may begin; a bitmap's header has zero bytes.
        Some(Content::Picture("BMP")) if !bytes.iter().take(32).any(|&byte| byte == 0) => Content::Text,
        Some(content) => content,
        None if !is_utf16(bytes) && is_binary(bytes) => Content::Unsupported("binary"),
        None => Content::Text,
    }
}

/// What a compound file of the old Office holds, by the names of its streams, which are UTF-16.
fn compound(bytes: &[u8]) -> Content {
    let holds = |name: &str| {
        let name: Vec<u8> = name.bytes().flat_map(|byte| [byte, 0]).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    if holds("EncryptedPackage") {
        Content::Encrypted
    } else if holds("WordDocument") {
        Content::OldWord
    } else if holds("Workbook") || holds("Book") {
        Content::OldExcel
    } else {
        Content::Unsupported("OLE")
    }
}

/// What a zip container is, by the names in it; `None` for an archive of files.
#[cfg(feature = "office")]
pub(super) fn package(names: &[(usize, String)]) -> Option<Package> {
    let has = |wanted: &dyn Fn(&str) -> bool| names.iter().any(|(_, name)| wanted(name));
    if has(&super::docx::is_main) {
        Some(Package::Word)
    } else if has(&|name| name == "xl/workbook.xml") {
        Some(Package::Excel)
    } else if has(&|name| name == "xl/workbook.bin") {
        Some(Package::Unsupported("XLSB"))
    } else if has(&|name| name == "OFD.xml") {
        Some(Package::Unsupported("OFD"))
    } else if has(&|name| name == "ppt/presentation.xml") {
        Some(Package::Unsupported("PowerPoint"))
    } else if has(&|name| name == "content.xml") && has(&|name| name == "mimetype") {
        Some(Package::Unsupported("OpenDocument"))
    } else {
        None
    }
}

/// A zip container that is one document.
#[cfg(feature = "office")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Package {
    /// Word.
    Word,
    /// Excel.
    Excel,
    /// A document this program does not read, by name.
    Unsupported(&'static str),
}

/// Control characters that no text of single bytes has, in quantity.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(8192)).unwrap_or_default();
    let controls = count(sample, |byte| matches!(byte, 1..=8 | 14..=31 | 127));
    controls * 50 > sample.len()
}

/// Tags that only a whole page has.
const PAGE_TAGS: &[&str] = &["html", "body", "head", "meta"];
/// Tags that a page is built of.
const BLOCK_TAGS: &[&str] = &["div", "p", "table", "tbody", "tr", "td", "th", "span", "h1", "h2", "li"];

/// What markup a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// None to speak of.
    None,
    /// It is a page, or a piece of one.
    Html,
    /// Lines of text or Markdown with tables of HTML between them, as converters write.
    Mixed,
}

/// Tells pages from text with tags in it.
pub(super) fn markup(text: &str) -> Markup {
    let (mut blocks, mut breaks, mut tables) = (0, 0, 0);
    let among = |tag: &str, known: &[&str]| known.iter().any(|name| name.eq_ignore_ascii_case(tag));
    for tag in tags(text) {
        if among(tag, PAGE_TAGS) {
            return Markup::Html;
        }
        blocks += usize::from(among(tag, BLOCK_TAGS));
        breaks += usize::from(among(tag, &["br"]));
        tables += usize::from(among(tag, &["table"]));
    }
    if blocks <= 1 && breaks == 0 {
        return Markup::None;
    }
    let markdown = super::text::is_markdown(text);
    match (blocks, markdown) {
        (0 | 1, true) if breaks > 0 => Markup::Mixed,
        (0 | 1, _) => Markup::None,
        (_, true) => Markup::Mixed,
        // Text in lines with nothing but tables marked up.
        _ if tables > 0 && !starts_with_tag(text) && !tags(text).any(|tag| among(tag, &["p", "div"])) => Markup::Mixed,
        _ => Markup::Html,
    }
}

fn starts_with_tag(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// The names of the tags that open.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    /// Longer ones are none that are known.
    const LONGEST: usize = 10;
    text.match_indices('<').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let length = rest.bytes().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
        let (name, rest) = rest.split_at_checked(length)?;
        let after = rest.chars().next()?;
        (after.is_ascii_whitespace() || matches!(after, '>' | '/')).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_strangers_are_told_by_their_first_bytes() {
        assert_eq!(content(b"\x89PNG\r\n\x1a\n"), Content::Picture("PNG"));
        assert_eq!(content(b"BM\x36\0\0\0\0\0"), Content::Picture("BMP"));
        assert_eq!(content("BM局2024年政府信息公开工作年度报告".as_bytes()), Content::Text);
        assert_eq!(content(b"{\\rtf1\\ansi"), Content::Unsupported("RTF"));
        assert_eq!(content(&[1, 2, 3, 4, 5, 6]), Content::Unsupported("binary"));
        assert_eq!(content("规章".as_bytes()), Content::Text);
    }

    #[test]
    fn pages_are_told_from_text_with_tags() {
        for page in ["<TABLE border=1><tr>", "<p>规章</p><p>0</p>", "x <html lang=zh>", "标题<div>a</div><table><tr>"]
        {
            assert_eq!(markup(page), Markup::Html, "{page}");
        }
        for mixed in
            ["## 二、主动公开\n<table><tr><td>规章</td>", "二、主动公开\n<table><tr>", "| 商业<br>企业 |\n|---|"]
        {
            assert_eq!(markup(mixed), Markup::Mixed, "{mixed}");
        }
        for text in ["a < b and <p> once", "规章 | 0 | <1>", "## 二、主动公开"] {
            assert_eq!(markup(text), Markup::None, "{text}");
        }
    }
}
