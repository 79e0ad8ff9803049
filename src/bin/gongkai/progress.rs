//! A progress bar on standard error, where that is a terminal and anything takes long enough to watch.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{draw, session::Session};

/// How far a long command is. It can be stepped from several threads.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar over `length` steps; invisible with `-q`, without a terminal and for a single step.
    pub fn new(length: usize, session: &Session) -> Self {
        let visible = session.verbosity >= 0 && length > 1 && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(u64::try_from(length).ok(), target);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// One more is done.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Says a line above the bar.
    pub fn say(&self, text: &str, session: &Session) {
        self.0.suspend(|| draw::note(session, text));
    }

    /// Takes the bar away.
    pub fn done(&self) {
        self.0.finish_and_clear();
    }
}
