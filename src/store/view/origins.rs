//! Where reports came from, for those who want the files of very many.

use std::collections::BTreeSet;

use super::{Source, View};
use crate::{
    error::Result,
    model::{Origin, ReportKey, Year},
    store::{archive, column::PLACES, entry::Entry, layers::place},
};

impl View {
    /// The files that the reports of some bodies came from, in no order; reports of one file may give it several times.
    /// `go_on` is asked before every record that is read.
    ///
    /// # Errors
    /// When the archive cannot be read, and whatever `go_on` returns.
    pub fn origins(&self, bodies: &[usize], year: Year, go_on: impl Fn() -> Result<()>) -> Result<Vec<Origin>> {
        let folder = match &self.0.source {
            Source::Nothing => return Ok(Vec::new()),
            Source::Memory(reports) => {
                let key = |&body: &usize| Some(ReportKey { body: self.body(body)?.id.clone(), year });
                let found = bodies.iter().filter_map(|body| reports.get(&key(body)?));
                return Ok(found.map(|report| report.origin.clone()).collect());
            }
            Source::Archive(folder) => folder,
        };
        // A record of many reports is read once, and the records in the order they were written.
        let mut records = BTreeSet::new();
        let mut column = (usize::MAX, Vec::new());
        for &body in bodies {
            let Some((at, offset)) = self.locate(body) else { continue };
            if column.0 != at {
                let chunk = self.0.chunks.get(at);
                let places = chunk.map(|chunk| chunk.numbers((PLACES, year.number()))).transpose()?.flatten();
                column = (at, places.unwrap_or_default());
            }
            records.extend(column.1.get(offset).copied().flatten());
        }
        let mut found = Vec::with_capacity(records.len());
        for packed in records {
            go_on()?;
            match Entry::of(&archive::read(folder, place(packed)?)?)? {
                Entry::Put(put) => found.push(put.report.origin.into()),
                Entry::Block(block) => found.push(block.origin.into()),
                Entry::Removal(_) | Entry::Verdict(_) => {}
            }
        }
        Ok(found)
    }
}
