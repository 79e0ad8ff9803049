//! The keyed store. It knows bodies, years and slots; no labels, no query, no text.

mod view;

pub use view::{Meta, View};
