//! What a step of a chain is, for each form of rows.

use super::GROUP;
use crate::simd::{LANES, Lanes, Simd};
use half::slice::HalfBitsSliceExt;

/// How a panel holds its rows, and what a step of the chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A step is an element: 32 f32. A word is an f32.
    F32,
    /// A step is an element: 32 f16. A word is an f32.
    F16,
    /// A step is two elements: 32 pairs of bf16. Two words are the f32 of the two, which are added in their order.
    Bf16,
    /// As `Bf16`, but the second element's product is added before the first one's: what dot instructions do.
    Bf16Turned,
    /// As `Bf16Turned`, by the instruction, on tiers that have it: subnormals would be zeros. A word is two bf16.
    Bf16Dots,
}

impl Form {
    /// Words of a query for one step.
    pub(crate) fn words(self) -> usize {
        if matches!(self, Form::Bf16 | Form::Bf16Turned) { 2 } else { 1 }
    }
}

/// A step of a form.
pub(super) trait Step {
    const WORDS: usize;
    const LINES: usize;
    /// Adds the products of a step of a panel with `R` queries, whose words begin at `at`: one vector of targets after the
    /// other, because AVX2 has no registers for both.
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    );
}

/// `R` words from `at`.
#[inline(always)]
fn some<const R: usize>(words: &[f32; GROUP], at: usize) -> &[f32] {
    &words[at..][..R]
}

/// Adds the products of one vector of targets: `sums[r][v] += words[at + r] * w`.
#[inline(always)]
fn fused<S: Simd, const R: usize>(
    s: S,
    w: S::F32,
    v: usize,
    words: &[f32; GROUP],
    at: usize,
    sums: &mut [[S::F32; 2]; R],
) {
    let x = some::<R>(words, at);
    for r in 0..R {
        sums[r][v] = s.fma(s.splat(x[r]), w, sums[r][v]);
    }
}

pub(super) struct StepF32;

impl Step for StepF32 {
    const WORDS: usize = 1;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        for (v, line) in lines[..2].iter().enumerate() {
            fused(s, s.load(line), v, &words[0], at, sums);
        }
    }
}

pub(super) struct StepF16;

impl Step for StepF16 {
    const WORDS: usize = 1;
    const LINES: usize = 1;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        let halves: &[[u16; LANES]; 2] = bytemuck::cast_ref(&lines[0]);
        for (v, half) in halves.iter().enumerate() {
            let Some(half) = half.reinterpret_cast().first_chunk() else { return };
            fused(s, s.load_f16(half), v, &words[0], at, sums);
        }
    }
}

pub(super) struct StepBf16<const TURNED: bool>;

impl<const TURNED: bool> Step for StepBf16<TURNED> {
    const WORDS: usize = 2;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        for (v, line) in lines[..2].iter().enumerate() {
            let pairs = s.load(line);
            if TURNED {
                fused(s, s.second_bf16(pairs), v, &words[1], at, sums);
                fused(s, s.first_bf16(pairs), v, &words[0], at, sums);
            } else {
                fused(s, s.first_bf16(pairs), v, &words[0], at, sums);
                fused(s, s.second_bf16(pairs), v, &words[1], at, sums);
            }
        }
    }
}

pub(super) struct StepBf16Dots;

impl Step for StepBf16Dots {
    const WORDS: usize = 1;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        let x = some::<R>(&words[0], at);
        for (v, line) in lines[..2].iter().enumerate() {
            let w = s.load(line);
            for r in 0..R {
                sums[r][v] = s.dot_bf16(w, s.splat(x[r]), sums[r][v]);
            }
        }
    }
}

pub(super) struct StepBytes;

impl Step for StepBytes {
    const WORDS: usize = 1;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        let x = some::<R>(&words[0], at);
        for (v, line) in lines[..2].iter().enumerate() {
            let w = s.load(line);
            for r in 0..R {
                sums[r][v] = s.dot_bytes(w, s.splat(x[r]), sums[r][v]);
            }
        }
    }
}

/// The chains of `R` queries, whose words begin at `at`, over `P` panels, from `sums` on. Asks for the lines of `ahead`.
#[inline(always)]
pub(super) fn chains<S: Simd, F: Step, const R: usize, const P: usize>(
    s: S,
    panels: [&[Lanes]; P],
    words: &[[f32; GROUP]],
    at: usize,
    ahead: &[Lanes],
    sums: &mut [[[S::F32; 2]; R]; P],
) {
    let steps = words.len() / F::WORDS;
    for panel in panels {
        assert!(panel.len() == steps * F::LINES);
    }
    for k in 0..steps {
        let words = &words[k * F::WORDS..][..F::WORDS];
        for p in 0..P {
            F::add::<S, R>(s, &panels[p][k * F::LINES..][..F::LINES], words, at, &mut sums[p]);
        }
        if let Some(line) = ahead.get(k) {
            s.prefetch_line(line);
            if let Some(line) = ahead.get(k + steps) {
                s.prefetch_line(line);
            }
        }
    }
}
