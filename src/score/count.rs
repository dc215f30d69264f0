//! How many scores of a pass are above and equal to those of given rows.

use super::Table;
use super::index::kernel::{PANEL, Visit};
use crate::graph::Graph;
use crate::simd::dispatch::Kernels;
use crate::simd::{LANES, Lanes};
use std::ops::Range;

/// Counts for each given row of the queries of a pass what scores better and what the same. Its limits are NaN: it must see
/// everything.
pub(super) struct Count<'a> {
    pub kernels: &'a Kernels,
    /// For each panel from `first_panel` on the rows that count.
    pub valid: &'a [u32],
    pub first_panel: usize,
    /// Of bytes: the scales of the rows, two lines a panel.
    pub row_scales: &'a [Lanes],
    /// All queries, for the scales of bytes.
    pub table: Table<'a>,
    pub given: &'a Graph,
    pub exclude: Option<&'a Graph>,
    /// The queries of the pass.
    pub queries: Range<usize>,
    /// For each edge of theirs its row's score, and the counts.
    pub own: &'a [f32],
    pub better: &'a mut [u32],
    pub equal: &'a mut [u32],
}

impl Visit for Count<'_> {
    fn tile(&mut self, panel: usize, query: usize, _: &[u32], scores: &[[f32; PANEL]], _: &mut [f32]) {
        let (offsets, at) = (self.given.offsets(), panel - self.first_panel);
        let first_edge = offsets[self.queries.start];
        for (query, scores) in (self.queries.start + query..self.queries.end).zip(scores) {
            let edges = offsets[query]..offsets[query + 1];
            if edges.is_empty() {
                continue;
            }
            let mut scores = *scores;
            if !self.row_scales.is_empty() {
                let scale = self.table.scale(query);
                let of_rows = self.row_scales[2 * at..][..2].as_flattened();
                for (score, row_scale) in scores.iter_mut().zip(of_rows) {
                    *score = (scale * row_scale) * (score.to_bits() as i32 as f32);
                }
            }
            let first = panel * PANEL;
            let mut counted = self.valid[at];
            if let Some(exclude) = self.exclude {
                counted &= !inside(exclude.row(query), first);
            }
            for edge in edges {
                let (id, own) = (self.given.indices()[edge] as usize, self.own[edge - first_edge]);
                let masks = self.kernels.score_masks(&scores, own);
                let itself = if id / PANEL == panel { 1 << (id % PANEL) } else { 0 };
                let counted = counted & !itself & !masks.nan;
                let above = if own.is_nan() { u32::MAX } else { masks.above };
                self.better[edge - first_edge] += (above & counted).count_ones();
                self.equal[edge - first_edge] += (masks.equal & counted).count_ones();
            }
        }
    }
}

/// One bit for each id of a sorted list that lies in the panel from `first`.
fn inside(ids: &[u32], first: usize) -> u32 {
    let from = ids.partition_point(|&id| (id as usize) < first);
    let inside = ids[from..].iter().map(|&id| id as usize - first).take_while(|&at| at < PANEL);
    inside.fold(0, |bits, at| bits | 1 << at)
}

const _: () = assert!(PANEL == 2 * LANES);
