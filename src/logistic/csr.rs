//! Logistic regression over sparse rows: margins, loss, gradient, curvature and Hessian-vector product in one pass.

pub(crate) mod fixed;
pub(crate) mod kernel;
mod prepared;

pub use prepared::PreparedRows;

use super::Targets;
use super::batch::BatchRows;
use super::pass::{
    BAD_TARGET, BatchOut, BatchSums, Block, GOOD, LeafSums, Product, Rowwise, Sums, Wants, leaf_rows,
    leaf_sums,
};
use super::sparse::kernel::RowsIn;
use super::sparse::{check_finite, greatest};
use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool};
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::order::{EXAMPLE_LEAF, fold};
use crate::view::Csr;
use crate::workspace::Workspace;
use fixed::{Scale, bound_of};
use kernel::{Factors, Shift, VECTORS};
use std::ops::Range;

/// Sparse features of rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entries<'a> {
    /// Checked in every call.
    Csr { csr: Csr<'a>, values: Option<&'a [f32]> },
    /// Checked and renumbered once.
    Prepared(&'a PreparedRows),
}

/// Columns of rows that are not prepared, and features of those that are, at most.
const MOST_COLUMNS: usize = 1 << 28;

/// Rows of a block: few enough to stay in the second cache from the dots to the updates.
const BLOCK_ROWS: usize = 128;

/// Columns of a block of the last step, which turns sums into results.
const COLUMNS: usize = 256;

/// [`super::batch`] over sparse rows.
pub(super) fn csr_rows(
    entries: Entries<'_>,
    rows: BatchRows<'_>,
    targets: Option<Targets<'_>>,
    signed: bool,
    out: BatchOut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<BatchSums, Error> {
    let (all, prepared) = match entries {
        Entries::Csr { csr, values } => (RowsIn { csr, values, margins: None }, None),
        Entries::Prepared(prepared) => (prepared.view(), Some(prepared)),
    };
    let n = all.csr.rows;
    // What the caller's vectors have, and what the pass has.
    let own = all.csr.cols;
    let d = match prepared {
        Some(prepared) if rows.weights.len() != own => prepared.cols(),
        _ => own,
    };
    check_size(rows.weights.len(), d, c"rows.weights")?;
    check_size(rows.offsets.map_or(n, <[f32]>::len), n, c"rows.offsets")?;
    let wants = out.check(targets, n, d)?;
    let BatchOut { margins, gradient, curvature, product } = out;
    let mut greatest_along = 0.0;
    if let Some(Product { along, along_intercept, .. }) = &product {
        check_finite(along, c"out.along")?;
        check_finite(&[*along_intercept], c"out.along_intercept")?;
        greatest_along = greatest(along);
    }
    let greatest_value = match entries {
        Entries::Csr { csr, values } => {
            if csr.cols > MOST_COLUMNS {
                return Err(Error::new(Status::SizeOverflow, c"csr.cols").size(csr.cols));
            }
            csr.check()?;
            check_size(values.map_or(csr.indices.len(), <[f32]>::len), csr.indices.len(), c"rows.values")?;
            check_finite(values.unwrap_or_default(), c"rows.values")?;
            values.map_or(1.0, greatest)
        }
        Entries::Prepared(prepared) => prepared.greatest_value(),
    };

    let leaves = n.div_ceil(EXAMPLE_LEAF);
    let vectors = wants.vectors();
    // A power of two, so that no record lies in two cache lines.
    let width = if vectors > 0 { vectors.next_power_of_two() } else { 0 };
    let count = all.csr.indices.len();
    // An entry costs as much as some 8 operations in each pass.
    let work = count.saturating_add(n).saturating_mul(8 * (1 + vectors));
    let parts = (pool::parts(pool, work) / 4).max(1);
    // The records of each part, each place two f32 wide; and vectors of the caller's in the order of the pass.
    let records = own.checked_mul(2 * width).and_then(|len| len.checked_mul(parts));
    let local = if prepared.is_some() { own } else { 0 };
    let along_local = if product.is_some() { local } else { 0 };
    let [records, weights, along, of_leaves] =
        workspace.pieces([records, Some(local), Some(along_local), leaves.checked_mul(10)])?;
    let of_leaves: &mut [LeafSums] = bytemuck::cast_slice_mut(of_leaves);

    let bound =
        Bound { targets: targets.map_or(0, greatest_coefficient), value: bound_of(greatest_value.into()) };
    let longest = (0..n).map(|row| all.edges(row).len()).max().unwrap_or(0);
    let along_of = product.as_ref().map_or(0.0, |product| f64::from(product.along_intercept.abs()));
    let dot = longest as f64 * f64::from(greatest_value) * f64::from(greatest_along) + along_of;
    let scales = [
        Scale::new(bound.targets + bound.value, count),
        Scale::new(bound.targets - 1 + 2 * bound.value, count),
        Scale::new(bound.targets + bound_of(dot) + bound.value, count),
    ];
    let kernels = kernels();
    let weights = localise(prepared, rows.weights, weights);
    let along_intercept = product.as_ref().map_or(0.0, |product| product.along_intercept);
    let along = product.as_ref().map_or(&[][..], |product| localise(prepared, product.along, along));
    let point = Rowwise { kernels, targets, signed, wants };
    let rows = BatchRows { weights, ..rows };
    let pass = Pass { point, all, rows, along, along_intercept, scales, width };
    let cut = pool::by_offsets(|leaf| all.csr.offsets.get((leaf * EXAMPLE_LEAF).min(n)) as usize);
    let into = (margins.map(|items| pool::Leaves { items, width: EXAMPLE_LEAF }), &mut *of_leaves);
    pool::for_rows(pool, parts, 0..leaves, cut, into, records, |range, (margins, of_leaves), records| {
        let records: &mut [i64] = bytemuck::cast_slice_mut(records);
        records.fill(0);
        let mut margins = margins.map(|margins| margins.items.chunks_mut(EXAMPLE_LEAF));
        for (leaf, sums) in range.zip(of_leaves) {
            *sums = pass.leaf(leaf, margins.as_mut().and_then(Iterator::next), &mut records[..own * width]);
        }
    });
    if n == 0 {
        // No part has run.
        records.fill(0.0);
    }
    if let Some(leaf) = of_leaves.iter().position(|sums| sums[4] != GOOD) {
        return Err(pass.error(leaf, of_leaves[leaf][4]));
    }
    let records: &[i64] = bytemuck::cast_slice(records);
    let mut vector = 0;
    for (to, scale) in [gradient, curvature, product.map(|product| product.out)].into_iter().zip(scales) {
        let Some(to) = to else { continue };
        let sums = PartSums { records, vector, width, columns: own };
        vector += 1;
        finish(kernels, pool, prepared, sums, scale, to);
    }
    let [loss, gradient, curvature, product, _] = fold(of_leaves);
    Ok(BatchSums { loss, gradient, curvature, product })
}

/// Exponents that bound what a row's targets and an entry's value can give.
struct Bound {
    targets: i32,
    value: i32,
}

/// The least n with `|a| + |b| <= 2^n` in every row.
fn greatest_coefficient(targets: Targets<'_>) -> i32 {
    let both = |a: &[f32], b: &[f32]| {
        a.iter().zip(b).fold(0.0, |most: f64, (a, b)| most.max(f64::from(a.abs()) + f64::from(b.abs())))
    };
    let most = match targets {
        Targets::Coefficients { a, b } => both(a, b),
        Targets::Labels { weights: Some(weights), .. } => greatest(weights).into(),
        Targets::Labels { weights: None, .. } => 1.0,
    };
    // What is not finite is refused on the way.
    if most.is_finite() { bound_of(most) } else { 0 }
}

/// A vector of the caller's in the order of the pass.
fn localise<'a>(prepared: Option<&PreparedRows>, theirs: &'a [f32], local: &'a mut [f32]) -> &'a [f32] {
    match prepared {
        Some(prepared) => {
            prepared.localise(theirs, local);
            local
        }
        None => theirs,
    }
}

/// What every leaf of a pass reads.
struct Pass<'a> {
    point: Rowwise<'a>,
    all: RowsIn<'a>,
    rows: BatchRows<'a>,
    along: &'a [f32],
    along_intercept: f32,
    scales: [Scale; VECTORS],
    /// Of a record; 0 where no sums are wanted.
    width: usize,
}

impl Pass<'_> {
    /// One leaf: its part of the vectors is added to `records`, its margins go to `out`; its single numbers.
    fn leaf(&self, leaf: usize, out: Option<&mut [f32]>, records: &mut [i64]) -> LeafSums {
        let rows = leaf_rows(leaf, self.all.csr.rows);
        let first = rows.start;
        let mut good = true;
        // The first row with a factor that has no place in the sums.
        let mut stray = None;
        let [loss, gradient, curvature, product] =
            leaf_sums(rows, BLOCK_ROWS, out, |rows, margins, found| {
                let (block_good, block_stray) = self.block(rows, margins, records, found);
                good &= block_good;
                stray = stray.or(block_stray);
            });
        let says = match stray {
            _ if !good => BAD_TARGET,
            Some(row) => -1.0 - (row - first) as f64,
            None => GOOD,
        };
        [loss, gradient, curvature, product, says]
    }

    /// Some rows of a leaf. Whether their targets are in range, and the first one whose factors are not finite.
    fn block(
        &self,
        range: Range<usize>,
        out: Option<&mut [f32]>,
        records: &mut [i64],
        found: &mut Sums,
    ) -> (bool, Option<usize>) {
        let Pass { point, all, rows, .. } = *self;
        let kernels = point.kernels;
        let Wants([.., product]) = point.wants;
        let mut block = Block::<BLOCK_ROWS>::new(range.clone());
        let (margins, dots) = block.margins_and_factors();
        let offsets = rows.offsets.map(|offsets| &offsets[range.clone()]);
        let shift = Shift { intercept: rows.intercept, offsets };
        let of_along = Shift { intercept: self.along_intercept, offsets: None };
        kernels.csr_margins(all, range.clone(), rows.weights, shift, margins);
        if product {
            kernels.csr_margins(all, range.clone(), self.along, of_along, dots);
        }
        if let Some(out) = out {
            out.copy_from_slice(margins);
        }
        if point.targets.is_none() {
            return (true, None);
        }
        let good = point.block(&mut block, found);
        let mut vectors = [Factors { factors: &[], squared: false, scale: self.scales[0] }; VECTORS];
        let mut count = 0;
        let mut stray = None;
        for (v, factors) in block.factors(point.wants).into_iter().enumerate() {
            if let Some(factors) = factors {
                stray = stray.or(factors.iter().position(|factor| !factor.is_finite()));
                vectors[count] = Factors { factors, squared: v == 1, scale: self.scales[v] };
                count += 1;
            }
        }
        kernels.csr_accumulate(all, range.clone(), &vectors[..count], self.width, records);
        (good, stray.map(|row| range.start + row))
    }

    /// The error of a leaf that is not good, from what it says.
    fn error(&self, leaf: usize, says: f64) -> Error {
        if says == BAD_TARGET {
            return self.point.bad_target(leaf);
        }
        Error::new(Status::NotFinite, c"rows.weights").at(leaf * EXAMPLE_LEAF + (-1.0 - says) as usize)
    }
}

/// The sums of one vector in the records of each part of the work.
#[derive(Clone, Copy)]
struct PartSums<'a> {
    records: &'a [i64],
    vector: usize,
    /// Of a record.
    width: usize,
    /// Records of a part.
    columns: usize,
}

impl PartSums<'_> {
    /// The sum of one column.
    fn of(self, column: usize) -> i64 {
        let parts = self.records.chunks_exact(self.columns * self.width);
        parts.fold(0, |total, part| total.wrapping_add(part[column * self.width + self.vector]))
    }
}

/// Turns sums into results, in the order of the caller's vector.
fn finish(
    kernels: &'static Kernels,
    pool: Option<&Pool>,
    prepared: Option<&PreparedRows>,
    sums: PartSums<'_>,
    scale: Scale,
    to: &mut [f32],
) {
    let parts = pool::parts(pool, to.len().saturating_mul(2));
    if let Some(prepared) = prepared
        && to.len() != sums.columns
    {
        to.fill(0.0);
        let mut block = [0.0; COLUMNS];
        let mut totals = [0; COLUMNS];
        for (features, ranks) in prepared.features().chunks(COLUMNS).zip(prepared.ranks().chunks(COLUMNS)) {
            let (block, totals) = (&mut block[..ranks.len()], &mut totals[..ranks.len()]);
            totals.iter_mut().zip(ranks).for_each(|(total, &rank)| *total = sums.of(rank as usize));
            kernels.csr_finish(totals, scale, block);
            features.iter().zip(block).for_each(|(&feature, value)| to[feature as usize] = *value);
        }
        return;
    }
    pool::for_rows(pool, parts, 0..to.len(), pool::even, to, &mut [], |range, to, _| {
        let mut totals = [0; COLUMNS];
        for (block, to) in to.chunks_mut(COLUMNS).enumerate() {
            let first = range.start + block * COLUMNS;
            let totals = &mut totals[..to.len()];
            let columns = first..first + to.len();
            match prepared {
                Some(prepared) => {
                    let ranks = &prepared.ranks()[columns];
                    totals.iter_mut().zip(ranks).for_each(|(total, &rank)| *total = sums.of(rank as usize));
                }
                None => totals.iter_mut().zip(columns).for_each(|(total, column)| *total = sums.of(column)),
            }
            kernels.csr_finish(totals, scale, to);
        }
    });
}
