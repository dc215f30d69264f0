//! Importance-weighted logistic regression: loss, gradient and curvature, and the weights of delayed feedback.

pub(crate) mod batch;
pub(crate) mod csr;
mod dense;
mod feedback;
pub(crate) mod ffi;
pub(crate) mod fit;
pub(crate) mod kernel;
mod merge;
mod pass;
pub(crate) mod product;
pub(crate) mod sparse;
mod stream;

pub use crate::parts::{AlignedParts, MAX_PARTS, aligned_parts};
pub use batch::{BatchRows, Features, batch};
pub use csr::PreparedRows;
pub use feedback::{Method, RowKind, Rows, Scheme, feedback_weights, served};
pub use fit::{Fit, FitOptions, Outcome, fit};
pub use merge::{Part, merge};
pub use pass::{BatchOut, BatchSums, Product};
pub use product::{ProductLoss, product_loss};
pub use sparse::{Optimiser, SparseModel, SparseRows};
pub use stream::{Clicks, NEVER, Protocol, Stream, build_stream};

use crate::error::{Error, Status, check_size};
use crate::pool::{self, Leaves, Pool};
use crate::simd::dispatch::kernels;
use crate::simd::order::{EXAMPLE_LEAF, fold};
use crate::workspace::Workspace;
use kernel::{PointOut, PointSum};
use std::ffi::CStr;
use std::ops::Range;

/// What the rows of a logistic loss are to learn, one value a row.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a> {
    /// The coefficients of `a softplus(-x) + b softplus(x)`.
    Coefficients {
        /// Weight of the row as a positive.
        a: &'a [f32],
        /// Weight of the row as a negative.
        b: &'a [f32],
    },
    /// `a = weight * label`, `b = weight * (1 - label)`.
    Labels {
        /// Labels in [0, 1]; fractions are soft labels.
        labels: &'a [f32],
        /// A weight for each row; ones if absent.
        weights: Option<&'a [f32]>,
    },
}

impl Targets<'_> {
    /// Refuses arrays that have not one value for each of `rows` rows.
    fn check(self, rows: usize) -> Result<(), Error> {
        let (first, second) = match self {
            Targets::Coefficients { a, b } => (a.len(), b.len()),
            Targets::Labels { labels, weights } => (labels.len(), weights.map_or(rows, <[f32]>::len)),
        };
        let [first_name, second_name] = self.names();
        check_size(first, rows, first_name)?;
        check_size(second, rows, second_name)
    }

    /// The rows from `at` on, `len` of them.
    fn part(self, at: usize, len: usize) -> Self {
        let part = |values: &'_ [f32]| -> std::ops::Range<usize> { at..at + len.min(values.len() - at) };
        match self {
            Targets::Coefficients { a, b } => Targets::Coefficients { a: &a[part(a)], b: &b[part(b)] },
            Targets::Labels { labels, weights } => {
                Targets::Labels { labels: &labels[part(labels)], weights: weights.map(|w| &w[part(w)]) }
            }
        }
    }

    /// The error of the first row whose values are out of range; `names` are those of the two arrays.
    pub(crate) fn first_bad(self, signed: bool, names: [&'static CStr; 2]) -> Option<Error> {
        let weight = |value: f32, name: usize, at: usize| {
            let status = match value {
                _ if !value.is_finite() => Status::NotFinite,
                _ if value < 0.0 && !signed => Status::InvalidArgument,
                _ => return None,
            };
            Some(Error::new(status, names[name]).at(at).real(value.into()))
        };
        let label = |value: f32, at: usize| match value {
            _ if value.is_nan() => Some(Error::new(Status::NotFinite, names[0]).at(at).real(value.into())),
            _ if (0.0..=1.0).contains(&value) => None,
            _ => Some(Error::new(Status::InvalidArgument, names[0]).at(at).real(value.into())),
        };
        match self {
            Targets::Coefficients { a, b } => {
                (0..a.len()).find_map(|at| weight(a[at], 0, at).or_else(|| weight(b[at], 1, at)))
            }
            Targets::Labels { labels, weights } => (0..labels.len())
                .find_map(|at| label(labels[at], at).or_else(|| weights.and_then(|w| weight(w[at], 1, at)))),
        }
    }

    /// The names of the two arrays.
    fn names(self) -> [&'static CStr; 2] {
        match self {
            Targets::Coefficients { .. } => [c"targets.a", c"targets.b"],
            Targets::Labels { .. } => [c"targets.labels", c"targets.weights"],
        }
    }
}

/// What [`pointwise`] computes; each may be absent. Arrays have one value for each row.
#[derive(Debug, Default)]
pub struct Pointwise<'a> {
    /// `a softplus(-x) + b softplus(x)`.
    pub losses: Option<&'a mut [f32]>,
    /// Its first derivative by the logit, `b sigmoid(x) - a sigmoid(-x)`.
    pub gradient: Option<&'a mut [f32]>,
    /// Its second derivative, `(a + b) sigmoid(x) sigmoid(-x)`.
    pub curvature: Option<&'a mut [f32]>,
    /// The sum of the losses.
    pub sum: Option<&'a mut f64>,
}

/// The logistic loss of each row from its logit x, with derivatives: see [`Pointwise`].
///
/// - Weights and coefficients are finite and, unless `signed`, not negative; labels are in [0, 1].
/// - Accuracy, in ULP of the same expression with |a| and |b|, for coefficients up to 2^90: gradient 1.8, curvature
///   1.5, loss 1.8; no cancellation between label and prediction, and no underflow before the subnormals end.
/// - Order: each row stands alone. The sum: in a leaf of 1024 rows, loss i goes to lane i mod 16 of one accumulator in
///   two parts; lanes are added in f64 in their order, leaves by the fixed tree.
/// - A NaN logit gives NaN; an infinite one the limits (a coefficient of 0 gives 0). NaN results are canonical.
/// - Threads: leaves are shared. Workspace: 16 bytes for each leaf. Sums over parts of the rows: see [`aligned_parts`].
///
/// Errors: lengths that differ, before anything is touched. A value out of range is found on the way: its position is
/// that of the first one; per-row outputs are then unspecified, the sum is as it was.
pub fn pointwise(
    logits: &[f32],
    targets: Targets<'_>,
    signed: bool,
    out: Pointwise<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    let rows = logits.len();
    targets.check(rows)?;
    let Pointwise { losses, gradient, curvature, sum } = out;
    check_size(losses.as_ref().map_or(rows, |out| out.len()), rows, c"losses")?;
    check_size(gradient.as_ref().map_or(rows, |out| out.len()), rows, c"gradient")?;
    check_size(curvature.as_ref().map_or(rows, |out| out.len()), rows, c"curvature")?;
    let kernels = kernels();
    let want_sum = sum.is_some();
    let arrays = [losses, gradient, curvature];
    in_leaves(targets, signed, arrays, sum, rows, pool, workspace, |rows, targets, arrays| {
        let [losses, gradient, curvature] = arrays;
        let out = PointOut { losses, gradient, curvature };
        kernels.logistic_pointwise(&logits[rows], targets, signed, want_sum, out)
    })
}

/// Calls `run(rows, their targets, their part of each array)` for every leaf of 1024 rows, shared among the pool's
/// threads, and adds its sums by the fixed tree. Workspace: 16 bytes for each leaf.
///
/// Errors: the first target out of range; `sum` is as it was.
fn in_leaves(
    targets: Targets<'_>,
    signed: bool,
    arrays: [Option<&mut [f32]>; 3],
    sum: Option<&mut f64>,
    rows: usize,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
    run: impl Fn(Range<usize>, Targets<'_>, [Option<&mut [f32]>; 3]) -> PointSum + Sync,
) -> Result<(), Error> {
    let leaves = rows.div_ceil(EXAMPLE_LEAF);
    let [sums] = workspace.pieces([leaves.checked_mul(4)])?;
    // The loss of a leaf, and 1 if its values are in range, else 0.
    let sums: &mut [[f64; 2]] = bytemuck::cast_slice_mut(sums);
    let [a, b, c] = arrays.map(|array| array.map(|items| Leaves { items, width: EXAMPLE_LEAF }));
    let parts = pool::parts(pool, rows.saturating_mul(4));
    let out = ((a, b, c), &mut *sums);
    pool::for_rows(pool, parts, 0..leaves, pool::even, out, &mut [], |range, ((a, b, c), sums), _| {
        let mut arrays = [a, b, c].map(|array| array.map(|out| out.items.chunks_mut(EXAMPLE_LEAF)));
        for (leaf, sum) in range.zip(sums) {
            let first = leaf * EXAMPLE_LEAF;
            let own = first..rows.min(first + EXAMPLE_LEAF);
            let [a, b, c] = &mut arrays;
            let part = [a, b, c].map(|array| array.as_mut().and_then(Iterator::next));
            let targets = targets.part(first, own.len());
            let PointSum { loss, good } = run(own, targets, part);
            *sum = [loss, if good { 1.0 } else { 0.0 }];
        }
    });
    if let Some(leaf) = sums.iter().position(|&[_, good]| good == 0.0) {
        return Err(first_bad_from(Some(targets), leaf * EXAMPLE_LEAF, signed));
    }
    if let Some(sum) = sum {
        *sum = fold(sums)[0];
    }
    Ok(())
}

/// The error of the first target out of range from a row on, of which a kernel has found that there is one.
fn first_bad_from(targets: Option<Targets<'_>>, first: usize, signed: bool) -> Error {
    let bad =
        targets.and_then(|targets| targets.part(first, EXAMPLE_LEAF).first_bad(signed, targets.names()));
    match bad {
        Some(error) => error.at(first + error.position as usize),
        None => Error::new(Status::Internal, c""),
    }
}
