//! Logistic regression over rows of any kind: one pass for what is wanted of margins, loss and derivatives.

use super::Targets;
use super::csr::{CsrRows, Entries, PreparedRows, csr_rows};
use super::dense::{DenseOut, DenseRows, DenseSums, dense_rows};
use crate::error::Error;
use crate::pool::Pool;
use crate::view::{Csr, Matrix};
use crate::workspace::Workspace;

/// The features of rows.
#[derive(Clone, Copy, Debug)]
pub enum Features<'a> {
    /// A value of each column in each row.
    Dense(Matrix<'a>),
    /// Sparse rows, which every call checks.
    Sparse {
        /// The columns of each row. A column that a row has twice counts twice.
        csr: Csr<'a>,
        /// The value of each entry of `csr.indices`, finite; ones if absent.
        values: Option<&'a [f32]>,
    },
    /// Sparse rows that were checked and renumbered once.
    Prepared(&'a PreparedRows),
}

/// The rows and the model of [`batch`].
#[derive(Clone, Copy, Debug)]
pub struct BatchRows<'a> {
    /// The features of `n` rows in `d` columns.
    pub features: Features<'a>,
    /// Added to each margin, `n` values; zeros if absent.
    pub offsets: Option<&'a [f32]>,
    /// The weight of each column, `d` values; of prepared rows it may also be one for each of
    /// [`PreparedRows::features`], and then so are the vectors that come out.
    pub weights: &'a [f32],
    /// Added to every margin.
    pub intercept: f32,
}

impl Features<'_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            Features::Dense(x) => x.rows(),
            Features::Sparse { csr, .. } => csr.rows,
            Features::Prepared(rows) => rows.rows(),
        }
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        match self {
            Features::Dense(x) => x.cols(),
            Features::Sparse { csr, .. } => csr.cols,
            Features::Prepared(rows) => rows.cols(),
        }
    }
}

pub fn batch(
    rows: BatchRows<'_>,
    targets: Option<Targets<'_>>,
    signed: bool,
    out: DenseOut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<DenseSums, Error> {
    let BatchRows { features, offsets, weights, intercept } = rows;
    let entries = match features {
        Features::Dense(x) => {
            let rows = DenseRows { x, offsets, weights, intercept };
            return dense_rows(rows, targets, signed, out, pool, workspace);
        }
        Features::Sparse { csr, values } => Entries::Csr { csr, values },
        Features::Prepared(rows) => Entries::Prepared(rows),
    };
    csr_rows(CsrRows { entries, offsets, weights, intercept }, targets, signed, out, pool, workspace)
}
