//! The lane layer: one trait of 16 f32 lanes, its tiers, and the table of stamped kernels.
//!
//! - [`Simd`] is all that a kernel knows. A method exists because a kernel needs it.
//! - `portable`, `avx2` and `avx512` implement it; nothing outside this folder names an instruction.
//! - `order` holds the two orders of operations (`LANES16`, `CHAIN` is written where products are) and the
//!   fixed tree; `math` holds exp, log and what follows from them.
//! - `registry` lists every kernel once; from the list come the stamped wrappers of each tier, the dispatch
//!   table and the conformance tests. `dispatch` chooses the tier.
//!
//! Trait methods and kernels are `#[inline(always)]` and carry no `#[target_feature]`; only the stamped
//! wrappers do. A kernel that is not inlined into its wrapper would run tens of times slower with correct
//! results, so `tests/archive.rs` looks for intrinsics left in the built archive.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub(crate) mod dispatch;
pub(crate) mod environment;
pub(crate) mod logit;
pub(crate) mod logit_pair;
pub(crate) mod math;
pub(crate) mod order;
mod portable;
pub(crate) mod registry;
#[cfg(test)]
mod tests;

use half::{bf16, f16};

/// Lanes of the vector type on every tier, so that one source gives one order of operations.
pub(crate) const LANES: usize = 16;

/// One vector's worth of f32 in memory.
pub(crate) type Lanes = [f32; LANES];

/// The one NaN that results are stored as (0x7fc00000).
pub(crate) const CANONICAL_NAN: f32 = f32::from_bits(0x7fc0_0000);

/// `v`, or [`CANONICAL_NAN`] for every NaN. In integers: a choice between numbers may be optimised away, as if one NaN
/// were as good as another.
#[inline(always)]
pub(crate) fn canonical(v: f32) -> f32 {
    let bits = v.to_bits();
    f32::from_bits(if bits & 0x7fff_ffff > 0x7f80_0000 { CANONICAL_NAN.to_bits() } else { bits })
}

/// A tier of the lane layer: a zero-sized token that proves that the CPU has the tier's instructions.
///
/// Every method is exact IEEE 754 binary32 with round to nearest even, except where it says otherwise, and so
/// gives the same bits on every tier (the payload of a NaN excepted: see [`Simd::canonical`]).
pub(crate) trait Simd: Copy {
    /// 16 f32 lanes.
    type F32: Copy;
    /// One truth value a lane.
    type Mask: Copy;
    /// Whether 24 accumulators and the operands of a product tile fit in registers.
    const MANY_REGISTERS: bool;
    /// Whether a fused operation is an instruction; if not, code that is written out many times is mostly calls.
    const FUSED: bool;
    /// Queries of a tile of scores, by two vectors of targets: as many as the registers hold accumulators for.
    const TILE: usize;

    /// All lanes `x`.
    fn splat(self, x: f32) -> Self::F32;
    /// The 16 values at `from`, at any alignment of f32.
    fn load(self, from: &Lanes) -> Self::F32;
    /// The first `from.len()` (at most 16) lanes; the others are +0. Reads nothing beyond the slice.
    fn load_part(self, from: &[f32]) -> Self::F32;
    /// The 16 values at `from`, widened exactly.
    fn load_f16(self, from: &[f16; LANES]) -> Self::F32;
    /// As [`Simd::load_part`], of [`Simd::load_f16`].
    #[inline(always)]
    fn load_f16_part(self, from: &[f16]) -> Self::F32 {
        let mut lanes = [f16::ZERO; LANES];
        lanes[..from.len()].copy_from_slice(from);
        self.load_f16(&lanes)
    }
    /// The 16 values at `from`, widened exactly.
    fn load_bf16(self, from: &[bf16; LANES]) -> Self::F32;
    /// As [`Simd::load_part`], of [`Simd::load_bf16`].
    #[inline(always)]
    fn load_bf16_part(self, from: &[bf16]) -> Self::F32 {
        let mut lanes = [bf16::ZERO; LANES];
        lanes[..from.len()].copy_from_slice(from);
        self.load_bf16(&lanes)
    }
    /// The 16 values at `from`.
    fn load_i8(self, from: &[i8; LANES]) -> Self::F32;
    /// As [`Simd::load_part`], of [`Simd::load_i8`].
    #[inline(always)]
    fn load_i8_part(self, from: &[i8]) -> Self::F32 {
        let mut lanes = [0; LANES];
        lanes[..from.len()].copy_from_slice(from);
        self.load_i8(&lanes)
    }
    /// Writes all 16 lanes.
    fn store(self, to: &mut Lanes, v: Self::F32);
    /// Writes the first `to.len()` (at most 16) lanes and nothing beyond the slice.
    fn store_part(self, to: &mut [f32], v: Self::F32);
    /// Writes the nearest f16, ties to even: infinities beyond the range, every NaN as 0x7e00.
    fn store_f16(self, to: &mut [f16; LANES], v: Self::F32);
    /// As [`Simd::store_part`], of [`Simd::store_f16`].
    #[inline(always)]
    fn store_f16_part(self, to: &mut [f16], v: Self::F32) {
        let mut lanes = [f16::ZERO; LANES];
        self.store_f16(&mut lanes, v);
        to.copy_from_slice(&lanes[..to.len()]);
    }
    /// Writes the nearest bf16, ties to even: infinities beyond the range, every NaN as 0x7fc0.
    fn store_bf16(self, to: &mut [bf16; LANES], v: Self::F32);
    /// As [`Simd::store_part`], of [`Simd::store_bf16`].
    #[inline(always)]
    fn store_bf16_part(self, to: &mut [bf16], v: Self::F32) {
        let mut lanes = [bf16::ZERO; LANES];
        self.store_bf16(&mut lanes, v);
        to.copy_from_slice(&lanes[..to.len()]);
    }
    /// Writes the nearest integers, ties to even, of values in -127.5..127.5; others give an unspecified value.
    fn store_i8(self, to: &mut [i8; LANES], v: Self::F32);
    /// As [`Simd::store_part`], of [`Simd::store_i8`].
    #[inline(always)]
    fn store_i8_part(self, to: &mut [i8], v: Self::F32) {
        let mut lanes = [0; LANES];
        self.store_i8(&mut lanes, v);
        to.copy_from_slice(&lanes[..to.len()]);
    }

    /// Asks for the cache lines of a slice; no result depends on it.
    fn prefetch<T>(self, from: &[T]);
    /// Asks for the cache line in which something begins; no result depends on it.
    fn prefetch_line<T>(self, from: &T);

    /// `a + b`.
    fn add(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// `a - b`.
    fn sub(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// `a * b`.
    fn mul(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// `a / b`.
    fn div(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// Square root.
    fn sqrt(self, a: Self::F32) -> Self::F32;
    /// `a * b + c` with one rounding.
    fn fma(self, a: Self::F32, b: Self::F32, c: Self::F32) -> Self::F32;
    /// `a` with the sign bit cleared.
    fn abs(self, a: Self::F32) -> Self::F32;
    /// The magnitude of `a` with the sign of `sign`.
    fn copy_sign(self, a: Self::F32, sign: Self::F32) -> Self::F32;
    /// `if a > b { a } else { b }` (so `b` where either is NaN).
    fn max(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// `if a < b { a } else { b }` (so `b` where either is NaN).
    fn min(self, a: Self::F32, b: Self::F32) -> Self::F32;

    /// The sums of the lanes' bits as i32, wrapping.
    fn add_i32(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// The greater of the lanes' bits as i32.
    fn max_i32(self, a: Self::F32, b: Self::F32) -> Self::F32;

    /// The products of two times 32 integers, added to the lanes' bits as i32, wrapping. Which lane has which product is
    /// unspecified: only [`Simd::sum_i32`] is not.
    fn dot_i8(self, a: &[i8; 2 * LANES], b: &[i8; 2 * LANES], sums: Self::F32) -> Self::F32;
    /// The sum of the lanes' bits as i32, wrapping.
    #[inline(always)]
    fn sum_i32(self, v: Self::F32) -> i32 {
        let mut lanes = [0.0; LANES];
        self.store(&mut lanes, v);
        let mut sum = 0i32;
        for lane in lanes {
            sum = sum.wrapping_add(lane.to_bits() as i32);
        }
        sum
    }

    /// `a < b`; false where either is NaN.
    fn less(self, a: Self::F32, b: Self::F32) -> Self::Mask;
    /// `a == b`; false where either is NaN.
    fn equal(self, a: Self::F32, b: Self::F32) -> Self::Mask;
    /// `a >= b`; false where either is NaN.
    fn at_least(self, a: Self::F32, b: Self::F32) -> Self::Mask;
    /// Where both are set.
    fn both(self, a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// `yes` where the mask is set, else `no`.
    fn select(self, mask: Self::Mask, yes: Self::F32, no: Self::F32) -> Self::F32;
    /// Bit i is lane i.
    fn bits(self, mask: Self::Mask) -> u16;

    /// The lanes' bits, each bit set where both have it.
    fn and_bits(self, a: Self::F32, b: Self::F32) -> Self::F32;
    /// Bit i is the sign bit of lane i.
    fn signs(self, v: Self::F32) -> u16;
    /// The integral part, as the bits of an i32; unspecified for values that do not fit in one.
    fn integer(self, v: Self::F32) -> Self::F32;
    /// Of lanes that hold two bf16: the first, in the low half, widened exactly.
    fn first_bf16(self, v: Self::F32) -> Self::F32;
    /// Of lanes that hold two bf16: the second, in the high half, widened exactly.
    fn second_bf16(self, v: Self::F32) -> Self::F32;
    /// Of lanes that hold two bf16: `c + a.second * b.second`, rounded, then `+ a.first * b.first`, rounded. Where the tier
    /// has an instruction for that ([`dispatch::Kernels::dots`]), subnormal operands and results are zeros.
    #[inline(always)]
    fn dot_bf16(self, a: Self::F32, b: Self::F32, c: Self::F32) -> Self::F32 {
        let second = self.fma(self.second_bf16(a), self.second_bf16(b), c);
        self.fma(self.first_bf16(a), self.first_bf16(b), second)
    }
    /// Of lanes that hold four bytes: `c`, as an i32, plus the four products of `a`'s as u8 by `b`'s as i8, wrapping.
    fn dot_bytes(self, a: Self::F32, b: Self::F32, c: Self::F32) -> Self::F32;

    /// `2^n` for integral `n` in -126..=127; other inputs give an unspecified, but on every tier equal value.
    fn pow2(self, n: Self::F32) -> Self::F32;
    /// For positive normal `x`: `(m, e)` with `x = m * 2^e`, `m` in [sqrt(1/2), sqrt(2)) and integral `e`; other
    /// inputs give an unspecified, but on every tier equal value.
    fn split_exponent(self, x: Self::F32) -> (Self::F32, Self::F32);

    /// The integral part of values in 0..2^31; others give an unspecified value.
    fn truncate(self, v: Self::F32) -> Self::F32;
    /// The place of a value in the order of all f32, rounded to f32: 0 for both zeros, and never falling as `v` grows. NaN
    /// gives an unspecified, but on every tier equal value for equal bits.
    fn ordinal(self, v: Self::F32) -> Self::F32;

    /// `table[at]` for integral `at`; places beyond the table give its last entry. The table is not empty.
    fn look_up(self, table: &[f32], at: Self::F32) -> Self::F32;
    /// As [`Simd::look_up`], of entries of three parts: an f32 in the low half, and two u16 above it, as f32.
    fn look_up_parts(self, table: &[u64], at: Self::F32) -> (Self::F32, Self::F32, Self::F32);
    /// `table[at]` for integral `at` in 0..64.
    fn pick(self, table: &[Self::F32; 4], at: Self::F32) -> Self::F32;
    /// Writes integral values in 0..2^31.
    fn store_u32(self, to: &mut [u32; LANES], v: Self::F32);
    /// Writes 1 where the mask is set, else 0.
    fn store_flags(self, to: &mut [u8; LANES], mask: Self::Mask);

    /// Vector i of the result holds lane i of each vector.
    fn transpose(self, rows: [Self::F32; LANES]) -> [Self::F32; LANES];

    /// The sum of the lanes: 8, then 4, 2 and 1 lanes apart.
    fn fold(self, v: Self::F32) -> f32;
    /// Lane i is the [`Simd::fold`] of vector i.
    #[inline(always)]
    fn fold_each(self, v: [Self::F32; LANES]) -> Self::F32 {
        let mut sums = [0.0; LANES];
        for (sum, v) in sums.iter_mut().zip(v) {
            *sum = self.fold(v);
        }
        self.load(&sums)
    }

    /// All lanes +0.
    #[inline(always)]
    fn zero(self) -> Self::F32 {
        self.splat(0.0)
    }

    /// `v` with every NaN replaced by [`CANONICAL_NAN`]: what kernels store.
    #[inline(always)]
    fn canonical(self, v: Self::F32) -> Self::F32 {
        self.select(self.equal(v, v), v, self.splat(CANONICAL_NAN))
    }
}
