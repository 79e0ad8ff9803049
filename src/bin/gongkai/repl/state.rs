//! What the prompt remembers: the store, the last answer, how to show things.

use std::{sync::Arc, time::Duration};

use gongkai::{
    Database,
    query::{Answer, Session as Words},
    render::answer::View,
};

use crate::{exit::Exit, output::Format, session::Session, show};

/// So many rows are shown at the prompt when there is no pager to hold them.
const ROWS: usize = 40;

/// The last answer with the statement it answers.
pub struct Last {
    /// The statement as typed.
    pub text: String,
    /// Its answer.
    pub answer: Answer,
    /// How long it took.
    pub elapsed: Duration,
}

/// The state of one prompt.
pub struct State {
    /// The store asked.
    pub database: Arc<Database>,
    /// What `let` and `param` have set.
    pub words: Words,
    /// Language, terminal, pager.
    pub session: Session,
    /// The form of answers.
    pub format: Format,
    /// Whether the time taken is said.
    pub timer: bool,
    /// The last answer.
    pub last: Option<Last>,
    /// Statements of this session, oldest first.
    pub history: Vec<String>,
    /// The first failure of a session that nobody watches.
    pub worst: Exit,
}

impl State {
    /// A fresh prompt over a store.
    pub fn new(database: Database, session: &Session) -> Self {
        Self {
            database: Arc::new(database),
            words: Words::default(),
            session: session.clone(),
            format: if session.terminal { Format::Table } else { Format::Csv },
            timer: false,
            last: None,
            history: Vec::new(),
            worst: Exit::Ok,
        }
    }

    /// The store's name and mode: `太原.db ro> `.
    pub fn prompt(&self) -> String {
        match self.database.path() {
            Some(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                format!("{name} ro> ")
            }
            None => "memory> ".to_owned(),
        }
    }

    /// The line above the first prompt.
    pub fn welcome(&self) -> String {
        let (reports, bodies) = self.database.view().map_or((0, 0), |view| (view.len(), view.body_count()));
        let (reports, bodies) = (reports.to_string(), bodies.to_string());
        let version = env!("CARGO_PKG_VERSION");
        self.session.say("repl.welcome", &[("version", version), ("reports", &reports), ("bodies", &bodies)])
    }

    /// How answers are laid out here.
    pub fn view(&self) -> View {
        let paged = self.session.pager && self.session.terminal;
        let rows = if paged || !self.session.terminal { usize::MAX } else { ROWS };
        View { rows, prompt: self.session.terminal, ..show::view(&self.session) }
    }
}
