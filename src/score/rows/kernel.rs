//! Scores of rows by ids. The loops trust their arguments: `rows.rs` has checked them.

use super::{Int8, Metric};
use crate::element::Element;
use crate::simd::order::dot;
use crate::simd::{LANES, Simd, canonical};
use crate::view::{AnyMatrix, Matrix};

/// Bytes of one table that are asked for ahead of their use.
const AHEAD_BYTES: usize = 8 * 1024;

/// The most rows of one table that are asked for ahead of their use.
pub(crate) const MOST_AHEAD: usize = 64;

/// How many rows of a table to look ahead.
#[inline(always)]
fn ahead<T>(cols: usize) -> usize {
    (AHEAD_BYTES / (cols * size_of::<T>()).max(1)).clamp(1, MOST_AHEAD)
}

/// Asks for the row whose id is `ahead` after the one at `at`, unless the id before it is the same.
#[inline(always)]
fn ask<S: Simd, T: Copy>(s: S, x: Matrix<'_, T>, ids: &[u32], at: usize, ahead: usize) {
    let at = at + ahead;
    if at < ids.len() && ids[at] != ids[at - 1] {
        let row = x.row(ids[at] as usize);
        s.prefetch(row);
        // A row that does not begin with a cache line ends in one more.
        s.prefetch(&row[row.len().saturating_sub(1)..]);
    }
}

/// `dot / (sqrt(left) * sqrt(right))` in f64; 0 where a sum of squares is 0.
#[inline(always)]
fn cosine(dot: f64, left: f64, right: f64) -> f32 {
    if (left == 0.0 || right == 0.0) && !dot.is_nan() {
        return 0.0;
    }
    canonical((dot / (left.sqrt() * right.sqrt())) as f32)
}

/// `out[i]` from rows `u[i]` and `v[i]`. The ids may go on beyond `out`: those rows are asked for.
#[inline(always)]
pub(crate) fn pairs<S: Simd>(
    s: S,
    left: AnyMatrix<'_>,
    right: AnyMatrix<'_>,
    metric: Metric,
    u: &[u32],
    v: &[u32],
    out: &mut [f32],
) {
    match left {
        AnyMatrix::F32(left) => pairs_from(s, left, right, metric, u, v, out),
        AnyMatrix::F16(left) => pairs_from(s, left, right, metric, u, v, out),
        AnyMatrix::Bf16(left) => pairs_from(s, left, right, metric, u, v, out),
    }
}

#[inline(always)]
fn pairs_from<S: Simd, A: Element>(
    s: S,
    left: Matrix<'_, A>,
    right: AnyMatrix<'_>,
    metric: Metric,
    u: &[u32],
    v: &[u32],
    out: &mut [f32],
) {
    match right {
        AnyMatrix::F32(right) => pairs_of(s, left, right, metric, u, v, out),
        AnyMatrix::F16(right) => pairs_of(s, left, right, metric, u, v, out),
        AnyMatrix::Bf16(right) => pairs_of(s, left, right, metric, u, v, out),
    }
}

#[inline(always)]
fn pairs_of<S: Simd, A: Element, B: Element>(
    s: S,
    left: Matrix<'_, A>,
    right: Matrix<'_, B>,
    metric: Metric,
    u: &[u32],
    v: &[u32],
    out: &mut [f32],
) {
    let (left_ahead, right_ahead) = (ahead::<A>(left.cols()), ahead::<B>(right.cols()));
    for (i, out) in out.iter_mut().enumerate() {
        ask(s, left, u, i, left_ahead);
        ask(s, right, v, i, right_ahead);
        let (a, b) = (left.row(u[i] as usize), right.row(v[i] as usize));
        let value = dot(s, a, b);
        *out = match metric {
            Metric::Dot => canonical(value),
            Metric::Cosine => cosine(value.into(), dot(s, a, a).into(), dot(s, b, b).into()),
        };
    }
}

/// The exact dot product of integers, at most [`super::MOST_INT8_COLUMNS`] of them.
#[inline(always)]
fn dot_i8<S: Simd>(s: S, a: &[i8], b: &[i8]) -> i32 {
    let (a, a_tail) = a.as_chunks::<{ 2 * LANES }>();
    let (b, b_tail) = b.as_chunks::<{ 2 * LANES }>();
    let mut sums = [s.zero(); 2];
    let (a2, a1) = a.as_chunks::<2>();
    let (b2, b1) = b.as_chunks::<2>();
    for (a, b) in a2.iter().zip(b2) {
        for i in 0..2 {
            sums[i] = s.dot_i8(&a[i], &b[i], sums[i]);
        }
    }
    for (a, b) in a1.iter().zip(b1) {
        sums[0] = s.dot_i8(a, b, sums[0]);
    }
    let mut sum = s.sum_i32(s.add_i32(sums[0], sums[1]));
    for (&a, &b) in a_tail.iter().zip(b_tail) {
        sum += i32::from(a) * i32::from(b);
    }
    sum
}

/// As [`pairs`], of integers.
#[inline(always)]
pub(crate) fn pairs_int8<S: Simd>(
    s: S,
    left: Int8<'_>,
    right: Int8<'_>,
    metric: Metric,
    u: &[u32],
    v: &[u32],
    out: &mut [f32],
) {
    let (left_ahead, right_ahead) = (ahead::<i8>(left.rows.cols()), ahead::<i8>(right.rows.cols()));
    for (i, out) in out.iter_mut().enumerate() {
        ask(s, left.rows, u, i, left_ahead);
        ask(s, right.rows, v, i, right_ahead);
        let (a, b) = (left.rows.row(u[i] as usize), right.rows.row(v[i] as usize));
        let value = dot_i8(s, a, b);
        *out = match metric {
            Metric::Dot => canonical((left.scale(u[i]) * right.scale(v[i])) * value as f32),
            Metric::Cosine => cosine(value.into(), dot_i8(s, a, a).into(), dot_i8(s, b, b).into()),
        };
    }
}
