//! `gongkai import FILE.csv`: loads a ready cube, for those who have data but no reports.

use std::{fs::File, io::Read};

use gongkai::{Error, model::Origin};
use sha2::{Digest, Sha256};

use crate::{
    args::ImportArgs,
    draw,
    exit::{Done, Exit},
    input,
    interrupt::{self, Until},
    session::Session,
    store,
};

/// Loads every file; exit 4 when rows were refused.
pub fn run(args: &ImportArgs, session: &Session) -> Done {
    let known = input::bodies(args.bodies.as_deref(), session)?;
    let database = store::to_write(session)?;
    let mut exit = Exit::Ok;
    for path in &args.files {
        let at = |cause: std::io::Error| Error::from(cause).at(path);
        let origin = Origin {
            file: path.display().to_string(),
            sha256: hash(&mut File::open(path).map_err(at)?).map_err(at)?,
            reader: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let file = Until(File::open(path).map_err(at)?);
        let done = match database.import(file, &origin, &known) {
            Err(_) if interrupt::asked() => {
                database.close()?;
                draw::line(&session.say("import.interrupted", &[]));
                return Ok(Exit::Interrupted);
            }
            done => done?,
        };
        for (line, why) in &done.refused {
            draw::line(&format!("{}:{line}: {}", path.display(), why.text(session.lang)));
        }
        let number = |count: u64| count.to_string();
        let words = [
            ("file", origin.file.as_str()),
            ("added", &number(done.added)),
            ("unchanged", &number(done.unchanged)),
            ("replaced", &number(done.replaced)),
            ("refused", &number(done.refusals)),
        ];
        draw::note(session, &session.say("import.done", &words));
        if done.refusals > 0 {
            exit = Exit::Refused;
        }
    }
    database.close()?;
    Ok(exit)
}

/// SHA-256 of a file, read in pieces.
fn hash(file: &mut File) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        match buffer.get(..count) {
            Some(piece) if count > 0 => hasher.update(piece),
            _ => break,
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat())
}
