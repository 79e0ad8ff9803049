//! An index of words in one block of memory: exact look-up, and every word that begins at a place in a text.

use std::{collections::BTreeMap, sync::OnceLock};

/// Words in byte order, each with a tag. The same word may stand there with several tags.
///
/// Words that begin with one character are sorted when the first of them is looked for: a text touches few of them.
#[derive(Debug, Default)]
pub(crate) struct Words {
    arena: Vec<u8>,
    /// By first character, which is the order of bytes too.
    first: BTreeMap<char, Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    found: Vec<Entry>,
    sorted: OnceLock<Vec<Entry>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    len: u32,
    tag: u32,
}

impl Words {
    /// Adds a word; before anything is looked up.
    pub(crate) fn add(&mut self, word: &str, tag: u32) {
        let Some(character) = word.chars().next() else { return };
        let start = u32::try_from(self.arena.len()).unwrap_or(u32::MAX);
        self.arena.extend_from_slice(word.as_bytes());
        let len = u32::try_from(word.len()).unwrap_or(u32::MAX);
        self.first.entry(character).or_default().found.push(Entry { start, len, tag });
    }

    fn bucket(&self, first: char) -> &[Entry] {
        self.first.get(&first).map_or(&[], |bucket| {
            bucket.sorted.get_or_init(|| {
                let key = |entry: &Entry| (self.bytes(*entry), entry.tag);
                let mut sorted = bucket.found.clone();
                sorted.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
                sorted.dedup_by(|a, b| key(a) == key(b));
                sorted
            })
        })
    }

    /// The tags of a word.
    pub(crate) fn get<'a>(&'a self, word: &str) -> impl Iterator<Item = u32> + use<'a> {
        let range = self.narrow(word);
        let len = word.len();
        range.iter().take_while(move |entry| entry.len as usize == len).map(|entry| entry.tag)
    }

    /// Calls `found` with the length in bytes and the tag of every word that `text` begins with, shortest first.
    pub(crate) fn prefixes(&self, text: &str, mut found: impl FnMut(usize, u32)) {
        let Some(first) = text.chars().next() else { return };
        let mut range = self.bucket(first);
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

    /// The words that begin with `word`, which is not empty.
    fn narrow(&self, word: &str) -> &[Entry] {
        let Some(first) = word.chars().next() else { return &[] };
        let mut range = self.bucket(first);
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

    fn bytes(&self, entry: Entry) -> &[u8] {
        self.arena.get(entry.start as usize..(entry.start + entry.len) as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_at_a_place_is_found() {
        let mut words = Words::default();
        for (word, tag) in [("太原", 1), ("太原市", 2), ("太原市万柏林区", 3), ("太", 4), ("原", 5), ("太原市", 6)]
        {
            words.add(word, tag);
        }
        let mut found = Vec::new();
        words.prefixes("太原市万柏", |len, tag| found.push((len, tag)));
        assert_eq!(found, [(3, 4), (6, 1), (9, 2), (9, 6)]);
        assert_eq!(words.get("太原市").collect::<Vec<_>>(), [2, 6]);
        assert_eq!(words.get("太原市万").count(), 0);
        assert_eq!(words.get("北").count(), 0);
    }
}
