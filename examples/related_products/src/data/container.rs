//! The file of a packed graph: a header, then the columns, deflated.
//!
//! | bytes | content |
//! |---|---|
//! | 0..8 | [`MAGIC`] |
//! | 8..12 | [`FORMAT_VERSION`], little-endian |
//! | 12..20 | length of the payload in the file, little-endian |
//! | 20..28 | length of the payload unpacked, little-endian |
//! | 28..60 | SHA-256 of the payload as it is in the file |
//! | 60.. | the payload |
//!
//! The payload unpacks to the columns: names; vocabulary and sets of the sections, of the words and of the
//! debtags; the targets of the recommends, depends and suggests edges, one set per package.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use super::columns::{ColumnResult, Reader, Writer};
use super::error::DataErrorKind;
use super::graph::{Edge, InvalidGraph, PackageGraph, Parts, Relation};
use super::sets::{IdSets, TokenSets};

/// The first bytes of a packed graph.
pub const MAGIC: [u8; 8] = *b"PKGGRAPH";
/// The version of the format that is written and read.
pub const FORMAT_VERSION: u32 = 1;
/// Length of the header.
pub const HEADER_BYTES: usize = 60;

/// Largest payload that is unpacked. The columns of the Debian graph are a tenth of it.
const MAX_UNPACKED_BYTES: u64 = 32 << 20;

/// Packs a graph into the bytes of a file. The same graph gives the same bytes.
pub fn pack(graph: &PackageGraph) -> Vec<u8> {
    let columns = write_columns(graph);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let payload = encoder
        .write_all(&columns)
        .and_then(|()| encoder.finish())
        .expect("writing to a vector does not fail");
    let mut file = Vec::with_capacity(HEADER_BYTES + payload.len());
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    file.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    file.extend_from_slice(&(columns.len() as u64).to_le_bytes());
    file.extend_from_slice(&Sha256::digest(&payload));
    file.extend_from_slice(&payload);
    file
}

/// Unpacks the bytes of a file.
pub fn unpack(file: &[u8]) -> Result<PackageGraph, DataErrorKind> {
    let found = file.len() as u64;
    let (header, payload) = file
        .split_first_chunk::<HEADER_BYTES>()
        .ok_or(DataErrorKind::Length { expected: HEADER_BYTES as u64, found })?;
    if header[..8] != MAGIC {
        return Err(DataErrorKind::NotAGraph);
    }
    let version = u32::from_le_bytes(field(header, 8));
    if version != FORMAT_VERSION {
        return Err(DataErrorKind::Version { found: version });
    }
    let expected = u64::from_le_bytes(field(header, 12)).saturating_add(HEADER_BYTES as u64);
    if found != expected {
        return Err(DataErrorKind::Length { expected, found });
    }
    if Sha256::digest(payload)[..] != header[28..] {
        return Err(DataErrorKind::Checksum);
    }
    let columns = inflate(payload, u64::from_le_bytes(field(header, 20)))?;
    let parts = read_columns(&columns).map_err(DataErrorKind::Content)?;
    PackageGraph::new(parts).map_err(|InvalidGraph(what)| DataErrorKind::Content(what))
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

fn write_columns(graph: &PackageGraph) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.strings(graph.names());
    for tokens in [graph.sections(), graph.words(), graph.tags()] {
        writer.strings(&tokens.vocabulary);
        writer.sets(&tokens.sets, tokens.vocabulary.len());
    }
    for relation in Relation::ALL {
        writer.sets(&targets(graph.edges(relation), graph.len()), graph.len());
    }
    writer.bytes
}

fn read_columns(columns: &[u8]) -> ColumnResult<Parts> {
    let mut reader = Reader::new(columns);
    let names = reader.strings()?;
    let len = names.len();
    let sections = read_tokens(&mut reader, len)?;
    let words = read_tokens(&mut reader, len)?;
    let tags = read_tokens(&mut reader, len)?;
    let mut edges: [Vec<Edge>; 3] = Default::default();
    for list in &mut edges {
        *list = edges_of(&reader.sets(len, len)?);
    }
    reader.finish()?;
    Ok(Parts { names, sections, words, tags, edges })
}

fn read_tokens(reader: &mut Reader<'_>, rows: usize) -> ColumnResult<TokenSets> {
    let vocabulary = reader.strings()?;
    let sets = reader.sets(rows, vocabulary.len())?;
    Ok(TokenSets { vocabulary, sets })
}

fn targets(edges: &[Edge], len: usize) -> IdSets {
    let mut offsets = vec![0; len + 1];
    for &(source, _) in edges {
        offsets[source as usize + 1] += 1;
    }
    for row in 0..len {
        offsets[row + 1] += offsets[row];
    }
    IdSets { offsets, ids: edges.iter().map(|&(_, target)| target).collect() }
}

fn edges_of(targets: &IdSets) -> Vec<Edge> {
    (0u32..)
        .zip(targets.rows())
        .flat_map(|(source, row)| row.iter().map(move |&target| (source, target)))
        .collect()
}
