//! Tests of the library from outside, one module a subject.

mod tidy;
