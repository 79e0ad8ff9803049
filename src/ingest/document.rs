//! What every format is turned into: lines of text and grids of cells, in reading order, each with its place.

use serde::{Deserialize, Serialize};

use crate::text::Place;

/// The format a file was found to be in, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// Plain text, with or without pipes.
    Text,
    /// Markdown.
    Markdown,
    /// HTML, Word's and WPS's included.
    Html,
    /// Word (`.docx`).
    Docx,
    /// Excel (`.xlsx`, `.xls`).
    Sheet,
    /// PDF with a text layer.
    Pdf,
}

/// A report's text and tables, whatever the format was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    /// The format.
    pub format: Format,
    /// `<title>` and metadata of the container, as (name, value).
    pub metadata: Vec<(String, String)>,
    /// Lines and tables in reading order.
    pub blocks: Vec<Block>,
}

/// A piece of a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Block {
    /// A line or paragraph.
    Line(Line),
    /// A table the format itself marks as one.
    Grid(Grid),
}

/// A line of text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The text, without its end of line, otherwise as it stands.
    pub text: String,
    /// Where its first character stands.
    pub place: Place,
}

/// A table with spans resolved into coordinates.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Grid {
    /// The cells that exist, in row order, then column order.
    pub cells: Vec<GridCell>,
}

/// One cell of a [`Grid`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GridCell {
    /// The text, without markup.
    pub text: String,
    /// First row it covers, from 0.
    pub row: usize,
    /// First column it covers, from 0.
    pub column: usize,
    /// How many rows.
    pub row_span: usize,
    /// How many columns.
    pub column_span: usize,
    /// Where its text stands in the file.
    pub place: Place,
}
