//! An engine in memory: for tests, and as the yardstick of the others.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Backend, Change, KeyRange, Pair, Tree};
use crate::error::Result;

/// Pairs of all trees, in order of tree and key.
type Pairs = BTreeMap<(Tree, Vec<u8>), Vec<u8>>;

/// Ordered trees in memory.
#[derive(Debug, Default)]
pub struct Memory {
    trees: Mutex<Pairs>,
}

impl Memory {
    fn trees(&self) -> MutexGuard<'_, Pairs> {
        self.trees.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pairs(&self, tree: Tree, range: &KeyRange) -> Vec<Result<Pair>> {
        use std::ops::RangeBounds;
        let trees = self.trees();
        let of_tree = trees.iter().filter(|((found, key), _)| *found == tree && range.contains(key));
        of_tree.map(|((_, key), value)| Ok((key.clone(), value.clone()))).collect()
    }
}

impl Backend for Memory {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.trees().get(&(tree, key.to_vec())).cloned())
    }

    fn put_batch(&self, tree: Tree, changes: Vec<Change>) -> Result<()> {
        let mut trees = self.trees();
        for (key, value) in changes {
            match value {
                Some(value) => trees.insert((tree, key), value),
                None => trees.remove(&(tree, key)),
            };
        }
        Ok(())
    }

    fn scan(&self, tree: Tree, range: KeyRange) -> Box<dyn Iterator<Item = Result<Pair>> + '_> {
        Box::new(self.pairs(tree, &range).into_iter())
    }

    fn scan_back(&self, tree: Tree, range: KeyRange) -> Box<dyn Iterator<Item = Result<Pair>> + '_> {
        Box::new(self.pairs(tree, &range).into_iter().rev())
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }

    fn len(&self, tree: Tree) -> Result<usize> {
        Ok(self.trees().keys().filter(|(found, _)| *found == tree).count())
    }
}
