//! Straight loops over sparse rows. They trust their arguments: `csr.rs` has checked them. The sums of a column lie side by side in one record.

use super::fixed::{Scale, round};
use crate::logistic::kernel::load_at;
use crate::logistic::sparse::kernel::{Column, RowsIn, each_column};
use crate::simd::{CANONICAL_NAN, LANES, Simd};
use std::ops::Range;

/// How many entries ahead weights and sums are asked for: enough to hide memory, few enough to stay in the second cache.
const AHEAD: usize = 160;

/// Entries whose columns are read in one go: a page of f32.
const TAKEN: usize = 1024;

/// Vectors whose sums a pass makes, at most: gradient, curvature, product.
pub(crate) const VECTORS: usize = 3;

/// What is added to dots: a number, and one for each row, if there are any.
#[derive(Clone, Copy)]
pub(crate) struct Shift<'a> {
    pub intercept: f32,
    pub offsets: Option<&'a [f32]>,
}

/// The margins of `rows`: dots with the weights in `LANES16` order over the entries of a row, `+ intercept`, `+ offset`.
#[inline(always)]
pub(crate) fn margins<S: Simd>(
    s: S,
    all: RowsIn<'_>,
    rows: Range<usize>,
    weights: &[f32],
    shift: Shift<'_>,
    out: &mut [f32],
) {
    each_column!(all.csr.indices, indices => dots_of(s, all, indices, rows, weights, shift, out));
}

/// [`margins`] over indices of one type.
#[inline(always)]
fn dots_of<S: Simd, C: Column>(
    s: S,
    all: RowsIn<'_>,
    indices: &[C],
    rows: Range<usize>,
    weights: &[f32],
    shift: Shift<'_>,
    out: &mut [f32],
) {
    let mut taken = [0.0; TAKEN];
    let last = all.edges(rows.end.max(1) - 1).end;
    // The entries whose values are in `taken`.
    let mut held = 0..0;
    for (i, (row, out)) in rows.zip(out).enumerate() {
        let own = all.edges(row);
        let mut sums = [s.zero(); 4];
        let mut at = own.start;
        while at < own.end {
            for sum in &mut sums {
                if at < own.end {
                    let end = own.end.min(at + LANES);
                    if end > held.end {
                        held = at..last.min(at + TAKEN);
                        take(s, weights, &indices[held.start..], &mut taken[..held.len()]);
                    }
                    let weight = load_at(s, &taken[..end - held.start], at - held.start);
                    *sum = match all.values {
                        Some(values) => s.fma(weight, load_at(s, &values[..end], at), *sum),
                        None => s.add(weight, *sum),
                    };
                    at += LANES;
                }
            }
        }
        let mut margin = s.fold(s.add(s.add(sums[0], sums[1]), s.add(sums[2], sums[3]))) + shift.intercept;
        if let Some(offsets) = shift.offsets {
            margin += offsets[i];
        }
        *out = if margin.is_nan() { CANONICAL_NAN } else { margin };
    }
}

/// The weights of the first entries. Nothing waits for one of them, and a load for each is faster than gathers are.
#[inline(always)]
fn take<S: Simd, C: Column>(s: S, weights: &[f32], indices: &[C], taken: &mut [f32]) {
    for (at, (taken, index)) in taken.iter_mut().zip(indices).enumerate() {
        if let Some(far) = indices.get(at + AHEAD) {
            s.prefetch_line(&weights[far.at()]);
        }
        *taken = weights[index.at()];
    }
}

/// The factors of some rows for one vector of sums.
#[derive(Clone, Copy)]
pub(crate) struct Factors<'a> {
    /// One value a row.
    pub factors: &'a [f32],
    /// Whether they go with the squares of the entries' values.
    pub squared: bool,
    pub scale: Scale,
}

/// Adds `factor * value` over the entries of `rows`, or `factor * value^2`, to the sum of each entry's column, for each
/// vector, in units of its scale: the product in f64, rounded to the nearest integer, ties to even.
#[inline(always)]
pub(crate) fn accumulate<S: Simd>(
    s: S,
    all: RowsIn<'_>,
    rows: Range<usize>,
    vectors: &[Factors<'_>],
    width: usize,
    records: &mut [i64],
) {
    each_column!(all.csr.indices, indices => match *vectors {
        [one] => accumulate_of::<S, _, 1>(s, all, indices, rows, [one], width, records),
        [one, two] => accumulate_of::<S, _, 2>(s, all, indices, rows, [one, two], width, records),
        [one, two, three] => accumulate_of::<S, _, 3>(s, all, indices, rows, [one, two, three], width, records),
        _ => {}
    });
}

#[inline(always)]
fn accumulate_of<S: Simd, C: Column, const V: usize>(
    s: S,
    all: RowsIn<'_>,
    indices: &[C],
    rows: Range<usize>,
    vectors: [Factors<'_>; V],
    width: usize,
    records: &mut [i64],
) {
    for (i, row) in rows.enumerate() {
        let own = all.edges(row);
        let mut factors = [0.0; V];
        for v in 0..V {
            factors[v] = f64::from(vectors[v].factors[i]) * vectors[v].scale.up();
        }
        let Some(values) = all.values else {
            let mut terms = [0; V];
            for v in 0..V {
                terms[v] = round(factors[v]);
            }
            for at in own {
                if let Some(far) = indices.get(at + AHEAD) {
                    s.prefetch_line(&records[far.at() * width]);
                }
                let record = &mut records[indices[at].at() * width..][..V];
                for v in 0..V {
                    record[v] = record[v].wrapping_add(terms[v]);
                }
            }
            continue;
        };
        let mut at = own.start;
        while at < own.end {
            let len = LANES.min(own.end - at);
            let mut lanes = [0.0; LANES];
            s.store(&mut lanes, load_at(s, &values[..at + len], at));
            let mut terms = [[0; LANES]; V];
            for v in 0..V {
                for lane in 0..LANES {
                    let value = f64::from(lanes[lane]);
                    let value = if vectors[v].squared { value * value } else { value };
                    terms[v][lane] = round(factors[v] * value);
                }
            }
            for lane in 0..len {
                if let Some(far) = indices.get(at + lane + AHEAD) {
                    s.prefetch_line(&records[far.at() * width]);
                }
                let record = &mut records[indices[at + lane].at() * width..][..V];
                for v in 0..V {
                    record[v] = record[v].wrapping_add(terms[v][lane]);
                }
            }
            at += LANES;
        }
    }
}

/// `out[i] = sums[i]` in f64, times the unit, in f32.
#[inline(always)]
pub(crate) fn finish<S: Simd>(_: S, sums: &[i64], scale: Scale, out: &mut [f32]) {
    let down = scale.down();
    for (out, &sum) in out.iter_mut().zip(sums) {
        *out = (sum as f64 * down) as f32;
    }
}
