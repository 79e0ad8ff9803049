//! The rooms are one-way: what each may use is written here once and compared with the code.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Room, and the rooms of ours it may use (docs/ARCHITECTURE.md).
const ROOMS: [(&str, &[&str]); 9] = [
    ("text", &[]),
    ("model", &["error", "text"]),
    ("schema", &["model", "text", "error"]),
    ("ingest", &["text", "diagnostic", "model", "schema", "error"]),
    ("check", &["model", "schema", "diagnostic", "error", "text"]),
    ("store", &["model", "messages", "error"]),
    ("query", &["text", "diagnostic", "model", "schema", "check", "store", "error"]),
    ("messages", &[]),
    ("render", &["model", "schema", "query", "diagnostic", "messages", "text", "error"]),
];

#[test]
fn rooms_use_only_what_they_may() {
    let mut wrong = Vec::new();
    for (room, may) in ROOMS {
        for file in files(&root().join("src").join(room)) {
            let text = fs::read_to_string(&file).unwrap();
            for used in used_rooms(&text) {
                if used != room && !may.contains(&used.as_str()) {
                    wrong.push(format!("{} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_folder_names_sled_and_one_file_bincode() {
    let mut wrong = Vec::new();
    for file in files(&root().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let inside = |part: &str| file.display().to_string().contains(part);
        if text.contains("sled::") && !inside("store/backend") {
            wrong.push(format!("{} names sled", file.display()));
        }
        if text.contains("bincode::") && !inside("store/codec") {
            wrong.push(format!("{} names bincode", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_sees_only_the_public_library() {
    for file in files(&root().join("src/bin")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("#[path"), "{} reaches into the library", file.display());
    }
}

#[test]
fn logic_holds_no_chinese_text() {
    let mut wrong = Vec::new();
    for file in files(&root().join("src")).iter().filter(|file| !file.display().to_string().ends_with("tests.rs")) {
        let text = fs::read_to_string(file).unwrap();
        let logic = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in logic.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if code.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
                wrong.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "labels belong to the catalogue, keywords to the lexicon:\n{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The rooms a file names after `crate::`, in a `use` with braces as well.
fn used_rooms(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let mut rooms: BTreeSet<String> = text.split("crate::").skip(1).map(word).collect();
    for list in text.split("use crate::{").skip(1) {
        let list = list.split("};").next().unwrap_or_default();
        let mut depth = 0;
        let mut item = String::new();
        for c in list.chars().chain([',']) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    rooms.insert(word(item.trim()));
                    item.clear();
                    continue;
                }
                _ => {}
            }
            item.push(c);
        }
    }
    rooms.remove("");
    rooms
}
