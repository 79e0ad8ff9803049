//! The word lists of `data/narrative.tsv`, sorted for use.

use std::{collections::HashMap, sync::OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// Words with the automata that find them all in one pass over a text.
struct Words {
    /// Each word with the name of its list, longest first.
    pairs: Vec<(&'static str, &'static str)>,
    /// The words alone.
    alone: Vec<&'static str>,
    /// The leftmost, and the longest there.
    first: Option<AhoCorasick>,
    /// Every one, also over others.
    every: Option<AhoCorasick>,
}

impl Words {
    fn of(mut pairs: Vec<(&'static str, &'static str)>) -> Self {
        pairs.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let words: Vec<&str> = pairs.iter().map(|(word, _)| *word).collect();
        let automaton = |kind: MatchKind| AhoCorasickBuilder::new().match_kind(kind).build(&words).ok();
        let (first, every) = (automaton(MatchKind::LeftmostLongest), automaton(MatchKind::Standard));
        Self { pairs, alone: words, first, every }
    }

    fn name(&self, at: usize) -> &'static str {
        self.pairs.get(at).map_or("", |(_, name)| name)
    }
}

/// Every word of a kind (`label`), as (word, name), longest first.
pub(super) fn kind(kind: &str) -> &'static [(&'static str, &'static str)] {
    of_kind(kind).map_or(&[], |words| &words.pairs)
}

/// The words of one list, longest first.
pub(super) fn list(kind: &'static str, name: &'static str) -> &'static [&'static str] {
    of_list(kind, name).map_or(&[], |words| &words.alone)
}

/// Whether a text holds a word of a list.
pub(super) fn has(text: &str, kind: &'static str, name: &'static str) -> bool {
    of_list(kind, name).and_then(|words| words.first.as_ref()).is_some_and(|words| words.is_match(text))
}

/// Whether a text holds a word of a kind.
pub(super) fn has_any(text: &str, kind: &str) -> bool {
    of_kind(kind).and_then(|words| words.first.as_ref()).is_some_and(|words| words.is_match(text))
}

/// The first word of a list in a text: where it begins and ends.
pub(super) fn find(text: &str, kind: &'static str, name: &'static str) -> Option<(usize, usize)> {
    let found = of_list(kind, name)?.first.as_ref()?.find(text)?;
    Some((found.start(), found.end()))
}

/// Where the word of a list ends that ends first in a text.
pub(super) fn first_end(text: &str, kind: &'static str, name: &'static str) -> Option<usize> {
    of_list(kind, name)?.every.as_ref()?.find(text).map(|found| found.end())
}

/// The word of a kind that ends nearest to the end of the text, the longest where several end there:
/// its start, its end and the name of its list.
pub(super) fn last(text: &str, kind: &str) -> Option<(usize, usize, &'static str)> {
    last_of(text, kind, |_| true)
}

/// The same among the lists whose names are wanted.
pub(super) fn last_of(text: &str, kind: &str, wanted: impl Fn(&str) -> bool) -> Option<(usize, usize, &'static str)> {
    let words = of_kind(kind)?;
    let found = words.every.as_ref()?.find_overlapping_iter(text);
    found
        .map(|found| (found.start(), found.end(), words.name(found.pattern().as_usize())))
        .filter(|(.., name)| wanted(name))
        .max_by_key(|&(start, end, _)| (end, usize::MAX - start))
}

/// Every word of a kind in a text, none over another: its start, its end and the name of its list.
pub(super) fn every<'t>(text: &'t str, kind: &str) -> impl Iterator<Item = (usize, usize, &'static str)> + use<'t> {
    let words = of_kind(kind).and_then(|words| Some((words, words.first.as_ref()?)));
    words.into_iter().flat_map(move |(words, automaton)| {
        automaton.find_iter(text).map(|found| (found.start(), found.end(), words.name(found.pattern().as_usize())))
    })
}

/// The word of a kind that begins nearest to the start of the text, the longest where several begin there.
pub(super) fn first(text: &str, kind: &str) -> Option<(usize, usize, &'static str)> {
    let words = of_kind(kind)?;
    let found = words.first.as_ref()?.find(text)?;
    Some((found.start(), found.end(), words.name(found.pattern().as_usize())))
}

fn of_kind(kind: &str) -> Option<&'static Words> {
    all().kinds.get(kind)
}

fn of_list(kind: &'static str, name: &'static str) -> Option<&'static Words> {
    all().lists.get(&(kind, name))
}

struct All {
    lists: HashMap<(&'static str, &'static str), Words>,
    kinds: HashMap<&'static str, Words>,
}

fn all() -> &'static All {
    static ALL: OnceLock<All> = OnceLock::new();
    ALL.get_or_init(|| {
        type Pairs = Vec<(&'static str, &'static str)>;
        let mut lists: HashMap<(&str, &str), Pairs> = HashMap::new();
        let mut kinds: HashMap<&str, Pairs> = HashMap::new();
        for line in include_str!("../data/narrative.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.splitn(3, '\t');
            let (Some(kind), Some(name), Some(list)) = (fields.next(), fields.next(), fields.next()) else { continue };
            for word in list.split_whitespace() {
                lists.entry((kind, name)).or_default().push((word, name));
                kinds.entry(kind).or_default().push((word, name));
            }
        }
        All {
            lists: lists.into_iter().map(|(key, pairs)| (key, Words::of(pairs))).collect(),
            kinds: kinds.into_iter().map(|(key, pairs)| (key, Words::of(pairs))).collect(),
        }
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
