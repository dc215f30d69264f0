//! Sums of products of bytes, and the bounds that they must reach.

use super::step::{StepBytes, chains};
use super::{GROUP, PANEL, Scan, Visit, width};
use crate::simd::{LANES, Lanes, Simd};

/// What the bounds of a group of queries of bytes are made of: one over the scale; what a score differs by for each unit of
/// the norm of a target, and for each unit of its error (both 0 where scores are those of the bytes); the bits of -128
/// times the sum of the bytes, what targets, stored as their bytes + 128, count too much.
pub(crate) type ByteGroup = [[f32; GROUP]; 4];

/// Places in a [`ByteGroup`].
pub(crate) const INVERSE: usize = 0;
pub(crate) const SLACK: usize = 1;
pub(crate) const ERROR: usize = 2;
pub(crate) const START: usize = 3;

/// What is known of all rows of a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stats {
    /// Of bytes: one over the scale, if all rows have one.
    pub inverse: f32,
    /// Of bytes with rows in f32: no row is longer.
    pub norm: f32,
    /// Of bytes with rows in f32: no row is further from the row that its bytes stand for.
    pub error: f32,
    /// Of bf16: no magnitude but 0 is less.
    pub least: f32,
}

/// A pass of queries of bytes over panels of bytes.
#[derive(Clone, Copy)]
pub(crate) struct BytesIn<'a> {
    /// Panels, words and so on; its form is not read. A step is four bytes, those of the targets with 128 added.
    pub scan: Scan<'a>,
    pub groups: &'a [ByteGroup],
    /// For each panel.
    pub stats: &'a [Stats],
    /// Two lines for each panel, one over the scale of each row; empty if the rows of a panel have one scale.
    pub inverses: &'a [Lanes],
    /// No sum of products is beyond it: 2^14 times the columns.
    pub most: f32,
}

/// The greatest finite limit of a pass over bytes: those above are as good.
const FAR: f32 = 1e37;

/// The part of a limit that rounding on the way to a sum cannot cost: four roundings take a quarter of it.
const PART: f32 = 1.0 / 1_048_576.0;

/// From limits of scores to minus the integers that sums of products must reach, less than they are by what rounding
/// could cost.
#[inline(always)]
fn starts<S: Simd>(s: S, limit: S::F32, slack: S::F32, inverse: S::F32, most: f32) -> S::F32 {
    let part = s.splat(PART);
    // `min` and `max` give their second argument for a NaN, and NaN means that everything is to be seen: so does a
    // product of scales that is too small to be exact.
    let inverse = s.select(s.less(inverse, s.splat(FAR)), inverse, s.splat(f32::NAN));
    let limit = s.min(s.splat(FAR), limit);
    let wide = s.fma(s.add(s.abs(limit), slack), part, slack);
    let x = s.mul(s.sub(limit, wide), inverse);
    let x = s.min(s.splat(most), x);
    let x = s.sub(x, s.fma(s.abs(x), part, s.splat(2.0)));
    s.integer(s.sub(s.zero(), s.max(x, s.splat(-most))))
}

/// Sums of products of bytes, exact. Those whose score can be above its query's limit go to `visit`.
#[inline(always)]
pub(crate) fn scan<S: Simd>(s: S, bytes: BytesIn<'_>, limits: &mut [f32], visit: &mut dyn Visit) {
    let scan = bytes.scan;
    let mut panel = 0;
    if S::TILE > 1 && scan.count == 1 && scan.near {
        while panel + 4 <= scan.panels() {
            byte_tile::<S, 1, 4>(s, bytes, panel, 0, 0, limits, visit);
            panel += 4;
        }
    }
    for panel in panel..scan.panels() {
        for group in 0..scan.count.div_ceil(GROUP) {
            let (_, count) = scan.group(group);
            let mut at = 0;
            while at < count {
                match width::<S>(count - at) {
                    8 => byte_tile::<S, 8, 1>(s, bytes, panel, group, at, limits, visit),
                    4 => byte_tile::<S, 4, 1>(s, bytes, panel, group, at, limits, visit),
                    3 => byte_tile::<S, 3, 1>(s, bytes, panel, group, at, limits, visit),
                    2 => byte_tile::<S, 2, 1>(s, bytes, panel, group, at, limits, visit),
                    _ => byte_tile::<S, 1, 1>(s, bytes, panel, group, at, limits, visit),
                }
                at += width::<S>(count - at);
            }
        }
    }
}

#[inline(always)]
fn byte_tile<S: Simd, const R: usize, const P: usize>(
    s: S,
    bytes: BytesIn<'_>,
    panel: usize,
    group: usize,
    at: usize,
    limits: &mut [f32],
    visit: &mut dyn Visit,
) {
    if R > S::TILE || R * P > 8 {
        return;
    }
    let (scan, queries) = (bytes.scan, &bytes.groups[group]);
    let (words, _) = scan.group(group);
    let query = group * GROUP;
    let mut start = [s.zero(); R];
    for (start, &of) in start.iter_mut().zip(&queries[START][at..at + R]) {
        *start = s.splat(of);
    }
    let mut sums = [[[s.zero(); 2]; R]; P];
    // Minus the thresholds, to be taken off again.
    let mut less = [[[s.zero(); 2]; R]; P];
    for p in 0..P {
        if bytes.inverses.is_empty() {
            let stats = &bytes.stats[panel + p];
            let slack = s.mul(s.load_part(&queries[ERROR]), s.splat(stats.error));
            let slack = s.fma(s.load_part(&queries[SLACK]), s.splat(stats.norm), slack);
            let inverse = s.mul(s.load_part(&queries[INVERSE]), s.splat(stats.inverse));
            let limit = s.load_part(&limits[query..][..GROUP]);
            let mut lanes = [0.0; LANES];
            s.store(&mut lanes, starts(s, limit, slack, inverse, bytes.most));
            for r in 0..R {
                less[p][r] = [s.splat(lanes[at + r]); 2];
            }
        } else {
            let inverses = &bytes.inverses[2 * (panel + p)..][..2];
            let inverse = s.load_part(&queries[INVERSE]);
            let mut greatest = 0.0;
            for &inverse in &queries[INVERSE][at..at + R] {
                greatest = if inverse > greatest { inverse } else { greatest };
            }
            let products = s.mul(s.max(s.load(&inverses[0]), s.load(&inverses[1])), s.splat(greatest));
            if s.bits(s.less(products, s.splat(FAR))) == u16::MAX {
                // As `starts`, with what is the same for all rows apart.
                let limit = s.min(s.splat(FAR), s.load_part(&limits[query..][..GROUP]));
                let wide = s.mul(s.abs(limit), s.splat(2.0 * PART));
                let mut minus = [0.0; LANES];
                s.store(&mut minus, s.mul(s.sub(wide, limit), inverse));
                for r in 0..R {
                    let minus = s.splat(minus[at + r]);
                    for v in 0..2 {
                        let x = s.fma(minus, s.load(&inverses[v]), s.splat(2.0));
                        let x = s.max(s.min(x, s.splat(bytes.most)), s.splat(-bytes.most));
                        less[p][r][v] = s.integer(x);
                    }
                }
            } else {
                for r in 0..R {
                    let limit = s.splat(limits[query + at + r]);
                    for v in 0..2 {
                        let inverse = s.mul(s.splat(queries[INVERSE][at + r]), s.load(&inverses[v]));
                        less[p][r][v] = starts(s, limit, s.zero(), inverse, bytes.most);
                    }
                }
            }
        }
        for r in 0..R {
            sums[p][r] = [s.add_i32(start[r], less[p][r][0]), s.add_i32(start[r], less[p][r][1])];
        }
    }
    let panels = scan.some::<P>(panel);
    let ahead = if at == 0 { scan.ahead(panel, group) } else { &[] };
    chains::<S, StepBytes, R, P>(s, panels, words, at, ahead, &mut sums);
    let mut out = sums[0][0][0];
    for sums in &sums {
        for [low, high] in sums {
            out = s.and_bits(out, s.and_bits(*low, *high));
        }
    }
    if s.signs(out) == u16::MAX {
        return;
    }
    for p in 0..P {
        let (mut bits, mut scores) = ([0; R], [[0.0; PANEL]; R]);
        for r in 0..R {
            let [low, high] = sums[p][r];
            bits[r] = !(u32::from(s.signs(low)) | u32::from(s.signs(high)) << LANES);
            for (v, to) in scores[r].as_chunks_mut().0.iter_mut().enumerate() {
                let minus = negate(s, less[p][r][v]);
                s.store(to, s.add_i32(sums[p][r][v], minus));
            }
        }
        visit.tile(scan.first + panel + p, query + at, &bits, &scores, limits);
    }
}

/// Minus the lanes' bits as i32.
#[inline(always)]
fn negate<S: Simd>(s: S, v: S::F32) -> S::F32 {
    let mut lanes = [0.0; LANES];
    s.store(&mut lanes, v);
    for lane in &mut lanes {
        *lane = f32::from_bits(lane.to_bits().wrapping_neg());
    }
    s.load(&lanes)
}
