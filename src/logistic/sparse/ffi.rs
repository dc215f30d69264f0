//! C entry points of sparse models.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Optimiser, SparseModel, SparseRows};
use crate::error::Error;
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{
    Growing, Memory, allocate, check_len, flag, free, handle, handle_mut, load_growing, one_of,
};
use crate::ffi::views::avocet_csr;
use crate::logistic::ffi::{avocet_logistic_targets, load_targets};
use std::ffi::CStr;

/// FTRL-proximal (McMahan et al., KDD 2013), per coordinate z and n, alpha = `rate`:
/// `w = 0 if |z| <= l1, else -(z - sign(z) l1) / ((beta + sqrt(n)) / alpha + l2)`,
/// `sigma = (sqrt(n + g^2) - sqrt(n)) / alpha`, `z = z + g - sigma w`, `n = n + g^2`.
///
/// Order: `w = alpha (|z| - l1) / ((sqrt(n) + beta) + alpha l2)` with the sign of -z, the product `alpha l2` rounded
/// once; `n' = fma(g, g, n)`; `z = (z + g) - ((sqrt(n') - sqrt(n)) * (1 / alpha)) * w`, the quotient rounded once.
pub const AVOCET_OPTIMISER_FTRL: i32 = 0;
/// Adagrad (Duchi, Hazan and Singer, JMLR 2011), per coordinate w and n:
/// `n = n + g^2`, `w = w - rate (g + l2 w) / (sqrt(n) + epsilon)`.
///
/// Order: `fma(g, g, n)`; `w - rate * (fma(l2, w, g) / (sqrt(n) + epsilon))`.
pub const AVOCET_OPTIMISER_ADAGRAD: i32 = 1;
/// Gradient descent: `w = w - rate (g + l2 w)`. Order: `w - rate * fma(l2, w, g)`.
pub const AVOCET_OPTIMISER_SGD: i32 = 2;

/// Options of `avocet_sparse_model_create`. Zeros are the defaults, but for the features.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_sparse_model_options {
    /// `sizeof(avocet_sparse_model_options)`.
    pub struct_size: usize,
    /// The number of features, 1 to 2^28.
    pub features: usize,
    /// How the model learns: `AVOCET_OPTIMISER_*`, by default FTRL.
    pub optimiser: i32,
    /// 1 for a model with an intercept, which has no penalties; else 0.
    pub intercept: i32,
    /// Learning rate (alpha in FTRL), above 0; by default .1.
    pub rate: f32,
    /// FTRL: holds back the rate of new coordinates, at least 0; by default 1. 1e-38f has the effect of a zero.
    pub beta: f32,
    /// FTRL: L1 penalty, at least 0; weights with little evidence are exactly 0.
    pub l1: f32,
    /// L2 penalty, at least 0. In Adagrad and SGD it decays a coordinate only when it is stepped.
    pub l2: f32,
    /// Adagrad: above 0; by default 1e-8.
    pub epsilon: f32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 8, 8 * 4 bytes); numbers only.
unsafe impl Growing for avocet_sparse_model_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c"options.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

impl avocet_sparse_model_options {
    /// The optimiser, with defaults filled in.
    fn optimiser(&self) -> Result<Optimiser, Error> {
        let given_or = |given: f32, default: f32| if given == 0.0 { default } else { given };
        let rate = given_or(self.rate, 0.1);
        let ftrl = Optimiser::Ftrl { alpha: rate, beta: given_or(self.beta, 1.0), l1: self.l1, l2: self.l2 };
        let adagrad = Optimiser::Adagrad { rate, epsilon: given_or(self.epsilon, 1e-8), l2: self.l2 };
        let sgd = Optimiser::Sgd { rate, l2: self.l2 };
        let known =
            [(AVOCET_OPTIMISER_FTRL, ftrl), (AVOCET_OPTIMISER_ADAGRAD, adagrad), (AVOCET_OPTIMISER_SGD, sgd)];
        one_of(&known, self.optimiser, c"options.optimiser")
    }
}

/// A logistic regression over sparse, usually hashed, features, with the state of its optimiser: 8 bytes a feature. Made
/// by `avocet_sparse_model_create` or `avocet_sparse_model_load`. Any number of threads may use one at once, but for
/// `avocet_sparse_model_learn`, which must have it alone. Its state is always finite.
pub struct avocet_sparse_model(SparseModel);

/// Makes a model whose weights are zeros and stores it in `*out`.
///
/// Errors: INVALID_ARGUMENT (no features, optimiser, flag, a number that is not in its range, reserved, alignment),
/// NOT_FINITE, SIZE_OVERFLOW (more than 2^28 features), NULL_POINTER, STRUCT_SIZE, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_create(
    options: *const avocet_sparse_model_options,
    out: *mut *mut avocet_sparse_model,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let options = load_growing(options, c"options")?;
            let out = Memory::<1>::new().write_one(out, c"out")?;
            let intercept = flag(options.intercept, c"options.intercept")?;
            let model = SparseModel::new(options.features, intercept, options.optimiser()?)?;
            *out = allocate(avocet_sparse_model(model))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![options, out], call) }
}

/// Frees a model. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_destroy(model: *mut avocet_sparse_model) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(model) }
}

/// The number of features of a model, without the intercept; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_features(model: *const avocet_sparse_model) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { model.as_ref() }.map_or(0, |model| model.0.features())
}

/// The weight of a model's intercept; 0 if it has none, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_intercept(model: *const avocet_sparse_model) -> f32 {
    // SAFETY: the caller vouches for the arguments.
    unsafe { model.as_ref() }.and_then(|model| model.0.intercept()).unwrap_or(0.0)
}

/// The logit of each row: the sum over its entries of weight times value, plus the intercept, plus its margin.
///
/// Shapes: `csr.cols` is `avocet_sparse_model_features(model)`, its indices are the features of each row; one that a row
/// has twice counts twice. `values` holds one f32 for each index; NULL stands for ones. `margins` holds one for each
/// row, where its logit starts; NULL stands for zeros. Both are finite. `logits` holds one for each row.
///
/// Order: the sum in LANES16 over the entries of the row; then the intercept is added, then the margin. Each row stands
/// alone. NaN results, which only overflow can make, are canonical. Threads: rows are shared among the pool's threads;
/// nothing is allocated. Time: a pass to check, and one random access an entry.
///
/// Errors, before `logits` is touched: SHAPE_MISMATCH (`csr.cols`), INVALID_OFFSETS and INDEX_OUT_OF_RANGE with the first
/// bad position and its value, NOT_FINITE (a value, a margin, likewise), INVALID_ARGUMENT (type, alignment),
/// NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_predict(
    model: *const avocet_sparse_model,
    csr: *const avocet_csr,
    values: *const f32,
    margins: *const f32,
    logits: *mut f32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<5>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let model = &handle(model, c"model")?.0;
            let rows = sparse_rows(&mut memory, csr, values, margins)?;
            let logits = memory.write(logits, rows.csr.rows, c"logits")?;
            model.predict(rows, logits, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![model, csr, values, margins, logits, pool], call) }
}

/// Learns from the rows in their order, `minibatch` rows at a time (1 is online learning; the last may have fewer).
///
/// Each minibatch: the logits of its rows by the weights as they are, as `avocet_sparse_model_predict`; the gradient g of
/// each coordinate by the loss of `avocet_logistic_pointwise`, summed over the rows (a weight of 2 is the row twice, of
/// 0 the row absent); one step of `AVOCET_OPTIMISER_*` of each coordinate whose g is not 0. The others stay as they are.
/// `logits`, if not NULL, receives the logits: predictions of rows that the model has not seen (progressive validation).
///
/// Shapes: `csr`, `values`, `margins` as in `avocet_sparse_model_predict`; `targets` and `logits` hold one value for each
/// row. Weights and coefficients are finite and, unless `signed_weights` is 1, not negative; labels are in [0, 1].
///
/// Order: the slope of a row as the gradient of `avocet_logistic_pointwise`; g starts at +0, and slope times value is
/// added to it, both rounded, entry by entry; the intercept's likewise, row by row; the step as its formula says. Sums of
/// squares stop at the greatest f32. Threads: the calling one. Workspace: 24 bytes for each entry and 8 for each row of
/// the largest minibatch. Time: a pass to check, and one random access an entry.
///
/// Errors, before anything is learnt or written: SHAPE_MISMATCH (`csr.cols`), INVALID_OFFSETS and INDEX_OUT_OF_RANGE with
/// the first bad position and its value, NOT_FINITE and INVALID_ARGUMENT (a value, a margin, a target, likewise),
/// INVALID_ARGUMENT (a `minibatch` of 0; flag, type, alignment; labels or weights beside coefficients), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL. On the way NOT_FINITE (`csr`, position: the first row of the
/// first minibatch that would leave the range of f32): the rows before it have been learnt then, it and the rows after
/// it have not, and their logits are unspecified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_learn(
    model: *mut avocet_sparse_model,
    csr: *const avocet_csr,
    values: *const f32,
    margins: *const f32,
    targets: *const avocet_logistic_targets,
    minibatch: usize,
    logits: *mut f32,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<7>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let model = &mut handle_mut(model, c"model")?.0;
            let rows = sparse_rows(&mut memory, csr, values, margins)?;
            let (targets, signed) = load_targets(&mut memory, targets, rows.csr.rows)?;
            let logits = memory.write_optional(logits, rows.csr.rows, c"logits")?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            model.learn(rows, targets, signed, minibatch, logits, workspace)
        }
    };
    let names = names![model, csr, values, margins, targets, minibatch, logits, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// Writes the weight of each feature to `out`, which holds `len` f32; `len` must be the number of features.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_weights(
    model: *const avocet_sparse_model,
    out: *mut f32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let model = &handle(model, c"model")?.0;
            check_len::<f32>(len, c"len")?;
            crate::error::check_size(len, model.features(), c"len")?;
            model.weights(Memory::<1>::new().write(out, len, c"out")?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![model, out, len], call) }
}

/// The number of features whose weight is not 0; 0 for NULL. Time: one pass over the state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_nonzeros(model: *const avocet_sparse_model) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { model.as_ref() }.map_or(0, |model| model.0.nonzeros())
}

/// Writes the features whose weight is not 0, in ascending order, and their weights. Both arrays hold `len` values; `len`
/// must be `avocet_sparse_model_nonzeros(model)`. Time: two passes over the state.
///
/// Errors, before anything is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_nonzero(
    model: *const avocet_sparse_model,
    features: *mut u32,
    weights: *mut f32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let model = &handle(model, c"model")?.0;
            check_len::<f32>(len, c"len")?;
            let features = memory.write(features, len, c"features")?;
            let weights = memory.write(weights, len, c"weights")?;
            model.nonzero(features, weights).map_err(|error| error.about(c"len"))
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![model, features, weights, len], call) }
}

/// The number of bytes that `avocet_sparse_model_save` writes: 60, and 12 for each feature that has been learnt; 0 for
/// NULL. Time: one pass over the state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_saved_bytes(model: *const avocet_sparse_model) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { model.as_ref() }.map_or(0, |model| model.0.saved_bytes())
}

/// Writes a model with the state of its optimiser to `bytes`: little-endian, versioned, with a checksum, the same bytes
/// for the same model everywhere. `len` must be `avocet_sparse_model_saved_bytes(model)`. Time: passes over the state.
///
/// Errors, before `bytes` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_save(
    model: *const avocet_sparse_model,
    bytes: *mut u8,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let model = &handle(model, c"model")?.0;
            check_len::<u8>(len, c"len")?;
            let bytes = Memory::<1>::new().write(bytes, len, c"bytes")?;
            model.save(bytes).map_err(|error| error.about(c"len"))
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![model, bytes, len], call) }
}

/// Makes the model that `avocet_sparse_model_save` wrote to `len` bytes and stores it in `*out`; it goes on bit for bit.
///
/// Errors: SHAPE_MISMATCH (bytes that end too early or too late), INVALID_ARGUMENT (bytes that were not saved so, found
/// by the checksum or by what they say, with the position of the bad field; alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`), OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_model_load(
    bytes: *const u8,
    len: usize,
    out: *mut *mut avocet_sparse_model,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<u8>(len, c"len")?;
            let bytes = memory.read(bytes, len, c"bytes")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_sparse_model(SparseModel::load(bytes)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![bytes, len, out], call) }
}

/// The rows of a call.
///
/// # Safety
/// As [`Memory::csr`] and [`Memory::read`].
unsafe fn sparse_rows<'a, const N: usize>(
    memory: &mut Memory<N>,
    csr: *const avocet_csr,
    values: *const f32,
    margins: *const f32,
) -> Result<SparseRows<'a>, Error> {
    // SAFETY: as this function.
    unsafe {
        let csr = memory.csr(csr)?;
        let values = memory.read_optional(values, csr.indices.len(), c"values")?;
        let margins = memory.read_optional(margins, csr.rows, c"margins")?;
        Ok(SparseRows { csr, values, margins })
    }
}
