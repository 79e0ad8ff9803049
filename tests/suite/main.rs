//! Tests of the library from outside, one module a subject.

mod check;
mod store;
mod tidy;
