//! The rules over figures worked out by hand.

mod fixture;
mod rules;
