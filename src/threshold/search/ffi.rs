//! C entry points of the search.

#![allow(unsafe_code, non_camel_case_types)]

use super::{
    Cells, Method, Objective, Options, Outcome, Ratio, Shape, Solution, Sums, Utility, frontier, search,
};
use crate::error::{Error, Status, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{
    Growing, Memory, check_len, flag, handle, handle_mut, load_growing, load_options, one_of,
};
use crate::threshold::bucket::ffi::{avocet_buckets, cells_of};
use crate::threshold::rows::ffi::{avocet_threshold_rows, load_rows, named};
use crate::threshold::{best_threshold, isotonic};
use std::ffi::CStr;

/// Recall `P / A` subject to precision `P / T >= r`. A safety margin is a greater r.
pub const AVOCET_OBJECTIVE_RECALL: i32 = 0;
/// Precision `P / T` of what passes (`T > 0`) subject to recall `P >= r A`.
pub const AVOCET_OBJECTIVE_PRECISION: i32 = 1;
/// `F = (1 + r) P / (T + r A)`, r being the square of beta, any ratio; 0 where that is 0/0.
pub const AVOCET_OBJECTIVE_F_BETA: i32 = 2;
/// The sum of the gains of all weight.
pub const AVOCET_OBJECTIVE_UTILITY: i32 = 3;
/// Recall `P / A` subject to `T <= selected`.
pub const AVOCET_OBJECTIVE_AT_MOST: i32 = 4;
/// Recall `P / A` subject to a lower confidence bound of precision, for cells that hold counts: the lower end of Wilson's
/// interval (JASA 1927) is at least r. With `D = P - r T` that is `D >= 0` and `D^2 >= z^2 r (1 - r) T`, which is how it is
/// tested, in integers.
pub const AVOCET_OBJECTIVE_RECALL_WILSON: i32 = 5;

/// The best selection of all.
pub const AVOCET_SEARCH_EXACT: i32 = 0;
/// One threshold for all levels: the best of these.
pub const AVOCET_SEARCH_SINGLE: i32 = 1;
/// Isotonic regression of each level's positivity, then the longest (for precision: the shortest) prefix of all levels'
/// blocks that meets the bound: within one block of the best. For recall under precision and precision under recall.
pub const AVOCET_SEARCH_MIST: i32 = 2;
/// The dynamic program for cells of equal weight, positives and negatives together: the best selection of all, for
/// recall under precision, precision under recall and at most.
pub const AVOCET_SEARCH_DP: i32 = 3;

/// Thresholds may be any.
pub const AVOCET_SHAPE_FREE: i32 = 0;
/// The threshold of a level is at least that of the level before it.
pub const AVOCET_SHAPE_NON_DECREASING: i32 = 1;
/// The threshold of a level is at most that of the level before it.
pub const AVOCET_SHAPE_NON_INCREASING: i32 = 2;

/// Positive and negative weight by level of uncertainty and bin of score: either arrays of the caller's, or a segment of
/// buckets.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_cells {
    /// `sizeof(avocet_cells)`.
    pub struct_size: usize,
    /// Levels of uncertainty; not looked at with buckets.
    pub levels: usize,
    /// Bins of score in each level, likewise.
    pub bins: usize,
    /// Positives of each cell, level after level, within a level by ascending score: counts, or weights in fixed point of
    /// any unit. All cells together, with the negatives, stay below 2^62. NULL with buckets.
    pub positive: *const u64,
    /// Negatives of each cell, likewise.
    pub negative: *const u64,
    /// In place of arrays.
    pub buckets: *const avocet_buckets,
    /// The segment of the buckets.
    pub segment: usize,
    /// 1 for the buckets' weights, in units of 2^-20; 0 for their counts.
    pub weights: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (7 * 8, 2 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_cells {
    const NAMES: [&'static CStr; 2] = [c"cells.struct_size", c"cells.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// The cells of a call.
///
/// # Safety
/// `cells` is NULL or points to cells whose pointers are as for [`Memory::read`] and [`handle`].
unsafe fn load_cells<'a, const N: usize>(
    memory: &mut Memory<N>,
    cells: *const avocet_cells,
) -> Result<Cells<'a>, Error> {
    // SAFETY: as this function.
    unsafe {
        let cells = load_growing(cells, c"cells")?;
        let weights = flag(cells.weights, c"cells.weights")?;
        if cells.buckets.is_null() {
            let len = cells.levels.checked_mul(cells.bins).filter(|&len| check_len::<u64>(len, c"").is_ok());
            let len = len.ok_or(Error::new(Status::SizeOverflow, c"cells.levels").size(cells.levels))?;
            let positive = memory.read(cells.positive, len, c"cells.positive")?;
            let negative = memory.read(cells.negative, len, c"cells.negative")?;
            return Cells::new(cells.levels, cells.bins, positive, negative);
        }
        for (array, name) in [(cells.positive, c"cells.positive"), (cells.negative, c"cells.negative")] {
            if !array.is_null() {
                return Err(Error::new(Status::InvalidArgument, name));
            }
        }
        let table = &handle(cells.buckets, c"cells.buckets")?.0;
        let found = cells_of(table, cells.segment, weights);
        found.ok_or(Error::new(Status::IndexOutOfRange, c"cells.segment").size(cells.segment))
    }
}

/// What `avocet_threshold_search` maximises. `P` and `N` are the positive and negative weight that pass, `T = P + N`, `A` is
/// all positive weight, and `r = numerator / denominator`: a bound such as 9/10 is the bound, not the double next to it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_objective {
    /// `sizeof(avocet_objective)`.
    pub struct_size: usize,
    /// `AVOCET_OBJECTIVE_*`, by default recall under precision.
    pub kind: i32,
    /// Of r, which is in [0, 1] but for F-beta.
    pub numerator: u32,
    /// Above 0 where r is used.
    pub denominator: u32,
    /// Wilson: of z^2, the square of the normal quantile: 27055 / 10000 for 95 % on one side.
    pub z_numerator: u32,
    /// Above 0 where z is used.
    pub z_denominator: u32,
    /// 0.
    pub reserved: i32,
    /// At most: the most weight that may pass, in units of the cells.
    pub selected: u64,
    /// Utility: the gain (below 0: the loss) of each unit of positive weight that passes. All four from -2^56 to 2^56.
    pub positive_passes: i64,
    /// Of negative weight that passes.
    pub negative_passes: i64,
    /// Of positive weight that does not pass.
    pub positive_stays: i64,
    /// Of negative weight that does not pass.
    pub negative_stays: i64,
}

// SAFETY: no padding (8, 6 * 4, 5 * 8 bytes); numbers only.
unsafe impl Growing for avocet_objective {
    const NAMES: [&'static CStr; 2] = [c"objective.struct_size", c"objective.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

impl avocet_objective {
    fn objective(&self) -> Result<Objective, Error> {
        let ratio = Ratio::new(self.numerator, self.denominator);
        let z_squared = Ratio::new(self.z_numerator, self.z_denominator);
        let utility = Utility {
            positive_passes: self.positive_passes,
            negative_passes: self.negative_passes,
            positive_stays: self.positive_stays,
            negative_stays: self.negative_stays,
        };
        let known = [
            (AVOCET_OBJECTIVE_RECALL, Objective::RecallUnderPrecision { precision: ratio }),
            (AVOCET_OBJECTIVE_PRECISION, Objective::PrecisionUnderRecall { recall: ratio }),
            (AVOCET_OBJECTIVE_F_BETA, Objective::FBeta { beta_squared: ratio }),
            (AVOCET_OBJECTIVE_UTILITY, Objective::Utility(utility)),
            (AVOCET_OBJECTIVE_AT_MOST, Objective::AtMost { selected: self.selected }),
            (AVOCET_OBJECTIVE_RECALL_WILSON, Objective::RecallUnderWilson { precision: ratio, z_squared }),
        ];
        one_of(&known, self.kind, c"objective.kind")
    }

    /// An error with the names of the fields.
    fn named(&self, error: Error) -> Error {
        let part = |denominator, of_number, of_denominator| {
            error.about(if denominator == 0 { of_denominator } else { of_number })
        };
        match error.argument.to_bytes() {
            b"objective.z_squared" => {
                part(self.z_denominator, c"objective.z_numerator", c"objective.z_denominator")
            }
            b"objective.precision" | b"objective.recall" | b"objective.beta_squared" => {
                part(self.denominator, c"objective.numerator", c"objective.denominator")
            }
            _ => error,
        }
    }
}

/// How `avocet_threshold_search` works. NULL, or zeros, are the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_search_options {
    /// `sizeof(avocet_search_options)`.
    pub struct_size: usize,
    /// How many partial selections the exact search may make; by default 2^25, about half a second.
    pub work_limit: u64,
    /// The method: `AVOCET_SEARCH_*`, by default exact.
    pub method: i32,
    /// What thresholds must be like: `AVOCET_SHAPE_*`, by default free. For exact and single only.
    pub shape: i32,
}

// SAFETY: no padding (2 * 8, 2 * 4 bytes); numbers only.
unsafe impl Growing for avocet_search_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

impl avocet_search_options {
    fn options(&self) -> Result<Options, Error> {
        let methods = [
            (AVOCET_SEARCH_EXACT, Method::Exact),
            (AVOCET_SEARCH_SINGLE, Method::Single),
            (AVOCET_SEARCH_MIST, Method::Mist),
            (AVOCET_SEARCH_DP, Method::Dp),
        ];
        let shapes = [
            (AVOCET_SHAPE_FREE, Shape::Free),
            (AVOCET_SHAPE_NON_DECREASING, Shape::NonDecreasing),
            (AVOCET_SHAPE_NON_INCREASING, Shape::NonIncreasing),
        ];
        Ok(Options {
            method: one_of(&methods, self.method, c"options.method")?,
            shape: one_of(&shapes, self.shape, c"options.shape")?,
            work_limit: self.work_limit,
        })
    }
}

/// What `avocet_threshold_search` found: weights in units of the cells, exact. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_solution {
    /// The positive weight that passes.
    pub positive: u64,
    /// The negative weight that passes.
    pub negative: u64,
    /// No selection has a better value than the objective has at these two weights (which no selection need have). If
    /// proven it is that of the answer. Where infeasible: the weights of a selection of the greatest precision there is, or
    /// zeros where the cells are empty.
    pub bound_positive: u64,
    /// The negative weight of the bound.
    pub bound_negative: u64,
    /// How many partial selections were made.
    pub work: u64,
    /// 1 if it is proven that nothing is better, else 0.
    pub proven: i32,
    /// 0.
    pub reserved: i32,
}

impl From<Solution> for avocet_solution {
    fn from(found: Solution) -> avocet_solution {
        avocet_solution {
            positive: found.passing.positive,
            negative: found.passing.negative,
            bound_positive: found.bound.positive,
            bound_negative: found.bound.negative,
            work: found.work,
            proven: found.proven.into(),
            reserved: 0,
        }
    }
}

impl Solution {
    /// An error where the constraint is not met.
    fn status(&self) -> Result<(), Error> {
        let Sums { positive, negative } = self.bound;
        match self.outcome {
            Outcome::Feasible => Ok(()),
            Outcome::Infeasible => Err(Error::new(Status::Infeasible, c"objective")
                .real(positive as f64 / (positive + negative) as f64)),
            Outcome::Unknown => Err(Error::new(Status::WorkLimit, c"options")),
        }
    }
}

/// The best thresholds for an objective: one score threshold for each level of uncertainty, with a proof.
///
/// `thresholds` takes one for each level: the first bin that passes, 0 (all pass) up to the number of bins (none does);
/// `avocet_grid_thresholds` turns them into scores. Every comparison is exact: an answer meets the constraint, and
/// `solution->proven` is a proof. Source of the problem and of two of the methods: Arora et al., "Leveraging Uncertainty
/// Estimates To Improve Classifier Performance" (ICLR 2024, arXiv 2311.11723).
///
/// - Exact and single serve every objective, MIST recall under precision and precision under recall, DP these and at most for
///   cells of equal weight. The bound of single holds for one threshold for all levels only, that of the others for all
///   selections.
/// - Nothing selected has no precision: it never meets a bound on precision nor has the greatest one. Where nothing else
///   is left the problem is infeasible.
/// - Ties: of the thresholds of a level with the same effect the greatest is chosen, by single of thresholds of the same
///   value. Between different selections of the same value exact decides by the order of its search.
/// - Range: sums of values and slacks (positives times a denominator, and the like) run in 64 bits where they fit, else in
///   128. Beyond that the answer is feasible, the bound holds and is not tight: for Wilson from about 2^32 rows or with
///   denominators above some thousands, and with a shape for F-beta where twice the bits of the weight and those of r come
///   to more than 120.
///
/// Exact integers: the same answer on every machine. On the calling thread. Workspace: 40 bytes for each level and bin (DP:
/// its rows). Exact allocates lists whose lengths depend on the data, up to some hundred MB at the default work limit; where
/// memory ends before the limit it stops as at the limit. Time: linear in the cells but for sorting, and for exact the lists.
///
/// Errors: INFEASIBLE (no selection meets the constraint; thresholds let nothing pass, `solution` has the greatest precision
/// that there is, for single of one threshold, as its bound, which is the error's real value, or NaN where the cells are empty), WORK_LIMIT (none was found;
/// thresholds let nothing pass, `solution` has the bound). Before anything is touched: INVALID_ARGUMENT (kind, ratio,
/// method that does not serve the objective or the shape, flag, buckets beside arrays, reserved, alignment; for DP `cells`: a
/// cell of another weight than the first, with its position), SIZE_OVERFLOW (levels, bins; cells that add up to 2^62, with
/// position; a gain beyond 2^56), INDEX_OUT_OF_RANGE (`cells.segment`), NULL_POINTER, OVERLAP, STRUCT_SIZE,
/// WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_search(
    cells: *const avocet_cells,
    objective: *const avocet_objective,
    options: *const avocet_search_options,
    thresholds: *mut u32,
    solution: *mut avocet_solution,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let cells = load_cells(&mut memory, cells)?;
            let given = load_growing(objective, c"objective")?;
            let objective = given.objective()?;
            let options = load_options(options, c"options")?.options()?;
            let thresholds = memory.write(thresholds, cells.levels(), c"thresholds")?;
            let solution = memory.write_one(solution, c"solution")?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            let found = search(&cells, &objective, &options, thresholds, workspace);
            let found = found.map_err(|error| given.named(error))?;
            *solution = found.into();
            found.status()
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![cells, objective, options, thresholds, solution, workspace], call) }
}

/// The best single threshold over the distinct scores of rows, exact: those with `score >= *threshold` pass; infinity lets
/// none pass, not even a score of infinity, which counts as the greatest finite score does.
///
/// `rows->uncertainties` is not looked at, and there must be no segments. Weights are counted in units of 2^-20, rows without
/// weights in ones. Every comparison is exact; the answer is always proven, its bound holds for single thresholds. Of
/// thresholds of the same value the greatest is chosen. Rows with NaN scores, counted apart, count nowhere.
///
/// Exact integers: the same answer with any pool and in any order of the rows. Threads: rows are shared among the pool's
/// threads. Allocates 4 MiB for each thread, and as a rule some 256 KiB for each of a few groups of scores near the answer;
/// 8 bytes for each row in more than 32 such groups (where precision hardly depends on the score). Time: two passes over the
/// scores, which are not sorted.
///
/// Errors: INFEASIBLE (no threshold meets the constraint; `*threshold` is infinity, `solution` has the greatest precision that
/// there is as its bound, which is the error's real value, or NaN without weight). Before anything is touched: NOT_FINITE
/// (NaN, unless counted apart; weights), INVALID_ARGUMENT (a label that is none, a weight out of range), each for the first
/// bad row, with position and value; INVALID_ARGUMENT (kind, ratio, type, `missing`, segments, weights for Wilson, reserved,
/// alignment), SIZE_OVERFLOW (`rows`: 2^32 or more; a sum of all weights of 2^42; a gain beyond 2^56), NULL_POINTER, OVERLAP,
/// STRUCT_SIZE, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_single(
    rows: *const avocet_threshold_rows,
    objective: *const avocet_objective,
    threshold: *mut f32,
    solution: *mut avocet_solution,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<7>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let (rows, missing) = load_rows(&mut memory, rows, true)?;
            let given = load_growing(objective, c"objective")?;
            let objective = given.objective()?;
            let threshold = memory.write_one(threshold, c"threshold")?;
            let solution = memory.write_one(solution, c"solution")?;
            let found = best_threshold(rows, missing, &objective, threads(pool)?);
            let (least, found) = found.map_err(|error| named(given.named(error)))?;
            (*threshold, *solution) = (least, found.into());
            found.status()
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rows, objective, threshold, solution, pool], call) }
}

/// The whole frontier of cells of equal weight: `positive[m]` gets the greatest positive weight of any m passing bins, for m
/// from 0 to levels times bins, and `*weight` the weight of a cell (0 if there are none), so that recall and precision at m
/// are `positive[m] / A` and `positive[m] / (m * weight)`. `avocet_threshold_search` with `AVOCET_OBJECTIVE_AT_MOST` and
/// `AVOCET_SEARCH_DP` gives the thresholds of a point.
///
/// `len`, the number of values in `positive`, must be levels times bins plus 1. Method: the dynamic program EW-DPMT of the
/// source of `avocet_threshold_search`. Exact; in 32-bit lanes where all positives are below 2^24 units of the greatest
/// power of two that divides all cells, else in 64 bits. On the calling thread. Workspace: some `bins * levels^2 / 2`
/// numbers. Time: `bins^2 * levels^2 / 2` additions.
///
/// Errors, before anything is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (`cells`: a cell of another weight than the
/// first, with its position; flag, buckets beside arrays, reserved, alignment), SIZE_OVERFLOW (levels, bins, `len`; cells
/// that add up to 2^62), INDEX_OUT_OF_RANGE (`cells.segment`), NULL_POINTER, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_frontier(
    cells: *const avocet_cells,
    positive: *mut u64,
    len: usize,
    weight: *mut u64,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let cells = load_cells(&mut memory, cells)?;
            check_len::<u64>(len, c"len")?;
            check_size(len, cells.positive().len() + 1, c"len")?;
            let positive = memory.write(positive, len, c"positive")?;
            let weight = memory.write_one(weight, c"weight")?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            *weight = frontier(&cells, positive, workspace)?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![cells, positive, len, weight, workspace], call) }
}

/// Calibrated probabilities: isotonic regression of the positivity in each level, the values that do not fall with the score
/// and have the least weighted squared distance from the share of positives of each cell. `avocet_threshold_calibrate`
/// gives them to rows.
///
/// `values` takes one f32 for each cell, level after level, within a level by ascending score; `len`, their number, must be
/// levels times bins. Method: pool adjacent violators (Barlow, Bartholomew, Bremner and Brunk, "Statistical inference under
/// order restrictions", 1972), with comparisons in exact integers. A value is the quotient of the sums of a block in f64,
/// rounded to f32. Cells without weight have the value of the one below them with weight, or of the first with weight;
/// levels without weight have NaN. The same bits on every machine. On the calling thread. Workspace: 24 bytes for each bin.
/// Time: linear in the cells.
///
/// Errors, before anything is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (flag, buckets beside arrays, reserved,
/// alignment), SIZE_OVERFLOW (levels, bins, `len`; cells that add up to 2^62), INDEX_OUT_OF_RANGE (`cells.segment`),
/// NULL_POINTER, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_isotonic(
    cells: *const avocet_cells,
    values: *mut f32,
    len: usize,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let cells = load_cells(&mut memory, cells)?;
            check_len::<f32>(len, c"len")?;
            check_size(len, cells.positive().len(), c"len")?;
            let values = memory.write(values, len, c"values")?;
            isotonic(&cells, values, &mut handle_mut(workspace, c"workspace")?.0)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![cells, values, len, workspace], call) }
}

/// The weights that pass with thresholds, such as those that were found on other data: for each level its bins from the
/// threshold on. `thresholds` holds one for each level, each at most the number of bins. Exact. Time: linear.
///
/// Errors, before anything is touched: INDEX_OUT_OF_RANGE (`thresholds`, with position and value; `cells.segment`),
/// INVALID_ARGUMENT (flag, buckets beside arrays, reserved, alignment), SIZE_OVERFLOW (levels, bins; cells that add up to
/// 2^62), NULL_POINTER, OVERLAP, STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_passing(
    cells: *const avocet_cells,
    thresholds: *const u32,
    positive: *mut u64,
    negative: *mut u64,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<5>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let cells = load_cells(&mut memory, cells)?;
            let thresholds = memory.read(thresholds, cells.levels(), c"thresholds")?;
            let positive = memory.write_one(positive, c"positive")?;
            let negative = memory.write_one(negative, c"negative")?;
            let sums = cells.passing(thresholds)?;
            (*positive, *negative) = (sums.positive, sums.negative);
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![cells, thresholds, positive, negative], call) }
}
