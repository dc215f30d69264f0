//! The product `f = sigmoid(x1) sigmoid(x2)` of two logits: the logarithms of `f` and `1 - f` and their derivatives,
//! without cancellation.
//!
//! With the lower logit l and the higher one h, `u = e^-l`, `v = e^-h`, the odds of f are `1 / (u + v + uv)`. The greatest
//! of the three terms is taken out, so that what remains is `T = 1 + e1 + e2` in [1, 3] with `e1 = e^-|h|` and
//! `e2 = e^(l - h)`, or `e^l` where h is negative. As in [`super::logit`] every exponential and every quotient has two
//! parts, and its scale `2^n` is applied after the coefficient.
//!
//! Errors, in ULP of the same expression with |a| and |b|, for coefficients up to 2^90: gradients 2.1, loss 2.8, measured by
//! `src/conformance/product.rs` on 110 million pairs of logits of all exponents; the bounds stated are 2.3 and 3.0.

use super::Simd;
use super::logit::{FAR, NEAR, in_halves};
use super::math::{exp_parts, log_normal};

/// A number as a sum; the second part is what the rounding of the first has lost.
#[derive(Clone, Copy)]
struct Two<S: Simd>(S::F32, S::F32);

/// A number in two parts, without its scale `2^n`.
#[derive(Clone, Copy)]
struct Unscaled<S: Simd> {
    parts: Two<S>,
    n: S::F32,
}

/// The least exponent of a scale that sums use: beside 1 the difference is nothing.
const LEAST: f32 = -100.0;

impl<S: Simd> Two<S> {
    #[inline(always)]
    fn times(self, s: S, other: Two<S>) -> Two<S> {
        let product = s.mul(self.0, other.0);
        let lost = s.fma(self.0, other.0, s.sub(s.zero(), product));
        Two(product, s.fma(self.0, other.1, s.fma(self.1, other.0, lost)))
    }

    /// The sum with a number that is no greater.
    #[inline(always)]
    fn plus(self, s: S, other: Two<S>) -> Two<S> {
        let sum = s.add(self.0, other.0);
        let lost = s.add(s.sub(self.0, sum), other.0);
        Two(sum, s.add(lost, s.add(self.1, other.1)))
    }

    #[inline(always)]
    fn inverse(self, s: S) -> Two<S> {
        let one = s.splat(1.0);
        let inverse = s.div(one, self.0);
        let residual = s.fma(s.sub(s.zero(), self.0), inverse, one);
        Two(inverse, s.mul(inverse, s.sub(residual, s.mul(self.1, inverse))))
    }

    #[inline(always)]
    fn value(self, s: S) -> S::F32 {
        s.add(self.0, self.1)
    }

    #[inline(always)]
    fn select(s: S, mask: S::Mask, yes: Two<S>, no: Two<S>) -> Two<S> {
        Two(s.select(mask, yes.0, no.0), s.select(mask, yes.1, no.1))
    }
}

impl<S: Simd> Unscaled<S> {
    /// `e^(y + lost)` for `y` not above 0; 0 against coefficients up to 2^90 where `y` is below `-FAR`.
    #[inline(always)]
    fn exp(s: S, y: S::F32, lost: S::F32) -> Unscaled<S> {
        let (head, tail, n) = exp_parts(s, s.max(y, s.splat(-FAR)));
        Unscaled { parts: Two(head, s.fma(head, lost, tail)), n }
    }

    #[inline(always)]
    fn one(s: S) -> Unscaled<S> {
        Unscaled { parts: Two(s.splat(1.0), s.zero()), n: s.zero() }
    }

    #[inline(always)]
    fn times(self, s: S, other: Unscaled<S>) -> Unscaled<S> {
        Unscaled { parts: self.parts.times(s, other.parts), n: s.add(self.n, other.n) }
    }

    /// The number itself, for sums with 1.
    #[inline(always)]
    fn beside_one(self, s: S) -> Two<S> {
        let scale = s.pow2(s.max(self.n, s.splat(LEAST)));
        Two(s.mul(self.parts.0, scale), s.mul(self.parts.1, scale))
    }

    #[inline(always)]
    fn select(s: S, mask: S::Mask, yes: Unscaled<S>, no: Unscaled<S>) -> Unscaled<S> {
        Unscaled { parts: Two::select(s, mask, yes.parts, no.parts), n: s.select(mask, yes.n, no.n) }
    }
}

/// What losses and gradients share.
pub(crate) struct LogitPair<S: Simd> {
    first: S::F32,
    second: S::F32,
    low: S::F32,
    high: S::F32,
    low_negative: S::Mask,
    high_negative: S::Mask,
    /// `e^-|low|`, `e^-|high|`.
    of_low: Unscaled<S>,
    of_high: Unscaled<S>,
    /// `1 + e^-|low|`, `1 + e^-|high|` and their inverses.
    low_sum: Two<S>,
    high_sum: Two<S>,
    low_inverse: Two<S>,
    high_inverse: Two<S>,
    /// `1 / T`.
    inverse: Two<S>,
    /// The odds of f, divided by `e^low` where that is above 1.
    odds: Unscaled<S>,
    /// Where `high` is negative, the odds of f; else `e^(low - high) / T`.
    high_odds: Unscaled<S>,
    /// Whether any lane has an exponent below [`NEAR`]: rare, and then scales are applied in two halves.
    far: bool,
}

impl<S: Simd> LogitPair<S> {
    #[inline(always)]
    pub(crate) fn new(s: S, first: S::F32, second: S::F32) -> LogitPair<S> {
        let zero = s.zero();
        let (low, high) = (s.min(first, second), s.max(first, second));
        let (low_negative, high_negative) = (s.less(low, zero), s.less(high, zero));
        let of_low = Unscaled::exp(s, s.sub(zero, s.abs(low)), zero);
        let of_high = Unscaled::exp(s, s.sub(zero, s.abs(high)), zero);
        // Two-sum (Knuth). The rest means nothing where the gap is infinite or, of equal infinities, NaN.
        let gap = s.sub(low, high);
        let back = s.sub(gap, low);
        let lost = s.sub(s.sub(low, s.sub(gap, back)), s.add(high, back));
        let lost = s.select(s.less(s.splat(-FAR), gap), lost, zero);
        // Equal infinities are equal logits.
        let gap = s.select(s.equal(low, high), zero, gap);
        let second_term = Unscaled::select(s, high_negative, of_low, Unscaled::exp(s, gap, lost));

        let one = Two(s.splat(1.0), zero);
        let low_sum = one.plus(s, of_low.beside_one(s));
        let high_sum = one.plus(s, of_high.beside_one(s));
        let inverse = high_sum.plus(s, second_term.beside_one(s)).inverse(s);
        let both = of_low.times(s, of_high);
        let odds = Unscaled::select(s, low_negative, of_low, Unscaled::one(s));
        let odds = Unscaled::select(s, high_negative, both, odds);
        let high_odds = Unscaled::select(s, high_negative, both, second_term);
        let odds = Unscaled { parts: odds.parts.times(s, inverse), n: odds.n };
        let high_odds = Unscaled { parts: high_odds.parts.times(s, inverse), n: high_odds.n };
        let least = s.min(s.min(odds.n, high_odds.n), s.min(of_low.n, of_high.n));
        LogitPair {
            first,
            second,
            low,
            high,
            low_negative,
            high_negative,
            of_low,
            of_high,
            low_sum,
            high_sum,
            low_inverse: low_sum.inverse(s),
            high_inverse: high_sum.inverse(s),
            inverse,
            odds,
            high_odds,
            far: s.bits(s.less(least, s.splat(NEAR))) != 0,
        }
    }

    /// `v * 2^n`, rounded once where it is subnormal; the same bits whatever the other lanes are.
    #[inline(always)]
    fn scaled(&self, s: S, v: S::F32, n: S::F32) -> S::F32 {
        let near = s.splat(NEAR);
        let plain = s.mul(v, s.pow2(s.max(n, near)));
        if self.far {
            let halves = in_halves(s, v, s.max(n, s.splat(-252.0)));
            s.select(s.less(n, near), halves, plain)
        } else {
            plain
        }
    }

    /// NaN where a logit is: clamps drop it on the way.
    #[inline(always)]
    fn keep_nan(&self, s: S, v: S::F32) -> S::F32 {
        let v = s.select(s.equal(self.first, self.first), v, self.first);
        s.select(s.equal(self.second, self.second), v, self.second)
    }

    /// The derivatives of [`LogitPair::loss`] by the first and the second logit.
    #[inline(always)]
    pub(crate) fn gradients(&self, s: S, a: S::F32, b: S::F32) -> (S::F32, S::F32) {
        let low = self.gradient(s, a, b, self.odds, self.low_inverse, self.of_low, self.low_negative);
        let high =
            self.gradient(s, a, b, self.high_odds, self.high_inverse, self.of_high, self.high_negative);
        let first = s.select(s.less(self.second, self.first), high, low);
        let second = s.select(s.less(self.first, self.second), high, low);
        (self.keep_nan(s, first), self.keep_nan(s, second))
    }

    /// `b * odds * inverse - a * sigmoid(-x)` for the logit x with `inverse = 1 / (1 + e^-|x|)`.
    #[inline(always)]
    fn gradient(
        &self,
        s: S,
        a: S::F32,
        b: S::F32,
        odds: Unscaled<S>,
        inverse: Two<S>,
        exp: Unscaled<S>,
        negative: S::Mask,
    ) -> S::F32 {
        let up = self.scaled(s, s.mul(b, odds.parts.times(s, inverse).value(s)), odds.n);
        let rest = Two::select(s, negative, inverse, exp.parts.times(s, inverse)).value(s);
        let n = s.select(negative, s.zero(), exp.n);
        s.sub(up, self.scaled(s, s.mul(a, rest), n))
    }

    /// `-a log f - b log(1 - f)`.
    #[inline(always)]
    pub(crate) fn loss(&self, s: S, a: S::F32, b: S::F32) -> S::F32 {
        let zero = s.zero();
        // -log f: what is below 0 of the logits, and the logarithm of the product of both sums.
        let sums = self.low_sum.times(s, self.high_sum);
        let correction = s.mul(sums.1, s.mul(self.low_inverse.0, self.high_inverse.0));
        let log = log_normal(s, sums.0, correction);
        let (low, high) = (s.min(self.low, zero), s.min(self.high, zero));
        let wide = s.add(low, high);
        let lost = s.add(s.sub(low, wide), high);
        let lost = s.select(s.less(s.splat(f32::NEG_INFINITY), wide), lost, zero);
        let of_f = s.sub(s.sub(log, lost), wide);
        // An infinite logarithm counts nothing where its coefficient is 0.
        let mut first = s.mul(a, s.select(s.equal(a, zero), zero, of_f));

        // -log(1 - f): the logarithm of 1 + odds; where both logits are positive, of the odds' quotient, and low itself.
        let small = Two(s.splat(1.0), zero).plus(s, self.odds.beside_one(s));
        let sum = Two::select(s, self.low_negative, small, sums.times(s, self.inverse));
        let log = log_normal(s, sum.0, s.div(sum.1, sum.0));
        let of_rest = s.add(s.max(self.low, zero), log);
        let mut second = s.mul(b, s.select(s.equal(b, zero), zero, of_rest));
        if self.far {
            // A logarithm of 1 + e is e itself where e is that small.
            let near = s.splat(NEAR);
            let up = self.scaled(s, s.mul(a, self.of_low.parts.0), self.of_low.n);
            let tiny = s.add(up, self.scaled(s, s.mul(a, self.of_high.parts.0), self.of_high.n));
            let n = s.select(self.low_negative, zero, s.max(self.of_low.n, self.of_high.n));
            first = s.select(s.less(n, near), tiny, first);
            let tiny = self.scaled(s, s.mul(b, self.odds.parts.value(s)), self.odds.n);
            let n = s.select(self.low_negative, self.odds.n, zero);
            second = s.select(s.less(n, near), tiny, second);
        }
        self.keep_nan(s, s.add(first, second))
    }
}
