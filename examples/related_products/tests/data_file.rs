//! Loading a packed graph: what comes back, and what a bad file is answered with.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use related_products::data::{
    self, DataErrorKind, FORMAT_VERSION, HEADER_BYTES, InvalidGraph, MAGIC, PackageGraph, Parts, Relation,
    TokenSets, pack, unpack,
};
use sha2::{Digest, Sha256};

fn tokens(lists: &[&str]) -> TokenSets {
    let lists: Vec<Vec<String>> =
        lists.iter().map(|list| list.split_whitespace().map(str::to_owned).collect()).collect();
    TokenSets::from_lists(&lists)
}

fn small_parts() -> Parts {
    Parts {
        names: ["0ad", "0ad-data", "bash", "bash-doc", "zsh"].map(String::from).to_vec(),
        sections: tokens(&["games", "games", "shells", "doc", "shells"]),
        words: tokens(&["game strategy game", "data files game", "shell", "documentation shell", ""]),
        tags: tokens(&["role::program", "", "role::program scope::utility", "", "role::program"]),
        edges: [vec![(0, 1), (2, 3), (4, 2), (4, 3)], vec![(0, 1), (3, 2)], vec![]],
    }
}

fn small_graph() -> PackageGraph {
    PackageGraph::new(small_parts()).unwrap()
}

fn temporary(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// A file with a valid header around these columns.
fn file_of(columns: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(columns).unwrap();
    file_of_payload(&encoder.finish().unwrap(), columns.len() as u64)
}

fn file_of_payload(payload: &[u8], unpacked: u64) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend((payload.len() as u64).to_le_bytes());
    file.extend(unpacked.to_le_bytes());
    file.extend(&Sha256::digest(payload)[..]);
    assert_eq!(file.len(), HEADER_BYTES);
    file.extend(payload);
    file
}

fn columns_of(file: &[u8]) -> Vec<u8> {
    let mut columns = Vec::new();
    ZlibDecoder::new(&file[HEADER_BYTES..]).read_to_end(&mut columns).unwrap();
    columns
}

#[test]
fn a_small_graph_comes_back() {
    let graph = small_graph();
    let file = pack(&graph);
    let back = unpack(&file).unwrap();
    assert_eq!(back, graph);
    assert_eq!(pack(&back), file);
    assert_eq!(back.find("bash-doc"), Some(3));
    assert_eq!(back.find("fish"), None);
    assert_eq!(back.section(4), "shells");
    assert_eq!(back.words().tokens(1).collect::<Vec<_>>(), ["data", "files", "game"]);
    assert_eq!(back.edges(Relation::Recommends), [(0, 1), (2, 3), (4, 2), (4, 3)]);
}

#[test]
fn a_graph_without_packages_comes_back() {
    let graph = PackageGraph::new(Parts {
        names: vec![],
        sections: tokens(&[]),
        words: tokens(&[]),
        tags: tokens(&[]),
        edges: Default::default(),
    })
    .unwrap();
    assert!(unpack(&pack(&graph)).unwrap().is_empty());
}

#[test]
fn the_debian_graph_is_whole() {
    let graph = data::load(None).unwrap();
    assert_eq!(graph.len(), 63_436);
    let counts = Relation::ALL.map(|relation| graph.edges(relation).len());
    assert_eq!(counts, [29_011, 267_362, 23_092]);
    let vocabularies =
        [graph.sections(), graph.words(), graph.tags()].map(|tokens| tokens.vocabulary().len());
    assert_eq!(vocabularies, [58, 20_492, 598]);
    assert!(fs::metadata(data::default_path()).unwrap().len() <= 2_500_000);
}

#[test]
fn the_debian_graph_has_the_columns_that_packing_it_gives() {
    let file = fs::read(data::default_path()).unwrap();
    let graph = unpack(&file).unwrap();
    assert!(columns_of(&pack(&graph)) == columns_of(&file));
}

#[test]
fn a_missing_file_says_so() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no_such_file.bin");
    let error = data::load(Some(&path)).unwrap_err();
    assert!(matches!(error.kind, DataErrorKind::Missing));
    let text = error.to_string();
    assert!(text.contains("no_such_file.bin") && text.contains("examples/data/README.md"), "{text}");
}

#[test]
fn a_directory_is_not_readable() {
    let error = data::load(Some(env!("CARGO_TARGET_TMPDIR").as_ref())).unwrap_err();
    assert!(matches!(error.kind, DataErrorKind::Io(_)), "{error}");
}

#[test]
fn an_oversized_file_is_refused() {
    let path = temporary("oversized.bin", b"");
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
    let error = data::load(Some(&path)).unwrap_err();
    assert!(matches!(error.kind, DataErrorKind::TooLarge { .. }), "{error}");
    fs::remove_file(path).unwrap();
}

#[test]
fn a_truncated_file_says_how_much_is_left() {
    let file = fs::read(data::default_path()).unwrap();
    let whole = file.len();
    for left in
        [0, 1, 7, 8, 11, 12, 27, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1, whole / 2, whole - 1]
    {
        let path = temporary(&format!("truncated_{left}.bin"), &file[..left]);
        let error = data::load(Some(&path)).unwrap_err();
        let expected = if left < HEADER_BYTES { HEADER_BYTES } else { whole };
        assert!(matches!(error.kind, DataErrorKind::Length { .. }), "{error}");
        assert!(error.to_string().contains(&format!("truncated: {left} bytes of {expected};")), "{error}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn every_truncation_of_a_small_file_is_a_length_error() {
    let file = pack(&small_graph());
    for left in 0..file.len() {
        assert!(matches!(unpack(&file[..left]), Err(DataErrorKind::Length { .. })), "{left} bytes left");
    }
}

#[test]
fn bytes_after_the_end_are_a_length_error() {
    let mut file = pack(&small_graph());
    file.push(0);
    let error = unpack(&file).unwrap_err();
    assert!(matches!(error, DataErrorKind::Length { expected, found } if found > expected), "{error:?}");
}

#[test]
fn every_flipped_bit_is_found() {
    let file = pack(&small_graph());
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut altered = file.clone();
            altered[at] ^= 1 << bit;
            let error = unpack(&altered).unwrap_err();
            let right = match at {
                0..8 => matches!(error, DataErrorKind::Magic),
                8..12 => matches!(error, DataErrorKind::Version { .. }),
                12..20 => matches!(error, DataErrorKind::Length { .. }),
                20..28 => matches!(error, DataErrorKind::Content(_) | DataErrorKind::TooLarge { .. }),
                _ => matches!(error, DataErrorKind::Checksum),
            };
            assert!(right, "byte {at}, bit {bit}: {error:?}");
        }
    }
}

#[test]
fn flipped_bytes_of_the_debian_graph_are_found() {
    let mut file = fs::read(data::default_path()).unwrap();
    for at in [HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 100_000, file.len() - 1] {
        file[at] ^= 0xff;
        assert!(matches!(unpack(&file), Err(DataErrorKind::Checksum)), "byte {at}");
        file[at] ^= 0xff;
    }
}

#[test]
fn another_kind_of_file_is_named_as_such() {
    let path = temporary("other.bin", &[0x7f; 200]);
    let error = data::load(Some(&path)).unwrap_err();
    assert!(matches!(error.kind, DataErrorKind::Magic), "{error}");
}

#[test]
fn another_version_is_named() {
    let mut file = pack(&small_graph());
    file[8..12].copy_from_slice(&7u32.to_le_bytes());
    let error = data::load(Some(&temporary("version.bin", &file))).unwrap_err();
    assert!(matches!(error.kind, DataErrorKind::Version { found: 7 }), "{error}");
    assert!(error.to_string().contains("version 7"), "{error}");
}

#[test]
fn a_wrong_unpacked_length_is_refused() {
    let columns = columns_of(&pack(&small_graph()));
    let file = file_of(&columns);
    for (length, large) in [(0, false), (columns.len() as u64 - 1, false), (1 << 20, false), (u64::MAX, true)]
    {
        let error = unpack(&file_of_payload(&file[HEADER_BYTES..], length)).unwrap_err();
        assert_eq!(matches!(error, DataErrorKind::TooLarge { .. }), large, "{error:?}");
        assert_eq!(matches!(error, DataErrorKind::Content(_)), !large, "{error:?}");
    }
}

#[test]
fn a_payload_that_is_not_deflated_is_refused() {
    assert!(matches!(unpack(&file_of_payload(b"not a zlib stream", 10)), Err(DataErrorKind::Content(_))));
}

#[test]
fn malformed_columns_with_a_valid_checksum_are_refused() {
    let columns = columns_of(&pack(&small_graph()));
    for at in 0..columns.len() {
        for value in [0, 1, 2, 0x7f, 0x80, 0xff, columns[at].wrapping_add(1)] {
            let mut altered = columns.clone();
            altered[at] = value;
            match unpack(&file_of(&altered)) {
                Ok(graph) => assert_eq!(unpack(&pack(&graph)).unwrap(), graph),
                Err(error) => {
                    assert!(matches!(error, DataErrorKind::Content(_)), "byte {at} to {value}: {error:?}")
                }
            }
        }
        assert!(matches!(unpack(&file_of(&columns[..at])), Err(DataErrorKind::Content(_))), "{at} bytes");
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let refused = |change: fn(&mut Parts)| {
        let mut parts = small_parts();
        change(&mut parts);
        let InvalidGraph(what) = PackageGraph::new(parts).unwrap_err();
        what
    };
    assert!(refused(|parts| parts.names.swap(0, 1)).contains("names"));
    assert!(refused(|parts| parts.words = tokens(&["one"])).contains("one row per package"));
    assert!(refused(|parts| parts.sections = tokens(&["a b", "a", "a", "a", "a"])).contains("one section"));
    assert!(refused(|parts| parts.edges[1].push((3, 2))).contains("ascending"));
    assert!(refused(|parts| parts.edges[2].push((4, 5))).contains("no package"));
}
