//! Vectors of the optimiser.

use super::area::{Area, PLACES};
use super::{assert_bits, canonical, lengths, tiers};
use crate::simd::dispatch::Kernels;
use crate::test_support::Random;

/// The sum in the words of its order, and near the sum in another one.
pub(super) fn fit_dot() {
    let mut random = Random::new(71);
    for (turn, len) in lengths().enumerate() {
        let (a, b) = (random.values(len), random.values(len));
        let mut lanes = [0.0f64; 16];
        for i in 0..len {
            lanes[i % 16] += f64::from(a[i]) * f64::from(b[i]);
        }
        let eight: Vec<f64> = (0..8).map(|i| lanes[i] + lanes[i + 8]).collect();
        let four: Vec<f64> = (0..4).map(|i| eight[i] + eight[i + 4]).collect();
        let want = (four[0] + four[2]) + (four[1] + four[3]);
        let exact: f64 = a.iter().zip(&b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
        assert!((want - exact).abs() <= 1e-13 * len as f64, "{len}");
        for tier in tiers() {
            let place = PLACES[turn % PLACES.len()];
            let (a, b) = (Area::new(place, &a), Area::new(place, &b));
            assert_eq!(tier.fit_dot(a.get(), b.get()).to_bits(), want.to_bits(), "{:?} {len}", tier.isa());
        }
    }
}

pub(super) fn fit_add() {
    check(&|scale, x, y| scale.mul_add(x, y), &|tier, scale, x, y| tier.fit_add(scale, x, y));
}

pub(super) fn fit_divide() {
    check(&|scale, x, y| scale * y / x, &|tier, scale, x, y| tier.fit_divide(scale, x, y));
}

/// Changes each y by a scale and its x.
type Change = dyn Fn(&Kernels, f32, &[f32], &mut [f32]);

/// A kernel that changes each y by its x.
fn check(want: &dyn Fn(f32, f32, f32) -> f32, run: &Change) {
    let mut random = Random::new(72);
    for (turn, len) in lengths().enumerate() {
        let wild = turn % 2 == 1;
        let mut values = || if wild { random.wild(len) } else { random.values(len) };
        let (x, y) = (values(), values());
        let want: Vec<f32> = x.iter().zip(&y).map(|(&x, &y)| canonical(want(-0.75, x, y))).collect();
        for place in PLACES.into_iter().skip(turn % 4).step_by(4) {
            for tier in tiers() {
                let (x, mut y) = (Area::new(place, &x), Area::new(place, &y));
                run(tier, -0.75, x.get(), y.get_mut());
                assert_bits(&y.rows(), &want, (tier.isa(), len, place));
            }
        }
    }
}
