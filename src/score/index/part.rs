//! One thread's share of a search: some queries by some panels.

use super::certified::Rescore;
use super::kernel::bytes::{ByteGroup, BytesIn};
use super::kernel::{Form, GROUP, PANEL, Scan, Visit};
use super::prepare::Prepared;
use super::store::{BLOCK, Block};
use super::{Held, Index, Search, Storage, Table};
use crate::score::NO_ID;
use crate::score::heap::Heap;
use crate::simd::dispatch::Kernels;
use crate::simd::{LANES, Lanes};
use crate::view::Matrix;
use std::ops::Range;

/// Blocks from which on a search begins with a sample: the first panel of every second one. Without a good limit from the
/// start, rows in ascending order of their scores would all enter the lists.
const SAMPLED: usize = 16;

/// The lists of some queries.
pub(in crate::score) struct Lists<'a> {
    pub k: usize,
    pub ids: &'a mut [u32],
    pub scores: &'a mut [f32],
    pub counts: &'a mut [u32],
    pub nans: Option<&'a mut [u32]>,
}

impl Lists<'_> {
    pub(in crate::score) fn clear(&mut self) {
        self.counts.fill(0);
        if let Some(nans) = self.nans.as_deref_mut() {
            nans.fill(0);
        }
    }

    pub(super) fn clear_one(&mut self, query: usize) {
        self.counts[query] = 0;
        if let Some(nans) = self.nans.as_deref_mut() {
            nans[query] = 0;
        }
    }

    pub(super) fn offer(&mut self, query: usize, score: f32, id: u32) {
        let k = self.k;
        let (ids, scores) = (&mut self.ids[query * k..][..k], &mut self.scores[query * k..][..k]);
        let mut heap = Heap { ids, scores, used: self.counts[query] as usize };
        heap.offer(score, id);
        self.counts[query] = heap.used as u32;
    }

    /// What a score must be above to enter: `floor` until the list is full.
    pub(super) fn limit(&self, query: usize, floor: f32) -> f32 {
        match self.k {
            0 => f32::INFINITY,
            k if self.counts[query] as usize == k => self.scores[query * k],
            _ => floor,
        }
    }

    /// Takes in what other lists of the same queries hold.
    pub(super) fn merge(&mut self, other: &Lists<'_>) {
        for query in 0..self.counts.len() {
            let from = query * self.k..query * self.k + other.counts[query] as usize;
            for (&id, &score) in other.ids[from.clone()].iter().zip(&other.scores[from]) {
                self.offer(query, score, id);
            }
        }
        if let (Some(nans), Some(more)) = (self.nans.as_deref_mut(), other.nans.as_deref()) {
            nans.iter_mut().zip(more).for_each(|(sum, &more)| *sum += more);
        }
    }

    /// The lists of some of the queries.
    pub(in crate::score) fn part(&mut self, queries: Range<usize>) -> Lists<'_> {
        let places = queries.start * self.k..queries.end * self.k;
        Lists {
            k: self.k,
            ids: &mut self.ids[places.clone()],
            scores: &mut self.scores[places],
            counts: &mut self.counts[queries.clone()],
            nans: self.nans.as_deref_mut().map(|nans| &mut nans[queries]),
        }
    }

    pub(super) fn reborrow(&mut self) -> Lists<'_> {
        Lists {
            k: self.k,
            ids: self.ids,
            scores: self.scores,
            counts: self.counts,
            nans: self.nans.as_deref_mut(),
        }
    }

    pub(in crate::score) fn sort(&mut self) {
        let k = self.k;
        for (query, &used) in self.counts.iter().enumerate() {
            let (ids, scores) = (&mut self.ids[query * k..][..k], &mut self.scores[query * k..][..k]);
            Heap { ids, scores, used: used as usize }.sort(NO_ID);
        }
    }
}

/// A share of a search.
pub(super) struct Part<'a, 'i> {
    pub kernels: &'a Kernels,
    pub index: &'a Index<'i>,
    pub search: Search<'a>,
    pub queries: Prepared<'a>,
    /// All queries as they were given.
    pub given: Table<'a>,
    /// The number of the first query.
    pub first: usize,
    pub lists: Lists<'a>,
    /// For each query in whole groups: see [`Lists::limit`].
    pub floors: &'a mut [f32],
    pub limits: &'a mut [f32],
    /// For certified search.
    pub rescore: Option<Rescore<'a>>,
}

impl Part<'_, '_> {
    /// Fills the lists with the best of the given blocks; they are heaps afterwards.
    pub(super) fn run(&mut self, blocks: Range<usize>) {
        let count = self.lists.counts.len();
        let floor = match self.search.least {
            least if least == f32::NEG_INFINITY => f32::NAN,
            least => least.next_down(),
        };
        self.floors.fill(floor);
        self.restart();
        self.start_certified();
        if self.search.allow.is_some() && !self.allows_many() {
            return self.run_allowed(blocks);
        }
        if blocks.len() >= SAMPLED && blocks.len() / 2 * PANEL >= 2 * self.lists.k {
            for block in blocks.clone().step_by(2) {
                self.exact(block, 0..1);
            }
            // Where scores ascend the best are at the end.
            let last = blocks.end - 1;
            let panels = self.index.blocks[last].panels.len();
            self.exact(last, 1.max(panels - 1)..panels);
            for query in 0..count {
                if self.lists.counts[query] as usize == self.lists.k {
                    // There are so many of at least this score. Above -inf would not be at least -inf.
                    let limit = self.lists.limit(query, floor);
                    self.floors[query] =
                        if limit == f32::NEG_INFINITY { f32::NAN } else { limit.next_down() };
                }
            }
            self.restart();
        }
        if self.rescore.is_some() {
            return self.run_certified(blocks);
        }
        for block in blocks {
            self.exact(block, 0..BLOCK);
        }
    }

    /// Empties the lists.
    pub(super) fn restart(&mut self) {
        self.lists.clear();
        let count = self.lists.counts.len();
        for query in 0..self.limits.len() {
            self.limits[query] =
                if query < count { self.lists.limit(query, self.floors[query]) } else { f32::INFINITY };
        }
    }

    /// Scores panels of a block; in f32 what is certified.
    pub(super) fn exact(&mut self, block: usize, panels: Range<usize>) {
        let (index, layout) = (self.index, self.index.layout);
        let here = &index.blocks[block];
        let panels = panels.start..panels.end.min(here.panels.len());
        if index.storage == Storage::Certified {
            return self.exact_rows(block, panels);
        }
        let scan = Scan {
            form: self.queries.form,
            panels: here.lines(layout, panels.clone()),
            lines: layout.lines(),
            first: block * BLOCK + panels.start,
            words: self.queries.words,
            behind: &[],
            near: index.near(),
            count: self.lists.counts.len(),
        };
        self.pass(here, scan, self.queries.groups, 0, panels);
    }

    /// Scores a panel with the queries of one group.
    pub(super) fn exact_group(&mut self, block: usize, panel: usize, group: usize) {
        let index = self.index;
        let here = &index.blocks[block];
        let cols = index.cols();
        if let Some(rescore) = self.rescore.take() {
            let rows = &here.rows(cols)[panel * PANEL * cols..][..PANEL * cols];
            if let Ok(rows) = Matrix::new(rows, PANEL, cols) {
                self.kernels.index_pack(rows, &[], rescore.packed);
            }
            let words = &rescore.words[group * cols.max(1)..][..cols.max(1)];
            self.pass_packed(block, panel, rescore.packed, group, words);
            self.rescore = Some(rescore);
            return;
        }
        let (from, count) = (group * GROUP, (self.lists.counts.len() - group * GROUP).min(GROUP));
        let queries = self.queries.part(index, group, count);
        let scan = Scan {
            form: queries.form,
            panels: here.lines(index.layout, panel..panel + 1),
            lines: index.layout.lines(),
            first: block * BLOCK + panel,
            words: queries.words,
            count,
            behind: &[],
            near: index.near(),
        };
        self.pass(here, scan, queries.groups, from, panel..panel + 1);
    }

    /// A pass over panels of a block, of queries from one of the lists on.
    fn pass(
        &mut self,
        block: &Block<'_>,
        scan: Scan<'_>,
        groups: &[ByteGroup],
        from: usize,
        panels: Range<usize>,
    ) {
        let limits = &mut self.limits[from..];
        let mut take = Take {
            valid: &block.valid,
            first_panel: scan.first - panels.start,
            row_scales: block.row_scales(),
            search: self.search,
            given: self.given,
            first: self.first,
            shift: from,
            lists: &mut self.lists,
            floors: self.floors,
        };
        if matches!(self.index.layout.held, Held::Bytes { .. }) {
            let bytes = bytes_in(self.index, block, scan, groups, panels);
            self.kernels.index_scan_bytes(bytes, limits, &mut take);
        } else {
            self.kernels.index_scan(scan, limits, &mut take);
        }
    }

    /// Scores a panel that was packed for the purpose, in f32, with the queries of one group.
    pub(super) fn pass_packed(
        &mut self,
        block: usize,
        panel: usize,
        packed: &[Lanes],
        group: usize,
        words: &[[f32; GROUP]],
    ) {
        let from = group * GROUP;
        let scan = Scan {
            form: Form::F32,
            panels: packed,
            lines: packed.len(),
            first: block * BLOCK + panel,
            words,
            count: (self.lists.counts.len() - from).min(GROUP),
            behind: &[],
            near: true,
        };
        let mut take = Take {
            valid: &self.index.blocks[block].valid,
            first_panel: block * BLOCK,
            row_scales: &[],
            search: self.search,
            given: self.given,
            first: self.first,
            shift: from,
            lists: &mut self.lists,
            floors: self.floors,
        };
        self.kernels.index_scan(scan, &mut self.limits[from..from + GROUP], &mut take);
    }

    /// Whether the lists of what is allowed are so long that all panels are scored.
    fn allows_many(&self) -> bool {
        let rows = self.first..self.first + self.lists.counts.len();
        let Some(allow) = self.search.allow else { return true };
        let edges = allow.offsets()[rows.end] - allow.offsets()[rows.start];
        edges > self.index.rows / (2 * PANEL) * rows.len()
    }
}

/// A pass over panels of bytes.
pub(super) fn bytes_in<'a>(
    index: &Index<'_>,
    block: &'a Block<'_>,
    scan: Scan<'a>,
    groups: &'a [ByteGroup],
    panels: Range<usize>,
) -> BytesIn<'a> {
    let store = &block.store;
    let at = block.panels.start + panels.start..block.panels.start + panels.end;
    BytesIn {
        scan,
        groups,
        stats: &store.stats[at.clone()],
        inverses: if store.inverses.is_empty() { &[] } else { &store.inverses[2 * at.start..2 * at.end] },
        most: (index.cols() as f32) * 16_384.0,
    }
}

/// Whether a query may find a row.
pub(super) fn may_find(search: &Search<'_>, query: usize, id: u32) -> bool {
    let holds = |graph: &crate::Graph| graph.row(query).binary_search(&id).is_ok();
    !search.exclude.is_some_and(holds) && search.allow.is_none_or(holds)
}

/// Takes scores into lists.
pub(in crate::score) struct Take<'t, 'a> {
    /// For each panel from `first_panel` on the rows that can be found.
    pub valid: &'t [u32],
    pub first_panel: usize,
    /// Of bytes: the scales of the rows, two lines a panel.
    pub row_scales: &'t [Lanes],
    pub search: Search<'t>,
    /// All queries, for the scales of bytes.
    pub given: Table<'t>,
    /// The number of the lists' first query.
    pub first: usize,
    /// The number of the pass's first query among those of the lists.
    pub shift: usize,
    pub lists: &'t mut Lists<'a>,
    pub floors: &'t [f32],
}

impl Visit for Take<'_, '_> {
    fn tile(
        &mut self,
        panel: usize,
        query: usize,
        bits: &[u32],
        scores: &[[f32; PANEL]],
        limits: &mut [f32],
    ) {
        let at = panel - self.first_panel;
        let valid = self.valid[at];
        for (r, (&bits, scores)) in bits.iter().zip(scores).enumerate() {
            let (mut bits, place) = (bits & valid, query + r);
            let query = place + self.shift;
            if query >= self.lists.counts.len() {
                break;
            }
            while bits != 0 {
                let lane = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let id = (panel * PANEL + lane) as u32;
                let mut score = scores[lane];
                if !self.row_scales.is_empty() {
                    let lines = &self.row_scales[2 * at..][..2];
                    let scale = lines[lane / LANES][lane % LANES];
                    score = (self.given.scale(self.first + query) * scale) * (score.to_bits() as i32 as f32);
                }
                // What is below or at the limit is none of the best; not so NaN, which are counted.
                if score <= limits[place] || !may_find(&self.search, self.first + query, id) {
                    continue;
                }
                if score.is_nan() {
                    if let Some(nans) = self.lists.nans.as_deref_mut() {
                        nans[query] += 1;
                    }
                    continue;
                }
                self.lists.offer(query, score, id);
                limits[place] = self.lists.limit(query, self.floors[query]);
            }
        }
    }
}
