//! Cubes as CSV: ready figures in, the same figures out. No prose, no raw text, one line of a file as the source.
//!
//! *long*: `body,year,category,applicant,value`. *wide*: `body,year,` and one column per slot. An empty field is
//! blank, `NA` is "does not apply", `?` is unreadable.

mod columns;
mod field;
mod gather;
mod lay;
mod lines;
mod read;
mod records;
mod source;
mod write;

use crate::{
    error::{Error, ErrorKind},
    messages::Said,
    model::{Body, Scope, Slot, Templates, Year},
};

#[cfg(any(test, feature = "fuzzing"))]
pub use source::{Desk, Source};
pub use write::{export_long, export_wide};

/// What a cube must be told by those who know labels and places.
pub struct Names<'a> {
    /// The slot of a column's name, such as `requests.new[natural]`.
    pub slot: &'a (dyn Fn(&str) -> Option<Slot> + Sync),
    /// Whether the slot holds money.
    pub money: &'a (dyn Fn(Slot) -> bool + Sync),
    /// The body of a path, or why there is none.
    pub body: &'a (dyn Fn(&str) -> Result<Body, Said> + Sync),
    /// Scope and forms of a report of which only figures are known.
    pub form: &'a (dyn Fn(&Body, Year) -> (Scope, Templates) + Sync),
    /// Whether a form prints a slot: an empty field elsewhere is no blank.
    pub printed: &'a (dyn Fn(Slot, Templates) -> bool + Sync),
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Reports that were not there before.
    pub added: u64,
    /// Reports that were there with other figures; they are kept as older revisions.
    pub replaced: u64,
    /// Reports that were there with the same figures.
    pub unchanged: u64,
    /// Rows that were left out: line of the file and why. The first 1,000 are listed.
    pub refused: Vec<(u64, Said)>,
    /// How many rows were left out.
    pub refusals: u64,
}

/// Refused rows that are listed.
const LISTED: usize = 1_000;

impl Imported {
    fn refuse(&mut self, line: u64, why: Said) {
        self.refusals += 1;
        if self.refused.len() < LISTED {
            self.refused.push((line, why));
        }
    }

    /// Adds the refusals of rows further on.
    fn refuse_all(&mut self, more: Self) {
        self.refusals += more.refusals;
        self.refused.extend(more.refused);
        self.refused.sort_by_key(|(line, _)| *line);
        self.refused.truncate(LISTED);
    }
}

fn unreadable(cause: csv::Error) -> Error {
    Error::new(ErrorKind::Io, "import.unreadable").because(cause)
}
