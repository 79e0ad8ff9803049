//! Byte offsets of a text to places, fast even where the whole page is one line, and through a text made from another.

use crate::text::{Place, characters, count};

/// Bytes between two remembered places.
const STEP: usize = 128;

/// An index from offsets to lines and columns.
pub(super) struct Places<'text> {
    text: &'text [u8],
    /// The place at each multiple of [`STEP`].
    marks: Vec<Place>,
    /// Where the text that is read was cut out of this one: (offset there, offset here), rising.
    cuts: Vec<(usize, usize)>,
}

impl<'text> Places<'text> {
    /// Walks the text once.
    pub(super) fn new(text: &'text str) -> Self {
        let text = text.as_bytes();
        let mut place = Place { line: 1, column: 1 };
        let mut step = |bytes: &[u8]| {
            let before = place;
            place = behind(before, bytes);
            before
        };
        let marks = text.chunks(STEP).chain([&[][..]]).map(&mut step).collect();
        Self { text, marks, cuts: Vec::new() }
    }

    /// The same, for offsets of a text that was put together from pieces of this one.
    pub(super) fn through(mut self, cuts: Vec<(usize, usize)>) -> Self {
        self.cuts = cuts;
        self
    }

    fn original(&self, offset: usize) -> usize {
        let index = self.cuts.partition_point(|(there, _)| *there <= offset);
        match index.checked_sub(1).and_then(|index| self.cuts.get(index)) {
            Some((there, here)) => offset - there + here,
            None => offset,
        }
    }

    /// The place of an offset; one inside a character is that character's end.
    pub(super) fn at(&self, offset: usize) -> Place {
        let offset = self.original(offset).min(self.text.len());
        let mark = offset / STEP;
        let Some(&place) = self.marks.get(mark) else { return Place::default() };
        behind(place, self.text.get(mark * STEP..offset).unwrap_or_default())
    }
}

/// The place behind some bytes: as many columns on as characters begin in them, unless a line ends.
fn behind(place: Place, bytes: &[u8]) -> Place {
    let begins = |bytes: &[u8]| narrow(characters(bytes));
    match bytes.iter().rposition(|&byte| byte == b'\n') {
        None => Place { column: place.column.saturating_add(begins(bytes)), ..place },
        Some(last) => {
            let lines = narrow(count(bytes, |byte| byte == b'\n'));
            let column = begins(bytes.get(last + 1..).unwrap_or_default()).saturating_add(1);
            Place { line: place.line.saturating_add(lines), column }
        }
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn agrees_with_the_plain_count() {
        let text = "规章 | 0\n行政许可".repeat(400);
        let (places, source) = (Places::new(&text), Source::new("t", text.clone()));
        for (offset, _) in text.char_indices() {
            assert_eq!(places.at(offset), source.place(offset), "offset {offset}");
        }
    }
}
