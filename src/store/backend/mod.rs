//! The seam to the engine of the keyed layer: ordered trees of bytes. Nothing above this folder names an engine.

#[cfg(test)]
mod memory;
mod sled;

use std::ops::Bound;

#[cfg(test)]
pub use memory::Memory;
pub use sled::{Sled, wait_until_released};

use crate::error::Result;

/// The trees of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tree {
    /// Readings not yet sealed, by (body, year, category).
    Inbox,
    /// Reports not yet sealed, by (body, year).
    Reports,
    /// Sealed columns, by (slot, year, chunk).
    Columns,
    /// Names and numbers of the store itself.
    Meta,
}

impl Tree {
    /// Every tree.
    pub const ALL: [Self; 4] = [Self::Inbox, Self::Reports, Self::Columns, Self::Meta];

    fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Reports => "reports",
            Self::Columns => "columns",
            Self::Meta => "meta",
        }
    }
}

/// One key with its value.
pub type Pair = (Vec<u8>, Vec<u8>);
/// One change: a key with its new value, or none to remove it.
pub type Change = (Vec<u8>, Option<Vec<u8>>);
/// A range of keys.
pub type KeyRange = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// An engine: atomic batches per tree, ordered scans, and a flush after which everything is durable.
pub trait Backend: std::fmt::Debug + Send + Sync {
    /// The value of a key.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the engine cannot read it.
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>>;
    /// Makes all changes of one tree, or none of them.
    ///
    /// # Errors
    /// `Io` when the engine cannot write.
    fn put_batch(&self, tree: Tree, changes: Vec<Change>) -> Result<()>;
    /// Every pair of a range, in key order.
    fn scan(&self, tree: Tree, range: KeyRange) -> Box<dyn Iterator<Item = Result<Pair>> + '_>;
    /// Every pair of a range, in the opposite order: a part of the seam that every engine must have.
    #[cfg_attr(not(test), expect(dead_code, reason = "the newest of a key is found so by engines to come"))]
    fn scan_back(&self, tree: Tree, range: KeyRange) -> Box<dyn Iterator<Item = Result<Pair>> + '_>;
    /// Makes everything written so far durable.
    ///
    /// # Errors
    /// `Io` when the operating system refuses.
    fn flush(&self) -> Result<()>;
    /// The number of keys of a tree: a part of the seam like the one above.
    ///
    /// # Errors
    /// `Damaged` or `Io` when the engine cannot tell.
    #[cfg_attr(not(test), expect(dead_code, reason = "for engines to come"))]
    fn len(&self, tree: Tree) -> Result<usize>;
}

/// The range of all keys.
#[must_use]
pub fn everything() -> KeyRange {
    (Bound::Unbounded, Bound::Unbounded)
}

/// The range of keys that begin so.
#[cfg(test)]
#[must_use]
pub fn prefix(bytes: &[u8]) -> KeyRange {
    let mut end = bytes.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return (Bound::Included(bytes.to_vec()), Bound::Excluded(end));
        }
    }
    (Bound::Included(bytes.to_vec()), Bound::Unbounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What every engine must do; run on each.
    fn conforms(backend: &dyn Backend) {
        let put = |key: &[u8], value: &[u8]| (key.to_vec(), Some(value.to_vec()));
        backend.put_batch(Tree::Inbox, vec![put(b"b", b"2"), put(b"a", b"1"), put(b"a\xff", b"3")]).unwrap();
        backend.put_batch(Tree::Meta, vec![put(b"a", b"other")]).unwrap();
        backend.put_batch(Tree::Inbox, vec![put(b"b", b"22"), (b"absent".to_vec(), None)]).unwrap();
        assert_eq!(backend.get(Tree::Inbox, b"a").unwrap().as_deref(), Some(&b"1"[..]));
        assert_eq!(backend.get(Tree::Meta, b"a").unwrap().as_deref(), Some(&b"other"[..]));
        assert_eq!(backend.get(Tree::Inbox, b"c").unwrap(), None);
        let keys = |pairs: Box<dyn Iterator<Item = Result<Pair>> + '_>| -> Vec<Vec<u8>> {
            pairs.map(|pair| pair.unwrap().0).collect()
        };
        assert_eq!(keys(backend.scan(Tree::Inbox, everything())), [&b"a"[..], b"a\xff", b"b"]);
        assert_eq!(keys(backend.scan_back(Tree::Inbox, everything())), [&b"b"[..], b"a\xff", b"a"]);
        assert_eq!(keys(backend.scan(Tree::Inbox, prefix(b"a"))), [&b"a"[..], b"a\xff"]);
        assert_eq!(keys(backend.scan(Tree::Inbox, prefix(b"a\xff"))), [&b"a\xff"[..]]);
        backend.put_batch(Tree::Inbox, vec![(b"a".to_vec(), None)]).unwrap();
        backend.flush().unwrap();
        assert_eq!(backend.len(Tree::Inbox).unwrap(), 2);
        assert_eq!(backend.len(Tree::Columns).unwrap(), 0);
    }

    #[test]
    fn memory_conforms() {
        conforms(&Memory::default());
    }

    #[test]
    fn sled_conforms_and_keeps() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sled");
        conforms(&Sled::create(&path).unwrap());
        assert_eq!(Sled::open(&path).unwrap().get(Tree::Inbox, b"b").unwrap().as_deref(), Some(&b"22"[..]));
    }

    #[test]
    fn sled_is_never_created_by_opening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nothing");
        assert!(Sled::open(&path).is_err());
        assert!(!path.exists());
    }
}
