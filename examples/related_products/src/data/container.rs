//! The file of a packed graph: a header, then the columns, deflated.
//!
//! The payload unpacks to the columns: names; vocabulary and sets of the sections, of the words and of the
//! debtags; the targets of the recommends, depends and suggests edges, one set per package.

use shared::packed::{DataErrorKind, Format};

use super::columns::{ColumnResult, Reader, Writer};
use super::graph::{Edge, InvalidGraph, PackageGraph, Parts, Relation};
use super::sets::{IdSets, TokenSets};

/// The first bytes of a packed graph.
pub const MAGIC: [u8; 8] = *b"PKGGRAPH";
/// The version of the format that is written and read.
pub const FORMAT_VERSION: u32 = 1;

/// The kind of file.
pub static FORMAT: Format =
    Format { magic: MAGIC, version: FORMAT_VERSION, name: "a packed package graph", maker: "pack_debian" };

/// Packs a graph into the bytes of a file. The same graph gives the same bytes.
pub fn pack(graph: &PackageGraph) -> Vec<u8> {
    FORMAT.pack(&write_columns(graph))
}

/// Unpacks the bytes of a file.
pub fn unpack(file: &[u8]) -> Result<PackageGraph, DataErrorKind> {
    let parts = read_columns(&FORMAT.unpack(file)?).map_err(DataErrorKind::Content)?;
    PackageGraph::new(parts).map_err(|InvalidGraph(what)| DataErrorKind::Content(what))
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
