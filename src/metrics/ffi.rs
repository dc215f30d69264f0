//! C entry points of the metrics.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Calibration, calibration, merge_calibration_by, ranking};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::memory::{Memory, check_len};

/// What `avocet_ranking` computes. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_ranking_result {
    /// The weight of the positives.
    pub positives: f64,
    /// The weight of the negatives.
    pub negatives: f64,
    /// The probability that a positive scores above a negative, ties counting half.
    pub auc: f64,
    /// The area under the precision-recall curve by the trapezoid rule, from (0, 1) on through every distinct score.
    pub pr_auc: f64,
    /// The same area by steps: the precision at each distinct score times what recall gains there.
    pub average_precision: f64,
}

/// AUC and both areas under the precision-recall curve, exact: rows of equal scores (-0 and +0 too) count as one step.
///
/// Shapes: all arrays hold `rows` f32. `labels` are in [0, 1]; a row counts `weight * label` as positive and
/// `weight * (1 - label)` as negative; `weights` are finite and at least 0, or NULL, which stands for ones. Figures are
/// NaN where there are no positives or, for the AUC, no negatives. Order: f64, from the greatest score to the least,
/// rows of equal scores in their own order. Allocates 8 bytes a row. Time: sorting the rows; on the calling thread. The
/// figures of parts of the rows cannot be merged: every positive is compared with every negative, so that all scores must
/// be in one call.
///
/// Errors, before `out` is touched: NOT_FINITE (a NaN score, label or weight, an infinite weight) and INVALID_ARGUMENT
/// (a label or weight out of range), each with position and value; INVALID_ARGUMENT (alignment), NULL_POINTER,
/// SIZE_OVERFLOW (`rows`; 2^32 rows or more), OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_ranking(
    scores: *const f32,
    labels: *const f32,
    weights: *const f32,
    rows: usize,
    out: *mut avocet_ranking_result,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<f32>(rows, c"rows")?;
            let scores = memory.read(scores, rows, c"scores")?;
            let labels = memory.read(labels, rows, c"labels")?;
            let weights = memory.read_optional(weights, rows, c"weights")?;
            let out = memory.write_one(out, c"out")?;
            let found = ranking(scores, labels, weights)?;
            *out = avocet_ranking_result {
                positives: found.positives,
                negatives: found.negatives,
                auc: found.auc,
                pr_auc: found.pr_auc,
                average_precision: found.average_precision,
            };
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![scores, labels, weights, rows, out], call) }
}

/// What `avocet_calibration` computes: `loss / weight` is the mean log loss, `predicted / observed` the calibration
/// ratio. `avocet_calibration_merge` adds those of several parts. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_calibration_result {
    /// The sum of the weights.
    pub weight: f64,
    /// The sum of the weighted log losses, in nats.
    pub loss: f64,
    /// The sum of the weighted predictions.
    pub predicted: f64,
    /// The sum of the weighted labels.
    pub observed: f64,
}

/// Log loss and calibration of probabilities: `out->loss` is the sum of
/// `-weight * (label ln p + (1 - label) ln(1 - p))`, where a factor of 0 hides an infinite logarithm.
///
/// Shapes: all arrays hold `rows` f32; `labels` and `weights` as in `avocet_ranking`, probabilities are in [0, 1]. Order:
/// the library's own logarithms in f32 (of p, and log1p of -p); their sums in f64, in leaves of 1024 rows in their
/// order, by the fixed tree. Allocates nothing. Time: linear; on the calling thread. Sums over parts of the rows: see
/// `avocet_logistic_parts` and `avocet_calibration_merge`.
///
/// Errors, before `out` is touched: NOT_FINITE (a NaN probability, label or weight, an infinite weight) and
/// INVALID_ARGUMENT (one out of range), each with position and value; INVALID_ARGUMENT (alignment), NULL_POINTER,
/// SIZE_OVERFLOW (`rows`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_calibration(
    probabilities: *const f32,
    labels: *const f32,
    weights: *const f32,
    rows: usize,
    out: *mut avocet_calibration_result,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<f32>(rows, c"rows")?;
            let probabilities = memory.read(probabilities, rows, c"probabilities")?;
            let labels = memory.read(labels, rows, c"labels")?;
            let weights = memory.read_optional(weights, rows, c"weights")?;
            let out = memory.write_one(out, c"out")?;
            let found = calibration(probabilities, labels, weights)?;
            *out = avocet_calibration_result {
                weight: found.weight,
                loss: found.loss,
                predicted: found.predicted,
                observed: found.observed,
            };
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![probabilities, labels, weights, rows, out], call) }
}

/// The sums over all rows from those over parts of them, with the bits of one call of `avocet_calibration` over all rows.
/// (Added in any other order they differ by the rounding of f64 only.)
///
/// Part i has `rows[i]` rows and gave `parts[i]`; parts are in the order of their rows, from row 0 on, and may be without
/// rows. Each must be a node of the tree over the leaves of all rows: the pieces of `avocet_logistic_parts`, or equal
/// blocks of `1024 * 2^k` rows, the last one shorter. Order: the fixed tree over the leaves of 1024 rows, from the parts
/// on; parts without rows are left out. Without any rows all sums are +0. On the calling thread; nothing is allocated.
/// Time: linear in `count`.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (`rows`: a part that is no node of the tree, or one but the last that
/// ends within a leaf of 1024 rows, with its position and its rows; alignment), SIZE_OVERFLOW (`count`; `rows`, with the
/// position from which on they are too many), NULL_POINTER, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_calibration_merge(
    rows: *const usize,
    parts: *const avocet_calibration_result,
    count: usize,
    out: *mut avocet_calibration_result,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<avocet_calibration_result>(count, c"count")?;
            let rows = memory.read(rows, count, c"rows")?;
            let parts = memory.read(parts, count, c"parts")?;
            let out = memory.write_one(out, c"out")?;
            let part = |at: usize| {
                let avocet_calibration_result { weight, loss, predicted, observed } = parts[at];
                Calibration { weight, loss, predicted, observed }
            };
            let Calibration { weight, loss, predicted, observed } =
                merge_calibration_by(count, |at| rows[at], part)?;
            *out = avocet_calibration_result { weight, loss, predicted, observed };
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rows, parts, count, out], call) }
}
