//! C entry points of decisions.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Decisions, calibrate, cells, decide};
use crate::error::Error;
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Memory, check_len, handle};
use crate::threshold::Grid;
use crate::threshold::ffi::avocet_grid;

/// New rows and their grid.
struct NewRows<'a> {
    grid: &'a Grid,
    scores: &'a [f32],
    uncertainties: &'a [f32],
}

impl<'a> NewRows<'a> {
    /// # Safety
    /// As [`handle`] and [`Memory::read`].
    unsafe fn load(
        memory: &mut Memory<4>,
        grid: *const avocet_grid,
        scores: *const f32,
        uncertainties: *const f32,
        rows: usize,
    ) -> Result<NewRows<'a>, Error> {
        // SAFETY: as this function.
        unsafe {
            let grid = &handle(grid, c"grid")?.0;
            check_len::<f32>(rows, c"rows")?;
            Ok(NewRows {
                grid,
                scores: memory.read(scores, rows, c"scores")?,
                uncertainties: memory.read(uncertainties, rows, c"uncertainties")?,
            })
        }
    }
}

/// Selects the rows whose score is at least the threshold of their level of uncertainty: `out[i]` is 1 for those, else 0.
///
/// Shapes: `thresholds` holds a score for each level of the grid (see `avocet_grid_thresholds`): minus infinity selects all
/// rows of a level, infinity none, not even a score of infinity. The other arrays hold `rows` values. Rows with NaN are
/// not selected. Exact. Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass; at the
/// speed of memory where levels are uniform or one.
///
/// Errors, before `out` is touched: NOT_FINITE (a threshold that is NaN, with its position), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, SIZE_OVERFLOW (`rows`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_decide(
    grid: *const avocet_grid,
    thresholds: *const f32,
    scores: *const f32,
    uncertainties: *const f32,
    rows: usize,
    out: *mut u8,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let new = NewRows::load(&mut memory, grid, scores, uncertainties, rows)?;
            let thresholds = memory.read(thresholds, new.grid.levels(), c"thresholds")?;
            let out = Decisions::Flags(memory.write(out, rows, c"out")?);
            decide(new.grid, thresholds, new.scores, new.uncertainties, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, thresholds, scores, uncertainties, rows, out, pool], call) }
}

/// As `avocet_threshold_decide`, with a bit for each row: bit `i mod 64` of word `i div 64`; bits beyond the rows are 0. `out`
/// holds `rows / 64` words, rounded up.
///
/// Errors: those of `avocet_threshold_decide`: NOT_FINITE, INVALID_ARGUMENT, NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_decide_bits(
    grid: *const avocet_grid,
    thresholds: *const f32,
    scores: *const f32,
    uncertainties: *const f32,
    rows: usize,
    out: *mut u64,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let new = NewRows::load(&mut memory, grid, scores, uncertainties, rows)?;
            let thresholds = memory.read(thresholds, new.grid.levels(), c"thresholds")?;
            let out = Decisions::Bits(memory.write(out, rows.div_ceil(64), c"out")?);
            decide(new.grid, thresholds, new.scores, new.uncertainties, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, thresholds, scores, uncertainties, rows, out, pool], call) }
}

/// The value of each row's cell: a calibrated probability, say.
///
/// Shapes: `values` holds one f32 for each cell, level after level, within a level by ascending score; the other arrays hold
/// `rows` values. Rows with NaN get NaN; NaN results are canonical. Threads: rows are shared among the pool's threads;
/// nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_calibrate(
    grid: *const avocet_grid,
    values: *const f32,
    scores: *const f32,
    uncertainties: *const f32,
    rows: usize,
    out: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let new = NewRows::load(&mut memory, grid, scores, uncertainties, rows)?;
            let values = memory.read(values, new.grid.cells(), c"values")?;
            let out = memory.write(out, rows, c"out")?;
            calibrate(new.grid, values, new.scores, new.uncertainties, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, values, scores, uncertainties, rows, out, pool], call) }
}

/// The cell of each row: level times bins plus bin, and the number of all cells for rows with NaN.
///
/// Shapes: all arrays hold `rows` values. Exact. Threads: rows are shared among the pool's threads; nothing is allocated.
/// Time: one pass.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_threshold_cells(
    grid: *const avocet_grid,
    scores: *const f32,
    uncertainties: *const f32,
    rows: usize,
    out: *mut u32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let new = NewRows::load(&mut memory, grid, scores, uncertainties, rows)?;
            let out = memory.write(out, rows, c"out")?;
            cells(new.grid, new.scores, new.uncertainties, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, scores, uncertainties, rows, out, pool], call) }
}
