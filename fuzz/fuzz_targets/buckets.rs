//! The saved form of buckets: no bytes make `load` panic, and buckets that it accepts save to the same bytes.
//!
//! Most inputs get a right checksum: bytes as they are, or as changes to the words of small valid buckets.

#![no_main]

use avocet::Workspace;
use avocet::threshold::{Edges, Grid, Labels, Missing, Nested, Rows, Sample, ScoreEdges, Segments, Table};
use avocet_fuzz::saved::{change, sealed};
use libfuzzer_sys::fuzz_target;

/// What buckets of five rows save, without the checksum.
fn small(kind: u8) -> Vec<u8> {
    let (scores, uncertainties) = ([-1.0, 0.0, 0.5, 1.0, 2.0], [0.0, 0.1, 0.2, 0.3, 0.4]);
    let sample = Sample { scores: &scores, uncertainties: &uncertainties, weights: None };
    let uniform = Edges::Uniform { low: 0.0, high: 1.0, bins: 3 };
    let levels = if kind.is_multiple_of(2) { uniform } else { Edges::Given(&[0.15]) };
    let bins = match kind / 2 % 3 {
        0 => ScoreEdges::Shared(uniform),
        1 => ScoreEdges::Shared(Edges::Quantiles(2)),
        _ => ScoreEdges::Nested(Nested { bins: 2, top: 1.0, refine: None }),
    };
    let grid = Grid::new(levels, bins, Some(sample), None).expect("a valid grid");
    let rows = Rows {
        scores: &scores,
        uncertainties: &uncertainties,
        labels: Labels::U8(&[0, 1, 1, 0, 1]),
        weights: Some(&[1.0, 0.5, 2.0, 0.25, 3.0]),
        segments: Some(Segments::U16(&[0, 1, 1, 0, 0])),
    };
    let mut table = Table::new(&grid, 2).expect("room");
    Workspace::new().fit(|space| table.add(rows, Missing::Refuse, None, space)).expect("valid rows");
    let mut bytes = vec![0; table.saved_bytes()];
    table.save(&mut bytes).expect("room");
    bytes.truncate(bytes.len() - 8);
    bytes
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
    if let Ok(table) = Table::load(&bytes) {
        let mut again = vec![0; table.saved_bytes()];
        table.save(&mut again).expect("room");
        assert!(again == bytes, "saving changed the bytes");
    }
});
