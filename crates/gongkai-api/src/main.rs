//! Compares the public API of gongkai with `docs/API.txt`, so that no change of it goes unseen.
//!
//! ```sh
//! cargo run -p gongkai-api              # says what differs, and fails
//! cargo run -p gongkai-api -- --update  # writes the listing anew
//! ```
//!
//! Run it at the root of the repository. What is listed comes from rustdoc itself: its JSON output, which a stable
//! compiler gives with `RUSTC_BOOTSTRAP=1`. The format of that output changes with the compiler; `public-api` in
//! `Cargo.toml` is of the version that reads the newest stable one.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    process::{Command, ExitCode},
};

use public_api::Builder;

const LISTING: &str = "docs/API.txt";
const JSON: &str = "target/doc/gongkai.json";

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let update = std::env::args().any(|word| word == "--update");
    let status = Command::new("cargo")
        .args(["rustdoc", "--quiet", "--lib", "--target-dir", "target", "--"])
        .args(["-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"])
        .env("RUSTC_BOOTSTRAP", "1")
        .status()?;
    if !status.success() {
        return Err("rustdoc failed".into());
    }
    // Derived implementations are a part of the API. What follows from the fields is not listed: `Send` and `Sync` are
    // asserted in tests/suite/library.rs, blanket implementations everybody has.
    let api = Builder::from_rustdoc_json(JSON).omit_blanket_impls(true).omit_auto_trait_impls(true).build()?;
    // The functions of derived implementations say nothing that the line of the implementation does not.
    let listed: Vec<String> = api.items().map(ToString::to_string).filter(|line| !is_derived(line)).collect();
    if update {
        fs::write(LISTING, listed.join("\n") + "\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    let before = fs::read_to_string(LISTING)?;
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
        (before.lines().collect(), listed.iter().map(String::as_str).collect());
    let mut out = io::stdout().lock();
    for gone in old.difference(&new) {
        writeln!(out, "- {gone}")?;
    }
    for added in new.difference(&old) {
        writeln!(out, "+ {added}")?;
    }
    if old == new {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "The public API is not what {LISTING} says. What is gone or changed breaks programs: it needs a new minor \
         version before 1.0, a new major one after, and a line in CHANGELOG.md. If it is meant: \
         cargo run -p gongkai-api -- --update"
    )?;
    Ok(ExitCode::FAILURE)
}

/// Whether a line only says again that a trait is derived.
fn is_derived(line: &str) -> bool {
    const FUNCTIONS: [&str; 9] = [
        "::clone(&self)",
        "::fmt(&self, &mut core::fmt::Formatter<'_>)",
        "::eq(&self, ",
        "::cmp(&self, ",
        "::partial_cmp(&self, ",
        "::hash<__H: core::hash::Hasher>(",
        "::serialize<__S>(&self, ",
        "::deserialize<__D>(",
        "::default() -> ",
    ];
    // What makes a constant fit for `match` comes with `PartialEq`.
    line.contains("core::marker::StructuralPartialEq")
        || line.starts_with("pub fn ") && FUNCTIONS.iter().any(|function| line.contains(function))
}
