//! Containers (PDF, Word, Excel, archives) are unpacked in a process of their own, with limits that the system
//! holds: whatever a stranger's file does to the code that unpacks it, the file is refused and the batch goes on.
//!
//! The process is this program again. It takes the bytes from standard input and gives text and tables back, which
//! are read here; so nothing of what was asked has to be told to it. Pages and texts stay in this process: no code
//! of strangers unpacks them, and their limits are counted while they are parsed.

use std::{
    ffi::OsStr,
    io::{self, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use gongkai::ingest::{self, Documents, Options, Reading, Refusal};

use crate::exit::Exit;

/// The first argument of the process that unpacks.
pub const UNPACK: &str = "unpack-apart";

/// Bytes that it may have in memory.
const MEMORY: u64 = 1 << 30;
/// Seconds that it may compute.
const SECONDS: u64 = 30;
/// Bytes that it may give back.
const OUTPUT: u64 = 64 << 20;

/// Reads the bytes of a file, a container in a process of its own.
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Vec<Reading> {
    if !ingest::is_container(bytes) {
        return gongkai::read_bytes(name, bytes, options);
    }
    // A system that starts no further process does not keep the file from being read.
    let Ok(program) = std::env::current_exe() else { return gongkai::read_bytes(name, bytes, options) };
    match unpack(&program, name, bytes) {
        Some(documents) => gongkai::read_documents(bytes, documents, options),
        None => gongkai::read_documents(bytes, vec![(name.to_owned(), Err(Refusal::stopped()))], options),
    }
}

/// What another process makes of the bytes; nothing if it did not come to its end.
fn unpack(program: &Path, name: &str, bytes: &[u8]) -> Option<Documents> {
    let mut child = Command::new(program)
        .args([OsStr::new(UNPACK), OsStr::new(name)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let given = exchange(&mut child, bytes);
    if given.is_none() {
        let _ = child.kill();
    }
    let ended = child.wait().is_ok_and(|status| status.success());
    serde_json::from_slice(&given.filter(|_| ended)?).ok()
}

/// Hands the bytes over, all before the answer begins, and takes the answer.
fn exchange(child: &mut Child, bytes: &[u8]) -> Option<Vec<u8>> {
    child.stdin.take()?.write_all(bytes).ok()?;
    let mut given = Vec::new();
    child.stdout.take()?.take(OUTPUT + 1).read_to_end(&mut given).ok()?;
    u64::try_from(given.len()).is_ok_and(|length| length <= OUTPUT).then_some(given)
}

/// The other process: limits, bytes in, text and tables out.
pub fn child(name: &str) -> Exit {
    // Where a limit is lower already, it stays.
    let _ = rlimit::setrlimit(rlimit::Resource::AS, MEMORY, MEMORY);
    let _ = rlimit::setrlimit(rlimit::Resource::CPU, SECONDS, SECONDS);
    let mut bytes = Vec::new();
    let taken = io::stdin().lock().read_to_end(&mut bytes);
    let given = taken.is_ok().then(|| serde_json::to_vec(&ingest::documents(name, &bytes)).ok()).flatten();
    let written = given.is_some_and(|given| io::stdout().lock().write_all(&given).is_ok());
    if written { Exit::Ok } else { Exit::Refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_fails_or_talks_nonsense_gives_nothing() {
        for program in ["/bin/false", "/bin/echo", "/nowhere"] {
            assert!(unpack(Path::new(program), "a.pdf", b"%PDF-1.4").is_none(), "{program}");
        }
    }
}
