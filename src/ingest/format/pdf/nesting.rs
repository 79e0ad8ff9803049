//! A look at a PDF before it is parsed: the parser calls itself for every bracket, so brackets must not nest without
//! end, neither in the file nor in what its streams unpack to.

use pdf_oxide::decoders::decode_stream;

use crate::ingest::{
    Refusal,
    format::{limits, refuse},
};

/// Brackets that may be open at once; a parser with the stack of [`STACK`] bears them.
const DEPTH: usize = 5_000;

/// Stack of the thread that parses, in bytes.
pub(super) const STACK: usize = 64 << 20;

/// How far before a stream its dictionary is looked for.
const DICTIONARY: usize = 2_048;

/// Filters that unpack to something a parser may read; what a picture filter gives, it never does.
const FILTERS: &[&str] = &[
    "FlateDecode",
    "Fl",
    "LZWDecode",
    "LZW",
    "ASCII85Decode",
    "A85",
    "ASCIIHexDecode",
    "AHx",
    "RunLengthDecode",
    "RL",
];

/// Refuses a file whose brackets nest too deeply, or whose streams unpack to too much.
pub(super) fn check(file: &[u8]) -> Result<(), Refusal> {
    brackets(file)?;
    let mut unpacked = 0usize;
    let mut rest = 0;
    while let Some(at) = find(file, rest, b"stream") {
        let start = at + b"stream".len();
        let end = find(file, start, b"endstream").unwrap_or(file.len());
        let dictionary = file.get(at.saturating_sub(DICTIONARY)..at).unwrap_or_default();
        let data = file.get(start..end).unwrap_or_default();
        if let Some(bytes) = unpack(dictionary, data) {
            unpacked = unpacked.saturating_add(bytes.len());
            if unpacked > limits::UNPACKED_PDF {
                return Err(refuse::too_large());
            }
            brackets(&bytes)?;
        }
        rest = end + b"endstream".len();
    }
    Ok(())
}

/// Refuses bytes in which too many brackets are open at once, wherever one begins to read.
pub(super) fn brackets(bytes: &[u8]) -> Result<(), Refusal> {
    let mut open = 0usize;
    for (at, byte) in bytes.iter().enumerate() {
        let pair = bytes.get(at + 1) == Some(byte);
        match byte {
            b'[' => open += 1,
            b'<' if pair => open += 1,
            b']' => open = open.saturating_sub(1),
            b'>' if pair => open = open.saturating_sub(1),
            _ => {}
        }
        if open > DEPTH {
            return Err(refuse::too_deep(DEPTH));
        }
    }
    Ok(())
}

/// The content of a stream; `None` for pictures and for what does not unpack.
fn unpack(before: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let object = rfind(before, b" obj").unwrap_or(0);
    let dictionary = String::from_utf8_lossy(before.get(object..)?).into_owned();
    // The grey of a picture may be the number of a bracket.
    if dictionary.contains("/Image") && !dictionary.contains("ObjStm") {
        return None;
    }
    let filters = dictionary.split("/Filter").nth(1)?;
    let names: Vec<String> = filters
        .split(['/', '[', ']', ' ', '\r', '\n', '>', '<'])
        .filter(|name| FILTERS.contains(name))
        .map(str::to_owned)
        .collect();
    let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
    if names.is_empty() { None } else { decode_stream(data, &names).ok() }
}

fn find(bytes: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(word.len()).position(|window| window == word).map(|at| from + at)
}

fn rfind(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_counted_as_they_nest() {
        assert!(brackets("[<< /A [1] >>]".repeat(10_000).as_bytes()).is_ok());
        assert_eq!(brackets("[".repeat(DEPTH + 1).as_bytes()).unwrap_err().code, "GK0418");
        assert_eq!(brackets("<</A".repeat(DEPTH + 1).as_bytes()).unwrap_err().code, "GK0418");
    }

    #[test]
    fn streams_are_looked_into() {
        let hex: String = "5B".repeat(DEPTH + 1);
        let file = format!("1 0 obj\n<< /Type /ObjStm /Filter /ASCIIHexDecode >>\nstream\n{hex}>\nendstream\nendobj");
        assert_eq!(check(file.as_bytes()).unwrap_err().code, "GK0418");
        let picture = file.replace("/Type /ObjStm", "/Subtype /Image");
        assert!(check(picture.as_bytes()).is_ok());
    }
}
