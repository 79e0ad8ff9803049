//! Stores written by released formats open, and show what was put into them.

use std::path::{Path, PathBuf};

use gongkai::store::Store;

use super::{NOW, compare, copy, expected, numbered, settings};

fn fixture(format: u8) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/store-format-{format}"))
}

/// Writes the fixture; run once when a format is released (`--ignored`), never to make a test pass.
#[test]
#[ignore = "writes the fixture of a new format"]
fn write_the_fixture() {
    let path = fixture(2);
    assert!(!path.exists(), "a released format never changes");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    for number in 0..12 {
        store.put(&numbered(number), NOW + u64::from(number)).unwrap();
    }
    store.close().unwrap();
    // Two more records that are not in the snapshot.
    let store = Store::open(&path, &settings(), NOW).unwrap();
    store.put(&numbered(12), NOW + 12).unwrap();
    store.put(&numbered(13), NOW + 13).unwrap();
    let copied = path.with_extension("copy");
    copy(&path, &copied);
    store.close().unwrap();
    std::fs::remove_dir_all(&path).unwrap();
    std::fs::rename(copied, &path).unwrap();
    std::fs::remove_file(path.join("lock")).unwrap();
}

/// Opens a copy in every way, and puts something more.
fn opens(path: &Path) {
    compare(&Store::open_read_only(path).unwrap().view().unwrap(), &expected(0..14)).unwrap();
    let store = Store::open(path, &settings(), NOW).unwrap();
    compare(&store.view().unwrap(), &expected(0..14)).unwrap();
    store.put(&numbered(20), NOW).unwrap();
    store.close().unwrap();
    compare(&Store::open_read_only(path).unwrap().view().unwrap(), &expected((0..14).chain([20]))).unwrap();
    assert!(Store::verify(path, &settings().holder).unwrap().is_sound());
}

#[test]
fn a_store_of_format_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    copy(&fixture(1), &path);
    opens(&path);
}

#[test]
fn a_store_of_format_2_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    copy(&fixture(2), &path);
    opens(&path);
}

#[test]
fn the_columns_of_format_2_are_read_from_the_keyed_layer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    copy(&fixture(2), &path);
    std::fs::remove_file(path.join("snapshot")).unwrap();
    let store = Store::open(&path, &settings(), NOW).unwrap();
    assert!(store.notes().is_empty(), "{:?}", store.notes());
    compare(&store.view().unwrap(), &expected(0..14)).unwrap();
}
