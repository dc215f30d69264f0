//! C entry points of passes over rows, and of training to the minimum.

#![allow(unsafe_code, non_camel_case_types)]

use super::{BatchRows, Features, batch};
use crate::error::{Error, Status, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{
    Growing, Memory, allocate, check_len, flag, free, handle, handle_mut, load_growing, matrix_names,
};
use crate::ffi::views::{avocet_csr, avocet_matrix};
use crate::logistic::ffi::{avocet_logistic_targets, load_targets};
use crate::logistic::{BatchOut, FitOptions, Outcome, PreparedRows, Product, fit};
use std::ffi::CStr;

/// Sparse rows for many calls: checked, copied (4 bytes an entry, 4 more with values, 8 a row) and with the features that
/// occur renumbered by how often they do, so that most accesses of a pass share few cache lines. Results are bit for bit
/// those of the rows as they were. Made by `avocet_sparse_rows_create`; never changes, so any number of threads may use one
/// at once.
pub struct avocet_sparse_rows(PreparedRows);

/// Checks and copies sparse rows, and stores them in `*out`. `values` holds one f32 for each index, finite; NULL stands
/// for ones. Time: linear, with 12 bytes of memory for each 64 columns on the way.
///
/// Errors: SIZE_OVERFLOW (columns, rows or entries not below 2^32, more than 2^28 features that occur, or sizes that no
/// array can have), INVALID_OFFSETS and INDEX_OUT_OF_RANGE with the first bad position and its value, NOT_FINITE
/// (`values`, likewise), INVALID_ARGUMENT (type, alignment), NULL_POINTER, OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_rows_create(
    csr: *const avocet_csr,
    values: *const f32,
    out: *mut *mut avocet_sparse_rows,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let csr = memory.csr(csr)?;
            let values = memory.read_optional(values, csr.indices.len(), c"values")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_sparse_rows(PreparedRows::new(csr, values)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![csr, values, out], call) }
}

/// Frees sparse rows. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_rows_destroy(rows: *mut avocet_sparse_rows) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(rows) }
}

/// The number of rows; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_rows_count(rows: *const avocet_sparse_rows) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { rows.as_ref() }.map_or(0, |rows| rows.0.rows())
}

/// The number of columns, of which not all need occur; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_rows_columns(rows: *const avocet_sparse_rows) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { rows.as_ref() }.map_or(0, |rows| rows.0.cols())
}

/// The number of features that occur: columns that have an entry; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_rows_feature_count(rows: *const avocet_sparse_rows) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { rows.as_ref() }.map_or(0, |rows| rows.0.features().len())
}

/// Writes the features that occur, ascending, to `features`, which holds `len` values; `len` must be
/// `avocet_sparse_rows_feature_count(rows)`.
///
/// Errors, before `features` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_sparse_rows_features(
    rows: *const avocet_sparse_rows,
    features: *mut u32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let rows = &handle(rows, c"rows")?.0;
            check_len::<u32>(len, c"len")?;
            check_size(len, rows.features().len(), c"len")?;
            Memory::<1>::new().write(features, len, c"features")?.copy_from_slice(rows.features());
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rows, features, len], call) }
}

/// The rows and the model of `avocet_logistic_batch`: exactly one of `x`, `csr` and `prepared` is not NULL. `n` is the number
/// of rows, `d` the number of columns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_logistic_rows {
    /// `sizeof(avocet_logistic_rows)`.
    pub struct_size: usize,
    /// Dense features: `AVOCET_F32`, `AVOCET_F16` or `AVOCET_BF16`.
    pub x: *const avocet_matrix,
    /// Sparse features, which every call checks. A column that a row has twice counts as two columns of one weight: its
    /// curvature is `h (v^2 + u^2)` for the values v and u.
    pub csr: *const avocet_csr,
    /// With `csr`: the value of each entry, finite. NULL stands for ones.
    pub values: *const f32,
    /// Sparse features that were checked once.
    pub prepared: *const avocet_sparse_rows,
    /// Added to each margin, `n` values. NULL stands for zeros.
    pub offsets: *const f32,
    /// Weights of the features, `d` values.
    pub weights: *const f32,
    /// Added to every margin.
    pub intercept: f32,
    /// With `prepared`: 1 if weights, and all vectors that go in or come out, have one value for each of
    /// `avocet_sparse_rows_features` in place of `d`; else 0. A gradient is then sorted pairs of features and values.
    pub compact: i32,
}

// SAFETY: no padding (8, 6 * 8, 2 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_logistic_rows {
    const NAMES: [&'static CStr; 2] = [c"rows.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

impl avocet_logistic_rows {
    /// The features, and the length of their vectors.
    ///
    /// # Safety
    /// Pointers are NULL or as for [`Memory::any_matrix`], [`Memory::csr`], [`Memory::read`] and [`handle`].
    unsafe fn features<'a, const N: usize>(
        &self,
        memory: &mut Memory<N>,
    ) -> Result<(Features<'a>, usize), Error> {
        let compact = flag(self.compact, c"rows.compact")?;
        let given = [self.x.is_null(), self.csr.is_null(), self.prepared.is_null()];
        match given.iter().filter(|&&absent| !absent).count() {
            0 => return Err(Error::new(Status::NullPointer, c"rows.x")),
            1 => {}
            // The last one that is given.
            _ if self.prepared.is_null() => return Err(Error::new(Status::InvalidArgument, c"rows.csr")),
            _ => return Err(Error::new(Status::InvalidArgument, c"rows.prepared")),
        }
        if self.csr.is_null() && !self.values.is_null() {
            return Err(Error::new(Status::InvalidArgument, c"rows.values"));
        }
        if self.prepared.is_null() && compact {
            return Err(Error::new(Status::InvalidArgument, c"rows.compact").size(1));
        }
        // SAFETY: as this function.
        let features = unsafe {
            if !self.x.is_null() {
                Features::Dense(memory.any_matrix(self.x, matrix_names!("rows.x"))?)
            } else if !self.csr.is_null() {
                let csr = memory.csr(self.csr)?;
                Features::Sparse {
                    csr,
                    values: memory.read_optional(self.values, csr.indices.len(), c"rows.values")?,
                }
            } else {
                Features::Prepared(&handle(self.prepared, c"rows.prepared")?.0)
            }
        };
        let len = match features {
            Features::Prepared(rows) if compact => rows.features().len(),
            _ => features.cols(),
        };
        check_len::<f32>(features.rows(), c"rows")?;
        check_len::<f32>(len, c"rows")?;
        Ok((features, len))
    }
}

/// What `avocet_logistic_batch` writes. NULL for what is not wanted.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_logistic_out {
    /// `sizeof(avocet_logistic_out)`.
    pub struct_size: usize,
    /// The margin of each row, its logit; `n` values.
    pub margins: *mut f32,
    /// The gradient by the weights; `d` values.
    pub gradient: *mut f32,
    /// The diagonal of the Hessian; `d` values.
    pub curvature: *mut f32,
    /// The Hessian times the vector `(along, along_intercept)`; `d` values.
    pub product: *mut f32,
    /// The vector's part for the weights, `d` values; needed only with `product`.
    pub along: *const f32,
    /// The vector's part for the intercept.
    pub along_intercept: f32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 5 * 8, 2 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_logistic_out {
    const NAMES: [&'static CStr; 2] = [c"out.struct_size", c"out.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// The sums of `avocet_logistic_batch` that are single numbers; those by the intercept are 0 where the output that they
/// belong to is not wanted. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_logistic_sums {
    /// The sum of the losses.
    pub loss: f64,
    /// The gradient by the intercept.
    pub gradient: f64,
    /// The second derivative by the intercept.
    pub curvature: f64,
    /// The part of the Hessian-vector product for the intercept.
    pub product: f64,
}

/// Logistic regression over rows of any kind, reading them once: any of margins, gradient, diagonal curvature and
/// Hessian-vector product, and the sum of the losses, of the margins `m = x . weights + intercept + offset`:
///
/// `loss = sum of a softplus(-m) + b softplus(m)`,
/// `gradient = sum of (b sigmoid(m) - a sigmoid(-m)) x`,
/// `curvature = sum of h x^2` with `h = (a + b) sigmoid(m) sigmoid(-m)`,
/// `product = sum of h (x . along + along_intercept) x`.
///
/// The penalty of a regularised model is the caller's to add. Shapes: with the fields; `targets`, as in
/// `avocet_logistic_pointwise`, hold `n` values each, and may be NULL where only margins are wanted; `sums` may be NULL.
///
/// Order of a margin: the dot in LANES16 over the columns or the entries of the row (the sum where values are absent), then
/// `+ intercept`, then `+ offset`. Single numbers are summed as in `avocet_logistic_pointwise`.
///
/// Dense rows: elements of 16 bits are widened exactly, results are those of the f32 matrix of the same values. Sums over
/// rows in leaves of 1024, each one fma chain from +0 for each column, added by the fixed tree. NaN results are
/// canonical; infinite margins give the limits of `avocet_logistic_pointwise`.
///
/// Sparse rows: sums over rows are exact sums of integers, so that neither the order of the rows nor any split of them
/// matters. A term, the product in f64 of factor and value (or squared value), is rounded to the nearest multiple of 2^-e,
/// ties to even; `e = min(62 - bits(entries), 50) - bound`, with bits() the number of binary digits and `2^bound` at least
/// every term: the product of the powers of two from the greatest `|a| + |b|` and from the greatest value on (for the
/// curvature half of the first and the square of the second; for the product also from `longest row * greatest value *
/// greatest |along| + |along_intercept|` on). A sum is rounded to f64 and then to f32. With 2^26 entries a term is within
/// 2^-36 of the greatest possible one. Infinite margins give the limits; a row with a factor that is NaN or infinite is
/// refused.
///
/// Threads: leaves are shared among the pool's threads. Workspace: 40 bytes for each leaf, and of dense rows one sum of each
/// vector that is wanted for each part of the work and level of the tree; of sparse rows for each part (one for each
/// thread, up to a power of two) 8 bytes for each column and vector that is wanted and 8 more for each
/// column, in records of a power of two (2^28 columns as they come take 4 GiB a thread: prepare such rows); of prepared rows
/// 4 bytes for each feature and vector that is read. Time: dense,
/// n * d fused operations for the margins and for each vector; sparse, two random accesses an entry, in fewer cache lines
/// if prepared, and a pass to check, unless prepared.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (`targets`: the first value out of range, with its position), of sparse rows
/// NOT_FINITE (`rows.weights`: the first row with a factor that is not finite); these are found on the way, so margins
/// are unspecified then, everything else as it was. Before anything is touched: SHAPE_MISMATCH (`stride`),
/// INVALID_OFFSETS and INDEX_OUT_OF_RANGE with the first bad position and its value, NOT_FINITE (`values`, and of sparse
/// rows `along`, likewise), INVALID_ARGUMENT (flag, type, alignment; more than one kind of features, `values` without
/// `csr`, `compact` without `prepared`; labels or weights beside coefficients), NULL_POINTER, SIZE_OVERFLOW (also more
/// than 2^28 columns of sparse rows, unless prepared), OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_logistic_batch(
    rows: *const avocet_logistic_rows,
    targets: *const avocet_logistic_targets,
    out: *const avocet_logistic_out,
    sums: *mut avocet_logistic_sums,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<13>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let rows = load_growing(rows, c"rows")?;
            let (features, d) = rows.features(&mut memory)?;
            let n = features.rows();
            let rows = BatchRows {
                features,
                offsets: memory.read_optional(rows.offsets, n, c"rows.offsets")?,
                weights: memory.read(rows.weights, d, c"rows.weights")?,
                intercept: rows.intercept,
            };
            let (targets, signed) = if targets.is_null() {
                (None, false)
            } else {
                let (targets, signed) = load_targets(&mut memory, targets, n)?;
                (Some(targets), signed)
            };
            let out = load_growing(out, c"out")?;
            let margins = wanted(&mut memory, out.margins, n, c"out.margins")?;
            let gradient = wanted(&mut memory, out.gradient, d, c"out.gradient")?;
            let curvature = wanted(&mut memory, out.curvature, d, c"out.curvature")?;
            let product = match wanted(&mut memory, out.product, d, c"out.product")? {
                Some(product) => Some(Product {
                    along: memory.read(out.along, d, c"out.along")?,
                    along_intercept: out.along_intercept,
                    out: product,
                }),
                None => None,
            };
            let sums = memory.write_optional(sums, 1, c"sums")?;
            let pool = threads(pool)?;
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            let out = BatchOut { margins, gradient, curvature, product };
            let found = batch(rows, targets, signed, out, pool, workspace)?;
            if let Some(sums) = sums {
                sums[0] = avocet_logistic_sums {
                    loss: found.loss,
                    gradient: found.gradient,
                    curvature: found.curvature,
                    product: found.product,
                };
            }
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rows, targets, out, sums, pool, workspace], || call().map_err(of_rows)) }
}

/// No derivative is above the tolerance.
pub const AVOCET_FIT_CONVERGED: i32 = 0;
/// After as many iterations as allowed.
pub const AVOCET_FIT_ITERATIONS: i32 = 1;
/// No step lowers the loss any more by what f32 can show.
pub const AVOCET_FIT_STALLED: i32 = 2;

/// How `avocet_logistic_fit` works. Zeros are the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_logistic_fit_options {
    /// `sizeof(avocet_logistic_fit_options)`.
    pub struct_size: usize,
    /// The most steps; by default 200.
    pub iterations: usize,
    /// Steps that the approximation of the Hessian remembers, 1 to 64; by default 10.
    pub history: usize,
    /// The penalty `l2 / 2 * |weights|^2`, beside the sum of the rows' losses; at least 0. The intercept has none.
    pub l2: f32,
    /// Ends when no derivative is above so much of the sum of all `|a| + |b|`; at least 0, by default 1e-5. 1e-38f has the
    /// effect of a zero.
    pub tolerance: f32,
    /// 1 to leave the intercept as it is; 0 to learn it.
    pub fixed_intercept: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (3 * 8, 4 * 4 bytes); numbers only.
unsafe impl Growing for avocet_logistic_fit_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c"options.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

impl avocet_logistic_fit_options {
    /// The options, with defaults filled in.
    fn filled(&self) -> Result<FitOptions, Error> {
        let usual = FitOptions::default();
        let count_or = |given: usize, default: usize| if given == 0 { default } else { given };
        Ok(FitOptions {
            l2: self.l2,
            intercept: !flag(self.fixed_intercept, c"options.fixed_intercept")?,
            tolerance: if self.tolerance == 0.0 { usual.tolerance } else { self.tolerance },
            iterations: count_or(self.iterations, usual.iterations),
            history: count_or(self.history, usual.history),
        })
    }
}

/// What `avocet_logistic_fit` reached. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_logistic_fit_result {
    /// The loss with the penalty.
    pub loss: f64,
    /// The greatest magnitude of a derivative, divided by the sum of all `|a| + |b|`.
    pub gradient: f64,
    /// Steps taken.
    pub iterations: usize,
    /// Passes over the rows.
    pub passes: usize,
    /// Why it ended: `AVOCET_FIT_*`.
    pub outcome: i32,
    /// 0.
    pub reserved: i32,
}

/// Finds the weights, and the intercept, that minimise `sum of losses + l2 / 2 * |weights|^2` by L-BFGS.
///
/// Shapes: rows and targets as in `avocet_logistic_batch`; it starts from `rows->weights` (zeros for NULL) and
/// `rows->intercept`. `weights` holds `d` values, or one for each of `avocet_sparse_rows_features` if `rows->compact` is 1;
/// `result` may be NULL. To go on from earlier weights, start from a copy of them. Sparse rows should be prepared: every
/// pass over others checks them anew.
///
/// Method: L-BFGS (Liu and Nocedal, Mathematical Programming 1989) in two loops. What stands for the first Hessian is the
/// diagonal of the true one at the start, scaled by the last step as usual, so that frequent and rare features, and
/// columns of any size, move at their own rates. The first step has the length that the Hessian along it gives; later ones
/// start at 1. A step must lower the loss as Wolfe's conditions ask, or by what the slopes say where the loss is within
/// 1e-7 of what it was (Hager and Zhang, SIAM Journal on Optimization 2005).
///
/// Order: passes as `avocet_logistic_batch`; vectors in f32, dots in f64 in leaves of 4096 by the fixed tree: the same bits
/// with any pool. Threads: all passes are shared among the pool's threads. Memory: `2 * history + 7` vectors and a workspace
/// of `avocet_logistic_batch`, allocated in the call. Time: some ten to a hundred passes.
///
/// Errors, before anything is touched: those of `avocet_logistic_batch`, without WORKSPACE_TOO_SMALL; NOT_FINITE (also a
/// weight or an intercept to start from, and `rows` whose loss is NaN there), INVALID_ARGUMENT (also an option that is not in its range), OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_logistic_fit(
    rows: *const avocet_logistic_rows,
    targets: *const avocet_logistic_targets,
    options: *const avocet_logistic_fit_options,
    weights: *mut f32,
    intercept: *mut f32,
    result: *mut avocet_logistic_fit_result,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<12>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let rows = load_growing(rows, c"rows")?;
            let (features, d) = rows.features(&mut memory)?;
            let n = features.rows();
            let offsets = memory.read_optional(rows.offsets, n, c"rows.offsets")?;
            let start = memory.read_optional(rows.weights, d, c"rows.weights")?;
            let (targets, signed) = load_targets(&mut memory, targets, n)?;
            let options = load_growing(options, c"options")?.filled()?;
            let weights = memory.write(weights, d, c"weights")?;
            let intercept = memory.write_one(intercept, c"intercept")?;
            let result = memory.write_optional(result, 1, c"result")?;
            let pool = threads(pool)?;
            let mut found = crate::pages::allocate(d, c"weights")?;
            match start {
                Some(start) => found.extend_from_slice(start),
                None => found.resize(d, 0.0),
            }
            let mut last = rows.intercept;
            let reached = fit(features, offsets, targets, signed, options, &mut found, &mut last, pool)
                .map_err(of_fit)?;
            weights.copy_from_slice(&found);
            *intercept = last;
            if let Some(result) = result {
                result[0] = avocet_logistic_fit_result {
                    loss: reached.loss,
                    gradient: reached.gradient,
                    iterations: reached.iterations,
                    passes: reached.passes,
                    outcome: match reached.outcome {
                        Outcome::Converged => AVOCET_FIT_CONVERGED,
                        Outcome::Iterations => AVOCET_FIT_ITERATIONS,
                        Outcome::Stalled => AVOCET_FIT_STALLED,
                    },
                    reserved: 0,
                };
            }
            Ok(())
        }
    };
    let names = names![rows, targets, options, weights, intercept, result, pool];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, || call().map_err(of_rows)) }
}

/// An error of sparse rows, named by their place in `rows`.
fn of_rows(error: Error) -> Error {
    let argument = match error.argument.to_bytes() {
        b"csr" => c"rows.csr",
        b"csr.offsets" => c"rows.csr.offsets",
        b"csr.indices" => c"rows.csr.indices",
        b"csr.offset_type" => c"rows.csr.offset_type",
        b"csr.index_type" => c"rows.csr.index_type",
        b"csr.rows" => c"rows.csr.rows",
        b"csr.cols" => c"rows.csr.cols",
        b"csr.edges" => c"rows.csr.edges",
        _ => error.argument,
    };
    Error { argument, ..error }
}

/// An error of training, named by where the C caller has it.
fn of_fit(error: Error) -> Error {
    let argument = match (error.status, error.argument.to_bytes()) {
        (Status::NotFinite, b"weights") => c"rows.weights",
        (Status::NotFinite, b"intercept") => c"rows.intercept",
        (Status::OutOfMemory, _) => c"weights",
        _ => error.argument,
    };
    Error { argument, ..error }
}

/// An output that is wanted if it is not NULL, of whatever length.
///
/// # Safety
/// As [`Memory::write`].
unsafe fn wanted<'a, const N: usize>(
    memory: &mut Memory<N>,
    data: *mut f32,
    len: usize,
    name: &'static CStr,
) -> Result<Option<&'a mut [f32]>, Error> {
    // SAFETY: as this function.
    if data.is_null() { Ok(None) } else { unsafe { memory.write(data, len, name) }.map(Some) }
}
