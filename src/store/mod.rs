//! The keyed store. It knows bodies, years and slots; no labels, no query, no text.

mod archive;
mod backend;
mod block;
mod codec;
mod column;
pub mod disk;
mod entry;
mod inbox;
mod key;
mod layers;
mod lock;
mod manifest;
mod put;
mod record;
mod seal;
mod snapshot;
mod store;
mod view;

pub use block::{Block, Mark, Totals};
pub use lock::Holder;
pub use put::{LONGEST_NAME, MOST_CELLS, Put};
pub use store::{Settings, Store};
pub use view::{Meta, View};
