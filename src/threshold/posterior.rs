//! The kernels of uncertainty. They trust their arguments: `uncertainty.rs` has checked them.

use crate::simd::math::{log, log1p};
use crate::simd::{CANONICAL_NAN, LANES, Simd};
use crate::view::Matrix;

/// Mean and variance over each row: see [`super::moments`]. `divisor` is that of the variance.
#[inline(always)]
pub(crate) fn moments<S: Simd>(
    s: S,
    x: Matrix<'_>,
    divisor: f32,
    mean: &mut [f32],
    mut variance: Option<&mut [f32]>,
) {
    let (m, columns) = (x.cols(), s.splat(x.cols() as f32));
    for first in (0..x.rows()).step_by(LANES) {
        let rows = (x.rows() - first).min(LANES);
        let mut shift = s.zero();
        let (mut sum, mut squares) = (s.zero(), s.zero());
        for at in (0..m).step_by(LANES) {
            let width = (m - at).min(LANES);
            let mut tile = [s.zero(); LANES];
            let mut row = 0;
            while row < rows {
                tile[row] = s.load_part(&x.row(first + row)[at..at + width]);
                row += 1;
            }
            let tile = s.transpose(tile);
            if at == 0 {
                shift = tile[0];
            }
            let mut column = 0;
            while column < width {
                let d = s.sub(tile[column], shift);
                sum = s.add(sum, d);
                squares = s.fma(d, d, squares);
                column += 1;
            }
        }
        let over = s.div(sum, columns);
        let to = first..first + rows;
        s.store_part(&mut mean[to.clone()], s.canonical(s.add(shift, over)));
        if let Some(variance) = &mut variance {
            let v = s.div(s.fma(over, s.sub(s.zero(), sum), squares), s.splat(divisor));
            let v = s.select(s.less(v, s.zero()), s.zero(), v);
            s.store_part(&mut variance[to], s.canonical(v));
        }
    }
}

/// Entropies of probabilities; false if one is not in [0, 1].
#[inline(always)]
pub(crate) fn entropy<S: Simd>(s: S, p: &[f32], out: &mut [f32]) -> bool {
    let (zero, one) = (s.zero(), s.splat(1.0));
    let mut good = true;
    for (p, out) in p.chunks(LANES).zip(out.chunks_mut(LANES)) {
        let p = s.load_part(p);
        good &= s.bits(s.at_least(p, zero)) & s.bits(s.at_least(one, p)) == u16::MAX;
        let rest = s.sub(one, p);
        let ends = s.mul(p, rest);
        let of_p = s.mul(p, log(s, p));
        let h = s.sub(zero, s.fma(rest, log1p(s, s.sub(zero, p)), of_p));
        // 0 times an infinite logarithm.
        let h = s.select(s.less(zero, rest), h, zero);
        let h = s.select(s.less(zero, p), h, zero);
        let h = s.select(s.equal(ends, ends), h, s.splat(CANONICAL_NAN));
        s.store_part(out, s.canonical(h));
    }
    good
}

/// f64 values side by side: plain loops, which each tier compiles to its own vectors.
type Row = [f64; LANES];

/// Bits of sqrt(1/2), where a logarithm's exponent changes.
const SQRT_HALF: i64 = 0x3fe6_a09e_667f_3bcd;

/// Natural logarithm of positive normal values, within 2 ULP or 2e-16: with `x = m 2^e` and m in [sqrt(1/2), sqrt(2)),
/// `f = (m - 1) / (m + 1)` and z its square, `e ln 2 + 2 f (1 + z / 3 + z^2 / 5 + ... + z^10 / 21)`.
#[inline(always)]
fn ln(x: Row) -> Row {
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        // Rows that are refused come here too: whatever they give is not used.
        let bits = x[i].to_bits() as i64;
        let e = bits.wrapping_sub(SQRT_HALF) >> 52;
        let m = f64::from_bits(bits.wrapping_sub(e << 52) as u64);
        let f = (m - 1.0) / (m + 1.0);
        let z = f * f;
        let mut series = 1.0 / 21.0;
        let mut odd = 19.0;
        while odd > 0.0 {
            series = series * z + 1.0 / odd;
            odd -= 2.0;
        }
        out[i] = f64::from(e as i32) * std::f64::consts::LN_2 + 2.0 * f * series;
    }
    out
}

/// `lgamma(x) + x - (x - k) psi(x)`, which grows like a logarithm only.
///
/// Where x < 8, from `y = x + 8` by the recurrences `lgamma(x) = lgamma(y) - ln P` and `psi(x) = psi(y) - P' / P` with
/// `P = x (x + 1) ... (x + 7)`. Stirling's series at y, in which `y ln y` cancels:
/// `lgamma(y) = (y - 1/2) ln y - y + ln(2 pi) / 2 + phi(y)` and `psi(y) = ln y - 1 / (2 y) - chi(y)` (Abramowitz and
/// Stegun, 6.1.40 and 6.3.18), with terms to `y^-13` and `y^-14`: what is left out is below 3e-15 from 8 on.
#[inline(always)]
fn term(x: Row, k: f64) -> Row {
    let (mut y, mut product, mut slope, mut shift) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        let low = x[i] < 8.0;
        let (mut p, mut q) = (x[i], 1.0);
        let mut step = 1.0;
        while step < 8.0 {
            let factor = x[i] + step;
            q = q * factor + p;
            p *= factor;
            step += 1.0;
        }
        product[i] = if low { p } else { 1.0 };
        slope[i] = if low { q / p } else { 0.0 };
        shift[i] = if low { 8.0 } else { 0.0 };
        y[i] = x[i] + shift[i];
    }
    let (ln_y, ln_product) = (ln(y), ln(product));
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let r = 1.0 / y[i];
        let z = r * r;
        let mut phi = 1.0 / 156.0;
        phi = phi * z - 691.0 / 360_360.0;
        phi = phi * z + 1.0 / 1_188.0;
        phi = phi * z - 1.0 / 1_680.0;
        phi = phi * z + 1.0 / 1_260.0;
        phi = phi * z - 1.0 / 360.0;
        phi = phi * z + 1.0 / 12.0;
        let mut chi = 1.0 / 12.0;
        chi = chi * z - 691.0 / 32_760.0;
        chi = chi * z + 1.0 / 132.0;
        chi = chi * z - 1.0 / 240.0;
        chi = chi * z + 1.0 / 252.0;
        chi = chi * z - 1.0 / 120.0;
        chi = chi * z + 1.0 / 12.0;
        let growth = (shift[i] + k - 0.5) * ln_y[i] - ln_product[i];
        let of_psi = (x[i] - k) * (0.5 * r + chi * z + slope[i]);
        out[i] = growth + of_psi + phi * r + (HALF_LN_TAU - shift[i]);
    }
    out
}

/// `ln(2 pi) / 2`.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// Mean and entropy of Beta(a, b): see [`super::beta`]. False if an a or b is not in (0, 1e8].
#[inline(always)]
pub(crate) fn beta<S: Simd>(
    _: S,
    a: &[f32],
    b: &[f32],
    mut mean: Option<&mut [f32]>,
    mut entropy: Option<&mut [f32]>,
) -> bool {
    let mut good = true;
    for first in (0..a.len()).step_by(LANES) {
        let n = (a.len() - first).min(LANES);
        let (mut left, mut right, mut sum) = ([1.0; LANES], [1.0; LANES], [2.0; LANES]);
        for i in 0..n {
            let (a, b) = (a[first + i], b[first + i]);
            good &= a > 0.0 && a <= 1e8 && b > 0.0 && b <= 1e8;
            (left[i], right[i]) = (f64::from(a), f64::from(b));
            sum[i] = left[i] + right[i];
        }
        if let Some(mean) = &mut mean {
            for (i, mean) in mean[first..first + n].iter_mut().enumerate() {
                *mean = (left[i] / sum[i]) as f32;
            }
        }
        if let Some(entropy) = &mut entropy {
            let (left, right, sum) = (term(left, 1.0), term(right, 1.0), term(sum, 2.0));
            for (i, entropy) in entropy[first..first + n].iter_mut().enumerate() {
                *entropy = (left[i] + right[i] - sum[i]) as f32;
            }
        }
    }
    good
}
