//! Put, read back, put again, open wrongly, lock.

use std::{fs, time::Duration};

use gongkai::{
    ErrorKind,
    model::{Amount, Applicant, CategoryCode, Quantity, Reading, Report},
    store::{Put, Settings, Store},
};

use super::{NOW, report, settings, slot, year};

/// 万柏林区 2024 as printed: 100 requests, 77 of them not held, 803 万元; one cell of each state beside them.
fn sample(sha256: &str) -> Report {
    let natural = Some(Applicant::Natural);
    let mut sample = report(
        "140109",
        2024,
        &[
            (slot(300, natural), Reading::count(96)),
            (slot(300, Some(Applicant::Total)), Reading::count(100)),
            (slot(320, Some(Applicant::Total)), Reading::count(77)),
            (slot(301, natural), Reading::Blank { proved_zero: false }),
            (slot(302, natural), Reading::Blank { proved_zero: true }),
            (slot(303, natural), Reading::NotApplicable),
            (slot(304, natural), Reading::Unreadable),
            (slot(209, None), Reading::Value(Quantity::Money(Amount(803_000_000)))),
        ],
        sha256,
    );
    for cell in &mut sample.cells {
        match cell.reading {
            Reading::NotApplicable => cell.raw = "—".to_owned(),
            Reading::Unreadable => cell.raw = "1O".to_owned(),
            Reading::Value(Quantity::Money(_)) => cell.raw = "803.00".to_owned(),
            _ => {}
        }
    }
    sample
}

#[test]
fn what_is_put_comes_back_the_same_from_every_way_of_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("山西 ogi.db");
    let sample = sample("aa");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    assert_eq!(store.put(&sample, NOW).unwrap(), Put::Added);
    let check = |store: &Store, when: &str| {
        let view = store.view().unwrap();
        assert_eq!((view.len(), view.revision(), view.years()), (1, 1, vec![year(2024)]), "{when}");
        assert_eq!(view.report(0, year(2024)).as_ref(), Some(&sample), "{when}");
        for cell in &sample.cells {
            assert_eq!(view.reading(0, year(2024), cell.slot), Some(cell.reading), "{when}");
        }
        assert_eq!(view.reading(0, year(2024), slot(999, None)), None, "{when}");
        assert_eq!(view.reading(0, year(2023), slot(209, None)), None, "{when}");
        view.health().unwrap();
    };
    check(&store, "fresh");
    check(&Store::open_read_only(&path).unwrap(), "read-only beside the writer");
    let of = store.get(&sample.key(), CategoryCode(300)).unwrap().unwrap();
    let natural = (slot(300, Some(Applicant::Natural)), Reading::count(96));
    assert_eq!(of, [natural, (slot(300, Some(Applicant::Total)), Reading::count(100))]);
    store.close().unwrap();
    check(&Store::open_read_only(&path).unwrap(), "read-only after closing");
    let store = Store::open(&path, &settings(), NOW).unwrap();
    check(&store, "opened again");
    assert_eq!(store.get(&sample.key(), CategoryCode(300)).unwrap(), Some(of));
    assert!(store.notes().is_empty());
}

#[test]
fn the_same_file_is_unchanged_and_another_one_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    let first = sample("aa");
    assert_eq!(store.put(&first, NOW).unwrap(), Put::Added);
    let mut renamed = first.clone();
    renamed.origin.file = "elsewhere.txt".to_owned();
    assert_eq!(store.put(&renamed, NOW).unwrap(), Put::Unchanged);
    store.close().unwrap();
    let store = Store::open(&path, &settings(), NOW).unwrap();
    assert_eq!(store.put(&first, NOW).unwrap(), Put::Unchanged);
    assert_eq!(store.put(&sample("bb"), NOW).unwrap(), Put::Replaced);
    let mut other = sample("cc");
    other.cells.truncate(3);
    assert_eq!(store.put(&other, NOW).unwrap(), Put::Replaced);
    let view = store.view().unwrap();
    assert_eq!((view.len(), view.revision()), (1, 3));
    assert_eq!(view.report(0, year(2024)).unwrap(), other);
    assert_eq!(store.get(&other.key(), CategoryCode(320)).unwrap(), Some(Vec::new()));
}

#[test]
fn a_mistyped_path_is_an_error_and_stays_empty() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("ogi.bd");
    assert_eq!(Store::open(&wrong, &settings(), NOW).unwrap_err().kind(), ErrorKind::NotAStore);
    assert_eq!(Store::open_read_only(&wrong).unwrap_err().kind(), ErrorKind::NotAStore);
    assert!(!wrong.exists());
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    assert_eq!(Store::open(&file, &settings(), NOW).unwrap_err().kind(), ErrorKind::NotAStore);
    assert_eq!(Store::open(folder.path(), &settings(), NOW).unwrap_err().kind(), ErrorKind::NotAStore);
    assert_eq!(Store::create(folder.path(), &settings(), NOW).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn a_second_writer_is_told_who_the_first_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    let error = Store::open(&path, &settings(), NOW).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    let said = error.to_string();
    let pid = std::process::id().to_string();
    assert!(said.contains("suite") && said.contains(&pid) && said.contains("09:00"), "{said}");

    let waiter = std::thread::spawn({
        let path = path.clone();
        move || Store::open(&path, &Settings { wait: Duration::from_secs(20), ..settings() }, NOW).map(|_| ())
    });
    std::thread::sleep(Duration::from_millis(100));
    drop(store);
    waiter.join().unwrap().unwrap();
}

#[test]
fn a_newer_format_and_an_older_engine_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    Store::create(&path, &settings(), NOW).unwrap().close().unwrap();
    // The engine's name stands in both slots; another one has the same length and so only the checksum to fear.
    let manifest = path.join("manifest");
    let mut bytes = fs::read(&manifest).unwrap();
    let at: Vec<usize> = bytes.windows(9).enumerate().filter(|(_, w)| *w == b"sled-0.34").map(|(at, _)| at).collect();
    assert_eq!(at.len(), 2);
    bytes[at[0]] = b'S';
    bytes[at[1]] = b'S';
    fs::write(&manifest, bytes).unwrap();
    assert_eq!(Store::open(&path, &settings(), NOW).unwrap_err().kind(), ErrorKind::Damaged);
}

#[test]
fn reports_that_cannot_be_kept_are_refused_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("db"), &settings(), NOW).unwrap();
    let mut twice = sample("aa");
    twice.cells.push(twice.cells[0].clone());
    assert_eq!(store.put(&twice, NOW).unwrap_err().kind(), ErrorKind::Usage);
    let mut named = sample("aa");
    named.body.name = "长".repeat(400);
    assert_eq!(store.put(&named, NOW).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(store.put_all(&[sample("aa"), sample("bb")], NOW).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!((store.view().unwrap().len(), store.view().unwrap().revision()), (0, 0));
}

#[test]
fn a_clock_set_back_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    store.put(&sample("aa"), NOW).unwrap();
    assert_eq!(store.put(&sample("bb"), 5).unwrap(), Put::Replaced);
    store.close().unwrap();
    assert_eq!(Store::open_read_only(&path).unwrap().view().unwrap().report(0, year(2024)).unwrap(), sample("bb"));
}
