//! Trouble with files and stores. Mess in a report or a query is not an error but a finding or a [`crate::Diagnostic`].

mod quiet;

use std::{fmt, io, path::PathBuf};

use crate::{
    diagnostic::Diagnostic,
    messages::{Filling, Lang, Said},
    text::Span,
};

pub(crate) use quiet::quietly;

/// What went wrong, as a program would want to tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused: permission, missing file, full disk.
    Io,
    /// There is no store at this path.
    NotAStore,
    /// Another process writes to this store.
    Locked,
    /// The store was written by a newer version or another program.
    Format,
    /// Stored bytes do not match their checksum, or something is missing.
    Damaged,
    /// A value, name, count or file exceeds a stated limit.
    Limit,
    /// A query or script that cannot be answered; see [`Error::diagnostics`].
    Query,
    /// Somebody stopped it: [`crate::query::InterruptHandle::interrupt`].
    Interrupted,
    /// The call itself cannot be carried out: a bad argument of the API.
    Usage,
}

/// An error of gongkai: a kind, a sentence, where, and the cause underneath.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    said: Said,
    path: Option<PathBuf>,
    diagnostics: Vec<Diagnostic>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of everything here that touches files or a store.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of `kind` with one sentence for a person: a key of the catalogue, or the sentence itself.
    #[must_use]
    pub fn new(kind: ErrorKind, said: impl Into<Said>) -> Self {
        Self(Box::new(Inner { kind, said: said.into(), path: None, diagnostics: Vec::new(), source: None }))
    }

    /// Fills the place `{name}` of its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, filling: impl Into<Filling>) -> Self {
        self.0.said = self.0.said.with(name, filling);
        self
    }

    /// A query that cannot be answered, with every complaint about it.
    #[must_use]
    pub fn query(diagnostics: Vec<Diagnostic>) -> Self {
        let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        let mut error = Self::new(ErrorKind::Query, "query.unanswered").with("codes", codes.join(", "));
        error.0.diagnostics = diagnostics;
        error
    }

    /// The same error, naming the file or folder it is about.
    #[must_use]
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// The same error; complaints that know no place in the text are given one by their code.
    pub(crate) fn placed(mut self, place: impl Fn(&str) -> Span) -> Self {
        for diagnostic in self.0.diagnostics.iter_mut().filter(|diagnostic| diagnostic.span == Span::default()) {
            diagnostic.span = place(&diagnostic.code);
        }
        self
    }

    /// The same error, with what caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What a program tells errors apart by.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The complaints about the text of a query or script; empty for every other kind.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// Whether the place is at fault and not what is stored there: a full disk, a missing permission, a read-only
    /// folder, somebody else at work. What was found under such an error may be whole.
    pub(crate) fn is_of_the_place(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        if self.0.kind == ErrorKind::Locked {
            return true;
        }
        let cause = self.0.source.as_deref().and_then(|cause| cause.downcast_ref::<io::Error>());
        cause.is_some_and(|cause| {
            matches!(cause.kind(), PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
        })
    }

    /// What is wrong and where, to be said in whichever language is spoken; `Display` says it in English.
    #[must_use]
    pub fn said(&self) -> Said {
        let what = self.0.said.clone();
        match &self.0.path {
            Some(path) => Said::new("error.at").with("path", path.display()).with("what", what),
            None => what,
        }
    }

    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        self.0.path.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text(Lang::En))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        Self::new(ErrorKind::Io, refusal(&cause)).because(cause)
    }
}

/// Why the operating system refused; what has no sentence here is said in its own words.
fn refusal(cause: &io::Error) -> Said {
    /// A failing device (EIO), which the standard library has no name for.
    const DEVICE: i32 = 5;
    let key = match cause.kind() {
        io::ErrorKind::NotFound => "io.not_found",
        io::ErrorKind::PermissionDenied => "io.permission",
        io::ErrorKind::AlreadyExists => "io.exists",
        io::ErrorKind::StorageFull => "io.full",
        io::ErrorKind::QuotaExceeded => "io.quota",
        io::ErrorKind::ReadOnlyFilesystem => "io.read_only",
        io::ErrorKind::IsADirectory => "io.is_folder",
        io::ErrorKind::NotADirectory => "io.no_folder",
        io::ErrorKind::InvalidFilename => "io.name",
        io::ErrorKind::UnexpectedEof => "io.short",
        _ if cfg!(unix) && cause.raw_os_error() == Some(DEVICE) => "io.device",
        _ => return Said::new("io.other").with("cause", cause),
    };
    Said::new(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_the_place_and_a_torn_file_is_not() {
        let of = |kind: io::ErrorKind| Error::from(io::Error::from(kind)).at("库").is_of_the_place();
        assert!(of(io::ErrorKind::StorageFull) && of(io::ErrorKind::PermissionDenied));
        assert!(of(io::ErrorKind::ReadOnlyFilesystem) && of(io::ErrorKind::QuotaExceeded));
        assert!(!of(io::ErrorKind::UnexpectedEof) && !of(io::ErrorKind::NotFound));
        assert!(Error::new(ErrorKind::Locked, "held").is_of_the_place());
        assert!(!Error::new(ErrorKind::Damaged, "torn").is_of_the_place());
    }
}
