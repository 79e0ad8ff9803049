//! Tests of the library from outside, one module a subject.

mod check;
mod execute;
mod identify;
mod prompt;
mod store;
mod tidy;
