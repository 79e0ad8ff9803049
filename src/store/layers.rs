//! What the frames so far add up to: sealed chunks, and the reports put since, laid over them.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    archive::{Frame, Place},
    column::{Chunk, Fresh, HASHES, PLACES, REMOVED, build, fold, province},
    entry::{self, Entry, VerdictV1},
    history::Verdict,
    snapshot::Bodies,
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Body, ReportKey, Year},
};

/// What is known of a report without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Scope and forms.
    pub form: u8,
    /// Place in the archive, packed.
    pub place: i64,
    /// Hash of the cells.
    pub hash: i64,
}

/// Sealed chunks with fresh reports over them.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// Chunks in path order.
    pub chunks: Vec<Arc<Chunk>>,
    /// What is ready of the bodies of these chunks.
    pub bodies: Option<Arc<Bodies>>,
    /// Reports put, or taken back, since the chunks were sealed.
    pub fresh: BTreeMap<ReportKey, Fresh>,
    /// Decisions about findings, in order.
    pub verdicts: Vec<VerdictV1>,
}

impl Layers {
    /// Adds what a frame says.
    ///
    /// # Errors
    /// `Damaged` when the frame cannot be understood.
    pub fn apply(&mut self, frame: &Frame) -> Result<()> {
        match Entry::of(frame)? {
            Entry::Put(put) => self.put(put.fresh(frame.place)?),
            Entry::Block(block) => self.lay(block.chunk(frame.place)?),
            Entry::Removal(removal) => {
                let body = Body::try_from(removal.body)?;
                entry::key(body.id.as_str(), removal.year)?;
                self.put(Fresh::removal(body, removal.year, frame.place.packed()))
            }
            Entry::Verdict(verdict) => {
                self.verdicts.push(verdict);
                Ok(())
            }
        }
    }

    /// Adds one report.
    ///
    /// # Errors
    /// `Damaged` when its year is none.
    pub fn put(&mut self, fresh: Fresh) -> Result<()> {
        let key = fresh.key().ok_or_else(|| Error::new(ErrorKind::Damaged, "store.no_year"))?;
        self.fresh.insert(key, fresh);
        Ok(())
    }

    /// Adds a chunk of reports over everything there is.
    ///
    /// # Errors
    /// `Damaged` or `Io` when a chunk below cannot be read.
    pub fn lay(&mut self, chunk: Chunk) -> Result<()> {
        self.settle()?;
        self.chunks = fold(&self.chunks, vec![chunk])?;
        self.bodies = None;
        Ok(())
    }

    /// Turns the fresh reports into columns.
    ///
    /// # Errors
    /// `Damaged` or `Io` when a chunk below cannot be read.
    pub fn settle(&mut self) -> Result<()> {
        if !self.fresh.is_empty() {
            self.chunks = self.folded()?;
            self.bodies = None;
            self.fresh.clear();
        }
        Ok(())
    }

    /// The chunks as they are with the fresh reports laid over them.
    ///
    /// # Errors
    /// `Damaged` or `Io` when a chunk below cannot be read.
    pub fn folded(&self) -> Result<Vec<Arc<Chunk>>> {
        fold(&self.chunks, build(self.fresh.values().cloned())?)
    }

    /// What is ready of the bodies of [`Self::folded`].
    pub fn ready(&self) -> Option<Arc<Bodies>> {
        self.bodies.clone().filter(|_| self.fresh.is_empty())
    }

    /// The verdicts as the public type.
    ///
    /// # Errors
    /// `Damaged` when one is none.
    pub fn verdicts(&self) -> Result<Vec<Verdict>> {
        self.verdicts.iter().map(Verdict::try_from).collect()
    }

    /// What is known of a report.
    ///
    /// # Errors
    /// `Damaged` or `Io` when its chunk cannot be read.
    pub fn known(&self, key: &ReportKey) -> Result<Option<Known>> {
        if let Some(fresh) = self.fresh.get(key) {
            let known = Known { form: fresh.form, place: fresh.place, hash: fresh.hash };
            return Ok((fresh.form != REMOVED).then_some(known));
        }
        let path = key.body.as_str();
        let after = self.chunks.partition_point(|chunk| chunk.first.as_str() <= path);
        let Some(chunk) = after.checked_sub(1).and_then(|at| self.chunks.get(at)) else { return Ok(None) };
        let Ok(at) = chunk.bodies()?.binary_search_by(|body| body.id.cmp(&key.body)) else { return Ok(None) };
        let year = key.year.number();
        let form = chunk.forms(year)?.and_then(|forms| forms.get(at).copied()).unwrap_or(0);
        if form == 0 {
            return Ok(None);
        }
        let number = |slot| chunk.number((slot, year), at).map(Option::unwrap_or_default);
        Ok(Some(Known { form, place: number(PLACES)?, hash: number(HASHES)? }))
    }

    /// What is known of the reports of many bodies of one province, in path order, for one year.
    ///
    /// # Errors
    /// `Damaged` or `Io` when a chunk cannot be read.
    pub fn known_of(&self, bodies: &[Body], year: Year) -> Result<Vec<Option<Known>>> {
        let of = bodies.first().map(|body| province(body.id.as_str()));
        let there = of.is_some_and(|of| self.chunks.iter().any(|chunk| province(&chunk.first) == of));
        if self.fresh.is_empty() && !there {
            return Ok(vec![None; bodies.len()]);
        }
        let mut found = Vec::with_capacity(bodies.len());
        let mut columns: Option<(usize, [Vec<Option<i64>>; 2])> = None;
        for body in bodies {
            let path = body.id.as_str();
            if !self.fresh.is_empty()
                && let Some(fresh) = self.fresh.get(&ReportKey { body: body.id.clone(), year })
            {
                let known = Known { form: fresh.form, place: fresh.place, hash: fresh.hash };
                found.push((fresh.form != REMOVED).then_some(known));
                continue;
            }
            let at = self.chunks.partition_point(|chunk| chunk.first.as_str() <= path).checked_sub(1);
            let Some((number, chunk)) = at.and_then(|at| Some((at, self.chunks.get(at)?))) else {
                found.push(None);
                continue;
            };
            let position = chunk.bodies()?.binary_search_by(|other| other.id.cmp(&body.id)).ok();
            let forms = chunk.forms(year.number())?;
            let form = position.and_then(|at| forms.as_ref()?.get(at).copied()).filter(|&form| form != 0);
            let (Some(position), Some(form)) = (position, form) else {
                found.push(None);
                continue;
            };
            if columns.as_ref().is_none_or(|(of, _)| *of != number) {
                let read = |slot| Ok::<_, Error>(chunk.numbers((slot, year.number()))?.unwrap_or_default());
                columns = Some((number, [read(PLACES)?, read(HASHES)?]));
            }
            let value = |which: usize| {
                let column = columns.as_ref().and_then(|(_, both)| both.get(which));
                column.and_then(|column| column.get(position).copied().flatten()).unwrap_or(0)
            };
            found.push(Some(Known { form, place: value(0), hash: value(1) }));
        }
        Ok(found)
    }
}

/// How many reports the chunks hold, and the sum of what they are: a fingerprint that does not depend on the chunks.
///
/// # Errors
/// `Damaged` or `Io` when a chunk cannot be read.
pub fn fingerprint(chunks: &[Arc<Chunk>]) -> Result<(u64, u64)> {
    let (mut reports, mut sum) = (0, 0u64);
    for chunk in chunks {
        let bodies: Vec<u64> =
            chunk.bodies()?.iter().map(|body| u64::from(crc32fast::hash(body.id.as_str().as_bytes()))).collect();
        for year in chunk.years()? {
            let year = year.number();
            let hashes = chunk.numbers((HASHES, year))?.unwrap_or_default();
            for (at, &form) in chunk.forms(year)?.iter().flat_map(|forms| forms.iter()).enumerate() {
                if form != 0 {
                    let hash = hashes.get(at).copied().flatten().unwrap_or(0).cast_unsigned();
                    let body = bodies.get(at).copied().unwrap_or(0);
                    let mixed = hash ^ (body << 32) ^ (u64::from(year) << 8) ^ u64::from(form);
                    sum = sum.wrapping_add(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                    reports += 1;
                }
            }
        }
    }
    Ok((reports, sum))
}

/// The place a packed number stands for.
///
/// # Errors
/// `Damaged` when it is none.
pub fn place(packed: i64) -> Result<Place> {
    Place::unpack(packed).filter(|place| place.file > 0).ok_or_else(|| Error::new(ErrorKind::Damaged, "store.no_place"))
}
