//! The dual layer: one layer of a graph network over source and target rows, aggregation, products, activation and norm
//! fused by blocks of rows, forward and backward.

mod backward;
pub(crate) mod ffi;

pub use backward::{DualBack, DualGradients, DualResult, dual_backward};

use crate::aggregate::{Link, sum_rows};
use crate::dense::{self, Activation, Epilogue, Start, Term, pack, packed_len};
use crate::error::{Error, Status, check_size};
use crate::graph::Graph;
use crate::pool::{self, Pool};
use crate::simd::LANES;
use crate::simd::dispatch::{Kernels, kernels};
use crate::view::{Matrix, MatrixMut};
use crate::workspace::Workspace;
use std::ops::Range;

/// The most relations of a layer.
pub const MAX_RELATIONS: usize = 7;

/// Rows that go through sums, products and epilogue together, so that they stay in cache.
const ROW_BLOCK: usize = 48;

/// A relation of [`DualLayer`].
#[derive(Clone, Copy, Debug)]
pub struct DualRelation<'a> {
    /// Row i holds the targets that output row i reads: `r x n`.
    pub out: &'a Graph,
    /// Row i holds the sources that output row i reads: `r x n`.
    pub into: &'a Graph,
    /// A factor for each row of `out`.
    pub out_scale: Option<&'a [f32]>,
    /// A factor for each row of `into`.
    pub into_scale: Option<&'a [f32]>,
    /// The weights W from the counterpart's rows, `d x m`: source rows read targets, target rows read sources.
    pub across: Matrix<'a>,
    /// The weights U from the like rows, `d x m`, for a relation that also joins like to like.
    pub along: Option<Matrix<'a>>,
}

/// A layer of a dual graph network. With `own(X)` the output nodes' own rows,
///
/// `S' = f(own(S) Ws + sum_r out_r(T) W_r + sum_c into_c(S) U_c)`,
/// `T' = f(own(T) Wt + sum_r into_r(S) W_r + sum_c out_c(T) U_c)`,
///
/// r over all relations, c over those with `along` weights; `out_r(T)` is the sum of the target rows of row i's
/// neighbours in `out`, times `out_scale[i]`, and `into_r(S)` likewise; f the activation and the row norm.
#[derive(Clone, Copy, Debug)]
pub struct DualLayer<'a> {
    /// S, `n x d`.
    pub sources: Matrix<'a>,
    /// T, `n x d`.
    pub targets: Matrix<'a>,
    /// Which of the n nodes each of the r output rows is: a graph with one edge a row; without it, r = n and every
    /// node is its own row.
    pub own: Option<&'a Graph>,
    /// Ws, `d x m`.
    pub source_weights: Matrix<'a>,
    /// Wt, `d x m`.
    pub target_weights: Matrix<'a>,
    /// The relations, at most [`MAX_RELATIONS`].
    pub relations: &'a [DualRelation<'a>],
    /// Applied to the finished sums.
    pub activation: Activation,
    /// Divide each row by its L2 norm after the activation.
    pub normalise: bool,
}

impl<'a> DualLayer<'a> {
    /// Output rows.
    fn rows(&self) -> usize {
        self.own.map_or(self.sources.rows(), Graph::rows)
    }

    fn along(&self) -> impl Iterator<Item = usize> + '_ {
        self.relations.iter().enumerate().filter(|(_, relation)| relation.along.is_some()).map(|(at, _)| at)
    }

    fn epilogue(&self) -> Epilogue {
        Epilogue { activation: self.activation, normalise: self.normalise }
    }

    /// The weights in the order in which they are packed and their gradients lie: own, across, along.
    fn weights(&self) -> impl Iterator<Item = Matrix<'a>> + '_ {
        let own = [self.source_weights, self.target_weights].into_iter();
        let across = self.relations.iter().map(|relation| relation.across);
        own.chain(across).chain(self.relations.iter().filter_map(|relation| relation.along))
    }

    /// The place of a relation's weights in that order.
    fn across_at(&self, relation: usize) -> usize {
        2 + relation
    }

    fn along_at(&self, relation: usize) -> Option<usize> {
        self.along().position(|at| at == relation).map(|at| 2 + self.relations.len() + at)
    }

    fn check(&self) -> Result<(), Error> {
        let (n, d, r, m) =
            (self.sources.rows(), self.sources.cols(), self.rows(), self.source_weights.cols());
        check_size(self.targets.rows(), n, c"layer.targets.rows")?;
        check_size(self.targets.cols(), d, c"layer.targets.cols")?;
        if self.relations.len() > MAX_RELATIONS {
            return Err(Error::new(Status::InvalidArgument, c"layer.relations").size(self.relations.len()));
        }
        if let Some(own) = self.own {
            check_size(own.cols(), n, c"layer.own.cols")?;
            if let Some(row) = (0..r).find(|&row| own.row(row).len() != 1) {
                let error = Error::new(Status::InvalidArgument, c"layer.own");
                return Err(error.at(row).size(own.row(row).len()));
            }
        }
        check_size(self.source_weights.rows(), d, c"layer.source_weights.rows")?;
        check_size(self.target_weights.rows(), d, c"layer.target_weights.rows")?;
        check_size(self.target_weights.cols(), m, c"layer.target_weights.cols")?;
        for (at, relation) in self.relations.iter().enumerate() {
            let check = |found, wanted, name| check_size(found, wanted, name).map_err(|e| e.at(at));
            check(relation.out.rows(), r, c"layer.relations.out.rows")?;
            check(relation.out.cols(), n, c"layer.relations.out.cols")?;
            check(relation.into.rows(), r, c"layer.relations.into.rows")?;
            check(relation.into.cols(), n, c"layer.relations.into.cols")?;
            check(relation.out_scale.map_or(r, <[f32]>::len), r, c"layer.relations.out_scale")?;
            check(relation.into_scale.map_or(r, <[f32]>::len), r, c"layer.relations.into_scale")?;
            check(relation.across.rows(), d, c"layer.relations.across.rows")?;
            check(relation.across.cols(), m, c"layer.relations.across.cols")?;
            if let Some(along) = relation.along {
                check(along.rows(), d, c"layer.relations.along.rows")?;
                check(along.cols(), m, c"layer.relations.along.cols")?;
            }
        }
        Ok(())
    }

    /// Vector operations of one pass.
    fn work(&self, rows: usize) -> usize {
        let (d, m) = (self.sources.cols(), self.source_weights.cols());
        let products =
            rows.saturating_mul(d).saturating_mul(m.div_ceil(LANES)).saturating_mul(self.weights().count());
        let edges: usize =
            self.relations.iter().map(|relation| relation.out.edges() + relation.into.edges()).sum();
        products.saturating_add(edges.saturating_mul(d.div_ceil(LANES)))
    }
}

/// The node's own rows within a range: a view if every node is its own row, else gathered into `room`.
fn own_rows<'a>(own: Option<&Graph>, x: Matrix<'a>, rows: &Range<usize>, room: &'a mut [f32]) -> Matrix<'a> {
    let Some(own) = own else { return x.slice(rows.start, rows.end) };
    let d = x.cols();
    for (to, row) in room.chunks_exact_mut(d.max(1)).zip(rows.clone()) {
        to.copy_from_slice(x.row(own.row(row)[0] as usize));
    }
    view(room, rows.len(), d)
}

/// The first `rows * cols` values of scratch.
fn view(room: &[f32], rows: usize, cols: usize) -> Matrix<'_> {
    Matrix::new(room, rows, cols).unwrap_or(Matrix::EMPTY)
}

/// Packed weights, or their transposes, side by side.
struct Packed<'a> {
    panels: [&'a [[crate::simd::Lanes; 4]]; 2 + 2 * MAX_RELATIONS],
}

impl<'a> Packed<'a> {
    fn len(layer: &DualLayer<'_>, transposed: bool) -> Option<usize> {
        let shape = |w: Matrix<'_>| if transposed { (w.cols(), w.rows()) } else { (w.rows(), w.cols()) };
        layer
            .weights()
            .map(shape)
            .try_fold(0usize, |sum, (inner, cols)| sum.checked_add(packed_len(inner, cols)?))
    }

    fn new(
        kernels: &Kernels,
        layer: &DualLayer<'_>,
        transposed: bool,
        mut room: &'a mut [f32],
    ) -> Packed<'a> {
        let mut packed = Packed { panels: [&[]; 2 + 2 * MAX_RELATIONS] };
        for (w, panels) in layer.weights().zip(&mut packed.panels) {
            let (inner, cols) = if transposed { (w.cols(), w.rows()) } else { (w.rows(), w.cols()) };
            let (to, after) = room.split_at_mut(packed_len(inner, cols).unwrap_or(0));
            pack(kernels, w, transposed, to);
            *panels = bytemuck::cast_slice(to);
            room = after;
        }
        packed
    }
}

/// Addends of one product, in order.
struct Terms<'a> {
    terms: [Term<'a>; 2 + 2 * MAX_RELATIONS],
    len: usize,
}

impl<'a> Terms<'a> {
    fn new() -> Terms<'a> {
        Terms { terms: [Term { x: Matrix::EMPTY, panels: &[] }; 2 + 2 * MAX_RELATIONS], len: 0 }
    }

    fn push(&mut self, x: Matrix<'a>, panels: &'a [[crate::simd::Lanes; 4]]) {
        self.terms[self.len] = Term { x, panels };
        self.len += 1;
    }

    fn as_slice(&self) -> &[Term<'a>] {
        &self.terms[..self.len]
    }
}

/// What [`dual_forward`] writes.
#[derive(Debug)]
pub struct DualRows<'a> {
    /// S', `r x m`.
    pub sources: MatrixMut<'a>,
    /// T', `r x m`.
    pub targets: MatrixMut<'a>,
    /// The norms of S' before the division, `r`; needed only when normalising.
    pub source_norms: Option<&'a mut [f32]>,
    /// The norms of T'.
    pub target_norms: Option<&'a mut [f32]>,
}

/// Computes a layer: the bits of [`crate::aggregate()`], then [`dense::product`] with the addends in the order own,
/// across (relation by relation), along. The sums never leave the cache.
///
/// Threads: blocks of 48 rows are shared. Workspace: the packed weights and for each part the sums of one block. Time:
/// the edges' d fused operations and `r * d * m` for each product.
///
/// Errors, before outputs are touched: sizes that do not fit (the position is the relation's number), an `own` graph
/// without exactly one edge in each row, [`Status::WorkspaceTooSmall`].
pub fn dual_forward(
    layer: &DualLayer<'_>,
    out: DualRows<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    layer.check()?;
    let (d, r, m) = (layer.sources.cols(), layer.rows(), layer.source_weights.cols());
    check_size(out.sources.rows(), r, c"out.sources.rows")?;
    check_size(out.sources.cols(), m, c"out.sources.cols")?;
    check_size(out.targets.rows(), r, c"out.targets.rows")?;
    check_size(out.targets.cols(), m, c"out.targets.cols")?;
    for (norms, name) in [(&out.source_norms, c"out.source_norms"), (&out.target_norms, c"out.target_norms")]
    {
        let norms = norms.as_deref().map(<[f32]>::len);
        dense::check_norms(layer.normalise, norms, r).map_err(|e| e.about(name))?;
    }
    if m == 0 && !layer.normalise {
        return Ok(());
    }
    let parts = pool::parts(pool, layer.work(r));
    let block = d.checked_mul(ROW_BLOCK);
    let scratch = block.and_then(|block| block.checked_mul((2 + 2 * layer.relations.len()) * parts));
    let [packed, scratch] = workspace.pieces([Packed::len(layer, false), scratch])?;
    let kernels = kernels();
    let packed = &Packed::new(kernels, layer, false, packed);
    let out = ((out.sources, out.source_norms), (out.targets, out.target_norms));
    pool::for_rows(pool, parts, 0..r, pool::even, out, scratch, |rows, out, scratch| {
        let ((mut sources, mut source_norms), (mut targets, mut target_norms)) = out;
        let first = rows.start;
        for from in rows.clone().step_by(ROW_BLOCK) {
            let block = from..rows.end.min(from + ROW_BLOCK);
            let (len, size) = (block.len(), ROW_BLOCK * d);
            let (own_s, rest) = scratch.split_at_mut(size);
            let (own_t, mut rest) = rest.split_at_mut(size);
            let (mut s, mut t) = (Terms::new(), Terms::new());
            s.push(own_rows(layer.own, layer.sources, &block, &mut own_s[..len * d]), packed.panels[0]);
            t.push(own_rows(layer.own, layer.targets, &block, &mut own_t[..len * d]), packed.panels[1]);
            let mut sums = [(Matrix::EMPTY, Matrix::EMPTY); MAX_RELATIONS];
            for (at, relation) in layer.relations.iter().enumerate() {
                let (out, after) = rest.split_at_mut(size);
                let (into, after) = after.split_at_mut(size);
                rest = after;
                let links = [
                    (
                        Link { graph: relation.out, row_scale: relation.out_scale, source_scale: None },
                        layer.targets,
                        out,
                    ),
                    (
                        Link { graph: relation.into, row_scale: relation.into_scale, source_scale: None },
                        layer.sources,
                        into,
                    ),
                ];
                let [out, into] = links.map(|(link, x, to)| {
                    sum_rows(kernels, link, block.clone(), x, MatrixMut::exact(&mut to[..len * d], len, d));
                    view(&to[..len * d], len, d)
                });
                sums[at] = (out, into);
                s.push(out, packed.panels[layer.across_at(at)]);
                t.push(into, packed.panels[layer.across_at(at)]);
            }
            for at in layer.along() {
                let panels = packed.panels[layer.along_at(at).unwrap_or(0)];
                s.push(sums[at].1, panels);
                t.push(sums[at].0, panels);
            }
            let here = block.start - first..block.end - first;
            for (terms, rows, norms) in
                [(s, &mut sources, &mut source_norms), (t, &mut targets, &mut target_norms)]
            {
                let mut rows = rows.slice_mut(here.clone());
                kernels.product(terms.as_slice(), Start::Zero, rows.reborrow());
                if layer.normalise || layer.activation != Activation::None {
                    let norms = norms.as_deref_mut().map_or(&mut [][..], |norms| &mut norms[here.clone()]);
                    kernels.activate(layer.epilogue(), rows, norms);
                }
            }
        }
    });
    Ok(())
}
