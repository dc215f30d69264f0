//! `Graph::new` on arbitrary sizes, offsets and indices of every type: it never panics, takes exactly what a plain
//! check takes, and what it takes keeps its structure; transposing twice sorts each row and loses nothing.

#![no_main]

use avocet::{Csr, Graph, Indices, Status};
use avocet_fuzz::Source;
use libfuzzer_sys::fuzz_target;

/// Above this the outcome of a transposition is a matter of memory.
const MOST_COLS: usize = 1 << 12;

fuzz_target!(|data: &[u8]| {
    let source = &mut Source::new(data);
    let edges = source.below(40);
    let mut offsets: Vec<i64> = Vec::new();
    let mut rows = source.below(12);
    let mut cols = source.below(20);
    // A valid structure, then changes at random places.
    for _ in 0..rows {
        offsets.push(source.below(edges + 1) as i64);
    }
    offsets.push(0);
    offsets.sort_unstable();
    *offsets.last_mut().unwrap() = edges as i64;
    offsets[0] = 0;
    let mut indices: Vec<i64> = (0..edges).map(|_| source.below(cols.max(1)) as i64).collect();
    for _ in 0..source.below(3) {
        let value = if source.one_in(2) { source.u64() as i64 } else { source.below(64) as i64 - 2 };
        match source.below(6) {
            0 => {
                let at = source.below(offsets.len().max(1));
                if let Some(offset) = offsets.get_mut(at) {
                    *offset = value;
                }
            }
            1 => {
                let at = source.below(indices.len().max(1));
                if let Some(index) = indices.get_mut(at) {
                    *index = value;
                }
            }
            2 => rows = value as usize,
            3 => cols = value as usize,
            4 => offsets.truncate(source.below(13)),
            _ => offsets.push(value),
        }
    }
    let kind = source.below(3);
    let (u32s, i32s): (Vec<u32>, Vec<i32>) = match kind {
        0 => (indices.iter().map(|&i| i as u32).collect(), vec![]),
        1 => (vec![], indices.iter().map(|&i| i as i32).collect()),
        _ => (vec![], vec![]),
    };
    let typed = [Indices::U32(&u32s), Indices::I32(&i32s), Indices::I64(&indices)][kind];
    let offset_kind = source.below(3);
    let u32_offsets: Vec<u32> = offsets.iter().map(|&i| i as u32).collect();
    let i32_offsets: Vec<i32> = offsets.iter().map(|&i| i as i32).collect();
    let typed_offsets =
        [Indices::U32(&u32_offsets), Indices::I32(&i32_offsets), Indices::I64(&offsets)][offset_kind];

    // Narrowing may have changed values: the check is of what is passed.
    let offsets: Vec<i64> = (0..typed_offsets.len()).map(|at| typed_offsets.get(at)).collect();
    let indices: Vec<i64> = (0..typed.len()).map(|at| typed.get(at)).collect();
    let wanted = if u32::try_from(cols).is_err() || rows == usize::MAX {
        Status::SizeOverflow
    } else if offsets.len() != rows + 1 {
        Status::ShapeMismatch
    } else if offsets[0] != 0 || offsets[rows] != edges as i64 || !offsets.is_sorted() {
        Status::InvalidOffsets
    } else if indices.iter().any(|&i| i < 0 || i >= cols as i64) {
        Status::IndexOutOfRange
    } else {
        Status::Ok
    };
    let graph = match Graph::new(Csr { rows, cols, offsets: typed_offsets, indices: typed }) {
        Ok(graph) => graph,
        Err(error) => {
            assert_eq!(error.status, wanted, "{error}");
            let at = error.position as usize;
            match wanted {
                Status::InvalidOffsets => {
                    assert!(at == 0 || offsets[..at].is_sorted());
                    assert_eq!(error.value, avocet::Value::Integer(offsets[at]));
                }
                Status::IndexOutOfRange => {
                    assert!(indices[..at].iter().all(|&i| i >= 0 && i < cols as i64));
                    assert_eq!(error.value, avocet::Value::Integer(indices[at]));
                }
                _ => {}
            }
            return;
        }
    };
    assert_eq!(wanted, Status::Ok);
    assert_eq!((graph.rows(), graph.cols(), graph.edges()), (rows, cols, edges));
    assert!(graph.offsets().iter().zip(&offsets).all(|(&a, &b)| a as i64 == b));
    assert!(graph.indices().iter().zip(&indices).all(|(&a, &b)| i64::from(a) == b));
    assert_eq!(graph.edge_ids(), None);
    assert_eq!((0..rows).map(|i| graph.row(i).len()).sum::<usize>(), edges);
    if cols > MOST_COLS {
        return;
    }

    let once = graph.transpose().unwrap();
    assert_eq!((once.rows(), once.cols(), once.edges()), (cols, rows, edges));
    let ids = once.edge_ids().unwrap();
    for i in 0..cols {
        let range = once.offsets()[i]..once.offsets()[i + 1];
        assert!(once.row(i).is_sorted());
        // Ascending ids: edges between the same two nodes keep their order, and rows come in order.
        assert!(ids[range.clone()].is_sorted_by(|a, b| a < b));
        for edge in range {
            let id = ids[edge] as usize;
            assert_eq!(graph.indices()[id] as usize, i);
            let row = once.indices()[edge] as usize;
            assert!((graph.offsets()[row]..graph.offsets()[row + 1]).contains(&id));
        }
    }
    let twice = once.transpose().unwrap();
    assert_eq!(twice.offsets(), graph.offsets());
    for i in 0..rows {
        let mut row = graph.row(i).to_vec();
        row.sort_unstable();
        assert_eq!(twice.row(i), row);
    }
    let back = twice.edge_ids().unwrap();
    assert!(back.iter().zip(twice.indices()).all(|(&id, &column)| graph.indices()[id as usize] == column));
    assert_eq!(twice.transpose().unwrap(), once);
});
