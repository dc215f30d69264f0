//! Rank counts: where given targets stand, without a sort.

use super::Table;
use super::check_exclude;
use super::count::Count;
use super::index::store::first as first_bits;
use super::panels::{Pass, QUERIES, parts, scratch};
use crate::error::{Error, check_size};
use crate::graph::Graph;
use crate::pool::{self, PerEdge, Pool};
use crate::simd::LANES;
use crate::simd::dispatch::kernels;
use crate::view::Matrix;
use crate::workspace::Workspace;

/// For each given target of each query, how many other targets score better and how many score the same.
///
/// Shapes: `queries` is `q x d`, `targets` is `n x d`, f32; `given` is a `q x n` graph, one edge for each target
/// in question; `exclude` as in [`super::top_k`]; `better` and `equal` hold one count for each edge of `given`. With
/// them a rank is `1 + better` (best case), `1 + better + equal` (worst case) or `1 + better + equal / 2` (mean of
/// the tie).
///
/// Excluded targets are not counted, nor is the given target itself (it may itself be excluded); other given targets
/// are. NaN scores count for nothing; where the given target's own score is NaN, every other score is better. Order
/// of operations: `CHAIN`, the bits of [`super::top_k`]. Threads: queries are shared. Workspace: a panel for each
/// part and one f32 for each edge. Time: `q * n * d` fused operations.
///
/// Errors, before outputs are touched: sizes that do not fit, an exclusion row that is not in ascending order.
pub fn rank_counts(
    queries: Matrix<'_>,
    targets: Matrix<'_>,
    given: &Graph,
    exclude: Option<&Graph>,
    better: &mut [u32],
    equal: &mut [u32],
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    let (q, n, d) = (queries.rows(), targets.rows(), queries.cols());
    check_size(targets.cols(), d, c"targets.cols")?;
    check_size(given.rows(), q, c"given.rows")?;
    check_size(given.cols(), n, c"given.cols")?;
    check_size(better.len(), given.edges(), c"better")?;
    check_size(equal.len(), given.edges(), c"equal")?;
    check_exclude(exclude, q, n)?;
    if d == 0 {
        // All scores tie: every target that counts is equal.
        better.fill(0);
        for query in 0..q {
            let excluded = exclude.map_or(&[][..], |exclude| exclude.row(query));
            let counted = n - excluded.chunk_by(|a, b| a == b).count();
            let first = given.offsets()[query];
            for (at, id) in given.row(query).iter().enumerate() {
                equal[first + at] = (counted - usize::from(excluded.binary_search(id).is_err())) as u32;
            }
        }
        return Ok(());
    }
    let parts = parts(pool, q, n, d);
    let scratch = scratch(q, d).and_then(|len| len.checked_mul(parts));
    let [own, scratch] = workspace.pieces([Some(given.edges()), scratch])?;

    let kernels = kernels();
    let offsets = given.offsets();
    let per_edge = |values| PerEdge { offsets, values };
    let out = (per_edge(better), per_edge(equal), PerEdge { offsets, values: own });
    pool::for_rows(pool, parts, 0..q, pool::even, out, scratch, |rows, out, scratch| {
        let (better, equal, own) = (out.0.values, out.1.values, out.2.values);
        better.fill(0);
        equal.fill(0);
        let start = offsets[rows.start];
        for query in rows.clone() {
            let own = &mut own[offsets[query] - start..offsets[query + 1] - start];
            for (ids, own) in given.row(query).chunks(LANES).zip(own.chunks_mut(LANES)) {
                let row = |at: usize| targets.row(ids[at.min(ids.len() - 1)] as usize);
                let mut scores = [0.0; LANES];
                kernels.index_score_rows(queries.row(query), &std::array::from_fn(row), &mut scores);
                own.copy_from_slice(&scores[..own.len()]);
            }
        }
        for first in rows.clone().step_by(QUERIES) {
            let queries_of = first..rows.end.min(first + QUERIES);
            let edges = offsets[queries_of.start] - start..offsets[queries_of.end] - start;
            let mut pass =
                Pass::new(kernels, queries.slice(queries_of.start, queries_of.end), targets, scratch);
            for panel in 0..pass.panels() {
                let mut count = Count {
                    kernels,
                    valid: &[first_bits(pass.width(panel))],
                    first_panel: panel,
                    row_scales: &[],
                    table: Table::Real(queries.into()),
                    given,
                    exclude,
                    queries: queries_of.clone(),
                    own: &own[edges.clone()],
                    better: &mut better[edges.clone()],
                    equal: &mut equal[edges.clone()],
                };
                pass.panel(panel, &mut count);
            }
        }
    });
    Ok(())
}
