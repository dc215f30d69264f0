//! C entry points: scores of rows as they are.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Int8, Metric, ScoreOptions, Second, Table, score_candidates, score_matrix, score_pairs};
use crate::error::{Error, Status};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{
    Growing, MatrixNames, Memory, index_names, load, load_options, matrix_names, one_of,
};
use crate::ffi::views::{AVOCET_I8, avocet_csr, avocet_indices, avocet_matrix, avocet_matrix_mut};
use std::ffi::CStr;

/// The score of two rows is their dot product.
pub const AVOCET_METRIC_DOT: i32 = 0;
/// The score of two rows is the cosine of their angle.
pub const AVOCET_METRIC_COSINE: i32 = 1;

/// How rows are scored. Zeros (or no struct at all) stand for dot products of two tables whose scales are 1.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_score_options {
    /// `sizeof(avocet_score_options)`.
    pub struct_size: usize,
    /// A scale for each row of `left`, which is AVOCET_I8; NULL: all are 1.
    pub left_scales: *const f32,
    /// Likewise of `right`.
    pub right_scales: *const f32,
    /// Another table with a row for each of `left`; NULL: a score comes from `left` and `right` alone.
    pub second_left: *const avocet_matrix,
    /// Another table with a row for each of `right`, of as many columns as `second_left`; NULL if `second_left` is.
    pub second_right: *const avocet_matrix,
    /// A scale for each row of `second_left`, which is AVOCET_I8; NULL: all are 1.
    pub second_left_scales: *const f32,
    /// Likewise of `second_right`.
    pub second_right_scales: *const f32,
    /// With second tables the factor of the scores of `left` and `right`; finite. It has no default: 0 is 0. Without: 0.
    pub factor: f32,
    /// The factor of the scores of the second tables, likewise.
    pub second_factor: f32,
    /// AVOCET_METRIC_*.
    pub metric: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (7 * 8, 4 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_score_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c"options.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// A table, and its scales if it is of int8.
///
/// # Safety
/// As [`Memory::matrix`] and [`Memory::read`].
pub(crate) unsafe fn table<'a, const N: usize>(
    memory: &mut Memory<N>,
    view: *const avocet_matrix,
    names: &MatrixNames,
    scales: *const f32,
    scales_name: &'static CStr,
) -> Result<Table<'a>, Error> {
    // SAFETY: as this function.
    unsafe {
        let element_type = load(view, names.view)?.element_type;
        if element_type == AVOCET_I8 {
            let rows = memory.int8_matrix(view, names)?;
            let scales =
                if scales.is_null() { None } else { Some(memory.read(scales, rows.rows(), scales_name)?) };
            return Ok(Table::Int8(Int8 { rows, scales }));
        }
        let x = memory.any_matrix(view, names)?;
        if !scales.is_null() {
            return Err(Error::new(Status::InvalidArgument, scales_name).integer(element_type.into()));
        }
        Ok(Table::Real(x))
    }
}

/// The tables of a call.
struct Tables<'a> {
    left: Table<'a>,
    right: Table<'a>,
    options: ScoreOptions<'a>,
}

/// # Safety
/// As [`table`]; `options` is NULL or points to as many bytes as its first field says.
unsafe fn tables<'a, const N: usize>(
    memory: &mut Memory<N>,
    left: *const avocet_matrix,
    right: *const avocet_matrix,
    options: *const avocet_score_options,
) -> Result<Tables<'a>, Error> {
    const METRICS: [(i32, Metric); 2] =
        [(AVOCET_METRIC_DOT, Metric::Dot), (AVOCET_METRIC_COSINE, Metric::Cosine)];
    // SAFETY: as this function.
    unsafe {
        let options = load_options(options, c"options")?;
        let metric = one_of(&METRICS, options.metric, c"options.metric")?;
        let left = table(memory, left, matrix_names!("left"), options.left_scales, c"options.left_scales")?;
        let right =
            table(memory, right, matrix_names!("right"), options.right_scales, c"options.right_scales")?;
        let second = if options.second_left.is_null() && options.second_right.is_null() {
            // What only second tables use must not be given without them.
            let used = [
                (!options.second_left_scales.is_null(), c"options.second_left"),
                (!options.second_right_scales.is_null(), c"options.second_right"),
                (options.factor != 0.0 || options.second_factor != 0.0, c"options.second_left"),
            ];
            if let Some((_, name)) = used.into_iter().find(|(used, _)| *used) {
                return Err(Error::new(Status::NullPointer, name));
            }
            None
        } else {
            let left = table(
                memory,
                options.second_left,
                matrix_names!("options.second_left"),
                options.second_left_scales,
                c"options.second_left_scales",
            )?;
            let right = table(
                memory,
                options.second_right,
                matrix_names!("options.second_right"),
                options.second_right_scales,
                c"options.second_right_scales",
            )?;
            Some(Second { left, right, factor: options.factor, second_factor: options.second_factor })
        };
        Ok(Tables { left, right, options: ScoreOptions { metric, second } })
    }
}

/// `out[i]` = the score of rows `u[i]` of `left` and `v[i]` of `right`.
///
/// Shapes: `left` and `right` have d columns; `u` and `v` have one length, and `out` holds as many f32. Each side is
/// AVOCET_F32, AVOCET_F16 or AVOCET_BF16, widened exactly; or both are AVOCET_I8 with d at most 131071, so that no sum
/// overflows. `options` may be NULL: dot products.
///
/// Order: a dot product is LANES16 in f32, so that the last bits can differ from those of `avocet_top_k`; of int8 it is an
/// exact integer, times scales as `(left_scale * right_scale) * sum`. The cosine is `dot / (sqrt(uu) * sqrt(vv))` in f64 of
/// three such sums (of int8 without scales), rounded to f32; 0 where `uu` or `vv` is 0 (a row of zeros, or of values whose
/// squares all underflow), unless the dot is NaN. With second tables a score is
/// `(factor * score) + (second_factor * second score)`, each operation rounded to f32, both scores by the same metric. NaN
/// results are canonical. Threads: pairs are shared among the pool's threads; nothing is allocated. Time: d fused operations
/// a pair and table (three times as many for the cosine), or the time that the rows take from memory.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE with the first bad position of `u` or `v` and its value,
/// SHAPE_MISMATCH (also `options.second_left.rows` and its like), INVALID_ARGUMENT (type: also int8 on one side only;
/// scales of rows that are not int8; metric; alignment), NULL_POINTER (also one second table without the other, or what
/// belongs to second tables without them), NOT_FINITE (`options.factor`, `options.second_factor`), STRUCT_SIZE,
/// SIZE_OVERFLOW (also too many columns of int8, 2^32 rows or more), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_score_pairs(
    left: *const avocet_matrix,
    right: *const avocet_matrix,
    u: *const avocet_indices,
    v: *const avocet_indices,
    options: *const avocet_score_options,
    out: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<11>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let tables = tables(&mut memory, left, right, options)?;
            let u = memory.indices(u, index_names!("u"))?;
            let v = memory.indices(v, index_names!("v"))?;
            let out = memory.write(out, u.len(), c"out")?;
            score_pairs(tables.left, tables.right, u, v, tables.options, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![left, right, u, v, options, out, pool], call) }
}

/// `out[e]` = the score of row i of `left` and row `csr.indices[e]` of `right`, for each edge e of each row i of `csr`:
/// the candidates of each source, to be ranked again.
///
/// Shapes: `csr` has as many rows as `left` and as many columns as `right` has rows; `out` holds one f32 for each edge.
/// Scores are those of `avocet_score_pairs`, bit for bit, and so are types, options, order, threads and cost; the row of
/// `left` stays in cache while its candidates are scored. Nothing is allocated, and no graph is made of `csr`: it is
/// checked in each call.
///
/// Errors, before `out` is touched: those of `avocet_score_pairs`, with the first bad candidate as INDEX_OUT_OF_RANGE of
/// `csr.indices`; INVALID_OFFSETS (`csr.offsets`) with the first bad position and its value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_score_candidates(
    left: *const avocet_matrix,
    right: *const avocet_matrix,
    csr: *const avocet_csr,
    options: *const avocet_score_options,
    out: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<11>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let tables = tables(&mut memory, left, right, options)?;
            let csr = memory.csr(csr)?;
            let out = memory.write(out, csr.indices.len(), c"out")?;
            score_candidates(tables.left, tables.right, csr, tables.options, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![left, right, csr, options, out, pool], call) }
}

/// `out[i][j]` = the score of row i of `left` and row j of `right`: one or many queries against all targets.
///
/// Shapes: `left` is q x d, `right` is n x d, `out` is q x n, AVOCET_F32. Scores are those of `avocet_score_pairs`, bit for
/// bit, and so are types, options and order. Threads: rows of `out`, or for few rows parts of them, are shared among the
/// pool's threads; nothing is allocated. Time: q * n * d fused operations.
///
/// Errors, before `out` is touched: those of `avocet_score_pairs` without INDEX_OUT_OF_RANGE; SHAPE_MISMATCH also of
/// `out.rows` and `out.cols`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_score_matrix(
    left: *const avocet_matrix,
    right: *const avocet_matrix,
    options: *const avocet_score_options,
    out: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<9>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let tables = tables(&mut memory, left, right, options)?;
            let out = memory.matrix_mut(out, matrix_names!("out"))?;
            score_matrix(tables.left, tables.right, tables.options, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![left, right, options, out, pool], call) }
}
