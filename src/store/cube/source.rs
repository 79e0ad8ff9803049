//! Where batches come from: plain lines are cut off and read later, by whoever has time; anything else is read as CSV.

use std::{collections::BTreeSet, io::Read};

use super::{
    Names,
    gather::Batch,
    lines::{self, Cut, Lines, is_plain},
    records::{Form, Records, Rest, reader},
    unreadable,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::Slot,
};

/// Bytes in which the head of a file mostly ends.
const HEAD: u64 = 64 << 10;

/// A cube as it comes in.
pub enum Source<R> {
    /// A wide one, so far without anything but plain lines.
    Lines(Lines<R>, Vec<(Slot, bool)>),
    /// Any other.
    Records(Box<Records<Rest<R>>>),
    /// Nothing more.
    End,
}

/// What makes a batch.
pub enum Work {
    /// Lines that were put aside: number of the first, and the columns.
    Lines(u64, Vec<(Slot, bool)>),
    /// One that is ready.
    Ready(Batch),
}

/// What one reader of batches uses again and again.
pub struct Desk {
    text: Vec<u8>,
    batch: Batch,
}

impl Default for Desk {
    fn default() -> Self {
        // Room for most batches: text that grows leaves as much behind. What is not written to takes no memory.
        Self { text: Vec::with_capacity(48 << 20), batch: Batch::default() }
    }
}

impl Desk {
    /// The batch that this work makes.
    pub fn batch(&mut self, work: Work, names: &Names<'_>) -> &mut Batch {
        match work {
            Work::Lines(first, slots) => {
                self.batch.begin_lines(&slots);
                lines::read(&self.text, first, &slots, &mut self.batch, names);
            }
            Work::Ready(batch) => self.batch = batch,
        }
        &mut self.batch
    }
}

impl<R: Read> Source<R> {
    /// Reads the head.
    ///
    /// # Errors
    /// `Usage` when it names no columns that are known, `Io` when it cannot be read.
    pub fn open(mut from: R, names: &Names<'_>) -> Result<Self> {
        let mut text = Vec::new();
        let mut end = None;
        while end.is_none() && from.by_ref().take(HEAD).read_to_end(&mut text)? > 0 {
            end = memchr::memchr(b'\n', &text);
        }
        let head = end.and_then(|end| text.get(..=end)).filter(|head| is_plain(head));
        if let Some(Ok(Form::Wide(slots))) = head.map(|head| form(&mut reader(head.to_vec(), &b""[..], true), names)) {
            let text = text.split_off(head.map_or(0, <[u8]>::len));
            return Ok(Self::Lines(Lines { from, text, first: 2 }, slots));
        }
        let mut reader = reader(text, from, true);
        let form = form(&mut reader, names)?;
        Ok(Self::Records(Box::new(Records::new(reader, 0, form))))
    }

    /// What makes the next batch; nothing when there is no more.
    ///
    /// # Errors
    /// When the file cannot be read; there is nothing after that.
    pub fn next(&mut self, desk: &mut Desk, names: &Names<'_>) -> Result<Option<Work>> {
        match std::mem::replace(self, Self::End) {
            Self::Lines(mut lines, slots) => match lines.cut(&mut desk.text)? {
                Cut::Lines(first) => {
                    *self = Self::Lines(lines, slots.clone());
                    Ok(Some(Work::Lines(first, slots)))
                }
                Cut::Csv => {
                    let reader = reader(lines.text, lines.from, false);
                    *self = Self::Records(Box::new(Records::new(reader, lines.first - 1, Form::Wide(slots))));
                    self.next(desk, names)
                }
                Cut::End => Ok(None),
            },
            Self::Records(mut records) => {
                let batch = records.batch(names)?;
                if batch.is_some() {
                    *self = Self::Records(records);
                }
                Ok(batch.map(Work::Ready))
            }
            Self::End => Ok(None),
        }
    }
}

/// How the cells stand, as the head says.
fn form<R: Read>(reader: &mut csv::Reader<R>, names: &Names<'_>) -> Result<Form> {
    let head = reader.headers().map_err(unreadable)?;
    let columns: Vec<&str> = head.iter().map(str::trim).collect();
    match columns.as_slice() {
        ["body", "year", "category", "applicant", "value"] => Ok(Form::Long(BTreeSet::new())),
        ["body", "year", slots @ ..] if !slots.is_empty() => {
            let mut found: Vec<(Slot, bool)> = Vec::with_capacity(slots.len());
            for name in slots {
                let slot = slot(name, names)?;
                if found.contains(&slot) {
                    return Err(Error::new(ErrorKind::Usage, "import.column_twice").with("name", name));
                }
                found.push(slot);
            }
            Ok(Form::Wide(found))
        }
        _ => Err(Error::new(ErrorKind::Usage, "import.head")),
    }
}

fn slot(name: &str, names: &Names<'_>) -> Result<(Slot, bool)> {
    let slot = (names.slot)(name).ok_or_else(|| Error::new(ErrorKind::Usage, "import.no_column").with("name", name))?;
    Ok((slot, (names.money)(slot)))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::{
        model::{Applicant, Body, BodyKind, CategoryCode, Scope, Template, Templates},
        store::{column::Segment, cube::Imported},
    };

    const HEAD: &str = "body,year,300[total],209,301[total],302[total],303[total],304[total],305[total],306[total],307[total],308[total]\n";

    /// 209 is money, and the form of 2019 does not print 301.
    fn names<T>(run: impl FnOnce(&Names<'_>) -> T) -> T {
        let slot = |name: &str| {
            let (category, applicant) =
                name.strip_suffix("[total]").map_or((name, None), |c| (c, Some(Applicant::Total)));
            Some(Slot { category: CategoryCode(category.parse().ok()?), applicant })
        };
        run(&Names {
            slot: &slot,
            money: &|slot| slot.category.0 == 209,
            body: &|path| Ok(Body { id: path.parse()?, name: path.to_owned(), kind: BodyKind::Department }),
            form: &|_, year| {
                let form = Some(if year.number() < 2021 { Template::Form2019 } else { Template::Form2021 });
                (Scope::Own, Templates { t2: form, t3: form, t4: form })
            },
            printed: &|slot, templates| slot.category.0 != 301 || templates.t3 == Some(Template::Form2021),
        })
    }

    /// Every column, and the refused rows.
    fn read(text: &str) -> (Vec<Segment>, Imported) {
        names(|names| {
            let mut source = Source::open(text.as_bytes(), names).unwrap();
            let (mut segments, mut total, mut desk) = (Vec::new(), Imported::default(), Desk::default());
            while let Some(work) = source.next(&mut desk, names).unwrap() {
                let (chunks, refused) = desk.batch(work, names).chunks(names).unwrap();
                total.refuse_all(refused);
                for chunk in chunks {
                    let entries = chunk.entries().unwrap().iter();
                    segments.extend(entries.map(|entry| (entry.id, chunk.read(entry).unwrap())));
                }
            }
            (segments, total)
        })
    }

    fn field() -> impl Strategy<Value = &'static str> {
        const ODD: [&str; 16] = [
            "",
            " ",
            "NA",
            "?",
            "00",
            "-0",
            "-3",
            "+1",
            "1.5",
            "0.0",
            "x",
            "256",
            "65536",
            "4294967291",
            "4294967295",
            "1e3",
        ];
        prop_oneof![20 => Just("0"), 6 => select(&["1", "7", "9", "12", "300"][..]), 3 => Just(""), 1 => select(&ODD[..]), 1 => Just("999999999999999"), 1 => Just("9999999999999999")]
    }

    fn row() -> impl Strategy<Value = String> {
        let path = select(&["110101", "110101/a", "110101/b", "140109", " 140109", "14", ""][..]);
        let year = select(&["2019", "2021", "2022", " 2023", "1", "x"][..]);
        let size = prop_oneof![12 => Just(10), 1 => 0usize..12];
        (path, year, size.prop_flat_map(|size| vec(field(), size)))
            .prop_map(|(path, year, cells)| [&[path, year][..], &cells[..]].concat().join(","))
    }

    proptest! {
        #[test]
        fn lines_and_csv_say_the_same(rows in vec(prop_oneof![15 => row(), 1 => Just(String::new())], 0..40), from in 0usize..40, end in select(&["\n", "\r\n"][..]), last in any::<bool>()) {
            let plain = HEAD.to_owned() + &rows.join(end) + if last { end } else { "" };
            // From one row on its body is in quotes: nothing of that is a plain line.
            let quoted = rows.iter().enumerate().map(|(at, row)| match row.split_once(',') {
                Some((path, rest)) if at >= from => format!("\"{path}\",{rest}"),
                _ => row.clone(),
            });
            let quoted = HEAD.to_owned() + &quoted.collect::<Vec<_>>().join(end) + if last { end } else { "" };
            prop_assert_eq!(read(&plain), read(&quoted));
        }
    }

    #[test]
    fn a_row_is_refused_by_its_line_however_lines_end() {
        let rows = ["body,year,300[total]", "110101,2019,1", "", "110101,2020,x", "110101,2021,2", "110101,2022,y"];
        for end in ["\n", "\r\n"] {
            for quoted in ["110101,2019", "\"110101\",2019", "\"110101\n\",2019"] {
                let refused = read(&rows.join(end).replacen("110101,2019", quoted, 1)).1.refused;
                let lines: Vec<u64> = refused.iter().map(|(line, _)| *line).collect();
                let more = u64::from(quoted.contains('\n'));
                assert_eq!(lines, [4 + more, 6 + more], "{end:?} {quoted:?}");
            }
        }
    }
}
