//! Tests of the library from outside, one module a subject.

mod check;
mod execute;
#[cfg(all(feature = "office", feature = "pdf"))]
mod formats;
mod identify;
mod prompt;
#[cfg(all(feature = "office", feature = "pdf"))]
mod render;
mod store;
mod tidy;
