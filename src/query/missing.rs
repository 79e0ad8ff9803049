//! Reports an answer misses: counted at once, named when somebody looks.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PlaceName;
use crate::model::Year;

/// A report that was asked for and is not there.
pub type Absent = (PlaceName, Year);

/// Names at most so many of them.
type Names = dyn Fn(usize) -> Vec<Absent> + Send + Sync;

/// Reports that were asked for and are not there, as (body, year). There can be tens of thousands, of which people see
/// five: names are made when they are looked at. Behaves as a slice.
#[derive(Clone, Default)]
pub struct Missing {
    count: usize,
    all: OnceLock<Vec<Absent>>,
    names: Option<Arc<Names>>,
}

impl Missing {
    /// So many, named by `names` when they are looked at.
    pub(crate) fn later(count: usize, names: impl Fn(usize) -> Vec<Absent> + Send + Sync + 'static) -> Self {
        Self { count, all: OnceLock::new(), names: Some(Arc::new(names)) }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first few, without naming the others.
    #[must_use]
    pub fn first_few(&self, most: usize) -> Vec<Absent> {
        match (self.all.get(), &self.names) {
            (None, Some(names)) => names(most),
            _ => self.iter().take(most).cloned().collect(),
        }
    }
}

impl Deref for Missing {
    type Target = [Absent];

    fn deref(&self) -> &[Absent] {
        self.all.get_or_init(|| self.names.as_ref().map_or_else(Vec::new, |names| names(self.count)))
    }
}

impl From<Vec<Absent>> for Missing {
    fn from(all: Vec<Absent>) -> Self {
        Self { count: all.len(), all: OnceLock::from(all), names: None }
    }
}

impl FromIterator<Absent> for Missing {
    fn from_iter<I: IntoIterator<Item = Absent>>(all: I) -> Self {
        all.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> IntoIterator for &'a Missing {
    type Item = &'a Absent;
    type IntoIter = std::slice::Iter<'a, Absent>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Missing {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && **self == **other
    }
}

impl Eq for Missing {}

impl fmt::Debug for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.deref().fmt(f)
    }
}

impl Serialize for Missing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.deref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Missing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}
