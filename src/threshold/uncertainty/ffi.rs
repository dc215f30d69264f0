//! C entry points of uncertainty inputs.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Variance, beta, entropy, moments};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Memory, check_len, flag, matrix_names};
use crate::ffi::views::avocet_matrix;

/// Mean and variance over each row of `scores`, n x m: the scores of an ensemble of m models. `sample` 0 gives the mean of
/// the squared deviations (divided by m), 1 the unbiased estimate (divided by m - 1).
///
/// Shapes: `mean` and `variance` hold n values; `variance` may be NULL.
///
/// Order, f32: with `c` the first score and `d = x - c` of each column in turn, `a = a + d` and `b = fma(d, d, b)`, both
/// from 0; mean `c + a / m`; variance `fma(a / m, -a, b) / m` (or m - 1), 0 if that is below. The variance is within
/// `(m + 4) * 2^-22` of the exact one, relatively, unless squares underflow or overflow. NaN and infinities give NaN; NaN
/// results are canonical. A row stands alone. Threads: rows are shared among the pool's threads; nothing is allocated.
/// Time: one pass.
///
/// Errors, before anything is touched: INVALID_ARGUMENT (no column, or one only with `variance` and `sample` 1; flag, type,
/// alignment), SHAPE_MISMATCH (`stride`), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_uncertainty_moments(
    scores: *const avocet_matrix,
    sample: i32,
    mean: *mut f32,
    variance: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let scores = memory.matrix(scores, matrix_names!("scores"))?;
            let kind = if flag(sample, c"sample")? { Variance::Sample } else { Variance::Population };
            let mean = memory.write(mean, scores.rows(), c"mean")?;
            let variance = memory.write_optional(variance, scores.rows(), c"variance")?;
            moments(scores, mean, variance.map(|out| (kind, out)), threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![scores, sample, mean, variance, pool], call) }
}

/// Mean and differential entropy of Beta(A, B) for each row, in nats:
/// `ln B(A, B) - (A - 1) psi(A) - (B - 1) psi(B) + (A + B - 2) psi(A + B)`.
///
/// Shapes: all arrays hold `rows` values; `mean` and `entropy` may be NULL. A and B are in (0, 1e8]. Computed in f64
/// without cancellation and rounded once to f32: within 5e-7 of the exact entropy where that is above -8, else within a
/// relative 2^-23; minus infinity where it is below f32. Order: a row stands alone; additions, products and quotients in
/// one order on every machine. Threads: rows are shared among the pool's threads; nothing is allocated. Time: some 15 ns a
/// row.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (the first A or B out of range, with its position and value; the outputs are
/// unspecified then); before anything is touched INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_uncertainty_beta(
    a: *const f32,
    b: *const f32,
    rows: usize,
    mean: *mut f32,
    entropy: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<f32>(rows, c"rows")?;
            let a = memory.read(a, rows, c"a")?;
            let b = memory.read(b, rows, c"b")?;
            let mean = memory.write_optional(mean, rows, c"mean")?;
            let entropy = memory.write_optional(entropy, rows, c"entropy")?;
            beta(a, b, mean, entropy, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![a, b, rows, mean, entropy, pool], call) }
}

/// Entropy of a probability for each row, in nats: `-p ln p - (1 - p) ln(1 - p)`, 0 at 0 and 1.
///
/// Shapes: both arrays hold `rows` values. Order: the logarithms of `avocet_map` (of p, and log1p of -p):
/// `0 - fma(1 - p, log1p(-p), p ln p)`; within 4 ULP. Threads: rows are shared among the pool's threads; nothing is
/// allocated. Time: one pass.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (the first value that is not in [0, 1], with its position and value; `out` is
/// unspecified then); before anything is touched INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_uncertainty_entropy(
    probabilities: *const f32,
    rows: usize,
    out: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<f32>(rows, c"rows")?;
            let probabilities = memory.read(probabilities, rows, c"probabilities")?;
            entropy(probabilities, memory.write(out, rows, c"out")?, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![probabilities, rows, out, pool], call) }
}
