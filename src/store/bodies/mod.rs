//! What is known of all bodies at once: enough to choose them, to group them and to find one by a word without reading
//! a name. It follows from the dictionaries of the chunks; a snapshot has it ready.

mod ranks;
mod words;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::column::{Chunk, DICTIONARY};
use crate::error::Result;

pub use ranks::{Division, Rank, Ranks, read_ranks, write_ranks};
pub use words::Words;

/// Calls `found` with number, path, name and code of the kind of every body, in path order.
///
/// # Errors
/// `Damaged` or `Io` when a dictionary cannot be read.
pub fn each(chunks: &[Arc<Chunk>], mut found: impl FnMut(usize, &str, &str, u8)) -> Result<()> {
    let mut number = 0;
    for chunk in chunks {
        chunk.names(|path, name, kind| {
            found(number, path, name, kind);
            number += 1;
        })?;
    }
    Ok(())
}

/// The ranks of all bodies.
///
/// # Errors
/// As [`each`], and `Damaged` when a path does not begin with a code or does not follow.
pub fn ranks(chunks: &[Arc<Chunk>]) -> Result<Ranks> {
    let mut all = Ranks::default();
    let mut bad = Ok(());
    each(chunks, |_, path, _, kind| {
        if bad.is_ok() {
            bad = all.add(path, kind);
        }
    })?;
    bad.map(|()| all)
}

/// The words of all bodies.
///
/// # Errors
/// As [`each`].
pub fn words(chunks: &[Arc<Chunk>]) -> Result<Words> {
    let mut found = words::Found::default();
    each(chunks, |number, path, name, _| {
        // A number is read as a number, whoever is called by his code.
        let words = path.split('/').skip(1).chain([name]);
        words.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())).for_each(|word| found.add(word, number));
    })?;
    found.sorted()
}

/// A fingerprint of the dictionaries: while it stays, so does everything here.
///
/// # Errors
/// `Damaged` or `Io` when a dictionary cannot be read.
pub fn fingerprint(chunks: &[Arc<Chunk>]) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    for chunk in chunks {
        for entry in chunk.entries()?.iter().filter(|entry| entry.id.0 == DICTIONARY) {
            hash.update(entry.length.to_be_bytes());
            hash.update(&chunk.read(entry)?);
        }
    }
    Ok(hash.finalize().into())
}
