//! The saved form of packed indexes: no bytes make `load` or `map` panic, both agree, an index that they accept saves to the
//! same bytes, and a search of it ends.
//!
//! Most inputs get a right checksum: bytes as they are, or as changes to the words of small valid indexes.

#![no_main]

use avocet::score::index::{Found, Index, IndexOptions, Search, Storage};
use avocet::score::{Int8, Table};
use avocet::{Error, Matrix, Workspace};
use avocet_fuzz::saved::{change, sealed};
use libfuzzer_sys::fuzz_target;

const D: usize = 3;

/// What an index of 34 rows saves, without the checksum.
fn small(kind: u8) -> Vec<u8> {
    let storage = Storage::ALL[usize::from(kind) % 6];
    let rows: Vec<f32> = (0..34 * D).map(|i| (i * 7 % 13) as f32 - 6.0).collect();
    let ids: Vec<u64> = (0..34).collect();
    let ids = (kind / 6).is_multiple_of(2).then_some(&ids[..]);
    let options = IndexOptions { ids, ..IndexOptions::new(storage) };
    let index = Index::new(Matrix::new(&rows, 34, D).unwrap(), options, None).expect("valid rows");
    let index = index.remove(&[3, 33]).expect("rows that are there");
    let mut bytes = vec![0; index.saved_bytes()];
    index.save(&mut bytes).expect("room");
    bytes.truncate(bytes.len() - 8);
    bytes
}

/// A search with one query of ones.
fn search(index: &Index<'_>) {
    let (reals, bytes) = (vec![1.0; index.cols()], vec![1i8; index.cols()]);
    let queries = match index.storage() {
        Storage::Int8 | Storage::Int8Panels => {
            Table::Int8(Int8 { rows: Matrix::new(&bytes, 1, index.cols()).unwrap(), scales: None })
        }
        _ => Matrix::new(&reals, 1, index.cols()).unwrap().into(),
    };
    let (mut ids, mut scores, mut counts) = ([0; 4], [0.0; 4], [0; 1]);
    let call = |workspace: &mut Workspace| {
        let found = Found {
            k: 4,
            ids: &mut ids,
            scores: &mut scores,
            counts: &mut counts,
            nan_counts: None,
            survivors: None,
        };
        index.search(queries, Search::default(), found, None, workspace)
    };
    Workspace::new().fit(call).expect("a search");
    assert!(ids[..counts[0] as usize].iter().all(|&id| (id as usize) < index.rows()));
}

fuzz_target!(|data: &[u8]| {
    let Some((&door, data)) = data.split_first() else { return };
    let bytes = match door % 4 {
        0 => data.to_vec(),
        1 => sealed(data.to_vec()),
        _ => {
            let mut content = small(door / 4);
            change(&mut content, data);
            sealed(content)
        }
    };
    // What the allocator gives is aligned as mapped lines must be.
    let (loaded, mapped) = (Index::load(&bytes), Index::map(&bytes));
    match (loaded, mapped) {
        (Ok(loaded), Ok(mapped)) => {
            for index in [&loaded, &mapped] {
                let mut again = vec![0; index.saved_bytes()];
                index.save(&mut again).expect("room");
                assert!(again == bytes, "saving changed the bytes");
                if index.cols() < 1000 {
                    search(index);
                }
            }
        }
        (loaded, mapped) => {
            let why =
                |index: Result<Index<'_>, Error>| index.err().map(|error| (error.status, error.position));
            assert_eq!(why(loaded), why(mapped), "one of the two is refused");
        }
    }
});
