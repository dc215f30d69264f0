//! Exact top-k.

use super::Table;
use super::check_exclude;
use super::index::Search;
use super::index::part::{Lists, Take};
use super::index::store::first as first_bits;
use super::panels::{Pass, QUERIES, parts, scratch};
use crate::error::{Error, check_size};
use crate::graph::Graph;
use crate::pool::{self, Pool, Wide};
use crate::simd::dispatch::kernels;
use crate::view::Matrix;
use crate::workspace::Workspace;

/// The id in unused places of a top-k list.
pub const NO_ID: u32 = u32::MAX;

/// Outputs of [`top_k`], all row-major and without gaps.
#[derive(Debug)]
pub struct TopK<'a> {
    /// Places for each query.
    pub k: usize,
    /// `queries x k` target ids, best first; [`NO_ID`] in unused places.
    pub ids: &'a mut [u32],
    /// `queries x k` scores; -inf in unused places.
    pub scores: &'a mut [f32],
    /// For each query, how many places are used.
    pub counts: &'a mut [u32],
    /// For each query, how many scores of targets that were not excluded were NaN.
    pub nan_counts: Option<&'a mut [u32]>,
}

/// For each query the `k` targets with the greatest scores `query . target`.
///
/// Shapes: `queries` is `q x d`, `targets` is `n x d`, f32; `exclude`, if given, is a `q x n` graph whose rows are in
/// ascending order: the ids in row i never appear for query i.
///
/// - Order of operations: `CHAIN`: a score is one fma chain from +0 over d, so it does not depend on the other
///   queries, the other targets, the tier or the threads.
/// - Ranking: score descending, then id ascending (-0 and +0 tie): a total order, so the list for a smaller k is
///   the head of the list for a greater one. NaN scores never enter and are counted; infinities rank.
/// - Threads: queries are shared among the pool's threads. Workspace: a panel of 32 targets and up to 256
///   queries for each part. Time:
///   `q * n * d` fused operations.
///
/// Errors, before outputs are touched: sizes that do not fit, an exclusion row that is not in ascending order.
pub fn top_k(
    queries: Matrix<'_>,
    targets: Matrix<'_>,
    exclude: Option<&Graph>,
    out: TopK<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    let (q, n, d, k) = (queries.rows(), targets.rows(), queries.cols(), out.k);
    check_size(targets.cols(), d, c"targets.cols")?;
    let places = q.checked_mul(k);
    let places = places.ok_or(Error::new(crate::Status::SizeOverflow, c"k").size(k))?;
    check_size(out.ids.len(), places, c"ids")?;
    check_size(out.scores.len(), places, c"scores")?;
    check_size(out.counts.len(), q, c"counts")?;
    check_size(out.nan_counts.as_ref().map_or(q, |v| v.len()), q, c"nan_counts")?;
    if u32::try_from(n).is_err() {
        return Err(Error::new(crate::Status::SizeOverflow, c"targets.rows").size(n));
    }
    check_exclude(exclude, q, n)?;
    let targets = if d == 0 {
        // All scores tie: a query's best are the first ids that it does not exclude.
        let most = exclude.map_or(0, |exclude| (0..q).map(|i| exclude.row(i).len()).max().unwrap_or(0));
        targets.slice(0, n.min(k.saturating_add(most)))
    } else {
        targets
    };
    let parts = parts(pool, q, targets.rows(), d);
    let [scratch] = workspace.pieces([scratch(q, d).and_then(|len| len.checked_mul(parts))])?;

    let kernels = kernels();
    let search = Search { exclude, ..Search::default() };
    let out = (Wide(out.ids, k), Wide(out.scores, k), (out.counts, out.nan_counts));
    pool::for_rows(pool, parts, 0..q, pool::even, out, scratch, |rows, out, scratch| {
        let (Wide(ids, _), Wide(scores, _), (counts, nans)) = out;
        let mut all = Lists { k, ids, scores, counts, nans };
        for first in rows.clone().step_by(QUERIES) {
            let count = QUERIES.min(rows.end - first);
            let mut lists = all.part(first - rows.start..first - rows.start + count);
            lists.clear();
            let mut pass = Pass::new(kernels, queries.slice(first, first + count), targets, scratch);
            if k == 0 {
                pass.limits.fill(f32::INFINITY);
            }
            for panel in 0..pass.panels() {
                let mut take = Take {
                    valid: &[first_bits(pass.width(panel))],
                    first_panel: panel,
                    row_scales: &[],
                    search,
                    given: Table::Real(queries.into()),
                    first,
                    shift: 0,
                    lists: &mut lists,
                    floors: &[f32::NAN; QUERIES],
                };
                pass.panel(panel, &mut take);
            }
            lists.sort();
        }
    });
    Ok(())
}
