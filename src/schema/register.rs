//! A register of bodies that a user keeps beside the divisions: `path,name,level,parent`, one a line.
//!
//! It names bodies whose names do not tell their division, places new ones, and says which reports
//! are expected.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    bodies::{NamedBody, body, kind_of},
    known::Known,
    list::{self, BadRow},
};
use crate::model::{Body, BodyId, BodyKind};

/// The bodies of a register, in path order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    entries: BTreeMap<BodyId, Entry>,
}

/// A body of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The body.
    pub body: Body,
    /// The body whose aggregate includes it; where the register says nothing, the government of its division.
    pub parent: Option<BodyId>,
}

impl Register {
    /// Reads a register; what is wrong with single rows comes beside it.
    ///
    /// The first line names the columns, in any order; `path` and `name` must be there. `path` is a
    /// body path or a path of names; `level` is a kind (`town`, `department`, …) or a tier (`county`).
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<BadRow>) {
        let mut register = Self::default();
        let mut seen = BTreeSet::new();
        let columns = ["path", "name", "level", "parent"];
        let bad = list::rows(text, columns, 2, "GK0450", |[path, name, level, parent]| {
            let entry = entry(path, name, level, parent).map_err(|(code, text)| (code, text.to_owned()))?;
            if !seen.insert(entry.body.id.clone()) {
                return Err(("GK0455", entry.body.id.to_string()));
            }
            register.entries.insert(entry.body.id.clone(), entry);
            Ok(())
        });
        (register, bad)
    }

    /// Its entries in path order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Its bodies in path order.
    #[must_use]
    pub fn bodies(&self) -> Vec<Body> {
        self.entries.values().map(|entry| entry.body.clone()).collect()
    }

    /// The same as [`body`] takes them.
    #[must_use]
    pub fn known(&self) -> Known {
        Known::from(self.bodies())
    }

    /// The entry of a body.
    #[must_use]
    pub fn get(&self, id: &BodyId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// The body whose aggregate includes this one: what the register says, else the government of its
    /// division, else nothing for a government.
    #[must_use]
    pub fn parent(&self, id: &BodyId) -> Option<BodyId> {
        let said = self.entries.get(id).and_then(|entry| entry.parent.clone());
        said.or_else(|| BodyId::government(id.division()).ok().filter(|_| !id.is_government()))
    }

    /// How many bodies it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn entry<'a>(path: &'a str, name: &'a str, level: &'a str, parent: &'a str) -> Result<Entry, (&'static str, &'a str)> {
    let found = identified(path).filter(|body| body.id.is_placed()).ok_or(("GK0452", path))?;
    if name.is_empty() || name.len() > BodyId::LONGEST || name.chars().any(char::is_control) {
        return Err(("GK0453", name));
    }
    let kind = if level.is_empty() { found.kind } else { kind(level).ok_or(("GK0454", level))? };
    let parent = if parent.is_empty() {
        None
    } else {
        Some(identified(parent).filter(|body| body.id.is_placed()).ok_or(("GK0456", parent))?.id)
    };
    Ok(Entry { body: Body { id: found.id, name: name.to_owned(), kind }, parent })
}

/// The body of a path. A path with a code is taken as it is: a register may know more than this version.
fn identified(path: &str) -> Option<Body> {
    if let Ok(id) = path.parse::<BodyId>() {
        let kind = kind_of(&id);
        return Some(Body { name: String::new(), id, kind });
    }
    match body(path, None, &Known::default()) {
        NamedBody::One(body) => Some(body),
        _ => None,
    }
}

/// A kind by its own name, or by the tier of a government.
fn kind(level: &str) -> Option<BodyKind> {
    match level.to_ascii_lowercase().as_str() {
        "province" | "city" | "prefecture" | "county" | "district" => Some(BodyKind::Government),
        "organization" => Some(BodyKind::Organisation),
        name => serde_json::from_value(serde_json::Value::from(name)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_names_and_places_bodies() {
        let (register, bad) = Register::parse(
            "path,name,level,parent\n\
             330727/镇/双溪乡,双溪乡,town,330727\n\
             太原市/万柏林区/财政局,万柏林区财政局,,\n\
             140109/新局,\"新局, 暂名\",department,140109\n\
             141199,新区,county,140000\n",
        );
        assert_eq!(bad, []);
        assert_eq!(register.len(), 4);
        let kinds: Vec<_> = register.entries().map(|entry| (entry.body.id.as_str(), entry.body.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("140109/新局", BodyKind::Department),
                ("140109/财政局", BodyKind::Department),
                ("141199", BodyKind::Government),
                ("330727/镇/双溪乡", BodyKind::Town),
            ]
        );
        let id: BodyId = "330727/镇/双溪乡".parse().unwrap();
        assert_eq!(register.parent(&id).unwrap().as_str(), "330727");
        assert_eq!(body("双溪乡", None, &register.known()), NamedBody::One(register.get(&id).unwrap().body.clone()));
        assert_eq!(register.parent(&"140109".parse().unwrap()), None);
    }

    #[test]
    fn bad_rows_are_told_by_line_and_the_rest_goes_in() {
        let (register, bad) = Register::parse(
            "name,path,level\n\
             甲,14010,town\n\
             ,140109/甲局,department\n\
             乙,140109/乙局,planet\n\
             丙,140109/丙局,department\n\
             丙,140109/丙局,department\n\
             丁,999999/丁乡,town\n",
        );
        let told: Vec<_> = bad.iter().map(|row| (row.line, row.code)).collect();
        assert_eq!(told, [(2, "GK0452"), (3, "GK0453"), (4, "GK0454"), (6, "GK0455"), (7, "GK0452")]);
        assert_eq!(register.len(), 1);
        assert_eq!(Register::parse("code;name\n").1.first().unwrap().code, "GK0450");
        assert_eq!(Register::parse("").1.len(), 1);
    }
}
