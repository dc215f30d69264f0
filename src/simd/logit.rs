//! The logistic function and its kin at a logit, on both sides at once and without cancellation.
//!
//! Everything comes from `e = e^-|x|`, kept in two parts and without its scale `2^n`, so that nothing underflows before
//! the coefficients have been multiplied: with `D = 1 + e`, the larger of sigmoid(x) and sigmoid(-x) is `1 / D`, the
//! smaller `e / D`, and `log D` is the smaller softplus. Quotients are corrected by their residuals.
//!
//! Errors, in ULP of the same expression with |a| and |b|: gradient 1.8, curvature 1.5, loss 1.8, measured by
//! `src/conformance/logistic.rs` over all exponents, for coefficients up to 2^90.

use super::Simd;
use super::math::{ROUND, exp_parts, log_one_to_two};

/// |x| beyond which e^-|x| is zero against coefficients up to 2^90.
pub(super) const FAR: f32 = 170.0;

/// e^-|x| for smaller exponents (|x| above 44) leaves `1 + e` at 1, and products with it may underflow.
pub(super) const NEAR: f32 = -64.0;

/// What loss, gradient and curvature share.
pub(crate) struct Logit<S: Simd> {
    x: S::F32,
    positive: S::Mask,
    /// The scale of `e`: `e = (head + tail) 2^n`.
    n: S::F32,
    /// Whether any lane has an exponent below [`NEAR`]: rare, and then scales are applied in two halves.
    far: bool,
    /// `2^n`, where `n` is not below [`NEAR`].
    scale: S::F32,
    head: S::F32,
    /// `1 + e`, and what its rounding lost.
    sum: S::F32,
    sum_tail: S::F32,
    /// `1 / (1 + e)` and its correction.
    one: S::F32,
    one_tail: S::F32,
    /// `(head + tail) / (1 + e)` and its correction.
    other: S::F32,
    other_tail: S::F32,
}

impl<S: Simd> Logit<S> {
    #[inline(always)]
    pub(crate) fn new(s: S, x: S::F32) -> Logit<S> {
        let (head, tail, n) = exp_parts(s, s.max(s.sub(s.zero(), s.abs(x)), s.splat(-FAR)));
        let far = s.bits(s.less(n, s.splat(NEAR))) != 0;
        let scale = s.pow2(s.max(n, s.splat(NEAR)));
        let (e, e_tail) = (s.mul(head, scale), s.mul(tail, scale));
        let unit = s.splat(1.0);
        let sum = s.add(unit, e);
        let sum_tail = s.add(s.add(s.sub(unit, sum), e), e_tail);
        let one = s.div(unit, sum);
        let minus_sum = s.sub(s.zero(), sum);
        let one_tail = s.mul(one, s.sub(s.fma(minus_sum, one, unit), s.mul(sum_tail, one)));
        let other = s.mul(head, one);
        let residual = s.sub(s.add(s.fma(minus_sum, other, head), tail), s.mul(sum_tail, other));
        let other_tail = s.mul(one, residual);
        let positive = s.less(s.zero(), x);
        Logit { x, positive, n, far, scale, head, sum, sum_tail, one, one_tail, other, other_tail }
    }

    /// `v * 2^n`, rounded once where it is subnormal; the same bits whatever the other lanes are.
    #[inline(always)]
    fn scaled(&self, s: S, v: S::F32) -> S::F32 {
        let near = s.mul(v, self.scale);
        if self.far { s.select(s.less(self.n, s.splat(NEAR)), in_halves(s, v, self.n), near) } else { near }
    }

    /// NaN where the logit is: clamps drop it on the way.
    #[inline(always)]
    fn keep_nan(&self, s: S, v: S::F32) -> S::F32 {
        s.select(s.equal(self.x, self.x), v, self.x)
    }

    /// `b sigmoid(x) - a sigmoid(-x)`.
    #[inline(always)]
    pub(crate) fn gradient(&self, s: S, a: S::F32, b: S::F32) -> S::F32 {
        let minus_a = s.sub(s.zero(), a);
        let larger = s.select(self.positive, b, minus_a);
        let smaller = s.select(self.positive, minus_a, b);
        let smaller = self.scaled(s, s.mul(smaller, s.add(self.other, self.other_tail)));
        self.keep_nan(s, s.fma(larger, s.add(self.one, self.one_tail), smaller))
    }

    /// `(a + b) sigmoid(x) sigmoid(-x)`.
    #[inline(always)]
    pub(crate) fn curvature(&self, s: S, a: S::F32, b: S::F32) -> S::F32 {
        let product = s.mul(self.one, self.other);
        let lost = s.fma(self.one, self.other, s.sub(s.zero(), product));
        let tail = s.add(lost, s.fma(self.one, self.other_tail, s.mul(self.one_tail, self.other)));
        let sum = s.add(a, b);
        self.keep_nan(s, self.scaled(s, s.fma(sum, product, s.mul(sum, tail))))
    }

    /// `a softplus(-x) + b softplus(x)`.
    #[inline(always)]
    pub(crate) fn loss(&self, s: S, a: S::F32, b: S::F32) -> S::F32 {
        let larger = s.select(self.positive, b, a);
        let smaller = s.select(self.positive, a, b);
        let log = log_one_to_two(s, self.sum, s.mul(self.sum_tail, self.one));
        let mut smaller_part = s.mul(smaller, log);
        if self.far {
            // log(1 + e) is e itself where e is that small.
            let tiny = in_halves(s, s.mul(smaller, self.head), self.n);
            smaller_part = s.select(s.less(self.n, s.splat(NEAR)), tiny, smaller_part);
        }
        // An infinite logit counts nothing where its coefficient is 0.
        let wide = s.add(s.abs(self.x), log);
        let wide = s.select(s.equal(larger, s.zero()), s.zero(), wide);
        self.keep_nan(s, s.fma(larger, wide, smaller_part))
    }
}

/// `v * 2^n` for `n` in -252..=254, rounded once where it is subnormal.
#[inline(always)]
pub(super) fn in_halves<S: Simd>(s: S, v: S::F32, n: S::F32) -> S::F32 {
    let round = s.splat(ROUND);
    let half = s.sub(s.fma(n, s.splat(0.5), round), round);
    s.mul(s.mul(v, s.pow2(half)), s.pow2(s.sub(n, half)))
}
