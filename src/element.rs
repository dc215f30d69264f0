//! The types in which the elements of matrices are stored. Kernels that are generic over them read 16 at a time, widened
//! exactly to f32.

use crate::simd::{LANES, Simd};
use half::{bf16, f16};

/// A storage type.
pub(crate) trait Element: Copy {
    /// Whether loops are written out for more widths than the least, which takes code.
    const UNROLLED: bool;
    /// The 16 values at `from`.
    fn load<S: Simd>(s: S, from: &[Self; LANES]) -> S::F32;
    /// The first `from.len()` (at most 16) lanes; the others are +0. Reads nothing beyond the slice.
    fn load_part<S: Simd>(s: S, from: &[Self]) -> S::F32;
    /// Writes the nearest values, ties to even; NaN is canonical.
    fn store<S: Simd>(s: S, to: &mut [Self; LANES], v: S::F32);
    /// As [`Element::store`], of the first `to.len()` (at most 16) lanes.
    fn store_part<S: Simd>(s: S, to: &mut [Self], v: S::F32);
}

impl Element for f32 {
    const UNROLLED: bool = true;
    #[inline(always)]
    fn load<S: Simd>(s: S, from: &[f32; LANES]) -> S::F32 {
        s.load(from)
    }
    #[inline(always)]
    fn load_part<S: Simd>(s: S, from: &[f32]) -> S::F32 {
        s.load_part(from)
    }
    #[inline(always)]
    fn store<S: Simd>(s: S, to: &mut [f32; LANES], v: S::F32) {
        s.store(to, s.canonical(v));
    }
    #[inline(always)]
    fn store_part<S: Simd>(s: S, to: &mut [f32], v: S::F32) {
        s.store_part(to, s.canonical(v));
    }
}

impl Element for f16 {
    const UNROLLED: bool = false;
    #[inline(always)]
    fn load<S: Simd>(s: S, from: &[f16; LANES]) -> S::F32 {
        s.load_f16(from)
    }
    #[inline(always)]
    fn load_part<S: Simd>(s: S, from: &[f16]) -> S::F32 {
        s.load_f16_part(from)
    }
    #[inline(always)]
    fn store<S: Simd>(s: S, to: &mut [f16; LANES], v: S::F32) {
        s.store_f16(to, v);
    }
    #[inline(always)]
    fn store_part<S: Simd>(s: S, to: &mut [f16], v: S::F32) {
        s.store_f16_part(to, v);
    }
}

impl Element for bf16 {
    const UNROLLED: bool = false;
    #[inline(always)]
    fn load<S: Simd>(s: S, from: &[bf16; LANES]) -> S::F32 {
        s.load_bf16(from)
    }
    #[inline(always)]
    fn load_part<S: Simd>(s: S, from: &[bf16]) -> S::F32 {
        s.load_bf16_part(from)
    }
    #[inline(always)]
    fn store<S: Simd>(s: S, to: &mut [bf16; LANES], v: S::F32) {
        s.store_bf16(to, v);
    }
    #[inline(always)]
    fn store_part<S: Simd>(s: S, to: &mut [bf16], v: S::F32) {
        s.store_bf16_part(to, v);
    }
}
