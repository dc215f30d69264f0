//! Neighbour rows.

use super::area::{Area, PLACES, Place};
use super::{assert_bits, assert_near, canonical, lanes16_dot, lengths, tiers, tree};
use crate::aggregate::kernel::{Coefficients, Edges};
use crate::simd::order::EDGE_LEAF;
use crate::test_support::Random;

/// Some graph rows, features and coefficients.
struct Case {
    offsets: Vec<usize>,
    indices: Vec<u32>,
    sources: usize,
    d: usize,
    x: Vec<f32>,
    /// What `out` holds before.
    out: Vec<f32>,
    weights: Vec<f32>,
    edge_ids: Vec<u32>,
    source_scale: Vec<f32>,
    row_scale: Vec<f32>,
}

impl Case {
    /// Rows of the given numbers of edges after two rows that are not at hand.
    fn new(random: &mut Random, degrees: &[usize], d: usize, wild: bool) -> Case {
        let sources = 9;
        let mut offsets = vec![0, 3, 5];
        offsets.extend(degrees.iter().scan(5, |end, degree| {
            *end += degree;
            Some(*end)
        }));
        let edges = offsets[offsets.len() - 1];
        let mut values = |len| if wild { random.wild(len) } else { random.values(len) };
        let (x, out) = (values(sources * d), values(degrees.len() * d));
        let (mut weights, source_scale) = (values(edges), values(sources));
        let mut row_scale = values(degrees.len());
        weights[edges / 2] = 0.0;
        // A row without edges must not be scaled.
        if let Some(empty) = degrees.iter().position(|&degree| degree == 0) {
            row_scale[empty] = f32::INFINITY;
        }
        let indices = (0..edges).map(|_| random.below(sources) as u32).collect();
        // A permutation: 7,919 is a prime beyond every number of edges here.
        let edge_ids = (0..edges).map(|e| ((e + 1) * 7_919 % edges) as u32).collect();
        Case { offsets, indices, sources, d, x, out, weights, edge_ids, source_scale, row_scale }
    }

    /// One of the 32 ways to set the options.
    fn coefficients(&self, variant: usize) -> Coefficients<'_> {
        let on = |bit: usize| variant >> bit & 1 == 1;
        Coefficients {
            mean: on(0),
            accumulate: on(1),
            weights: on(2).then_some(&self.weights[..]),
            edge_ids: on(2).then_some(&self.edge_ids[..]).filter(|_| on(3)),
            source_scale: on(3).then_some(&self.source_scale[..]),
            row_scale: on(4).then_some(&self.row_scale[..]),
        }
    }

    fn factor(&self, c: Coefficients<'_>, edge: usize) -> f32 {
        let weight =
            c.weights.map_or(1.0, |weights| weights[c.edge_ids.map_or(edge, |ids| ids[edge] as usize)]);
        weight * c.source_scale.map_or(1.0, |scale| scale[self.indices[edge] as usize])
    }

    /// The words: chains of 512 edges, the fixed tree, the mean, the row's scale, the addition.
    fn specified(&self, c: Coefficients<'_>) -> Vec<f32> {
        let mut out = self.out.clone();
        for (at, out) in out.iter_mut().enumerate() {
            let (row, column) = (at / self.d, at % self.d);
            let edges: Vec<usize> = (self.offsets[row + 2]..self.offsets[row + 3]).collect();
            if edges.is_empty() {
                *out = if c.accumulate { *out } else { 0.0 };
                continue;
            }
            let chain = |edges: &[usize]| {
                edges.iter().fold(0.0f32, |sum, &edge| {
                    let x = self.x[self.indices[edge] as usize * self.d + column];
                    self.factor(c, edge).mul_add(x, sum)
                })
            };
            let mut sum = tree(edges.chunks(EDGE_LEAF).map(chain).collect());
            if c.mean {
                sum /= edges.len() as f32;
            }
            if let Some(scale) = c.row_scale {
                sum *= scale[row];
            }
            *out = canonical(if c.accumulate { *out + sum } else { sum });
        }
        out
    }

    /// The result in f64, and the sum of the magnitudes that it is made of.
    fn exact(&self, c: Coefficients<'_>, row: usize, column: usize) -> (f64, f64) {
        let edges = self.offsets[row + 2]..self.offsets[row + 3];
        let mut scale = if c.mean { 1.0 / edges.len() as f64 } else { 1.0 };
        scale *= c.row_scale.map_or(1.0, |scale| f64::from(scale[row]));
        let before = if c.accumulate { f64::from(self.out[row * self.d + column]) } else { 0.0 };
        edges.fold((before, before.abs()), |(sum, magnitude), edge| {
            let x = f64::from(self.x[self.indices[edge] as usize * self.d + column]);
            let term = f64::from(self.factor(c, edge)) * x * scale;
            (sum + term, magnitude + term.abs())
        })
    }

    /// Runs every tier and compares.
    fn check(&self, variant: usize, place: Place, pad: usize, want: &[f32]) {
        let (c, rows, d) = (self.coefficients(variant), self.row_scale.len(), self.d);
        let edges = Edges { offsets: &self.offsets[2..], indices: &self.indices };
        for tier in tiers() {
            let x = Area::matrix(place, self.sources, d, d + pad, &self.x);
            let mut out = Area::matrix(place, rows, d, d + 2 * pad, &self.out);
            tier.aggregate_rows(edges, x.view(), c, out.view_mut());
            assert_bits(&out.rows(), want, (tier.isa(), d, variant, place));
            x.rows();
        }
    }
}

/// Within 2^-24 of the sum of magnitudes for each step of the longest chain (512, or the row) and of the tree.
pub(super) fn aggregate_rows() {
    let mut random = Random::new(4);
    for d in lengths() {
        for wild in [false, true] {
            let case = Case::new(&mut random, &[0, 1, 2, 5, 17, 0, 3], d, wild);
            for (at, place) in PLACES.into_iter().enumerate() {
                let variant = (7 * at + d) % 32;
                case.check(variant, place, at % 3, &case.specified(case.coefficients(variant)));
            }
        }
    }
    for edges in [511, 512, 513, 1024, 1025, 5 * 512 + 3] {
        for (d, wild) in [(1, false), (16, true), (33, false), (70, false)] {
            let case = Case::new(&mut random, &[edges, 0, edges % 100], d, wild);
            for variant in [0, 5, 12, 31] {
                let want = case.specified(case.coefficients(variant));
                case.check(variant, Place::End, 1, &want);
            }
        }
    }
    for variant in 0..32 {
        let case = Case::new(&mut random, &[1, 600, 2000, 40], 3, false);
        let c = case.coefficients(variant);
        for (at, &got) in case.specified(c).iter().enumerate() {
            let (exact, magnitude) = case.exact(c, at / 3, at % 3);
            assert_near(got, exact, magnitude, 530.0 / 16_777_216.0, (variant, at));
        }
    }
}

/// A sum starts at +0, and a row without edges is +0 whatever scales it.
#[test]
fn signs_of_empty_and_zero_sums() {
    let case = Case {
        offsets: vec![0, 0, 0, 0, 1],
        indices: vec![0],
        sources: 1,
        d: 2,
        x: vec![-0.0, 0.0],
        out: vec![-0.0; 4],
        weights: vec![-1.0],
        edge_ids: vec![0],
        source_scale: vec![1.0],
        row_scale: vec![-1.0, 1.0],
    };
    case.check(0b10100, Place::End, 0, &[0.0; 4]);
    case.check(0b00010, Place::End, 0, &[-0.0, -0.0, 0.0, 0.0]);
}

/// Exactly `LANES16` for each edge; within 2^-24 of the sum of magnitudes for each step of a lane and of the fold.
pub(super) fn edge_dots() {
    let mut random = Random::new(5);
    for d in lengths() {
        for wild in [false, true] {
            let case = Case::new(&mut random, &[0, 1, 4, 0, 9], d, wild);
            let left = if wild { random.wild(5 * d) } else { random.values(5 * d) };
            let (edges, mut want) = (&case.indices[5..], Vec::new());
            for row in 0..5 {
                for &source in &case.indices[case.offsets[row + 2]..case.offsets[row + 3]] {
                    let (a, b) = (&left[row * d..][..d], &case.x[source as usize * d..][..d]);
                    let value = lanes16_dot(a, b);
                    if !wild {
                        let terms = || a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b));
                        let steps = (d.div_ceil(64) + 6) as f64;
                        let scale = terms().map(f64::abs).sum();
                        assert_near(value, terms().sum(), scale, steps / 16_777_216.0, d);
                    }
                    want.push(value);
                }
            }
            for (at, place) in PLACES.into_iter().enumerate() {
                for tier in tiers() {
                    let left = Area::matrix(place, 5, d, d + at % 2, &left);
                    let right =
                        Area::matrix(PLACES[(at + 3) % PLACES.len()], case.sources, d, d + at % 3, &case.x);
                    let mut out = Area::new(place, &vec![0.0; edges.len()]);
                    let rows = Edges { offsets: &case.offsets[2..], indices: &case.indices };
                    tier.edge_dots(rows, left.view(), right.view(), out.get_mut());
                    assert_bits(&out.rows(), &want, (tier.isa(), d, place));
                    left.rows();
                    right.rows();
                }
            }
        }
    }
}
