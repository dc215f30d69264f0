//! C entry points of the family.

#![allow(unsafe_code)]

use super::{convert, dequantize_rows, quantize_rows, row_norms};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Memory, matrix_names};
use crate::ffi::views::{avocet_matrix, avocet_matrix_mut};

/// Each element of `x` as the nearest value of the element type of `out`.
///
/// Shapes: `x` and `out` are n x d, each AVOCET_F32, AVOCET_F16 or AVOCET_BF16. Widening is exact. Narrowing rounds to
/// nearest, ties to even, subnormals included; beyond the range it gives infinities. NaN results are canonical
/// (0x7fc00000, 0x7e00, 0x7fc0). Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`out.rows`, `out.cols`, a stride), INVALID_ARGUMENT (type,
/// alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_convert(
    x: *const avocet_matrix,
    out: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let x = memory.any_matrix(x, matrix_names!("x"))?;
            let out = memory.any_matrix_mut(out, matrix_names!("out"))?;
            convert(x, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![x, out, pool], call) }
}

/// Each row of `x` as integers and a scale: `x[i][j]` is about `scales[i] * out[i][j]`.
///
/// Shapes: `x` is n x d, AVOCET_F32, AVOCET_F16 or AVOCET_BF16; `out` is n x d, AVOCET_I8; `scales` holds n.
/// `scales[i] = max_j |x[i][j]| / 127` in f32, and `out[i][j]` is the f32 quotient `x[i][j] / scales[i]`, kept within
/// -127..127 and rounded to the nearest integer, ties to even; the error is about half a scale (more only where the scale
/// is subnormal). Rows of zeros have scale 0 and zeros; so have rows whose scale rounds to 0. Threads: rows are shared
/// among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors: NOT_FINITE (the first row of `x` with a NaN or an infinity, and that element, found on the way, so `out` and
/// `scales` are unspecified then); before anything is touched SHAPE_MISMATCH (`out.rows`, `out.cols`, a stride),
/// INVALID_ARGUMENT (type, alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_quantize_rows(
    x: *const avocet_matrix,
    out: *const avocet_matrix_mut,
    scales: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let x = memory.any_matrix(x, matrix_names!("x"))?;
            let out = memory.int8_matrix_mut(out, matrix_names!("out"))?;
            let scales = memory.write(scales, x.rows(), c"scales")?;
            quantize_rows(x, out, scales, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![x, out, scales, pool], call) }
}

/// `out[i][j] = scales[i] * x[i][j]`.
///
/// Shapes: `x` is n x d, AVOCET_I8; `scales` holds n; `out` is n x d, AVOCET_F32. One f32 product each; NaN results are
/// canonical. Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`out.rows`, `out.cols`, a stride), INVALID_ARGUMENT (type,
/// alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dequantize_rows(
    x: *const avocet_matrix,
    scales: *const f32,
    out: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let x = memory.int8_matrix(x, matrix_names!("x"))?;
            let scales = memory.read(scales, x.rows(), c"scales")?;
            let out = memory.matrix_mut(out, matrix_names!("out"))?;
            dequantize_rows(x, scales, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![x, scales, out, pool], call) }
}

/// `out[i] = sqrt(sum_j x[i][j]^2)`.
///
/// Shapes: `x` is n x d, AVOCET_F32, AVOCET_F16 or AVOCET_BF16; `out` holds n f32. Order of the sum: LANES16 in f32, so
/// squares beyond the range of f32 give infinity and those below it 0. NaN results are canonical. Threads: rows are shared
/// among the pool's threads; nothing is allocated. Time: d fused operations a row.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`x.stride`), INVALID_ARGUMENT (type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_row_norms(
    x: *const avocet_matrix,
    out: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let x = memory.any_matrix(x, matrix_names!("x"))?;
            let out = memory.write(out, x.rows(), c"out")?;
            row_norms(x, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![x, out, pool], call) }
}
