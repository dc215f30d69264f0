//! C entry point of the product form.

#![allow(unsafe_code)]

use super::{ProductLoss, product_loss};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{Memory, handle_mut};
use crate::logistic::ffi::{avocet_logistic_targets, check_rows, load_targets};

/// The log loss of a product of two probabilities, `f = sigmoid(x1) sigmoid(x2)`, for the two logits of each row:
///
/// `losses[i] = -a log f - b log(1 - f)`,
/// `first_gradient[i] = b sigmoid(x1) / (1 + e^(x1 - x2) + e^-x2) - a sigmoid(-x1)`, its derivative by x1,
/// `second_gradient[i]` the same with x1 and x2 swapped, and `*sum` the sum of the losses.
///
/// It learns `P(redeemed | x) = P(clipped | x) P(redeemed | clipped, x)` from all rows instead of the clipped ones (the
/// entire space: ESMM of Ma et al., SIGIR 2018, and its successor ESM2 of Wen et al., SIGIR 2020). The coefficients may be
/// those of `avocet_feedback_weights` for f; the loss of the first factor's own label, by `avocet_logistic_pointwise`, is
/// the caller's to add.
///
/// Shapes: all arrays hold `rows` values; any output may be NULL. Weights and coefficients are finite and, unless
/// `signed_weights` is 1, not negative. Accuracy, in units in the last place of the same expression with |a| and |b|,
/// for coefficients up to 2^90: gradients 2.3, loss 3.0; nothing cancels but a's part with b's, and nothing underflows
/// before the subnormals end.
///
/// Order: each row stands alone. The sum: as that of `avocet_logistic_pointwise`. A NaN logit gives NaN, an infinite one
/// the limits (a coefficient of 0 gives 0), two equal infinite ones those of equal logits. NaN results are canonical.
/// Threads: leaves of 1024 rows are shared among the pool's threads. Workspace: 16 bytes for each leaf. Time: linear.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (`targets`: the first value out of range, with its position; it is found on
/// the way, so losses and gradients are unspecified then, `*sum` as it was); before anything is touched
/// INVALID_ARGUMENT (flag, alignment; labels or weights beside coefficients), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_logistic_product(
    first: *const f32,
    second: *const f32,
    targets: *const avocet_logistic_targets,
    losses: *mut f32,
    first_gradient: *mut f32,
    second_gradient: *mut f32,
    sum: *mut f64,
    rows: usize,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<8>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_rows(rows)?;
            let first = memory.read(first, rows, c"first")?;
            let second = memory.read(second, rows, c"second")?;
            let (targets, signed) = load_targets(&mut memory, targets, rows)?;
            let out = ProductLoss {
                losses: memory.write_optional(losses, rows, c"losses")?,
                first_gradient: memory.write_optional(first_gradient, rows, c"first_gradient")?,
                second_gradient: memory.write_optional(second_gradient, rows, c"second_gradient")?,
                sum: memory.write_optional(sum, 1, c"sum")?.map(|sum| &mut sum[0]),
            };
            let pool = threads(pool)?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            product_loss(first, second, targets, signed, out, pool, workspace)
        }
    };
    let names =
        names![first, second, targets, losses, first_gradient, second_gradient, sum, rows, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}
