//! A place that is at fault: what is stored there is left alone, and is there when the place is mended.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use gongkai::{error::ErrorKind, store::Store};

use super::{NOW, compare, expected, numbered, settings};

/// A small file system of its own, taken away at the end.
struct Small(tempfile::TempDir);

impl Small {
    /// Nothing where this process may not mount.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn remount(&self, how: &str) {
        let option = format!("remount,{how}");
        let mount = || Command::new("mount").args(["-o", &option]).arg(self.path()).output().unwrap();
        // A mount is busy while a process that another test is just starting still holds a copy of an open file.
        let tries = std::iter::repeat_with(|| {
            let done = mount();
            if !done.status.success() {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            done
        });
        let last = tries.take(200).find(|done| done.status.success());
        assert!(last.is_some(), "{:?}", mount());
    }

    fn fill(&self) {
        let mut file = fs::File::create(self.path().join("ballast")).unwrap();
        while file.write_all(&[1; 512]).is_ok() {}
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

/// Makes a store of 20 sealed reports, spoils its place, and looks whether all is as it was when it is mended.
fn spoiled(spoil: impl FnOnce(&Small), mend: impl FnOnce(&Small)) {
    let Some(small) = Small::new() else {
        let _ = writeln!(std::io::stdout(), "skipped: this process may not mount a file system");
        return;
    };
    let path = small.path().join("库 db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    for number in 0..20 {
        store.put(&numbered(number), NOW).unwrap();
    }
    store.close().unwrap();
    spoil(&small);
    let kind = Store::open(&path, &settings(), NOW).and_then(|store| store.put(&numbered(20), NOW)).unwrap_err().kind();
    assert_eq!(kind, ErrorKind::Io);
    let reader = Store::open_read_only(&path).unwrap();
    compare(&reader.view().unwrap(), &expected(0..20)).unwrap();
    mend(&small);
    let names = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    assert_eq!(names.filter(|name| name.starts_with("damaged")).count(), 0);
    let store = Store::open(&path, &settings(), NOW).unwrap();
    assert!(store.notes().is_empty(), "{:?}", store.notes());
    compare(&store.view().unwrap(), &expected(0..20)).unwrap();
    store.put(&numbered(20), NOW).unwrap();
    store.close().unwrap();
    compare(&Store::open_read_only(&path).unwrap().view().unwrap(), &expected(0..21)).unwrap();
    assert!(Store::verify(&path, &settings().holder).unwrap().is_sound());
}

#[test]
fn a_full_disk_refuses_writers_and_serves_readers() {
    spoiled(Small::fill, |small| fs::remove_file(small.path().join("ballast")).unwrap());
}

#[test]
fn a_read_only_mount_refuses_writers_and_serves_readers() {
    spoiled(|small| small.remount("ro"), |small| small.remount("rw"));
}
