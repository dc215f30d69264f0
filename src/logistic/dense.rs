//! Logistic regression over dense rows: margins, loss, gradient, curvature and Hessian-vector product in one pass.

use super::Targets;
use super::batch::BatchRows;
use super::kernel::{Linear, RowSum, RowSums};
use super::pass::{
    BAD_TARGET, BatchOut, BatchSums, Block, GOOD, LeafSums, Rowwise, Sums, leaf_rows, leaf_sums,
};
use crate::error::{Error, check_size};
use crate::pool::{self, Pool, Split};
use crate::simd::LANES;
use crate::simd::dispatch::kernels;
use crate::simd::order::{EXAMPLE_LEAF, fold};
use crate::view::AnyMatrix;
use crate::workspace::Workspace;
use std::ops::Range;

/// Rows that are worked on at once: few, so that the CPU goes on fetching the next ones most of the time.
const BLOCK_BYTES: usize = 8 << 10;
const BLOCK_ROWS: usize = 64;

/// Rows of a block, whole vectors of them.
fn block_rows(width: usize) -> usize {
    (BLOCK_BYTES / (width.max(1) * size_of::<f32>())).clamp(LANES, BLOCK_ROWS) / LANES * LANES
}

/// Values for each leaf, cut at numbers of rows.
struct PerLeaf<'a>(&'a mut [LeafSums]);

impl Split for PerLeaf<'_> {
    fn split(self, at: usize) -> (Self, Self) {
        let (a, b) = self.0.split_at_mut(at / EXAMPLE_LEAF);
        (PerLeaf(a), PerLeaf(b))
    }
}

/// [`super::batch`] over dense rows.
pub(super) fn dense_rows(
    x: AnyMatrix<'_>,
    rows: BatchRows<'_>,
    targets: Option<Targets<'_>>,
    signed: bool,
    out: BatchOut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<BatchSums, Error> {
    let (n, d) = (x.rows(), x.cols());
    check_size(rows.weights.len(), d, c"rows.weights")?;
    check_size(rows.offsets.map_or(n, <[f32]>::len), n, c"rows.offsets")?;
    let wants = out.check(targets, n, d)?;
    let BatchOut { margins, gradient, curvature, product } = out;
    let leaves = n.div_ceil(EXAMPLE_LEAF);
    let vectors = wants.vectors();
    let len = d.checked_mul(vectors);
    let parts = pool::parts(pool, n.saturating_mul((1 + vectors) * d.div_ceil(LANES) + 4));
    let scratch = len.and_then(|len| pool::fold_scratch(parts, leaves, len, 0));
    let [sum, scratch, of_leaves] = workspace.pieces([len, scratch, leaves.checked_mul(10)])?;
    let of_leaves: &mut [LeafSums] = bytemuck::cast_slice_mut(of_leaves);

    let kernels = kernels();
    let along = product.as_ref().map(|product| (product.along, product.along_intercept));
    let point = Rowwise { kernels, targets, signed, wants };
    let pass = Pass { point, x, rows, along };
    let into = (margins, PerLeaf(&mut *of_leaves));
    pool::fold_leaves(
        kernels,
        pool,
        parts,
        leaves,
        EXAMPLE_LEAF,
        into,
        sum,
        scratch,
        |leaf, into, sum, _| {
            let (margins, PerLeaf(sums)) = into;
            sums[0] = pass.leaf(leaf, margins, sum);
        },
    );
    if let Some(leaf) = of_leaves.iter().position(|sums| sums[4] != GOOD) {
        return Err(point.bad_target(leaf));
    }
    let mut sums = sum.chunks_exact(d.max(1));
    let vectors = [gradient, curvature, product.map(|product| product.out)];
    for to in vectors.into_iter().flatten() {
        if let Some(sum) = sums.next() {
            to.copy_from_slice(sum);
        }
    }
    let [loss, gradient, curvature, product, _] = fold(of_leaves);
    Ok(BatchSums { loss, gradient, curvature, product })
}

/// What every leaf of a pass reads.
#[derive(Clone, Copy)]
struct Pass<'a> {
    point: Rowwise<'a>,
    x: AnyMatrix<'a>,
    rows: BatchRows<'a>,
    along: Option<(&'a [f32], f32)>,
}

impl Pass<'_> {
    /// One leaf: its vectors to `sum`, its margins to `out`, and its single numbers.
    fn leaf(&self, leaf: usize, out: Option<&mut [f32]>, sum: &mut [f32]) -> LeafSums {
        sum.fill(0.0);
        let mut good = true;
        let rows = leaf_rows(leaf, self.x.rows());
        let [loss, gradient, curvature, product] =
            leaf_sums(rows, block_rows(self.x.cols()), out, |rows, margins, found| {
                good &= self.block(rows, margins, sum, found);
            });
        [loss, gradient, curvature, product, if good { GOOD } else { BAD_TARGET }]
    }

    /// Some rows of a leaf, which are added to its vectors and single numbers. Whether their targets are in range.
    fn block(&self, range: Range<usize>, out: Option<&mut [f32]>, sum: &mut [f32], found: &mut Sums) -> bool {
        let Pass { point, x, rows, along } = *self;
        let x = x.slice(range.start, range.end);
        let mut block = Block::<BLOCK_ROWS>::new(range.clone());
        let offsets = rows.offsets.map(|offsets| &offsets[range.clone()]);
        let model = Linear { weights: rows.weights, intercept: rows.intercept, offsets };
        let (margins, factors) = block.margins_and_factors();
        let second =
            along.map(|(weights, intercept)| (Linear { weights, intercept, offsets: None }, factors));
        point.kernels.logistic_margins(x, model, margins, second);
        if let Some(out) = out {
            out.copy_from_slice(margins);
        }
        if point.targets.is_none() {
            return true;
        }
        let good = point.block(&mut block, found);
        let mut sums = sum.chunks_exact_mut(x.cols().max(1));
        let mut vector = |factors: Option<_>| {
            let (factors, out) = (factors?, sums.next()?);
            Some(RowSum { factors, out })
        };
        let [slopes, curvatures, factors] = block.factors(point.wants).map(&mut vector);
        let sums = RowSums { linear: [slopes, factors], squared: curvatures };
        point.kernels.logistic_accumulate(x, sums);
        good
    }
}
