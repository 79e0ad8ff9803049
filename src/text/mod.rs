//! Text as it was given: sources, spans, positions and display width.
//!
//! This room knows nothing of reports or queries. Everything that points at a
//! place in a text, a file's line or a query's caret, points with the types here.

mod bytes;
mod fold;
mod source;
mod tree;
pub mod width;

pub(crate) use bytes::{characters, count};
pub use fold::{Folded, fold, is_han};
pub(crate) use fold::{Sheet, Strip};
pub use source::{Place, Source, Span};
pub(crate) use tree::Tree;
