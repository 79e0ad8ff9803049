//! A pseudo-terminal with the prompt in it: what is on the screen is what counts.

#![cfg(unix)]

use std::{
    io::Write,
    num::NonZero,
    process::Command,
    time::{Duration, Instant},
};

use expectrl::session::OsSession;

pub const UP: &str = "\x1b[A";
pub const LEFT: &str = "\x1b[D";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";
pub const CTRL_R: &str = "\x12";

fn size(number: u16) -> NonZero<u16> {
    NonZero::new(number).unwrap()
}

/// A terminal of some columns with the prompt in it.
pub struct Terminal {
    pub session: OsSession,
    pub screen: vt100::Parser,
    _home: tempfile::TempDir,
}

impl Terminal {
    pub fn open(columns: u16) -> Self {
        Self::with(columns, tempfile::tempdir().unwrap())
    }

    pub fn with(columns: u16, home: tempfile::TempDir) -> Self {
        Self::surrounded(columns, home, &[])
    }

    /// A terminal with some variables of the environment set.
    pub fn surrounded(columns: u16, home: tempfile::TempDir, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command
            .args(["repl", "--from", "examples/data"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("HOME", home.path())
            .env_remove("XDG_STATE_HOME")
            .env_remove("NO_COLOR")
            .env("TERM", "xterm-256color")
            .env("LANG", "en_US.UTF-8")
            .env_remove("LC_ALL")
            .env("COLUMNS", columns.to_string())
            .env("LINES", "60")
            .env("PAGER", "cat")
            .env_remove("VISUAL")
            .env_remove("EDITOR")
            .envs(variables.iter().copied());
        let mut session = OsSession::spawn(command).unwrap();
        session.get_process_mut().set_window_size(columns, 60).unwrap();
        let mut terminal = Self { session, screen: vt100::Parser::new(size(60), size(columns), 0), _home: home };
        terminal.wait(|screen| screen.ends_with("memory>"));
        terminal
    }

    pub fn send(&mut self, text: &str) {
        self.session.write_all(text.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }

    /// Reads until the screen is as wanted; the screen, its lines without trailing blanks.
    pub fn wait(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = self.session.try_read(&mut bytes) {
                self.screen.process(&bytes[..count]);
            }
            let screen = self.text();
            if wanted(&screen) {
                return screen;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "the screen stayed:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn text(&self) -> String {
        let screen = self.screen.screen();
        let lines: Vec<String> = screen.rows(0, screen.size().1.get()).map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Types a line and waits for the prompt that follows it.
    pub fn enter(&mut self, line: &str) -> String {
        let before = self.text().matches("memory>").count();
        self.send(line);
        self.send("\r");
        self.wait(|screen| screen.ends_with("memory>") && screen.matches("memory>").count() > before)
    }
}
