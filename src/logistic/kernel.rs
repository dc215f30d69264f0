//! Straight loops of the family. They trust their arguments: `mod.rs` and `feedback.rs` have checked them.

use super::Targets;
use super::feedback::{Method, RowKind, Scheme};
use crate::element::Element;
use crate::simd::logit::Logit;
use crate::simd::math::{sigmoid, softplus};
use crate::simd::{LANES, Lanes, Simd};
use crate::view::{AnyMatrix, Matrix};

/// What [`pointwise`] writes, as long as its logits.
pub(crate) struct PointOut<'a> {
    pub losses: Option<&'a mut [f32]>,
    pub gradient: Option<&'a mut [f32]>,
    pub curvature: Option<&'a mut [f32]>,
}

/// What [`pointwise`] and its kin find in one leaf.
#[derive(Clone, Copy)]
pub(crate) struct PointSum {
    /// The sum of the losses, if it is wanted; else 0.
    pub loss: f64,
    /// Whether every target is in its range.
    pub good: bool,
}

/// 16 values from `at` on; fewer at the end, where the other lanes are +0.
#[inline(always)]
pub(super) fn load_at<S: Simd, T: Element>(s: S, values: &[T], at: usize) -> S::F32 {
    match values[at..].first_chunk() {
        Some(lanes) => T::load(s, lanes),
        None => T::load_part(s, &values[at..]),
    }
}

/// Writes 16 values from `at` on, canonical; fewer at the end.
#[inline(always)]
pub(super) fn store_at<S: Simd>(s: S, values: &mut [f32], at: usize, v: S::F32) {
    match values[at..].first_chunk_mut() {
        Some(lanes) => s.store(lanes, s.canonical(v)),
        None => s.store_part(&mut values[at..], s.canonical(v)),
    }
}

/// Bits of the lanes in which a weight is out of range: not finite or, unless signed, negative.
#[inline(always)]
fn bad_weights<S: Simd>(s: S, v: S::F32, signed: bool) -> u16 {
    let finite = s.bits(s.less(s.abs(v), s.splat(f32::INFINITY)));
    let negative = if signed { 0 } else { s.bits(s.less(v, s.zero())) };
    !finite | negative
}

/// `a` and `b` of the 16 rows from `at` on, and bits of those whose targets are out of range.
#[inline(always)]
pub(super) fn coefficients<S: Simd>(
    s: S,
    targets: Targets<'_>,
    signed: bool,
    at: usize,
) -> (S::F32, S::F32, u16) {
    let (labels, weights) = match targets {
        Targets::Coefficients { a, b } => {
            let (a, b) = (load_at(s, a, at), load_at(s, b, at));
            return (a, b, bad_weights(s, a, signed) | bad_weights(s, b, signed));
        }
        Targets::Labels { labels, weights } => (load_at(s, labels, at), weights),
    };
    // A label is within [0, 1] if neither it nor what is left of it is negative; NaN is not equal to itself.
    let rest = s.sub(s.splat(1.0), labels);
    let negative = s.bits(s.less(labels, s.zero())) | s.bits(s.less(rest, s.zero()));
    let bad = !s.bits(s.equal(labels, labels)) | negative;
    match weights {
        Some(weights) => {
            let w = load_at(s, weights, at);
            (s.mul(w, labels), s.mul(w, rest), bad | bad_weights(s, w, signed))
        }
        None => (labels, rest, bad),
    }
}

/// A sum in two parts in each lane.
pub(super) struct TwoPartSum<S: Simd> {
    high: S::F32,
    low: S::F32,
}

impl<S: Simd> TwoPartSum<S> {
    #[inline(always)]
    pub(super) fn new(s: S) -> Self {
        TwoPartSum { high: s.zero(), low: s.zero() }
    }

    /// Two-sum (Knuth): what the addition loses goes to the low part.
    #[inline(always)]
    pub(super) fn add(&mut self, s: S, v: S::F32) {
        let sum = s.add(self.high, v);
        let back = s.sub(sum, self.high);
        let lost = s.add(s.sub(self.high, s.sub(sum, back)), s.sub(v, back));
        *self = TwoPartSum { high: sum, low: s.add(self.low, lost) };
    }

    #[inline(always)]
    pub(super) fn store(&self, s: S) -> RunningSum {
        let mut sum = RunningSum::default();
        s.store(&mut sum.high, self.high);
        s.store(&mut sum.low, self.low);
        sum
    }
}

/// Losses, gradient and curvature of one leaf, and the sum of its losses if `want_sum`.
///
/// Order of the sum: loss i goes to lane i mod 16 of one accumulator in two parts; the lanes are added in f64, in
/// their order.
#[inline(always)]
pub(crate) fn pointwise<S: Simd>(
    s: S,
    logits: &[f32],
    targets: Targets<'_>,
    signed: bool,
    want_sum: bool,
    out: PointOut<'_>,
) -> PointSum {
    let PointOut { mut losses, mut gradient, mut curvature } = out;
    let want_loss = want_sum || losses.is_some();
    let mut sum = TwoPartSum::new(s);
    let mut bad = 0;
    let mut at = 0;
    while at < logits.len() {
        let len = LANES.min(logits.len() - at);
        let (a, b, outside) = coefficients(s, targets, signed, at);
        bad |= outside & (u16::MAX >> (LANES - len));
        let logit = Logit::new(s, load_at(s, logits, at));
        if let Some(gradient) = &mut gradient {
            store_at(s, gradient, at, logit.gradient(s, a, b));
        }
        if let Some(curvature) = &mut curvature {
            store_at(s, curvature, at, logit.curvature(s, a, b));
        }
        if want_loss {
            let loss = logit.loss(s, a, b);
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

/// A sum in two parts that goes on from one block of values to the next.
#[derive(Clone, Copy, Default)]
pub(crate) struct RunningSum {
    high: Lanes,
    low: Lanes,
}

impl RunningSum {
    /// The sum so far: the lanes added in f64, in their order. The low part of a lane that is not finite means nothing.
    pub(crate) fn total(&self) -> f64 {
        let mut sum = 0.0;
        for (&high, &low) in self.high.iter().zip(&self.low) {
            sum += f64::from(high) + f64::from(if high.is_finite() { low } else { 0.0 });
        }
        sum
    }
}

/// Adds values to a sum in the order of the sum of [`pointwise`]; all blocks but the last are whole vectors.
#[inline(always)]
pub(crate) fn two_part_add<S: Simd>(s: S, values: &[f32], to: &mut RunningSum) {
    let mut sum = TwoPartSum::<S> { high: s.load(&to.high), low: s.load(&to.low) };
    let mut at = 0;
    while at < values.len() {
        sum.add(s, load_at(s, values, at));
        at += LANES;
    }
    *to = sum.store(s);
}

/// A linear model whose margins are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Linear<'a> {
    pub weights: &'a [f32],
    pub intercept: f32,
    /// Added to the margin of each row, if there are any.
    pub offsets: Option<&'a [f32]>,
}

/// Margins of one model, or of two that share the reading of the rows: `out[i] = (x[i] . weights + intercept) +
/// offset[i]`, dots in `LANES16` order.
#[inline(always)]
pub(crate) fn margins<S: Simd>(
    s: S,
    x: AnyMatrix<'_>,
    model: Linear<'_>,
    out: &mut [f32],
    second: Option<(Linear<'_>, &mut [f32])>,
) {
    match x {
        AnyMatrix::F32(x) => margins_of_one_or_two(s, x, model, out, second),
        AnyMatrix::F16(x) => margins_of_one_or_two(s, x, model, out, second),
        AnyMatrix::Bf16(x) => margins_of_one_or_two(s, x, model, out, second),
    }
}

/// [`margins`] of rows of one type.
#[inline(always)]
fn margins_of_one_or_two<S: Simd, T: Element>(
    s: S,
    x: Matrix<'_, T>,
    model: Linear<'_>,
    out: &mut [f32],
    second: Option<(Linear<'_>, &mut [f32])>,
) {
    match second {
        None => margins_of(s, x, [model], [out]),
        Some((second, to)) => margins_of(s, x, [model, second], [out, to]),
    }
}

/// [`margins`] of `V` models. Row by row, so that rows that come from memory are read as one stream.
#[inline(always)]
fn margins_of<S: Simd, T: Element, const V: usize>(
    s: S,
    x: Matrix<'_, T>,
    models: [Linear<'_>; V],
    out: [&mut [f32]; V],
) {
    let mut at = 0;
    while at < x.rows() {
        let mut lanes = [[s.zero(); LANES]; V];
        let mut i = 0;
        while i < LANES.min(x.rows() - at) {
            let dots = dots(s, x.row(at + i), &models);
            for v in 0..V {
                lanes[v][i] = dots[v];
            }
            i += 1;
        }
        for v in 0..V {
            let mut margins = s.add(s.fold_each(lanes[v]), s.splat(models[v].intercept));
            if let Some(offsets) = models[v].offsets {
                margins = s.add(margins, load_at(s, offsets, at));
            }
            store_at(s, out[v], at, margins);
        }
        at += LANES;
    }
}

/// The dots of a row with the weights of each model, before their last fold.
#[inline(always)]
fn dots<S: Simd, T: Element, const V: usize>(s: S, row: &[T], models: &[Linear<'_>; V]) -> [S::F32; V] {
    let mut acc = [[s.zero(); V]; 4];
    let (groups, rest) = row.as_chunks::<GROUP>();
    for (group, x) in groups.iter().enumerate() {
        for (a, acc) in acc.iter_mut().enumerate() {
            let x = lanes_at(s, x, a);
            for v in 0..V {
                let weights = &models[v].weights.as_chunks::<GROUP>().0[group];
                acc[v] = s.fma(x, lanes_at(s, weights, a), acc[v]);
            }
        }
    }
    for (a, acc) in acc.iter_mut().enumerate() {
        if a * LANES < rest.len() {
            let x = load_at(s, rest, a * LANES);
            for v in 0..V {
                let weights = load_at(s, models[v].weights, groups.len() * GROUP + a * LANES);
                acc[v] = s.fma(x, weights, acc[v]);
            }
        }
    }
    let mut sums = [s.zero(); V];
    for v in 0..V {
        sums[v] = s.add(s.add(acc[0][v], acc[1][v]), s.add(acc[2][v], acc[3][v]));
    }
    sums
}

/// Columns of the four accumulators of `LANES16`.
const GROUP: usize = 4 * LANES;

/// Vector `a` of a group.
#[inline(always)]
fn lanes_at<S: Simd, T: Element>(s: S, group: &[T; GROUP], a: usize) -> S::F32 {
    T::load(s, &group.as_chunks().0[a])
}

/// A sum over rows, each times its factor.
pub(crate) struct RowSum<'a> {
    pub factors: &'a [f32],
    pub out: &'a mut [f32],
}

/// What [`accumulate`] adds to.
#[derive(Default)]
pub(crate) struct RowSums<'a> {
    /// `out[j] += factors[i] * x[i][j]` over all rows i.
    pub linear: [Option<RowSum<'a>>; 2],
    /// `out[j] += factors[i] * x[i][j]^2`.
    pub squared: Option<RowSum<'a>>,
}

/// Sums over rows, each column one fma chain through the rows.
#[inline(always)]
pub(crate) fn accumulate<S: Simd>(s: S, x: AnyMatrix<'_>, sums: RowSums<'_>) {
    match x {
        AnyMatrix::F32(x) => accumulate_sums(s, x, sums),
        AnyMatrix::F16(x) => accumulate_sums(s, x, sums),
        AnyMatrix::Bf16(x) => accumulate_sums(s, x, sums),
    }
}

/// [`accumulate`] for rows of one type.
#[inline(always)]
fn accumulate_sums<S: Simd, T: Element>(s: S, x: Matrix<'_, T>, sums: RowSums<'_>) {
    let RowSums { linear, squared } = sums;
    match (linear, squared) {
        ([Some(a), Some(b)], Some(c)) => accumulate_all::<S, T, 2, 3>(s, x, [a, b, c]),
        ([a, b], c) => {
            for sum in [a, b].into_iter().flatten() {
                accumulate_all::<S, T, 1, 1>(s, x, [sum]);
            }
            if let Some(sum) = c {
                accumulate_all::<S, T, 0, 1>(s, x, [sum]);
            }
        }
    }
}

/// [`accumulate`] for `N` sums, of which the first `L` are linear.
#[inline(always)]
fn accumulate_all<S: Simd, T: Element, const L: usize, const N: usize>(
    s: S,
    x: Matrix<'_, T>,
    mut sums: [RowSum<'_>; N],
) {
    let mut column = 0;
    while column < x.cols() {
        let sums = &mut sums;
        let vectors = (x.cols() - column).div_ceil(LANES);
        column += LANES
            * match vectors {
                8.. if N == 1 && S::MANY_REGISTERS => accumulate_part::<S, T, L, N, 8>(s, x, sums, column),
                4.. => accumulate_part::<S, T, L, N, 4>(s, x, sums, column),
                3 if T::UNROLLED && S::FUSED => accumulate_part::<S, T, L, N, 3>(s, x, sums, column),
                2 if T::UNROLLED && S::FUSED => accumulate_part::<S, T, L, N, 2>(s, x, sums, column),
                _ => accumulate_part::<S, T, L, N, 1>(s, x, sums, column),
            };
    }
}

/// [`accumulate_all`] for `C` vectors of columns, of which the last may be a part. Gives `C`.
#[inline(always)]
fn accumulate_part<S: Simd, T: Element, const L: usize, const N: usize, const C: usize>(
    s: S,
    x: Matrix<'_, T>,
    sums: &mut [RowSum<'_>; N],
    column: usize,
) -> usize {
    let width = (x.cols() - column).min(C * LANES);
    let last = (C - 1) * LANES;
    let mut acc = [[s.zero(); C]; N];
    for (acc, sum) in acc.iter_mut().zip(&*sums) {
        for (c, acc) in acc.iter_mut().enumerate() {
            *acc = load_at(s, sum.out, column + c * LANES);
        }
    }
    for i in 0..x.rows() {
        let from = x.part(i, column, width);
        let (whole, part) = from.split_at(last);
        let whole = whole.as_chunks().0;
        let mut row = [T::load_part(s, part); C];
        for c in 0..C - 1 {
            row[c] = T::load(s, &whole[c]);
        }
        for n in 0..N {
            let factor = s.splat(sums[n].factors[i]);
            for c in 0..C {
                let v = if n < L { row[c] } else { s.mul(row[c], row[c]) };
                acc[n][c] = s.fma(factor, v, acc[n][c]);
            }
        }
    }
    for (acc, sum) in acc.into_iter().zip(sums) {
        for (c, acc) in acc.into_iter().enumerate() {
            store_at(s, sum.out, column + c * LANES, acc);
        }
    }
    C
}

/// The first `len` lanes; the others +0.
#[inline(always)]
pub(super) fn first_lanes<S: Simd>(s: S, v: S::F32, len: usize) -> S::F32 {
    let mut lanes = [0.0; LANES];
    s.store_part(&mut lanes[..len], v);
    s.load(&lanes)
}

/// Rows of [`feedback`]; the heads have no values where the method needs none.
#[derive(Clone, Copy)]
pub(crate) struct FeedbackRows<'a> {
    /// [`RowKind`] as its number.
    pub kinds: &'a [u8],
    pub logits: &'a [f32],
    pub first: &'a [f32],
    pub second: &'a [f32],
}

/// `-v`.
#[inline(always)]
fn minus<S: Simd>(s: S, v: S::F32) -> S::F32 {
    s.sub(s.zero(), v)
}

/// `v` within the scheme's range; NaN stays.
#[inline(always)]
fn clip<S: Simd>(s: S, v: S::F32, scheme: Scheme) -> S::F32 {
    let (low, high) = (s.splat(scheme.clip_low), s.splat(scheme.clip_high));
    let v = s.select(s.less(v, low), low, v);
    s.select(s.less(high, v), high, v)
}

/// The values of an array that a method may not need.
#[inline(always)]
fn load_optional<S: Simd>(s: S, values: &[f32], at: usize) -> S::F32 {
    if values.is_empty() { s.zero() } else { load_at(s, values, at) }
}

/// `(a, b)` of immediate positives, of delayed ones and of the other rows, and the mass of a click's rows.
type Weights<F> = [(F, F); 3];

#[inline(always)]
fn weights<S: Simd>(
    s: S,
    scheme: Scheme,
    x: S::F32,
    first: S::F32,
    second: S::F32,
) -> (Weights<S::F32>, S::F32) {
    let (zero, one) = (s.zero(), s.splat(1.0));
    let (positive, negative) = ((one, zero), (zero, one));
    match scheme.method {
        Method::Vanilla => ([positive, positive, negative], one),
        Method::Fnw => {
            let mass = s.add(one, sigmoid(s, x));
            let negative = (zero, s.mul(sigmoid(s, minus(s, x)), mass));
            ([(mass, zero), (mass, zero), negative], mass)
        }
        Method::Fsiw => {
            let ratio = s.div(one, s.add(sigmoid(s, first), s.splat(1e-8)));
            let positive = (clip(s, ratio, scheme), zero);
            ([positive, positive, (zero, sigmoid(s, second))], one)
        }
        Method::EsDfm => {
            let mass = s.add(one, sigmoid(s, first));
            let negative = (zero, s.mul(mass, sigmoid(s, second)));
            ([(mass, zero), (mass, zero), negative], mass)
        }
        Method::Defer => {
            let half = s.mul(sigmoid(s, first), s.splat(0.5));
            let (f, not_f) = (sigmoid(s, x), sigmoid(s, minus(s, x)));
            let left = s.sub(f, half);
            // Where nothing is left of f the ratio is beyond every clip; NaN stays NaN.
            let ratio = s.select(s.less(zero, left), s.div(f, left), s.splat(f32::INFINITY));
            let ratio = s.select(s.equal(left, left), ratio, left);
            let positive = (clip(s, ratio, scheme), zero);
            ([positive, positive, (zero, s.div(not_f, s.add(not_f, half)))], s.splat(2.0))
        }
        Method::FnwReal => {
            let not_f = sigmoid(s, minus(s, x));
            ([positive, positive, (zero, s.div(not_f, s.add(one, not_f)))], one)
        }
        Method::EsDfmReal => {
            let (not_f, d) = (sigmoid(s, minus(s, x)), sigmoid(s, first));
            let mass = s.add(s.add(one, not_f), d);
            let share = s.div(not_f, s.fma(s.splat(2.0), not_f, d));
            ([(mass, zero), (mass, zero), (zero, s.mul(mass, share))], mass)
        }
        Method::Defuse => {
            let d = sigmoid(s, first);
            let mass = s.add(one, d);
            let (r, not_r) = (sigmoid(s, second), sigmoid(s, minus(s, second)));
            ([(mass, zero), positive, (s.mul(not_r, d), s.mul(r, mass))], mass)
        }
        Method::FnwDefuse | Method::BiDefuseLate => {
            let f = sigmoid(s, x);
            let mass = s.add(one, f);
            let others = (s.mul(f, f), s.mul(sigmoid(s, minus(s, x)), mass));
            let immediate = if matches!(scheme.method, Method::FnwDefuse) { positive } else { others };
            ([immediate, positive, others], mass)
        }
        Method::BiDefuseInWindow => ([positive, (zero, zero), negative], one),
        Method::Ulc => {
            let soft = (sigmoid(s, first), sigmoid(s, minus(s, first)));
            ([positive, positive, soft], one)
        }
        Method::Dfm => {
            let later = s.sub(x, s.mul(softplus(s, first), second));
            let soft = (sigmoid(s, later), sigmoid(s, minus(s, later)));
            ([positive, positive, soft], one)
        }
    }
}

/// The coefficients of rows, by the scheme's formulas; false if a kind is not known.
#[inline(always)]
pub(crate) fn feedback<S: Simd>(
    s: S,
    scheme: Scheme,
    rows: FeedbackRows<'_>,
    a: &mut [f32],
    b: &mut [f32],
) -> bool {
    let mut good = true;
    let mut at = 0;
    while at < rows.kinds.len() {
        let mut kinds = [0.0; LANES];
        for (lane, &kind) in kinds.iter_mut().zip(&rows.kinds[at..]) {
            good &= usize::from(kind) < RowKind::ALL.len();
            *lane = f32::from(kind);
        }
        let kinds = s.load(&kinds);
        let x = load_optional(s, rows.logits, at);
        let (first, second) = (load_optional(s, rows.first, at), load_optional(s, rows.second, at));
        let ([immediate, delayed, others], mass) = weights(s, scheme, x, first, second);
        let is_immediate = s.equal(kinds, s.splat(RowKind::ImmediatePositive as u8 as f32));
        let is_delayed = s.equal(kinds, s.splat(RowKind::DelayedPositive as u8 as f32));
        let mut of_a = s.select(is_immediate, immediate.0, s.select(is_delayed, delayed.0, others.0));
        let mut of_b = s.select(is_immediate, immediate.1, s.select(is_delayed, delayed.1, others.1));
        if scheme.joint {
            (of_a, of_b) = (s.div(of_a, mass), s.div(of_b, mass));
        }
        store_at(s, a, at, of_a);
        store_at(s, b, at, of_b);
        at += LANES;
    }
    good
}
