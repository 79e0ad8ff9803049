//! The files a command was given: folders opened, `-` read, the rest named as it is.

use std::{
    borrow::Cow,
    io::Read,
    path::{Path, PathBuf},
};

use gongkai::{
    Database, Error, ErrorKind,
    ingest::{Options, Reading},
    model::{Body, Scope, Year},
    query::Population,
    schema::Register,
};

use crate::{
    apart,
    args::{ReadingArgs, ScopeChoice},
    draw,
    exit::{Done, Fail},
    session::Session,
};

/// Standard input stands for itself under this name.
const STDIN: &str = "-";

/// Largest input taken from standard input, as for files.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What the caller said about the files, as the library takes it.
pub fn options(args: &ReadingArgs, session: &Session) -> Done<Options> {
    Ok(Options {
        body: args.body.clone(),
        year: args.year.and_then(Year::new),
        scope: args.scope.map(|scope| match scope {
            ScopeChoice::Aggregate => Scope::Aggregate,
            ScopeChoice::Own => Scope::Own,
        }),
        bodies: bodies(args.bodies.as_deref(), session)?.into(),
    })
}

/// The bodies that a register names; without one of its own a command takes those of `--register`.
pub fn bodies(path: Option<&Path>, session: &Session) -> Done<Vec<Body>> {
    let path = path.or(session.register.as_deref());
    Ok(path.map(|path| register(path, session)).transpose()?.map(|register| register.bodies()).unwrap_or_default())
}

/// A register, after saying which of its rows are wrong.
pub fn register(path: &Path, session: &Session) -> Done<Register> {
    let text = text(path)?;
    let (register, bad) = Register::parse(&text);
    for row in bad {
        let sentence = session.say(row.code, &[("text", row.text.as_str())]);
        draw::line(&format!("{}:{}: {sentence}", path.display(), row.line));
    }
    Ok(register)
}

/// Attaches the table of residents to a database, or says which of its rows are wrong.
pub fn population(path: Option<&Path>, database: &Database, session: &Session) -> Done<()> {
    let Some(path) = path else { return Ok(()) };
    let text = text(path)?;
    match Population::parse(&text) {
        Ok(table) => database.attach_population(table),
        Err(bad) => {
            for row in &bad {
                let sentence = session.say(row.code, &[("text", row.text.as_str())]);
                draw::line(&format!("{}:{}: {sentence}", path.display(), row.line));
            }
            return Err(Fail::usage("query.population").with("file", path.display().to_string()));
        }
    }
    Ok(())
}

/// A table or a script as text: UTF-8, or GB18030, in which Chinese spreadsheets save CSV.
pub fn text(path: &Path) -> Done<String> {
    String::from_utf8(whole(path)?).or_else(|bytes| {
        let read = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes.as_bytes());
        read.map(Cow::into_owned).ok_or_else(|| Error::new(ErrorKind::Usage, "io.encoding").at(path).into())
    })
}

/// Every file named, with the files below every folder named, in the order of their names.
///
/// Hidden files are passed over, as every shell does.
pub fn files(named: &[PathBuf]) -> Done<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in named {
        if path.is_dir() {
            below(path, &mut found, 0)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn below(folder: &Path, found: &mut Vec<PathBuf>, depth: usize) -> Done<()> {
    if depth > 64 {
        return Err(Error::new(ErrorKind::Limit, "io.too_deep").at(folder).into());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|cause| Error::from(cause).at(folder))? {
        entries.push(entry.map_err(|cause| Error::from(cause).at(folder))?);
    }
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        // A link to a folder is not followed: it may lead back here.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            below(&path, found, depth + 1)?;
        } else if path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// Reads one file, or standard input for `-`.
pub fn read(path: &Path, options: &Options) -> Done<Vec<Reading>> {
    if path == Path::new(STDIN) {
        return Ok(apart::read("stdin", &stdin()?, options));
    }
    // One byte more than is read from a file tells that it is too large, and it is refused as such.
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|cause| Error::from(cause).at(path))?;
    Ok(apart::read(&path.display().to_string(), &bytes, options))
}

/// All of standard input.
pub fn stdin() -> Done<Vec<u8>> {
    all(std::io::stdin().lock(), "stdin")
}

/// All of a file that is no report: a script, a list.
pub fn whole(path: &Path) -> Done<Vec<u8>> {
    let file = std::fs::File::open(path).map_err(|cause| Error::from(cause).at(path))?;
    all(file, &path.display().to_string())
}

/// A device never ends: what is larger than any file of ours is not read further.
fn all(from: impl Read, name: &str) -> Done<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|cause| Error::from(cause).at(name))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(Error::new(ErrorKind::Limit, "io.long_input").at(name).into());
    }
    Ok(bytes)
}
