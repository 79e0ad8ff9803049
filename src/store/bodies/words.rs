//! Which bodies bear a word: names and segments of paths in one ordered index that is read where it lies, so that
//! asking for one word among hundreds of thousands costs a walk of as many steps as the word has bytes.

use std::{fmt, ops::ControlFlow, sync::OnceLock};

use fst::{
    IntoStreamer, Map, MapBuilder, Streamer,
    automaton::{Automaton, Str},
};

use crate::{
    error::{Error, ErrorKind, Result, quietly},
    store::bytes::{Reader, put_varint},
};

/// An ordered index from words to the numbers of bodies.
///
/// The value of a word is the number of its only body, doubled; or one more than twice the place in `numbers` where
/// they stand: how many, then how far each is from the one before, as variable-length numbers.
#[derive(Default)]
pub struct Words {
    /// Nothing where there is no word: to make an empty index takes a megabyte.
    map: Option<Map<Vec<u8>>>,
    numbers: Vec<u8>,
}

impl Words {
    /// The index that these bytes hold. Bytes with the right checksum that were made to mislead give no words.
    ///
    /// # Errors
    /// `Damaged` when they hold none.
    pub fn read(words: Vec<u8>, numbers: Vec<u8>) -> Result<Self> {
        let map = quietly(|| Map::new(words)).and_then(std::result::Result::ok);
        let map = map.ok_or_else(|| Error::new(ErrorKind::Damaged, "store.words_cut"))?;
        Ok(Self { map: Some(map), numbers })
    }

    /// The bytes of the words, and those of the numbers.
    #[must_use]
    pub fn bytes(&self) -> (&[u8], &[u8]) {
        static NONE: OnceLock<Map<Vec<u8>>> = OnceLock::new();
        let map = self.map.as_ref().unwrap_or_else(|| NONE.get_or_init(Map::default));
        (map.as_fst().as_bytes(), &self.numbers)
    }

    /// How many different words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.as_ref().map_or(0, Map::len)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any body bears the word.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.map.as_ref().is_some_and(|map| quietly(|| map.contains_key(word)).unwrap_or(false))
    }

    /// The numbers of the bodies that bear a word, in order.
    #[must_use]
    pub fn get(&self, word: &str) -> Vec<usize> {
        let value = self.map.as_ref().and_then(|map| quietly(|| map.get(word)).flatten());
        value.map(|value| self.numbers(value)).unwrap_or_default()
    }

    /// Calls `found` with the length in bytes of every word that `text` begins with, shortest first.
    pub fn prefixes(&self, text: &str, mut found: impl FnMut(usize)) {
        let Some(map) = &self.map else { return };
        let lengths = quietly(|| {
            let fst = map.as_fst();
            let mut node = fst.root();
            let mut lengths = Vec::new();
            for (at, &byte) in text.as_bytes().iter().enumerate() {
                let Some(next) = node.find_input(byte) else { break };
                node = fst.node(node.transition(next).addr);
                if node.is_final() {
                    lengths.push(at + 1);
                }
            }
            lengths
        });
        lengths.into_iter().flatten().filter(|&length| text.is_char_boundary(length)).for_each(&mut found);
    }

    /// Calls `found` with every word that begins with `start` and the numbers of those who bear it, in byte order,
    /// until it breaks.
    pub fn beginning(&self, start: &str, mut found: impl FnMut(&str, &[usize]) -> ControlFlow<()>) {
        let Some(map) = &self.map else { return };
        let stream = quietly(|| map.search(Str::new(start).starts_with()).into_stream());
        let Some(mut stream) = stream else { return };
        loop {
            // What is found may not be the doing of what is called.
            let next = quietly(|| stream.next().map(|(word, value)| (word.to_vec(), value))).flatten();
            let Some((word, value)) = next else { return };
            let Ok(word) = std::str::from_utf8(&word) else { return };
            if found(word, &self.numbers(value)).is_break() {
                return;
            }
        }
    }

    fn numbers(&self, value: u64) -> Vec<usize> {
        let half = usize::try_from(value / 2).unwrap_or(usize::MAX);
        if value.is_multiple_of(2) {
            return vec![half];
        }
        let mut bytes = Reader(self.numbers.get(half..).unwrap_or_default());
        let count = bytes.varint().unwrap_or(0);
        let mut number = 0_u64;
        let steps = (0..count).map_while(|_| {
            number = number.checked_add(bytes.varint().ok()?)?;
            usize::try_from(number).ok()
        });
        steps.collect()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("words", &self.len()).finish_non_exhaustive()
    }
}

/// Words as they are met, before they are put in order.
#[derive(Debug, Default)]
pub struct Found {
    arena: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    len: u32,
    number: u32,
}

impl Found {
    /// Adds a word of a body.
    pub fn add(&mut self, word: &str, number: usize) {
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.entries.push(Entry { start: short(self.arena.len()), len: short(word.len()), number: short(number) });
        self.arena.extend_from_slice(word.as_bytes());
    }

    /// The index of all of them.
    ///
    /// # Errors
    /// `Limit` when they are too many for it.
    pub fn sorted(mut self) -> Result<Words> {
        if self.entries.is_empty() {
            return Ok(Words::default());
        }
        let arena = &self.arena;
        let bytes = |entry: &Entry| {
            let start = entry.start as usize;
            arena.get(start..start + entry.len as usize).unwrap_or_default()
        };
        self.entries.sort_unstable_by(|a, b| (bytes(a), a.number).cmp(&(bytes(b), b.number)));
        self.entries.dedup_by(|a, b| (bytes(a), a.number) == (bytes(b), b.number));
        let limit = |cause| Error::new(ErrorKind::Limit, "store.words_many").because(cause);
        let mut map = MapBuilder::memory();
        let mut numbers = Vec::new();
        for same in self.entries.chunk_by(|a, b| bytes(a) == bytes(b)) {
            let Some(first) = same.first() else { continue };
            let value = if same.len() == 1 {
                u64::from(first.number) * 2
            } else {
                let place = numbers.len() as u64 * 2 + 1;
                put_varint(&mut numbers, same.len() as u64);
                let mut before = 0;
                for entry in same {
                    put_varint(&mut numbers, u64::from(entry.number - std::mem::replace(&mut before, entry.number)));
                }
                place
            };
            map.insert(bytes(first), value).map_err(limit)?;
        }
        Words::read(map.into_inner().map_err(limit)?, numbers)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn index<'a>(words: impl IntoIterator<Item = (&'a str, usize)>) -> Words {
        let mut found = Found::default();
        words.into_iter().for_each(|(word, number)| found.add(word, number));
        found.sorted().unwrap()
    }

    fn all(words: &Words, start: &str) -> Vec<(String, Vec<usize>)> {
        let mut found = Vec::new();
        words.beginning(start, |word, numbers| {
            found.push((word.to_owned(), numbers.to_vec()));
            ControlFlow::Continue(())
        });
        found
    }

    #[test]
    fn every_word_at_a_place_is_found() {
        let words = index([("太原", 1), ("太原市", 2), ("太原市万柏林区", 3), ("太", 4), ("原", 5), ("太原市", 600)]);
        let mut found = Vec::new();
        words.prefixes("太原市万柏", |len| found.push(len));
        assert_eq!(found, [3, 6, 9]);
        assert_eq!(words.get("太原市"), [2, 600]);
        assert!(words.get("太原市万").is_empty() && !words.has("太原市万") && words.has("太"));
        assert_eq!(
            all(&words, "太原市").iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(),
            ["太原市", "太原市万柏林区"]
        );
        assert_eq!(all(&words, "").len(), 5);
        assert!(all(&Words::default(), "").is_empty());
    }

    proptest! {
        #[test]
        fn it_is_a_map_from_words_to_numbers(pairs in prop::collection::vec(("[局厅aб]{1,4}", 0usize..400), 0..60)) {
            let mut map: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
            for (word, number) in &pairs {
                map.entry(word.clone()).or_default().insert(*number);
            }
            let made = index(pairs.iter().map(|(word, number)| (word.as_str(), *number)));
            let (words, numbers) = made.bytes();
            let read = Words::read(words.to_vec(), numbers.to_vec()).unwrap();
            let expected: Vec<_> = map.iter().map(|(word, set)| (word.clone(), set.iter().copied().collect())).collect();
            prop_assert_eq!(all(&read, ""), expected);
            for (word, set) in &map {
                prop_assert_eq!(read.get(word), set.iter().copied().collect::<Vec<_>>());
            }
        }

        #[test]
        fn hostile_bytes_give_no_panic(words in prop::collection::vec(any::<u8>(), 0..200), numbers in prop::collection::vec(any::<u8>(), 0..20)) {
            if let Ok(read) = Words::read(words, numbers) {
                read.prefixes("太原市", |_| ());
                let _ = (read.get("太原"), read.has("局"));
                let mut most = 1000;
                read.beginning("", |_, _| {
                    most -= 1;
                    if most == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
            }
        }
    }
}
