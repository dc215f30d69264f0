//! A pass of many queries over all targets, panel by panel, in `CHAIN` order: what top-k and rank counts share.

use super::kernel::Panel;
use crate::dense::{PANEL, Start, Term, pack, packed_len};
use crate::graph::Graph;
use crate::pool::{self, Pool};
use crate::simd::dispatch::Kernels;
use crate::view::{Matrix, MatrixMut};

/// Queries that are scored against a panel in one go.
const QUERY_BLOCK: usize = 48;

/// Queries for which it pays that a part packs all targets for itself.
const QUERIES_PER_PART: usize = 32;

/// Parts of a pass: one for each thread, if there are queries enough.
pub(super) fn parts(pool: Option<&Pool>, queries: usize, targets: usize, d: usize) -> usize {
    let work = queries.saturating_mul(targets).saturating_mul(d.div_ceil(16) + 1);
    let worth = 1 << (queries / QUERIES_PER_PART).max(1).ilog2();
    pool::parts(pool, work).min(pool.map_or(1, Pool::threads).next_power_of_two()).min(worth)
}

/// f32 of scratch that [`each_panel`] needs for rows of `d`.
pub(super) fn scratch(d: usize) -> Option<usize> {
    packed_len(d, PANEL)?.checked_add(QUERY_BLOCK * PANEL)
}

/// Scores of one query against one panel of targets.
pub(super) struct Scored<'a> {
    /// The query's row.
    pub query: usize,
    /// The id of the panel's first target.
    pub first: usize,
    /// The scores; those beyond the last target are arbitrary.
    pub scores: &'a Panel,
    /// One bit for each score that counts: there is such a target and it is not excluded.
    pub counted: u64,
}

/// Calls `visit` for each query and each panel, panels in ascending order. `exclude` has a row for each query,
/// from `first_query` on.
pub(super) fn each_panel(
    kernels: &Kernels,
    queries: Matrix<'_>,
    first_query: usize,
    targets: Matrix<'_>,
    exclude: Option<&Graph>,
    scratch: &mut [f32],
    mut visit: impl FnMut(Scored<'_>),
) {
    let (scores, packed) = scratch.split_at_mut(QUERY_BLOCK * PANEL);
    let packed = &mut packed[..targets.cols() * PANEL];
    for first in (0..targets.rows()).step_by(PANEL) {
        let width = PANEL.min(targets.rows() - first);
        pack(kernels, targets.slice(first, first + width), true, packed);
        let panels: &[[[f32; 16]; 4]] = bytemuck::cast_slice(packed);
        for from in (0..queries.rows()).step_by(QUERY_BLOCK) {
            let to = queries.rows().min(from + QUERY_BLOCK);
            let x = queries.slice(from, to);
            let scores = &mut scores[..(to - from) * PANEL];
            let out = MatrixMut::exact(scores, to - from, PANEL);
            kernels.product(&[Term { x, panels }], Start::Zero, out);
            for (query, scores) in (from..to).zip(scores.as_chunks().0) {
                let mut counted = u64::MAX >> (PANEL - width);
                if let Some(exclude) = exclude {
                    counted &= !excluded(exclude.row(first_query + query), first);
                }
                visit(Scored { query, first, scores, counted });
            }
        }
    }
}

/// One bit for each id of a sorted list that lies in the panel from `first`.
fn excluded(ids: &[u32], first: usize) -> u64 {
    let from = ids.partition_point(|&id| (id as usize) < first);
    let inside = ids[from..].iter().map(|&id| id as usize - first).take_while(|&at| at < PANEL);
    inside.fold(0, |bits, at| bits | 1 << at)
}

/// The scores of one query against given targets, in the same order of operations.
pub(super) fn score_given(
    kernels: &Kernels,
    query: Matrix<'_>,
    targets: Matrix<'_>,
    ids: &[u32],
    scratch: &mut [f32],
    out: &mut [f32],
) {
    let (scores, packed) = scratch.split_at_mut(QUERY_BLOCK * PANEL);
    let packed = &mut packed[..targets.cols() * PANEL];
    for (ids, out) in ids.chunks(PANEL).zip(out.chunks_mut(PANEL)) {
        for (at, &id) in ids.iter().enumerate() {
            for (p, &value) in targets.row(id as usize).iter().enumerate() {
                packed[p * PANEL + at] = value;
            }
        }
        let term = Term { x: query, panels: bytemuck::cast_slice(packed) };
        kernels.product(&[term], Start::Zero, MatrixMut::exact(&mut scores[..PANEL], 1, PANEL));
        out.copy_from_slice(&scores[..out.len()]);
    }
}
