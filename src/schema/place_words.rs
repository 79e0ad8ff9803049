//! Which divisions a word names: an ordered index that lies in the program ready made and is read where it lies. A
//! process that asks about one place would otherwise first put some ten thousand names in order.

use fst::{
    Map,
    raw::{Fst, Output},
};

/// How a word names a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// 万柏林区
    Name,
    /// 万柏林
    Short,
    /// 山西省太原市万柏林区
    Full,
    /// 太原市万柏林区
    Joined,
}

impl How {
    const ALL: [Self; 4] = [Self::Name, Self::Short, Self::Full, Self::Joined];

    /// Whether a text may use it without more ado; a short form only where one is expected.
    pub(super) fn is_whole(self) -> bool {
        self != Self::Short
    }

    /// Whether it has nothing of the divisions above in it.
    pub(super) fn is_bare(self) -> bool {
        matches!(self, Self::Name | Self::Short)
    }
}

/// The index: words to rows of the history and how they name them.
#[derive(Debug)]
pub(super) struct PlaceWords {
    /// The value of a word is where its rows begin in `rows`, times 256, and how many there are.
    map: Map<&'static [u8]>,
    /// The number of a row, times four, and the place of how in [`How::ALL`].
    rows: &'static [[u8; 2]],
}

impl PlaceWords {
    /// The embedded index; nothing when it is none, which a test rules out.
    pub(super) fn embedded() -> Option<Self> {
        let rows = include_bytes!("data/place_rows.bin").as_chunks().0;
        Some(Self { map: Map::new(&include_bytes!("data/place_words.fst")[..]).ok()?, rows })
    }

    /// The rows that a word names, in their order.
    pub(super) fn get(&self, word: &str) -> impl Iterator<Item = (usize, How)> + use<> {
        self.rows(self.map.get(word).unwrap_or(0))
    }

    /// The length in bytes of every word that `text` begins with, shortest first, and the ways it names a row.
    pub(super) fn prefixes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, How)> + 'a {
        prefixes(self.map.as_fst(), text)
            .flat_map(|(length, value)| self.rows(value).map(move |(_, how)| (length, how)))
    }

    fn rows(&self, value: u64) -> impl Iterator<Item = (usize, How)> + use<> {
        let start = usize::try_from(value / 256).unwrap_or(usize::MAX);
        let count = usize::try_from(value % 256).unwrap_or(0);
        let rows = self.rows.get(start..).unwrap_or_default().iter().take(count);
        rows.filter_map(|row| {
            let packed = usize::from(u16::from_be_bytes(*row));
            Some((packed / 4, *How::ALL.get(packed % 4)?))
        })
    }
}

/// The length in bytes and the value of every word that `text` begins with, shortest first.
fn prefixes<'a, D: AsRef<[u8]>>(index: &'a Fst<D>, text: &'a str) -> impl Iterator<Item = (usize, u64)> + 'a {
    let (mut node, mut value) = (index.root(), Output::zero());
    let steps = text.bytes().enumerate().map_while(move |(at, byte)| {
        let step = node.transition(node.find_input(byte)?);
        (node, value) = (index.node(step.addr), value.cat(step.out));
        Some((at + 1, node.is_final().then(|| value.cat(node.final_output()).value())))
    });
    steps.filter_map(|(length, value)| Some((length, value?)))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::Path};

    use fst::MapBuilder;

    use super::{
        super::{find::Suffixes, places::places},
        *,
    };

    /// Both files as the divisions want them.
    fn made() -> (Vec<u8>, Vec<u8>) {
        let suffixes = Suffixes::read();
        let mut words: BTreeMap<String, Vec<(usize, How)>> = BTreeMap::new();
        for (at, row) in places().all().iter().enumerate() {
            let mut add = |word: &str, how| words.entry(word.to_owned()).or_default().push((at, how));
            add(row.name, How::Name);
            if let Some(short) = suffixes.shorten(row.name) {
                add(short, How::Short);
            }
            if row.full_name != row.name {
                add(row.full_name, How::Full);
            }
            if let Some(parent) = row.parent.and_then(|code| places().by_code(code)) {
                let joined = [parent.name, row.name].concat();
                if joined != row.full_name {
                    add(&joined, How::Joined);
                }
            }
        }
        let (mut map, mut rows) = (MapBuilder::memory(), Vec::new());
        for (word, named) in words {
            assert!(named.len() < 256, "{word}");
            map.insert(word, u64::try_from(rows.len() / 2 * 256 + named.len()).unwrap()).unwrap();
            for (at, how) in named {
                let how = How::ALL.iter().position(|one| *one == how).unwrap();
                rows.extend(u16::try_from(at * 4 + how).unwrap().to_be_bytes());
            }
        }
        (map.into_inner().unwrap(), rows)
    }

    /// `UPDATE_GOLDEN=1` writes the index anew, after the divisions or the suffixes changed.
    #[test]
    fn the_index_is_that_of_the_divisions() {
        let (words, rows) = made();
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            assert!(std::env::var_os("CI").is_none(), "UPDATE_GOLDEN is for people, not for CI");
            let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/data");
            std::fs::write(data.join("place_words.fst"), &words).unwrap();
            std::fs::write(data.join("place_rows.bin"), &rows).unwrap();
            return;
        }
        let same = words == include_bytes!("data/place_words.fst") && rows == include_bytes!("data/place_rows.bin");
        assert!(same, "the index is not that of the divisions: run UPDATE_GOLDEN=1 cargo test --lib place_words");
    }

    #[test]
    fn a_word_names_rows_in_its_way() {
        let words = PlaceWords::embedded().unwrap();
        let codes = |word: &str| {
            let named = words.get(word).filter_map(|(at, how)| Some((places().all().get(at)?.code, how)));
            named.collect::<Vec<_>>()
        };
        assert_eq!(codes("万柏林区"), [("140109", How::Name)]);
        assert_eq!(codes("万柏林"), [("140109", How::Short)]);
        assert_eq!(codes("太原市万柏林区"), [("140109", How::Joined)]);
        assert_eq!(codes("山西省太原市万柏林区"), [("140109", How::Full)]);
        assert_eq!(codes("万柏"), []);
        let text = "山西省太原市万柏林区财政局";
        let found: Vec<_> = words.prefixes(text).map(|(length, how)| (text.get(..length).unwrap(), how)).collect();
        assert_eq!(
            found,
            [
                ("山西", How::Short),
                ("山西省", How::Name),
                ("山西省太原市", How::Full),
                ("山西省太原市万柏林区", How::Full)
            ]
        );
    }
}
