//! The keyed store. It knows bodies, years and slots; no labels, no query, no text.

mod archive;
mod backend;
mod block;
mod block_put;
mod bodies;
mod bundle;
mod bytes;
mod care;
mod codec;
mod column;
mod cube;
pub mod disk;
mod entry;
mod facts;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod inbox;
mod key;
mod layers;
mod lock;
mod manifest;
mod open;
mod put;
mod record;
mod salvage;
mod seal;
mod snapshot;
mod undo;
mod verify;
mod view;

use crate::{
    error::{Error, ErrorKind},
    model::ReportKey,
};

pub use block::{Block, Mark, Totals};
pub(crate) use bodies::Division;
pub use bodies::{Rank, Words};
pub use care::Stats;
pub use cube::{Imported, Names, export_long, export_wide};
pub use history::{Correction, Revision, Verdict};
pub use lock::Holder;
pub use open::{Settings, Store};
pub use put::{LONGEST_NAME, MOST_CELLS, Put};
pub use undo::Batch;
pub use verify::{Damage, Part, Verification};
pub use view::{Meta, View, Whole};

/// An error about one report: its sentence says `{body}` and `{year}`.
pub(crate) fn of_report(kind: ErrorKind, said: &'static str, key: &ReportKey) -> Error {
    Error::new(kind, said).with("body", &key.body).with("year", key.year)
}
