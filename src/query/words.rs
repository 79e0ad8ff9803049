//! An index of words in one block of memory: exact look-up, and every word that begins at a place in a text.

use std::collections::HashMap;

/// Words in byte order, each with a tag. The same word may stand there with several tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    arena: Vec<u8>,
    entries: Vec<Entry>,
    /// The range of entries that begin with a character.
    first: HashMap<char, (u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    len: u32,
    tag: u32,
}

impl Words {
    /// The index of some words with their tags.
    pub(crate) fn of<'a>(words: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let mut words: Vec<(&str, u32)> = words.into_iter().filter(|(word, _)| !word.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        let mut index = Self::default();
        let mut before: Option<(&str, Entry)> = None;
        for (word, tag) in words {
            let entry = match before {
                Some((same, entry)) if same == word => Entry { tag, ..entry },
                _ => {
                    let start = u32::try_from(index.arena.len()).unwrap_or(u32::MAX);
                    index.arena.extend_from_slice(word.as_bytes());
                    Entry { start, len: u32::try_from(word.len()).unwrap_or(u32::MAX), tag }
                }
            };
            before = Some((word, entry));
            let at = u32::try_from(index.entries.len()).unwrap_or(u32::MAX);
            index.entries.push(entry);
            if let Some(character) = word.chars().next() {
                index.first.entry(character).or_insert((at, at)).1 = at + 1;
            }
        }
        index
    }

    /// The tags of a word.
    pub(crate) fn get<'a>(&'a self, word: &str) -> impl Iterator<Item = u32> + use<'a> {
        let range = self.narrow(word);
        let len = word.len();
        range.iter().take_while(move |entry| entry.len as usize == len).map(|entry| entry.tag)
    }

    /// The words that begin with `start`, in byte order, with their tags.
    pub(crate) fn beginning(&self, start: &str) -> impl Iterator<Item = (&str, u32)> {
        self.narrow(start).iter().map(|entry| (self.text(*entry), entry.tag))
    }

    /// Calls `found` with the length in bytes and the tag of every word that `text` begins with, shortest first.
    pub(crate) fn prefixes(&self, text: &str, mut found: impl FnMut(usize, u32)) {
        let Some(first) = text.chars().next() else { return };
        let Some(&(low, high)) = self.first.get(&first) else { return };
        let mut range = self.entries.get(low as usize..high as usize).unwrap_or_default();
        let mut depth = first.len_utf8();
        for entry in range.iter().take_while(|entry| entry.len as usize == depth) {
            found(depth, entry.tag);
        }
        for &byte in text.as_bytes().get(depth..).unwrap_or_default() {
            range = self.step(range, depth, byte);
            if range.is_empty() {
                return;
            }
            depth += 1;
            for entry in range.iter().take_while(|entry| entry.len as usize == depth) {
                found(depth, entry.tag);
            }
        }
    }

    /// Every entry, in byte order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.entries.iter().map(|entry| (self.text(*entry), entry.tag))
    }

    fn narrow(&self, word: &str) -> &[Entry] {
        let Some(first) = word.chars().next() else { return &self.entries };
        let Some(&(low, high)) = self.first.get(&first) else { return &[] };
        let mut range = self.entries.get(low as usize..high as usize).unwrap_or_default();
        for (depth, &byte) in word.as_bytes().iter().enumerate().skip(first.len_utf8()) {
            range = self.step(range, depth, byte);
        }
        range
    }

    /// The part of a range, equal up to `depth`, whose next byte is `byte`.
    fn step<'a>(&self, range: &'a [Entry], depth: usize, byte: u8) -> &'a [Entry] {
        let at = |entry: &Entry| -> Option<u8> {
            if (entry.len as usize) <= depth {
                return None;
            }
            self.arena.get(entry.start as usize + depth).copied()
        };
        // A word that ends here sorts before every longer one: `None` is less than `Some`.
        let low = range.partition_point(|entry| at(entry) < Some(byte));
        let high = range.partition_point(|entry| at(entry) <= Some(byte));
        range.get(low..high).unwrap_or_default()
    }

    fn text(&self, entry: Entry) -> &str {
        let bytes = self.arena.get(entry.start as usize..(entry.start + entry.len) as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_at_a_place_is_found() {
        let words = Words::of([("太原", 1), ("太原市", 2), ("太原市万柏林区", 3), ("太", 4), ("原", 5), ("太原市", 6)]);
        let mut found = Vec::new();
        words.prefixes("太原市万柏", |len, tag| found.push((len, tag)));
        assert_eq!(found, [(3, 4), (6, 1), (9, 2), (9, 6)]);
        assert_eq!(words.get("太原市").collect::<Vec<_>>(), [2, 6]);
        assert_eq!(words.get("太原市万").count(), 0);
        assert_eq!(words.get("北").count(), 0);
        assert_eq!(
            words.beginning("太原市").map(|(word, _)| word).collect::<Vec<_>>(),
            ["太原市", "太原市", "太原市万柏林区"]
        );
    }
}
