//! (max,+) convolution: the step of the dynamic program.

use crate::simd::{LANES, Lanes, Simd};

/// `out[m] = max over b of before[m + gains.len() - 1 - b] + gains[b]`, where `before` has `gains.len() - 1` values more than
/// `out`, and `gains` at least one. Values are exact integers or -inf, so that the order of operations does not matter.
///
/// For all b of one remainder modulo the lanes the inputs move by whole vectors: one load a step, no shift of lanes.
#[inline(always)]
pub(crate) fn max_plus<S: Simd>(s: S, before: &[f32], gains: &[f32], out: &mut [f32]) {
    let done = if S::MANY_REGISTERS {
        blocks::<S, 8>(s, before, gains, out)
    } else {
        blocks::<S, 4>(s, before, gains, out)
    };
    for (at, to) in out[done..].chunks_mut(LANES).enumerate() {
        let last = done + at * LANES + gains.len() - 1;
        let mut most = s.splat(f32::NEG_INFINITY);
        for (b, &gain) in gains.iter().enumerate() {
            let vector = s.load_part(&before[last - b..][..to.len()]);
            most = s.max(s.add(vector, s.splat(gain)), most);
        }
        s.store_part(to, most);
    }
}

/// The whole blocks of N vectors of outputs; returns how many outputs they are.
#[inline(always)]
fn blocks<S: Simd, const N: usize>(s: S, before: &[f32], gains: &[f32], out: &mut [f32]) -> usize {
    let block = N * LANES;
    for (at, to) in out.chunks_exact_mut(block).enumerate() {
        let mut most = [s.splat(f32::NEG_INFINITY); N];
        for remainder in 0..LANES.min(gains.len()) {
            // The inputs of the block at this remainder; a step further they begin a vector earlier.
            let mut start = at * block + gains.len() - 1 - remainder;
            let mut window = [s.zero(); N];
            for (vector, from) in window.iter_mut().zip(before[start..].as_chunks::<LANES>().0).skip(1) {
                *vector = s.load(from);
            }
            // The gains of this remainder, in vectors of which the first lane counts.
            let mut steps = gains[remainder..].chunks(LANES);
            while steps.len() >= N {
                let new = &before[start - (N - 1) * LANES..][..block].as_chunks::<LANES>().0;
                turn::<S, N, 0>(s, &mut window, &mut most, &new[N - 1], &mut steps);
                turn::<S, N, 1>(s, &mut window, &mut most, &new[N - 2], &mut steps);
                turn::<S, N, 2>(s, &mut window, &mut most, &new[N - 3], &mut steps);
                turn::<S, N, 3>(s, &mut window, &mut most, &new[N - 4], &mut steps);
                if N == 8 {
                    turn::<S, N, 4>(s, &mut window, &mut most, &new[N - 5], &mut steps);
                    turn::<S, N, 5>(s, &mut window, &mut most, &new[N - 6], &mut steps);
                    turn::<S, N, 6>(s, &mut window, &mut most, &new[N - 7], &mut steps);
                    turn::<S, N, 7>(s, &mut window, &mut most, &new[0], &mut steps);
                }
                start = start.wrapping_sub(block);
            }
            for gain in steps {
                let gain = s.splat(gain[0]);
                for (most, from) in most.iter_mut().zip(before[start..].as_chunks::<LANES>().0) {
                    *most = s.max(s.add(s.load(from), gain), *most);
                }
                start = start.wrapping_sub(LANES);
            }
        }
        for (most, to) in most.into_iter().zip(to.as_chunks_mut::<LANES>().0) {
            s.store(to, most);
        }
    }
    out.len() / block * block
}

/// Step T of N: `new` comes in front of the window, whose vector j lies in place `(j - T) mod N`.
#[inline(always)]
fn turn<S: Simd, const N: usize, const T: usize>(
    s: S,
    window: &mut [S::F32; N],
    most: &mut [S::F32; N],
    new: &Lanes,
    gains: &mut std::slice::Chunks<'_, f32>,
) {
    let gain = s.splat(gains.next().map_or(f32::NEG_INFINITY, |gain| gain[0]));
    window[(N - T) % N] = s.load(new);
    for j in 0..N {
        most[j] = s.max(s.add(window[(j + N - T) % N], gain), most[j]);
    }
}

/// [`max_plus`] for integers beyond f32. Values stay below 2^62 in magnitude; the compiler makes vectors of it.
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
