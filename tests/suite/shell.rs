//! The command among the programs of a system: shells complete it, `man` shows it, a signal ends it.

#![cfg(unix)]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

const GONGKAI: &str = env!("CARGO_BIN_EXE_gongkai");

/// Whether a program is there to be tried; a system without it has nothing to try.
fn there(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|output| output.status.success())
}

/// A folder with the completion script of a shell in it.
fn script(shell: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(GONGKAI).args(["--lang", "en", "completions", shell]).output().unwrap();
    assert!(output.status.success());
    fs::write(folder.path().join(if shell == "zsh" { "_gongkai" } else { "gongkai" }), output.stdout).unwrap();
    folder
}

/// What a shell prints for a line of its own language.
fn run(shell: &str, arguments: &[&str], line: &str, folder: &Path) -> String {
    let path = format!("{}:{}", Path::new(GONGKAI).parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new(shell)
        .args(arguments)
        .arg(line)
        .current_dir(folder)
        .env("HOME", folder)
        .env("PATH", path)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn bash_completes_commands_and_options() {
    if !there("bash") {
        return;
    }
    let folder = script("bash");
    let complete = |words: &str, at: usize| {
        let line = format!(
            "source ./gongkai; COMP_WORDS=({words}); COMP_CWORD={at}; \
             _gongkai gongkai \"${{COMP_WORDS[$COMP_CWORD]}}\" \"${{COMP_WORDS[$COMP_CWORD-1]}}\"; echo ${{COMPREPLY[@]}}"
        );
        run("bash", &["--norc", "-c"], &line, folder.path())
    };
    assert_eq!(complete("gongkai que", 1).trim(), "query");
    assert_eq!(complete("gongkai query --fro", 2).trim(), "--from");
    assert_eq!(complete("gongkai --lang z", 2).trim(), "zh");
}

#[test]
fn fish_completes_commands_and_options() {
    if !there("fish") {
        return;
    }
    let folder = script("fish");
    let complete = |line: &str| {
        run("fish", &["--no-config", "-c"], &format!("source gongkai; complete -C '{line}'"), folder.path())
    };
    assert!(complete("gongkai que").starts_with("query\t"), "{}", complete("gongkai que"));
    assert!(complete("gongkai query --fro").starts_with("--from"), "{}", complete("gongkai query --fro"));
    assert!(complete("gongkai query --lang z").starts_with("zh"), "{}", complete("gongkai query --lang z"));
}

#[test]
fn zsh_loads_the_completion() {
    if !there("zsh") {
        return;
    }
    let folder = script("zsh");
    // Without a terminal zsh completes nothing; that it takes the script as a completion is what can be seen.
    let line = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d ./dump; \
                print $_comps[gongkai] && autoload -Uz +X _gongkai && whence -w _gongkai";
    let said = run("zsh", &["-f", "-c"], line, folder.path());
    assert!(said.contains("_gongkai\n_gongkai: function"), "{said}");
}

#[test]
fn the_manual_page_is_shown_by_man() {
    if !there("man") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (lang, wanted) in [
        ("en", ["Name", "Synopsis", "--db", "gongkai ingest", "Examples", "share of not_held by year"]),
        ("zh", ["名称", "概要", "--db", "gongkai ingest", "示例", "万柏林区2020至2024年不掌握占比按年份"]),
    ] {
        let page = Command::new(GONGKAI).args(["--lang", lang, "man"]).output().unwrap().stdout;
        fs::write(folder.path().join("gongkai.1"), page).unwrap();
        let shown = Command::new("man")
            .args(["-l", "gongkai.1"])
            .current_dir(folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env("MANWIDTH", "100")
            .env("MANPAGER", "cat")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&shown.stdout);
        for word in wanted {
            assert!(text.contains(word), "{lang}: {word} is not in\n{text}");
        }
        assert!(shown.stderr.is_empty(), "{}", String::from_utf8_lossy(&shown.stderr));
    }
}

#[test]
fn control_c_ends_a_question_with_130() {
    let folder = tempfile::tempdir().unwrap();
    let slow = folder.path().join("slow.gk");
    // The first answer comes out at once and says that the rest has begun.
    let text = "new in 万柏林区 2024\n".to_owned() + &"missing reports in 河北省/** 2019..2024\n".repeat(1_000);
    fs::write(&slow, text).unwrap();
    let mut child = Command::new(GONGKAI)
        .args(["--lang", "en", "run", "--from", "examples/data", "--format", "jsonl"])
        .arg(&slow)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("100"));
    let signal = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(signal.success());
    // Whoever is not heard would block on a full pipe.
    let rest = std::thread::spawn(move || lines.count());
    let output = child.wait_with_output().unwrap();
    assert!(rest.join().is_ok());
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"));
}

/// A store of three reports in each of thirty provinces, whose reconsideration total is one too many.
fn wide_store(folder: &Path) {
    let mut cube = "body,year,category,applicant,value\n".to_owned();
    for province in (11..=82).filter(|code| gongkai::schema::places().by_code(&format!("{code}0000")).is_some()) {
        for body in ["", "/甲局", "/乙局"] {
            for (category, value) in [("upheld", 1), ("corrected", 0), ("other", 0), ("pending", 0), ("total", 2)] {
                cube.push_str(&format!("{province}0000{body},2024,review.{category},,{value}\n"));
            }
        }
    }
    fs::write(folder.join("cube.csv"), cube).unwrap();
    let made = Command::new(GONGKAI).args(["--db", "s", "import", "cube.csv"]).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn a_check_lists_rows_as_they_are_found() {
    let folder = tempfile::tempdir().unwrap();
    wide_store(folder.path());
    let start = |format: &str| {
        let mut command = Command::new(GONGKAI);
        command.args(["--db", "s", "--lang", "en", "check", "all", "--format", format]).current_dir(folder.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    for format in ["csv", "jsonl", "table"] {
        let whole = start(format).wait_with_output().unwrap();
        assert_eq!(whole.status.code(), Some(1));
        // Nobody reads more than a line until it is interrupted: what does not fit into the pipe is not computed.
        let mut child = start(format);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let signal = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
        assert!(signal.success());
        let rest = std::thread::spawn(move || lines.map(Result::unwrap).collect::<Vec<String>>());
        let output = child.wait_with_output().unwrap();
        let shown: Vec<String> = std::iter::once(first).chain(rest.join().unwrap()).collect();
        let all = String::from_utf8(whole.stdout).unwrap();
        let all: Vec<&str> = all.lines().collect();
        assert_eq!(output.status.code(), Some(130), "{format}");
        assert!(shown.len() < all.len(), "{format}: {} lines", shown.len());
        assert_eq!(shown, all[..shown.len()], "{format}: what was printed stands");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("rows above are not all") && said.contains("interrupted"), "{format}: {said}");
    }
}
