//! Byte offsets of a text to places, fast even where the whole page is one line, and through a text made from another.

use crate::text::Place;

/// Bytes between two remembered places.
const STEP: usize = 128;

/// An index from offsets to lines and columns.
pub(super) struct Places<'text> {
    text: &'text str,
    /// Offset (a character boundary) and place at or after each multiple of [`STEP`].
    marks: Vec<(usize, Place)>,
    /// Where the text that is read was cut out of this one: (offset there, offset here), rising.
    cuts: Vec<(usize, usize)>,
}

impl<'text> Places<'text> {
    /// Walks the text once.
    pub(super) fn new(text: &'text str) -> Self {
        let mut marks = vec![(0, Place { line: 1, column: 1 })];
        let mut place = Place { line: 1, column: 1 };
        for (offset, c) in text.char_indices() {
            if offset >= marks.len() * STEP {
                marks.push((offset, place));
            }
            advance(&mut place, c);
        }
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
        let offset = self.original(offset);
        let index = self.marks.partition_point(|(mark, _)| *mark <= offset).saturating_sub(1);
        let Some(&(start, mut place)) = self.marks.get(index) else { return Place::default() };
        for (at, c) in self.text.get(start..).unwrap_or_default().char_indices() {
            if start + at >= offset {
                break;
            }
            advance(&mut place, c);
        }
        place
    }
}

fn advance(place: &mut Place, c: char) {
    if c == '\n' {
        *place = Place { line: place.line.saturating_add(1), column: 1 };
    } else {
        place.column = place.column.saturating_add(1);
    }
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
