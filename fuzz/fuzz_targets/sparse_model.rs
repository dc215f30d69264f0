//! The saved form of sparse models: no bytes make `load` panic, and a model that it accepts saves to the same bytes.
//!
//! A checksum would keep the fuzzer at the door, so that most inputs get a right one: bytes as they are, with as many
//! entries as there is room for, or as changes to the words of a small valid model.

#![no_main]

use avocet::logistic::{Optimiser, SparseModel, SparseRows, Targets};
use avocet::{Csr, Indices, Workspace};
use avocet_fuzz::saved::{change, sealed};
use libfuzzer_sys::fuzz_target;

/// Where the file says how many features there are, and how many entries follow the head.
const AT_FEATURES: usize = 32;
const AT_COUNT: usize = 48;
const HEAD: usize = 52;
const ENTRY: usize = 12;

/// Beyond, a model takes more memory than a fuzzer has time for.
const MOST_FEATURES: u32 = 1 << 16;

/// What a model that has learnt two rows saves, without its checksum.
fn small(kind: u8) -> Vec<u8> {
    let optimiser = match kind % 3 {
        0 => Optimiser::Ftrl { alpha: 0.1, beta: 1.0, l1: 0.01, l2: 0.1 },
        1 => Optimiser::Adagrad { rate: 0.1, epsilon: 1e-6, l2: 0.0 },
        _ => Optimiser::Sgd { rate: 0.1, l2: 0.01 },
    };
    let mut model = SparseModel::new(20, (kind / 3).is_multiple_of(2), optimiser).expect("a valid model");
    let (offsets, indices) = (Indices::I64(&[0, 3, 5]), Indices::U32(&[1, 7, 19, 7, 8]));
    let rows = SparseRows::new(Csr { rows: 2, cols: 20, offsets, indices });
    let targets = Targets::Labels { labels: &[1.0, 0.0], weights: None };
    let learnt = Workspace::new().fit(|space| model.learn(rows, targets, false, 1, None, space));
    learnt.expect("valid rows");
    let mut bytes = vec![0; model.saved_bytes()];
    model.save(&mut bytes).expect("room");
    bytes.truncate(bytes.len() - 8);
    bytes
}

fuzz_target!(|data: &[u8]| {
    let Some((&door, data)) = data.split_first() else { return };
    let mut bytes = match door % 4 {
        0 => data.to_vec(),
        1 => sealed(data.to_vec()),
        2 => {
            // The head of a valid model, and entries of any content.
            let mut content = small(door / 4)[..HEAD].to_vec();
            content.extend(&data[..data.len() / ENTRY * ENTRY]);
            content[AT_COUNT..HEAD].copy_from_slice(&((data.len() / ENTRY) as u32).to_le_bytes());
            sealed(content)
        }
        _ => {
            let mut content = small(door / 4);
            change(&mut content, data);
            sealed(content)
        }
    };
    // Fewer features than the file says, so that a run is not spent on making room.
    if let Some(word) = bytes[..].get(AT_FEATURES..AT_FEATURES + 4) {
        let features = u32::from_le_bytes(word.try_into().expect("four bytes"));
        if features > MOST_FEATURES && bytes.len() >= HEAD + 8 {
            bytes[AT_FEATURES..AT_FEATURES + 4].copy_from_slice(&(features % MOST_FEATURES).to_le_bytes());
            bytes.truncate(bytes.len() - 8);
            bytes = sealed(bytes);
        }
    }
    if let Ok(model) = SparseModel::load(&bytes) {
        let mut again = vec![0; model.saved_bytes()];
        model.save(&mut again).expect("room");
        assert!(again == bytes, "saving changed the bytes");
    }
});
