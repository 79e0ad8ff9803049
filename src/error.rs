//! Trouble with files and stores. Mess in a report or a query is not an error but a finding or a [`crate::Diagnostic`].

use std::{fmt, io, path::PathBuf};

use crate::diagnostic::Diagnostic;

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
    message: String,
    path: Option<PathBuf>,
    diagnostics: Vec<Diagnostic>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of everything here that touches files or a store.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of `kind` with one sentence for a person.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), path: None, diagnostics: Vec::new(), source: None }))
    }

    /// A query that cannot be answered, with every complaint about it.
    #[must_use]
    pub fn query(diagnostics: Vec<Diagnostic>) -> Self {
        let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        let mut error = Self::new(ErrorKind::Query, format!("the query cannot be answered: {}", codes.join(", ")));
        error.0.diagnostics = diagnostics;
        error
    }

    /// The same error, naming the file or folder it is about.
    #[must_use]
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
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

    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        self.0.path.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.path {
            Some(path) => write!(f, "{}: {}", path.display(), self.0.message),
            None => f.write_str(&self.0.message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        Self::new(ErrorKind::Io, cause.to_string()).because(cause)
    }
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
