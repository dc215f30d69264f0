//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Options, Reduce, aggregate, edge_dots};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_graph, avocet_pool, threads};
use crate::ffi::memory::{Growing, Memory, flag, handle, load_options, matrix_names, one_of};
use crate::ffi::views::{avocet_matrix, avocet_matrix_mut};
use std::ffi::CStr;

/// The sum of the neighbour rows.
pub const AVOCET_REDUCE_SUM: i32 = 0;
/// The sum divided by the number of edges of the row.
pub const AVOCET_REDUCE_MEAN: i32 = 1;

/// Options of `avocet_aggregate`. Zeros are the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_aggregate_options {
    /// `sizeof(avocet_aggregate_options)`.
    pub struct_size: usize,
    /// `AVOCET_REDUCE_SUM` (the default) or `AVOCET_REDUCE_MEAN`.
    pub reduce: i32,
    /// 1 to add to what the output holds, 0 to overwrite it.
    pub accumulate: i32,
    /// A weight for each edge, of any sign, by the number of the edge (`avocet_graph_edge_ids`): one array serves a graph
    /// and its transpose. NULL stands for ones.
    pub edge_weights: *const f32,
    /// A factor for each source row, `avocet_graph_cols(graph)` values. NULL stands for ones.
    pub source_scale: *const f32,
    /// A factor for each output row, `avocet_graph_rows(graph)` values. NULL stands for ones.
    pub row_scale: *const f32,
}

// SAFETY: no padding (8, 4 + 4, 3 * 8 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_aggregate_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// Aggregates neighbour rows: for each row i of the graph
///
/// `out[i] (+)= row_scale[i] * (sum over edges e of row i of w_e * source_scale[j_e] * x[j_e]) [/ edges of row i]`
///
/// with j_e the column of edge e and w_e its weight. `options` may be NULL.
///
/// Shapes: `x` is `avocet_graph_cols(graph) x d`, `out` is `avocet_graph_rows(graph) x d`.
///
/// Order: the factor of an edge is `w_e * source_scale[j_e]`; the edges of a row are one fma chain from +0 in their
/// order, in leaves of 512 that are added by the fixed tree; then the mean's division, then `row_scale`, then the
/// addition to `out`. A row depends on nothing but its own edges.
///
/// A row without edges gives zeros (or keeps `out` when accumulating). An edge that occurs more than once counts each
/// time. A zero weight does not hide a NaN or infinity of its row. NaN results are canonical.
///
/// The backward pass with respect to `x` is this function on the transposed graph, with the same `edge_weights`, and
/// `row_scale` given as `source_scale` and the other way round (for a mean, as a sum with a source scale of 1 / edges of
/// the row).
///
/// Threads: rows are shared among the pool's threads by their number of edges; nothing is allocated. Time: edges * d
/// fused operations.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (enum, flag, type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_aggregate(
    graph: *const avocet_graph,
    x: *const avocet_matrix,
    options: *const avocet_aggregate_options,
    out: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<5>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = &handle(graph, c"graph")?.0;
            let x = memory.matrix(x, matrix_names!("x"))?;
            let options = load_options(options, c"options")?;
            let reduce = one_of(
                &[(AVOCET_REDUCE_SUM, Reduce::Sum), (AVOCET_REDUCE_MEAN, Reduce::Mean)],
                options.reduce,
                c"options.reduce",
            )?;
            let mut factors = |data, len, name| memory.read_optional(data, len, name);
            let options = Options {
                reduce,
                accumulate: flag(options.accumulate, c"options.accumulate")?,
                edge_weights: factors(options.edge_weights, graph.edges(), c"options.edge_weights")?,
                source_scale: factors(options.source_scale, graph.cols(), c"options.source_scale")?,
                row_scale: factors(options.row_scale, graph.rows(), c"options.row_scale")?,
            };
            let out = memory.matrix_mut(out, matrix_names!("out"))?;
            aggregate(graph, x, options, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, x, options, out, pool], call) }
}

/// A dot product for each edge: `out[e] = left[i] . right[j]` for edge e from row i to column j. This is the gradient of
/// `avocet_aggregate` with respect to the edge weights (`left` the output's gradient, scaled where the forward pass
/// scales; `right` the features), and the score of each edge of a graph.
///
/// Shapes: `left` is `avocet_graph_rows(graph) x d`, `right` is `avocet_graph_cols(graph) x d`; `out` holds one f32 for
/// each edge, in the order of this graph. Order: LANES16. NaN results are canonical. Threads: as `avocet_aggregate`.
/// Time: edges * d fused operations.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (type, alignment), NULL_POINTER, SIZE_OVERFLOW,
/// OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_edge_dots(
    graph: *const avocet_graph,
    left: *const avocet_matrix,
    right: *const avocet_matrix,
    out: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = &handle(graph, c"graph")?.0;
            let left = memory.matrix(left, matrix_names!("left"))?;
            let right = memory.matrix(right, matrix_names!("right"))?;
            let out = memory.write(out, graph.edges(), c"out")?;
            edge_dots(graph, left, right, out, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, left, right, out, pool], call) }
}
