//! What the frames of the archive hold, one struct per kind and version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    archive::{Frame, Kind, Place},
    block::Mark,
    codec::{self, FRAME},
    column::{Chunk, FORMS, Fresh, LINES, PLACES, Segment, put_columns, slot_of},
    record::{BodyV1, OriginV1, ReportV1, form_of},
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Cell, Place as TextPlace, Report, ReportKey, Year},
};

/// A report that was put: frame kind 1, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutV1 {
    /// Packed place of the revision it replaces; 0 for none.
    pub previous: i64,
    /// Sequence of the first frame of the batch it belongs to.
    pub batch: u64,
    /// Why a person changed it, where one did.
    pub correction: Option<CorrectionV1>,
    /// The report.
    pub report: ReportV1,
}

/// Who corrected a report and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionV1 {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Reports of an imported cube as one chunk of columns: frame kind 2, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockV1 {
    /// Sequence of the first frame of the batch it belongs to.
    pub batch: u64,
    /// The imported file.
    pub origin: OriginV1,
    /// Columns as (slot, year, segment).
    pub segments: Vec<(u32, u16, Bytes)>,
}

/// Bytes that are written as one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes(#[serde(with = "pieces")] pub Vec<u8>);

/// A report taken back: frame kind 3, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalV1 {
    /// Packed place of what it takes back.
    pub previous: i64,
    /// Sequence of the first frame of the batch it belongs to.
    pub batch: u64,
    /// Who reported.
    pub body: BodyV1,
    /// The year.
    pub year: u16,
}

/// What a person decided about a finding: frame kind 4, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictV1 {
    /// Body path.
    pub path: String,
    /// Year.
    pub year: u16,
    /// Rule of the finding.
    pub rule: String,
    /// Fingerprint of the figures that were judged.
    pub judged: String,
    /// The decision.
    pub verdict: String,
    /// Who decided.
    pub by: String,
    /// Why.
    pub note: String,
    /// When, in milliseconds since 1970.
    pub time: u64,
}

/// A frame understood.
#[derive(Debug)]
pub enum Entry {
    /// One report.
    Put(Box<PutV1>),
    /// Many.
    Block(BlockV1),
    /// One less.
    Removal(RemovalV1),
    /// A decision.
    Verdict(VerdictV1),
}

impl Entry {
    /// Reads the payload of a frame.
    ///
    /// # Errors
    /// `Damaged` when it is not what its kind says, `Format` when it is of a newer version.
    pub fn of(frame: &Frame) -> Result<Self> {
        let payload = &frame.payload;
        Ok(match frame.kind {
            Kind::Report => Self::Put(codec::decode(1, payload, FRAME)?),
            Kind::Block => Self::Block(codec::decode(1, payload, FRAME)?),
            Kind::Removal => Self::Removal(codec::decode(1, payload, FRAME)?),
            Kind::Verdict => Self::Verdict(codec::decode(1, payload, FRAME)?),
        })
    }

    /// The batch it belongs to; a verdict belongs to none.
    #[must_use]
    pub fn batch(&self) -> Option<u64> {
        match self {
            Self::Put(put) => Some(put.batch),
            Self::Block(block) => Some(block.batch),
            Self::Removal(removal) => Some(removal.batch),
            Self::Verdict(_) => None,
        }
    }

    /// The report of a key that this frame holds; nothing when it holds none of that key.
    ///
    /// # Errors
    /// `Damaged` when the record is not a report.
    pub fn report(self, key: &ReportKey) -> Result<Option<Report>> {
        Ok(self.reports(std::slice::from_ref(key))?.pop().flatten())
    }

    /// The reports of several keys, in their order.
    ///
    /// # Errors
    /// `Damaged` when a record is not a report.
    pub fn reports(self, keys: &[ReportKey]) -> Result<Vec<Option<Report>>> {
        match self {
            Self::Put(put) => {
                let report = Report::try_from(put.report)?;
                Ok(keys.iter().map(|key| (report.key() == *key).then(|| report.clone())).collect())
            }
            Self::Block(block) => block.reports(keys),
            Self::Removal(_) | Self::Verdict(_) => Ok(vec![None; keys.len()]),
        }
    }
}

impl PutV1 {
    /// What columns need of it.
    ///
    /// # Errors
    /// `Damaged` when the record is not a report.
    pub fn fresh(self, place: Place) -> Result<Fresh> {
        Ok(Fresh::of(&Report::try_from(self.report)?, place.packed()))
    }
}

impl BlockV1 {
    /// A block of a chunk's columns.
    ///
    /// # Errors
    /// When the chunk cannot be read.
    pub fn of(chunk: &Chunk, batch: u64, origin: OriginV1) -> Result<Self> {
        let segments = chunk.entries()?.iter().map(|entry| {
            let bytes = chunk.read(entry)?;
            Ok((entry.id.0, entry.id.1, Bytes(bytes.to_vec())))
        });
        Ok(Self { batch, origin, segments: segments.collect::<Result<_>>()? })
    }

    /// Its columns, with the place of this frame for every report.
    ///
    /// # Errors
    /// `Damaged` when a column is.
    pub fn chunk(self, place: Place) -> Result<Chunk> {
        let segments = self.segments.into_iter().map(|(slot, year, bytes)| ((slot, year), Arc::from(bytes.0)));
        placed(Chunk::in_memory(0, segments)?, place)
    }

    fn reports(self, keys: &[ReportKey]) -> Result<Vec<Option<Report>>> {
        let origin = self.origin.clone();
        let chunk = self.chunk(Place::default())?;
        let mut reports = Vec::with_capacity(keys.len());
        for key in keys {
            reports.push(empty_report(&chunk, key, &origin)?);
        }
        let mut years: Vec<u16> = keys.iter().map(|key| key.year.number()).collect();
        years.sort_unstable();
        years.dedup();
        let (mut marks, mut units) = (Vec::new(), Vec::new());
        for entry in chunk.entries()?.iter().filter(|entry| years.contains(&entry.id.1) && entry.id.0 < FORMS) {
            let Some(slot) = slot_of(entry.id.0) else { continue };
            chunk.decode(entry.id, &mut marks, &mut units)?;
            for (report, at, place) in reports.iter_mut().flatten().filter(|(it, ..)| it.year.number() == entry.id.1) {
                let reading = marks.get(*at).zip(units.get(*at)).and_then(|(mark, &units)| mark.reading(units));
                if let Some(reading) = reading {
                    let raw = reading.value().map(|quantity| quantity.to_string()).unwrap_or_default();
                    report.cells.push(Cell { slot, reading, raw, place: *place, row: 0 });
                }
            }
        }
        Ok(reports.into_iter().map(|report| report.map(|(report, ..)| report)).collect())
    }
}

/// An imported report without its cells, its position in the chunk, and its line in the file.
fn empty_report(chunk: &Chunk, key: &ReportKey, origin: &OriginV1) -> Result<Option<(Report, usize, TextPlace)>> {
    let year = key.year.number();
    let Ok(at) = chunk.bodies()?.binary_search_by(|body| body.id.cmp(&key.body)) else { return Ok(None) };
    let form = chunk.forms(year)?.and_then(|forms| form_of(forms.get(at).copied()?));
    let Some((scope, templates)) = form else { return Ok(None) };
    let line = chunk.numbers((LINES, year))?.and_then(|lines| lines.get(at).copied().flatten()).unwrap_or(0);
    let place = TextPlace { line: u32::try_from(line).unwrap_or(0), column: 0 };
    let report = chunk.bodies()?.get(at).cloned().map(|body| Report {
        body,
        year: key.year,
        scope,
        templates,
        cells: Vec::new(),
        claims: Vec::new(),
        findings: Vec::new(),
        published: None,
        origin: origin.clone().into(),
    });
    Ok(report.map(|report| (report, at, place)))
}

/// The chunk of a block with the place of its frame for every report.
///
/// # Errors
/// `Damaged` when a column is.
pub fn placed(chunk: Chunk, place: Place) -> Result<Chunk> {
    let mut segments: Vec<Segment> = Vec::new();
    for year in chunk.years()? {
        let Some(forms) = chunk.forms(year.number())? else { continue };
        let mark = |&form: &u8| if form == 0 { Mark::NoReport } else { Mark::Count };
        let marks: Vec<Mark> = forms.iter().map(mark).collect();
        let places = vec![place.packed(); marks.len()];
        put_columns(&mut segments, year.number(), [(PLACES, &marks[..], &places[..])]);
    }
    chunk.with_own(PLACES, segments)
}

/// The key of a body and year as records keep them.
///
/// # Errors
/// `Damaged` when they are none.
pub fn key(path: &str, year: u16) -> Result<ReportKey> {
    let body = path.parse().map_err(|why: String| Error::new(ErrorKind::Damaged, why))?;
    let year = Year::new(year).ok_or_else(|| Error::new(ErrorKind::Damaged, format!("{year} is no report year")))?;
    Ok(ReportKey { body, year })
}

/// serde writes a list of bytes one by one; this writes them at once.
mod pieces {
    use std::fmt;

    use serde::{Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Visitor)
    }
}
