//! The loop of the product form. It trusts its arguments: `product.rs` has checked them.

use crate::logistic::Targets;
use crate::logistic::kernel::{PointSum, TwoPartSum, coefficients, first_lanes, load_at, store_at};
use crate::simd::logit_pair::LogitPair;
use crate::simd::{LANES, Simd};

/// What [`product`] writes, as long as its logits.
pub(crate) struct ProductOut<'a> {
    pub losses: Option<&'a mut [f32]>,
    pub first_gradient: Option<&'a mut [f32]>,
    pub second_gradient: Option<&'a mut [f32]>,
}

/// Losses and gradients of one leaf, and the sum of its losses if `want_sum`, in the order of
/// [`crate::logistic::kernel::pointwise`].
#[inline(always)]
pub(crate) fn product<S: Simd>(
    s: S,
    first: &[f32],
    second: &[f32],
    targets: Targets<'_>,
    signed: bool,
    want_sum: bool,
    out: ProductOut<'_>,
) -> PointSum {
    let ProductOut { mut losses, mut first_gradient, mut second_gradient } = out;
    let want_gradients = first_gradient.is_some() || second_gradient.is_some();
    let want_loss = want_sum || losses.is_some();
    let mut sum = TwoPartSum::new(s);
    let mut bad = 0;
    let mut at = 0;
    while at < first.len() {
        let len = LANES.min(first.len() - at);
        let (a, b, outside) = coefficients(s, targets, signed, at);
        bad |= outside & (u16::MAX >> (LANES - len));
        let pair = LogitPair::new(s, load_at(s, first, at), load_at(s, second, at));
        if want_gradients {
            let (by_first, by_second) = pair.gradients(s, a, b);
            if let Some(out) = &mut first_gradient {
                store_at(s, out, at, by_first);
            }
            if let Some(out) = &mut second_gradient {
                store_at(s, out, at, by_second);
            }
        }
        if want_loss {
            let loss = pair.loss(s, a, b);
            if let Some(losses) = &mut losses {
                store_at(s, losses, at, loss);
            }
            if want_sum {
                sum.add(s, if len == LANES { loss } else { first_lanes(s, loss, len) });
            }
        }
        at += LANES;
    }
    PointSum { loss: if want_sum { sum.store(s).total() } else { 0.0 }, good: bad == 0 }
}
