//! Every sentence that the code asks for is in the catalogue, in both languages.

use std::{collections::BTreeSet, fs, path::Path};

use gongkai::messages::{Lang, has, text};

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

/// What errors and sentences to be said later are made of: the literals after these words.
fn said(text: &str) -> BTreeSet<&str> {
    let logic = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for (begin, between) in [("Error::new(", true), ("of_report(", true), ("Said::new(", false)] {
        for rest in logic.split(begin).skip(1) {
            let rest = if between { rest.split_once(',').map_or("", |(_, rest)| rest) } else { rest };
            // A literal right there; a name is looked at where it is given its value.
            if let Some(literal) = rest.trim_start().strip_prefix('"') {
                found.insert(literal.split('"').next().unwrap_or_default());
            }
        }
    }
    // Choices between two sentences, and closures that take one.
    let rooms = ["store.", "io.", "database.", "import."];
    // A key of the facts that travel with an answer, the same in both languages.
    let fact = "store.revision";
    let literals = logic.split('"').skip(1).step_by(2);
    found.extend(literals.filter(|literal| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
        rooms.iter().any(|room| literal.starts_with(room)) && literal.chars().all(plain) && *literal != fact
    }));
    found
}

#[test]
fn every_error_is_said_in_both_languages() {
    let mut sources = Vec::new();
    for room in ["bin", "check", "database", "ingest", "query", "store"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut sources);
    }
    sources.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error.rs"));
    let mut missing = Vec::new();
    let mut seen = BTreeSet::new();
    for path in sources {
        for key in said(&fs::read_to_string(&path).unwrap()) {
            seen.insert(key.to_owned());
            for lang in [Lang::En, Lang::Zh] {
                if !has(lang, key) {
                    missing.push(format!("{}: {key} in {lang:?}", path.display()));
                }
            }
        }
    }
    assert!(seen.len() > 100, "only {} sentences were found: the test looks for the wrong thing", seen.len());
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The codes that the catalogue has sentences for.
fn codes() -> BTreeSet<String> {
    let code = regex::Regex::new(r"(?m)^GK0[0-9]{3}").unwrap();
    code.find_iter(include_str!("../../src/messages/en.tsv")).map(|found| found.as_str().to_owned()).collect()
}

/// Every code of a question or a script can be looked up in both languages, and its page has no place left to fill.
#[test]
fn every_code_has_its_page() {
    let mut wrong = Vec::new();
    for code in codes() {
        for lang in [Lang::En, Lang::Zh] {
            let part = |part: &str| format!("{code}.{part}");
            if code.as_str() >= "GK0400" && code.as_str() < "GK0500" {
                // Why a file or a row was refused is one sentence, which is its page too.
                assert!(has(lang, &code), "{code}");
                continue;
            }
            for key in [part("title"), part("label"), part("page")] {
                if !has(lang, &key) {
                    wrong.push(format!("{key} in {lang:?}"));
                }
            }
            if text(lang, &part("page"), []).contains('{') {
                wrong.push(format!("{} has a place to fill, in {lang:?}", part("page")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What stands before each mark of a case, on its line.
fn marks(case: &str) -> impl Iterator<Item = String> {
    let place = regex::Regex::new(r" --> .*:([0-9]+):([0-9]+)$").unwrap();
    let lines: Vec<&str> = case.lines().collect();
    let found = lines.iter().enumerate().filter_map(|(at, line)| {
        let place = place.captures(line)?;
        let head = format!("{} | ", &place[1]);
        let text = lines[at..].iter().find_map(|line| line.strip_prefix(&head))?;
        let column: usize = place[2].parse().ok()?;
        Some(text.chars().take(column - 1).collect())
    });
    found.collect::<Vec<_>>().into_iter()
}

/// Every code of a question or a script is raised in a golden case, in both languages, and one of them has
/// Chinese text on the line before the mistake.
#[test]
fn every_code_has_golden_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/error");
    // These are about a whole statement or line, which begins where the line does; or the line is cut (GK0105).
    let shared = ["GK0104", "GK0105", "GK0111", "GK0501", "GK0505", "GK0506", "GK0507"];
    let mut wrong = Vec::new();
    // A list too long to hold needs more reports than a case can have; `check` has a test of its own.
    let large = ["GK0304"];
    for code in codes().into_iter().filter(|code| !code.starts_with("GK04") && !large.contains(&code.as_str())) {
        let case = fs::read_to_string(folder.join(format!("{code}.case"))).unwrap_or_default();
        let raised = |words: [&str; 2]| words.iter().any(|word| case.contains(&format!("{word}[{code}]")));
        if !raised(["error", "warning"]) {
            wrong.push(format!("{code} in English"));
        }
        if !raised(["错误", "警告"]) {
            wrong.push(format!("{code} in Chinese"));
        }
        if !shared.contains(&code.as_str()) && !marks(&case).any(|before| before.contains(gongkai::text::is_han)) {
            wrong.push(format!("{code} behind Chinese text"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every golden case as one text.
fn cases(folder: &Path) -> String {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
        .iter()
        .map(|path| match path.extension() {
            None => cases(path),
            Some(ending) if ending == "case" => fs::read_to_string(path).unwrap(),
            Some(_) => String::new(),
        })
        .collect()
}

/// Why a file or a row was refused is said without its code: every such sentence is printed in a golden case, in both
/// languages.
#[test]
fn every_refusal_has_golden_cases() {
    // Raised where no case can be: by a build without a feature, a library that breaks (`ingest::format::guard`), a
    // workbook of 200,000 cells (`formats`), a reading that takes longer than half a minute (`limits`), and a fault of
    // the CSV reader, which finds none in text.
    let elsewhere = ["GK0422", "GK0425", "GK0429", "GK0442", "GK0451"];
    let printed = cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"));
    let mut wrong = Vec::new();
    let place = regex::Regex::new(r"\\\{[a-z]+\\\}").unwrap();
    let refusals = codes().into_iter().filter(|code| code.starts_with("GK04") && !elsewhere.contains(&code.as_str()));
    for code in refusals {
        for lang in [Lang::En, Lang::Zh] {
            // A sentence is everything around its places.
            let sentence = text(lang, &code, []);
            let pattern = place.replace_all(&regex::escape(&sentence), ".*").into_owned();
            if !regex::Regex::new(&pattern).unwrap().is_match(&printed) {
                wrong.push(format!("{code} in {lang:?}: {sentence}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_sentence_stands_twice() {
    for lang in ["en", "zh"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/messages/{lang}.tsv"));
        let text = fs::read_to_string(path).unwrap();
        let mut seen = BTreeSet::new();
        for (key, _) in text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')) {
            assert!(seen.insert(key), "{key} in {lang}");
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
