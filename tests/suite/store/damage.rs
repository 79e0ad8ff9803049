//! Every file of a store is hurt in every way: what comes out is right, or it is a clear error.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use gongkai::{
    model::{Report, ReportKey},
    store::{Settings, Store},
};

use super::{Dice, NOW, compare, copy, expected, numbered, rounds, settings};

fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found.sort();
    found
}

/// Hurts one file of the store and says how.
fn hurt(path: &Path, dice: &mut Dice) -> String {
    let all = files(path);
    let file = &all[dice.below(all.len())];
    let mut bytes = fs::read(file).unwrap();
    let name = file.strip_prefix(path).unwrap().display().to_string();
    let page = |dice: &mut Dice, bytes: &[u8]| dice.below(bytes.len().div_ceil(4096)) * 4096;
    let what = match dice.below(8) {
        0..=2 if !bytes.is_empty() => {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
            format!("bit flipped at {at}")
        }
        3 | 4 if !bytes.is_empty() => {
            let at = page(dice, &bytes);
            let end = (at + 4096).min(bytes.len());
            bytes[at..end].fill(0);
            format!("page at {at} zeroed")
        }
        5 if !bytes.is_empty() => {
            let at = dice.below(bytes.len());
            bytes.truncate(at);
            format!("cut to {at}")
        }
        6 if bytes.len() >= 8192 => {
            let (a, b) = (page(dice, &bytes[..bytes.len() - 4096]), page(dice, &bytes[..bytes.len() - 4096]));
            for at in 0..4096 {
                bytes.swap(a + at, b + at);
            }
            format!("pages at {a} and {b} swapped")
        }
        _ => {
            fs::remove_file(file).unwrap();
            return format!("{name} deleted");
        }
    };
    fs::write(file, bytes).unwrap();
    format!("{name}: {what}")
}

/// A store with sealed columns, replaced reports and a tail that is not sealed.
fn prepare(path: &Path, closed: bool) -> BTreeMap<ReportKey, Report> {
    let settings = Settings { seal_after: 1_000, ..settings() };
    let store = Store::create(path, &settings, NOW).unwrap();
    for number in 0..40 {
        let mut old = numbered(number);
        old.origin.sha256 = "old".to_owned();
        store.put(&old, NOW).unwrap();
        store.put(&numbered(number), NOW).unwrap();
    }
    store.publish().unwrap();
    if closed {
        store.close().unwrap();
        return expected(0..40);
    }
    for number in 40..50 {
        store.put(&numbered(number), NOW).unwrap();
    }
    // What a killed process leaves: the files as they are now.
    let killed = path.with_extension("killed");
    copy(path, &killed);
    store.close().unwrap();
    fs::remove_dir_all(path).unwrap();
    fs::rename(killed, path).unwrap();
    expected(0..50)
}

/// Opens and reads everything in a thread of its own, so that a panic or a hang is told as such.
fn look(path: PathBuf, write: bool, truth: BTreeMap<ReportKey, Report>) -> Result<(), String> {
    let (tell, told) = mpsc::channel();
    let worker = thread::spawn(move || {
        let store = if write { Store::open(&path, &settings(), NOW) } else { Store::open_read_only(&path) };
        let outcome = store.and_then(|store| store.view().map(|view| (store, view)));
        let _ = tell.send(match outcome {
            Err(error) => Err(format!("error: {error}")),
            Ok((_store, view)) => compare(&view, &truth),
        });
    });
    match told.recv_timeout(Duration::from_secs(60)) {
        Ok(outcome) => outcome,
        Err(mpsc::RecvTimeoutError::Timeout) => Err("HANG".to_owned()),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(format!("PANIC {:?}", worker.join().is_err())),
    }
}

#[test]
fn damage_gives_the_right_answer_or_a_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(rounds("GONGKAI_SEED", 11) as u64);
    let cases = rounds("GONGKAI_DAMAGE", 160);
    let mut bad = Vec::new();
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for closed in [true, false] {
        let sound = folder.path().join(format!("sound{closed}"));
        let truth = prepare(&sound, closed);
        look(sound.clone(), false, truth.clone()).unwrap();
        for case in 0..cases / 2 {
            let path = folder.path().join("hurt");
            copy(&sound, &path);
            let what = hurt(&path, &mut dice);
            // Reading first and then writing, since a reader must not make anything worse.
            for write in [false, true] {
                let outcome = look(path.clone(), write, truth.clone());
                let told = match &outcome {
                    Ok(()) => "right",
                    Err(why) if why.starts_with("error") => "error",
                    Err(_) => "bad",
                };
                *outcomes.entry(told).or_default() += 1;
                if told == "bad" {
                    bad.push(format!("{case} {what}, write {write}: {}", outcome.unwrap_err()));
                }
            }
            fs::remove_dir_all(&path).unwrap();
        }
    }
    assert!(bad.is_empty(), "{outcomes:?}\n{}", bad.join("\n"));
    assert!(outcomes["right"] > outcomes["error"] / 4, "{outcomes:?}");
}
