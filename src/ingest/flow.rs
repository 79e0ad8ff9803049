//! A document as one stream of folded characters, so that a label may run over cells, lines and
//! spaces, while every character still knows what stood before it and where it stands.

use std::ops::Range;

use super::document::{Block, Document};
use crate::text::{Place, Sheet, Strip, characters, is_han};

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
    folded: Strip,
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
    unit: u32,
    /// Byte offset in the unit's folded text.
    at: u32,
}

impl Glyph {
    /// Stands for a cell that holds nothing.
    pub const EMPTY: char = '\0';

    /// Its line or cell.
    pub fn unit(&self) -> usize {
        index(self.unit)
    }

    fn at(&self) -> usize {
        index(self.at)
    }
}

/// A file has fewer bytes than numbers that these have: a page of glyphs of half the size is read faster.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index(narrow: u32) -> usize {
    usize::try_from(narrow).unwrap_or(usize::MAX)
}

/// The whole document.
#[derive(Debug, Default)]
pub(crate) struct Flow<'d> {
    /// Lines that are not blank, and cells, in reading order.
    pub units: Vec<Unit<'d>>,
    /// Their characters.
    pub glyphs: Vec<Glyph>,
    sheet: Sheet,
    /// The folded texts of all units without blanks, one after the other: several readers want them.
    bare: String,
}

/// Builds the stream of a document.
pub(crate) fn flow(document: &Document) -> Flow<'_> {
    let count = |block: &Block| match block {
        Block::Line(line) => (1, line.text.len()),
        Block::Grid(grid) => (grid.cells.len(), grid.cells.iter().map(|cell| cell.text.len()).sum()),
    };
    let (units, bytes) = document.blocks.iter().map(count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let mut builder = Builder {
        units: Vec::with_capacity(units),
        sheet: Sheet::with_capacity(bytes),
        bare: String::with_capacity(bytes),
        // Characters have between one byte and three.
        stream: Stream { glyphs: Vec::with_capacity(bytes / 2), ..Stream::default() },
    };
    builder.stream.led = led(document);
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
                builder.stream.raise(Gap::Line);
                builder.stream.bar = false;
                grids += 1;
            }
        }
    }
    let Builder { units, sheet, bare, stream } = builder;
    Flow { units, glyphs: stream.glyphs, sheet, bare }
}

/// Whether every row that is drawn with bars begins with one: then it opens the row and is the edge of no empty cell.
fn led(document: &Document) -> bool {
    let bar = |ch| matches!(ch, '|' | '｜');
    document.blocks.iter().all(|block| {
        let Block::Line(line) = block else { return true };
        let row = line.text.trim();
        // Most lines have no bar, and one sign is looked for many bytes at once.
        let drawn = (row.contains('|') || row.contains('｜')) && !row.chars().all(|ch| bar(ch) || is_blank(ch));
        !drawn || row.starts_with(bar)
    })
}

/// The glyphs so far, and what the next one will have before it.
#[derive(Default)]
struct Stream {
    glyphs: Vec<Glyph>,
    gap: Option<Gap>,
    /// The last thing seen was the edge of a cell drawn as `|`.
    bar: bool,
    /// Every row begins with a bar.
    led: bool,
}

impl Stream {
    fn raise(&mut self, gap: Gap) {
        self.gap = Some(self.gap.map_or(gap, |before| before.max(gap)));
    }

    fn push(&mut self, ch: char, unit: usize, at: usize) {
        let gap = self.gap.take().unwrap_or(Gap::Joined);
        self.glyphs.push(Glyph { ch, gap, unit: narrow(unit), at: narrow(at) });
        self.bar = false;
    }
}

struct Builder<'d> {
    units: Vec<Unit<'d>>,
    sheet: Sheet,
    bare: String,
    stream: Stream,
}

impl<'d> Builder<'d> {
    /// Adds the unit whose text without blanks stands from `start` on.
    fn unit(&mut self, text: &'d str, folded: Strip, start: usize, place: Place, spot: Option<Spot>) {
        self.units.push(Unit { text, folded, bare: start..self.bare.len(), place, spot });
    }

    fn line(&mut self, text: &'d str, place: Place) {
        let unit = self.units.len();
        let strip = self.sheet.push(text);
        let folded = self.sheet.text(&strip);
        let stream = &mut self.stream;
        stream.raise(Gap::Line);
        if folded.chars().all(is_blank) {
            stream.raise(Gap::Blank);
            return;
        }
        // The ruler under the head of a Markdown table.
        if folded.bytes().all(|ch| matches!(ch, b'|' | b'-' | b':' | b' ' | b'+')) && folded.contains("--") {
            stream.bar = false;
            let start = self.bare.len();
            folded.split_whitespace().for_each(|part| self.bare.push_str(part));
            self.unit(text, strip, start, place, None);
            return;
        }
        let opens =
            stream.led && folded.trim_start().starts_with('|') && folded.bytes().any(|ch| !matches!(ch, b'|' | b' '));
        stream.bar &= !opens;
        // One tab sets a word off; several in a line are the edges of cells, as a sheet gives them when it is copied.
        let sheet = memchr::memchr_iter(b'\t', folded.as_bytes()).nth(1).is_some();
        let mut edge = sheet;
        let mut bold = false;
        let mut runs = Runs::new(folded, &mut self.bare);
        for (at, ch) in folded.char_indices() {
            edge = edge && is_blank(ch);
            match ch {
                _ if is_han(ch) => stream.push(ch, unit, at),
                '\t' if sheet => {
                    runs.blank(at, ch);
                    if std::mem::replace(&mut edge, true) {
                        stream.push(Glyph::EMPTY, unit, at);
                    }
                    stream.raise(Gap::Cell);
                }
                // Between two bars, with or without an end of line, there is a cell, be it empty.
                '|' => {
                    if stream.bar {
                        stream.raise(Gap::Cell);
                        stream.push(Glyph::EMPTY, unit, at);
                    }
                    stream.raise(Gap::Cell);
                    stream.bar = true;
                }
                _ if is_blank(ch) => {
                    runs.blank(at, ch);
                    stream.raise(match ch {
                        '\n' | '\r' => Gap::Line,
                        '\t' => Gap::Cell,
                        _ => Gap::Space,
                    });
                }
                // Markdown prints heads and totals in bold: **总计**.
                '*' => {
                    let another = folded.as_bytes().get(at + 1) == Some(&b'*');
                    if std::mem::take(&mut bold) || another {
                        bold = another;
                    } else {
                        stream.push(ch, unit, at);
                    }
                }
                _ => stream.push(ch, unit, at),
            }
        }
        if edge {
            stream.push(Glyph::EMPTY, unit, folded.len());
        }
        let start = runs.end();
        self.unit(text, strip, start, place, None);
    }

    fn cell(&mut self, text: &'d str, place: Place, spot: Spot, first: bool) {
        let unit = self.units.len();
        let strip = self.sheet.push(text);
        let stream = &mut self.stream;
        stream.raise(if first { Gap::Line } else { Gap::Cell });
        stream.bar = false;
        let before = stream.glyphs.len();
        let folded = self.sheet.text(&strip);
        let mut runs = Runs::new(folded, &mut self.bare);
        for (at, ch) in folded.char_indices() {
            let blank = is_blank(ch);
            if blank {
                runs.blank(at, ch);
            }
            if blank || ch == '|' {
                stream.raise(Gap::Space);
            } else {
                stream.push(ch, unit, at);
            }
        }
        if stream.glyphs.len() == before {
            stream.push(Glyph::EMPTY, unit, 0);
        }
        let start = runs.end();
        self.unit(text, strip, start, place, Some(spot));
    }
}

/// Copies what stands between the blanks of a text.
struct Runs<'a> {
    text: &'a str,
    bare: &'a mut String,
    start: usize,
    /// Up to here it is copied or blank.
    done: usize,
}

impl<'a> Runs<'a> {
    fn new(text: &'a str, bare: &'a mut String) -> Self {
        Self { text, start: bare.len(), bare, done: 0 }
    }

    fn blank(&mut self, at: usize, blank: char) {
        self.bare.push_str(self.text.get(self.done..at).unwrap_or_default());
        self.done = at + blank.len_utf8();
    }

    /// Copies the rest; where the copy begins.
    fn end(self) -> usize {
        self.bare.push_str(self.text.get(self.done..).unwrap_or_default());
        self.start
    }
}

/// Most characters are Han, and of those none needs to be looked up.
fn is_blank(ch: char) -> bool {
    !is_han(ch) && ch.is_whitespace()
}

impl Flow<'_> {
    /// The text of a unit folded, the only time that is done.
    pub fn folded(&self, unit: &Unit) -> &str {
        self.sheet.text(&unit.folded)
    }

    /// The folded text of a unit without any blank.
    pub fn bare(&self, unit: &Unit) -> &str {
        self.bare.get(unit.bare.clone()).unwrap_or_default()
    }

    /// How long all of them are together.
    pub fn bare_length(&self) -> usize {
        self.bare.len()
    }

    /// Where an offset of the folded text of a unit stands in the file.
    pub fn place_of(&self, unit: &Unit, at: usize) -> Place {
        if unit.place.line == 0 {
            return unit.place;
        }
        let before = unit.text.get(..self.sheet.origin(&unit.folded, at)).unwrap_or_default();
        let column = narrow(characters(before.as_bytes()));
        Place { line: unit.place.line, column: unit.place.column.saturating_add(column) }
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
        self.glyphs.get(at).and_then(|glyph| self.units.get(glyph.unit())).and_then(|unit| unit.spot)
    }

    /// The text as printed from one glyph up to, not including, another; cut at the end of the unit.
    pub fn raw(&self, from: usize, to: usize) -> &str {
        let Some((first, unit)) = self.glyphs.get(from).and_then(|glyph| Some((glyph, self.units.get(glyph.unit())?)))
        else {
            return "";
        };
        let last = self.glyphs.get(from..to).unwrap_or_default().iter().rev().find(|glyph| glyph.unit == first.unit);
        let end = last
            .map_or(first.at(), |glyph| glyph.at() + if glyph.ch == Glyph::EMPTY { 0 } else { glyph.ch.len_utf8() });
        let origin = |at: usize| self.sheet.origin(&unit.folded, at);
        unit.text.get(origin(first.at())..origin(end)).unwrap_or_default().trim()
    }

    /// The folded text of a stretch, without blanks.
    pub fn plain(&self, from: usize, to: usize) -> String {
        self.glyphs.get(from..to).unwrap_or_default().iter().map(|glyph| glyph.ch).collect()
    }

    /// Where a glyph stands in the file.
    pub fn place(&self, at: usize) -> Place {
        let found = self.glyphs.get(at).and_then(|glyph| Some((glyph, self.units.get(glyph.unit())?)));
        found.map_or_else(Place::default, |(glyph, unit)| self.place_of(unit, glyph.at()))
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
    fn tabs_make_cells_where_a_line_has_several() {
        let document = document("\t一、总体情况\n\t规章\t0\t \t\n许可\t7\n\t\t");
        let flow = flow(&document);
        let seen: String =
            flow.glyphs.iter().map(|glyph| if glyph.ch == Glyph::EMPTY { '_' } else { glyph.ch }).collect();
        assert_eq!(seen, "一、总体情况_规章0__许可7");
        let gaps: Vec<Gap> = flow.glyphs.iter().skip(6).map(|glyph| glyph.gap).collect();
        use Gap::{Cell, Joined, Line};
        assert_eq!(gaps, [Line, Cell, Joined, Cell, Cell, Cell, Line, Joined, Cell]);
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
