//! Ctrl-C: asked once, what runs is left whole; asked twice, the process ends.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Exit;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Takes Ctrl-C from now on. Where the system gives no handler, Ctrl-C ends the process as ever.
pub fn listen() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted as i32);
        }
    });
}

/// Whether Ctrl-C was pressed since [`listen`] or [`forget`].
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Forgets that it was pressed: the prompt goes on.
pub fn forget() {
    ASKED.store(false, Ordering::SeqCst);
}
