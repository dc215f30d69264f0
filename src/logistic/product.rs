//! The entire-space product form: a probability that is the product of two, each with a logit of its own.

pub(crate) mod ffi;
pub(crate) mod kernel;

use super::{Targets, in_leaves};
use crate::error::{Error, check_size};
use crate::pool::Pool;
use crate::simd::dispatch::kernels;
use crate::workspace::Workspace;
use kernel::ProductOut;

/// What [`product_loss`] computes; each may be absent. Arrays have one value for each row.
#[derive(Debug, Default)]
pub struct ProductLoss<'a> {
    /// `-a log f - b log(1 - f)`.
    pub losses: Option<&'a mut [f32]>,
    /// Its derivative by the first logit, `b sigmoid(x1) / (1 + e^(x1 - x2) + e^-x2) - a sigmoid(-x1)`.
    pub first_gradient: Option<&'a mut [f32]>,
    /// Its derivative by the second logit: the same with x1 and x2 swapped.
    pub second_gradient: Option<&'a mut [f32]>,
    /// The sum of the losses.
    pub sum: Option<&'a mut f64>,
}

/// The log loss of `f = sigmoid(x1) sigmoid(x2)` for the two logits of each row, with both derivatives: see
/// [`ProductLoss`].
///
/// It learns `P(redeemed | x) = P(clipped | x) P(redeemed | clipped, x)` from all rows instead of the clipped ones (the
/// entire space: ESMM of Ma et al., SIGIR 2018, and its successor ESM2 of Wen et al., SIGIR 2020). The coefficients may be
/// those of [`super::feedback_weights`] for f; the loss of the first factor's own label, by [`super::pointwise`], is the
/// caller's to add.
///
/// - Weights and coefficients are finite and, unless `signed`, not negative; labels are in [0, 1].
/// - Accuracy, in ULP of the same expression with |a| and |b|, for coefficients up to 2^90: gradients 2.3, loss 3.0;
///   nothing cancels but a's part with b's, and nothing underflows before the subnormals end.
/// - Order: each row stands alone. The sum as that of [`super::pointwise`].
/// - A NaN logit gives NaN; an infinite one the limits (a coefficient of 0 gives 0), two equal infinite ones those of equal
///   logits. NaN results are canonical.
/// - Threads: leaves of 1024 rows are shared. Workspace: 16 bytes for each leaf. Time: linear.
///
/// Errors: lengths that differ, before anything is touched. A value out of range is found on the way: its position is
/// that of the first one; per-row outputs are then unspecified, the sum is as it was.
pub fn product_loss(
    first: &[f32],
    second: &[f32],
    targets: Targets<'_>,
    signed: bool,
    out: ProductLoss<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    let rows = first.len();
    check_size(second.len(), rows, c"second")?;
    targets.check(rows)?;
    let ProductLoss { losses, first_gradient, second_gradient, sum } = out;
    check_size(losses.as_ref().map_or(rows, |out| out.len()), rows, c"losses")?;
    check_size(first_gradient.as_ref().map_or(rows, |out| out.len()), rows, c"first_gradient")?;
    check_size(second_gradient.as_ref().map_or(rows, |out| out.len()), rows, c"second_gradient")?;
    let kernels = kernels();
    let want_sum = sum.is_some();
    let arrays = [losses, first_gradient, second_gradient];
    in_leaves(targets, signed, arrays, sum, rows, pool, workspace, |rows, targets, arrays| {
        let [losses, first_gradient, second_gradient] = arrays;
        let out = ProductOut { losses, first_gradient, second_gradient };
        kernels.logistic_product(&first[rows.clone()], &second[rows], targets, signed, want_sum, out)
    })
}
