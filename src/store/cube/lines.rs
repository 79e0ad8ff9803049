//! A wide cube without quotes, cut into lines that any thread can read.

use std::io::Read;

use super::{
    Names,
    field::{Cell, line},
    gather::{Batch, Shape},
};
use crate::{error::Result, model::Slot};

/// Bytes that are read at once.
const PIECE: u64 = 1 << 20;

/// Reads lines into a batch, from the line with this number on.
pub fn read(mut text: &[u8], mut number: u64, slots: &[(Slot, bool)], batch: &mut Batch, names: &Names<'_>) {
    let mut cells: Vec<Cell> = Vec::with_capacity(slots.len());
    while !text.is_empty() {
        let (row, rest) = first_line(text).unwrap_or((text, &[]));
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if !row.is_empty() {
            batch.row(number, line(row, slots, &mut cells), &cells, names);
        }
        (text, number) = (rest, number + 1);
    }
}

/// What stands before the first line end, and what after it; nothing where no line ends.
fn first_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = text.split_at_checked(memchr::memchr(b'\n', text)?)?;
    Some((line, rest.split_first()?.1))
}

/// Lines as they come.
#[derive(Debug)]
pub struct Lines<R> {
    /// Where they come from.
    pub from: R,
    /// What was read and not yet handed on, from the beginning of a line.
    pub text: Vec<u8>,
    /// Number of that line.
    pub first: u64,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    /// Lines for a batch, the first of which has this number.
    Lines(u64),
    /// Nothing.
    End,
    /// Something that is no plain line: from here on all is to be read as CSV.
    Csv,
}

impl<R: Read> Lines<R> {
    /// Puts the lines of the next batch into `text`, whose memory is used again.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn cut(&mut self, text: &mut Vec<u8>) -> Result<Cut> {
        text.clear();
        text.append(&mut self.text);
        let mut shape = Shape::default();
        let (mut at, mut lines, mut plain) = (0, 0, 0);
        loop {
            if !is_plain(text.get(plain..).unwrap_or_default()) {
                self.text = std::mem::take(text);
                return Ok(Cut::Csv);
            }
            plain = text.len();
            while let Some((line, _)) = text.get(at..).and_then(first_line) {
                let path = line.split(|&byte| byte == b',').next().unwrap_or_default();
                if shape.is_full(path) {
                    self.text.extend_from_slice(text.get(at..).unwrap_or_default());
                    text.truncate(at);
                    return Ok(self.lines(lines));
                }
                shape.note(path);
                (at, lines) = (at + line.len() + 1, lines + 1);
            }
            if self.from.by_ref().take(PIECE).read_to_end(text)? == 0 {
                return Ok(if text.is_empty() { Cut::End } else { self.lines(lines) });
            }
        }
    }

    fn lines(&mut self, count: u64) -> Cut {
        let first = self.first;
        self.first += count;
        Cut::Lines(first)
    }
}

/// Whether lines and fields end wherever line feeds and commas stand.
pub fn is_plain(text: &[u8]) -> bool {
    memchr::memchr(b'"', text).is_none()
}
