//! exp, log and what follows from them, in a fixed order of add, multiply, fma, divide and bit operations, so
//! that every tier gives the same bits.
//!
//! Bounds in units in the last place (ULP) against the exact value, over the whole range with subnormal results,
//! measured by `math_accuracy` in `src/conformance/math.rs` (every 4,099th bit pattern in `make test`, every one
//! in `make test-long`) and rounded up: see [`Function`]. Coefficients: `tools/minimax.py` (Remez exchange).

use super::Simd;

/// Bits of sqrt(1/2): the pivot of [`Simd::split_exponent`].
pub(crate) const SQRT_HALF_BITS: i32 = 0x3f35_04f3;

/// 1.5 * 2^23: adding and subtracting it rounds a value below 2^22 to an integer, ties to even.
pub(super) const ROUND: f32 = 12_582_912.0;
/// ln 2 in 15 bits, so that its product with an exponent is exact; and the rest.
const LN2_HIGH: f32 = 0.693_145_75;
const LN2_LOW: f32 = 1.428_606_8e-6;
const LOG2_E: f32 = std::f32::consts::LOG2_E;

const EXP: [f32; 5] = [0.499_999_94, 0.166_665_21, 0.041_668_39, 0.008_368_717, 0.001_381_459_9];
const LOG: [f32; 9] = [
    0.333_333_13,
    -0.250_000_1,
    0.200_021_2,
    -0.166_679_96,
    0.142_195_52,
    -0.124_055_9,
    0.118_881_62,
    -0.116_756_454,
    0.067_466_34,
];
const TANH: [f32; 5] = [-0.333_332_8, 0.133_314_42, -0.053_739_715, 0.020_639_088, -0.005_704_987];

/// The functions that [`crate::map`] applies, with the greatest error measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Function {
    /// `e^x`; 1.0 ULP.
    Exp = 0,
    /// Natural logarithm; -inf at 0, NaN below; 0.9 ULP.
    Log = 1,
    /// `log(1 + x)`; -inf at -1, NaN below; 0.9 ULP.
    Log1p = 2,
    /// `1 / (1 + e^-x)`; 1.7 ULP, without cancellation or underflow to 0 before the subnormals end.
    Sigmoid = 3,
    /// `log(1 + e^x)`; 1.7 ULP, `x` itself for large `x`, `e^x` for very negative `x`.
    Softplus = 4,
    /// Hyperbolic tangent; 1.4 ULP.
    Tanh = 5,
}

impl Function {
    /// Every function, in the order of its value.
    pub const ALL: [Function; 6] = [
        Function::Exp,
        Function::Log,
        Function::Log1p,
        Function::Sigmoid,
        Function::Softplus,
        Function::Tanh,
    ];
}

/// `c[0] + c[1] x + ...`, by Horner's rule in fma.
#[inline(always)]
fn polynomial<S: Simd, const N: usize>(s: S, c: [f32; N], x: S::F32) -> S::F32 {
    let mut p = s.splat(c[N - 1]);
    let mut i = N - 1;
    while i > 0 {
        i -= 1;
        p = s.fma(p, x, s.splat(c[i]));
    }
    p
}

/// `v`, but NaN where `x` is NaN: clamps drop it on the way.
#[inline(always)]
fn keep_nan<S: Simd>(s: S, x: S::F32, v: S::F32) -> S::F32 {
    s.select(s.equal(x, x), v, x)
}

/// `e^x`. The scale is applied in two halves, so that subnormal results are rounded once.
#[inline(always)]
pub(crate) fn exp<S: Simd>(s: S, x: S::F32) -> S::F32 {
    let y = s.min(s.max(x, s.splat(-104.0)), s.splat(89.0));
    let round = s.splat(ROUND);
    let n = s.sub(s.fma(y, s.splat(LOG2_E), round), round);
    let r = s.fma(n, s.splat(-LN2_LOW), s.fma(n, s.splat(-LN2_HIGH), y));
    let tail = s.mul(s.mul(r, r), polynomial(s, EXP, r));
    let p = s.add(s.splat(1.0), s.add(r, tail));
    let half = s.sub(s.fma(n, s.splat(0.5), round), round);
    let v = s.mul(s.mul(p, s.pow2(half)), s.pow2(s.sub(n, half)));
    keep_nan(s, x, v)
}

/// `e^y` for `y` in -170..=0, unscaled and in two parts: `(head + tail) * 2^n`, with `head` the rounded value.
#[inline(always)]
pub(super) fn exp_parts<S: Simd>(s: S, y: S::F32) -> (S::F32, S::F32, S::F32) {
    let round = s.splat(ROUND);
    let n = s.sub(s.fma(y, s.splat(LOG2_E), round), round);
    let coarse = s.fma(n, s.splat(-LN2_HIGH), y);
    let r = s.fma(n, s.splat(-LN2_LOW), coarse);
    let r_tail = s.fma(n, s.splat(-LN2_LOW), s.sub(coarse, r));
    let rest = s.mul(s.mul(r, r), polynomial(s, EXP, r));
    let sum = s.add(r, rest);
    let sum_tail = s.add(s.add(s.sub(r, sum), rest), r_tail);
    let head = s.add(s.splat(1.0), sum);
    let tail = s.add(s.add(s.sub(s.splat(1.0), head), sum), sum_tail);
    (head, tail, n)
}

/// `log(x) + correction` for positive `x`; the correction joins before the last rounding.
#[inline(always)]
fn log_positive<S: Simd>(s: S, x: S::F32, correction: S::F32) -> S::F32 {
    let subnormal = s.less(x, s.splat(f32::MIN_POSITIVE));
    let scaled = s.select(subnormal, s.mul(x, s.splat(33_554_432.0)), x);
    let (m, e) = s.split_exponent(scaled);
    let e = s.sub(e, s.select(subnormal, s.splat(25.0), s.zero()));
    log_of_parts(s, m, e, correction)
}

/// `log(x) + correction` for positive normal `x`.
#[inline(always)]
pub(super) fn log_normal<S: Simd>(s: S, x: S::F32, correction: S::F32) -> S::F32 {
    let (m, e) = s.split_exponent(x);
    log_of_parts(s, m, e, correction)
}

/// `log(x) + correction` for `x` in [1, 2].
#[inline(always)]
pub(super) fn log_one_to_two<S: Simd>(s: S, x: S::F32, correction: S::F32) -> S::F32 {
    let large = s.less(s.splat(std::f32::consts::SQRT_2), x);
    let m = s.select(large, s.mul(x, s.splat(0.5)), x);
    log_of_parts(s, m, s.select(large, s.splat(1.0), s.zero()), correction)
}

/// `log(m * 2^e) + correction` for `m` in [sqrt(1/2), sqrt(2)].
#[inline(always)]
fn log_of_parts<S: Simd>(s: S, m: S::F32, e: S::F32, correction: S::F32) -> S::F32 {
    let f = s.sub(m, s.splat(1.0));
    let square = s.mul(f, f);
    let tail = s.fma(e, s.splat(LN2_LOW), s.mul(s.mul(f, square), polynomial(s, LOG, f)));
    let tail = s.fma(s.splat(-0.5), square, s.add(tail, correction));
    s.fma(e, s.splat(LN2_HIGH), s.add(f, tail))
}

/// `v`, but the limits of a logarithm where its argument `x` is 0, negative, infinite or NaN.
#[inline(always)]
fn log_limits<S: Simd>(s: S, x: S::F32, v: S::F32) -> S::F32 {
    let infinity = s.splat(f32::INFINITY);
    let v = s.select(s.less(x, infinity), v, x);
    let v = s.select(s.equal(x, s.zero()), s.splat(f32::NEG_INFINITY), v);
    s.select(s.less(x, s.zero()), s.splat(f32::NAN), v)
}

/// Natural logarithm.
#[inline(always)]
pub(crate) fn log<S: Simd>(s: S, x: S::F32) -> S::F32 {
    log_limits(s, x, log_positive(s, x, s.zero()))
}

/// `log(1 + x)`: the logarithm of the rounded sum, corrected by what rounding the sum lost.
#[inline(always)]
pub(crate) fn log1p<S: Simd>(s: S, x: S::F32) -> S::F32 {
    let one = s.splat(1.0);
    let u = s.add(one, x);
    // Where |x| > 1 the rounded sum is closer to x than to 1.
    let lost_small = s.sub(x, s.sub(u, one));
    let lost_large = s.sub(one, s.sub(u, x));
    let lost = s.select(s.less(one, x), lost_large, lost_small);
    let v = log_limits(s, u, log_positive(s, u, s.div(lost, u)));
    // Exact for tiny x, where u = 1, and keeps the sign of zero.
    s.select(s.equal(u, one), x, v)
}

/// `1 / (1 + e^-x)`, from `e = e^-|x|` on either side: `e / (1 + e)` below 0, as `e - e (e / (1 + e))`, where the
/// rounding of `1 + e` weighs less.
#[inline(always)]
pub(crate) fn sigmoid<S: Simd>(s: S, x: S::F32) -> S::F32 {
    let one = s.splat(1.0);
    let e = exp(s, s.sub(s.zero(), s.abs(x)));
    let negative = s.less(x, s.zero());
    let numerator = s.select(negative, e, one);
    let v = s.div(numerator, s.add(one, e));
    s.select(negative, s.fma(s.sub(s.zero(), e), v, e), v)
}

/// `log(1 + e^x) = max(x, 0) + log1p(e^-|x|)`.
#[inline(always)]
pub(crate) fn softplus<S: Simd>(s: S, x: S::F32) -> S::F32 {
    let e = exp(s, s.sub(s.zero(), s.abs(x)));
    keep_nan(s, x, s.add(s.max(x, s.zero()), log1p(s, e)))
}

/// Hyperbolic tangent: an odd polynomial near 0, else `1 - 2 / (e^2|x| + 1)`.
#[inline(always)]
pub(crate) fn tanh<S: Simd>(s: S, x: S::F32) -> S::F32 {
    let a = s.abs(x);
    let z = s.mul(x, x);
    let near = s.fma(s.mul(z, polynomial(s, TANH, z)), x, x);
    let e = exp(s, s.add(a, a));
    let far = s.sub(s.splat(1.0), s.div(s.splat(2.0), s.add(e, s.splat(1.0))));
    keep_nan(s, x, s.copy_sign(s.select(s.less(a, s.splat(0.625)), near, far), x))
}

/// Applies `function` to each value of `x`. The slices have one length.
#[inline(always)]
pub(crate) fn map_kernel<S: Simd>(s: S, function: Function, x: &[f32], out: &mut [f32]) {
    match function {
        Function::Exp => each(s, x, out, Exp),
        Function::Log => each(s, x, out, Log),
        Function::Log1p => each(s, x, out, Log1p),
        Function::Sigmoid => each(s, x, out, Sigmoid),
        Function::Softplus => each(s, x, out, Softplus),
        Function::Tanh => each(s, x, out, Tanh),
    }
}

/// A function of one vector, as a type: a closure would not inherit the wrapper's instructions.
trait Unary: Copy {
    fn call<S: Simd>(self, s: S, x: S::F32) -> S::F32;
}

macro_rules! unary {
    ($($name:ident $function:ident),*) => {$(
        #[derive(Clone, Copy)]
        struct $name;
        impl Unary for $name {
            #[inline(always)]
            fn call<S: Simd>(self, s: S, x: S::F32) -> S::F32 {
                $function(s, x)
            }
        }
    )*};
}
unary!(Exp exp, Log log, Log1p log1p, Sigmoid sigmoid, Softplus softplus, Tanh tanh);

#[inline(always)]
fn each<S: Simd, F: Unary>(s: S, x: &[f32], out: &mut [f32], f: F) {
    let (x, x_tail) = x.as_chunks();
    let (out, out_tail) = out.as_chunks_mut();
    for (x, out) in x.iter().zip(out) {
        s.store(out, s.canonical(f.call(s, s.load(x))));
    }
    s.store_part(out_tail, s.canonical(f.call(s, s.load_part(x_tail))));
}
