//! The query language: `segment → parse → resolve → execute`. It reads a [`crate::store::View`] and nothing else.

mod answer;
pub mod ast;
mod lexicon;
pub mod plan;
mod rows;
pub mod segment;
mod words;

pub use answer::{
    Answer, Bilingual, CellName, Coverage, Definition, Detail, Field, Note, Number, PlaceName, Source, Title,
};
pub use plan::Plan;
pub use rows::Row;
