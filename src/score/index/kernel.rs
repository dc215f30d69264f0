//! Straight loops over panels of targets. They trust their arguments: the neighbours have checked and packed them.
//!
//! A lane is a target: a score is one chain over the steps of a panel, so that it depends on nothing but its two rows. A
//! tile is a few queries by one panel; it leaves the registers only where a score can enter a list.

use crate::simd::{LANES, Lanes, Simd};
use crate::view::Matrix;
use half::slice::HalfBitsSliceExt;

/// Targets of a panel: two vectors.
pub(crate) const PANEL: usize = 2 * LANES;

/// Queries whose words lie side by side.
pub(crate) const GROUP: usize = 8;

/// How a panel holds its rows, and what a step of the chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A step is an element: 32 f32. A word is an f32.
    F32,
    /// A step is an element: 32 f16. A word is an f32.
    F16,
    /// A step is two elements: 32 pairs of bf16. Two words are the f32 of the two, which are added in their order.
    Bf16,
    /// As `Bf16`, but the second element's product is added before the first one's: what dot instructions do.
    Bf16Turned,
    /// As `Bf16Turned`, by the instruction, on tiers that have it: subnormals would be zeros. A word is two bf16.
    Bf16Dots,
}

impl Form {
    /// Words of a query for one step.
    pub(crate) fn words(self) -> usize {
        if matches!(self, Form::Bf16 | Form::Bf16Turned) { 2 } else { 1 }
    }
}

/// A step of a form.
trait Step {
    const WORDS: usize;
    const LINES: usize;
    /// Adds the products of a step of a panel with `R` queries, whose words begin at `at`: one vector of targets after the
    /// other, because AVX2 has no registers for both.
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    );
}

/// `R` words from `at`.
#[inline(always)]
fn some<const R: usize>(words: &[f32; GROUP], at: usize) -> &[f32] {
    &words[at..][..R]
}

/// Adds the products of one vector of targets: `sums[r][v] += words[at + r] * w`.
#[inline(always)]
fn fused<S: Simd, const R: usize>(
    s: S,
    w: S::F32,
    v: usize,
    words: &[f32; GROUP],
    at: usize,
    sums: &mut [[S::F32; 2]; R],
) {
    let x = some::<R>(words, at);
    for r in 0..R {
        sums[r][v] = s.fma(s.splat(x[r]), w, sums[r][v]);
    }
}

struct StepF32;

impl Step for StepF32 {
    const WORDS: usize = 1;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        for v in 0..2 {
            fused(s, s.load(&lines[v]), v, &words[0], at, sums);
        }
    }
}

struct StepF16;

impl Step for StepF16 {
    const WORDS: usize = 1;
    const LINES: usize = 1;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        let halves: &[[u16; LANES]; 2] = bytemuck::cast_ref(&lines[0]);
        for v in 0..2 {
            let Some(half) = halves[v].reinterpret_cast().first_chunk() else { return };
            fused(s, s.load_f16(half), v, &words[0], at, sums);
        }
    }
}

struct StepBf16<const TURNED: bool>;

impl<const TURNED: bool> Step for StepBf16<TURNED> {
    const WORDS: usize = 2;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        for v in 0..2 {
            let pairs = s.load(&lines[v]);
            if TURNED {
                fused(s, s.second_bf16(pairs), v, &words[1], at, sums);
                fused(s, s.first_bf16(pairs), v, &words[0], at, sums);
            } else {
                fused(s, s.first_bf16(pairs), v, &words[0], at, sums);
                fused(s, s.second_bf16(pairs), v, &words[1], at, sums);
            }
        }
    }
}

struct StepBf16Dots;

impl Step for StepBf16Dots {
    const WORDS: usize = 1;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        let x = some::<R>(&words[0], at);
        for v in 0..2 {
            let w = s.load(&lines[v]);
            for r in 0..R {
                sums[r][v] = s.dot_bf16(w, s.splat(x[r]), sums[r][v]);
            }
        }
    }
}

struct StepBytes;

impl Step for StepBytes {
    const WORDS: usize = 1;
    const LINES: usize = 2;
    #[inline(always)]
    fn add<S: Simd, const R: usize>(
        s: S,
        lines: &[Lanes],
        words: &[[f32; GROUP]],
        at: usize,
        sums: &mut [[S::F32; 2]; R],
    ) {
        let x = some::<R>(&words[0], at);
        for v in 0..2 {
            let w = s.load(&lines[v]);
            for r in 0..R {
                sums[r][v] = s.dot_bytes(w, s.splat(x[r]), sums[r][v]);
            }
        }
    }
}

/// The chains of `R` queries, whose words begin at `at`, over `P` panels, from `sums` on. Asks for the lines of `ahead`.
#[inline(always)]
fn chains<S: Simd, F: Step, const R: usize, const P: usize>(
    s: S,
    panels: [&[Lanes]; P],
    words: &[[f32; GROUP]],
    at: usize,
    ahead: &[Lanes],
    sums: &mut [[[S::F32; 2]; R]; P],
) {
    let steps = words.len() / F::WORDS;
    for panel in panels {
        assert!(panel.len() == steps * F::LINES);
    }
    for k in 0..steps {
        let words = &words[k * F::WORDS..][..F::WORDS];
        for p in 0..P {
            F::add::<S, R>(s, &panels[p][k * F::LINES..][..F::LINES], words, at, &mut sums[p]);
        }
        if let Some(line) = ahead.get(k) {
            s.prefetch_line(line);
            if let Some(line) = ahead.get(k + steps) {
                s.prefetch_line(line);
            }
        }
    }
}

/// What takes the scores that can enter a list.
pub(crate) trait Visit {
    /// Queries from `query` on against a panel: for each one bit for each score that is not at or below its limit, and the
    /// scores (of bytes: the bits of the sums of products as i32). May raise limits.
    fn tile(&mut self, panel: usize, query: usize, bits: &[u32], scores: &[[f32; PANEL]], limits: &mut [f32]);
}

/// A pass of queries over panels.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    pub form: Form,
    /// The panels, one after the other.
    pub panels: &'a [Lanes],
    /// Lines of a panel.
    pub lines: usize,
    /// The number of the first panel.
    pub first: usize,
    /// The words of the queries, in groups of 8: word after word. Those that are missing in the last group are 0.
    pub words: &'a [[f32; GROUP]],
    /// Queries.
    pub count: usize,
}

impl<'a> Scan<'a> {
    fn panel(&self, at: usize) -> &'a [Lanes] {
        &self.panels[at * self.lines..][..self.lines]
    }

    fn panels(&self) -> usize {
        self.panels.len() / self.lines
    }

    /// The words of a group, and the queries in it.
    fn group(&self, at: usize) -> (&'a [[f32; GROUP]], usize) {
        let len = self.words.len() / self.count.div_ceil(GROUP);
        (&self.words[at * len..][..len], (self.count - at * GROUP).min(GROUP))
    }

    /// The part of the panel after `at` that the pass of a group asks for. One query or a few wait for memory anyway.
    fn ahead(&self, at: usize, group: usize) -> &'a [Lanes] {
        let groups = self.count.div_ceil(GROUP);
        if groups < 2 || (at + 1) * self.lines >= self.panels.len() {
            return &[];
        }
        let share = self.lines.div_ceil(groups);
        let next = self.panel(at + 1);
        &next[(group * share).min(self.lines)..((group + 1) * share).min(self.lines)]
    }
}

/// Queries of the next tile, if so many are left in a group.
#[inline(always)]
fn width<S: Simd>(left: usize) -> usize {
    match left {
        5.. if S::TILE == 8 => 8,
        3.. if S::TILE == 8 => 4,
        3.. if S::TILE == 3 => 3,
        2.. if S::TILE > 1 => 2,
        _ => 1,
    }
}

/// Scores of f32, f16 or bf16 in `CHAIN` order: in the order of elements, by `Form::Bf16Turned` and `Form::Bf16Dots` with
/// each pair turned. What is not at or below a query's limit goes to `visit`; with a limit of NaN everything does.
///
/// `limits` has a place for each query, in whole groups; those without a query are infinite.
#[inline(always)]
pub(crate) fn scan<S: Simd>(s: S, scan: Scan<'_>, limits: &mut [f32], visit: &mut dyn Visit) {
    match scan.form {
        Form::F32 => pass::<S, StepF32>(s, scan, limits, visit),
        Form::F16 => pass::<S, StepF16>(s, scan, limits, visit),
        Form::Bf16 => pass::<S, StepBf16<false>>(s, scan, limits, visit),
        Form::Bf16Turned => pass::<S, StepBf16<true>>(s, scan, limits, visit),
        Form::Bf16Dots => pass::<S, StepBf16Dots>(s, scan, limits, visit),
    }
}

#[inline(always)]
fn pass<S: Simd, F: Step>(s: S, scan: Scan<'_>, limits: &mut [f32], visit: &mut dyn Visit) {
    let mut panel = 0;
    // A few chains do not fill the pipeline: those of several panels do.
    if S::TILE > 1 && scan.count <= 2 {
        let wide = if scan.count == 1 { 4 } else { 2 };
        let (words, _) = scan.group(0);
        while panel + wide <= scan.panels() {
            if wide == 4 {
                let panels = std::array::from_fn(|p| scan.panel(panel + p));
                tile::<S, F, 1, 4>(s, panels, words, 0, &[], [scan.first + panel, 0], limits, visit);
            } else {
                let panels = std::array::from_fn(|p| scan.panel(panel + p));
                tile::<S, F, 2, 2>(s, panels, words, 0, &[], [scan.first + panel, 0], limits, visit);
            }
            panel += wide;
        }
    }
    for panel in panel..scan.panels() {
        for group in 0..scan.count.div_ceil(GROUP) {
            let (words, count) = scan.group(group);
            let (mut ahead, mut at) = (scan.ahead(panel, group), 0);
            let panels = [scan.panel(panel)];
            while at < count {
                let place = [scan.first + panel, group * GROUP];
                match width::<S>(count - at) {
                    8 => tile::<S, F, 8, 1>(s, panels, words, at, ahead, place, limits, visit),
                    4 => tile::<S, F, 4, 1>(s, panels, words, at, ahead, place, limits, visit),
                    3 => tile::<S, F, 3, 1>(s, panels, words, at, ahead, place, limits, visit),
                    2 => tile::<S, F, 2, 1>(s, panels, words, at, ahead, place, limits, visit),
                    _ => tile::<S, F, 1, 1>(s, panels, words, at, ahead, place, limits, visit),
                }
                at += width::<S>(count - at);
                ahead = &[];
            }
        }
    }
}

/// `R` queries by `P` panels. `place` is the number of the first panel, and of the group's first query.
#[inline(always)]
fn tile<S: Simd, F: Step, const R: usize, const P: usize>(
    s: S,
    panels: [&[Lanes]; P],
    words: &[[f32; GROUP]],
    at: usize,
    ahead: &[Lanes],
    place: [usize; 2],
    limits: &mut [f32],
    visit: &mut dyn Visit,
) {
    // Of the tiles that a tier does not have nothing is left.
    if R > S::TILE || R * P > 8 {
        return;
    }
    let mut sums = [[[s.zero(); 2]; R]; P];
    chains::<S, F, R, P>(s, panels, words, at, ahead, &mut sums);
    let query = place[1] + at;
    let limit: [S::F32; R] = std::array::from_fn(|r| s.splat(limits[query + r]));
    let mut out = s.at_least(limit[0], sums[0][0][0]);
    for sums in &sums {
        for r in 0..R {
            for v in sums[r] {
                out = s.both(out, s.at_least(limit[r], v));
            }
        }
    }
    if s.bits(out) == u16::MAX {
        return;
    }
    for (p, sums) in sums.iter().enumerate() {
        let (mut bits, mut scores) = ([0; R], [[0.0; PANEL]; R]);
        for r in 0..R {
            for (v, to) in sums[r].into_iter().zip(scores[r].as_chunks_mut().0) {
                s.store(to, v);
            }
            let [low, high] = sums[r];
            bits[r] = !(u32::from(s.bits(s.at_least(limit[r], low)))
                | u32::from(s.bits(s.at_least(limit[r], high))) << LANES);
        }
        visit.tile(place[0] + p, query, &bits, &scores, limits);
    }
}

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

/// From limits of scores to minus the integers that sums of products must reach, less than they are by what rounding
/// could cost.
#[inline(always)]
fn starts<S: Simd>(s: S, limit: S::F32, slack: S::F32, inverse: S::F32, most: f32) -> S::F32 {
    let part = s.splat(1.0 / 1_048_576.0);
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
pub(crate) fn scan_bytes<S: Simd>(s: S, bytes: BytesIn<'_>, limits: &mut [f32], visit: &mut dyn Visit) {
    let scan = bytes.scan;
    let mut panel = 0;
    if S::TILE > 1 && scan.count == 1 {
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
    let start: [S::F32; R] = std::array::from_fn(|r| s.splat(queries[START][at + r]));
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
            for r in 0..R {
                let limit = s.splat(limits[query + at + r]);
                for v in 0..2 {
                    let inverse = s.mul(s.splat(queries[INVERSE][at + r]), s.load(&inverses[v]));
                    less[p][r][v] = starts(s, limit, s.zero(), inverse, bytes.most);
                }
            }
        }
        for r in 0..R {
            sums[p][r] = [s.add_i32(start[r], less[p][r][0]), s.add_i32(start[r], less[p][r][1])];
        }
    }
    let panels = std::array::from_fn(|p| scan.panel(panel + p));
    let ahead = if at == 0 { scan.ahead(panel, group) } else { &[] };
    chains::<S, StepBytes, R, P>(s, panels, words, at, ahead, &mut sums);
    let mut out = sums[0][0][0];
    for sums in &sums {
        for r in 0..R {
            out = s.and_bits(out, s.and_bits(sums[r][0], sums[r][1]));
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
    s.load(&lanes.map(|v| f32::from_bits((v.to_bits() as i32).wrapping_neg() as u32)))
}

/// Packs up to 32 rows of words into a panel, word after word; lanes without a row are 0.
#[inline(always)]
pub(crate) fn pack<S: Simd>(s: S, words: Matrix<'_>, panel: &mut [Lanes]) {
    let (rows, cols) = (words.rows(), words.cols());
    if rows < PANEL {
        panel.fill([0.0; LANES]);
    }
    for half in 0..rows.div_ceil(LANES) {
        let count = (rows - half * LANES).min(LANES);
        for from in (0..cols).step_by(LANES) {
            let width = (cols - from).min(LANES);
            let mut tile = [s.zero(); LANES];
            for (i, row) in tile.iter_mut().enumerate().take(count) {
                *row = s.load_part(words.part(half * LANES + i, from, width));
            }
            for (j, column) in s.transpose(tile).into_iter().enumerate().take(width) {
                s.store(&mut panel[2 * (from + j) + half], column);
            }
        }
    }
}

/// The scores of a query against 16 rows, each of its length, in `CHAIN` order.
#[inline(always)]
pub(crate) fn score_rows<S: Simd>(s: S, query: &[f32], rows: &[&[f32]; LANES], out: &mut Lanes) {
    // They lie anywhere: all lines are asked for before the first one is needed.
    for row in rows {
        s.prefetch(row);
    }
    let mut sum = s.zero();
    for (part, query) in query.chunks(LANES).enumerate() {
        let mut tile = [s.zero(); LANES];
        for (v, row) in tile.iter_mut().zip(rows) {
            *v = s.load_part(&row[part * LANES..][..query.len()]);
        }
        for (column, &x) in s.transpose(tile).into_iter().zip(query) {
            sum = s.fma(s.splat(x), column, sum);
        }
    }
    s.store(out, sum);
}
