//! Functions applied to each value of an array.

use crate::error::{Error, check_size};
use crate::pool::{self, Pool};
use crate::simd::dispatch::kernels;
use crate::simd::math::Function;

/// `out[i] = function(x[i])`: the library's own exp, log, sigmoid and so on, the same bits on every machine.
///
/// Error bounds: see [`Function`]. Both slices have one length. NaN results are canonical. Threads: values are
/// shared among the pool's threads; nothing is allocated.
pub fn map(function: Function, x: &[f32], out: &mut [f32], pool: Option<&Pool>) -> Result<(), Error> {
    check_size(out.len(), x.len(), c"out")?;
    let kernels = kernels();
    let parts = pool::parts(pool, x.len());
    pool::for_rows(pool, parts, 0..x.len(), pool::even, out, &mut [], |range, out, _| {
        kernels.map(function, &x[range], out);
    });
    Ok(())
}
