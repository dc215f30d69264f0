//! What the uncertainty of a score can be: the spread of an ensemble, or the entropy of a posterior.

pub(crate) mod ffi;

use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool, Split};
use crate::simd::dispatch::kernels;
use crate::view::Matrix;

/// Which variance [`moments`] gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum Variance {
    /// The mean of the squared deviations: divided by m.
    #[default]
    Population = 0,
    /// The unbiased estimate from a sample: divided by m - 1.
    Sample = 1,
}

/// Mean and variance over each row of an n x m matrix: the scores of an ensemble of m models.
///
/// Order, f32: with `c` the first score and `d = x - c` of each column in turn, `a = a + d` and `b = fma(d, d, b)`, both from 0;
/// mean `c + a / m`; variance `fma(a / m, -a, b) / m` (or m - 1), 0 if that is below. The variance is within
/// `(m + 4) * 2^-22` of the exact one, relatively, unless squares underflow or overflow. NaN and infinities
/// give NaN; NaN results are canonical. A row stands alone. Threads: rows are shared; nothing is
/// allocated. Time: one pass.
///
/// Errors, before anything is written: sizes that do not fit ([`Status::ShapeMismatch`]), no column, or one only for the
/// variance of a sample ([`Status::InvalidArgument`]).
pub fn moments(
    scores: Matrix<'_>,
    mean: &mut [f32],
    variance: Option<(Variance, &mut [f32])>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let (n, m) = (scores.rows(), scores.cols());
    check_size(mean.len(), n, c"mean")?;
    let kind = variance.as_ref().map_or(Variance::Population, |(kind, _)| *kind);
    let variance = variance.map(|(_, out)| out);
    check_size(variance.as_ref().map_or(n, |out| out.len()), n, c"variance")?;
    let fewest = if kind == Variance::Sample { 2 } else { 1 };
    if m < fewest {
        return Err(Error::new(Status::InvalidArgument, c"scores.cols").size(m));
    }
    let divisor = if kind == Variance::Sample { m - 1 } else { m } as f32;
    let kernels = kernels();
    let parts = pool::parts(pool, n.saturating_mul(m.div_ceil(16) + 4));
    pool::for_rows(pool, parts, 0..n, pool::even, (mean, variance), &mut [], |range, (mean, variance), _| {
        kernels.threshold_moments(scores.slice(range.start, range.end), divisor, mean, variance);
    });
    Ok(())
}

/// Mean and differential entropy of Beta(A, B) for each row, in nats:
/// `ln B(A, B) - (A - 1) psi(A) - (B - 1) psi(B) + (A + B - 2) psi(A + B)`.
///
/// A and B are in (0, 1e8]. Computed in f64 without cancellation (Stirling's series with its great terms taken out) and
/// rounded once to f32: within 5e-7 of the exact entropy where that is above -8, else within a relative 2^-23;
/// minus infinity where it is below f32. A row stands alone; additions, products and quotients in one order on every
/// machine. Threads: rows are shared; nothing is allocated. Time: some 15 ns a row.
///
/// Errors: sizes that do not fit, before anything is written; the first A or B out of range, with its position: outputs are
/// then partly written.
pub fn beta(
    a: &[f32],
    b: &[f32],
    mean: Option<&mut [f32]>,
    entropy: Option<&mut [f32]>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let n = a.len();
    check_size(b.len(), n, c"b")?;
    check_size(mean.as_ref().map_or(n, |out| out.len()), n, c"mean")?;
    check_size(entropy.as_ref().map_or(n, |out| out.len()), n, c"entropy")?;
    let kernels = kernels();
    let parts = pool::parts(pool, n.saturating_mul(16));
    let good = for_good_rows(pool, parts, n, (mean, entropy), |range, (mean, entropy)| {
        kernels.threshold_beta(&a[range.clone()], &b[range], mean, entropy)
    });
    let bad = |v: &f32| !(*v > 0.0 && *v <= 1e8);
    match good {
        true => Ok(()),
        false => Err(first_bad([(a, c"a"), (b, c"b")], bad)),
    }
}

/// Entropy of a probability for each row, in nats: `-p ln p - (1 - p) ln(1 - p)`, 0 at 0 and 1.
///
/// Order: the library's own logarithms in f32 (of p, and log1p of -p): `0 - fma(1 - p, log1p(-p), p ln p)`; within 4
/// ULP. Threads: rows are shared; nothing is allocated. Time: one pass.
///
/// Errors: sizes that do not fit, before anything is written; the first value that is not in [0, 1], with its position:
/// outputs are then partly written.
pub fn entropy(probabilities: &[f32], out: &mut [f32], pool: Option<&Pool>) -> Result<(), Error> {
    let n = probabilities.len();
    check_size(out.len(), n, c"out")?;
    let kernels = kernels();
    let parts = pool::parts(pool, n.saturating_mul(3));
    let good = for_good_rows(pool, parts, n, out, |range, out| {
        kernels.threshold_entropy(&probabilities[range], out)
    });
    match good {
        true => Ok(()),
        false => Err(first_bad([(probabilities, c"probabilities")], |p| !(0.0..=1.0).contains(p))),
    }
}

/// Runs parts of rows; false if one of them says so.
fn for_good_rows<O: Split>(
    pool: Option<&Pool>,
    parts: usize,
    n: usize,
    out: O,
    run: impl Fn(std::ops::Range<usize>, O) -> bool + Sync,
) -> bool {
    use std::sync::atomic::{AtomicBool, Ordering};
    let good = AtomicBool::new(true);
    pool::for_rows(pool, parts, 0..n, pool::even, out, &mut [], |range, out, _| {
        if !run(range, out) {
            good.store(false, Ordering::Relaxed);
        }
    });
    good.into_inner()
}

/// The error of the first row that has a bad value.
fn first_bad<const N: usize>(
    values: [(&[f32], &'static std::ffi::CStr); N],
    bad: impl Fn(&f32) -> bool,
) -> Error {
    let mut first = Error { position: u64::MAX, ..Error::new(Status::Internal, c"") };
    for (values, name) in values {
        if let Some(at) = values.iter().position(&bad).filter(|&at| (at as u64) < first.position) {
            let status = if values[at].is_finite() { Status::InvalidArgument } else { Status::NotFinite };
            first = Error::new(status, name).at(at).real(values[at].into());
        }
    }
    first
}
