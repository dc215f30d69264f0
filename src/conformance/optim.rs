//! Optimiser steps.

use super::area::{Area, PLACES};
use super::{assert_bits, assert_near, canonical, lengths, tiers};
use crate::optim::kernel::{AdagradStep, AdamStep};
use crate::test_support::Random;

/// Values and squares, which are not negative.
fn inputs(random: &mut Random, n: usize, wild: bool) -> [Vec<f32>; 4] {
    let mut values = || if wild { random.wild(n) } else { random.values(n) };
    let (p, g, m, v) = (values(), values(), values(), values());
    [p, g, m, v.into_iter().map(f32::abs).collect()]
}

/// Two roundings a moment; the change of a parameter within 8 * 2^-24 of it and of the parameter.
pub(super) fn adam() {
    let mut random = Random::new(6);
    let step = AdamStep { beta1: 0.9, beta2: 0.99, rate: 0.01, correction: 1.5, epsilon: 1e-8 };
    let (rest1, rest2) = (1.0 - step.beta1, 1.0 - step.beta2);
    for n in lengths() {
        for wild in [false, true] {
            let [p, g, m, v] = inputs(&mut random, n, wild);
            let first: Vec<f32> = (0..n).map(|i| step.beta1.mul_add(m[i], rest1 * g[i])).collect();
            let second: Vec<f32> = (0..n).map(|i| step.beta2.mul_add(v[i], rest2 * (g[i] * g[i]))).collect();
            let change = |i: usize| first[i] / second[i].sqrt().mul_add(step.correction, step.epsilon);
            let next: Vec<f32> = (0..n).map(|i| canonical(p[i] - step.rate * change(i))).collect();
            let (first, second): (Vec<_>, Vec<_>) =
                (0..n).map(|i| (canonical(first[i]), canonical(second[i]))).unzip();
            for i in (0..n).filter(|_| !wild) {
                let (b1, b2) = (f64::from(step.beta1), f64::from(step.beta2));
                let (g, m, v) = (f64::from(g[i]), f64::from(m[i]), f64::from(v[i]));
                let (m, v) = (b1 * m + f64::from(rest1) * g, b2 * v + f64::from(rest2) * g * g);
                let change = f64::from(step.rate) * m / (v.sqrt() * 1.5 + f64::from(step.epsilon));
                let scale = f64::from(p[i]).abs() + f64::from(step.rate) / (v.sqrt() * 1.5);
                assert_near(next[i], f64::from(p[i]) - change, scale, 8.0 / 16_777_216.0, (n, i));
            }
            for (at, place) in PLACES.into_iter().enumerate() {
                let other = PLACES[(at + 5) % PLACES.len()];
                for tier in tiers() {
                    let (mut p, g) = (Area::new(place, &p), Area::new(other, &g));
                    let (mut m, mut v) = (Area::new(place, &m), Area::new(other, &v));
                    tier.adam(step, p.get_mut(), g.get(), m.get_mut(), v.get_mut());
                    assert_bits(&p.rows(), &next, (tier.isa(), n, place));
                    assert_bits(&m.rows(), &first, (tier.isa(), n, place));
                    assert_bits(&v.rows(), &second, (tier.isa(), n, place));
                    g.rows();
                }
            }
        }
    }
}

/// One rounding a square; the parameter within 5 * 2^-24 of itself and its change.
pub(super) fn adagrad() {
    let mut random = Random::new(7);
    let step = AdagradStep { rate: 0.1, epsilon: 1e-8 };
    for n in lengths() {
        for wild in [false, true] {
            let [p, g, _, sum] = inputs(&mut random, n, wild);
            let squares: Vec<f32> = (0..n).map(|i| g[i].mul_add(g[i], sum[i])).collect();
            let change = |i: usize| g[i] / (squares[i].sqrt() + step.epsilon);
            let next: Vec<f32> = (0..n).map(|i| canonical(p[i] - step.rate * change(i))).collect();
            let squares: Vec<f32> = squares.iter().map(|&v| canonical(v)).collect();
            for i in (0..n).filter(|_| !wild) {
                let (g, sum) = (f64::from(g[i]), f64::from(sum[i]));
                let change = f64::from(step.rate) * g / ((sum + g * g).sqrt() + f64::from(step.epsilon));
                let scale = f64::from(p[i]).abs() + change.abs();
                assert_near(next[i], f64::from(p[i]) - change, scale, 5.0 / 16_777_216.0, (n, i));
            }
            for (at, place) in PLACES.into_iter().enumerate() {
                let other = PLACES[(at + 5) % PLACES.len()];
                for tier in tiers() {
                    let (mut p, g) = (Area::new(place, &p), Area::new(other, &g));
                    let mut sum = Area::new(other, &sum);
                    tier.adagrad(step, p.get_mut(), g.get(), sum.get_mut());
                    assert_bits(&p.rows(), &next, (tier.isa(), n, place));
                    assert_bits(&sum.rows(), &squares, (tier.isa(), n, place));
                    g.rows();
                }
            }
        }
    }
}
