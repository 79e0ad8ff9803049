//! The words the language knows: keywords, measures, places, and the bodies of the store.
//!
//! Keywords come from `grammar/lexicon.tsv`, the others from the catalogue, the divisions and the view.

use std::{
    collections::{BTreeSet, HashMap},
    ops::ControlFlow,
    sync::{Arc, OnceLock},
};

use pinyin::{Pinyin, ToPinyinMulti};

use super::words::Words;
use crate::{
    model::Applicant,
    schema::{names, pinyin_begins, places},
    store::View,
    text::fold,
};

/// What kind of word a keyword is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordKind {
    /// `share of`, 占比
    Measure,
    /// `median`
    Statistic,
    /// `check`
    Verb,
    /// `by`
    Clause,
    /// `and`
    Join,
    /// `complete`
    Option,
    /// `all`, 全国
    Place,
    /// `year`
    Dimension,
    /// `town`
    Tier,
    /// `cells`
    Thing,
    /// `top`
    Stage,
    /// `ratio`
    Column,
    /// `identities`
    Rules,
    /// `let`
    Script,
    /// 各项, 至, `at least`: words for a sign.
    Mark,
    /// `from`, 最多: what other languages say here; a message says what this one does.
    Elsewhere,
}

/// A keyword with its forms in both languages; the first of each is printed.
#[derive(Clone, Debug)]
pub struct Keyword {
    /// The word the grammar knows.
    pub word: &'static str,
    /// What it is.
    pub kind: WordKind,
    /// English forms.
    pub en: Vec<&'static str>,
    /// Chinese forms.
    pub zh: Vec<&'static str>,
}

/// Every keyword, in file order.
///
/// # Panics
/// When the embedded file is not what this version expects, which a test rules out.
#[must_use]
pub fn keywords() -> &'static [Keyword] {
    static KEYWORDS: OnceLock<Vec<Keyword>> = OnceLock::new();
    KEYWORDS.get_or_init(|| {
        include_str!("../../grammar/lexicon.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .skip(1)
            .map(|line| keyword(line).expect("the embedded lexicon is valid"))
            .collect()
    })
}

/// The keyword with this canonical word.
#[must_use]
pub fn keyword_of(word: &str) -> Option<&'static Keyword> {
    static INDEX: OnceLock<HashMap<&'static str, usize>> = OnceLock::new();
    let index = INDEX.get_or_init(|| keywords().iter().enumerate().map(|(at, keyword)| (keyword.word, at)).collect());
    index.get(word).and_then(|&at| keywords().get(at))
}

fn keyword(line: &'static str) -> Option<Keyword> {
    let mut fields = line.split('\t');
    let (word, kind, en, zh) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let kind = match kind {
        "measure" => WordKind::Measure,
        "statistic" => WordKind::Statistic,
        "verb" => WordKind::Verb,
        "clause" => WordKind::Clause,
        "join" => WordKind::Join,
        "option" => WordKind::Option,
        "place" => WordKind::Place,
        "dimension" => WordKind::Dimension,
        "tier" => WordKind::Tier,
        "thing" => WordKind::Thing,
        "stage" => WordKind::Stage,
        "column" => WordKind::Column,
        "rules" => WordKind::Rules,
        "script" => WordKind::Script,
        "mark" => WordKind::Mark,
        "elsewhere" => WordKind::Elsewhere,
        _ => return None,
    };
    let forms = |field: &'static str| field.split('|').filter(|form| !form.is_empty()).collect();
    Some(Keyword { word, kind, en: forms(en), zh: forms(zh) })
}

/// What a word may be. A word can be several things; the grammar decides by where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// A keyword, by its number in [`keywords`].
    pub keyword: Option<u32>,
    /// Something that can be measured.
    pub measure: bool,
    /// A division or a body.
    pub place: bool,
    /// A column of table 3, or several under one heading.
    pub applicant: bool,
}

impl Class {
    /// Whether the word is known at all.
    #[must_use]
    pub fn known(self) -> bool {
        self.keyword.is_some() || self.measure || self.place || self.applicant
    }

    fn add(&mut self, tag: u32) {
        match tag {
            MEASURE => self.measure = true,
            PLACE => self.place = true,
            APPLICANT => self.applicant = true,
            number => self.keyword = Some(number),
        }
    }
}

const MEASURE: u32 = u32::MAX;
const PLACE: u32 = u32::MAX - 1;
const APPLICANT: u32 = u32::MAX - 2;

/// Every word a text may use: the fixed ones, the bodies of a view, and the measures a script defines.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    view: View,
    /// Each name of a body, and which letters its pinyin may begin with; made when it is first asked for.
    sounds: Arc<OnceLock<Vec<(Sound, String)>>>,
    /// Measures by `let`, as defined so far.
    own: BTreeSet<String>,
}

impl Lexicon {
    /// The words for texts about a view. Names of bodies are read when a text has a word that may be one.
    #[must_use]
    pub fn of(view: &View) -> Self {
        Self { view: view.clone(), ..Self::default() }
    }

    /// Adds the name of a measure defined by `let`.
    pub fn define(&mut self, name: &str) {
        self.own.insert(name.to_owned());
    }

    /// Whether a script has defined this measure.
    #[must_use]
    pub fn defines(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// What a word may be.
    #[must_use]
    pub fn class(&self, word: &str) -> Class {
        let mut class = Class::default();
        fixed().get(word).for_each(|tag| class.add(tag));
        class.place |= places().has_name(word) || self.view.words().has(word);
        class.measure |= self.own.contains(word);
        class
    }

    /// The numbers of the bodies that a word names, by whole name or by a segment of the path.
    #[must_use]
    pub fn bodies(&self, word: &str) -> Vec<usize> {
        self.view.words().get(word)
    }

    /// The numbers of at most `most` bodies with a name that begins with `start`.
    pub(crate) fn bodies_beginning(&self, start: &str, most: usize) -> Vec<usize> {
        let mut found = Vec::new();
        self.view.words().beginning(start, |_, numbers| {
            found.extend(numbers.iter().copied().take(most - found.len()));
            if found.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        found
    }

    /// The numbers of at most `most` bodies whose name may begin with what was typed in pinyin.
    pub(crate) fn bodies_by_sound(&self, typed: &str, most: usize) -> Vec<usize> {
        let wanted = Sound::typed(typed);
        let mut found = Vec::new();
        let sounds =
            self.sounds.get_or_init(|| self.names().into_iter().map(|name| (Sound::of(&name), name)).collect());
        for (_, name) in sounds.iter().filter(|(sound, _)| sound.may_begin(wanted)).take(SPELLED) {
            if pinyin_begins(name, typed) {
                let new = self.bodies(name).into_iter().filter(|number| !found.contains(number));
                found.extend(new.take(most - found.len()).collect::<Vec<_>>());
                if found.len() == most {
                    break;
                }
            }
        }
        found
    }

    /// Every name of a body, in byte order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(self.view.words().len());
        self.view.words().beginning("", |name, _| {
            names.push(name.to_owned());
            ControlFlow::Continue(())
        });
        names
    }

    /// Makes now what completion and colours would make when they first need it: the names of all bodies in order, and
    /// how they sound. A prompt calls it on a thread of its own, so that no keystroke waits for it.
    pub fn warm(&self) {
        self.bodies_by_sound("a", 1);
        // The bodies of a chunk are unpacked together.
        for chunk in 0..self.view.chunks() {
            let _ = self.view.body(self.view.chunk_bodies(chunk).start);
        }
        let _ = places().complete("a");
    }

    /// Calls `found` with the length of every known word that `text` begins with, and what it may be.
    pub(crate) fn prefixes(&self, text: &str, mut found: impl FnMut(usize, Class)) {
        let mut add = |len, tag| {
            let mut class = Class::default();
            class.add(tag);
            found(len, class);
        };
        fixed().prefixes(text, &mut add);
        places().prefixes(text).for_each(|len| add(len, PLACE));
        self.view.words().prefixes(text, |len| add(len, PLACE));
        for name in self.own.iter().filter(|name| text.starts_with(name.as_str())) {
            add(name.len(), MEASURE);
        }
    }

    /// The longest name of a body that `text` begins with and that is not Han throughout (第12345热线中心).
    pub(crate) fn mixed_body(&self, text: &str) -> Option<usize> {
        let mut longest = None;
        self.view.words().prefixes(text, |len| {
            let word = text.get(..len).unwrap_or_default();
            if !word.chars().all(crate::text::is_han) && word.chars().any(crate::text::is_han) {
                longest = Some(len);
            }
        });
        longest
    }
}

/// So many names are spelled out for one key at most: what is offered is a help, and a key must not wait for it.
const SPELLED: usize = 10_000;

/// The letters that the first three of a name in pinyin may be, as sets: full syllables and initials alike.
#[derive(Clone, Copy, Debug)]
struct Sound {
    first: u32,
    second: u32,
    third: u32,
}

impl Sound {
    fn of(name: &str) -> Self {
        let mut characters = name.chars();
        let readings = |character: Option<char>| {
            character.and_then(|character| character.to_pinyin_multi()).into_iter().flatten().map(Pinyin::plain)
        };
        let mut sound = Self { first: 0, second: 0, third: 0 };
        for syllable in readings(characters.next()) {
            let mut letters = syllable.bytes();
            sound.first |= bit(letters.next());
            sound.second |= bit(letters.next());
            sound.third |= bit(letters.next());
        }
        for syllable in readings(characters.next()) {
            let mut letters = syllable.bytes();
            // After one letter of the first syllable, or after two.
            let initial = bit(letters.next());
            sound.second |= initial;
            sound.third |= initial | bit(letters.next());
        }
        for syllable in readings(characters.next()) {
            sound.third |= bit(syllable.bytes().next());
        }
        sound
    }

    fn typed(typed: &str) -> Self {
        let mut letters = typed.bytes();
        Self { first: bit(letters.next()), second: bit(letters.next()), third: bit(letters.next()) }
    }

    fn may_begin(self, typed: Self) -> bool {
        self.first & typed.first != 0
            && (typed.second == 0 || self.second & typed.second != 0)
            && (typed.third == 0 || self.third & typed.third != 0)
    }
}

fn bit(letter: Option<u8>) -> u32 {
    match letter {
        Some(letter @ b'a'..=b'z') => 1 << (letter - b'a'),
        _ => 0,
    }
}

/// Keywords, measures and applicants: the same for every store, as divisions are, of which the schema has an index.
fn fixed() -> &'static Words {
    static FIXED: OnceLock<Words> = OnceLock::new();
    FIXED.get_or_init(|| {
        let mut words = Words::default();
        for (number, keyword) in (0..).zip(keywords()) {
            let forms = keyword.en.iter().chain(&keyword.zh).filter(|form| !form.contains(' '));
            forms.for_each(|form| words.add(form, number));
        }
        for (word, _) in names().words() {
            // A lone numeral (一) is a number in the form only where it stands alone, so it is no word.
            let folded = fold(word);
            for form in [word, folded.text()] {
                if form.chars().nth(1).is_some() {
                    words.add(form, MEASURE);
                }
            }
        }
        columns()
            .iter()
            .flat_map(Columns::forms)
            .filter(|form| !form.contains(' '))
            .for_each(|word| words.add(word, APPLICANT));
        words
    })
}

/// A word for columns of table 3: one of them, or those that stand under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Its id, which is its English word.
    pub id: &'static str,
    /// The columns, in their order.
    pub applicants: Vec<Applicant>,
    /// Its other words; the first is printed in Chinese.
    pub words: Vec<&'static str>,
}

impl Columns {
    /// Its id, then its other words.
    pub fn forms(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.id).chain(self.words.iter().copied())
    }
}

/// The words for columns of table 3, in file order.
///
/// # Panics
/// When the embedded file is not what this version expects, which a test rules out.
#[must_use]
pub fn columns() -> &'static [Columns] {
    static COLUMNS: OnceLock<Vec<Columns>> = OnceLock::new();
    COLUMNS.get_or_init(|| {
        include_str!("../../grammar/applicants.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let mut fields = line.split('\t');
                let (id, words) = (fields.next()?, fields.next()?);
                let ids: Vec<&str> = fields.next().unwrap_or(id).split(' ').collect();
                let applicants: Vec<Applicant> =
                    Applicant::ALL.into_iter().filter(|applicant| ids.contains(&applicant.id())).collect();
                (applicants.len() == ids.len()).then_some(Columns { id, applicants, words: words.split('|').collect() })
            })
            .collect::<Option<_>>()
            .expect("the embedded columns are valid")
    })
}

/// The columns of table 3 that a word names.
#[must_use]
pub fn columns_of(word: &str) -> Option<&'static Columns> {
    columns().iter().find(|columns| columns.forms().any(|form| form == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_one_keyword_each() {
        let mut seen = HashMap::new();
        for keyword in keywords() {
            for form in keyword.en.iter().chain(&keyword.zh) {
                assert!(seen.insert(*form, keyword.word).is_none(), "{form}");
            }
            assert!(!keyword.en.is_empty() || keyword.kind == WordKind::Mark, "{}", keyword.word);
        }
    }

    #[test]
    fn classes() {
        let lexicon = Lexicon::default();
        assert!(lexicon.class("不掌握").measure && lexicon.class("not_held").measure);
        assert!(lexicon.class("万柏林区").place && lexicon.class("太原市万柏林区").place);
        assert!(lexicon.class("自然人").applicant && lexicon.class("natural").applicant);
        assert!(lexicon.class("占比").keyword.is_some());
        assert!(!lexicon.class("不掌屋").known());
    }
}
