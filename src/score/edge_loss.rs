//! The logistic edge loss, one term a call: positives, sampled negatives, reversed one-way edges.

use crate::aggregate::{self, aggregate, run_edge_dots};
use crate::error::{Error, Status, check_option, check_size};
use crate::graph::Graph;
use crate::pool::{self, Leaves, Pool};
use crate::simd::dispatch::kernels;
use crate::simd::order::{EXAMPLE_LEAF, fold};
use crate::view::{Matrix, MatrixMut};
use crate::workspace::Workspace;

/// Which term of the loss the edges are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// Observed edges: `softplus(-x)` of `source(row) . target(column)`.
    Positive,
    /// Sampled non-edges: `softplus(x - margin)` of `source(row) . target(column)`.
    Negative,
    /// One-way edges, scored against their direction: `softplus(x - margin)` of `source(column) . target(row)`.
    Reversed,
}

/// One term of the edge loss.
#[derive(Clone, Copy, Debug)]
pub struct EdgeTerm {
    /// Which term.
    pub kind: EdgeKind,
    /// The factor from dots to logits, above 0: `x = temperature * dot - offset`.
    pub temperature: f32,
    /// Subtracted from every logit.
    pub offset: f32,
    /// Subtracted from the logits of negative and reversed edges; at least 0.
    pub margin: f32,
    /// Multiplies every edge's loss (1 / edges for a mean).
    pub weight: f32,
}

impl EdgeTerm {
    /// A term with temperature 1, weight 1, no offset and no margin.
    pub fn new(kind: EdgeKind) -> EdgeTerm {
        EdgeTerm { kind, temperature: 1.0, offset: 0.0, margin: 0.0, weight: 1.0 }
    }
}

/// What [`edge_loss`] returns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EdgeLoss {
    /// The sum of the weighted losses.
    pub loss: f64,
    /// Its derivative with respect to the temperature.
    pub temperature_gradient: f64,
    /// Its derivative with respect to the offset.
    pub offset_gradient: f64,
}

/// One term of the logistic edge loss with its gradients:
/// `sum over edges e of weight * edge_weight_e * softplus(z_e)`, with `z = -x` for positives and `x - margin` for
/// the others, `x = temperature * dot - offset`.
///
/// Shapes: `graph` is a graph without [`Graph::edge_ids`] of `r` rows and `c` columns, `transposed` its transpose.
/// `sources` and `targets` have d columns; for positives and negatives `sources` has `r` rows and `targets` `c`; for
/// reversed edges it is the other way round. `source_gradient` and `target_gradient` have the shapes of `sources`
/// and `targets`; the gradients are added to what they hold; either may be absent.
///
/// - A whole loss is a sum of calls: positives over the edges, negatives over sampled pairs, and for the one-way
///   edges a positive and a reversed term. With margin 0 or 1, weight and edge weights it covers the published
///   forms (BLADE, WSDM 2023, and DAEMON, ECML-PKDD 2022: log-likelihood, negatives and asymmetry).
/// - Order: dots in `LANES16`; each edge stands alone; gradients by [`crate::aggregate()`] over `graph` and
///   `transposed`; the three sums in f64 in edge order, in leaves of 1024 edges, by the fixed tree.
/// - The gradient is `softplus' = sigmoid`, without cancellation in either tail. Negative edge weights are allowed.
///   NaN logits give NaN losses and gradients.
/// - Threads: edges and rows are shared. Workspace: one f32 for each edge, three f64 for each leaf.
///
/// Errors, before outputs are touched: sizes that do not fit, a temperature that is not above 0, a negative or
/// NaN margin, a graph that has the edge numbers of another, a `transposed` that has not those of `graph`.
pub fn edge_loss(
    graph: &Graph,
    transposed: &Graph,
    sources: Matrix<'_>,
    targets: Matrix<'_>,
    term: EdgeTerm,
    edge_weights: Option<&[f32]>,
    source_gradient: Option<MatrixMut<'_>>,
    target_gradient: Option<MatrixMut<'_>>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<EdgeLoss, Error> {
    let edges = graph.edges();
    check_original(graph, c"graph")?;
    check_transpose(graph, transposed)?;
    let (source_rows, target_rows) = match term.kind {
        EdgeKind::Positive | EdgeKind::Negative => (graph.rows(), graph.cols()),
        EdgeKind::Reversed => (graph.cols(), graph.rows()),
    };
    check_size(sources.rows(), source_rows, c"sources.rows")?;
    check_size(targets.rows(), target_rows, c"targets.rows")?;
    check_size(targets.cols(), sources.cols(), c"targets.cols")?;
    check_gradient(&source_gradient, sources, [c"source_gradient.rows", c"source_gradient.cols"])?;
    check_gradient(&target_gradient, targets, [c"target_gradient.rows", c"target_gradient.cols"])?;
    check_size(edge_weights.map_or(edges, <[f32]>::len), edges, c"edge_weights")?;
    check_option(term.temperature > 0.0, c"term.temperature", term.temperature.into())?;
    check_option(term.margin >= 0.0, c"term.margin", term.margin.into())?;
    check_option(true, c"term.offset", term.offset.into())?;
    check_option(true, c"term.weight", term.weight.into())?;
    let leaves = edges.div_ceil(EXAMPLE_LEAF);
    let [factors, sums] = workspace.pieces([Some(edges), leaves.checked_mul(6)])?;
    let sums: &mut [[f64; 3]] = bytemuck::cast_slice_mut(sums);

    // Of an edge, `left` is the row's vector and `right` the column's.
    let (left, right, left_gradient, right_gradient) = match term.kind {
        EdgeKind::Positive | EdgeKind::Negative => (sources, targets, source_gradient, target_gradient),
        EdgeKind::Reversed => (targets, sources, target_gradient, source_gradient),
    };
    let kernels = kernels();
    run_edge_dots(kernels, graph, left, right, factors, pool);
    let out = (Leaves { items: &mut *factors, width: EXAMPLE_LEAF }, &mut *sums);
    let parts = pool::parts(pool, edges.saturating_mul(4));
    pool::for_rows(pool, parts, 0..leaves, pool::even, out, &mut [], |range, (factors, sums), _| {
        for (at, factors) in factors.items.chunks_mut(EXAMPLE_LEAF).enumerate() {
            let first = (range.start + at) * EXAMPLE_LEAF;
            let weights = edge_weights.map(|weights| &weights[first..first + factors.len()]);
            let (mut dots, mut losses) = ([0.0; EXAMPLE_LEAF], [0.0; EXAMPLE_LEAF]);
            let (dots, losses) = (&mut dots[..factors.len()], &mut losses[..factors.len()]);
            dots.copy_from_slice(factors);
            kernels.edge_loss(term, factors, weights, losses);
            let mut sum = [0.0; 3];
            for ((&factor, &dot), &loss) in factors.iter().zip(&*dots).zip(&*losses) {
                // factor = dloss/dx * temperature.
                let slope = f64::from(factor) / f64::from(term.temperature);
                sum[0] += f64::from(loss);
                sum[1] += slope * f64::from(dot);
                sum[2] -= slope;
            }
            sums[at] = sum;
        }
    });
    let [loss, temperature_gradient, offset_gradient] = fold(sums);

    let weighted = aggregate::Options { accumulate: true, edge_weights: Some(factors), ..Default::default() };
    if let Some(gradient) = left_gradient {
        aggregate(graph, right, weighted, gradient, pool)?;
    }
    if let Some(gradient) = right_gradient {
        aggregate(transposed, left, weighted, gradient, pool)?;
    }
    Ok(EdgeLoss { loss, temperature_gradient, offset_gradient })
}

/// Refuses a transposed, sampled or selected graph: its edges are not numbered by position.
pub(super) fn check_original(graph: &Graph, argument: &'static std::ffi::CStr) -> Result<(), Error> {
    match graph.edge_ids() {
        None => Ok(()),
        Some(_) => Err(Error::new(Status::InvalidArgument, argument)),
    }
}

/// Refuses a graph that cannot be the transpose of `graph`.
pub(super) fn check_transpose(graph: &Graph, transposed: &Graph) -> Result<(), Error> {
    graph.check_turned(transposed, [c"transposed.rows", c"transposed.cols", c"transposed.edges"])?;
    match transposed.edge_ids() {
        // One made from a part of another graph numbers its edges beyond these.
        Some(_) if transposed.edge_id_limit() == graph.edges() => Ok(()),
        _ => Err(Error::new(Status::InvalidArgument, c"transposed")),
    }
}

/// Refuses a gradient whose shape is not that of its rows; `names` are those of its numbers of rows and columns.
pub(super) fn check_gradient(
    gradient: &Option<MatrixMut<'_>>,
    of: Matrix<'_>,
    [rows, cols]: [&'static std::ffi::CStr; 2],
) -> Result<(), Error> {
    let Some(gradient) = gradient else { return Ok(()) };
    check_size(gradient.rows(), of.rows(), rows)?;
    check_size(gradient.cols(), of.cols(), cols)
}
