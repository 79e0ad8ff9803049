//! What a place or a stranger can do to a store: each is a clear error in both languages, and the store is usable
//! afterwards.

use std::{
    fs,
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use gongkai::{ErrorKind, error::Error, messages::Lang, store::Store};

use super::{NOW, compare, expected, numbered, settings};

fn filled(path: &Path) -> Store {
    let store = Store::create(path, &settings(), NOW).unwrap();
    for number in 0..20 {
        store.put(&numbered(number), NOW).unwrap();
    }
    store
}

/// Whether everything is there, can be written to, and is sound.
fn usable(path: &Path) {
    let store = Store::open(path, &settings(), NOW).unwrap();
    compare(&store.view().unwrap(), &expected(0..20)).unwrap();
    store.put(&numbered(20), NOW).unwrap();
    store.close().unwrap();
    compare(&Store::open_read_only(path).unwrap().view().unwrap(), &expected(0..21)).unwrap();
    assert!(Store::verify(path, &settings().holder).unwrap().is_sound());
}

fn says(error: &Error, kind: ErrorKind, en: &str, zh: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    let (english, chinese) = (error.said().text(Lang::En), error.said().text(Lang::Zh));
    assert!(english.contains(en) && chinese.contains(zh), "{english}\n{chinese}");
}

#[test]
fn a_folder_that_vanishes_under_a_writer_is_told_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("db"), folder.path().join("away"));
    let store = filled(&path);
    fs::rename(&path, &away).unwrap();
    let error = store.put(&numbered(20), NOW).unwrap_err();
    says(&error, ErrorKind::Io, "no such file or folder", "没有这个文件或文件夹");
    assert!(error.path().is_some_and(|at| at.starts_with(&path)), "{error}");
    says(&store.put(&numbered(20), NOW).unwrap_err(), ErrorKind::Io, "open the store again", "请重新打开数据库");
    drop(store);
    assert!(!path.exists(), "nothing is begun anew where the store was");
    fs::rename(&away, &path).unwrap();
    usable(&path);
}

#[test]
fn an_archive_file_that_vanishes_under_a_writer_is_not_begun_in_its_middle() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("db"), folder.path().join("away"));
    let store = filled(&path);
    let file = path.join("archive/00000001.gka");
    fs::rename(&file, &away).unwrap();
    says(&store.put(&numbered(20), NOW).unwrap_err(), ErrorKind::Io, "no such file or folder", "没有这个文件或文件夹");
    assert!(!file.exists());
    drop(store);
    fs::rename(&away, &file).unwrap();
    usable(&path);
}

#[test]
fn a_half_written_snapshot_is_done_without_and_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    filled(&path).close().unwrap();
    let snapshot = path.join("snapshot");
    let whole = fs::read(&snapshot).unwrap();
    for length in [0, 7, whole.len() / 2, whole.len() - 1] {
        fs::write(&snapshot, &whole[..length]).unwrap();
        // What a writer that was cut off leaves beside it.
        fs::write(path.join("snapshot.new"), &whole[..length]).unwrap();
        compare(&Store::open_read_only(&path).unwrap().view().unwrap(), &expected(0..20)).unwrap();
        let found = Store::verify(&path, &settings().holder).unwrap();
        assert_eq!(found.damage.len(), 1, "{length}: {:?}", found.damage);
        assert!(found.damage[0].what.text(Lang::Zh).contains("快照"), "{:?}", found.damage);
    }
    usable(&path);
}

#[test]
fn a_newer_format_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    filled(&path).close().unwrap();
    let manifest = path.join("manifest");
    let old = fs::read(&manifest).unwrap();
    let newer = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-newer/manifest")).unwrap();
    fs::write(&manifest, &newer).unwrap();
    for error in [Store::open(&path, &settings(), NOW).err(), Store::open_read_only(&path).err()] {
        says(&error.unwrap(), ErrorKind::Format, "has format 99", "格式为 99");
    }
    assert_eq!(Store::verify(&path, &settings().holder).unwrap_err().kind(), ErrorKind::Format);
    assert_eq!(fs::read(&manifest).unwrap(), newer);
    fs::write(&manifest, old).unwrap();
    usable(&path);
}

#[test]
fn a_folder_of_others_is_refused_and_nothing_is_made_in_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("letter.txt"), "text").unwrap();
    for error in [
        Store::open(folder.path(), &settings(), NOW).unwrap_err(),
        Store::open_read_only(folder.path()).unwrap_err(),
        Store::verify(folder.path(), &settings().holder).unwrap_err(),
        Store::repair(folder.path(), &settings(), true, NOW).unwrap_err(),
    ] {
        says(&error, ErrorKind::NotAStore, "this is not a gongkai store", "这不是 gongkai 数据库");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_clock_set_back_leaves_a_sound_store_whose_records_stay_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    filled(&path).close().unwrap();
    let store = Store::open(&path, &settings(), 5).unwrap();
    store.put(&numbered(20), 5).unwrap();
    // At the moment before the clock was set back nothing of it was there, and at that moment all of it is.
    assert_eq!(store.as_of(NOW - 1).unwrap().len(), 0);
    compare(&store.as_of(NOW).unwrap(), &expected(0..21)).unwrap();
    store.close().unwrap();
    assert!(Store::verify(&path, &settings().holder).unwrap().is_sound());
    compare(&Store::open_read_only(&path).unwrap().view().unwrap(), &expected(0..21)).unwrap();
}

/// Everything of a store with these permissions.
fn permit(path: &Path, folders: u32, files: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            permit(&entry, folders, files);
        } else {
            fs::set_permissions(&entry, fs::Permissions::from_mode(files)).unwrap();
        }
    }
    fs::set_permissions(path, fs::Permissions::from_mode(folders)).unwrap();
}

/// The command, run by somebody whom permissions bind: root is not bound by them. Nothing where that cannot be had.
fn bound(folder: &Path) -> Option<impl Fn(&[&str]) -> (i32, String)> {
    let program = folder.join("gongkai");
    fs::copy(env!("CARGO_BIN_EXE_gongkai"), &program).unwrap();
    let root = fs::metadata(folder).unwrap().uid() == 0;
    let command = move |args: &[&str]| {
        let mut command = if root { Command::new("setpriv") } else { Command::new(&program) };
        if root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
        }
        command.args(args).env("LANG", "en_US.UTF-8").stdin(Stdio::null());
        command
    };
    let runs = command(&["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    runs.is_ok_and(|status| status.success()).then_some(move |args: &[&str]| {
        let output = command(args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    })
}

#[test]
fn without_permission_writers_and_then_readers_are_refused_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let path: PathBuf = folder.path().join("库 db");
    filled(&path).close().unwrap();
    let Some(run) = bound(folder.path()) else {
        let _ = writeln!(std::io::stdout(), "skipped: this process cannot become somebody whom permissions bind");
        return;
    };
    let db = path.to_str().unwrap();
    let refused = |args: &[&str]| {
        for (lang, words) in [("en", "permission denied"), ("zh", "没有权限")] {
            let (code, said) = run(&[&["--lang", lang, "--db", db], args].concat());
            assert_eq!(code, 3, "{args:?}: {said}");
            assert!(said.contains(words) && said.contains(db), "{args:?}: {said}");
        }
    };
    permit(&path, 0o555, 0o444);
    refused(&["compact"]);
    refused(&["ingest", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data")]);
    let (code, said) = run(&["--db", db, "query", "-q", "show bodies"]);
    assert_eq!((code, said.as_str()), (0, ""));
    permit(&path, 0o000, 0o000);
    refused(&["query", "show bodies"]);
    refused(&["verify"]);
    permit(&path, 0o755, 0o644);
    usable(&path);
}
