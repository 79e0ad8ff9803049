//! What is known of a body without its name: enough to choose bodies and to group them.

use serde::Deserialize;

use crate::{
    error::{Error, ErrorKind, Result},
    model::BodyKind,
    store::{
        codec::{self, FRAME},
        record,
    },
};

/// A body without its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Its division code as a number, which sorts as the text does.
    pub code: u32,
    /// What it is.
    pub kind: BodyKind,
    /// Whether it is the government of its division.
    pub government: bool,
}

/// A piece of a dictionary where it lies: the same bytes as the chunk's own `PieceV1`, nothing copied.
#[derive(Deserialize)]
struct Piece<'a> {
    piece: u16,
    #[serde(borrow)]
    bodies: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    path: &'a str,
    name: &'a str,
    kind: u8,
}

/// Calls `found` with path, name and code of the kind of every body of a piece.
///
/// # Errors
/// `Damaged` when it is not this piece.
pub fn entries(raw: &[u8], number: u16, mut found: impl FnMut(&str, &str, u8) -> Result<()>) -> Result<()> {
    let value: Piece = codec::decode(1, raw, FRAME)?;
    if value.piece != number {
        return Err(Error::new(ErrorKind::Damaged, "store.dictionary_cut"));
    }
    value.bodies.iter().try_for_each(|body| found(body.path, body.name, body.kind))
}

/// The bodies of a chunk without their names, and of the names as much as tells whether they need be read.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    /// In path order.
    pub all: Vec<Rank>,
    /// What the names of those begin with that are not governments.
    pub initials: Initials,
    /// The names of the governments.
    pub governments: Vec<String>,
}

impl Ranks {
    /// Appends the bodies of a piece.
    ///
    /// # Errors
    /// `Damaged` when it is not this piece, or a path does not begin with a code.
    pub fn read(&mut self, raw: &[u8], number: u16) -> Result<()> {
        entries(raw, number, |path, name, kind| {
            let digits = path.as_bytes().iter().take(6).filter(|byte| byte.is_ascii_digit());
            if digits.clone().count() < 6 {
                return Err(Error::new(ErrorKind::Damaged, "store.no_path").with("path", path));
            }
            let code = digits.fold(0, |code, digit| code * 10 + u32::from(digit - b'0'));
            let government = path.len() == 6;
            self.all.push(Rank { code, kind: record::kind(kind)?, government });
            if government {
                self.governments.push(name.to_owned());
            } else {
                path.split('/').skip(1).chain([name]).for_each(|word| self.initials.add(word));
            }
            Ok(())
        })
    }
}

/// Characters that words begin with, as a set.
#[derive(Clone, Debug)]
pub struct Initials(Vec<u64>);

impl Default for Initials {
    fn default() -> Self {
        Self(vec![0; 1024])
    }
}

impl Initials {
    /// The place of a character; those beyond the first 65,536 share one.
    fn place(character: char) -> (usize, u64) {
        let number = u16::try_from(u32::from(character)).unwrap_or(0);
        (usize::from(number / 64), 1 << (number % 64))
    }

    /// Adds the first character of a word.
    pub fn add(&mut self, word: &str) {
        let Some((at, bit)) = word.chars().next().map(Self::place) else { return };
        if let Some(bits) = self.0.get_mut(at) {
            *bits |= bit;
        }
    }

    /// Adds those of another set.
    pub fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(bits, more)| *bits |= more);
    }

    /// Whether a word begins with this character; seldom true although none does.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        let (at, bit) = Self::place(character);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }
}
