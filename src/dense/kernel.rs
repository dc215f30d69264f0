//! Straight loops of the family. They trust their arguments: `mod.rs` has checked and packed them.

use crate::simd::order::dot;
use crate::simd::{CANONICAL_NAN, LANES, Lanes, Simd, math};
use crate::view::{Matrix, MatrixMut};

/// Vectors side by side in a packed panel.
pub(crate) const PANEL_VECTORS: usize = 4;
/// Columns of a packed panel.
pub(crate) const PANEL: usize = PANEL_VECTORS * LANES;

/// Packs the transpose of `w` into panels, each `w.cols() x PANEL`, the last padded with zeros.
#[inline(always)]
pub(crate) fn pack_transposed<S: Simd>(s: S, w: Matrix<'_>, packed: &mut [f32]) {
    let inner = w.cols();
    for (panel, to) in packed.chunks_exact_mut(inner * PANEL).enumerate() {
        let first = panel * PANEL;
        let width = PANEL.min(w.rows() - first);
        if width < PANEL {
            to.fill(0.0);
        }
        for c in (0..width).step_by(LANES) {
            for p in (0..inner).step_by(LANES) {
                let (rows, cols) = ((width - c).min(LANES), (inner - p).min(LANES));
                if rows == LANES && cols == LANES {
                    let mut tile = [s.zero(); LANES];
                    for (i, row) in tile.iter_mut().enumerate() {
                        *row = s.load_part(w.part(first + c + i, p, LANES));
                    }
                    for (i, column) in s.transpose(tile).into_iter().enumerate() {
                        s.store_part(&mut to[(p + i) * PANEL + c..][..LANES], column);
                    }
                } else {
                    for i in 0..rows {
                        for (j, &value) in w.part(first + c + i, p, cols).iter().enumerate() {
                            to[(p + j) * PANEL + c + i] = value;
                        }
                    }
                }
            }
        }
    }
}

/// One addend `x * w` of a product.
#[derive(Clone, Copy)]
pub(crate) struct Term<'a> {
    /// The rows at hand, `inner` columns.
    pub x: Matrix<'a>,
    /// The panels of `w` side by side, each `inner x PANEL`, padded with zeros ([`super::pack`]).
    pub panels: &'a [[Lanes; PANEL_VECTORS]],
}

/// Where the chain of a product starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// At +0.
    Zero,
    /// At what the output holds.
    Output,
}

/// `out = sum over terms of x * w` in `CHAIN` order: for each output one fma chain through the terms in their
/// order and through the inner dimension.
#[inline(always)]
pub(crate) fn product<S: Simd>(s: S, terms: &[Term<'_>], start: Start, mut out: MatrixMut<'_>) {
    let mut row = 0;
    while row < out.rows() {
        row += match out.rows() - row {
            left if left >= 6 => rows::<S, 6>(s, terms, start, row, &mut out),
            left if left >= 3 => rows::<S, 3>(s, terms, start, row, &mut out),
            _ => rows::<S, 1>(s, terms, start, row, &mut out),
        };
    }
}

/// `R` rows from `row`, all columns. Returns `R`.
#[inline(always)]
fn rows<S: Simd, const R: usize>(
    s: S,
    terms: &[Term<'_>],
    start: Start,
    row: usize,
    out: &mut MatrixMut<'_>,
) -> usize {
    let cols = out.cols();
    let mut column = 0;
    while column < cols {
        let width = (cols - column).min(PANEL);
        if S::MANY_REGISTERS || R == 1 {
            match width.div_ceil(LANES) {
                4 => tile::<S, R, 4>(s, terms, start, row, column, width, out),
                3 => tile::<S, R, 3>(s, terms, start, row, column, width, out),
                2 => tile::<S, R, 2>(s, terms, start, row, column, width, out),
                _ => tile::<S, R, 1>(s, terms, start, row, column, width, out),
            }
        } else {
            for at in (0..width).step_by(LANES) {
                tile::<S, R, 1>(s, terms, start, row, column + at, (width - at).min(LANES), out);
            }
        }
        column += width;
    }
    R
}

/// `R` rows by `C` vectors of columns, within one panel.
#[inline(always)]
fn tile<S: Simd, const R: usize, const C: usize>(
    s: S,
    terms: &[Term<'_>],
    start: Start,
    row: usize,
    column: usize,
    width: usize,
    out: &mut MatrixMut<'_>,
) {
    let (panel, vector) = (column / PANEL, column % PANEL / LANES);
    assert!(vector + C <= PANEL_VECTORS);
    let mut acc = [[s.zero(); C]; R];
    if start == Start::Output {
        for (r, acc) in acc.iter_mut().enumerate() {
            for (v, from) in acc.iter_mut().zip(out.part_mut(row + r, column, width).chunks(LANES)) {
                *v = s.load_part(from);
            }
        }
    }
    for term in terms {
        let inner = term.x.cols();
        let panel = &term.panels[panel * inner..][..inner];
        let x: [&[f32]; R] = std::array::from_fn(|r| &term.x.row(row + r)[..inner]);
        for p in 0..inner {
            let mut w = [s.zero(); C];
            for (c, w) in w.iter_mut().enumerate() {
                *w = s.load(&panel[p][vector + c]);
            }
            for r in 0..R {
                let x = s.splat(x[r][p]);
                for c in 0..C {
                    acc[r][c] = s.fma(x, w[c], acc[r][c]);
                }
            }
        }
    }
    for (r, acc) in acc.into_iter().enumerate() {
        for (v, to) in acc.into_iter().zip(out.part_mut(row + r, column, width).chunks_mut(LANES)) {
            s.store_part(to, s.canonical(v));
        }
    }
}

/// `out (+)= x^T * dz` as one fma chain over the rows for each output (`out` is columns of `x` by columns of
/// `dz`). Runs of rows that fit in cache; the chain goes on from memory.
#[inline(always)]
pub(crate) fn weight_gradient<S: Simd>(
    s: S,
    x: Matrix<'_>,
    dz: Matrix<'_>,
    start: Start,
    mut out: MatrixMut<'_>,
) {
    const RUN: usize = 128;
    if start == Start::Zero {
        for i in 0..out.rows() {
            out.row_mut(i).fill(0.0);
        }
    }
    for from in (0..x.rows()).step_by(RUN) {
        let to = x.rows().min(from + RUN);
        let (x, dz) = (x.slice(from, to), dz.slice(from, to));
        let mut row = 0;
        while row < out.rows() {
            row += match out.rows() - row {
                left if left >= 6 => outer_rows::<S, 6>(s, x, dz, row, &mut out),
                left if left >= 3 => outer_rows::<S, 3>(s, x, dz, row, &mut out),
                _ => outer_rows::<S, 1>(s, x, dz, row, &mut out),
            };
        }
    }
    for i in 0..out.rows() {
        for to in out.row_mut(i).chunks_mut(LANES) {
            let v = s.load_part(to);
            s.store_part(to, s.canonical(v));
        }
    }
}

/// Output rows `row .. row + R`, all columns. Returns `R`.
#[inline(always)]
fn outer_rows<S: Simd, const R: usize>(
    s: S,
    x: Matrix<'_>,
    dz: Matrix<'_>,
    row: usize,
    out: &mut MatrixMut<'_>,
) -> usize {
    let cols = out.cols();
    let widest = if S::MANY_REGISTERS || R == 1 { PANEL } else { LANES };
    let mut column = 0;
    while column < cols {
        let width = (cols - column).min(widest);
        match width {
            PANEL => outer_tile::<S, R, 4>(s, x, dz, row, column, width, out),
            width if width > 2 * LANES => outer_tile::<S, R, 4>(s, x, dz, row, column, width, out),
            width if width > LANES => outer_tile::<S, R, 2>(s, x, dz, row, column, width, out),
            _ => outer_tile::<S, R, 1>(s, x, dz, row, column, width, out),
        }
        column += width;
    }
    R
}

/// `R` output rows by `width` columns.
#[inline(always)]
fn outer_tile<S: Simd, const R: usize, const C: usize>(
    s: S,
    x: Matrix<'_>,
    dz: Matrix<'_>,
    row: usize,
    column: usize,
    width: usize,
    out: &mut MatrixMut<'_>,
) {
    let mut acc = [[s.zero(); C]; R];
    for (r, acc) in acc.iter_mut().enumerate() {
        for (v, from) in acc.iter_mut().zip(out.part_mut(row + r, column, width).chunks(LANES)) {
            *v = s.load_part(from);
        }
    }
    for i in 0..x.rows() {
        let from = dz.part(i, column, width);
        let mut z = [s.zero(); C];
        if width == C * LANES {
            for (z, from) in z.iter_mut().zip(from.as_chunks().0) {
                *z = s.load(from);
            }
        } else {
            for (z, from) in z.iter_mut().zip(from.chunks(LANES)) {
                *z = s.load_part(from);
            }
        }
        let x = x.part(i, row, R);
        for r in 0..R {
            let x = s.splat(x[r]);
            for c in 0..C {
                acc[r][c] = s.fma(x, z[c], acc[r][c]);
            }
        }
    }
    for (r, acc) in acc.into_iter().enumerate() {
        for (v, to) in acc.into_iter().zip(out.part_mut(row + r, column, width).chunks_mut(LANES)) {
            s.store_part(to, v);
        }
    }
}

/// What follows a product, row by row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Epilogue {
    pub activation: super::Activation,
    pub normalise: bool,
}

/// The smallest norm that is divided by: shorter rows are divided by it (they stay short).
const MIN_NORM: f32 = 1e-12;

/// In place: the activation, then `row * (1 / max(|row|, 1e-12))`. `norms` gets the norms before the maximum.
#[expect(clippy::needless_range_loop, reason = "norms is empty when not normalising")]
#[inline(always)]
pub(crate) fn activate<S: Simd>(s: S, epilogue: Epilogue, mut rows: MatrixMut<'_>, norms: &mut [f32]) {
    for i in 0..rows.rows() {
        let row = rows.row_mut(i);
        for to in row.chunks_mut(LANES) {
            let z = s.load_part(to);
            let a = match epilogue.activation {
                super::Activation::None => z,
                // A NaN stays: it is not below 0.
                super::Activation::Relu => s.select(s.less(z, s.zero()), s.zero(), z),
                super::Activation::Tanh => math::tanh(s, z),
            };
            s.store_part(to, s.canonical(a));
        }
        if epilogue.normalise {
            let square = dot(s, row, row);
            let norm = if square.is_nan() { CANONICAL_NAN } else { square.sqrt() };
            let scale = s.splat(1.0 / if norm < MIN_NORM { MIN_NORM } else { norm });
            for to in row.chunks_mut(LANES) {
                let y = s.mul(s.load_part(to), scale);
                s.store_part(to, s.canonical(y));
            }
            norms[i] = norm;
        }
    }
}

/// The gradient before [`activate`] from the gradient after it.
#[expect(clippy::needless_range_loop, reason = "norms is empty when not normalising")]
#[inline(always)]
pub(crate) fn activate_backward<S: Simd>(
    s: S,
    epilogue: Epilogue,
    y: Matrix<'_>,
    norms: &[f32],
    dy: Matrix<'_>,
    mut dz: MatrixMut<'_>,
) {
    for i in 0..dz.rows() {
        let (y, dy, to) = (y.row(i), dy.row(i), dz.row_mut(i));
        // a = norm * y; da = (dy - y (y . dy)) / norm, and dy / 1e-12 where the norm was below that.
        let (mut norm, mut along, mut scale) = (1.0, 0.0, 1.0);
        if epilogue.normalise {
            norm = norms[i];
            let short = norm < MIN_NORM;
            along = if short { 0.0 } else { dot(s, y, dy) };
            scale = 1.0 / if short { MIN_NORM } else { norm };
            norm = if short { MIN_NORM } else { norm };
        }
        for ((y, dy), to) in y.chunks(LANES).zip(dy.chunks(LANES)).zip(to.chunks_mut(LANES)) {
            let y = s.load_part(y);
            let da = s.mul(s.fma(y, s.splat(-along), s.load_part(dy)), s.splat(scale));
            let v = match epilogue.activation {
                super::Activation::None => da,
                super::Activation::Relu => s.select(s.less(s.zero(), y), da, s.zero()),
                super::Activation::Tanh => {
                    let a = s.mul(y, s.splat(norm));
                    s.mul(da, s.fma(s.sub(s.zero(), a), a, s.splat(1.0)))
                }
            };
            s.store_part(to, s.canonical(v));
        }
    }
}
