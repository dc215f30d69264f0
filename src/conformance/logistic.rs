//! Logistic losses and their derivatives.

use super::area::{Area, PLACES};
use super::{assert_bits, bits, canonical, lengths, tiers};
use crate::logistic::Targets;
use crate::logistic::kernel::{PointOut, RunningSum};
use crate::simd::dispatch::{Isa, Kernels, kernels_for};
use crate::test_support::{Random, env_or};

/// What a tier computes of one leaf.
struct Found {
    losses: Vec<f32>,
    gradient: Vec<f32>,
    curvature: Vec<f32>,
}

fn run(tier: &Kernels, x: &[f32], targets: Targets<'_>) -> Found {
    let [mut losses, mut gradient, mut curvature] = [(); 3].map(|()| vec![0.0; x.len()]);
    let out = PointOut {
        losses: Some(&mut losses),
        gradient: Some(&mut gradient),
        curvature: Some(&mut curvature),
    };
    tier.logistic_pointwise(x, targets, true, true, out);
    Found { losses, gradient, curvature }
}

/// The sum of any values, of all lengths, on every tier.
pub(super) fn two_part_add() {
    let mut random = Random::new(24);
    for n in lengths().chain([1023, 1024]) {
        for wild in [false, true] {
            let values = if wild { random.wild(n) } else { random.values(n) };
            let want = sum_in_words(&values);
            for place in PLACES {
                for tier in tiers() {
                    let area = Area::new(place, &values);
                    let mut sum = RunningSum::default();
                    // In two blocks, of which the first is whole vectors.
                    let (first, rest) = area.get().split_at(n / 2 / 16 * 16);
                    tier.two_part_add(first, &mut sum);
                    tier.two_part_add(rest, &mut sum);
                    let found = sum.total();
                    let same = found.to_bits() == want.to_bits() || found.is_nan() && want.is_nan();
                    assert!(same, "{:?} {n} {place:?}: {found} for {want}", tier.isa());
                }
            }
            let exact: f64 = values.iter().map(|&v| f64::from(v)).sum();
            let scale: f64 = values.iter().map(|&v| f64::from(v).abs()).sum();
            assert!(wild || (want - exact).abs() <= 1e-13 * scale, "{n}: {want} for {exact}");
        }
    }
}

/// The sum in its words: two-sum in 16 lanes, then in f64.
pub(super) fn sum_in_words(losses: &[f32]) -> f64 {
    let (mut high, mut low) = ([0.0f32; 16], [0.0f32; 16]);
    for (i, &loss) in losses.iter().enumerate() {
        let (high, low) = (&mut high[i % 16], &mut low[i % 16]);
        let sum = *high + loss;
        let back = sum - *high;
        *low += (*high - (sum - back)) + (loss - back);
        *high = sum;
    }
    let lane = |i: usize| f64::from(high[i]) + f64::from(if high[i].is_finite() { low[i] } else { 0.0 });
    (0..16).fold(0.0, |sum, i| sum + lane(i))
}

/// Every length and place on every tier, any outputs alone or together: each row as if it stood alone.
pub(super) fn logistic_pointwise() {
    let mut random = Random::new(21);
    for n in lengths() {
        let x: Vec<f32> = random.wild(n).into_iter().map(|v| v * 30.0).collect();
        let (a, b) = (random.values(n), random.values(n));
        let labels: Vec<f32> = (0..n).map(|i| [0.0, 1.0, 0.25][i % 3]).collect();
        let portable = kernels_for(Isa::Portable).unwrap();
        for targets in [
            Targets::Coefficients { a: &a, b: &b },
            Targets::Labels { labels: &labels, weights: Some(&a) },
            Targets::Labels { labels: &labels, weights: None },
        ] {
            let coefficient = |i: usize| match targets {
                Targets::Coefficients { a, b } => (a[i], b[i]),
                Targets::Labels { labels, weights } => {
                    let w = weights.map_or(1.0, |w| w[i]);
                    (w * labels[i], w * (1.0 - labels[i]))
                }
            };
            let alone: Vec<Found> = (0..n)
                .map(|i| {
                    let (a, b) = coefficient(i);
                    run(portable, &x[i..=i], Targets::Coefficients { a: &[a], b: &[b] })
                })
                .collect();
            let losses: Vec<f32> = alone.iter().map(|row| row.losses[0]).collect();
            let gradient: Vec<f32> = alone.iter().map(|row| row.gradient[0]).collect();
            let curvature: Vec<f32> = alone.iter().map(|row| row.curvature[0]).collect();
            let sum = sum_in_words(&losses);
            for (at, place) in PLACES.into_iter().enumerate() {
                let other = PLACES[(at + 5) % PLACES.len()];
                for tier in tiers() {
                    let from = Area::new(other, &x);
                    let [mut l, mut g, mut c] = [place, other, place].map(|p| Area::new(p, &vec![0.0; n]));
                    let out = PointOut {
                        losses: Some(l.get_mut()),
                        gradient: Some(g.get_mut()),
                        curvature: Some(c.get_mut()),
                    };
                    let found = tier.logistic_pointwise(from.get(), targets, true, true, out);
                    assert_bits(&l.rows(), &losses, (tier.isa(), n, place));
                    assert_bits(&g.rows(), &gradient, (tier.isa(), n, place));
                    assert_bits(&c.rows(), &curvature, (tier.isa(), n, place));
                    assert!(found.good);
                    let same = found.loss.to_bits() == sum.to_bits() || found.loss.is_nan() && sum.is_nan();
                    assert!(same, "{:?} {n}: {} for {sum}", tier.isa(), found.loss);
                    from.rows();
                    // Each output alone.
                    let none = || PointOut { losses: None, gradient: None, curvature: None };
                    let mut only = vec![0.0; n];
                    let out = PointOut { gradient: Some(&mut only), ..none() };
                    assert_eq!(tier.logistic_pointwise(from.get(), targets, true, false, out).loss, 0.0);
                    assert_bits(&only, &gradient, "gradient alone");
                    let out = PointOut { curvature: Some(&mut only), ..none() };
                    tier.logistic_pointwise(from.get(), targets, true, false, out);
                    assert_bits(&only, &curvature, "curvature alone");
                    let found = tier.logistic_pointwise(from.get(), targets, true, true, none());
                    assert!(found.loss.to_bits() == sum.to_bits() || found.loss.is_nan() && sum.is_nan());
                }
            }
        }
    }
}

/// One bad value at any place is found, and only it.
#[test]
fn values_out_of_range() {
    for n in [1, 15, 16, 17, 40] {
        let x = vec![0.5; n];
        for at in 0..n {
            for tier in tiers() {
                let good = |targets: Targets<'_>, signed: bool| {
                    let none = PointOut { losses: None, gradient: None, curvature: None };
                    tier.logistic_pointwise(&x, targets, signed, false, none).good
                };
                for (value, fine, fine_signed) in [
                    (0.0, true, true),
                    (-0.0, true, true),
                    (1e38, true, true),
                    (-1.0, false, true),
                    (-1e-45, false, true),
                    (f32::NAN, false, false),
                    (f32::INFINITY, false, false),
                    (f32::NEG_INFINITY, false, false),
                ] {
                    let (ones, mut changed) = (vec![1.0; n], vec![1.0; n]);
                    changed[at] = value;
                    for (signed, fine) in [(false, fine), (true, fine_signed)] {
                        assert_eq!(good(Targets::Coefficients { a: &ones, b: &changed }, signed), fine);
                        assert_eq!(good(Targets::Coefficients { a: &changed, b: &ones }, signed), fine);
                        let weights = Some(&changed[..]);
                        assert_eq!(good(Targets::Labels { labels: &ones, weights }, signed), fine, "{value}");
                    }
                }
                for (label, fine) in
                    [(0.0, true), (-0.0, true), (0.3, true), (1.0, true), (1.0 + f32::EPSILON, false)]
                        .into_iter()
                        .chain([-1e-45, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 2.0].map(|v| (v, false)))
                {
                    let mut labels = vec![1.0; n];
                    labels[at] = label;
                    assert_eq!(
                        good(Targets::Labels { labels: &labels, weights: None }, true),
                        fine,
                        "{label}"
                    );
                }
            }
        }
    }
}

/// `softplus(x)`, `sigmoid(x)` and `sigmoid(-x)` in f64, without cancellation.
fn exact(x: f64) -> (f64, f64, f64) {
    let e = (-x.abs()).exp();
    let (large, small) = (1.0 / (1.0 + e), e / (1.0 + e));
    let (up, down) = if x > 0.0 { (large, small) } else { (small, large) };
    (x.max(0.0) + e.ln_1p(), up, down)
}

/// The distance from the exact value in units of the last place that f32 has at `unit`.
fn ulps(got: f32, exact: f64, unit: f64) -> f64 {
    let exponent = ((unit.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (f64::from(got) - exact).abs() * 2f64.powi(23 - exponent.clamp(-126, 127))
}

/// The stated bounds, over logits of every exponent (every 2,003rd bit pattern up to 1e4; all of them with
/// `AVOCET_EXHAUSTIVE=1`) and coefficients of all sizes, equal, opposite and nearly so.
#[test]
fn accuracy() {
    const RUN: usize = 1024;
    let step = if env_or("AVOCET_EXHAUSTIVE", 0) == 1 { 1 } else { 2_003 };
    let best = tiers().last().unwrap();
    let mut random = Random::new(22);
    let mut worst = [(0.0, 0.0, 0.0, 0.0); 3];
    let last = 1e4f32.to_bits();
    let mut pattern = 0;
    let sizes = [1.0, 1.0, 0.0, 1e-30, 3e-3, 1e6, 1e25];
    while pattern <= last {
        let (mut x, mut a, mut b) = (vec![0.0; RUN], vec![0.0; RUN], vec![0.0; RUN]);
        for i in 0..RUN {
            let size = f32::from_bits(pattern.min(last));
            x[i] = if random.u64() & 1 == 0 { size } else { -size };
            pattern = pattern.saturating_add(step);
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
        }
        let found = run(best, &x, Targets::Coefficients { a: &a, b: &b });
        for tier in tiers().filter(|tier| tier.isa() != best.isa()) {
            let other = run(tier, &x, Targets::Coefficients { a: &a, b: &b });
            assert!(bits(&other.losses) == bits(&found.losses), "{:?}", tier.isa());
            assert!(bits(&other.gradient) == bits(&found.gradient), "{:?}", tier.isa());
            assert!(bits(&other.curvature) == bits(&found.curvature), "{:?}", tier.isa());
        }
        for i in 0..RUN {
            let (x, a, b) = (f64::from(x[i]), f64::from(a[i]), f64::from(b[i]));
            let ((up, sigmoid, rest), (down, _, _)) = (exact(x), exact(-x));
            let cases = [
                (found.gradient[i], b * sigmoid - a * rest, a.abs() * rest + b.abs() * sigmoid),
                (found.curvature[i], (a + b) * sigmoid * rest, (a.abs() + b.abs()) * sigmoid * rest),
                (found.losses[i], a * down + b * up, a.abs() * down + b.abs() * up),
            ];
            for (worst, (got, exact, unit)) in worst.iter_mut().zip(cases) {
                let error = ulps(got, exact, unit);
                if error > worst.0 {
                    *worst = (error, x, a, b);
                }
            }
        }
    }
    println!("gradient, curvature, loss (ULP, x, a, b): {worst:?}");
    for (worst, bound) in worst.iter().zip([1.8, 1.5, 1.8]) {
        assert!(worst.0 <= bound, "{worst:?} exceeds {bound}");
    }
}

/// A row beside one whose exponential is far below the range has the bits that it has alone, also where its own derivatives
/// are subnormal.
#[test]
fn rows_do_not_see_their_neighbours() {
    const ROWS: usize = 1 << 20;
    let tier = tiers().last().unwrap();
    let mut random = Random::new(25);
    let size = random.values(ROWS);
    for exponent in [-113, -115] {
        let a: Vec<f32> = size.iter().map(|v| (1.5 + 0.5 * v) * 2f32.powi(exponent)).collect();
        let targets = Targets::Coefficients { a: &a, b: &vec![0.0; ROWS] };
        let mut x = vec![20.0; ROWS];
        let alone = run(tier, &x, targets);
        x.iter_mut().step_by(16).for_each(|x| *x = -100.0);
        let beside = run(tier, &x, targets);
        for i in (0..ROWS).filter(|i| i % 16 != 0) {
            let same = |one: &[f32], other: &[f32]| one[i].to_bits() == other[i].to_bits();
            assert!(same(&alone.losses, &beside.losses), "loss {i}");
            assert!(same(&alone.gradient, &beside.gradient), "gradient {i}");
            assert!(same(&alone.curvature, &beside.curvature), "curvature {i}");
        }
    }
}

/// Limits, zeros and NaN, on every tier.
#[test]
fn special_values() {
    const INF: f32 = f32::INFINITY;
    // (x, a, b, loss, gradient, curvature)
    let table = [
        (INF, 1.0, 0.0, 0.0, 0.0, 0.0),
        (INF, 0.0, 2.0, INF, 2.0, 0.0),
        (-INF, 3.0, 0.0, INF, -3.0, 0.0),
        (-INF, 0.0, 2.0, 0.0, 0.0, 0.0),
        (INF, 0.0, 0.0, 0.0, 0.0, 0.0),
        (-1e4, 0.0, 1.0, 0.0, 0.0, 0.0),
        (-1e4, 1.0, 0.0, 1e4, -1.0, 0.0),
        (1e4, 0.0, 1.0, 1e4, 1.0, 0.0),
        (0.0, 1.0, 1.0, 1.386_294_4, 0.0, 0.5),
        (f32::NAN, 1.0, 0.0, f32::NAN, f32::NAN, f32::NAN),
    ];
    for (x, a, b, loss, gradient, curvature) in table {
        for tier in tiers() {
            let found = run(tier, &[x], Targets::Coefficients { a: &[a], b: &[b] });
            for (got, want) in
                [(found.losses[0], loss), (found.gradient[0], gradient), (found.curvature[0], curvature)]
            {
                let same = got == want || canonical(got).to_bits() == canonical(want).to_bits();
                assert!(same, "{:?}: ({x}, {a}, {b}): {got:e}, not {want:e}", tier.isa());
            }
        }
    }
    // Where a sigmoid in f32 would be 0 or 1 and its complement cancel.
    let found = run(
        kernels_for(Isa::Portable).unwrap(),
        &[-90.0, 90.0],
        Targets::Labels { labels: &[0.0, 1.0], weights: None },
    );
    assert_eq!(found.gradient[0].to_bits(), 8.194_01e-40f32.to_bits());
    assert_eq!(found.gradient[1].to_bits(), (-8.194_01e-40f32).to_bits());
}
