//! Where results go: standard output or a file, in the form asked for.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use gongkai::{Error, query::Answer, render::csv};
use serde::Serialize;

use crate::{
    args::OutputArgs,
    exit::{Done, Fail},
    session::Session,
    show,
};

/// The forms of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for a person.
    Table,
    /// Comma-separated values.
    Csv,
    /// One JSON object a result.
    Json,
    /// One JSON object a row.
    Jsonl,
    /// A Markdown table.
    Md,
    /// An HTML page.
    Html,
    /// A picture.
    Svg,
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// Every format by the name it is asked for.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("table", Self::Table),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("md", Self::Md),
        ("html", Self::Html),
        ("svg", Self::Svg),
        ("xlsx", Self::Xlsx),
    ];

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }
}

/// An open place for results, and the form they are to take.
pub struct Output {
    /// The form.
    pub format: Format,
    /// Whether CSV begins with a byte order mark.
    pub bom: bool,
    sink: Box<dyn Write>,
    file: Option<PathBuf>,
}

impl Output {
    /// Decides the form and opens the place.
    ///
    /// Without `--format` a file's ending decides, then: a table on a terminal, `piped` elsewhere.
    pub fn open(args: &OutputArgs, session: &Session, piped: Format) -> Done<Self> {
        let by_default = if session.terminal && args.output.is_none() { Format::Table } else { piped };
        let format = match (&args.format, args.json, &args.output) {
            (Some(name), ..) => Format::named(name).ok_or_else(|| unknown(name))?,
            (None, true, _) => Format::Json,
            (None, false, Some(path)) => by_ending(path)?,
            (None, false, None) => by_default,
        };
        if format == Format::Xlsx && (args.output.is_none() || cfg!(not(feature = "office"))) {
            return Err(Fail::usage("cli.xlsx"));
        }
        let sink: Box<dyn Write> = match &args.output {
            Some(path) => Box::new(File::create(path).map_err(|cause| Error::from(cause).at(path))?),
            None => Box::new(io::stdout().lock()),
        };
        Ok(Self { format, bom: args.bom, sink: Box::new(BufWriter::new(sink)), file: args.output.clone() })
    }

    /// The file written into, if any.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Writes text as it is.
    pub fn text(&mut self, text: &str) -> Done<()> {
        self.sink.write_all(text.as_bytes()).map_err(|cause| self.trouble(cause))
    }

    /// Writes bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Done<()> {
        self.sink.write_all(bytes).map_err(|cause| self.trouble(cause))
    }

    /// Writes a value as one JSON object: indented for `json`, on one line for `jsonl`.
    pub fn json(&mut self, value: &impl Serialize) -> Done<()> {
        let text = match self.format {
            Format::Jsonl => serde_json::to_string(value),
            _ => serde_json::to_string_pretty(value),
        };
        self.text(&text.map_err(io::Error::from)?)?;
        self.text("\n")
    }

    /// Writes lines of CSV.
    pub fn csv(&mut self, rows: &[Vec<String>]) -> Done<()> {
        let mut text = String::new();
        for row in rows {
            csv::line(&mut text, row.iter().map(String::as_str));
        }
        self.text(&text)
    }

    /// Keeps two answers apart, where the form does not do so itself.
    pub fn between(&mut self) -> Done<()> {
        if matches!(self.format, Format::Table | Format::Csv | Format::Md) { self.text("\n") } else { Ok(()) }
    }

    /// Hands everything over.
    pub fn close(mut self) -> Done<()> {
        self.sink.flush().map_err(|cause| self.trouble(cause))
    }

    fn trouble(&self, cause: io::Error) -> Fail {
        match &self.file {
            Some(path) => Error::from(cause).at(path).into(),
            None => cause.into(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Writes one answer into a file whose ending picks the format.
pub fn save(path: &Path, answer: &Answer, elapsed: Option<Duration>, session: &Session) -> Done<()> {
    let args = OutputArgs { output: Some(path.to_owned()), ..OutputArgs::default() };
    let mut output = Output::open(&args, session, Format::Csv)?;
    show::answer(answer, elapsed, &mut output, session)?;
    output.close()
}

/// The format of a file's ending.
fn by_ending(path: &Path) -> Done<Format> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "txt" => Ok(Format::Table),
        "ndjson" => Ok(Format::Jsonl),
        "markdown" => Ok(Format::Md),
        "htm" => Ok(Format::Html),
        other => Format::named(other).ok_or_else(|| unknown(other)),
    }
}

/// A format nobody knows, with those there are.
pub fn unknown(name: &str) -> Fail {
    let known: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).collect();
    Fail::usage("cli.unknown_format").with("name", name).with("known", known.join(", "))
}
