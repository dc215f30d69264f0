//! Optimiser steps: Adam for dense parameters, Adagrad for the rows that a batch touched.

pub(crate) mod ffi;
pub(crate) mod kernel;

use crate::error::{Error, Status, check_option, check_size};
use crate::pool::{self, Pool, Split};
use crate::simd::dispatch::kernels;
use crate::view::{Indices, Matrix, MatrixMut};
use kernel::{AdagradStep, AdamStep};

/// Options of [`adam`].
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    /// Learning rate.
    pub rate: f32,
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the second moment, in [0, 1).
    pub beta2: f32,
    /// Added to the root of the second moment; at least 0.
    pub epsilon: f32,
    /// The number of this step, from 1.
    pub step: u64,
}

impl Adam {
    /// The usual decays (.9, .999) and epsilon (1e-8).
    pub fn new(rate: f32, step: u64) -> Adam {
        Adam { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step }
    }
}

/// `base^exponent` by squaring, in a fixed order.
fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut result = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    result
}

/// One step of Adam (Kingma and Ba, ICLR 2015) on each parameter:
///
/// `m = beta1 m + (1 - beta1) g`, `v = beta2 v + (1 - beta2) g^2`,
/// `p = p - rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon)`.
///
/// All four arrays have one length; f32. Order: `m` and `v` are `fma(beta, old, (1 - beta) * new)`; the two
/// corrections are computed in f64 and rounded once; `p` is `p - rate' * (m / fma(sqrt(v), correction, epsilon))`.
/// NaN results are canonical. Threads: parameters are shared; nothing is allocated.
///
/// Errors, before anything is touched: lengths that differ, options outside their range.
pub fn adam(
    options: Adam,
    parameters: &mut [f32],
    gradient: &[f32],
    first_moment: &mut [f32],
    second_moment: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let n = parameters.len();
    check_size(gradient.len(), n, c"gradient")?;
    check_size(first_moment.len(), n, c"first_moment")?;
    check_size(second_moment.len(), n, c"second_moment")?;
    let decay = |beta: f32| (0.0..1.0).contains(&beta);
    check_option(true, c"options.rate", options.rate.into())?;
    check_option(decay(options.beta1), c"options.beta1", options.beta1.into())?;
    check_option(decay(options.beta2), c"options.beta2", options.beta2.into())?;
    check_option(options.epsilon >= 0.0, c"options.epsilon", options.epsilon.into())?;
    if options.step == 0 {
        return Err(Error::new(Status::InvalidArgument, c"options.step").size(0));
    }
    let unbias = |beta: f32| 1.0 - power(f64::from(beta), options.step);
    let step = AdamStep {
        beta1: options.beta1,
        beta2: options.beta2,
        rate: (f64::from(options.rate) / unbias(options.beta1)) as f32,
        correction: (1.0 / unbias(options.beta2).sqrt()) as f32,
        epsilon: options.epsilon,
    };
    let kernels = kernels();
    let parts = pool::parts(pool, n);
    let out = (parameters, first_moment, second_moment);
    pool::for_rows(pool, parts, 0..n, pool::even, out, &mut [], |range, (p, m, v), _| {
        kernels.adam(step, p, &gradient[range], m, v);
    });
    Ok(())
}

/// One step of Adagrad (Duchi, Hazan and Singer, JMLR 2011) on the rows of a table that a batch touched:
/// `sum += g^2`, `p = p - rate * g / (sqrt(sum) + epsilon)`; other rows are not read.
///
/// Shapes: `table` and `squares` are `n x d`; `rows` holds `r` row numbers in strictly ascending order, `gradient` is
/// `r x d`; f32. Order: `fma(g, g, sum)`; `p - rate * (g / (sqrt(sum) + epsilon))`. An epsilon of 0 gives NaN where `g` and
/// `sum` are both 0. NaN results are canonical.
/// Threads: rows are shared; nothing is allocated.
///
/// Errors, before anything is touched: sizes that do not fit, a row number out of range or not above the one
/// before it, options outside their range.
pub fn adagrad_rows(
    rate: f32,
    epsilon: f32,
    rows: Indices<'_>,
    gradient: Matrix<'_>,
    table: MatrixMut<'_>,
    squares: MatrixMut<'_>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_size(squares.rows(), table.rows(), c"squares.rows")?;
    check_size(squares.cols(), table.cols(), c"squares.cols")?;
    check_size(gradient.rows(), rows.len(), c"gradient.rows")?;
    check_size(gradient.cols(), table.cols(), c"gradient.cols")?;
    check_option(true, c"rate", rate.into())?;
    check_option(epsilon >= 0.0, c"epsilon", epsilon.into())?;
    rows.check(table.rows(), c"rows")?;
    for at in 1..rows.len() {
        if rows.get(at) <= rows.get(at - 1) {
            return Err(Error::new(Status::NotSorted, c"rows").at(at).integer(rows.get(at)));
        }
    }
    let kernels = kernels();
    let step = AdagradStep { rate, epsilon };
    let parts = pool::parts(pool, rows.len().saturating_mul(table.cols().div_ceil(16) + 4));
    let out = Touched { rows, next: 0, first: 0, table, squares };
    pool::for_rows(pool, parts, 0..rows.len(), pool::even, out, &mut [], |range, mut out, _| {
        for at in range {
            let row = rows.get(at) as usize - out.first;
            kernels.adagrad(step, out.table.row_mut(row), gradient.row(at), out.squares.row_mut(row));
        }
    });
    Ok(())
}

/// The part of a table that some of the touched rows lie in.
struct Touched<'a> {
    rows: Indices<'a>,
    /// The first touched row of this part, as a position in `rows`.
    next: usize,
    /// The table row that this part begins with.
    first: usize,
    table: MatrixMut<'a>,
    squares: MatrixMut<'a>,
}

impl Split for Touched<'_> {
    fn split(self, at: usize) -> (Self, Self) {
        let next = self.next + at;
        let first = self.rows.get(next) as usize;
        let (table, after) = self.table.split_at(first - self.first);
        let (squares, squares_after) = self.squares.split_at(first - self.first);
        let Touched { rows, .. } = self;
        (
            Touched { rows, next: self.next, first: self.first, table, squares },
            Touched { rows, next, first, table: after, squares: squares_after },
        )
    }
}
