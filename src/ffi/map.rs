//! The C entry point of [`crate::map()`].

use super::error::{avocet_error, avocet_status};
use super::guard::{guard, names};
use super::handles::{avocet_pool, threads};
use super::memory::{Memory, check_len, one_of};
use crate::map::map;
use crate::simd::math::Function;

/// `e^x`; 1.0 ULP.
pub const AVOCET_FUNCTION_EXP: i32 = 0;
/// Natural logarithm; -inf at 0, NaN below; 0.9 ULP.
pub const AVOCET_FUNCTION_LOG: i32 = 1;
/// `log(1 + x)`; -inf at -1, NaN below; 0.9 ULP.
pub const AVOCET_FUNCTION_LOG1P: i32 = 2;
/// `1 / (1 + e^-x)`; 1.7 ULP, without cancellation or underflow to 0 before the subnormals end.
pub const AVOCET_FUNCTION_SIGMOID: i32 = 3;
/// `log(1 + e^x)`; 1.7 ULP, `x` itself for large `x`, `e^x` for very negative `x`.
pub const AVOCET_FUNCTION_SOFTPLUS: i32 = 4;
/// Hyperbolic tangent; 1.4 ULP.
pub const AVOCET_FUNCTION_TANH: i32 = 5;

const FUNCTIONS: [(i32, Function); 6] = [
    (AVOCET_FUNCTION_EXP, Function::Exp),
    (AVOCET_FUNCTION_LOG, Function::Log),
    (AVOCET_FUNCTION_LOG1P, Function::Log1p),
    (AVOCET_FUNCTION_SIGMOID, Function::Sigmoid),
    (AVOCET_FUNCTION_SOFTPLUS, Function::Softplus),
    (AVOCET_FUNCTION_TANH, Function::Tanh),
];

/// `out[i] = f(x[i])` with one of the library's own functions, `AVOCET_FUNCTION_*`.
///
/// Shapes: `x` and `out` hold `len` f32 and must not overlap. Accuracy: with each constant, in units in the last place
/// against the exact value, over all finite inputs. Order: each element stands alone. NaN gives NaN; infinities give
/// the function's limits; subnormals are exact as any other value. Threads: elements are shared among the pool's
/// threads; nothing is allocated. Time: linear.
///
/// Errors: INVALID_ARGUMENT (unknown function, alignment), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_map(
    function: i32,
    x: *const f32,
    out: *mut f32,
    len: usize,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let function = one_of(&FUNCTIONS, function, c"function")?;
        check_len::<f32>(len, c"len")?;
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        let (x, out, pool) =
            unsafe { (memory.read(x, len, c"x")?, memory.write(out, len, c"out")?, threads(pool)?) };
        map(function, x, out, pool)
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![function, x, out, len, pool], call) }
}
