//! (max,+) convolution: the step of the dynamic program.

use crate::simd::{LANES, Simd};

/// Vectors of outputs that stay in registers, with as many of inputs.
const VECTORS: usize = 8;

/// `out[m] = max over b of before[m + gains.len() - 1 - b] + gains[b]`, where `before` has `gains.len() - 1` values more than
/// `out`, and `gains` at least one. Values are exact integers or -inf, so that the order of operations does not matter.
///
/// For all b of one remainder modulo the lanes the inputs move by whole vectors: one load a step, no shift of lanes.
#[inline(always)]
pub(crate) fn max_plus<S: Simd>(s: S, before: &[f32], gains: &[f32], out: &mut [f32]) {
    let (blocks, rest) = out.as_chunks_mut::<{ VECTORS * LANES }>();
    for (at, block) in blocks.iter_mut().enumerate() {
        let first = at * VECTORS * LANES;
        let mut most = [s.splat(f32::NEG_INFINITY); VECTORS];
        for remainder in 0..LANES.min(gains.len()) {
            // Behind the last value that the block needs at this remainder.
            let end = first + VECTORS * LANES + gains.len() - 1 - remainder;
            let mut window = [s.zero(); VECTORS];
            for (t, vector) in window.iter_mut().enumerate().skip(1) {
                *vector = s.load_part(&before[end - (VECTORS - t) * LANES..][..LANES]);
            }
            let start = end - VECTORS * LANES;
            let mut steps = (gains.len() - remainder).div_ceil(LANES);
            let mut step = 0;
            while steps >= VECTORS {
                // The first vector of the block lies one place lower in the window at each step.
                for turn in 0..VECTORS {
                    let gain = s.splat(gains[remainder + (step + turn) * LANES]);
                    let low = start - (step + turn) * LANES;
                    window[(VECTORS - turn) % VECTORS] = s.load_part(&before[low..][..LANES]);
                    for (j, most) in most.iter_mut().enumerate() {
                        *most = s.max(s.add(window[(j + VECTORS - turn) % VECTORS], gain), *most);
                    }
                }
                step += VECTORS;
                steps -= VECTORS;
            }
            for step in step..step + steps {
                let gain = s.splat(gains[remainder + step * LANES]);
                for (j, most) in most.iter_mut().enumerate() {
                    let vector = s.load_part(&before[start + j * LANES - step * LANES..][..LANES]);
                    *most = s.max(s.add(vector, gain), *most);
                }
            }
        }
        for (most, to) in most.into_iter().zip(block.chunks_exact_mut(LANES)) {
            s.store_part(to, most);
        }
    }
    let first = blocks.len() * VECTORS * LANES;
    for (at, to) in rest.chunks_mut(LANES).enumerate() {
        let last = first + at * LANES + gains.len() - 1;
        let mut most = s.splat(f32::NEG_INFINITY);
        for (b, &gain) in gains.iter().enumerate() {
            let vector = s.load_part(&before[last - b..][..to.len()]);
            most = s.max(s.add(vector, s.splat(gain)), most);
        }
        s.store_part(to, most);
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
