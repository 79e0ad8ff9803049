//! The keyed store. It knows bodies, years and slots; no labels, no query, no text.

mod block;
mod view;

pub use block::{Block, Mark, Totals};
pub use view::{Meta, View};
