//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{
    Activation, Addend, MAX_ADDENDS, Options, activate, activate_backward, product, weight_gradient,
};
use crate::error::{Error, Status};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{Growing, Memory, flag, handle_mut, load, load_options, matrix_names, one_of};
use crate::ffi::views::{avocet_matrix, avocet_matrix_mut};
use crate::view::Matrix;
use std::ffi::CStr;

/// Nothing is applied.
pub const AVOCET_ACTIVATION_NONE: i32 = 0;
/// `max(x, 0)`; its derivative at 0 is 0; NaN stays NaN.
pub const AVOCET_ACTIVATION_RELU: i32 = 1;
/// Hyperbolic tangent, as `AVOCET_FUNCTION_TANH`.
pub const AVOCET_ACTIVATION_TANH: i32 = 2;

/// The most addends that `avocet_dense_product` takes.
pub const AVOCET_MAX_ADDENDS: usize = 16;

/// One addend `x * w` of `avocet_dense_product`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_addend {
    /// `n x k` rows.
    pub x: avocet_matrix,
    /// `k x m` weights, or `m x k` if transposed.
    pub w: avocet_matrix,
    /// 1 if `w` holds the weights' transpose, else 0.
    pub transposed: i32,
}

/// Options of the dense functions. Zeros are the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dense_options {
    /// `sizeof(avocet_dense_options)`.
    pub struct_size: usize,
    /// 1 to start each sum at what the output holds, 0 to start it at +0.
    pub accumulate: i32,
    /// Applied to the finished sums: `AVOCET_ACTIVATION_*`, by default none.
    pub activation: i32,
    /// 1 to divide each row by its L2 norm after the activation, else 0.
    pub normalise: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 4 * 4 bytes); numbers only.
unsafe impl Growing for avocet_dense_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c"options.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// The meaning of an activation's value.
pub(crate) fn activation(value: i32, name: &'static CStr) -> Result<Activation, Error> {
    let activations = [
        (AVOCET_ACTIVATION_NONE, Activation::None),
        (AVOCET_ACTIVATION_RELU, Activation::Relu),
        (AVOCET_ACTIVATION_TANH, Activation::Tanh),
    ];
    one_of(&activations, value, name)
}

/// The options of a call.
///
/// # Safety
/// As [`load_options`].
unsafe fn read_options(options: *const avocet_dense_options) -> Result<Options, Error> {
    // SAFETY: as this function.
    let options = unsafe { load_options(options, c"options") }?;
    Ok(Options {
        accumulate: flag(options.accumulate, c"options.accumulate")?,
        activation: activation(options.activation, c"options.activation")?,
        normalise: flag(options.normalise, c"options.normalise")?,
    })
}

/// `out (+)= sum over addends of x * w`, then the activation, then the division of each row by its L2 norm.
///
/// Shapes: each `x` is `n x k`, its `w` is `k x m` (`m x k` if transposed), `out` is `n x m`; k may differ between
/// addends. At most `AVOCET_MAX_ADDENDS` addends; none gives zeros. `norms` takes the `n` norms; it is needed only
/// when normalising, and else may be NULL (if given, it is not written then). `options` may be NULL.
///
/// Order: CHAIN: each output is one fma chain through the addends in their order and through k, from +0 (or from what
/// `out` holds when accumulating). Norm: the root of the LANES16 dot of the row with itself; the row is multiplied by
/// `1 / max(norm, 1e-12)`. A norm that overflows gives a zero row. NaN results are canonical. A row depends on nothing
/// but its own inputs.
///
/// Threads: rows are shared among the pool's threads. Workspace: the packed weights. Time: n * m * (sum of k) fused
/// operations.
///
/// Errors, before `out` is touched; `error->position` is the number of the addend, from 0: SHAPE_MISMATCH,
/// INVALID_ARGUMENT (enum, flag, type, alignment; more than `AVOCET_MAX_ADDENDS` addends), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dense_product(
    addends: *const avocet_addend,
    addend_count: usize,
    options: *const avocet_dense_options,
    out: *const avocet_matrix_mut,
    norms: *mut f32,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<{ 2 * MAX_ADDENDS + 2 }>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            if addend_count > MAX_ADDENDS {
                return Err(Error::new(Status::InvalidArgument, c"addend_count").size(addend_count));
            }
            let empty = Addend { x: Matrix::EMPTY, w: Matrix::EMPTY, transposed: false };
            let mut views = [empty; MAX_ADDENDS];
            for (at, view) in views[..addend_count].iter_mut().enumerate() {
                let addend = load(addends.wrapping_add(at), c"addends")?;
                let refuse = |error: Error| error.at(at);
                *view = Addend {
                    x: memory.matrix(&addend.x, matrix_names!("addends.x")).map_err(refuse)?,
                    w: memory.matrix(&addend.w, matrix_names!("addends.w")).map_err(refuse)?,
                    transposed: flag(addend.transposed, c"addends.transposed").map_err(refuse)?,
                };
            }
            let options = read_options(options)?;
            let out = memory.matrix_mut(out, matrix_names!("out"))?;
            let norms = memory.write_optional(norms, out.rows(), c"norms")?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            product(&views[..addend_count], options, out, norms, threads(pool)?, workspace)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![addends, addend_count, options, out, norms, pool, workspace], call) }
}

/// In place: the activation and, if `normalise`, the division of each row by its L2 norm, which goes to `norms`: what
/// `avocet_dense_product` does to its finished sums. `accumulate` has no meaning here.
///
/// Shapes: `rows` is `n x m`, `norms` holds `n` values, or is NULL if `normalise` is 0. Order, NaN: as
/// `avocet_dense_product`. Threads: rows are shared among the pool's threads; nothing is allocated. Time: linear.
///
/// Errors, before `rows` is touched: INVALID_ARGUMENT (enum, flag, type, alignment), NULL_POINTER, SHAPE_MISMATCH
/// (`stride`), SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dense_activate(
    options: *const avocet_dense_options,
    rows: *const avocet_matrix_mut,
    norms: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let options = read_options(options)?;
            let rows = memory.matrix_mut(rows, matrix_names!("rows"))?;
            let norms = memory.write_optional(norms, rows.rows(), c"norms")?;
            activate(options, rows, norms, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![options, rows, norms, pool], call) }
}

/// The gradient before activation and norm, `dz`, from the gradient after them, `dy`.
///
/// With `y` and `norms` as `avocet_dense_product` left them: if `normalise`, `da = (dy - y (y . dy)) * (1 / norm)`
/// (`dy * 1e12` for a norm below 1e-12), else `da = dy`; then `dz = da` where `y > 0` else 0 (relu), or
/// `dz = da (1 - a^2)` with a the value before the norm, `norm * y` (tanh), or `dz = da`. `accumulate` has no meaning
/// here. `options` may be NULL.
///
/// Shapes: `y`, `dy` and `dz` are `n x m`; `norms` holds `n` values, or is NULL if `normalise` is 0. Order: LANES16
/// for the dot. NaN results are canonical. Threads: rows are shared among the pool's threads; nothing is allocated.
/// Time: linear.
///
/// Errors, before `dz` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (enum, flag, type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dense_activate_backward(
    options: *const avocet_dense_options,
    y: *const avocet_matrix,
    norms: *const f32,
    dy: *const avocet_matrix,
    dz: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let options = read_options(options)?;
            let y = memory.matrix(y, matrix_names!("y"))?;
            let dy = memory.matrix(dy, matrix_names!("dy"))?;
            let dz = memory.matrix_mut(dz, matrix_names!("dz"))?;
            let norms = memory.read_optional(norms, dz.rows(), c"norms")?;
            activate_backward(options, y, norms, dy, dz, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![options, y, norms, dy, dz, pool], call) }
}

/// The gradient of a product with respect to its weights: `out (+)= x^T * dz`, added to what `out` holds if
/// `accumulate` is 1, overwriting it if 0.
///
/// Shapes: `x` is `n x k`, `dz` is `n x m`, `out` is `k x m`. Order: leaves of 1024 rows, each one fma chain from +0
/// for each output, added by the fixed tree; then the addition to `out` when accumulating. NaN results are canonical.
/// Threads: leaves are shared among the pool's threads. Workspace: one `k x m` sum for each level of the tree and part
/// of the work. Time: n * k * m fused operations.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (flag, type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dense_weight_gradient(
    x: *const avocet_matrix,
    dz: *const avocet_matrix,
    accumulate: i32,
    out: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let x = memory.matrix(x, matrix_names!("x"))?;
            let dz = memory.matrix(dz, matrix_names!("dz"))?;
            let accumulate = flag(accumulate, c"accumulate")?;
            let out = memory.matrix_mut(out, matrix_names!("out"))?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            weight_gradient(x, dz, accumulate, out, threads(pool)?, workspace)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![x, dz, accumulate, out, pool, workspace], call) }
}

const _: () = assert!(AVOCET_MAX_ADDENDS == MAX_ADDENDS);
