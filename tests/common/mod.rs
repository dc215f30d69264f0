//! Inputs that the tests of the Rust API share.

#![allow(dead_code)] // Each test binary uses its part.

use avocet::{Csr, Graph, Indices, Matrix, MatrixMut, Workspace};

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.u64() % limit as u64) as usize
    }

    /// The upper 24 bits of a number, times 2^-23, less 1: exact, in [-1, 1).
    pub fn f32(&mut self) -> f32 {
        (self.u64() >> 40) as f32 / 8_388_608.0 - 1.0
    }

    pub fn values(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.f32()).collect()
    }
}

/// A graph of the given rows.
pub fn graph(rows: &[Vec<u32>], cols: usize) -> Graph {
    let offsets: Vec<i64> = std::iter::once(0)
        .chain(rows.iter().scan(0, |end, row| {
            *end += row.len() as i64;
            Some(*end)
        }))
        .collect();
    let (indices, rows) = (rows.concat(), rows.len());
    let (offsets, indices) = (Indices::I64(&offsets), Indices::U32(&indices));
    Graph::new(Csr { rows, cols, offsets, indices }).unwrap()
}

/// A matrix of rows that lie side by side.
pub fn matrix(values: &[f32], rows: usize) -> Matrix<'_> {
    Matrix::new(values, rows, values.len().checked_div(rows).unwrap_or(0)).unwrap()
}

/// [`matrix`], to write.
pub fn matrix_mut(values: &mut [f32], rows: usize) -> MatrixMut<'_> {
    let cols = values.len().checked_div(rows).unwrap_or(0);
    MatrixMut::new(values, rows, cols).unwrap()
}

/// A workspace of so many MiB.
pub fn workspace(size: usize) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.reserve(size << 20).unwrap();
    workspace
}
