//! Sparse neighbourhood aggregation: sums, means and weighted sums of neighbour rows over a checked graph,
//! forward and backward.

mod fanout;
pub(crate) mod ffi;
pub(crate) mod kernel;
mod random;
mod sample;
mod walk;

pub use fanout::{PowerLaw, adaptive_fanout, fit_power_law};
pub use sample::{Draw, Sampling, sample_neighbours};
pub use walk::{WalkGraph, Walks, walk_neighbours};

use crate::error::{Error, check_size};
use crate::graph::Graph;
use crate::pool::{self, PerEdge, Pool};
use crate::simd::dispatch::{Kernels, kernels};
use crate::view::{Matrix, MatrixMut};
use kernel::{Coefficients, Edges};
use std::ops::Range;

/// How the neighbour rows are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduce {
    /// The sum.
    #[default]
    Sum,
    /// The sum divided by the number of edges of the row.
    Mean,
}

/// Options of [`aggregate`]; the default is a plain sum that overwrites its output.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Sum or mean.
    pub reduce: Reduce,
    /// Add to what the output holds instead of overwriting it.
    pub accumulate: bool,
    /// A weight for each edge, by the edge's number in the graph that was first created: a transposed graph
    /// finds them through [`Graph::edge_ids`]. Any value, also negative.
    pub edge_weights: Option<&'a [f32]>,
    /// A factor for each source row (`cols` values).
    pub source_scale: Option<&'a [f32]>,
    /// A factor for each output row (`rows` values).
    pub row_scale: Option<&'a [f32]>,
}

/// The rows of `graph` within a range, as the kernels take them.
fn edges<'a>(graph: &'a Graph, rows: &Range<usize>) -> Edges<'a> {
    Edges { offsets: &graph.offsets()[rows.start..=rows.end], indices: graph.indices() }
}

/// A graph with the scales of a plain sum over it.
#[derive(Clone, Copy)]
pub(crate) struct Link<'a> {
    pub graph: &'a Graph,
    pub row_scale: Option<&'a [f32]>,
    pub source_scale: Option<&'a [f32]>,
}

/// [`aggregate()`] of a range of rows, after its checks.
pub(crate) fn sum_rows(
    kernels: &Kernels,
    link: Link<'_>,
    rows: Range<usize>,
    x: Matrix<'_>,
    out: MatrixMut<'_>,
) {
    let coefficients = Coefficients {
        source_scale: link.source_scale,
        row_scale: link.row_scale.map(|scale| &scale[rows.clone()]),
        ..Default::default()
    };
    kernels.aggregate_rows(edges(link.graph, &rows), x, coefficients, out);
}

/// Vector operations of one pass over the edges with rows of `cols`.
fn work(graph: &Graph, cols: usize) -> usize {
    (graph.edges() + graph.rows()).saturating_mul(cols.div_ceil(16))
}

/// Aggregates neighbour rows: for each row `i` of the graph
///
/// `out[i] (+)= row_scale[i] * (sum over edges e of row i of w_e * source_scale[j_e] * x[j_e]) [/ edges of row i]`
///
/// with `j_e` the column of edge e. Shapes: `x` is `graph.cols() x d`, `out` is `graph.rows() x d`; f32.
///
/// - Order: the factor of an edge is `w_e * source_scale[j_e]`; the edges of a row are one fma chain from +0 in
///   their order, in leaves of 512 that are added by the fixed tree; then the mean's division, then
///   `row_scale`, then the addition to `out`. A row depends on nothing but its own edges.
/// - A row without edges gives zeros (or leaves `out` unchanged when accumulating). Duplicate edges count each
///   time. A zero weight does not hide a NaN or infinity of its row; NaN results are canonical.
/// - The backward pass with respect to `x` is this function on the transposed graph, with the same
///   `edge_weights`, `row_scale` given as `source_scale` and the other way round (for a mean, the source scale
///   is 1 / edges of the row).
/// - Threads: any number of calls may share a graph and a pool. Rows are shared among the pool's threads by
///   their number of edges. Nothing is allocated. Time: `edges * d` fused operations.
///
/// Errors, before `out` is touched: [`crate::Status::ShapeMismatch`] for every size that does not fit.
pub fn aggregate(
    graph: &Graph,
    x: Matrix<'_>,
    options: Options<'_>,
    out: MatrixMut<'_>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_size(x.rows(), graph.cols(), c"x.rows")?;
    check_size(out.rows(), graph.rows(), c"out.rows")?;
    check_size(out.cols(), x.cols(), c"out.cols")?;
    for (values, wanted, name) in [
        (options.edge_weights, graph.edge_id_limit(), c"options.edge_weights"),
        (options.source_scale, graph.cols(), c"options.source_scale"),
        (options.row_scale, graph.rows(), c"options.row_scale"),
    ] {
        check_size(values.map_or(wanted, <[f32]>::len), wanted, name)?;
    }
    let kernels = kernels();
    let parts = pool::parts(pool, work(graph, x.cols()));
    pool::for_rows(
        pool,
        parts,
        0..graph.rows(),
        pool::by_edges(graph.offsets()),
        out,
        &mut [],
        |rows, out, _| {
            let coefficients = Coefficients {
                mean: options.reduce == Reduce::Mean,
                accumulate: options.accumulate,
                weights: options.edge_weights,
                edge_ids: graph.edge_ids(),
                source_scale: options.source_scale,
                row_scale: options.row_scale.map(|scale| &scale[rows.clone()]),
            };
            kernels.aggregate_rows(edges(graph, &rows), x, coefficients, out);
        },
    );
    Ok(())
}

/// A dot product for each edge: `out[e] = left[i] . right[j]` for edge e from row i to column j. This is the
/// gradient of [`aggregate`] with respect to the edge weights (`left` the output's gradient, scaled where the
/// forward pass scales; `right` the features), and the score of each edge of a graph.
///
/// Shapes: `left` is `graph.rows() x d`, `right` is `graph.cols() x d`, `out` holds one f32 for each edge in the
/// order of this graph. Order: `LANES16`. NaN results are canonical. Threads, errors: as [`aggregate`].
pub fn edge_dots(
    graph: &Graph,
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_size(left.rows(), graph.rows(), c"left.rows")?;
    check_size(right.rows(), graph.cols(), c"right.rows")?;
    check_size(right.cols(), left.cols(), c"right.cols")?;
    check_size(out.len(), graph.edges(), c"out")?;
    run_edge_dots(kernels(), graph, left, right, out, pool);
    Ok(())
}

/// [`edge_dots`] after its checks.
pub(crate) fn run_edge_dots(
    kernels: &Kernels,
    graph: &Graph,
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut [f32],
    pool: Option<&Pool>,
) {
    let out = PerEdge { offsets: graph.offsets(), values: out };
    let parts = pool::parts(pool, work(graph, left.cols()));
    let cut = pool::by_edges(graph.offsets());
    pool::for_rows(pool, parts, 0..graph.rows(), cut, out, &mut [], |rows, out, _| {
        let left = left.slice(rows.start, rows.end);
        kernels.edge_dots(edges(graph, &rows), left, right, out.values);
    });
}
