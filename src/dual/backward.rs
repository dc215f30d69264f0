//! The backward pass of the dual layer.

use super::{DualLayer, MAX_RELATIONS, Packed, ROW_BLOCK, Terms, own_rows, view};
use crate::aggregate::{Link, sum_rows};
use crate::dense::{self, Start};
use crate::error::{Error, Status, check_size};
use crate::graph::Graph;
use crate::pool::{self, Pool};
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::order::EXAMPLE_LEAF;
use crate::view::{Matrix, MatrixMut};
use crate::workspace::Workspace;
use std::ops::Range;

/// The transposes of a relation's graphs, each `n x r`.
#[derive(Clone, Copy, Debug)]
pub struct DualBack<'a> {
    /// Of [`super::DualRelation::out`].
    pub out: &'a Graph,
    /// Of [`super::DualRelation::into`].
    pub into: &'a Graph,
}

/// What [`dual_backward`] reads beside the layer.
#[derive(Clone, Copy, Debug)]
pub struct DualResult<'a> {
    /// S' as the forward pass left it.
    pub sources: Matrix<'a>,
    /// T'.
    pub targets: Matrix<'a>,
    /// The norms of S', if it was normalised.
    pub source_norms: Option<&'a [f32]>,
    /// The norms of T'.
    pub target_norms: Option<&'a [f32]>,
    /// The gradient of the loss with respect to S'.
    pub source_gradient: Matrix<'a>,
    /// The gradient with respect to T'.
    pub target_gradient: Matrix<'a>,
    /// The transpose of [`DualLayer::own`], if there is one.
    pub own: Option<&'a Graph>,
    /// For each relation the transposes of its graphs.
    pub back: &'a [DualBack<'a>],
}

/// What [`dual_backward`] writes. Gradients of weights are added to what they hold.
#[derive(Debug)]
pub struct DualGradients<'a, 'b> {
    /// The gradient with respect to S, `n x d`; overwritten.
    pub sources: Option<MatrixMut<'a>>,
    /// The gradient with respect to T.
    pub targets: Option<MatrixMut<'a>>,
    /// For each weight matrix in the order Ws, Wt, W of each relation, U of those that have one: its gradient.
    pub weights: &'b mut [MatrixMut<'a>],
}

/// The gradients of [`super::dual_forward`].
///
/// Order: `dZ` by [`dense::activate_backward`]. Weights: leaves of 1024 output rows, added by the fixed tree, then to
/// what the gradient holds; within a leaf one fma chain through the rows' `out` sums, then through their `into` sums
/// (which are computed again). Rows: `dS = own^T(dZs) Ws^T + sum_r into_r^T(dZt) W_r^T + sum_c into_c^T(dZs) U_c^T` in
/// `CHAIN` order of these addends, `dT` likewise with `out`; a scale multiplies the row's factor, as `source_scale`
/// does in [`crate::aggregate()`].
///
/// Threads: leaves and blocks of rows are shared. Workspace: `dZ` (twice `r x m`), packed weights, for each part a
/// leaf's sums and for each level of the tree the weights' gradients. Errors, before outputs are touched: sizes that
/// do not fit.
pub fn dual_backward(
    layer: &DualLayer<'_>,
    result: &DualResult<'_>,
    gradients: DualGradients<'_, '_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    layer.check()?;
    check(layer, result, &gradients)?;
    let (n, d, r, m) =
        (layer.sources.rows(), layer.sources.cols(), layer.rows(), layer.source_weights.cols());
    if d == 0 {
        return Ok(());
    }
    let weights = layer.weights().count();
    let leaves = r.div_ceil(EXAMPLE_LEAF);
    let parts = pool::parts(pool, layer.work(r.max(n)));
    let rows = r.checked_mul(m);
    let sum = d.checked_mul(m).and_then(|len| len.checked_mul(weights));
    let leaf = EXAMPLE_LEAF.min(r).checked_mul(d);
    let tree = sum.zip(leaf).and_then(|(sum, leaf)| pool::fold_scratch(parts, leaves, sum, leaf));
    let blocks =
        m.checked_mul(ROW_BLOCK).and_then(|b| b.checked_mul((1 + 2 * layer.relations.len()) * parts));
    let scratch = tree.zip(blocks).map(|(tree, blocks)| tree.max(blocks));
    let [ds, dt, packed, sum, scratch] =
        workspace.pieces([rows, rows, Packed::len(layer, true), sum, scratch])?;

    let options =
        dense::Options { activation: layer.activation, normalise: layer.normalise, ..Default::default() };
    for (y, norms, dy, dz) in [
        (result.sources, result.source_norms, result.source_gradient, &mut *ds),
        (result.targets, result.target_norms, result.target_gradient, &mut *dt),
    ] {
        dense::activate_backward(options, y, norms, dy, MatrixMut::exact(dz, r, m), pool)?;
    }
    let (ds, dt) = (view(ds, r, m), view(dt, r, m));

    let kernels = kernels();
    pool::fold_leaves(
        kernels,
        pool,
        parts,
        leaves,
        EXAMPLE_LEAF,
        (),
        sum,
        scratch,
        |leaf, (), sum, scratch| {
            let rows = leaf * EXAMPLE_LEAF..r.min((leaf + 1) * EXAMPLE_LEAF);
            weight_leaf(kernels, layer, (ds, dt), rows, sum, scratch);
        },
    );
    for (to, from) in gradients.weights.iter_mut().zip(sum.chunks_exact((d * m).max(1))) {
        for i in 0..d {
            kernels.add(to.row_mut(i), &from[i * m..][..m]);
        }
    }

    let packed = &Packed::new(kernels, layer, true, packed);
    for (wanted, side) in [(gradients.sources, Side::Sources), (gradients.targets, Side::Targets)] {
        let Some(out) = wanted else { continue };
        pool::for_rows(pool, parts, 0..n, pool::even, out, scratch, |rows, mut out, scratch| {
            for from in rows.clone().step_by(ROW_BLOCK) {
                let block = from..rows.end.min(from + ROW_BLOCK);
                let here = block.start - rows.start..block.end - rows.start;
                rows_block(
                    kernels,
                    layer,
                    result,
                    packed,
                    (ds, dt),
                    side,
                    block,
                    out.slice_mut(here),
                    scratch,
                );
            }
        });
    }
    Ok(())
}

/// Which input a gradient belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Sources,
    Targets,
}

fn check(
    layer: &DualLayer<'_>,
    result: &DualResult<'_>,
    gradients: &DualGradients<'_, '_>,
) -> Result<(), Error> {
    let (n, d, r, m) =
        (layer.sources.rows(), layer.sources.cols(), layer.rows(), layer.source_weights.cols());
    check_size(result.sources.rows(), r, c"result.sources.rows")?;
    check_size(result.sources.cols(), m, c"result.sources.cols")?;
    check_size(result.targets.rows(), r, c"result.targets.rows")?;
    check_size(result.targets.cols(), m, c"result.targets.cols")?;
    check_size(result.source_gradient.rows(), r, c"result.source_gradient.rows")?;
    check_size(result.source_gradient.cols(), m, c"result.source_gradient.cols")?;
    check_size(result.target_gradient.rows(), r, c"result.target_gradient.rows")?;
    check_size(result.target_gradient.cols(), m, c"result.target_gradient.cols")?;
    for (norms, name) in
        [(result.source_norms, c"result.source_norms"), (result.target_norms, c"result.target_norms")]
    {
        dense::check_norms(layer.normalise, norms.map(<[f32]>::len), r).map_err(|e| e.about(name))?;
    }
    check_size(result.back.len(), layer.relations.len(), c"result.back")?;
    match (layer.own, result.own) {
        (Some(own), Some(back)) => {
            own.check_turned(back, [c"result.own.rows", c"result.own.cols", c"result.own.edges"])?;
        }
        (Some(_), None) => return Err(Error::new(Status::NullPointer, c"result.own")),
        (None, Some(_)) => return Err(Error::new(Status::InvalidArgument, c"result.own")),
        (None, None) => {}
    }
    for (at, (relation, back)) in layer.relations.iter().zip(result.back).enumerate() {
        let out = [c"result.back.out.rows", c"result.back.out.cols", c"result.back.out.edges"];
        let into = [c"result.back.into.rows", c"result.back.into.cols", c"result.back.into.edges"];
        relation.out.check_turned(back.out, out).map_err(|e| e.at(at))?;
        relation.into.check_turned(back.into, into).map_err(|e| e.at(at))?;
    }
    if let Some(rows) = &gradients.sources {
        check_size(rows.rows(), n, c"gradients.sources.rows")?;
        check_size(rows.cols(), d, c"gradients.sources.cols")?;
    }
    if let Some(rows) = &gradients.targets {
        check_size(rows.rows(), n, c"gradients.targets.rows")?;
        check_size(rows.cols(), d, c"gradients.targets.cols")?;
    }
    check_size(gradients.weights.len(), layer.weights().count(), c"gradients.weights")?;
    for (at, weights) in gradients.weights.iter().enumerate() {
        check_size(weights.rows(), d, c"gradients.weights.rows").map_err(|e| e.at(at))?;
        check_size(weights.cols(), m, c"gradients.weights.cols").map_err(|e| e.at(at))?;
    }
    Ok(())
}

/// The gradients of all weights from one leaf of rows.
fn weight_leaf(
    kernels: &Kernels,
    layer: &DualLayer<'_>,
    (ds, dt): (Matrix<'_>, Matrix<'_>),
    rows: Range<usize>,
    sum: &mut [f32],
    scratch: &mut [f32],
) {
    let (d, m) = (layer.sources.cols(), layer.source_weights.cols());
    let (ds, dt) = (ds.slice(rows.start, rows.end), dt.slice(rows.start, rows.end));
    let room = &mut scratch[..rows.len() * d];
    let mut add = |x: Matrix<'_>, dz: Matrix<'_>, at: usize, start: Start| {
        let to = MatrixMut::exact(&mut sum[at * d * m..][..d * m], d, m);
        kernels.weight_gradient(x, dz, start, to);
    };
    for (x, dz, at) in [(layer.sources, ds, 0), (layer.targets, dt, 1)] {
        add(own_rows(layer.own, x, &rows, room), dz, at, Start::Zero);
    }
    for (at, relation) in layer.relations.iter().enumerate() {
        for (graph, row_scale, x, across, along, start) in [
            (relation.out, relation.out_scale, layer.targets, ds, dt, Start::Zero),
            (relation.into, relation.into_scale, layer.sources, dt, ds, Start::Output),
        ] {
            let link = Link { graph, row_scale, source_scale: None };
            sum_rows(kernels, link, rows.clone(), x, MatrixMut::exact(room, rows.len(), d));
            let x = view(room, rows.len(), d);
            add(x, across, layer.across_at(at), start);
            if let Some(at) = layer.along_at(at) {
                add(x, along, at, start);
            }
        }
    }
}

/// A block of the gradient with respect to one side's rows.
fn rows_block(
    kernels: &Kernels,
    layer: &DualLayer<'_>,
    result: &DualResult<'_>,
    packed: &Packed<'_>,
    (ds, dt): (Matrix<'_>, Matrix<'_>),
    side: Side,
    rows: Range<usize>,
    out: MatrixMut<'_>,
    scratch: &mut [f32],
) {
    let (m, len) = (ds.cols(), rows.len());
    let size = ROW_BLOCK * m;
    // The gradient of the side's own rows, and of the counterpart's.
    let (own, counterpart) = if side == Side::Sources { (ds, dt) } else { (dt, ds) };
    let (room, mut rest) = scratch.split_at_mut(size);
    let gather = |graph, source_scale, x, to: &mut [f32]| {
        let link = Link { graph, row_scale: None, source_scale };
        sum_rows(kernels, link, rows.clone(), x, MatrixMut::exact(to, len, m));
    };
    let mut terms = Terms::new();
    let own_rows = match result.own {
        None => own.slice(rows.start, rows.end),
        Some(back) => {
            gather(back, None, own, &mut room[..len * m]);
            view(&room[..len * m], len, m)
        }
    };
    terms.push(own_rows, packed.panels[usize::from(side == Side::Targets)]);
    let mut along = [Matrix::EMPTY; MAX_RELATIONS];
    for (at, (relation, back)) in layer.relations.iter().zip(result.back).enumerate() {
        // Sources are read through `into`, targets through `out`.
        let (graph, scale) = match side {
            Side::Sources => (back.into, relation.into_scale),
            Side::Targets => (back.out, relation.out_scale),
        };
        let (across, after) = rest.split_at_mut(size);
        let (like, after) = after.split_at_mut(size);
        rest = after;
        gather(graph, scale, counterpart, &mut across[..len * m]);
        terms.push(view(&across[..len * m], len, m), packed.panels[layer.across_at(at)]);
        if relation.along.is_some() {
            gather(graph, scale, own, &mut like[..len * m]);
            along[at] = view(&like[..len * m], len, m);
        }
    }
    for at in layer.along() {
        terms.push(along[at], packed.panels[layer.along_at(at).unwrap_or(0)]);
    }
    kernels.product(terms.as_slice(), Start::Zero, out);
}
