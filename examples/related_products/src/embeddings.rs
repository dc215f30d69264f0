//! The embeddings file: names, source rows and target rows, for programs in any language.
//!
//! Little-endian, no padding inside a part:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic `AVOCEMB1` |
//! | 4 | number of packages n (u32) |
//! | 4 | width d (u32) |
//! | 8 | bytes of names (u64) |
//! | 8 | FNV-1a 64 of everything that follows (u64) |
//! | 4 (n + 1) | offsets of the names (u32), from 0 |
//! | | the names, UTF-8, one after the other, padded with zeros to a multiple of 4 bytes |
//! | 4 n d | source rows (f32) |
//! | 4 n d | target rows (f32) |

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::table::Table;
use crate::tokens::fnv1a64;

const MAGIC: &[u8; 8] = b"AVOCEMB1";
const HEADER: usize = 32;

/// Names with their two rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Embeddings {
    /// The name of each row.
    pub names: Vec<String>,
    /// How each asks.
    pub sources: Table,
    /// How each is found.
    pub targets: Table,
}

/// Why a file could not be written or read.
#[derive(Debug)]
pub struct EmbeddingsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: EmbeddingsErrorKind,
}

/// What is wrong with an embeddings file.
#[derive(Debug)]
pub enum EmbeddingsErrorKind {
    /// It cannot be opened, read or written.
    Io(io::Error),
    /// It does not begin as an embeddings file does.
    NotEmbeddings,
    /// Its length is not what its header says.
    Length {
        /// Bytes by the header.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// Its content does not have the checksum of the header.
    Checksum,
    /// Its names are not text, or their offsets are wrong.
    Names,
}

impl fmt::Display for EmbeddingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.kind {
            EmbeddingsErrorKind::Io(error) => write!(f, "{error}"),
            EmbeddingsErrorKind::NotEmbeddings => write!(f, "not an embeddings file (write one with --save)"),
            EmbeddingsErrorKind::Length { expected, found } => {
                write!(f, "{found} bytes instead of {expected}: truncated or altered, save it again")
            }
            EmbeddingsErrorKind::Checksum => write!(f, "the checksum differs: altered, save it again"),
            EmbeddingsErrorKind::Names => write!(f, "the names are damaged: save it again"),
        }
    }
}

impl std::error::Error for EmbeddingsError {}

impl Embeddings {
    /// Writes the file.
    pub fn save(&self, path: &Path) -> Result<(), EmbeddingsError> {
        fs::write(path, self.encode())
            .map_err(|error| EmbeddingsError { path: path.into(), kind: EmbeddingsErrorKind::Io(error) })
    }

    /// Reads and checks the file.
    pub fn load(path: &Path) -> Result<Self, EmbeddingsError> {
        let refuse = |kind| EmbeddingsError { path: path.into(), kind };
        let bytes = fs::read(path).map_err(|error| refuse(EmbeddingsErrorKind::Io(error)))?;
        Self::decode(&bytes).map_err(refuse)
    }

    fn encode(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let mut end = 0u32;
        body.extend(end.to_le_bytes());
        for name in &self.names {
            end += name.len() as u32;
            body.extend(end.to_le_bytes());
        }
        self.names.iter().for_each(|name| body.extend(name.as_bytes()));
        body.resize(body.len().next_multiple_of(4), 0);
        for table in [&self.sources, &self.targets] {
            table.values.iter().for_each(|value| body.extend(value.to_le_bytes()));
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend((self.names.len() as u32).to_le_bytes());
        bytes.extend((self.sources.cols as u32).to_le_bytes());
        bytes.extend(u64::from(end).to_le_bytes());
        bytes.extend(fnv1a64(body.iter().copied()).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Self, EmbeddingsErrorKind> {
        let (header, body) = bytes.split_at_checked(HEADER).ok_or(EmbeddingsErrorKind::NotEmbeddings)?;
        if &header[..8] != MAGIC {
            return Err(EmbeddingsErrorKind::NotEmbeddings);
        }
        let word =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        let (n, d, text) = (u64::from(word(8)), u64::from(word(12)), long(16));
        // 128 bits cannot overflow here.
        let rows = u128::from(n) * u128::from(d) * 4;
        let names = u128::from(text).next_multiple_of(4);
        let expected = HEADER as u128 + (u128::from(n) + 1) * 4 + names + 2 * rows;
        if expected != bytes.len() as u128 {
            let expected = u64::try_from(expected).unwrap_or(u64::MAX);
            return Err(EmbeddingsErrorKind::Length { expected, found: bytes.len() as u64 });
        }
        if fnv1a64(body.iter().copied()) != long(24) {
            return Err(EmbeddingsErrorKind::Checksum);
        }
        let (n, d) = (n as usize, d as usize);
        let (offsets, rest) = body.split_at((n + 1) * 4);
        let (text, rest) = rest.split_at(names as usize);
        let (sources, targets) = rest.split_at(rows as usize);
        let offset = |at: usize| {
            let bytes = offsets[4 * at..][..4].try_into().expect("four bytes");
            u32::from_le_bytes(bytes) as usize
        };
        let name = |at: usize| {
            let name = text.get(offset(at)..offset(at + 1)).ok_or(EmbeddingsErrorKind::Names)?;
            String::from_utf8(name.to_vec()).map_err(|_| EmbeddingsErrorKind::Names)
        };
        let table = |bytes: &[u8]| Table {
            rows: n,
            cols: d,
            values: bytes.as_chunks().0.iter().map(|&value| f32::from_le_bytes(value)).collect(),
        };
        Ok(Self {
            names: (0..n).map(name).collect::<Result<_, _>>()?,
            sources: table(sources),
            targets: table(targets),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Embeddings {
        let table =
            |first: f32| Table { rows: 3, cols: 2, values: (0..6).map(|i| first + i as f32).collect() };
        let names = ["a", "", "gimp-data"].map(String::from).to_vec();
        Embeddings { names, sources: table(0.5), targets: table(-7.25) }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sample().encode();
        assert_eq!(Embeddings::decode(&bytes).unwrap(), sample());
    }

    #[test]
    fn damage_is_found() {
        let bytes = sample().encode();
        for len in 0..bytes.len() {
            assert!(Embeddings::decode(&bytes[..len]).is_err(), "cut to {len}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x41;
            assert!(Embeddings::decode(&damaged).is_err(), "byte {at}");
        }
        let missing = Embeddings::load(Path::new("/does/not/exist")).unwrap_err();
        assert!(missing.to_string().starts_with("/does/not/exist: "));
    }
}
