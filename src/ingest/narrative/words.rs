//! The word lists of `data/narrative.tsv`, sorted for use.

use std::{collections::BTreeMap, sync::OnceLock};

/// Kind and name of a list, and its words, longest first.
type Lists = BTreeMap<(&'static str, &'static str), Vec<&'static str>>;

/// Every word of a kind with the name of its list, longest first.
type Kinds = BTreeMap<&'static str, Vec<(&'static str, &'static str)>>;

struct Words {
    lists: Lists,
    kinds: Kinds,
}

/// Every word of a kind (`label`), as (word, name), longest first.
pub(super) fn kind(kind: &str) -> &'static [(&'static str, &'static str)] {
    words().kinds.get(kind).map_or(&[], Vec::as_slice)
}

/// The words of one list, longest first.
pub(super) fn list(kind: &'static str, name: &'static str) -> &'static [&'static str] {
    words().lists.get(&(kind, name)).map_or(&[], Vec::as_slice)
}

/// Whether a text holds a word of a list.
pub(super) fn has(text: &str, kind: &'static str, name: &'static str) -> bool {
    list(kind, name).iter().any(|word| text.contains(word))
}

/// The word of a kind that ends nearest to the end of the text, the longest where several end there:
/// its start, its end and the name of its list.
pub(super) fn last(text: &str, of: &str) -> Option<(usize, usize, &'static str)> {
    kind(of)
        .iter()
        .filter_map(|(word, name)| text.rfind(word).map(|at| (at, at + word.len(), *name)))
        .max_by_key(|&(start, end, _)| (end, usize::MAX - start))
}

/// The word of a kind that begins nearest to the start of the text, the longest where several begin there.
pub(super) fn first(text: &str, of: &str) -> Option<(usize, usize, &'static str)> {
    kind(of)
        .iter()
        .filter_map(|(word, name)| text.find(word).map(|at| (at, at + word.len(), *name)))
        .min_by_key(|&(start, end, _)| (start, usize::MAX - end))
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = Words { lists: BTreeMap::new(), kinds: BTreeMap::new() };
        for line in include_str!("../data/narrative.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.splitn(3, '\t');
            let (Some(kind), Some(name), Some(list)) = (fields.next(), fields.next(), fields.next()) else { continue };
            for word in list.split_whitespace() {
                words.lists.entry((kind, name)).or_default().push(word);
                words.kinds.entry(kind).or_default().push((word, name));
            }
        }
        for list in words.lists.values_mut() {
            list.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        for kind in words.kinds.values_mut() {
            kind.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_then_longest() {
        assert_eq!(last("予以公开及部分公开", "label").map(|(_, _, name)| name), Some("outcome.disclosed"));
        assert_eq!(last("同意不公开", "label").map(|(_, _, name)| name), Some("outcome.refused"));
        assert_eq!(last("同意部分公开", "label").map(|(_, _, name)| name), Some("outcome.partial"));
        assert_eq!(first("结转下年度继续办理", "label").map(|(_, _, name)| name), Some("requests.carried_out"));
        assert_eq!(last("没有一个", "label"), None);
    }

    #[test]
    fn every_label_is_an_id() {
        for (_, name) in kind("label") {
            let virtual_id = crate::schema::catalogue().virtuals.iter().any(|other| other.id == *name);
            let known = crate::schema::catalogue().by_id(name).is_some() || virtual_id;
            assert!(known || ["received", "handled", "skip"].contains(name), "{name}");
        }
    }
}
