//! The markup of a Word file to paragraphs and tables.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use crate::ingest::{
    Refusal,
    format::{limits, refuse},
};

/// A piece of a document or of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A paragraph and its number.
    Paragraph(String, u32),
    /// A table.
    Table(Vec<Row>),
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Columns left out before the first cell.
    pub(super) skip: usize,
    pub(super) cells: Vec<Cell>,
}

/// A cell as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) content: Vec<Content>,
    /// Columns it covers; 0 is written as 1.
    pub(super) span: usize,
    /// It goes on with the cell above.
    pub(super) below: bool,
    /// It goes on with the cell to its left.
    pub(super) beside: bool,
    /// Number of the next paragraph when the cell began.
    pub(super) paragraph: u32,
}

/// Elements whose text is not part of the document: deleted text, the double of a drawing, field codes.
const LEFT_OUT: &[&str] = &["del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sectPr"];

/// The paragraphs and tables of the main part.
pub(super) fn content(xml: &str) -> Result<Vec<Content>, Refusal> {
    let mut reader = Reader::from_str(xml);
    let mut build = Build::default();
    let (mut depth, mut left_out) = (0usize, 0usize);
    loop {
        match reader.read_event().map_err(|_| refuse::damaged("Word"))? {
            Event::Start(element) => {
                depth += 1;
                if depth > limits::XML_DEPTH {
                    return Err(refuse::too_deep(limits::XML_DEPTH));
                }
                if left_out > 0 || LEFT_OUT.contains(&element.local_name().as_ref()) {
                    left_out += 1;
                } else {
                    build.open(&element);
                }
            }
            Event::Empty(element) if left_out == 0 => {
                build.open(&element);
                build.close(element.local_name().as_ref());
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                if left_out > 0 {
                    left_out -= 1;
                } else {
                    build.close(element.local_name().as_ref());
                }
            }
            Event::Text(text) if left_out == 0 => build.text(&text.xml10_content()),
            Event::CData(text) if left_out == 0 => build.text(&text.xml10_content()),
            Event::GeneralRef(name) if left_out == 0 => build.reference(&name.xml10_content()),
            Event::Eof => return Ok(build.finish()),
            _ => {}
        }
        if build.pieces > limits::NODES {
            return Err(refuse::too_many_elements(limits::NODES));
        }
    }
}

/// The title in the file's properties.
pub(super) fn title(xml: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let (mut inside, mut title) = (false, String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) if element.local_name().as_ref() == "title" => inside = true,
            Event::Text(text) if inside => title.push_str(&text.xml10_content()),
            Event::End(_) if inside => return Some(title.trim().to_owned()).filter(|title| !title.is_empty()),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// What is open while the markup goes by.
#[derive(Default)]
struct Build {
    body: Vec<Content>,
    tables: Vec<Vec<Row>>,
    /// Text of the paragraphs that are open; drawings nest paragraphs in paragraphs.
    paragraphs: Vec<String>,
    in_text: bool,
    number: u32,
    pieces: usize,
}

impl Build {
    fn open(&mut self, element: &BytesStart<'_>) {
        self.pieces += 1;
        match element.local_name().as_ref() {
            "p" => self.paragraphs.push(String::new()),
            "t" => self.in_text = true,
            "tab" => self.push(" "),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "tbl" => self.tables.push(Vec::new()),
            "tr" => self.tables.last_mut().into_iter().for_each(|rows| rows.push(Row::default())),
            "tc" => {
                let cell = Cell { paragraph: self.number + 1, span: 1, ..Cell::default() };
                self.row().into_iter().for_each(|row| row.cells.push(cell.clone()));
            }
            "gridBefore" => {
                let skip = number(element);
                self.row().into_iter().for_each(|row| row.skip = skip.unwrap_or(0));
            }
            "gridSpan" => {
                let span = number(element);
                self.cell().into_iter().for_each(|cell| cell.span = span.unwrap_or(1));
            }
            "vMerge" => {
                let goes_on = value(element).is_none_or(|value| value == "continue");
                self.cell().into_iter().for_each(|cell| cell.below = goes_on);
            }
            "hMerge" => {
                let goes_on = value(element).is_none_or(|value| value == "continue");
                self.cell().into_iter().for_each(|cell| cell.beside = goes_on);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => {
                self.number += 1;
                let text = self.paragraphs.pop().unwrap_or_default();
                let paragraph = Content::Paragraph(text, self.number);
                self.add(paragraph);
            }
            "tbl" => {
                if let Some(table) = self.tables.pop() {
                    self.add(Content::Table(table));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.push(text);
        }
    }

    /// `&lt;` and its kind; what is not one of the five or a number is kept as it stands.
    fn reference(&mut self, name: &str) {
        let known = quick_xml::escape::unescape(&format!("&{name};")).map(std::borrow::Cow::into_owned);
        self.text(&known.unwrap_or_else(|_| format!("&{name};")));
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push_str(text);
        }
    }

    fn row(&mut self) -> Option<&mut Row> {
        self.tables.last_mut()?.last_mut()
    }

    fn cell(&mut self) -> Option<&mut Cell> {
        self.row()?.cells.last_mut()
    }

    fn add(&mut self, content: Content) {
        match self.cell() {
            Some(cell) => cell.content.push(content),
            None => self.body.push(content),
        }
    }

    /// A cut file leaves things open; what is there counts.
    fn finish(mut self) -> Vec<Content> {
        while let Some(table) = self.tables.pop() {
            self.add(Content::Table(table));
        }
        self.body
    }
}

fn value(element: &BytesStart<'_>) -> Option<String> {
    let attribute = element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == "val")?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn number(element: &BytesStart<'_>) -> Option<usize> {
    value(element)?.trim().parse().ok()
}
