//! A line entered at the prompt: a `.command` or statements, which Ctrl-C stops.

use std::{
    path::Path,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use gongkai::{
    Database, Done as Carried, Error, ErrorKind,
    query::{self, Answer, Session as Words, Step},
    text::{Source, Span},
};

use super::{
    dot,
    state::{Last, State},
};
use crate::{
    draw,
    exit::{Done, Exit, Fail},
    interrupt,
    output::{self, Format},
    pager, script, show, store,
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
                self.worse(fail.exit());
                Next::Go
            }
        }
    }

    /// Answers statements and shows the answers.
    pub fn ask(&mut self, text: &str) -> Done<()> {
        let writes = self.database.path().is_some() && query::writes(&Source::new("query", text));
        let (work, elapsed) = if writes { self.write(text)? } else { self.work(&self.database, text, None)? };
        self.words = work.words;
        for (step, carried) in work.carried {
            match carried {
                Carried::Answer(answer) => self.give(text, &step, *answer, elapsed)?,
                Carried::Assert(asserted) if asserted.holds => {
                    draw::note(&self.session, &self.session.say("run.holds", &[("text", &asserted.answer.query.en)]));
                }
                Carried::Assert(asserted) => {
                    let check = matches!(&step, Step::Assert(assertion) if assertion.claim.is_none());
                    let complaint = script::claim(&asserted, Span::new(0, text.trim_end().len()), check);
                    draw::diagnostics(&self.session, &[complaint], &Source::new("query", text));
                    self.worse(Exit::Failed);
                }
                Carried::Stored => script::stored(&step, &self.session),
                _ => {}
            }
        }
        if self.timer {
            let elapsed = format!("{:.1}", show::milliseconds(elapsed));
            draw::line(&self.session.say("repl.took", &[("elapsed", &elapsed)]));
        }
        Ok(())
    }

    fn give(&mut self, text: &str, step: &Step, answer: Answer, elapsed: Duration) -> Done<()> {
        if let Step::Query(question) = step {
            draw::diagnostics(&self.session, &question.warnings, &Source::new("query", text));
        }
        if let Some(file) = &answer.export {
            output::save(Path::new(file), &answer, Some(elapsed), &self.session)?;
            draw::note(&self.session, &self.session.say("repl.saved", &[("file", file)]));
        } else {
            let shown = show::text(&answer, Some(elapsed), self.format, self.view())?;
            pager::show(&shown, &self.session)?;
            if matches!(self.format, Format::Csv | Format::Jsonl) {
                show::aside(&answer, &self.session);
            }
        }
        if answer.failed.is_some_and(|failed| failed > 0) {
            self.worse(Exit::Failed);
        }
        self.last = Some(Last { text: text.trim().to_owned(), answer, elapsed });
        Ok(())
    }

    /// Remembers the first failure.
    fn worse(&mut self, exit: Exit) {
        if self.worst == Exit::Ok {
            self.worst = exit;
        }
    }

    /// Answers a text that judges or corrects: the store is open for writing only so long, and asked anew afterwards.
    fn write(&mut self, text: &str) -> Done<(Work, Duration)> {
        let writer = Arc::new(store::to_care_for(&self.session)?);
        let done = self.work(&writer, text, None);
        if let Some(writer) = Arc::into_inner(writer) {
            writer.close()?;
        }
        self.database = Arc::new(store::to_ask(&[], &self.session)?);
        done
    }

    /// The last answer once more, with the files it rests on. The store may have got reports meanwhile: then it is said
    /// that the answer is another one.
    pub fn cited(&self, last: &Last) -> Done<Answer> {
        let (work, _) = self.work(&self.database, &last.text, Some(u64::MAX))?;
        let answers = work.carried.into_iter().filter_map(|(_, carried)| match carried {
            Carried::Answer(answer) => Some(*answer),
            _ => None,
        });
        let answer = answers.last().unwrap_or_else(|| last.answer.clone());
        if answer.rows != last.answer.rows {
            draw::note(&self.session, &self.session.say("repl.answer_moved", &[]));
        }
        Ok(answer)
    }

    /// Understands and answers a text on a thread of its own, so that Ctrl-C is heard meanwhile.
    fn work(&self, database: &Arc<Database>, text: &str, cite: Option<u64>) -> Done<(Work, Duration)> {
        let start = Instant::now();
        let (send, receive) = mpsc::channel();
        let (database, words, asked) = (Arc::clone(database), self.words.clone(), text.to_owned());
        std::thread::spawn(move || {
            let done = Work::of(&database, words, &asked, cite);
            // Whoever receives may close the database.
            drop(database);
            // The prompt may have gone on; then nobody receives.
            let _ = send.send(done);
        });
        loop {
            match receive.recv_timeout(Duration::from_millis(20)) {
                Ok(Ok(work)) => return Ok((work, start.elapsed())),
                Ok(Err(error)) => {
                    let query = error.kind() == ErrorKind::Query;
                    return Err(Fail::Library(error, query.then(|| Box::new(Source::new("query", text)))));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    if interrupt::asked() {
                        interrupt::stop();
                    }
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Fail::said(Exit::Store, "repl.broken")),
            }
        }
    }
}

/// What became of a text: its steps, and the words it set.
struct Work {
    words: Words,
    carried: Vec<(Step, Carried)>,
}

impl Work {
    fn of(database: &Database, mut words: Words, text: &str, cite: Option<u64>) -> Result<Self, Error> {
        let steps = database.understand(&Source::new("query", text), &mut words)?;
        let mut carried = Vec::with_capacity(steps.len());
        for step in steps {
            if interrupt::asked() {
                return Err(Error::new(ErrorKind::Interrupted, "error.interrupted"));
            }
            let exports = matches!(&step, Step::Query(question) if output::export(question).is_some());
            let done = database.carry_out_citing(&step, cite.or(exports.then_some(u64::MAX)))?;
            carried.push((step, done));
        }
        Ok(Self { words, carried })
    }
}
