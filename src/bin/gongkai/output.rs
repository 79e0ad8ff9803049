//! Where results go: standard output or a file, in the form asked for.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use gongkai::{
    Error,
    query::{Answer, Question, plan::Stage},
    render::csv,
};
use serde::Serialize;

use crate::{
    args::OutputArgs,
    draft::Draft,
    draw,
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
    /// An SQLite database.
    Sqlite,
}

impl Format {
    /// Every format by the name it is asked for.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("table", Self::Table),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("md", Self::Md),
        ("html", Self::Html),
        ("svg", Self::Svg),
        ("xlsx", Self::Xlsx),
        ("sqlite", Self::Sqlite),
    ];

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }

    /// The name it is asked for by.
    pub fn name(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Whether several answers are bound into one file, which is written when all are there.
    pub fn binds(self) -> bool {
        matches!(self, Self::Xlsx | Self::Sqlite)
    }

    /// Whether a file in this form holds one answer: two tables behind each other are no CSV, two pages no page.
    fn holds_one(self) -> bool {
        matches!(self, Self::Csv | Self::Html | Self::Svg)
    }

    /// Up to how many reports are looked up for the source files that go with an answer. A file is written once and
    /// read for years, so it has all; who waits for a stream has those of a province; rows alone have no place for them.
    pub fn cites(self, file: bool) -> Option<u64> {
        const STREAM: u64 = 1_000;
        match self {
            _ if file => Some(u64::MAX),
            Self::Json | Self::Md | Self::Html | Self::Svg => Some(STREAM),
            _ => None,
        }
    }

    /// The feature it needs, where this build is without it.
    fn lacks(self) -> Option<&'static str> {
        match self {
            Self::Xlsx => cfg!(not(feature = "office")).then_some("office"),
            Self::Sqlite => cfg!(not(feature = "sqlite")).then_some("sqlite"),
            _ => None,
        }
    }
}

/// An open place for results, and the form they are to take.
pub struct Output {
    /// The form.
    pub format: Format,
    /// Whether CSV begins with a byte order mark.
    pub bom: bool,
    sink: Box<dyn Write>,
    draft: Option<Draft>,
    /// How many answers were shown.
    shown: usize,
    /// Whether the file was written by somebody else, at its place.
    filled: bool,
    /// Answers that go into one file together.
    bound: Vec<Answer>,
    /// Files that are to stand beside this one.
    beside: Vec<(PathBuf, String)>,
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
        if let Some(feature) = format.lacks() {
            return Err(Fail::usage("cli.not_built").with("format", format.name()).with("feature", feature));
        }
        if format.binds() && args.output.is_none() {
            return Err(Fail::usage("cli.needs_file").with("format", format.name()));
        }
        let (draft, sink): (_, Box<dyn Write>) = match &args.output {
            Some(path) => {
                let (draft, file) = Draft::at(path)?;
                (Some(draft), Box::new(file))
            }
            None => (None, Box::new(io::stdout().lock())),
        };
        let sink = Box::new(BufWriter::new(sink));
        Ok(Self { format, bom: args.bom, sink, draft, shown: 0, filled: false, bound: Vec::new(), beside: Vec::new() })
    }

    /// Opens a file whose ending picks the form.
    pub fn at(path: &Path, session: &Session) -> Done<Self> {
        let args = OutputArgs { output: Some(path.to_owned()), ..OutputArgs::default() };
        Self::open(&args, session, Format::Csv)
    }

    /// Up to how many reports are looked up for the source files of an answer.
    pub fn cites(&self) -> Option<u64> {
        self.format.cites(self.draft.is_some())
    }

    /// The file written into, if it is one that others can stand beside.
    pub fn file(&self) -> Option<&Path> {
        self.draft.as_ref().filter(|draft| draft.is_file()).map(Draft::named)
    }

    /// Lets somebody write the whole file who needs its place.
    pub fn fill(&mut self, write: impl FnOnce(&Path) -> gongkai::Result<()>) -> Done<()> {
        let Some(draft) = &self.draft else { return Ok(()) };
        write(draft.path()).map_err(|error| error.at(draft.named()))?;
        self.filled = true;
        Ok(())
    }

    /// Binds an answer into the file.
    pub fn bind(&mut self, answer: &Answer) {
        self.bound.push(answer.clone());
    }

    /// Puts a text file beside this one, when this one is whole.
    pub fn beside(&mut self, path: PathBuf, text: String) {
        self.beside.push((path, text));
    }

    /// Writes text as it is.
    pub fn text(&mut self, text: &str) -> Done<()> {
        self.sink.write_all(text.as_bytes()).map_err(|cause| self.trouble(cause))
    }

    /// Writes a piece of an answer and hands it on at once; before the first of them what stands before an answer.
    pub fn piece(&mut self, text: &str, first: bool) -> Done<()> {
        if text.is_empty() {
            return Ok(());
        }
        if first {
            self.next()?;
            self.mark()?;
        }
        self.text(text)?;
        self.sink.flush().map_err(|cause| self.trouble(cause))
    }

    /// Writes what CSV for Excel begins with, where it was asked for.
    pub fn mark(&mut self) -> Done<()> {
        if self.bom && self.format == Format::Csv { self.text(csv::BOM) } else { Ok(()) }
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

    /// Makes ready for the next answer: two answers are kept apart where the form does not do so itself.
    pub fn next(&mut self) -> Done<()> {
        self.shown += 1;
        if self.shown == 1 {
            return Ok(());
        }
        if let (true, Some(draft)) = (self.format.holds_one(), &self.draft) {
            let file = draft.named().display().to_string();
            return Err(Fail::usage("cli.holds_one").with("file", file).with("format", self.format.name()));
        }
        if matches!(self.format, Format::Table | Format::Csv | Format::Md) { self.text("\n") } else { Ok(()) }
    }

    /// Hands everything over.
    pub fn close(mut self) -> Done<()> {
        self.write_bound()?;
        self.sink.flush().map_err(|cause| self.trouble(cause))?;
        if let Some(draft) = self.draft {
            draft.finish()?;
        }
        for (path, text) in self.beside {
            Draft::write(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Closes without putting the file in its place: what it should hold did not come.
    pub fn leave(mut self, session: &Session) -> Done<()> {
        self.sink.flush().map_err(|cause| self.trouble(cause))?;
        if let Some(draft) = &self.draft {
            let file = draft.named().display().to_string();
            draw::note(session, &session.say("cli.left", &[("file", &file)]));
        }
        Ok(())
    }

    fn write_bound(&mut self) -> Done<()> {
        if !self.format.binds() || self.filled {
            return Ok(());
        }
        if let (true, Some(draft)) = (self.bound.is_empty(), &self.draft) {
            return Err(Fail::usage("cli.nothing").with("file", draft.named().display().to_string()));
        }
        let bound = std::mem::take(&mut self.bound);
        match self.format {
            #[cfg(feature = "office")]
            Format::Xlsx => self.bytes(&gongkai::render::xlsx::workbook(&bound)?),
            #[cfg(feature = "sqlite")]
            Format::Sqlite => self.fill(|place| gongkai::render::sqlite::write(&bound, place)),
            _ => Ok(()),
        }
    }

    fn trouble(&self, cause: io::Error) -> Fail {
        match &self.draft {
            Some(draft) => Error::from(cause).at(draft.named()).into(),
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

/// The file that the answer of a question goes into (`| export FILE`).
pub fn export(question: &Question) -> Option<&str> {
    question.plan.stages.iter().rev().find_map(|stage| match stage {
        Stage::Export(file) => Some(file.as_str()),
        _ => None,
    })
}

/// Writes one answer into a file whose ending picks the format.
pub fn save(path: &Path, answer: &Answer, elapsed: Option<Duration>, session: &Session) -> Done<()> {
    let mut output = Output::at(path, session)?;
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
        "db" | "sqlite3" => Ok(Format::Sqlite),
        other => Format::named(other).ok_or_else(|| unknown(other)),
    }
}

/// A format nobody knows, with those there are.
pub fn unknown(name: &str) -> Fail {
    let known: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).collect();
    Fail::usage("cli.unknown_format").with("name", name).with("known", known.join(", "))
}
