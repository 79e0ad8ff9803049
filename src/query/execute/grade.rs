//! How well a measure joins the two forms, and which table it stands in (DOMAIN section 5).

use super::{
    super::plan::{Member, Sum, TermKind},
    calc::parts,
};
use crate::{
    model::{CategoryCode, Table},
    schema::{Comparability, catalogue},
};

/// The join of the 2019 and the 2021 form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// Joins freely.
    #[default]
    Same,
    /// Joins with a note.
    Near,
    /// One of the forms has no such cell.
    Broken,
}

/// The worst grade of what a member is made of.
pub(crate) fn grade(kind: TermKind, member: &Member) -> Grade {
    codes(kind, member)
        .filter_map(|code| catalogue().get(code))
        .map(|known| match known.comparability {
            Some(Comparability::Near) => Grade::Near,
            Some(Comparability::Only2019 | Comparability::Only2021) => Grade::Broken,
            Some(Comparability::Same | Comparability::SameAsSum) | None => Grade::Same,
        })
        .max()
        .unwrap_or_default()
}

/// The tables a member is read from, in order, each once.
pub(crate) fn tables(kind: TermKind, member: &Member) -> Vec<Table> {
    let mut tables: Vec<Table> =
        codes(kind, member).filter_map(|code| catalogue().get(code)).filter_map(|known| known.table).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

fn codes(kind: TermKind, member: &Member) -> impl Iterator<Item = CategoryCode> + '_ {
    let of = |sum: &Sum| sum.0.iter().map(|part| part.category).collect::<Vec<_>>();
    let (above, below) = parts(kind, member);
    of(above).into_iter().chain(below.and_then(std::result::Result::ok).map(of).unwrap_or_default())
}
