//! Pairs, panels and losses.

use super::area::{Area, PLACES};
use super::{assert_bits, assert_near, canonical, function, lanes16_sum, lengths, tiers};
use crate::score::kernel::{Masks, Panel, SoftmaxRow};
use crate::score::{EdgeKind, EdgeTerm};
use crate::simd::math::Function;
use crate::test_support::Random;

/// Exact: one bit for each comparison.
pub(super) fn score_masks() {
    let mut random = Random::new(14);
    for turn in 0..200 {
        let mut scores: Panel = random.wild(32).try_into().unwrap();
        scores[turn % 32] = 0.25;
        let limits = [0.25, scores[(turn + 1) % 32], 0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
        for limit in limits {
            let mask = |holds: &dyn Fn(f32) -> bool| {
                scores.iter().enumerate().fold(0, |mask, (at, &x)| mask | u32::from(holds(x)) << at)
            };
            let want = Masks {
                above: mask(&|x| x > limit),
                equal: mask(&|x| x == limit),
                nan: mask(&|x| x.is_nan()),
            };
            for place in PLACES {
                let area = Area::new(place, &scores);
                for tier in tiers() {
                    let panel = area.get().try_into().unwrap();
                    assert_eq!(tier.score_masks(panel, limit), want, "{:?} {place:?}", tier.isa());
                }
            }
        }
    }
}

/// In its words, bit for bit; losses within 4 ULP of f64 for the logit at hand, slopes within 6.
pub(super) fn edge_loss() {
    let mut random = Random::new(15);
    for n in lengths() {
        for (at, kind) in [EdgeKind::Positive, EdgeKind::Negative, EdgeKind::Reversed].into_iter().enumerate()
        {
            let dots: Vec<f32> = random.wild(n).into_iter().map(|v| v * 40.0).collect();
            let weights = random.wild(n);
            let term = EdgeTerm { kind, temperature: 1.5, offset: 0.25, margin: 1.0, weight: 0.5 };
            for weighted in [false, true] {
                let (mut losses, mut factors) = (Vec::new(), Vec::new());
                for (&dot, &weight) in dots.iter().zip(&weights) {
                    let weight = if weighted { weight } else { 1.0 } * term.weight;
                    let x = dot.mul_add(term.temperature, -term.offset);
                    let (z, sign) = match kind {
                        EdgeKind::Positive => (0.0 - x, -term.temperature),
                        _ => (x - term.margin, term.temperature),
                    };
                    let loss = canonical(weight * function(Function::Softplus, z));
                    let factor = canonical((weight * function(Function::Sigmoid, z)) * sign);
                    let exact =
                        f64::from(weight) * (f64::from(z).max(0.0) + (-f64::from(z).abs()).exp().ln_1p());
                    assert_near(loss, exact, exact.abs(), 4.0 / 8_388_608.0, (dot, weight));
                    let e = (-f64::from(z).abs()).exp();
                    let share = if z < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) };
                    let exact = f64::from(weight) * share * f64::from(sign);
                    assert_near(factor, exact, exact.abs(), 6.0 / 8_388_608.0, (dot, weight));
                    losses.push(loss);
                    factors.push(factor);
                }
                for place in PLACES.into_iter().skip(at % 2).step_by(2).chain([PLACES[16]]) {
                    for tier in tiers() {
                        let mut area = Area::new(place, &dots);
                        let weights = Area::new(place, &weights);
                        let mut sums = Area::new(place, &vec![0.0; n]);
                        let given = weighted.then_some(weights.get());
                        tier.edge_loss(term, area.get_mut(), given, sums.get_mut());
                        assert_bits(&sums.rows(), &losses, (tier.isa(), kind, n, place));
                        assert_bits(&area.rows(), &factors, (tier.isa(), kind, n, place));
                        weights.rows();
                    }
                }
            }
        }
    }
}

/// One source of the sampled softmax.
struct Source {
    temperature: f32,
    negatives: Vec<u32>,
    dots: Vec<f32>,
    targets: Vec<u32>,
    target_dots: Vec<f32>,
    weights: Option<Vec<f32>>,
}

/// Factors of the negatives, factors of the positives, loss and slope.
type Softmax = (Vec<f32>, Vec<f32>, f64, f64);

impl Source {
    /// The words: exponentials less the greatest negative logit, their `LANES16` sum without the positive's hits,
    /// each positive joined to that.
    fn specified(&self) -> Softmax {
        let exp = |x| function(Function::Exp, x);
        let weight = 0.5f32;
        let logits: Vec<f32> = self.dots.iter().map(|dot| dot * self.temperature).collect();
        let finite = logits.iter().copied().filter(|x| !x.is_nan()).fold(f32::NEG_INFINITY, f32::max);
        let shift = if finite == f32::NEG_INFINITY { f32::MIN } else { finite };
        let powers: Vec<f32> = logits.iter().map(|x| exp(x - shift)).collect();
        let (mut loss, mut slope) = (0.0, 0.0);
        let (mut factors, mut rates) = (Vec::new(), Vec::new());
        for (at, &target) in self.targets.iter().enumerate() {
            let kept: Vec<f32> = self
                .negatives
                .iter()
                .zip(&powers)
                .map(|(&id, &e)| if id == target { 0.0 } else { e })
                .collect();
            let x = self.target_dots[at] * self.temperature;
            let top = if x > shift { x } else { shift };
            let (a, mut b) = (exp(shift - top), exp(x - top));
            let rest = lanes16_sum(&kept) * a;
            if rest == 0.0 && b == 0.0 {
                b = 1.0;
            }
            let own = match rest <= b {
                true => function(Function::Log1p, rest / b),
                false => function(Function::Log, rest + b) + (top - x),
            };
            let weight = self.weights.as_ref().map_or(weight, |weights| weights[at] * weight);
            let down = -(weight * (rest / (rest + b)));
            loss += f64::from(weight) * f64::from(own);
            slope += f64::from(down) * f64::from(self.target_dots[at]);
            factors.push(canonical(down * self.temperature));
            rates.push(weight * (a / (rest + b)));
        }
        let total: f32 = rates.iter().fold(0.0, |sum, rate| sum + rate);
        let negatives = self.negatives.iter().zip(&powers).map(|(&id, &e)| {
            let others = self.targets.iter().zip(&rates).filter(|(target, _)| **target != id);
            let others = others.fold(0.0, |sum, (_, rate)| sum + rate);
            let hit = self.targets.contains(&id);
            canonical(e * (if hit { others } else { total } * self.temperature))
        });
        (negatives.collect(), factors, loss, slope)
    }

    /// The formula, in f64.
    fn exact(&self) -> Softmax {
        let t = f64::from(self.temperature);
        let mut negatives = vec![0.0; self.negatives.len()];
        let (mut factors, mut loss, mut slope) = (Vec::new(), 0.0, 0.0);
        for (at, &target) in self.targets.iter().enumerate() {
            let weight = 0.5 * self.weights.as_ref().map_or(1.0, |weights| f64::from(weights[at]));
            let x = t * f64::from(self.target_dots[at]);
            let others = (0..negatives.len()).filter(|&column| self.negatives[column] != target);
            let top = others.map(|column| t * f64::from(self.dots[column])).fold(x, f64::max);
            let power = |column: usize| match self.negatives[column] == target {
                true => 0.0,
                false => (t * f64::from(self.dots[column]) - top).exp(),
            };
            let rest: f64 = (0..negatives.len()).map(power).sum();
            let own = (x - top).exp();
            let total = own + rest;
            loss += weight * if rest <= own { (rest / own).ln_1p() } else { total.ln() + (top - x) };
            slope -= weight * rest / total * f64::from(self.target_dots[at]);
            factors.push((-weight * rest / total * t) as f32);
            for (column, negative) in negatives.iter_mut().enumerate() {
                *negative += weight * power(column) / total * t;
            }
        }
        (negatives.into_iter().map(|v| v as f32).collect(), factors, loss, slope)
    }

    fn check(&self, what: &str) {
        let n = self.negatives.len();
        let (want, want_factors, loss, slope) = self.specified();
        let mut columns: Vec<u32> = (0..n as u32).collect();
        columns.sort_by_key(|&column| (self.negatives[column as usize], column));
        let sorted: Vec<u32> = columns.iter().map(|&column| self.negatives[column as usize]).collect();
        for place in [PLACES[n % 16], PLACES[16]] {
            for tier in tiers() {
                let row = SoftmaxRow {
                    temperature: self.temperature,
                    weight: 0.5,
                    targets: &self.targets,
                    weights: self.weights.as_deref(),
                    sorted: &sorted,
                    columns: &columns,
                };
                let (mut dots, mut factors) =
                    (Area::new(place, &self.dots), Area::new(place, &self.target_dots));
                let mut rates = Area::new(place, &vec![f32::NAN; 2 * self.targets.len()]);
                let scratch = bytemuck::cast_slice_mut(rates.get_mut());
                let sums = tier.softmax_row(row, dots.get_mut(), factors.get_mut(), scratch);
                rates.rows();
                assert_bits(&dots.rows(), &want, (tier.isa(), n, what));
                assert_bits(&factors.rows(), &want_factors, (tier.isa(), n, what));
                let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
                assert!(same(sums.loss, loss) && same(sums.slope, slope), "{:?} {n} {what}", tier.isa());
            }
        }
    }

    /// Within `relative` of the sum of magnitudes of the f64 formula.
    fn check_exact(&self, relative: f64) {
        let (want, want_factors, loss, slope) = self.exact();
        let (got, got_factors, got_loss, got_slope) = self.specified();
        for (got, want) in got.iter().zip(&want).chain(got_factors.iter().zip(&want_factors)) {
            assert_near(*got, (*want).into(), f64::from(*want).abs(), relative, "factor");
        }
        // Weights are not negative here, so losses do not cancel.
        assert!((got_loss - loss).abs() <= relative * loss.abs() + 1e-40, "{got_loss:e}, not {loss:e}");
        let scale: f64 = got_factors.iter().zip(&self.target_dots).map(|(f, d)| f64::from(f * d).abs()).sum();
        assert!((got_slope - slope).abs() <= relative * scale + 1e-40, "{got_slope:e}, not {slope:e}");
    }
}

/// In its words, bit for bit, with hits, repeated negatives and repeated positives. Against f64: an exponent of
/// up to 40 is off by 2^-24 of itself for each of two roundings, and the sums by little; 1e-5 holds all.
pub(super) fn softmax_row() {
    let mut random = Random::new(16);
    for n in lengths() {
        for turn in 0..6 {
            let negatives: Vec<u32> = (0..n).map(|_| random.below(1 + 2 * n) as u32).collect();
            let targets: Vec<u32> = (0..turn).map(|_| random.below(1 + 2 * n) as u32).collect();
            let by_id: Vec<f32> = random.values(1 + 2 * n).iter().map(|v| v * 10.0).collect();
            let dots_of = |ids: &[u32]| ids.iter().map(|&id| by_id[id as usize]).collect::<Vec<f32>>();
            let weights = (turn % 2 == 1).then(|| random.values(turn).into_iter().map(f32::abs).collect());
            let mut source = Source {
                temperature: [1.0, 2.0, 0.1][turn % 3],
                dots: dots_of(&negatives),
                target_dots: dots_of(&targets),
                negatives,
                targets,
                weights,
            };
            source.check("plain");
            source.check_exact(1e-5);
            // One value for each id, so that the hits of a positive agree with one another.
            let by_id: Vec<f32> = random.wild(1 + 2 * n);
            source.dots = source.negatives.iter().map(|&id| by_id[id as usize]).collect();
            source.target_dots = source.targets.iter().map(|&id| by_id[id as usize]).collect();
            source.check("wild");
        }
    }
}

/// A source as the cases below need it: positives 0, 1, .., no weights, temperature 1.
fn source(targets: &[f32], negatives: &[(u32, f32)]) -> Source {
    Source {
        temperature: 1.0,
        negatives: negatives.iter().map(|n| n.0).collect(),
        dots: negatives.iter().map(|n| n.1).collect(),
        targets: (0..targets.len() as u32).collect(),
        target_dots: targets.to_vec(),
        weights: None,
    }
}

/// Logits at the ends of the range, nothing to compare with, certain edges, a positive among the negatives.
#[test]
fn softmax_corners() {
    for x in [-1e4, -200.0, -1.0, 0.0, 1.0, 200.0, 1e4, 1e30, -1e30] {
        // Alone, or with no negatives but itself, an edge is certain.
        for negatives in [&[][..], &[(0, x), (0, x)], &[(0, x * 1.000_001)], &[(0, x * 0.999_999)]] {
            let alone = source(&[x], negatives);
            alone.check("alone");
            let (dots, factors, loss, slope) = alone.specified();
            assert_eq!((loss, slope), (0.0, 0.0), "{x} {negatives:?}");
            assert!(dots.iter().chain(&factors).all(|&v| v == 0.0), "{x} {negatives:?}");
        }
        for y in [-1e4, -100.0, -30.0, 0.0, 30.0, 100.0, 1e4] {
            let pair = source(&[x], &[(7, y), (0, x)]);
            pair.check("pair");
            if x.abs() < 1e5 {
                pair.check_exact(1e-5);
            }
        }
    }
    // A negative of -inf has no weight; a positive of +inf or NaN gives NaN.
    let masked = source(&[2.0], &[(7, f32::NEG_INFINITY), (8, 1.0)]);
    masked.check("masked");
    let plain = source(&[2.0], &[(8, 1.0)]);
    assert_eq!(masked.specified().2, plain.specified().2);
    for bad in [f32::INFINITY, f32::NAN] {
        for broken in [source(&[bad], &[(7, 1.0)]), source(&[1.0], &[(7, bad)])] {
            broken.check("broken");
            assert!(broken.specified().2.is_nan());
        }
    }
}
