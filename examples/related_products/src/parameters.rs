//! The model's parameters in one array, so that one optimiser step covers all.

use std::ops::Range;

use avocet::{Matrix, MatrixMut};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// The weight matrices of a layer, each `dim x dim`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Of a node's own source row.
    Source,
    /// Of a node's own target row.
    Target,
    /// Of the counterpart's rows along a relation (by its number): shared by source and target rows.
    Across(usize),
    /// Of the like rows against a context relation (by its number): shared likewise.
    Along(usize),
}

/// How many parameters there are.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Embedding width.
    pub dim: usize,
    /// Rows of the token table.
    pub tokens: usize,
    /// Layers.
    pub layers: usize,
    /// Relations, of which all but the first are context.
    pub relations: usize,
    /// Whether source and target rows share their own weights.
    pub symmetric: bool,
}

/// Shape and values of all parameters: the token table, the layers' matrices and the logarithm of the
/// temperature.
#[derive(Clone, Debug)]
pub struct Parameters {
    shape: Shape,
    /// The values: token table, layers, temperature.
    pub values: Vec<f32>,
}

impl Parameters {
    /// Zeros of a shape.
    pub fn zeros(shape: Shape) -> Self {
        let mut zeros = Self { shape, values: Vec::new() };
        zeros.values = vec![0.0; zeros.temperature_at() + 1];
        zeros
    }

    /// Parameters as they start: tokens N(0, 1/dim), own matrices near the identity, the others near 0.3 of it,
    /// temperature 10.
    pub fn initial(shape: Shape, seed: u64) -> Self {
        let mut initial = Self::zeros(shape);
        let Shape { dim, layers, .. } = shape;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut normal = |deviation: f32| {
            let value: f32 = StandardNormal.sample(&mut random);
            deviation * value
        };
        let unit = 1.0 / (dim as f32).sqrt();
        let table = initial.table_range();
        initial.values[table].iter_mut().for_each(|value| *value = normal(unit));
        for layer in 0..layers {
            for weight in initial.weights() {
                let diagonal = if matches!(weight, Weight::Source | Weight::Target) { 1.0 } else { 0.3 };
                let range = initial.range(layer, weight);
                for (at, value) in initial.values[range].iter_mut().enumerate() {
                    *value = normal(0.1 * unit) + if at % (dim + 1) == 0 { diagonal } else { 0.0 };
                }
            }
        }
        let at = initial.temperature_at();
        initial.values[at] = 10f32.ln();
        initial
    }

    /// The weights of a layer, in the order of their values.
    fn weights(&self) -> Vec<Weight> {
        let own = [Weight::Source, Weight::Target].into_iter();
        own.chain((0..self.shape.relations).map(Weight::Across))
            .chain((1..self.shape.relations).map(Weight::Along))
            .collect()
    }

    fn table_range(&self) -> Range<usize> {
        0..self.shape.tokens * self.shape.dim
    }

    fn range(&self, layer: usize, weight: Weight) -> Range<usize> {
        let within = match weight {
            Weight::Source => 0,
            Weight::Target => 1,
            Weight::Across(relation) => 2 + relation,
            Weight::Along(relation) => 1 + self.shape.relations + relation,
        };
        let size = self.shape.dim * self.shape.dim;
        let start =
            self.shape.tokens * self.shape.dim + (layer * (1 + 2 * self.shape.relations) + within) * size;
        start..start + size
    }

    fn temperature_at(&self) -> usize {
        self.shape.tokens * self.shape.dim
            + self.shape.layers * (1 + 2 * self.shape.relations) * self.shape.dim * self.shape.dim
    }

    /// The weights of a node's own target row.
    pub fn own_target(&self) -> Weight {
        if self.shape.symmetric { Weight::Source } else { Weight::Target }
    }

    /// For a gradient: moves what belongs to the target rows' own weights to where they are, if they are shared.
    pub fn tie(&mut self) {
        for layer in (0..self.shape.layers).filter(|_| self.shape.symmetric) {
            let (to, from) = (self.range(layer, Weight::Source), self.range(layer, Weight::Target));
            for (to, from) in to.zip(from) {
                self.values[to] += std::mem::take(&mut self.values[from]);
            }
        }
    }

    /// The token table, `tokens x dim`.
    pub fn table(&self) -> Matrix<'_> {
        Matrix::new(&self.values[self.table_range()], self.shape.tokens, self.shape.dim)
            .expect("the shape is its own")
    }

    /// The token table, to write.
    pub fn table_mut(&mut self) -> MatrixMut<'_> {
        let range = self.table_range();
        MatrixMut::new(&mut self.values[range], self.shape.tokens, self.shape.dim)
            .expect("the shape is its own")
    }

    /// A weight matrix.
    pub fn weight(&self, layer: usize, weight: Weight) -> Matrix<'_> {
        let range = self.range(layer, weight);
        Matrix::new(&self.values[range], self.shape.dim, self.shape.dim).expect("the shape is its own")
    }

    /// The weight matrices of a layer in the order of their values: own, across, along.
    pub fn layer_mut(&mut self, layer: usize) -> Vec<MatrixMut<'_>> {
        let start = self.range(layer, Weight::Source).start;
        let size = self.shape.dim * self.shape.dim;
        let values = &mut self.values[start..start + (1 + 2 * self.shape.relations) * size];
        let matrix =
            |values| MatrixMut::new(values, self.shape.dim, self.shape.dim).expect("the shape is its own");
        values.chunks_exact_mut(size).map(matrix).collect()
    }

    /// The factor from dots to logits.
    pub fn temperature(&self) -> f32 {
        self.values[self.temperature_at()].exp()
    }

    /// The logarithm of the temperature.
    pub fn log_temperature_mut(&mut self) -> &mut f32 {
        let at = self.temperature_at();
        &mut self.values[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_the_values_once() {
        let shape = Shape { dim: 3, tokens: 5, layers: 2, relations: 3, symmetric: false };
        let parameters = Parameters::zeros(shape);
        let mut covered = parameters.table_range().end;
        for layer in 0..2 {
            for weight in parameters.weights() {
                let range = parameters.range(layer, weight);
                assert_eq!(range.start, covered);
                covered = range.end;
            }
        }
        assert_eq!(covered, parameters.temperature_at());
        assert_eq!(covered + 1, parameters.values.len());
    }

    #[test]
    fn the_start_is_near_the_identity() {
        let shape = Shape { dim: 8, tokens: 4, layers: 1, relations: 2, symmetric: false };
        let initial = Parameters::initial(shape, 0);
        assert!((initial.temperature() - 10.0).abs() < 1e-4);
        assert!((initial.weight(0, Weight::Source).row(3)[3] - 1.0).abs() < 0.2);
        assert!((initial.weight(0, Weight::Along(1)).row(3)[3] - 0.3).abs() < 0.2);
        assert!(initial.weight(0, Weight::Along(1)).row(3)[4].abs() < 0.2);
    }
}
