//! The AVX-512 tier (F, BW, DQ, VL, CD): one register holds the 16 lanes.

use super::{Lanes, Simd};
use core::arch::x86_64::*;
use core::mem::transmute;
use half::{bf16, f16};

/// Token of the tier. With `DOTS` the CPU has VNNI and BF16 too.
#[derive(Clone, Copy)]
pub(crate) struct Avx512<const DOTS: bool = false>(());

impl<const DOTS: bool> Avx512<DOTS> {
    /// The token.
    ///
    /// # Safety
    /// The CPU and the operating system must support AVX-512 F, BW, DQ, VL and CD, with `DOTS` VNNI and BF16 too.
    #[inline(always)]
    pub(crate) unsafe fn assume() -> Self {
        Avx512(())
    }
}

/// Wraps intrinsics that touch no memory beyond the references they are given.
macro_rules! isa {
    ($e:expr) => {
        // SAFETY: the token proves that the CPU has the instruction; memory is reached only through slices and
        // arrays of the size that is read or written.
        unsafe { $e }
    };
}

#[inline(always)]
fn first(lanes: usize) -> __mmask16 {
    debug_assert!(lanes <= 16);
    ((1u32 << lanes) - 1) as __mmask16
}

/// A bf16 is the upper half of its f32.
#[inline(always)]
fn widen_bf16(v: __m256i) -> __m512 {
    isa!(_mm512_castsi512_ps(_mm512_slli_epi32::<16>(_mm512_cvtepu16_epi32(v))))
}

/// The sums of lanes 8 apart: those of `a`, then those of `b`.
#[inline(always)]
fn halves(a: __m512, b: __m512) -> __m512 {
    let low = isa!(_mm512_shuffle_f32x4::<0x44>(a, b));
    isa!(_mm512_add_ps(low, _mm512_shuffle_f32x4::<0xee>(a, b)))
}

/// In each quarter the sums of lanes 2 apart: those of `a`, then those of `b`.
#[inline(always)]
fn pairs(a: __m512, b: __m512) -> __m512 {
    let low = isa!(_mm512_shuffle_ps::<0x44>(a, b));
    isa!(_mm512_add_ps(low, _mm512_shuffle_ps::<0xee>(a, b)))
}

/// Places in a table of so many entries, at least one: those beyond it become its last.
#[inline(always)]
fn places(at: __m512, len: usize) -> __m512i {
    assert!((1..=1 << 30).contains(&len));
    isa!(_mm512_min_epu32(_mm512_cvttps_epi32(at), _mm512_set1_epi32(len as i32 - 1)))
}

impl<const DOTS: bool> Simd for Avx512<DOTS> {
    type F32 = __m512;
    type Mask = __mmask16;
    const MANY_REGISTERS: bool = true;
    const FUSED: bool = true;
    const TILE: usize = 8;

    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        isa!(_mm512_set1_ps(x))
    }
    #[inline(always)]
    fn load(self, from: &Lanes) -> __m512 {
        isa!(_mm512_loadu_ps(from.as_ptr()))
    }
    #[inline(always)]
    fn load_part(self, from: &[f32]) -> __m512 {
        if let Ok(whole) = from.try_into() {
            return self.load(whole);
        }
        isa!(_mm512_maskz_loadu_ps(first(from.len().min(16)), from.as_ptr()))
    }
    #[inline(always)]
    fn load_f16(self, from: &[f16; 16]) -> __m512 {
        isa!(_mm512_cvtph_ps(_mm256_loadu_si256(from.as_ptr().cast())))
    }
    #[inline(always)]
    fn load_f16_part(self, from: &[f16]) -> __m512 {
        isa!(_mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first(from.len().min(16)), from.as_ptr().cast())))
    }
    #[inline(always)]
    fn load_bf16(self, from: &[bf16; 16]) -> __m512 {
        isa!(widen_bf16(_mm256_loadu_si256(from.as_ptr().cast())))
    }
    #[inline(always)]
    fn load_bf16_part(self, from: &[bf16]) -> __m512 {
        isa!(widen_bf16(_mm256_maskz_loadu_epi16(first(from.len().min(16)), from.as_ptr().cast())))
    }
    #[inline(always)]
    fn store(self, to: &mut Lanes, v: __m512) {
        isa!(_mm512_storeu_ps(to.as_mut_ptr(), v))
    }
    #[inline(always)]
    fn store_part(self, to: &mut [f32], v: __m512) {
        // A masked store is slow on some CPUs and is not forwarded to loads; most parts are whole.
        if let Ok(whole) = to.try_into() {
            return self.store(whole, v);
        }
        isa!(_mm512_mask_storeu_ps(to.as_mut_ptr(), first(to.len().min(16)), v))
    }

    #[inline(always)]
    fn load_i8(self, from: &[i8; 16]) -> __m512 {
        isa!(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(from.as_ptr().cast()))))
    }
    #[inline(always)]
    fn store_f16(self, to: &mut [f16; 16], v: __m512) {
        let halves = isa!(_mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(self.canonical(v)));
        isa!(_mm256_storeu_si256(to.as_mut_ptr().cast(), halves));
    }
    #[inline(always)]
    fn store_bf16(self, to: &mut [bf16; 16], v: __m512) {
        // Half a unit of the last place less one, and one more where the last bit is odd.
        let bits = isa!(_mm512_castps_si512(self.canonical(v)));
        let odd = isa!(_mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1)));
        let rounded = isa!(_mm512_add_epi32(_mm512_add_epi32(bits, odd), _mm512_set1_epi32(0x7fff)));
        let upper = isa!(_mm512_cvtepi32_epi16(_mm512_srli_epi32::<16>(rounded)));
        isa!(_mm256_storeu_si256(to.as_mut_ptr().cast(), upper));
    }
    #[inline(always)]
    fn store_i8(self, to: &mut [i8; 16], v: __m512) {
        let narrow = isa!(_mm512_cvtepi32_epi8(_mm512_cvtps_epi32(v)));
        isa!(_mm_storeu_si128(to.as_mut_ptr().cast(), narrow));
    }

    #[inline(always)]
    fn prefetch<T>(self, from: &[T]) {
        super::avx2::prefetch_lines(from);
    }

    #[inline(always)]
    fn prefetch_line<T>(self, from: &T) {
        isa!(_mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(from).cast()));
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_add_ps(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_sub_ps(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_mul_ps(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_div_ps(a, b))
    }
    #[inline(always)]
    fn sqrt(self, a: __m512) -> __m512 {
        isa!(_mm512_sqrt_ps(a))
    }
    #[inline(always)]
    fn fma(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        isa!(_mm512_fmadd_ps(a, b, c))
    }
    #[inline(always)]
    fn abs(self, a: __m512) -> __m512 {
        isa!(_mm512_andnot_ps(_mm512_set1_ps(-0.0), a))
    }
    #[inline(always)]
    fn copy_sign(self, a: __m512, sign: __m512) -> __m512 {
        isa!(_mm512_or_ps(self.abs(a), _mm512_and_ps(sign, _mm512_set1_ps(-0.0))))
    }
    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_max_ps(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_min_ps(a, b))
    }
    #[inline(always)]
    fn add_i32(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b))))
    }
    #[inline(always)]
    fn max_i32(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_castsi512_ps(_mm512_max_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b))))
    }
    #[inline(always)]
    fn dot_i8(self, a: &[i8; 32], b: &[i8; 32], sums: __m512) -> __m512 {
        // Two products of at most 2^14 fit in the i32 that they are added in, -128 included.
        let a = isa!(_mm512_cvtepi8_epi16(_mm256_loadu_si256(a.as_ptr().cast())));
        let b = isa!(_mm512_cvtepi8_epi16(_mm256_loadu_si256(b.as_ptr().cast())));
        let sums = isa!(_mm512_castps_si512(sums));
        isa!(_mm512_castsi512_ps(_mm512_add_epi32(_mm512_madd_epi16(a, b), sums)))
    }

    #[inline(always)]
    fn less(self, a: __m512, b: __m512) -> __mmask16 {
        isa!(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b))
    }
    #[inline(always)]
    fn equal(self, a: __m512, b: __m512) -> __mmask16 {
        isa!(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b))
    }
    #[inline(always)]
    fn at_least(self, a: __m512, b: __m512) -> __mmask16 {
        isa!(_mm512_cmp_ps_mask::<_CMP_GE_OQ>(a, b))
    }
    #[inline(always)]
    fn both(self, a: __mmask16, b: __mmask16) -> __mmask16 {
        a & b
    }
    #[inline(always)]
    fn select(self, mask: __mmask16, yes: __m512, no: __m512) -> __m512 {
        isa!(_mm512_mask_blend_ps(mask, no, yes))
    }
    #[inline(always)]
    fn bits(self, mask: __mmask16) -> u16 {
        mask
    }

    #[inline(always)]
    fn and_bits(self, a: __m512, b: __m512) -> __m512 {
        isa!(_mm512_and_ps(a, b))
    }
    #[inline(always)]
    fn signs(self, v: __m512) -> u16 {
        isa!(_mm512_movepi32_mask(_mm512_castps_si512(v)))
    }
    #[inline(always)]
    fn integer(self, v: __m512) -> __m512 {
        isa!(_mm512_castsi512_ps(_mm512_cvttps_epi32(v)))
    }
    #[inline(always)]
    fn first_bf16(self, v: __m512) -> __m512 {
        isa!(_mm512_castsi512_ps(_mm512_slli_epi32::<16>(_mm512_castps_si512(v))))
    }
    #[inline(always)]
    fn second_bf16(self, v: __m512) -> __m512 {
        isa!(_mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(v), _mm512_set1_epi32(-65536))))
    }
    #[inline(always)]
    fn dot_bf16(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        if DOTS {
            // Lanes of two bf16 are only another name for the same 512 bits.
            return isa!({
                let (a, b) = (transmute::<__m512, __m512bh>(a), transmute::<__m512, __m512bh>(b));
                _mm512_dpbf16_ps(c, a, b)
            });
        }
        let second = self.fma(self.second_bf16(a), self.second_bf16(b), c);
        self.fma(self.first_bf16(a), self.first_bf16(b), second)
    }
    #[inline(always)]
    fn dot_bytes(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        let (a, b, c) = isa!((_mm512_castps_si512(a), _mm512_castps_si512(b), _mm512_castps_si512(c)));
        if DOTS {
            return isa!(_mm512_castsi512_ps(_mm512_dpbusd_epi32(c, a, b)));
        }
        // Bytes at even and at odd places as 16 bits: their products and the sums of two fit in 32.
        let even = isa!(_mm512_and_si512(a, _mm512_set1_epi16(255)));
        let even = isa!(_mm512_madd_epi16(even, _mm512_srai_epi16::<8>(_mm512_slli_epi16::<8>(b))));
        let odd = isa!(_mm512_madd_epi16(_mm512_srli_epi16::<8>(a), _mm512_srai_epi16::<8>(b)));
        isa!(_mm512_castsi512_ps(_mm512_add_epi32(c, _mm512_add_epi32(even, odd))))
    }

    #[inline(always)]
    fn pow2(self, n: __m512) -> __m512 {
        // 2^23 + 127 + n has n + 127 in its low mantissa bits.
        let biased = isa!(_mm512_castps_si512(_mm512_add_ps(n, _mm512_set1_ps(8_388_735.0))));
        isa!(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(biased)))
    }
    #[inline(always)]
    fn split_exponent(self, x: __m512) -> (__m512, __m512) {
        let bits = isa!(_mm512_castps_si512(x));
        let pivot = isa!(_mm512_set1_epi32(super::math::SQRT_HALF_BITS));
        let e = isa!(_mm512_srai_epi32::<23>(_mm512_sub_epi32(bits, pivot)));
        let m = isa!(_mm512_sub_epi32(bits, _mm512_slli_epi32::<23>(e)));
        isa!((_mm512_castsi512_ps(m), _mm512_cvtepi32_ps(e)))
    }

    #[inline(always)]
    fn truncate(self, v: __m512) -> __m512 {
        isa!(_mm512_roundscale_ps::<0x0b>(v))
    }
    #[inline(always)]
    fn ordinal(self, v: __m512) -> __m512 {
        let bits = isa!(_mm512_castps_si512(_mm512_add_ps(v, _mm512_setzero_ps())));
        let magnitude = isa!(_mm512_set1_epi32(i32::MAX));
        let flip = isa!(_mm512_and_si512(_mm512_srai_epi32::<31>(bits), magnitude));
        isa!(_mm512_cvtepi32_ps(_mm512_xor_si512(bits, flip)))
    }

    #[inline(always)]
    fn look_up(self, table: &[f32], at: __m512) -> __m512 {
        let at = places(at, table.len());
        isa!(_mm512_i32gather_ps::<4>(at, table.as_ptr()))
    }
    #[inline(always)]
    fn look_up_parts(self, table: &[u64], at: __m512) -> (__m512, __m512, __m512) {
        let at = places(at, table.len());
        let (low, high) = isa!((_mm512_castsi512_si256(at), _mm512_extracti32x8_epi32::<1>(at)));
        let a = isa!(_mm512_i32gather_epi64::<8>(low, table.as_ptr().cast()));
        let b = isa!(_mm512_i32gather_epi64::<8>(high, table.as_ptr().cast()));
        let even = isa!(_mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
        let odd = isa!(_mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
        let real = isa!(_mm512_castsi512_ps(_mm512_permutex2var_epi32(a, even, b)));
        let pair = isa!(_mm512_permutex2var_epi32(a, odd, b));
        let first = isa!(_mm512_and_si512(pair, _mm512_set1_epi32(0xffff)));
        let second = isa!(_mm512_srli_epi32::<16>(pair));
        (real, isa!(_mm512_cvtepi32_ps(first)), isa!(_mm512_cvtepi32_ps(second)))
    }
    #[inline(always)]
    fn pick(self, table: &[__m512; 4], at: __m512) -> __m512 {
        let at = isa!(_mm512_cvttps_epi32(at));
        let low = isa!(_mm512_permutex2var_ps(table[0], at, table[1]));
        let high = isa!(_mm512_permutex2var_ps(table[2], at, table[3]));
        let upper = isa!(_mm512_test_epi32_mask(at, _mm512_set1_epi32(32)));
        isa!(_mm512_mask_blend_ps(upper, low, high))
    }
    #[inline(always)]
    fn store_u32(self, to: &mut [u32; 16], v: __m512) {
        isa!(_mm512_storeu_si512(to.as_mut_ptr().cast(), _mm512_cvttps_epi32(v)));
    }
    #[inline(always)]
    fn store_flags(self, to: &mut [u8; 16], mask: __mmask16) {
        isa!(_mm_storeu_si128(to.as_mut_ptr().cast(), _mm_maskz_set1_epi8(mask, 1)));
    }

    #[inline(always)]
    fn transpose(self, rows: [__m512; 16]) -> [__m512; 16] {
        // Within the 128-bit quarters of four rows each, then between the quarters.
        let mut quarters = [[self.zero(); 4]; 4];
        for (i, to) in quarters.iter_mut().enumerate() {
            let [a, b, c, d] = [rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]];
            let low = isa!((_mm512_unpacklo_ps(a, b), _mm512_unpacklo_ps(c, d)));
            let high = isa!((_mm512_unpackhi_ps(a, b), _mm512_unpackhi_ps(c, d)));
            *to = isa!([
                _mm512_shuffle_ps::<0x44>(low.0, low.1),
                _mm512_shuffle_ps::<0xee>(low.0, low.1),
                _mm512_shuffle_ps::<0x44>(high.0, high.1),
                _mm512_shuffle_ps::<0xee>(high.0, high.1)
            ]);
        }
        let mut out = [self.zero(); 16];
        for j in 0..4 {
            let [a, b, c, d] = [quarters[0][j], quarters[1][j], quarters[2][j], quarters[3][j]];
            let even = isa!((_mm512_shuffle_f32x4::<0x88>(a, b), _mm512_shuffle_f32x4::<0x88>(c, d)));
            let odd = isa!((_mm512_shuffle_f32x4::<0xdd>(a, b), _mm512_shuffle_f32x4::<0xdd>(c, d)));
            out[j] = isa!(_mm512_shuffle_f32x4::<0x88>(even.0, even.1));
            out[4 + j] = isa!(_mm512_shuffle_f32x4::<0x88>(odd.0, odd.1));
            out[8 + j] = isa!(_mm512_shuffle_f32x4::<0xdd>(even.0, even.1));
            out[12 + j] = isa!(_mm512_shuffle_f32x4::<0xdd>(odd.0, odd.1));
        }
        out
    }
    #[inline(always)]
    fn fold(self, v: __m512) -> f32 {
        let half = isa!(_mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps::<1>(v)));
        super::avx2::fold8(half)
    }
    #[inline(always)]
    fn fold_each(self, v: [__m512; 16]) -> __m512 {
        // Halves, then quarters of four vectors beside each other, one a quarter; then lanes within the quarters.
        let mut fours = [v[0]; 4];
        for (i, to) in fours.iter_mut().enumerate() {
            let (ab, cd) = (halves(v[i], v[i + 4]), halves(v[i + 8], v[i + 12]));
            let even = isa!(_mm512_shuffle_f32x4::<0x88>(ab, cd));
            *to = isa!(_mm512_add_ps(even, _mm512_shuffle_f32x4::<0xdd>(ab, cd)));
        }
        let (low, high) = (pairs(fours[0], fours[1]), pairs(fours[2], fours[3]));
        let even = isa!(_mm512_shuffle_ps::<0x88>(low, high));
        isa!(_mm512_add_ps(even, _mm512_shuffle_ps::<0xdd>(low, high)))
    }
}
