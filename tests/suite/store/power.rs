//! Power loss, simulated: every call to the disk is recorded, images of what could be on it are made for any moment,
//! and each must open with everything acknowledged.
//!
//! *strict*: nothing unsynced survives. *random*: each unsynced 4 KiB piece survives or not. Names are taken as ordered
//! and durable. The keyed layer writes its own files: an image has it as it was at some earlier moment, or not at all.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use gongkai::store::{
    Settings, Store,
    disk::{Disk, Files},
};

use super::{Dice, NOW, compare, copy, expected, numbered, rounds, settings};

#[derive(Clone, Debug)]
enum Call {
    Write(PathBuf, usize, Vec<u8>),
    Sync(PathBuf),
    Cut(PathBuf, usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    Folder(PathBuf),
    /// The next report was acknowledged.
    Acknowledged,
    /// The keyed layer was copied to this folder.
    Keyed(PathBuf),
}

#[derive(Debug, Default)]
struct Recorder {
    calls: Mutex<Vec<Call>>,
    /// The negative control: nothing is made durable.
    lies: bool,
}

impl Recorder {
    fn note(&self, call: Call) {
        self.calls.lock().unwrap().push(call);
    }
}

impl Disk for Recorder {
    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.note(Call::Write(path.to_owned(), usize::try_from(offset).unwrap(), bytes.to_vec()));
        Files.write(path, offset, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if !self.lies {
            self.note(Call::Sync(path.to_owned()));
        }
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        self.note(Call::Cut(path.to_owned(), usize::try_from(length).unwrap()));
        Files.cut(path, length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Call::Rename(from.to_owned(), to.to_owned()));
        Files.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Call::Remove(path.to_owned()));
        Files.remove(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.note(Call::Folder(path.to_owned()));
        Files.create_folder(path)
    }
}

/// A file as it would be: what is durable, and what the system may or may not have written since.
#[derive(Clone, Default)]
struct Image {
    durable: Vec<u8>,
    pending: Vec<Call>,
}

impl Image {
    fn apply(bytes: &mut Vec<u8>, call: &Call, keep: &mut dyn FnMut() -> bool) {
        match call {
            Call::Write(_, offset, new) => {
                let mut at = 0;
                while at < new.len() {
                    let end = (at + 4096 - (offset + at) % 4096).min(new.len());
                    if keep() {
                        if bytes.len() < offset + end {
                            bytes.resize(offset + end, 0);
                        }
                        bytes[offset + at..offset + end].copy_from_slice(&new[at..end]);
                    }
                    at = end;
                }
            }
            Call::Cut(_, length) => bytes.truncate(*length),
            _ => {}
        }
    }
}

/// Builds the disk after the first `count` calls.
fn image(calls: &[Call], to: &Path, root: &Path, strict: bool, dice: &mut Dice) {
    let mut files: BTreeMap<PathBuf, Image> = BTreeMap::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut keyed: Vec<PathBuf> = Vec::new();
    for call in calls {
        match call {
            Call::Write(path, ..) | Call::Cut(path, _) => {
                files.entry(path.clone()).or_default().pending.push(call.clone());
            }
            Call::Sync(path) => {
                let file = files.entry(path.clone()).or_default();
                for call in std::mem::take(&mut file.pending) {
                    Image::apply(&mut file.durable, &call, &mut || true);
                }
            }
            Call::Rename(from, to) => {
                let moved: Vec<PathBuf> = files.keys().filter(|path| path.starts_with(from)).cloned().collect();
                for path in moved {
                    let file = files.remove(&path).unwrap();
                    let rest = path.strip_prefix(from).unwrap();
                    files.insert(if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) }, file);
                }
                for folder in &mut folders {
                    if let Ok(rest) = folder.strip_prefix(from) {
                        *folder = to.join(rest);
                    }
                }
            }
            Call::Remove(path) => drop(files.remove(path)),
            Call::Folder(path) => folders.push(path.clone()),
            Call::Keyed(copied) => keyed.push(copied.clone()),
            Call::Acknowledged => {}
        }
    }
    let place = |path: &Path| to.join(path.strip_prefix(root).unwrap());
    for folder in folders {
        fs::create_dir_all(place(&folder)).unwrap();
    }
    for (path, file) in files {
        let mut bytes = file.durable;
        for call in &file.pending {
            Image::apply(&mut bytes, call, &mut || !strict && dice.below(2) == 0);
        }
        fs::create_dir_all(place(&path).parent().unwrap()).unwrap();
        fs::write(place(&path), bytes).unwrap();
    }
    if dice.below(4) != 0 && !keyed.is_empty() {
        // Mostly the last state that can have been on the disk, sometimes an older one.
        let back = if dice.below(3) == 0 { dice.below(keyed.len()) } else { 0 };
        copy(&keyed[keyed.len() - 1 - back], &to.join("db/sled"));
    }
}

/// Records a load with seals, an opening and a compaction.
fn record(root: &Path, copies: &Path, lies: bool) -> Vec<Call> {
    let path = root.join("db");
    let recorder = Arc::new(Recorder { lies, ..Recorder::default() });
    let settings = Settings { seal_after: 7, disk: recorder.clone(), ..settings() };
    let keep = |number: u32| {
        let to = copies.join(number.to_string());
        copy(&path.join("sled"), &to);
        recorder.note(Call::Keyed(to));
    };
    let mut store = Store::create(&path, &settings, NOW).unwrap();
    for number in 0..40 {
        store.put(&numbered(number), NOW).unwrap();
        recorder.note(Call::Acknowledged);
        if number % 6 == 5 {
            keep(number);
        }
        if number == 17 {
            store.close().unwrap();
            keep(100);
            store = Store::open(&path, &settings, NOW).unwrap();
        }
        if number == 30 {
            store.compact().unwrap();
            keep(101);
        }
    }
    store.close().unwrap();
    let calls = recorder.calls.lock().unwrap();
    calls.clone()
}

/// Opens images of random moments, and returns how many were not as they must be.
fn losses(lies: bool, images: usize) -> (usize, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let (root, copies) = (folder.path().join("root"), folder.path().join("copies"));
    fs::create_dir_all(&root).unwrap();
    let calls = record(&root, &copies, lies);
    let first = calls.iter().position(|call| matches!(call, Call::Acknowledged)).unwrap();
    let acknowledgements: Vec<usize> =
        calls.iter().enumerate().filter(|(_, call)| matches!(call, Call::Acknowledged)).map(|(at, _)| at).collect();
    let mut dice = Dice(7);
    let mut lost = Vec::new();
    for number in 0..images {
        // Half of the moments lie right after an acknowledgement.
        let end = if dice.below(2) == 0 {
            acknowledgements[dice.below(acknowledgements.len())] + 1
        } else {
            first + dice.below(calls.len() - first)
        };
        let to = folder.path().join(format!("image{number}"));
        fs::create_dir_all(&to).unwrap();
        image(&calls[..end], &to, &root, dice.below(2) == 0, &mut dice);
        let acknowledged = calls[..end].iter().filter(|call| matches!(call, Call::Acknowledged)).count();
        let acknowledged = u32::try_from(acknowledged).unwrap();
        let path = to.join("db");
        let mut look = |how: &str, store: gongkai::Result<Store>| {
            let sound = store.map_err(|error| error.to_string()).and_then(|store| {
                let view = store.view().map_err(|error| error.to_string())?;
                let enough = [acknowledged, acknowledged + 1];
                if enough.iter().any(|end| compare(&view, &expected(0..*end)).is_ok()) {
                    store.close().map_err(|error| error.to_string())
                } else {
                    compare(&view, &expected(0..acknowledged))
                }
            });
            if let Err(why) = sound {
                lost.push(format!("image {number} after call {end}, {how}: {why}"));
            }
        };
        look("reading", Store::open_read_only(&path));
        look("writing", Store::open(&path, &settings(), NOW));
        fs::remove_dir_all(&to).unwrap();
    }
    (images, lost)
}

#[test]
fn no_image_of_a_power_loss_misses_anything_acknowledged() {
    let (images, lost) = losses(false, rounds("GONGKAI_IMAGES", 120));
    assert!(lost.is_empty(), "{} of {images}:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn negative_control_without_fsync_the_same_images_lose() {
    let (_, lost) = losses(true, 30);
    assert!(lost.len() > 15, "the harness proves nothing: {} lost", lost.len());
}
