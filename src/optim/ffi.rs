//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Adam, adagrad_rows, adam};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Growing, Memory, check_len, index_names, load_options, matrix_names};
use crate::ffi::views::{avocet_indices, avocet_matrix, avocet_matrix_mut};
use std::ffi::CStr;

/// Options of `avocet_adam`. Zeros are the defaults; 1e-38f has the effect of a zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_adam_options {
    /// `sizeof(avocet_adam_options)`.
    pub struct_size: usize,
    /// Decay of the first moment, below 1; by default 0.9.
    pub beta1: f32,
    /// Decay of the second moment, below 1; by default 0.999.
    pub beta2: f32,
    /// Added to the root of the second moment; by default 1e-8.
    pub epsilon: f32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (8, 4 * 4 bytes); numbers only.
unsafe impl Growing for avocet_adam_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c"options.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// One step of Adam (Kingma and Ba, ICLR 2015) on each parameter, with g its gradient:
///
/// `m = beta1 m + (1 - beta1) g`,
/// `v = beta2 v + (1 - beta2) g^2`,
/// `p = p - rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon)`
///
/// Shapes: the four arrays (p, g, m and v) hold `len` f32. `rate` is finite; `step` is the number of this step, from
/// 1; moments start as zeros. `options` may be NULL. Order: `m` and `v` are `fma(beta, old, (1 - beta) * new)`; the
/// two corrections are computed in f64 and rounded once; `p` is `p - rate' * (m / fma(sqrt(v), correction, epsilon))`.
/// NaN results are canonical. Threads: parameters are shared among the pool's threads; nothing is allocated. Time:
/// linear.
///
/// Errors, before anything is touched: NOT_FINITE, INVALID_ARGUMENT (a number that is not in its range, alignment),
/// NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP, STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_adam(
    rate: f32,
    step: u64,
    options: *const avocet_adam_options,
    parameters: *mut f32,
    gradient: *const f32,
    first_moment: *mut f32,
    second_moment: *mut f32,
    len: usize,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let options = load_options(options, c"options")?;
            let defaults = Adam::new(rate, step);
            let given_or = |given: f32, default: f32| if given == 0.0 { default } else { given };
            let options = Adam {
                beta1: given_or(options.beta1, defaults.beta1),
                beta2: given_or(options.beta2, defaults.beta2),
                epsilon: given_or(options.epsilon, defaults.epsilon),
                ..defaults
            };
            check_len::<f32>(len, c"len")?;
            let parameters = memory.write(parameters, len, c"parameters")?;
            let gradient = memory.read(gradient, len, c"gradient")?;
            let first_moment = memory.write(first_moment, len, c"first_moment")?;
            let second_moment = memory.write(second_moment, len, c"second_moment")?;
            adam(options, parameters, gradient, first_moment, second_moment, threads(pool)?)
                .map_err(|error| error.renamed(c"options.rate", c"rate"))
                .map_err(|error| error.renamed(c"options.step", c"step"))
        }
    };
    let names = names![rate, step, options, parameters, gradient, first_moment, second_moment, len, pool];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}

/// One step of Adagrad (Duchi, Hazan and Singer, JMLR 2011) on the rows of a table that a batch touched, with g the
/// gradient of a row:
///
/// `squares = squares + g^2`,
/// `table = table - rate * g / (sqrt(squares) + epsilon)`
///
/// Other rows are not read. Shapes: `table` and `squares` are `n x d`; `rows` holds r row numbers in strictly
/// ascending order, `gradient` is `r x d`. `rate` is finite, `epsilon` at least 0 (0 is taken as it is). Order:
/// `fma(g, g, squares)`; `table - rate * (g / (sqrt(squares) + epsilon))`. An `epsilon` of 0 gives NaN where `g` and
/// `squares` are both 0. NaN results are canonical. Threads: rows are shared among the pool's threads; nothing is
/// allocated. Time: linear in r * d.
///
/// Errors, before anything is touched: INDEX_OUT_OF_RANGE or NOT_SORTED with the first bad position of `rows` and its
/// value, SHAPE_MISMATCH, NOT_FINITE, INVALID_ARGUMENT (a number that is not in its range, type, alignment),
/// NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_adagrad_rows(
    rate: f32,
    epsilon: f32,
    rows: *const avocet_indices,
    gradient: *const avocet_matrix,
    table: *const avocet_matrix_mut,
    squares: *const avocet_matrix_mut,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let rows = memory.indices(rows, index_names!("rows"))?;
            let gradient = memory.matrix(gradient, matrix_names!("gradient"))?;
            let table = memory.matrix_mut(table, matrix_names!("table"))?;
            let squares = memory.matrix_mut(squares, matrix_names!("squares"))?;
            adagrad_rows(rate, epsilon, rows, gradient, table, squares, threads(pool)?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rate, epsilon, rows, gradient, table, squares, pool], call) }
}
