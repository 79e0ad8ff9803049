//! The dictionary of a chunk read where it lies: who its bodies are, nothing copied.

use serde::Deserialize;

use crate::{
    error::{Error, ErrorKind, Result},
    store::codec::{self, FRAME},
};

/// A piece of a dictionary where it lies: the same bytes as the chunk's own `PieceV1`.
#[derive(Deserialize)]
struct Piece<'a> {
    piece: u16,
    #[serde(borrow)]
    bodies: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    path: &'a str,
    name: &'a str,
    kind: u8,
}

/// Calls `found` with path, name and code of the kind of every body of a piece.
///
/// # Errors
/// `Damaged` when it is not this piece.
pub fn entries(raw: &[u8], number: u16, mut found: impl FnMut(&str, &str, u8)) -> Result<()> {
    let value: Piece = codec::decode(1, raw, FRAME)?;
    if value.piece != number {
        return Err(Error::new(ErrorKind::Damaged, "store.dictionary_cut"));
    }
    value.bodies.iter().for_each(|body| found(body.path, body.name, body.kind));
    Ok(())
}
