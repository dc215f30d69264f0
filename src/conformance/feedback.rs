//! The weights of delayed feedback.

use super::area::{Area, PLACES};
use super::{assert_bits, canonical, function, lengths, tiers};
use crate::logistic::kernel::FeedbackRows;
use crate::logistic::{Method, Scheme};
use crate::simd::math::Function;
use crate::test_support::Random;

/// Coefficients in the words of the scheme, one row.
fn reference(scheme: Scheme, kind: u8, x: f32, first: f32, second: f32) -> (f32, f32) {
    let sigmoid = |x| function(Function::Sigmoid, x);
    let (f, not_f) = (sigmoid(x), sigmoid(-x));
    let (d, not_d) = (sigmoid(first), sigmoid(-first));
    let (r, not_r) = (sigmoid(second), sigmoid(-second));
    let clip = |v: f32| {
        if v < scheme.clip_low {
            scheme.clip_low
        } else if v > scheme.clip_high {
            scheme.clip_high
        } else {
            v
        }
    };
    let by_kind = |immediate, delayed, others| match kind {
        1 => immediate,
        2 => delayed,
        _ => others,
    };
    let (positive, negative) = ((1.0, 0.0), (0.0, 1.0));
    let plain = |positive, negative| by_kind(positive, positive, negative);
    let ((a, b), mass) = match scheme.method {
        Method::Vanilla => (plain(positive, negative), 1.0),
        Method::Fnw => (plain((1.0 + f, 0.0), (0.0, not_f * (1.0 + f))), 1.0 + f),
        Method::Fsiw => (plain((clip(1.0 / (d + 1e-8)), 0.0), (0.0, r)), 1.0),
        Method::EsDfm => (plain((1.0 + d, 0.0), (0.0, (1.0 + d) * r)), 1.0 + d),
        Method::Defer => {
            let left = f - d * 0.5;
            let ratio = if left > 0.0 || left.is_nan() { f / left } else { f32::INFINITY };
            (plain((clip(ratio), 0.0), (0.0, not_f / (not_f + d * 0.5))), 2.0)
        }
        Method::FnwReal => (plain(positive, (0.0, not_f / (1.0 + not_f))), 1.0),
        Method::EsDfmReal => {
            let total = (1.0 + not_f) + d;
            let share = not_f / 2f32.mul_add(not_f, d);
            (plain((total, 0.0), (0.0, total * share)), total)
        }
        Method::Defuse => (by_kind((1.0 + d, 0.0), positive, (not_r * d, r * (1.0 + d))), 1.0 + d),
        Method::FnwDefuse => (plain(positive, (f * f, not_f * (1.0 + f))), 1.0 + f),
        Method::BiDefuseInWindow => (by_kind(positive, (0.0, 0.0), negative), 1.0),
        Method::BiDefuseLate => {
            let first_row = (f * f, not_f * (1.0 + f));
            (by_kind(first_row, positive, first_row), 1.0 + f)
        }
        Method::Ulc => (plain(positive, (d, not_d)), 1.0),
        Method::Dfm => {
            let later = x - function(Function::Softplus, first) * second;
            (plain(positive, (sigmoid(later), sigmoid(-later))), 1.0)
        }
    };
    let (a, b) = if scheme.joint { (a / mass, b / mass) } else { (a, b) };
    (canonical(a), canonical(b))
}

/// Every method and mode at every length and place, on every tier.
pub(super) fn logistic_feedback() {
    let mut random = Random::new(23);
    for n in lengths() {
        for (turn, method) in Method::ALL.into_iter().enumerate() {
            let kinds: Vec<u8> = (0..n).map(|_| random.below(4) as u8).collect();
            let mut logits = |wild: bool| {
                let values = if wild { random.wild(n) } else { random.values(n) };
                values.into_iter().map(|v| v * 8.0).collect::<Vec<f32>>()
            };
            let (x, first, second) = (logits(turn % 2 == 0), logits(false), logits(turn % 3 == 0));
            for joint in [false, true] {
                let scheme = Scheme { joint, ..Scheme::new(method) };
                let [needs_x, needs_first, needs_second] = method.needs();
                let (a, b): (Vec<f32>, Vec<f32>) =
                    (0..n).map(|i| reference(scheme, kinds[i], x[i], first[i], second[i])).unzip();
                for place in PLACES.into_iter().skip(n % 3).step_by(3) {
                    for tier in tiers() {
                        let areas = [&x, &first, &second].map(|values| Area::new(place, values));
                        let [mut of_a, mut of_b] = [(); 2].map(|()| Area::new(place, &vec![0.0; n]));
                        let given = |needed: bool, at: usize| if needed { areas[at].get() } else { &[] };
                        let rows = FeedbackRows {
                            kinds: &kinds,
                            logits: given(needs_x, 0),
                            first: given(needs_first, 1),
                            second: given(needs_second, 2),
                        };
                        assert!(tier.logistic_feedback(scheme, rows, of_a.get_mut(), of_b.get_mut()));
                        assert_bits(&of_a.rows(), &a, (tier.isa(), n, scheme));
                        assert_bits(&of_b.rows(), &b, (tier.isa(), n, scheme));
                        areas.iter().for_each(|area| drop(area.rows()));
                    }
                }
            }
        }
    }
}

/// A kind that is not known is found at any place.
#[test]
fn unknown_kinds() {
    for n in [1, 15, 16, 17, 33] {
        for at in 0..n {
            let (mut kinds, mut a, mut b) = (vec![3; n], vec![0.0; n], vec![0.0; n]);
            kinds[at] = 4;
            let rows = FeedbackRows { kinds: &kinds, logits: &[], first: &[], second: &[] };
            for tier in tiers() {
                assert!(!tier.logistic_feedback(Scheme::new(Method::Vanilla), rows, &mut a, &mut b));
            }
        }
    }
}
