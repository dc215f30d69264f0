//! The portable tier, over `wide`: NEON on aarch64, SSE2 on the x86-64 floor.

use super::{Lanes, Simd};
use bytemuck::cast;
use half::{bf16, f16};
use wide::{f32x16, i32x16};

/// Token of the portable tier; every CPU has it.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Portable {
    /// The token, with the signature that the stamped wrappers expect of every tier.
    ///
    /// # Safety
    /// None is needed here: the tier asks nothing of the CPU.
    #[inline(always)]
    pub(crate) unsafe fn assume() -> Self {
        Portable
    }
}

impl Simd for Portable {
    type F32 = f32x16;
    type Mask = f32x16;
    const MANY_REGISTERS: bool = cfg!(target_arch = "aarch64");
    const FUSED: bool = cfg!(target_arch = "aarch64");
    const TILE: usize = if Self::FUSED { 3 } else { 1 };

    #[inline(always)]
    fn splat(self, x: f32) -> f32x16 {
        f32x16::splat(x)
    }
    #[inline(always)]
    fn load(self, from: &Lanes) -> f32x16 {
        f32x16::new(*from)
    }
    #[inline(always)]
    fn load_part(self, from: &[f32]) -> f32x16 {
        let mut lanes = [0.0; 16];
        lanes[..from.len()].copy_from_slice(from);
        f32x16::new(lanes)
    }
    #[inline(always)]
    fn load_f16(self, from: &[f16; 16]) -> f32x16 {
        let mut lanes = [0.0; 16];
        for (lane, from) in lanes.iter_mut().zip(from) {
            *lane = widen_f16(from.to_bits());
        }
        f32x16::new(lanes)
    }
    #[inline(always)]
    fn load_bf16(self, from: &[bf16; 16]) -> f32x16 {
        let mut lanes = [0.0; 16];
        for (lane, from) in lanes.iter_mut().zip(from) {
            *lane = f32::from_bits(u32::from(from.to_bits()) << 16);
        }
        f32x16::new(lanes)
    }
    #[inline(always)]
    fn store(self, to: &mut Lanes, v: f32x16) {
        *to = v.to_array();
    }
    #[inline(always)]
    fn store_part(self, to: &mut [f32], v: f32x16) {
        to.copy_from_slice(&v.to_array()[..to.len()]);
    }

    #[inline(always)]
    fn load_i8(self, from: &[i8; 16]) -> f32x16 {
        f32x16::new(from.map(f32::from))
    }
    #[inline(always)]
    fn store_f16(self, to: &mut [f16; 16], v: f32x16) {
        *to = self.canonical(v).to_array().map(f16::from_f32_const);
    }
    #[inline(always)]
    fn store_bf16(self, to: &mut [bf16; 16], v: f32x16) {
        // Half a unit of the last place less one, and one more where the last bit is odd.
        let round = |v: f32| v.to_bits() + 0x7fff + (v.to_bits() >> 16 & 1);
        *to = self.canonical(v).to_array().map(|v| bf16::from_bits((round(v) >> 16) as u16));
    }
    #[inline(always)]
    fn store_i8(self, to: &mut [i8; 16], v: f32x16) {
        // From 1.5 * 2^23 on a unit of the last place is 1.
        let unit = f32x16::splat(12_582_912.0);
        *to = ((v + unit) - unit).to_array().map(|v| v as i32 as i8);
    }

    #[inline(always)]
    fn prefetch<T>(self, _: &[T]) {}
    #[inline(always)]
    fn prefetch_line<T>(self, _: &T) {}

    #[inline(always)]
    fn add(self, a: f32x16, b: f32x16) -> f32x16 {
        a + b
    }
    #[inline(always)]
    fn sub(self, a: f32x16, b: f32x16) -> f32x16 {
        a - b
    }
    #[inline(always)]
    fn mul(self, a: f32x16, b: f32x16) -> f32x16 {
        a * b
    }
    #[inline(always)]
    fn div(self, a: f32x16, b: f32x16) -> f32x16 {
        a / b
    }
    #[inline(always)]
    fn sqrt(self, a: f32x16) -> f32x16 {
        a.sqrt()
    }
    #[inline(always)]
    fn fma(self, a: f32x16, b: f32x16, c: f32x16) -> f32x16 {
        if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
            a.mul_add(b, c)
        } else {
            let mut sum = c.to_array();
            fma_lanes_by_f64(a.as_array(), b.as_array(), &mut sum);
            f32x16::new(sum)
        }
    }
    #[inline(always)]
    fn abs(self, a: f32x16) -> f32x16 {
        a & cast::<i32x16, f32x16>(i32x16::splat(i32::MAX))
    }
    #[inline(always)]
    fn copy_sign(self, a: f32x16, sign: f32x16) -> f32x16 {
        let bit = f32x16::splat(-0.0);
        self.abs(a) | (sign & bit)
    }
    #[inline(always)]
    fn max(self, a: f32x16, b: f32x16) -> f32x16 {
        b.simd_lt(a).bitselect(a, b)
    }
    #[inline(always)]
    fn min(self, a: f32x16, b: f32x16) -> f32x16 {
        a.simd_lt(b).bitselect(a, b)
    }
    #[inline(always)]
    fn add_i32(self, a: f32x16, b: f32x16) -> f32x16 {
        cast(cast::<_, i32x16>(a) + cast::<_, i32x16>(b))
    }
    #[inline(always)]
    fn max_i32(self, a: f32x16, b: f32x16) -> f32x16 {
        cast(cast::<_, i32x16>(a).max(cast(b)))
    }
    #[inline(always)]
    fn dot_i8(self, a: &[i8; 32], b: &[i8; 32], sums: f32x16) -> f32x16 {
        let mut sums: [i32; 16] = cast(sums);
        for (i, (&a, &b)) in a.iter().zip(b).enumerate() {
            sums[i % 16] += i32::from(a) * i32::from(b);
        }
        cast(sums)
    }

    #[inline(always)]
    fn less(self, a: f32x16, b: f32x16) -> f32x16 {
        a.simd_lt(b)
    }
    #[inline(always)]
    fn equal(self, a: f32x16, b: f32x16) -> f32x16 {
        a.simd_eq(b)
    }
    #[inline(always)]
    fn at_least(self, a: f32x16, b: f32x16) -> f32x16 {
        a.simd_ge(b)
    }
    #[inline(always)]
    fn both(self, a: f32x16, b: f32x16) -> f32x16 {
        a & b
    }
    #[inline(always)]
    fn select(self, mask: f32x16, yes: f32x16, no: f32x16) -> f32x16 {
        mask.bitselect(yes, no)
    }
    #[inline(always)]
    fn bits(self, mask: f32x16) -> u16 {
        mask.to_bitmask() as u16
    }

    #[inline(always)]
    fn and_bits(self, a: f32x16, b: f32x16) -> f32x16 {
        a & b
    }
    #[inline(always)]
    fn signs(self, v: f32x16) -> u16 {
        v.to_bitmask() as u16
    }
    #[inline(always)]
    fn integer(self, v: f32x16) -> f32x16 {
        f32x16::new(v.to_array().map(|v| f32::from_bits(v as i32 as u32)))
    }
    #[inline(always)]
    fn first_bf16(self, v: f32x16) -> f32x16 {
        cast(cast::<_, i32x16>(v) << 16)
    }
    #[inline(always)]
    fn second_bf16(self, v: f32x16) -> f32x16 {
        v & cast::<_, f32x16>(i32x16::splat(-65536))
    }
    #[inline(always)]
    fn dot_bytes(self, a: f32x16, b: f32x16, c: f32x16) -> f32x16 {
        let (a, b): ([[u8; 4]; 16], [[i8; 4]; 16]) = (cast(a), cast(b));
        let mut sums: [i32; 16] = cast(c);
        for i in 0..16 {
            for j in 0..4 {
                sums[i] = sums[i].wrapping_add(i32::from(a[i][j]) * i32::from(b[i][j]));
            }
        }
        cast(sums)
    }

    #[inline(always)]
    fn pow2(self, n: f32x16) -> f32x16 {
        // 2^23 + 127 + n has n + 127 in its low mantissa bits.
        let biased: i32x16 = cast(n + f32x16::splat(8_388_735.0));
        cast(biased << 23)
    }
    #[inline(always)]
    fn split_exponent(self, x: f32x16) -> (f32x16, f32x16) {
        let bits: i32x16 = cast(x);
        let e: i32x16 = (bits - i32x16::splat(super::math::SQRT_HALF_BITS)) >> 23;
        (cast(bits - (e << 23)), e.round_float())
    }

    #[inline(always)]
    fn truncate(self, v: f32x16) -> f32x16 {
        f32x16::new(v.to_array().map(|v| v as i32 as f32))
    }
    #[inline(always)]
    fn ordinal(self, v: f32x16) -> f32x16 {
        let bits: i32x16 = cast(v + f32x16::ZERO);
        let flipped: i32x16 = bits ^ ((bits >> 31) & i32x16::splat(i32::MAX));
        flipped.round_float()
    }

    #[inline(always)]
    fn look_up(self, table: &[f32], at: f32x16) -> f32x16 {
        let last = table.len() - 1;
        f32x16::new(at.to_array().map(|at| table[(at as u32 as usize).min(last)]))
    }
    #[inline(always)]
    fn look_up_parts(self, table: &[u64], at: f32x16) -> (f32x16, f32x16, f32x16) {
        let last = table.len() - 1;
        let entries = at.to_array().map(|at| table[(at as u32 as usize).min(last)]);
        (
            f32x16::new(entries.map(|entry| f32::from_bits(entry as u32))),
            f32x16::new(entries.map(|entry| f32::from((entry >> 32) as u16))),
            f32x16::new(entries.map(|entry| f32::from((entry >> 48) as u16))),
        )
    }
    #[inline(always)]
    fn pick(self, table: &[f32x16; 4], at: f32x16) -> f32x16 {
        let table: &[f32; 64] = bytemuck::cast_ref(table);
        f32x16::new(at.to_array().map(|at| table[at as u32 as usize % 64]))
    }
    #[inline(always)]
    fn store_u32(self, to: &mut [u32; 16], v: f32x16) {
        *to = v.to_array().map(|v| v as i32 as u32);
    }
    #[inline(always)]
    fn store_flags(self, to: &mut [u8; 16], mask: f32x16) {
        *to = mask.to_array().map(|lane| (lane.to_bits() & 1) as u8);
    }

    #[inline(always)]
    fn transpose(self, rows: [f32x16; 16]) -> [f32x16; 16] {
        f32x16::transpose(rows)
    }
    #[inline(always)]
    fn fold(self, v: f32x16) -> f32 {
        let mut a = v.to_array();
        for apart in [8, 4, 2, 1] {
            for i in 0..apart {
                a[i] += a[i + apart];
            }
        }
        a[0]
    }
}

/// The f32 of the same value, subnormals included: exponent and mantissa in their places, times what the biases differ
/// by. Without branches, so that it can be done in vectors.
#[inline(always)]
fn widen_f16(bits: u16) -> f32 {
    let magnitude = u32::from(bits & 0x7fff) << 13;
    let scaled = f32::from_bits(magnitude) * f32::from_bits((127 + 112) << 23);
    // All ones in the exponent stay all ones: infinities and NaN.
    let beyond = if magnitude >= 0x7c00 << 13 { 0x7f80_0000 } else { 0 };
    f32::from_bits(scaled.to_bits() | beyond | u32::from(bits & 0x8000) << 16)
}

/// `c = a * b + c`. A function: inlined it would make half of the library's code.
#[inline(never)]
fn fma_lanes_by_f64(a: &[f32; 16], b: &[f32; 16], c: &mut [f32; 16]) {
    for i in 0..16 {
        c[i] = fma_by_f64(a[i], b[i], c[i]);
    }
}

/// `a * b + c` rounded once to f32, for CPUs without a fused instruction.
///
/// The product of two f32 is exact in f64. The sum is rounded to odd: where it is inexact and its last bit is
/// even, it moves one step towards the error that the two-sum finds; rounding that to f32 is then the correctly
/// rounded result, because f64 has more than two bits to spare. (Boldo and Melquiond, "Emulation of FMA and
/// correctly rounded sums: proved algorithms using rounding to odd", IEEE Transactions on Computers 2008.)
#[inline(always)]
fn fma_by_f64(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    let back = sum - product;
    let error = (product - (sum - back)) + (c - back);
    let bits = sum.to_bits();
    // False for the NaN that an infinite sum leaves in `error`.
    let inexact = error.abs() > 0.0;
    let step = if (error > 0.0) == (sum > 0.0) { 1 } else { u64::MAX };
    let odd = if inexact && bits & 1 == 0 { bits.wrapping_add(step) } else { bits };
    f64::from_bits(odd) as f32
}

#[cfg(test)]
mod tests {
    use super::fma_by_f64;
    use crate::test_support::Random;

    fn same(a: f32, b: f32, c: f32) {
        let (got, want) = (fma_by_f64(a, b, c), a.mul_add(b, c));
        assert!(
            got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan()),
            "fma({a:e}, {b:e}, {c:e}): {got:e}, wanted {want:e}"
        );
    }

    /// Against the fused operation of the machine (or of libm), over random bit patterns and over operands made
    /// to cancel, to tie and to fall into the subnormals. `make test-long` runs 200 million.
    #[test]
    fn fma_is_rounded_once() {
        let cases: u64 = crate::test_support::env_or("AVOCET_FMA_CASES", 2_000_000);
        let mut random = Random::new(7);
        for case in 0..cases {
            let (a, b) = (f32::from_bits(random.u32()), f32::from_bits(random.u32()));
            let c = match case % 4 {
                0 => f32::from_bits(random.u32()),
                // Nearly cancels.
                1 => f32::from_bits((-(a * b)).to_bits().wrapping_add(random.u32() % 5).wrapping_sub(2)),
                // Far below the product's last place: decides ties.
                2 => (a * b) * f32::from_bits(0x3300_0000 + (random.u32() & 0x00ff_ffff)),
                _ => f32::from_bits(random.u32() & 0x80ff_ffff),
            };
            same(a, b, c);
        }
        let corners = [0.0, -0.0, 1.0, -1.0, f32::MIN_POSITIVE, 1e-45, -1e-45, f32::MAX, f32::MIN];
        let corners =
            corners.into_iter().chain([f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1.5e-23, 1.7e19]);
        let corners: Vec<f32> = corners.collect();
        for &a in &corners {
            for &b in &corners {
                for &c in &corners {
                    same(a, b, c);
                }
            }
        }
    }
}
