//! Many readers beside a writer: each sees one whole revision.

use std::{
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use gongkai::{
    model::{Applicant, Reading},
    store::{Settings, Store},
};

use super::{NOW, report, rounds, settings, slot, year};

/// A report all of whose cells are the same number: a scan that sees two numbers in one report saw it torn.
fn uniform(body: usize, number: i64) -> gongkai::model::Report {
    let cells: Vec<_> = (0..30)
        .map(|row| {
            (slot(300 + row / 7, Applicant::from_code(u8::try_from(row % 7).unwrap() + 1)), Reading::count(number))
        })
        .collect();
    report(&format!("14{body:02}00"), 2024, &cells, &number.to_string())
}

fn torn(store: &Store) -> usize {
    let view = store.view().unwrap();
    let slots = view.slots(year(2024));
    let mut torn = 0;
    for body in 0..view.body_count() {
        let mut cells = slots.iter().map(|&slot| view.reading(body, year(2024), slot));
        let first = cells.next().flatten();
        torn += usize::from(first.is_none() || cells.any(|cell| cell != first));
    }
    view.health().unwrap();
    torn
}

#[test]
fn no_scan_beside_a_writer_sees_half_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let settings = Settings { seal_after: 25, ..settings() };
    let store = Store::create(&path, &settings, NOW).unwrap();
    for body in 0..20 {
        store.put(&uniform(body, 0), NOW).unwrap();
    }
    let (done, scans) = (AtomicBool::new(false), AtomicUsize::new(0));
    let wanted = rounds("GONGKAI_SCANS", 400);
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1.. {
                for body in 0..20 {
                    store.put(&uniform(body, number), NOW).unwrap();
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                }
            }
        });
        for reader in 0..2 {
            let (path, scans, done, store) = (&path, &scans, &done, &store);
            scope.spawn(move || {
                while scans.fetch_add(1, Ordering::Relaxed) < wanted {
                    let torn = if reader == 0 { torn(&Store::open_read_only(path).unwrap()) } else { torn(store) };
                    assert_eq!(torn, 0);
                }
                done.store(true, Ordering::Relaxed);
            });
        }
    });
}

/// What each reading process runs; does nothing unless it is told where.
#[test]
#[ignore = "run by another test in processes of their own"]
fn reading_process() {
    if let Some(path) = std::env::var_os("GONGKAI_READ") {
        let mut last = 0;
        for _ in 0..5 {
            let store = Store::open_read_only(path.as_ref()).unwrap();
            assert_eq!(torn(&store), 0);
            let revision = store.view().unwrap().revision();
            assert!(revision >= last);
            last = revision;
        }
    }
}

#[test]
fn a_hundred_processes_read_during_a_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let settings = Settings { seal_after: 40, ..settings() };
    let store = Store::create(&path, &settings, NOW).unwrap();
    store.put(&uniform(1, 0), NOW).unwrap();
    let count = rounds("GONGKAI_READERS", 100);
    let mut readers: Vec<_> = (0..count)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "store::readers::reading_process", "--ignored"])
                .env("GONGKAI_READ", &path)
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut number = 0;
    while readers.iter_mut().any(|reader| reader.try_wait().unwrap().is_none()) {
        number += 1;
        store.put(&uniform(usize::try_from(number).unwrap() % 30, number), NOW).unwrap();
    }
    for reader in &mut readers {
        assert!(reader.wait().unwrap().success());
    }
}

#[test]
fn a_store_on_a_read_only_folder_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    store.put(&uniform(1, 5), NOW).unwrap();
    store.close().unwrap();
    let before: Vec<_> = walk(&path);
    let store = Store::open_read_only(&path).unwrap();
    assert_eq!(torn(&store), 0);
    drop(store);
    assert_eq!(walk(&path), before, "reading changes no byte and makes no file");
}

fn walk(path: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            found.extend(walk(&entry));
        } else {
            found.push((entry.clone(), std::fs::read(&entry).unwrap()));
        }
    }
    found.sort();
    found
}
