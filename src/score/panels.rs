//! A pass of many queries over row-major targets, panel by panel, in `CHAIN` order: what top-k and rank counts share.

use super::index::kernel::{Form, GROUP, PANEL, Scan, Visit};
use crate::pool::{self, Pool};
use crate::simd::Lanes;
use crate::simd::dispatch::Kernels;
use crate::view::Matrix;

/// Queries of a pass: all targets are packed anew for each.
pub(super) const QUERIES: usize = 256;

/// Queries for which it pays that a part packs all targets for itself.
const QUERIES_PER_PART: usize = 32;

/// Parts of a pass: one for each thread, if there are queries enough.
pub(super) fn parts(pool: Option<&Pool>, queries: usize, targets: usize, d: usize) -> usize {
    let work = queries.saturating_mul(targets).saturating_mul(d.div_ceil(16) + 1);
    let worth = 1 << (queries / QUERIES_PER_PART).max(1).ilog2();
    pool::parts(pool, work).min(pool.map_or(1, Pool::threads).next_power_of_two()).min(worth)
}

/// Queries of a pass in whole groups.
fn whole(queries: usize) -> usize {
    queries.min(QUERIES).next_multiple_of(GROUP)
}

/// f32 of scratch that a [`Pass`] needs.
pub(super) fn scratch(queries: usize, d: usize) -> Option<usize> {
    whole(queries).checked_mul(d.max(1) + 1)?.checked_add(PANEL.checked_mul(d.max(1))?)
}

/// At most [`QUERIES`] queries that go over all targets.
pub(super) struct Pass<'a> {
    kernels: &'a Kernels,
    targets: Matrix<'a>,
    packed: &'a mut [Lanes],
    words: &'a mut [[f32; GROUP]],
    /// What a score must be above to be visited, for each query; NaN: all are.
    pub limits: &'a mut [f32],
    count: usize,
}

impl<'a> Pass<'a> {
    /// All limits are NaN. `scratch` may be longer than it needs.
    pub(super) fn new(
        kernels: &'a Kernels,
        queries: Matrix<'a>,
        targets: Matrix<'a>,
        scratch: &'a mut [f32],
    ) -> Self {
        let (count, d) = (queries.rows(), targets.cols().max(1));
        let (packed, scratch) = scratch.split_at_mut(PANEL * d);
        let (limits, words) = scratch.split_at_mut(whole(count));
        let words = &mut words.as_chunks_mut().0[..whole(count) / GROUP * d];
        words.fill([0.0; GROUP]);
        limits.fill(f32::INFINITY);
        limits[..count].fill(f32::NAN);
        for query in 0..count {
            let words = &mut words[query / GROUP * d..][..d];
            words.iter_mut().zip(queries.row(query)).for_each(|(word, &x)| word[query % GROUP] = x);
        }
        Pass { kernels, targets, packed: packed.as_chunks_mut().0, words, limits, count }
    }

    /// Panels of targets.
    pub(super) fn panels(&self) -> usize {
        self.targets.rows().div_ceil(PANEL)
    }

    /// Targets of a panel.
    pub(super) fn width(&self, panel: usize) -> usize {
        (self.targets.rows() - panel * PANEL).min(PANEL)
    }

    /// Scores a panel with all queries.
    pub(super) fn panel(&mut self, panel: usize, visit: &mut dyn Visit) {
        let first = panel * PANEL;
        let rows = self.targets.slice(first, first + self.width(panel));
        // Many queries ask for the next panel on their way.
        let next = (first + PANEL).min(self.targets.rows());
        let behind = self.targets.values(next, (next + PANEL).min(self.targets.rows()));
        let few = self.count <= GROUP;
        self.kernels.index_pack(rows, if few { behind } else { &[] }, self.packed);
        let scan = Scan {
            form: Form::F32,
            panels: self.packed,
            lines: self.packed.len(),
            first: panel,
            words: self.words,
            count: self.count,
            behind: behind.as_chunks().0,
            near: true,
        };
        self.kernels.index_scan(scan, self.limits, visit);
    }
}
