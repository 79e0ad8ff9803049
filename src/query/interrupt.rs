//! Stopping a question that runs: whoever holds the handle asks, the executor looks up between bodies.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use crate::error::{Error, ErrorKind, Result};

/// Stops the questions a database is answering, from any thread; see [`crate::Database::interrupt_handle`].
///
/// Clones stop the same questions. A question asked afterwards is not stopped.
#[derive(Clone, Debug, Default)]
pub struct InterruptHandle(Arc<AtomicU64>);

impl InterruptHandle {
    /// Stops what runs now: each call that answers a question returns [`ErrorKind::Interrupted`] soon. Nothing is
    /// half done by it; with nothing running nothing happens.
    pub fn interrupt(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// A watch over one question that begins now.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch { handle: self.clone(), since: self.0.load(Ordering::Relaxed) }
    }
}

/// What one running question looks at to learn that it was stopped.
#[derive(Clone, Debug)]
pub struct Watch {
    handle: InterruptHandle,
    since: u64,
}

impl Watch {
    /// Goes on, unless the question was stopped since the watch began. It costs one relaxed load.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] from then on.
    #[inline]
    pub fn go_on(&self) -> Result<()> {
        if self.handle.0.load(Ordering::Relaxed) == self.since {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Interrupted, "error.interrupted"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_stopped_and_what_comes_after_is_not() {
        let handle = InterruptHandle::default();
        let (before, other) = (handle.watch(), handle.clone());
        assert!(before.go_on().is_ok());
        other.interrupt();
        assert_eq!(before.go_on().unwrap_err().kind(), ErrorKind::Interrupted);
        assert!(handle.watch().go_on().is_ok());
    }
}
