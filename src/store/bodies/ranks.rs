//! What is known of bodies without their names. The bodies of one division follow each other, so the division is kept
//! once for all of them.

use std::ops::{Range, RangeInclusive};

use serde::{Deserialize, Serialize};

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

/// Bodies of one division, one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: u32,
    /// Their numbers.
    pub bodies: Range<usize>,
    /// Whether the first of them is its government; only the first can be.
    pub government: bool,
}

/// The ranks of all bodies of a view, by number.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ranks {
    /// Code of a division and number of its first body, both rising.
    divisions: Vec<(u32, usize)>,
    /// By body: the code of its kind, and [`GOVERNMENT`].
    kinds: Vec<u8>,
}

/// Set in the code of the kind of a government.
const GOVERNMENT: u8 = 0x80;

impl Ranks {
    /// Adds the body that follows in path order.
    ///
    /// # Errors
    /// `Damaged` when path or kind are none, or the path does not follow.
    pub fn add(&mut self, path: &str, kind: u8) -> Result<()> {
        let rank = of(path, kind)?;
        self.divide(rank.code)?;
        self.kinds.push(kind | if rank.government { GOVERNMENT } else { 0 });
        Ok(())
    }

    /// Begins a division where the code is another than before.
    fn divide(&mut self, code: u32) -> Result<()> {
        match self.divisions.last() {
            Some(&(last, _)) if last == code => {}
            Some(&(last, _)) if last > code => return Err(disorder()),
            _ => self.divisions.push((code, self.kinds.len())),
        }
        Ok(())
    }

    /// How many bodies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The rank of a body.
    #[must_use]
    pub fn get(&self, body: usize) -> Option<Rank> {
        let after = self.divisions.partition_point(|&(_, first)| first <= body);
        let &(code, _) = self.divisions.get(after.checked_sub(1)?)?;
        rank(code, *self.kinds.get(body)?)
    }

    /// The rank of a body whose division is known.
    #[must_use]
    pub fn inside(&self, division: &Division, body: usize) -> Option<Rank> {
        rank(division.code, *self.kinds.get(body)?)
    }

    /// The numbers of the bodies whose division code lies in a range.
    #[must_use]
    pub fn coded(&self, codes: RangeInclusive<u32>) -> Range<usize> {
        let first = |at: usize| self.divisions.get(at).map_or(self.len(), |&(_, first)| first);
        let start = self.divisions.partition_point(|(code, _)| code < codes.start());
        let end = self.divisions.partition_point(|(code, _)| code <= codes.end());
        first(start)..first(end.max(start))
    }

    /// The divisions of a range of bodies, cut off at its ends.
    pub fn divisions(&self, bodies: Range<usize>) -> impl Iterator<Item = Division> {
        let end = bodies.end.min(self.len());
        let before = self.divisions.partition_point(|&(_, first)| first <= bodies.start);
        let ends = self.divisions.iter().skip(before).map(|&(_, first)| first).chain([self.len()]);
        let all = self.divisions.iter().skip(before.saturating_sub(1)).zip(ends);
        all.take_while(move |((_, first), _)| *first < end)
            .map(move |(&(code, first), after)| {
                let inside = first.max(bodies.start)..after.min(end);
                let government = self.kinds.get(inside.start).is_some_and(|kind| kind & GOVERNMENT != 0);
                Division { code, bodies: inside, government }
            })
            .filter(|division| !division.bodies.is_empty())
    }

    /// The ranks of a range of bodies, in order.
    pub fn each(&self, bodies: Range<usize>) -> impl Iterator<Item = Rank> {
        self.divisions(bodies).flat_map(|Division { code, bodies, .. }| {
            self.kinds.get(bodies).unwrap_or_default().iter().filter_map(move |&kind| rank(code, kind))
        })
    }
}

/// The rank of a path and a code of a kind.
fn of(path: &str, kind: u8) -> Result<Rank> {
    let digits = path.as_bytes().iter().take(6).filter(|byte| byte.is_ascii_digit());
    if digits.clone().count() < 6 {
        return Err(Error::new(ErrorKind::Damaged, "store.no_path").with("path", path));
    }
    let code = digits.fold(0, |code, digit| code * 10 + u32::from(digit - b'0'));
    Ok(Rank { code, kind: record::kind(kind)?, government: path.len() == 6 })
}

/// A rank by what is kept of it, which was looked at when it was read.
fn rank(code: u32, kind: u8) -> Option<Rank> {
    let known = record::kind(kind & !GOVERNMENT).ok()?;
    Some(Rank { code, kind: known, government: kind & GOVERNMENT != 0 })
}

fn disorder() -> Error {
    Error::new(ErrorKind::Damaged, "store.dictionary_order")
}

/// Ranks of bodies in path order.
#[derive(Serialize, Deserialize)]
struct RanksV1<'a> {
    /// How far each division code lies from the one before, and how many bodies have it.
    codes: Vec<(u32, u32)>,
    /// By body.
    #[serde(borrow)]
    kinds: &'a [u8],
}

/// The bytes of ranks.
///
/// # Errors
/// `Limit` when there are too many.
pub fn write_ranks(ranks: &Ranks) -> Result<Vec<u8>> {
    let mut before = 0;
    let codes = ranks.divisions(0..ranks.len()).map(|Division { code, bodies, .. }| {
        let step = code - std::mem::replace(&mut before, code);
        (step, u32::try_from(bodies.len()).unwrap_or(u32::MAX))
    });
    codec::encode(1, &RanksV1 { codes: codes.collect(), kinds: &ranks.kinds }, FRAME)
}

/// The ranks that these bytes say.
///
/// # Errors
/// `Damaged` when they are not whole.
pub fn read_ranks(bytes: &[u8]) -> Result<Ranks> {
    let RanksV1 { codes, kinds } = codec::decode(1, bytes, FRAME)?;
    let mut divisions = Vec::with_capacity(codes.len());
    let (mut code, mut first) = (0_u32, 0_usize);
    for (step, count) in codes {
        code = code.checked_add(step).filter(|_| (step > 0 || first == 0) && count > 0).ok_or_else(disorder)?;
        divisions.push((code, first));
        first = first.checked_add(count as usize).ok_or_else(disorder)?;
    }
    let known: [bool; 256] =
        std::array::from_fn(|code| u8::try_from(code).is_ok_and(|code| record::kind(code & !GOVERNMENT).is_ok()));
    if let Some(bad) = kinds.iter().find(|kind| !known.get(usize::from(**kind)).copied().unwrap_or(false)) {
        record::kind(bad & !GOVERNMENT)?;
    }
    let ranks = Ranks { divisions, kinds: kinds.to_vec() };
    let governs = |kind: &u8| kind & GOVERNMENT != 0;
    let others = |of: Division| ranks.kinds.get(of.bodies).into_iter().flatten().skip(1);
    let sound = first == ranks.len() && !ranks.divisions(0..first).flat_map(others).any(governs);
    if sound { Ok(ranks) } else { Err(disorder()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(paths: &[&str]) -> Ranks {
        let mut ranks = Ranks::default();
        paths.iter().zip([1, 2, 1, 3, 4, 1]).for_each(|(path, kind)| ranks.add(path, kind).unwrap());
        ranks
    }

    const PATHS: [&str; 6] = ["110000", "110000/财政局", "110101", "110101/镇/某镇", "110101/镇/某镇/站", "650000"];

    #[test]
    fn ranks_come_back() {
        let ranks = ranks(&PATHS);
        assert_eq!(ranks.get(0).map(|rank| (rank.code, rank.government)), Some((110_000, true)));
        assert_eq!(ranks.get(4).map(|rank| (rank.code, rank.government)), Some((110_101, false)));
        assert_eq!(ranks.get(6), None);
        let bytes = write_ranks(&ranks).unwrap();
        assert_eq!(read_ranks(&bytes).unwrap(), ranks);
        assert!(read_ranks(bytes.get(..bytes.len() - 1).unwrap()).is_err());
        assert_eq!(write_ranks(&Ranks::default()).and_then(|bytes| read_ranks(&bytes)).unwrap(), Ranks::default());
        assert!(Ranks::default().add("1101/财政局", 2).is_err());
        assert!(self::ranks(&PATHS).add("110000/税务局", 2).is_err(), "it does not follow");
    }

    #[test]
    fn divisions_are_cut_where_the_range_ends() {
        let ranks = ranks(&PATHS);
        let of = |bodies: Range<usize>| {
            ranks.divisions(bodies).map(|one| (one.code, one.bodies, one.government)).collect::<Vec<_>>()
        };
        assert_eq!(of(0..6), [(110_000, 0..2, true), (110_101, 2..5, true), (650_000, 5..6, true)]);
        assert_eq!(of(1..4), [(110_000, 1..2, false), (110_101, 2..4, true)]);
        assert_eq!(of(3..5), [(110_101, 3..5, false)]);
        assert_eq!(of(2..2), []);
        assert_eq!(of(5..9), [(650_000, 5..6, true)]);
        assert_eq!(ranks.each(1..5).collect::<Vec<_>>(), (1..5).filter_map(|at| ranks.get(at)).collect::<Vec<_>>());
        assert_eq!(
            [ranks.coded(110_000..=110_100), ranks.coded(110_101..=650_000), ranks.coded(1..=2)],
            [0..2, 2..6, 0..0]
        );
    }
}
