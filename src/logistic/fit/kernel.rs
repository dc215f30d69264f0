//! Straight loops over the vectors of the optimiser.

use crate::simd::{LANES, Simd};

/// `sum of a[i] * b[i]` in f64, where the products are exact: element i goes to lane i mod 16, the lanes are added 8, then
/// 4, 2 and 1 apart.
#[inline(always)]
pub(crate) fn dot<S: Simd>(_: S, a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0; LANES];
    let (a16, a_tail) = a.as_chunks::<LANES>();
    let (b16, b_tail) = b.as_chunks::<LANES>();
    for (a, b) in a16.iter().zip(b16) {
        for i in 0..LANES {
            sums[i] += f64::from(a[i]) * f64::from(b[i]);
        }
    }
    for (i, (&a, &b)) in a_tail.iter().zip(b_tail).enumerate() {
        sums[i] += f64::from(a) * f64::from(b);
    }
    let mut apart = LANES / 2;
    while apart > 0 {
        for i in 0..apart {
            sums[i] += sums[i + apart];
        }
        apart /= 2;
    }
    sums[0]
}

/// `y[i] += scale * x[i]`, fused.
#[inline(always)]
pub(crate) fn add<S: Simd>(s: S, scale: f32, x: &[f32], y: &mut [f32]) {
    let scale = s.splat(scale);
    for (x, y) in x.chunks(LANES).zip(y.chunks_mut(LANES)) {
        let sum = s.fma(scale, s.load_part(x), s.load_part(y));
        s.store_part(y, s.canonical(sum));
    }
}

/// `y[i] = scale * y[i] / x[i]`.
#[inline(always)]
pub(crate) fn divide<S: Simd>(s: S, scale: f32, x: &[f32], y: &mut [f32]) {
    let scale = s.splat(scale);
    for (x, y) in x.chunks(LANES).zip(y.chunks_mut(LANES)) {
        let share = s.div(s.mul(scale, s.load_part(y)), s.load_part(x));
        s.store_part(y, s.canonical(share));
    }
}
