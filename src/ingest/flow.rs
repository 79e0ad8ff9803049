//! A document as one stream of folded characters, so that a label may run over cells, lines and
//! spaces, while every character still knows what stood before it and where it stands.

use std::ops::Range;

use super::document::{Block, Document};
use crate::text::{Folded, Place, Span, fold};

/// What stands between a glyph and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing.
    Joined,
    /// Blanks within a line or cell.
    Space,
    /// The edge of a cell.
    Cell,
    /// The end of a line, or of a row of a grid.
    Line,
    /// One or more empty lines.
    Blank,
}

/// Coordinates of a cell that the format itself marks as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Which grid of the document.
    pub grid: usize,
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// How many columns it covers.
    pub columns: usize,
}

/// A line or a cell.
#[derive(Debug)]
pub(crate) struct Unit<'d> {
    /// The text as it stands.
    pub text: &'d str,
    folded: Folded<'d>,
    /// Where it stands in [`Flow::bare`].
    bare: Range<usize>,
    /// Where it begins.
    pub place: Place,
    /// Its coordinates, in a grid.
    pub spot: Option<Spot>,
}

/// A character that is not blank, or [`Glyph::EMPTY`] for a cell without any.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    /// The folded character.
    pub ch: char,
    /// What stands before it.
    pub gap: Gap,
    /// Its line or cell.
    pub unit: usize,
    /// Byte offset in the unit's folded text.
    at: usize,
}

impl Glyph {
    /// Stands for a cell that holds nothing.
    pub const EMPTY: char = '\0';
}

/// The whole document.
#[derive(Debug, Default)]
pub(crate) struct Flow<'d> {
    /// Lines that are not blank, and cells, in reading order.
    pub units: Vec<Unit<'d>>,
    /// Their characters.
    pub glyphs: Vec<Glyph>,
    /// The folded texts of all units without blanks, one after the other: several readers want them.
    bare: String,
}

/// Builds the stream of a document.
pub(crate) fn flow(document: &Document) -> Flow<'_> {
    let mut builder = Builder::default();
    builder.flow.units.reserve(document.blocks.len());
    let mut grids = 0;
    for block in &document.blocks {
        match block {
            Block::Line(line) => builder.line(&line.text, line.place),
            Block::Grid(grid) => {
                let mut row = None;
                for cell in &grid.cells {
                    let spot =
                        Spot { grid: grids, row: cell.row, column: cell.column, columns: cell.column_span.max(1) };
                    builder.cell(&cell.text, cell.place, spot, row != Some(cell.row));
                    row = Some(cell.row);
                }
                builder.close();
                grids += 1;
            }
        }
    }
    builder.flow
}

#[derive(Default)]
struct Builder<'d> {
    flow: Flow<'d>,
    gap: Option<Gap>,
    /// The last thing seen was the edge of a cell drawn as `|`.
    bar: bool,
}

impl<'d> Builder<'d> {
    fn raise(&mut self, gap: Gap) {
        self.gap = Some(self.gap.map_or(gap, |before| before.max(gap)));
    }

    fn push(&mut self, ch: char, unit: usize, at: usize) {
        let gap = self.gap.take().unwrap_or(Gap::Joined);
        self.flow.glyphs.push(Glyph { ch, gap, unit, at });
        self.bar = false;
    }

    fn unit(&mut self, text: &'d str, folded: Folded<'d>, place: Place, spot: Option<Spot>) {
        let start = self.flow.bare.len();
        folded.text().split_whitespace().for_each(|part| self.flow.bare.push_str(part));
        self.flow.units.push(Unit { text, folded, bare: start..self.flow.bare.len(), place, spot });
    }

    fn close(&mut self) {
        self.raise(Gap::Line);
        self.bar = false;
    }

    fn line(&mut self, text: &'d str, place: Place) {
        let unit = self.flow.units.len();
        let folded = fold(text);
        self.raise(Gap::Line);
        if folded.text().chars().all(char::is_whitespace) {
            self.raise(Gap::Blank);
            return;
        }
        // The ruler under the head of a Markdown table.
        if folded.text().bytes().all(|ch| matches!(ch, b'|' | b'-' | b':' | b' ' | b'+'))
            && folded.text().contains("--")
        {
            self.bar = false;
            self.unit(text, folded, place, None);
            return;
        }
        let mut bold = false;
        let mut characters = folded.text().char_indices().peekable();
        while let Some((at, ch)) = characters.next() {
            // Markdown prints heads and totals in bold: **总计**.
            if ch == '*' && (std::mem::take(&mut bold) || characters.peek().is_some_and(|&(_, next)| next == '*')) {
                bold = characters.peek().is_some_and(|&(_, next)| next == '*');
                continue;
            }
            match ch {
                // Between two bars, with or without an end of line, there is a cell, be it empty.
                '|' => {
                    if self.bar {
                        self.raise(Gap::Cell);
                        self.push(Glyph::EMPTY, unit, at);
                    }
                    self.raise(Gap::Cell);
                    self.bar = true;
                }
                '\n' | '\r' => self.raise(Gap::Line),
                '\t' => self.raise(Gap::Cell),
                _ if ch.is_whitespace() => self.raise(Gap::Space),
                _ => self.push(ch, unit, at),
            }
        }
        self.unit(text, folded, place, None);
    }

    fn cell(&mut self, text: &'d str, place: Place, spot: Spot, first: bool) {
        let unit = self.flow.units.len();
        let folded = fold(text);
        self.raise(if first { Gap::Line } else { Gap::Cell });
        self.bar = false;
        let before = self.flow.glyphs.len();
        for (at, ch) in folded.text().char_indices() {
            if ch.is_whitespace() || ch == '|' {
                self.raise(Gap::Space);
            } else {
                self.push(ch, unit, at);
            }
        }
        if self.flow.glyphs.len() == before {
            self.push(Glyph::EMPTY, unit, 0);
        }
        self.unit(text, folded, place, Some(spot));
    }
}

impl Unit<'_> {
    /// The text folded, the only time that is done.
    pub fn folded(&self) -> &str {
        self.folded.text()
    }

    /// Where an offset of the folded text stands in the file.
    pub fn place_of(&self, at: usize) -> Place {
        if self.place.line == 0 {
            return self.place;
        }
        let before = self.text.get(..self.folded.origin(at)).unwrap_or_default();
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX);
        Place { line: self.place.line, column: self.place.column.saturating_add(column) }
    }
}

impl Flow<'_> {
    /// The folded text of a unit without any blank.
    pub fn bare(&self, unit: &Unit) -> &str {
        self.bare.get(unit.bare.clone()).unwrap_or_default()
    }

    /// The glyph at an index.
    pub fn glyph(&self, at: usize) -> Option<&Glyph> {
        self.glyphs.get(at)
    }

    /// The character at an index; [`Glyph::EMPTY`] past the end.
    pub fn ch(&self, at: usize) -> char {
        self.glyphs.get(at).map_or(Glyph::EMPTY, |glyph| glyph.ch)
    }

    /// What stands before the glyph at an index; a blank line before the first and past the last.
    pub fn gap(&self, at: usize) -> Gap {
        self.glyphs.get(at).map_or(Gap::Blank, |glyph| glyph.gap)
    }

    /// The coordinates of the cell a glyph stands in.
    pub fn spot(&self, at: usize) -> Option<Spot> {
        self.glyphs.get(at).and_then(|glyph| self.units.get(glyph.unit)).and_then(|unit| unit.spot)
    }

    /// The text as printed from one glyph up to, not including, another; cut at the end of the unit.
    pub fn raw(&self, from: usize, to: usize) -> &str {
        let Some((first, unit)) = self.glyphs.get(from).and_then(|glyph| Some((glyph, self.units.get(glyph.unit)?)))
        else {
            return "";
        };
        let last = self.glyphs.get(from..to).unwrap_or_default().iter().rev().find(|glyph| glyph.unit == first.unit);
        let end =
            last.map_or(first.at, |glyph| glyph.at + if glyph.ch == Glyph::EMPTY { 0 } else { glyph.ch.len_utf8() });
        let span = unit.folded.span(Span::new(first.at, end));
        unit.text.get(span.start..span.end).unwrap_or_default().trim()
    }

    /// The folded text of a stretch, without blanks.
    pub fn plain(&self, from: usize, to: usize) -> String {
        self.glyphs.get(from..to).unwrap_or_default().iter().map(|glyph| glyph.ch).collect()
    }

    /// Where a glyph stands in the file.
    pub fn place(&self, at: usize) -> Place {
        let found = self.glyphs.get(at).and_then(|glyph| Some((glyph, self.units.get(glyph.unit)?)));
        found.map_or_else(Place::default, |(glyph, unit)| unit.place_of(glyph.at))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::document::{Document, Format, Line},
        *,
    };

    fn document(text: &str) -> Document {
        let lines = text
            .lines()
            .zip(1..)
            .map(|(text, line)| Block::Line(Line { text: text.to_owned(), place: Place { line, column: 1 } }));
        Document { format: Format::Text, metadata: Vec::new(), blocks: lines.collect() }
    }

    #[test]
    fn bars_make_cells_and_lines_do_not() {
        let document = document("规 章 | 0 | |\n行政\n\n|\n许可");
        let flow = flow(&document);
        let seen: String =
            flow.glyphs.iter().map(|glyph| if glyph.ch == Glyph::EMPTY { '_' } else { glyph.ch }).collect();
        assert_eq!(seen, "规章0_行政许可");
        let gaps: Vec<Gap> = flow.glyphs.iter().map(|glyph| glyph.gap).collect();
        use Gap::{Blank, Cell, Joined, Line, Space};
        assert_eq!(gaps, [Line, Space, Cell, Cell, Line, Joined, Blank, Joined]);
        assert_eq!(flow.place(2), Place { line: 1, column: 7 });
        assert_eq!((flow.raw(0, 2), flow.raw(3, 4)), ("规 章", ""));
    }
}
