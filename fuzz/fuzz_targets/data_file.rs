//! The example's packed graph: no bytes make `unpack` panic, and a graph that it accepts packs and unpacks to itself.
//!
//! A checksum over the payload would keep the fuzzer at the door, so that most inputs are put behind a valid header:
//! as a payload that claims to be deflated, as columns that are deflated here, or as changes to the columns of a
//! small valid graph.

#![no_main]

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use libfuzzer_sys::fuzz_target;
use related_products::data::{
    FORMAT_VERSION, HEADER_BYTES, MAGIC, PackageGraph, Parts, TokenSets, pack, unpack,
};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};

fn file(payload: &[u8], unpacked: u64) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend((payload.len() as u64).to_le_bytes());
    file.extend(unpacked.to_le_bytes());
    file.extend(&Sha256::digest(payload)[..]);
    file.extend(payload);
    file
}

fn deflated(columns: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(columns).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// The columns of a graph of five packages.
fn small_columns() -> Vec<u8> {
    let tokens = |lists: [&[&str]; 5]| {
        let lists = lists.map(|list| list.iter().map(|&token| token.to_owned()).collect::<Vec<_>>());
        TokenSets::from_lists(&lists)
    };
    let graph = PackageGraph::new(Parts {
        names: ["0ad", "0ad-data", "bash", "bash-doc", "zsh"].map(String::from).to_vec(),
        sections: tokens([&["games"], &["games"], &["shells"], &["doc"], &["shells"]]),
        words: tokens([
            &["game", "strategy"],
            &["data", "files"],
            &["shell"],
            &["documentation", "shell"],
            &[],
        ]),
        tags: tokens([
            &["role::program"],
            &[],
            &["role::program", "scope::utility"],
            &[],
            &["role::program"],
        ]),
        edges: [vec![(0, 1), (2, 3), (4, 2), (4, 3)], vec![(0, 1), (3, 2)], vec![]],
    })
    .expect("a valid graph");
    let mut columns = Vec::new();
    ZlibDecoder::new(&pack(&graph)[HEADER_BYTES..]).read_to_end(&mut columns).expect("deflated by pack");
    columns
}

/// Pairs of a place and a byte: set there, put in before, or taken out.
fn change(columns: &mut Vec<u8>, changes: &[u8]) {
    for &[place, byte] in changes.as_chunks().0 {
        let at = usize::from(place) % columns.len().max(1);
        match (columns.len(), byte % 4) {
            (0, _) | (_, 0) => columns.insert(at.min(columns.len()), byte / 4),
            (_, 1) => drop(columns.remove(at)),
            _ => columns[at] = byte / 2,
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&door, data)) = data.split_first() else { return };
    let bytes = match door % 8 {
        0 => data.to_vec(),
        1 => match data.split_first_chunk() {
            Some((length, payload)) => file(payload, u64::from_le_bytes(*length)),
            None => return,
        },
        2..5 => file(&deflated(data), data.len() as u64),
        _ => {
            let mut columns = small_columns();
            change(&mut columns, data);
            file(&deflated(&columns), columns.len() as u64)
        }
    };
    if let Ok(graph) = unpack(&bytes) {
        let again = unpack(&pack(&graph)).expect("what was packed unpacks");
        assert!(again == graph, "packing changed the graph");
    }
});
