//! Logistic regression over dense rows: margins, loss, gradient, curvature and Hessian-vector product in one pass.

use super::Targets;
use super::kernel::{Linear, PointOut, RowSum, RowSums, RunningSum};
use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool, Split};
use crate::simd::LANES;
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::order::{EXAMPLE_LEAF, fold};
use crate::view::AnyMatrix;
use crate::workspace::Workspace;
use std::ops::Range;

/// The rows and the model of [`dense_rows`].
#[derive(Clone, Copy, Debug)]
pub struct DenseRows<'a> {
    /// Features, `n x d`, of any element type.
    pub x: AnyMatrix<'a>,
    /// Added to each margin, `n` values; zeros if absent.
    pub offsets: Option<&'a [f32]>,
    /// Weights of the features, `d` values.
    pub weights: &'a [f32],
    /// Added to every margin.
    pub intercept: f32,
}

/// What [`dense_rows`] computes beside its sums; each may be absent.
#[derive(Debug, Default)]
pub struct DenseOut<'a> {
    /// The margin of each row: its logit, `x . weights + intercept + offset`; `n` values.
    pub margins: Option<&'a mut [f32]>,
    /// The gradient by the weights, the sum over rows of `(b sigmoid(m) - a sigmoid(-m)) x`; `d` values.
    pub gradient: Option<&'a mut [f32]>,
    /// The diagonal of the Hessian, the sum of `h x^2` with `h = (a + b) sigmoid(m) sigmoid(-m)`; `d` values.
    pub curvature: Option<&'a mut [f32]>,
    /// The Hessian times the vector `(along, along_intercept)`: the sum of `h (x . along + along_intercept) x`; `d`
    /// values each.
    pub product: Option<Product<'a>>,
}

/// A Hessian-vector product.
#[derive(Debug)]
pub struct Product<'a> {
    /// The vector's part for the weights.
    pub along: &'a [f32],
    /// The vector's part for the intercept.
    pub along_intercept: f32,
    /// The product's part for the weights.
    pub out: &'a mut [f32],
}

/// The sums of [`dense_rows`] that are single numbers. Those by the intercept are 0 where the output that they belong to
/// is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DenseSums {
    /// The sum of the losses.
    pub loss: f64,
    /// The gradient by the intercept.
    pub gradient: f64,
    /// The second derivative by the intercept.
    pub curvature: f64,
    /// The part of the Hessian-vector product for the intercept.
    pub product: f64,
}

/// What each leaf leaves: four sums, and 1 if all its targets are in range.
type LeafSums = [f64; 5];

/// Sums of losses, slopes, curvatures and the product's factors, on the way through a leaf.
type Sums = [RunningSum; 4];

/// Values for each leaf, cut at numbers of rows.
struct PerLeaf<'a>(&'a mut [LeafSums]);

impl Split for PerLeaf<'_> {
    fn split(self, at: usize) -> (Self, Self) {
        let (a, b) = self.0.split_at_mut(at / EXAMPLE_LEAF);
        (PerLeaf(a), PerLeaf(b))
    }
}

/// Rows that are worked on at once: few, so that the next ones are being fetched most of the time. Fetching them by hand
/// was slower, whatever the distance.
const BLOCK_BYTES: usize = 8 << 10;
const BLOCK_ROWS: usize = 64;

/// Rows of a block, whole vectors of them.
fn block_rows(width: usize) -> usize {
    (BLOCK_BYTES / (width.max(1) * size_of::<f32>())).clamp(LANES, BLOCK_ROWS) / LANES * LANES
}

/// Logistic regression over dense rows, reading them once: any of margins, gradient, diagonal curvature and
/// Hessian-vector product, and the sum of the losses `a softplus(-m) + b softplus(m)` of the margins m. The penalty of a
/// regularised model is the caller's to add.
///
/// Shapes: see [`DenseRows`], [`DenseOut`]; `targets` has one value a row and may be absent where only margins are
/// wanted. Targets, `signed`, accuracy of each row's loss and derivatives: as [`super::pointwise`].
///
/// - Elements of 16 bits are widened exactly; results are those of the f32 matrix of the same values.
/// - Order: dots in `LANES16`, then `+ intercept`, then `+ offset`. Sums over rows in leaves of 1024, each one fma chain
///   from +0 for each column, added by the fixed tree; single numbers as the sum of [`super::pointwise`]. The product's
///   factors are `h * (x . along + along_intercept)`; the curvature's columns `fma(h, x * x, sum)`.
/// - NaN results are canonical. Infinite margins give the limits of [`super::pointwise`].
/// - Threads: leaves are shared. Workspace: 40 bytes for each leaf and, for each part of the work and level of the tree,
///   one sum of each vector that is wanted. Time: n * d fused operations for the margins and for each vector.
///
/// Errors: sizes that do not fit, absent targets, before anything is touched. A target out of range is found on the way:
/// its position is that of the first one; margins are then unspecified, everything else is as it was.
pub fn dense_rows(
    rows: DenseRows<'_>,
    targets: Option<Targets<'_>>,
    signed: bool,
    out: DenseOut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<DenseSums, Error> {
    let (n, d) = (rows.x.rows(), rows.x.cols());
    check_size(rows.weights.len(), d, c"rows.weights")?;
    check_size(rows.offsets.map_or(n, <[f32]>::len), n, c"rows.offsets")?;
    let DenseOut { margins, gradient, curvature, product } = out;
    check_size(margins.as_ref().map_or(n, |out| out.len()), n, c"out.margins")?;
    check_size(gradient.as_ref().map_or(d, |out| out.len()), d, c"out.gradient")?;
    check_size(curvature.as_ref().map_or(d, |out| out.len()), d, c"out.curvature")?;
    if let Some(product) = &product {
        check_size(product.along.len(), d, c"out.along")?;
        check_size(product.out.len(), d, c"out.product")?;
    }
    let wants = [gradient.is_some(), curvature.is_some(), product.is_some()];
    match targets {
        Some(targets) => targets.check(n)?,
        None if wants.contains(&true) => return Err(Error::new(Status::NullPointer, c"targets")),
        None => {}
    }
    let leaves = n.div_ceil(EXAMPLE_LEAF);
    let vectors = wants.iter().filter(|&&wanted| wanted).count();
    let len = d.checked_mul(vectors);
    let parts = pool::parts(pool, n.saturating_mul((1 + vectors) * d.div_ceil(LANES) + 4));
    let scratch = len.and_then(|len| pool::fold_scratch(parts, leaves, len, 0));
    let [sum, scratch, leaf_sums] = workspace.pieces([len, scratch, leaves.checked_mul(10)])?;
    let leaf_sums: &mut [LeafSums] = bytemuck::cast_slice_mut(leaf_sums);

    let kernels = kernels();
    let along = product.as_ref().map(|product| (product.along, product.along_intercept));
    let pass = Pass { kernels, rows, targets, signed, wants, along };
    let into = (margins, PerLeaf(&mut *leaf_sums));
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
    if let Some(leaf) = leaf_sums.iter().position(|sums| sums[4] == 0.0) {
        return Err(super::first_bad_from(targets, leaf * EXAMPLE_LEAF, signed));
    }
    let mut sums = sum.chunks_exact(d.max(1));
    let vectors = [gradient, curvature, product.map(|product| product.out)];
    for to in vectors.into_iter().flatten() {
        if let Some(sum) = sums.next() {
            to.copy_from_slice(sum);
        }
    }
    let [loss, gradient, curvature, product, _] = fold(leaf_sums);
    Ok(DenseSums { loss, gradient, curvature, product })
}

/// What every leaf of a pass reads.
#[derive(Clone, Copy)]
struct Pass<'a> {
    kernels: &'static Kernels,
    rows: DenseRows<'a>,
    targets: Option<Targets<'a>>,
    signed: bool,
    /// Gradient, curvature, product.
    wants: [bool; 3],
    along: Option<(&'a [f32], f32)>,
}

impl Pass<'_> {
    /// One leaf: its vectors to `sum`, its margins to `out`, and its single numbers.
    fn leaf(&self, leaf: usize, mut out: Option<&mut [f32]>, sum: &mut [f32]) -> LeafSums {
        let rows = self.rows.x.rows();
        let width = self.rows.x.cols();
        sum.fill(0.0);
        let mut found = Sums::default();
        let mut good = true;
        let block = block_rows(width);
        let (first, end) = (leaf * EXAMPLE_LEAF, rows.min((leaf + 1) * EXAMPLE_LEAF));
        let mut from = first;
        while from < end {
            let to = end.min(from + block);
            let margins = out.as_mut().map(|out| &mut out[from - first..to - first]);
            good &= self.block(from..to, margins, sum, &mut found);
            from = to;
        }
        let [loss, gradient, curvature, product] = found.map(|sum| sum.total());
        [loss, gradient, curvature, product, if good { 1.0 } else { 0.0 }]
    }

    /// Some rows of a leaf, which are added to its vectors and single numbers. Whether their
    /// targets are in range.
    fn block(&self, range: Range<usize>, out: Option<&mut [f32]>, sum: &mut [f32], found: &mut Sums) -> bool {
        let Pass { kernels, rows, signed, .. } = *self;
        let x = rows.x.slice(range.start, range.end);
        let mut values = [[0.0; BLOCK_ROWS]; 5];
        let [margins, losses, slopes, curvatures, factors] = values.each_mut().map(|v| &mut v[..range.len()]);
        let offsets = rows.offsets.map(|offsets| &offsets[range.clone()]);
        let model = Linear { weights: rows.weights, intercept: rows.intercept, offsets };
        let second = self
            .along
            .map(|(weights, intercept)| (Linear { weights, intercept, offsets: None }, &mut *factors));
        kernels.logistic_margins(x, model, margins, second);
        if let Some(out) = out {
            out.copy_from_slice(margins);
        }
        let Some(targets) = self.targets else { return true };
        let [gradient, curvature, product] = self.wants;
        let point = PointOut {
            losses: Some(&mut *losses),
            gradient: gradient.then_some(&mut *slopes),
            curvature: (curvature || product).then_some(&mut *curvatures),
        };
        let targets = targets.part(range.start, range.len());
        let good = kernels.logistic_pointwise(margins, targets, signed, false, point).good;
        if product {
            for (factor, curvature) in factors.iter_mut().zip(&*curvatures) {
                *factor *= *curvature;
            }
        }
        let singles =
            [(true, &*losses), (gradient, &*slopes), (curvature, &*curvatures), (product, &*factors)];
        for (found, (wanted, values)) in found.iter_mut().zip(singles) {
            if wanted {
                kernels.two_part_add(values, found);
            }
        }
        let mut sums = sum.chunks_exact_mut(rows.x.cols().max(1));
        let mut vector = |(wanted, factors)| {
            let out = if wanted { sums.next() } else { None };
            out.map(|out| RowSum { factors, out })
        };
        let [slopes, curvatures, factors] = [singles[1], singles[2], singles[3]].map(&mut vector);
        let sums = RowSums { linear: [slopes, factors], squared: curvatures };
        kernels.logistic_accumulate(x, sums);
        good
    }
}
