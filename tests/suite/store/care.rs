//! Verify, repair, compact, stats, backup, restore.

use std::fs;

use gongkai::{
    ErrorKind,
    store::{Part, Store},
};

use super::{NOW, compare, expected, numbered, settings};

fn filled(path: &std::path::Path, count: u32) -> Store {
    let store = Store::create(path, &settings(), NOW).unwrap();
    for number in 0..count {
        store.put(&numbered(number), NOW + u64::from(number)).unwrap();
    }
    store
}

#[test]
fn a_sound_store_verifies_and_a_damaged_one_is_named_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    filled(&path, 30).close().unwrap();
    let holder = settings().holder;
    let sound = Store::verify(&path, &holder).unwrap();
    assert!(sound.is_sound(), "{:?}", sound.damage);
    assert_eq!((sound.records, sound.reports), (30, expected(0..30).len() as u64));

    let snapshot = path.join("snapshot");
    let mut bytes = fs::read(&snapshot).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x10;
    fs::write(&snapshot, bytes).unwrap();
    let found = Store::verify(&path, &holder).unwrap();
    assert_eq!(found.damage.iter().map(|damage| damage.part).collect::<Vec<_>>(), [Part::Snapshot]);
    assert!(Store::repair(&path, &settings(), false, NOW).unwrap().is_empty());
    assert!(Store::verify(&path, &holder).unwrap().is_sound());
    compare(&Store::open_read_only(&path).unwrap().view().unwrap(), &expected(0..30)).unwrap();
}

#[test]
fn a_damaged_record_is_lost_only_with_consent_and_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    filled(&path, 30).close().unwrap();
    let archive = path.join("archive/00000001.gka");
    let mut bytes = fs::read(&archive).unwrap();
    let tenth = bytes.windows(4).enumerate().filter(|(_, w)| *w == b"\x89GKf").map(|(at, _)| at).nth(9).unwrap();
    bytes[tenth + 60] ^= 1;
    fs::write(&archive, bytes).unwrap();
    let found = Store::verify(&path, &settings().holder).unwrap();
    assert_eq!(found.damage.len(), 1);
    assert_eq!((found.damage[0].part, &found.damage[0].lost), (Part::Archive, &vec![numbered(9).key()]));
    assert_eq!(Store::repair(&path, &settings(), false, NOW).unwrap_err().kind(), ErrorKind::Damaged);
    let lost = Store::repair(&path, &settings(), true, NOW + 99).unwrap();
    assert_eq!(lost[0].lost, [numbered(9).key()]);
    let store = Store::open(&path, &settings(), NOW).unwrap();
    compare(&store.view().unwrap(), &expected((0..30).filter(|number| *number != 9))).unwrap();
    store.close().unwrap();
    assert!(Store::verify(&path, &settings().holder).unwrap().is_sound());
    assert!(folder.path().join(format!("db.damaged-{}", NOW + 99)).join("archive").is_dir());
}

#[test]
fn compacting_keeps_everything_and_takes_less() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = filled(&path, 60);
    for round in 0..5 {
        for number in 0..60 {
            let mut again = numbered(number);
            again.origin.sha256 = format!("again {round}");
            store.put(&again, NOW).unwrap();
        }
        store.publish().unwrap();
    }
    for number in 0..60 {
        store.put(&numbered(number), NOW).unwrap();
    }
    store.compact().unwrap();
    compare(&store.view().unwrap(), &expected(0..60)).unwrap();
    store.close().unwrap();
    assert!(!path.join("compacting").exists() && !path.join("compacted").exists());
    assert!(Store::verify(&path, &settings().holder).unwrap().is_sound());
    let stats = Store::stats(&path).unwrap();
    assert_eq!((stats.reports, stats.records), (expected(0..60).len() as u64, 60 * 7));
    assert!(stats.archive > 0 && stats.keyed > 0 && stats.snapshot > 0 && stats.rest > 0, "{stats:?}");
}

#[test]
fn a_backup_made_beside_a_writer_is_a_whole_store() {
    let folder = tempfile::tempdir().unwrap();
    let (path, file, back) = (folder.path().join("db"), folder.path().join("ogi.backup"), folder.path().join("back"));
    let store = filled(&path, 25);
    let hash = Store::backup(&path, &file).unwrap();
    assert_eq!(hash.len(), 64);
    assert_eq!(Store::backup(&path, &file).unwrap_err().kind(), ErrorKind::Usage);
    store.put(&numbered(40), NOW).unwrap();
    let restored = Store::restore(&file, &back, &settings(), NOW).unwrap();
    assert!(restored.notes().is_empty());
    compare(&restored.view().unwrap(), &expected(0..25)).unwrap();
    restored.put(&numbered(41), NOW).unwrap();
    restored.close().unwrap();
    assert!(Store::verify(&back, &settings().holder).unwrap().is_sound());

    let whole = fs::read(&file).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 50) {
        let mut flipped = whole.clone();
        flipped[at] ^= 4;
        fs::write(&file, flipped).unwrap();
        let to = folder.path().join("never");
        assert_eq!(Store::restore(&file, &to, &settings(), NOW).unwrap_err().kind(), ErrorKind::Damaged);
        assert!(!to.exists());
    }
}
