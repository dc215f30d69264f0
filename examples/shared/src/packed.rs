//! Packed files: a header, then columns, deflated.
//!
//! | bytes | content |
//! |---|---|
//! | 0..8 | the magic bytes of the kind of file |
//! | 8..12 | the version of its format, little-endian |
//! | 12..20 | length of the payload in the file, little-endian |
//! | 20..28 | length of the payload unpacked, little-endian |
//! | 28..60 | SHA-256 of the payload as it is in the file |
//! | 60.. | the payload |

mod error;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

pub use error::{DataError, DataErrorKind};

/// Length of the header.
pub const HEADER_BYTES: usize = 60;

/// Largest file that is read: about ten times the largest of the examples.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// Largest payload that is unpacked, eight times the largest of the examples.
const MAX_UNPACKED_BYTES: u64 = 32 << 20;

/// A kind of packed file.
#[derive(Debug, PartialEq, Eq)]
pub struct Format {
    /// Its first bytes.
    pub magic: [u8; 8],
    /// The version that is written and read.
    pub version: u32,
    /// What a file of this kind is, with its article.
    pub name: &'static str,
    /// The program that makes one.
    pub maker: &'static str,
}

impl Format {
    /// Puts a header before columns and deflates them. The same columns give the same bytes.
    pub fn pack(&self, columns: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        let payload = encoder
            .write_all(columns)
            .and_then(|()| encoder.finish())
            .expect("writing to a vector does not fail");
        let mut file = Vec::with_capacity(HEADER_BYTES + payload.len());
        file.extend_from_slice(&self.magic);
        file.extend_from_slice(&self.version.to_le_bytes());
        file.extend_from_slice(&(payload.len() as u64).to_le_bytes());
        file.extend_from_slice(&(columns.len() as u64).to_le_bytes());
        file.extend_from_slice(&Sha256::digest(&payload));
        file.extend_from_slice(&payload);
        file
    }

    /// The columns of a file.
    pub fn unpack(&self, file: &[u8]) -> Result<Vec<u8>, DataErrorKind> {
        let found = file.len() as u64;
        let (header, payload) = file
            .split_first_chunk::<HEADER_BYTES>()
            .ok_or(DataErrorKind::Length { expected: HEADER_BYTES as u64, found })?;
        if header[..8] != self.magic {
            return Err(DataErrorKind::Magic);
        }
        let version = u32::from_le_bytes(field(header, 8));
        if version != self.version {
            return Err(DataErrorKind::Version { found: version });
        }
        let expected = u64::from_le_bytes(field(header, 12)).saturating_add(HEADER_BYTES as u64);
        if found != expected {
            return Err(DataErrorKind::Length { expected, found });
        }
        if Sha256::digest(payload)[..] != header[28..] {
            return Err(DataErrorKind::Checksum);
        }
        inflate(payload, u64::from_le_bytes(field(header, 20)))
    }

    /// Reads a file and unpacks it with `unpack`.
    pub fn load<T>(
        &'static self,
        path: &Path,
        unpack: impl FnOnce(&[u8]) -> Result<T, DataErrorKind>,
    ) -> Result<T, DataError> {
        let error = |kind| DataError { path: path.to_path_buf(), kind, format: self };
        read_bounded(path).and_then(|bytes| unpack(&bytes)).map_err(error)
    }
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, DataErrorKind> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(DataErrorKind::TooLarge { limit: MAX_FILE_BYTES });
    }
    Ok(bytes)
}

fn field<const N: usize>(header: &[u8; HEADER_BYTES], at: usize) -> [u8; N] {
    std::array::from_fn(|byte| header[at + byte])
}

fn inflate(payload: &[u8], length: u64) -> Result<Vec<u8>, DataErrorKind> {
    if length > MAX_UNPACKED_BYTES {
        return Err(DataErrorKind::TooLarge { limit: MAX_UNPACKED_BYTES });
    }
    let mut columns = Vec::new();
    ZlibDecoder::new(payload)
        .take(length + 1)
        .read_to_end(&mut columns)
        .map_err(|_| DataErrorKind::Content("the payload is not a zlib stream"))?;
    if columns.len() as u64 != length {
        return Err(DataErrorKind::Content("the payload does not unpack to the length in the header"));
    }
    Ok(columns)
}
