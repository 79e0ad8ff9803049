//! How much a stranger's file may make this program do. Each limit is far above any real report.

/// Bytes of a file, and of one decompressed entry.
pub(crate) const FILE_BYTES: usize = 64 << 20;
/// Lines of a text.
pub(crate) const LINES: usize = 200_000;
/// Levels of nested elements, as in browsers.
pub(crate) const DEPTH: usize = 512;
/// Attributes of one tag.
pub(crate) const ATTRIBUTES: usize = 256;
/// Elements and pieces of text of a page.
pub(crate) const NODES: usize = 1_000_000;
/// Rows or columns one cell may say it covers.
pub(crate) const SPAN: usize = 1_000;
/// Rows of a table.
pub(crate) const ROWS: usize = 2_000;
/// Columns of a table.
pub(crate) const COLUMNS: usize = 100;
/// Entries of an archive.
#[cfg(feature = "office")]
pub(crate) const ENTRIES: usize = 10_000;
/// Times its packed size an entry may unpack to.
#[cfg(feature = "office")]
pub(crate) const RATIO: usize = 200;
/// An entry that unpacks to no more than this may be packed as tightly as it likes.
#[cfg(feature = "office")]
pub(crate) const SMALL_ENTRY: usize = 1 << 20;
/// Bytes that all entries of an archive may unpack to.
#[cfg(feature = "office")]
pub(crate) const ARCHIVE_BYTES: usize = 512 << 20;
/// Levels of nested elements of a Word file.
#[cfg(feature = "office")]
pub(crate) const XML_DEPTH: usize = 256;
/// Cells of a spreadsheet that hold something.
#[cfg(feature = "office")]
pub(crate) const CELLS: usize = 200_000;
/// Pages of a PDF.
#[cfg(feature = "pdf")]
pub(crate) const PAGES: usize = 500;
/// Straight lines of a PDF page that may form tables.
#[cfg(feature = "pdf")]
pub(crate) const STROKES: usize = 5_000;
/// Bytes that all streams of a PDF may unpack to.
#[cfg(feature = "pdf")]
pub(crate) const UNPACKED_PDF: usize = 512 << 20;
