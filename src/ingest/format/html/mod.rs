//! HTML, from a ministry's template to what Word and WPS export.
//!
//! `feed` drives the standard's parser in small pieces, so that limits stop it in time and every piece of text knows
//! its offset; `tree` is the tree it builds; `flow` turns that into lines and tables.

mod attributes;
mod element;
mod feed;
mod flow;
mod mixed;
mod script;
mod table;
mod tree;
mod words;

pub(super) use self::mixed::read as read_mixed;
use super::places::Places;
use crate::ingest::{Block, Document, Refusal};

/// A page as lines and tables. A page that a script writes is read from the script.
pub(super) fn read(page: &str) -> Result<Document, Refusal> {
    let document = flow::document(&feed::parse(page)?, &Places::new(page));
    if has_tables(&document) && !script::is_escaped(page) {
        return Ok(document);
    }
    let Some(written) = script::written(page) else { return Ok(document) };
    let inner = flow::document(&feed::parse(&written.page)?, &Places::new(page).through(written.cuts));
    if !has_tables(&inner) {
        return Ok(document);
    }
    let metadata = [document.metadata, inner.metadata].concat();
    Ok(Document { metadata, ..inner })
}

fn has_tables(document: &Document) -> bool {
    document.blocks.iter().any(|block| matches!(block, Block::Grid(_)))
}

#[cfg(test)]
mod tests;
