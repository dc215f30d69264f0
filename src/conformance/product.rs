//! The product form of the logistic loss.

use super::area::{Area, PLACES};
use super::logistic::sum_in_words;
use super::{assert_bits, bits, canonical, lengths, tiers};
use crate::logistic::Targets;
use crate::logistic::product::kernel::ProductOut;
use crate::simd::dispatch::{Isa, Kernels, kernels_for};
use crate::test_support::{Random, env_or};

/// Losses and both gradients of a leaf.
type Found = [Vec<f32>; 3];

fn run(tier: &Kernels, first: &[f32], second: &[f32], targets: Targets<'_>) -> Found {
    let [mut losses, mut by_first, mut by_second] = [(); 3].map(|()| vec![0.0; first.len()]);
    let out = ProductOut {
        losses: Some(&mut losses),
        first_gradient: Some(&mut by_first),
        second_gradient: Some(&mut by_second),
    };
    tier.logistic_product(first, second, targets, true, true, out);
    [losses, by_first, by_second]
}

/// Every length and place on every tier, any outputs alone or together: each row as if it stood alone.
pub(super) fn logistic_product() {
    let mut random = Random::new(41);
    let portable = kernels_for(Isa::Portable).unwrap();
    for n in lengths() {
        let [first, second] =
            [(); 2].map(|()| random.wild(n).into_iter().map(|v| v * 30.0).collect::<Vec<f32>>());
        let (a, b) = (random.values(n), random.values(n));
        let labels: Vec<f32> = (0..n).map(|i| [0.0, 1.0, 0.25][i % 3]).collect();
        for targets in
            [Targets::Coefficients { a: &a, b: &b }, Targets::Labels { labels: &labels, weights: Some(&a) }]
        {
            let coefficients = |i: usize| match targets {
                Targets::Coefficients { a, b } => (a[i], b[i]),
                Targets::Labels { labels, weights } => {
                    let w = weights.map_or(1.0, |w| w[i]);
                    (w * labels[i], w * (1.0 - labels[i]))
                }
            };
            let mut alone: Found = Default::default();
            for i in 0..n {
                let (a, b) = coefficients(i);
                let targets = Targets::Coefficients { a: &[a], b: &[b] };
                let row = run(portable, &first[i..=i], &second[i..=i], targets);
                alone.iter_mut().zip(row).for_each(|(all, one)| all.extend(one));
            }
            let sum = sum_in_words(&alone[0]);
            for (at, place) in PLACES.into_iter().enumerate() {
                let other = PLACES[(at + 5) % PLACES.len()];
                for tier in tiers() {
                    let (left, right) = (Area::new(other, &first), Area::new(place, &second));
                    let [mut l, mut f, mut g] = [place, other, place].map(|p| Area::new(p, &vec![0.0; n]));
                    let out = ProductOut {
                        losses: Some(l.get_mut()),
                        first_gradient: Some(f.get_mut()),
                        second_gradient: Some(g.get_mut()),
                    };
                    let found = tier.logistic_product(left.get(), right.get(), targets, true, true, out);
                    for (got, want) in [l.rows(), f.rows(), g.rows()].iter().zip(&alone) {
                        assert_bits(got, want, (tier.isa(), n, place));
                    }
                    assert!(found.good);
                    let same = |v: f64| v.to_bits() == sum.to_bits() || v.is_nan() && sum.is_nan();
                    assert!(same(found.loss), "{:?} {n}: {} for {sum}", tier.isa(), found.loss);
                    left.rows();
                    right.rows();
                    // Each output alone.
                    let none = || ProductOut { losses: None, first_gradient: None, second_gradient: None };
                    let mut only = vec![0.0; n];
                    let out = ProductOut { first_gradient: Some(&mut only), ..none() };
                    assert_eq!(tier.logistic_product(&first, &second, targets, true, false, out).loss, 0.0);
                    assert_bits(&only, &alone[1], "first alone");
                    let out = ProductOut { second_gradient: Some(&mut only), ..none() };
                    tier.logistic_product(&first, &second, targets, true, false, out);
                    assert_bits(&only, &alone[2], "second alone");
                    let found = tier.logistic_product(&first, &second, targets, true, true, none());
                    assert!(same(found.loss));
                }
            }
        }
        // Swapped logits swap the gradients.
        let targets = Targets::Coefficients { a: &a, b: &b };
        let [one, other] = [run(portable, &first, &second, targets), run(portable, &second, &first, targets)];
        assert_bits(&one[0], &other[0], "losses");
        assert_bits(&one[1], &other[2], "gradients");
        assert_bits(&one[2], &other[1], "gradients");
    }
    for tier in tiers() {
        for at in 0..20 {
            let (x, ones, mut bad) = ([0.5; 20], [1.0; 20], [1.0; 20]);
            bad[at] = -1.0;
            let good = |signed: bool| {
                let none = ProductOut { losses: None, first_gradient: None, second_gradient: None };
                let targets = Targets::Coefficients { a: &ones, b: &bad };
                tier.logistic_product(&x, &x, targets, signed, false, none).good
            };
            assert!(good(true) && !good(false));
        }
    }
}

/// `sigmoid(x)` in f64.
fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x > 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// `-log f` and `-log(1 - f)` in f64: sums of numbers of one sign.
fn logarithms(x: f64, y: f64) -> (f64, f64) {
    let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let f = sigmoid(x) * sigmoid(y);
    let rest = match x.min(y) {
        // Of 1 - f only the two small sigmoids are left.
        low if low > 40.0 => low - (-(x - y).abs()).exp().ln_1p(),
        _ if f < 0.5 => -(-f).ln_1p(),
        _ => -(sigmoid(-x) + sigmoid(x) * sigmoid(-y)).ln(),
    };
    (softplus(-x) + softplus(-y), rest)
}

/// What a and b are multiplied with in the gradient by x, in f64.
fn slopes(x: f64, y: f64) -> (f64, f64) {
    (sigmoid(-x), sigmoid(x) / (1.0 + (x - y).exp() + (-y).exp()))
}

/// The distance from the exact value in units of the last place that f32 has at `unit`.
fn ulps(got: f32, exact: f64, unit: f64) -> f64 {
    let exponent = ((unit.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (f64::from(got) - exact).abs() * 2f64.powi(23 - exponent.clamp(-126, 127))
}

/// The stated bounds: one logit of every exponent (every 1,009th bit pattern up to 1e4; every 101st with
/// `AVOCET_EXHAUSTIVE=1`), the other of any size, near it, near its opposite, or in the range in which neither factor is
/// negligible; coefficients of all sizes, equal, opposite, absent and nearly so.
#[test]
fn accuracy() {
    const RUN: usize = 1024;
    let step = if env_or("AVOCET_EXHAUSTIVE", 0) == 1 { 101 } else { 1_009 };
    let best = tiers().last().unwrap();
    let mut random = Random::new(42);
    let mut worst = [(0.0, 0.0, 0.0, 0.0, 0.0); 3];
    let last = 1e4f32.to_bits();
    let mut pattern = 0u32;
    let sizes = [1.0, 1.0, 0.0, 1e-30, 3e-3, 1e6, 1e25];
    let turned = |random: &mut Random, v: f32| if random.u64() & 1 == 0 { v } else { -v };
    while pattern <= last {
        let [mut x, mut y, mut a, mut b] = [(); 4].map(|()| vec![0.0f32; RUN]);
        for i in 0..RUN {
            x[i] = turned(&mut random, f32::from_bits(pattern.min(last)));
            pattern = pattern.saturating_add(step);
            let nearby = random.values(1)[0];
            let other = match random.below(6) {
                0 => f32::from_bits(random.below(last as usize) as u32),
                1 => x[i] * (1.0 + 1e-3 * nearby),
                2 => x[i] + 5.0 * nearby,
                3 => -x[i] + 5.0 * nearby,
                4 => 8.0 * nearby,
                _ => 100.0 * nearby,
            };
            y[i] = if random.below(3) == 0 { turned(&mut random, other) } else { other };
            let pick = |random: &mut Random| {
                let scale = sizes[random.below(sizes.len())];
                random.values(1)[0] * scale
            };
            a[i] = pick(&mut random);
            b[i] = match random.below(4) {
                0 => a[i],
                1 => a[i] * (1.0 + f32::EPSILON),
                _ => pick(&mut random),
            };
            if random.below(2) == 0 {
                std::mem::swap(&mut x[i], &mut y[i]);
            }
        }
        let found = run(best, &x, &y, Targets::Coefficients { a: &a, b: &b });
        for tier in tiers().filter(|tier| tier.isa() != best.isa()) {
            let other = run(tier, &x, &y, Targets::Coefficients { a: &a, b: &b });
            for (one, other) in found.iter().zip(&other) {
                assert!(bits(one) == bits(other), "{:?}", tier.isa());
            }
        }
        for i in 0..RUN {
            let [x, y, a, b] = [x[i], y[i], a[i], b[i]].map(f64::from);
            let parts = [logarithms(x, y), slopes(x, y), slopes(y, x)];
            for (which, (of_a, of_b)) in parts.into_iter().enumerate() {
                let exact = if which == 0 { a * of_a + b * of_b } else { b * of_b - a * of_a };
                let error = ulps(found[which][i], exact, a.abs() * of_a + b.abs() * of_b);
                if error > worst[which].0 {
                    worst[which] = (error, x, y, a, b);
                }
            }
        }
    }
    println!("loss, gradients (ULP, x, y, a, b): {worst:?}");
    for (worst, bound) in worst.iter().zip([3.0, 2.3, 2.3]) {
        assert!(worst.0 <= bound, "{worst:?} exceeds {bound}");
    }
}

/// A row beside one whose exponentials are far below the range has the bits that it has alone, also where its own
/// derivatives are subnormal.
#[test]
fn rows_do_not_see_their_neighbours() {
    const ROWS: usize = 1 << 20;
    let tier = tiers().last().unwrap();
    let mut random = Random::new(43);
    let size = random.values(ROWS);
    let zeros = vec![0.0; ROWS];
    for (x, y, exponent) in [(20.0, 25.0, -113), (-20.0, 3.0, -113), (-10.0, -11.0, -115), (20.0, 0.0, -115)]
    {
        let weights: Vec<f32> = size.iter().map(|v| (1.5 + 0.5 * v) * 2f32.powi(exponent)).collect();
        for (a, b) in [(&weights, &zeros), (&zeros, &weights)] {
            let (mut x, y) = (vec![x; ROWS], vec![y; ROWS]);
            let alone = run(tier, &x, &y, Targets::Coefficients { a, b });
            x.iter_mut().step_by(16).for_each(|x| *x = -100.0);
            let beside = run(tier, &x, &y, Targets::Coefficients { a, b });
            for i in (0..ROWS).filter(|i| i % 16 != 0) {
                for (one, other) in alone.iter().zip(&beside) {
                    assert_eq!(one[i].to_bits(), other[i].to_bits(), "{i}");
                }
            }
        }
    }
}

/// Limits, zeros and NaN, on every tier.
#[test]
fn special_values() {
    const INF: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    // x, y, a, b, loss, gradients
    let table = [
        ([INF, INF, 1.0, 0.0], [0.0, 0.0, 0.0]),
        ([INF, INF, 0.0, 2.0], [INF, 1.0, 1.0]),
        ([INF, 0.0, 1.0, 0.0], [std::f32::consts::LN_2, 0.0, -0.5]),
        ([INF, 0.0, 0.0, 1.0], [std::f32::consts::LN_2, 0.0, 0.5]),
        ([-INF, 3.0, 2.0, 0.0], [INF, -2.0, -0.094_851_75]),
        ([-INF, 3.0, 0.0, 2.0], [0.0, 0.0, 0.0]),
        ([-INF, INF, 0.0, 1.0], [0.0, 0.0, 0.0]),
        ([-INF, INF, 1.0, 0.0], [INF, -1.0, 0.0]),
        ([-INF, -INF, 1.0, 3.0], [INF, -1.0, -1.0]),
        ([INF, INF, 0.0, 0.0], [0.0, 0.0, 0.0]),
        ([0.0, -0.0, 1.0, 0.0], [2.0 * std::f32::consts::LN_2, -0.5, -0.5]),
        ([0.0, 0.0, 0.0, 3.0], [0.863_046_2, 0.5, 0.5]),
        ([1e4, 1e4, 0.0, 1.0], [1e4 - std::f32::consts::LN_2, 0.5, 0.5]),
        ([-1e4, -1e4, 1.0, 1.0], [2e4, -1.0, -1.0]),
        ([f32::MAX, f32::MAX, 0.0, 1.0], [f32::MAX, 0.5, 0.5]),
        ([f32::MIN, f32::MIN, 0.0, 1.0], [0.0, 0.0, 0.0]),
        ([f32::MIN, f32::MAX, 1.0, 0.0], [f32::MAX, -1.0, 0.0]),
        ([NAN, 1.0, 1.0, 0.0], [NAN; 3]),
        ([INF, NAN, 1.0, 0.0], [NAN; 3]),
        ([NAN, NAN, 0.0, 0.0], [NAN; 3]),
    ];
    for ([x, y, a, b], wanted) in table {
        for tier in tiers() {
            for [x, y, first, second] in [[x, y, wanted[1], wanted[2]], [y, x, wanted[2], wanted[1]]] {
                let found = run(tier, &[x], &[y], Targets::Coefficients { a: &[a], b: &[b] });
                for (got, want) in found.iter().map(|v| v[0]).zip([wanted[0], first, second]) {
                    let near = (got - want).abs() <= 1e-7 * want.abs();
                    let same = got == want || near || canonical(got).to_bits() == canonical(want).to_bits();
                    assert!(same, "{:?}: ({x}, {y}, {a}, {b}): {got:e}, not {want:e}", tier.isa());
                }
            }
        }
    }
}
