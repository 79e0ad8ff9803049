//! Columns: the readings of one slot and year over consecutive bodies, in chunks that are never changed, only replaced.

mod add;
mod bits;
mod build;
mod chunk;
mod decode;
mod dictionary;
mod fold;
mod segment;

pub use build::{CellsHash, Fresh, REMOVED, build, encode_listed, province, put_columns};
pub use chunk::{
    Chunk, ColumnId, DICTIONARY, Entry, FORMS, HASHES, LINES, PLACES, PREVIOUS, Segment, Segments, column, slot_of,
};
pub use fold::fold;
pub use segment::{LONGEST, Listed};
#[cfg(any(test, feature = "fuzzing"))]
pub use {
    add::add,
    decode::{decode, decode_part, decode_sealed},
    segment::encode,
};
