//! Conversions between the types in which rows are stored, and norms of rows.

pub(crate) mod ffi;
pub(crate) mod kernel;
#[cfg(test)]
mod tests;

use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool};
use crate::simd::dispatch::kernels;
use crate::view::{AnyMatrix, AnyMatrixMut, Matrix, MatrixMut};
use std::sync::atomic::{AtomicBool, Ordering};

/// Elementary operations of a matrix: a vector of 16 elements each, and a few a row.
fn work(rows: usize, cols: usize) -> usize {
    rows.saturating_mul(cols.div_ceil(16) + 4)
}

/// Each element of `x` as the nearest value of the type of `out`.
///
/// Shapes: both matrices `n x d`, of any element types. Widening is exact. Narrowing rounds to nearest, ties to even,
/// subnormals included; beyond the range it gives infinities. NaN results are canonical (0x7fc00000, 0x7e00, 0x7fc0).
/// Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: sizes that do not fit.
pub fn convert(x: AnyMatrix<'_>, out: AnyMatrixMut<'_>, pool: Option<&Pool>) -> Result<(), Error> {
    check_size(out.rows(), x.rows(), c"out.rows")?;
    check_size(out.cols(), x.cols(), c"out.cols")?;
    let kernels = kernels();
    let parts = pool::parts(pool, work(x.rows(), x.cols()));
    pool::for_rows(pool, parts, 0..x.rows(), pool::even, out, &mut [], |range, out, _| {
        kernels.convert(x.slice(range.start, range.end), out);
    });
    Ok(())
}

/// Each row of `x` as integers and a scale: `x[i][j]` is about `scales[i] * out[i][j]`.
///
/// Shapes: `x` and `out` are `n x d`, `scales` holds n. `scales[i] = max_j |x[i][j]| / 127` in f32, and `out[i][j]` is the
/// f32 quotient `x[i][j] / scales[i]`, kept within -127..127 and rounded to the nearest integer, ties to even; the error is
/// about half a scale (more only where the scale is subnormal). Rows of zeros have scale 0 and zeros; so have rows whose
/// scale rounds to 0. Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors: sizes that do not fit; the first row that holds a NaN or an infinity ([`Status::NotFinite`], found on the way:
/// the outputs are unspecified then).
pub fn quantize_rows(
    x: AnyMatrix<'_>,
    out: MatrixMut<'_, i8>,
    scales: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_size(out.rows(), x.rows(), c"out.rows")?;
    check_size(out.cols(), x.cols(), c"out.cols")?;
    check_size(scales.len(), x.rows(), c"scales")?;
    let kernels = kernels();
    let parts = pool::parts(pool, work(x.rows(), x.cols()));
    let finite = AtomicBool::new(true);
    pool::for_rows(
        pool,
        parts,
        0..x.rows(),
        pool::even,
        (out, scales),
        &mut [],
        |range, (out, scales), _| {
            if !kernels.quantize(x.slice(range.start, range.end), 0.0, false, out, scales) {
                finite.store(false, Ordering::Relaxed);
            }
        },
    );
    if finite.into_inner() { Ok(()) } else { Err(first_not_finite(x)) }
}

/// The first row with an element that is not finite, and that element.
fn first_not_finite(x: AnyMatrix<'_>) -> Error {
    for i in 0..x.rows() {
        for j in 0..x.cols() {
            let value = match x {
                AnyMatrix::F32(x) => x.row(i)[j],
                AnyMatrix::F16(x) => x.row(i)[j].to_f32(),
                AnyMatrix::Bf16(x) => x.row(i)[j].to_f32(),
            };
            if !value.is_finite() {
                return Error::new(Status::NotFinite, c"x").at(i).real(value.into());
            }
        }
    }
    Error::new(Status::Internal, c"x")
}

/// `out[i][j] = scales[i] * x[i][j]`.
///
/// Shapes: `x` and `out` are `n x d`, `scales` holds n. One f32 product each; NaN results are canonical. Threads: rows are
/// shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: sizes that do not fit.
pub fn dequantize_rows(
    x: Matrix<'_, i8>,
    scales: &[f32],
    out: MatrixMut<'_>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_size(scales.len(), x.rows(), c"scales")?;
    check_size(out.rows(), x.rows(), c"out.rows")?;
    check_size(out.cols(), x.cols(), c"out.cols")?;
    let kernels = kernels();
    let parts = pool::parts(pool, work(x.rows(), x.cols()));
    pool::for_rows(pool, parts, 0..x.rows(), pool::even, out, &mut [], |range, out, _| {
        kernels.dequantize(x.slice(range.start, range.end), &scales[range], out);
    });
    Ok(())
}

/// `out[i] = sqrt(sum_j x[i][j]^2)`.
///
/// Shapes: `x` is `n x d` of any element type, `out` holds n. Order of the sum: `LANES16` in f32, so squares beyond the
/// range of f32 give infinity and those below it 0. NaN results are canonical. Threads: rows are shared among the pool's
/// threads; nothing is allocated. Time: `d` fused operations a row.
///
/// Errors, before `out` is touched: sizes that do not fit.
pub fn row_norms(x: AnyMatrix<'_>, out: &mut [f32], pool: Option<&Pool>) -> Result<(), Error> {
    check_size(out.len(), x.rows(), c"out")?;
    let kernels = kernels();
    let parts = pool::parts(pool, work(x.rows(), x.cols()));
    pool::for_rows(pool, parts, 0..x.rows(), pool::even, out, &mut [], |range, out, _| {
        kernels.row_norms(x.slice(range.start, range.end), out);
    });
    Ok(())
}
