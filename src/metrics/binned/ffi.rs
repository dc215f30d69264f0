//! C entry points of curves and areas from bins.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Area, CurvePoint, Grain, binned_auc, binned_average_precision, binned_curve};
use crate::error::Error;
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::memory::{Memory, check_len, flag};

/// What a threshold at the lower edge of a bin selects: that bin and all above it. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_curve_point {
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

/// An area, and how far the order of rows within bins, which is lost, can move it. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_area {
    /// The least over all orders within bins.
    pub lower: f64,
    /// With the rows of a bin tied.
    pub tied: f64,
    /// The greatest over all orders within bins, ties among them.
    pub upper: f64,
}

impl From<Area> for avocet_area {
    fn from(Area { lower, tied, upper }: Area) -> avocet_area {
        avocet_area { lower, tied, upper }
    }
}

/// The positives and negatives of bins.
///
/// # Safety
/// As [`Memory::read`].
unsafe fn load<'a>(
    memory: &mut Memory<3>,
    positive: *const u64,
    negative: *const u64,
    bins: usize,
) -> Result<(&'a [u64], &'a [u64]), Error> {
    check_len::<CurvePoint>(bins.saturating_add(1), c"bins").map_err(|error| error.size(bins))?;
    // SAFETY: as this function.
    unsafe { Ok((memory.read(positive, bins, c"positive")?, memory.read(negative, bins, c"negative")?)) }
}

/// The points of the precision-recall and the ROC curve: `points[b]` is what bins from b on hold; the last one, of nothing.
///
/// Shapes: `positive` and `negative` hold `bins` values, ascending in score (`avocet_buckets_score_bins` gives them);
/// `points` holds one more. Order: sums are exact, quotients rounded once from them in f64. On the calling thread; nothing is
/// allocated. Time: linear.
///
/// Errors, before `points` is touched: SIZE_OVERFLOW (`bins`; sums beyond 64 bits), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_binned_curve(
    positive: *const u64,
    negative: *const u64,
    bins: usize,
    points: *mut avocet_curve_point,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments; both types of points have the same layout.
        unsafe {
            let (positive, negative) = load(&mut memory, positive, negative, bins)?;
            let points = memory.write(points.cast::<CurvePoint>(), bins + 1, c"points")?;
            binned_curve(positive, negative, points)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![positive, negative, bins, points], call) }
}

const _: () = {
    use std::mem::offset_of;
    assert!(size_of::<CurvePoint>() == size_of::<avocet_curve_point>());
    assert!(offset_of!(CurvePoint, false_positives) == offset_of!(avocet_curve_point, false_positives));
    assert!(offset_of!(CurvePoint, recall) == offset_of!(avocet_curve_point, recall));
    assert!(offset_of!(CurvePoint, precision) == offset_of!(avocet_curve_point, precision));
};

/// The area under the ROC curve: the probability that a positive is above a negative, ties counting half. Bounds: all pairs
/// within bins lost, or won. NaN where there are no positives or no negatives.
///
/// Shapes: both arrays hold `bins` values, ascending in score. Order: sums are exact, in 192 bits; each figure is rounded
/// from them in f64 within 3 ULP. On the calling thread; nothing is allocated. Time: linear.
///
/// Errors, before `out` is touched: SIZE_OVERFLOW (`bins`; sums beyond 64 bits), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_binned_auc(
    positive: *const u64,
    negative: *const u64,
    bins: usize,
    out: *mut avocet_area,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let (positive, negative) = load(&mut memory, positive, negative, bins)?;
            let out = memory.write_one(out, c"out")?;
            *out = binned_auc(positive, negative)?.into();
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![positive, negative, bins, out], call) }
}

/// Average precision: the sum over positives, from the greatest score down, of the precision at their score, over the
/// positives. Bounds: within bins, negatives first; or positives first, tied. The upper bound is reached by such scores; the
/// lower one is where the bins hold counts (`weights` 0), and is its limit for ever smaller weights otherwise (`weights` 1).
/// NaN without positives.
///
/// Shapes: both arrays hold `bins` values, ascending in score. Order: f64, from the greatest bin down; within 1e-9 of exact
/// sums. On the calling thread; nothing is allocated. Time: linear.
///
/// Errors, before `out` is touched: SIZE_OVERFLOW (`bins`; sums beyond 64 bits), INVALID_ARGUMENT (flag, alignment),
/// NULL_POINTER, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_binned_average_precision(
    positive: *const u64,
    negative: *const u64,
    bins: usize,
    weights: i32,
    out: *mut avocet_area,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let (positive, negative) = load(&mut memory, positive, negative, bins)?;
            let grain = if flag(weights, c"weights")? { Grain::Weights } else { Grain::Rows };
            let out = memory.write_one(out, c"out")?;
            *out = binned_average_precision(positive, negative, grain)?.into();
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![positive, negative, bins, weights, out], call) }
}
