//! Every kernel, listed once. From the list come the stamped wrappers of each tier, the dispatch table
//! ([`Kernels`]) and the conformance tests: `src/conformance` must have a function of each kernel's name.
//!
//! To add a kernel: write it generic over [`super::Simd`] in its family's `kernel.rs`, add a line here, and
//! write its conformance test.

use super::dispatch::Isa;
use crate::aggregate::kernel::{Coefficients, Edges};
use crate::dense::kernel::{Epilogue, Start, Term};
use crate::logistic::csr::fixed::Scale;
use crate::logistic::csr::kernel::{Factors, Shift};
use crate::logistic::kernel::{FeedbackRows, Linear, PointOut, PointSum, RowSums, RunningSum};
use crate::logistic::product::kernel::ProductOut;
use crate::logistic::sparse::kernel::{Coordinate, RowsIn, Rule, Scratch, State};
use crate::logistic::{Scheme, Targets};
use crate::optim::kernel::{AdagradStep, AdamStep};
use crate::score::index::kernel::bytes::BytesIn;
use crate::score::index::kernel::{Scan, Visit};
use crate::score::kernel::{Masks, Panel, Rate, SoftmaxRow, SoftmaxSums};
use crate::score::{EdgeTerm, Int8, Metric};
use crate::simd::math::Function;
use crate::simd::{LANES, Lanes};
use crate::threshold::GROUP;
use crate::threshold::kernel::{BLOCK, GridIn, RuleIn};
use crate::view::{AnyMatrix, AnyMatrixMut, Matrix, MatrixMut};
use std::ops::Range;

/// Calls `$callback! { [$extra] path: name(arguments) -> result; ... }` with the list of kernels.
macro_rules! for_each_kernel {
    ($callback:ident [$($extra:tt)*]) => {
        $callback! { [$($extra)*]
            crate::simd::math::map_kernel: map(function: Function, x: &[f32], out: &mut [f32]);
            crate::simd::order::add_kernel: add(left: &mut [f32], right: &[f32]);
            crate::aggregate::kernel::rows:
                aggregate_rows(edges: Edges<'_>, x: Matrix<'_>, c: Coefficients<'_>, out: MatrixMut<'_>);
            crate::aggregate::kernel::edge_dots:
                edge_dots(edges: Edges<'_>, left: Matrix<'_>, right: Matrix<'_>, out: &mut [f32]);
            crate::dense::kernel::pack_transposed: pack_transposed(w: Matrix<'_>, packed: &mut [f32]);
            crate::dense::kernel::product:
                product(terms: &[Term<'_>], start: Start, out: MatrixMut<'_>);
            crate::dense::kernel::weight_gradient:
                weight_gradient(x: Matrix<'_>, dz: Matrix<'_>, start: Start, out: MatrixMut<'_>);
            crate::dense::kernel::activate:
                activate(epilogue: Epilogue, rows: MatrixMut<'_>, norms: &mut [f32]);
            crate::dense::kernel::activate_backward:
                activate_backward(epilogue: Epilogue, y: Matrix<'_>, norms: &[f32], dy: Matrix<'_>, dz: MatrixMut<'_>);
            crate::convert::kernel::convert: convert(x: AnyMatrix<'_>, out: AnyMatrixMut<'_>);
            crate::convert::kernel::quantize:
                quantize(x: AnyMatrix<'_>, least: f32, one: bool, out: MatrixMut<'_, i8>, scales: &mut [f32]) -> bool;
            crate::convert::kernel::dequantize:
                dequantize(x: Matrix<'_, i8>, scales: &[f32], out: MatrixMut<'_>);
            crate::convert::kernel::norms: row_norms(x: AnyMatrix<'_>, out: &mut [f32]);
            crate::score::rows::kernel::pairs:
                score_pairs(left: AnyMatrix<'_>, right: AnyMatrix<'_>, metric: Metric, u: &[u32], v: &[u32],
                    out: &mut [f32]);
            crate::score::rows::kernel::pairs_int8:
                score_pairs_int8(left: Int8<'_>, right: Int8<'_>, metric: Metric, u: &[u32], v: &[u32],
                    out: &mut [f32]);
            crate::score::kernel::masks: score_masks(scores: &Panel, limit: f32) -> Masks;
            crate::score::index::kernel::pack: index_pack(words: Matrix<'_>, ahead: &[f32], panel: &mut [Lanes]);
            crate::score::index::kernel::scan: index_scan(scan: Scan<'_>, limits: &mut [f32], visit: &mut dyn Visit);
            crate::score::index::kernel::bytes::scan:
                index_scan_bytes(scan: BytesIn<'_>, limits: &mut [f32], visit: &mut dyn Visit);
            crate::score::index::kernel::score_rows:
                index_score_rows(query: &[f32], rows: &[&[f32]; LANES], out: &mut Lanes);
            crate::score::kernel::edge_loss:
                edge_loss(term: EdgeTerm, dots: &mut [f32], weights: Option<&[f32]>, losses: &mut [f32]);
            crate::score::kernel::softmax_row:
                softmax_row(row: SoftmaxRow<'_>, dots: &mut [f32], gradient: &mut [f32], rates: &mut [Rate])
                    -> SoftmaxSums;
            crate::logistic::kernel::pointwise:
                logistic_pointwise(logits: &[f32], targets: Targets<'_>, signed: bool, want_sum: bool, out: PointOut<'_>)
                    -> PointSum;
            crate::logistic::product::kernel::product:
                logistic_product(first: &[f32], second: &[f32], targets: Targets<'_>, signed: bool, want_sum: bool,
                    out: ProductOut<'_>) -> PointSum;
            crate::logistic::kernel::two_part_add: two_part_add(values: &[f32], to: &mut RunningSum);
            crate::logistic::kernel::margins:
                logistic_margins(x: AnyMatrix<'_>, model: Linear<'_>, out: &mut [f32], second: Option<(Linear<'_>, &mut [f32])>);
            crate::logistic::kernel::accumulate:
                logistic_accumulate(x: AnyMatrix<'_>, sums: RowSums<'_>);
            crate::logistic::kernel::feedback:
                logistic_feedback(scheme: Scheme, rows: FeedbackRows<'_>, a: &mut [f32], b: &mut [f32]) -> bool;
            crate::logistic::csr::kernel::margins:
                csr_margins(all: RowsIn<'_>, rows: Range<usize>, weights: &[f32], shift: Shift<'_>, out: &mut [f32]);
            crate::logistic::csr::kernel::accumulate:
                csr_accumulate(all: RowsIn<'_>, rows: Range<usize>, vectors: &[Factors<'_>], width: usize,
                    records: &mut [i64]);
            crate::logistic::csr::kernel::finish: csr_finish(sums: &[i64], scale: Scale, out: &mut [f32]);
            crate::logistic::fit::kernel::dot: fit_dot(a: &[f32], b: &[f32]) -> f64;
            crate::logistic::fit::kernel::add: fit_add(scale: f32, x: &[f32], y: &mut [f32]);
            crate::logistic::fit::kernel::divide: fit_divide(scale: f32, x: &[f32], y: &mut [f32]);
            crate::logistic::sparse::kernel::learn:
                sparse_learn(rule: Rule, state: State<'_>, all: RowsIn<'_>, rows: Range<usize>, targets: Targets<'_>,
                    logits: &mut [f32], scratch: Scratch<'_>) -> bool;
            crate::logistic::sparse::kernel::predict:
                sparse_predict(rule: Rule, coordinates: &[Coordinate], intercept: Option<Coordinate>, all: RowsIn<'_>,
                    rows: Range<usize>, logits: &mut [f32]);
            crate::logistic::sparse::kernel::weights:
                sparse_weights(rule: Rule, coordinates: &[Coordinate], free: bool, out: &mut [f32]);
            crate::optim::kernel::adam:
                adam(step: AdamStep, p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]);
            crate::optim::kernel::adagrad: adagrad(step: AdagradStep, p: &mut [f32], g: &[f32], sum: &mut [f32]);
            crate::threshold::search::kernel::max_plus: max_plus(before: &[i32], gains: &[i32], out: &mut [i32]);
            crate::threshold::search::kernel::max_plus_wide:
                max_plus_wide(before: &[i64], gains: &[i64], out: &mut [i64]);
            crate::threshold::kernel::cells:
                threshold_cells(grid: GridIn<'_>, scores: &[f32], uncertainties: &[f32], out: &mut [u32]) -> bool;
            crate::threshold::kernel::flags:
                threshold_flags(rule: RuleIn<'_>, scores: &[f32], uncertainties: &[f32], out: &mut [u8]);
            crate::threshold::kernel::bits:
                threshold_bits(rule: RuleIn<'_>, scores: &[f32], uncertainties: &[f32], out: &mut [u64]);
            crate::threshold::kernel::values:
                threshold_values(grid: GridIn<'_>, values: &[f32], scores: &[f32], uncertainties: &[f32], out: &mut [f32]);
            crate::threshold::posterior::moments:
                threshold_moments(x: Matrix<'_>, divisor: f32, mean: &mut [f32], variance: Option<&mut [f32]>);
            crate::threshold::posterior::entropy: threshold_entropy(p: &[f32], out: &mut [f32]) -> bool;
            crate::threshold::posterior::beta:
                threshold_beta(a: &[f32], b: &[f32], mean: Option<&mut [f32]>, entropy: Option<&mut [f32]>) -> bool;
            crate::threshold::kernel::poisson:
                threshold_poisson(seed: u64, group: u32, first: u64, out: &mut [[u8; BLOCK]; GROUP]);
            crate::threshold::kernel::count:
                threshold_count(classes: &[u32], weights: &[u32], ahead: [&[f32]; 3], packed: &mut [u64]);
            crate::threshold::kernel::fixed: threshold_fixed(weights: &[f32], out: &mut [u32]) -> Option<u64>;
        }
    };
}
#[cfg(test)]
pub(crate) use for_each_kernel;

macro_rules! define_table {
    ([] $($path:path: $name:ident($($arg:ident: $ty:ty),*) $(-> $ret:ty)?;)*) => {
        /// The stamped kernels of one tier. A reference to it is proof that the CPU has the tier.
        pub(crate) struct Kernels {
            isa: Isa,
            dots: bool,
            $($name: unsafe fn($($ty),*) $(-> $ret)?,)*
        }

        impl Kernels {
            /// The tier.
            pub(crate) fn isa(&self) -> Isa {
                self.isa
            }

            /// Whether the CPU has instructions for dots of bf16 and of bytes, beside those of the tier.
            pub(crate) fn dots(&self) -> bool {
                self.dots
            }
            $(
                #[inline]
                pub(crate) fn $name(&self, $($arg: $ty),*) $(-> $ret)? {
                    // SAFETY: tables are handed out only for tiers that the CPU has (`table`).
                    unsafe { (self.$name)($($arg),*) }
                }
            )*
        }
    };
}
for_each_kernel!(define_table []);

macro_rules! stamp {
    ([$token:path, $isa:path, $attribute:tt] $($path:path: $name:ident($($arg:ident: $ty:ty),*) $(-> $ret:ty)?;)*) => {
        $(
            # $attribute
            unsafe fn $name($($arg: $ty),*) $(-> $ret)? {
                // SAFETY: whoever calls this wrapper has checked for the features that it enables.
                let tier = unsafe { <$token>::assume() };
                $path(tier, $($arg),*)
            }
        )*
        pub(super) const KERNELS: Kernels = Kernels { isa: $isa, dots: false, $($name),* };
        pub(super) static TABLE: Kernels = KERNELS;
    };
}

mod portable {
    use super::*;
    for_each_kernel!(stamp [crate::simd::portable::Portable, Isa::Portable, [inline]]);
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::*;
    for_each_kernel!(stamp [crate::simd::avx2::Avx2, Isa::Avx2, [target_feature(enable = "avx2,fma,f16c")]]);
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use super::*;
    for_each_kernel!(stamp [
        crate::simd::avx512::Avx512<false>,
        Isa::Avx512,
        [target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512cd")]
    ]);
}

/// The AVX-512 tier on a CPU with VNNI and BF16: the kernels that use them, and the others of the tier.
#[cfg(target_arch = "x86_64")]
mod avx512_dots {
    #![allow(dead_code)]
    use super::*;
    for_each_kernel!(stamp [
        crate::simd::avx512::Avx512<true>,
        Isa::Avx512,
        [target_feature(
            enable = "avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vnni,avx512bf16"
        )]
    ]);
    pub(super) static WITH_DOTS: Kernels =
        Kernels { dots: true, index_scan, index_scan_bytes, ..super::avx512::KERNELS };
}

/// The table of a tier.
///
/// # Safety
/// The machine must have the tier ([`Isa::detected`]).
pub(super) unsafe fn table(isa: Isa) -> &'static Kernels {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 if super::dispatch::has_dots() => &avx512_dots::WITH_DOTS,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => &avx512::TABLE,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => &avx2::TABLE,
        _ => &portable::TABLE,
    }
}

/// The table of the AVX-512 tier as CPUs without VNNI and BF16 have it.
///
/// # Safety
/// The machine must have the tier.
#[cfg(all(test, target_arch = "x86_64"))]
pub(super) unsafe fn without_dots() -> &'static Kernels {
    &avx512::TABLE
}
