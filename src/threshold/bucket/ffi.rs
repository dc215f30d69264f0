//! C entry points of buckets.

#![allow(unsafe_code, non_camel_case_types)]

use super::Table;
use crate::error::{Error, Status, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{Memory, allocate, check_len, flag, free, handle, handle_mut};
use crate::threshold::Cells;
use crate::threshold::ffi::avocet_grid;
use crate::threshold::rows::ffi::{avocet_threshold_rows, load_rows, named};

/// Positives and negatives in each cell of a grid, as counts of rows and as sums of weights in units of 2^-20; one such table
/// for each segment. Everything is an integer, so that the same rows give the same buckets whatever their order, the number
/// of threads, and how they were split and merged. 32 bytes a cell and segment. Made by `avocet_buckets_create` or
/// `avocet_buckets_load`. Any number of threads may use one at once, but for the calls that take it without const, which
/// must have it alone.
pub struct avocet_buckets(pub(crate) Table);

/// Makes empty buckets and stores them in `*out`. They keep a copy of the grid.
///
/// Errors: INVALID_ARGUMENT (no segments, alignment), SIZE_OVERFLOW (`segments`: more than 2^26 cells in all, with one more
/// for each segment), NULL_POINTER, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_create(
    grid: *const avocet_grid,
    segments: usize,
    out: *mut *mut avocet_buckets,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let grid = &handle(grid, c"grid")?.0;
            let out = Memory::<1>::new().write_one(out, c"out")?;
            *out = allocate(avocet_buckets(Table::new(grid, segments)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, segments, out], call) }
}

/// Frees buckets. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_destroy(buckets: *mut avocet_buckets) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(buckets) }
}

/// The number of segments; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_segments(buckets: *const avocet_buckets) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { buckets.as_ref() }.map_or(0, |buckets| buckets.0.segments())
}

/// The number of levels of the grid of buckets; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_levels(buckets: *const avocet_buckets) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { buckets.as_ref() }.map_or(0, |buckets| buckets.0.grid().levels())
}

/// The number of score bins in each level of the grid of buckets; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_bins(buckets: *const avocet_buckets) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { buckets.as_ref() }.map_or(0, |buckets| buckets.0.grid().bins())
}

/// The number of rows of a segment that have been counted apart; 0 for NULL and where there is no such segment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_apart(buckets: *const avocet_buckets, segment: usize) -> u64 {
    // SAFETY: the caller vouches for the arguments.
    let buckets = unsafe { buckets.as_ref() }.filter(|buckets| segment < buckets.0.segments());
    buckets.map_or(0, |buckets| buckets.0.apart(segment))
}

/// Stores the grid of buckets, a copy with a handle of its own, in `*out`.
///
/// Errors: NULL_POINTER, INVALID_ARGUMENT (alignment), OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_grid(
    buckets: *const avocet_buckets,
    out: *mut *mut avocet_grid,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let buckets = &handle(buckets, c"buckets")?.0;
            let out = Memory::<1>::new().write_one(out, c"out")?;
            *out = avocet_grid::give(buckets.grid().copy().map_err(|error| error.about(c"out"))?)?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, out], call) }
}

/// Adds rows. Nothing is added unless all of them are.
///
/// Threads: rows are shared among the pool's threads, and each fills tables of its own in the workspace. Workspace, for more
/// than 1024 rows: 48 bytes a cell, segment and thread. Time: one pass over the rows, some .5 ns a row where edges are
/// uniform; for long calls a pass over the tables too.
///
/// Errors, before anything is added: NOT_FINITE (NaN, unless counted apart; weights), INVALID_ARGUMENT (a label that is none,
/// a weight out of range), INDEX_OUT_OF_RANGE (segments), each for the first bad row, with position and value;
/// SIZE_OVERFLOW (`rows`; a sum of all weights of 2^42), INVALID_ARGUMENT (type, `missing`, reserved, alignment),
/// NULL_POINTER (also without segments where there are several), STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_add(
    buckets: *mut avocet_buckets,
    rows: *const avocet_threshold_rows,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let buckets = &mut handle_mut(buckets, c"buckets")?.0;
            let (rows, missing) = load_rows(&mut Memory::<5>::new(), rows, false)?;
            if buckets.segments() > 1 && rows.segments.is_none() {
                return Err(Error::new(Status::NullPointer, c"rows.segments"));
            }
            let pool = threads(pool)?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            buckets.add(rows, missing, pool, workspace).map_err(named)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, rows, pool, workspace], call) }
}

/// Two handles, the first of them to change.
///
/// # Safety
/// As [`handle_mut`] and [`handle`], unless they are the same.
unsafe fn pair<'a>(
    buckets: *mut avocet_buckets,
    other: *const avocet_buckets,
) -> Result<(&'a mut Table, &'a Table), Error> {
    if !other.is_null() && std::ptr::eq(buckets, other) {
        return Err(Error::new(Status::Overlap, c"other"));
    }
    // SAFETY: as this function.
    unsafe { Ok((&mut handle_mut(buckets, c"buckets")?.0, &handle(other, c"other")?.0)) }
}

/// Adds what other buckets of the same grid and as many segments have: those of another thread, partition or machine.
///
/// Errors, before anything is added: SHAPE_MISMATCH (another grid, or number of segments), SIZE_OVERFLOW (a sum of all weights
/// of 2^42 or of 2^60 rows), OVERLAP (the same handle twice), NULL_POINTER, INVALID_ARGUMENT (alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_merge(
    buckets: *mut avocet_buckets,
    other: *const avocet_buckets,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let (buckets, other) = unsafe { pair(buckets, other) }?;
        buckets.merge(other).map_err(|error| error.about(c"other"))
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, other], call) }
}

/// Takes away what other buckets have: rows that were added before, such as those of an old day.
///
/// Errors, before anything is taken: SHAPE_MISMATCH (another grid, or number of segments), INVALID_ARGUMENT (a cell that has
/// less than is to be taken: the first of the positives, else of the negatives, else of their weights, with its position
/// within all segments, each with one cell for rows apart behind its others, and what was to be taken; alignment), OVERLAP (the same handle twice), NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_subtract(
    buckets: *mut avocet_buckets,
    other: *const avocet_buckets,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let (buckets, other) = unsafe { pair(buckets, other) }?;
        buckets.subtract(other)
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, other], call) }
}

/// Makes buckets empty again. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_clear(buckets: *mut avocet_buckets) {
    // SAFETY: the caller vouches for the arguments.
    if let Some(buckets) = unsafe { buckets.as_mut() } {
        buckets.0.clear();
    }
}

/// The cells of a segment, as counts or as weights.
pub(crate) fn cells_of(table: &Table, segment: usize, weights: bool) -> Option<Cells<'_>> {
    let exists = segment < table.segments();
    exists.then(|| if weights { table.weights(segment) } else { table.counts(segment) })
}

/// Writes what the cells of a segment hold, level after level, within a level by ascending score: positives and negatives,
/// as counts of rows or (`weights` 1) as sums of weights in units of 2^-20. Both arrays hold `len` values; `len` must be
/// levels times bins.
///
/// Errors, before anything is touched: INDEX_OUT_OF_RANGE (`segment`), SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (flag,
/// alignment), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_cells(
    buckets: *const avocet_buckets,
    segment: usize,
    weights: i32,
    positive: *mut u64,
    negative: *mut u64,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let table = &handle(buckets, c"buckets")?.0;
            let cells = cells_of(table, segment, flag(weights, c"weights")?);
            let cells = cells.ok_or(Error::new(Status::IndexOutOfRange, c"segment").size(segment))?;
            check_len::<u64>(len, c"len")?;
            check_size(len, cells.positive().len(), c"len")?;
            let positive = memory.write(positive, len, c"positive")?;
            memory.write(negative, len, c"negative")?.copy_from_slice(cells.negative());
            positive.copy_from_slice(cells.positive());
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, segment, weights, positive, negative, len], call) }
}

/// Adds up the levels of a segment for `avocet_binned_curve` and its like: positives and negatives of each score bin, as
/// in `avocet_buckets_cells`. Both arrays hold `len` values; `len` must be the number of bins.
///
/// Errors, before anything is touched: INVALID_ARGUMENT (`buckets`: each level has its own score edges; flag, alignment),
/// INDEX_OUT_OF_RANGE (`segment`), SHAPE_MISMATCH (`len`), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_score_bins(
    buckets: *const avocet_buckets,
    segment: usize,
    weights: i32,
    positive: *mut u64,
    negative: *mut u64,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let table = &handle(buckets, c"buckets")?.0;
            let weights = flag(weights, c"weights")?;
            if segment >= table.segments() {
                return Err(Error::new(Status::IndexOutOfRange, c"segment").size(segment));
            }
            check_len::<u64>(len, c"len")?;
            check_size(len, table.grid().bins(), c"len")?;
            let positive = memory.write(positive, len, c"positive")?;
            let negative = memory.write(negative, len, c"negative")?;
            let sums = table.score_bins(segment, weights, positive, negative);
            sums.map_err(|error| error.renamed(c"table", c"buckets"))
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, segment, weights, positive, negative, len], call) }
}

/// The number of bytes that `avocet_buckets_save` writes: 32 for each cell and segment, 4 for each edge, some 80 more; 0 for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_saved_bytes(buckets: *const avocet_buckets) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { buckets.as_ref() }.map_or(0, |buckets| buckets.0.saved_bytes())
}

/// Writes buckets and their grid to `bytes`: little-endian, versioned, with a checksum, the same bytes for the same buckets
/// everywhere. `len` must be `avocet_buckets_saved_bytes(buckets)`. Time: one pass over the cells.
///
/// Errors, before `bytes` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_save(
    buckets: *const avocet_buckets,
    bytes: *mut u8,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let table = &handle(buckets, c"buckets")?.0;
            check_len::<u8>(len, c"len")?;
            check_size(len, table.saved_bytes(), c"len")?;
            table.save(Memory::<1>::new().write(bytes, len, c"bytes")?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![buckets, bytes, len], call) }
}

/// Makes the buckets that `avocet_buckets_save` wrote to `len` bytes and stores them in `*out`, with a grid of the same
/// edges as they had.
///
/// Errors: SHAPE_MISMATCH (bytes that end too early or too late), INVALID_ARGUMENT (bytes that were not saved so, found by
/// the checksum or by what they say, with the position of the bad field; alignment), NULL_POINTER, SIZE_OVERFLOW (`len`),
/// OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_buckets_load(
    bytes: *const u8,
    len: usize,
    out: *mut *mut avocet_buckets,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<u8>(len, c"len")?;
            let bytes = memory.read(bytes, len, c"bytes")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_buckets(Table::load(bytes)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![bytes, len, out], call) }
}
