//! Bodies that a user has named, found by path or name.

use std::{collections::HashMap, sync::Arc};

use crate::model::{Body, BodyId};

/// Bodies known beside the divisions, from a register. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Known(Arc<Index>);

#[derive(Debug, Default)]
struct Index {
    bodies: Vec<Body>,
    by_name: HashMap<String, Vec<usize>>,
    by_id: HashMap<BodyId, usize>,
}

impl Known {
    /// The bodies that a path or a name means, in path order.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<&Body> {
        if self.0.bodies.is_empty() {
            return Vec::new();
        }
        let by_id = text.parse::<BodyId>().ok().and_then(|id| self.0.by_id.get(&id));
        let by_name = self.0.by_name.get(text).into_iter().flatten();
        let found: Vec<&usize> = by_id.map_or_else(|| by_name.collect(), |at| vec![at]);
        found.into_iter().filter_map(|&at| self.0.bodies.get(at)).collect()
    }

    /// All of them, in path order.
    #[must_use]
    pub fn bodies(&self) -> &[Body] {
        &self.0.bodies
    }
}

impl From<Vec<Body>> for Known {
    fn from(mut bodies: Vec<Body>) -> Self {
        bodies.sort_by(|a, b| a.id.cmp(&b.id));
        let mut index = Index::default();
        for (at, body) in bodies.iter().enumerate() {
            index.by_name.entry(body.name.clone()).or_default().push(at);
            index.by_id.insert(body.id.clone(), at);
        }
        index.bodies = bodies;
        Self(Arc::new(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BodyKind;

    #[test]
    fn by_path_and_by_name() {
        let body = |id: &str, name: &str| Body { id: id.parse().unwrap(), name: name.to_owned(), kind: BodyKind::Town };
        let known = Known::from(vec![
            body("330727/镇/双溪乡", "双溪乡"),
            body("330183/镇/双溪镇", "双溪镇"),
            body("350426/镇/双溪乡", "双溪乡"),
        ]);
        let ids = |text: &str| known.find(text).into_iter().map(|body| body.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids("330727/镇/双溪乡"), ["330727/镇/双溪乡"]);
        assert_eq!(ids("双溪乡"), ["330727/镇/双溪乡", "350426/镇/双溪乡"]);
        assert!(ids("双溪").is_empty());
    }
}
