//! A sparse matrix in compressed rows.

use crate::data::Edge;

/// A sparse matrix of f32 in compressed rows, columns ascending within a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    /// Number of columns.
    pub columns: usize,
    /// Row `i` has the entries `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<u64>,
    /// The column of each entry.
    pub indices: Vec<u32>,
    /// The value of each entry.
    pub values: Vec<f32>,
}

impl Csr {
    /// The adjacency matrix of edges that are ascending by (source, target), with ones as values.
    pub fn from_edges(edges: &[Edge], rows: usize, columns: usize) -> Self {
        debug_assert!(edges.is_sorted());
        Self {
            columns,
            offsets: offsets(edges.iter().map(|&(source, _)| source), rows),
            indices: edges.iter().map(|&(_, target)| target).collect(),
            values: vec![1.0; edges.len()],
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Columns and values of a row.
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.range(row);
        (&self.indices[range.clone()], &self.values[range])
    }

    /// The matrix with rows and columns exchanged.
    pub fn transpose(&self) -> Self {
        let offsets = offsets(self.indices.iter().copied(), self.columns);
        let mut next = offsets.clone();
        let mut indices = vec![0; self.indices.len()];
        let mut values = vec![0.0; self.values.len()];
        for row in 0..self.rows() {
            let (columns, row_values) = self.row(row);
            for (&column, &value) in columns.iter().zip(row_values) {
                let at = next[column as usize] as usize;
                indices[at] = row as u32;
                values[at] = value;
                next[column as usize] += 1;
            }
        }
        Self { columns: self.rows(), offsets, indices, values }
    }

    /// Sets every value to ln(rows / occurrences of its column) and gives each row the length 1. Rows of
    /// zeros stay.
    pub fn weigh_by_rarity(&mut self) {
        let mut occurrences = vec![0u32; self.columns];
        self.indices.iter().for_each(|&column| occurrences[column as usize] += 1);
        let rows = self.rows();
        for (value, &column) in self.values.iter_mut().zip(&self.indices) {
            *value = (rows as f64 / f64::from(occurrences[column as usize])).ln() as f32;
        }
        for row in 0..rows {
            let range = self.range(row);
            let values = &mut self.values[range];
            let square: f64 = values.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
            if square > 0.0 {
                let scale = square.sqrt().recip() as f32;
                values.iter_mut().for_each(|value| *value *= scale);
            }
        }
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }
}

fn offsets(ids: impl Iterator<Item = u32>, len: usize) -> Vec<u64> {
    let mut offsets = vec![0; len + 1];
    ids.for_each(|id| offsets[id as usize + 1] += 1);
    for row in 0..len {
        offsets[row + 1] += offsets[row];
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_twice_gives_the_matrix() {
        let matrix = Csr::from_edges(&[(0, 2), (0, 4), (2, 0), (2, 4)], 3, 5);
        let transposed = matrix.transpose();
        assert_eq!(transposed.offsets, [0, 1, 1, 2, 2, 4]);
        assert_eq!(transposed.indices, [2, 0, 0, 2]);
        assert_eq!(transposed.transpose(), matrix);
    }

    #[test]
    fn rare_columns_weigh_more_and_rows_have_length_one() {
        let mut matrix = Csr::from_edges(&[(0, 0), (0, 1), (1, 1), (2, 2), (3, 1)], 4, 3);
        matrix.weigh_by_rarity();
        let (rare, common) = (4f32.ln(), (4f32 / 3.0).ln());
        let length = rare.hypot(common);
        let expected = [rare / length, common / length, 1.0, 1.0, 1.0];
        assert!(matrix.values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{:?}", matrix.values);
    }

    #[test]
    fn a_column_in_every_row_weighs_nothing() {
        let mut matrix = Csr::from_edges(&[(0, 0), (1, 0)], 2, 1);
        matrix.weigh_by_rarity();
        assert_eq!(matrix.values, [0.0, 0.0]);
    }
}
