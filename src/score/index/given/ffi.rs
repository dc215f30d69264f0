//! C entry points of packed indexes: what scores and ranks given rows.

#![allow(unsafe_code)]

use crate::error::Error;
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_graph, avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{Memory, handle, handle_mut, handle_optional, matrix_names};
use crate::ffi::views::avocet_matrix;
use crate::score::index::ffi::avocet_index;
use crate::score::rows::ffi::table;

/// An error of the family, with the names that arguments have in C.
fn named(error: Error) -> Error {
    let error = error.renamed(c"queries.scales", c"query_scales");
    error.renamed(c"queries.type", c"queries.element_type")
}

/// The scores of given rows of an index, the bits that `avocet_index_search` gives them.
///
/// Shapes: `queries` is `q x d`, of a type that the index is scored with; `query_scales` has one for each query that is
/// AVOCET_I8, or is NULL: all are 1; `given` is a `q x rows` graph, and `out` holds one f32 for each of its edges. Rows
/// that are never found have scores too; those that were not finite are zeros. NaN results are canonical.
///
/// Threads: queries are shared among the pool's threads. Nothing is allocated. Workspace: a group of 8 queries for each part
/// of the work. Time: `32 * d` fused operations for each run of given rows in one panel of 32; rows in ascending order
/// read a panel once.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`queries.cols`, `queries.stride`, `given.rows`, `given.cols`),
/// NOT_FINITE (`query_scales`), INVALID_ARGUMENT (type: also one that the index is not scored with; scales of other
/// queries, or below 0; alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_scores(
    index: *const avocet_index,
    queries: *const avocet_matrix,
    query_scales: *const f32,
    given: *const avocet_graph,
    out: *mut f32,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            let names = matrix_names!("queries");
            let queries = table(&mut memory, queries, names, query_scales, c"query_scales")?;
            let given = &handle(given, c"given")?.0;
            let out = memory.write(out, given.edges(), c"out")?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            index.scores(queries, given, out, threads(pool)?, workspace).map_err(named)
        }
    };
    let names = names![index, queries, query_scales, given, out, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// For each given row of each query, how many other rows of an index score better and how many score the same, as
/// `avocet_rank_counts` does, with the scores of `avocet_index_search`.
///
/// Shapes: `queries`, `query_scales` and `given` as for `avocet_index_scores`; `exclude` is NULL or a `q x rows` graph
/// whose rows are in ascending order; `better` and `equal` hold one count for each edge of `given`. Excluded rows, those
/// that are never found and the given row itself are not counted; other given rows are. NaN scores count for nothing;
/// where the given row's own score is NaN, every other score is better.
///
/// Threads: queries are shared among the pool's threads. Nothing is allocated. Workspace: a group of 8 queries for each part
/// of the work and one f32 for each edge of `given`. Time: q * n * d fused operations, and n comparisons for each given row.
///
/// Errors, before outputs are touched: those of `avocet_index_scores`; SHAPE_MISMATCH also of `exclude.rows` and
/// `exclude.cols`; NOT_SORTED (`exclude.indices`; the position is that of the edge).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_rank_counts(
    index: *const avocet_index,
    queries: *const avocet_matrix,
    query_scales: *const f32,
    given: *const avocet_graph,
    exclude: *const avocet_graph,
    better: *mut u32,
    equal: *mut u32,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            let names = matrix_names!("queries");
            let queries = table(&mut memory, queries, names, query_scales, c"query_scales")?;
            let given = &handle(given, c"given")?.0;
            let exclude = handle_optional(exclude, c"exclude")?.map(|graph| &graph.0);
            let better = memory.write(better, given.edges(), c"better")?;
            let equal = memory.write(equal, given.edges(), c"equal")?;
            let (pool, workspace) = (threads(pool)?, &mut handle_mut(workspace, c"workspace")?.0);
            let counts = index.rank_counts(queries, given, exclude, better, equal, pool, workspace);
            counts.map_err(named)
        }
    };
    let names = names![index, queries, query_scales, given, exclude, better, equal, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}
