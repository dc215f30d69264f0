//! The orders of operations that kernels share. Their definitions are part of the library's promise: changing
//! one changes results, and the golden hashes with them.
//!
//! - `LANES16`: element j goes to lane j mod 16 of accumulator (j div 16) mod 4; the tail is filled with +0; the
//!   fold is (a0 + a1) + (a2 + a3), then lanes 8, 4, 2 and 1 apart.
//! - `CHAIN`: one fma chain from +0 over the inner dimension, one output a lane.
//! - The fixed tree: leaf results are added by the binary tree over leaf numbers in which missing leaves are
//!   left out. [`left_leaves`] is its shape; [`crate::pool::fold_leaves`] runs it.

use super::Simd;
use crate::element::Element;
use std::ops::Range;

/// Edges of one row that are added in one run, before the tree.
pub(crate) const EDGE_LEAF: usize = 512;

/// Rows or examples whose gradients are added in one run, before the tree.
pub(crate) const EXAMPLE_LEAF: usize = 1024;

/// Leaves in the left subtree of a tree of `leaves` (at least 2): the greatest power of two below it.
#[inline(always)]
pub(crate) fn left_leaves(leaves: usize) -> usize {
    debug_assert!(leaves >= 2);
    1 << (leaves - 1).ilog2()
}

/// The sum of leaf results by the fixed tree.
pub(crate) fn fold<const N: usize>(leaves: &[[f64; N]]) -> [f64; N] {
    fold_with(0..leaves.len(), &|leaf| leaves[leaf])
}

/// [`fold`] of the results that `leaf` gives for each number.
pub(crate) fn fold_with<const N: usize>(leaves: Range<usize>, leaf: &impl Fn(usize) -> [f64; N]) -> [f64; N] {
    match leaves.len() {
        0 => [0.0; N],
        1 => leaf(leaves.start),
        many => {
            let middle = leaves.start + left_leaves(many);
            let (left, right) = (fold_with(leaves.start..middle, leaf), fold_with(middle..leaves.end, leaf));
            std::array::from_fn(|i| left[i] + right[i])
        }
    }
}

/// Adds `right` to `left`, element by element.
#[inline(always)]
pub(crate) fn add_kernel<S: Simd>(s: S, left: &mut [f32], right: &[f32]) {
    let (left, left_tail) = left.as_chunks_mut();
    let (right, right_tail) = right.as_chunks();
    for (l, r) in left.iter_mut().zip(right) {
        let sum = s.add(s.load(l), s.load(r));
        s.store(l, s.canonical(sum));
    }
    let sum = s.add(s.load_part(left_tail), s.load_part(right_tail));
    s.store_part(left_tail, s.canonical(sum));
}

/// `sum_j a[j]` in the order of [`dot`].
#[inline(always)]
pub(crate) fn sum<S: Simd>(s: S, a: &[f32]) -> f32 {
    let (a, tail) = a.as_chunks();
    let (a4, a1) = a.as_chunks::<4>();
    let mut acc = [s.zero(); 4];
    for a in a4 {
        for i in 0..4 {
            acc[i] = s.add(s.load(&a[i]), acc[i]);
        }
    }
    let mut next = 0;
    for a in a1 {
        acc[next] = s.add(s.load(a), acc[next]);
        next += 1;
    }
    if !tail.is_empty() {
        acc[next] = s.add(s.load_part(tail), acc[next]);
    }
    s.fold(s.add(s.add(acc[0], acc[1]), s.add(acc[2], acc[3])))
}

/// `sum_j a[j] * b[j]` in `LANES16` order, of elements widened exactly. The slices have one length.
#[inline(always)]
pub(crate) fn dot<S: Simd, A: Element, B: Element>(s: S, a: &[A], b: &[B]) -> f32 {
    let (a, a_tail) = a.as_chunks();
    let (b, b_tail) = b.as_chunks();
    let (a4, a1) = a.as_chunks::<4>();
    let (b4, b1) = b.as_chunks::<4>();
    let mut acc = [s.zero(); 4];
    for (a, b) in a4.iter().zip(b4) {
        for i in 0..4 {
            acc[i] = s.fma(A::load(s, &a[i]), B::load(s, &b[i]), acc[i]);
        }
    }
    let mut next = 0;
    for (a, b) in a1.iter().zip(b1) {
        acc[next] = s.fma(A::load(s, a), B::load(s, b), acc[next]);
        next += 1;
    }
    if !a_tail.is_empty() {
        acc[next] = s.fma(A::load_part(s, a_tail), B::load_part(s, b_tail), acc[next]);
    }
    s.fold(s.add(s.add(acc[0], acc[1]), s.add(acc[2], acc[3])))
}
