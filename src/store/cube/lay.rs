//! Laying imported chunks over what is there: what is the same stays, what is new counts.

use super::Imported;
use crate::{
    error::Result,
    store::{
        block::Mark,
        column::{Chunk, DICTIONARY, FORMS, HASHES, Segment, put_columns, slot_of},
        open::Writer,
        record::OriginV1,
        view::View,
    },
};

impl Writer {
    /// Puts chunks of imported reports, leaving out those that are there with the same figures.
    ///
    /// # Errors
    /// When the archive cannot be written or a column that is there cannot be read.
    pub fn import(&mut self, chunks: Vec<Chunk>, origin: &OriginV1, now: u64, total: &mut Imported) -> Result<()> {
        let mut kept = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let mut same: Vec<(u16, Vec<bool>)> = Vec::new();
            let mut new = 0;
            for year in chunk.years()? {
                let known = self.layers.known_of(chunk.bodies()?, year)?;
                let forms = chunk.forms(year.number())?.unwrap_or_default();
                let hashes = chunk.numbers((HASHES, year.number()))?.unwrap_or_default();
                let there = |at: usize| forms.get(at).is_some_and(|&form| form != 0);
                let mut alike: Vec<bool> = known
                    .iter()
                    .enumerate()
                    .map(|(at, known)| {
                        let hash = hashes.get(at).copied().flatten();
                        there(at)
                            && known.is_some_and(|known| Some(known.hash) == hash && Some(&known.form) == forms.get(at))
                    })
                    .collect();
                if alike.contains(&true) {
                    let view = self.view()?;
                    certain(&view, &chunk, year, &mut alike)?;
                }
                for (at, known) in known.iter().enumerate().filter(|(at, _)| there(*at)) {
                    match known {
                        _ if alike.get(at) == Some(&true) => total.unchanged += 1,
                        Some(_) => total.replaced += 1,
                        None => total.added += 1,
                    }
                    new += u64::from(alike.get(at) != Some(&true));
                }
                same.push((year.number(), alike));
            }
            if new == 0 {
                continue;
            }
            let any = same.iter().any(|(_, alike)| alike.contains(&true));
            kept.push(if any { without(&chunk, &same)? } else { chunk });
        }
        if kept.is_empty() { Ok(()) } else { self.lay(kept, origin, now) }
    }
}

/// Keeps a body marked as alike only where every cell is the same.
fn certain(view: &View, chunk: &Chunk, year: crate::model::Year, alike: &mut [bool]) -> Result<()> {
    let bodies = chunk.bodies()?;
    let numbers: Vec<Option<usize>> = bodies.iter().map(|body| view.find(&body.id)).collect();
    let mut slots = view.slots(year);
    slots.extend(chunk.entries()?.iter().filter(|e| e.id.1 == year.number()).filter_map(|e| slot_of(e.id.0)));
    slots.sort_unstable();
    slots.dedup();
    let (mut marks, mut units) = (Vec::new(), Vec::new());
    for slot in slots {
        chunk.decode((crate::store::column::column(slot), year.number()), &mut marks, &mut units)?;
        for (at, alike) in alike.iter_mut().enumerate().filter(|(_, alike)| **alike) {
            let here = marks.get(at).zip(units.get(at)).and_then(|(mark, &units)| mark.reading(units));
            let number = numbers.get(at).copied().flatten();
            *alike = number.is_some_and(|number| view.reading(number, year, slot) == here);
        }
    }
    view.health()
}

/// The chunk without the reports that are there already.
fn without(chunk: &Chunk, same: &[(u16, Vec<bool>)]) -> Result<Chunk> {
    let mut segments: Vec<Segment> = Vec::new();
    for entry in chunk.entries()? {
        let drop = same.iter().find(|(year, _)| *year == entry.id.1).map(|(_, alike)| alike);
        let Some(drop) = drop.filter(|_| entry.id.0 != DICTIONARY) else {
            segments.push((entry.id, chunk.read(entry)?));
            continue;
        };
        let (mut marks, mut units) = (Vec::new(), Vec::new());
        chunk.decode(entry.id, &mut marks, &mut units)?;
        for (mark, _) in marks.iter_mut().zip(drop).filter(|(_, drop)| **drop) {
            *mark = Mark::NoReport;
        }
        let numbers = marks.iter().zip(&units);
        let units: Vec<i64> = numbers
            .map(|(mark, &number)| if entry.id.0 == FORMS && *mark == Mark::NoReport { 0 } else { number })
            .collect();
        put_columns(&mut segments, entry.id.1, [(entry.id.0, &marks[..], &units[..])]);
    }
    Chunk::in_memory(0, segments)
}
