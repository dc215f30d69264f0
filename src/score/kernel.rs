//! Straight loops of the family. They trust their arguments: `mod.rs` and its neighbours have checked them.
//! Scores in `CHAIN` order come from [`super::index::kernel::scan`].

use super::index::kernel::PANEL;
use super::{EdgeKind, EdgeTerm};
use crate::simd::order::sum;
use crate::simd::{CANONICAL_NAN, LANES, Simd, math};

/// The scores of one query against a panel of targets.
pub(crate) type Panel = [f32; PANEL];

/// One bit for each score of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Masks {
    /// Greater than the limit.
    pub above: u32,
    /// Equal to the limit.
    pub equal: u32,
    /// NaN.
    pub nan: u32,
}

/// Compares the scores of a panel with `limit`.
#[inline(always)]
pub(crate) fn masks<S: Simd>(s: S, scores: &Panel, limit: f32) -> Masks {
    let limit = s.splat(limit);
    let mut masks = Masks { above: 0, equal: 0, nan: 0 };
    for (i, scores) in scores.as_chunks().0.iter().enumerate() {
        let x = s.load(scores);
        let at = i * LANES;
        masks.above |= u32::from(s.bits(s.less(limit, x))) << at;
        masks.equal |= u32::from(s.bits(s.equal(x, limit))) << at;
        masks.nan |= u32::from(!s.bits(s.equal(x, x))) << at;
    }
    masks
}

/// From dots to losses and to `weight * dloss/dx * scale`, the factor of the rows' gradients.
#[inline(always)]
pub(crate) fn edge_loss<S: Simd>(
    s: S,
    term: EdgeTerm,
    dots: &mut [f32],
    weights: Option<&[f32]>,
    losses: &mut [f32],
) {
    let mut from = 0;
    for (dots, losses) in dots.chunks_mut(LANES).zip(losses.chunks_mut(LANES)) {
        let weight = match weights {
            Some(weights) => s.load_part(&weights[from..from + dots.len()]),
            None => s.splat(1.0),
        };
        from += dots.len();
        let weight = s.mul(weight, s.splat(term.weight));
        let x = s.fma(s.load_part(dots), s.splat(term.temperature), s.splat(-term.offset));
        // Both kinds are softplus(z): of -x, and of x - margin.
        let (z, sign) = match term.kind {
            EdgeKind::Positive => (s.sub(s.zero(), x), -term.temperature),
            EdgeKind::Negative | EdgeKind::Reversed => (s.sub(x, s.splat(term.margin)), term.temperature),
        };
        s.store_part(losses, s.canonical(s.mul(weight, math::softplus(s, z))));
        let slope = s.mul(s.mul(weight, math::sigmoid(s, z)), s.splat(sign));
        s.store_part(dots, s.canonical(slope));
    }
}

/// One source of the sampled softmax.
#[derive(Clone, Copy)]
pub(crate) struct SoftmaxRow<'a> {
    /// The factor from dots to logits, above 0.
    pub temperature: f32,
    /// Multiplies every loss.
    pub weight: f32,
    /// The positives' columns.
    pub targets: &'a [u32],
    /// Their weights.
    pub weights: Option<&'a [f32]>,
    /// The negatives' ids in ascending order, and the column of each among the negatives.
    pub sorted: &'a [u32],
    pub columns: &'a [u32],
}

impl SoftmaxRow<'_> {
    /// The columns of the negatives that are `target`.
    #[inline(always)]
    fn hits(&self, target: u32) -> &[u32] {
        let from = self.sorted.partition_point(|&id| id < target);
        let count = self.sorted[from..].iter().take_while(|&&id| id == target).count();
        &self.columns[from..from + count]
    }
}

/// What a positive contributes to each exponential's factor, and the exponential of its own hits.
pub(crate) type Rate = [f32; 2];

/// What [`softmax_row`] adds up, over the positives in order.
#[derive(Clone, Copy, Default)]
pub(crate) struct SoftmaxSums {
    pub loss: f64,
    /// `sum of dloss/dx_e * dot_e` over the positives.
    pub slope: f64,
}

#[inline(always)]
fn first_lane<S: Simd>(s: S, v: S::F32) -> f32 {
    let mut lanes = [0.0; LANES];
    s.store(&mut lanes, v);
    lanes[0]
}

#[inline(always)]
fn exp<S: Simd>(s: S, x: f32) -> f32 {
    first_lane(s, math::exp(s, s.splat(x)))
}

/// The softmax of each positive of one source over itself and the negatives that are not itself.
///
/// `dots` comes with the dots of the negatives and leaves with the factors of their rows' gradients;
/// `gradient` comes with the dots of the positives and leaves with the factors of theirs. `rates` is scratch.
#[inline(always)]
pub(crate) fn softmax_row<S: Simd>(
    s: S,
    row: SoftmaxRow<'_>,
    dots: &mut [f32],
    gradient: &mut [f32],
    rates: &mut [Rate],
) -> SoftmaxSums {
    let temperature = s.splat(row.temperature);
    let mut greatest = s.splat(f32::NEG_INFINITY);
    for dots in dots.chunks_mut(LANES) {
        let logits = s.mul(s.load_part(dots), temperature);
        s.store_part(dots, logits);
        // Lanes beyond the end are 0 and must not count.
        let counted = if dots.len() == LANES { logits } else { tail_as_least(s, logits, dots.len()) };
        greatest = s.max(counted, greatest);
    }
    let mut lanes = [0.0; LANES];
    s.store(&mut lanes, greatest);
    let greatest = lanes.into_iter().fold(f32::NEG_INFINITY, |a, b| if b > a { b } else { a });
    // Without a finite logit every exponential is 0 (or NaN), and every positive is the greatest.
    let shift = if greatest == f32::NEG_INFINITY { f32::MIN } else { greatest };
    for dots in dots.chunks_mut(LANES) {
        let e = math::exp(s, s.sub(s.load_part(dots), s.splat(shift)));
        s.store_part(dots, e);
    }
    let all = sum(s, dots);

    let mut sums = SoftmaxSums::default();
    let mut total_rate = 0.0f32;
    for (at, &target) in row.targets.iter().enumerate() {
        let dot = gradient[at];
        let x = dot * row.temperature;
        let (others, held) = others(s, row.hits(target), all, dots);
        let top = if x > shift { x } else { shift };
        let (a, b) = (exp(s, shift - top), exp(s, x - top));
        let rest = others * a;
        // Both are 0 only where the greatest is a hit of this target, rounded to far above `x` and all others.
        let b = if rest == 0.0 && b == 0.0 { 1.0 } else { b };
        let total = rest + b;
        let loss = if rest <= b {
            first_lane(s, math::log1p(s, s.splat(rest / b)))
        } else {
            first_lane(s, math::log(s, s.splat(total))) + (top - x)
        };
        let weight = row.weights.map_or(row.weight, |weights| weights[at] * row.weight);
        let slope = -(weight * (rest / total));
        sums.loss += f64::from(weight) * f64::from(loss);
        sums.slope += f64::from(slope) * f64::from(dot);
        rates[at] = [weight * (a / total), held];
        total_rate += rates[at][0];
        let factor = slope * row.temperature;
        gradient[at] = if factor.is_nan() { CANONICAL_NAN } else { factor };
    }

    let rate = s.splat(total_rate * row.temperature);
    for dots in dots.chunks_mut(LANES) {
        let factor = s.mul(s.load_part(dots), rate);
        s.store_part(dots, s.canonical(factor));
    }
    // A negative that is a positive of this source counts only for the source's other positives.
    for (at, &target) in row.targets.iter().enumerate() {
        let hits = row.hits(target);
        if !hits.is_empty() {
            let others = row.targets.iter().zip(&*rates).filter(|(other, _)| **other != target);
            let rate = others.fold(0.0, |sum, (_, rate)| sum + rate[0]);
            let factor = rates[at][1] * (rate * row.temperature);
            for &column in hits {
                dots[column as usize] = if factor.is_nan() { CANONICAL_NAN } else { factor };
            }
        }
    }
    sums
}

/// The lanes from `from` on replaced by -inf.
#[inline(always)]
fn tail_as_least<S: Simd>(s: S, v: S::F32, from: usize) -> S::F32 {
    let mut lanes = [0.0; LANES];
    s.store(&mut lanes, v);
    lanes[from..].fill(f32::NEG_INFINITY);
    s.load(&lanes)
}

/// The sum of the exponentials without the columns `hits`, and the exponential of the hits.
#[inline(always)]
fn others<S: Simd>(s: S, hits: &[u32], all: f32, exponentials: &mut [f32]) -> (f32, f32) {
    let Some(&first) = hits.first() else { return (all, 0.0) };
    let held = exponentials[first as usize];
    for &column in hits {
        exponentials[column as usize] = 0.0;
    }
    let others = sum(s, exponentials);
    for &column in hits {
        exponentials[column as usize] = held;
    }
    (others, held)
}
