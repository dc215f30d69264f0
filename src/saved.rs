//! What the saved forms of handles share: little-endian words of 32 bits, after eight bytes that name the form and a version,
//! before a checksum.
//!
//! The checksum is FNV-1a with 64 bits over words instead of bytes: each step is one to one, so that no change of a
//! single word goes unseen.

use crate::error::{Error, Status};

/// Bytes of the checksum at the end.
pub(crate) const CHECKSUM: usize = 8;

/// Where the version is.
const AT_VERSION: usize = 8;

/// The checksum of whole words.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &word| {
        (hash ^ u64::from(u32::from_le_bytes(word))).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Writes one value after the other.
pub(crate) struct Writer<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl<'a> Writer<'a> {
    /// Starts with the name of the form and its version.
    pub(crate) fn new(bytes: &'a mut [u8], magic: [u8; 8], version: u32) -> Writer<'a> {
        let mut writer = Writer { bytes, at: 0 };
        writer.put(&magic);
        writer.word(version);
        writer
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.at..][..bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }

    pub(crate) fn word(&mut self, word: u32) {
        self.put(&word.to_le_bytes());
    }

    pub(crate) fn long(&mut self, long: u64) {
        self.put(&long.to_le_bytes());
    }

    pub(crate) fn real(&mut self, real: f32) {
        self.put(&real.to_le_bytes());
    }

    /// Bytes written so far.
    pub(crate) fn written(&self) -> usize {
        self.at
    }

    /// Whole lines of words.
    pub(crate) fn lines(&mut self, lines: &[[f32; 16]]) {
        lines.as_flattened().iter().for_each(|&word| self.real(word));
    }

    /// Ends with the checksum of all that was written.
    pub(crate) fn seal(mut self) {
        let sum = checksum(&self.bytes[..self.at]);
        self.long(sum);
    }
}

/// Bytes to read, which a bad field refuses by its position.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The bytes before the checksum, if name, version, number and checksum are right. `length` tells their number from
    /// the first `head` of them.
    pub(crate) fn open(
        bytes: &'a [u8],
        magic: [u8; 8],
        version: u32,
        head: usize,
        length: impl FnOnce(Reader<'a>) -> Option<usize>,
    ) -> Result<Reader<'a>, Error> {
        let wrong_size = Err(Error::new(Status::ShapeMismatch, c"bytes").size(bytes.len()));
        let Some((content, sum)) = bytes.split_last_chunk::<CHECKSUM>() else { return wrong_size };
        if content.len() < head {
            return wrong_size;
        }
        let reader = Reader(content);
        if !content.starts_with(&magic) {
            return Err(Self::bad(0));
        }
        reader.checked(AT_VERSION, |found| found == version)?;
        if Some(content.len()) != length(reader) {
            return wrong_size;
        }
        if checksum(content) != u64::from_le_bytes(*sum) {
            return Err(Self::bad(content.len()));
        }
        Ok(reader)
    }

    /// The number of bytes.
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    pub(crate) fn word(self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..].first_chunk().copied().unwrap_or_default())
    }

    pub(crate) fn long(self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..].first_chunk().copied().unwrap_or_default())
    }

    pub(crate) fn real(self, at: usize) -> f32 {
        f32::from_bits(self.word(at))
    }

    /// The error of a field.
    pub(crate) fn bad(at: usize) -> Error {
        Error::new(Status::InvalidArgument, c"bytes").at(at)
    }

    /// The word at a position, if it holds.
    pub(crate) fn checked(self, at: usize, holds: impl Fn(u32) -> bool) -> Result<u32, Error> {
        let word = self.word(at);
        if holds(word) { Ok(word) } else { Err(Self::bad(at).integer(word.into())) }
    }
}

/// Bytes with a right checksum in the place of theirs.
#[cfg(test)]
pub(crate) fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let at = bytes.len() - CHECKSUM;
    let sum = checksum(&bytes[..at]).to_le_bytes();
    bytes[at..].copy_from_slice(&sum);
    bytes
}
