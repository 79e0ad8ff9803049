//! The k-th call to the disk fails, for every k of a small load: what was acknowledged is there, and the store goes on.

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use gongkai::{
    messages::Lang,
    model::Report,
    store::{
        Settings, Store,
        disk::{Disk, Files},
    },
};

use super::{NOW, compare, cube, expected, numbered, settings, year};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// The call fails, and every one after it.
    Dead,
    /// Only this call fails.
    Once,
    /// Half of the bytes are written, then the disk is full; it stays full.
    Full,
}

#[derive(Debug)]
struct Faulty {
    fault: Fault,
    at: usize,
    calls: AtomicUsize,
}

impl Faulty {
    fn fails(&self) -> bool {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if self.fault == Fault::Once { call == self.at } else { call >= self.at }
    }

    fn run(&self, call: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if self.fails() { Err(io::Error::from_raw_os_error(5)) } else { call() }
    }
}

impl Disk for Faulty {
    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if !self.fails() {
            return Files.write(path, offset, bytes);
        }
        if self.fault == Fault::Full {
            Files.write(path, offset, &bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        Err(io::Error::from_raw_os_error(5))
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if self.fault == Fault::Full { Files.sync(path) } else { self.run(|| Files.sync(path)) }
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if self.fault == Fault::Full { Files.sync_folder(path) } else { self.run(|| Files.sync_folder(path)) }
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        if self.fault == Fault::Full { Files.cut(path, length) } else { self.run(|| Files.cut(path, length)) }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.fault == Fault::Full { Files.rename(from, to) } else { self.run(|| Files.rename(from, to)) }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if self.fault == Fault::Full { Files.remove(path) } else { self.run(|| Files.remove(path)) }
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.run(|| Files.create_folder(path))
    }
}

/// What a load was told is there.
#[derive(Default)]
struct Acknowledged {
    numbers: Vec<u32>,
    imported: bool,
}

/// Three reports of a province that no numbered report is of.
const CUBE: &str = "\
body,year,209,300[natural],300[total]
830109,2024,803.5,96,100
830109/财政局,2024,,NA,7
830110,2023,0,?,0
";

/// Puts, seals, a compaction and an import.
fn load(path: &Path, disk: Arc<dyn Disk>) -> Acknowledged {
    let settings = Settings { seal_after: 4, disk, ..settings() };
    let mut acknowledged = Acknowledged::default();
    let Ok(store) = Store::create(path, &settings, NOW) else { return acknowledged };
    for number in 0..10 {
        if store.put(&numbered(number), NOW).is_ok() {
            acknowledged.numbers.push(number);
        }
        match number {
            4 => drop(store.compact()),
            6 => acknowledged.imported = cube::import(&store, CUBE).is_ok_and(|done| done.added == 3),
            _ => {}
        }
    }
    let _ = store.close();
    acknowledged
}

/// The reports of the cube as a store has them where nothing fails; `cube.rs` says that they are right.
fn imported() -> Vec<Report> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    assert!(load(&path, Arc::new(Files)).imported);
    let view = Store::open_read_only(&path).unwrap().view().unwrap();
    let of = |path: &str, of: u16| view.report(view.find(&path.parse().unwrap()).unwrap(), year(of)).unwrap();
    vec![of("830109", 2024), of("830109/财政局", 2024), of("830110", 2023)]
}

/// What verify finds. The engine's threads of a store just closed may hold its file a moment longer where many tests
/// share the process and the cores.
fn verified(path: &Path) -> gongkai::store::Verification {
    let held = |damage: &gongkai::store::Damage| damage.what.text(Lang::En).contains("another program");
    let busy = |found: &gongkai::store::Verification| found.damage.iter().any(held);
    let mut found = Store::verify(path, &settings().holder).unwrap();
    for _ in 0..100 {
        if !busy(&found) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        found = Store::verify(path, &settings().holder).unwrap();
    }
    found
}

/// Whichever call fails, what was acknowledged stays.
fn every_call(fault: Fault) {
    let imported = imported();
    for at in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let disk = Arc::new(Faulty { fault, at, calls: AtomicUsize::new(0) });
        let acknowledged = load(&path, disk.clone());
        let calls = disk.calls.load(Ordering::SeqCst);
        if !path.exists() {
            assert!(acknowledged.numbers.is_empty());
            continue;
        }
        // Readers see it while the disk is still bad; a report that was written and not acknowledged may be there.
        let all = |view: &gongkai::store::View| {
            let maybe: Vec<u32> = (0..10).filter(|number| view.find(&numbered(*number).body.id).is_some()).collect();
            let numbers = &acknowledged.numbers;
            assert!(numbers.iter().all(|number| maybe.contains(number)), "{fault:?} {at}");
            assert!(maybe.len() <= numbers.len() + 1, "{fault:?} {at}: {maybe:?} {numbers:?}");
            let mut truth = expected(maybe);
            // One group of an import is there whole or not at all.
            if acknowledged.imported || view.find(&imported[0].body.id).is_some() {
                truth.extend(imported.iter().map(|report| (report.key(), report.clone())));
            }
            compare(view, &truth).unwrap_or_else(|why| panic!("{fault:?} {at}: {why}"));
        };
        match Store::open_read_only(&path) {
            Ok(store) => all(&store.view().unwrap()),
            Err(error) => assert!(acknowledged.numbers.is_empty(), "{fault:?} {at}: {error}"),
        }
        if let Ok(store) = Store::open(&path, &settings(), NOW) {
            all(&store.view().unwrap());
            store.put(&numbered(50), NOW).unwrap();
            store.close().unwrap();
            let found = verified(&path);
            assert!(found.is_sound(), "{fault:?} {at}: {:?}", found.damage);
        } else {
            assert!(acknowledged.numbers.is_empty(), "{fault:?} {at}");
        }
        if calls <= at {
            assert!(at > 30, "the load makes many calls");
            break;
        }
    }
}

#[test]
fn a_disk_that_dies_at_any_call_keeps_what_was_acknowledged() {
    every_call(Fault::Dead);
}

#[test]
fn a_call_that_fails_once_loses_nothing_acknowledged() {
    every_call(Fault::Once);
}

#[test]
fn a_disk_that_is_full_from_any_call_on_keeps_what_was_acknowledged() {
    every_call(Fault::Full);
}
