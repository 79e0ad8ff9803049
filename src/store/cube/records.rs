//! A cube of any kind, read as CSV record by record.

use std::{
    collections::BTreeSet,
    io::{Chain, Cursor, Read},
};

use super::{
    Names,
    field::{Cell, Parsed, key, no_number, value, wide},
    gather::{Batch, Shape},
    unreadable,
};
use crate::{
    error::Result,
    messages::Said,
    model::{Slot, Year},
    store::block::Mark,
};

/// Records as they come, and the rows taken from them that wait for a batch to be full.
pub struct Records<R> {
    reader: csv::Reader<R>,
    record: csv::ByteRecord,
    /// Lines of the file before those of the reader.
    before: u64,
    form: Form,
    batch: Batch,
    shape: Shape,
    cells: Vec<Cell>,
}

/// How the cells stand.
pub enum Form {
    /// A column each.
    Wide(Vec<(Slot, bool)>),
    /// A row each; these reports had theirs.
    Long(BTreeSet<(String, Year)>),
}

impl Form {
    fn batch(&self) -> Batch {
        match self {
            Self::Wide(slots) => Batch::filled(slots),
            Self::Long(_) => Batch::default(),
        }
    }
}

impl<R: Read> Records<R> {
    /// Records of a [`reader`] after its head; `before` are the lines of the file that it does not see.
    pub fn new(reader: csv::Reader<R>, before: u64, form: Form) -> Self {
        let (batch, shape, cells) = (form.batch(), Shape::default(), Vec::new());
        Self { reader, record: csv::ByteRecord::new(), before, form, batch, shape, cells }
    }

    /// The rows of the next batch; nothing when there are no more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn batch(&mut self, names: &Names<'_>) -> Result<Option<Batch>> {
        while self.reader.read_byte_record(&mut self.record).map_err(unreadable)? {
            if self.record.len() == 1 && self.record.as_slice() == b"\r" {
                continue;
            }
            // Every record ends with a line end. Where it begins the reader does not say: empty lines may stand before.
            let inside = memchr::memchr_iter(b'\n', self.record.as_slice()).count() as u64;
            let line = self.before + self.reader.position().line() - 1 - inside;
            let full = match &mut self.form {
                Form::Wide(_) => self.wide(line, names),
                Form::Long(_) => self.long(line, names),
            };
            if full.is_some() {
                return Ok(full);
            }
        }
        let last = std::mem::take(&mut self.batch);
        Ok(if last.is_empty() { None } else { Some(last) })
    }

    /// A batch that is full before a row of this body, which begins another.
    fn full(&mut self, path: &str) -> Option<Batch> {
        let full = self.shape.is_full(path.as_bytes());
        if full {
            self.shape = Shape::default();
        }
        self.shape.note(path.as_bytes());
        full.then(|| std::mem::replace(&mut self.batch, self.form.batch()))
    }

    fn wide(&mut self, line: u64, names: &Names<'_>) -> Option<Batch> {
        let Form::Wide(slots) = &self.form else { return None };
        let record = std::mem::take(&mut self.record);
        let row = wide(record.len(), record.iter(), slots, &mut self.cells);
        let full = row.as_ref().ok().and_then(|(path, _)| self.full(path));
        self.batch.row(line, row, &self.cells, names);
        self.record = record;
        full
    }

    fn long(&mut self, line: u64, names: &Names<'_>) -> Option<Batch> {
        let record = std::mem::take(&mut self.record);
        let mut full = None;
        let put = long(&record, names).and_then(|(path, year, (slot, money), (mark, units))| {
            if !self.batch.continues(path, year) {
                let report = (path.to_owned(), year);
                if matches!(&self.form, Form::Long(done) if done.contains(&report)) {
                    return Err(Said::new("import.apart"));
                }
                full = self.full(path);
                self.batch.begin(path, year, line, names)?;
                if let Form::Long(done) = &mut self.form {
                    done.insert(report);
                }
            }
            self.batch.put(slot, money, mark, units);
            Ok(())
        });
        self.record = record;
        if let Err(why) = put {
            self.batch.refused.refuse(line, why);
        }
        full
    }
}

/// What was read and not yet understood, what follows it, and an end for the last line.
pub type Rest<R> = Chain<Chain<Cursor<Vec<u8>>, R>, &'static [u8]>;

/// A reader of CSV. Only line feeds end a line: then it can be said which line it was. A carriage return before one is
/// white space.
pub fn reader<R: Read>(text: Vec<u8>, from: R, headed: bool) -> csv::Reader<Rest<R>> {
    let mut how = csv::ReaderBuilder::new();
    how.flexible(true).has_headers(headed).terminator(csv::Terminator::Any(b'\n'));
    how.from_reader(Cursor::new(text).chain(from).chain(&b"\n"[..]))
}

/// Body, year, slot and whether it holds money, and what stands there.
type LongRow<'a> = (&'a str, Year, (Slot, bool), (Mark, i64));

/// What a row of a long cube says.
fn long<'a>(record: &'a csv::ByteRecord, names: &Names<'_>) -> Parsed<LongRow<'a>> {
    let [body, year, category, applicant, field] = [0, 1, 2, 3, 4].map(|at| record.get(at));
    let (path, year) = key(body, year)?;
    let text = |field: Option<&'_ [u8]>| String::from_utf8_lossy(field.unwrap_or_default()).trim().to_owned();
    let (category, applicant) = (text(category), text(applicant));
    let name = if applicant.is_empty() { category } else { format!("{category}[{applicant}]") };
    let slot = (names.slot)(&name).ok_or_else(|| Said::new("import.no_column").with("name", &name))?;
    let (field, money) = (field.unwrap_or_default(), (names.money)(slot));
    Ok((path, year, (slot, money), value(field, money).ok_or_else(|| no_number(field))?))
}
