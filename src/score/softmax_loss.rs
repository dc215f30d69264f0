//! Sampled softmax over each positive and shared negatives, forward and backward fused by tiles.

use super::edge_loss::{check_gradient, check_original, check_transpose};
use super::kernel::{Rate, SoftmaxRow};
use crate::aggregate::{self, aggregate, run_edge_dots};
use crate::dense::{Start, Term, pack, packed_len};
use crate::error::{Error, Status, check_option, check_size};
use crate::graph::Graph;
use crate::pool::{self, PerEdge, Pool};
use crate::simd::dispatch::kernels;
use crate::simd::order::EXAMPLE_LEAF;
use crate::simd::order::fold;
use crate::view::{Indices, Matrix, MatrixMut};
use crate::workspace::Workspace;

/// Options of [`softmax_loss`].
#[derive(Clone, Copy, Debug)]
pub struct Softmax<'a> {
    /// The factor from dots to logits, above 0.
    pub temperature: f32,
    /// Multiplies every edge's loss (1 / edges for a mean).
    pub weight: f32,
    /// A weight for each edge, or 1.
    pub edge_weights: Option<&'a [f32]>,
}

/// What [`softmax_loss`] returns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SoftmaxLoss {
    /// The sum of the weighted losses.
    pub loss: f64,
    /// Its derivative with respect to the temperature.
    pub temperature_gradient: f64,
}

/// Sources that go through the product, the softmax and the gradients together.
const SOURCE_BLOCK: usize = 32;

/// Sampled softmax loss with its gradients: for each edge e from source u to target v
///
/// `loss_e = -log( exp(x_uv) / (exp(x_uv) + sum over negatives k that are not v of exp(x_uk)) )`,
/// `x = temperature * source . target`; the result is `sum of weight * edge_weight_e * loss_e`.
///
/// Shapes: `positives` is a graph without [`Graph::edge_ids`], its rows the `r` sources, its columns the `c`
/// targets; `transposed` is its transpose. `sources` is `r x d`, `targets` is `c x d`, f32. `negatives` holds any number
/// of target ids, also repeated ones (each counts); none is allowed. Gradients have the shapes of `sources` and
/// `targets` and are added to what they hold; both or neither are given.
///
/// - No matrix of edges by negatives exists: 32 sources at a time are scored against all negatives, and the edges of
///   one source share its scores.
/// - Order: positives' dots in `LANES16`; negatives' in `CHAIN`; exponentials of a source less its greatest negative
///   logit, added as in `LANES16`; source gradients in `CHAIN` over the negatives; target gradients over sources with
///   edges in leaves of 1024 rows of `positives`, by the fixed tree, added negative by negative; the sums in f64
///   by the same leaves. Then the positives' part by [`crate::aggregate()`].
/// - Where the positive outweighs the rest the loss is `log1p` of their ratio, so a confident edge keeps its digits.
///   A logit that is NaN or +inf gives NaN for its source (and for every row it reaches); one of -inf has no weight.
/// - Threads: leaves are shared. Workspace: packed negatives (twice), one `negatives x d` sum for each level of
///   the tree, and `32 x negatives` scores for each part.
///
/// Errors, before outputs are touched: sizes that do not fit, ids out of range, a temperature that is not above 0.
pub fn softmax_loss(
    positives: &Graph,
    transposed: &Graph,
    sources: Matrix<'_>,
    targets: Matrix<'_>,
    negatives: Indices<'_>,
    options: Softmax<'_>,
    source_gradient: Option<MatrixMut<'_>>,
    target_gradient: Option<MatrixMut<'_>>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<SoftmaxLoss, Error> {
    let (edges, n, d) = (positives.edges(), negatives.len(), sources.cols());
    check_original(positives, c"positives")?;
    check_transpose(positives, transposed)?;
    check_size(sources.rows(), positives.rows(), c"sources.rows")?;
    check_size(targets.rows(), positives.cols(), c"targets.rows")?;
    check_size(targets.cols(), d, c"targets.cols")?;
    check_gradient(&source_gradient, sources, [c"source_gradient.rows", c"source_gradient.cols"])?;
    check_gradient(&target_gradient, targets, [c"target_gradient.rows", c"target_gradient.cols"])?;
    if source_gradient.is_some() != target_gradient.is_some() {
        let missing = if source_gradient.is_none() { c"source_gradient" } else { c"target_gradient" };
        return Err(Error::new(Status::NullPointer, missing));
    }
    check_size(options.edge_weights.map_or(edges, <[f32]>::len), edges, c"options.edge_weights")?;
    check_option(options.temperature > 0.0, c"options.temperature", options.temperature.into())?;
    check_option(true, c"options.weight", options.weight.into())?;
    negatives.check(targets.rows(), c"negatives")?;
    if u32::try_from(n).is_err() {
        return Err(Error::new(Status::SizeOverflow, c"negatives").size(n));
    }

    let leaves = positives.rows().div_ceil(EXAMPLE_LEAF);
    let work = positives.rows().min(edges).saturating_mul(n).saturating_mul(3 * d.div_ceil(16) + 3);
    let parts = pool::parts(pool, work);
    let sum_len = n.checked_mul(d);
    let block = n.checked_mul(SOURCE_BLOCK).and_then(|z| z.checked_add(2 * SOURCE_BLOCK * d));
    let scratch = match (sum_len, block) {
        (Some(sum), Some(block)) => pool::fold_scratch(parts, leaves, sum, block),
        _ => None,
    };
    let [order, rows, across, along, sum, factors, rates, sums, scratch] = workspace.pieces([
        n.checked_mul(2),
        sum_len,
        packed_len(d, n),
        packed_len(n, d),
        sum_len,
        Some(edges),
        edges.checked_mul(2),
        leaves.checked_mul(4),
        scratch,
    ])?;

    let (sorted, columns) = bytemuck::cast_slice_mut::<f32, u32>(order).split_at_mut(n);
    sort_with_columns(negatives, sorted, columns);
    for (row, at) in rows.chunks_exact_mut(d.max(1)).zip(0..n) {
        row.copy_from_slice(targets.row(negatives.get(at) as usize));
    }
    let rows = Matrix::new(rows, n, d)?;
    let kernels = kernels();
    pack(kernels, rows, true, across);
    pack(kernels, rows, false, along);
    let (sorted, columns, across, along) = (&*sorted, &*columns, &*across, &*along);

    run_edge_dots(kernels, positives, sources, targets, factors, pool);
    let sums: &mut [[f64; 2]] = bytemuck::cast_slice_mut(sums);
    let rates: &mut [Rate] = bytemuck::cast_slice_mut(rates);
    let offsets = positives.offsets();
    let mut source_gradient = source_gradient;
    let wanted = source_gradient.is_some();
    let out = Out {
        gradient: source_gradient.as_mut().map(MatrixMut::reborrow),
        factors: PerEdge { offsets, values: &mut *factors },
        rates: PerEdge { offsets, values: rates },
        sums: &mut *sums,
    };
    let run = |leaf: usize, out: Out<'_>, sum: &mut [f32], scratch: &mut [f32]| {
        let Out { mut gradient, factors, rates, sums } = out;
        let (block, z) = scratch.split_at_mut(2 * SOURCE_BLOCK * d);
        let (x, dx) = block.split_at_mut(SOURCE_BLOCK * d);
        let z = &mut z[..SOURCE_BLOCK * n];
        let first = leaf * EXAMPLE_LEAF;
        let last = positives.rows().min(first + EXAMPLE_LEAF);
        let mut totals = [0.0; 2];
        let mut start = Start::Zero;
        let mut next = first;
        sum.fill(0.0);
        while next < last {
            // The next sources that have edges.
            let mut ids = [0; SOURCE_BLOCK];
            let mut count = 0;
            while next < last && count < SOURCE_BLOCK {
                if offsets[next] < offsets[next + 1] {
                    x[count * d..][..d].copy_from_slice(sources.row(next));
                    ids[count] = next;
                    count += 1;
                }
                next += 1;
            }
            if count == 0 {
                break;
            }
            let x = Matrix::with_stride(x, count, d, d).unwrap_or(Matrix::EMPTY);
            let z = &mut z[..count * n];
            let term = Term { x, panels: bytemuck::cast_slice(across) };
            kernels.product(&[term], Start::Zero, MatrixMut::exact(z, count, n));
            for (at, &source) in ids[..count].iter().enumerate() {
                let edges = offsets[source]..offsets[source + 1];
                let here = edges.start - offsets[first]..edges.end - offsets[first];
                let row = SoftmaxRow {
                    temperature: options.temperature,
                    weight: options.weight,
                    targets: positives.row(source),
                    weights: options.edge_weights.map(|weights| &weights[edges]),
                    sorted,
                    columns,
                };
                let (factors, rates) = (&mut factors.values[here.clone()], &mut rates.values[here]);
                let sums = kernels.softmax_row(row, &mut z[at * n..][..n], factors, rates);
                totals[0] += sums.loss;
                totals[1] += sums.slope;
            }
            let p = Matrix::with_stride(z, count, n, n).unwrap_or(Matrix::EMPTY);
            let dx = &mut dx[..count * d];
            let term = Term { x: p, panels: bytemuck::cast_slice(along) };
            kernels.product(&[term], Start::Zero, MatrixMut::exact(dx, count, d));
            for (at, &source) in ids[..count].iter().enumerate() {
                let dx = &dx[at * d..][..d];
                let slope =
                    x.row(at).iter().zip(dx).fold(0.0, |sum, (&a, &b)| sum + f64::from(a) * f64::from(b));
                totals[1] += slope / f64::from(options.temperature);
                if let Some(gradient) = &mut gradient {
                    kernels.add(gradient.row_mut(source - first), dx);
                }
            }
            if wanted {
                kernels.weight_gradient(p, x, start, MatrixMut::exact(sum, n, d));
                start = Start::Output;
            }
        }
        sums[0] = totals;
    };
    pool::fold_leaves(kernels, pool, parts, leaves, EXAMPLE_LEAF, out, sum, scratch, run);
    let [loss, temperature_gradient] = fold(sums);

    if let (Some(source_gradient), Some(mut target_gradient)) = (source_gradient, target_gradient) {
        for at in 0..n {
            kernels.add(target_gradient.row_mut(negatives.get(at) as usize), &sum[at * d..][..d]);
        }
        let weighted =
            aggregate::Options { accumulate: true, edge_weights: Some(factors), ..Default::default() };
        aggregate(positives, targets, weighted, source_gradient, pool)?;
        aggregate(transposed, sources, weighted, target_gradient, pool)?;
    }
    Ok(SoftmaxLoss { loss, temperature_gradient })
}

/// The ids in ascending order and the column of each, columns of one id in ascending order.
fn sort_with_columns(ids: Indices<'_>, sorted: &mut [u32], columns: &mut [u32]) {
    for (at, column) in columns.iter_mut().enumerate() {
        *column = at as u32;
    }
    columns.sort_unstable_by_key(|&column| (ids.get(column as usize), column));
    for (id, &column) in sorted.iter_mut().zip(&*columns) {
        *id = ids.get(column as usize) as u32;
    }
}

/// What a range of leaves writes.
struct Out<'a> {
    gradient: Option<MatrixMut<'a>>,
    factors: PerEdge<'a, f32>,
    rates: PerEdge<'a, Rate>,
    /// One for each leaf.
    sums: &'a mut [[f64; 2]],
}

impl pool::Split for Out<'_> {
    fn split(self, at: usize) -> (Self, Self) {
        let (gradient, factors) = (self.gradient.split(at), self.factors.split(at));
        let (rates, sums) = (self.rates.split(at), self.sums.split_at_mut(at / EXAMPLE_LEAF));
        (
            Out { gradient: gradient.0, factors: factors.0, rates: rates.0, sums: sums.0 },
            Out { gradient: gradient.1, factors: factors.1, rates: rates.1, sums: sums.1 },
        )
    }
}
