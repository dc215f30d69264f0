//! Why a packed file could not be loaded.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::Format;

/// A packed file that could not be loaded: which file, and what is wrong with it.
#[derive(Debug)]
pub struct DataError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: DataErrorKind,
    /// What it should be.
    pub format: &'static Format,
}

/// What is wrong with a packed file.
#[derive(Debug)]
pub enum DataErrorKind {
    /// There is no such file.
    Missing,
    /// The file exists and could not be read.
    Io(io::Error),
    /// The file does not start with the magic bytes of its kind.
    Magic,
    /// The file has a format version that this program does not read.
    Version {
        /// The version the file gives.
        found: u32,
    },
    /// The file is shorter or longer than its header says.
    Length {
        /// Bytes the file should have.
        expected: u64,
        /// Bytes the file has.
        found: u64,
    },
    /// The file, or what it says it unpacks to, is larger than any of its kind.
    TooLarge {
        /// The largest size accepted, in bytes.
        limit: u64,
    },
    /// The payload does not have the SHA-256 that the header gives.
    Checksum,
    /// The payload is whole and does not describe what it should.
    Content(&'static str),
}

impl From<io::Error> for DataErrorKind {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Io(error),
        }
    }
}

impl DataErrorKind {
    /// What is wrong, in words, with a file that should be of this format.
    fn describe(&self, format: &Format, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "there is no such file"),
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::Magic => write!(f, "is not {} (wrong magic bytes)", format.name),
            Self::Version { found } => {
                write!(f, "has format version {found}, this program reads version {}", format.version)
            }
            Self::Length { expected, found } if found < expected => {
                write!(f, "is truncated: {found} bytes of {expected}")
            }
            Self::Length { expected, found } => write!(f, "is too long: {found} bytes instead of {expected}"),
            Self::TooLarge { limit } => write!(f, "is too large: more than {limit} bytes"),
            Self::Checksum => {
                write!(f, "is altered: the SHA-256 of its payload is not the one in its header")
            }
            Self::Content(what) => write!(f, "is malformed: {what}"),
        }
    }

    /// What to do about it.
    fn remedy(&self, format: &Format, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(_) => return write!(f, "check that the path is a file that you may read"),
            Self::Missing => write!(f, "check the path, restore the file or make it again"),
            Self::Magic => write!(f, "give the path of a file made by {}", format.maker),
            Self::Version { .. } => write!(f, "pack it again with {} of this version", format.maker),
            Self::Length { .. } | Self::TooLarge { .. } | Self::Checksum | Self::Content(_) => {
                write!(f, "restore the file from version control or make it again")
            }
        }?;
        write!(f, " (examples/data/README.md)")
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        self.kind.describe(self.format, f)?;
        write!(f, "; ")?;
        self.kind.remedy(self.format, f)
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            DataErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
