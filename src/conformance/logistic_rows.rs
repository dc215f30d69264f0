//! The dense rows of logistic regression.

use super::area::{Area, PLACES};
use super::stored::{Kind, Stored};
use super::{assert_bits, assert_near, canonical, fold, lengths, tiers};
use crate::logistic::kernel::{Linear, RowSum, RowSums};
use crate::test_support::Random;

/// A dot product in the words of `LANES16`, not yet canonical.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [[0.0f32; 16]; 4];
    for j in 0..a.len().next_multiple_of(16) {
        let lane = &mut lanes[j / 16 % 4][j % 16];
        *lane = a.get(j).unwrap_or(&0.0).mul_add(*b.get(j).unwrap_or(&0.0), *lane);
    }
    fold(lanes)
}

/// Every number of columns up to 65 and some beyond with few rows, and every number of rows with few columns.
fn shapes() -> impl Iterator<Item = (usize, usize)> {
    lengths().flat_map(|n| [(n, 19), (5, n), (33, n)])
}

/// The values of a matrix, and how far apart its rows are to lie.
fn strided(random: &mut Random, rows: usize, cols: usize, wild: bool) -> (Vec<f32>, usize) {
    let stride = cols + rows % 3;
    (if wild { random.wild(rows * cols) } else { random.values(rows * cols) }, stride)
}

/// Every shape with every type.
fn cases() -> impl Iterator<Item = (usize, usize, Kind)> {
    shapes().flat_map(|(n, d)| Kind::ALL.map(|kind| (n, d, kind)))
}

/// Bits in the words, and within a length-wise error of f64; of one model and of two at once.
pub(super) fn logistic_margins() {
    let mut random = Random::new(25);
    for (turn, (n, d, kind)) in cases().enumerate() {
        let wild = turn / 3 % 3 == 2;
        let (x, stride) = strided(&mut random, n, d, wild);
        let x: Vec<f32> = x.into_iter().map(|v| kind.round(v)).collect();
        let (weights, offsets, along) = (random.values(d), random.values(n), random.values(d));
        let row = |i: usize| &x[i * d..][..d];
        let want_along: Vec<f32> = (0..n).map(|i| canonical(dot(row(i), &along) - 0.5)).collect();
        for with_offsets in [false, true] {
            let want: Vec<f32> = (0..n)
                .map(|i| {
                    let margin = dot(row(i), &weights) + 0.25;
                    canonical(if with_offsets { margin + offsets[i] } else { margin })
                })
                .collect();
            for i in (0..n).filter(|_| !wild) {
                let products = || row(i).iter().zip(&weights).map(|(&a, &b)| f64::from(a) * f64::from(b));
                let offset = if with_offsets { f64::from(offsets[i]) } else { 0.0 };
                let exact = products().sum::<f64>() + 0.25 + offset;
                let scale = products().map(f64::abs).sum::<f64>() + 1.25;
                assert_near(want[i], exact, scale, (d as f64 / 16.0 + 10.0) / 16_777_216.0, (n, d, i));
            }
            for place in PLACES.into_iter().skip(turn % 4).step_by(4) {
                for tier in tiers() {
                    let rows = Stored::new(kind, place, n, d, stride, &x);
                    let (of_weights, of_offsets) = (Area::new(place, &weights), Area::new(place, &offsets));
                    let offsets = with_offsets.then(|| of_offsets.get());
                    let model = Linear { weights: of_weights.get(), intercept: 0.25, offsets };
                    let mut out = Area::new(place, &vec![0.0; n]);
                    tier.logistic_margins(rows.view(), model, out.get_mut(), None);
                    assert_bits(&out.rows(), &want, (tier.isa(), kind, n, d, place));
                    let of_along = Area::new(place, &along);
                    let second = Linear { weights: of_along.get(), intercept: -0.5, offsets: None };
                    let mut outs = [(); 2].map(|()| Area::new(place, &vec![0.0; n]));
                    let [out, out_along] = &mut outs;
                    let second = Some((second, out_along.get_mut()));
                    tier.logistic_margins(rows.view(), model, out.get_mut(), second);
                    assert_bits(&out.rows(), &want, (tier.isa(), kind, n, d, place, "first of two"));
                    assert_bits(&out_along.rows(), &want_along, (tier.isa(), kind, n, d, place, "second"));
                }
            }
        }
    }
}

/// One chain through the rows for each column, from what the output holds; any of the sums alone or together.
pub(super) fn logistic_accumulate() {
    let mut random = Random::new(26);
    for (turn, (n, d, kind)) in cases().enumerate() {
        let wild = turn / 3 % 3 == 2;
        let (x, stride) = strided(&mut random, n, d, wild);
        let x: Vec<f32> = x.into_iter().map(|v| kind.round(v)).collect();
        let factors: [Vec<f32>; 3] = [(); 3].map(|()| random.values(n));
        let start: [Vec<f32>; 3] = [(); 3].map(|()| random.values(d));
        let of = |i: usize, j: usize, sum: usize| {
            let v = x[i * d + j];
            if sum == 2 { v * v } else { v }
        };
        let want: [Vec<f32>; 3] = std::array::from_fn(|k| {
            let chain = |j| (0..n).fold(start[k][j], |sum, i| factors[k][i].mul_add(of(i, j, k), sum));
            (0..d).map(|j| canonical(chain(j))).collect()
        });
        for k in 0..3 {
            for j in (0..d).filter(|_| !wild) {
                let terms = || (0..n).map(|i| f64::from(factors[k][i]) * f64::from(of(i, j, k)));
                let exact = f64::from(start[k][j]) + terms().sum::<f64>();
                let scale = f64::from(start[k][j]).abs() + terms().map(f64::abs).sum::<f64>();
                assert_near(want[k][j], exact, scale, (n as f64 + 2.0) / 16_777_216.0, (n, d, j));
            }
        }
        for place in PLACES.into_iter().skip(turn % 4).step_by(4) {
            for tier in tiers() {
                // Bit k: whether sum k is wanted.
                for wanted in 0..8 {
                    let rows = Stored::new(kind, place, n, d, stride, &x);
                    let of_factors = factors.each_ref().map(|factors| Area::new(place, factors));
                    let mut outs = start.each_ref().map(|start| Area::new(place, start));
                    let [a, b, c] = &mut outs;
                    let sum = |k: usize, out| {
                        (wanted >> k & 1 == 1).then_some(RowSum { factors: of_factors[k].get(), out })
                    };
                    let linear = [sum(0, a.get_mut()), sum(1, b.get_mut())];
                    let sums = RowSums { linear, squared: sum(2, c.get_mut()) };
                    tier.logistic_accumulate(rows.view(), sums);
                    for k in 0..3 {
                        let want = if wanted >> k & 1 == 1 { &want[k] } else { &start[k] };
                        assert_bits(&outs[k].rows(), want, (tier.isa(), kind, n, d, place, wanted, k));
                    }
                }
            }
        }
    }
}
