//! From f32 to bytes with a scale, and what is lost by it.

use crate::simd::dispatch::Kernels;
use crate::view::{Matrix, MatrixMut};

/// The least scale: products of two, and of what is one over them, are normal numbers.
const LEAST_SCALE: f32 = 1.0 / (1u64 << 60) as f32;

/// Rows as multiples of their scales, the greatest magnitude / 127, or all of the greatest of these scales. False if an element
/// is not finite.
pub(super) fn rows(
    kernels: &Kernels,
    rows: Matrix<'_>,
    one: bool,
    bytes: MatrixMut<'_, i8>,
    scales: &mut [f32],
) -> bool {
    kernels.quantize(rows.into(), LEAST_SCALE, one, bytes, scales)
}

/// The least f32 that is not below.
pub(super) fn up(x: f64) -> f32 {
    let v = x as f32;
    if f64::from(v) < x { v.next_up() } else { v }
}

/// Rounding of a sum of squares in f64 and of its root, for up to 2^32 of them.
const ABOVE: f64 = 1.0 + 1e-6;

/// Values whose squares are summed in one run. The bounds are saved with an index, so that it may not change.
const RUN: usize = 256;

/// Not less than the norm of a row, and than that of what its bytes differ from it by.
pub(super) fn norms(row: &[f32], scale: f32, bytes: &[i8]) -> [f64; 2] {
    let [mut square, mut square_error] = [0.0; 2];
    for (values, bytes) in row.chunks(RUN).zip(bytes.chunks(RUN)) {
        let (mut sum, mut error) = (0.0, 0.0);
        for (&v, &byte) in values.iter().zip(bytes) {
            let (v, stands) = (f64::from(v), f64::from(scale) * f64::from(byte));
            sum += v * v;
            error += (v - stands) * (v - stands);
        }
        let [a, b] = [sum, error].map(|sum| sum.sqrt() * ABOVE);
        square += a * a;
        square_error += b * b;
    }
    // Roots and squares of the runs round a little.
    [square, square_error].map(|square| square.sqrt() * (1.0 + 1e-9))
}
