//! Reading a cube: every core turns rows into columns, and what they make is stored in the order of the file.

use std::{
    collections::BTreeMap,
    io::Read,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use super::{
    Imported, Names,
    source::{Desk, Source},
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::Origin,
    store::{Store, column::Chunk, open::Writer, record::OriginV1},
};

/// Most threads that make columns: each holds a batch, and storing is one thread's work anyway.
const THREADS: usize = 2;

/// What a batch becomes.
type Made = Result<(Vec<Chunk>, Imported)>;

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
        let mut lay = |made: Made| {
            let (chunks, refused) = made?;
            total.refuse_all(refused);
            self.write(|writer| writer.import(chunks, &origin, now, &mut total))
        };
        let source = Mutex::new((0, Source::open(from, names)?));
        let (hand, taken) = mpsc::sync_channel(0);
        thread::scope(|scope| {
            let threads = thread::available_parallelism().map_or(1, Into::into).min(THREADS);
            let make = |hand: mpsc::SyncSender<(u64, Made)>| {
                scope.spawn({
                    let source = &source;
                    move || make(source, names, &hand)
                })
            };
            let makers: Vec<_> = (0..threads).map(|_| make(hand.clone())).collect();
            drop(hand);
            let laid = in_order(&taken, &mut lay);
            drop(taken);
            // All are waited for, whatever became of one.
            let ends: Vec<bool> = makers.into_iter().map(|maker| maker.join().is_ok()).collect();
            let whole = if ends.contains(&false) { Err(Error::new(ErrorKind::Io, "import.thread")) } else { Ok(()) };
            laid.and(whole)
        })?;
        self.write(Writer::seal)?;
        Ok(total)
    }
}

/// Takes a batch at a time and makes chunks of it, until there is no more or nobody wants them.
fn make<R: Read>(source: &Mutex<(u64, Source<R>)>, names: &Names<'_>, hand: &mpsc::SyncSender<(u64, Made)>) {
    let next = |desk: &mut Desk| {
        let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, source) = &mut *source;
        let work = source.next(desk, names).transpose()?;
        *count += 1;
        Some((*count, work))
    };
    let mut desk = Desk::default();
    while let Some((number, work)) = next(&mut desk) {
        let made = work.and_then(|work| desk.batch(work, names).chunks(names));
        if hand.send((number, made)).is_err() {
            return;
        }
    }
}

/// Calls `lay` with what was made in the order of the numbers, which begin at 1.
fn in_order(taken: &mpsc::Receiver<(u64, Made)>, mut lay: impl FnMut(Made) -> Result<()>) -> Result<()> {
    let mut ahead = BTreeMap::new();
    let mut next = 1;
    for (number, made) in taken {
        ahead.insert(number, made);
        while let Some(made) = ahead.remove(&next) {
            lay(made)?;
            next += 1;
        }
    }
    Ok(())
}
