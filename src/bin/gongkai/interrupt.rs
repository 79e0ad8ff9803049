//! Ctrl-C: asked once, questions stop and what is written is left whole; asked twice, the process ends.

use std::{
    io::{self, Read},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use gongkai::{Database, query::InterruptHandle};

use crate::exit::{Done, Exit, Fail};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Whether another program has the terminal, and Ctrl-C with it.
static LENT: AtomicBool = AtomicBool::new(false);

/// Stops the questions of the database that this process asks.
static RUNNING: Mutex<Option<InterruptHandle>> = Mutex::new(None);

/// Takes Ctrl-C from now on. Where the system gives no handler, Ctrl-C ends the process as ever.
pub fn listen() {
    let _ = ctrlc::set_handler(|| {
        if LENT.load(Ordering::SeqCst) {
            return;
        }
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted as i32);
        }
        stop();
    });
}

/// Names the database whose questions Ctrl-C stops.
pub fn stops(database: &Database) {
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(database.interrupt_handle());
}

/// Stops the question that runs.
pub fn stop() {
    if let Some(handle) = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        handle.interrupt();
    }
}

/// Whether Ctrl-C was pressed since [`listen`] or [`forget`].
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Goes on, unless Ctrl-C was pressed: between steps, where no question runs that would notice.
pub fn go_on() -> Done<()> {
    if asked() { Err(Fail::said(Exit::Interrupted, "error.interrupted")) } else { Ok(()) }
}

/// Leaves Ctrl-C to a pager or an editor while it runs.
pub fn lend<T>(work: impl FnOnce() -> T) -> T {
    LENT.store(true, Ordering::SeqCst);
    let done = work();
    LENT.store(false, Ordering::SeqCst);
    done
}

/// A long input that ends with an error once Ctrl-C was pressed.
pub struct Until<R>(pub R);

impl<R: Read> Read for Until<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        // Not `ErrorKind::Interrupted`: that one means to try again.
        if asked() { Err(io::Error::other("interrupted")) } else { self.0.read(bytes) }
    }
}

/// Forgets that it was pressed: the prompt goes on.
pub fn forget() {
    ASKED.store(false, Ordering::SeqCst);
}
