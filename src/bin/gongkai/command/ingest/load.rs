//! Files read on every core, stored in order, group by group.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use gongkai::{
    Database, Ingested,
    ingest::{Options, Reading},
};
use serde::Serialize;

use crate::{exit::Done, input, interrupt, progress::Bar};

/// So many files are read, then stored with one acknowledgement.
const GROUP: usize = 256;

/// What an ingest changed.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// Reports that were not there.
    pub added: usize,
    /// Reports whose text was there already.
    pub unchanged: usize,
    /// Reports that took the place of another text.
    pub replaced: usize,
    /// Files that gave no report.
    pub refused: usize,
    /// Reports with findings.
    pub with_findings: usize,
}

/// Reads and stores the files; whether Ctrl-C ended it early. What was handed to `each` is stored.
pub fn load(
    database: &Database,
    files: &[PathBuf],
    options: &Options,
    bar: &Bar,
    each: &mut dyn FnMut(Ingested, Duration) -> Done<()>,
) -> Done<bool> {
    std::thread::scope(|scope| {
        // The next group is read while one is stored, which takes about as long.
        let (sender, groups) = mpsc::sync_channel(1);
        scope.spawn(move || {
            for group in files.chunks(GROUP) {
                if interrupt::asked() || sender.send(read_all(group, options, bar)).is_err() {
                    return;
                }
            }
        });
        for group in groups {
            let mut readings = Vec::new();
            let mut times = Vec::new();
            for (read, elapsed) in group {
                let read = read?;
                times.extend(read.iter().map(|_| elapsed));
                readings.extend(read);
            }
            for (ingested, elapsed) in database.ingest_readings(readings)?.into_iter().zip(times) {
                each(ingested, elapsed)?;
            }
        }
        Ok(interrupt::asked())
    })
}

type Read = (Done<Vec<Reading>>, Duration);

/// Reads a group, a thread a core, and gives the readings in the order of the files.
fn read_all(group: &[PathBuf], options: &Options, bar: &Bar) -> Vec<Read> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Read)>> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(1, Into::into).min(group.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, path)) = take(&next, group).filter(|_| !interrupt::asked()) {
                    let start = Instant::now();
                    let read = input::read(path, options);
                    bar.step();
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, (read, start.elapsed())));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, read)| read).collect()
}

fn take<'a>(next: &AtomicUsize, group: &'a [PathBuf]) -> Option<(usize, &'a PathBuf)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    group.get(at).map(|path| (at, path))
}
