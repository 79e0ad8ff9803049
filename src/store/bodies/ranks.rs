//! What is known of a body without its name.

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

impl Rank {
    /// The rank of a path and a code of a kind.
    ///
    /// # Errors
    /// `Damaged` when they are none.
    pub fn of(path: &str, kind: u8) -> Result<Self> {
        let digits = path.as_bytes().iter().take(6).filter(|byte| byte.is_ascii_digit());
        if digits.clone().count() < 6 {
            return Err(Error::new(ErrorKind::Damaged, "store.no_path").with("path", path));
        }
        let code = digits.fold(0, |code, digit| code * 10 + u32::from(digit - b'0'));
        Ok(Self { code, kind: record::kind(kind)?, government: path.len() == 6 })
    }
}

/// Set in the code of the kind of a government.
const GOVERNMENT: u8 = 0x80;

/// Ranks of bodies in path order.
#[derive(Serialize, Deserialize)]
struct RanksV1 {
    /// How far each division code lies from the one before, and how many bodies have it.
    codes: Vec<(u32, u32)>,
    /// By body.
    kinds: Vec<u8>,
}

/// The bytes of ranks, which are in path order.
///
/// # Errors
/// `Limit` when there are too many.
pub fn write_ranks(ranks: &[Rank]) -> Result<Vec<u8>> {
    let mut before = 0;
    let codes = ranks.chunk_by(|a, b| a.code == b.code).filter_map(|same| {
        let code = same.first()?.code;
        let step = code - std::mem::replace(&mut before, code);
        Some((step, u32::try_from(same.len()).unwrap_or(u32::MAX)))
    });
    let codes = codes.collect();
    let kind = |rank: &Rank| record::kind_code(rank.kind) | if rank.government { GOVERNMENT } else { 0 };
    codec::encode(1, &RanksV1 { codes, kinds: ranks.iter().map(kind).collect() }, FRAME)
}

/// The ranks that these bytes say.
///
/// # Errors
/// `Damaged` when they are not whole.
pub fn read_ranks(bytes: &[u8]) -> Result<Vec<Rank>> {
    let RanksV1 { codes, kinds } = codec::decode(1, bytes, FRAME)?;
    let damaged = || Error::new(ErrorKind::Damaged, "store.dictionary_order");
    let mut ranks = Vec::with_capacity(kinds.len());
    let mut kinds = kinds.into_iter();
    let mut code = 0_u32;
    for (step, count) in codes {
        code = code.checked_add(step).ok_or_else(damaged)?;
        for kind in kinds.by_ref().take(count as usize) {
            let government = kind & GOVERNMENT != 0;
            ranks.push(Rank { code, kind: record::kind(kind & !GOVERNMENT)?, government });
        }
    }
    if kinds.next().is_some() { Err(damaged()) } else { Ok(ranks) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_come_back() {
        let paths = ["110000", "110000/财政局", "110101", "110101/镇/某镇", "110101/镇/某镇/站", "650000"];
        let ranks: Vec<Rank> =
            paths.iter().zip([1, 2, 1, 3, 4, 1]).map(|(path, kind)| Rank::of(path, kind).unwrap()).collect();
        assert_eq!(ranks.first().map(|rank| (rank.code, rank.government)), Some((110_000, true)));
        let bytes = write_ranks(&ranks).unwrap();
        assert_eq!(read_ranks(&bytes).unwrap(), ranks);
        assert!(read_ranks(bytes.get(..bytes.len() - 1).unwrap()).is_err());
        assert!(write_ranks(&[]).and_then(|bytes| read_ranks(&bytes)).unwrap().is_empty());
        assert!(Rank::of("1101/财政局", 2).is_err());
    }
}
