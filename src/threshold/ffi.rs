//! C entry points of grids.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Edges, Grid, MAX_BINS, Nested, Refine, Sample, ScoreEdges};
use crate::error::{Error, Status, Value, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Growing, Memory, allocate, check_len, free, handle, load_growing, one_of};
use std::ffi::CStr;

/// The edges themselves, finite and strictly ascending.
pub const AVOCET_EDGES_GIVEN: i32 = 0;
/// Bins of one width between two values. Edge i is the least f32 v with `(v - low) * (bins / (high - low)) >= i`, each
/// operation rounded to f32: within a rounding or two of `low + i (high - low) / bins`.
pub const AVOCET_EDGES_UNIFORM: i32 = 1;
/// Exact order statistics of the sample: edge i is the least value v such that the weight of the rows <= v is above
/// `floor(i W / bins)`, W being the weight of all rows (without weights: the value of rank `floor(i rows / bins)`, from
/// 0). Ties can make edges equal: the bins between stay empty.
pub const AVOCET_EDGES_QUANTILES: i32 = 2;
/// Of scores only: each level has its own edges, the quantiles of the sample's rows in that level. A level without weight
/// takes those of all rows together.
pub const AVOCET_EDGES_NESTED: i32 = 3;

/// Where the edges of `avocet_grid_create` come from. Zeros are the defaults: one level, one bin.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_grid_options {
    /// `sizeof(avocet_grid_options)`.
    pub struct_size: usize,
    /// Levels of uncertainty, 1 to 65536; 0 stands for 1.
    pub levels: usize,
    /// Bins of scores in each level, likewise.
    pub bins: usize,
    /// Given edges between levels, `levels - 1` values.
    pub level_edges: *const f32,
    /// Given edges between bins of scores, `bins - 1` values.
    pub score_edges: *const f32,
    /// The rows of the sample whose quantiles are asked for. It is not looked at for other edges.
    pub rows: usize,
    /// Their scores, finite; needed for quantiles and nested edges of scores.
    pub scores: *const f32,
    /// Their uncertainties, finite; needed for quantiles of levels and nested edges of scores.
    pub uncertainties: *const f32,
    /// Their weights, in [0, 2^22), which count in all quantiles. NULL stands for ones.
    pub weights: *const f32,
    /// Nested: the fraction of a level's weight, from the greatest score down, that gets bins of equal weight, in (0, 1];
    /// by default 1. Below 1 the lowest bin holds the rest, of weight `floor(W (1 - top))`, computed in f64.
    pub top: f64,
    /// Nested, with `top` 1: this many of the bins, 1 to `bins - 2`, lie between `refine_low` and `refine_high`, which are
    /// edges then; bins within, below and above have equal weight among themselves, and of those outside half (rounded
    /// down) lie above. 0 for none.
    pub refine_bins: usize,
    /// Uniform levels: where the first would start; below `level_high`, both finite.
    pub level_low: f32,
    /// Uniform levels: where the last would end.
    pub level_high: f32,
    /// Uniform bins of scores: where the first would start; below `score_high`, both finite.
    pub score_low: f32,
    /// Uniform bins of scores: where the last would end.
    pub score_high: f32,
    /// Where the finer bins start; below `refine_high`, both finite.
    pub refine_low: f32,
    /// Where the finer bins end.
    pub refine_high: f32,
    /// Where the edges between levels come from: `AVOCET_EDGES_*` but nested, by default given.
    pub level_kind: i32,
    /// Where those between scores come from: `AVOCET_EDGES_*`, by default given.
    pub score_kind: i32,
}

// SAFETY: no padding (11 * 8, 8 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_grid_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// Which kind of edges are asked for.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Given,
    Uniform,
    Quantiles,
    Nested,
}

const KINDS: [(i32, Kind); 4] = [
    (AVOCET_EDGES_GIVEN, Kind::Given),
    (AVOCET_EDGES_UNIFORM, Kind::Uniform),
    (AVOCET_EDGES_QUANTILES, Kind::Quantiles),
    (AVOCET_EDGES_NESTED, Kind::Nested),
];

impl avocet_grid_options {
    /// Makes the grid.
    ///
    /// # Safety
    /// Pointers are as for [`Memory::read`].
    unsafe fn grid(&self, memory: &mut Memory<6>, pool: *const avocet_pool) -> Result<Grid, Error> {
        let level_kind = one_of(&KINDS[..3], self.level_kind, c"options.level_kind")?;
        let score_kind = one_of(&KINDS, self.score_kind, c"options.score_kind")?;
        let count = |bins: usize, name| match bins.max(1) {
            bins if bins > MAX_BINS => Err(Error::new(Status::SizeOverflow, name).size(bins)),
            bins => Ok(bins),
        };
        let (levels, bins) = (count(self.levels, c"options.levels")?, count(self.bins, c"options.bins")?);
        check_len::<f32>(self.rows, c"options.rows")?;
        let nested = score_kind == Kind::Nested;
        let (of_levels, of_scores) = (level_kind == Kind::Quantiles, score_kind == Kind::Quantiles);
        // SAFETY: as this function.
        let (level_edges, score_edges, scores, uncertainties, weights, pool) = unsafe {
            let given = |kind, count: usize| if kind == Kind::Given { count - 1 } else { 0 };
            let needed = |needs: bool| if needs { self.rows } else { 0 };
            let any = needed(nested || of_levels || of_scores);
            (
                memory.read(self.level_edges, given(level_kind, levels), c"options.level_edges")?,
                memory.read(self.score_edges, given(score_kind, bins), c"options.score_edges")?,
                memory.read(self.scores, needed(nested || of_scores), c"options.scores")?,
                memory.read(self.uncertainties, needed(nested || of_levels), c"options.uncertainties")?,
                memory.read_optional(self.weights, any, c"options.weights")?.filter(|_| any > 0),
                threads(pool)?,
            )
        };
        let edges = |kind, edges, low, high, bins| match kind {
            Kind::Given => Edges::Given(edges),
            Kind::Uniform => Edges::Uniform { low, high, bins },
            _ => Edges::Quantiles(bins),
        };
        let levels = edges(level_kind, level_edges, self.level_low, self.level_high, levels);
        let score_edges = if nested {
            let refine = Refine { low: self.refine_low, high: self.refine_high, bins: self.refine_bins };
            ScoreEdges::Nested(Nested {
                bins,
                top: if self.top == 0.0 { 1.0 } else { self.top },
                refine: (self.refine_bins > 0).then_some(refine),
            })
        } else {
            ScoreEdges::Shared(edges(score_kind, score_edges, self.score_low, self.score_high, bins))
        };
        // What is not needed is not looked at, but has the length of the other.
        let sample = Sample {
            scores: if nested || of_scores { scores } else { uncertainties },
            uncertainties: if nested || of_levels { uncertainties } else { scores },
            weights,
        };
        Grid::new(levels, score_edges, Some(sample), pool).map_err(|error| self.named(error))
    }

    /// An error with the names of the fields.
    fn named(&self, error: Error) -> Error {
        let of_axis =
            |kind, edges: &'static CStr, low: &'static CStr, high: &'static CStr, bins, from: f32| {
                error.about(match error.value {
                    Value::Real(_) if kind == AVOCET_EDGES_GIVEN => edges,
                    Value::Real(_) if from.is_finite() => high,
                    Value::Real(_) => low,
                    _ => bins,
                })
            };
        match error.argument.to_bytes() {
            b"levels" => of_axis(
                self.level_kind,
                c"options.level_edges",
                c"options.level_low",
                c"options.level_high",
                c"options.levels",
                self.level_low,
            ),
            b"scores" => of_axis(
                self.score_kind,
                c"options.score_edges",
                c"options.score_low",
                c"options.score_high",
                c"options.bins",
                self.score_low,
            ),
            b"scores.bins" => error.about(c"options.bins"),
            b"scores.top" => error.about(c"options.top"),
            b"scores.refine.low" => error.about(c"options.refine_low"),
            b"scores.refine.high" => error.about(c"options.refine_high"),
            b"scores.refine.bins" => error.about(c"options.refine_bins"),
            b"sample" => error.about(c"options.rows"),
            b"sample.scores" => error.about(c"options.scores"),
            b"sample.uncertainties" => error.about(c"options.uncertainties"),
            b"sample.weights" => error.about(c"options.weights"),
            _ => error,
        }
    }
}

/// Levels of uncertainty, ascending, and bins of scores, ascending, in each. The level or bin of a value v is the number of
/// edges e with `v >= e`: values below the first edge are in the first bin, from the last edge on in the last one, and -0
/// is +0. Made by `avocet_grid_create` or `avocet_buckets_grid`; never changes, so any number of threads may use one at
/// once.
pub struct avocet_grid(pub(super) Grid);

impl avocet_grid {
    /// A grid as a handle to give away.
    pub(super) fn give(grid: Grid) -> Result<*mut avocet_grid, Error> {
        allocate(avocet_grid(grid))
    }
}

/// Makes a grid and stores it in `*out`.
///
/// Order: integers; the same edges with any pool and in any order of the rows. Threads: rows or levels of the sample are
/// shared among the pool's threads. Allocates the edges and what finds bins fast (at most about 1 MiB each); quantiles take
/// 4 MiB (12 with weights) for each thread and 8 bytes for each row that shares its upper 20 bits with one that is asked
/// for, nested ones also 8 bytes a row, all freed again. Time: two passes over the sample for each axis.
///
/// Errors: INVALID_ARGUMENT (kind, a sample without weight, a range that is none or has fewer numbers than bins, `top`,
/// `refine_bins`, a weight out of range, alignment), NOT_FINITE and NOT_SORTED (edges, ends of ranges, the sample; with
/// position and value), SIZE_OVERFLOW (levels, bins, rows; more than 2^22 cells; weights whose sum reaches 2^44),
/// NULL_POINTER, STRUCT_SIZE, OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_create(
    options: *const avocet_grid_options,
    pool: *const avocet_pool,
    out: *mut *mut avocet_grid,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<6>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let options = load_growing(options, c"options")?;
            let out = memory.write_one(out, c"out")?;
            *out = avocet_grid::give(options.grid(&mut memory, pool)?)?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![options, pool, out], call) }
}

/// Frees a grid. Buckets that were made with it keep theirs. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_destroy(grid: *mut avocet_grid) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(grid) }
}

/// The number of levels of a grid; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_levels(grid: *const avocet_grid) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { grid.as_ref() }.map_or(0, |grid| grid.0.levels())
}

/// The number of score bins in each level of a grid; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_bins(grid: *const avocet_grid) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { grid.as_ref() }.map_or(0, |grid| grid.0.bins())
}

/// 1 if each level of a grid has its own score edges, else 0; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_is_nested(grid: *const avocet_grid) -> i32 {
    // SAFETY: the caller vouches for the arguments.
    unsafe { grid.as_ref() }.map_or(0, |grid| grid.0.nested().into())
}

/// Writes the edges between the levels to `out`, which holds `len` values; `len` must be the number of levels less 1.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_level_edges(
    grid: *const avocet_grid,
    out: *mut f32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe { copy(handle(grid, c"grid")?.0.level_edges(), out, len) }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, out, len], call) }
}

/// Writes the edges between the score bins of a level to `out`, which holds `len` values; `len` must be the number of bins
/// less 1. Unless the grid is nested they are those of every level.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE (`level`), SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, SIZE_OVERFLOW (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_score_edges(
    grid: *const avocet_grid,
    level: usize,
    out: *mut f32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let grid = &handle(grid, c"grid")?.0;
            if level >= grid.levels() {
                return Err(Error::new(Status::IndexOutOfRange, c"level").size(level));
            }
            copy(grid.score_edges(level), out, len)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, level, out, len], call) }
}

/// Copies edges to `out`.
///
/// # Safety
/// As [`Memory::write`].
unsafe fn copy(edges: &[f32], out: *mut f32, len: usize) -> Result<(), Error> {
    check_len::<f32>(len, c"len")?;
    check_size(len, edges.len(), c"len")?;
    // SAFETY: as this function.
    unsafe { Memory::<1>::new().write(out, len, c"out") }?.copy_from_slice(edges);
    Ok(())
}

/// The scores that stand for thresholds of `avocet_threshold_search`: `out[level]` is the lower edge of bin
/// `thresholds[level]` of that level; minus infinity for bin 0, infinity for the number of bins, where nothing passes.
/// With equal edges it can be that of a higher bin too.
///
/// Shapes: both arrays hold one value for each level. Time: linear.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE (`thresholds`: above the number of bins, with position and value),
/// INVALID_ARGUMENT (alignment), NULL_POINTER, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_grid_thresholds(
    grid: *const avocet_grid,
    thresholds: *const u32,
    out: *mut f32,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let grid = &handle(grid, c"grid")?.0;
            let thresholds = memory.read(thresholds, grid.levels(), c"thresholds")?;
            let out = memory.write(out, grid.levels(), c"out")?;
            if let Some(at) = thresholds.iter().position(|&bin| bin as usize > grid.bins()) {
                let error = Error::new(Status::IndexOutOfRange, c"thresholds").at(at);
                return Err(error.integer(thresholds[at].into()));
            }
            for (level, (out, &bin)) in out.iter_mut().zip(thresholds).enumerate() {
                *out = grid.threshold(level, bin as usize);
            }
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![grid, thresholds, out], call) }
}
