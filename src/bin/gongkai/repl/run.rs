//! A line entered at the prompt: a `.command` or statements, which Ctrl-C stops.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use gongkai::{ErrorKind, query::Answer, text::Source};

use super::{
    dot,
    state::{Last, State},
};
use crate::{
    draw,
    exit::{Done, Exit, Fail},
    interrupt, pager, show,
};

/// What comes after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next line.
    Go,
    /// The end.
    Quit,
}

impl State {
    /// Runs a line, says what went wrong, and goes on.
    pub fn enter(&mut self, text: &str) -> Next {
        interrupt::forget();
        let done = match text.trim().strip_prefix('.') {
            Some(command) => dot::run(command, self),
            None => self.ask(text).map(|()| Next::Go),
        };
        match done {
            Ok(next) => next,
            Err(Fail::ClosedPipe) => Next::Quit,
            Err(fail) => {
                draw::fail(&self.session, &fail);
                if self.worst == Exit::Ok {
                    self.worst = fail.exit();
                }
                Next::Go
            }
        }
    }

    /// Answers statements and shows the answers.
    pub fn ask(&mut self, text: &str) -> Done<()> {
        let (answers, elapsed) = self.answers(text)?;
        for answer in answers {
            let shown = show::text(&answer, elapsed, self.format, self.view())?;
            pager::show(&shown, &self.session)?;
            if answer.failed.is_some_and(|failed| failed > 0) && self.worst == Exit::Ok {
                self.worst = Exit::Failed;
            }
            self.last = Some(Last { text: text.trim().to_owned(), answer, elapsed });
        }
        if self.timer {
            let elapsed = format!("{:.1}", show::milliseconds(elapsed));
            draw::line(&self.session.say("repl.took", &[("elapsed", &elapsed)]));
        }
        Ok(())
    }

    /// The answers of a text. Ctrl-C leaves the work to end by itself and gives the prompt back.
    fn answers(&self, text: &str) -> Done<(Vec<Answer>, Duration)> {
        let start = Instant::now();
        let (send, receive) = mpsc::channel();
        let (database, asked) = (Arc::clone(&self.database), text.to_owned());
        std::thread::spawn(move || {
            // The prompt may have gone on; then nobody receives.
            let _ = send.send(database.query_all(&asked));
        });
        loop {
            match receive.recv_timeout(Duration::from_millis(20)) {
                Ok(Ok(answers)) => return Ok((answers, start.elapsed())),
                Ok(Err(error)) => {
                    let query = error.kind() == ErrorKind::Query;
                    return Err(Fail::Library(error, query.then(|| Box::new(Source::new("query", text)))));
                }
                Err(mpsc::RecvTimeoutError::Timeout) if interrupt::asked() => {
                    return Err(Fail::said(Exit::Interrupted, "repl.stopped"));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Fail::said(Exit::Store, "repl.broken")),
            }
        }
    }
}
