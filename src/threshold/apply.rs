//! Thresholds, calibrated values and cells for new rows.

pub(crate) mod ffi;

use super::Grid;
use super::kernel::RuleIn;
use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool};
use crate::simd::dispatch::kernels;

/// Where [`decide`] writes.
#[derive(Debug)]
pub enum Decisions<'a> {
    /// A byte for each row: 1 if it is selected, else 0.
    Flags(&'a mut [u8]),
    /// A bit for each row: bit `i mod 64` of word `i div 64`; bits beyond the rows are 0.
    Bits(&'a mut [u64]),
}

/// Selects the rows whose score is at least the threshold of their level of uncertainty.
///
/// `thresholds` has one f32 for each level, ascending in uncertainty: minus infinity selects all rows of a level, infinity
/// none, not even a score of infinity. Rows with NaN are not selected.
///
/// Exact. Threads: rows are shared; nothing is allocated. Time: one pass; at the speed of memory where levels are uniform
/// or one.
///
/// Errors, before anything is written: sizes that do not fit ([`Status::ShapeMismatch`]), a threshold that is NaN.
pub fn decide(
    grid: &Grid,
    thresholds: &[f32],
    scores: &[f32],
    uncertainties: &[f32],
    out: Decisions<'_>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let n = scores.len();
    check_size(thresholds.len(), grid.levels(), c"thresholds")?;
    check_size(uncertainties.len(), n, c"uncertainties")?;
    if let Some(at) = thresholds.iter().position(|t| t.is_nan()) {
        return Err(Error::new(Status::NotFinite, c"thresholds").at(at).real(f64::NAN));
    }
    let rule = RuleIn { levels: grid.view().levels, thresholds };
    let kernels = kernels();
    let parts = pool::parts(pool, n);
    match out {
        Decisions::Flags(out) => {
            check_size(out.len(), n, c"out")?;
            pool::for_rows(pool, parts, 0..n, pool::even, out, &mut [], |range, out, _| {
                kernels.threshold_flags(rule, &scores[range.clone()], &uncertainties[range], out);
            });
        }
        Decisions::Bits(out) => {
            let words = n.div_ceil(64);
            check_size(out.len(), words, c"out")?;
            pool::for_rows(pool, parts, 0..words, pool::even, out, &mut [], |range, out, _| {
                let rows = 64 * range.start..n.min(64 * range.end);
                kernels.threshold_bits(rule, &scores[rows.clone()], &uncertainties[rows], out);
            });
        }
    }
    Ok(())
}

/// The value of each row's cell: a calibrated probability, say.
///
/// `values` has one f32 for each cell, level after level. Rows with NaN get NaN; NaN results are canonical. Threads: rows are
/// shared; nothing is allocated. Time: one pass.
///
/// Errors, before anything is written: sizes that do not fit ([`Status::ShapeMismatch`]).
pub fn calibrate(
    grid: &Grid,
    values: &[f32],
    scores: &[f32],
    uncertainties: &[f32],
    out: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let n = scores.len();
    check_size(values.len(), grid.cells(), c"values")?;
    check_size(uncertainties.len(), n, c"uncertainties")?;
    check_size(out.len(), n, c"out")?;
    let (kernels, view) = (kernels(), grid.view());
    let parts = pool::parts(pool, n);
    pool::for_rows(pool, parts, 0..n, pool::even, out, &mut [], |range, out, _| {
        kernels.threshold_values(view, values, &scores[range.clone()], &uncertainties[range], out);
    });
    Ok(())
}

/// The cell of each row: `level * bins + bin`, and [`Grid::cells`] for rows with NaN.
///
/// Exact. Threads: rows are shared; nothing is allocated. Time: one pass.
///
/// Errors, before anything is written: sizes that do not fit ([`Status::ShapeMismatch`]).
pub fn cells(
    grid: &Grid,
    scores: &[f32],
    uncertainties: &[f32],
    out: &mut [u32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let n = scores.len();
    check_size(uncertainties.len(), n, c"uncertainties")?;
    check_size(out.len(), n, c"out")?;
    let (kernels, view) = (kernels(), grid.view());
    let parts = pool::parts(pool, n);
    pool::for_rows(pool, parts, 0..n, pool::even, out, &mut [], |range, out, _| {
        kernels.threshold_cells(view, &scores[range.clone()], &uncertainties[range], out);
    });
    Ok(())
}
