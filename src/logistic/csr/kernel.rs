//! Straight loops over sparse rows. They trust their arguments: `csr.rs` has checked them.
//!
//! The sums of a column lie side by side in one record, and with them what the margins read, so that the margins bring
//! into the cache what the sums of the same rows need right after.

use super::fixed::{Scale, round};
use crate::logistic::kernel::load_at;
use crate::logistic::sparse::kernel::{Column, RowsIn, each_column};
use crate::simd::{CANONICAL_NAN, LANES, Simd};
use std::ops::Range;

/// How many entries ahead records are asked for: enough to hide memory, few enough to stay in the second cache.
const AHEAD: usize = 160;

/// Entries whose columns are read in one go: a page of f32.
const TAKEN: usize = 1024;

/// Vectors whose sums a pass makes, at most: gradient, curvature, product.
pub(crate) const VECTORS: usize = 3;

/// Where the two vectors that are read are in the last place of a record, in f32.
const WEIGHT: usize = 0;
const ALONG: usize = 1;

/// Records whose sums are 0, with the vectors that are read in their last place. `along` has no values where no product is
/// wanted.
#[inline(always)]
pub(crate) fn records<S: Simd>(_: S, weights: &[f32], along: &[f32], width: usize, records: &mut [i64]) {
    let records: &mut [f32] = bytemuck::cast_slice_mut(records);
    for (i, record) in records.chunks_exact_mut(2 * width).enumerate() {
        record.fill(0.0);
        record[2 * width - 2 + WEIGHT] = weights[i];
        if !along.is_empty() {
            record[2 * width - 2 + ALONG] = along[i];
        }
    }
}

/// What is added to dots: a number, and one for each row, if there are any.
#[derive(Clone, Copy)]
pub(crate) struct Shift<'a> {
    pub intercept: f32,
    pub offsets: Option<&'a [f32]>,
}

/// What is read of each column.
#[derive(Clone, Copy)]
pub(crate) enum Columns<'a> {
    /// The vector alone.
    Vector(&'a [f32]),
    /// Records of a width.
    Records(&'a [i64], usize),
}

/// The margins of `rows`: dots with the weights in `LANES16` order over the entries of a row, `+ intercept`, `+ offset`;
/// and likewise with the other vector of records, if `along` is given.
#[inline(always)]
pub(crate) fn margins<S: Simd>(
    s: S,
    all: RowsIn<'_>,
    rows: Range<usize>,
    columns: Columns<'_>,
    shift: Shift<'_>,
    out: &mut [f32],
    along: Option<(Shift<'_>, &mut [f32])>,
) {
    let (values, groups, weight) = match columns {
        Columns::Vector(vector) => (vector, 0, 0),
        Columns::Records(records, width) => {
            let values: &[f32] = bytemuck::cast_slice(records);
            (values, (2 * width).trailing_zeros(), 2 * width - 2 + WEIGHT)
        }
    };
    let own = Part { values, groups, offset: weight };
    let other = Part { offset: weight + ALONG - WEIGHT, ..own };
    each_column!(all.csr.indices, indices => {
        // One loop for both, so that there is one copy of its code.
        let mut next = Some((own, shift, out));
        let mut along = along;
        while let Some((part, shift, out)) = next {
            dots_of(s, all, indices, rows.clone(), part, shift, out);
            next = along.take().map(|(shift, out)| (other, shift, out));
        }
    });
}

/// The values at `offset` of the columns, each of which has `2^groups`.
#[derive(Clone, Copy)]
struct Part<'a> {
    values: &'a [f32],
    groups: u32,
    offset: usize,
}

/// [`margins`] of one part.
#[inline(always)]
fn dots_of<S: Simd, C: Column>(
    s: S,
    all: RowsIn<'_>,
    indices: &[C],
    rows: Range<usize>,
    part: Part<'_>,
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
                        take(s, part, &indices[held.start..], held.len(), &mut taken);
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

/// The values of the first `len` entries' columns. Nothing waits for one of them, and a load for each is faster than gathers.
#[inline(always)]
fn take<S: Simd, C: Column>(s: S, part: Part<'_>, indices: &[C], len: usize, taken: &mut [f32; TAKEN]) {
    let Part { values, groups, offset } = part;
    let far = &indices[AHEAD.min(indices.len())..];
    let (with_far, rest) = taken[..len].split_at_mut(len.min(far.len()));
    for ((taken, index), far) in with_far.iter_mut().zip(indices).zip(far) {
        s.prefetch_line(&values[far.at() << groups]);
        *taken = values[(index.at() << groups) + offset];
    }
    for (taken, index) in rest.iter_mut().zip(&indices[far.len().min(len)..]) {
        *taken = values[(index.at() << groups) + offset];
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
            for index in &indices[own] {
                let record = &mut records[index.at() * width..][..V];
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
            for (lane, index) in indices[at..at + len].iter().enumerate() {
                let record = &mut records[index.at() * width..][..V];
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
