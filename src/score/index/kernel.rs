//! Straight loops over panels of targets. They trust their arguments: the neighbours have checked and packed them.
//!
//! A lane is a target: a score is one chain over the steps of a panel, so that it depends on nothing but its two rows. A
//! tile is a few queries by one panel; it leaves the registers only where a score can enter a list.

pub(crate) mod bytes;
mod step;

pub(crate) use step::Form;

use crate::simd::{LANES, Lanes, Simd};
use crate::view::Matrix;
use step::{Step, StepBf16, StepBf16Dots, StepF16, StepF32, chains};

/// Targets of a panel: two vectors.
pub(crate) const PANEL: usize = 2 * LANES;

/// Queries whose words lie side by side.
pub(crate) const GROUP: usize = 8;

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
    /// What is read after the last panel.
    pub behind: &'a [Lanes],
    /// Whether the panels lie in a cache near by: then the pass of a query or two goes over several at once. From memory one
    /// stream is faster.
    pub near: bool,
}

impl<'a> Scan<'a> {
    #[inline(always)]
    fn panel(&self, at: usize) -> &'a [Lanes] {
        &self.panels[at * self.lines..][..self.lines]
    }

    /// `P` panels from `at`.
    #[inline(always)]
    fn some<const P: usize>(&self, at: usize) -> [&'a [Lanes]; P] {
        let mut panels = [&[][..]; P];
        for (p, panel) in panels.iter_mut().enumerate() {
            *panel = self.panel(at + p);
        }
        panels
    }

    #[inline(always)]
    fn panels(&self) -> usize {
        self.panels.len() / self.lines
    }

    /// The words of a group, and the queries in it.
    #[inline(always)]
    fn group(&self, at: usize) -> (&'a [[f32; GROUP]], usize) {
        let len = self.words.len() / self.count.div_ceil(GROUP);
        (&self.words[at * len..][..len], (self.count - at * GROUP).min(GROUP))
    }

    /// The part of the panel after `at` that the pass of a group asks for. One query or a few wait for memory anyway.
    #[inline(always)]
    fn ahead(&self, at: usize, group: usize) -> &'a [Lanes] {
        let groups = self.count.div_ceil(GROUP);
        if groups < 2 {
            return &[];
        }
        let next = if at + 1 < self.panels() { self.panel(at + 1) } else { self.behind };
        let share = next.len().div_ceil(groups);
        &next[(group * share).min(next.len())..((group + 1) * share).min(next.len())]
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
    if S::TILE > 1 && scan.count <= 2 && scan.near {
        let wide = if scan.count == 1 { 4 } else { 2 };
        let (words, _) = scan.group(0);
        while panel + wide <= scan.panels() {
            if wide == 4 {
                let panels = scan.some(panel);
                tile::<S, F, 1, 4>(s, panels, words, 0, &[], [scan.first + panel, 0], limits, visit);
            } else {
                let panels = scan.some(panel);
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
    // No closures: they would not have the wrapper's features.
    let mut limit = [s.zero(); R];
    for (limit, &of) in limit.iter_mut().zip(&limits[query..query + R]) {
        *limit = s.splat(of);
    }
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

/// Packs up to 32 rows of words into a panel, word after word; lanes without a row are 0, and so is a panel of rows without
/// words. Asks for the lines of `ahead`.
#[inline(always)]
pub(crate) fn pack<S: Simd>(s: S, words: Matrix<'_>, ahead: &[f32], panel: &mut [Lanes]) {
    let (rows, cols) = (words.rows(), words.cols());
    if rows < PANEL || cols == 0 {
        panel.fill([0.0; LANES]);
    }
    let mut ahead = ahead.as_chunks::<LANES>().0.chunks(LANES);
    for half in 0..rows.div_ceil(LANES) {
        let count = (rows - half * LANES).min(LANES);
        for from in (0..cols).step_by(LANES) {
            for line in ahead.next().unwrap_or(&[]) {
                s.prefetch_line(line);
            }
            let width = (cols - from).min(LANES);
            let tile = if count == LANES && width == LANES {
                whole_tile(s, words, half * LANES, from)
            } else {
                let mut tile = [s.zero(); LANES];
                for (i, v) in tile.iter_mut().enumerate().take(count) {
                    *v = s.load_part(words.part(half * LANES + i, from, width));
                }
                tile
            };
            let to = &mut panel[2 * from..2 * (from + width)];
            let columns = s.transpose(tile);
            if width == LANES {
                for (j, column) in columns.into_iter().enumerate() {
                    s.store(&mut to[2 * j + half], column);
                }
            } else {
                for (j, column) in columns.into_iter().enumerate().take(width) {
                    s.store(&mut to[2 * j + half], column);
                }
            }
        }
    }
}

/// 16 values of each of 16 rows.
#[inline(always)]
fn whole_tile<S: Simd>(s: S, words: Matrix<'_>, row: usize, from: usize) -> [S::F32; LANES] {
    let (values, stride) = words.block(row, from);
    let mut tile = [s.zero(); LANES];
    for i in 0..LANES {
        if let Some(lanes) = values[i * stride..].first_chunk() {
            tile[i] = s.load(lanes);
        }
    }
    tile
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
