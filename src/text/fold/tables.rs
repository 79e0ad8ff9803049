//! What each character becomes when it is folded.

use std::{collections::HashMap, sync::OnceLock};

use unicode_normalization::char::decompose_compatible;

/// What becomes of a character.
pub(super) enum Fold {
    Same,
    To(char),
    /// A word may begin here that is folded as a whole.
    Word,
    Compatible,
    Nothing,
}

pub(super) struct Tables {
    /// Simplified form of U+3400..U+9FFF by offset; `\0` where it is its own.
    han: Vec<char>,
    radicals: HashMap<char, char>,
    /// Words that are folded as a whole, and what they become.
    pub(super) words: Vec<(&'static str, &'static str)>,
}

/// Stands in [`plane`] where more than the character decides.
const ASK: char = '\0';
const FIRST_HAN: u32 = 0x3400;
const LAST_HAN: u32 = 0x9fff;

impl Tables {
    /// What the character becomes, if it alone decides; out of the plane where there is one.
    pub(super) fn alone(&self, plane: Option<&Plane>, character: char) -> Option<char> {
        let to = match plane {
            Some(plane) => plane.becomes(character),
            None => self.single(character),
        };
        (to != ASK).then_some(to)
    }

    pub(super) fn compatible(&self, character: char) -> String {
        let mut plain = String::new();
        // What it is made of may be written otherwise too: ｣ is 」, which is a quotation mark.
        decompose_compatible(character, |part| match self.fold(part) {
            Fold::To(other) => plain.push(other),
            Fold::Nothing => {}
            _ => plain.push(self.han(part)),
        });
        plain
    }

    /// What one character becomes, or [`ASK`].
    fn single(&self, character: char) -> char {
        match self.fold(character) {
            _ if matches!(character, '(' | '（') => ASK,
            Fold::Same => character,
            Fold::To(other) => other,
            Fold::Compatible => {
                let plain = self.compatible(character);
                let mut parts = plain.chars();
                parts.next().filter(|_| parts.next().is_none()).unwrap_or(ASK)
            }
            Fold::Word | Fold::Nothing => ASK,
        }
    }

    pub(super) fn fold(&self, character: char) -> Fold {
        match character {
            '\u{3400}'..='\u{9fff}' => match self.han.get((u32::from(character) - FIRST_HAN) as usize) {
                Some('\0') | None => Fold::Same,
                Some(_) if self.words.iter().any(|(word, _)| word.starts_with(character)) => Fold::Word,
                Some(&other) => Fold::To(other),
            },
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Fold::To(' '),
            '\u{85}' | '\u{2028}' | '\u{2029}' => Fold::To('\n'),
            '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' => Fold::Nothing,
            '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' | '〝' | '〞' => Fold::To('"'),
            '‘' | '’' | '‚' | '‛' => Fold::To('\''),
            '−' | '‐' | '‑' => Fold::To('-'),
            '\u{2e80}'..='\u{2fdf}' => self.radicals.get(&character).map_or(Fold::Same, |&other| Fold::To(other)),
            '\u{2100}'..='\u{214f}'
            | '\u{2160}'..='\u{2188}'
            | '\u{2474}'..='\u{249b}'
            | '\u{3200}'..='\u{33ff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ffee}' => Fold::Compatible,
            _ => Fold::Same,
        }
    }

    pub(super) fn han(&self, character: char) -> char {
        let at = u32::from(character).checked_sub(FIRST_HAN).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.han.get(at)).copied().filter(|&other| other != '\0').unwrap_or(character)
    }
}

/// What each character of the basic plane becomes by itself, [`ASK`] where more than the character decides.
pub(super) struct Plane {
    to: Vec<char>,
    /// One bit a character: whether it stays as it is. The bits of a text's characters lie close together, what they
    /// become does not.
    kept: Vec<u64>,
}

static PLANE: OnceLock<Plane> = OnceLock::new();

impl Plane {
    pub(super) fn keeps(&self, character: char) -> bool {
        let code = u32::from(character);
        let at = usize::try_from(code / 64).unwrap_or(usize::MAX);
        self.kept.get(at).is_none_or(|bits| bits >> (code % 64) & 1 == 1)
    }

    fn becomes(&self, character: char) -> char {
        let at = usize::try_from(u32::from(character)).unwrap_or(usize::MAX);
        self.to.get(at).copied().unwrap_or(character)
    }
}

/// The plane if it is made.
pub(super) fn made() -> Option<&'static Plane> {
    PLANE.get()
}

/// The plane; making it takes as long as folding a long text.
pub(super) fn plane() -> &'static Plane {
    PLANE.get_or_init(|| {
        let tables = tables();
        let single = |code| char::from_u32(code).map_or(ASK, |character| tables.single(character));
        let to: Vec<char> = (0..=0xffff).map(single).collect();
        let mut kept = vec![0; to.len() / 64];
        for (code, &other) in (0_u32..).zip(&to) {
            if other != ASK
                && u32::from(other) == code
                && let Some(bits) = kept.get_mut(usize::try_from(code / 64).unwrap_or(usize::MAX))
            {
                *bits |= 1 << (code % 64);
            }
        }
        Plane { to, kept }
    })
}

/// What the embedded file says.
pub(super) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut han = vec!['\0'; (LAST_HAN - FIRST_HAN + 1) as usize];
        let mut radicals = HashMap::new();
        let mut words = Vec::new();
        let mut set =
            |from: char, to: char| match u32::from(from).checked_sub(FIRST_HAN).and_then(|at| han.get_mut(at as usize))
            {
                Some(place) => *place = to,
                None => drop(radicals.insert(from, to)),
            };
        for (simplified, others) in include_str!("../data/script.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
        {
            for other in others.split(' ') {
                let mut characters = other.chars();
                match (characters.next(), characters.next(), simplified.chars().next()) {
                    (Some(from), None, Some(to)) => set(from, to),
                    (Some(_), Some(_), _) => words.push((other, simplified)),
                    _ => {}
                }
            }
        }
        // A word may begin with a character that is folded to itself (等於).
        for first in words.iter().filter_map(|(word, _): &(&str, &str)| word.chars().next()) {
            if let Some(place) = u32::from(first).checked_sub(FIRST_HAN).and_then(|at| han.get_mut(at as usize))
                && *place == '\0'
            {
                *place = first;
            }
        }
        Tables { han, radicals, words }
    })
}
