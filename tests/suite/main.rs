//! Tests of the library from outside, one module a subject.

#![allow(
    missing_docs,
    clippy::pedantic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::iter_over_hash_type,
    clippy::little_endian_bytes,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may be blunt: what it breaks is itself"
)]

#[cfg(all(feature = "office", feature = "sqlite"))]
mod carried;
mod check;
mod cited;
mod differential;
mod execute;
#[cfg(all(feature = "office", feature = "pdf"))]
mod formats;
mod identify;
#[cfg(all(feature = "office", feature = "pdf"))]
mod january;
mod language;
mod library;
mod messages;
mod pages;
mod prompt;
mod reader;
mod refusals;
#[cfg(all(feature = "office", feature = "pdf"))]
mod render;
#[cfg(all(feature = "office", feature = "pdf"))]
mod rendering;
mod shell;
mod store;
mod tidy;
mod twelve;
