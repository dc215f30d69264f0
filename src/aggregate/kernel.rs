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
///
/// Up to 8 vectors of columns (4 where registers are few) are taken in one pass over the edges.
#[inline(always)]
pub(crate) fn rows<S: Simd>(
    s: S,
    edges: Edges<'_>,
    x: Matrix<'_>,
    c: Coefficients<'_>,
    mut out: MatrixMut<'_>,
) {
    let ahead = fetch_ahead(x);
    let mut column = 0;
    while column < x.cols() {
        let vectors = (x.cols() - column).div_ceil(LANES).min(if S::MANY_REGISTERS { 8 } else { 4 });
        let width = (x.cols() - column).min(vectors * LANES);
        let pass = Pass { edges, x, c, ahead, column, width };
        match vectors {
            1 => pass.run::<S, 1>(s, &mut out),
            2 => pass.run::<S, 2>(s, &mut out),
            3 => pass.run::<S, 3>(s, &mut out),
            4 => pass.run::<S, 4>(s, &mut out),
            5 => pass.run::<S, 5>(s, &mut out),
            6 => pass.run::<S, 6>(s, &mut out),
            7 => pass.run::<S, 7>(s, &mut out),
            _ => pass.run::<S, 8>(s, &mut out),
        }
        column += width;
    }
}

/// Tables that fit in this many bytes are not fetched ahead: they stay in the second-level cache.
const NEAR: usize = 1 << 20;

/// How many edges ahead a row is fetched: some 8 KiB, or not at all from a small table.
#[inline(always)]
fn fetch_ahead(x: Matrix<'_>) -> Option<usize> {
    let bytes = x.cols() * size_of::<f32>();
    (x.rows().saturating_mul(bytes) > NEAR).then(|| (8192 / bytes.max(1)).clamp(4, 32))
}

/// Some columns of all rows at hand.
#[derive(Clone, Copy)]
struct Pass<'a> {
    edges: Edges<'a>,
    x: Matrix<'a>,
    c: Coefficients<'a>,
    ahead: Option<usize>,
    column: usize,
    width: usize,
}

impl Pass<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(self, s: S, out: &mut MatrixMut<'_>) {
        if self.c.weights.is_none() && self.c.source_scale.is_none() {
            self.each_row::<S, V, true>(s, out);
        } else {
            self.each_row::<S, V, false>(s, out);
        }
    }

    /// `UNIT`: every factor is 1.
    #[inline(always)]
    fn each_row<S: Simd, const V: usize, const UNIT: bool>(self, s: S, out: &mut MatrixMut<'_>) {
        let Pass { edges, c, column, width, .. } = self;
        for i in 0..out.rows() {
            let (start, end) = (edges.offsets[i], edges.offsets[i + 1]);
            let to = out.part_mut(i, column, width);
            if start == end {
                // Not scaled: an infinite scale would make NaN of it.
                if !c.accumulate {
                    to.fill(0.0);
                }
                continue;
            }
            let mut sum = self.tree::<S, V, UNIT>(s, start, end);
            if c.mean {
                let count = s.splat((end - start) as f32);
                for v in sum.iter_mut() {
                    *v = s.div(*v, count);
                }
            }
            if let Some(scale) = c.row_scale {
                let scale = s.splat(scale[i]);
                for v in sum.iter_mut() {
                    *v = s.mul(*v, scale);
                }
            }
            for (v, to) in sum.into_iter().zip(to.chunks_mut(LANES)) {
                let v = if c.accumulate { s.add(s.load_part(to), v) } else { v };
                s.store_part(to, s.canonical(v));
            }
        }
    }

    /// The sum of all edges by the fixed tree over leaves of 512. The stack holds one sum for each complete subtree that
    /// still waits for its right neighbour.
    #[inline(always)]
    fn tree<S: Simd, const V: usize, const UNIT: bool>(self, s: S, start: usize, end: usize) -> [S::F32; V] {
        if end - start <= EDGE_LEAF {
            return self.leaf::<S, V, UNIT>(s, start, end);
        }
        let leaves = (end - start).div_ceil(EDGE_LEAF);
        debug_assert!(left_leaves(leaves) < 1 << 31);
        let mut stack = [[s.zero(); V]; 32];
        let mut depth = 0;
        for number in 0..leaves {
            let from = start + number * EDGE_LEAF;
            stack[depth] = self.leaf::<S, V, UNIT>(s, from, end.min(from + EDGE_LEAF));
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

    /// The sum of edges `start .. end` in order, as one fma chain a column; where every factor is 1, additions have the
    /// same bits.
    #[inline(always)]
    fn leaf<S: Simd, const V: usize, const UNIT: bool>(self, s: S, start: usize, end: usize) -> [S::F32; V] {
        let Pass { edges, x, c, ahead, column, width } = self;
        let whole = (V - 1) * LANES;
        let mut sum = [s.zero(); V];
        for (at, &source) in edges.indices[start..end].iter().enumerate() {
            let edge = start + at;
            if let Some(&next) = ahead.and_then(|ahead| edges.indices.get(edge + ahead)) {
                s.prefetch(x.part(next as usize, column, width));
            }
            let source = source as usize;
            let factor = s.splat(if UNIT { 1.0 } else { c.of(edge, source) });
            let (from, last) = x.part(source, column, width).split_at(whole);
            for (v, from) in sum.iter_mut().zip(from.as_chunks().0) {
                let from = s.load(from);
                *v = if UNIT { s.add(*v, from) } else { s.fma(factor, from, *v) };
            }
            let last = s.load_part(last);
            sum[V - 1] = if UNIT { s.add(sum[V - 1], last) } else { s.fma(factor, last, sum[V - 1]) };
        }
        sum
    }
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
