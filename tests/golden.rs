//! Golden cases: transcripts of commands with what they print, one test per file.
//!
//! A case is a file `tests/golden/FAMILY/NAME.case`: `# ` lines that say what it shows, then commands
//! after `$ `, each followed by its standard output, `[stderr]` with the standard error if any, and
//! `[exit N]` if it is not 0. Commands run in the project's folder with `gongkai` on the path, `$TMP`
//! an empty folder of the case, no colour and English messages unless the case asks otherwise.
//!
//! The `console` blocks of the READMEs and of `docs/` are cases too: a `$ ` line, then what it prints
//! on standard output. There `cargo run --release --` stands for the program.
//!
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes what is printed now; read the difference before
//! committing it. Where `CI` is set that is refused.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Output},
};

use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    assert!(!(update && env::var_os("CI").is_some()), "UPDATE_GOLDEN is for people, not for CI");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = Vec::new();
    collect(&root.join("tests/golden"), &mut cases);
    cases.sort();
    let mut trials = Vec::new();
    for path in cases {
        let name = path.strip_prefix(root.join("tests/golden")).unwrap_or(&path).with_extension("");
        trials.push(Trial::test(name.display().to_string(), move || run(&path, update)));
    }
    for path in pages(root) {
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        trials.push(Trial::test(name, move || page(&path, update)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn collect(folder: &Path, cases: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, cases);
        } else if path.extension().is_some_and(|extension| extension == "case") {
            cases.push(path);
        }
    }
}

/// The pages whose `console` blocks are run.
fn pages(root: &Path) -> Vec<PathBuf> {
    let docs = fs::read_dir(root.join("docs")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut pages: Vec<PathBuf> =
        ["README.md", "README.zh-CN.md"].iter().map(|name| root.join(name)).chain(docs).collect();
    pages.retain(|path| {
        path.extension().is_some_and(|extension| extension == "md")
            && fs::read_to_string(path).is_ok_and(|text| text.contains("```console\n"))
    });
    pages.sort();
    pages
}

fn page(path: &Path, update: bool) -> Result<(), Failed> {
    let expected = fs::read_to_string(path)?;
    let lang = if path.to_string_lossy().contains("zh-CN") { "zh_CN.UTF-8" } else { "en_US.UTF-8" };
    let folder = tempfile::tempdir()?;
    let mut printed = String::new();
    let mut inside = false;
    for line in expected.lines() {
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if line.starts_with("```") {
            inside = line == "```console";
        }
        if let Some(command) = command {
            let program =
                command.replace("cargo run --release --", "gongkai").replace("cargo run --release", "gongkai");
            let output = shell(&program, folder.path(), lang)?;
            printed.push_str(&format!("{line}\n{}", steady(&output.stdout, folder.path())));
        } else if !inside || line.starts_with("```") {
            printed.push_str(&format!("{line}\n"));
        }
    }
    settle(path, &expected, &printed, update)
}

fn run(path: &Path, update: bool) -> Result<(), Failed> {
    let expected = fs::read_to_string(path)?;
    let folder = tempfile::tempdir()?;
    let head = expected.lines().take_while(|line| line.starts_with('#'));
    let mut printed: String = head.map(|line| line.to_owned() + "\n").collect();
    let commands: Vec<&str> = expected.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    if commands.is_empty() {
        return Err("the case holds no command".into());
    }
    for command in commands {
        printed.push_str(&transcript(command, folder.path())?);
    }
    settle(path, &expected, &printed, update)
}

/// Passes, rewrites or says what differs.
fn settle(path: &Path, expected: &str, printed: &str, update: bool) -> Result<(), Failed> {
    // How lines end is told by tests of the format; a page or case may have been saved either way.
    let (printed, expected) = (printed.replace("\r\n", "\n"), &expected.replace("\r\n", "\n"));
    if printed == *expected {
        return Ok(());
    }
    if update {
        fs::write(path, printed)?;
        return Ok(());
    }
    Err(difference(expected, &printed).into())
}

/// Runs one command and writes down what it printed.
fn transcript(command: &str, folder: &Path) -> Result<String, Failed> {
    let output = shell(command, folder, "en_US.UTF-8")?;
    let mut text = format!("$ {command}\n");
    append(&mut text, &steady(&output.stdout, folder));
    if !output.stderr.is_empty() {
        text.push_str("[stderr]\n");
        append(&mut text, &steady(&output.stderr, folder));
    }
    match output.status.code() {
        Some(0) => Ok(text),
        Some(code) => Ok(format!("{text}[exit {code}]\n")),
        None => Err(format!("{command}: ended by a signal").into()),
    }
}

/// Runs a line of shell in the project's folder, with the built program on the path.
fn shell(command: &str, folder: &Path, lang: &str) -> Result<Output, Failed> {
    let program = Path::new(env!("CARGO_BIN_EXE_gongkai"));
    let mut paths: Vec<PathBuf> = program.parent().map(Path::to_owned).into_iter().collect();
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    Ok(Command::new("sh")
        .arg("-c")
        .arg(command)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("PATH", env::join_paths(paths)?)
        .env("TMP", folder)
        .env("HOME", folder)
        .env("NO_COLOR", "1")
        .env("LANG", lang)
        .env("COLUMNS", "100")
        .output()?)
}

fn append(text: &mut String, printed: &str) {
    text.push_str(printed);
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// The text with what changes from run to run taken out: the case's folder and elapsed times.
fn steady(bytes: &[u8], folder: &Path) -> String {
    let text = String::from_utf8_lossy(bytes).replace(&folder.display().to_string(), "$TMP");
    let elapsed = regex::Regex::new(r#""elapsed_ms": ?[0-9.]+"#).expect("a valid pattern");
    elapsed.replace_all(&text, "\"elapsed_ms\": 0").into_owned()
}

/// The first lines that differ, with a little of what stands before them.
fn difference(expected: &str, printed: &str) -> String {
    let same = expected.lines().zip(printed.lines()).take_while(|(a, b)| a == b).count();
    let show = |text: &str, from: usize, count: usize, mark: char| {
        text.lines().skip(from).take(count).map(|line| format!("{mark} {line}\n")).collect::<String>()
    };
    let before = show(expected, same.saturating_sub(3), same.min(3), ' ');
    format!("line {}:\n{before}{}{}", same + 1, show(expected, same, 12, '-'), show(printed, same, 12, '+'))
}
