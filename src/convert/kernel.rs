//! Straight loops of the family. They trust their arguments: `mod.rs` has checked them.

use crate::element::Element;
use crate::simd::order::dot;
use crate::simd::{LANES, Simd, canonical};
use crate::view::{AnyMatrix, AnyMatrixMut, Matrix, MatrixMut};

/// Each element as the nearest of the output's type.
#[inline(always)]
pub(crate) fn convert<S: Simd>(s: S, x: AnyMatrix<'_>, out: AnyMatrixMut<'_>) {
    match x {
        AnyMatrix::F32(x) => convert_from(s, x, out),
        AnyMatrix::F16(x) => convert_from(s, x, out),
        AnyMatrix::Bf16(x) => convert_from(s, x, out),
    }
}

#[inline(always)]
fn convert_from<S: Simd, A: Element>(s: S, x: Matrix<'_, A>, out: AnyMatrixMut<'_>) {
    match out {
        AnyMatrixMut::F32(out) => convert_rows(s, x, out),
        AnyMatrixMut::F16(out) => convert_rows(s, x, out),
        AnyMatrixMut::Bf16(out) => convert_rows(s, x, out),
    }
}

#[inline(always)]
fn convert_rows<S: Simd, A: Element, B: Element>(s: S, x: Matrix<'_, A>, mut out: MatrixMut<'_, B>) {
    for i in 0..x.rows() {
        let (from, from_tail) = x.row(i).as_chunks();
        let (to, to_tail) = out.row_mut(i).as_chunks_mut();
        for (from, to) in from.iter().zip(to) {
            B::store(s, to, A::load(s, from));
        }
        if !from_tail.is_empty() {
            B::store_part(s, to_tail, A::load_part(s, from_tail));
        }
    }
}

/// The greatest magnitude of a row; anything else than a finite number if one of its elements is none.
#[inline(always)]
fn greatest<S: Simd, A: Element>(s: S, row: &[A]) -> f32 {
    let (row, tail) = row.as_chunks();
    let (row4, row1) = row.as_chunks::<4>();
    // As integers the magnitudes have the order of the numbers, with infinities and NaN above them.
    let mut most = [s.zero(); 4];
    for row in row4 {
        for i in 0..4 {
            most[i] = s.max_i32(s.abs(A::load(s, &row[i])), most[i]);
        }
    }
    for row in row1 {
        most[0] = s.max_i32(s.abs(A::load(s, row)), most[0]);
    }
    if !tail.is_empty() {
        most[0] = s.max_i32(s.abs(A::load_part(s, tail)), most[0]);
    }
    let most = s.max_i32(s.max_i32(most[0], most[1]), s.max_i32(most[2], most[3]));
    let mut lanes = [0.0; LANES];
    s.store(&mut lanes, most);
    let mut bits = 0;
    for lane in lanes {
        bits = lane.to_bits().max(bits);
    }
    f32::from_bits(bits)
}

/// Rows as integers and scales, none below `least`: one for each row, or the greatest of these for all. False, and no row
/// written from there on, at a row with an element that is not finite.
#[inline(always)]
pub(crate) fn quantize<S: Simd>(
    s: S,
    x: AnyMatrix<'_>,
    least: f32,
    one: bool,
    out: MatrixMut<'_, i8>,
    scales: &mut [f32],
) -> bool {
    match x {
        AnyMatrix::F32(x) => quantize_rows(s, x, least, one, out, scales),
        AnyMatrix::F16(x) => quantize_rows(s, x, least, one, out, scales),
        AnyMatrix::Bf16(x) => quantize_rows(s, x, least, one, out, scales),
    }
}

/// The scale of a row of this greatest magnitude.
#[inline(always)]
fn scale_of(greatest: f32, least: f32) -> f32 {
    let scale = greatest / 127.0;
    if scale > least { scale } else { least }
}

#[inline(always)]
fn quantize_rows<S: Simd, A: Element>(
    s: S,
    x: Matrix<'_, A>,
    mut least: f32,
    one: bool,
    mut out: MatrixMut<'_, i8>,
    scales: &mut [f32],
) -> bool {
    if one {
        for i in 0..scales.len() {
            let greatest = greatest(s, x.row(i));
            if !greatest.is_finite() {
                return false;
            }
            least = scale_of(greatest, least);
        }
    }
    let (low, high) = (s.splat(-127.0), s.splat(127.0));
    for (i, to_scale) in scales.iter_mut().enumerate() {
        let greatest = if one { 0.0 } else { greatest(s, x.row(i)) };
        if !greatest.is_finite() {
            return false;
        }
        let scale = scale_of(greatest, least);
        *to_scale = scale;
        if scale == 0.0 {
            out.row_mut(i).fill(0);
            continue;
        }
        let scale = s.splat(scale);
        let (from, from_tail) = x.row(i).as_chunks();
        let (to, to_tail) = out.row_mut(i).as_chunks_mut();
        for (from, to) in from.iter().zip(to) {
            let q = s.div(A::load(s, from), scale);
            s.store_i8(to, s.max(s.min(q, high), low));
        }
        if !from_tail.is_empty() {
            let q = s.div(A::load_part(s, from_tail), scale);
            s.store_i8_part(to_tail, s.max(s.min(q, high), low));
        }
    }
    true
}

/// `scale * q`.
#[inline(always)]
pub(crate) fn dequantize<S: Simd>(s: S, x: Matrix<'_, i8>, scales: &[f32], mut out: MatrixMut<'_>) {
    for (i, &scale) in scales.iter().enumerate() {
        let scale = s.splat(scale);
        let (from, from_tail) = x.row(i).as_chunks();
        let (to, to_tail) = out.row_mut(i).as_chunks_mut();
        for (from, to) in from.iter().zip(to) {
            s.store(to, s.canonical(s.mul(scale, s.load_i8(from))));
        }
        if !from_tail.is_empty() {
            s.store_part(to_tail, s.canonical(s.mul(scale, s.load_i8_part(from_tail))));
        }
    }
}

/// The square root of the `LANES16` sum of the squares of each row.
#[inline(always)]
pub(crate) fn norms<S: Simd>(s: S, x: AnyMatrix<'_>, out: &mut [f32]) {
    match x {
        AnyMatrix::F32(x) => norms_of(s, x, out),
        AnyMatrix::F16(x) => norms_of(s, x, out),
        AnyMatrix::Bf16(x) => norms_of(s, x, out),
    }
}

#[inline(always)]
fn norms_of<S: Simd, A: Element>(s: S, x: Matrix<'_, A>, out: &mut [f32]) {
    for (i, out) in out.iter_mut().enumerate() {
        *out = canonical(dot(s, x.row(i), x.row(i)).sqrt());
    }
}
