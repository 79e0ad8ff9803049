//! The query language: `segment → parse → resolve → execute`. It reads a [`crate::store::View`] and nothing else.

mod answer;
pub mod plan;

pub use answer::{Answer, Bilingual, Coverage, Definition, Field, Note, Number, PlaceName, Title};
pub use plan::Plan;
