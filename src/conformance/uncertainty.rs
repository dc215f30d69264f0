//! Moments, entropies and random weights.

use super::area::{Area, PLACES};
use super::{assert_bits, assert_near, canonical, function, lengths, tiers};
use crate::random::philox;
use crate::simd::math::Function;
use crate::test_support::Random;
use crate::threshold::kernel::BLOCK;

/// Moments in the words of their order, one row.
fn moments_of(row: &[f32], divisor: f32) -> (f32, f32) {
    let (mut sum, mut squares) = (0.0f32, 0.0f32);
    for x in row {
        let d = x - row[0];
        sum += d;
        squares = d.mul_add(d, squares);
    }
    let over = sum / row.len() as f32;
    let v = over.mul_add(-sum, squares) / divisor;
    (canonical(row[0] + over), canonical(if v < 0.0 { 0.0 } else { v }))
}

/// Every number of rows and columns up to and beyond a tile, with any stride.
pub(super) fn threshold_moments() {
    let mut random = Random::new(41);
    for rows in [0, 1, 2, 15, 16, 17, 40] {
        for cols in [1, 2, 5, 15, 16, 17, 33, 100] {
            for wild in [false, true] {
                let mut values = if wild { random.wild(rows * cols) } else { random.values(rows * cols) };
                if !wild {
                    // Far from zero, where squares would cancel.
                    values.iter_mut().for_each(|v| *v = *v * 0.01 + 10.0);
                }
                let divisor = (cols - 1).max(1) as f32;
                let want: Vec<(f32, f32)> =
                    (0..rows).map(|i| moments_of(&values[i * cols..][..cols], divisor)).collect();
                let (mean, variance): (Vec<f32>, Vec<f32>) = want.iter().copied().unzip();
                for i in (0..rows).filter(|_| !wild) {
                    let row = values[i * cols..][..cols].iter().map(|&v| f64::from(v));
                    let exact = row.clone().sum::<f64>() / cols as f64;
                    let spread = row.map(|v| (v - exact).powi(2)).sum::<f64>() / f64::from(divisor);
                    assert_near(mean[i], exact, exact, 2f64.powi(-23), (rows, cols));
                    let bound = (cols + 4) as f64 * 2f64.powi(-22);
                    assert_near(variance[i], spread, spread, bound, (rows, cols));
                }
                for (at, place) in PLACES.into_iter().enumerate().step_by(3) {
                    for tier in tiers() {
                        let x = Area::matrix(place, rows, cols, cols + at, &values);
                        let mut outs = [Area::new(place, &mean), Area::new(PLACES[at / 2], &mean)];
                        outs.iter_mut().for_each(|out| out.get_mut().fill(0.0));
                        let [of_mean, of_variance] = &mut outs;
                        tier.threshold_moments(
                            x.view(),
                            divisor,
                            of_mean.get_mut(),
                            Some(of_variance.get_mut()),
                        );
                        assert_bits(&of_mean.rows(), &mean, (tier.isa(), rows, cols));
                        assert_bits(&of_variance.rows(), &variance, (tier.isa(), rows, cols));
                        of_mean.get_mut().fill(0.0);
                        tier.threshold_moments(x.view(), divisor, of_mean.get_mut(), None);
                        assert_bits(&of_mean.rows(), &mean, (tier.isa(), rows, cols));
                        x.rows();
                    }
                }
            }
        }
    }
}

/// Within 4 ULP; whatever is out of range is found at any place.
pub(super) fn threshold_entropy() {
    let mut random = Random::new(42);
    for n in lengths() {
        let mut p: Vec<f32> = (0..n)
            .map(|_| match random.below(8) {
                0 => [0.0, -0.0, 1.0, 1e-45, 1f32.next_down(), f32::MIN_POSITIVE][random.below(6)],
                1 => f32::from_bits(random.u32() % 1f32.to_bits()),
                _ => random.f32().abs(),
            })
            .collect();
        let bad = [1f32.next_up(), -1e-45, f32::NAN, f32::INFINITY][n % 4];
        let bad_at = (n % 5 == 4).then(|| random.below(n));
        if let Some(at) = bad_at {
            p[at] = bad;
        }
        let h = |&p: &f32| {
            let (log, log_rest) = (function(Function::Log, p), function(Function::Log1p, -p));
            if p > 0.0 && p < 1.0 { 0.0 - (1.0 - p).mul_add(log_rest, p * log) } else { 0.0 }
        };
        let want: Vec<f32> = p.iter().map(h).collect();
        for (&p, &h) in p.iter().zip(&want).filter(|_| bad_at.is_none()) {
            let x = f64::from(p);
            let exact = if p > 0.0 && p < 1.0 { -x * x.ln() - (1.0 - x) * (-x).ln_1p() } else { 0.0 };
            assert_near(h, exact, exact, 4.0 * 2f64.powi(-23), p);
        }
        for (at, place) in PLACES.into_iter().enumerate().skip(n % 3).step_by(3) {
            for tier in tiers() {
                let area = Area::new(PLACES[(at + 5) % PLACES.len()], &p);
                let mut out = Area::new(place, &vec![1.0; n]);
                let good = tier.threshold_entropy(area.get(), out.get_mut());
                assert_eq!(good, bad_at.is_none(), "{:?} {n} {bad}", tier.isa());
                if good {
                    assert_bits(&out.rows(), &want, tier.isa());
                }
                area.rows();
            }
        }
    }
}

/// The same on every tier and at every place; exact values are in `tests/uncertainty.rs`.
pub(super) fn threshold_beta() {
    let mut random = Random::new(43);
    for n in lengths() {
        let mut values = || -> Vec<f32> {
            let value = |random: &mut Random| match random.below(4) {
                0 => f32::from_bits(random.u32() % 1e8f32.to_bits()).max(1e-45),
                1 => [1e-45, 1e8, 8.0, 8f32.next_down(), 1.0][random.below(5)],
                _ => (f64::from(random.f32()) * 12.0 + 6.0).exp2() as f32,
            };
            (0..n).map(|_| value(&mut random)).collect()
        };
        let (mut a, mut b) = (values(), values());
        let bad_at = (n % 5 == 4).then_some(n / 2);
        if let Some(at) = bad_at {
            let of = if n % 2 == 0 { &mut a } else { &mut b };
            of[at] = [0.0, 1e8f32.next_up(), f32::NAN, -1.0][n / 5 % 4];
        }
        let mean: Vec<f32> =
            a.iter().zip(&b).map(|(&a, &b)| (f64::from(a) / (f64::from(a) + f64::from(b))) as f32).collect();
        let mut want: Option<Vec<f32>> = None;
        for (at, place) in PLACES.into_iter().enumerate().skip(n % 3).step_by(3) {
            for tier in tiers() {
                let areas = [Area::new(place, &a), Area::new(PLACES[(at + 5) % PLACES.len()], &b)];
                let mut outs = [Area::new(place, &vec![0.0; n]), Area::new(PLACES[at / 2], &vec![0.0; n])];
                let [of_mean, of_entropy] = &mut outs;
                let (mean_out, entropy_out) = (Some(of_mean.get_mut()), Some(of_entropy.get_mut()));
                let good = tier.threshold_beta(areas[0].get(), areas[1].get(), mean_out, entropy_out);
                assert_eq!(good, bad_at.is_none(), "{:?} {n}", tier.isa());
                let (of_mean, of_entropy) = (of_mean.rows(), of_entropy.rows());
                if good {
                    assert_bits(&of_mean, &mean, tier.isa());
                    assert_bits(&of_entropy, want.get_or_insert_with(|| of_entropy.clone()), tier.isa());
                }
                areas.iter().for_each(|area| drop(area.rows()));
            }
        }
    }
}

/// As the words of [`crate::threshold::bootstrap_decisions`] say, row by row.
pub(super) fn threshold_poisson() {
    let mut random = Random::new(44);
    for turn in 0..20 {
        let (seed, group) = (random.u64(), random.u32());
        let first = if turn % 2 == 0 { random.u64() >> 20 } else { (1 << 32) - 500 };
        let mut want = [[0; BLOCK]; 4];
        for at in 0..BLOCK {
            let row = first + at as u64;
            let words =
                philox([row as u32, (row >> 32) as u32, group, 0], [seed as u32, (seed >> 32) as u32]);
            for (want, word) in want.iter_mut().zip(words) {
                let u = (f64::from(word) + 0.5) / 2f64.powi(32);
                let (mut term, mut sum, mut times) = ((-1f64).exp(), 0.0, 0);
                loop {
                    sum += term;
                    if u < sum || times == 12 {
                        break;
                    }
                    times += 1;
                    term /= f64::from(times);
                }
                want[at] = times as u8;
            }
        }
        for tier in tiers() {
            let mut out = [[99; BLOCK]; 4];
            tier.threshold_poisson(seed, group, first, &mut out);
            assert!(out == want, "{:?}", tier.isa());
        }
    }
    // Mean and variance one, over four times a million.
    let (mut sum, mut squares, mut out) = (0u64, 0u64, [[0; BLOCK]; 4]);
    for block in 0..1_000 {
        tiers().last().unwrap().threshold_poisson(1, 0, block * BLOCK as u64, &mut out);
        for &times in out.as_flattened() {
            sum += u64::from(times);
            squares += u64::from(times).pow(2);
        }
    }
    let n = 4e3 * BLOCK as f64;
    assert!((sum as f64 / n - 1.0).abs() < 3e-3 && (squares as f64 / n - 2.0).abs() < 1e-2);
}
