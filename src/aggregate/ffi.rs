//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{
    Draw, Options, PowerLaw, Reduce, Sampling, Walks, adaptive_fanout, aggregate, edge_dots, fit_power_law,
    sample_neighbours, walk_neighbours,
};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_graph, avocet_pool, threads};
use crate::ffi::memory::{
    Growing, Memory, flag, handle, load, load_growing, load_options, matrix_names, one_of,
};
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
    /// A weight for each edge, of any sign, by the number of the edge (`avocet_graph_edge_ids`):
    /// `avocet_graph_edge_id_limit(graph)` values, so that one array serves a graph and all that are derived from it.
    /// NULL stands for ones.
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
/// `row_scale` given as `source_scale` and the other way round (for a mean, as a sum with a source scale of 1 / edges
/// of the row).
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
                edge_weights: factors(options.edge_weights, graph.edge_id_limit(), c"options.edge_weights")?,
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

/// A dot product for each edge: `out[e] = left[i] . right[j]` for edge e from row i to column j. This is the gradient
/// of `avocet_aggregate` with respect to the edge weights (`left` the output's gradient, scaled where the forward pass
/// scales; `right` the features), and the score of each edge of a graph.
///
/// Shapes: `left` is `avocet_graph_rows(graph) x d`, `right` is `avocet_graph_cols(graph) x d`; `out` holds one f32
/// for each edge, in the order of this graph. Order: LANES16. NaN results are canonical. Threads: as
/// `avocet_aggregate`. Time: edges * d fused operations.
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

/// Each set of `fanout` edges is as likely as any other.
pub const AVOCET_DRAW_WITHOUT_REPLACEMENT: i32 = 0;
/// `fanout` independent draws: an edge may occur more than once.
pub const AVOCET_DRAW_WITH_REPLACEMENT: i32 = 1;
/// One edge after the other, each with a probability proportional to its weight among those left.
pub const AVOCET_DRAW_WEIGHTED: i32 = 2;

/// Options of `avocet_sample_neighbours`. Zeros are the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_sample_options {
    /// `sizeof(avocet_sample_options)`.
    pub struct_size: usize,
    /// How edges are drawn: `AVOCET_DRAW_*`, by default without replacement.
    pub draw: i32,
    /// Keeps the samples of a network's layers apart.
    pub layer: u32,
    /// Two calls with one seed and one layer give one sample.
    pub seed: u64,
    /// Weights for `AVOCET_DRAW_WEIGHTED`, finite and at least 0, by edge number: `avocet_graph_edge_id_limit(graph)`
    /// values. Other draws do not read them.
    pub edge_weights: *const f32,
}

// SAFETY: no padding (8, 4 + 4, 8, 8 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_sample_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// Draws at most `fanout[i]` edges of each row i of a graph and stores in `*out` the graph of these: of the same
/// shape, the edges of a row in their old order and with their old numbers (`avocet_graph_edge_ids`), so that edge
/// weights of the old graph serve the new one and its transpose. `options` may be NULL.
///
/// `fanout` holds `avocet_graph_rows(graph)` values. A row with no more edges than its fan-out keeps all of them,
/// whatever the draw (weighted: all of positive weight). Without replacement: Floyd's algorithm. Weighted: the
/// `fanout` least of `-log(1 - u) / weight`, which is the sequential draw without replacement, ties by position; an
/// edge of weight 0 is never drawn.
///
/// Random numbers are counter-based (Philox4x32-10), keyed by seed, row, layer and slot: a sample is the same
/// everywhere, and that of a row does not depend on the other rows. Threads: rows are shared among the pool's threads.
/// Allocates the graph; weighted draws also allocate 12 bytes for each edge of the longest row, for each part of the
/// work. Time: the sampled edges; weighted also the edges of rows above their fan-out.
///
/// Errors: INVALID_ARGUMENT (enum, alignment; a negative weight, with its position and value), NOT_FINITE (a weight,
/// likewise), NULL_POINTER (also a weighted draw without weights), OVERLAP, STRUCT_SIZE, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sample_neighbours(
    graph: *const avocet_graph,
    fanout: *const u32,
    options: *const avocet_sample_options,
    out: *mut *mut avocet_graph,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = &handle(graph, c"graph")?.0;
            let fanout = memory.read(fanout, graph.rows(), c"fanout")?;
            let options = load_options(options, c"options")?;
            let draws = [
                (AVOCET_DRAW_WITHOUT_REPLACEMENT, Draw::WithoutReplacement),
                (AVOCET_DRAW_WITH_REPLACEMENT, Draw::WithReplacement),
                (AVOCET_DRAW_WEIGHTED, Draw::Weighted),
            ];
            let draw = one_of(&draws, options.draw, c"options.draw")?;
            let weights = if draw == Draw::Weighted { options.edge_weights } else { std::ptr::null() };
            let options = Sampling {
                draw,
                seed: options.seed,
                layer: options.layer,
                edge_weights: memory.read_optional(
                    weights,
                    graph.edge_id_limit(),
                    c"options.edge_weights",
                )?,
            };
            let out = memory.write_one(out, c"out")?;
            *out = avocet_graph::give(sample_neighbours(graph, fanout, options, threads(pool)?)?)?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, fanout, options, out, pool], call) }
}

/// A power law of degrees. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_power_law {
    /// The least degree that counts, at least 1.
    pub least: usize,
    /// The exponent, above 1; infinite where all degrees are the least.
    pub exponent: f64,
}

/// Fits a power law to the degrees of a graph's rows by maximum likelihood:
///
/// `exponent = 1 + rows / sum over rows of ln(max(degree, 1) / least)`, `least = max(1, least degree)`.
///
/// Order: the logarithms in f32, their sum in f64 over ascending degrees. Allocates 4 bytes a row for the time of the
/// call. Time: sorting the degrees.
///
/// Errors: INVALID_ARGUMENT (a graph without rows, alignment), NULL_POINTER, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_fit_power_law(
    graph: *const avocet_graph,
    out: *mut avocet_power_law,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let (graph, out) = unsafe { (handle(graph, c"graph")?, Memory::<1>::new().write_one(out, c"out")?) };
        let law = fit_power_law(&graph.0)?;
        *out = avocet_power_law { least: law.least, exponent: law.exponent };
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, out], call) }
}

/// Writes a fan-out for each row of a graph, falling with its degree:
///
/// `out[i] = min + (max - min) * (max(degree, least) / least)^-(exponent - 1)`, rounded to the nearest integer.
///
/// The power is the share of nodes that the law expects above the degree: 1 for the least connected, towards 0 for
/// hubs. `out` holds `avocet_graph_rows(graph)` values. The power is computed in f32 with the library's own functions;
/// each row stands alone. Allocates nothing. Time: linear in the rows.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (`min` above `max`; an exponent that is NaN or not above 1, a
/// `least` of 0; alignment), NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_adaptive_fanout(
    graph: *const avocet_graph,
    law: *const avocet_power_law,
    min: u32,
    max: u32,
    out: *mut u32,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = &handle(graph, c"graph")?.0;
            let law = load(law, c"law")?;
            let out = Memory::<1>::new().write(out, graph.rows(), c"out")?;
            adaptive_fanout(graph, PowerLaw { least: law.least, exponent: law.exponent }, min, max, out)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, law, min, max, out], call) }
}

/// Options of `avocet_walk_neighbours`. Its numbers have no defaults: a zero is a zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_walk_options {
    /// `sizeof(avocet_walk_options)`.
    pub struct_size: usize,
    /// Walks from each node of low degree, at least 1.
    pub walks: u32,
    /// Round trips of a walk, at least 1: each goes back to a source of the node reached, and out again.
    pub length: u32,
    /// Two calls with one seed and one layer give one result.
    pub seed: u64,
    /// Keeps the walks of a network's layers apart.
    pub layer: u32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 4 + 4, 8, 4 + 4 bytes); numbers only.
unsafe impl Growing for avocet_walk_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c"options.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// Stores in `*out` a graph in which each row that has edges, but fewer than `fanout[i]`, is extended by the nodes
/// that short random walks visit most. The weights of its edges come with it: `avocet_graph_walk_weights`.
///
/// A walk from node i goes to one of its neighbours, and then `length` times back to a source of where it stands and
/// out to one of that source's neighbours. Each arrival counts one visit, but for i itself and its own neighbours. A
/// row is its own edges in their order, then the nodes visited, most visits first, then by id, up to the fan-out;
/// there may be too few. The weight of an own edge is 1, that of a visited node its visits over all arrivals, `walks *
/// (length + 1)`.
///
/// Shapes: `back` is the transpose of `graph`; `fanout` holds `avocet_graph_rows(graph)` values; the result has the
/// shape of `graph`. Its edges are numbered anew, by position. Random numbers as in `avocet_sample_neighbours`.
/// Threads: rows are shared among the pool's threads. Allocates the graph and, for each part of the work, 12 bytes for
/// each arrival of a row's walks. Time: 2 * `walks` * `length` draws for each row of low degree.
///
/// Errors: SHAPE_MISMATCH (a `back` whose shape is not that of the transpose), INVALID_ARGUMENT (no walks, no length;
/// reserved, alignment), NULL_POINTER, SIZE_OVERFLOW (2^32 edges or more), OVERLAP, STRUCT_SIZE, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_walk_neighbours(
    graph: *const avocet_graph,
    back: *const avocet_graph,
    fanout: *const u32,
    options: *const avocet_walk_options,
    out: *mut *mut avocet_graph,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = &handle(graph, c"graph")?.0;
            let back = &handle(back, c"back")?.0;
            let fanout = memory.read(fanout, graph.rows(), c"fanout")?;
            let options = load_growing(options, c"options")?;
            let options = Walks {
                walks: options.walks,
                length: options.length,
                seed: options.seed,
                layer: options.layer,
            };
            let out = memory.write_one(out, c"out")?;
            let found = walk_neighbours(graph, back, fanout, options, threads(pool)?)?;
            *out = avocet_graph::give_walks(found.graph, found.weights)?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, back, fanout, options, out, pool], call) }
}
