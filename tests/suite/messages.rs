//! Every sentence that the code asks for is in the catalogue, in both languages.

use std::{collections::BTreeSet, fs, path::Path};

use gongkai::messages::{Lang, has};

/// The string literals of a file that look like a key of one of these rooms, or like a code.
fn keys(text: &str) -> BTreeSet<String> {
    const ROOMS: [&str; 25] = [
        "answer", "care", "cli", "column", "draw", "error", "explain", "export", "finding", "fmt", "form", "help",
        "import", "ingest", "list", "page", "query", "read", "repl", "report", "run", "scope", "teach", "test",
        "usage",
    ];
    let logic = text.split("#[cfg(test)]").next().unwrap_or_default();
    let literals = logic.split('"').skip(1).step_by(2);
    literals
        .filter(|literal| {
            let word = |part: &str| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            };
            literal.split_once('.').is_some_and(|(room, rest)| {
                ROOMS.contains(&room) && !matches!(rest, "en" | "zh") && rest.split('.').all(word)
            })
        })
        .map(str::to_owned)
        .collect()
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_sentence_that_is_said_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&root.join("src/bin"), &mut sources);
    files(&root.join("src/render"), &mut sources);
    let mut missing = Vec::new();
    let mut seen = 0;
    for path in sources {
        for key in keys(&fs::read_to_string(&path).unwrap()) {
            seen += 1;
            for lang in [Lang::En, Lang::Zh] {
                if !has(lang, &key) {
                    missing.push(format!("{}: {key} in {lang:?}", path.display()));
                }
            }
        }
    }
    assert!(seen > 80, "only {seen} keys were found: the test looks for the wrong thing");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_code_of_a_script_has_its_page() {
    for code in 501..=507 {
        for lang in [Lang::En, Lang::Zh] {
            for part in ["title", "label", "page"] {
                assert!(has(lang, &format!("GK0{code}.{part}")), "GK0{code}.{part}");
            }
        }
    }
}

/// The sentences of a language, with their keys.
fn sentences(file: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/messages").join(file)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[test]
fn every_chinese_sentence_is_chinese_and_every_english_one_english() {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // What is left of a sentence without its places; commands to type are the same in both languages.
    let said = |text: &str| {
        let pieces = text.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest).to_owned());
        pieces.collect::<String>()
    };
    let names = |key: &str| key.ends_with(".examples") || key == "column.sha256";
    let mut wrong = Vec::new();
    for (key, text) in sentences("zh.tsv") {
        let letters = said(&text).chars().any(|c| c.is_ascii_alphabetic());
        if letters && !text.chars().any(han) && !names(&key) {
            wrong.push(format!("zh {key}: {text}"));
        }
    }
    for (key, text) in sentences("en.tsv") {
        let text = said(&text);
        if text.chars().any(han) && !text.chars().any(|c| c.is_ascii_alphabetic()) && !names(&key) {
            wrong.push(format!("en {key}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_way_of_pooling_has_its_words() {
    let pooled = ["pooled", "sum", "mean", "median", "min", "max", "p10", "p25", "p75", "p90", "quartiles", "count"];
    for (id, lang) in pooled.into_iter().flat_map(|id| [(id, Lang::En), (id, Lang::Zh)]) {
        assert!(has(lang, &format!("pooling.{id}")), "pooling.{id}");
    }
}
