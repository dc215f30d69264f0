//! Curves and areas from binned scores: what the bins hide is bounded exactly.

pub(crate) mod ffi;

use crate::error::{Error, check_size};
use std::ops::Range;

/// What a threshold at the lower edge of a bin selects: that bin and all above it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct CurvePoint {
    /// Positives selected, in the unit of the bins.
    pub true_positives: u64,
    /// Negatives selected.
    pub false_positives: u64,
    /// True positives over all positives; NaN without positives.
    pub recall: f64,
    /// True positives over all that is selected; NaN where nothing is.
    pub precision: f64,
    /// False positives over all negatives; NaN without negatives.
    pub false_positive_rate: f64,
}

/// An area, and how far the order of rows within bins, which is lost, can move it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Area {
    /// The least over all orders within bins.
    pub lower: f64,
    /// With the rows of a bin tied.
    pub tied: f64,
    /// The greatest over all orders within bins, ties among them.
    pub upper: f64,
}

/// What bins hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Grain {
    /// Rows, each of weight one.
    Rows = 0,
    /// Weights of any rows, however small each.
    Weights = 1,
}

/// The points of the precision-recall and the ROC curve: point b is what bins from b on hold; the last one, of nothing.
///
/// `positive` and `negative` have one value for each bin, ascending in score; `points` has one more. Sums are exact, quotients
/// rounded once from them in f64. On the calling thread; nothing is allocated. Time: linear.
///
/// Errors, before anything is written: sizes that do not fit, sums beyond 64 bits
/// ([`crate::Status::SizeOverflow`]).
pub fn binned_curve(positive: &[u64], negative: &[u64], points: &mut [CurvePoint]) -> Result<(), Error> {
    let [all_positive, all_negative] = totals(positive, negative)?;
    check_size(points.len(), positive.len() + 1, c"points")?;
    let (mut tp, mut fp) = (0, 0);
    for bin in (0..points.len()).rev() {
        // The last point comes first, and has no bin.
        if let (Some(p), Some(n)) = (positive.get(bin), negative.get(bin)) {
            (tp, fp) = (tp + p, fp + n);
        }
        points[bin] = CurvePoint {
            true_positives: tp,
            false_positives: fp,
            recall: over(tp.into(), all_positive.into()),
            precision: over(tp.into(), u128::from(tp) + u128::from(fp)),
            false_positive_rate: over(fp.into(), all_negative.into()),
        };
    }
    Ok(())
}

/// The area under the ROC curve: the probability that a positive is above a negative, ties counting half. Bounds: all pairs
/// within bins lost, or won. NaN where there are no positives or no negatives.
///
/// Sums are exact, in 192 bits; each figure is rounded from them in f64 within 3 ULP. On the calling thread; nothing is
/// allocated. Time: linear.
///
/// Errors: as [`binned_curve`].
pub fn binned_auc(positive: &[u64], negative: &[u64]) -> Result<Area, Error> {
    let [all_positive, all_negative] = totals(positive, negative)?;
    let (mut above, mut won, mut within) = (0, 0u128, 0u128);
    for (&p, &n) in positive.iter().zip(negative).rev() {
        // Below the product of the totals, which is below 2^128.
        won += u128::from(n) * u128::from(above);
        within += u128::from(n) * u128::from(p);
        above += p;
    }
    let pairs = all_positive as f64 * all_negative as f64;
    let area = |won: u128, half: u128| (won as f64 + half as f64 / 2.0) / pairs;
    Ok(Area { lower: area(won, 0), tied: area(won, within), upper: area(won + within, 0) })
}

/// Average precision: the sum over positives, from the greatest score down, of the precision at their score, over the positives.
/// Bounds: within bins, negatives first; or positives first, tied. The upper bound is reached by such scores; the lower one is,
/// where the grain is rows, and is its limit for ever smaller weights otherwise. NaN without positives.
///
/// Order: f64, from the greatest bin down; within 1e-9 of exact sums. On the calling thread; nothing is allocated. Time:
/// linear.
///
/// Errors: as [`binned_curve`].
pub fn binned_average_precision(positive: &[u64], negative: &[u64], grain: Grain) -> Result<Area, Error> {
    let [all_positive, _] = totals(positive, negative)?;
    let (mut tp, mut fp) = (0.0, 0.0);
    let mut sums = [0.0; 3];
    for (&p, &n) in positive.iter().zip(negative).rev() {
        let (positives, negatives) = (p as f64, n as f64);
        let before = tp + fp;
        if p > 0 {
            // Precision at each: the selected less the false ones, over the selected.
            let first = before + negatives;
            let reciprocals = match grain {
                Grain::Rows => harmonic(first, p),
                Grain::Weights if first > 0.0 => log_ratio(first, positives),
                // No negatives above either: nothing is lost.
                Grain::Weights => 0.0,
            };
            sums[0] += positives - (fp + negatives) * reciprocals;
            sums[1] += positives * ((tp + positives) / (first + positives));
            sums[2] += positives * ((tp + positives) / (before + positives));
        }
        tp += positives;
        fp += negatives;
    }
    let [lower, tied, upper] = sums.map(|sum| sum / all_positive as f64);
    // Rounding may have crossed them where all are one.
    Ok(Area { lower: lower.min(tied), tied, upper: upper.max(tied) })
}

/// Sums of both, if their lengths agree and the sums fit.
fn totals(positive: &[u64], negative: &[u64]) -> Result<[u64; 2], Error> {
    check_size(negative.len(), positive.len(), c"negative")?;
    let total = |counts: &[u64], name| {
        let sum = counts.iter().try_fold(0u64, |sum, &count| sum.checked_add(count));
        sum.ok_or(Error::new(crate::error::Status::SizeOverflow, name))
    };
    Ok([total(positive, c"positive")?, total(negative, c"negative")?])
}

fn over(part: u128, whole: u128) -> f64 {
    part as f64 / whole as f64
}

/// `1 / (first + 1) + ... + 1 / (first + count)`.
fn harmonic(first: f64, count: u64) -> f64 {
    // Where the series below is exact to 1e-14.
    const DIRECT: f64 = 40.0;
    let direct: Range<u64> = 0..if first < DIRECT { count.min(DIRECT as u64) } else { 0 };
    let mut sum = 0.0;
    for i in direct.clone() {
        sum += 1.0 / (first + (i + 1) as f64);
    }
    let (from, left) = (first + direct.end as f64, (count - direct.end) as f64);
    if left == 0.0 {
        return sum;
    }
    // Euler and Maclaurin's formula between `from` and `to`.
    let to = from + left;
    let rest = |x: f64| {
        let z = 1.0 / (x * x);
        (0.5 - (1.0 / 12.0 - z * (1.0 / 120.0 - z / 252.0)) / x) / x
    };
    sum + log_ratio(from, left) + (rest(to) - rest(from))
}

/// `ln((from + more) / from)` for positive `from`, by an atanh series after halvings: the standard library's logarithm is not the
/// same everywhere.
fn log_ratio(from: f64, more: f64) -> f64 {
    let mut halvings = 0.0;
    let mut scale = 1.0;
    // The ratio to between 2/3 and 4/3.
    while (from + more) * scale > from * (4.0 / 3.0) {
        scale *= 0.5;
        halvings += 1.0;
    }
    let (a, b) =
        (if halvings == 0.0 { more } else { (from + more) * scale - from }, (from + more) * scale + from);
    let f = a / b;
    let z = f * f;
    let mut series = 0.0;
    let mut odd = 25.0;
    while odd > 0.0 {
        series = series * z + 1.0 / odd;
        odd -= 2.0;
    }
    halvings * std::f64::consts::LN_2 + 2.0 * f * series
}
