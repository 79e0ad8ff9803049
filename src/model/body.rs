//! Who reports: a body path that survives renames and also names bodies that are not places.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A body path (报告主体): a six-digit division code, then segments for bodies that are not the
/// government itself, such as `140109/财政局` or `140109/街道/千峰街道`.
///
/// The bare code is the government's aggregate report; `000000` is the centre. Paths compare in
/// hierarchy order: a province, its prefectures, their counties, each followed by its own bodies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BodyId(String);

impl BodyId {
    /// Longest path accepted, in bytes.
    pub const LONGEST: usize = 240;

    /// The reserved division of bodies that no division is known for: `999999/双溪乡`. They can be
    /// read and looked at, and no store takes them.
    pub const UNPLACED: &str = "999999";

    /// The government of a division.
    ///
    /// # Errors
    /// Says why when the code is not six digits.
    pub fn government(code: &str) -> Result<Self, String> {
        code.parse()
    }

    /// The body below this one with that name.
    ///
    /// # Errors
    /// Says why when the name is empty, holds `/` or a control character, or makes the path too long.
    pub fn below(&self, segment: &str) -> Result<Self, String> {
        if segment.contains('/') {
            return Err(format!("{segment}: a path segment holds no slash"));
        }
        format!("{}/{segment}", self.0).parse()
    }

    /// The six-digit division code.
    #[must_use]
    pub fn division(&self) -> &str {
        // Every path begins with six digits.
        self.0.get(..6).unwrap_or_default()
    }

    /// The segments after the code; none for a government.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').skip(1)
    }

    /// Whether this is the government itself, whose report is the aggregate of its area.
    #[must_use]
    pub fn is_government(&self) -> bool {
        !self.0.contains('/')
    }

    /// Whether a division is known for it.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.division() != Self::UNPLACED
    }

    /// The whole path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BodyId {
    type Err = String;

    fn from_str(path: &str) -> Result<Self, String> {
        let mut segments = path.split('/');
        let code = segments.next().unwrap_or_default();
        if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{path}: a body path begins with a six-digit division code"));
        }
        // Bytes below a blank, and those that begin with this one: most paths have neither, and dictionaries are long.
        let may_control = path.bytes().any(|byte| byte < b' ' || matches!(byte, 0x7f | 0xc2));
        let controls = may_control && path.chars().any(char::is_control);
        if controls || segments.any(|segment| segment.trim().is_empty()) {
            return Err(format!("{path}: a path segment is a name"));
        }
        if path.len() > Self::LONGEST {
            return Err(format!("a body path has at most {} bytes", Self::LONGEST));
        }
        Ok(Self(path.to_owned()))
    }
}

impl TryFrom<String> for BodyId {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        path.parse()
    }
}

impl From<BodyId> for String {
    fn from(id: BodyId) -> Self {
        id.0
    }
}

impl fmt::Display for BodyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of body it is (DOMAIN section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// A people's government, whose report sums its area.
    Government,
    /// The general office of a government.
    Office,
    /// A department.
    Department,
    /// A subdistrict office (街道办事处).
    Subdistrict,
    /// A town or township.
    Town,
    /// A functional zone without a division code.
    Zone,
    /// A local organ of a vertical system (tax, customs, meteorology).
    Vertical,
    /// A department of the State Council.
    Ministry,
    /// Another organisation that manages public affairs.
    Organisation,
}

/// A body with its name, as printed and as found in the divisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The path.
    pub id: BodyId,
    /// The name a person would use: 万柏林区, 万柏林区财政局.
    pub name: String,
    /// What kind of body.
    pub kind: BodyKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_parse_and_order() {
        let district: BodyId = "140109".parse().unwrap();
        let bureau = district.below("财政局").unwrap();
        assert_eq!((bureau.division(), bureau.is_government()), ("140109", false));
        assert!(district < bureau && bureau < "140110".parse().unwrap());
        for bad in ["", "14010", "14010a", "140109/", "140109//x", "万柏林区"] {
            assert!(bad.parse::<BodyId>().is_err(), "{bad}");
        }
        assert!(district.below("a/b").is_err());
    }
}
