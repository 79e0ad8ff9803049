//! Putting many reports of a cube at once: a chunk of columns is the record.

use super::{
    archive::Kind,
    block::Mark,
    codec::{self, FRAME},
    column::{Chunk, PLACES, PREVIOUS, Segment, put_columns},
    entry::{BlockV1, placed},
    open::Writer,
    record::OriginV1,
};
use crate::error::Result;

impl Writer {
    /// Writes chunks of reports to the archive, one record each and all made durable together, and lays them over
    /// what is there.
    ///
    /// # Errors
    /// When the archive cannot be written; nothing has changed then.
    pub fn lay(&mut self, chunks: Vec<Chunk>, origin: &OriginV1, now: u64) -> Result<()> {
        let batch = self.archive.sequence() + 1;
        let chunks: Vec<Chunk> = chunks.into_iter().map(|chunk| self.with_previous(chunk)).collect::<Result<_>>()?;
        let mut frames = Vec::with_capacity(chunks.len());
        for chunk in &chunks {
            let block = BlockV1::of(chunk, batch, origin.clone())?;
            frames.push((Kind::Block, codec::encode(1, &block, FRAME)?));
        }
        let places = self.archive.append(now, &frames)?;
        drop(frames);
        self.behind |= self.note_progress(false, false).is_err();
        (self.changed, self.view) = (true, None);
        for (chunk, place) in chunks.into_iter().zip(places) {
            self.layers.lay(placed(chunk, place)?)?;
        }
        Ok(())
    }

    /// The chunk with the place of what each of its reports replaces.
    fn with_previous(&self, chunk: Chunk) -> Result<Chunk> {
        if self.layers.chunks.is_empty() && self.layers.fresh.is_empty() {
            return Ok(chunk);
        }
        let mut previous: Vec<(u16, Vec<i64>)> = Vec::new();
        for year in chunk.years()? {
            let known = self.layers.known_of(chunk.bodies()?, year)?;
            let places = known.into_iter().map(|known| known.map_or(0, |known| known.place)).collect();
            previous.push((year.number(), places));
        }
        if previous.iter().all(|(_, places)| places.iter().all(|&place| place == 0)) {
            return Ok(chunk);
        }
        let mut segments: Vec<Segment> = Vec::new();
        for entry in chunk.entries()?.iter().filter(|entry| !matches!(entry.id.0, PLACES | PREVIOUS)) {
            segments.push((entry.id, chunk.read(entry)?));
        }
        for (year, places) in previous {
            let marks = vec![Mark::Count; places.len()];
            put_columns(&mut segments, year, [(PREVIOUS, &marks[..], &places[..])]);
        }
        Chunk::in_memory(0, segments)
    }
}
