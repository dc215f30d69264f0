//! How good scores are: ranking and calibration, exact and weighted, shared by the families that learn and decide.

mod binned;
pub(crate) mod ffi;

pub use binned::{Area, CurvePoint, Grain, binned_auc, binned_average_precision, binned_curve};

use crate::error::{Error, Status, check_size};
use crate::parts::merge_parts;
use crate::simd::dispatch::kernels;
use crate::simd::math::Function;
use crate::simd::order::{EXAMPLE_LEAF, fold_with};

/// How well scores rank positives above negatives: see [`ranking`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
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
/// `labels` are in [0, 1]; a row counts `weight * label` as positive and `weight * (1 - label)` as negative; weights are
/// finite and not negative, ones if absent. Figures are NaN where there are no positives or, for the AUC, no negatives.
///
/// Order: f64, from the greatest score to the least, rows of equal scores in their own order. Allocates 8 bytes a row.
/// Time: sorting the rows; on the calling thread. The figures of parts of the rows cannot be merged: every positive is
/// compared with every negative, so that all scores must be in one call.
///
/// Errors: lengths that differ, a NaN score, a label or weight out of range, with position and value.
pub fn ranking(scores: &[f32], labels: &[f32], weights: Option<&[f32]>) -> Result<Ranking, Error> {
    check_rows(scores.len(), labels, weights)?;
    if let Some(at) = scores.iter().position(|score| score.is_nan()) {
        return Err(Error::new(Status::NotFinite, c"scores").at(at).real(f64::NAN));
    }
    if scores.len() > u32::MAX as usize {
        return Err(Error::new(Status::SizeOverflow, c"scores").size(scores.len()));
    }
    let mut order: Vec<u64> = Vec::new();
    let out_of_memory = |_| Error::new(Status::OutOfMemory, c"scores").size(scores.len());
    order.try_reserve_exact(scores.len()).map_err(out_of_memory)?;
    order.extend(scores.iter().enumerate().map(|(at, &score)| descending(score) << 32 | at as u64));
    order.sort_unstable();

    let (mut above, mut below) = (0.0, 0.0);
    // Pairs won, and areas in units of recall times the positives' weight.
    let (mut won, mut trapezoid, mut steps) = (0.0, 0.0, 0.0);
    let mut precision_before = 1.0;
    for tied in order.chunk_by(|a, b| a >> 32 == b >> 32) {
        let (mut positives, mut negatives) = (0.0, 0.0);
        for row in tied {
            let at = *row as u32 as usize;
            let (weight, label) = (weights.map_or(1.0, |w| f64::from(w[at])), f64::from(labels[at]));
            positives += weight * label;
            negatives += weight * (1.0 - label);
        }
        won += negatives * (above + positives / 2.0);
        above += positives;
        below += negatives;
        if above + below > 0.0 {
            let precision = above / (above + below);
            trapezoid += positives * (precision + precision_before) / 2.0;
            steps += positives * precision;
            precision_before = precision;
        }
    }
    Ok(Ranking {
        positives: above,
        negatives: below,
        auc: won / (above * below),
        pr_auc: trapezoid / above,
        average_precision: steps / above,
    })
}

/// A number that grows as a score falls, equal for -0 and +0.
fn descending(score: f32) -> u64 {
    let bits = (score + 0.0).to_bits();
    let ascending = if bits >> 31 == 0 { bits | 1 << 31 } else { !bits };
    u64::from(!ascending)
}

/// Refuses labels and weights of another length or out of range.
fn check_rows(rows: usize, labels: &[f32], weights: Option<&[f32]>) -> Result<(), Error> {
    check_size(labels.len(), rows, c"labels")?;
    check_size(weights.map_or(rows, <[f32]>::len), rows, c"weights")?;
    crate::logistic::Targets::Labels { labels, weights }
        .first_bad(false, [c"labels", c"weights"])
        .map_or(Ok(()), Err)
}

/// Sums from which log loss and calibration follow: see [`calibration`]. [`merge_calibration`] adds those of several parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Calibration {
    /// The sum of the weights.
    pub weight: f64,
    /// The sum of the weighted log losses, in nats.
    pub loss: f64,
    /// The sum of the weighted predictions.
    pub predicted: f64,
    /// The sum of the weighted labels.
    pub observed: f64,
}

impl Calibration {
    /// The mean log loss; NaN without weight.
    pub fn log_loss(&self) -> f64 {
        self.loss / self.weight
    }

    /// Predicted over observed: above 1 if the model promises too much; infinite or NaN without positives.
    pub fn ratio(&self) -> f64 {
        self.predicted / self.observed
    }

    /// The sums of both, each added to the other's: for figures, whose last bits do not matter, in any order.
    pub fn merge(&self, other: &Calibration) -> Calibration {
        Calibration {
            weight: self.weight + other.weight,
            loss: self.loss + other.loss,
            predicted: self.predicted + other.predicted,
            observed: self.observed + other.observed,
        }
    }
}

/// The sums over all rows from those over parts of them, with the bits of one call of [`calibration`] over all rows. (Added
/// in any other order they differ by the rounding of f64 only.)
///
/// `parts` are numbers of rows and what [`calibration`] gave for them, in the order of the rows, from row 0 on; they may be
/// without rows. Which parts can be merged, and the order: as [`crate::logistic::merge()`]. On the calling thread; nothing is
/// allocated.
///
/// Errors: those of [`crate::logistic::merge()`] about `rows`.
pub fn merge_calibration(parts: &[(usize, Calibration)]) -> Result<Calibration, Error> {
    merge_calibration_by(parts.len(), |at| parts[at].0, |at| parts[at].1)
}

/// [`merge_calibration`] of `count` parts of which functions give rows and sums.
fn merge_calibration_by(
    count: usize,
    rows: impl Fn(usize) -> usize,
    sums: impl Fn(usize) -> Calibration,
) -> Result<Calibration, Error> {
    merge_parts(count, rows, sums, |left, right| left.merge(&right)).map(Option::unwrap_or_default)
}

/// Log loss and calibration of probabilities.
///
/// `labels` and `weights` as in [`ranking`]; probabilities are in [0, 1]. The loss of a row is
/// `-weight * (label ln p + (1 - label) ln(1 - p))`, where a factor of 0 hides an infinite logarithm.
///
/// Order: the library's own logarithms in f32 (of p, and log1p of -p); their sums in f64, in leaves of 1024 rows in their
/// order, by the fixed tree. On the calling thread; nothing is
/// allocated. Time: linear.
///
/// Errors: lengths that differ, a probability, label or weight out of range, with position and value.
pub fn calibration(
    probabilities: &[f32],
    labels: &[f32],
    weights: Option<&[f32]>,
) -> Result<Calibration, Error> {
    check_rows(probabilities.len(), labels, weights)?;
    if let Some(at) = probabilities.iter().position(|p| !(0.0..=1.0).contains(p)) {
        let p = probabilities[at];
        let status = if p.is_nan() { Status::NotFinite } else { Status::InvalidArgument };
        return Err(Error::new(status, c"probabilities").at(at).real(p.into()));
    }
    let kernels = kernels();
    let term = |factor: f64, log: f32| if factor == 0.0 { 0.0 } else { factor * f64::from(log) };
    let leaf = |number: usize| {
        let first = number * EXAMPLE_LEAF;
        let p = &probabilities[first..probabilities.len().min(first + EXAMPLE_LEAF)];
        let ([mut log, mut log_rest], mut rest) = ([[0.0; EXAMPLE_LEAF]; 2], [0.0; EXAMPLE_LEAF]);
        for (rest, p) in rest.iter_mut().zip(p) {
            *rest = -p;
        }
        kernels.map(Function::Log, p, &mut log[..p.len()]);
        kernels.map(Function::Log1p, &rest[..p.len()], &mut log_rest[..p.len()]);
        let mut sums = [0.0; 4];
        for (i, &p) in p.iter().enumerate() {
            let (p, label) = (f64::from(p), f64::from(labels[first + i]));
            let weight = weights.map_or(1.0, |w| f64::from(w[first + i]));
            sums[0] += weight;
            sums[1] -= term(weight * label, log[i]) + term(weight * (1.0 - label), log_rest[i]);
            sums[2] += weight * p;
            sums[3] += weight * label;
        }
        sums
    };
    let leaves = probabilities.len().div_ceil(EXAMPLE_LEAF);
    let [weight, loss, predicted, observed] = fold_with(0..leaves, &leaf);
    Ok(Calibration { weight, loss, predicted, observed })
}
