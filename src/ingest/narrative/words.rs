//! The word lists of `data/narrative.tsv`, and where their words stand in a text.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range, sync::OnceLock};

use memchr::memmem::Finder;

use crate::text::Tree;

/// A word with the name of its list.
pub(super) type Named = (&'static str, &'static str);

/// What a list of words is for; `data/narrative.tsv` says more of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Applicant,
    Exclude,
    Fee,
    FeeCharged,
    Heading,
    Label,
    Numeral,
    Result,
    Scope,
    Share,
    Table,
    TableHead,
    Topic,
    Year,
    Zero,
}

impl Kind {
    /// Those whose words are searched for; the words of the other lists are looked for at a known place only.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "applicant" => Self::Applicant,
            "exclude" => Self::Exclude,
            "fee" => Self::Fee,
            "fee_charged" => Self::FeeCharged,
            "heading" => Self::Heading,
            "label" => Self::Label,
            "numeral" => Self::Numeral,
            "result" => Self::Result,
            "scope" => Self::Scope,
            "share" => Self::Share,
            "table" => Self::Table,
            "table_head" => Self::TableHead,
            "topic" => Self::Topic,
            "year" => Self::Year,
            "zero" => Self::Zero,
            _ => return None,
        })
    }

    /// Those that tell where parts and tables begin. They are looked for everywhere; all others only in prose.
    fn divides(self) -> bool {
        matches!(self, Self::Heading | Self::Numeral | Self::Table | Self::TableHead)
    }
}

/// A word in a text.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    kind: Kind,
    name: &'static str,
}

/// A text with the words of the lists in it: they are asked for dozens of times in each sentence, and found once.
#[derive(Debug)]
pub(super) struct Text<'t> {
    whole: &'t str,
    /// Those that divide it, by their start, the longest first.
    marks: Vec<Word>,
    /// All others in the same order, as far as they were looked for.
    words: Vec<Word>,
}

impl<'t> Text<'t> {
    /// Finds every word.
    #[cfg(test)]
    pub(super) fn of(text: &'t str) -> Self {
        let mut whole = Self::divided(text);
        whole.read(std::iter::once(0..text.len()).collect());
        whole
    }

    /// Finds the words that divide it.
    pub(super) fn divided(text: &'t str) -> Self {
        let mut marks = Vec::new();
        lists().marks.find(text, 0..text.len(), &mut marks);
        Self { whole: text, marks, words: Vec::new() }
    }

    /// Finds all others in some stretches of it.
    pub(super) fn read(&mut self, mut stretches: Vec<Range<usize>>) {
        stretches.sort_by_key(|stretch| stretch.start);
        // Where two touch, a word may stand across.
        stretches.dedup_by(|next, before| {
            let touch = next.start <= before.end;
            if touch {
                before.end = before.end.max(next.end);
            }
            touch
        });
        for stretch in stretches {
            lists().words.find(self.whole, stretch, &mut self.words);
        }
    }

    /// All of it.
    pub(super) fn whole(&'t self) -> Stretch<'t> {
        Stretch { all: self, start: 0, end: self.whole.len() }
    }
}

/// A stretch of a text. Offsets that it is asked with and gives are its own, from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'t> {
    all: &'t Text<'t>,
    start: usize,
    end: usize,
}

impl<'t> Stretch<'t> {
    /// The characters.
    pub(super) fn text(self) -> &'t str {
        self.all.whole.get(self.start..self.end).unwrap_or_default()
    }

    /// A part of it; an empty one where there is none.
    pub(super) fn cut(self, from: usize, to: usize) -> Self {
        let to = to.min(self.end - self.start);
        let from = from.min(to);
        Self { start: self.start + from, end: self.start + to, ..self }
    }

    /// What stands before an offset.
    pub(super) fn before(self, to: usize) -> Self {
        self.cut(0, to)
    }

    /// What stands from an offset on.
    pub(super) fn from(self, from: usize) -> Self {
        self.cut(from, usize::MAX)
    }

    /// Pieces that marks part, with the offset of each.
    pub(super) fn pieces(self, is_mark: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = (usize, Self)> {
        let mut at = 0;
        self.text().split_inclusive(is_mark).map(move |piece| {
            let start = at;
            at += piece.len();
            (start, self.cut(start, start + piece.trim_end_matches(is_mark).len()))
        })
    }

    /// Sentences with their offset: what full stops, line ends and the like part.
    pub(super) fn sentences(self) -> impl Iterator<Item = (usize, Self)> {
        self.pieces(|ch| matches!(ch, '。' | '!' | '?' | '\n' | '|'))
    }

    /// The words of a kind, by their start, the longest first.
    fn words(self, kind: Kind) -> impl Iterator<Item = Word> {
        let words = if kind.divides() { &self.all.marks } else { &self.all.words };
        let first = words.partition_point(|word| word.start < self.start);
        let inside = words.iter().skip(first).take_while(move |word| word.start < self.end);
        let own = inside.filter(move |word| word.kind == kind && word.end <= self.end);
        own.map(move |word| Word { start: word.start - self.start, end: word.end - self.start, ..*word })
    }

    fn of_list(self, kind: Kind, name: &str) -> impl Iterator<Item = Word> {
        self.words(kind).filter(move |word| word.name == name)
    }

    /// Whether it holds a word of a list.
    pub(super) fn has(self, kind: Kind, name: &str) -> bool {
        self.of_list(kind, name).next().is_some()
    }

    /// Whether it holds a word of a kind.
    pub(super) fn has_any(self, kind: Kind) -> bool {
        self.words(kind).next().is_some()
    }

    /// The first word of a list: where it begins and ends.
    pub(super) fn find(self, kind: Kind, name: &str) -> Option<(usize, usize)> {
        self.of_list(kind, name).next().map(|word| (word.start, word.end))
    }

    /// Where the word of a list ends that ends first.
    pub(super) fn first_end(self, kind: Kind, name: &str) -> Option<usize> {
        self.of_list(kind, name).map(|word| word.end).min()
    }

    /// The word of a kind that ends nearest to the end, the longest where several end there: its start, its end and
    /// the name of its list.
    pub(super) fn last(self, kind: Kind) -> Option<(usize, usize, &'static str)> {
        self.last_of(kind, |_| true)
    }

    /// The same among the lists whose names are wanted.
    pub(super) fn last_of(self, kind: Kind, wanted: impl Fn(&str) -> bool) -> Option<(usize, usize, &'static str)> {
        let last = self.words(kind).filter(|word| wanted(word.name));
        last.max_by_key(|word| (word.end, Reverse(word.start))).map(|word| (word.start, word.end, word.name))
    }

    /// Every word of a kind, none over another: its start, its end and the name of its list.
    pub(super) fn every(self, kind: Kind) -> impl Iterator<Item = (usize, usize, &'static str)> {
        let mut free = 0;
        self.words(kind).filter_map(move |word| {
            let apart = word.start >= free;
            free = if apart { word.end } else { free };
            apart.then_some((word.start, word.end, word.name))
        })
    }

    /// The word of a kind that begins nearest to the start, the longest where several begin there.
    pub(super) fn first(self, kind: Kind) -> Option<(usize, usize, &'static str)> {
        self.words(kind).next().map(|word| (word.start, word.end, word.name))
    }
}

/// Whether a text holds a word with which a table begins.
pub(super) fn begins_table(text: &str) -> bool {
    Text::divided(text).whole().has_any(Kind::Table)
}

/// Words that are searched for.
struct Searched {
    tree: Tree,
    /// The list of each of them.
    lists: Vec<(Kind, &'static str)>,
}

impl Searched {
    fn of(words: impl Iterator<Item = (Kind, Named)>) -> Self {
        let mut words: Vec<(Kind, Named)> = words.collect();
        words.sort_by_key(|(kind, _)| *kind);
        Self {
            tree: Tree::of(words.iter().map(|(_, (word, _))| word.chars())),
            lists: words.iter().map(|(kind, (_, name))| (*kind, *name)).collect(),
        }
    }

    /// Every word that stands within a stretch of a text.
    fn find(&self, text: &str, stretch: Range<usize>, words: &mut Vec<Word>) {
        let (from, to) = (stretch.start, stretch.end);
        let Some(stretch) = text.get(stretch) else { return };
        for (at, ch) in stretch.char_indices() {
            let Some(mut node) = self.tree.first(ch) else { continue };
            let (first, start) = (words.len(), from + at);
            let mut rest = stretch.get(at + ch.len_utf8()..).unwrap_or_default().chars();
            loop {
                let end = to - rest.as_str().len();
                let here = self.tree.ends(node).iter().rev().filter_map(|&number| self.lists.get(number));
                words.extend(here.map(|&(kind, name)| Word { start, end, kind, name }));
                match rest.next().and_then(|ch| self.tree.next(node, ch)) {
                    Some(next) => node = next,
                    None => break,
                }
            }
            words.get_mut(first..).unwrap_or_default().reverse();
        }
    }
}

/// The lists, longest words first.
pub(super) struct Lists {
    /// The words that divide a text.
    marks: Searched,
    /// The others of every [`Kind`].
    words: Searched,
    /// Words behind a number.
    pub(super) units: Vec<Named>,
    /// Words that say nothing between a label and its number.
    pub(super) fillers: Vec<&'static str>,
    /// Words before a year with which this one is compared.
    pub(super) compare: Vec<&'static str>,
    /// Words with which a bracket begins that does not list all parts.
    pub(super) partial: Vec<&'static str>,
    /// What a part says that says nothing.
    pub(super) empty: Vec<&'static str>,
    /// Finds the word behind a year.
    pub(super) year: Finder<'static>,
    /// How a title and the sentence on the period name a year: what stands before it, and what behind.
    pub(super) years: [(&'static str, Vec<(&'static str, &'static str)>); 2],
    /// Words for what was carried over, in either direction, and out.
    pub(super) carried: [Vec<&'static str>; 2],
    #[cfg(test)]
    pub(super) labels: Vec<Named>,
}

/// The lists of the embedded file.
pub(super) fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists: BTreeMap<&str, Vec<Named>> = BTreeMap::new();
        for line in include_str!("../data/narrative.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.splitn(3, '\t');
            let (Some(kind), Some(name), Some(words)) = (fields.next(), fields.next(), fields.next()) else { continue };
            lists.entry(kind).or_default().extend(words.split_whitespace().map(|word| (word, name)));
        }
        for list in lists.values_mut() {
            list.sort_by_key(|(word, _)| Reverse(word.len()));
        }
        let all = |kind: &str| lists.get(kind).cloned().unwrap_or_default();
        let words = |kind: &str, wanted: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
            all(kind).into_iter().filter(|(_, name)| wanted(name)).map(|(word, _)| word).collect()
        };
        let searched = |divides: bool| {
            let kinds = lists.iter().filter_map(|(name, list)| Some((Kind::of(name)?, list)));
            let kinds = kinds.filter(|(kind, _)| kind.divides() == divides);
            Searched::of(kinds.flat_map(|(kind, list)| list.iter().map(move |&named| (kind, named))))
        };
        Lists {
            marks: searched(true),
            words: searched(false),
            units: all("unit"),
            fillers: words("filler", &|_| true),
            compare: words("compare", &|_| true),
            partial: words("bracket", &|name| name == "partial"),
            empty: words("empty", &|_| true),
            year: Finder::new(words("year", &|name| name == "mark").first().copied().unwrap_or("-")),
            years: ["title", "period"].map(|wanted| {
                let wordings = words("year", &|name| name == wanted);
                (wanted, wordings.into_iter().filter_map(|wording| wording.split_once("{Y}")).collect())
            }),
            carried: [
                words("label", &|name| name.starts_with("requests.carried")),
                words("label", &|name| name == "requests.carried_out"),
            ],
            #[cfg(test)]
            labels: all("label"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_then_longest() {
        let last = |text: &str| Text::of(text).whole().last(Kind::Label).map(|(_, _, name)| name);
        let first = |text: &str| Text::of(text).whole().first(Kind::Label).map(|(_, _, name)| name);
        assert_eq!(last("予以公开及部分公开"), Some("outcome.disclosed"));
        assert_eq!(last("同意不公开"), Some("outcome.refused"));
        assert_eq!(last("同意部分公开"), Some("outcome.partial"));
        assert_eq!(first("结转下年度继续办理"), Some("requests.carried_out"));
        assert_eq!(last("没有一个"), None);
    }

    #[test]
    fn a_stretch_holds_only_whole_words() {
        let text = Text::of("受理申请5件,行政复议2件");
        let (first, second) = (text.whole().before(13), text.whole().from(13));
        assert_eq!((first.text(), second.text()), ("受理申请5", "件,行政复议2件"));
        assert!(first.has(Kind::Topic, "requests") && !first.has(Kind::Topic, "review"));
        assert_eq!(second.find(Kind::Topic, "review"), Some((10, 16)));
        assert!(!text.whole().before(9).has(Kind::Topic, "requests"), "cut through the word");
    }

    #[test]
    fn every_label_is_an_id() {
        for (_, name) in &lists().labels {
            let virtual_id = crate::schema::catalogue().virtuals.iter().any(|other| other.id == *name);
            let known = crate::schema::catalogue().by_id(name).is_some() || virtual_id;
            assert!(known || ["received", "handled", "skip"].contains(name), "{name}");
        }
    }
}
