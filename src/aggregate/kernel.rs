//! Straight loops of the family. They trust their arguments: `mod.rs` has checked them.

use crate::simd::order::{EDGE_LEAF, dot, left_leaves};
use crate::simd::{LANES, Simd};
use crate::view::{Matrix, MatrixMut};

/// Some rows of a graph: `offsets` of these rows (one more than rows), and all edges of the graph.
#[derive(Clone, Copy)]
pub(crate) struct Edges<'a> {
    pub offsets: &'a [usize],
    pub indices: &'a [u32],
}

/// What a row's sum is made of; see [`super::Options`].
#[derive(Clone, Copy, Default)]
pub(crate) struct Coefficients<'a> {
    pub mean: bool,
    pub accumulate: bool,
    pub weights: Option<&'a [f32]>,
    pub edge_ids: Option<&'a [u32]>,
    pub source_scale: Option<&'a [f32]>,
    /// Of the rows at hand.
    pub row_scale: Option<&'a [f32]>,
}

impl Coefficients<'_> {
    /// The factor of one edge.
    #[inline(always)]
    fn of(&self, edge: usize, source: usize) -> f32 {
        let weight = match (self.weights, self.edge_ids) {
            (None, _) => 1.0,
            (Some(weights), None) => weights[edge],
            (Some(weights), Some(ids)) => weights[ids[edge] as usize],
        };
        match self.source_scale {
            None => weight,
            Some(scale) => weight * scale[source],
        }
    }
}

/// `out[i] = scale_i * sum over edges e of row i of c_e * x[indices[e]]`, leaves of 512 edges, the fixed tree.
#[inline(always)]
pub(crate) fn rows<S: Simd>(
    s: S,
    edges: Edges<'_>,
    x: Matrix<'_>,
    c: Coefficients<'_>,
    mut out: MatrixMut<'_>,
) {
    for i in 0..out.rows() {
        let (start, end) = (edges.offsets[i], edges.offsets[i + 1]);
        if start == end {
            // Not scaled: an infinite scale would make NaN of it.
            if !c.accumulate {
                out.row_mut(i).fill(0.0);
            }
            continue;
        }
        let mut column = 0;
        while column < x.cols() {
            column += match x.cols() - column {
                left if left >= 4 * LANES => {
                    block::<S, 4>(s, edges, start, end, x, c, i, column, 4 * LANES, &mut out)
                }
                left if left > 2 * LANES => {
                    block::<S, 4>(s, edges, start, end, x, c, i, column, left, &mut out)
                }
                left if left > LANES => block::<S, 2>(s, edges, start, end, x, c, i, column, left, &mut out),
                left => block::<S, 1>(s, edges, start, end, x, c, i, column, left, &mut out),
            };
        }
    }
}

/// Columns `column .. column + width` of one output row, `width` at most `16 V`. Returns `width`.
#[inline(always)]
fn block<S: Simd, const V: usize>(
    s: S,
    edges: Edges<'_>,
    start: usize,
    end: usize,
    x: Matrix<'_>,
    c: Coefficients<'_>,
    row: usize,
    column: usize,
    width: usize,
    out: &mut MatrixMut<'_>,
) -> usize {
    let mut sum = tree::<S, V>(s, edges, start, end, x, c, column, width);
    let count = (end - start) as f32;
    for v in sum.iter_mut() {
        if c.mean {
            *v = s.div(*v, s.splat(count));
        }
        if let Some(scale) = c.row_scale {
            *v = s.mul(*v, s.splat(scale[row]));
        }
    }
    let to = out.part_mut(row, column, width);
    for (v, to) in sum.into_iter().zip(to.chunks_mut(LANES)) {
        let v = if c.accumulate { s.add(s.load_part(to), v) } else { v };
        s.store_part(to, s.canonical(v));
    }
    width
}

/// The sum of edges `start .. end` by the fixed tree over leaves of 512. The stack holds one sum for each
/// complete subtree that still waits for its right neighbour.
#[inline(always)]
fn tree<S: Simd, const V: usize>(
    s: S,
    edges: Edges<'_>,
    start: usize,
    end: usize,
    x: Matrix<'_>,
    c: Coefficients<'_>,
    column: usize,
    width: usize,
) -> [S::F32; V] {
    if end - start <= EDGE_LEAF {
        return leaf::<S, V>(s, edges, start, end, x, c, column, width);
    }
    let leaves = (end - start).div_ceil(EDGE_LEAF);
    debug_assert!(left_leaves(leaves) < 1 << 31);
    let mut stack = [[s.zero(); V]; 32];
    let mut depth = 0;
    for number in 0..leaves {
        let from = start + number * EDGE_LEAF;
        stack[depth] = leaf::<S, V>(s, edges, from, end.min(from + EDGE_LEAF), x, c, column, width);
        depth += 1;
        // As many merges as subtrees that this leaf completes; the last leaf completes all.
        let mut complete = number + 1;
        while depth > 1 && (complete % 2 == 0 || number + 1 == leaves) {
            depth -= 1;
            let (low, high) = stack.split_at_mut(depth);
            for (left, right) in low[depth - 1].iter_mut().zip(&high[0]) {
                *left = s.add(*left, *right);
            }
            complete /= 2;
        }
    }
    stack[0]
}

/// The sum of edges `start .. end` in order, as one fma chain a column.
#[inline(always)]
fn leaf<S: Simd, const V: usize>(
    s: S,
    edges: Edges<'_>,
    start: usize,
    end: usize,
    x: Matrix<'_>,
    c: Coefficients<'_>,
    column: usize,
    width: usize,
) -> [S::F32; V] {
    let mut sum = [s.zero(); V];
    for (at, &source) in edges.indices[start..end].iter().enumerate() {
        let source = source as usize;
        let factor = s.splat(c.of(start + at, source));
        let from = x.part(source, column, width);
        if width == V * LANES {
            let (from, _) = from.as_chunks();
            for (v, from) in sum.iter_mut().zip(from) {
                *v = s.fma(factor, s.load(from), *v);
            }
        } else {
            for (v, from) in sum.iter_mut().zip(from.chunks(LANES)) {
                *v = s.fma(factor, s.load_part(from), *v);
            }
        }
    }
    sum
}

/// `out[e] = left[i] . right[indices[e]]` for each edge of each row i, in `LANES16` order; `out` holds the edges
/// of these rows.
#[inline(always)]
pub(crate) fn edge_dots<S: Simd>(
    s: S,
    edges: Edges<'_>,
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut [f32],
) {
    let first = edges.offsets[0];
    for i in 0..left.rows() {
        let row = left.row(i);
        for edge in edges.offsets[i]..edges.offsets[i + 1] {
            let value = dot(s, row, right.row(edges.indices[edge] as usize));
            out[edge - first] = if value.is_nan() { crate::simd::CANONICAL_NAN } else { value };
        }
    }
}
