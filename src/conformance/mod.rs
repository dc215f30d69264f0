//! Every kernel of the registry, on every tier of this machine, against scalar code that follows the words of
//! its order of operations (bit for bit) and against f64 (within a stated error).
//!
//! The registry stamps one test for each kernel, which calls the function of the kernel's name here: a kernel
//! without one does not compile. The arrays lie at every misalignment, amid canaries, and at the end of a page.

mod aggregate;
mod area;
mod convert;
mod csr;
mod dense;
mod feedback;
mod fit;
mod index;
mod logistic;
mod logistic_rows;
mod math;
mod optim;
mod order;
mod product;
mod score;
mod score_rows;
mod sparse;
mod stored;
mod threshold;
mod threshold_search;
mod uncertainty;

use crate::simd::CANONICAL_NAN;
use crate::simd::dispatch::{Isa, Kernels, kernels_for, kernels_without_dots};
use crate::simd::math::Function;
use crate::simd::registry::for_each_kernel;
use std::ops::RangeInclusive;

macro_rules! stamp_tests {
    ([] $($path:path: $name:ident($($arg:ident: $ty:ty),*) $(-> $ret:ty)?;)*) => {
        /// One test for each kernel.
        mod kernel {
            $(
                #[test]
                fn $name() {
                    super::checks::$name();
                }
            )*
        }
    };
}
for_each_kernel!(stamp_tests []);

/// The check of each kernel, under the kernel's name.
mod checks {
    pub(super) use super::aggregate::{aggregate_rows, edge_dots};
    pub(super) use super::convert::{convert, dequantize, quantize, row_norms};
    pub(super) use super::csr::{csr_accumulate, csr_finish, csr_margins};
    pub(super) use super::dense::{activate, activate_backward, pack_transposed, product, weight_gradient};
    pub(super) use super::feedback::logistic_feedback;
    pub(super) use super::fit::{fit_add, fit_divide, fit_dot};
    pub(super) use super::index::{index_pack, index_scan, index_scan_bytes, index_score_rows};
    pub(super) use super::logistic::{logistic_pointwise, two_part_add};
    pub(super) use super::logistic_rows::{logistic_accumulate, logistic_margins};
    pub(super) use super::math::map;
    pub(super) use super::optim::{adagrad, adam};
    pub(super) use super::order::add;
    pub(super) use super::product::logistic_product;
    pub(super) use super::score::{edge_loss, score_masks, softmax_row};
    pub(super) use super::score_rows::{score_pairs, score_pairs_int8};
    pub(super) use super::sparse::{sparse_learn, sparse_predict, sparse_weights};
    pub(super) use super::threshold::{
        threshold_bits, threshold_cells, threshold_count, threshold_fixed, threshold_flags, threshold_values,
    };
    pub(super) use super::threshold_search::{max_plus, max_plus_wide};
    pub(super) use super::uncertainty::{
        threshold_beta, threshold_entropy, threshold_moments, threshold_poisson,
    };
}

/// Lengths up to four vectors and one more.
const SHORT: RangeInclusive<usize> = 0..=65;

/// Lengths around and beyond a panel and the four accumulators.
const LONG: [usize; 5] = [127, 128, 130, 200, 257];

/// All lengths to test.
fn lengths() -> impl Iterator<Item = usize> {
    SHORT.chain(LONG)
}

/// The tiers that this machine has, portable first; AVX-512 with and without what only some CPUs add to it.
fn tiers() -> impl Iterator<Item = &'static Kernels> {
    Isa::ALL.into_iter().filter_map(kernels_for).chain(kernels_without_dots())
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Refuses the first value whose bits differ.
#[track_caller]
fn assert_bits(got: &[f32], want: &[f32], what: impl std::fmt::Debug) {
    assert_eq!(got.len(), want.len(), "{what:?}");
    if let Some(at) = (0..got.len()).find(|&i| got[i].to_bits() != want[i].to_bits()) {
        let (got, want) = (got[at], want[at]);
        panic!("{what:?}: at {at} {got:e} ({:08x}), not {want:e} ({:08x})", got.to_bits(), want.to_bits());
    }
}

/// Refuses a result further than `relative * scale` from the exact value, where both are finite.
#[track_caller]
fn assert_near(got: f32, exact: f64, scale: f64, relative: f64, what: impl std::fmt::Debug) {
    if exact.abs() + scale < 1e37 {
        let error = (f64::from(got) - exact).abs();
        assert!(error <= relative * scale + 1e-44, "{what:?}: {got:e} for {exact:e}, scale {scale:e}");
    }
}

/// What is stored of a result.
fn canonical(v: f32) -> f32 {
    if v.is_nan() { CANONICAL_NAN } else { v }
}

/// A function of the library at one value, by the portable tier.
fn function(function: Function, x: f32) -> f32 {
    let mut out = [0.0];
    kernels_for(Isa::Portable).unwrap().map(function, &[x], &mut out);
    out[0]
}

/// Lane sums as `LANES16` words them: (a0 + a1) + (a2 + a3), then 8, 4, 2 and 1 lanes apart.
fn fold(lanes: [[f32; 16]; 4]) -> f32 {
    let mut sum: Vec<f32> =
        (0..16).map(|l| (lanes[0][l] + lanes[1][l]) + (lanes[2][l] + lanes[3][l])).collect();
    while sum.len() > 1 {
        let apart = sum.len() / 2;
        sum = (0..apart).map(|l| sum[l] + sum[l + apart]).collect();
    }
    sum[0]
}

/// A dot product in the words of `LANES16`.
fn lanes16_dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [[0.0f32; 16]; 4];
    for j in 0..a.len().next_multiple_of(16) {
        let lane = &mut lanes[j / 16 % 4][j % 16];
        *lane = a.get(j).unwrap_or(&0.0).mul_add(*b.get(j).unwrap_or(&0.0), *lane);
    }
    canonical(fold(lanes))
}

/// A sum in the words of `LANES16`.
fn lanes16_sum(a: &[f32]) -> f32 {
    let mut lanes = [[0.0f32; 16]; 4];
    for j in 0..a.len().next_multiple_of(16) {
        lanes[j / 16 % 4][j % 16] += a.get(j).unwrap_or(&0.0);
    }
    fold(lanes)
}

/// The fixed tree, level by level: neighbours are added in pairs, an odd one goes up as it is.
fn tree(mut leaves: Vec<f32>) -> f32 {
    while leaves.len() > 1 {
        leaves = leaves.chunks(2).map(|pair| pair.iter().copied().reduce(|a, b| a + b).unwrap()).collect();
    }
    leaves.first().copied().unwrap_or(0.0)
}
