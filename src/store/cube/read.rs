//! Reading a cube: one thread reads rows, another turns them into columns.

use std::{collections::BTreeSet, io::Read, sync::mpsc, thread};

use super::{Imported, Names, gather::Batch};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Amount, Origin, Slot, Year},
    store::{Store, block::Mark, record::OriginV1},
};

/// What a row says, or why it is refused.
type Parsed<T> = std::result::Result<T, String>;

/// The most digits of a number: anything longer is no count of anything.
const DIGITS: usize = 15;

impl Store {
    /// Reads a cube and puts what is in it, group by group: when this returns everything is durable, and when it is cut
    /// off the groups before are. `origin` names the file.
    ///
    /// # Errors
    /// `Usage` when the head of the file names no columns that are known, `Io` when the file cannot be read or the
    /// store cannot be written. A bad row is no error; it is refused with its line, and the rest goes in.
    pub fn import(&self, from: impl Read + Send, names: &Names<'_>, origin: &Origin, now: u64) -> Result<Imported> {
        let origin = OriginV1::from(origin);
        let mut total = Imported::default();
        let (hand, taken) = mpsc::sync_channel::<Batch>(0);
        let read = thread::scope(|scope| {
            let reader = scope.spawn(move || rows(from, names, &hand));
            let laid = taken.iter().try_for_each(|batch| {
                let (chunks, doubled) = batch.chunks(names)?;
                drop(batch);
                for line in doubled {
                    total.refuse(line, "a later row gives the same body and year".to_owned());
                }
                self.write(|writer| writer.import(chunks, &origin, now, &mut total))
            });
            drop(taken);
            let read = reader.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Io, "the reading thread gave up")));
            laid.and(read)
        })?;
        for (line, why) in read.refused {
            total.refuse(line, why);
        }
        total.refused.sort_by_key(|(line, _)| *line);
        self.write(super::super::open::Writer::seal)?;
        Ok(total)
    }
}

/// Reads all rows and hands them on in batches; returns those that were refused.
pub fn rows(from: impl Read, names: &Names<'_>, hand: &mpsc::SyncSender<Batch>) -> Result<Imported> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(from);
    let head = reader.headers().map_err(unreadable)?.clone();
    let columns: Vec<&str> = head.iter().map(str::trim).collect();
    match columns.as_slice() {
        ["body", "year", "category", "applicant", "value"] => long(reader, names, hand),
        ["body", "year", slots @ ..] if !slots.is_empty() => {
            let slots: Result<Vec<(Slot, bool)>> = slots.iter().map(|name| slot(name, names)).collect();
            wide(reader, &slots?, names, hand)
        }
        _ => {
            let message = "a cube begins with body,year,category,applicant,value or with body,year and its columns";
            Err(Error::new(ErrorKind::Usage, message))
        }
    }
}

fn slot(name: &str, names: &Names<'_>) -> Result<(Slot, bool)> {
    let slot = (names.slot)(name).ok_or_else(|| Error::new(ErrorKind::Usage, format!("no column is called {name}")))?;
    Ok((slot, (names.money)(slot)))
}

fn wide<R: Read>(
    mut reader: csv::Reader<R>,
    slots: &[(Slot, bool)],
    names: &Names<'_>,
    hand: &mpsc::SyncSender<Batch>,
) -> Result<Imported> {
    let mut refused = Imported::default();
    let mut batch = Batch::with(slots);
    let mut record = csv::ByteRecord::new();
    let mut cells: Vec<(Mark, i64)> = Vec::with_capacity(slots.len());
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, csv::Position::line);
        let parsed = parse_wide(&record, slots, &mut cells).and_then(|(path, year)| {
            if batch.is_full(path) && hand.send(std::mem::replace(&mut batch, Batch::with(slots))).is_err() {
                return Ok(false);
            }
            let body = if batch.ends_with(path) { None } else { Some((names.body)(path)?) };
            let begun = batch.begin(body, year, line);
            begun.then_some(true).ok_or_else(|| "its body and year stand in a row before".to_owned())
        });
        match parsed {
            Ok(true) => batch.set_all(&cells),
            // The writing side has stopped; it says why.
            Ok(false) => return Ok(refused),
            Err(why) => refused.refuse(line, why),
        }
    }
    let _ = if batch.is_empty() { Ok(()) } else { hand.send(batch) };
    Ok(refused)
}

fn parse_wide<'a>(
    record: &'a csv::ByteRecord,
    slots: &[(Slot, bool)],
    cells: &mut Vec<(Mark, i64)>,
) -> Parsed<(&'a str, Year)> {
    if record.len() != slots.len() + 2 {
        return Err(format!("{} fields where {} belong", record.len(), slots.len() + 2));
    }
    let mut fields = record.iter();
    let key = key(fields.next(), fields.next())?;
    cells.clear();
    for (field, &(_, money)) in fields.zip(slots) {
        cells.push(value(field, money).ok_or_else(|| no_number(field))?);
    }
    Ok(key)
}

fn long<R: Read>(mut reader: csv::Reader<R>, names: &Names<'_>, hand: &mpsc::SyncSender<Batch>) -> Result<Imported> {
    let mut refused = Imported::default();
    let mut batch = Batch::default();
    let mut done: BTreeSet<(String, Year)> = BTreeSet::new();
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, csv::Position::line);
        let mut put = || -> Parsed<bool> {
            let [body, year, category, applicant, field] = [0, 1, 2, 3, 4].map(|at| record.get(at));
            let (path, year) = key(body, year)?;
            let text = |field: Option<&'_ [u8]>| String::from_utf8_lossy(field.unwrap_or_default()).trim().to_owned();
            let (category, applicant) = (text(category), text(applicant));
            let name = if applicant.is_empty() { category } else { format!("{category}[{applicant}]") };
            let slot = (names.slot)(&name).ok_or_else(|| format!("no column is called {name}"))?;
            let (field, money) = (field.unwrap_or_default(), (names.money)(slot));
            let (mark, units) = value(field, money).ok_or_else(|| no_number(field))?;
            if !batch.continues(path, year) {
                if !done.insert((path.to_owned(), year)) {
                    return Err("the rows of one report must stand together".to_owned());
                }
                if batch.is_full(path) && hand.send(std::mem::take(&mut batch)).is_err() {
                    return Ok(false);
                }
                let body = if batch.ends_with(path) { None } else { Some((names.body)(path)?) };
                batch.begin(body, year, line);
            }
            let column = batch.column(slot, money);
            batch.set(column, mark, units);
            Ok(true)
        };
        match put() {
            Ok(true) => {}
            Ok(false) => return Ok(refused),
            Err(why) => refused.refuse(line, why),
        }
    }
    let _ = if batch.is_empty() { Ok(()) } else { hand.send(batch) };
    Ok(refused)
}

fn key<'a>(body: Option<&'a [u8]>, year: Option<&[u8]>) -> Parsed<(&'a str, Year)> {
    let body = std::str::from_utf8(body.unwrap_or_default()).map_err(|_| "its body is not UTF-8".to_owned())?;
    let year = String::from_utf8_lossy(year.unwrap_or_default());
    let year = year.trim();
    let number = year.parse().ok().and_then(Year::new).ok_or_else(|| format!("{year} is not a report year"))?;
    Ok((body.trim(), number))
}

/// What a field says; nothing where it is neither a state nor a number.
fn value(field: &[u8], money: bool) -> Option<(Mark, i64)> {
    let field = field.trim_ascii();
    match field {
        b"" => return Some((Mark::Blank, 0)),
        b"NA" => return Some((Mark::NotApplicable, 0)),
        b"?" => return Some((Mark::Unreadable, 0)),
        _ => {}
    }
    if money {
        let amount: Amount = std::str::from_utf8(field).ok()?.parse().ok()?;
        return Some((Mark::Money, amount.0));
    }
    let (negative, digits) = field.strip_prefix(b"-").map_or((false, field), |rest| (true, rest));
    if digits.is_empty() || digits.len() > DIGITS {
        return None;
    }
    let mut number = 0i64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some((Mark::Count, if negative { -number } else { number }))
}

fn no_number(field: &[u8]) -> String {
    format!("{} is no number", String::from_utf8_lossy(field.trim_ascii()))
}

fn unreadable(cause: csv::Error) -> Error {
    Error::new(ErrorKind::Io, "the cube cannot be read as CSV").because(cause)
}
