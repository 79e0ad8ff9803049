//! `gongkai ingest FILE…`: reads reports and stores them, and says what changed.

pub mod load;
mod row;

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    time::Instant,
};

use gongkai::{Error, Put};
use serde_json::json;

use crate::{
    args::IngestArgs,
    draft::Draft,
    draw,
    exit::{Done, Exit},
    input,
    output::{Format, Output},
    progress,
    session::Session,
    store,
};
use load::Counts;
use row::Row;

/// Reads and stores every file; exit 4 when any was refused.
pub fn run(args: &IngestArgs, session: &Session) -> Done {
    let start = Instant::now();
    let options = input::options(&args.reading, session)?;
    let files = input::files(&args.files)?;
    let rows_wanted = args.output.format.is_some() || args.output.json || args.output.output.is_some();
    let mut output = rows_wanted.then(|| Output::open(&args.output, session, Format::Table)).transpose()?;
    let mut rejects = args.rejects.as_deref().map(Rejects::at).transpose()?;
    let database = if args.dry_run { gongkai::Database::in_memory() } else { store::to_write(session)? };
    let bar = progress::Bar::new(files.len(), session);
    let mut rows: Vec<Row> = Vec::new();
    let mut counts = Counts::default();
    let stopped = load::load(&database, &files, &options, &bar, &mut |ingested, elapsed| {
        let row = Row::of(&ingested, elapsed, session.lang);
        counts.add(&row, ingested.put);
        if let Some(reason) = &row.reason {
            bar.say(&session.say("read.refused", &[("file", &row.file), ("reason", reason)]), session);
            if let Some(rejects) = &mut rejects {
                rejects.add(&row)?;
            }
        }
        if output.is_some() {
            rows.push(row);
        }
        Ok(())
    })?;
    bar.done();
    database.close()?;
    if let Some(rejects) = rejects {
        rejects.close(!stopped, session)?;
    }
    if let Some(output) = output.take() {
        row::write(output, &rows, &counts, start.elapsed())?;
    }
    close(&counts, args, session);
    if stopped {
        draw::line(&session.say("ingest.interrupted", &[]));
        return Ok(Exit::Interrupted);
    }
    Ok(if counts.refused > 0 { Exit::Refused } else { Exit::Ok })
}

/// The file of refused reports, one JSON object a line.
struct Rejects {
    draft: Draft,
    sink: BufWriter<File>,
}

impl Rejects {
    fn at(path: &Path) -> Done<Self> {
        let (draft, file) = Draft::at(path)?;
        Ok(Self { draft, sink: BufWriter::new(file) })
    }

    fn add(&mut self, row: &Row) -> gongkai::Result<()> {
        writeln!(self.sink, "{}", json!(row)).map_err(|cause| self.trouble(cause))
    }

    /// Puts the file in its place if every report was read; else the one that was there stays.
    fn close(mut self, whole: bool, session: &Session) -> gongkai::Result<()> {
        self.sink.flush().map_err(|cause| self.trouble(cause))?;
        if whole {
            return self.draft.finish();
        }
        let file = self.draft.named().display().to_string();
        draw::note(session, &session.say("cli.left", &[("file", &file)]));
        Ok(())
    }

    fn trouble(&self, cause: io::Error) -> Error {
        Error::from(cause).at(self.draft.named())
    }
}

/// The line that says what changed, and the one that names the next useful command.
fn close(counts: &Counts, args: &IngestArgs, session: &Session) {
    let number = |count: usize| count.to_string();
    let (added, unchanged) = (number(counts.added), number(counts.unchanged));
    let (replaced, refused) = (number(counts.replaced), number(counts.refused));
    let (findings, store) = (number(counts.with_findings), session.store.display().to_string());
    let key = if args.dry_run { "ingest.dry" } else { "ingest.done" };
    let words = [
        ("added", added.as_str()),
        ("unchanged", unchanged.as_str()),
        ("replaced", replaced.as_str()),
        ("refused", refused.as_str()),
        ("findings", findings.as_str()),
        ("store", store.as_str()),
    ];
    draw::note(session, &session.say(key, &words));
    let next = match (&args.rejects, counts) {
        _ if args.dry_run => "ingest.next.dry",
        (Some(_), counts) if counts.refused > 0 => "ingest.next.rejects",
        (None, counts) if counts.refused > 0 => "ingest.next.refused",
        (_, counts) if counts.with_findings > 0 => "ingest.next.check",
        _ => "ingest.next.query",
    };
    let rejects = args.rejects.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    if session.verbosity >= 0 {
        draw::hint(session, &session.say(next, &[("rejects", &rejects)]));
    }
}

impl Counts {
    /// Counts one row.
    fn add(&mut self, row: &Row, put: Option<Put>) {
        match put {
            Some(Put::Added) => self.added += 1,
            Some(Put::Unchanged) => self.unchanged += 1,
            Some(Put::Replaced) => self.replaced += 1,
            _ => self.refused += 1,
        }
        self.with_findings += usize::from(row.has_findings());
    }
}
