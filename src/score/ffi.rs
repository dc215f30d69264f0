//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{EdgeKind, EdgeTerm, NO_ID, Softmax, TopK, edge_loss, rank_counts, softmax_loss, top_k};
use crate::error::{Error, Status};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_graph, avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{
    Growing, Memory, handle, handle_mut, handle_optional, index_names, load_growing, matrix_names, one_of,
};
use crate::ffi::views::{avocet_indices, avocet_matrix, avocet_matrix_mut};
use std::ffi::CStr;

/// The id in unused places of a top-k list (`UINT32_MAX`).
pub const AVOCET_NO_ID: u32 = 0xffff_ffff;

/// Observed edges: `softplus(-x)` of `source(row) . target(column)`.
pub const AVOCET_EDGE_POSITIVE: i32 = 0;
/// Sampled non-edges: `softplus(x - margin)` of `source(row) . target(column)`.
pub const AVOCET_EDGE_NEGATIVE: i32 = 1;
/// One-way edges, scored against their direction: `softplus(x - margin)` of `source(column) . target(row)`.
pub const AVOCET_EDGE_REVERSED: i32 = 2;

/// One term of the edge loss. Its numbers have no defaults: a zero is a zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_edge_term {
    /// `sizeof(avocet_edge_term)`.
    pub struct_size: usize,
    /// Which term: `AVOCET_EDGE_*`.
    pub kind: i32,
    /// The factor from dots to logits, above 0: `x = temperature * dot - offset`.
    pub temperature: f32,
    /// Subtracted from every logit; finite.
    pub offset: f32,
    /// Subtracted from the logits of negative and reversed edges; at least 0.
    pub margin: f32,
    /// Multiplies every edge's loss (1 / edges for a mean); finite.
    pub weight: f32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 6 * 4 bytes); numbers only.
unsafe impl Growing for avocet_edge_term {
    const NAMES: [&'static CStr; 2] = [c"term.struct_size", c"term.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// What `avocet_edge_loss` computes. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_edge_loss_result {
    /// The sum of the weighted losses.
    pub loss: f64,
    /// Its derivative with respect to the temperature.
    pub temperature_gradient: f64,
    /// Its derivative with respect to the offset.
    pub offset_gradient: f64,
}

/// The term of a sampled softmax loss. Its numbers have no defaults: a zero is a zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_softmax_term {
    /// `sizeof(avocet_softmax_term)`.
    pub struct_size: usize,
    /// The factor from dots to logits, above 0.
    pub temperature: f32,
    /// Multiplies every edge's loss (1 / edges for a mean); finite.
    pub weight: f32,
}

// SAFETY: no padding (8, 2 * 4 bytes); numbers only.
unsafe impl Growing for avocet_softmax_term {
    const NAMES: [&'static CStr; 2] = [c"term.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// What `avocet_softmax_loss` computes. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_softmax_loss_result {
    /// The sum of the weighted losses.
    pub loss: f64,
    /// Its derivative with respect to the temperature.
    pub temperature_gradient: f64,
}

/// For each query the `k` targets with the greatest scores `query . target`.
///
/// Shapes: `queries` is `q x d`, `targets` is `n x d`; `exclude` is NULL or a `q x n` graph whose rows are in
/// ascending order: the ids in row i never appear for query i. Outputs, row-major without gaps: `ids` (`q x k`, best
/// first, `AVOCET_NO_ID` in unused places), `scores` (`q x k`, -inf in unused places), `counts` (for each query, how
/// many places are used) and `nan_counts` (for each query, how many scores of targets that were not excluded were NaN;
/// may be NULL).
///
/// Order: CHAIN: a score is one fma chain from +0 over d, so it does not depend on the other queries, the other
/// targets or the threads. Ranking: score descending, then id ascending (-0 and +0 tie): a total order, so the list
/// for a smaller k is the head of the list for a greater one. NaN scores never enter and are counted; infinities rank.
///
/// Threads: queries are shared among the pool's threads. Workspace: a panel of 64 targets for each part of the work.
/// Time: q * n * d fused operations.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH, NOT_SORTED (`exclude.indices`; the position is that of the edge),
/// SIZE_OVERFLOW (`q * k`; 2^32 targets or more), INVALID_ARGUMENT (type, alignment), NULL_POINTER, OVERLAP,
/// WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_top_k(
    queries: *const avocet_matrix,
    targets: *const avocet_matrix,
    exclude: *const avocet_graph,
    k: usize,
    ids: *mut u32,
    scores: *mut f32,
    counts: *mut u32,
    nan_counts: *mut u32,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<6>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let queries = memory.matrix(queries, matrix_names!("queries"))?;
            let targets = memory.matrix(targets, matrix_names!("targets"))?;
            let exclude = handle_optional(exclude, c"exclude")?.map(|graph| &graph.0);
            let q = queries.rows();
            let too_many = Error::new(Status::SizeOverflow, c"k").size(k);
            let places = q.checked_mul(k).filter(|&n| n <= isize::MAX as usize / 4).ok_or(too_many)?;
            let out = TopK {
                k,
                ids: memory.write(ids, places, c"ids")?,
                scores: memory.write(scores, places, c"scores")?,
                counts: memory.write(counts, q, c"counts")?,
                nan_counts: memory.write_optional(nan_counts, q, c"nan_counts")?,
            };
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            top_k(queries, targets, exclude, out, threads(pool)?, workspace)
        }
    };
    let names = names![queries, targets, exclude, k, ids, scores, counts, nan_counts, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// For each given target of each query, how many other targets score better and how many score the same.
///
/// Shapes: `queries` is `q x d`, `targets` is `n x d`; `given` is a `q x n` graph, one edge for each target in
/// question; `exclude` is as in `avocet_top_k`; `better` and `equal` hold one count for each edge of `given`. With
/// them a rank is 1 + better (best case), 1 + better + equal (worst case) or 1 + better + equal / 2 (mean of the tie).
///
/// Excluded targets are not counted, nor is the given target itself (it may itself be excluded); other given targets
/// are. NaN scores count for nothing; where the given target's own score is NaN, every other score is better. Order:
/// CHAIN, with the bits of `avocet_top_k`. Threads: queries are shared among the pool's threads. Workspace: a panel of
/// 64 targets for each part of the work and one f32 for each edge of `given`. Time: q * n * d fused operations.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH, NOT_SORTED (`exclude.indices`; the position is that of the edge),
/// INVALID_ARGUMENT (type, alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_rank_counts(
    queries: *const avocet_matrix,
    targets: *const avocet_matrix,
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
            let queries = memory.matrix(queries, matrix_names!("queries"))?;
            let targets = memory.matrix(targets, matrix_names!("targets"))?;
            let given = &handle(given, c"given")?.0;
            let exclude = handle_optional(exclude, c"exclude")?.map(|graph| &graph.0);
            let better = memory.write(better, given.edges(), c"better")?;
            let equal = memory.write(equal, given.edges(), c"equal")?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            rank_counts(queries, targets, given, exclude, better, equal, threads(pool)?, workspace)
        }
    };
    let names = names![queries, targets, given, exclude, better, equal, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// One term of the logistic edge loss with its gradients:
///
/// `out->loss = sum over edges e of weight * edge_weights[e] * softplus(z_e)`
///
/// with `z = -x` for positives and `z = x - margin` for the others, `x = temperature * dot - offset`.
///
/// Shapes: `graph` is a graph that is not derived (`avocet_graph_is_derived`) of r rows and c columns, `transposed`
/// its transpose. `sources` and `targets` have d columns; for positives and negatives `sources` has r rows and
/// `targets` c; for reversed edges it is the other way round. `edge_weights` holds a weight for each edge, of any
/// sign, or is NULL, which stands for ones. `source_gradient` and `target_gradient` have the shapes of `sources` and
/// `targets`; the gradients are added to what they hold; either may be NULL.
///
/// A whole loss is a sum of calls: positives over the edges, negatives over sampled pairs, and for the one-way edges a
/// positive and a reversed term.
///
/// Order: dots in LANES16; each edge stands alone; gradients as `avocet_aggregate` over `graph` and `transposed`; the
/// three sums in f64 in edge order, in leaves of 1024 edges, by the fixed tree. The gradient is `softplus' = sigmoid`,
/// without cancellation in either tail. NaN logits give NaN losses and gradients. Threads: edges and rows are shared
/// among the pool's threads. Workspace: one f32 for each edge, three f64 for each leaf. Time: at most 3 * edges * d
/// fused operations.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH, NOT_FINITE (a number of `term`), INVALID_ARGUMENT (a number of
/// `term` that is not in its range; a `graph` that is derived, or a `transposed` that does not come from it; enum,
/// type, alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_edge_loss(
    graph: *const avocet_graph,
    transposed: *const avocet_graph,
    sources: *const avocet_matrix,
    targets: *const avocet_matrix,
    term: *const avocet_edge_term,
    edge_weights: *const f32,
    source_gradient: *const avocet_matrix_mut,
    target_gradient: *const avocet_matrix_mut,
    out: *mut avocet_edge_loss_result,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<6>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = &handle(graph, c"graph")?.0;
            let transposed = &handle(transposed, c"transposed")?.0;
            let sources = memory.matrix(sources, matrix_names!("sources"))?;
            let targets = memory.matrix(targets, matrix_names!("targets"))?;
            let term = load_growing(term, c"term")?;
            let kinds = [
                (AVOCET_EDGE_POSITIVE, EdgeKind::Positive),
                (AVOCET_EDGE_NEGATIVE, EdgeKind::Negative),
                (AVOCET_EDGE_REVERSED, EdgeKind::Reversed),
            ];
            let term = EdgeTerm {
                kind: one_of(&kinds, term.kind, c"term.kind")?,
                temperature: term.temperature,
                offset: term.offset,
                margin: term.margin,
                weight: term.weight,
            };
            let edge_weights = memory.read_optional(edge_weights, graph.edges(), c"edge_weights")?;
            let source_gradient =
                memory.matrix_mut_optional(source_gradient, matrix_names!("source_gradient"))?;
            let target_gradient =
                memory.matrix_mut_optional(target_gradient, matrix_names!("target_gradient"))?;
            let out = memory.write_one(out, c"out")?;
            let pool = threads(pool)?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            let result = edge_loss(
                graph,
                transposed,
                sources,
                targets,
                term,
                edge_weights,
                source_gradient,
                target_gradient,
                pool,
                workspace,
            )?;
            *out = avocet_edge_loss_result {
                loss: result.loss,
                temperature_gradient: result.temperature_gradient,
                offset_gradient: result.offset_gradient,
            };
            Ok(())
        }
    };
    let names = names![
        graph,
        transposed,
        sources,
        targets,
        term,
        edge_weights,
        source_gradient,
        target_gradient,
        out,
        pool,
        workspace
    ];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// Sampled softmax loss with its gradients: for each edge e from source u to target v
///
/// `loss_e = -log( exp(x_uv) / (exp(x_uv) + sum over negatives k that are not v of exp(x_uk)) )`
///
/// with `x = temperature * source . target`; `out->loss` is the sum of `weight * edge_weights[e] * loss_e`.
///
/// Shapes: `positives` is a graph that is not derived (`avocet_graph_is_derived`), its r rows the sources, its c
/// columns the targets; `transposed` is its transpose. `sources` is `r x d`, `targets` is `c x d`. `negatives` holds
/// any number of target ids, also repeated ones (each counts); none is allowed. `edge_weights` holds a weight for each
/// edge, of any sign, or is NULL, which stands for ones. Gradients have the shapes of `sources` and `targets` and are
/// added to what they hold; both or neither are NULL.
///
/// No matrix of edges by negatives exists: 32 sources at a time are scored against all negatives, and the edges of one
/// source share its scores.
///
/// Order: positives' dots in LANES16; negatives' in CHAIN; exponentials of a source less its greatest negative logit,
/// added as in LANES16; source gradients in CHAIN over the negatives; target gradients over sources with edges in
/// leaves of 1024 rows of `positives`, by the fixed tree, added negative by negative; the sums in f64 by the same
/// leaves. Then the positives' part as `avocet_aggregate`. Where the positive outweighs the rest the loss is `log1p`
/// of their ratio, so that a confident edge keeps its digits. A logit that is NaN or +inf gives NaN for its source
/// (and for every row it reaches); one of -inf has no weight.
///
/// Threads: leaves are shared among the pool's threads. Workspace: packed negatives (twice), one `negatives x d` sum
/// for each level of the tree, and `32 x negatives` scores for each part of the work. Time: 3 * (sources with edges) *
/// negatives * d fused operations.
///
/// Errors, before outputs are touched: INDEX_OUT_OF_RANGE (`negatives`, with the first bad position and its value),
/// SHAPE_MISMATCH, NOT_FINITE (a number of `term`), INVALID_ARGUMENT (a number of `term` that is not in its range;
/// `positives` that are derived, or a `transposed` that does not come from them; type, alignment), NULL_POINTER (also
/// one gradient without the other), SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_softmax_loss(
    positives: *const avocet_graph,
    transposed: *const avocet_graph,
    sources: *const avocet_matrix,
    targets: *const avocet_matrix,
    negatives: *const avocet_indices,
    term: *const avocet_softmax_term,
    edge_weights: *const f32,
    source_gradient: *const avocet_matrix_mut,
    target_gradient: *const avocet_matrix_mut,
    out: *mut avocet_softmax_loss_result,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<7>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let positives = &handle(positives, c"positives")?.0;
            let transposed = &handle(transposed, c"transposed")?.0;
            let sources = memory.matrix(sources, matrix_names!("sources"))?;
            let targets = memory.matrix(targets, matrix_names!("targets"))?;
            let negatives = memory.indices(negatives, index_names!("negatives"))?;
            let term = load_growing(term, c"term")?;
            let edge_weights = memory.read_optional(edge_weights, positives.edges(), c"edge_weights")?;
            let options = Softmax { temperature: term.temperature, weight: term.weight, edge_weights };
            let source_gradient =
                memory.matrix_mut_optional(source_gradient, matrix_names!("source_gradient"))?;
            let target_gradient =
                memory.matrix_mut_optional(target_gradient, matrix_names!("target_gradient"))?;
            let out = memory.write_one(out, c"out")?;
            let pool = threads(pool)?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            let result = softmax_loss(
                positives,
                transposed,
                sources,
                targets,
                negatives,
                options,
                source_gradient,
                target_gradient,
                pool,
                workspace,
            );
            let result = result
                .map_err(|error| error.renamed(c"options.temperature", c"term.temperature"))
                .map_err(|error| error.renamed(c"options.weight", c"term.weight"))?;
            *out = avocet_softmax_loss_result {
                loss: result.loss,
                temperature_gradient: result.temperature_gradient,
            };
            Ok(())
        }
    };
    let names = names![
        positives,
        transposed,
        sources,
        targets,
        negatives,
        term,
        edge_weights,
        source_gradient,
        target_gradient,
        out,
        pool,
        workspace
    ];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

const _: () = assert!(AVOCET_NO_ID == NO_ID);
