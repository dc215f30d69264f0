//! (max,+) convolution: the step of the dynamic program.

use crate::simd::{LANES, Simd};

/// `out[m] = max over b of before[m + gains.len() - 1 - b] + gains[b]`, where `before` has `gains.len() - 1` values more than
/// `out`, and `gains` at least one. Sums stay within i32.
///
/// For all b of one remainder modulo the lanes the inputs move by whole vectors: one load a step, no shift of lanes.
#[inline(always)]
pub(crate) fn max_plus<S: Simd>(s: S, before: &[i32], gains: &[i32], out: &mut [i32]) {
    let (before, out) = (bytemuck::cast_slice(before), bytemuck::cast_slice_mut(out));
    let done = if S::MANY_REGISTERS {
        blocks::<S, 8>(s, before, gains, out)
    } else {
        blocks::<S, 4>(s, before, gains, out)
    };
    for (at, to) in out[done..].chunks_mut(LANES).enumerate() {
        let last = done + at * LANES + gains.len() - 1;
        let mut most = splat(s, i32::MIN);
        for (b, &gain) in gains.iter().enumerate() {
            let vector = s.load_part(&before[last - b..][..to.len()]);
            most = s.max_i32(s.add_i32(vector, splat(s, gain)), most);
        }
        s.store_part(to, most);
    }
}

/// All lanes the bits of `x`.
#[inline(always)]
fn splat<S: Simd>(s: S, x: i32) -> S::F32 {
    s.splat(f32::from_bits(x as u32))
}

/// The whole blocks of N vectors of outputs; returns how many outputs they are.
#[inline(always)]
fn blocks<S: Simd, const N: usize>(s: S, before: &[f32], gains: &[i32], out: &mut [f32]) -> usize {
    let block = N * LANES;
    for (at, to) in out.chunks_exact_mut(block).enumerate() {
        let mut most = [splat(s, i32::MIN); N];
        for remainder in 0..LANES.min(gains.len()) {
            // The inputs of the block at this remainder; a step further they begin a vector earlier.
            let start = at * block + gains.len() - 1 - remainder;
            let mut window = [s.zero(); N];
            let first = before[start..][..block].as_chunks::<LANES>().0;
            for j in 1..N {
                window[j] = s.load(&first[j]);
            }
            let mut steps = Steps { before, start, gains: gains[remainder..].chunks(LANES) };
            loop {
                let more = turn::<S, N, 0>(s, &mut window, &mut most, &mut steps)
                    && turn::<S, N, 1>(s, &mut window, &mut most, &mut steps)
                    && turn::<S, N, 2>(s, &mut window, &mut most, &mut steps)
                    && turn::<S, N, 3>(s, &mut window, &mut most, &mut steps)
                    && (N == 4
                        || turn::<S, N, 4>(s, &mut window, &mut most, &mut steps)
                            && turn::<S, N, 5>(s, &mut window, &mut most, &mut steps)
                            && turn::<S, N, 6>(s, &mut window, &mut most, &mut steps)
                            && turn::<S, N, 7>(s, &mut window, &mut most, &mut steps));
                if !more {
                    break;
                }
            }
        }
        let to = to.as_chunks_mut::<LANES>().0;
        for j in 0..N {
            s.store(&mut to[j], most[j]);
        }
    }
    out.len() / block * block
}

/// What is left of one remainder.
struct Steps<'a> {
    before: &'a [f32],
    start: usize,
    /// Of each piece the first gain counts.
    gains: std::slice::Chunks<'a, i32>,
}

/// Step T of N, if there is one: a vector comes in front of the window, whose vector j lies in place `(j - T) mod N`.
#[inline(always)]
fn turn<S: Simd, const N: usize, const T: usize>(
    s: S,
    window: &mut [S::F32; N],
    most: &mut [S::F32; N],
    steps: &mut Steps<'_>,
) -> bool {
    let Some(gain) = steps.gains.next() else { return false };
    let gain = splat(s, gain[0]);
    window[(N - T) % N] = s.load_part(&steps.before[steps.start..][..LANES]);
    steps.start = steps.start.wrapping_sub(LANES);
    for j in 0..N {
        most[j] = s.max_i32(s.add_i32(window[(j + N - T) % N], gain), most[j]);
    }
    true
}

/// [`max_plus`] for integers beyond i32. Values stay below 2^62 in magnitude; the compiler makes vectors of it.
#[inline(always)]
pub(crate) fn max_plus_wide<S: Simd>(_: S, before: &[i64], gains: &[i64], out: &mut [i64]) {
    const BLOCK: usize = 32;
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    for (at, block) in blocks.iter_mut().enumerate() {
        let last = at * BLOCK + gains.len() - 1;
        let mut most = [i64::MIN; BLOCK];
        for (b, &gain) in gains.iter().enumerate() {
            let from = &before[last - b..][..BLOCK];
            for l in 0..BLOCK {
                most[l] = most[l].max(from[l] + gain);
            }
        }
        *block = most;
    }
    let first = blocks.len() * BLOCK + gains.len() - 1;
    for (at, to) in rest.iter_mut().enumerate() {
        *to = i64::MIN;
        for (b, &gain) in gains.iter().enumerate() {
            *to = (*to).max(before[first + at - b] + gain);
        }
    }
}
