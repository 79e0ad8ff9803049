//! How a command ends: exit codes, and the failures that lead to them.

use std::{collections::BTreeMap, io, process::ExitCode};

use gongkai::{Error, ErrorKind, text::Source};

/// The exit codes of the command, the same for every subcommand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    #[default]
    Ok = 0,
    /// An assert or a check failed.
    Failed = 1,
    /// A query or the use of the command was wrong.
    Usage = 2,
    /// A store or a file could not be used.
    Store = 3,
    /// Some reports were refused; the rest is done.
    Refused = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub enum Fail {
    /// The library said no; a query's text comes along so that its complaints can point into it.
    Library(Error, Option<Box<Source>>),
    /// A sentence of the message catalogue.
    Said {
        /// The code that the process ends with.
        exit: Exit,
        /// Key of the sentence; `KEY.help`, where it exists, says what to do.
        key: &'static str,
        /// Values for its places.
        args: BTreeMap<&'static str, String>,
    },
    /// Everything to say was said already.
    Quiet(Exit),
    /// Nobody reads the output any more.
    ClosedPipe,
}

/// The result of every step of a command.
pub type Done<T = Exit> = Result<T, Fail>;

impl Fail {
    /// A wrong use of the command, as a sentence of the catalogue.
    pub fn usage(key: &'static str) -> Self {
        Self::said(Exit::Usage, key)
    }

    /// A sentence of the catalogue with an exit code.
    pub fn said(exit: Exit, key: &'static str) -> Self {
        Self::Said { exit, key, args: BTreeMap::new() }
    }

    /// Fills the place `{name}` of the sentence.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Said { args, .. } = &mut self {
            args.insert(name, value.into());
        }
        self
    }

    /// The code that the process ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Library(error, _) => match error.kind() {
                ErrorKind::Query | ErrorKind::Usage => Exit::Usage,
                ErrorKind::Interrupted => Exit::Interrupted,
                _ => Exit::Store,
            },
            Self::Said { exit, .. } | Self::Quiet(exit) => *exit,
            Self::ClosedPipe => Exit::Ok,
        }
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(&error);
        while let Some(under) = cause {
            // What writes through the library meets a closed pipe there; csv keeps its cause to itself.
            let written = match under.downcast_ref::<csv::Error>().map(csv::Error::kind) {
                Some(csv::ErrorKind::Io(cause)) => Some(cause),
                _ => under.downcast_ref::<io::Error>(),
            };
            if written.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe) {
                return Self::ClosedPipe;
            }
            cause = under.source();
        }
        Self::Library(error, None)
    }
}

impl From<io::Error> for Fail {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Library(Error::from(error), None),
        }
    }
}
