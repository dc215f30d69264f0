//! Inputs that the tests of the Rust API share.

#![allow(dead_code)] // Each test binary uses its part.

pub mod grids;
mod random;

pub use random::Random;

use avocet::{Csr, Graph, Indices, Matrix, MatrixMut, Workspace};

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
