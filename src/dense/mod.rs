//! Row-block products of the layer between the families: `n x 64..256` rows by small matrices, several addends
//! fused, with activation and row norm, forward and backward.

pub(crate) mod ffi;
pub(crate) mod kernel;

use crate::error::{Error, Status, check_size};
use crate::pool::{self, Pool};
use crate::simd::LANES;
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::order::EXAMPLE_LEAF;
use crate::view::{Matrix, MatrixMut};
use crate::workspace::Workspace;
pub(crate) use kernel::{Epilogue, PANEL, Start, Term};

/// What is applied to each element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    #[default]
    None,
    /// `max(x, 0)`; its derivative at 0 is 0; NaN stays NaN.
    Relu,
    /// Hyperbolic tangent (1.4 ULP, see [`crate::Function::Tanh`]).
    Tanh,
}

/// One addend `x * w` of [`product`].
#[derive(Clone, Copy, Debug)]
pub struct Addend<'a> {
    /// `n x k` rows.
    pub x: Matrix<'a>,
    /// `k x m` weights, or `m x k` if transposed.
    pub w: Matrix<'a>,
    /// Whether `w` holds the weights' transpose.
    pub transposed: bool,
}

impl Addend<'_> {
    /// Inner dimension and output columns, as the weights say.
    fn shape(&self) -> (usize, usize) {
        if self.transposed { (self.w.cols(), self.w.rows()) } else { (self.w.rows(), self.w.cols()) }
    }
}

/// Options of [`product`] and [`activate`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Start each chain at what the output holds instead of +0.
    pub accumulate: bool,
    /// Applied to the finished sums.
    pub activation: Activation,
    /// Divide each row by its L2 norm after the activation.
    pub normalise: bool,
}

impl Options {
    fn epilogue(self) -> Epilogue {
        Epilogue { activation: self.activation, normalise: self.normalise }
    }
}

/// The most addends that one call takes.
pub const MAX_ADDENDS: usize = 16;

/// Rows that go through product and epilogue together, so that they stay in cache.
const ROW_BLOCK: usize = 48;

/// f32 that a packed `inner x cols` matrix takes.
pub(crate) fn packed_len(inner: usize, cols: usize) -> Option<usize> {
    cols.div_ceil(PANEL).checked_mul(inner)?.checked_mul(PANEL)
}

/// Packs `w` (or its transpose) into panels of 64 columns, each `inner x 64`, the last padded with zeros.
pub(crate) fn pack(kernels: &Kernels, w: Matrix<'_>, transposed: bool, packed: &mut [f32]) {
    let (inner, cols) = if transposed { (w.cols(), w.rows()) } else { (w.rows(), w.cols()) };
    if inner == 0 || cols == 0 {
        return;
    }
    if transposed {
        return kernels.pack_transposed(w, packed);
    }
    for (panel, to) in packed.chunks_exact_mut(inner * PANEL).enumerate() {
        let from = panel * PANEL;
        let width = PANEL.min(cols - from);
        for (p, to) in to.chunks_exact_mut(PANEL).enumerate() {
            to[..width].copy_from_slice(w.part(p, from, width));
            to[width..].fill(0.0);
        }
    }
}

/// Checks the epilogue's `norms` against the output.
pub(crate) fn check_norms(normalise: bool, norms: Option<usize>, rows: usize) -> Result<(), Error> {
    match norms {
        Some(len) => check_size(len, rows, c"norms"),
        None if normalise => Err(Error::new(Status::NullPointer, c"norms")),
        None => Ok(()),
    }
}

/// `out (+)= sum over addends of x * w`, then the activation, then the L2 norm of each row.
///
/// Shapes: each `x` is `n x k`, its `w` is `k x m` (`m x k` if transposed), `out` is `n x m`, `norms` holds `n`
/// values and is needed only when normalising; f32. At most [`MAX_ADDENDS`] addends; none gives zeros.
///
/// - Order: `CHAIN`: each output is one fma chain through the addends in their order and through k, from +0 (or
///   from what `out` holds when accumulating). Norm: the root of the `LANES16` dot of the row with itself; the row
///   is multiplied by `1 / max(norm, 1e-12)`. A norm that overflows gives a zero row; NaN results are canonical.
/// - A row depends on nothing but its own inputs. Rows are shared among the pool's threads.
/// - Workspace: the packed weights. Time: `n * m * sum of k` fused operations.
///
/// Errors, before `out` is touched: sizes that do not fit, [`Status::WorkspaceTooSmall`].
pub fn product(
    addends: &[Addend<'_>],
    options: Options,
    mut out: MatrixMut<'_>,
    norms: Option<&mut [f32]>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    if addends.len() > MAX_ADDENDS {
        return Err(Error::new(Status::InvalidArgument, c"addends").size(addends.len()));
    }
    let (n, m) = (out.rows(), out.cols());
    let (mut packed, mut inner_total) = (Some(0usize), 0usize);
    for (at, addend) in addends.iter().enumerate() {
        let (inner, cols) = addend.shape();
        let refuse = |e: Error| e.at(at);
        check_size(addend.x.rows(), n, c"addends.x.rows").map_err(refuse)?;
        check_size(inner, addend.x.cols(), c"addends.w.rows").map_err(refuse)?;
        check_size(cols, m, c"addends.w.cols").map_err(refuse)?;
        packed = packed.and_then(|sum| sum.checked_add(packed_len(inner, cols)?));
        inner_total = inner_total.saturating_add(inner);
    }
    check_norms(options.normalise, norms.as_deref().map(<[f32]>::len), n)?;
    if m == 0 && !options.normalise {
        return Ok(());
    }
    let [packed] = workspace.pieces([packed])?;

    let kernels = kernels();
    let mut rest = &mut *packed;
    for addend in addends {
        let (inner, cols) = addend.shape();
        let (to, after) = rest.split_at_mut(packed_len(inner, cols).unwrap_or(0));
        pack(kernels, addend.w, addend.transposed, to);
        rest = after;
    }
    let packed = &*packed;

    let start = if options.accumulate { Start::Output } else { Start::Zero };
    let work = n.saturating_mul(m.div_ceil(LANES)).saturating_mul(inner_total.saturating_add(4));
    let rows = (out.reborrow(), norms);
    pool::for_rows(pool, pool::parts(pool, work), 0..n, pool::even, rows, &mut [], |rows, out, _| {
        let (mut out, mut norms) = out;
        for from in (0..rows.len()).step_by(ROW_BLOCK) {
            let block = from..rows.len().min(from + ROW_BLOCK);
            let mut terms = [Term { x: Matrix::EMPTY, panels: &[] }; MAX_ADDENDS];
            let mut rest = packed;
            for (term, addend) in terms.iter_mut().zip(addends) {
                let (inner, cols) = addend.shape();
                let (panels, after) = rest.split_at(packed_len(inner, cols).unwrap_or(0));
                term.panels = bytemuck::cast_slice(panels);
                term.x = addend.x.slice(rows.start + block.start, rows.start + block.end);
                rest = after;
            }
            let mut out = out.slice_mut(block.clone());
            kernels.product(&terms[..addends.len()], start, out.reborrow());
            if options.normalise || options.activation != Activation::None {
                let norms = norms.as_deref_mut().map_or(&mut [][..], |norms| &mut norms[block]);
                kernels.activate(options.epilogue(), out, norms);
            }
        }
    });
    Ok(())
}

/// In place: the activation and, if `normalise`, the division of each row by its norm, which goes to `norms`
/// ([`product`] without the product; `accumulate` has no meaning here).
pub fn activate(
    options: Options,
    rows: MatrixMut<'_>,
    norms: Option<&mut [f32]>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_norms(options.normalise, norms.as_deref().map(<[f32]>::len), rows.rows())?;
    if rows.cols() == 0 && !options.normalise {
        return Ok(());
    }
    let kernels = kernels();
    let parts = pool::parts(pool, rows.rows().saturating_mul(rows.cols().div_ceil(LANES) + 4));
    let n = rows.rows();
    pool::for_rows(pool, parts, 0..n, pool::even, (rows, norms), &mut [], |_, (rows, norms), _| {
        kernels.activate(options.epilogue(), rows, norms.unwrap_or_default());
    });
    Ok(())
}

/// The gradient before activation and norm, `dz`, from the gradient after them, `dy`.
///
/// With `y` and `norms` as [`product`] left them: `da = (dy - y (y . dy)) * (1 / norm)` (`dy * 1e12` for a norm
/// below 1e-12), then `dz = da` where `y > 0` else 0 (relu), or `da (1 - (norm y)^2)` (tanh). Shapes: `y`, `dy`, `dz`
/// are `n x m`. Order: `LANES16` for the dot. NaN results are canonical. Threads: by rows; nothing is allocated.
pub fn activate_backward(
    options: Options,
    y: Matrix<'_>,
    norms: Option<&[f32]>,
    dy: Matrix<'_>,
    dz: MatrixMut<'_>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let (n, m) = (dz.rows(), dz.cols());
    check_size(y.rows(), n, c"y.rows")?;
    check_size(y.cols(), m, c"y.cols")?;
    check_size(dy.rows(), n, c"dy.rows")?;
    check_size(dy.cols(), m, c"dy.cols")?;
    check_norms(options.normalise, norms.map(<[f32]>::len), n)?;
    if m == 0 {
        return Ok(());
    }
    let kernels = kernels();
    let parts = pool::parts(pool, n.saturating_mul(m.div_ceil(LANES) + 4));
    pool::for_rows(pool, parts, 0..n, pool::even, dz, &mut [], |rows, dz, _| {
        let (y, dy) = (y.slice(rows.start, rows.end), dy.slice(rows.start, rows.end));
        let norms = norms.map_or(&[][..], |norms| &norms[rows]);
        kernels.activate_backward(options.epilogue(), y, norms, dy, dz);
    });
    Ok(())
}

/// The gradient of a product with respect to its weights: `out (+)= x^T * dz`.
///
/// Shapes: `x` is `n x k`, `dz` is `n x m`, `out` is `k x m`; f32. Order: leaves of 1024 rows, each one fma chain
/// from +0 for each output, added by the fixed tree; then the addition to `out` when accumulating. NaN results
/// are canonical. Threads: leaves are shared; workspace: one `k x m` sum for each level of the tree and part.
///
/// Errors, before `out` is touched: sizes that do not fit, [`Status::WorkspaceTooSmall`].
pub fn weight_gradient(
    x: Matrix<'_>,
    dz: Matrix<'_>,
    accumulate: bool,
    mut out: MatrixMut<'_>,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    let (n, k, m) = (x.rows(), x.cols(), dz.cols());
    check_size(dz.rows(), n, c"dz.rows")?;
    check_size(out.rows(), k, c"out.rows")?;
    check_size(out.cols(), m, c"out.cols")?;
    if k == 0 || m == 0 {
        return Ok(());
    }
    let kernels = kernels();
    let leaves = n.div_ceil(EXAMPLE_LEAF);
    let parts = pool::parts(pool, n.saturating_mul(k).saturating_mul(m.div_ceil(LANES)));
    let len = k.checked_mul(m);
    let scratch = len.and_then(|len| pool::fold_scratch(parts, leaves, len, 0));
    let [sum, scratch] = workspace.pieces([len, scratch])?;
    pool::fold_leaves(kernels, pool, parts, leaves, EXAMPLE_LEAF, (), sum, scratch, |leaf, (), sum, _| {
        let (from, to) = (leaf * EXAMPLE_LEAF, n.min((leaf + 1) * EXAMPLE_LEAF));
        let sum = MatrixMut::exact(sum, k, m);
        kernels.weight_gradient(x.slice(from, to), dz.slice(from, to), Start::Zero, sum);
    });
    for i in 0..k {
        let (to, from) = (out.row_mut(i), &sum[i * m..][..m]);
        if accumulate {
            kernels.add(to, from);
        } else {
            to.copy_from_slice(from);
        }
    }
    Ok(())
}
