//! A dense table that owns its rows.

use avocet::{Matrix, MatrixMut};

/// A row-major `rows x cols` table of f32.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// The values, row by row.
    pub values: Vec<f32>,
}

impl Table {
    /// A table of zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self { rows, cols, values: vec![0.0; rows * cols] }
    }

    /// The table, to read.
    pub fn view(&self) -> Matrix<'_> {
        Matrix::new(&self.values, self.rows, self.cols).expect("a table has the size of its shape")
    }

    /// The table, to write.
    pub fn view_mut(&mut self) -> MatrixMut<'_> {
        MatrixMut::new(&mut self.values, self.rows, self.cols).expect("a table has the size of its shape")
    }

    /// The given rows, in that order.
    pub fn gather(&self, ids: impl Iterator<Item = u32>) -> Self {
        let mut values = Vec::new();
        ids.for_each(|id| values.extend_from_slice(self.view().row(id as usize)));
        Self { rows: values.len() / self.cols.max(1), cols: self.cols, values }
    }
}
