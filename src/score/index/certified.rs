//! Search in f32 by way of bytes: rows whose score cannot reach the lists are never read.

use super::kernel::{GROUP, PANEL, Scan, Visit};
use super::part::{Lists, Part, bytes_in, may_find};
use super::prepare::{norm, put_row};
use super::store::{BLOCK, Block};
use super::{Index, Search};
use crate::simd::dispatch::Kernels;
use crate::simd::{LANES, Lanes};
use crate::view::Matrix;
use std::ops::Range;

/// Beyond this a product of norms could overflow on the way to a score, and bounds say nothing.
const SAFE: f64 = (1u128 << 120) as f64;

/// One row in so many of those seen so far may be scored again, and some more, before a query goes over to the plain search:
/// reading a row here and there costs what scoring some 50 rows in f32 does, and a fruitless attempt shall end early.
const BUDGET: usize = 500;

/// Rows that may be scored again in any case, and for each place of the list.
const SPARE: [usize; 2] = [512, 16];

/// What certified search needs beside the lists.
pub(super) struct Rescore<'a> {
    /// For each query up to 16 rows that are to be scored.
    pub pending: &'a mut [u32],
    /// How many there are.
    pub used: &'a mut [u32],
    /// For each query, how many rows were scored in f32.
    pub survivors: &'a mut [u32],
    /// 1 for queries whose rows are all to be scored in f32.
    pub plain: &'a mut [u32],
    /// The words of the queries in f32, by groups.
    pub words: &'a mut [[f32; GROUP]],
    /// A panel in f32.
    pub packed: &'a mut [Lanes],
}

impl Part<'_, '_> {
    /// Scores panels of a block in f32.
    pub(super) fn exact_rows(&mut self, block: usize, panels: Range<usize>) {
        let cols = self.index.cols();
        let Some(rescore) = self.rescore.take() else { return };
        let here = &self.index.blocks[block];
        let groups = self.lists.counts.len().div_ceil(GROUP);
        let len = rescore.words.len() / groups;
        let all = here.rows(cols);
        for panel in panels {
            let (rows, after) = all[panel * PANEL * cols..].split_at(PANEL * cols);
            if let Ok(rows) = Matrix::new(rows, PANEL, cols) {
                self.kernels.index_pack(rows, &after[..after.len().min(PANEL * cols)], rescore.packed);
            }
            for group in 0..groups {
                let flags = &rescore.plain[group * GROUP..(group * GROUP + GROUP).min(rescore.plain.len())];
                if flags.contains(&1) {
                    let words = &rescore.words[group * len..][..len];
                    self.pass_packed(block, panel, rescore.packed, group, words);
                }
            }
        }
        self.rescore = Some(rescore);
    }

    /// Before the first pass: words in f32, and all queries marked so that a sample scores them all.
    pub(super) fn start_certified(&mut self) {
        let cols = self.index.cols();
        let Some(rescore) = &mut self.rescore else { return };
        let len = cols.max(1);
        rescore.words.fill([0.0; GROUP]);
        rescore.used.fill(0);
        rescore.survivors.fill(0);
        rescore.plain.fill(1);
        for query in 0..self.lists.counts.len() {
            let row = &self.queries.rows[query * cols..][..cols];
            put_row(row, query % GROUP, &mut rescore.words[query / GROUP * len..][..len]);
        }
    }

    /// The best of the blocks' rows by bounds, and by the plain pass for queries for which these do not pay.
    pub(super) fn run_certified(&mut self, blocks: Range<usize>) {
        let (index, layout) = (self.index, self.index.layout);
        let (count, cols) = (self.lists.counts.len(), index.cols());
        let Some(rescore) = &mut self.rescore else { return };
        for query in 0..count {
            let safe = norm(&self.queries.rows[query * cols..][..cols]) * f64::from(index.norm) < SAFE;
            rescore.plain[query] = u32::from(!safe);
            if !safe {
                self.limits[query] = f32::INFINITY;
            }
        }
        let spare = SPARE[0].saturating_add(SPARE[1].saturating_mul(self.lists.k));
        let mut collect = Collect {
            kernels: self.kernels,
            index,
            block: 0,
            search: self.search,
            queries: self.queries.rows,
            first: self.first,
            lists: &mut self.lists,
            floors: self.floors,
            rescore,
            budget: 0,
        };
        for block in blocks.clone() {
            let here = &index.blocks[block];
            let panels = 0..here.panels.len();
            let scan = Scan {
                form: self.queries.form,
                panels: here.lines(layout, panels.clone()),
                lines: layout.lines(),
                first: block * BLOCK,
                words: self.queries.words,
                behind: &[],
                near: index.near(),
                count,
            };
            collect.block = block;
            let seen = (block + 1 - blocks.start) * BLOCK * PANEL;
            collect.budget = u32::try_from(spare.saturating_add(seen / BUDGET)).unwrap_or(u32::MAX);
            let bytes = bytes_in(index, here, scan, self.queries.groups, panels);
            self.kernels.index_scan_bytes(bytes, self.limits, &mut collect);
            // The rest of the pass costs a quarter of a plain one for all: too much for a few.
            if 2 * collect.rescore.plain.iter().sum::<u32>() as usize > count {
                collect.rescore.plain.fill(1);
                break;
            }
        }
        for query in 0..count {
            collect.flush(query, self.limits);
        }
        let plain = &self.rescore.as_ref().map_or(&[][..], |rescore| &*rescore.plain);
        if plain.contains(&1) {
            for query in 0..count {
                self.limits[query] = f32::INFINITY;
                if plain[query] == 1 {
                    self.lists.clear_one(query);
                    self.limits[query] = self.lists.limit(query, self.floors[query]);
                }
            }
            for block in blocks {
                self.exact_rows(block, 0..index.blocks[block].panels.len());
            }
        }
    }

    /// The best of what few are allowed.
    pub(super) fn run_allowed(&mut self, blocks: Range<usize>) {
        let Some(allow) = self.search.allow else { return };
        let panels = blocks.start * BLOCK..blocks.end * BLOCK;
        for query in 0..self.lists.counts.len() {
            let ids = allow.row(self.first + query);
            let of_panel = |id: &u32| *id as usize / PANEL;
            let mut last = None;
            // All but one query are out.
            for (other, limit) in self.limits.iter_mut().enumerate() {
                *limit = if other == query && other < self.lists.counts.len() {
                    self.lists.limit(query, self.floors[query])
                } else {
                    f32::INFINITY
                };
            }
            for panel in ids.iter().map(of_panel).filter(|panel| panels.contains(panel)) {
                if last != Some(panel) {
                    last = Some(panel);
                    self.exact_group(panel / BLOCK, panel % BLOCK, query / GROUP);
                }
            }
        }
    }
}

/// Takes rows that can reach the lists, and scores them in f32.
struct Collect<'t, 'a, 'i> {
    kernels: &'t Kernels,
    index: &'t Index<'i>,
    block: usize,
    search: Search<'a>,
    queries: &'t [f32],
    first: usize,
    lists: &'t mut Lists<'a>,
    floors: &'t [f32],
    rescore: &'t mut Rescore<'a>,
    budget: u32,
}

impl Collect<'_, '_, '_> {
    fn row(&self, id: u32) -> &[f32] {
        let (block, at) = (id as usize / (BLOCK * PANEL), id as usize % (BLOCK * PANEL));
        let here: &Block<'_> = &self.index.blocks[block];
        here.row(self.index.cols(), at)
    }

    /// Scores what waits.
    fn flush(&mut self, query: usize, limits: &mut [f32]) {
        let used = std::mem::take(&mut self.rescore.used[query]) as usize;
        if used == 0 {
            return;
        }
        let cols = self.index.cols();
        let mut ids = [0; LANES];
        ids[..used].copy_from_slice(&self.rescore.pending[query * LANES..][..used]);
        let last = ids[used - 1];
        ids[used..].fill(last);
        let rows: [&[f32]; LANES] = std::array::from_fn(|i| self.row(ids[i]));
        let mut scores = [0.0; LANES];
        self.kernels.index_score_rows(&self.queries[query * cols..][..cols], &rows, &mut scores);
        self.rescore.survivors[query] += used as u32;
        for (&id, &score) in ids[..used].iter().zip(&scores) {
            // A limit of NaN is none.
            if score <= limits[query] {
                continue;
            }
            self.lists.offer(query, score, id);
            limits[query] = self.lists.limit(query, self.floors[query]);
        }
    }
}

impl Visit for Collect<'_, '_, '_> {
    fn tile(&mut self, panel: usize, query: usize, bits: &[u32], _: &[[f32; PANEL]], limits: &mut [f32]) {
        let valid = self.index.blocks[self.block].valid[panel - self.block * BLOCK];
        for (r, &bits) in bits.iter().enumerate() {
            let (query, mut bits) = (query + r, bits & valid);
            if query >= self.lists.counts.len() {
                break;
            }
            while bits != 0 && self.rescore.plain[query] == 0 {
                let id = (panel * PANEL) as u32 + bits.trailing_zeros();
                bits &= bits - 1;
                if !may_find(&self.search, self.first + query, id) {
                    continue;
                }
                let used = self.rescore.used[query] as usize;
                self.rescore.pending[query * LANES + used] = id;
                self.rescore.used[query] += 1;
                if used + 1 < LANES {
                    continue;
                }
                self.flush(query, limits);
                if self.rescore.survivors[query] > self.budget {
                    self.rescore.plain[query] = 1;
                    limits[query] = f32::INFINITY;
                }
            }
        }
    }
}
