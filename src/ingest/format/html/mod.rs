//! HTML, from a ministry's template to what Word and WPS export.
//!
//! `feed` drives the standard's parser in small pieces, so that limits stop it in time and every piece of text knows
//! its offset; `tree` is the tree it builds; `flow` turns that into lines and tables.

mod attributes;
mod element;
mod feed;
mod flow;
mod table;
mod tree;
mod words;

use super::places::Places;
use crate::ingest::{Document, Refusal};

/// A page as lines and tables.
pub(super) fn read(page: &str) -> Result<Document, Refusal> {
    let tree = feed::parse(page)?;
    Ok(flow::document(&tree, &Places::new(page)))
}

#[cfg(test)]
mod tests;
