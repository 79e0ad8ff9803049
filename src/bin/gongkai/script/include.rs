//! Which files a script may read in: those in its own folder and below, each once.

use std::{
    fs, io,
    path::{Path, PathBuf},
    rc::Rc,
};

use gongkai::{
    Diagnostic, Error,
    messages::Lang,
    text::{Source, Span},
};

/// Includes nest at most so deep.
const DEEPEST: usize = 16;

/// The folder a script may read from, and the files being read right now.
pub struct Reach {
    root: Option<PathBuf>,
    open: Vec<PathBuf>,
    /// In which it is said why a file cannot be read.
    lang: Lang,
}

impl Reach {
    /// The reach of a script file; a script from standard input reaches nothing.
    pub fn of(script: Option<&Path>, lang: Lang) -> Self {
        let whole = script.and_then(|path| fs::canonicalize(path).ok());
        let root = whole.as_ref().and_then(|path| path.parent()).map(Path::to_owned);
        Self { root, open: whole.into_iter().collect(), lang }
    }

    /// Opens `name` as written in the file read right now.
    pub fn enter(&mut self, name: &str, span: Span) -> Result<Rc<Source>, Box<Diagnostic>> {
        let said = |code: &str| Diagnostic::error(code, span).with("file", name);
        let complaint = |code: &str| Box::new(said(code));
        let from = self.open.last().and_then(|path| path.parent()).ok_or_else(|| complaint("GK0502"))?;
        let lang = self.lang;
        let unread = |cause: io::Error| Box::new(said("GK0503").with("reason", Error::from(cause).said().text(lang)));
        let path = fs::canonicalize(from.join(name)).map_err(unread)?;
        if !self.root.as_ref().is_some_and(|root| path.starts_with(root)) {
            return Err(complaint("GK0502"));
        }
        if self.open.contains(&path) || self.open.len() > DEEPEST {
            return Err(complaint("GK0504"));
        }
        let text = fs::read_to_string(&path).map_err(unread)?;
        let shown =
            self.root.as_ref().and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path).display().to_string();
        self.open.push(path);
        Ok(Rc::new(Source::new(shown, text)))
    }

    /// Closes the file read right now.
    pub fn leave(&mut self) {
        self.open.pop();
    }
}
