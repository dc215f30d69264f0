//! Scores of rows by ids.

use super::area::{Area, PLACES};
use super::stored::{Bytes, Kind, Stored};
use super::{assert_bits, assert_near, canonical, lanes16_dot, lengths, tiers};
use crate::score::{Int8, Metric};
use crate::test_support::Random;

const METRICS: [Metric; 2] = [Metric::Dot, Metric::Cosine];

/// Ids that are asked for and not scored follow the five.
const U: [u32; 8] = [2, 0, 2, 1, 1, 0, 0, 2];
const V: [u32; 8] = [0, 3, 3, 1, 0, 2, 3, 3];

/// In the words: three sums, the rest in f64.
fn cosine(dot: f64, left: f64, right: f64) -> f32 {
    if (left == 0.0 || right == 0.0) && !dot.is_nan() {
        0.0
    } else {
        canonical((dot / (left.sqrt() * right.sqrt())) as f32)
    }
}

/// Exactly `LANES16` of the widened rows; the error of the dot is checked with `edge_dots`, here that of the cosine.
pub(super) fn score_pairs() {
    let mut random = Random::new(13);
    for (turn, d) in lengths().enumerate() {
        for (kinds, wild) in (0..9).flat_map(|kinds| [(kinds, false), (kinds, true)]) {
            let (left_kind, right_kind) = (Kind::ALL[kinds / 3], Kind::ALL[kinds % 3]);
            let mut values = |len| if wild { random.wild(len) } else { random.values(len) };
            let (mut left, right) = (values(3 * d), values(4 * d));
            if turn % 2 == 1 {
                left[..d].fill(0.0);
            }
            let left: Vec<f32> = left.into_iter().map(|v| left_kind.round(v)).collect();
            let right: Vec<f32> = right.into_iter().map(|v| right_kind.round(v)).collect();
            for metric in METRICS {
                let score = |(&u, &v): (&u32, &u32)| {
                    let (a, b) = (&left[u as usize * d..][..d], &right[v as usize * d..][..d]);
                    let dot = lanes16_dot(a, b);
                    if metric == Metric::Dot {
                        return dot;
                    }
                    let score = cosine(dot.into(), lanes16_dot(a, a).into(), lanes16_dot(b, b).into());
                    if !wild {
                        let sum = |x: &[f32], y: &[f32]| {
                            x.iter().zip(y).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>()
                        };
                        let norms = (sum(a, a) * sum(b, b)).sqrt();
                        let exact = if norms == 0.0 { 0.0 } else { sum(a, b) / norms };
                        assert_near(score, exact, 1.0, (d + 8) as f64 / 16_777_216.0, (d, kinds));
                    }
                    score
                };
                let want: Vec<f32> = U.iter().zip(&V).take(5).map(score).collect();
                for (at, place) in
                    PLACES.into_iter().enumerate().skip(turn % 2).step_by(2).chain([(16, PLACES[16])])
                {
                    let left = Stored::new(left_kind, place, 3, d, d + at % 3, &left);
                    let place = PLACES[(at + 3) % PLACES.len()];
                    let right = Stored::new(right_kind, place, 4, d, d + at % 2, &right);
                    for tier in tiers() {
                        let mut out = Area::new(place, &[0.0; 5]);
                        tier.score_pairs(left.view(), right.view(), metric, &U, &V, out.get_mut());
                        assert_bits(&out.rows(), &want, (tier.isa(), d, place, kinds, metric));
                    }
                    left.area.rows();
                    right.area.rows();
                }
            }
        }
    }
}

/// Exact integers, times the scales.
pub(super) fn score_pairs_int8() {
    let mut random = Random::new(41);
    let scales = ([0.5, -3.0, f32::INFINITY], [0.0, 1e-30, 7.0, f32::NAN]);
    for d in lengths() {
        for extreme in [false, true] {
            let mut values = |len: usize| -> Vec<i8> {
                (0..len).map(|_| if extreme { i8::MIN } else { random.u32() as i8 }).collect()
            };
            let (left, right) = (values(3 * d), values(4 * d));
            for (metric, scaled) in METRICS.into_iter().flat_map(|metric| [(metric, false), (metric, true)]) {
                let score = |(&u, &v): (&u32, &u32)| {
                    let (a, b) = (&left[u as usize * d..][..d], &right[v as usize * d..][..d]);
                    let sum = |x: &[i8], y: &[i8]| {
                        x.iter().zip(y).map(|(&x, &y)| i64::from(x) * i64::from(y)).sum::<i64>()
                    };
                    let scale = if scaled { scales.0[u as usize] * scales.1[v as usize] } else { 1.0 };
                    match metric {
                        Metric::Dot => canonical(scale * sum(a, b) as f32),
                        Metric::Cosine => cosine(sum(a, b) as f64, sum(a, a) as f64, sum(b, b) as f64),
                    }
                };
                let want: Vec<f32> = U.iter().zip(&V).take(5).map(score).collect();
                for (at, place) in PLACES.into_iter().enumerate() {
                    let (of_left, of_right) = (d + at % 3, d + at % 2);
                    let left = Bytes::rows(place, 3, d, of_left, &left);
                    let place = PLACES[(at + 3) % PLACES.len()];
                    let right = Bytes::rows(place, 4, d, of_right, &right);
                    for tier in tiers() {
                        let a = Int8 { rows: left.view(3, d, of_left), scales: scaled.then_some(&scales.0) };
                        let b =
                            Int8 { rows: right.view(4, d, of_right), scales: scaled.then_some(&scales.1) };
                        let mut out = Area::new(place, &[0.0; 5]);
                        tier.score_pairs_int8(a, b, metric, &U, &V, out.get_mut());
                        assert_bits(&out.rows(), &want, (tier.isa(), d, place, metric, scaled));
                    }
                }
            }
        }
    }
}
