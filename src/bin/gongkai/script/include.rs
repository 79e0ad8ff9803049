//! Which files a script may read in: those in its own folder and below, each once.

use std::{
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use gongkai::{
    Diagnostic,
    text::{Source, Span},
};

/// Includes nest at most so deep.
const DEEPEST: usize = 16;

/// The folder a script may read from, and the files being read right now.
pub struct Reach {
    root: Option<PathBuf>,
    open: Vec<PathBuf>,
}

impl Reach {
    /// The reach of a script file; a script from standard input reaches nothing.
    pub fn of(script: Option<&Path>) -> Self {
        let whole = script.and_then(|path| fs::canonicalize(path).ok());
        let root = whole.as_ref().and_then(|path| path.parent()).map(Path::to_owned);
        Self { root, open: whole.into_iter().collect() }
    }

    /// Opens `name` as written in the file read right now.
    pub fn enter(&mut self, name: &str, span: Span) -> Result<Rc<Source>, Box<Diagnostic>> {
        let said = |code: &str| Diagnostic::error(code, span).with("file", name);
        let complaint = |code: &str| Box::new(said(code));
        let from = self.open.last().and_then(|path| path.parent()).ok_or_else(|| complaint("GK0502"))?;
        let path = fs::canonicalize(from.join(name))
            .map_err(|cause| Box::new(said("GK0503").with("reason", cause.to_string())))?;
        if !self.root.as_ref().is_some_and(|root| path.starts_with(root)) {
            return Err(complaint("GK0502"));
        }
        if self.open.contains(&path) || self.open.len() > DEEPEST {
            return Err(complaint("GK0504"));
        }
        let text =
            fs::read_to_string(&path).map_err(|cause| Box::new(said("GK0503").with("reason", cause.to_string())))?;
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
