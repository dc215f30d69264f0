//! C entry points of bootstrap intervals.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Bootstrap, Figure, Interval, bootstrap_decisions, bootstrap_figure};
use crate::error::Error;
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Growing, Memory, handle, load_options, one_of};
use crate::threshold::ffi::avocet_grid;
use crate::threshold::rows::ffi::{avocet_threshold_rows, load_rows, named};
use std::ffi::CStr;

/// The area under the ROC curve, rows of a bin tied: see `avocet_binned_auc`.
pub const AVOCET_FIGURE_AUC: i32 = 0;
/// Average precision, rows of a bin tied: see `avocet_binned_average_precision`.
pub const AVOCET_FIGURE_AVERAGE_PRECISION: i32 = 1;

/// Options of a bootstrap. NULL, or zeros, are the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_bootstrap_options {
    /// `sizeof(avocet_bootstrap_options)`.
    pub struct_size: usize,
    /// Chooses the random weights.
    pub seed: u64,
    /// How often the rows are drawn, 1 to 1000000; by default 200.
    pub replicates: usize,
    /// The share of replicates within an interval, in (0, 1); by default .95.
    pub confidence: f64,
}

// SAFETY: no padding (4 * 8 bytes); numbers only.
unsafe impl Growing for avocet_bootstrap_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

impl avocet_bootstrap_options {
    /// The options, with defaults filled in.
    fn filled(&self) -> Bootstrap {
        let usual = Bootstrap::new(self.seed);
        Bootstrap {
            replicates: if self.replicates == 0 { usual.replicates } else { self.replicates },
            confidence: if self.confidence == 0.0 { usual.confidence } else { self.confidence },
            ..usual
        }
    }
}

/// A figure and where chance can move it. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_interval {
    /// The figure of the rows themselves.
    pub value: f64,
    /// The value of rank `floor((1 - confidence) / 2 * count)` from below of the replicates in which the figure is a
    /// number.
    pub low: f64,
    /// The value of the same rank from above.
    pub high: f64,
    /// Replicates in which the figure is a number.
    pub count: u64,
}

impl From<Interval> for avocet_interval {
    fn from(Interval { value, low, high, count }: Interval) -> avocet_interval {
        avocet_interval { value, low, high, count }
    }
}

/// Recall and precision of thresholds, as `avocet_threshold_decide` applies them, with percentile intervals (Efron and
/// Tibshirani, "An introduction to the bootstrap", 1993, 13.3): in each replicate a row counts as often as a Poisson
/// variate of mean one says (Oza and Russell, AISTATS 2001), which stands in for drawing as many rows as there are.
///
/// The variate is a function of seed, replicate and row: Philox4x32-10 with the seed as key and the counter (row,
/// replicate div 4, 0), whose word `replicate mod 4` is compared with the distribution function in units of 2^-32. All
/// sums are integers: the same intervals with any pool. Shapes: `thresholds` holds a score for each level; `rows` has no
/// segments; rows that count apart are never selected. `recall` and `precision` take one interval each.
///
/// Threads: replicates are shared among the pool's threads. Allocates 8 bytes a row. Time: some 2 ns a row and replicate.
///
/// Errors, before anything is touched: NOT_FINITE (a threshold or value that is NaN, weights, `confidence`; with
/// position), INVALID_ARGUMENT (a label that is none, a weight out of range, with position and value; `replicates`,
/// `confidence`, segments, type, `missing`, reserved, alignment), SIZE_OVERFLOW (`rows`; weights whose sum reaches 2^40),
/// NULL_POINTER, STRUCT_SIZE, OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_bootstrap(
    grid: *const avocet_grid,
    thresholds: *const f32,
    rows: *const avocet_threshold_rows,
    options: *const avocet_bootstrap_options,
    recall: *mut avocet_interval,
    precision: *mut avocet_interval,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<8>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let grid = &handle(grid, c"grid")?.0;
            let thresholds = memory.read(thresholds, grid.levels(), c"thresholds")?;
            let (rows, missing) = load_rows(&mut memory, rows, false)?;
            let options = load_options(options, c"options")?.filled();
            let recall = memory.write_one(recall, c"recall")?;
            let precision = memory.write_one(precision, c"precision")?;
            let pool = threads(pool)?;
            let found = bootstrap_decisions(grid, thresholds, rows, missing, options, pool).map_err(named)?;
            (*recall, *precision) = (found[0].into(), found[1].into());
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, thresholds, rows, options, recall, precision, pool], call) }
}

/// A figure of the score bins of rows, `AVOCET_FIGURE_*`, with its interval: as `avocet_threshold_bootstrap`, but rows that
/// count apart do not count at all.
///
/// Errors, before `out` is touched: those of `avocet_threshold_bootstrap` but for thresholds: NOT_FINITE, INVALID_ARGUMENT
/// (also `figure`, and `grid`: each level has its own score edges), SIZE_OVERFLOW, NULL_POINTER, STRUCT_SIZE, OVERLAP,
/// OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_binned_bootstrap(
    grid: *const avocet_grid,
    figure: i32,
    rows: *const avocet_threshold_rows,
    options: *const avocet_bootstrap_options,
    out: *mut avocet_interval,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<6>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let grid = &handle(grid, c"grid")?.0;
            let known = [
                (AVOCET_FIGURE_AUC, Figure::Auc),
                (AVOCET_FIGURE_AVERAGE_PRECISION, Figure::AveragePrecision),
            ];
            let figure = one_of(&known, figure, c"figure")?;
            let (rows, missing) = load_rows(&mut memory, rows, false)?;
            let options = load_options(options, c"options")?.filled();
            let out = memory.write_one(out, c"out")?;
            let pool = threads(pool)?;
            let found: Result<Interval, Error> = bootstrap_figure(grid, figure, rows, missing, options, pool);
            *out = found.map_err(named)?.into();
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, figure, rows, options, out, pool], call) }
}
