//! Straight loops of the family. They trust their arguments: `mod.rs` and its neighbours have checked them.
//!
//! Whole numbers (bins, levels, cells: below 2^24) travel as f32 lanes, which hold them exactly.

use super::bootstrap::GROUP;
use crate::random::philox;
use crate::simd::{CANONICAL_NAN, LANES, Simd};

/// Rows whose cells lie in a buffer before they are counted.
pub(crate) const BLOCK: usize = 1024;

/// One row in a packed count, whose low bits hold the weight: 22 bits for rows, 42 for weights in fixed point.
pub(crate) const PACKED_ROW: u64 = 1 << 42;

/// How to find the bin of a value: the entry of its place, `clamp((t - low) * scale, 0, last)`, where t is the value or its
/// ordinal.
#[derive(Clone, Copy)]
pub(crate) struct AxisIn<'a> {
    pub ordinal: bool,
    pub low: f32,
    pub scale: f32,
    pub last: f32,
    /// Places of each level; 0 if all levels share the entries.
    pub places: f32,
    /// Of each place: its edge (or NaN), the bin below and the bin from it on. Empty: the place is the bin.
    pub entries: &'a [u64],
    /// Steps of a search from the bin below on; 0 if the entry's edge decides.
    pub steps: u32,
    /// What the steps compare with: rows of edges and some NaN.
    pub padded: &'a [f32],
    /// Length of such a row; 0 if all levels share it.
    pub stride: f32,
}

/// What the kernels know of a grid.
#[derive(Clone, Copy)]
pub(crate) struct GridIn<'a> {
    pub levels: AxisIn<'a>,
    pub scores: AxisIn<'a>,
    /// Score bins of a level.
    pub bins: f32,
    /// The cell of rows with NaN.
    pub apart: f32,
}

/// 16 values from `at` on; fewer at the end, where the other lanes are +0.
#[inline(always)]
fn load_at<S: Simd>(s: S, values: &[f32], at: usize) -> S::F32 {
    match values[at..].first_chunk() {
        Some(lanes) => s.load(lanes),
        None => s.load_part(&values[at..]),
    }
}

/// Bins of 16 values, for rows of edges that start at `level`.
#[inline(always)]
fn bins<S: Simd>(s: S, axis: &AxisIn<'_>, v: S::F32, level: S::F32) -> S::F32 {
    let t = if axis.ordinal { s.ordinal(v) } else { v };
    let place = s.mul(s.sub(t, s.splat(axis.low)), s.splat(axis.scale));
    // NaN goes to 0.
    let place = s.min(s.max(place, s.zero()), s.splat(axis.last));
    let place = s.truncate(place);
    if axis.entries.is_empty() {
        return place;
    }
    let (edge, below, from) = s.look_up_parts(axis.entries, s.fma(level, s.splat(axis.places), place));
    if axis.steps == 0 {
        return s.select(s.at_least(v, edge), from, below);
    }
    let first = s.mul(level, s.splat(axis.stride));
    let mut bin = below;
    let mut step = axis.steps;
    while step > 0 {
        step -= 1;
        let half = s.splat((1u32 << step) as f32);
        let probe = s.add(s.add(first, bin), s.sub(half, s.splat(1.0)));
        let reached = s.at_least(v, s.look_up(axis.padded, probe));
        bin = s.select(reached, s.add(bin, half), bin);
    }
    bin
}

/// The cell of 16 rows, and bits of those without NaN: the others' is `grid.apart`.
#[inline(always)]
fn cell<S: Simd>(s: S, grid: &GridIn<'_>, score: S::F32, uncertainty: S::F32) -> (S::F32, u16) {
    let level = bins(s, &grid.levels, uncertainty, s.zero());
    let bin = bins(s, &grid.scores, score, level);
    let cell = s.fma(level, s.splat(grid.bins), bin);
    let (good_score, good) = (s.equal(score, score), s.equal(uncertainty, uncertainty));
    let apart = s.splat(grid.apart);
    (s.select(good, s.select(good_score, cell, apart), apart), s.bits(good_score) & s.bits(good))
}

/// Writes 16 values from `at` on; fewer at the end.
#[inline(always)]
fn store_at<S: Simd>(s: S, values: &mut [u32], at: usize, v: S::F32) {
    match values[at..].first_chunk_mut() {
        Some(lanes) => s.store_u32(lanes, v),
        None => {
            let mut lanes = [0; LANES];
            s.store_u32(&mut lanes, v);
            let rest = &mut values[at..];
            rest.copy_from_slice(&lanes[..rest.len()]);
        }
    }
}

/// The cell of each row of `out`: its level times the bins of a level, plus its bin; `grid.apart` where a value is NaN.
/// Returns whether there is none. The slices have one length.
#[inline(always)]
pub(crate) fn cells<S: Simd>(
    s: S,
    grid: GridIn<'_>,
    scores: &[f32],
    uncertainties: &[f32],
    out: &mut [u32],
) -> bool {
    let mut whole = u16::MAX;
    let n = out.len();
    for at in (0..n).step_by(LANES) {
        let (score, uncertainty) = (load_at(s, scores, at), load_at(s, uncertainties, at));
        let (cell, good) = cell(s, &grid, score, uncertainty);
        whole &= good;
        store_at(s, out, at, cell);
    }
    whole == u16::MAX
}

/// Weights in fixed point, `w * 2^20` rounded to the nearest, ties to even. Returns their sum, or none if one is not in
/// [0, 2^11): what is written then means nothing. At most [`BLOCK`] weights.
#[inline(always)]
pub(crate) fn fixed<S: Simd>(s: S, weights: &[f32], out: &mut [u32]) -> Option<u64> {
    let round = s.splat(8_388_608.0);
    let mut good = u16::MAX;
    let n = out.len();
    for at in (0..n).step_by(LANES) {
        let w = load_at(s, weights, at);
        good &= s.bits(s.at_least(w, s.zero())) & s.bits(s.less(w, s.splat(2048.0)));
        let scaled = s.mul(w, s.splat(1_048_576.0));
        // From 2^23 on, f32 are whole.
        let rounded = s.select(s.less(scaled, round), s.sub(s.add(scaled, round), round), scaled);
        store_at(s, out, at, rounded);
    }
    let mut sum = 0;
    for &weight in out.iter() {
        sum += u64::from(weight);
    }
    (good == u16::MAX).then_some(sum)
}

/// Adds rows to packed counts, those of a cell's negatives and then of its positives side by side. Meanwhile asks for `ahead`,
/// what the next block reads: counting leaves memory idle.
#[inline(always)]
pub(crate) fn count<S: Simd>(s: S, classes: &[u32], weights: &[u32], ahead: [&[f32]; 3], packed: &mut [u64]) {
    let blocks = classes.chunks(LANES).zip(weights.chunks(LANES));
    for (number, (classes, weights)) in blocks.enumerate() {
        for ahead in ahead {
            if let Some(line) = ahead.get(LANES * number..LANES * (number + 1)) {
                s.prefetch(line);
            }
        }
        for (&class, &weight) in classes.iter().zip(weights) {
            if let Some(count) = packed.get_mut(class as usize) {
                *count += PACKED_ROW + u64::from(weight);
            }
        }
    }
}

/// How to decide: the threshold of each level.
#[derive(Clone, Copy)]
pub(crate) struct RuleIn<'a> {
    pub levels: AxisIn<'a>,
    /// At least one; a row is selected if its score is at least that of its level, and that is not infinity.
    pub thresholds: &'a [f32],
}

/// The thresholds of few levels in registers, with NaN, which nothing reaches, for infinity.
#[inline(always)]
fn few<S: Simd>(s: S, thresholds: &[f32]) -> [S::F32; 4] {
    let mut table = [s.splat(f32::NAN); 4];
    let mut at = 0;
    while at < 4 && LANES * at < thresholds.len() {
        let rest = &thresholds[LANES * at..];
        table[at] = reachable(s, load_at(s, &rest[..rest.len().min(LANES)], 0));
        at += 1;
    }
    table
}

/// `t`, but NaN for infinity.
#[inline(always)]
fn reachable<S: Simd>(s: S, t: S::F32) -> S::F32 {
    s.select(s.less(t, s.splat(f32::INFINITY)), t, s.splat(f32::NAN))
}

/// Which of 16 rows are selected. Rows with NaN are not.
#[inline(always)]
fn selected<S: Simd>(
    s: S,
    rule: &RuleIn<'_>,
    table: &[S::F32; 4],
    score: S::F32,
    uncertainty: S::F32,
) -> S::Mask {
    let level = bins(s, &rule.levels, uncertainty, s.zero());
    let threshold = if rule.thresholds.len() <= 4 * LANES {
        s.pick(table, level)
    } else {
        reachable(s, s.look_up(rule.thresholds, level))
    };
    let threshold = s.select(s.equal(uncertainty, uncertainty), threshold, s.splat(f32::NAN));
    s.at_least(score, threshold)
}

/// Writes 1 for each row that is selected, 0 for the others. The slices have one length.
#[inline(always)]
pub(crate) fn flags<S: Simd>(s: S, rule: RuleIn<'_>, scores: &[f32], uncertainties: &[f32], out: &mut [u8]) {
    let table = few(s, rule.thresholds);
    for at in (0..scores.len()).step_by(LANES) {
        let (score, uncertainty) = (load_at(s, scores, at), load_at(s, uncertainties, at));
        let mask = selected(s, &rule, &table, score, uncertainty);
        match out[at..].first_chunk_mut() {
            Some(lanes) => s.store_flags(lanes, mask),
            None => {
                let mut lanes = [0; LANES];
                s.store_flags(&mut lanes, mask);
                let rest = &mut out[at..];
                rest.copy_from_slice(&lanes[..rest.len()]);
            }
        }
    }
}

/// Sets bit `i mod 64` of word `i div 64` for each row i that is selected; the other bits of the words become 0. There is a word
/// for each 64 rows, or fewer at the end.
#[inline(always)]
pub(crate) fn bits<S: Simd>(s: S, rule: RuleIn<'_>, scores: &[f32], uncertainties: &[f32], out: &mut [u64]) {
    let table = few(s, rule.thresholds);
    let n = scores.len();
    for (number, word) in out.iter_mut().enumerate() {
        let mut set = 0;
        for part in 0..4 {
            let at = 64 * number + LANES * part;
            if at < n {
                let (score, uncertainty) = (load_at(s, scores, at), load_at(s, uncertainties, at));
                let mask = s.bits(selected(s, &rule, &table, score, uncertainty));
                let lanes = if n - at < LANES { (1 << (n - at)) - 1 } else { u16::MAX };
                set |= u64::from(mask & lanes) << (LANES * part);
            }
        }
        *word = set;
    }
}

/// The value of each row's cell; NaN for rows with NaN. The slices of rows have one length.
#[inline(always)]
pub(crate) fn values<S: Simd>(
    s: S,
    grid: GridIn<'_>,
    values: &[f32],
    scores: &[f32],
    uncertainties: &[f32],
    out: &mut [f32],
) {
    for at in (0..scores.len()).step_by(LANES) {
        let (score, uncertainty) = (load_at(s, scores, at), load_at(s, uncertainties, at));
        let (cell, _) = cell(s, &grid, score, uncertainty);
        // A row apart is beyond the table: what it finds there is not kept.
        let value = s.look_up(values, cell);
        let value = s.select(s.less(cell, s.splat(grid.apart)), value, s.splat(CANONICAL_NAN));
        match out[at..].first_chunk_mut() {
            Some(lanes) => s.store(lanes, s.canonical(value)),
            None => s.store_part(&mut out[at..], s.canonical(value)),
        }
    }
}

/// The distribution function of a Poisson variate of mean one, at 0 to 11, in units of 2^-32, rounded.
const POISSON: [u32; 12] = [
    1_580_030_169,
    3_160_060_337,
    3_950_075_422,
    4_213_413_783,
    4_279_248_374,
    4_292_415_292,
    4_294_609_778,
    4_294_923_276,
    4_294_962_463,
    4_294_966_817,
    4_294_967_253,
    4_294_967_292,
];

/// Poisson variates of mean one for the rows from `first` on, in four replicates: see [`super::bootstrap_decisions`].
#[inline(always)]
pub(crate) fn poisson<S: Simd>(_: S, seed: u64, group: u32, first: u64, out: &mut [[u8; BLOCK]; GROUP]) {
    let key = [seed as u32, (seed >> 32) as u32];
    for at in (0..BLOCK).step_by(LANES) {
        // Plain loops, which each tier compiles to its own vectors.
        let mut words = [[0; GROUP]; LANES];
        for (lane, words) in words.iter_mut().enumerate() {
            let row = first + (at + lane) as u64;
            *words = philox([row as u32, (row >> 32) as u32, group, 0], key);
        }
        for (replicate, out) in out.iter_mut().enumerate() {
            let mut times = [0u32; LANES];
            for bound in POISSON {
                for (times, words) in times.iter_mut().zip(&words) {
                    *times += u32::from(words[replicate] >= bound);
                }
            }
            for (out, &times) in out[at..at + LANES].iter_mut().zip(&times) {
                *out = times as u8;
            }
        }
    }
}
