//! Logistic regression over rows of any kind: one pass for what is wanted of margins, loss and derivatives.

pub(crate) mod ffi;

use super::Targets;
use super::csr::{Entries, PreparedRows, csr_rows};
use super::dense::dense_rows;
use super::pass::{BatchOut, BatchSums};
use crate::error::Error;
use crate::pool::Pool;
use crate::view::{AnyMatrix, Csr};
use crate::workspace::Workspace;

/// The features of rows.
#[derive(Clone, Copy, Debug)]
pub enum Features<'a> {
    /// A value of each column in each row, of any element type.
    Dense(AnyMatrix<'a>),
    /// Sparse rows, which every call checks.
    Sparse {
        /// The columns of each row. A column that a row has twice counts as two columns of one weight.
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

/// Logistic regression over rows of any kind, reading them once: any of margins, gradient, diagonal curvature and
/// Hessian-vector product, and the sum of the losses `a softplus(-m) + b softplus(m)` of the margins m. The penalty of a
/// regularised model is the caller's to add.
///
/// Shapes: see [`BatchRows`], [`BatchOut`]; `targets` has one value a row and may be absent where only margins are
/// wanted. Targets, `signed`, accuracy of each row's loss and derivatives: as [`super::pointwise`].
///
/// - Order of a margin: the dot in `LANES16` over the columns or the entries of the row (the sum where values are absent),
///   then `+ intercept`, then `+ offset`. The product's factors are `h * (x . along + along_intercept)`. Single numbers are
///   summed as in [`super::pointwise`].
/// - Dense rows: elements of 16 bits are widened exactly; sums over rows in leaves of 1024, each one fma chain from +0 for
///   each column (of the curvature `fma(h, x * x, sum)`), added by the fixed tree. NaN results are canonical; infinite
///   margins give the limits of [`super::pointwise`].
/// - Sparse rows: sums over rows are exact sums of integers, so that neither the order of the rows nor any split matters. A
///   term, the product in f64 of factor and value (or squared value), is rounded to the nearest multiple of 2^-e, ties to
///   even; `e = min(62 - bits(entries), 50) - bound`, with bits() the number of binary digits and `2^bound` at least every
///   term: the product of the powers of two from the greatest `|a| + |b|` and from the greatest value on (for the
///   curvature half of the first and the square of the second; for the product also from `longest row * greatest value *
///   greatest |along| + |along_intercept|` on). A sum is rounded to f64 and then to f32. With 2^26 entries a term is
///   within 2^-36 of the greatest possible one. Infinite margins give the limits; a row with a factor that is NaN or
///   infinite is refused, because integers have no place for it.
/// - Threads: leaves of 1024 rows are shared. Workspace: 40 bytes for each leaf, and of dense rows one sum of each vector
///   that is wanted for each part of the work and level of the tree; of sparse rows for each part (one for each thread, up to
///   a power of two) 8 bytes for each column and vector that is wanted and, unless prepared, 8 more for each column, in
///   records of a power of two; of prepared rows 4 bytes for each feature and vector that is read.
/// - Time: dense, n * d fused operations for the margins and for each vector; sparse, two random accesses an entry, in fewer
///   cache lines if prepared, and a pass to check, unless prepared.
///
/// Errors, before anything is touched: sizes that do not fit, absent targets; of sparse rows offsets and indices as
/// [`crate::Graph::new`] refuses them, a value or a part of `along` that is not finite, with its position, and unless
/// prepared more than 2^28 columns ([`crate::Status::SizeOverflow`]). Found on the way: a target out of range, with the
/// position of the first one; of sparse rows then [`crate::Status::NotFinite`] for `rows.weights`, with the first row that
/// has such a factor. Margins are then unspecified, everything else is as it was.
pub fn batch(
    rows: BatchRows<'_>,
    targets: Option<Targets<'_>>,
    signed: bool,
    out: BatchOut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<BatchSums, Error> {
    match rows.features {
        Features::Dense(x) => dense_rows(x, rows, targets, signed, out, pool, workspace),
        Features::Sparse { csr, values } => {
            csr_rows(Entries::Csr { csr, values }, rows, targets, signed, out, pool, workspace)
        }
        Features::Prepared(prepared) => {
            csr_rows(Entries::Prepared(prepared), rows, targets, signed, out, pool, workspace)
        }
    }
}
