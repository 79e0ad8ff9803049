//! The k-th call to the disk fails, for every k of a small load: what was acknowledged is there, and the store goes on.

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use gongkai::store::{
    Settings, Store,
    disk::{Disk, Files},
};

use super::{NOW, compare, expected, numbered, settings};

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

fn load(path: &Path, disk: Arc<dyn Disk>) -> Vec<u32> {
    let settings = Settings { seal_after: 4, disk, ..settings() };
    let mut acknowledged = Vec::new();
    let Ok(store) = Store::create(path, &settings, NOW) else { return acknowledged };
    for number in 0..10 {
        if store.put(&numbered(number), NOW).is_ok() {
            acknowledged.push(number);
        }
    }
    let _ = store.close();
    acknowledged
}

/// What verify finds. The engine's threads of a store just closed may hold its file a moment longer where many tests
/// share the process and the cores.
fn verified(path: &Path) -> gongkai::store::Verification {
    let busy = |found: &gongkai::store::Verification| found.damage.iter().any(|damage| damage.what.contains("lock"));
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

#[test]
fn whichever_call_fails_what_was_acknowledged_stays() {
    for fault in [Fault::Dead, Fault::Once, Fault::Full] {
        for at in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("db");
            let disk = Arc::new(Faulty { fault, at, calls: AtomicUsize::new(0) });
            let acknowledged = load(&path, disk.clone());
            let calls = disk.calls.load(Ordering::SeqCst);
            if !path.exists() {
                assert!(acknowledged.is_empty());
                continue;
            }
            // Readers see it while the disk is still bad; a report that was written and not acknowledged may be there.
            let all = |view: &gongkai::store::View| {
                let maybe: Vec<u32> =
                    (0..10).filter(|number| view.find(&numbered(*number).body.id).is_some()).collect();
                assert!(acknowledged.iter().all(|number| maybe.contains(number)), "{fault:?} {at}");
                assert!(maybe.len() <= acknowledged.len() + 1, "{fault:?} {at}: {maybe:?} {acknowledged:?}");
                compare(view, &expected(maybe)).unwrap_or_else(|why| panic!("{fault:?} {at}: {why}"));
            };
            match Store::open_read_only(&path) {
                Ok(store) => all(&store.view().unwrap()),
                Err(error) => assert!(acknowledged.is_empty(), "{fault:?} {at}: {error}"),
            }
            if let Ok(store) = Store::open(&path, &settings(), NOW) {
                all(&store.view().unwrap());
                store.put(&numbered(50), NOW).unwrap();
                store.close().unwrap();
                let found = verified(&path);
                assert!(found.is_sound(), "{fault:?} {at}: {:?}", found.damage);
            } else {
                assert!(acknowledged.is_empty(), "{fault:?} {at}");
            }
            if calls <= at {
                assert!(at > 30, "the load makes many calls");
                break;
            }
        }
    }
}
