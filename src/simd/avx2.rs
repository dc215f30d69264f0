//! The AVX2 tier (AVX2, FMA, F16C): two registers hold the 16 lanes.

use super::{Lanes, Simd};
use core::arch::x86_64::*;
use half::{bf16, f16};

/// Token of the tier.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// The token.
    ///
    /// # Safety
    /// The CPU and the operating system must support AVX2, FMA and F16C.
    #[inline(always)]
    pub(crate) unsafe fn assume() -> Self {
        Avx2(())
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

/// Lanes 0..8 and 8..16.
#[derive(Clone, Copy)]
pub(crate) struct Pair(__m256, __m256);

/// An operation on both halves. A macro, because a closure would not inherit the wrapper's features.
macro_rules! both {
    ($a:expr, $b:expr, $op:expr) => {{
        let (a, b) = ($a, $b);
        isa!(Pair($op(a.0, b.0), $op(a.1, b.1)))
    }};
}

/// The bits of a vector as integers.
#[inline(always)]
fn integers(v: Pair) -> [__m256i; 2] {
    isa!([_mm256_castps_si256(v.0), _mm256_castps_si256(v.1)])
}

/// The vector of these bits.
#[inline(always)]
fn floats(v: [__m256i; 2]) -> Pair {
    isa!(Pair(_mm256_castsi256_ps(v[0]), _mm256_castsi256_ps(v[1])))
}

/// Sign bits set in the first `lanes` of 8.
#[inline(always)]
fn first(lanes: usize) -> __m256i {
    let count = isa!(_mm256_set1_epi32(lanes as i32));
    isa!(_mm256_cmpgt_epi32(count, _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)))
}

/// Asks for the cache lines of a slice.
#[inline(always)]
pub(super) fn prefetch_lines<T>(from: &[T]) {
    for line in from.chunks((64 / size_of::<T>()).max(1)) {
        isa!(_mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()));
    }
}

/// A bf16 is the upper half of its f32.
#[inline(always)]
fn widen_bf16(v: __m128i) -> __m256 {
    isa!(_mm256_castsi256_ps(_mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(v))))
}

/// The sum of 8 lanes: 4, then 2 and 1 lanes apart.
#[inline(always)]
pub(super) fn fold8(v: __m256) -> f32 {
    let four = isa!(_mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v)));
    let two = isa!(_mm_add_ps(four, _mm_movehl_ps(four, four)));
    isa!(_mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two))))
}

impl Simd for Avx2 {
    type F32 = Pair;
    type Mask = Pair;
    const MANY_REGISTERS: bool = false;
    const FUSED: bool = true;
    const TILE: usize = 3;

    #[inline(always)]
    fn splat(self, x: f32) -> Pair {
        let v = isa!(_mm256_set1_ps(x));
        Pair(v, v)
    }
    #[inline(always)]
    fn load(self, from: &Lanes) -> Pair {
        let (low, high) = from.split_at(8);
        isa!(Pair(_mm256_loadu_ps(low.as_ptr()), _mm256_loadu_ps(high.as_ptr())))
    }
    #[inline(always)]
    fn load_part(self, from: &[f32]) -> Pair {
        // Masked access takes many times as long on some CPUs, and most parts are whole.
        if let Ok(whole) = from.try_into() {
            return self.load(whole);
        }
        let (low, high) = from.split_at(from.len().min(8));
        isa!(Pair(
            _mm256_maskload_ps(low.as_ptr(), first(low.len())),
            _mm256_maskload_ps(high.as_ptr(), first(high.len()))
        ))
    }
    #[inline(always)]
    fn load_f16(self, from: &[f16; 16]) -> Pair {
        let (low, high) = from.split_at(8);
        isa!(Pair(
            _mm256_cvtph_ps(_mm_loadu_si128(low.as_ptr().cast())),
            _mm256_cvtph_ps(_mm_loadu_si128(high.as_ptr().cast()))
        ))
    }
    #[inline(always)]
    fn load_bf16(self, from: &[bf16; 16]) -> Pair {
        let (low, high) = from.split_at(8);
        isa!(Pair(
            widen_bf16(_mm_loadu_si128(low.as_ptr().cast())),
            widen_bf16(_mm_loadu_si128(high.as_ptr().cast()))
        ))
    }
    #[inline(always)]
    fn store(self, to: &mut Lanes, v: Pair) {
        let (low, high) = to.split_at_mut(8);
        isa!(_mm256_storeu_ps(low.as_mut_ptr(), v.0));
        isa!(_mm256_storeu_ps(high.as_mut_ptr(), v.1));
    }
    #[inline(always)]
    fn store_part(self, to: &mut [f32], v: Pair) {
        if let Ok(whole) = to.try_into() {
            return self.store(whole, v);
        }
        let (low, high) = to.split_at_mut(to.len().min(8));
        isa!(_mm256_maskstore_ps(low.as_mut_ptr(), first(low.len()), v.0));
        isa!(_mm256_maskstore_ps(high.as_mut_ptr(), first(high.len()), v.1));
    }

    #[inline(always)]
    fn load_i8(self, from: &[i8; 16]) -> Pair {
        let bytes = isa!(_mm_loadu_si128(from.as_ptr().cast()));
        let (low, high) =
            isa!((_mm256_cvtepi8_epi32(bytes), _mm256_cvtepi8_epi32(_mm_srli_si128::<8>(bytes))));
        isa!(Pair(_mm256_cvtepi32_ps(low), _mm256_cvtepi32_ps(high)))
    }
    #[inline(always)]
    fn store_f16(self, to: &mut [f16; 16], v: Pair) {
        let v = self.canonical(v);
        let (low, high) = to.split_at_mut(8);
        isa!(_mm_storeu_si128(low.as_mut_ptr().cast(), _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(v.0)));
        isa!(_mm_storeu_si128(high.as_mut_ptr().cast(), _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(v.1)));
    }
    #[inline(always)]
    fn store_bf16(self, to: &mut [bf16; 16], v: Pair) {
        // Half a unit of the last place less one, and one more where the last bit is odd.
        let mut upper = integers(self.canonical(v));
        for bits in &mut upper {
            let odd = isa!(_mm256_and_si256(_mm256_srli_epi32::<16>(*bits), _mm256_set1_epi32(1)));
            let rounded = isa!(_mm256_add_epi32(_mm256_add_epi32(*bits, odd), _mm256_set1_epi32(0x7fff)));
            *bits = isa!(_mm256_srli_epi32::<16>(rounded));
        }
        // Packing works within halves of the registers.
        let packed = isa!(_mm256_permute4x64_epi64::<0xd8>(_mm256_packus_epi32(upper[0], upper[1])));
        isa!(_mm256_storeu_si256(to.as_mut_ptr().cast(), packed));
    }
    #[inline(always)]
    fn store_i8(self, to: &mut [i8; 16], v: Pair) {
        let (low, high) = isa!((_mm256_cvtps_epi32(v.0), _mm256_cvtps_epi32(v.1)));
        let words = isa!(_mm256_permute4x64_epi64::<0xd8>(_mm256_packs_epi32(low, high)));
        let (low, high) = isa!((_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words)));
        isa!(_mm_storeu_si128(to.as_mut_ptr().cast(), _mm_packs_epi16(low, high)));
    }

    #[inline(always)]
    fn prefetch<T>(self, from: &[T]) {
        prefetch_lines(from);
    }

    #[inline(always)]
    fn prefetch_line<T>(self, from: &T) {
        isa!(_mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(from).cast()));
    }

    #[inline(always)]
    fn add(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_add_ps)
    }
    #[inline(always)]
    fn sub(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_sub_ps)
    }
    #[inline(always)]
    fn mul(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_mul_ps)
    }
    #[inline(always)]
    fn div(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_div_ps)
    }
    #[inline(always)]
    fn sqrt(self, a: Pair) -> Pair {
        isa!(Pair(_mm256_sqrt_ps(a.0), _mm256_sqrt_ps(a.1)))
    }
    #[inline(always)]
    fn fma(self, a: Pair, b: Pair, c: Pair) -> Pair {
        isa!(Pair(_mm256_fmadd_ps(a.0, b.0, c.0), _mm256_fmadd_ps(a.1, b.1, c.1)))
    }
    #[inline(always)]
    fn abs(self, a: Pair) -> Pair {
        both!(self.splat(-0.0), a, _mm256_andnot_ps)
    }
    #[inline(always)]
    fn copy_sign(self, a: Pair, sign: Pair) -> Pair {
        let sign = both!(sign, self.splat(-0.0), _mm256_and_ps);
        both!(self.abs(a), sign, _mm256_or_ps)
    }
    #[inline(always)]
    fn max(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_max_ps)
    }
    #[inline(always)]
    fn min(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_min_ps)
    }
    #[inline(always)]
    fn add_i32(self, a: Pair, b: Pair) -> Pair {
        let (a, b) = (integers(a), integers(b));
        floats(isa!([_mm256_add_epi32(a[0], b[0]), _mm256_add_epi32(a[1], b[1])]))
    }
    #[inline(always)]
    fn max_i32(self, a: Pair, b: Pair) -> Pair {
        let (a, b) = (integers(a), integers(b));
        floats(isa!([_mm256_max_epi32(a[0], b[0]), _mm256_max_epi32(a[1], b[1])]))
    }
    #[inline(always)]
    fn dot_i8(self, a: &[i8; 32], b: &[i8; 32], sums: Pair) -> Pair {
        // Two products of at most 2^14 fit in the i32 that they are added in, -128 included.
        let mut sums = integers(sums);
        for ((a, b), sum) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0).zip(&mut sums) {
            let a = isa!(_mm256_cvtepi8_epi16(_mm_loadu_si128(a.as_ptr().cast())));
            let b = isa!(_mm256_cvtepi8_epi16(_mm_loadu_si128(b.as_ptr().cast())));
            *sum = isa!(_mm256_add_epi32(_mm256_madd_epi16(a, b), *sum));
        }
        floats(sums)
    }

    #[inline(always)]
    fn less(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_cmp_ps::<_CMP_LT_OQ>)
    }
    #[inline(always)]
    fn equal(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_cmp_ps::<_CMP_EQ_OQ>)
    }
    #[inline(always)]
    fn at_least(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_cmp_ps::<_CMP_GE_OQ>)
    }
    #[inline(always)]
    fn both(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_and_ps)
    }
    #[inline(always)]
    fn select(self, mask: Pair, yes: Pair, no: Pair) -> Pair {
        isa!(Pair(_mm256_blendv_ps(no.0, yes.0, mask.0), _mm256_blendv_ps(no.1, yes.1, mask.1)))
    }
    #[inline(always)]
    fn bits(self, mask: Pair) -> u16 {
        isa!(_mm256_movemask_ps(mask.0) as u16 | (_mm256_movemask_ps(mask.1) as u16) << 8)
    }

    #[inline(always)]
    fn and_bits(self, a: Pair, b: Pair) -> Pair {
        both!(a, b, _mm256_and_ps)
    }
    #[inline(always)]
    fn signs(self, v: Pair) -> u16 {
        self.bits(v)
    }
    #[inline(always)]
    fn integer(self, v: Pair) -> Pair {
        floats(isa!([_mm256_cvttps_epi32(v.0), _mm256_cvttps_epi32(v.1)]))
    }
    #[inline(always)]
    fn first_bf16(self, v: Pair) -> Pair {
        let [a, b] = integers(v);
        floats(isa!([_mm256_slli_epi32::<16>(a), _mm256_slli_epi32::<16>(b)]))
    }
    #[inline(always)]
    fn second_bf16(self, v: Pair) -> Pair {
        let high = floats(isa!([_mm256_set1_epi32(-65536); 2]));
        both!(v, high, _mm256_and_ps)
    }
    #[inline(always)]
    fn dot_bytes(self, a: Pair, b: Pair, c: Pair) -> Pair {
        let (a, b, c) = (integers(a), integers(b), integers(c));
        floats([dot_bytes8(a[0], b[0], c[0]), dot_bytes8(a[1], b[1], c[1])])
    }

    #[inline(always)]
    fn pow2(self, n: Pair) -> Pair {
        // 2^23 + 127 + n has n + 127 in its low mantissa bits.
        Pair(pow2_8(n.0), pow2_8(n.1))
    }
    #[inline(always)]
    fn split_exponent(self, x: Pair) -> (Pair, Pair) {
        let (m0, e0) = split8(x.0);
        let (m1, e1) = split8(x.1);
        (Pair(m0, m1), Pair(e0, e1))
    }

    #[inline(always)]
    fn truncate(self, v: Pair) -> Pair {
        isa!(Pair(_mm256_round_ps::<0x0b>(v.0), _mm256_round_ps::<0x0b>(v.1)))
    }
    #[inline(always)]
    fn ordinal(self, v: Pair) -> Pair {
        Pair(ordinal8(v.0), ordinal8(v.1))
    }

    #[inline(always)]
    fn look_up(self, table: &[f32], at: Pair) -> Pair {
        let (a, b) = (places(at.0, table.len()), places(at.1, table.len()));
        let from = table.as_ptr();
        isa!(Pair(_mm256_i32gather_ps::<4>(from, a), _mm256_i32gather_ps::<4>(from, b)))
    }
    #[inline(always)]
    fn look_up_parts(self, table: &[u64], at: Pair) -> (Pair, Pair, Pair) {
        let (a, b) = (parts8(table, at.0), parts8(table, at.1));
        (Pair(a[0], b[0]), Pair(a[1], b[1]), Pair(a[2], b[2]))
    }
    #[inline(always)]
    fn pick(self, table: &[Pair; 4], at: Pair) -> Pair {
        let mut flat = [0.0; 64];
        let (lanes, _) = flat.as_chunks_mut();
        for (to, &from) in lanes.iter_mut().zip(table) {
            self.store(to, from);
        }
        self.look_up(&flat, at)
    }
    #[inline(always)]
    fn store_u32(self, to: &mut [u32; 16], v: Pair) {
        let (low, high) = to.split_at_mut(8);
        isa!(_mm256_storeu_si256(low.as_mut_ptr().cast(), _mm256_cvttps_epi32(v.0)));
        isa!(_mm256_storeu_si256(high.as_mut_ptr().cast(), _mm256_cvttps_epi32(v.1)));
    }
    #[inline(always)]
    fn store_flags(self, to: &mut [u8; 16], mask: Pair) {
        let words = isa!(_mm256_packs_epi32(_mm256_castps_si256(mask.0), _mm256_castps_si256(mask.1)));
        let words = isa!(_mm256_permute4x64_epi64::<0xd8>(words));
        let low = isa!(_mm256_castsi256_si128(words));
        let bytes = isa!(_mm_packs_epi16(low, _mm256_extracti128_si256::<1>(words)));
        isa!(_mm_storeu_si128(to.as_mut_ptr().cast(), _mm_and_si128(bytes, _mm_set1_epi8(1))));
    }

    #[inline(always)]
    fn transpose(self, rows: [Pair; 16]) -> [Pair; 16] {
        let (mut above, mut below) = ([[rows[0].0; 8]; 2], [[rows[0].0; 8]; 2]);
        for i in 0..8 {
            (above[0][i], above[1][i]) = (rows[i].0, rows[i].1);
            (below[0][i], below[1][i]) = (rows[8 + i].0, rows[8 + i].1);
        }
        let [a, b, c, d] =
            [transpose8(above[0]), transpose8(below[0]), transpose8(above[1]), transpose8(below[1])];
        let mut out = rows;
        for i in 0..8 {
            out[i] = Pair(a[i], b[i]);
            out[8 + i] = Pair(c[i], d[i]);
        }
        out
    }
    #[inline(always)]
    fn fold(self, v: Pair) -> f32 {
        fold8(isa!(_mm256_add_ps(v.0, v.1)))
    }
    #[inline(always)]
    fn fold_each(self, v: [Pair; 16]) -> Pair {
        let [a, b, c, d, e, f, g, h, rest @ ..] = v;
        Pair(fold_each8([a, b, c, d, e, f, g, h]), fold_each8(rest))
    }
}

/// The sums of eight vectors, as `Simd::fold_each`: sixteen to eight lanes, then halves of two vectors beside each
/// other, then lanes within the halves.
#[inline(always)]
fn fold_each8(v: [Pair; 8]) -> __m256 {
    let mut twos = [v[0].0; 4];
    for (i, to) in twos.iter_mut().enumerate() {
        let a = isa!(_mm256_add_ps(v[i].0, v[i].1));
        let b = isa!(_mm256_add_ps(v[i + 4].0, v[i + 4].1));
        let low = isa!(_mm256_permute2f128_ps::<0x20>(a, b));
        *to = isa!(_mm256_add_ps(low, _mm256_permute2f128_ps::<0x31>(a, b)));
    }
    let (low, high) = (pairs(twos[0], twos[1]), pairs(twos[2], twos[3]));
    let even = isa!(_mm256_shuffle_ps::<0x88>(low, high));
    isa!(_mm256_add_ps(even, _mm256_shuffle_ps::<0xdd>(low, high)))
}

/// In each half the sums of lanes 2 apart: those of `a`, then those of `b`.
#[inline(always)]
fn pairs(a: __m256, b: __m256) -> __m256 {
    let low = isa!(_mm256_shuffle_ps::<0x44>(a, b));
    isa!(_mm256_add_ps(low, _mm256_shuffle_ps::<0xee>(a, b)))
}

/// The transpose of 8 x 8 lanes.
#[inline(always)]
fn transpose8(r: [__m256; 8]) -> [__m256; 8] {
    let mut halves = [[r[0]; 4]; 2];
    for (i, to) in halves.iter_mut().enumerate() {
        let [a, b, c, d] = [r[4 * i], r[4 * i + 1], r[4 * i + 2], r[4 * i + 3]];
        let low = isa!((_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d)));
        let high = isa!((_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d)));
        *to = isa!([
            _mm256_shuffle_ps::<0x44>(low.0, low.1),
            _mm256_shuffle_ps::<0xee>(low.0, low.1),
            _mm256_shuffle_ps::<0x44>(high.0, high.1),
            _mm256_shuffle_ps::<0xee>(high.0, high.1)
        ]);
    }
    let mut out = r;
    for j in 0..4 {
        out[j] = isa!(_mm256_permute2f128_ps::<0x20>(halves[0][j], halves[1][j]));
        out[4 + j] = isa!(_mm256_permute2f128_ps::<0x31>(halves[0][j], halves[1][j]));
    }
    out
}

/// Places in a table of so many entries, at least one: those beyond it become its last.
#[inline(always)]
fn places(at: __m256, len: usize) -> __m256i {
    assert!((1..=1 << 30).contains(&len));
    isa!(_mm256_min_epu32(_mm256_cvttps_epi32(at), _mm256_set1_epi32(len as i32 - 1)))
}

/// The three parts of 8 entries.
#[inline(always)]
fn parts8(table: &[u64], at: __m256) -> [__m256; 3] {
    let at = places(at, table.len());
    let from = table.as_ptr().cast();
    let a = isa!(_mm256_i32gather_epi64::<8>(from, _mm256_castsi256_si128(at)));
    let b = isa!(_mm256_i32gather_epi64::<8>(from, _mm256_extracti128_si256::<1>(at)));
    let (a, b) = isa!((_mm256_castsi256_ps(a), _mm256_castsi256_ps(b)));
    let real = isa!(_mm256_castps_pd(_mm256_shuffle_ps::<0x88>(a, b)));
    let pair = isa!(_mm256_castps_pd(_mm256_shuffle_ps::<0xdd>(a, b)));
    let real = isa!(_mm256_castpd_ps(_mm256_permute4x64_pd::<0xd8>(real)));
    let pair = isa!(_mm256_castpd_si256(_mm256_permute4x64_pd::<0xd8>(pair)));
    let first = isa!(_mm256_and_si256(pair, _mm256_set1_epi32(0xffff)));
    let second = isa!(_mm256_srli_epi32::<16>(pair));
    [real, isa!(_mm256_cvtepi32_ps(first)), isa!(_mm256_cvtepi32_ps(second))]
}

/// [`Simd::dot_bytes`] of 8 lanes: bytes at even and at odd places as 16 bits, whose products and sums of two fit in 32.
#[inline(always)]
fn dot_bytes8(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
    let even = isa!(_mm256_and_si256(a, _mm256_set1_epi16(255)));
    let even = isa!(_mm256_madd_epi16(even, _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(b))));
    let odd = isa!(_mm256_madd_epi16(_mm256_srli_epi16::<8>(a), _mm256_srai_epi16::<8>(b)));
    isa!(_mm256_add_epi32(c, _mm256_add_epi32(even, odd)))
}

#[inline(always)]
fn ordinal8(v: __m256) -> __m256 {
    let bits = isa!(_mm256_castps_si256(_mm256_add_ps(v, _mm256_setzero_ps())));
    let magnitude = isa!(_mm256_set1_epi32(i32::MAX));
    let flip = isa!(_mm256_and_si256(_mm256_srai_epi32::<31>(bits), magnitude));
    isa!(_mm256_cvtepi32_ps(_mm256_xor_si256(bits, flip)))
}

#[inline(always)]
fn pow2_8(n: __m256) -> __m256 {
    let biased = isa!(_mm256_castps_si256(_mm256_add_ps(n, _mm256_set1_ps(8_388_735.0))));
    isa!(_mm256_castsi256_ps(_mm256_slli_epi32::<23>(biased)))
}

#[inline(always)]
fn split8(x: __m256) -> (__m256, __m256) {
    let bits = isa!(_mm256_castps_si256(x));
    let pivot = isa!(_mm256_set1_epi32(super::math::SQRT_HALF_BITS));
    let e = isa!(_mm256_srai_epi32::<23>(_mm256_sub_epi32(bits, pivot)));
    let m = isa!(_mm256_sub_epi32(bits, _mm256_slli_epi32::<23>(e)));
    isa!((_mm256_castsi256_ps(m), _mm256_cvtepi32_ps(e)))
}
