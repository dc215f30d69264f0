//! Sums over parts of the rows, merged: the bits of one call over all rows, for any split at leaves.

mod common;

use avocet::logistic::{
    BatchOut, BatchRows, BatchSums, Features, MAX_PARTS, Part, Pointwise, Product, Targets, aligned_parts,
    batch, merge, pointwise,
};
use avocet::metrics::{Calibration, calibration, merge_calibration};
use avocet::{Error, Matrix, Status, Value, Workspace};
use common::Random;
use proptest::prelude::*;
use std::ops::Range;

const LEAF: usize = 1024;

/// Rows of regression, and what is asked of them.
struct Data {
    d: usize,
    x: Vec<f32>,
    weights: Vec<f32>,
    along: Vec<f32>,
    labels: Vec<f32>,
}

impl Data {
    fn new(seed: u64, n: usize, d: usize) -> Data {
        let mut random = Random::new(seed);
        let labels = (0..n).map(|_| random.below(2) as f32).collect();
        Data { d, x: random.values(n * d), weights: random.values(d), along: random.values(d), labels }
    }

    /// The sums of a range of rows, and gradient, curvature and product side by side.
    fn run(&self, rows: Range<usize>) -> (BatchSums, Vec<f32>) {
        let d = self.d;
        let (mut vectors, n) = (vec![f32::NAN; 3 * d], rows.len());
        let (gradient, rest) = vectors.split_at_mut(d);
        let (curvature, product) = rest.split_at_mut(d);
        let x = Matrix::new(&self.x[rows.start * d..rows.end * d], n, d).unwrap();
        let x = BatchRows {
            features: Features::Dense(x.into()),
            offsets: None,
            weights: &self.weights,
            intercept: 0.25,
        };
        let targets = Targets::Labels { labels: &self.labels[rows], weights: None };
        let sums = Workspace::new()
            .fit(|workspace| {
                let product = Product { along: &self.along, along_intercept: 0.5, out: &mut *product };
                let out = BatchOut {
                    margins: None,
                    gradient: Some(&mut *gradient),
                    curvature: Some(&mut *curvature),
                    product: Some(product),
                };
                batch(x, Some(targets), false, out, None, workspace)
            })
            .unwrap();
        (sums, vectors)
    }

    /// What parts of so many rows each give, merged.
    fn merged(&self, sizes: &[usize]) -> Result<(BatchSums, Vec<f32>), Error> {
        let (mut first, mut parts, mut vectors) = (0, Vec::new(), Vec::new());
        for &rows in sizes {
            let (sums, own) = self.run(first..first + rows);
            first += rows;
            parts.push(Part { rows, sums });
            vectors.extend(own);
        }
        let mut out = vec![f32::NAN; 3 * self.d];
        let vectors = Matrix::new(&vectors, sizes.len(), 3 * self.d).unwrap();
        let sums = merge(&parts, Some(vectors), Some(&mut out))?;
        assert_eq!(bits(&(merge(&parts, None, None)?, vec![])), bits(&(sums, vec![])));
        Ok((sums, out))
    }
}

fn bits((sums, vectors): &(BatchSums, Vec<f32>)) -> ([u64; 4], Vec<u32>) {
    let sums = [sums.loss, sums.gradient, sums.curvature, sums.product].map(f64::to_bits);
    (sums, vectors.iter().map(|v| v.to_bits()).collect())
}

/// The pieces of workers whose ranges end at these leaves, with parts without rows among them.
fn pieces(n: usize, ends: &[usize]) -> Vec<usize> {
    let mut ends: Vec<usize> = ends.iter().map(|&end| (end * LEAF).min(n / LEAF * LEAF)).collect();
    ends.push(n);
    ends.sort_unstable();
    let (mut first, mut sizes) = (0, Vec::new());
    for end in ends {
        let before = sizes.len();
        sizes.extend(aligned_parts(first, end - first).unwrap());
        assert_eq!(sizes[before..].iter().sum::<usize>(), end - first);
        sizes.push(0);
        first = end;
    }
    sizes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any number of rows, any workers, pieces by `aligned_parts`; several blocks of columns.
    #[test]
    fn any_split_gives_the_bits_of_one_call(
        n in 0usize..30_000, d in 0usize..30, seed: u64, ends in prop::collection::vec(0usize..30, 0..8),
    ) {
        let data = Data::new(seed, n, d);
        let whole = data.run(0..n);
        prop_assert_eq!(bits(&data.merged(&pieces(n, &ends)).unwrap()), bits(&whole));
        // Equal blocks.
        let block = LEAF << (seed % 4);
        let blocks: Vec<usize> = (0..n).step_by(block).map(|at| block.min(n - at)).collect();
        prop_assert_eq!(bits(&data.merged(&blocks).unwrap()), bits(&whole));
    }

    /// Each piece is aligned, complete but for the end of the data, and there are no more than there must be.
    #[test]
    fn pieces_are_aligned(first in 0usize..1 << 20, rows in 0usize..1 << 30) {
        let (mut at, mut sizes) = (first * LEAF, vec![]);
        let end = at + rows;
        for size in aligned_parts(at, rows).unwrap() {
            let leaves = size.div_ceil(LEAF);
            prop_assert!(leaves.is_power_of_two() && at % (leaves * LEAF) == 0);
            at += size;
            prop_assert!(size % LEAF == 0 || at == end);
            sizes.push(leaves);
        }
        prop_assert_eq!(at, end);
        prop_assert!(sizes.len() <= MAX_PARTS);
        // No two neighbours could be one.
        let mut at = first;
        for pair in sizes.windows(2) {
            prop_assert!(pair[0] != pair[1] || at % (2 * pair[0]) != 0);
            at += pair[0];
        }
    }

    /// Calibration, with the same parts.
    #[test]
    fn calibration_merges(n in 0usize..20_000, seed: u64, ends in prop::collection::vec(0usize..20, 0..6)) {
        let mut random = Random::new(seed);
        let p: Vec<f32> = (0..n).map(|_| random.unit() as f32).collect();
        let labels: Vec<f32> = (0..n).map(|_| random.below(2) as f32).collect();
        let weights: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
        let part = |rows: Range<usize>| {
            calibration(&p[rows.clone()], &labels[rows.clone()], Some(&weights[rows])).unwrap()
        };
        let mut first = 0;
        let parts: Vec<(usize, Calibration)> = pieces(n, &ends).into_iter().map(|rows| {
            first += rows;
            (rows, part(first - rows..first))
        }).collect();
        let bits = |c: Calibration| [c.weight, c.loss, c.predicted, c.observed].map(f64::to_bits);
        prop_assert_eq!(bits(merge_calibration(&parts).unwrap()), bits(part(0..n)));
    }
}

/// The sum of the pointwise losses stands as `loss`.
#[test]
fn pointwise_sums_merge() {
    let mut random = Random::new(61);
    let n = 9_500;
    let x: Vec<f32> = random.values(n).into_iter().map(|v| v * 20.0).collect();
    let labels: Vec<f32> = (0..n).map(|_| random.below(2) as f32).collect();
    let loss = |rows: Range<usize>| {
        let mut sum = f64::NAN;
        let targets = Targets::Labels { labels: &labels[rows.clone()], weights: None };
        let mut call = |space: &mut Workspace| {
            let out = Pointwise { sum: Some(&mut sum), ..Pointwise::default() };
            pointwise(&x[rows.clone()], targets, false, out, None, space)
        };
        Workspace::new().fit(&mut call).unwrap();
        sum
    };
    let mut first = 0;
    let parts: Vec<Part> = pieces(n, &[3, 7])
        .into_iter()
        .map(|rows| {
            first += rows;
            Part { rows, sums: BatchSums { loss: loss(first - rows..first), ..BatchSums::default() } }
        })
        .collect();
    assert_eq!(merge(&parts, None, None).unwrap().loss.to_bits(), loss(0..n).to_bits());
}

/// What has no sum by the tree is refused, with the part at fault.
#[test]
fn refusals() {
    let refused = |sizes: &[usize]| {
        let parts: Vec<Part> = sizes.iter().map(|&rows| Part { rows, ..Part::default() }).collect();
        let error = merge(&parts, None, None).unwrap_err();
        assert_eq!(error.argument, c"rows");
        (error.status, error.position, error.value)
    };
    let bad = |at: u64, rows: usize| (Status::InvalidArgument, at, Value::Integer(rows as i64));
    // Beyond a split, misaligned, and within a leaf.
    assert_eq!(refused(&[3 * LEAF, LEAF]), bad(0, 3 * LEAF));
    assert_eq!(refused(&[LEAF, 2 * LEAF]), bad(1, 2 * LEAF));
    assert_eq!(refused(&[LEAF, 2 * LEAF, LEAF]), bad(1, 2 * LEAF));
    assert_eq!(refused(&[4 * LEAF, 0, LEAF, 2 * LEAF, LEAF]), bad(3, 2 * LEAF));
    assert_eq!(refused(&[LEAF, 1000, 0, 24]), bad(1, 1000));
    assert_eq!(refused(&[LEAF, 1, LEAF]), bad(1, 1));
    let most = usize::MAX / LEAF * LEAF;
    assert_eq!(refused(&[LEAF, most]).0, Status::SizeOverflow);
    assert_eq!(refused(&[LEAF, most]).1, 1);
    let error = merge_calibration(&[(3 * LEAF, Calibration::default()), (1, Calibration::default())]);
    assert_eq!(error.unwrap_err().argument, c"rows");

    let parts = [Part { rows: LEAF, ..Part::default() }; 2];
    let values = [1.0; 6];
    let vectors = |rows: usize| Some(Matrix::new(&values[..rows * 2], rows, 2).unwrap());
    let error = |vectors, out: Option<&mut [f32]>| {
        let error = merge(&parts, vectors, out).unwrap_err();
        (error.status, error.argument)
    };
    assert_eq!(error(vectors(3), Some(&mut [0.0; 2])), (Status::ShapeMismatch, c"vectors.rows"));
    assert_eq!(error(vectors(2), Some(&mut [0.0; 3])), (Status::ShapeMismatch, c"vector"));
    assert_eq!(error(vectors(2), None), (Status::NullPointer, c"vector"));
    assert_eq!(error(None, Some(&mut [0.0; 2])), (Status::NullPointer, c"vectors"));

    let refused = |first, rows| {
        let error = aligned_parts(first, rows).unwrap_err();
        (error.status, error.argument)
    };
    assert_eq!(refused(1000, 1), (Status::InvalidArgument, c"first_row"));
    assert_eq!(refused(LEAF, usize::MAX), (Status::SizeOverflow, c"rows"));
}

#[test]
fn corners() {
    assert_eq!(merge(&[], None, None), Ok(BatchSums::default()));
    let empty = [Part { rows: 0, sums: BatchSums { loss: f64::NAN, ..BatchSums::default() } }; 2];
    let mut out = [f32::NAN; 2];
    let nan = [f32::NAN; 4];
    assert_eq!(
        merge(&empty, Some(Matrix::new(&nan, 2, 2).unwrap()), Some(&mut out)),
        Ok(BatchSums::default())
    );
    assert_eq!(out, [0.0; 2]);
    // The longest cut there is.
    let first = LEAF;
    let pieces: Vec<usize> = aligned_parts(first, usize::MAX - first).unwrap().collect();
    assert!(pieces.len() <= MAX_PARTS && pieces.iter().sum::<usize>() == usize::MAX - first, "{pieces:?}");
    assert_eq!(aligned_parts(0, usize::MAX).unwrap().collect::<Vec<usize>>(), [usize::MAX]);
    // Parts that never were: sums alone are added in the order of the tree.
    let part = |rows: usize, loss: f64| Part { rows, sums: BatchSums { loss, ..BatchSums::default() } };
    let parts = [part(1 << 40, 1e16), part(LEAF, 1.0), part(LEAF, 1.0), part(0, f64::NAN), part(5, -1e16)];
    assert_eq!(merge(&parts, None, None).unwrap().loss, 1e16 + (2.0 + -1e16));
}
