//! The system of record: numbered files of frames, only ever appended to, made durable before a put is acknowledged.
//!
//! A file is `head · frame · frame …`; it ends at about 64 MiB and the next one begins. All numbers are big-endian.

mod frame;
mod read;
mod write;

pub use frame::{Frame, Kind, Place};
pub use read::{Stop, end_of, frames, path, read_at as read, salvage};
pub use write::Archive;

#[cfg(any(test, feature = "fuzzing"))]
pub use frame::{encode, file_head};
