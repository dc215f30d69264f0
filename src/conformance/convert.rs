//! Conversions of rows, and their norms.

use super::area::{Area, PLACES, Place};
use super::stored::{Bytes, Kind, Stored};
use super::{assert_bits, assert_near, bits, canonical, lanes16_dot, lengths, tiers};
use crate::simd::dispatch::Kernels;
use crate::test_support::Random;
use crate::view::{AnyMatrixMut, Matrix, MatrixMut};

/// The exact value of a pattern of 16 bits without its sign; all ones in the exponent is the next power of two.
fn magnitude(kind: Kind, pattern: u16) -> f64 {
    let (mantissa, bias) = if let Kind::F16 = kind { (10, 15) } else { (7, 127) };
    let (exponent, rest) = (i32::from(pattern >> mantissa), f64::from(pattern & ((1 << mantissa) - 1)));
    let unit = f64::from(2.0f32).powi(exponent.max(1) - bias - mantissa);
    if exponent == 0 { rest * unit } else { (rest + f64::from(1u16 << mantissa)) * unit }
}

/// The pattern of 16 bits that is nearest to a value, ties to the even one, by comparing distances.
fn nearest(kind: Kind, v: f32) -> u16 {
    let infinity: u16 = if let Kind::F16 = kind { 0x7c00 } else { 0x7f80 };
    if v.is_nan() {
        return if let Kind::F16 = kind { 0x7e00 } else { 0x7fc0 };
    }
    let sign = u16::from(v.is_sign_negative()) << 15;
    let target = f64::from(v.abs());
    // The greatest pattern that is not above.
    let (mut low, mut high) = (0, infinity);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if magnitude(kind, middle) <= target { low = middle } else { high = middle - 1 }
    }
    if low == infinity {
        return sign | infinity;
    }
    let (below, above) = (target - magnitude(kind, low), magnitude(kind, low + 1) - target);
    let up = above < below || (above == below && low & 1 == 1);
    sign | (low + u16::from(up))
}

/// What `v` becomes, in the bytes of its type.
fn converted(kind: Kind, v: f32) -> Vec<u8> {
    match kind {
        Kind::F32 => canonical(v).to_le_bytes().to_vec(),
        _ => nearest(kind, v).to_le_bytes().to_vec(),
    }
}

fn run(tier: &Kernels, place: Place, from: &Stored, kind: Kind, shape: (usize, usize, usize)) -> Vec<u8> {
    let (n, d, stride) = shape;
    if let Kind::F32 = kind {
        let mut out = Area::matrix(place, n, d, stride, &vec![0.0; n * d]);
        tier.convert(from.view(), out.view_mut().into());
        return out.rows().iter().flat_map(|v| v.to_le_bytes()).collect();
    }
    let span = if n * d == 0 { 0 } else { (n - 1) * stride + d };
    let mut out = Bytes::new(place, 2 * span);
    tier.convert(from.view(), out.halves_mut(kind, n, d, stride));
    out.elements(2, n, d, stride).iter().map(|&byte| byte as u8).collect()
}

/// The nearest value by distance in f64.
pub(super) fn convert() {
    let mut random = Random::new(42);
    for (turn, d) in lengths().enumerate() {
        for kinds in 0..9 {
            let (from, to) = (Kind::ALL[kinds / 3], Kind::ALL[kinds % 3]);
            let n = 1 + turn % 3;
            let mut x = if turn % 2 == 0 { random.wild(n * d) } else { random.values(n * d) };
            for v in x.iter_mut().step_by(3) {
                *v = f32::from_bits(random.u32());
            }
            let x: Vec<f32> = x.into_iter().map(|v| from.round(v)).collect();
            let want: Vec<u8> = x.iter().flat_map(|&v| converted(to, v)).collect();
            for (at, place) in PLACES.into_iter().enumerate() {
                let stored = Stored::new(from, PLACES[(at + 5) % PLACES.len()], n, d, d + at % 2, &x);
                for tier in tiers() {
                    let got = run(tier, place, &stored, to, (n, d, d + at % 3));
                    assert_eq!(got, want, "{:?} {from:?} {to:?} {n} x {d} {place:?}", tier.isa());
                }
            }
        }
    }
}

/// Every pattern of 16 bits comes back, and everything between two of them goes to the nearer one, ties to even.
#[test]
fn every_pattern_and_what_lies_between() {
    for kind in [Kind::F16, Kind::Bf16] {
        let infinity = if let Kind::F16 = kind { 0x7c00u16 } else { 0x7f80 };
        let mut x = Vec::new();
        for pattern in 0..infinity {
            let middle = ((magnitude(kind, pattern) + magnitude(kind, pattern + 1)) / 2.0) as f32;
            let places = [magnitude(kind, pattern) as f32, middle.next_down(), middle, middle.next_up()];
            x.extend(places.into_iter().flat_map(|v| [v, -v]));
        }
        x.extend([f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MAX, f32::from_bits(0xffa0_0001)]);
        let want: Vec<u16> = x.iter().map(|&v| nearest(kind, v)).collect();
        for tier in tiers() {
            let mut out = Bytes::new(PLACES[1], 2 * x.len());
            tier.convert(
                Matrix::new(&x, 1, x.len()).unwrap().into(),
                out.halves_mut(kind, 1, x.len(), x.len()),
            );
            let got: &[u16] = bytemuck::cast_slice(out.get());
            let differs = (0..x.len()).find(|&i| got[i] != want[i]);
            assert_eq!(differs.map(|i| (x[i], got[i], want[i])), None, "{:?} {kind:?}", tier.isa());
            // And back.
            let stored: Vec<f32> = x.iter().map(|&v| kind.round(v)).collect();
            let stored = Stored::new(kind, PLACES[16], 1, x.len(), x.len(), &stored);
            let mut wide = vec![0.0; x.len()];
            let wide_out = MatrixMut::new(&mut wide, 1, x.len()).unwrap();
            tier.convert(stored.view(), AnyMatrixMut::F32(wide_out));
            for (i, &v) in wide.iter().enumerate() {
                let pattern = want[i] & 0x7fff;
                let exact = if pattern > infinity {
                    f64::NAN
                } else if pattern == infinity {
                    f64::INFINITY
                } else {
                    magnitude(kind, pattern)
                };
                let same = f64::from(v.abs()) == exact || (v.is_nan() && exact.is_nan());
                assert!(
                    same && (v.is_nan() || v.is_sign_negative() == (want[i] >> 15 == 1)),
                    "{v:e} {pattern:x}"
                );
            }
        }
    }
}

/// The words: greatest magnitude / 127 but no less than `least`, the quotient rounded by f64, which has room for it.
fn quantized(row: &[f32], least: f32) -> (f32, Vec<i8>) {
    let scale = (row.iter().fold(0.0f32, |most, v| most.max(v.abs())) / 127.0).max(least);
    let integer = |&v: &f32| {
        if scale == 0.0 { 0 } else { f64::from(v / scale).clamp(-127.0, 127.0).round_ties_even() as i8 }
    };
    (scale, row.iter().map(integer).collect())
}

/// Bit for bit in the words, and within about half a scale; a least scale, and one scale for all rows, hold.
pub(super) fn quantize() {
    let mut random = Random::new(43);
    for (turn, d) in lengths().enumerate() {
        let (kind, n) = (Kind::ALL[turn % 3], 3);
        let mut x: Vec<f32> = random.values(n * d);
        if d > 0 {
            // A row of ties, one of zeros at times, one that is subnormal, huge or ordinary.
            let ties = (0..d).map(|j| [127.0, 0.5, 1.5, -2.5, -126.5][j % 5]);
            x[..d].copy_from_slice(&ties.collect::<Vec<f32>>());
            let factor = [0.0, 1e-38, 1e-43, 3e38, 1.0, 1e-45][turn / 3 % 6];
            x[d..2 * d].iter_mut().for_each(|v| *v *= factor);
        }
        let x: Vec<f32> = x.into_iter().map(|v| kind.round(v)).collect();
        let x: Vec<f32> = x.into_iter().map(|v| if v.is_finite() { v } else { 60000.0 }).collect();
        let (least, one) = ([0.0, 1.0 / (1u64 << 60) as f32, 1e-40, 0.5][turn % 4], turn % 5 > 2);
        let of = |i: usize, least: f32| quantized(&x[i * d..][..d], least);
        let greatest = (0..n).fold(0.0f32, |most, i| most.max(of(i, least).0));
        let rows: Vec<(f32, Vec<i8>)> = (0..n).map(|i| of(i, if one { greatest } else { least })).collect();
        let want: Vec<i8> = rows.iter().flat_map(|row| row.1.clone()).collect();
        let want_scales: Vec<f32> = rows.iter().map(|row| row.0).collect();
        for (i, (scale, q)) in rows.iter().enumerate().filter(|(_, row)| row.0 > 1e-30) {
            for (&q, &v) in q.iter().zip(&x[i * d..]) {
                let exact = f64::from(v) / f64::from(*scale);
                assert!((f64::from(q) - exact).abs() <= 0.5 + 127.0 * 2f64.powi(-22), "{q} for {exact}");
            }
        }
        for (at, place) in PLACES.into_iter().enumerate() {
            let stored = Stored::new(kind, PLACES[(at + 5) % PLACES.len()], n, d, d + at % 2, &x);
            let stride = d + at % 3;
            for tier in tiers() {
                let span = if d == 0 { 0 } else { (n - 1) * stride + d };
                let (mut out, mut scales) = (Bytes::new(place, span), Area::new(place, &[9.0; 3]));
                assert!(tier.quantize(
                    stored.view(),
                    least,
                    one,
                    out.view_mut(n, d, stride),
                    scales.get_mut()
                ));
                assert_eq!(out.elements(1, n, d, stride), want, "{:?} {kind:?} {d} {place:?}", tier.isa());
                assert_bits(&scales.rows(), &want_scales, (tier.isa(), kind, d, place));
            }
        }
        // Any element that is not finite is found, wherever it is.
        for at in 0..d {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN] {
                let mut row = vec![1.0; d];
                row[at] = bad;
                let stored = Stored::new(kind, PLACES[16], 1, d, d, &row);
                for tier in tiers() {
                    let mut out = Bytes::new(PLACES[0], d);
                    let one = at % 2 == 1;
                    let good = tier.quantize(stored.view(), 0.0, one, out.view_mut(1, d, d), &mut [0.0]);
                    assert!(!good, "{at} {bad}");
                }
            }
        }
    }
}

/// One product each.
pub(super) fn dequantize() {
    let mut random = Random::new(44);
    let scales = [0.25, -1e-44, f32::NAN, f32::MAX, f32::INFINITY];
    for d in lengths() {
        let n = scales.len();
        let x: Vec<i8> = (0..n * d).map(|_| random.u32() as i8).collect();
        let want: Vec<f32> = (0..n * d).map(|i| canonical(scales[i / d] * f32::from(x[i]))).collect();
        for (at, place) in PLACES.into_iter().enumerate() {
            let stride = d + at % 3;
            let from = Bytes::rows(place, n, d, stride, &x);
            for tier in tiers() {
                let mut out =
                    Area::matrix(PLACES[(at + 5) % PLACES.len()], n, d, d + at % 2, &vec![0.0; n * d]);
                tier.dequantize(from.view(n, d, stride), &scales, out.view_mut());
                assert_bits(&out.rows(), &want, (tier.isa(), d, place));
            }
        }
    }
}

/// The root of the `LANES16` sum, near that of f64.
pub(super) fn row_norms() {
    let mut random = Random::new(45);
    for (turn, d) in lengths().enumerate() {
        let (kind, n, wild) = (Kind::ALL[turn % 3], 3, turn % 2 == 1);
        let x = if wild { random.wild(n * d) } else { random.values(n * d) };
        let x: Vec<f32> = x.into_iter().map(|v| kind.round(v)).collect();
        let row = |i: usize| &x[i * d..][..d];
        let want: Vec<f32> = (0..n).map(|i| canonical(lanes16_dot(row(i), row(i)).sqrt())).collect();
        for i in (0..n).filter(|_| !wild) {
            let exact = row(i).iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
            assert_near(want[i], exact, exact, (d + 2) as f64 / 16_777_216.0, d);
        }
        for (at, place) in PLACES.into_iter().enumerate() {
            let stored = Stored::new(kind, place, n, d, d + at % 3, &x);
            for tier in tiers() {
                let mut out = Area::new(place, &[0.0; 3]);
                tier.row_norms(stored.view(), out.get_mut());
                assert_eq!(bits(&out.rows()), bits(&want), "{:?} {kind:?} {d} {place:?}", tier.isa());
            }
        }
    }
}
