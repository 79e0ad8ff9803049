//! Answers, readings and findings turned into what a person or a program reads.
//!
//! Nothing here prints: every function gives a text or a value, and the caller decides where it goes.
//! Numbers are exact until the last step ([`number`]), a state that is not a value is never shown as
//! one, and whatever is left out is counted.

pub mod about;
pub mod answer;
pub mod chart;
pub mod csv;
pub mod data;
pub mod field;
pub mod form;
pub mod html;
pub mod json;
pub mod listing;
pub mod markdown;
pub mod number;
pub mod page;
pub mod report;
pub mod sheet;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod table;
pub mod teach;
pub mod words;
#[cfg(feature = "office")]
pub mod xlsx;

#[cfg(test)]
mod sample_tests;
