//! Logistic regression over sparse rows: margins, loss, gradient, curvature and Hessian-vector product in one pass.

pub(crate) mod fixed;
pub(crate) mod kernel;
mod prepared;

pub use prepared::PreparedRows;

use super::dense::{DenseOut, DenseSums, LeafSums, Product};
use super::kernel::{PointOut, Shift};
use super::sparse::kernel::RowsIn;
use super::sparse::{check_finite, greatest};
use super::Targets;
use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool};
use crate::simd::GATHER_LIMIT;
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::order::{EXAMPLE_LEAF, fold};
use crate::view::Csr;
use crate::workspace::Workspace;
use fixed::{Scale, bound_of};
use kernel::{Columns, Factors, VECTORS};

/// Sparse features of rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entries<'a> {
    /// Checked in every call.
    Csr {
        /// The features of each row. A feature that a row has twice counts twice.
        csr: Csr<'a>,
        /// The value of each entry of `csr.indices`, finite; ones if absent.
        values: Option<&'a [f32]>,
    },
    /// Checked and renumbered once.
    Prepared(&'a PreparedRows),
}

/// The rows and the model of [`csr_rows`].
#[derive(Clone, Copy, Debug)]
pub(super) struct CsrRows<'a> {
    /// The features of `n` rows.
    pub(super) entries: Entries<'a>,
    /// Added to each margin, `n` values; zeros if absent.
    pub(super) offsets: Option<&'a [f32]>,
    /// Weights of the features: one for each column, or, of prepared rows, one for each of [`PreparedRows::features`].
    pub(super) weights: &'a [f32],
    /// Added to every margin.
    pub(super) intercept: f32,
}

/// Rows of a block: few enough to stay in the second cache from the dots to the updates.
const BLOCK_ROWS: usize = 128;

/// A column in a block of the last step, which turns sums into results.
const COLUMNS: usize = 256;

/// Logistic regression over sparse rows, as [`super::dense_rows`]: any of margins, gradient, diagonal curvature and
/// Hessian-vector product, and the sum of the losses, in one pass over the entries.
///
/// Shapes: `n` rows; `d` is the number of columns or, of prepared rows, may also be the number of
/// [`PreparedRows::features`]: vectors then have one value for each of these, so that a gradient over 2^28 hashed columns
/// is sorted pairs of features and values.
///
/// - Order: the dot of a row in `LANES16` over its entries (the sum where values are absent), then `+ intercept`, then
///   `+ offset`; single numbers as in [`super::dense_rows`].
/// - Sums over rows are exact sums of integers. A term, the product of factor and value (or squared value) in f64, is
///   rounded to the nearest multiple of 2^-e, ties to even; `e = min(62 - bits(entries), 50) - bound`, with bits() the
///   number of binary digits and `2^bound` at least every term: the powers of two above the greatest `|a| + |b|` and above
///   the greatest value (squared for the curvature, the coefficients' one halved; for the product times the one above
///   `entries of the longest row * greatest value * greatest |along| + |along_intercept|`). A sum is rounded to f64 and
///   then to f32. So neither the order of the rows nor any split of them matters, and 2^24 equal terms lose nothing; a
///   term below 2^-35 of the greatest possible one (with 2^26 entries) is lost.
/// - Infinite margins give the limits of [`super::pointwise`]. Rows whose margin or factor is NaN or infinite are refused:
///   integers have no place for them.
/// - Threads: leaves of 1024 rows are shared. Workspace: for each part of the work (one for each thread, up to a power of
///   two) 8 bytes for each column and vector that is wanted and, unless prepared, 8 more for each column, in records of a
///   power of two; 40 bytes for each leaf; of prepared rows 4 bytes for each feature and vector that is read. Time: two
///   random accesses an entry, in fewer cache lines if prepared; unless prepared, a pass to check.
///
/// Errors, before anything is touched: sizes that do not fit, absent targets; offsets and indices as
/// [`crate::Graph::new`] refuses them, a value or a part of `along` that is not finite, with its position;
/// more than 2^28 columns ([`Status::SizeOverflow`]) unless prepared. Found on the way: a target out of range, with the position of the
/// first one; then [`Status::NotFinite`] for `rows.weights`, with the first row whose slope, curvature or product's factor
/// is not finite. Margins are then unspecified, everything else is as it was.
pub(super) fn csr_rows(
    rows: CsrRows<'_>,
    targets: Option<Targets<'_>>,
    signed: bool,
    out: DenseOut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<DenseSums, Error> {
    let (all, prepared) = match rows.entries {
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
    let DenseOut { margins, gradient, curvature, product } = out;
    check_size(margins.as_ref().map_or(n, |out| out.len()), n, c"out.margins")?;
    check_size(gradient.as_ref().map_or(d, |out| out.len()), d, c"out.gradient")?;
    check_size(curvature.as_ref().map_or(d, |out| out.len()), d, c"out.curvature")?;
    let mut greatest_along = 0.0;
    if let Some(Product { along, along_intercept, out }) = &product {
        check_size(along.len(), d, c"out.along")?;
        check_size(out.len(), d, c"out.product")?;
        check_finite(along, c"out.along")?;
        check_finite(&[*along_intercept], c"out.along_intercept")?;
        greatest_along = greatest(along);
    }
    let wants = [gradient.is_some(), curvature.is_some(), product.is_some()];
    match targets {
        Some(targets) => targets.check(n)?,
        None if wants.contains(&true) => return Err(Error::new(Status::NullPointer, c"targets")),
        None => {}
    }
    let greatest_value = match rows.entries {
        Entries::Csr { csr, values } => {
            if csr.cols > GATHER_LIMIT {
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
    let vectors = wants.iter().filter(|&&wanted| wanted).count();
    // The renumbered columns that are frequent fit in the cache: there the weights stay apart.
    let packed = prepared.is_none() && vectors > 0;
    // A power of two, so that no record lies in two cache lines.
    let width = (vectors + usize::from(packed)).next_power_of_two();
    let entries = all.csr.indices.len();
    // An entry costs as much as some 8 operations in each pass.
    let work = entries.saturating_add(n).saturating_mul(8 * (1 + vectors));
    let parts = (pool::parts(pool, work) / 4).max(1);
    // The records of each part, each place two f32 wide; and vectors of the caller's in the order of the pass.
    let records = own.checked_mul(2 * width).and_then(|len| len.checked_mul(parts));
    let local = if prepared.is_some() { own } else { 0 };
    let along_local = if product.is_some() { local } else { 0 };
    let [records, weights, along, leaf_sums] =
        workspace.pieces([records, Some(local), Some(along_local), leaves.checked_mul(10)])?;
    let leaf_sums: &mut [LeafSums] = bytemuck::cast_slice_mut(leaf_sums);

    let bound = Bound { targets: targets.map_or(0, greatest_coefficient), value: bound_of(greatest_value.into()) };
    let longest = (0..n).map(|row| all.edges(row).len()).max().unwrap_or(0);
    let along_of = product.as_ref().map_or(0.0, |product| f64::from(product.along_intercept.abs()));
    let dot = longest as f64 * f64::from(greatest_value) * f64::from(greatest_along) + along_of;
    let scales = [
        Scale::new(bound.targets + bound.value, entries),
        Scale::new(bound.targets - 1 + 2 * bound.value, entries),
        Scale::new(bound.targets + bound_of(dot) + bound.value, entries),
    ];
    let kernels = kernels();
    let weights = localise(prepared, rows.weights, weights);
    let along_intercept = product.as_ref().map_or(0.0, |product| product.along_intercept);
    let along = product.as_ref().map_or(&[][..], |product| localise(prepared, product.along, along));
    let pass = Pass {
        kernels,
        all,
        weights,
        offsets: rows.offsets,
        intercept: rows.intercept,
        targets,
        signed,
        wants,
        along,
        along_intercept,
        scales,
        width,
        packed,
    };
    let cut = pool::by_offsets(|leaf| all.csr.offsets.get((leaf * EXAMPLE_LEAF).min(n)) as usize);
    let into = (margins.map(|items| pool::Leaves { items, width: EXAMPLE_LEAF }), &mut *leaf_sums);
    pool::for_rows(pool, parts, 0..leaves, cut, into, records, |range, (margins, leaf_sums), records| {
        let records: &mut [i64] = bytemuck::cast_slice_mut(records);
        for records in records.chunks_exact_mut((own * width).max(1)) {
            if packed { kernels.csr_records(weights, along, width, records) } else { records.fill(0) }
        }
        let mut margins = margins.map(|margins| margins.items.chunks_mut(EXAMPLE_LEAF));
        for (leaf, leaf_sums) in range.zip(leaf_sums) {
            *leaf_sums = pass.leaf(leaf, margins.as_mut().and_then(Iterator::next), &mut records[..own * width]);
        }
    });
    if let Some(leaf) = leaf_sums.iter().position(|sums| sums[4] != GOOD) {
        return Err(pass.error(leaf, leaf_sums[leaf][4]));
    }
    let records: &[i64] = bytemuck::cast_slice(records);
    let mut vector = 0;
    for (to, scale) in [gradient, curvature, product.map(|product| product.out)].into_iter().zip(scales) {
        let Some(to) = to else { continue };
        let sums = PartSums { records, vector, width, columns: own };
        vector += 1;
        finish(kernels, pool, prepared, sums, scale, to);
    }
    let [loss, gradient, curvature, product, _] = fold(leaf_sums);
    Ok(DenseSums { loss, gradient, curvature, product })
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
    kernels: &'static Kernels,
    all: RowsIn<'a>,
    weights: &'a [f32],
    offsets: Option<&'a [f32]>,
    intercept: f32,
    targets: Option<Targets<'a>>,
    signed: bool,
    /// Gradient, curvature, product.
    wants: [bool; 3],
    along: &'a [f32],
    along_intercept: f32,
    scales: [Scale; VECTORS],
    /// Of a record.
    width: usize,
    /// Whether records have weights and `along` in them.
    packed: bool,
}

impl Pass<'_> {
    /// One leaf: its part of the vectors is added to `records`, its margins go to `out`; its single numbers.
    fn leaf(&self, leaf: usize, out: Option<&mut [f32]>, records: &mut [i64]) -> LeafSums {
        let Pass { kernels, all, .. } = *self;
        let first = leaf * EXAMPLE_LEAF;
        let count = (all.csr.rows - first).min(EXAMPLE_LEAF);
        // Of the leaf: margins, losses, slopes, curvatures and the product's factors.
        let mut values = [[0.0; EXAMPLE_LEAF]; 5];
        let mut good = true;
        // A row with a factor that has no place in the sums.
        let mut stray = None;
        for from in (0..count).step_by(BLOCK_ROWS) {
            let range = from..count.min(from + BLOCK_ROWS);
            let rows = first + range.start..first + range.end;
            let [margins, losses, slopes, curvatures, factors] = &mut values;
            let margins = &mut margins[range.clone()];
            let factors = &mut factors[range.clone()];
            let offsets = self.offsets.map(|offsets| &offsets[rows.clone()]);
            let shift = Shift { intercept: self.intercept, offsets };
            let [gradient, curvature, product] = self.wants;
            let dots = product.then_some(&mut *factors);
            if self.packed {
                let columns = Columns::Records(records, self.width);
                kernels.csr_margins(all, rows.clone(), columns, shift, margins, dots);
            } else {
                kernels.csr_margins(all, rows.clone(), Columns::Vector(self.weights), shift, margins, None);
                if let Some(dots) = dots {
                    kernels.csr_margins(all, rows.clone(), Columns::Vector(self.along), Shift::NONE, dots, None);
                }
            }
            let Some(targets) = self.targets else { continue };
            let (slopes, curvatures) = (&mut slopes[range.clone()], &mut curvatures[range.clone()]);
            let point = PointOut {
                losses: Some(&mut losses[range.clone()]),
                gradient: gradient.then_some(&mut *slopes),
                curvature: (curvature || product).then_some(&mut *curvatures),
            };
            let targets = targets.part(rows.start, rows.len());
            good &= kernels.logistic_pointwise(margins, targets, self.signed, false, point).good;
            if product {
                for (factor, curvature) in factors.iter_mut().zip(&*curvatures) {
                    *factor = (*factor + self.along_intercept) * *curvature;
                }
            }
            let each = [(gradient, &*slopes, false), (curvature, &*curvatures, true), (product, &*factors, false)];
            let none = Factors { factors: &[], squared: false, scale: self.scales[0] };
            let mut vectors = [none; VECTORS];
            let mut count = 0;
            for ((_, factors, squared), scale) in each.into_iter().zip(self.scales).filter(|((wanted, ..), _)| *wanted) {
                if let (None, Some(at)) = (stray, factors.iter().position(|factor| !factor.is_finite())) {
                    stray = Some(range.start + at);
                }
                vectors[count] = Factors { factors, squared, scale };
                count += 1;
            }
            kernels.csr_accumulate(all, rows, &vectors[..count], self.width, records);
        }
        if let Some(out) = out {
            out[..count].copy_from_slice(&values[0][..count]);
        }
        let [_, losses, slopes, curvatures, factors] = &values;
        let [gradient, curvature, product] = self.wants;
        let total = |wanted: bool, values: &[f32]| {
            if wanted { kernels.two_part_sum(&values[..count]) } else { 0.0 }
        };
        [
            total(self.targets.is_some(), losses),
            total(gradient, slopes),
            total(curvature, curvatures),
            total(product, factors),
            match stray {
                _ if !good => BAD_TARGET,
                Some(row) => -1.0 - row as f64,
                None => GOOD,
            },
        ]
    }

    /// The error of a leaf that is not good, from what it says.
    fn error(&self, leaf: usize, says: f64) -> Error {
        let first = leaf * EXAMPLE_LEAF;
        if says == BAD_TARGET {
            return super::first_bad_from(self.targets, first, self.signed);
        }
        Error::new(Status::NotFinite, c"rows.weights").at(first + (-1.0 - says) as usize)
    }
}

/// What a leaf says of itself; else it is minus one minus the number of its first row whose factors are not finite.
const GOOD: f64 = 1.0;
const BAD_TARGET: f64 = 0.0;

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
    if let Some(prepared) = prepared && to.len() != sums.columns {
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
