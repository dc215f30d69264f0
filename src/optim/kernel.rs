//! Straight loops of the family. They trust their arguments: `mod.rs` has checked them.

use crate::simd::{LANES, Simd};

/// The numbers of one step of Adam.
#[derive(Clone, Copy)]
pub(crate) struct AdamStep {
    pub beta1: f32,
    pub beta2: f32,
    /// Learning rate over the first moment's correction.
    pub rate: f32,
    /// Factor on the root of the second moment.
    pub correction: f32,
    pub epsilon: f32,
}

/// The numbers of one step of Adagrad.
#[derive(Clone, Copy)]
pub(crate) struct AdagradStep {
    pub rate: f32,
    pub epsilon: f32,
}

/// One step of Adam; the slices have one length.
#[inline(always)]
pub(crate) fn adam<S: Simd>(s: S, step: AdamStep, p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
    let (beta1, rest1) = (s.splat(step.beta1), s.splat(1.0 - step.beta1));
    let (beta2, rest2) = (s.splat(step.beta2), s.splat(1.0 - step.beta2));
    let (rate, correction, epsilon) = (s.splat(step.rate), s.splat(step.correction), s.splat(step.epsilon));
    let moments = m.chunks_mut(LANES).zip(v.chunks_mut(LANES));
    for ((p, g), (m, v)) in p.chunks_mut(LANES).zip(g.chunks(LANES)).zip(moments) {
        let g = s.load_part(g);
        let first = s.fma(beta1, s.load_part(m), s.mul(rest1, g));
        let second = s.fma(beta2, s.load_part(v), s.mul(rest2, s.mul(g, g)));
        let change = s.div(first, s.fma(s.sqrt(second), correction, epsilon));
        let next = s.sub(s.load_part(p), s.mul(rate, change));
        s.store_part(m, s.canonical(first));
        s.store_part(v, s.canonical(second));
        s.store_part(p, s.canonical(next));
    }
}

/// One step of Adagrad on one row.
#[inline(always)]
pub(crate) fn adagrad<S: Simd>(s: S, step: AdagradStep, p: &mut [f32], g: &[f32], sum: &mut [f32]) {
    let (rate, epsilon) = (s.splat(step.rate), s.splat(step.epsilon));
    for ((p, g), sum) in p.chunks_mut(LANES).zip(g.chunks(LANES)).zip(sum.chunks_mut(LANES)) {
        let g = s.load_part(g);
        let squares = s.fma(g, g, s.load_part(sum));
        let change = s.div(g, s.add(s.sqrt(squares), epsilon));
        let next = s.sub(s.load_part(p), s.mul(rate, change));
        s.store_part(sum, s.canonical(squares));
        s.store_part(p, s.canonical(next));
    }
}
