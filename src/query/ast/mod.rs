//! What a person wrote, as a tree of words. It knows no ids and no store; every node knows where it stands.

// A tree is small and lives for one statement: boxes would only be in the way of whoever reads it.
#![allow(clippy::large_enum_variant)]

mod query;
mod script;

pub use query::*;
pub use script::*;

use crate::text::Span;

/// Something with its place in the text as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// The thing at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A word as typed (folded to half width): a category, a place, a rule, a file. What it means is found later.
pub type Name = Spanned<String>;
